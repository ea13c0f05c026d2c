"""Facts about programs that higher domains react to."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ProgramMoved:
    """A program went from one state to another."""

    program_id: UUID
    from_state: str
    to_state: str
