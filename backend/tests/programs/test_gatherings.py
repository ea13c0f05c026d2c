"""Gatherings: who sees them, who comes in numbers alone, circles for mentors only."""

import pytest
from icalendar import Calendar
from support.contract import etag_of, problem

KICKOFF = {
    "kind": "kickoff", "title": {"fi": "Aloitus", "en": "Kick-off"}, "starts_at": "2026-12-01T12:00:00Z",
    "ends_at": "2026-12-01T13:00:00Z", "time_zone": "Europe/Helsinki", "place": "Library",
    "meeting_url": "https://meet.example/abc",
}  # fmt: skip
CIRCLE = {**KICKOFF, "kind": "circle_of_mentors", "title": {"en": "Circle"}}


@pytest.fixture
def at(clock):
    clock.freeze("2026-11-25T09:00:00Z")
    return clock


async def test_a_kickoff_is_for_all_and_a_circle_for_mentors(running, at, world):
    made = await running()
    await made.post("events", **KICKOFF)
    circle = await made.post("events", **CIRCLE)
    assert circle["audience"] == "mentors"
    kinds = {who: [one["kind"] for one in await made.list("events", world[who])] for who in ("noa", "maria", "petra")}
    assert kinds == {
        "noa": ["kickoff", "circle_of_mentors"],
        "maria": ["kickoff"],
        "petra": ["kickoff", "circle_of_mentors"],
    }
    problem(await made.api(world["maria"]).get(f"/v1/program-events/{circle['id']}"), 404, "not_found")
    answer = await made.api(world["maria"]).post(
        f"/v1/program-events/{circle['id']}/attendance", json={"attending": True}
    )
    problem(answer, 404, "not_found")


async def test_a_circle_is_never_opened_to_mentees(running, at):
    made = await running()
    assert (await made.post("events", 422, **{**CIRCLE, "audience": "all"}))["errors"][0]["code"] == "mentors_only"
    path = f"/v1/program-events/{(await made.post('events', **CIRCLE))['id']}"
    tag = etag_of(await made.manager.get(path))
    answer = await made.manager.patch(path, json={"audience": "mentees"}, headers=tag)
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/audience"


async def test_managers_read_how_many_come_and_never_who(running, at, world, databases):
    made = await running()
    path = f"/v1/program-events/{(await made.post('events', **CIRCLE))['id']}"
    for who, attending in (("noa", True), ("emil", True), ("noa", False)):
        answer = await made.api(world[who]).post(f"{path}/attendance", json={"attending": attending})
        assert answer.json()["my_attendance"] == ("yes" if attending else "no")
        assert answer.json()["attendance"] is None
    seen = (await made.manager.get(path)).json()
    assert (seen["attendance"], seen["my_attendance"]) == ({"coming": 1, "not_coming": 1}, None)
    assert str(world["noa"].id) not in str(seen)
    entries = (await made.api(world.admin).get("/v1/audit-log?limit=100")).json()["items"]
    assert not [one for one in entries if "attend" in one["action"]]


async def test_a_reply_is_walled_off_from_everybody_else_in_the_database(running, at, world, databases):
    from sqlalchemy import select

    from vuoro.programs.models import ProgramEventReply

    made = await running()
    path = f"/v1/program-events/{(await made.post('events', **CIRCLE))['id']}"
    await made.api(world["noa"]).post(f"{path}/attendance", json={"attending": False})
    found = {}
    for who in ("noa", "emil", "petra", "helena"):
        async with databases.app.transaction(world[who].actor) as db:
            found[who] = len((await db.scalars(select(ProgramEventReply.id))).all())
    assert found == {"noa": 1, "emil": 0, "petra": 0, "helena": 0}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"ends_at": "2026-12-01T12:00:00Z"}, "/ends_at", "before_start"),
        ({"ends_at": "2026-12-09T12:00:00Z"}, "/ends_at", "too_long"),
        ({"starts_at": "2026-11-25T08:00:00Z", "ends_at": "2026-11-25T10:00:00Z"}, "/starts_at", "in_the_past"),
        ({"starts_at": "2200-12-01T12:00:00Z"}, "/starts_at", "out_of_range"),
        ({"starts_at": "2026-12-01T12:00:00"}, "/starts_at", "timezone_aware"),
        ({"time_zone": "Helsinki"}, "/time_zone", "unknown_time_zone"),
        ({"meeting_url": "http://meet.example/abc"}, "/meeting_url", "https_only"),
        ({"meeting_url": "https://a@evil.example"}, "/meeting_url", "https_only"),
        ({"place": "x" * 201}, "/place", "string_too_long"),
        ({"kind": "party"}, "/kind", "literal_error"),
        ({"title": {}}, "/title", "no_language"),
    ],
)
async def test_bad_input_names_its_place(draft, at, change, pointer, code):
    made = await draft()
    error = (await made.post("events", 422, **{**KICKOFF, **change}))["errors"][0]
    assert (error["pointer"], error["code"]) == (pointer, code)


async def test_a_gathering_moves_and_is_cancelled_for_all_to_see(running, at, world):
    made = await running()
    path = f"/v1/program-events/{(await made.post('events', **KICKOFF))['id']}"
    tag = etag_of(await made.manager.get(path))
    moved = await made.manager.patch(
        path, json={"starts_at": "2026-12-02T12:00:00Z", "ends_at": "2026-12-02T13:00:00Z", "place": None}, headers=tag
    )
    assert (moved.json()["starts_at"], moved.json()["place"]) == ("2026-12-02T12:00:00.000Z", None)
    problem(await made.manager.delete(path, headers=tag), 412, "precondition_failed")
    problem(await made.manager.delete(path), 428, "precondition_required")
    assert (await made.manager.delete(path, headers=etag_of(moved))).status_code == 204
    seen = (await made.api(world["noa"]).get(path)).json()
    assert (seen["state"], seen["can"]["attend"]) == ("cancelled", {"allowed": False, "reason": "wrong_state"})
    problem(await made.api(world["noa"]).post(f"{path}/attendance", json={"attending": True}), 409, "wrong_state")


async def test_nobody_says_yes_to_what_is_over(running, at, world):
    made = await running()
    path = f"/v1/program-events/{(await made.post('events', **KICKOFF))['id']}"
    tag = etag_of(await made.manager.get(path))
    at.freeze("2026-12-01T13:00:00Z")
    problem(await made.api(world["noa"]).post(f"{path}/attendance", json={"attending": True}), 409, "wrong_state")
    problem(await made.manager.patch(path, json={"place": "Hall"}, headers=tag), 409, "wrong_state")


async def test_the_manager_is_told_of_the_next_circle(running, at, world):
    made = await running(starts_on="2026-12-07")
    assert (await made.read())["next_circle_due_on"] == "2027-03-07"
    assert (await made.read(world["noa"]))["next_circle_due_on"] is None
    await made.post("events", **{**CIRCLE, "starts_at": "2027-01-10T12:00:00Z", "ends_at": "2027-01-10T13:00:00Z"})
    assert (await made.read())["next_circle_due_on"] == "2027-04-10"
    await made.change(ends_on="2027-04-01")
    assert (await made.read())["next_circle_due_on"] is None


async def test_gatherings_are_listed_by_kind_and_page_by_page(running, at, statements):
    made = await running()
    for day in ("03", "01", "02"):
        times = {"starts_at": f"2026-12-{day}T12:00:00Z", "ends_at": f"2026-12-{day}T13:00:00Z"}
        await made.post("events", **{**KICKOFF, "kind": "other", **times})
    await made.post("events", **CIRCLE)
    page = (await made.manager.get(f"{made.path}/events?kind=other&limit=2")).json()
    rest = (await made.manager.get(f"{made.path}/events?kind=other&cursor={page['next_cursor']}")).json()
    assert [one["starts_at"][8:10] for one in (*page["items"], *rest["items"])] == ["01", "02", "03"]
    with statements() as few:
        await made.manager.get(f"{made.path}/events?limit=1")
    with statements() as many:
        await made.manager.get(f"{made.path}/events")
    assert len(many) <= len(few)


async def test_the_calendar_of_whoever_said_yes_has_it_in_their_language(running, at, world):
    made = await running()
    event = await made.post("events", **KICKOFF)
    circle = await made.post("events", **CIRCLE)
    noa, maria = made.api(world["noa"]), made.api(world["maria"])
    tag = etag_of(await noa.get("/v1/me/preferences"))
    await noa.patch("/v1/me/preferences", json={"locale": "fi"}, headers=tag)
    feeds = [(await client.post("/v1/me/calendar-feed")).json()["url"] for client in (noa, maria)]

    async def shown(path):
        return [
            (event["SUMMARY"], event["LOCATION"], event["URL"], event.start.isoformat())
            for event in Calendar.from_ical((await made.api().get(path)).content).events
        ]

    assert [await shown(path) for path in feeds] == [[], []]
    for id in (event["id"], circle["id"]):
        assert (await noa.post(f"/v1/program-events/{id}/attendance", json={"attending": True})).status_code == 200
    await maria.post(f"/v1/program-events/{event['id']}/attendance", json={"attending": False})
    where = ("Library", "https://meet.example/abc", "2026-12-01T12:00:00+00:00")
    assert [await shown(path) for path in feeds] == [[("Aloitus", *where), ("Circle", *where)], []]
    path = f"/v1/program-events/{event['id']}"
    answer = await made.manager.delete(path, headers=etag_of(await made.manager.get(path)))
    assert answer.status_code == 204, answer.text
    assert [one[0] for one in await shown(feeds[0])] == ["Circle"]
