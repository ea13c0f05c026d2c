"""States of programs and enrollments: from → to, and who may take the step."""

from typing import Literal

Side = Literal["mentor", "mentee"]
ProgramState = Literal["draft", "enrolling", "matching", "running", "closing", "closed", "archived", "cancelled"]
EnrollmentState = Literal[
    "invited", "applied", "approved", "waitlisted", "declined", "paired", "paused", "alumni", "withdrawn"
]
InvitationState = Literal["pending", "accepted", "declined", "expired", "revoked"]

# The programme manager takes every step of a program.
PROGRAM: dict[str, list[str]] = {
    "draft": ["enrolling", "cancelled"],
    "enrolling": ["matching", "cancelled"],
    "matching": ["running", "enrolling", "cancelled"],
    "running": ["closing", "cancelled"],
    "closing": ["closed"],
    "closed": ["archived"],
    "archived": [],
    "cancelled": ["archived"],
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
