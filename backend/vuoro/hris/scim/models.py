"""Tables of directory connections: who may provision, what they said of whom, groups with their rules, the log."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import TEXT, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core import clock
from vuoro.core.actor import Role
from vuoro.core.db import TenantModel, Versioned, generated, tenant_fk
from vuoro.programs.states import Side

Preset = Literal["generic", "okta", "entra"]
ConnectionState = Literal["active", "paused"]
ScopeField = Literal["country", "site", "division", "department", "team", "costCenter", "title"]


class ScimConnection(Versioned, TenantModel):
    """One identity provider that keeps the directory.

    People whose `scope_field` is none of `scope_values` come as graph only; without a field everybody is a full member.
    """

    __tablename__ = "scim_connections"
    client_id: Mapped[UUID]
    name: Mapped[str]
    preset: Mapped[Preset] = mapped_column(TEXT)
    state: Mapped[ConnectionState] = mapped_column(TEXT, default="active")
    scope_field: Mapped[ScopeField | None] = mapped_column(TEXT)
    scope_values: Mapped[list[str]] = mapped_column(default=list)
    last_seen_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("client_id", "api_clients"),
        UniqueConstraint("organization_id", "client_id"),
    )


class ScimUser(TenantModel):
    """What a connection said of a person, by attribute; it owns the fields that are named here. `id` is the person's.

    `deleted_at`: the connection took the person away; they are hidden from it until they come again.
    """

    __tablename__ = "scim_users"
    connection_id: Mapped[UUID]
    external_id: Mapped[str | None]
    said: Mapped[dict[str, Any]]
    deleted_at: Mapped[datetime | None]
    __mapper_args__ = {"exclude_properties": ["number"]}
    __table_args__ = (
        generated("number", "lower(said ->> 'employeeNumber')"),
        tenant_fk("id", "people", ondelete="CASCADE"),
        tenant_fk("connection_id", "scim_connections", ondelete="CASCADE"),
        Index("scim_users_connection_idx", "organization_id", "connection_id"),
        Index("scim_users_external_idx", "organization_id", "external_id"),
        Index("scim_users_number_idx", "organization_id", "number", postgresql_where="number is not null"),
    )


class ScimGroup(Versioned, TenantModel):
    """A group of one connection."""

    __tablename__ = "scim_groups"
    connection_id: Mapped[UUID]
    external_id: Mapped[str | None]
    display_name: Mapped[str]
    __mapper_args__ = {"exclude_properties": ["shown_name"]}
    __table_args__ = (
        generated("shown_name", "lower(display_name)"),
        tenant_fk("connection_id", "scim_connections", ondelete="CASCADE"),
        Index("scim_groups_name_key", "organization_id", "connection_id", "shown_name", unique=True),
        Index("scim_groups_external_idx", "organization_id", "external_id"),
    )


class ScimMember(TenantModel):
    """Who belongs to a group: a person or another group."""

    __tablename__ = "scim_members"
    group_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    child_id: Mapped[UUID | None]
    __table_args__ = (
        tenant_fk("group_id", "scim_groups", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        tenant_fk("child_id", "scim_groups", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "group_id", "person_id", "child_id", postgresql_nulls_not_distinct=True),
        Index("scim_members_person_idx", "organization_id", "person_id"),
        Index("scim_members_child_idx", "organization_id", "child_id"),
    )


class ScimGroupRule(TenantModel):
    """What belonging to a group gives: a role, in one program or in all, or a part in a program."""

    __tablename__ = "scim_group_rules"
    group_id: Mapped[UUID]
    role: Mapped[Role | None] = mapped_column(TEXT)
    part: Mapped[Side | None] = mapped_column(TEXT)
    program_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (
        tenant_fk("group_id", "scim_groups", ondelete="CASCADE"),
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        UniqueConstraint(
            "organization_id", "group_id", "role", "part", "program_id", postgresql_nulls_not_distinct=True
        ),
    )


class ScimGiven(TenantModel):
    """What a rule gave to a person, so that leaving the group takes that away and nothing else."""

    __tablename__ = "scim_given"
    rule_id: Mapped[UUID]
    person_id: Mapped[UUID]
    grant_id: Mapped[UUID | None]
    __table_args__ = (
        tenant_fk("rule_id", "scim_group_rules", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "rule_id", "person_id"),
        Index("scim_given_person_idx", "organization_id", "person_id"),
    )


class ScimLogEntry(TenantModel):
    """One thing that went wrong, or was not understood: what kind of request, which attribute, never a value."""

    __tablename__ = "scim_log"
    connection_id: Mapped[UUID]
    at: Mapped[datetime]
    method: Mapped[str]
    path: Mapped[str]
    status: Mapped[int]
    scim_type: Mapped[str | None]
    code: Mapped[str]
    attribute: Mapped[str | None]
    person_id: Mapped[UUID | None]
    __table_args__ = (
        tenant_fk("connection_id", "scim_connections", ondelete="CASCADE"),
        Index("scim_log_newest_idx", "organization_id", "connection_id", "id"),
        Index("scim_log_person_idx", "organization_id", "person_id"),
        Index("scim_log_at_idx", "organization_id", "at"),
    )
