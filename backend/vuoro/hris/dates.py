"""Dates as HR systems write them. Whether 3/4 is March or April the whole column decides, or it is asked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from vuoro.hris.problems import ValueRefused

DayOrder = Literal["day_first", "month_first"]

OPEN_END_YEAR = 9999
FIRST_YEAR, LAST_YEAR = 1900, 2100

_TIME = r"(?:[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s?(?:[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})" + _TIME, re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})" + _TIME, re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?[ -](\d{4})", re.ASCII)
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})", re.ASCII)
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateColumn:
    """How a column writes dates; `order` is None without slashed dates, or while `unclear` asks for it."""

    order: DayOrder | None
    style: str | None
    unclear: Literal["ambiguous", "mixed"] | None = None
    example: str | None = None
    readings: tuple[date, date] | None = None
    day_first_example: str | None = None
    month_first_example: str | None = None


def decided(column: DateColumn, order: DayOrder) -> DateColumn:
    """The column with its order settled from outside, and its style named accordingly."""
    style = _named("slashed", order) if column.style == _named("slashed", None) else column.style
    return replace(column, order=order, unclear=None, style=style)


def recognize_dates(values: Iterable[str]) -> DateColumn:
    """Decide the order of day and month from all values; an open question comes with both readings."""
    styles: dict[str, int] = {}
    day_first = month_first = open_example = None
    for value in values:
        style = _style(value)
        if style:
            styles[style] = styles.get(style, 0) + 1
        match = _SLASHED.fullmatch(value) if style == "slashed" else None
        if match is None:
            continue
        first, second = int(match[1]), int(match[3])
        if first > 12 and 1 <= second <= 12:
            day_first = day_first or value
        elif second > 12 and 1 <= first <= 12:
            month_first = month_first or value
        elif first != second and open_example is None and _both_readings(match):
            open_example = value
    common = max(styles, key=lambda style: styles[style], default=None)
    if day_first and month_first:
        return DateColumn(None, _named(common, None), "mixed", None, None, day_first, month_first)
    order: DayOrder | None = "day_first" if day_first else "month_first" if month_first else None
    if order is None and open_example:
        match = _SLASHED.fullmatch(open_example)
        readings = _both_readings(match) if match else None
        return DateColumn(None, _named(common, None), "ambiguous", open_example, readings)
    return DateColumn(order, _named(common, order))


def read_date(value: str, order: DayOrder | None) -> date:
    """Read one date; slashed ones by the order of their column. Raise ValueRefused with the reason."""
    if match := _ISO.fullmatch(value):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
    elif match := _COMPACT.fullmatch(value):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    elif match := _DOTTED.fullmatch(value):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
    elif match := _SLASHED.fullmatch(value):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
        if order == "month_first":
            day, month = month, day
    elif match := _DAY_MONTH.fullmatch(value):
        day, month, year = int(match[1]), _month(match[2]), int(match[3])
    elif match := _MONTH_DAY.fullmatch(value):
        day, month, year = int(match[2]), _month(match[1]), int(match[3])
    else:
        raise ValueRefused("date_invalid", "is not a date such as 2026-01-31 or 31.1.2026")
    try:
        found = date(year, month, day)
    except ValueError:
        raise ValueRefused("date_invalid", "is not a day of the calendar") from None
    if not FIRST_YEAR <= year <= LAST_YEAR and year != OPEN_END_YEAR:
        detail = f"is not between {FIRST_YEAR} and {LAST_YEAR}"
        raise ValueRefused("date_out_of_range", detail, first_year=FIRST_YEAR, last_year=LAST_YEAR)
    return found


_STYLES: Mapping[str, re.Pattern[str]] = {
    "yyyy-mm-dd": _ISO,
    "yyyymmdd": _COMPACT,
    "d.m.yyyy": _DOTTED,
    "slashed": _SLASHED,
    "d mmm yyyy": _DAY_MONTH,
    "mmm d, yyyy": _MONTH_DAY,
}


def _style(value: str) -> str | None:
    return next((name for name, pattern in _STYLES.items() if pattern.fullmatch(value)), None)


def _named(style: str | None, order: DayOrder | None) -> str | None:
    if style != "slashed":
        return style
    return {"day_first": "dd/mm/yyyy", "month_first": "mm/dd/yyyy", None: "dd/mm/yyyy or mm/dd/yyyy"}[order]


def _both_readings(match: re.Match[str]) -> tuple[date, date] | None:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    try:
        return date(year, second, first), date(year, first, second)
    except ValueError:
        return None


def _month(name: str) -> int:
    """Return 1 to 12 for an English month or its first letters; 0, in no calendar, for another word."""
    found = [number for number, month in enumerate(_MONTHS, start=1) if month.startswith(name.lower())]
    return found[0] if found else 0
