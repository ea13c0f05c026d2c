"""Who may take part and with how many pairs: an open program, tenure (H9), capacity (H10), and what still hinders."""

from datetime import date, datetime
from typing import Any, Literal

from vuoro.core import clock
from vuoro.core.errors import Conflict, Fault, Forbidden, Invalid
from vuoro.people.models import Person
from vuoro.people.tenure import full_on, tenure_months
from vuoro.programs.models import Program
from vuoro.programs.settings import ProgramSettings, settings_of

OPEN = ("enrolling", "matching", "running")
Obstacle = Literal["left", "on_leave", "unknown_line", "tenure_too_short", "resting"]


class ProgramNotOpen(Conflict):
    """The program takes nobody in now."""

    code = "program_not_open"
    text = "This programme takes nobody in now."

    def __init__(self, state: str) -> None:
        super().__init__(params={"state": state})


class InvitationNeeded(Conflict):
    """The program is for invited people."""

    code = "invitation_needed"
    text = "This programme is for people who were invited."


class TenureTooShort(Conflict):
    """A mentor has not been here long enough (H9); params say how long, how long it takes, and from which day on."""

    code = "tenure_too_short"
    text = "A mentor of this programme has been here longer."


def require_open(program: Program, *, draft: bool = False) -> None:
    """ProgramNotOpen unless the program takes people in; `draft` lets its managers prepare it."""
    if program.state not in OPEN and not (draft and program.state == "draft"):
        raise ProgramNotOpen(program.state)


def require_self_application(program: Program) -> None:
    """ProgramNotOpen or InvitationNeeded unless people may apply by themselves now."""
    if program.state != "enrolling":
        raise ProgramNotOpen(program.state)
    if not settings_of(program.settings).open_to_all:
        raise InvitationNeeded


def too_short(person: Person, role: str, rules_months: int, on: date) -> dict[str, Any] | None:
    """What H9 says against a mentor on the program's first day: months so far, months needed, the first good day."""
    months = tenure_months(person.hire_on, on) if role == "mentor" else None
    if months is None or person.hire_on is None or months >= rules_months:
        return None
    return {
        "months": max(months, 0),
        "min_months": rules_months,
        "from_on": full_on(person.hire_on, rules_months).isoformat(),
    }


def first_day(program: Program) -> date:
    """The day on which tenure is counted: the program's first, or today once it has begun or where it has none."""
    today = clock.now().date()
    return max(program.starts_on or today, today)


def require_tenure(person: Person, role: str, program: Program) -> None:
    """TenureTooShort when the person is too new to mentor in this program (H9)."""
    months = settings_of(program.settings).rules.min_tenure_months
    against = too_short(person, role, months, first_day(program))
    if against is not None:
        raise TenureTooShort(params=against)


def capacity_fault(role: str, capacity: int, most: int, *, own: bool) -> Fault | None:
    """What H10 says against a capacity: a mentor's has the program's limit, and more than one takes their own word."""
    if role != "mentor" or capacity == 1:
        return None
    if capacity > most:
        return Invalid.at("/capacity", "capacity_too_high", f"A mentor here has at most {most} at a time.")
    if not own:
        return Forbidden("Only the mentors themselves say that they take two.")
    return None


def obstacles(
    person: Person, role: str, rests_until: datetime | None, settings: ProgramSettings, on: date
) -> list[Obstacle]:
    """What keeps somebody from a pair just now, for the program's managers."""
    found: list[Obstacle] = []
    if person.status == "left":
        found.append("left")
    if person.status == "leave":
        found.append("on_leave")
    if person.line == "unknown":
        found.append("unknown_line")
    if too_short(person, role, settings.rules.min_tenure_months, on):
        found.append("tenure_too_short")
    if rests_until is not None and rests_until > clock.now():
        found.append("resting")
    return found
