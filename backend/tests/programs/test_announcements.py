"""Announcements: at once or by the clock, for the right people, in at least one language."""

import asyncio

import pytest
from support.contract import etag_of, problem

WORDS = {"title": {"fi": "Tervetuloa", "en": "Welcome"}, "body": {"fi": "Aloitamme.", "en": "We begin."}}


@pytest.fixture
def at(clock):
    clock.freeze("2026-11-25T09:00:00Z")
    return clock


async def titles(made, who=None):
    return [one["title"]["en"] for one in await made.list("announcements", who)]


async def test_what_is_published_is_read_by_its_audience_alone(running, world):
    made = await running()
    for audience in ("all", "mentors", "mentees"):
        words = {"title": {"en": audience}, "body": {"en": "Text"}}
        id = (await made.post("announcements", audience=audience, **words))["id"]
        assert (await made.manager.post(f"/v1/announcements/{id}/publish")).json()["state"] == "published"
    assert await titles(made) == ["mentees", "mentors", "all"]
    assert await titles(made, world["noa"]) == ["mentors", "all"]
    assert await titles(made, world["maria"]) == ["mentees", "all"]
    assert await titles(made, world.admin) == ["mentees", "mentors", "all"]


async def test_a_draft_is_the_managers_own(running, world):
    made = await running()
    one = await made.post("announcements", **WORDS)
    assert (one["state"], one["can"]["publish"]["allowed"]) == ("draft", True)
    assert await titles(made, world["noa"]) == []
    problem(await made.api(world["noa"]).get(f"/v1/announcements/{one['id']}"), 404, "not_found")


async def test_who_withdrew_or_only_applied_reads_nothing(running, world):
    made = await running()
    (id,) = await made.enroll("mentor", "saga")
    one = await made.post("announcements", **WORDS)
    await made.manager.post(f"/v1/announcements/{one['id']}/publish")
    assert await titles(made, world["saga"]) == ["Welcome"]
    await made.api(world["saga"]).post(f"/v1/enrollments/{id}/withdraw")
    assert await titles(made, world["saga"]) == []


async def test_missing_languages_fall_back_on_english_or_what_there_is(running, world):
    made = await running()
    words = {"title": {"sv": "Hej"}, "body": {"sv": "Vi börjar."}}
    one = await made.post("announcements", **words)
    assert (one["title"], one["languages"]) == (dict.fromkeys(("fi", "sv", "en"), "Hej"), ["sv"])
    two = await made.post("announcements", **WORDS)
    assert (two["body"]["sv"], two["languages"]) == ("We begin.", ["fi", "en"])


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"title": {}}, "/title", "no_language"),
        ({"body": {"fi": None}}, "/body", "no_language"),
        ({"body": {"fi": "Aloitamme."}}, "/body", "languages_differ"),
        ({"title": {"fi": "x" * 201, "en": "x"}}, "/title/fi", "string_too_long"),
        ({"body": {"fi": "x", "en": "x" * 10_001}}, "/body/en", "string_too_long"),
        ({"body": {"fi": "x", "en": "a\x00b"}}, "/body/en", "string_pattern_mismatch"),
        ({"title": {"fi": "a\nb", "en": "x"}}, "/title/fi", "string_pattern_mismatch"),
        ({"title": {"de": "Hallo"}}, "/title/de", "extra_forbidden"),
        ({"audience": "everybody"}, "/audience", "literal_error"),
        ({"publish_at": "2026-11-25T08:59:00Z"}, "/publish_at", "in_the_past"),
        ({"publish_at": "2026-12-25T08:59:00"}, "/publish_at", "timezone_aware"),
        ({"publish_at": "2201-01-01T00:00:00Z"}, "/publish_at", "out_of_range"),
    ],
)
async def test_bad_input_names_its_place(draft, at, change, pointer, code):
    made = await draft()
    error = (await made.post("announcements", 422, **{**WORDS, **change}))["errors"][0]
    assert (error["pointer"], error["code"]) == (pointer, code)


async def test_a_scheduled_one_is_published_by_the_clock_once(running, at, run_jobs, sql, world):
    made = await running()
    one = await made.post("announcements", publish_at="2026-12-01T06:00:00Z", **WORDS)
    assert one["state"] == "scheduled"
    await run_jobs(tick=True)
    assert await titles(made, world["noa"]) == []
    at.freeze("2026-12-01T06:00:30Z")
    for _ in range(2):
        await run_jobs(tick=True)
    (seen,) = await made.list("announcements", world["noa"])
    assert (seen["state"], seen["published_at"]) == ("published", "2026-12-01T06:00:30.000Z")
    facts = "select count(*) from outbox where kind = 'announcement.published' and payload ->> 'announcement_id' = :id"
    assert await sql(facts, id=one["id"]) == 1


async def test_what_was_scheduled_stays_unsaid_when_the_program_is_called_off(running, at, run_jobs):
    made = await running()
    one = await made.post("announcements", publish_at="2026-12-01T06:00:00Z", **WORDS)
    await made.go("cancelled")
    at.freeze("2026-12-02T06:00:00Z")
    await run_jobs(tick=True)
    assert (await made.manager.get(f"/v1/announcements/{one['id']}")).json()["state"] == "scheduled"
    other = await made.post("announcements", title={"en": "Called off"}, body={"en": "We are sorry."})
    assert (await made.manager.post(f"/v1/announcements/{other['id']}/publish")).json()["state"] == "published"


async def test_the_feed_is_in_the_order_of_publishing(running, at, run_jobs):
    made = await running()
    await made.post("announcements", title={"en": "later"}, body={"en": "x"}, publish_at="2026-11-25T10:00:00Z")
    first = await made.post("announcements", title={"en": "first"}, body={"en": "x"})
    await made.manager.post(f"/v1/announcements/{first['id']}/publish")
    at.freeze("2026-11-25T10:00:00Z")
    await run_jobs(tick=True)
    assert await titles(made) == ["later", "first"]
    page = (await made.manager.get(f"{made.path}/announcements?limit=1")).json()
    rest = (await made.manager.get(f"{made.path}/announcements?limit=1&cursor={page['next_cursor']}")).json()
    assert [rest["items"][0]["title"]["en"], rest["next_cursor"]] == ["first", None]


async def test_it_changes_until_it_is_published_and_is_withdrawn_after(running, at, world):
    made = await running()
    one = await made.post("announcements", **WORDS)
    path = f"/v1/announcements/{one['id']}"
    patch = {"publish_at": "2026-12-01T06:00:00Z", "title": {"sv": "Hej"}, "body": {"sv": "Vi börjar.", "fi": None}}
    tag = etag_of(await made.manager.get(path))
    refused = await made.manager.patch(path, json=patch, headers=tag)
    assert problem(refused, 422, "validation_failed")["errors"][0]["code"] == "languages_differ"
    patch["title"]["fi"] = None
    changed = await made.manager.patch(path, json=patch, headers=tag)
    assert (changed.json()["state"], changed.json()["languages"]) == ("scheduled", ["sv", "en"])
    back = await made.manager.patch(path, json={"publish_at": None}, headers=etag_of(changed))
    assert (back.json()["state"], back.json()["publish_at"]) == ("draft", None)
    published = await made.manager.post(f"{path}/publish")
    answer = await made.manager.patch(path, json={"audience": "mentors"}, headers=etag_of(published))
    assert problem(answer, 409, "illegal_transition")["params"]["legal"] == ["withdrawn"]
    problem(await made.manager.post(f"{path}/publish"), 409, "illegal_transition")
    await made.manager.post(f"{path}/withdraw")
    assert await titles(made, world["noa"]) == []


async def test_nothing_is_published_in_a_draft_program(draft):
    made = await draft()
    one = await made.post("announcements", **WORDS)
    problem(await made.manager.post(f"/v1/announcements/{one['id']}/publish"), 409, "wrong_state")


async def test_the_same_request_twice_makes_one(running, api, world):
    made = await running()
    again = api(world.manager, idempotency_key="welcome-1")
    ids = {(await again.post(f"{made.path}/announcements", json=WORDS)).json()["id"] for _ in range(2)}
    assert len(ids) == len(await made.list("announcements")) == 1


async def test_two_who_publish_at_once_tell_it_once(running, sql):
    made = await running()
    one = await made.post("announcements", **WORDS)
    path = f"/v1/announcements/{one['id']}/publish"
    answers = await asyncio.gather(*(made.manager.post(path) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    facts = "select count(*) from outbox where kind = 'announcement.published' and payload ->> 'announcement_id' = :id"
    assert await sql(facts, id=one["id"]) == 1
