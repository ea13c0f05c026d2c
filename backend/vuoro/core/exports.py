"""What leaves for spreadsheets and calendars, made inert: no cell is a formula, no text adds a line of its own.

The one way to write either; tests/core/test_exports.py holds the rest of the program to it.
"""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for a formula, and what it skips before one. OWASP: CSV injection.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_ROWS = 50_000  # of one file
MOST = 75  # bytes of a calendar's line, RFC 5545 section 3.1


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


def calendar_text(value: str) -> str:
    """TEXT of RFC 5545, section 3.3.11: separators and line breaks escaped, no other control character."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    for break_ in ("\u2028", "\u2029", "\x85", "\x0b", "\x0c"):
        lines = lines.replace(break_, "\n")
    clean = "".join(character for character in lines if character in "\n\t" or " " <= character != "\x7f")
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        clean = clean.replace(plain, escaped)
    return clean


def calendar_line(name: str, value: str, *, is_text: bool = True) -> str:
    """One property with its line end, folded after 75 bytes; `is_text` False leaves moments and addresses unescaped.

    Raises:
        ValueError: a line break in a name, or in a value that is no text.
    """
    if not is_text and any(character < " " for character in value):
        raise ValueError(f"{name} takes one line")
    whole = f"{name}:{calendar_text(value) if is_text else value}"
    if any(character < " " for character in name):
        raise ValueError("a property's name takes one line")
    parts, size = [""], 0
    for character in whole:
        width = len(character.encode("utf-8", "replace"))
        if size + width > MOST:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += width
    return "\r\n".join(parts) + "\r\n"
