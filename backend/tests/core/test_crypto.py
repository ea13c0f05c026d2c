"""What people entrust to each other: sealed for one place, readable with its key alone."""

import base64

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import StatementError

from vuoro.core import clock, crypto
from vuoro.core.crypto import DataKey, KeyMissing, Sealed
from vuoro.core.settings import SettingsError, settings
from vuoro.sessions.models import Note

ROW, OWNER = clock.uuid7(), clock.uuid7()
TEXT = "Kahvilla puhuttiin ääneen 🙂"


async def sealed(database, world, text=TEXT):
    async with database.transaction(world.system) as db:
        return await crypto.seal(db, "notes.text", "pair", OWNER, ROW, text)


async def opened(database, actor, place=("notes.text", "pair", OWNER), rows=None):
    async with database.transaction(actor) as db:
        return await crypto.unseal(db, *place, rows)


async def test_what_was_sealed_can_be_read(databases, world):
    ciphertext = await sealed(databases.app, world)
    assert TEXT.encode() not in ciphertext
    assert await opened(databases.app, world.system, rows={ROW: ciphertext}) == {ROW: TEXT}


async def test_the_same_text_never_looks_the_same(databases, world):
    assert await sealed(databases.app, world) != await sealed(databases.app, world)


async def test_a_moved_ciphertext_is_refused(databases, world):
    ciphertext = await sealed(databases.app, world)
    places = [
        (("notes.text", "pair", OWNER), {clock.uuid7(): ciphertext}),
        (("agendas.text", "pair", OWNER), {ROW: ciphertext}),
    ]
    for place, rows in places:
        with pytest.raises(KeyMissing):
            await opened(databases.app, world.system, place, rows)
    async with databases.app.transaction(world.other_system) as db:
        await crypto.seal(db, "notes.text", "pair", OWNER, ROW, "theirs")
    with pytest.raises(KeyMissing):
        await opened(databases.app, world.other_system, rows={ROW: ciphertext})


async def test_another_owners_key_does_not_open_it(databases, world):
    ciphertext = await sealed(databases.app, world)
    other = clock.uuid7()
    async with databases.app.transaction(world.system) as db:
        await crypto.seal(db, "notes.text", "pair", other, ROW, "x")
    with pytest.raises(KeyMissing):
        await opened(databases.app, world.system, ("notes.text", "pair", other), {ROW: ciphertext})


async def test_under_one_key_it_is_bound_to_owner_and_organization_too(databases, world):
    ciphertext, other = await sealed(databases.app, world), clock.uuid7()
    async with databases.app.transaction(world.system) as db:
        keys = await crypto.keys_of(db, [("pair", OWNER)])
        moved = {("pair", other): keys["pair", OWNER]}
        assert crypto.opened(db, keys, "notes.text", "pair", OWNER, ROW, ciphertext) == TEXT
        assert crypto.opened(db, moved, "notes.text", "pair", other, ROW, ciphertext) is None
    async with databases.app.transaction(world.other_system) as db:
        assert crypto.opened(db, keys, "notes.text", "pair", OWNER, ROW, ciphertext) is None


@pytest.mark.parametrize(
    "change", [lambda c: c[:-1] + bytes([c[-1] ^ 1]), lambda c: b"\x09" + c[1:], lambda c: b"", lambda c: c[:5]]
)
async def test_a_changed_ciphertext_is_refused(databases, world, change):
    ciphertext = Sealed(change(await sealed(databases.app, world)))
    with pytest.raises(KeyMissing):
        await opened(databases.app, world.system, rows={ROW: ciphertext})


async def test_without_its_key_a_text_is_gone(databases, world):
    ciphertext = await sealed(databases.app, world)
    async with databases.worker.transaction(world.system) as db:
        await db.execute(delete(DataKey).where(DataKey.owner_id == OWNER))
    with pytest.raises(KeyMissing):
        await opened(databases.app, world.system, rows={ROW: ciphertext})


async def test_one_owner_has_one_key(databases, world):
    await sealed(databases.app, world)
    await sealed(databases.app, world)
    async with databases.app.transaction(world.system) as db:
        assert len((await db.scalars(select(DataKey.id))).all()) == 1


async def test_nothing_to_read_needs_no_key(databases, world):
    assert await opened(databases.app, world.system, rows={}) == {}


async def test_after_rotation_old_text_opens_and_new_keys_use_the_new_master(databases, world, monkeypatch):
    ciphertext = await sealed(databases.app, world)
    newest = "test-3:" + base64.b64encode(bytes(range(100, 132))).decode()
    before = settings().master_keys.get_secret_value()
    monkeypatch.setenv("VUORO_MASTER_KEYS", f"{newest},{before}")
    settings.cache_clear()
    assert await opened(databases.app, world.system, rows={ROW: ciphertext}) == {ROW: TEXT}
    async with databases.app.transaction(world.system) as db:
        await crypto.seal(db, "notes.text", "pair", clock.uuid7(), ROW, "x")
        assert set(await db.scalars(select(DataKey.master_key))) == {"test-2", "test-3"}


async def test_without_its_master_key_nothing_opens(databases, world, monkeypatch):
    ciphertext = await sealed(databases.app, world)
    for ring in (
        "other:" + base64.b64encode(bytes(range(100, 132))).decode(),
        "test-2:" + base64.b64encode(bytes(range(100, 132))).decode(),
    ):
        monkeypatch.setenv("VUORO_MASTER_KEYS", ring)
        settings.cache_clear()
        with pytest.raises(KeyMissing):
            await opened(databases.app, world.system, rows={ROW: ciphertext})


async def test_without_any_master_key_nothing_is_sealed(databases, world, monkeypatch):
    monkeypatch.delenv("VUORO_MASTER_KEYS")
    settings.cache_clear()
    with pytest.raises(SettingsError, match="VUORO_MASTER_KEYS is missing"):
        await sealed(databases.app, world)


async def test_a_data_key_does_not_fit_another_place(environment):
    name, wrapped = crypto.wrap(AESGCM.generate_key(256), b"here")
    with pytest.raises(KeyMissing):
        crypto.unwrap(name, wrapped, b"there")


@pytest.mark.parametrize("plain", ["plain text", b"plain bytes"])
async def test_an_encrypted_column_refuses_plain_text(databases, world, plain):
    values = {
        "organization_id": world.organization_id, "id": ROW, "session_id": ROW, "pair_id": OWNER, "author_id": OWNER,
        "visibility": "mine", "created_at": clock.now(), "text": plain,
    }  # fmt: skip
    with pytest.raises(StatementError, match=r"crypto\.seal"):
        async with databases.app.transaction(world.system) as db:
            await db.execute(insert(Note).values(**values))
