"""Tiny questions about one's own week, from prompts.json: three a week for each person, all of them in turn."""

import hashlib
import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from vuoro.core.words import Localized
from vuoro.insights.schemas import SeedPrompt, SeedPrompts

FILE = Path(__file__).parent / "prompts.json"
A_WEEK = 3


@lru_cache
def prompts() -> dict[str, SeedPrompt]:
    """Every question by its key."""
    found = json.loads(FILE.read_text("utf-8"))
    return {key: SeedPrompt(key=key, text=Localized(**text)) for key, text in found.items()}


def of_week(person_id: UUID, day: date) -> SeedPrompts:
    """A person's three questions of the ISO week of `day`: the same all week, no others' order, none again too soon."""
    keys = sorted(prompts(), key=lambda key: hashlib.sha256(f"{person_id}|{key}".encode()).digest())
    # Day 1 of the calendar was a Monday, so this counts ISO weeks.
    first = (day.toordinal() - 1) // 7 * A_WEEK
    chosen = [keys[(first + step) % len(keys)] for step in range(A_WEEK)]
    year, week, _ = day.isocalendar()
    return SeedPrompts(week=f"{year}-W{week:02}", items=[prompts()[key] for key in chosen], next_cursor=None)
