"""Facts about programs that higher domains react to."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EnrollmentLeaving:
    """Somebody is about to leave a program: whatever stands on this enrollment ends before it."""

    enrollment_id: UUID
