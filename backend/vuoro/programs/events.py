"""Facts about programs that higher domains react to."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ProgramMoved:
    """A program went from one state to another; announced at every transition, in its transaction."""

    program_id: UUID
    from_state: str
    to_state: str


@dataclass(frozen=True, slots=True)
class EnrollmentLeaving:
    """Somebody is about to leave a program: whatever stands on this enrollment ends before it."""

    enrollment_id: UUID


@dataclass(frozen=True, slots=True)
class ExemptDistanceChanged:
    """From another distance on, somebody may be paired with the head of everyone in this program."""

    program_id: UUID
