"""The mentoring agreement: versioned files in agreements/, one text for every pair."""

import json
from functools import lru_cache
from pathlib import Path

from vuoro.core.words import Localized

FOLDER = Path(__file__).parent / "agreements"
CURRENT = 1


@lru_cache
def agreement(version: int = CURRENT) -> Localized:
    """The text of one version, in paragraphs."""
    return Localized(**json.loads((FOLDER / f"{version}.json").read_text("utf-8"))["text"])


def protected_minutes(version: int = CURRENT) -> int:
    """The mentor's working time that a version promises, in minutes a month."""
    return int(json.loads((FOLDER / f"{version}.json").read_text("utf-8"))["protected_minutes_per_month"])
