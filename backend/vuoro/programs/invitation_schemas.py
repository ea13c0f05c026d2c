"""Invitations, by name and by link, on the wire."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, TypeAdapter, model_validator

from vuoro.core.wire import Can, Email, In, Localized, Moment, Out
from vuoro.people.schemas import PersonRef
from vuoro.programs.schemas import ProgramTermsOut
from vuoro.programs.states import InvitationState, Side

_JOINING = Path(__file__).parent / "joining.json"


class InviteeIn(In):
    """Somebody to invite: a person of the directory, by id or by work mail."""

    person_id: UUID | None = None
    work_email: Email | None = None
    role: Side

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.person_id is None) == (self.work_email is None):
            raise ValueError("say either person_id or work_email")
        return self


class InvitationsIn(In):
    """Whom to invite, and into which cohort (the newest when empty)."""

    people: list[InviteeIn] = Field(min_length=1, max_length=500)
    cohort_id: UUID | None = None


class InvitationLine(Out):
    """What became of one line of the list; `rule` says why somebody is not eligible."""

    index: int
    person: PersonRef | None
    work_email: str | None
    role: Side
    outcome: Literal["invited", "already", "unknown", "not_eligible"]
    rule: Literal["on_leave", "tenure_too_short", "asked_recently"] | None
    invitation_id: UUID | None


class InvitationsOut(Out):
    """What became of a list, line by line."""

    invited: int
    items: list[InvitationLine]


class InvitationOut(Out):
    """A person asked to take part."""

    id: UUID
    program_id: UUID
    enrollment_id: UUID
    person: PersonRef
    role: Side
    state: InvitationState
    sent_at: Moment
    due_at: Moment
    version: int
    created_at: Moment
    can: Can


class InvitationPage(Out):
    """One page of invitations."""

    items: list[InvitationOut]
    next_cursor: str | None


class InvitationLinkIn(In):
    """A link by which people of the organization apply."""

    role: Side
    cohort_id: UUID | None = None
    expires_on: date | None = Field(None, description="the last day on which it works; empty: until it is revoked")
    max_uses: int | None = Field(None, ge=1, le=10_000)


class InvitationLinkOut(Out):
    """A link. `code` and `url` are told once, when it is made; afterwards only a hash of it is known."""

    id: UUID
    program_id: UUID
    cohort_id: UUID
    role: Side
    code: str | None
    url: str | None
    expires_at: Moment | None
    max_uses: int | None
    uses: int
    state: Literal["open", "used_up", "expired", "revoked"]
    version: int
    created_at: Moment
    can: Can


class InvitationLinkPage(Out):
    """One page of links."""

    items: list[InvitationLinkOut]
    next_cursor: str | None


class Joining(Out):
    """What one side gains by taking part, and what is asked of it."""

    why: list[Localized]
    asked: list[Localized]


class InvitationCard(Out):
    """What somebody reads who was invited, by name or by link."""

    program_id: UUID
    program: str
    purpose: Localized
    role: Side
    sessions: int
    session_minutes: int
    starts_on: date | None
    why: list[Localized]
    asked: list[Localized]
    answer_by: Moment | None
    terms: ProgramTermsOut | None
    can: Can


@lru_cache
def joining() -> dict[Side, Joining]:
    """Why people take part and what is asked, by side."""
    found: dict[Side, Joining] = TypeAdapter(Annotated[dict[Side, Joining], Field()]).validate_json(
        _JOINING.read_bytes()
    )
    return found
