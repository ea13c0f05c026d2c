"""States of a session: from → to, and who may take the step; and when a step is possible."""

from datetime import datetime, timedelta
from typing import Literal

SessionState = Literal["proposed", "scheduled", "held", "cancelled", "missed", "lapsed"]
PulseState = Literal["none", "open", "given"]
Action = Literal["schedule", "hold", "move", "cancel", "edit", "edit_agenda", "share_note"]
ACTIONS: tuple[Action, ...] = ("schedule", "hold", "move", "cancel", "edit", "edit_agenda", "share_note")

# state → {next: actors}. "member" is either of the pair, "other" the one who did not move it last.
STEPS: dict[str, dict[str, tuple[str, ...]]] = {
    "proposed": {
        "scheduled": ("other",),
        "proposed": ("member",),
        "held": ("member",),
        "cancelled": ("member",),
        "lapsed": ("system",),
    },
    "scheduled": {"proposed": ("member",), "held": ("member",), "cancelled": ("member",), "lapsed": ("system",)},
    "held": {},
    "cancelled": {},
    "missed": {},
    "lapsed": {},
}
OPEN = ("proposed", "scheduled")
PAIR_TALKS = ("active", "paused", "closing", "stay_in_touch")
MOVES = 2
EARLY = timedelta(minutes=15)
LAPSES_AFTER = timedelta(days=14)
PULSE_AFTER = (1, 3, 6)
PULSE_ASKED_FOR = timedelta(days=30)


def steps(state: str, actors: set[str]) -> list[str]:
    """The states that these actors may take a session to."""
    return [to for to, allowed in STEPS[state].items() if actors & set(allowed)]


def obstacle(
    action: Action, *, state: str, pair_state: str, starts_at: datetime, moves: int, moved_last: bool, now: datetime
) -> str | None:
    """Why a member of the pair cannot do this now (a stable code), or None when they can.

    `moves` is how often the session was moved, `moved_last` whether the caller did so last.
    """
    fits = {"schedule": ("proposed",), "share_note": (*OPEN, "held")}.get(action, OPEN)
    if state not in fits:
        return "wrong_state"
    if action == "cancel":  # a way out is open whatever became of the pair
        return None
    if pair_state not in (("active",) if action in ("move", "schedule") else PAIR_TALKS):
        return "pair_not_active"
    if action == "schedule" and moved_last:
        return "not_your_turn"
    if action == "move" and moves >= MOVES:
        return "no_moves_left"
    if action == "hold" and now < starts_at - EARLY:
        return "too_early"
    return None


def pulse(state: str, number: int, given: bool) -> PulseState:
    """Where a member's pulse of this session stands."""
    if state != "held" or number not in PULSE_AFTER:
        return "none"
    return "given" if given else "open"
