"""What there is to do next, on the wire: of a pair for one caller, and of a program for those who set it up."""

from datetime import date
from typing import Literal
from uuid import UUID

from vuoro.core.wire import Moment, Out, Params

Rule = Literal[
    "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12", "S13", "S14", "H7", "H8",
]  # fmt: skip
Whose = Literal["me", "other", "both"]
PairActionKind = Literal[
    "answer_offer", "sign_agreement", "finish_primer", "first_contact", "resume", "confirm_session", "hold_session",
    "give_pulse", "fit_check", "review", "book_arc", "book_next", "write_agenda", "add_spark", "neutral_place",
    "action_item_due", "answer_candid", "rate_growth", "stay_in_touch", "rematch", "suspended_pair", "quiet_pair",
    "arc_not_booked", "not_booked", "pair_closing",
]  # fmt: skip
ProgramActionKind = Literal[
    "launch_blocked", "program_over", "suspended_pairs", "quiet_pairs", "first_contacts_overdue", "waiting_enrollments",
    "suggestions_ready", "unplaced", "offers_running_out", "not_booked", "arc_not_booked", "circle_due",
    "next_cohort_proposed", "pairs_closing", "program_ends", "invitations_unanswered", "cancelled_again",
    "behind_rhythm", "waves_ready", "waves_closing", "survey_drafts", "looking_again", "resting", "technology_only",
    "narrow_reach",
]  # fmt: skip
Severity = Literal["urgent", "soon", "advice"]


class PairNextAction(Out):
    """One thing to do in a pair. `rule` is the rule behind it, null where it is a plain step.

    `whose` is who does it: the caller, the other one, or either. What is the other's is told so that the caller need
    not wonder; it is never theirs to chase. A manager reads `both` for what the two do, `me` for what a manager does.
    `due_on` is a day where no moment is set. `link` is a page of the web app.
    """

    rule: Rule | None
    kind: PairActionKind
    whose: Whose
    due_at: Moment | None
    due_on: date | None
    params: Params
    link: str


class PairNextActions(Out):
    """What is next in a pair, the caller's own first; `rests_until`: when the caller may have a new pair (S11)."""

    pair_id: UUID
    rests_until: Moment | None
    items: list[PairNextAction]
    next_cursor: str | None


class ProgramNextAction(Out):
    """One thing to look after in a program; never whose it is, nor what they talk about."""

    rule: Rule | None
    kind: ProgramActionKind
    severity: Severity
    count: int | None
    due_on: date | None
    params: Params
    link: str


class ProgramNextActions(Out):
    """What is next in a program, most urgent first."""

    program_id: UUID
    items: list[ProgramNextAction]
    next_cursor: str | None
