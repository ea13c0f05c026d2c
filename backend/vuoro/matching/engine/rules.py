"""Hard rules: which pairs of a market they allow, and which one stands in the way.

Matrices are [mentee, mentor]. This is the reference that reads like the rules themselves; `grid` folds the same
rules into its tiles for speed, and tests hold the two to each other.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from vuoro.matching.engine.arrays import Bools, Ints
from vuoro.matching.engine.market import RULE_CODES, Market, Participant
from vuoro.people.orgchart import OrgChart
from vuoro.people.tenure import tenure_months


class Rulebook:
    """The hard rules of a market that need no score, ready to be asked for any block of pairs."""

    def __init__(self, market: Market) -> None:
        rules, mentors, mentees = market.rules, market.mentors, market.mentees
        self.shape = (len(mentees), len(mentors))
        #: Pairs by the rule that forbids just them.
        self.marks: dict[str, csr_array[Any, Any]] = {}
        self._mark("same_person", ((p.id, p.id) for p in mentors), market)
        self._lost_mentee = self._lost_mentor = None
        #: Pairs with the head of everyone that are allowed because they are far enough apart.
        self.exempt: csr_array[Any, Any] = csr_array(self.shape, dtype=np.int32)
        if rules.reporting_line:
            chart = OrgChart(market.edges, market.dotted, market.unknown)
            mentor_ids, mentee_ids = [p.id for p in mentors], [p.id for p in mentees]
            self._lost_mentee, self._lost_mentor = chart.unknown(mentee_ids), chart.unknown(mentor_ids)
            line, close, exempt = chart.verdicts(mentor_ids, mentee_ids, rules.top_exempt_distance)
            self.marks["reporting_line"] = csr_array(line.T)
            self.marks["top_too_close"] = csr_array(close.T)
            self.exempt = csr_array(exempt.T)
        for code, name in (("excluded", "excluded"), ("past_partner", "past")):
            named = [(p.id, other) for p in mentors for other in getattr(p, name)]
            named += [(other, p.id) for p in mentees for other in getattr(p, name)]
            self._mark(code, named, market)
        self._mark("rejected", market.rejected, market)
        self._team = None
        if rules.different_team:
            self._team = _codes([p.team for p in mentees], [p.team for p in mentors])
        self._speaks = _speakers(mentees, mentors, rules.min_language_level)
        self._levels = _levels(mentees), _levels(mentors)
        self._gap = rules.min_seniority_gap
        months = (tenure_months(p.hire_on, market.starts_on) for p in mentors)
        self._new = np.array([m is not None and m < rules.min_tenure_months for m in months], np.bool_)
        nobody = np.zeros(len(mentees), np.bool_)
        #: Whom a rule keeps from everybody.
        self.out_mentee: Bools = nobody if self._lost_mentee is None else self._lost_mentee
        self.out_mentor: Bools = self._new if self._lost_mentor is None else self._new | self._lost_mentor
        off = set() if rules.reporting_line else {"unknown_line", "reporting_line", "top_too_close"}
        off |= {"same_team"} if not rules.different_team else set()
        off |= {"top_too_close"} if not rules.top_exempt_distance else set()
        #: The rules in force, in telling order: what a suggested pair has passed.
        self.checks = tuple(code for code in RULE_CODES if code not in off)

    def _mark(self, code: str, pairs: Iterable[tuple[str, str]], market: Market) -> None:
        """`pairs` are (mentor, mentee); those with somebody outside the market say nothing."""
        mentor, mentee = market.mentor_index, market.mentee_index
        keys = sorted({(mentee[b], mentor[a]) for a, b in pairs if a in mentor and b in mentee})
        rows, cols = np.array(keys, np.int64).reshape(-1, 2).T
        self.marks[code] = csr_array((np.ones(len(keys), np.int32), (rows, cols)), shape=self.shape)

    def failing(self, rows: slice | Ints, cols: slice | Ints) -> dict[str, Bools]:
        """For a block of pairs, each rule that can fail, and where it does."""
        marks = {
            code: marks[rows, cols].toarray() > 0  # type: ignore[index]  # the stubs know no slice beside an array
            for code, marks in self.marks.items()
            if marks.nnz
        }
        return self._rules(marks, lambda of_mentees: of_mentees[rows, None], lambda of_mentors: of_mentors[None, cols])

    def broken(self, rows: Ints, cols: Ints) -> list[str | None]:
        """For single pairs, the first rule against each."""
        if not len(rows):
            return []
        marks = {code: marks[rows, cols] > 0 for code, marks in self.marks.items() if marks.nnz}
        failing = self._rules(marks, lambda of_mentees: of_mentees[rows], lambda of_mentors: of_mentors[cols])
        first: list[str | None] = [None] * len(rows)
        for code in reversed(failing):
            for at in np.flatnonzero(failing[code]).tolist():
                first[at] = code
        return first

    def _rules(
        self, marks: dict[str, Bools], mine: Callable[[Any], Any], theirs: Callable[[Any], Any]
    ) -> dict[str, Bools]:
        """Where each rule fails, in telling order, with the mentees' and the mentors' sides laid out by the caller."""
        failing = marks
        if self._lost_mentee is not None and self._lost_mentor is not None:
            failing["unknown_line"] = mine(self._lost_mentee) | theirs(self._lost_mentor)
        if self._team is not None:
            mentee, mentor = self._team
            failing["same_team"] = (mine(mentee) == theirs(mentor)) & (mine(mentee) >= 0)
        shared = [mine(hears) & theirs(speaks) for hears, speaks in zip(*self._speaks, strict=True)]
        failing["no_shared_language"] = silent = np.bitwise_or.reduce(shared) == 0
        mentee_level, mentor_level = self._levels
        failing["seniority_gap"] = ~(mine(mentee_level) - theirs(mentor_level) >= self._gap)
        failing["tenure"] = np.broadcast_to(theirs(self._new), silent.shape)
        return {code: failing[code] for code in RULE_CODES if code in failing}

    def allowed(self, rows: slice, cols: slice = slice(None)) -> Bools:
        """[mentee, mentor]: True where no rule forbids the pair."""
        broken = list(self.failing(rows, cols).values())
        bad = broken[0].copy()
        for rule in broken[1:]:
            bad |= rule
        return ~bad


def broken_rule(market: Market, mentor: str, mentee: str) -> str | None:
    """The first hard rule (scores aside) that forbids the pair. To ask many, keep a Rulebook."""
    return first_broken(Rulebook(market), market.mentee_index[mentee], market.mentor_index[mentor])


def first_broken(rulebook: Rulebook, row: int, col: int) -> str | None:
    """The code of the first rule that forbids one pair."""
    return rulebook.broken(np.array([row]), np.array([col]))[0]


def _codes(mentees: Sequence[str | None], mentors: Sequence[str | None]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One number a value, the same on both sides; -1 for empty."""
    known = {value: i for i, value in enumerate(dict.fromkeys(v for v in [*mentees, *mentors] if v))}
    sides = [np.array([known[v] if v else -1 for v in side], np.int64) for side in (mentees, mentors)]
    return sides[0], sides[1]


def _levels(people: Sequence[Participant]) -> NDArray[np.float64]:
    """NaN where empty, so that no comparison holds."""
    return np.array([np.nan if p.job_level is None else p.job_level for p in people], np.float64)


def _speakers(
    mentees: Sequence[Participant], mentors: Sequence[Participant], level: int
) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]:
    """Bit sets of the languages that each person speaks well enough, 62 a word."""
    spoken = sorted({code for p in [*mentees, *mentors] for code in p.languages})
    bit = {code: i for i, code in enumerate(spoken)}
    sides = []
    for people in (mentees, mentors):
        words = [[0] * len(people) for _ in range(len(bit) // 62 + 1)]
        for i, person in enumerate(people):
            for code, have in person.languages.items():
                if have >= level:
                    words[bit[code] // 62][i] |= 1 << bit[code] % 62
        sides.append([np.array(word, np.int64) for word in words])
    return sides[0], sides[1]
