"""What must be there before a program takes a step."""

from collections.abc import Sequence
from datetime import date

from vuoro.programs.models import Cohort, Program
from vuoro.programs.standing import Standing


def missing(program: Program, state: str, to: str, standing: Standing, today: date) -> list[str]:
    """The names of what a program lacks for a step from `state` to `to`; empty when it may go."""
    match state, to:
        case "draft", "enrolling":
            lacking = {
                "dates": not (program.starts_on and program.ends_on and program.ends_on >= today),
                "cohort": not _open(standing.cohorts),
                "purpose": not any(program.purpose.values()),
            }
        case _, "matching":
            lacking = {"mentors": not standing.mentors, "mentees": not standing.mentees}
        case "matching", "running":
            lacking = {"pairs": not (standing.pairs_open or standing.pairs_asked)}
        case "closing", "running":
            lacking = {"next_cohort": not any(is_ahead(cohort, today) for cohort in _open(standing.cohorts))}
        case _, "closed":
            lacking = {"pairs_ended": standing.pairs_active > 0}
        case _:
            lacking = {}
    return [name for name, lacks in lacking.items() if lacks]


def _open(cohorts: Sequence[Cohort]) -> list[Cohort]:
    return [cohort for cohort in cohorts if cohort.state == "open"]


def is_ahead(cohort: Cohort, today: date) -> bool:
    """Whether a cohort has not begun yet."""
    return cohort.starts_on is not None and cohort.starts_on >= today
