"""Who is calling: a person with grants, or an API client with scopes."""

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

Role = Literal["programme_manager", "sponsor", "safeguarding_contact", "delegate", "organization_admin"]
Scope = Literal["people:read", "people:write", "programs:read", "pairs:read", "insights:read"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
# What an app may do for a person: look, or act as well.
AppScope = Literal["me:read", "me:write"]
APP_SCOPES: tuple[AppScope, ...] = ("me:read", "me:write")
ROLES: tuple[Role, ...] = ("programme_manager", "sponsor", "safeguarding_contact", "delegate", "organization_admin")


@dataclass(frozen=True, slots=True)
class Held:
    """A role that the caller holds: in one program, or in the whole organization when `program_id` is None."""

    role: Role
    program_id: UUID | None


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller of one request, or the worker acting for an organization (neither person nor client)."""

    organization_id: UUID
    person_id: UUID | None = None
    client_id: UUID | None = None
    grants: tuple[Held, ...] = ()
    scopes: frozenset[str] = frozenset()
    token_hash: bytes | None = None

    @property
    def id(self) -> UUID:
        """The person or client, or the organization itself for the worker; keys what the caller owns."""
        return self.person_id or self.client_id or self.organization_id

    @property
    def is_system(self) -> bool:
        """Whether this is the worker, which acts for nobody in particular."""
        return self.person_id is None and self.client_id is None

    @property
    def is_app(self) -> bool:
        """Whether an app acts for the person, within what they let it do."""
        return self.person_id is not None and bool(self.scopes)

    @property
    def is_admin(self) -> bool:
        """Whether the caller is an organization admin (HR or IT)."""
        return any(held.role == "organization_admin" for held in self.grants)

    def manages(self, program_id: UUID) -> bool:
        """Whether the caller is programme manager of this program."""
        return any(held.role == "programme_manager" and held.program_id in (None, program_id) for held in self.grants)

    @property
    def managed_programs(self) -> set[UUID] | None:
        """Programs the caller manages; None means every one of the organization."""
        managed = [held.program_id for held in self.grants if held.role == "programme_manager"]
        return None if None in managed else {program for program in managed if program is not None}

    def has_scope(self, scope: str) -> bool:
        """Whether an API client, or the app that acts for a person, was given this scope."""
        return scope in self.scopes
