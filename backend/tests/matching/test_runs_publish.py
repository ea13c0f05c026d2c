"""What the manager does with suggestions: reading, pinning, rejecting, asking why, publishing."""

from typing import Any
from uuid import UUID

import pytest
from matching.conftest import pair_of, people_of
from programs.joining import configure
from sqlalchemy import update
from support.contract import problem

from vuoro import worker
from vuoro.matching import intake
from vuoro.matching.models import MatchRun, Suggestion
from vuoro.people.models import Person


async def decide(api: Any, world: Any, suggestion: dict[str, Any], verb: str) -> Any:
    return await api(world.manager).post(f"/v1/suggestions/{suggestion['id']}/{verb}")


async def move(databases: Any, world: Any, who: str, manager: str) -> None:
    """A new manager, as an import brings it, with nobody looking at the pairs."""
    async with databases.worker.transaction(world.system) as db:
        await db.execute(
            update(Person)
            .where(Person.organization_id == world.organization_id, Person.id == world[who].id)
            .values(manager_id=world[manager].id)
        )


def of_mentor(items: list[dict[str, Any]], member: Any) -> dict[str, Any]:
    return next(item for item in items if item["mentor"]["id"] == str(member.id))


async def test_suggestions_come_best_first_and_page_by_page(api, world, prepare, match):
    run = await match(await prepare())
    manager = api(world.manager)
    found: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await manager.get(f"/v1/match-runs/{run}/suggestions", params=query)).json()
        found += page["items"]
        cursor = page["next_cursor"]
    scores = [item["score"] for item in found]
    assert scores == sorted(scores, reverse=True)
    assert len({item["id"] for item in found}) == len(found) > 4
    rising = (await manager.get(f"/v1/match-runs/{run}/suggestions?sort=score&limit=100")).json()["items"]
    assert [item["id"] for item in rising] == [item["id"] for item in found][::-1]


async def test_suggestions_are_found_by_name_and_state(api, world, prepare, match, suggestions):
    run = await match(await prepare())
    one = (await suggestions(run))[0]
    name = one["mentee"]["display_name"]
    assert [item["id"] for item in await suggestions(run, q=name)] == [one["id"]]
    assert await suggestions(run, state="pinned") == []
    await decide(api, world, one, "pin")
    assert [item["id"] for item in await suggestions(run, state="pinned")] == [one["id"]]
    answer = await api(world.manager).get(f"/v1/match-runs/{run}/suggestions?state=loved")
    problem(answer, 422, "validation_failed")


async def test_a_list_takes_few_statements(api, world, prepare, match, statements):
    run = await match(await prepare())
    manager = api(world.manager)
    await manager.get("/v1/me")
    with statements() as sent:
        await manager.get(f"/v1/match-runs/{run}/suggestions?limit=100&q=a")
    assert len(sent) <= 6  # the last one tells the people shown that somebody looked


async def test_pins_and_rejections_hold_for_the_next_search(api, world, prepare, match, suggestions):
    program = await prepare()
    await configure(api, world, f"/v1/programs/{program}", stay_bonus=0)
    first = await suggestions(await match(program))
    kept, dropped = first[-1], first[0]
    assert (await decide(api, world, kept, "pin")).json()["state"] == "pinned"
    assert (await decide(api, world, dropped, "reject")).json()["state"] == "rejected"
    second = {pair_of(item): item for item in await suggestions(await match(program))}
    assert second[pair_of(kept)]["state"] == "pinned"
    assert pair_of(dropped) not in second
    await decide(api, world, second[pair_of(kept)], "restore")
    assert (await decide(api, world, dropped, "restore")).json()["state"] == "suggested"
    third = {pair_of(item): item["state"] for item in await suggestions(await match(program))}
    assert third == {pair_of(item): "suggested" for item in first}


async def test_what_was_set_aside_in_whichever_search_is_listed_and_can_be_taken_back(
    api, world, prepare, match, suggestions
):
    program = await prepare()
    manager = api(world.manager)

    async def listed() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        query: dict[str, Any] = {"limit": 1}
        while "cursor" not in query or query["cursor"]:
            answer = (await manager.get(f"/v1/programs/{program}/set-aside", params=query)).json()
            items += answer["items"]
            query["cursor"] = answer["next_cursor"]
        return items

    first = await match(program)
    old, again, kept = (await suggestions(first))[:3]
    await decide(api, world, old, "reject")
    await decide(api, world, again, "reject")
    await decide(api, world, again, "restore")
    await decide(api, world, kept, "pin")
    await match(program, trial={"rejected": [people_of(kept)]})
    second = await match(program)
    later = next(item for item in await suggestions(second) if item["state"] == "suggested")
    await decide(api, world, later, "reject")
    assert (await manager.post(f"/v1/match-runs/{second}/publish")).status_code == 200
    found = await listed()
    assert [pair_of(item) for item in found] == [pair_of(later), pair_of(old)]
    assert all(item["can"]["restore"]["allowed"] for item in found)
    assert not any(item["can"][verb]["allowed"] for item in found[:1] for verb in ("pin", "reject"))
    for item in found:
        assert (await decide(api, world, item, "restore")).json()["state"] == "suggested"
    assert await listed() == []
    problem(await decide(api, world, found[0], "reject"), 409, "wrong_state")
    asked = next(item for item in await suggestions(second) if item["state"] == "asked")
    problem(await decide(api, world, asked, "restore"), 409, "wrong_state")


async def test_a_decision_says_what_is_possible(api, world, prepare, match, suggestions):
    one = (await suggestions(await match(await prepare())))[0]
    assert one["can"]["restore"] == {"allowed": False, "reason": "wrong_state"}
    body = problem(await decide(api, world, one, "restore"), 409, "illegal_transition")
    assert body["params"] == {"state": "suggested", "legal": ["pinned", "rejected"]}
    rejected = (await decide(api, world, one, "reject")).json()
    assert {verb for verb, can in rejected["can"].items() if can["allowed"]} == {"restore"}
    assert rejected["version"] == one["version"] + 1


async def test_a_pin_that_breaks_a_rule_by_now_is_let_go_and_told(api, world, prepare, match, suggestions, databases):
    program = await prepare()
    one = (await suggestions(await match(program)))[0]
    await decide(api, world, one, "pin")
    mentor, mentee = pair_of(one)
    async with databases.worker.transaction(world.system) as db:
        await db.execute(
            update(Person)
            .where(Person.organization_id == world.organization_id, Person.id == mentor)
            .values(manager_id=mentee)
        )
    run = await match(program)
    found = (await api(world.manager).get(f"/v1/match-runs/{run}")).json()
    assert found["problem"]["code"] == "pins_dropped"
    (pin,) = found["problem"]["params"]["pins"]
    assert (pin["mentor_id"], pin["mentee_id"]) == (str(mentor), str(mentee))
    assert pin["mentor"] == one["mentor"]["display_name"]
    assert pin["rule"] in ("reporting_line", "top_too_close")
    assert (mentor, mentee) not in {pair_of(item) for item in await suggestions(run)}


async def test_publishing_asks_the_mentors_first(api, world, prepare, match, suggestions, run_jobs):
    program = await prepare()
    run = await match(program)
    items = await suggestions(run)
    await decide(api, world, items[0], "reject")
    answer = await api(world.manager).post(f"/v1/match-runs/{run}/publish")
    assert answer.json()["state"] == "published"
    assert answer.json()["published_at"] is not None
    assert answer.json()["can"]["publish"] == {"allowed": False, "reason": "wrong_state"}
    assert (await api(world.manager).get(f"/v1/programs/{program}")).json()["state"] == "running"
    states = {item["id"]: item["state"] for item in await suggestions(run)}
    assert states.pop(items[0]["id"]) == "rejected"
    assert set(states.values()) == {"asked"}
    assert (await run_jobs()).count("pair.asked_mentor") == len(items) - 1
    one = items[1]
    mentor = next(person for person in world if str(person.id) == one["mentor"]["id"])
    mentee = next(person for person in world if str(person.id) == one["mentee"]["id"])
    (pair,) = (await api(mentor).get("/v1/pairs?mine=true")).json()["items"]
    assert pair["state"] == "asked_mentor"
    assert pair["reasons"] == one["components"]
    assert pair["checks"] == one["checks"]
    assert pair["top_exempt"] == one["top_exempt"]
    assert (await api(mentee).get("/v1/pairs?mine=true")).json()["items"] == []


async def test_publishing_happens_once(api, world, prepare, match):
    run = await match(await prepare())
    manager = api(world.manager)
    again = api(world.manager, idempotency_key="publish-1")
    assert [(await again.post(f"/v1/match-runs/{run}/publish")).status_code for _ in range(2)] == [200, 200]
    body = problem(await manager.post(f"/v1/match-runs/{run}/publish"), 409, "illegal_transition")
    assert body["params"] == {"state": "published", "legal": []}


async def test_of_two_searches_only_one_gives_the_places_away(api, world, prepare, match):
    program = await prepare()
    first, second = await match(program), await match(program)
    manager = api(world.manager)
    assert (await manager.post(f"/v1/match-runs/{second}/publish")).status_code == 200
    body = problem(await manager.post(f"/v1/match-runs/{first}/publish"), 409, "suggestions_outdated")
    assert {one["rule"] for one in body["params"]["suggestions"]} == {"no_place"}


async def test_nothing_left_is_not_published(api, world, prepare, match, suggestions):
    run = await match(await prepare(world.mentors[:1], world.mentees[-1:]))
    for item in await suggestions(run):
        await decide(api, world, item, "reject")
    problem(await api(world.manager).post(f"/v1/match-runs/{run}/publish"), 409, "nothing_to_publish")


async def test_a_program_set_back_to_enrolling_can_be_published(api, world, prepare, match):
    program = await prepare()
    run = await match(program)
    manager = api(world.manager)
    await manager.post(f"/v1/programs/{program}/transitions", json={"to": "enrolling"})
    assert (await manager.post(f"/v1/match-runs/{run}/publish")).json()["state"] == "published"
    assert (await manager.get(f"/v1/programs/{program}")).json()["state"] == "running"


@pytest.mark.parametrize("break_it", ["line", "unknown", "withdrawn", "left"])
async def test_publishing_looks_at_everything_once_more(api, world, prepare, match, suggestions, databases, break_it):
    program = await prepare()
    run = await match(program)
    one = of_mentor(await suggestions(run), world["veera"])
    mentee = next(person for person in world if str(person.id) == one["mentee"]["id"])
    manager = api(world.manager)
    mine = Person.organization_id == world.organization_id, Person.id == world["veera"].id
    if break_it == "line":
        await move(databases, world, "veera", mentee.key)
    elif break_it == "withdrawn":
        listed = await manager.get(f"/v1/programs/{program}/enrollments?role=mentor&q=Veera")
        await manager.post(f"/v1/enrollments/{listed.json()['items'][0]['id']}/withdraw")
    else:
        changed = {"manager_id": None, "manager_external_id": "N777"} if break_it == "unknown" else {"status": "left"}
        async with databases.worker.transaction(world.system) as db:
            await db.execute(update(Person).where(*mine).values(**changed))
    body = problem(await manager.post(f"/v1/match-runs/{run}/publish"), 409, "suggestions_outdated")
    named = {item["id"]: item for item in body["params"]["suggestions"]}
    rule = {"line": "reporting_line", "unknown": "unknown_line"}.get(break_it, "no_place")
    assert (named[one["id"]]["rule"], named[one["id"]]["mentor"]) == (rule, "Veera Salo")
    assert body["params"]["count"] == len(named)
    assert (await manager.get("/v1/pairs")).json()["items"] == []
    assert (await manager.get(f"/v1/match-runs/{run}")).json()["state"] == "done"
    for item in named.values():
        await decide(api, world, item, "reject")
    assert (await manager.post(f"/v1/match-runs/{run}/publish")).status_code == 200


async def test_places_and_past_partners_leave_the_next_market(
    api, world, prepare, match, suggestions, databases, clock
):
    program = await prepare()
    run = await match(program)
    items = await suggestions(run)
    await api(world.manager).post(f"/v1/match-runs/{run}/publish")
    one = items[0]
    mentor, mentee = pair_of(one)
    member = next(person for person in world if person.id == mentor)

    async def market() -> intake.Given:
        async with databases.worker.transaction(world.system) as db:
            kept = await db.get_one(MatchRun, (world.organization_id, UUID(run)))
            return await intake.read(db, kept.program_id, kept.cohort_id)

    given = await market()
    assert given.absent[str(mentor), "mentor"] == given.absent[str(mentee), "mentee"] == "no_place"
    (pair,) = (await api(member).get("/v1/pairs?mine=true")).json()["items"]
    await api(member).post(f"/v1/pairs/{pair['id']}/decline")
    assert (await market()).absent == given.absent  # a no leaves no trace while the offer lasts
    clock.advance(days=8)
    await worker.tick(databases.worker)
    given = await market()
    (back,) = [person for person in given.market.participants if person.id == str(mentor)]
    assert str(mentee) in back.past
    assert (str(mentee), "mentee") in given.enrollments


async def test_an_explanation_shows_a_suggestion_s_card(api, world, prepare, match, suggestions):
    run = await match(await prepare())
    one = (await suggestions(run))[0]
    pair = {"mentor_id": one["mentor"]["id"], "mentee_id": one["mentee"]["id"]}
    found = (await api(world.manager).get(f"/v1/match-runs/{run}/explanation", params=pair)).json()
    assert (found["suggestion_id"], found["failing_rule"]) == (one["id"], None)
    assert (found["score"], found["components"]) == (one["score"], one["components"])


async def test_an_explanation_names_what_stands_against_two(api, world, prepare, match, suggestions):
    run = await match(await prepare([*world.mentors, world["tuomas"]]))
    paired = {pair_of(item)[0] for item in await suggestions(run)}

    async def why(mentor: Any, mentee: Any) -> dict[str, Any]:
        pair = {"mentor_id": str(mentor.id), "mentee_id": str(mentee.id)}
        found: dict[str, Any] = (await api(world.manager).get(f"/v1/match-runs/{run}/explanation", params=pair)).json()
        return found

    assert (await why(world["noa"], world["jukka"]))["failing_rule"] == "reporting_line"
    assert (await why(world["tuomas"], world["jukka"]))["failing_rule"] == "unknown_line"
    left = next(mentor for mentor in world.mentors if mentor.id not in paired)
    reasons = [await why(left, mentee) for mentee in world.mentees]
    taken = [found for found in reasons if found["failing_rule"] == "all_taken"]
    assert taken
    assert all(found["score"] > 25 and found["suggestion_id"] is None for found in taken)


async def test_an_explanation_of_somebody_outside_names_the_place(api, world, prepare, match):
    run = await match(await prepare())
    pair = {"mentor_id": str(world["linh"].id), "mentee_id": str(world["jukka"].id)}
    answer = await api(world.manager).get(f"/v1/match-runs/{run}/explanation", params=pair)
    body = problem(answer, 422, "validation_failed")
    assert body["errors"][0]["pointer"] == "#/query/mentor_id"


async def test_a_person_on_both_sides_is_never_their_own_pair(api, world, prepare, match, suggestions):
    run = await match(await prepare([*world.mentors, world["olli"]], world.mentees))
    assert all(mentor != mentee for mentor, mentee in map(pair_of, await suggestions(run)))


async def test_only_a_finished_search_takes_decisions(api, world, prepare, match, suggestions, databases):
    run = await match(await prepare())
    one = (await suggestions(run))[0]
    await api(world.manager).post(f"/v1/match-runs/{run}/publish")
    problem(await decide(api, world, one, "reject"), 409, "wrong_state")
    async with databases.app.transaction(world.manager.actor) as db:
        row = await db.get_one(Suggestion, (world.organization_id, UUID(one["id"])))
        assert row.state == "asked"
