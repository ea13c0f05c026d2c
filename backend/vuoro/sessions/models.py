"""Tables of sessions (meetings of a pair), their moves, agendas, what the two write around them, who books for whom."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, TEXT, ColumnElement, DateTime, Index, UniqueConstraint, or_, true
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core.crypto import Encrypted, Sealed
from vuoro.core.db import TenantModel, Versioned, tenant_fk
from vuoro.pairs.access import Side
from vuoro.sessions.states import Lane, Visibility


class Session(Versioned, TenantModel):
    """One meeting of a pair; the states are in sessions/states.py. Times are UTC, with the zone it was planned in.

    A shadow has no `number`: it stands outside the arc. `reason_class`, `cancelled_by`, `mentor_miss` and
    `mentee_miss` (each side's own word on who missed it: me, them, both) are read by nobody but the promise ledger.
    `cancellation_counts`: an executive's, and not the first. `mentor_pulse` and `mentee_pulse` tell whether that side
    has given its pulse.
    """

    __tablename__ = "sessions"
    pair_id: Mapped[UUID]
    number: Mapped[int | None]
    kit: Mapped[str]
    state: Mapped[str] = mapped_column(default="scheduled")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]
    place: Mapped[str | None]
    meeting_url: Mapped[str | None]
    reason_class: Mapped[str | None]
    cancelled_by: Mapped[UUID | None]
    held_at: Mapped[datetime | None]
    mentor_miss: Mapped[str | None]
    mentee_miss: Mapped[str | None]
    cancellation_counts: Mapped[bool] = mapped_column(default=False)
    mentor_pulse: Mapped[bool] = mapped_column(default=False)
    mentee_pulse: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        Index("sessions_pair_idx", "organization_id", "pair_id", "starts_at", "id"),
        Index("sessions_time_idx", "organization_id", "starts_at", "id"),
        Index("sessions_counted_idx", "organization_id", "pair_id", postgresql_where="cancellation_counts"),
        Index(
            "sessions_number_key",
            "organization_id",
            "pair_id",
            "number",
            unique=True,
            postgresql_where="state in ('proposed', 'scheduled', 'held')",
        ),
    )


class SessionMove(TenantModel):
    """One change of a session's time: `slots` are what was proposed, `to_starts_at` the first of them."""

    __tablename__ = "session_moves"
    session_id: Mapped[UUID]
    from_starts_at: Mapped[datetime]
    to_starts_at: Mapped[datetime]
    slots: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)), default=list)
    moved_by: Mapped[UUID]
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("session_id", "sessions", ondelete="CASCADE"),
        Index("session_moves_session_idx", "organization_id", "session_id"),
    )


class CalendarInvite(TenantModel):
    """How a session stands in the calendar of one of the two, as far as mails told it; read by the worker alone.

    `sequence` numbers what was told; `told` is a digest of the last of it, empty once the session was withdrawn.
    """

    __tablename__ = "calendar_invites"
    session_id: Mapped[UUID]
    person_id: Mapped[UUID]
    sequence: Mapped[int]
    told: Mapped[bytes | None]
    updated_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("session_id", "sessions", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "session_id", "person_id"),
        Index("calendar_invites_person_idx", "organization_id", "person_id"),
    )


class Agenda(TenantModel):
    """What a pair wants to talk about; its id is the session's. Encrypted with the pair's key."""

    __tablename__ = "agendas"
    pair_id: Mapped[UUID]
    text: Mapped[Sealed] = mapped_column(Encrypted)
    updated_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("id", "sessions", ondelete="CASCADE"),
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
    )


class Spark(TenantModel):
    """The one question or idea that the executive brings; its id is the session's. Encrypted with the pair's key."""

    __tablename__ = "sparks"
    pair_id: Mapped[UUID]
    text: Mapped[Sealed] = mapped_column(Encrypted)
    updated_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("id", "sessions", ondelete="CASCADE"),
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
    )


class Delegation(TenantModel):
    """Whose sessions an assistant books and moves; one delegate an executive."""

    __tablename__ = "delegations"
    executive_id: Mapped[UUID]
    delegate_id: Mapped[UUID]
    created_at: Mapped[datetime]
    __table_args__ = (
        tenant_fk("executive_id", "people", ondelete="CASCADE"),
        tenant_fk("delegate_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "executive_id"),
        Index("delegations_delegate_idx", "organization_id", "delegate_id"),
    )


class PairContent(Versioned, TenantModel):
    """What the two of a pair write; the text is encrypted with the pair's key."""

    __abstract__ = True
    pair_id: Mapped[UUID]
    text: Mapped[Sealed] = mapped_column(Encrypted)

    @property
    def sealed_by(self) -> tuple[str, UUID]:
        """Whose key opens the text: the kind of owner, and its id."""
        return "pair", self.pair_id

    @classmethod
    def readable_by(cls, _: UUID | None) -> ColumnElement[bool]:
        """Condition: this one of the pair may read it."""
        return true()


class Authored(PairContent):
    """What one of the two wrote: mine (for themselves, under their own key) or ours (for both, the pair's key).

    `edited_at` is when the text last changed.
    """

    __abstract__ = True
    session_id: Mapped[UUID]
    author_id: Mapped[UUID]
    visibility: Mapped[Visibility] = mapped_column(TEXT)
    edited_at: Mapped[datetime | None]

    @property
    def sealed_by(self) -> tuple[str, UUID]:
        """Whose key opens the text."""
        return ("pair", self.pair_id) if self.visibility == "ours" else ("person", self.author_id)

    @classmethod
    def readable_by(cls, person_id: UUID | None) -> ColumnElement[bool]:
        """Condition: this one of the pair may read it."""
        return or_(cls.author_id == person_id, cls.visibility == "ours")


class Note(Authored):
    """A note of a session."""

    __tablename__ = "notes"
    __table_args__ = (
        tenant_fk("session_id", "sessions", ondelete="CASCADE"),
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        tenant_fk("author_id", "people", ondelete="CASCADE"),
        Index("notes_session_idx", "organization_id", "session_id", "id"),
        Index("notes_pair_idx", "organization_id", "pair_id", "id"),
    )


class Thought(Authored):
    """A card on a session's thought board; `position` is its place in its lane, ties go by id."""

    __tablename__ = "thoughts"
    lane: Mapped[Lane] = mapped_column(TEXT)
    position: Mapped[int]
    __table_args__ = (
        tenant_fk("session_id", "sessions", ondelete="CASCADE"),
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        tenant_fk("author_id", "people", ondelete="CASCADE"),
        Index("thoughts_session_idx", "organization_id", "session_id", "position", "id"),
    )


class Takeaway(Authored):
    """What one of the two takes along from a session, in one line."""

    __tablename__ = "takeaways"
    __table_args__ = (
        tenant_fk("session_id", "sessions", ondelete="CASCADE"),
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        tenant_fk("author_id", "people", ondelete="CASCADE"),
        Index("takeaways_session_idx", "organization_id", "session_id", "id"),
        Index("takeaways_author_idx", "organization_id", "author_id", "id"),
    )


class ActionItem(PairContent):
    """Something that one of the two has promised; `owner` is whose promise it is."""

    __tablename__ = "action_items"
    session_id: Mapped[UUID]
    owner: Mapped[Side] = mapped_column(TEXT)
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    __table_args__ = (
        tenant_fk("session_id", "sessions", ondelete="CASCADE"),
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        Index("action_items_session_idx", "organization_id", "session_id", "due_on", "id"),
        Index("action_items_pair_idx", "organization_id", "pair_id", "due_on", "id"),
    )


class Thanks(PairContent):
    """A short thank-you to the other one of the pair; nobody counts them."""

    __tablename__ = "thanks"
    session_id: Mapped[UUID | None]
    author_id: Mapped[UUID]
    __table_args__ = (
        tenant_fk("session_id", "sessions", ondelete="CASCADE"),
        tenant_fk("pair_id", "pairs", ondelete="CASCADE"),
        tenant_fk("author_id", "people", ondelete="CASCADE"),
        Index("thanks_pair_idx", "organization_id", "pair_id", "id"),
    )
