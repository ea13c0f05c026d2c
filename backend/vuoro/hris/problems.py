"""What can be wrong with a file, a column or a row: stable codes with their parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]

SHOWN_LENGTH = 80


def shown(value: str, limit: int = SHOWN_LENGTH) -> str:
    """Return `value` fit for a message or a database: printable Unicode, at most `limit` characters."""
    head = value[: limit + 1]
    if not head.isprintable():
        head = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in head)
    return head if len(head) <= limit else head[: limit - 1] + "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One error or warning; `row` is the spreadsheet row (1-based), None when it concerns the whole file."""

    code: str
    detail: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = "error"


class FileError(Exception):
    """The file cannot be read at all; `params` holds its place (line, column, byte) and the limit met."""

    def __init__(self, code: str, detail: str, **params: object) -> None:
        """Take a stable code, a sentence in plain English and the numbers in it."""
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.params: dict[str, object] = params


class ValueRefused(Exception):
    """One cell cannot be understood; the caller knows its row and column."""

    def __init__(self, code: str, detail: str, *, secret: bool = False, **params: object) -> None:
        """Take a stable code and the reason; a `secret` value must not be repeated in any message."""
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.secret = secret
        self.params: dict[str, object] = params
