"""Directory connections on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from vuoro.core.actor import Role
from vuoro.core.fields import LINE
from vuoro.core.wire import Can, In, Moment, Out
from vuoro.hris.scim.models import ConnectionState, Preset, ScopeField
from vuoro.people.schemas import PersonRef
from vuoro.programs.states import Side

CheckState = Literal["ok", "warning", "error"]
# Those who may come from a group; a delegate is named by the executive alone.
GroupRole = Literal["programme_manager", "sponsor", "safeguarding_contact", "organization_admin"]
Value = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE, strip_whitespace=True)]
ConnectionName = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=LINE)]


class ScimScope(In):
    """Who comes as a full member: people with one of these values; all others as graph only, id and manager alone."""

    field: ScopeField
    values: list[Value] = Field(min_length=1, max_length=200)


class ScimConnectionIn(In):
    """A new connection. Without `scope` everybody is a full member."""

    name: ConnectionName = Field(examples=["Entra ID"])
    preset: Preset
    scope: ScimScope | None = None


class ScimConnectionPatch(In):
    """What of a connection changes. `scope` null: everybody is a full member from their next change on."""

    name: ConnectionName = ""
    preset: Preset = "generic"
    state: ConnectionState = "active"
    scope: ScimScope | None = None


class ScimScopeOut(Out):
    """Who comes as a full member."""

    field: ScopeField
    values: list[str]


class ScimCounts(Out):
    """How many people and groups a connection keeps, and how many of its requests failed in the last day."""

    people: int
    inactive: int
    graph_only: int
    groups: int
    errors: int


class ScimConnectionOut(Out):
    """One identity provider that keeps people and groups. `secret` is shown once, when the connection is made."""

    id: UUID
    name: str
    preset: Preset
    state: ConnectionState
    scope: ScimScopeOut | None
    url: str
    client_id: UUID
    secret: str | None
    last_seen_at: Moment | None
    counts: ScimCounts
    version: int
    created_at: Moment
    updated_at: Moment
    can: Can


class ScimConnectionPage(Out):
    """One page of connections."""

    items: list[ScimConnectionOut]
    next_cursor: str | None


class ScimLogItem(Out):
    """One request that failed, or an attribute that was not understood (status 200)."""

    id: UUID
    at: Moment
    method: str
    path: str
    status: int
    scim_type: str | None
    code: str
    attribute: str | None
    person: PersonRef | None


class ScimLogPage(Out):
    """One page of a connection's log, newest first."""

    items: list[ScimLogItem]
    next_cursor: str | None


class ScimCheck(Out):
    """One thing that was looked at. `count` of `total` people are concerned, where it is about people."""

    code: Literal[
        "reached", "paused", "no_contact", "quiet", "errors", "unknown_managers", "no_hire_date", "no_level", "no_team",
        "no_mail", "fields_complete",
    ]  # fmt: skip
    state: CheckState
    count: int
    total: int


class ScimChecks(Out):
    """How a connection is doing, worst first."""

    items: list[ScimCheck]
    next_cursor: str | None


class UnknownManager(Out):
    """Somebody whose manager the directory does not know; they cannot be paired until it does."""

    person: PersonRef
    manager: str


class UnknownManagerPage(Out):
    """One page of people whose manager is unknown."""

    items: list[UnknownManager]
    next_cursor: str | None


class ScimRuleIn(In):
    """What a group gives: `role` (in one program or everywhere), or with `part` an invitation into a program."""

    role: GroupRole | None = None
    part: Side | None = None
    program_id: UUID | None = None


class ScimRuleOut(Out):
    """What a group gives."""

    id: UUID
    role: Role | None
    part: Side | None
    program_id: UUID | None
    program_name: str | None
    created_at: Moment


class ScimGroupOut(Out):
    """A group that a connection brought, with what it gives to its members."""

    id: UUID
    display_name: str
    members: int
    rules: list[ScimRuleOut]
    updated_at: Moment
    can: Can


class ScimGroupPage(Out):
    """One page of groups by name."""

    items: list[ScimGroupOut]
    next_cursor: str | None
