"""A program's settings: the weights and rules of pairing, and the thresholds of every rule that may be set."""

from copy import copy
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field, create_model

from vuoro.core.fields import LINE
from vuoro.core.wire import In

# Views over expertise (matching.md): what one talks about weighs more than what one can teach.
WEIGHTS = {
    "topics": 0.35, "skills": 0.20, "department": 0.15, "time_zone": 0.08,
    "language": 0.07, "preference": 0.07, "other_site": 0.05, "seniority": 0.03,
}  # fmt: skip
RULES: dict[str, Any] = {
    "min_seniority_gap": 3,
    "min_language_level": 2,
    "different_team": True,
    "reporting_line": True,
    "min_tenure_months": 6,
    "top_exempt_distance": 3,
    "min_score": 0.25,
}
DEFAULTS: dict[str, Any] = {
    "weights": WEIGHTS,
    "rules": RULES,
    "offer_days": 7,
    "remind_after_days": 3,
    "sessions_planned": 6,
    "session_minutes": 45,
    "weeks_between": 4,
    "agreement_required": True,
    "primer_required": True,
    "mentor_capacity": 1,
    "moves_per_session": 2,
    "move_within_days": 14,
    "quiet_days": 21,
    "first_contact_days": 5,
    "rest_days": 14,
    "circle_days": 90,
    "stay_bonus": 0.02,
    "open_to_all": True,
    "self_chosen": False,
    "wish_becomes_offer": False,
    "titles": {"mentor": None, "mentee": None},
}


class Weights(In):
    """How much each component of the score counts; at least one is above zero."""

    skills: float = Field(ge=0, le=1)
    topics: float = Field(ge=0, le=1)
    language: float = Field(ge=0, le=1)
    time_zone: float = Field(ge=0, le=1)
    seniority: float = Field(ge=0, le=1)
    department: float = Field(ge=0, le=1)
    other_site: float = Field(ge=0, le=1)
    preference: float = Field(ge=0, le=1)


class Rules(In):
    """The hard rules of pairing."""

    min_seniority_gap: int = Field(ge=0, le=20)
    min_language_level: int = Field(ge=0, le=4)
    different_team: bool
    reporting_line: Literal[True]
    min_tenure_months: int = Field(ge=0, le=600)
    top_exempt_distance: int = Field(ge=0, le=50)
    min_score: float = Field(ge=0, le=1)


class TitleWords(In):
    """What one of the two roles is called here."""

    fi: str = Field(min_length=1, max_length=60, pattern=LINE)
    sv: str = Field(min_length=1, max_length=60, pattern=LINE)
    en: str = Field(min_length=1, max_length=60, pattern=LINE)


class Titles(In):
    """Names of the two roles, where a program has its own; null: the usual words."""

    mentor: TitleWords | None
    mentee: TitleWords | None


class ProgramSettings(In):
    """What a program decides for itself: the hard rules that may be set, and the thresholds of the soft ones."""

    weights: Weights
    rules: Rules
    offer_days: int = Field(ge=1, le=30, description="how long an offer waits for an answer (H3)")
    remind_after_days: int = Field(ge=1, le=29, description="when an unanswered offer is reminded of (H3)")
    sessions_planned: int = Field(ge=1, le=24, description="the arc's length (S1)")
    session_minutes: int = Field(ge=15, le=120)
    weeks_between: int = Field(ge=1, le=13, description="the arc's rhythm (S1)")
    agreement_required: Literal[True] = Field(description="both sign before a first session is planned (H7)")
    primer_required: bool = Field(description="both finish the primer before session 1 takes place (H8)")
    mentor_capacity: int = Field(
        ge=1, le=2, description="most mentees of one mentor; 2 needs the mentor's consent (H10)"
    )
    moves_per_session: int = Field(ge=0, le=10, description="S3")
    move_within_days: int = Field(ge=1, le=60, description="how far off the new times of a move may lie (S3)")
    quiet_days: int = Field(ge=7, le=90, description="nothing booked or held for so long is quiet (S9)")
    first_contact_days: int = Field(ge=1, le=30, description="working days for the executive's first contact (S8)")
    rest_days: int = Field(ge=0, le=180, description="rest between two pairs of one person (S11)")
    circle_days: int = Field(ge=30, le=365, description="how often the mentors meet among themselves (S6)")
    stay_bonus: float = Field(ge=0, le=0.5, description="what keeping a pair is worth when matching again")
    open_to_all: bool = Field(description="people of the organization may apply by themselves while it is enrolling")
    self_chosen: bool = Field(description="participants see who is on the other side and may wish for up to five")
    wish_becomes_offer: bool = Field(description="a mentor's wish that breaks no rule asks the mentee at once")
    titles: Titles = Field(description="what the participants are called here")


def settings_of(stored: dict[str, Any]) -> ProgramSettings:
    """The settings of a program's row; what an older row does not have yet gets its default."""
    return ProgramSettings(**merged(DEFAULTS, stored))


def merged(kept: dict[str, Any], patch: dict[str, Any], back_to: dict[str, Any] | None = None) -> dict[str, Any]:
    """RFC 7396: `patch` over `kept`; what it sets to null goes back to its value in `back_to`, or is null there."""
    new = dict(kept)
    for name, value in patch.items():
        before, default = new.get(name), (back_to or {}).get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            new[name] = merged(before, value, default)
        else:
            new[name] = default if value is None else value
    return new


def _partial(model: type[BaseModel], name: str) -> Any:
    """The same fields with the same limits, each of which may be left out, or null to go back to its default."""
    fields: dict[str, Any] = {}
    for field, info in model.model_fields.items():
        inner: Any = info.annotation
        may_miss = copy(info)
        may_miss.default = None
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            inner = _partial(inner, f"{inner.__name__}Patch")
        fields[field] = (inner | None, may_miss)
    return create_model(name, __base__=In, __doc__=f"{model.__doc__} Only what is named changes.", **fields)


if TYPE_CHECKING:
    ProgramSettingsPatch = ProgramSettings
else:
    ProgramSettingsPatch = _partial(ProgramSettings, "ProgramSettingsPatch")
