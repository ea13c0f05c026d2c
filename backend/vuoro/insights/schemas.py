"""Idea seeds and candid messages on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from vuoro.core.wire import Can, In, Localized, Moment, Out
from vuoro.insights.states import Answer, CandidState, Tone
from vuoro.sessions.content_schemas import Line
from vuoro.sessions.states import Lane

Words = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
Part = Annotated[Words, Field(max_length=500)]
Text = Annotated[Words, Field(max_length=1500)]


class SeedPrompt(Out):
    """A tiny question about the reader's own week."""

    key: str
    text: Localized


class SeedPrompts(Out):
    """The caller's three questions of this ISO week."""

    week: str
    items: list[SeedPrompt]
    next_cursor: str | None


class IdeaSeedIn(In):
    """Something to bring along one day; `prompt_key` is the question that it answers."""

    text: Words = Field(min_length=1, max_length=500)
    prompt_key: str | None = Field(None, max_length=50)


class IdeaSeedPatch(In):
    """What of a seed changes."""

    text: Words = Field("", min_length=1, max_length=500)


class IdeaSeedBringIn(In):
    """The session whose thought board gets it, in which lane, and in other words if the seed's are not meant for it."""

    session_id: UUID
    lane: Lane = "see"
    text: Line | None = None


class IdeaSeedOut(Out):
    """A seed; nobody but its author ever reads it."""

    id: UUID
    prompt_key: str | None
    text: str
    brought_to_session_id: UUID | None
    brought_at: Moment | None
    version: int
    created_at: Moment
    can: Can


class IdeaSeedPage(Out):
    """One page of seeds, newest first. `count` is how many are still to be brought, on all pages."""

    items: list[IdeaSeedOut]
    next_cursor: str | None
    watermark: str | None
    gone: list[UUID]
    count: int


class CandidMessageIn(In):
    """A message as composed in the browser: kept as a draft, or given at once. A given one needs its text."""

    pair_id: UUID
    situation: Part = ""
    behaviour: Part = ""
    impact: Part = ""
    tone: Tone
    text: Text = ""
    state: Literal["draft", "given"] = "draft"


class CandidMessagePatch(In):
    """What of a draft changes."""

    situation: Part = ""
    behaviour: Part = ""
    impact: Part = ""
    tone: Tone = "plain"
    text: Text = ""


class CandidAnswerIn(In):
    """Heard, or will try; a line with it if one likes."""

    answer: Answer
    text: Line | None = None


class CandidMessageOut(Out):
    """A candid message. The one whom it was given to reads its text alone: how it came about stays the author's."""

    id: UUID
    pair_id: UUID
    mine: bool
    state: CandidState
    situation: str | None
    behaviour: str | None
    impact: str | None
    tone: Tone | None
    text: str
    given_at: Moment | None
    answer: Answer | None
    answer_text: str | None
    answered_at: Moment | None
    version: int
    created_at: Moment
    can: Can


class CandidMessagePage(Out):
    """One page of candid messages, newest first."""

    items: list[CandidMessageOut]
    next_cursor: str | None
