"""States of a session: from → to, and who may take the step; when a step is possible, and which one waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SessionState = Literal["proposed", "scheduled", "held", "cancelled", "missed", "lapsed"]
PulseState = Literal["none", "open", "given"]
Visibility = Literal["mine", "ours"]
Lane = Literal["see", "think", "wonder", "do"]
Part = Literal["mentor", "mentee", "delegate"]
Action = Literal[
    "schedule", "hold", "move", "cancel", "miss", "edit", "edit_agenda", "edit_kit", "edit_spark", "share_note"
]  # fmt: skip
ACTIONS: tuple[Action, ...] = (
    "schedule", "hold", "move", "cancel", "miss", "edit", "edit_agenda", "edit_kit", "edit_spark", "share_note",
)  # fmt: skip
NextAction = Literal["confirm_session", "hold_session", "give_pulse", "finish_primer", "write_agenda", "add_spark"]

# state → {next: actors}. "member" is either of the pair, "other" whose side did not move it last, "delegate" the
# executive's assistant, "system" a deadline. What took place took place: a word that it was missed is taken back by it.
STEPS: dict[str, dict[str, tuple[str, ...]]] = {
    "proposed": {
        "scheduled": ("other",),
        "proposed": ("member", "delegate"),
        "held": ("member",),
        "cancelled": ("member",),
        "missed": ("member",),
        "lapsed": ("system",),
    },
    "scheduled": {
        "proposed": ("member", "delegate"),
        "held": ("member",),
        "cancelled": ("member",),
        "missed": ("member",),
        "lapsed": ("system",),
    },
    "held": {},
    "cancelled": {},
    "missed": {"held": ("member",)},
    "lapsed": {},
}
OPEN = ("proposed", "scheduled")
PAIR_TALKS = ("active", "paused", "closing", "stay_in_touch")
PAIR_MEETS = ("active", "closing", "stay_in_touch")
PAIR_PLANS = ("active", "stay_in_touch")
FOR_DELEGATES = ("schedule", "move", "edit")
FITS = {
    "schedule": ("proposed",),
    "hold": (*OPEN, "missed"),
    "miss": (*OPEN, "missed"),
    "share_note": (*OPEN, "held"),
}
AUTHORS = {"edit_agenda": "mentor", "edit_kit": "mentor", "edit_spark": "mentee"}
EARLY = timedelta(minutes=15)
LAPSES_AFTER = timedelta(days=14)
PREPARE = timedelta(days=7)
PULSE_AFTER = (1, 3, 6)
PULSE_ASKED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides what one caller may do with a session.

    `latest_start` is the last of the proposed times, `moved_last` whether the caller's side moved it last,
    `said_missed` whether the caller said so already, `planned_again` whether its number has another session.
    """

    part: Part
    state: str
    pair_state: str
    number: int | None
    starts_at: datetime
    ends_at: datetime
    latest_start: datetime
    moves: int
    moves_allowed: int
    moved_last: bool
    said_missed: bool
    planned_again: bool
    primers_done: bool
    now: datetime


def steps(state: str, actors: set[str]) -> list[str]:
    """The states that these actors may take a session to."""
    return [to for to, allowed in STEPS[state].items() if actors & set(allowed)]


def actors(part: Part, *, moved_last: bool) -> set[str]:
    """What a caller is to a session, in the words of the state table."""
    return {"delegate" if part == "delegate" else "member"} | (set() if moved_last else {"other"})


def obstacle(action: Action, facts: Facts) -> str | None:
    """Why the caller cannot do this now (a stable code), or None when they can."""
    if facts.part == "delegate" and action not in FOR_DELEGATES:
        return "not_for_delegates"
    if AUTHORS.get(action, facts.part) != facts.part:
        return "not_your_part"
    if facts.state not in FITS.get(action, OPEN):
        return "wrong_state"
    over = facts.now >= facts.ends_at
    if action == "cancel":  # a way out is open whatever became of the pair
        return "already_over" if over else None
    if facts.pair_state not in (PAIR_MEETS if action in ("move", "schedule") else PAIR_TALKS):
        return "pair_not_active"
    match action:
        case "schedule":
            return _not_agreed(facts)
        case "move":
            return _not_moved(facts, over)
        case "hold":
            return _not_held(facts)
        case "edit_kit":
            return "is_shadow" if facts.number is None else None
        case "miss":
            return "already_said" if facts.said_missed else None if over else "not_over"
    return None


def _not_agreed(facts: Facts) -> str | None:
    if facts.moved_last:
        return "not_your_turn"
    return "already_over" if facts.latest_start <= facts.now else None


def _not_moved(facts: Facts, over: bool) -> str | None:
    if over and facts.state == "scheduled":
        return "already_over"
    return "no_moves_left" if facts.moves >= facts.moves_allowed else None


def _not_held(facts: Facts) -> str | None:
    if facts.now < facts.starts_at - EARLY:
        return "too_early"
    if facts.state == "missed":
        if facts.now > facts.ends_at + LAPSES_AFTER:
            return "too_late"
        if facts.planned_again:
            return "planned_again"
    return None if facts.number != 1 or facts.primers_done else "primer_missing"


def pulse(state: str, number: int | None, given: bool) -> PulseState:
    """Where a member's pulse of this session stands."""
    if state != "held" or number not in PULSE_AFTER:
        return "none"
    return "given" if given else "open"


def next_action(
    facts: Facts, *, pulse: PulseState, my_primer_done: bool, agenda: bool, spark: bool
) -> NextAction | None:
    """What waits for the caller at this session, the nearest first; None when nothing does."""
    if obstacle("schedule", facts) is None:
        return "confirm_session"
    if facts.part == "delegate" or (facts.state not in OPEN and pulse != "open"):
        return None
    if pulse == "open":
        return "give_pulse"
    if facts.number == 1 and not my_primer_done:
        return "finish_primer"
    if facts.now >= facts.ends_at:
        return "hold_session" if obstacle("hold", facts) is None else None
    if facts.starts_at <= facts.now + PREPARE:
        if not agenda and obstacle("edit_agenda", facts) is None:
            return "write_agenda"
        if not spark and obstacle("edit_spark", facts) is None:
            return "add_spark"
    return None
