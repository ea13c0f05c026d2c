"""Profiles: what people tell for matching, what stays theirs, and the rules of tenure and capacity."""

import pytest
from programs.joining import EASY, apply, configure, enrolled, opened, read, step, write
from sqlalchemy import select, text
from support.contract import problem

from vuoro.programs import enrollments, profiles
from vuoro.programs.models import Boundaries

SECRET = "my divorce and the lay-offs of spring"


@pytest.fixture
async def program(api, world):
    return await opened(api, world)


async def fault_of(answer):
    found = problem(answer, 422, "validation_failed")["errors"][0]
    return found["pointer"], found["code"]


async def test_a_mentors_profile_says_what_is_missing_until_it_is_complete(api, world, program):
    mine = (await apply(api, world, program, "noa")).json()
    assert mine["profile"] == {"complete": False, "missing": ["topics", "superpower", "availability"]}
    done = await write(
        api, world["noa"], mine, topics=["strategy"], superpower="I ask what nobody dares to", availability=[EASY]
    )
    assert done.json()["profile"] == {"complete": True, "missing": []}
    assert (done.json()["availability"], done.json()["availability_zone"]) == ([EASY], "Europe/Helsinki")


async def test_an_executive_tells_in_a_minute_what_they_want_to_understand(api, world, program):
    wants = ["Why people leave after two years", "What we look like from outside"]
    mine = (await apply(api, world, program, "maria", "mentee", wants_to_understand=wants, availability=[EASY])).json()
    assert mine["profile"] == {"complete": True, "missing": []}
    assert (mine["wants_to_understand"], mine["availability_zone"]) == (wants, "Europe/Stockholm")
    for bad, place in ((["a", "b", "c", "d"], ""), (["x" * 281], "/0"), ([""], "/0")):
        pointer, _ = await fault_of(await write(api, world["maria"], mine, wants_to_understand=bad))
        assert pointer == f"/wants_to_understand{place}"
    answer = await write(api, world["maria"], mine, boundaries="not this")
    assert await fault_of(answer) == ("/boundaries", "not_for_this_side")
    noa = (await apply(api, world, program, "noa")).json()
    answer = await write(api, world["noa"], noa, wants_to_understand=["you"])
    assert await fault_of(answer) == ("/wants_to_understand", "not_for_this_side")


async def test_managers_see_what_is_for_matching_and_neither_hours_nor_boundaries(api, world, program):
    mine = (
        await apply(
            api, world, program, "noa", topics=["strategy"], superpower="I ask", availability=[EASY], boundaries=SECRET
        )
    ).json()
    assert mine["boundaries"] == SECRET
    for answer in (
        await read(api, world.manager, mine),
        await api(world.manager).get(f"{program}/enrollments"),
        await read(api, world.admin, mine),
    ):
        assert "I ask" in answer.text
        assert SECRET not in answer.text
        assert '"11:30"' not in answer.text
    seen = (await read(api, world.manager, mine)).json()
    assert (seen["availability"], seen["availability_zone"], seen["boundaries"]) == (None, None, None)
    for private in ({"availability": [EASY]}, {"boundaries": "x"}, {"availability_zone": "Europe/Paris"}):
        problem(await write(api, world.manager, mine, **private), 403, "forbidden")
    body = {"person_id": str(world["emil"].id), "role": "mentor", "boundaries": "x"}
    problem(await api(world.manager).post(f"{program}/enrollments", json=body), 403, "forbidden")


async def test_boundaries_are_ciphertext_and_go_when_they_are_cleared(api, world, program, databases):
    mine = (await apply(api, world, program, "noa", boundaries=SECRET)).json()
    async with databases.app.transaction(world["noa"].actor) as db:
        stored = await db.scalar(select(Boundaries.text))
    assert SECRET.encode() not in stored
    assert (await write(api, world["noa"], mine, boundaries="only this")).json()["boundaries"] == "only this"
    assert (await write(api, world["noa"], mine, boundaries=None)).json()["boundaries"] is None
    async with databases.app.transaction(world["noa"].actor) as db:
        assert await db.scalar(select(Boundaries.text)) is None


@pytest.mark.parametrize(
    ("windows", "pointer", "code"),
    [
        ([{"weekday": 1, "from": "10:00", "to": "10:00"}], "/availability/0/to", "ends_before_start"),
        ([EASY, {"weekday": 1, "from": "11:00", "to": "12:00"}], "/availability/1", "overlap"),
        ([EASY, EASY], "/availability/1", "overlap"),
        ([{"weekday": 7, "from": "10:00", "to": "11:00"}], "/availability/0/weekday", "less_than_equal"),
        ([{"weekday": 0, "from": "24:00", "to": "25:00"}], "/availability/0/from", "string_pattern_mismatch"),
        ([{"weekday": 0, "from": "9:00", "to": "11:00"}], "/availability/0/from", "string_pattern_mismatch"),
        ([{**EASY, "place": "here"}], "/availability/0/place", "extra_forbidden"),
        ([EASY] * 36, "/availability", "too_long"),
    ],
)
async def test_hours_that_cannot_be_are_named(api, world, program, windows, pointer, code):
    mine = (await apply(api, world, program, "noa")).json()
    assert await fault_of(await write(api, world["noa"], mine, availability=windows)) == (pointer, code)


async def test_hours_are_kept_in_order_and_given_to_booking_with_their_zone(api, world, program, databases):
    mine = (await apply(api, world, program, "noa")).json()
    late, early = {"weekday": 3, "from": "14:00", "to": "16:00"}, {"weekday": 3, "from": "11:30", "to": "14:00"}
    done = await write(api, world["noa"], mine, availability=[late, EASY, early], availability_zone="Asia/Tokyo")
    assert done.json()["availability"] == [EASY, early, late]
    answer = await write(api, world["noa"], mine, availability_zone="Helsinki")
    assert await fault_of(answer) == ("/availability_zone", "unknown_time_zone")
    async with databases.app.transaction(world["noa"].actor) as db:
        found = await profiles.availability_of(db, [mine["id"]])
    (given,) = found.values()
    assert (given.zone, [(one.weekday, f"{one.start:%H:%M}", f"{one.end:%H:%M}") for one in given.windows]) == (
        "Asia/Tokyo",
        [(1, "09:00", "11:30"), (3, "11:30", "14:00"), (3, "14:00", "16:00")],
    )


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"topics": ["strategy", "strategy"]}, "/topics", "value_error"),
        ({"topics": ["strategy", "gossip"]}, "/topics/1", "unknown_topic"),
        ({"topics": ["No Slug"]}, "/topics/0", "string_pattern_mismatch"),
        ({"skills": [{"slug": "ai"}, {"slug": "ai", "level": 5}]}, "/skills", "value_error"),
        ({"skills": [{"slug": "ai", "level": 6}]}, "/skills/0/level", "less_than_equal"),
        ({"languages": [{"code": "fi", "level": 4}, {"code": "fi", "level": 1}]}, "/languages", "value_error"),
        ({"boundaries": "x" * 501}, "/boundaries", "string_too_long"),
        ({"superpower": "x" * 281}, "/superpower", "string_too_long"),
        ({"capacity": 6}, "/capacity", "less_than_equal"),
    ],
)
async def test_what_a_profile_cannot_hold_is_named(api, world, program, change, pointer, code):
    mine = (await apply(api, world, program, "noa")).json()
    assert await fault_of(await write(api, world["noa"], mine, **change)) == (pointer, code)
    assert (await read(api, world["noa"], mine)).json()["version"] == mine["version"]


async def test_a_topic_of_ours_that_the_organization_lacks_becomes_its_own(api, world, program):
    mine = (await apply(api, world, program, "noa", topics=["short-video"])).json()
    assert mine["topics"] == ["short-video"]
    slugs = {one["slug"] for one in (await api(world["noa"]).get("/v1/topics?limit=100")).json()["items"]}
    assert "short-video" in slugs


async def test_a_second_mentee_takes_the_programs_leave_and_the_mentors_own_word(api, world, program):
    mine = await enrolled(api, world, program, "noa")
    assert await fault_of(await write(api, world["noa"], mine, capacity=2)) == ("/capacity", "capacity_too_high")
    await configure(api, world, program, mentor_capacity=2)
    problem(await write(api, world.manager, mine, capacity=2), 403, "forbidden")
    body = {"person_id": str(world["emil"].id), "role": "mentor", "capacity": 2}
    problem(await api(world.manager).post(f"{program}/enrollments", json=body), 403, "forbidden")
    said = (await write(api, world["noa"], mine, capacity=2)).json()
    assert said["capacity"] == 2
    assert said["capacity_consented_at"] is not None
    # a manager who saves the whole form keeps what the mentor said, and may lower it
    kept = (await write(api, world.manager, mine, capacity=2, superpower="x")).json()
    assert kept["capacity_consented_at"] == said["capacity_consented_at"]
    lowered = (await write(api, world.manager, mine, capacity=1)).json()
    assert (lowered["capacity"], lowered["capacity_consented_at"]) == (1, None)


async def test_a_mentee_has_up_to_five_places_and_gives_no_consent(api, world, program):
    mine = await enrolled(api, world, program, "maria", "mentee", capacity=5)
    assert (mine["capacity"], mine["capacity_consented_at"]) == (5, None)


async def test_a_mentor_who_is_too_new_is_told_from_when_on(api, world, program, clock):
    clock.freeze("2026-11-30T21:00:00Z")
    body = {"person_id": str(world["leo"].id), "role": "mentor"}
    for answer in (
        await apply(api, world, program, "leo"),
        await api(world.manager).post(f"{program}/enrollments", json=body),
    ):
        told = problem(answer, 409, "tenure_too_short")["params"]
        assert told == {"months": 5, "min_months": 6, "from_on": "2026-12-01"}
    clock.freeze("2026-12-01T06:00:00Z")
    assert (await apply(api, world, program, "leo")).status_code == 201


async def test_tenure_counts_on_the_programs_first_day_and_neither_for_mentees_nor_for_a_taster(api, world, clock):
    clock.freeze("2026-06-10T06:00:00Z")
    program = await opened(api, world)
    assert (await apply(api, world, program, "leo", "mentee")).status_code == 201
    assert (await apply(api, world, await opened(api, world, "taster"), "leo")).status_code == 201
    later = {"name": "Later", "template": "sounding-board", "starts_on": "2027-01-11"}
    made = (await api(world.manager).post("/v1/programs", json=later)).json()["id"]
    await enrolled(api, world, f"/v1/programs/{made}", "leo")


async def test_tenure_is_asked_again_at_the_yes(api, world, clock):
    clock.freeze("2026-11-25T06:00:00Z")
    program = await opened(api, world)
    rules = (await api(world.manager).get(program)).json()["settings"]["rules"]
    mine = (await apply(api, world, program, "amina")).json()
    await configure(api, world, program, rules={**rules, "min_tenure_months": 24})
    seen = (await read(api, world.manager, mine)).json()
    assert seen["obstacles"] == ["tenure_too_short"]
    assert seen["can"]["approve"] == {"allowed": False, "reason": "tenure_too_short"}
    problem(await step(api, world.manager, mine, "approve"), 409, "tenure_too_short")
    assert (await step(api, world.manager, mine, "waitlist")).json()["state"] == "waitlisted"


async def test_managers_see_what_stands_in_somebodys_way_and_nobody_else_does(api, world, program):
    tuomas = await enrolled(api, world, program, "tuomas")
    assert (tuomas["state"], tuomas["obstacles"]) == ("approved", ["unknown_line"])
    assert (await read(api, world["tuomas"], tuomas)).json()["obstacles"] is None


@pytest.mark.parametrize(("role", "minutes"), [("mentor", 10), ("mentee", 8)])
async def test_a_primer_has_pages_with_a_question_each_in_three_languages(api, world, role, minutes):
    primer = (await api(world["noa"]).get(f"/v1/primers/{role}")).json()
    assert (primer["role"], primer["minutes"]) == (role, minutes)
    assert 4 <= len(primer["pages"]) <= 6
    for page in primer["pages"]:
        for words in (page["title"], page["question"], *page["text"]):
            assert len({words["fi"], words["sv"], words["en"]}) == 3
        assert page["question"]["en"].endswith(("?", "begun."))
    problem(await api(world["noa"]).get("/v1/primers/boss"), 422, "validation_failed")


async def test_prompts_help_to_find_a_superpower(api, world):
    items = (await api(world["noa"]).get("/v1/superpower-prompts")).json()["items"]
    assert len({item["key"] for item in items}) == len(items) == 8
    assert all(item["question"][language] and item["example"][language] for item in items for language in ("fi", "sv"))


async def test_both_primers_have_to_be_done(api, world, program, databases):
    parts = [await enrolled(api, world, program, "noa"), await enrolled(api, world, program, "maria", "mentee")]
    ids = [part["id"] for part in parts]

    async def done():
        async with databases.app.transaction(world["noa"].actor) as db:
            return await enrollments.primers_done(db, ids)

    assert await done() is False
    await step(api, world["noa"], parts[0], "complete-primer")
    assert await done() is False
    await step(api, world["maria"], parts[1], "complete-primer")
    assert await done() is True


async def test_the_worker_cannot_read_boundaries_in_the_clear_or_sealed(databases, world, api, program):
    await apply(api, world, program, "noa", boundaries=SECRET)
    async with databases.worker.transaction(world.system) as db:
        assert await db.scalar(text("select count(*) from boundaries")) == 1
