"""How the two of a pair stand to each other in the organization chart, and what an override makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol
from uuid import UUID

from vuoro.pairs.models import Pair

if TYPE_CHECKING:
    from vuoro.people.orgchart import OrgChart


class Covering(Protocol):
    """What of an override counts here: how many steps one stood above the other when it was given."""

    mentee_steps_above: int | None
    mentor_steps_above: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """`free`, `exempt` (one leads everyone and is far enough), `line` (with the steps between them) or `unknown`."""

    verdict: Literal["free", "exempt", "line", "unknown"]
    mentee_steps_above: int | None = None
    mentor_steps_above: int | None = None

    def allowed(self, override: Covering | None) -> bool:
        """Whether the pair may be: an override covers the relation it was given for, and a looser one."""
        if self.verdict != "line":
            return self.verdict != "unknown"
        return override is not None and all(
            now is None or (then is not None and now >= then)
            for now, then in (
                (self.mentee_steps_above, override.mentee_steps_above),
                (self.mentor_steps_above, override.mentor_steps_above),
            )
        )


def stand(chart: OrgChart[UUID], both: Sequence[tuple[UUID, UUID]], distance: int) -> list[Standing]:
    """The standing of each (mentor, mentee); who leads everyone is exempt from `distance` steps on, never at 0."""
    related, forbidden = set(chart.conflicts(both)), set(chart.conflicts(both, distance))
    found = []
    for mentor, mentee in both:
        if "unknown" in (chart.line(mentor), chart.line(mentee)):
            found.append(Standing("unknown"))
        elif (mentor, mentee) in forbidden:
            found.append(Standing("line", chart.steps_above(mentee, mentor), chart.steps_above(mentor, mentee)))
        else:
            found.append(Standing("exempt" if (mentor, mentee) in related else "free"))
    return found


def stands_between(chart: OrgChart[UUID], person: UUID, pair: Pair) -> bool:
    """Whether the person is below one of the two and above the other."""
    both = (pair.mentor_id, pair.mentee_id)
    return any(
        chart.steps_above(boss, person) and chart.steps_above(person, junior) for boss, junior in (both, both[::-1])
    )
