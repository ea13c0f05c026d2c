"""Who is calling: a person with grants, or an API client with scopes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

Role = Literal["programme_manager", "sponsor", "safeguarding_contact", "delegate", "organization_admin"]
Scope = Literal["people:read", "people:write", "programs:read", "pairs:read", "insights:read", "scim"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
# What an app may do for a person: look, or act as well.
AppScope = Literal["me:read", "me:write"]
APP_SCOPES: tuple[AppScope, ...] = ("me:read", "me:write")
Method = Literal["mail", "shell", "passkey", "oidc", "demo"]
ROLES: tuple[Role, ...] = ("programme_manager", "sponsor", "safeguarding_contact", "delegate", "organization_admin")
# Whoever holds one of these sees or changes what is others': a mailbox alone must not open it.
GUARDED_ROLES = frozenset({"programme_manager", "organization_admin"})
STRONG_METHODS = frozenset({"passkey", "oidc"})
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Held:
    """A role that the caller holds: in one program, in one unit, or in the whole organization when both are None.

    A role in a unit comes once for the unit itself and once more for each of its programs.
    """

    role: Role
    program_id: UUID | None
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller of one request, or the worker acting for an organization (neither person nor client).

    `login_id`, `method`, `strong` and `signed_in_at` tell of a person's sign-in: how, by more than a mailbox or not,
    and when they last proved who they are (None where nobody knows).
    """

    organization_id: UUID
    person_id: UUID | None = None
    client_id: UUID | None = None
    grants: tuple[Held, ...] = ()
    scopes: frozenset[str] = frozenset()
    token_hash: bytes | None = None
    login_id: UUID | None = None
    method: Method | None = None
    strong: bool = False
    signed_in_at: datetime | None = None

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
        """Whether the caller is an organization admin (HR or IT) of the whole organization."""
        return self.programs_of("organization_admin") is None

    @property
    def needs_strong(self) -> bool:
        """Whether the caller's roles ask for a passkey or the organization's own sign-in."""
        return any(held.role in GUARDED_ROLES for held in self.grants)

    def is_fresh(self, now: datetime) -> bool:
        """Whether the caller proved within ten minutes who they are."""
        return self.signed_in_at is not None and now - self.signed_in_at <= FRESH

    def manages(self, program_id: UUID) -> bool:
        """Whether the caller is programme manager of this program."""
        managed = self.managed_programs
        return managed is None or program_id in managed

    def programs_of(self, *roles: Role) -> set[UUID] | None:
        """Programs in which the caller holds one of these roles; None means every one of the organization."""
        held = [one for one in self.grants if one.role in roles]
        if any(one.program_id is None and one.unit_id is None for one in held):
            return None
        return {one.program_id for one in held if one.program_id is not None}

    @property
    def managed_programs(self) -> set[UUID] | None:
        """Programs the caller manages; None means every one of the organization."""
        return self.programs_of("programme_manager")

    @property
    def set_up_programs(self) -> set[UUID] | None:
        """Programs the caller sets up, as their manager or as an admin; None means every one of the organization."""
        return self.programs_of("programme_manager", "organization_admin")

    @property
    def units(self) -> set[UUID]:
        """Units of which the caller is manager or admin."""
        return {held.unit_id for held in self.grants if held.unit_id is not None and held.role in GUARDED_ROLES}

    @property
    def manages_outside_units(self) -> bool:
        """Whether the caller manages the whole organization's programs, or one that was given to them by itself."""
        return any(held.role == "programme_manager" and held.unit_id is None for held in self.grants)

    def has_scope(self, scope: str) -> bool:
        """Whether an API client, or the app that acts for a person, was given this scope."""
        return scope in self.scopes
