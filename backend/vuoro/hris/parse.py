"""A file of people becomes a table: text cells under unique headers, read as a stream within limits."""

import contextlib
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Collection, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from vuoro.hris import encoding as encodings
from vuoro.hris.problems import FileError, Problem, shown

MAX_BYTES = 25 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_CELL = 10_000
MAX_HEADER = 100

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_LINES = 200
HEADER_SEARCH = 30

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_LOOKS_LIKE_A_VALUE = re.compile(r"[\d.,/: +-]*\d[\d.,/: +-]*")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a cell for each header ("" is empty, None is not told); `problem` if it does not fit."""

    number: int
    cells: tuple[str | None, ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A readable file and how it was read; for JSON `delimiter` is None and `header_row` 0."""

    headers: tuple[str, ...]
    encoding: str
    delimiter: str | None
    header_row: int
    row_count: int
    repeated_headers: tuple[str, ...]
    _source: Path | bytes = field(repr=False)
    _people: tuple[Row, ...] | None = field(default=None, repr=False)

    def rows(self, *, without: Collection[str] = ()) -> Iterator[Row]:
        """Read the rows from the start; cells under the headers in `without` are dropped, as not told."""
        hidden = tuple(header in without for header in self.headers)
        rows = _csv_rows(self) if self._people is None else iter(self._people)
        if not any(hidden):
            return rows
        return (
            Row(
                row.number,
                tuple(None if h else c for h, c in zip(hidden, row.cells, strict=True)),
                row.problem,
            )
            for row in rows
        )


def read_table(source: Path | str | bytes, *, max_bytes: int = MAX_BYTES) -> Table:
    """Recognize and check a whole CSV or JSON file (a path or its bytes); raise FileError if unusable."""
    source = Path(source) if isinstance(source, str) else source
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > max_bytes:
        limit = f"{max_bytes // (1024 * 1024)} MB" if max_bytes >= 1024 * 1024 else f"{max_bytes} bytes"
        raise FileError("file_too_large", f"The file is larger than {limit}.", limit=max_bytes, size=size)
    with _open(source) as stream:
        encoding = encodings.recognize_encoding(stream)
    with contextlib.closing(_lines(source, encoding)) as lines:
        sample = list(islice(lines, SAMPLE_LINES))
    start = "".join(sample).lstrip()[:1]
    if not start:
        raise FileError("file_empty", "The file is empty.")
    if start in "{[":
        return _json_table(source, encoding)
    delimiter = _delimiter(sample)
    header_row, cells = _header(sample, delimiter)
    while not cells[-1]:
        cells.pop()
    headers, repeated = _headers(cells)
    found = Table(headers, encoding, delimiter, header_row, 0, repeated, source)
    count = sum(1 for _ in _csv_rows(found))
    if not count:
        raise FileError("no_rows", f"There are no people below the header in row {header_row}.", header_row=header_row)
    return Table(headers, encoding, delimiter, header_row, count, repeated, source)


def _open(source: Path | bytes) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _lines(source: Path | bytes, encoding: str) -> Generator[str, None, None]:
    with _open(source) as raw, io.TextIOWrapper(raw, encoding, newline="") as text:
        number = 0
        while line := text.readline(encodings.MAX_LINE + 1):
            number += 1
            if len(line) > encodings.MAX_LINE:
                raise encodings.line_too_long(number)
            yield line.removeprefix("\ufeff") if number == 1 else line


def _delimiter(sample: list[str]) -> str:
    told = _SEPARATOR_LINE.fullmatch(sample[0])
    if told and told[1] in DELIMITERS:
        return told[1]

    def fit(delimiter: str) -> int:
        widths: Counter[int] = Counter()
        with contextlib.suppress(csv.Error):
            for cells in csv.reader(sample, delimiter=delimiter, skipinitialspace=True):
                widths[len(cells)] += 1
        return max((count * (width - 1) for width, count in widths.items()), default=0)

    return max(DELIMITERS, key=fit)


def _records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    number = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "limit" in str(error):
                detail = f"A cell of the row that starts at line {line} never ends. Is a closing quote missing?"
                raise FileError("cell_never_ends", detail, line=line) from None
            detail = f"The quotes of the row that starts at line {line} do not match."
            raise FileError("quotes_do_not_match", detail, line=line) from None
        number += 1
        yield number, [cell.strip() for cell in cells]


def _header(sample: list[str], delimiter: str) -> tuple[int, list[str]]:
    """Find the first row that is about as wide as the rest: what stands above it is a title."""
    records: list[tuple[int, list[str]]] = []
    try:
        records.extend(islice(_records(sample, delimiter), HEADER_SEARCH))
    except FileError as error:
        # A quote left open at the end of the sample may close further down; the full reading decides.
        if not records:
            raise error from None
    wide = max(sum(map(bool, cells)) for _, cells in records)
    for number, cells in records:
        filled = [cell for cell in cells if cell]
        if not filled or len(filled) * 2 < wide or (number == 1 and _SEPARATOR_LINE.match(delimiter.join(cells))):
            continue
        values = sum(1 for cell in filled if "@" in cell or _LOOKS_LIKE_A_VALUE.fullmatch(cell))
        if values * 3 >= len(filled) or any("@" in cell for cell in filled):
            detail = f"Row {number} looks like a person, not like column names. Put a header row first."
            raise FileError("header_missing", detail, row=number)
        return number, cells
    raise FileError("header_missing", "No row with column names was found.", row=None)


def _headers(cells: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Make names unique: the second "Email" becomes "Email (2)" and is reported as repeated."""
    if len(cells) > MAX_COLUMNS:
        detail = f"The file has {len(cells)} columns; {MAX_COLUMNS} is the most."
        raise FileError("too_many_columns", detail, limit=MAX_COLUMNS, columns=len(cells))
    taken: dict[str, None] = {}
    repeated: list[str] = []
    for at, cell in enumerate(cells, start=1):
        name = shown(" ".join(cell.split()), MAX_HEADER) or f"Column {at}"
        unique, copy = name, 1
        while unique in taken:
            copy += 1
            unique = f"{name} ({copy})"
        if copy > 1:
            repeated.append(unique)
        taken[unique] = None
    return tuple(taken), tuple(repeated)


def _csv_rows(table: Table) -> Iterator[Row]:
    count, width = 0, len(table.headers)
    delimiter = table.delimiter or ","
    with contextlib.closing(_lines(table._source, table.encoding)) as lines:
        for number, cells in _records(lines, delimiter):
            if number <= table.header_row or not any(cells):
                continue
            count += 1
            if count > MAX_ROWS:
                raise _too_many_rows(number)
            problem = _misfit(table.headers, number, cells) if len(cells) != width else None
            fitted: tuple[str | None, ...] = tuple(cells[:width]) + ("",) * (width - len(cells))
            if max(map(len, cells)) > MAX_CELL and any(len(cell) > MAX_CELL for cell in cells[:width]):
                fitted, too_long = _cut(table.headers, number, fitted)
                problem = problem or too_long
            yield Row(number, fitted, problem)


def _misfit(headers: tuple[str, ...], number: int, cells: list[str]) -> Problem | None:
    width = len(headers)
    if len(cells) < width:
        detail = f'Row {number} ends before the column "{headers[len(cells)]}": {len(cells)} of {width} cells.'
        params = {"row": number, "cells": len(cells), "columns": width}
        return Problem("row_too_short", detail, number, headers[len(cells)], None, params)
    for at in range(width, len(cells)):
        if cells[at]:
            detail = (
                f"Row {number} has a value in column {at + 1}, but the header has {width} columns. "
                "Is a delimiter inside a value not quoted?"
            )
            params = {"row": number, "cells": len(cells), "columns": width}
            # The value may belong to a refused column that slipped: it is not repeated.
            return Problem("row_too_long", detail, number, f"Column {at + 1}", None, params)
    return None


def _cut(
    headers: tuple[str, ...], number: int, cells: tuple[str | None, ...]
) -> tuple[tuple[str | None, ...], Problem]:
    at = next(at for at, cell in enumerate(cells) if cell and len(cell) > MAX_CELL)
    detail = f'Row {number}, column "{headers[at]}": the value is longer than {MAX_CELL:,} characters.'
    problem = Problem("cell_too_long", detail, number, headers[at], None, {"row": number, "limit": MAX_CELL})
    return tuple(cell[:MAX_CELL] if cell else cell for cell in cells), problem


def _too_many_rows(number: int) -> FileError:
    detail = f"The file has more than {MAX_ROWS:,} people (row {number}). Split it."
    return FileError("too_many_rows", detail, limit=MAX_ROWS, row=number)


def _json_table(source: Path | bytes, encoding: str) -> Table:
    text = "".join(_lines(source, encoding))
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        detail = f"The JSON cannot be read at line {error.lineno}, column {error.colno}: {error.msg}."
        raise FileError("json_invalid", detail, line=error.lineno, column=error.colno) from None
    except (RecursionError, ValueError):
        raise FileError("json_invalid", "The JSON is nested too deep or holds a number too long.") from None
    people = document.get("people") if isinstance(document, dict) else None
    if not isinstance(people, list):
        raise FileError("json_without_people", 'The JSON must be an object with a list: {"people": [ … ]}.')
    if not people:
        raise FileError("no_rows", "The list of people is empty.", header_row=0)
    if len(people) > MAX_ROWS:
        raise _too_many_rows(MAX_ROWS + 1)
    keys: dict[str, None] = {}
    for person in people:
        keys.update(dict.fromkeys(person if isinstance(person, dict) else ()))
        if len(keys) > MAX_COLUMNS:
            break
    if not keys:
        raise FileError("header_missing", "The list holds no people with fields.", row=None)
    headers, repeated = _headers(list(keys))
    rows = tuple(_person_row(number, person, tuple(keys), headers) for number, person in enumerate(people, start=1))
    return Table(headers, encoding, None, 0, len(rows), repeated, b"", rows)


def _person_row(number: int, person: object, keys: tuple[str, ...], headers: tuple[str, ...]) -> Row:
    if not isinstance(person, dict):
        detail = f"Person {number} is not an object with fields."
        return Row(number, (None,) * len(headers), Problem("person_not_object", detail, number, None, None))
    cells: list[str | None] = []
    problem: Problem | None = None
    for key, header in zip(keys, headers, strict=True):
        cell = _json_text(person[key]) if key in person else None
        if cell is None and key in person:
            detail = f'Person {number}, field "{header}": a text, a whole number or a list is expected.'
            problem = problem or Problem("value_not_text", detail, number, header, None)
        cells.append(cell)
    fitted = tuple(cells)
    if any(cell is not None and len(cell) > MAX_CELL for cell in fitted):
        fitted, too_long = _cut(headers, number, fitted)
        problem = problem or too_long
    return Row(number, fitted, problem)


def _json_text(value: object) -> str | None:
    """Write a JSON value the way a cell would hold it; None when it has no such form."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value.strip()
        case int():
            return str(value)
        case {"code": str(code), "level": int(level), **rest} if not rest:
            return f"{code.strip()}:{level}"
        case list():
            parts = [_json_text(part) for part in value if not isinstance(part, list)]
            return ";".join(part for part in parts if part) if len(parts) == len(value) and None not in parts else None
        case _:
            return None
