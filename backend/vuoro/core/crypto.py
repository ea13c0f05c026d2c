"""Encryption of what people entrust to each other: AES-256-GCM, a key per pair, person or organization.

Data keys are wrapped by a master key from the environment's key ring. A ciphertext is bound to its place
(table, column, organization, owner, row), so it cannot be moved elsewhere. Source: NIST SP 800-38D.
"""

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, TypeDecorator, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped

from vuoro.core import clock
from vuoro.core.db import Db, TenantModel
from vuoro.core.settings import SettingsError, settings

_FORMAT = 1


class Sealed(bytes):
    """A ciphertext; the only thing that an encrypted column takes."""


class Encrypted(TypeDecorator[Sealed]):
    """Column of sealed text: refuses anything that is not a ciphertext, so plain text cannot slip in."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, _dialect: Any) -> bytes | None:
        """The bytes to store."""
        if value is not None and not isinstance(value, Sealed):
            raise TypeError("an encrypted column takes the result of crypto.seal only")
        return value

    def process_result_value(self, value: bytes | None, _dialect: Any) -> Sealed | None:
        """The stored bytes, marked as sealed."""
        return None if value is None else Sealed(value)


class DataKey(TenantModel):
    """The key of one pair, person or organization, wrapped by a master key."""

    __tablename__ = "data_keys"
    owner_kind: Mapped[str]
    owner_id: Mapped[UUID]
    master_key: Mapped[str]
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("organization_id", "owner_kind", "owner_id"),)


class KeyMissing(Exception):
    """The text cannot be read: its key was destroyed or its master key is not in the ring."""


def wrap(key: bytes, place: bytes) -> tuple[str, bytes]:
    """A data key under the newest master key: (master key's id, nonce + ciphertext)."""
    ring = settings().key_ring
    if not ring:
        raise SettingsError("VUORO_MASTER_KEYS is missing; make one with `vuoro new-key`")
    name, master = next(iter(ring.items()))
    nonce = os.urandom(12)
    return name, nonce + AESGCM(master).encrypt(nonce, key, place)


def unwrap(name: str, wrapped: bytes, place: bytes) -> bytes:
    """The data key back; KeyMissing when its master key is not in the ring or does not fit."""
    master = settings().key_ring.get(name)
    if master is None:
        raise KeyMissing(name)
    try:
        return AESGCM(master).decrypt(wrapped[:12], wrapped[12:], place)
    except InvalidTag:
        raise KeyMissing(name) from None


def encrypt(key: bytes, place: str, text: str) -> Sealed:
    """Text under a data key, bound to its place: format byte, nonce, ciphertext."""
    nonce = os.urandom(12)
    return Sealed(bytes([_FORMAT]) + nonce + AESGCM(key).encrypt(nonce, text.encode(), place.encode()))


def decrypt(key: bytes, place: str, sealed: Sealed) -> str:
    """The text back; KeyMissing for another key, place or format."""
    try:
        if sealed[:1] != bytes([_FORMAT]):
            raise KeyMissing(place)
        return AESGCM(key).decrypt(sealed[1:13], sealed[13:], place.encode()).decode()
    except (InvalidTag, ValueError):
        raise KeyMissing(place) from None


def place_of(organization: UUID, kind: str, owner: UUID) -> bytes:
    """What a wrapped data key is bound to."""
    return f"data_keys|wrapped|{organization}|{kind}|{owner}".encode()


async def _data_key(db: Db, kind: str, owner: UUID, *, make: bool) -> bytes:
    where = {"organization_id": db.organization_id, "owner_kind": kind, "owner_id": owner}
    query = select(DataKey.master_key, DataKey.wrapped).filter_by(**where)
    row = (await db.execute(query)).one_or_none()
    if row is None and make:
        name, wrapped = wrap(AESGCM.generate_key(256), place_of(db.organization_id, kind, owner))
        await db.execute(
            insert(DataKey)
            .values(**where, id=clock.uuid7(), master_key=name, wrapped=wrapped, created_at=clock.now())
            .on_conflict_do_nothing(index_elements=list(where))
        )
        row = (await db.execute(query)).one_or_none()
    if row is None:
        raise KeyMissing(kind)
    return unwrap(row.master_key, row.wrapped, place_of(db.organization_id, kind, owner))


def _where(db: Db, column: str, owner: UUID, row: UUID) -> str:
    return f"{column}|{db.organization_id}|{owner}|{row}|{_FORMAT}"


async def seal(db: Db, column: str, kind: str, owner: UUID, row: UUID, text: str) -> Sealed:
    """Encrypt for one place.

    Args:
        column: `table.column`.
        kind: whose key: pair, person or organization; `owner` is its id, `row` the row's.
    """
    return encrypt(await _data_key(db, kind, owner, make=True), _where(db, column, owner, row), text)


async def unseal(db: Db, column: str, kind: str, owner: UUID, texts: dict[UUID, Sealed]) -> dict[UUID, str]:
    """Decrypt the texts of several rows of one owner, by row id; KeyMissing when the key is gone."""
    if not texts:
        return {}
    key = await _data_key(db, kind, owner, make=False)
    return {row: decrypt(key, _where(db, column, owner, row), sealed) for row, sealed in texts.items()}


Keys = dict[tuple[str, UUID], bytes]


async def keys_of(db: Db, owners: Iterable[tuple[str, UUID]]) -> Keys:
    """The data keys of many owners (kind, id) in one query, without those that are gone."""
    wanted = set(owners)
    rows = await db.execute(
        select(DataKey.owner_kind, DataKey.owner_id, DataKey.master_key, DataKey.wrapped).where(
            DataKey.organization_id == db.organization_id,
            DataKey.owner_kind.in_({kind for kind, _ in wanted}),
            DataKey.owner_id.in_({owner for _, owner in wanted}),
        )
    )
    found: Keys = {}
    for kind, owner, name, wrapped in rows:
        with suppress(KeyMissing):
            found[kind, owner] = unwrap(name, wrapped, place_of(db.organization_id, kind, owner))
    return found


def opened(db: Db, keys: Keys, column: str, kind: str, owner: UUID, row: UUID, sealed: Sealed) -> str | None:
    """One text by keys at hand; None when its key is not among them."""
    key = keys.get((kind, owner))
    try:
        return decrypt(key, _where(db, column, owner, row), sealed) if key else None
    except KeyMissing:
        return None


async def unseal_each(db: Db, column: str, kind: str, sealed: Iterable[tuple[UUID, UUID, Sealed]]) -> dict[UUID, str]:
    """Decrypt texts of many owners, given as (row, owner, ciphertext), by row id in one query.

    One whose key is gone is left out.
    """
    rows = list(sealed)
    if not rows:
        return {}
    keys = await keys_of(db, {(kind, owner) for _, owner, _ in rows})
    texts = {id: opened(db, keys, column, kind, owner, id, text) for id, owner, text in rows}
    return {id: text for id, text in texts.items() if text is not None}


def hash_token(token: str) -> bytes:
    """How a token is stored: SHA-256, as tokens are 256 random bits."""
    return hashlib.sha256(token.encode()).digest()
