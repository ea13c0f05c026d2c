"""Tables of the directory: persons, dotted lines, units, skills and topics."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, TEXT, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.db import TenantModel, Versioned, generated, tenant_fk


class Person(Versioned, TenantModel):
    """Somebody who works, or worked, in the organization.

    `manager_external_id` is what the source said; `manager_id` is the person it resolved to. `line` tells whether
    the chain of managers is known up to somebody without one, `origins` who set which field last: origins.py. To be
    found by, in lower case: `scim_name`, which is shown as userName, `shown_name`, `number`, the external id, and
    `awaited`, the manager who is not known yet.
    """

    __tablename__ = "people"
    external_id: Mapped[str]
    user_name: Mapped[str | None]
    given_name: Mapped[str | None]
    family_name: Mapped[str | None]
    display_name: Mapped[str]
    work_email: Mapped[str | None]
    title: Mapped[str | None]
    job_level: Mapped[int | None]
    division: Mapped[str | None]
    department: Mapped[str | None]
    team: Mapped[str | None]
    cost_center: Mapped[str | None]
    site: Mapped[str | None]
    country: Mapped[str | None]
    time_zone: Mapped[str | None]
    languages: Mapped[dict[str, Any]]
    preferred_language: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="active")
    hire_on: Mapped[date | None]
    end_on: Mapped[date | None]
    manager_external_id: Mapped[str | None]
    manager_id: Mapped[UUID | None]
    line: Mapped[str] = mapped_column(default="top")
    graph_only: Mapped[bool] = mapped_column(default=False)
    origins: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    deleted_at: Mapped[datetime | None]
    __mapper_args__ = {"exclude_properties": ["scim_name", "shown_name", "number", "awaited"]}
    __table_args__ = (
        generated("scim_name", "lower(coalesce(user_name, work_email, external_id))"),
        generated("shown_name", "lower(display_name)"),
        generated("number", "lower(external_id)"),
        generated("awaited", "case when manager_id is null then lower(manager_external_id) else null::text end"),
        tenant_fk("manager_id", "people"),
        UniqueConstraint("organization_id", "external_id"),
        UniqueConstraint("organization_id", "work_email"),  # stored in lower case
        Index(
            "people_user_name_key",
            "organization_id",
            text("lower(user_name)"),
            unique=True,
            postgresql_where="user_name is not null",
        ),
        Index("people_scim_name_idx", "organization_id", "scim_name"),
        Index("people_shown_name_idx", "organization_id", "shown_name"),
        Index("people_number_idx", "organization_id", "number"),
        Index("people_awaited_idx", "organization_id", "awaited", postgresql_where="awaited is not null"),
        Index("people_display_name_idx", "organization_id", "display_name", "id"),
        Index("people_job_level_idx", "organization_id", "job_level", "id"),
        Index("people_manager_idx", "organization_id", "manager_id"),
        Index(
            "people_waiting_idx",
            "organization_id",
            "manager_external_id",
            postgresql_where="manager_id is null and manager_external_id is not null",
        ),
        Index("people_division_idx", "organization_id", "division", "display_name", "id"),
        Index("people_department_idx", "organization_id", "department", "display_name", "id"),
        Index("people_team_idx", "organization_id", "team", "display_name", "id"),
        Index("people_site_idx", "organization_id", "site", "display_name", "id"),
        Index("people_status_idx", "organization_id", "status", "display_name", "id"),
        Index("people_line_idx", "organization_id", "line", "display_name", "id"),
        Index("people_updated_idx", "organization_id", "updated_at", "id"),
    )


class DottedLine(TenantModel):
    """A second manager of a person; `manager_id` is empty while the directory does not know them."""

    __tablename__ = "dotted_lines"
    person_id: Mapped[UUID]
    manager_external_id: Mapped[str]
    manager_id: Mapped[UUID | None]
    __table_args__ = (
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        tenant_fk("manager_id", "people"),
        UniqueConstraint("organization_id", "person_id", "manager_external_id"),
        Index("dotted_lines_manager_idx", "organization_id", "manager_id"),
        Index(
            "dotted_lines_waiting_idx", "organization_id", "manager_external_id", postgresql_where="manager_id is null"
        ),
    )


class Unit(Versioned, TenantModel):
    """A part of the organization: whoever the directory has in one of its divisions, departments or sites.

    Roles may be held in it, and programs may be its own.
    """

    __tablename__ = "units"
    name: Mapped[str]
    divisions: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    departments: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    sites: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    __table_args__ = (UniqueConstraint("organization_id", "name"),)


class Skill(TenantModel):
    """Something that can be taught, e.g. short video."""

    __tablename__ = "skills"
    slug: Mapped[str]
    name: Mapped[dict[str, Any]]
    __table_args__ = (UniqueConstraint("organization_id", "slug"),)


class Topic(TenantModel):
    """Something to talk about, e.g. recruiting people like me."""

    __tablename__ = "topics"
    slug: Mapped[str]
    name: Mapped[dict[str, Any]]
    __table_args__ = (UniqueConstraint("organization_id", "slug"),)
