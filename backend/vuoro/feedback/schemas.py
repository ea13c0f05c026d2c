"""The sealed balance pulse on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from vuoro.core.wire import Can, In, Moment, Out

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
    comment: str | None = Field(None, max_length=2000)


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
