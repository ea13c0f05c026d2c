"""What a pair writes in and around its sessions, on the wire: shared (ours), or for its author alone (mine)."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from vuoro.core.wire import Can, In, Moment, Out
from vuoro.pairs.access import Side
from vuoro.sessions.states import Lane, Visibility

ItemState = Literal["open", "overdue", "done"]
Words = Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\x00]*$")]
Line = Annotated[Words, Field(max_length=280)]


class NoteIn(In):
    """A note for oneself (mine) or for both (ours)."""

    visibility: Visibility
    text: Words = Field(max_length=8000)


class NotePatch(In):
    """What of a note changes."""

    text: Words = Field("", max_length=8000)


class NoteOut(Out):
    """A note that the caller may read; `mine` tells whether they wrote it, `edited_at` when its text changed."""

    id: UUID
    session_id: UUID
    visibility: Visibility
    text: str
    mine: bool
    edited_at: Moment | None
    version: int
    created_at: Moment
    can: Can


class NotePage(Out):
    """One page of notes, newest first."""

    items: list[NoteOut]
    next_cursor: str | None


class ThoughtIn(In):
    """A card for the thought board, put at the end of its lane."""

    lane: Lane
    text: Line
    visibility: Visibility = "ours"


class ThoughtPatch(In):
    """What of a card changes."""

    text: Line = ""


class ThoughtMoveIn(In):
    """Where a card goes: behind another one of the lane, or first without `after_id`. Without `lane` it stays there."""

    lane: Lane | None = None
    after_id: UUID | None = None


class ThoughtOut(Out):
    """A card of the thought board; `side` is whose it is."""

    id: UUID
    session_id: UUID
    lane: Lane
    text: str
    visibility: Visibility
    side: Side
    mine: bool
    edited_at: Moment | None
    version: int
    created_at: Moment
    can: Can


class ThoughtBoard(Out):
    """Every card that the caller may read, lane by lane in the order of the board."""

    items: list[ThoughtOut]
    next_cursor: str | None


class TakeawayIn(In):
    """What I take along, in one line."""

    text: Line
    visibility: Visibility


class TakeawayPatch(In):
    """What of a takeaway changes; it can be shared later, and taken back."""

    text: Line = ""
    visibility: Visibility = "mine"


class TakeawayOut(Out):
    """What one of the two takes along from a session."""

    id: UUID
    session_id: UUID
    pair_id: UUID
    text: str
    visibility: Visibility
    mine: bool
    edited_at: Moment | None
    version: int
    created_at: Moment
    can: Can


class TakeawayPage(Out):
    """One page of takeaways, newest first."""

    items: list[TakeawayOut]
    next_cursor: str | None
    watermark: str | None
    gone: list[UUID]


class ActionItemIn(In):
    """A promise; `owner` is the one who made it."""

    text: Line
    owner: Side
    due_on: date | None = None


class ActionItemPatch(In):
    """What of a promise changes; null clears the day."""

    text: Line = ""
    owner: Side = "mentor"
    due_on: date | None = None


class ActionItemOut(Out):
    """A promise of one of the two; `mine` tells whether it is the caller's."""

    id: UUID
    session_id: UUID
    pair_id: UUID
    text: str
    owner: Side
    mine: bool
    due_on: date | None
    done_at: Moment | None
    state: ItemState
    edited_at: Moment | None
    version: int
    created_at: Moment
    can: Can


class ActionItemPage(Out):
    """One page of promises, by their day; those without one come last."""

    items: list[ActionItemOut]
    next_cursor: str | None


class ThanksIn(In):
    """A short thank-you, for a session or for all of it."""

    text: Line
    session_id: UUID | None = None


class ThanksOut(Out):
    """A thank-you; `mine` tells whether the caller said it."""

    id: UUID
    session_id: UUID | None
    text: str
    mine: bool
    version: int
    created_at: Moment
    can: Can


class ThanksPage(Out):
    """One page of thank-yous, newest first."""

    items: list[ThanksOut]
    next_cursor: str | None
