"""What is asked, in three languages: fit check and growth rubric, from content/*.json."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from vuoro.core.wire import Localized, Out

FOLDER = Path(__file__).parent / "content"
FIT_ITEMS = ("at_ease", "shared_purpose", "setup_works", "worth_the_time")
GROWTH_ITEMS = {
    "mentor": (
        "listens", "explains", "argues", "knows_limits", "understands_company", "turns_into_proposal", "seen_and_heard",
    ),
    "mentee": (
        "uses_learning", "asks_first", "hears_unwelcome", "sees_blind_spots", "changed_something", "would_call",
        "seen_and_heard",
    ),
}  # fmt: skip


class Statement(Out):
    """A statement to agree with, from 1 (not at all) to 5 (fully)."""

    key: str
    text: Localized


@lru_cache
def content(name: str) -> dict[str, Any]:
    """One file of the folder."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


def fit_statements() -> list[Statement]:
    """The statements of the fit check, in order."""
    return [Statement(key=key, text=Localized(**content("fit")["statements"][key])) for key in FIT_ITEMS]


def fit_guidance(wish: str) -> Localized:
    """What a person may do about their own wish; shown to them alone."""
    return Localized(**content("fit")["guidance"][wish])


def growth_statements(side: str) -> list[Statement]:
    """The rubric of one side, in the order of the stored scores."""
    return [Statement(key=key, text=Localized(**content("growth")[side][key])) for key in GROWTH_ITEMS[side]]
