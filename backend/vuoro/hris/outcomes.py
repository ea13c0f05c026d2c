"""What an import comes to: the outcome of each row, their counts, and whether they may be written."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from vuoro.hris.problems import Problem
from vuoro.hris.record import Change, PersonRecord, changes_between

BRAKE_PERCENT = 10

Kind = Literal["created", "updated", "unchanged", "left", "error"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row, or (row None) of a person outside the file: left, or a manager found at last.

    `key` is the external id in the directory now (None: new), `before` the record there, `person` the record to be
    (None: refused).
    """

    row: int | None
    kind: Kind
    key: str | None
    external_id: str | None
    display_name: str | None
    before: PersonRecord | None
    person: PersonRecord | None
    problems: tuple[Problem, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what differs for somebody known before; found anew each time, as all at once it takes much room."""
        return changes_between(self.before, self.person) if self.before and self.person else ()

    @property
    def outside(self) -> bool:
        """Tell whether the person will be in the chart alone."""
        return self.person is not None and self.person.graph_only

    @property
    def goes_out(self) -> bool:
        """Tell whether the person took part until now and will be in the chart alone."""
        return self.outside and self.before is not None and not self.before.graph_only


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of people by outcome; `errors` and `warnings` count rows and problems of the whole file.

    Of whoever will be in the chart alone `outside` counts what changes, and `going_out` those who took part until now.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    left: int
    errors: int
    warnings: int
    manager_unresolved: int
    outside: int
    going_out: int


@dataclass(frozen=True, slots=True)
class Plan:
    """All outcomes in the order of the file; `problems` concern the whole file, an error there blocks it.

    `brake`: more than BRAKE_PERCENT of the people, or of those who take part, would leave and nobody allowed it, so do
    not apply. `choices` are the values by which one may say who takes part, with how many rows have each.
    """

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    date_formats: Mapping[str, str]
    row_count: int
    people_before: int
    brake: bool
    members_before: int = 0
    choices: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)

    @property
    def blocked(self) -> bool:
        """Tell whether a question or error of the whole file keeps it from being applied."""
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def ready(self) -> bool:
        """Tell whether the plan may be applied as it is."""
        return not self.blocked and not self.brake

    def of_kind(self, *kinds: Kind) -> tuple[Outcome, ...]:
        """Return the outcomes of these kinds, in order."""
        return tuple(outcome for outcome in self.outcomes if outcome.kind in kinds)

    @property
    def writes(self) -> tuple[Outcome, ...]:
        """Return what to write: created, updated and left."""
        return self.of_kind("created", "updated", "left")

    @property
    def leaving(self) -> tuple[int, int]:
        """Return how many leave of how many: of those who take part, where that is too many of them, else of all."""
        gone = self.of_kind("left")
        members = sum(outcome.before is not None and not outcome.before.graph_only for outcome in gone)
        of_members = (members, self.members_before)
        return of_members if too_many(*of_members) else (len(gone), self.people_before)

    @property
    def summary(self) -> Summary:
        """Count the outcomes."""
        kinds = Counter(outcome.kind for outcome in self.outcomes if outcome.kind == "unchanged" or not outcome.outside)
        warned = [
            {problem.code for problem in outcome.problems if problem.severity == "warning"}
            for outcome in self.outcomes
            if outcome.problems
        ]
        whole = Counter(problem.severity for problem in self.problems)
        return Summary(
            rows=self.row_count,
            created=kinds["created"],
            updated=kinds["updated"],
            unchanged=kinds["unchanged"],
            left=kinds["left"],
            errors=kinds["error"] + whole["error"],
            warnings=sum(map(bool, warned)) + whole["warning"],
            manager_unresolved=sum("manager_unresolved" in codes for codes in warned),
            outside=sum(outcome.outside for outcome in self.writes),
            going_out=sum(outcome.goes_out for outcome in self.writes),
        )


def too_many(leaving: int, people: int) -> bool:
    """Tell whether the brake holds an import that lets so many of so many go."""
    return leaving * 100 > people * BRAKE_PERCENT


def leaves(before: PersonRecord, after: PersonRecord) -> bool:
    """Tell whether somebody leaves the organization by this change, or goes out of those who take part."""
    return (before.takes_part and not after.takes_part) or (before.status != "left" and after.status == "left")
