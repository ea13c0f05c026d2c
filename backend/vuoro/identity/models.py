"""Tables of organizations, roles, API clients and sign-in tokens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core import clock
from vuoro.core.actor import Role, Scope
from vuoro.core.db import Model, TenantModel, Versioned, tenant_fk
from vuoro.core.words import Locale


class Organization(Versioned, Model):
    """A tenant: one company."""

    __tablename__ = "organizations"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.uuid7)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    locales: Mapped[list[Locale]] = mapped_column(ARRAY(TEXT))
    default_locale: Mapped[Locale] = mapped_column(TEXT)
    time_zone: Mapped[str]


class Grant(TenantModel):
    """A role of a person: in one program, in one unit, or in the whole organization."""

    __tablename__ = "grants"
    person_id: Mapped[UUID]
    role: Mapped[Role] = mapped_column(TEXT)
    program_id: Mapped[UUID | None]
    unit: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        UniqueConstraint(
            "organization_id", "person_id", "role", "program_id", "unit", postgresql_nulls_not_distinct=True
        ),
    )


class Preferences(Versioned, Model):
    """What a person chose for themselves."""

    __tablename__ = "preferences"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    locale: Mapped[Locale | None] = mapped_column(TEXT)
    time_zone: Mapped[str | None]
    __table_args__ = (tenant_fk("person_id", "people", ondelete="CASCADE"),)


class ApiClient(TenantModel):
    """A machine that calls the API: an HRIS, a BI tool, a script."""

    __tablename__ = "api_clients"
    name: Mapped[str]
    scopes: Mapped[list[Scope]] = mapped_column(ARRAY(TEXT))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    revoked_at: Mapped[datetime | None]


class Token(Model):
    """A sign-in, a one-time link or an API key: only its hash is kept. Owned by vuoro_auth."""

    __tablename__ = "tokens"
    hash: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[str]
    organization_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    expires_at: Mapped[datetime | None]
    idle_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]
    __table_args__: Any = (
        Index("tokens_person_idx", "organization_id", "person_id"),
        {"schema": "auth"},
    )


class RateLimit(Model):
    """When a key (an address that signs in, a mail address) is free again; lost in a crash, which is fine."""

    __tablename__ = "rate_limits"
    key: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[datetime]
    __table_args__: Any = ({"schema": "auth", "prefixes": ["UNLOGGED"]},)
