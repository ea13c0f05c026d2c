"""Pairs that people choose: by a manager's hand, by a mentor's wish, inside every hard rule; and racing each other."""

import asyncio

import pytest
from support.contract import etag_of, problem

REASON = "Noa and Jukka work on the same prize together."


@pytest.fixture
async def hands(api, world, prepare):
    """A programme with everybody enrolled, open for pairs: `await hands("emil", "maria")` makes one by hand."""

    class Hands:
        def __init__(self, program: str, parts: dict[tuple[str, str], str]) -> None:
            self.program, self.parts = program, parts

        async def __call__(self, mentor: str, mentee: str, who=None, **more: str):
            body = {"mentor_enrollment_id": self.parts[mentor, "mentor"]}
            body |= {"mentee_enrollment_id": self.parts[mentee, "mentee"], **more}
            return await api(who or world.manager).post(f"/v1/programs/{self.program}/pairs", json=body)

        async def wishes(self, mentor: str, *mentees: str) -> None:
            body = {"person_ids": [str(world[key].id) for key in mentees]}
            path = f"/v1/enrollments/{self.parts[mentor, 'mentor']}/wishes"
            answer = await api(world[mentor]).put(path, json=body)
            assert answer.status_code in (200, 204), answer.text

        async def wish(self, mentor: str, mentee: str, who=None):
            path = f"/v1/enrollments/{self.parts[mentor, 'mentor']}/wishes/{world[mentee].id}/offer"
            return await api(who or world[mentor]).post(path)

    program = await prepare([*world.mentors, world["tuomas"]])
    listed = (await api(world.manager).get(f"/v1/programs/{program}/enrollments?limit=100")).json()["items"]
    keys = {str(member.id): member.key for member in world}
    return Hands(program, {(keys[one["person"]["id"]], one["role"]): one["id"] for one in listed})


async def set_rules(api, world, program, **changes):
    manager, path = api(world.manager), f"/v1/programs/{program}"
    found = await manager.get(path)
    settings = found.json()["settings"] | changes
    answer = await manager.patch(path, json={"settings": settings}, headers=etag_of(found))
    assert answer.status_code == 200, answer.text


async def change(api, world, who, **body):
    admin, path = api(world.admin), f"/v1/people/{world[who].id}"
    answer = await admin.patch(path, json=body, headers=etag_of(await admin.get(path)))
    assert answer.status_code == 200, answer.text


def rules(answer):
    return problem(answer, 409, "rule_broken")["params"]["rules"]


async def test_a_pair_made_by_hand_asks_the_mentor_first_with_its_card(api, world, hands, run_jobs):
    answer = await hands("emil", "maria")
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["state"], made["top_exempt"]) == ("asked_mentor", False)
    assert "pair.asked_mentor" in await run_jobs()
    seen = (await api(world["emil"]).get(f"/v1/pairs/{made['id']}")).json()
    assert seen["can"]["accept"]["allowed"]
    assert len(seen["reasons"]) == 8
    assert {"reporting_line", "unknown_line", "same_team", "tenure", "past_partner"} <= set(seen["checks"])
    problem(await api(world["maria"]).get(f"/v1/pairs/{made['id']}"), 404, "not_found")


async def test_the_head_of_everyone_is_exempt_from_far_off_and_the_mentor_is_told(api, world, hands):
    made = (await hands("noa", "astrid")).json()
    assert made["top_exempt"] is True
    assert (await api(world["noa"]).get(f"/v1/pairs/{made['id']}")).json()["top_exempt"] is True
    # nearer than the programme's distance it is no exemption
    found = (await api(world.manager).get(f"/v1/programs/{hands.program}")).json()["settings"]["rules"]
    await set_rules(api, world, hands.program, rules=found | {"top_exempt_distance": 2})
    assert (await api(world["noa"]).get(f"/v1/pairs/{made['id']}")).json()["state"] == "asked_mentor"
    await set_rules(api, world, hands.program, rules=found | {"top_exempt_distance": 9})
    assert (await api(world["noa"]).get(f"/v1/pairs/{made['id']}")).json()["state"] == "suspended_conflict"


@pytest.mark.parametrize(
    ("mentor", "mentee", "broken"),
    [
        ("noa", "olli", ["reporting_line", "same_team"]),
        ("noa", "jukka", ["reporting_line"]),
        ("leo", "maria", ["tenure"]),
        ("tuomas", "maria", ["unknown_line"]),
        ("veera", "maria", ["reporting_line"]),
    ],
)
async def test_every_broken_rule_is_named(api, world, hands, mentor, mentee, broken):
    if mentor == "leo":
        found = (await api(world.manager).get(f"/v1/programs/{hands.program}")).json()["settings"]["rules"]
        await set_rules(api, world, hands.program, rules=found | {"min_tenure_months": 24})
    answer = await hands(mentor, mentee)
    assert sorted(rules(answer)) == broken
    overridable = broken == ["reporting_line"]
    assert problem(answer, 409, "rule_broken")["params"]["overridable"] is overridable
    if not overridable:
        assert sorted(rules(await hands(mentor, mentee, override_reason=REASON))) == broken
    assert (await api(world.manager).get("/v1/pairs")).json()["items"] == []


async def test_places_leaves_and_past_pairs_bind_a_hand_too(api, world, hands, clock, run_jobs):
    clock.freeze("2026-12-01T08:00:00Z")
    first = (await hands("emil", "maria")).json()
    assert rules(await hands("emil", "jukka")) == ["no_place", "reporting_line"]
    assert rules(await hands("noa", "maria")) == ["no_place"]
    await api(world["emil"]).post(f"/v1/pairs/{first['id']}/decline")
    assert rules(await hands("emil", "maria")) == ["no_place", "past_partner"], "a no shows nobody anything"
    clock.advance(days=7)
    await run_jobs(tick=True)
    assert rules(await hands("emil", "maria")) == ["past_partner"]
    await change(api, world, "maria", status="leave")
    assert rules(await hands("noa", "maria")) == ["on_leave"]
    await api(world["noa"]).post(f"/v1/enrollments/{hands.parts['noa', 'mentor']}/pause")
    assert rules(await hands("noa", "erik")) == ["not_looking"]


async def test_after_a_pair_both_rest(api, world, hands, clock):
    clock.freeze("2026-12-01T08:00:00Z")
    path = f"/v1/pairs/{(await hands('emil', 'maria')).json()['id']}"
    for who in ("emil", "maria"):
        await api(world[who]).post(f"{path}/accept")
    await api(world["emil"]).post(f"{path}/end")
    assert rules(await hands("emil", "erik")) == ["not_looking"]
    listed = (await api(world.manager).get(f"/v1/programs/{hands.program}/ineligible")).json()["items"]
    looks = {one["person"]["display_name"]: one["until"] for one in listed if one["reason"] == "not_looking"}
    assert looks == dict.fromkeys(("Emil Ståhl", "Maria Sandell"))
    for who in ("emil", "maria"):
        assert (await api(world[who]).post(f"{path}/rematch")).status_code == 200
    assert rules(await hands("emil", "erik")) == ["resting"]
    assert rules(await hands("noa", "maria")) == ["resting"]
    listed = (await api(world.manager).get(f"/v1/programs/{hands.program}/ineligible")).json()["items"]
    rests = {one["person"]["display_name"]: one["until"] for one in listed if one["reason"] == "resting"}
    assert rests == dict.fromkeys(("Emil Ståhl", "Maria Sandell"), "2026-12-15T08:00:00.000Z")
    clock.advance(days=14)
    assert (await hands("emil", "erik")).status_code == 201
    assert rules(await hands("emil", "maria")) == ["no_place", "past_partner"]


async def test_a_pair_inside_a_line_waits_for_a_second_manager_and_nobody_hears_of_it(
    api, world, hands, run_jobs, databases
):
    await api(world.admin).post(
        "/v1/organization/grants", json={"person_id": str(world["saga"].id), "role": "programme_manager"}
    )
    answer = await hands("noa", "jukka", override_reason=REASON)
    assert answer.status_code == 201, answer.text
    made, path = answer.json(), f"/v1/pairs/{answer.json()['id']}"
    assert (made["state"], made["override"]["reason"]) == ("proposed", REASON)
    for who in ("noa", "jukka"):
        problem(await api(world[who]).get(path), 404, "not_found")
        assert (await api(world[who]).get("/v1/pairs?mine=true")).json()["items"] == []
    assert not [fact for fact in await run_jobs() if fact.startswith("pair.asked")]
    problem(await hands("noa", "jukka", override_reason=REASON), 409, "already_proposed")
    problem(await api(world.manager).post(f"{path}/override/confirm"), 403, "needs_another_manager")
    confirmed = (await api(world["saga"]).post(f"{path}/override/confirm")).json()
    assert confirmed["state"] == "asked_mentor"
    seen = (await api(world["noa"]).get(path)).json()
    assert (seen["override"]["reason"], seen["can"]["accept"]["allowed"]) == (REASON, True)
    await change(api, world, "saga", manager_id=str(world["paivi"].id))
    assert (await api(world["noa"]).post(f"{path}/accept")).json()["state"] == "asked_mentee"
    assert (await api(world["jukka"]).get(path)).json()["override"] is None


async def test_a_proposal_is_checked_again_on_the_day_it_is_confirmed_and_can_be_taken_back(api, world, hands):
    await api(world.admin).post(
        "/v1/organization/grants", json={"person_id": str(world["saga"].id), "role": "programme_manager"}
    )
    path = f"/v1/pairs/{(await hands('noa', 'jukka', override_reason=REASON)).json()['id']}"
    assert (await hands("noa", "maria")).status_code == 201, "a proposal takes no place"
    assert rules(await api(world["saga"]).post(f"{path}/override/confirm")) == ["no_place"]
    assert (await api(world.manager).delete(f"{path}/override")).status_code == 204
    problem(await api(world.manager).get(path), 404, "not_found")


async def test_a_proposal_keeps_nobody_from_being_offered_the_same_pair_once_it_is_in_no_line(
    api, world, prepare, match, suggestions
):
    await api(world.admin).post(
        "/v1/organization/grants", json={"person_id": str(world["saga"].id), "role": "programme_manager"}
    )
    program = await prepare([world["noa"]], [world["jukka"]])
    manager, path = api(world.manager), f"/v1/programs/{program}"
    parts = (await manager.get(f"{path}/enrollments")).json()["items"]
    body = {f"{one['role']}_enrollment_id": one["id"] for one in parts} | {"override_reason": REASON}
    proposed = (await manager.post(f"{path}/pairs", json=body)).json()
    await change(api, world, "noa", manager_id=str(world["paivi"].id))
    await change(api, world, "paivi", manager_id=str(world["maria"].id))
    run = await match(program)
    assert len(await suggestions(run)) == 1
    assert (await manager.post(f"/v1/match-runs/{run}/publish")).status_code == 200
    answer = await api(world["saga"]).post(f"/v1/pairs/{proposed['id']}/override/confirm")
    assert rules(answer) == ["no_place", "past_partner"]


async def test_a_mentor_of_two_rests_after_one_and_stays_paired(api, world, hands):
    await set_rules(api, world, hands.program, mentor_capacity=2)
    emil, own = api(world["emil"]), f"/v1/enrollments/{hands.parts['emil', 'mentor']}"
    answer = await emil.patch(own, json={"capacity": 2}, headers=etag_of(await emil.get(own)))
    assert answer.status_code == 200, answer.text
    paths = [f"/v1/pairs/{(await hands('emil', key)).json()['id']}" for key in ("maria", "erik")]
    for path, key in zip(paths, ("maria", "erik"), strict=True):
        for who in ("emil", key):
            assert (await api(world[who]).post(f"{path}/accept")).status_code == 200
    await emil.post(f"{paths[0]}/end")
    seen = (await api(world.manager).get(own)).json()
    assert (seen["state"], seen["obstacles"]) == ("paired", ["resting"])


async def test_an_override_that_is_not_needed_is_refused(api, world, hands):
    answer = await hands("emil", "maria", override_reason=REASON)
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/override_reason"


async def test_enrollments_of_elsewhere_are_not_paired(api, world, hands, prepare):
    other = await prepare(world.mentors[:1], world.mentees[:1])
    listed = (await api(world.manager).get(f"/v1/programs/{other}/enrollments")).json()["items"]
    foreign = next(one["id"] for one in listed if one["role"] == "mentor")
    for mentor in (foreign, hands.parts["maria", "mentee"]):
        body = {"mentor_enrollment_id": mentor, "mentee_enrollment_id": hands.parts["maria", "mentee"]}
        answer = await api(world.manager).post(f"/v1/programs/{hands.program}/pairs", json=body)
        assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/mentor_enrollment_id"
    problem(await hands("emil", "maria", who=world.admin), 403, "forbidden")
    draft = await prepare(world.mentors[:1], world.mentees[:1], opened=False)
    listed = (await api(world.manager).get(f"/v1/programs/{draft}/enrollments")).json()["items"]
    body = {f"{one['role']}_enrollment_id": one["id"] for one in listed}
    problem(await api(world.manager).post(f"/v1/programs/{draft}/pairs", json=body), 409, "wrong_state")


async def test_two_hands_at_once_make_one_pair(api, world, hands):
    answers = await asyncio.gather(*[hands("emil", mentee) for mentee in ("maria", "maria", "erik")])
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert len((await api(world.manager).get("/v1/pairs")).json()["items"]) == 1


async def test_a_search_published_while_a_hand_reaches_in_gives_each_place_once(api, world, hands, match, suggestions):
    run = await match(hands.program)
    items = await suggestions(run)
    one = next(item for item in items if item["mentor"]["id"] == str(world["emil"].id))
    free = next(key for key in ("maria", "erik") if str(world[key].id) != one["mentee"]["id"])
    publish = api(world.manager).post(f"/v1/match-runs/{run}/publish")
    published, made = await asyncio.gather(publish, hands("emil", free))
    assert sorted((published.status_code, made.status_code)) in ([200, 409], [201, 409])
    pairs = (await api(world.manager).get("/v1/pairs?limit=100")).json()["items"]
    mentors = [pair["mentor"]["id"] for pair in pairs]
    assert mentors.count(str(world["emil"].id)) == 1
    assert len(set(mentors)) == len(mentors)


async def test_the_same_search_published_twice_at_once_asks_everybody_once(api, world, hands, match, suggestions):
    run = await match(hands.program)
    publish = [api(world.manager).post(f"/v1/match-runs/{run}/publish") for _ in range(3)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*publish)) == [200, 409, 409]
    pairs = (await api(world.manager).get("/v1/pairs?limit=100")).json()["items"]
    assert len(pairs) == len(await suggestions(run))


CHOOSING = {"self_chosen": True, "wish_becomes_offer": True}


class TestWishes:
    async def test_a_mentors_wish_is_their_yes_and_asks_the_mentee(self, api, world, hands, run_jobs):
        await set_rules(api, world, hands.program, self_chosen=True)
        await hands.wishes("emil", "maria")
        problem(await hands.wish("emil", "maria"), 409, "wish_makes_no_offer")
        await set_rules(api, world, hands.program, **CHOOSING)
        answer = await hands.wish("emil", "maria")
        assert answer.status_code == 201, answer.text
        assert answer.json()["state"] == "asked_mentee"
        facts = await run_jobs()
        assert ("pair.asked_mentee" in facts, "pair.asked_mentor" in facts) == (True, False)
        path = f"/v1/pairs/{answer.json()['id']}"
        assert (await api(world["maria"]).get(path)).json()["can"]["accept"]["allowed"]
        assert (await api(world["maria"]).post(f"{path}/accept")).json()["state"] == "active"

    async def test_whom_one_did_not_wish_for_is_not_offered(self, api, world, hands):
        await set_rules(api, world, hands.program, **CHOOSING)
        problem(await hands.wish("emil", "maria"), 404, "not_found")
        await hands.wishes("emil", "erik")
        await hands.wishes("noa", "maria")
        problem(await hands.wish("emil", "maria"), 404, "not_found")
        await hands.wishes("noa")
        problem(await hands.wish("noa", "maria"), 404, "not_found")
        assert (await api(world.manager).get("/v1/pairs")).json()["items"] == []

    async def test_a_wish_breaks_no_rule_and_tells_nothing_of_the_other(self, api, world, hands):
        await set_rules(api, world, hands.program, **CHOOSING)
        await hands.wishes("noa", "maria")
        await change(api, world, "maria", status="leave")
        assert rules(await hands.wish("noa", "maria")) == ["not_now"]
        await change(api, world, "maria", status="active")
        await change(api, world, "olli", manager_id=str(world["maria"].id))
        assert rules(await hands.wish("noa", "maria")) == ["reporting_line"]
        problem(await hands.wish("noa", "saga"), 404, "not_found")

    async def test_only_the_mentor_offers_by_their_wish(self, api, world, hands):
        await set_rules(api, world, hands.program, **CHOOSING)
        await hands.wishes("emil", "maria")
        problem(await hands.wish("emil", "maria", who=world["noa"]), 404, "not_found")
        problem(await hands.wish("emil", "maria", who=world.manager), 403, "forbidden")

    async def test_two_mentors_who_wish_for_one_at_once_make_one_offer(self, api, world, hands):
        await set_rules(api, world, hands.program, **CHOOSING)
        for key in ("emil", "noa", "amina"):
            await hands.wishes(key, "maria")
        answers = await asyncio.gather(*[hands.wish(key, "maria") for key in ("emil", "noa", "amina")])
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


class TestRunning:
    async def test_late_joiners_and_drop_outs_are_matched_while_it_runs(
        self, api, world, prepare, match, suggestions, clock
    ):
        clock.freeze("2027-01-20T08:00:00Z")
        program = await prepare([world["noa"], world["emil"]], [world["maria"]])
        manager, path = api(world.manager), f"/v1/programs/{program}"
        run = await match(program)
        assert (await manager.post(f"/v1/match-runs/{run}/publish")).status_code == 200
        (pair,) = (await manager.get("/v1/pairs")).json()["items"]
        mentor = next(member for member in world if str(member.id) == pair["mentor"]["id"])
        for who in (mentor, world["maria"]):
            await api(who).post(f"/v1/pairs/{pair['id']}/accept")
        body = {"person_id": str(world["paivi"].id), "role": "mentee"}
        assert (await manager.post(f"{path}/enrollments", json=body)).status_code == 201
        seen = (await manager.get(path)).json()
        assert (seen["state"], seen["can"]["run_match"]["allowed"]) == ("running", True)
        second = await match(program)
        (late,) = await suggestions(second)
        assert late["mentee"]["id"] == str(world["paivi"].id)
        assert late["mentor"]["id"] != str(mentor.id), "whoever has a pair has no place"
        assert (await manager.post(f"/v1/match-runs/{second}/publish")).status_code == 200
        assert (await manager.get(path)).json()["state"] == "running"
        # the first pair ends; both wish for another, rest, and are never suggested to each other again
        await api(world["maria"]).post(f"/v1/pairs/{pair['id']}/end")
        for who in (mentor, world["maria"]):
            assert (await api(who).post(f"/v1/pairs/{pair['id']}/rematch")).status_code == 200
        third = await match(program)
        assert await suggestions(third) == []
        found = (await manager.get(f"/v1/match-runs/{third}")).json()["unmatched"]
        assert {one["rule"] for one in found} == {"resting"}
        clock.advance(days=14)
        assert await suggestions(await match(program)) == []

    async def test_a_declined_pair_is_not_suggested_again(
        self, api, world, prepare, match, suggestions, clock, run_jobs
    ):
        clock.freeze("2027-01-20T08:00:00Z")
        program = await prepare([world["emil"]], [world["maria"], world["erik"]])
        manager = api(world.manager)
        (first,) = await suggestions(run := await match(program))
        await manager.post(f"/v1/match-runs/{run}/publish")
        (pair,) = (await manager.get("/v1/pairs")).json()["items"]
        await api(world["emil"]).post(f"/v1/pairs/{pair['id']}/decline")
        clock.advance(days=7)
        await run_jobs(tick=True)
        (second,) = await suggestions(await match(program))
        assert second["mentee"]["id"] != first["mentee"]["id"]

    async def test_a_rest_that_began_after_the_search_stops_its_publication(
        self, api, world, hands, match, suggestions
    ):
        await set_rules(api, world, hands.program, mentor_capacity=2)
        for key, role in (("emil", "mentor"), ("maria", "mentee")):
            client, path = api(world[key]), f"/v1/enrollments/{hands.parts[key, role]}"
            answer = await client.patch(path, json={"capacity": 2}, headers=etag_of(await client.get(path)))
            assert answer.status_code == 200, answer.text
        pair = f"/v1/pairs/{(await hands('emil', 'maria')).json()['id']}"
        for who in ("emil", "maria"):
            await api(world[who]).post(f"{pair}/accept")
        run = await match(hands.program)
        emil = [one for one in await suggestions(run) if one["mentor"]["id"] == str(world["emil"].id)]
        assert emil
        await api(world["emil"]).post(f"{pair}/end")
        for who in ("emil", "maria"):
            assert (await api(world[who]).post(f"{pair}/rematch")).status_code == 200
        body = problem(await api(world.manager).post(f"/v1/match-runs/{run}/publish"), 409, "suggestions_outdated")
        assert {one["rule"] for one in body["params"]["suggestions"]} == {"resting"}


async def test_whom_no_search_pairs_is_listed_with_the_reason(api, world, hands):
    manager, path = api(world.manager), f"/v1/programs/{hands.program}/ineligible"
    settings = (await manager.get(f"/v1/programs/{hands.program}")).json()["settings"]
    await set_rules(api, world, hands.program, rules=settings["rules"] | {"min_tenure_months": 9})
    await change(api, world, "maria", status="leave")
    await change(api, world, "saga", manager_id=str(world["tuomas"].id))
    page = (await manager.get(path)).json()
    assert {one["person"]["display_name"]: (one["role"], one["reason"]) for one in page["items"]} == {
        "Freja Dahl": ("mentor", "tenure"),
        "Leo Mäki": ("mentor", "tenure"),
        "Maria Sandell": ("mentee", "on_leave"),
        "Saga Holm": ("mentor", "unknown_line"),
        "Tuomas Kivi": ("mentor", "unknown_line"),
    }
    assert page["total"] == 5
    first = (await manager.get(f"{path}?limit=2")).json()
    rest = (await manager.get(path, params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert first["items"] + rest["items"] == page["items"]
