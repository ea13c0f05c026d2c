"""The database: one transaction a request, the tenant set with BEGIN, and the only COMMIT of the program."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    TEXT,
    BindParameter,
    Column,
    Computed,
    DateTime,
    ForeignKeyConstraint,
    MetaData,
    Row,
    Select,
    Uuid,
    bindparam,
    event,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.errors import NotFound, PreconditionFailed

NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


#: Rows that are taken in one turn of the event loop.
CHUNK = 250


class Model(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012
        datetime: DateTime(timezone=True),
        UUID: postgresql.UUID(as_uuid=True),
        dict[str, Any]: postgresql.JSONB,
        list[dict[str, Any]]: postgresql.JSONB,
        list[str]: postgresql.ARRAY(postgresql.TEXT),
        str: postgresql.TEXT,
    }


class TenantModel(Model):
    """A row of one organization: the key is `(organization_id, id)`, and so is every foreign key to it."""

    __abstract__ = True
    organization_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.uuid7, sort_order=-1)


M = TypeVar("M", bound=TenantModel)


class Versioned:
    """Adds what a changeable object carries: its version for ETags, and when it came and changed."""

    version: Mapped[int] = mapped_column(default=1, sort_order=90)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, sort_order=91)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, sort_order=92)


def uuids(values: Iterable[UUID | None]) -> BindParameter[Any]:
    """Ids as one array, for `any_` and `unnest`: one parameter, and so one statement however many they are."""
    return bindparam(None, list(values), ARRAY(Uuid()), unique=True)


def tenant_fk(column: str, target: str, **options: Any) -> ForeignKeyConstraint:
    """A composite foreign key from `(organization_id, column)` to `target`, which row-level security cannot skip."""
    return ForeignKeyConstraint(["organization_id", column], [f"{target}.organization_id", f"{target}.id"], **options)


def generated(name: str, expression: str) -> Column[Any]:
    """A stored column to find rows by: behind row-level security no index on `lower` is used, which is not leakproof.

    Leave it out of the mapper, which would read it again after each write.
    """
    return Column(name, TEXT, Computed(expression, persisted=True))


class Db(AsyncSession):
    """The handle that services get: a session inside one transaction of one organization."""

    me: Actor
    raw: Any

    @property
    def organization_id(self) -> UUID:
        """The tenant that this transaction is bound to."""
        return self.me.organization_id

    async def become(self, actor: Actor) -> None:
        """Bind the rest of the transaction to the actor's organization and person."""
        self.me = actor
        await self.execute(_BIND, {"organization": str(actor.organization_id), "person": str(actor.person_id or "")})

    async def each(self, query: Select[*tuple[Any, ...]]) -> AsyncIterator[Row[*tuple[Any, ...]]]:
        """The rows of a query that may have many: taken in chunks, between which the event loop serves others."""
        found = await self.stream(query, execution_options={"yield_per": CHUNK})
        async for rows in found.partitions():
            for row in rows:
                yield row

    async def find(self, model: type[M], id: UUID, *, lock: bool = False) -> M | None:
        """One row of this organization by its id, locked for change when asked; None where there is none."""
        return await self.get(model, (self.organization_id, id), with_for_update=lock or None)

    @asynccontextmanager
    async def part(self) -> AsyncIterator[None]:
        """A part of the transaction that is undone alone when it raises; rows read before are then forgotten.

        Plain statements of one name: a savepoint whose name is new each time would be prepared anew each time.
        """
        await self.flush()
        await self.raw.execute("SAVEPOINT part")
        try:
            yield
            await self.flush()
        except BaseException:
            await self.raw.execute("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part")
            await self.rollback()  # of what the session remembers; the transaction is the raw connection's
            self.expunge_all()
            raise
        await self.raw.execute("RELEASE SAVEPOINT part")

    async def locked(self, model: type[M], id: UUID, version: int | None = None) -> M:
        """One row, locked for change; NotFound, or PreconditionFailed when `version` is given and is not its own."""
        row = await self.get(model, (self.organization_id, id), with_for_update=True, populate_existing=True)
        if row is None:
            raise NotFound
        if version is not None and cast(Any, row).version != version:
            raise PreconditionFailed
        return row


_BIND = text(
    "select set_config('vuoro.organization_id', :organization, true), set_config('vuoro.person_id', :person, true)"
)


_LOGIN = text(
    "select current_user as login, rolsuper or rolbypassrls as mighty,"
    " exists (select 1 from pg_roles w where w.rolname = :role and pg_has_role(r.oid, w.oid, 'member')) as is_role,"
    " (select string_agg(w.rolname, ', ' order by w.rolname) from pg_roles w where w.rolname like 'vuoro\\_%'"
    " and w.rolname <> :role and pg_has_role(r.oid, w.oid, 'member')) as others"
    " from pg_roles r where rolname = current_user"
)


def touch(row: Versioned) -> None:
    """Mark a changed object: next version, changed now."""
    row.version += 1
    row.updated_at = clock.now()


class Database:
    """Connections of one database role."""

    def __init__(self, dsn: str, *, pool_size: int = 10, statement_timeout_ms: int = 15_000) -> None:
        # AUTOCOMMIT: the driver opens no transaction of its own; BEGIN and the tenant go in one message below.
        self.engine: AsyncEngine = create_async_engine(
            dsn.replace("postgresql://", "postgresql+asyncpg://", 1),
            isolation_level="AUTOCOMMIT",
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_use_lifo=True,
            connect_args={
                "timeout": 5,
                "server_settings": {
                    "application_name": "vuoro",
                    "statement_timeout": str(statement_timeout_ms),
                    "lock_timeout": "5000",
                    "idle_in_transaction_session_timeout": "60000",
                },
            },
        )
        event.listen(self.engine.sync_engine, "checkout", _drop_closed)

    @asynccontextmanager
    async def transaction(self, actor: Actor | None = None) -> AsyncIterator[Db]:
        """One transaction, committed when the block ends well and rolled back when it raises.

        With an actor, organization and person are set from the first statement on. Without one, row-level
        security shows nothing until `Db.become`.
        """
        async with self.engine.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            assert raw is not None
            organization, person = (actor.organization_id, actor.person_id or "") if actor else ("", "")
            try:
                await raw.execute(
                    f"BEGIN; SELECT set_config('vuoro.organization_id', '{organization}', true), "
                    f"set_config('vuoro.person_id', '{person}', true)"
                )
                async with Db(bind=connection, expire_on_commit=False, autoflush=True) as db:
                    db.raw = raw
                    if actor is not None:
                        db.me = actor
                    yield db
                    await db.flush()
                    await raw.execute("COMMIT")
            except BaseException:
                await _undo(raw)
                raise

    async def unfit_for(self, role: str) -> str | None:
        """Why this login is none to work as `role` with, or None: policies and grants bind the right one alone."""
        async with self.engine.connect() as connection:
            row = (await connection.execute(_LOGIN, {"role": role})).one()
        if row.mighty:
            return "logs in as a role that bypasses row-level security (superuser or BYPASSRLS)"
        if not row.is_role:
            return f"logs in as {row.login}, which is not {role}"
        if row.others:
            return f"logs in as {row.login}, which is also {row.others} and so may do what {role} must not"
        return None

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def _undo(raw: Any) -> None:
    """Roll back; a connection that cannot must not go back to the pool with half a transaction on it."""
    try:
        if not raw.is_closed():
            await raw.execute("ROLLBACK")
    except BaseException:  # noqa: BLE001 - the caller raises the first fault, the one to tell of
        raw.terminate()


def _drop_closed(connection: Any, _record: object, _proxy: object) -> None:
    """Never hand out a connection whose server has gone: the pool then opens new ones."""
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError
