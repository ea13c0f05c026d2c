"""Kits: ready 30-minute conversation plans. The content stands in kits/*.json, in three languages."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field

from vuoro.core.wire import Localized, Out

FOLDER = Path(__file__).parent / "kits"
SHADOW, REPEATABLE = "shadow", "spar"


class KitOut(Out):
    """A conversation plan. `number` is its place in the arc; 7 is the shadow, which stands outside it.

    Each question speaks to its reader: the mentor's three are for preparing, the mentee brings the one.
    """

    key: str
    number: int
    title: Localized
    purpose: Localized
    mentor_questions: list[Localized] = Field(min_length=3, max_length=3)
    mentee_questions: list[Localized] = Field(min_length=1, max_length=1)
    exercise: Localized
    close: Localized


class KitPage(Out):
    """Every kit, in the order of the arc."""

    items: list[KitOut]
    next_cursor: str | None


@lru_cache
def kits() -> dict[str, KitOut]:
    """Every kit by its key, in the order of the arc, the shadow last."""
    found = [KitOut.model_validate_json(path.read_bytes()) for path in FOLDER.glob("*.json")]
    return {kit.key: kit for kit in sorted(found, key=lambda kit: kit.number)}


def arc_kit(number: int) -> str:
    """The key of the kit for the arc's session of this number; past the arc, one that bears repeating."""
    arc = [key for key in kits() if key != SHADOW]
    return arc[number - 1] if number <= len(arc) else REPEATABLE
