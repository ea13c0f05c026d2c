"""Lists for a spreadsheet over HTTP: CSV that Excel reads as UTF-8, every cell inert."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from vuoro.core.errors import Conflict
from vuoro.core.exports import MOST_ROWS, csv_text
from vuoro.core.http import faults


class TooManyRows(Conflict):
    """A file of so many rows helps nobody: choose less."""

    code = "too_many_rows"
    text = f"This would be more than {MOST_ROWS} rows. Narrow it down, as by days."


class Sheet(Response):
    """A CSV file."""

    media_type = "text/csv"


def sheet(name: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Response:
    """A CSV file to keep; TooManyRows over 50,000."""
    if len(rows) > MOST_ROWS:
        raise TooManyRows
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "private, no-store"}
    return Sheet("\ufeff" + csv_text(header, rows), headers=headers)


def sheet_faults(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documented answers of an operation that sends a CSV file."""
    text = {"text/csv": {"schema": {"type": "string"}}}
    return {200: {"description": "A CSV file, every cell inert", "content": text}, **faults(409, *statuses)}
