"""What may leave at all: ids of what a machine could read, pairs with the mentor's consent, and never a word."""

import json
import re
from pathlib import Path

import pytest
from privacy.filled import MARK, fill
from support.pairs import make_couple

import vuoro
from vuoro.core.db import Database
from vuoro.core.outbox import emit
from vuoro.webhooks.events import BODIES, EVENT_TYPES, EVENTS

IDS = {"person_id", "import_id", "program_id", "cohort_id", "match_run_id", "pair_id", "survey_id", "endpoint_id"}
# Facts that stay inside, and why: read docs/decisions/21-what-leaves.md before adding one.
INSIDE = {
    "asked and answered": {"pair.asked_mentor", "pair.asked_mentee", "pair.activated", "pair.asked_again",
                           "pair.reminder", "pair.offer_over", "pair.override_requested", "pair.stay_chosen",
                           "pair.agreement_signed", "pair.break_over", "enrollment.invited", "enrollment.looks"},
    "days of sessions": {"session.planned", "session.moved", "session.scheduled", "session.changed", "session.held",
                         "session.cancelled", "session.missed"},
    "what people wrote": {"pulse.given", "thanks.given", "candid_message.given", "candid_message.answered",
                          "announcement.published"},
    "concerns": {"concern.raised"},
    "signing in": {"login.asked", "passkey.added", "address.notice", "address.asked", "login.ended"},
    "the machine's own": {"match_run.queued", "import.uploaded", "import.apply", "import.undo", "erasure.asked",
                          "erasure.due", "webhook.due", "webhook.turned_off", "invite.due"},
}  # fmt: skip


@pytest.fixture
async def couple(databases, world, superuser):
    found = await make_couple(databases.app, world, world["noa"], world["maria"])
    await superuser.execute("update pairs set activated_at = now(), mentee_asked_at = now()")
    return found


async def act(api, who, couple, verb, **body):
    answer = await api(who).post(f"/v1/pairs/{couple.pair_id}/{verb}", json=body or None)
    assert answer.status_code == 200, answer.text


async def share(api, world, couple, allowed):
    answer = await api(world["noa"]).put(f"/v1/pairs/{couple.pair_id}/sharing", json={"allowed": allowed})
    assert answer.status_code == 200, answer.text


async def test_a_pair_leaves_with_the_mentors_consent_alone(
    api, world, couple, subscribe, run_jobs, target, deliveries
):
    endpoint = await subscribe(target.url, *EVENT_TYPES)
    await act(api, world["maria"], couple, "pause")
    await run_jobs()
    assert target.got == []
    assert await deliveries(endpoint) == []  # an admin who reads them learns of no pair either
    await share(api, world, couple, True)
    await act(api, world["maria"], couple, "resume")
    await run_jobs()
    assert sorted(target.types) == ["pair.resumed", "pair.shared"]
    assert all(
        event["data"].keys() == {"pair_id", "program_id", "version"} and event["data"]["pair_id"] == str(couple.pair_id)
        for event in target.events
    )
    await share(api, world, couple, False)
    await act(api, world["noa"], couple, "end")
    await run_jobs()
    assert target.types[2:] == ["pair.unshared"]


async def test_consent_that_is_taken_back_stops_what_waits(
    api, world, couple, subscribe, run_jobs, target, clock, deliveries
):
    clock.freeze(clock.now())
    await share(api, world, couple, True)
    await run_jobs()
    endpoint = await subscribe(target.url, "pair.paused")
    target.status = 500
    await act(api, world["noa"], couple, "pause")
    await run_jobs()
    assert len(target.got) == 1
    target.status = 200
    await share(api, world, couple, False)
    clock.advance(minutes=2)
    await run_jobs(tick=True)
    assert len(target.got) == 1
    [delivery] = await deliveries(endpoint)
    assert (delivery["state"], delivery["can"]["replay"]["allowed"]) == ("withheld", False)


async def test_nothing_tells_of_an_offer_or_of_a_no(api, world, couple, superuser, subscribe, run_jobs, target):
    await subscribe(target.url, *EVENT_TYPES)
    await superuser.execute(
        "update pairs set state = 'asked_mentor', activated_at = null, mentee_asked_at = null,"
        " due_at = now() + interval '7 days', shared = true"
    )
    await act(api, world["noa"], couple, "decline")
    await run_jobs(tick=True)
    await superuser.execute("update pairs set due_at = now() - interval '1 day'")
    await run_jobs(tick=True)
    assert target.got == []


async def test_no_word_of_anybody_is_in_an_event(environment, databases, world, superuser, subscribe, run_jobs, target):
    async with Database(environment["VUORO_DATABASE_MIGRATOR_URL"], pool_size=2) as migrator:
        filled = await fill(migrator, databases.app, world)
    await superuser.execute("update pairs set shared = true, activated_at = now(), state = 'paused'")
    ids = {
        "person_id": world["noa"].id, "pair_id": filled.couple.pair_id, "program_id": filled.couple.program_id,
        "enrollment_id": await superuser.fetchval("select id from enrollments limit 1"),
        **{f"{name}_id": await superuser.fetchval(f"select id from {name}s limit 1")
           for name in ("cohort", "survey", "import", "concern", "candid_message", "session")},
    }  # fmt: skip
    await superuser.execute("delete from outbox")
    await subscribe(target.url, *EVENT_TYPES)
    facts = {fact for event in EVENTS.values() for fact in event.facts} | set().union(*INSIDE.values())
    asks_for_more = INSIDE["signing in"] | INSIDE["the machine's own"] | {"webhook.test", "candid_message.answered"}
    async with databases.app.transaction(world["noa"].actor) as db:
        for fact in sorted(facts - asks_for_more - {"match_run.finished", "match_run.published"}):
            emit(db, fact, {name: str(id) for name, id in ids.items()})
    await run_jobs()
    told = EVENTS.keys() - {"match_run.finished", "match_run.published", "webhook.test", "pair.unshared"}
    assert set(target.types) == told
    for event in target.events:
        assert event.keys() == {"type", "timestamp", "data"}
        assert event["data"].keys() <= IDS | {"version"}
        assert MARK not in json.dumps(event)
    kept = await superuser.fetchval("select json_agg(d)::text from webhook_deliveries d")
    assert MARK not in kept


def test_whoever_adds_a_fact_decides_whether_it_leaves():
    source = "".join(path.read_text("utf-8") for path in Path(vuoro.__file__).parent.rglob("*.py"))
    emitted = set(re.findall(r'emit\(\s*\w+, "([a-z_]+\.[a-z_]+)"', source))
    inside, outside = set().union(*INSIDE.values()), {fact for event in EVENTS.values() for fact in event.facts}
    assert len(emitted) > 30
    assert emitted <= inside | outside
    assert not inside & outside


def test_every_event_is_in_the_contract_with_a_schema_and_an_example(built_application):
    document = built_application.openapi()
    assert document["webhooks"].keys() == set(EVENT_TYPES) == EVENTS.keys()
    for name, item in document["webhooks"].items():
        content = item["post"]["requestBody"]["content"]["application/json"]
        schema = document["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
        assert schema["properties"]["type"]["const"] == name == content["example"]["type"]
        BODIES[name].model_validate(content["example"], strict=False)
