"""What leaves for spreadsheets, made inert: no cell is a formula.

The one way to write them, as core/calendars.py is for calendars; tests/core/test_exports.py holds the rest of the
program to both.
"""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for a formula, and what it skips before one. OWASP: CSV injection.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_ROWS = 50_000  # of one file


def cell(value: object) -> str:
    """One cell: numbers as they are, text with an apostrophe before what would be a formula."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    text = "".join(character for character in value if character in "\n\t" or character.isprintable())
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(FORMULA) else text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV file for spreadsheets (RFC 4180), every cell inert."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([cell(name) for name in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()
