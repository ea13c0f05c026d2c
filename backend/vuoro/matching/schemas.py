"""Match runs and suggestions on the wire."""

from typing import Any
from uuid import UUID

from vuoro.core.wire import Can, In, Moment, Out
from vuoro.matching.states import MatchRunState, SuggestionState
from vuoro.pairs.schemas import MatchReason
from vuoro.people.schemas import PersonRef
from vuoro.programs.states import Side


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
    """Somebody without a pair, and the rule that binds: a rule's code, all_taken, nobody_there or on_leave."""

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
