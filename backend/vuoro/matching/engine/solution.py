"""What a search says: how far it is, the best so far, and its end. Loads no library of numbers."""

from dataclasses import dataclass, field

from vuoro.matching.engine.market import Side
from vuoro.matching.engine.score import Component


class Stale(Exception):
    """The market is no longer the one that was matched: its people, their data or the rules have changed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`bound` and `gap` (a share of the bound) are None until a first matching stands."""

    phase: str
    round: int
    pairs: int
    bound: int | None
    gap: float | None
    fraction: float


@dataclass(frozen=True, slots=True)
class Best:
    """The best matching so far: (mentor, mentee) ids, pinned ones too; what share of the best it lacks at most."""

    pairs: tuple[tuple[str, str], ...]
    gap: float
    round: int


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """A pair of the best matching."""

    mentor: str
    mentee: str
    score: int  # millionths
    pinned: bool
    top_exempt: bool  # the mentee leads everyone and the mentor is far enough below: tell the mentor
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Somebody without a pair, and the rule that binds."""

    person: str
    role: Side
    rule: str  # a rule code, all_taken (others fit the people who suit better) or nobody_there


@dataclass(frozen=True, slots=True)
class Solution:
    """`objective` sums the scores of all pairs, pinned ones too; proven means that no other matching is better.

    `gap`: the share of the best by which this one is below it at most; `bound` the objective with that share on top.
    Prices are in millionths, of what the goal counts (see `gains`).
    """

    pairs: tuple[MatchedPair, ...]
    objective: int
    bound: int
    gap: float
    proven: bool
    unmatched: tuple[Unmatched, ...]
    mentors: int
    mentees: int
    places: int
    checks: tuple[str, ...]
    mentor_prices: dict[str, int]
    mentee_prices: dict[str, int]
    rounds: int
    bonus: int  # what the goal of coverage adds to every pair
    least: int  # no pair below: the rule's least score, or the floor when it was raised
    seconds: dict[str, float] = field(default_factory=dict, compare=False)  # by phase
