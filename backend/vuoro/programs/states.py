"""States of programs, of what belongs to them and of enrollments: from → to, and who may take the step."""

from typing import Literal

Side = Literal["mentor", "mentee"]
ProgramState = Literal["draft", "enrolling", "matching", "running", "closing", "closed", "archived", "cancelled"]
EnrollmentState = Literal[
    "invited", "applied", "approved", "waitlisted", "declined", "paired", "paused", "alumni", "withdrawn"
]
InvitationState = Literal["pending", "accepted", "declined", "expired", "revoked"]

CohortState = Literal["draft", "open", "closed", "discarded"]
AnnouncementState = Literal["draft", "scheduled", "published", "withdrawn"]
ProgramEventState = Literal["planned", "cancelled"]
ChallengeState = Literal["open", "closed"]

# state → {next: actors}. Who sets a program up takes every step; what must be there first stands in readiness.py.
SETS_UP = ("manager", "admin", "system")
PROGRAM: dict[str, dict[str, tuple[str, ...]]] = {
    "draft": {"enrolling": SETS_UP, "cancelled": SETS_UP},
    "enrolling": {"matching": SETS_UP, "cancelled": SETS_UP},
    "matching": {"running": SETS_UP, "enrolling": SETS_UP, "cancelled": SETS_UP},
    "running": {"closing": SETS_UP, "cancelled": SETS_UP},
    # back to running only for a further cohort
    "closing": {"closed": SETS_UP, "running": SETS_UP, "cancelled": SETS_UP},
    "closed": {"archived": SETS_UP},
    "archived": {},
    "cancelled": {"archived": SETS_UP},
}
OVER = ("closed", "archived", "cancelled")

# "system" is the sweep: it proposes the next cohort as a draft, and closes a cohort after its last day.
COHORT: dict[str, dict[str, tuple[str, ...]]] = {
    "draft": {"open": SETS_UP, "discarded": SETS_UP},
    "open": {"closed": ("system",)},
    "closed": {},
    "discarded": {},
}
ANNOUNCEMENT: dict[str, dict[str, tuple[str, ...]]] = {
    "draft": {"scheduled": SETS_UP, "published": SETS_UP, "withdrawn": SETS_UP},
    "scheduled": {"draft": SETS_UP, "published": SETS_UP, "withdrawn": SETS_UP},
    "published": {"withdrawn": SETS_UP},
    "withdrawn": {},
}

# state → {next: actors}; "self" is the enrolled person. Whoever said no or left comes back by their own step alone:
# a manager may only ask again.
ENROLLMENT: dict[str, dict[str, tuple[str, ...]]] = {
    "invited": {"applied": ("self",), "declined": ("self",), "withdrawn": ("self", "manager", "system")},
    "applied": {
        "approved": ("manager",),
        "waitlisted": ("manager",),
        "declined": ("manager",),
        "withdrawn": ("self", "manager", "system"),
    },
    "waitlisted": {"approved": ("manager",), "declined": ("manager",), "withdrawn": ("self", "manager", "system")},
    "approved": {"paired": ("system",), "paused": ("self", "manager"), "withdrawn": ("self", "manager", "system")},
    "paired": {"paused": ("self",), "alumni": ("system",), "approved": ("system",), "withdrawn": ("self",)},
    "paused": {
        "approved": ("self", "manager"),
        "paired": ("self", "system"),
        "alumni": ("system",),
        "withdrawn": ("self", "manager"),
    },
    "declined": {"applied": ("self",), "invited": ("manager",)},
    "alumni": {},
    "withdrawn": {"applied": ("self",), "invited": ("manager",)},
}
#: Enrollments whose person does not take part any more.
GONE = ("declined", "withdrawn")


def enrollment_steps(state: str, actors: set[str]) -> list[str]:
    """The states that these actors may take an enrollment to."""
    return [to for to, allowed in ENROLLMENT[state].items() if actors & set(allowed)]


def program_steps(state: str, actors: set[str]) -> list[str]:
    """The states that these actors may take a program to."""
    return [to for to, allowed in PROGRAM[state].items() if actors & set(allowed)]
