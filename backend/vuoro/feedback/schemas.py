"""Pulses, fit checks and growth on the wire. Scores are of a session, the relation or oneself, never of a person."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from vuoro.core.wire import Can, In, Localized, Moment, Out
from vuoro.feedback.words import Statement
from vuoro.people.schemas import PersonRef
from vuoro.programs.states import Side


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("no NUL characters")
    return text


PlainText = Annotated[str, AfterValidator(_without_nul)]
Score = Annotated[int, Field(ge=1, le=5)]
Balance = Annotated[int, Field(ge=0, le=100, description="who spoke more: 0 only I, 100 only the other")]


class PulseScores(In):
    """Five statements about one session, from 1 (not at all) to 5 (fully). Nobody rates a person."""

    said_what_i_thought: Score
    my_topics_too: Score
    listened_to: Score
    learned: Score
    would_do_again: Score


class PulseIn(In):
    """An answer. `open_if_both`: show mine to the other if theirs opens too."""

    scores: PulseScores
    balance: Balance
    open_if_both: bool
    comment: PlainText | None = Field(None, max_length=2000)


class PulseAnswer(Out):
    """One answer. `comment` is for its author alone and never comes with the other's answer."""

    scores: PulseScores
    balance: Balance
    open_if_both: bool
    comment: str | None


class PulseStatus(Out):
    """The pulse of one session. `sealed` stays true unless both chose to open; nobody learns whose choice it was."""

    state: Literal["not_due", "open", "given"]
    mine: PulseAnswer | None
    theirs: PulseAnswer | None
    sealed: bool
    due_at: Moment | None
    can: Can


FitMoment = Literal["first", "midpoint"]
Wish = Literal["go_on", "talk_it_over", "kind_rematch"]


class FitScores(In):
    """Four statements about the relation and its set-up, from 1 (not at all) to 5 (fully). Nobody rates a person."""

    at_ease: Score
    shared_purpose: Score
    setup_works: Score
    worth_the_time: Score


class FitCheckIn(In):
    """An answer, sealed for good: the other one of the pair never reads it, and nothing follows from the wish alone."""

    moment: FitMoment
    scores: FitScores
    wish: Wish
    comment: PlainText | None = Field(None, max_length=2000)


class FitAnswer(Out):
    """The caller's own answer, and what they may do about their wish."""

    scores: FitScores
    wish: Wish
    guidance: Localized
    comment: str | None
    given_at: Moment


class FitCheckOut(Out):
    """One of the two fit checks of a pair, as its caller alone sees it."""

    moment: FitMoment
    state: Literal["not_due", "open", "given", "missed"]
    statements: list[Statement]
    mine: FitAnswer | None
    can: Can


class FitCheckPage(Out):
    """The fit checks of a pair, in order."""

    items: list[FitCheckOut]
    next_cursor: str | None


GrowthMoment = Literal["start", "middle", "end"]


class GrowthIn(In):
    """A self-rating; `scores` has every statement of the rubric of the caller's side."""

    enrollment_id: UUID
    moment: GrowthMoment
    scores: dict[str, Score] = Field(max_length=20)


class GrowthMomentOut(Out):
    """One moment of a self-rating, with the scores that were given."""

    moment: GrowthMoment
    state: Literal["not_due", "open", "given", "missed"]
    scores: dict[str, int] | None
    can: Can


class SkillGrowth(Out):
    """How a person sees their own growth in one program; nobody else can read it.

    `growth` is the last rating less the first, by statement; null before there are two.
    """

    enrollment_id: UUID
    program_id: UUID
    side: Side
    statements: list[Statement]
    moments: list[GrowthMomentOut]
    growth: dict[str, int] | None


class SkillGrowthPage(Out):
    """A person's growth, by program."""

    items: list[SkillGrowth]
    next_cursor: str | None


ConcernAbout = Literal["programme", "pair", "other"]
ConcernState = Literal["open", "acknowledged", "closed"]


class ConcernIn(In):
    """A concern. Without `contact_id`, a contact outside the author's own line of managers is chosen.

    `wants_contact`: the contact sees who wrote and may get in touch; otherwise they read it without a name.
    """

    text: PlainText = Field(min_length=1, max_length=8000)
    about: ConcernAbout
    program_id: UUID | None = None
    contact_id: UUID | None = None
    wants_contact: bool


class ConcernAnswerIn(In):
    """What came of it, to the author."""

    answer: PlainText = Field(min_length=1, max_length=8000)


class ConcernOut(Out):
    """A concern, as its author and its contact read it; nobody else learns that it exists.

    `author` is null when they do not want to be contacted. Texts are null once their key was destroyed.
    """

    id: UUID
    about: ConcernAbout
    program_id: UUID | None
    state: ConcernState
    text: str | None
    answer: str | None
    mine: bool
    author: PersonRef | None
    contact: PersonRef
    wants_contact: bool
    created_at: Moment
    acknowledged_at: Moment | None
    closed_at: Moment | None
    can: Can


class ConcernPage(Out):
    """One page of concerns, newest first."""

    items: list[ConcernOut]
    next_cursor: str | None


class ConcernContact(Out):
    """A safeguarding contact; `in_my_line`: a manager above the caller, so better not the one to tell."""

    person: PersonRef
    in_my_line: bool


class ConcernContactPage(Out):
    """Whom the caller may address, those outside their own line first."""

    items: list[ConcernContact]
    next_cursor: str | None
