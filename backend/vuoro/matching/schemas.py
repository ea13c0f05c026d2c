"""Match runs and suggestions on the wire."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from vuoro.core.wire import Can, In, Moment, Out
from vuoro.matching.states import MatchRunState, SuggestionState
from vuoro.pairs.schemas import MatchReason
from vuoro.people.schemas import PersonRef
from vuoro.programs.states import Side


class PairIn(In):
    """A pair that a manager makes by hand, of two enrollments of one cohort.

    `override_reason`: where only the reporting line stands against it, the first of two managers' word for an
    exception. Nobody is asked before a second one confirms it.
    """

    mentor_enrollment_id: UUID
    mentee_enrollment_id: UUID
    override_reason: str | None = Field(None, min_length=1, max_length=1000, pattern=r"^[^\x00]*$")


class IneligiblePerson(Out):
    """Somebody enrolled whom no search pairs, and the first reason; `until` when it ends by itself.

    `not_looking`: after a pair, until its person wishes for another.
    """

    enrollment_id: UUID
    person: PersonRef
    role: Side
    reason: Literal["left", "on_leave", "unknown_line", "tenure", "not_looking", "resting"]
    until: Moment | None


class IneligiblePage(Out):
    """One page of people whom no search pairs, by name; `total` counts all."""

    items: list[IneligiblePerson]
    next_cursor: str | None
    total: int


class MatchRunIn(In):
    """A search for pairs; without a cohort it is the newest one's."""

    cohort_id: UUID | None = None


class MatchProgress(Out):
    """How far the search is. `bound`: no matching can sum up to more; `gap`: how far below it we are (0..1)."""

    phase: str
    round: int
    pairs: int
    bound: float | None
    gap: float | None
    fraction: float


class UnmatchedPerson(Out):
    """Somebody without a pair, and what binds: a rule's code, all_taken, nobody_there, on_leave or resting."""

    person: PersonRef
    role: Side
    rule: str


class MatchProblem(Out):
    """Why a run failed, or on a finished run what it had to leave aside."""

    code: str
    detail: str
    params: dict[str, Any]


class MatchRunOut(Out):
    """One search for the best pairs of a cohort. `objective` is the sum of all scores, `proven` that none is better.

    `unmatched` holds at most 200 people, the hardest to match first; `unmatched_count` counts all.
    """

    id: UUID
    program_id: UUID
    cohort_id: UUID
    state: MatchRunState
    progress: MatchProgress
    mentors: int
    mentees: int
    places: int
    pairs: int
    objective: float | None
    proven: bool
    unmatched: list[UnmatchedPerson]
    unmatched_count: int
    problem: MatchProblem | None
    created_at: Moment
    finished_at: Moment | None
    published_at: Moment | None
    version: int
    can: Can


class MatchRunPage(Out):
    """One page of match runs, the newest first."""

    items: list[MatchRunOut]
    next_cursor: str | None


class SuggestionOut(Out):
    """A pair that a run suggests. The `components`' points sum up to the score; `checks` are the rules it passed.

    `top_exempt`: the mentee leads everyone; the mentor is told so when asked.
    """

    id: UUID
    match_run_id: UUID
    mentor: PersonRef
    mentee: PersonRef
    score: float
    components: list[MatchReason]
    checks: list[str]
    top_exempt: bool
    state: SuggestionState
    version: int
    can: Can


class SuggestionPage(Out):
    """One page of suggestions."""

    items: list[SuggestionOut]
    next_cursor: str | None


class MatchExplanation(Out):
    """Why these two, or why not. `failing_rule` names the first rule against them, all_taken when others fit better."""

    mentor: PersonRef
    mentee: PersonRef
    suggestion_id: UUID | None
    failing_rule: str | None
    score: float
    components: list[MatchReason]
    checks: list[str]


class UnplacedEnrollment(Out):
    """Somebody who looks for a pair and has neither one nor an offer."""

    enrollment_id: UUID
    cohort_id: UUID
    person: PersonRef
    role: Side


class UnplacedPage(Out):
    """One page of those without a pair."""

    items: list[UnplacedEnrollment]
    next_cursor: str | None
