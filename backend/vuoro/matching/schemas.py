"""Match runs and suggestions on the wire."""

from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from vuoro.core.wire import Can, In, Moment, Out, Params
from vuoro.matching.states import MatchRunState, SuggestionState
from vuoro.pairs.schemas import MatchReason
from vuoro.people.schemas import PersonRef
from vuoro.programs.settings import Weights
from vuoro.programs.states import Side

Goal = Literal["total", "coverage"]


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


class TwoPeople(In):
    """A mentor and a mentee, by person."""

    mentor_id: UUID
    mentee_id: UUID


class TrialIn(In):
    """What if: other weights, pairs kept or kept out, for one search alone. What is pinned or rejected holds as well.

    `compare_with`: the run of the same program that this one is compared with.
    """

    weights: Weights | None = None
    pinned: list[TwoPeople] = Field(default_factory=list, max_length=200)
    rejected: list[TwoPeople] = Field(default_factory=list, max_length=200)
    compare_with: UUID | None = None


class MatchRunIn(In):
    """A search for pairs; without a cohort it is the newest one's. With `trial` nothing comes of it but its answer.

    `goal`: the highest sum of scores, or most pairs first. `fairness`: 0 counts the sum, above it a low score weighs
    more. `floor`: raise the lowest score as far as everybody who can have a pair still has one.
    """

    cohort_id: UUID | None = None
    goal: Goal = "total"
    fairness: float = Field(0, ge=0, le=4, allow_inf_nan=False)
    floor: bool = False
    trial: TrialIn | None = None


class TrialOptions(Out):
    """What a trial run changes."""

    weights: Weights | None
    pinned: list[TwoPeople]
    rejected: list[TwoPeople]
    compare_with: UUID | None


class MatchOptions(Out):
    """What a run was asked for; `trial` is null on a real one."""

    goal: Goal
    fairness: float
    floor: bool
    trial: TrialOptions | None


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
    params: Params


class MatchRunOut(Out):
    """One search for the best pairs of a cohort. `objective` is the sum of all scores, `proven` that none is better.

    `gap`: how far below the bound it may be, as a share of it; 0 when proven. `kept`: how many pairs of the search
    before came again, null on a first one. `trial`: it only answers what if, and asks nobody.
    `unmatched` holds at most 200 people, the hardest to match first; `unmatched_count` counts all.
    """

    id: UUID
    program_id: UUID
    cohort_id: UUID
    trial: bool
    options: MatchOptions
    state: MatchRunState
    progress: MatchProgress
    mentors: int
    mentees: int
    places: int
    pairs: int
    objective: float | None
    proven: bool
    gap: float | None
    kept: int | None
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


class MatchChange(Out):
    """Whom a mentee has in the other run (`from`) and in this one (`to`); null: nobody."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    person: PersonRef
    role: Side
    before: PersonRef | None = Field(alias="from")
    after: PersonRef | None = Field(alias="to")
    from_score: float | None
    to_score: float | None


class RunSettings(Out):
    """What a run was searched by; `weights` is null where they were not kept, in a run of long ago."""

    goal: Goal
    fairness: float
    floor: bool
    weights: Weights | None


class MatchComparison(Out):
    """A run against another of its program; scores in points. `difference`: this one's sum less the other's.

    `lowest`: the lowest score of any pair, null without one. `same` counts the pairs that are in both, `changed` the
    mentees' places that are not; `items` is one page of them, the largest loss first.
    """

    run_id: UUID
    with_id: UUID
    settings: RunSettings
    with_settings: RunSettings
    objective: float
    with_objective: float
    difference: float
    pairs: int
    with_pairs: int
    lowest: float | None
    with_lowest: float | None
    same: int
    changed: int
    items: list[MatchChange]
    next_cursor: str | None


class CertifiedPair(Out):
    """One pair of a certificate; `score` in millionths."""

    mentor_id: UUID
    mentee_id: UUID
    score: int


class CertifiedPrice(Out):
    """How sought after somebody is, in millionths as a score."""

    person_id: UUID
    price: int


class MatchCertificate(Out):
    """The proof that no matching is better, for anybody to check; scores, sums and prices in millionths.

    `bound`: no matching sums up to more; `gap`: how far below it this one is, as a share of it.
    `coverage_bonus` counts on top of each pair's score when most pairs come first; `least`: no pair has a lower score.
    `seconds` by phase.
    """

    run_id: UUID
    objective: int
    bound: int
    gap: float
    proven: bool
    goal: Goal
    coverage_bonus: int
    least: int
    input_digest: str
    rounds: int
    seconds: dict[str, float]
    pairs: list[CertifiedPair]
    mentor_prices: list[CertifiedPrice]
    mentee_prices: list[CertifiedPrice]


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


class Alternative(Out):
    """What parting two would cost the whole programme, in points and exact; and whom each would then have."""

    cost: float
    mentor_next: PersonRef | None
    mentee_next: PersonRef | None


class MatchExplanation(Out):
    """Why these two, or why not. `failing_rule` names the first rule against them, all_taken when others fit better.

    `loss`: what the whole programme would lose, in points and exact, if these two were pinned; only with all_taken,
    and null as well once people or data have changed since the run.
    """

    mentor: PersonRef
    mentee: PersonRef
    suggestion_id: UUID | None
    failing_rule: str | None
    score: float
    components: list[MatchReason]
    checks: list[str]
    loss: float | None


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
