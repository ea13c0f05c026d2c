"""States of a pair: from → {to: who may take the step}.

"system" is a deadline, a match run, the programme's own step or the conflict guard; "override" is the mentor's answer,
and its deadline, once managers found that a suspended pair may go on. `declined` is what the one who said no sees, and
nobody else: to everybody else, and in the table of pairs, such an offer stays asked until its time is over, and has
expired then (docs/decisions/11-a-no-leaves-no-trace.md).
"""

from datetime import datetime
from typing import Literal

PairState = Literal[
    "proposed", "asked_mentor", "asked_mentee", "active", "paused", "closing", "completed", "stay_in_touch",
    "declined", "expired", "ended_early", "suspended_conflict",
]  # fmt: skip
EITHER = ("mentor", "mentee")

STEPS: dict[PairState, dict[PairState, tuple[str, ...]]] = {
    "proposed": {"asked_mentor": ("manager", "system")},
    "asked_mentor": {
        "asked_mentee": ("mentor",),
        "declined": ("mentor",),
        "expired": ("system",),
        "suspended_conflict": ("system",),
    },
    "asked_mentee": {
        "active": ("mentee",),
        "declined": EITHER,
        "expired": ("system",),
        "suspended_conflict": ("system",),
    },
    "active": {
        "paused": (*EITHER, "system"),
        "closing": ("system",),
        "ended_early": (*EITHER, "system"),
        "suspended_conflict": ("system",),
    },
    "paused": {
        "active": EITHER,
        "closing": ("system",),
        "ended_early": (*EITHER, "system"),
        "suspended_conflict": ("system",),
    },
    "closing": {
        "completed": (*EITHER, "system"),
        "ended_early": (*EITHER, "system"),
        "suspended_conflict": ("system",),
    },
    "completed": {"stay_in_touch": ("system",)},
    "stay_in_touch": {"completed": (*EITHER, "system"), "suspended_conflict": ("system",)},
    "declined": {},
    "expired": {},
    "ended_early": {},
    "suspended_conflict": {
        "ended_early": (*EITHER, "manager", "override", "system"),
        "asked_mentor": ("override",),
        "asked_mentee": ("override",),
        "active": ("override",),
        "paused": ("override",),
        "closing": ("override",),
        "stay_in_touch": ("override",),
        "expired": ("override",),
    },
}
ASKED = ("asked_mentor", "asked_mentee")
OPEN = ("asked_mentor", "asked_mentee", "active", "paused", "closing", "stay_in_touch", "suspended_conflict")
OVER = ("declined", "expired", "ended_early", "completed")
#: Pairs that have begun and talk; what they share may be written.
TALKS = ("active", "paused", "closing", "stay_in_touch")
#: Pairs that plan meetings.
MEETS = ("active", "stay_in_touch")


def legal_steps(state: str, actors: set[str]) -> list[str]:
    """The states that these actors may take a pair to."""
    return [to for to, allowed in STEPS[state].items() if actors & set(allowed)]  # type: ignore[index]


def seen(state: PairState, due_at: datetime | None, answer: str | None, now: datetime) -> PairState:
    """The state as one person sees it, whose own `answer` is "no", "late" (a yes after the other's no) or None."""
    if answer is not None:
        return "declined" if answer == "no" else "expired"
    if state in ASKED and due_at is not None and due_at <= now:
        return "expired"
    return state
