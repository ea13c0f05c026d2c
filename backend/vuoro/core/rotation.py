"""Rotation of the master key: every data key is wrapped anew by the newest of the ring, while the service runs.

Texts stay as they are. A run that was ended goes on where it was, since it looks only for what is left.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import LargeBinary, Text, Uuid, bindparam, column, func, select, text, update

from vuoro.core.crypto import DataKey, KeyMissing, place_of, unwrap, wrap
from vuoro.core.db import Database, Db
from vuoro.core.settings import SettingsError, settings

BATCH = 500
_SAMPLES = text("select * from key_samples()").columns(
    column("organization_id", Uuid), column("owner_kind", Text), column("owner_id", Uuid),
    column("master_key", Text), column("wrapped", LargeBinary),
)  # fmt: skip


async def refuse_wrong_keys(db: Db) -> None:
    """SettingsError when the ring lacks a master key that data keys are wrapped by, or has another under its name."""
    faults = []
    for row in await db.execute(_SAMPLES):
        try:
            unwrap(row.master_key, row.wrapped, place_of(row.organization_id, row.owner_kind, row.owner_id))
        except KeyMissing:
            known = row.master_key in settings().key_ring
            faults.append(
                f"VUORO_MASTER_KEYS: the key {row.master_key} "
                + ("is not the one that this database was encrypted with" if known else "is missing")
                + "; without it what people wrote cannot be read"
            )
    if faults:
        raise SettingsError("\n".join(faults))


async def rotate(database: Database, tell: Callable[[int, int], Any]) -> int:
    """Wrap what is left by the newest master key, a batch a transaction; how many there were.

    Args:
        database: as vuoro_migrator, which sees every organization's keys.
        tell: called with (done, in all).

    Raises:
        SettingsError: a master key that is needed is not in the ring, or not the right one.
    """
    newest = next(iter(settings().key_ring), None)
    if newest is None:
        raise SettingsError("VUORO_MASTER_KEYS is missing; make one with `vuoro new-key`")
    left = DataKey.master_key != newest
    async with database.transaction() as db:
        await refuse_wrong_keys(db)
        total = await db.scalar(select(func.count()).select_from(DataKey).where(left)) or 0
    done = 0
    tell(done, total)
    while True:
        async with database.transaction() as db:
            count = await _batch(db, left)
        if not count:
            return done
        done += count
        tell(done, max(total, done))


async def _batch(db: Db, left: Any) -> int:
    rows = (
        await db.execute(
            select(DataKey.organization_id, DataKey.id, DataKey.owner_kind, DataKey.owner_id, DataKey.master_key,
                   DataKey.wrapped)
            .where(left).order_by(DataKey.organization_id, DataKey.id).limit(BATCH).with_for_update()
        )
    ).all()  # fmt: skip
    if not rows:
        return 0
    changed = []
    for row in rows:
        place = place_of(row.organization_id, row.owner_kind, row.owner_id)
        name, wrapped = wrap(unwrap(row.master_key, row.wrapped, place), place)
        changed.append({"o": row.organization_id, "i": row.id, "name": name, "bytes": wrapped})
    connection = await db.connection()
    await connection.execute(
        update(DataKey.__table__)  # type: ignore[arg-type]
        .where(DataKey.organization_id == bindparam("o"), DataKey.id == bindparam("i"))
        .values(master_key=bindparam("name"), wrapped=bindparam("bytes")),
        changed,
    )
    return len(rows)
