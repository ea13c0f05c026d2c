"""What one SCIM request has in hand: the transaction, its connection, the moves of the chart, what went wrong."""

from copy import copy
from dataclasses import dataclass, field
from uuid import UUID

from vuoro.core.db import Db
from vuoro.hris.scim.models import ScimConnection
from vuoro.people import lines
from vuoro.people.moves import ManagerCycle, Moves


@dataclass(frozen=True, slots=True)
class Finding:
    """Something for the log that did not stop the request."""

    code: str
    attribute: str | None
    person_id: UUID | None


@dataclass(slots=True)
class Provisioning:
    """One request of a connection, which only `reads` or not.

    `at` is the bulk operation under way, `blame` the last one that moved a person, `about` whom it was about.
    """

    db: Db
    connection: ScimConnection
    moves: Moves = field(default_factory=Moves)
    findings: list[Finding] = field(default_factory=list)
    told: dict[UUID, frozenset[str]] = field(default_factory=dict)
    at: int = 0
    blame: dict[UUID, int] = field(default_factory=dict)
    locked: bool = False
    reads: bool = False
    about: UUID | None = None

    async def lock_chart(self) -> None:
        """Let no other change of the chart in between, from the first write on."""
        if not self.locked:
            await lines.one_at_a_time(self.db)
            self.locked = True

    def moved(self, person_id: UUID) -> None:
        """The operation under way moved this person in the chart."""
        self.blame[person_id] = self.at

    def note(self, code: str, attribute: str | None, person_id: UUID | None) -> None:
        """Write down what was not understood, without its value."""
        self.findings.append(Finding(code, attribute, person_id))

    def mark(self) -> tuple[Moves, int, dict[UUID, int]]:
        """How far the request is, for `back_to`."""
        moves = Moves(*(copy(getattr(self.moves, name)) for name in Moves.__slots__))
        return moves, len(self.findings), copy(self.blame)

    def back_to(self, mark: tuple[Moves, int, dict[UUID, int]]) -> None:
        """Forget what came after the mark; a savepoint undoes the rest."""
        self.moves, count, self.blame = mark
        del self.findings[count:]

    async def close(self) -> None:
        """Write the edges and let the guards look; ManagerCycle when somebody would stand above themselves."""
        await self.moves.close(self.db)

    def closed_by(self, cycle: ManagerCycle) -> int:
        """The operation that made a circle: the last of those that moved somebody in it."""
        return max(self.blame.get(person, 0) for person in cycle.people)
