"""States of a pair: from → {to: who may take the step}. "system" is a deadline, a match run or the conflict guard.

"override" is the mentor's answer, and its deadline, once managers found that a suspended pair may go on.
"""

from typing import Literal

PairState = Literal[
    "proposed", "asked_mentor", "asked_mentee", "active", "paused", "closing", "completed", "stay_in_touch",
    "declined", "expired", "ended_early", "suspended_conflict",
]  # fmt: skip
EITHER = ("mentor", "mentee")

STEPS: dict[str, dict[str, tuple[str, ...]]] = {
    "proposed": {"asked_mentor": ("manager",)},
    "asked_mentor": {
        "asked_mentee": ("mentor",),
        "declined": ("mentor",),
        "expired": ("system", "manager"),
        "suspended_conflict": ("system",),
    },
    "asked_mentee": {
        "active": ("mentee",),
        "declined": ("mentor", "mentee"),
        "expired": ("system", "manager"),
        "suspended_conflict": ("system",),
    },
    "active": {
        "paused": (*EITHER, "system"),
        "closing": ("system",),
        "ended_early": EITHER,
        "suspended_conflict": ("system",),
    },
    "paused": {"active": EITHER, "ended_early": EITHER, "suspended_conflict": ("system",)},
    "closing": {"completed": (*EITHER, "system"), "ended_early": EITHER, "suspended_conflict": ("system",)},
    "completed": {"stay_in_touch": ("system",)},
    "stay_in_touch": {"completed": (*EITHER, "system"), "suspended_conflict": ("system",)},
    "declined": {},
    "expired": {},
    "ended_early": {},
    "suspended_conflict": {
        "ended_early": (*EITHER, "manager", "override"),
        **dict.fromkeys(
            ("asked_mentor", "asked_mentee", "active", "paused", "closing", "stay_in_touch", "expired"),
            ("override",),
        ),
    },
}
OPEN = ("asked_mentor", "asked_mentee", "active", "paused", "closing", "stay_in_touch", "suspended_conflict")
OVER = ("declined", "expired", "ended_early", "completed")


def legal_steps(state: str, actors: set[str]) -> list[str]:
    """The states that these actors may take a pair to."""
    return [to for to, allowed in STEPS[state].items() if actors & set(allowed)]
