"""Rotation of the master key, and a start that refuses a ring which does not open what there is."""

import asyncio

import pytest
from sqlalchemy import func, select

from vuoro import cli
from vuoro.core import crypto, rotation
from vuoro.core.crypto import DataKey
from vuoro.core.db import Database
from vuoro.core.settings import SettingsError, settings
from vuoro.core.startup import refuse_wrong_keys

OLD = "test-2:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
NEW = "test-3:MjM0NTY3ODk6Ozw9Pj9AQUJDREVGR0hJSktMTU5PUFE="
OTHER_OLD = "test-2:MjM0NTY3ODk6Ozw9Pj9AQUJDREVGR0hJSktMTU5PUFE="


@pytest.fixture
async def migrator(environment):
    async with Database(environment["VUORO_DATABASE_MIGRATOR_URL"], pool_size=2) as database:
        yield database


@pytest.fixture
def ring(environment, monkeypatch):
    def choose(*keys):
        monkeypatch.setenv("VUORO_MASTER_KEYS", ",".join(keys))
        settings.cache_clear()

    yield choose
    settings.cache_clear()


async def write(databases, world, who, word="A word of one's own"):
    async with databases.app.transaction(who.actor) as db:
        sealed = await crypto.seal(db, "notes.text", "person", who.id, who.id, word)
    return who, sealed


async def read(databases, who, sealed):
    async with databases.app.transaction(who.actor) as db:
        return (await crypto.unseal(db, "notes.text", "person", who.id, {who.id: sealed}))[who.id]


async def wrapped_by(migrator) -> dict[str, int]:
    async with migrator.transaction() as db:
        rows = await db.execute(select(DataKey.master_key, func.count()).group_by(DataKey.master_key))
        return dict(tuple(row) for row in rows)


async def test_every_key_is_wrapped_anew_and_every_text_stays_readable(databases, world, migrator, ring, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    written = [await write(databases, world, who) for who in [*world.mentors[:4], world.other_person]]
    ring(NEW, OLD)
    told = []
    assert await rotation.rotate(migrator, lambda *count: told.append(count)) == 5
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]
    assert await wrapped_by(migrator) == {"test-3": 5}
    ring(NEW)
    assert [await read(databases, *one) for one in written] == ["A word of one's own"] * 5
    assert await rotation.rotate(migrator, lambda *_: None) == 0


async def test_a_rotation_that_was_ended_goes_on_where_it_was(databases, world, migrator, ring, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 1)
    written = [await write(databases, world, who) for who in world.mentors[:3]]
    ring(NEW, OLD)

    def end_after_one(done, _total):
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await rotation.rotate(migrator, end_after_one)
    assert await wrapped_by(migrator) == {"test-2": 2, "test-3": 1}
    assert [await read(databases, *one) for one in written] == ["A word of one's own"] * 3
    assert await rotation.rotate(migrator, lambda *_: None) == 2


async def test_while_keys_rotate_people_read_and_write(databases, world, migrator, ring, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 1)
    written = [await write(databases, world, who) for who in world.mentors]
    ring(NEW, OLD)

    async def talk():
        for one in written * 3:
            assert await read(databases, *one) == "A word of one's own"
            written.append(await write(databases, world, world.mentees[len(written) % 7]))
            if len(written) > 20:
                return

    await asyncio.gather(rotation.rotate(migrator, lambda *_: None), talk())
    await rotation.rotate(migrator, lambda *_: None)
    ring(NEW)
    assert {await read(databases, *one) for one in written} == {"A word of one's own"}


async def test_a_rotation_without_the_old_key_changes_nothing(databases, world, migrator, ring):
    await write(databases, world, world["noa"])
    ring(NEW)
    with pytest.raises(SettingsError, match="the key test-2 is missing"):
        await rotation.rotate(migrator, lambda *_: None)
    assert await wrapped_by(migrator) == {"test-2": 1}


@pytest.mark.parametrize(
    ("keys", "words"), [(NEW, "the key test-2 is missing"), (OTHER_OLD, "the key test-2 is not the one")]
)
async def test_a_start_refuses_a_ring_that_does_not_open_what_there_is(databases, world, ring, keys, words):
    await write(databases, world, world["noa"])
    ring(keys)
    for database in (databases.app, databases.worker):
        with pytest.raises(SettingsError, match=words):
            await refuse_wrong_keys(database)
    ring(NEW, OLD)
    await refuse_wrong_keys(databases.app)


@pytest.mark.empty_database
def test_the_command_says_how_far_it_is_and_what_is_not_needed_any_more(environment, ring, capsys):
    ring(NEW, OLD)
    assert cli.main(["rotate-keys"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "0 of 0 keys wrapped by test-3", "No key of this database needs test-2 any more; older backups do."
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_without_a_master_key_nothing_starts(environment, ring, capsys, command):
    ring("")
    assert cli.main([command]) == 2
    assert "VUORO_MASTER_KEYS is missing" in capsys.readouterr().err
