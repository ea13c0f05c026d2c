"""The small pure parts: the clock, words in three languages, what a caller is, files, what `can` says."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from vuoro.core import clock as time
from vuoro.core import files, words
from vuoro.core.actor import Actor, Held
from vuoro.core.errors import NotFound, PayloadTooLarge, RateLimited
from vuoro.core.history import StateChange, step
from vuoro.core.settings import settings
from vuoro.core.wire import can
from vuoro.core.words import Localized

HERE, THERE = uuid4(), uuid4()


def test_time_stands_still_when_told_and_runs_again(clock):
    held = clock.freeze("2026-12-01T10:00:00+02:00")
    assert time.now() == held == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert clock.advance(days=1) == datetime(2026, 12, 2, 8, tzinfo=UTC)
    time.freeze(None)
    assert abs((datetime.now(UTC) - time.now()).total_seconds()) < 5


def test_ten_thousand_ids_of_one_moment_differ(clock):
    clock.freeze("2026-12-01T10:00:00Z")
    ids = {time.uuid7() for _ in range(10_000)}
    assert len(ids) == 10_000
    assert {(id.version, id.variant) for id in ids} == {(7, "specified in RFC 4122")}


def test_content_speaks_the_readers_language_or_english():
    text = Localized(fi="Hei", sv="Hej", en="Hello")
    assert [text.into(locale) for locale in ("fi", "sv", "en", "de")] == ["Hei", "Hej", "Hello", "Hello"]


def test_a_text_without_a_translation_stays_english():
    assert words.translate("fi", "No such text {n}", n=3) == "No such text 3"
    assert words.translate("xx", "No such text") == "No such text"


@pytest.mark.parametrize(
    ("grants", "managed", "here", "there"),
    [
        ((), set(), False, False),
        ((Held("programme_manager", HERE),), {HERE}, True, False),
        ((Held("programme_manager", None),), None, True, True),
        ((Held("programme_manager", HERE), Held("programme_manager", None)), None, True, True),
        ((Held("sponsor", HERE), Held("organization_admin", None)), set(), False, False),
    ],
)
def test_who_manages_which_program(grants, managed, here, there):
    actor = Actor(uuid4(), uuid4(), grants=grants)
    assert (actor.managed_programs, actor.manages(HERE), actor.manages(THERE)) == (managed, here, there)


def test_a_caller_is_a_person_a_machine_or_the_system():
    organization, person, machine = uuid4(), uuid4(), uuid4()
    assert Actor(organization, person).id == person
    assert Actor(organization, client_id=machine).id == machine
    assert Actor(organization).id == organization
    assert [Actor(organization, *who).is_system for who in ((), (person,), (None, machine))] == [True, False, False]
    assert Actor(organization, scopes=frozenset({"people:read"})).has_scope("people:read")


def test_can_tells_the_reason_and_leaves_out_what_is_not_there():
    said = can(accept=True, decline="not_your_turn", pause=None, end=False)
    assert {name: (one.allowed, one.reason) for name, one in said.items()} == {
        "accept": (True, None), "decline": (False, "not_your_turn"),
    }  # fmt: skip


def test_a_wait_is_told_in_whole_seconds():
    assert [RateLimited(seconds).headers["Retry-After"] for seconds in (0.0, 0.2, 1.0, 1.1)] == ["1", "1", "1", "2"]


async def test_a_file_is_kept_read_and_dropped(databases, world):
    async with databases.app.transaction(world.admin.actor) as db:
        file_id = await files.keep(db, "people.csv", "text/csv", b"a;b\n")
        assert await files.read(db, file_id) == b"a;b\n"
    async with databases.app.transaction(world.other_admin.actor) as db:
        with pytest.raises(NotFound):
            await files.read(db, file_id)
    async with databases.worker.transaction(world.system) as db:
        await files.drop(db, file_id)
        with pytest.raises(NotFound):
            await files.read(db, file_id)


async def test_a_file_over_the_limit_is_refused(databases, world, monkeypatch):
    monkeypatch.setenv("VUORO_UPLOAD_MAX_BYTES", "1024")
    settings.cache_clear()
    with pytest.raises(PayloadTooLarge):
        async with databases.app.transaction(world.admin.actor) as db:
            await files.keep(db, "x", "text/csv", b"x" * 1025)


async def test_a_step_is_recorded_without_whose_it_was(databases, world):
    class Thing:
        id, state, version = HERE, "active", 1

    async with databases.app.transaction(world.admin.actor) as db:
        thing = Thing()
        step(db, "thing", thing, "paused", ["paused"])
        assert (thing.state, thing.version) == ("paused", 2)
    async with databases.app.transaction(world.admin.actor) as db:
        change = (await db.scalars(select(StateChange).where(StateChange.subject_id == HERE))).one()
        assert (change.from_state, change.to_state) == ("active", "paused")
    assert not [
        column.name for column in StateChange.__table__.columns if "actor" in column.name or "person" in column.name
    ]
