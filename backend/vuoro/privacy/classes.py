"""The classes of all data, read from classes.toml: whose a column is, what for, how long, what an erasure does."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

DataClass = Literal[
    "personal", "content", "special", "withheld", "link", "secret", "technical", "house", "figure"
]  # fmt: skip
CLASSES: tuple[DataClass, ...] = get_args(DataClass)
#: What an export gives to the person it is about.
GIVEN = ("personal", "content", "special")
_ALWAYS = ("organization_id", "id", "version", "created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class Seal:
    """Whose key opens a column: `owner` is pair, organization, or a column with a person's id.

    `when` (column, value): only while it is so, else the pair's. `bound_to`: the column with the id that the
    ciphertext is bound to.
    """

    owner: str
    when: tuple[str, str] | None = None
    bound_to: str = "id"


@dataclass(frozen=True, slots=True)
class Table:
    """One table's classes. `alone`: column → the side or the column with the id of the one person it is about."""

    name: str
    purpose: str
    of: tuple[str, ...]
    keep: str
    erase: tuple[tuple[str, ...], ...]
    columns: dict[str, DataClass]
    alone: dict[str, str]
    sealed: dict[str, Seal]

    def in_class(self, *classes: str) -> list[str]:
        """The columns of these classes, in the order of classes.toml."""
        return [name for name, found in self.columns.items() if found in classes]


@lru_cache
def tables() -> dict[str, Table]:
    """Every table by its name, with the schema where it is not public."""
    raw = tomllib.loads(Path(__file__).with_name("classes.toml").read_text("utf-8"))
    return {name: _table(name, one) for name, one in raw.items()}


def _table(name: str, raw: dict[str, Any]) -> Table:
    columns: dict[str, DataClass] = {}
    alone: dict[str, str] = {}
    for found in CLASSES:
        for word in raw.get(found, "").split():
            column, _, owner = word.partition("@")
            if column in columns:
                raise ValueError(f"{name}.{column} has two classes")
            columns[column] = found
            if owner:
                alone[column] = owner
    columns |= {column: "technical" for column in _ALWAYS if column not in columns}
    erase = tuple(tuple(part.split()) for part in raw["erase"].split(","))
    seals = {column: _seal(text) for column, text in raw.get("sealed", {}).items()}
    return Table(name, raw["purpose"], tuple(raw.get("of", "").split()), raw["keep"], erase, columns, alone, seals)


def _seal(text: str) -> Seal:
    text, _, bound_to = text.partition("#")
    owner, _, condition = text.partition("|")
    column, _, value = condition.partition("=")
    return Seal(owner, (column, value) if condition else None, bound_to or "id")
