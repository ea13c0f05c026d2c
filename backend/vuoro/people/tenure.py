"""How long somebody has been here: whole months, and the day on which a number of them is full."""

from calendar import monthrange
from datetime import date


def tenure_months(hire_on: date | None, on: date) -> int | None:
    """Whole months from the day of hire; None when it is not known (which passes)."""
    if hire_on is None:
        return None
    return (on.year - hire_on.year) * 12 + on.month - hire_on.month - (on.day < hire_on.day)


def full_on(hire_on: date, months: int) -> date:
    """The first day with so many whole months."""
    years, month = divmod(hire_on.month - 1 + months, 12)
    year = hire_on.year + years
    if year > date.max.year:
        return date.max
    if hire_on.day <= monthrange(year, month + 1)[1]:
        return date(year, month + 1, hire_on.day)
    return date(year, month + 2, 1)  # only the months that end on a day below 31, never December
