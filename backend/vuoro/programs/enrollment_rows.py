"""A list of enrollments as CSV or JSON becomes rows: read as text, each fault with row and column."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from pydantic import Field, ValidationError

from vuoro.core.errors import Invalid
from vuoro.core.wire import Email, In, Out
from vuoro.people.schemas import LanguagesIn
from vuoro.programs.schemas import SkillsIn, TopicsIn
from vuoro.programs.states import Side

MAX_ROWS = 5_000
COLUMNS = ("external_id", "work_email", "role", "capacity", "skills", "topics", "languages")
_ROLES = {
    "mentori": "mentor", "mentoroitava": "mentee", "adept": "mentee", "mentor": "mentor", "mentee": "mentee",
}  # fmt: skip


class EnrollmentRow(In):
    """One person of the list; what is not told stays as it is, or takes its default."""

    external_id: str | None = Field(None, max_length=100)
    work_email: Email | None = None
    role: Side
    capacity: int | None = Field(None, ge=1, le=5)
    skills: SkillsIn | None = None
    topics: TopicsIn | None = None
    languages: LanguagesIn | None = None


class EnrollmentRowProblem(Out):
    """What is wrong with one cell. Rows are counted as in the file: a CSV's header is row 1."""

    row: int
    column: str
    code: str
    detail: str


def read(content: bytes, *, is_json: bool) -> tuple[list[tuple[int, EnrollmentRow]], list[EnrollmentRowProblem]]:
    """The rows that can be read, with their numbers, and what is wrong with the others.

    Raises:
        Invalid: the whole is no such list: not UTF-8, no header, unknown columns, no rows or more than 5,000.
    """
    rows: list[tuple[int, EnrollmentRow]] = []
    problems: list[EnrollmentRowProblem] = []
    for number, cells in _json(content) if is_json else _csv(content):
        try:
            rows.append((number, EnrollmentRow.model_validate(_typed(cells))))
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_context=False, include_input=False):
                column = _shown(fault["loc"][0]) if fault["loc"] else "role"
                detail = ": ".join([*(_shown(step) for step in fault["loc"][1:]), fault["msg"]])
                problems.append(EnrollmentRowProblem(row=number, column=column, code=fault["type"], detail=detail))
    return rows, problems


def _shown(name: int | str) -> str:
    """A name out of the list, short and fit for an answer: JSON may hold halves of characters."""
    return str(name)[:100].encode(errors="replace").decode()


def _json(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise Invalid.at("", "json_invalid", "This is no JSON.") from None
    rows = body.get("rows") if isinstance(body, dict) and set(body) == {"rows"} else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid.at("/rows", "rows_missing", 'Send {"rows": [{"external_id": "…", "role": "mentor"}]}.')
    _count(len(rows))
    yield from enumerate(rows, 1)


def _count(rows: int) -> None:
    if not rows:
        raise Invalid.at("/rows", "rows_missing", "There is no row in this list.")
    if rows > MAX_ROWS:
        raise Invalid.at("/rows", "too_many_rows", f"A list has at most {MAX_ROWS:,} rows; this one has {rows:,}.")


def _csv(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Invalid.at("", "encoding_invalid", f"Line {line} is not UTF-8. Save the file as CSV (UTF-8).") from None
    if "\0" in text:
        raise Invalid.at("", "nul_byte", "The file holds a NUL character: it is damaged.")
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        strange = [name for name in header if name not in COLUMNS]
        if strange or len(set(header)) < len(header) or "role" not in header:
            raise Invalid.at(
                "", "header_invalid",
                f"The first line names the columns, each once, with role among them: {', '.join(COLUMNS)}."
                + (f" Unknown: {', '.join(strange)[:200]}." if strange else ""),
            )  # fmt: skip
        found = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise Invalid.at("", "csv_invalid", f"Line {reader.line_num}: {error}.") from None
    _count(len(found))
    for number, cells in found:
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            # a column that no row has, so that it is named like any other fault of a row
            yield number, {**dict(zip(header, cells, strict=False)), "columns": "more cells than columns"}
        else:
            yield number, dict(zip(header, cells, strict=False))


def _typed(cells: dict[str, Any]) -> dict[str, Any]:
    """Text as the row's fields take it: `slug:level[:weight];…`, `a;b`, `fi:4;en:3`; empty cells are not told."""
    typed: dict[str, Any] = {}
    for name, value in cells.items():
        if isinstance(value, str):
            value = value.strip()
        if value is None or value == "":
            continue
        if name == "role" and isinstance(value, str):
            value = _ROLES.get(value.lower(), value)
        elif name == "skills" and isinstance(value, str):
            value = [_named(part, ("slug", "level", "weight")) for part in _parts(value)]
        elif name == "languages" and isinstance(value, str):
            value = [_named(part, ("code", "level")) for part in _parts(value)]
        elif name == "topics" and isinstance(value, str):
            value = _parts(value)
        typed[name] = value
    return typed


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(";") if part.strip()]


def _named(part: str, names: tuple[str, ...]) -> dict[str, str]:
    cells = [cell.strip() for cell in part.split(":")]
    return dict(zip(names, cells, strict=False)) | ({"more": "…"} if len(cells) > len(names) else {})
