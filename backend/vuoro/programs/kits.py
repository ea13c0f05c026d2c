"""Kits: ready conversation plans of half an hour or so. The content stands in kits/*.json, in three languages."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from vuoro.core.wire import Localized, Out
from vuoro.programs.topics import TOPICS

FOLDER = Path(__file__).parent / "kits"
SHADOW, REPEATABLE = "shadow", "spar"
KitKind = Literal["arc", "shadow", "topic"]


class KitTopic(Out):
    """A topic that a kit is about."""

    slug: str
    name: Localized


class KitOut(Out):
    """A conversation plan. `number` is its place in the arc; 7 is the shadow, which stands outside it.

    A kit of a topic has no number, and can be chosen for any session but a shadow.
    Each question speaks to its reader: the mentor's three are for preparing, the mentee brings the one.
    """

    key: str
    kind: KitKind
    number: int | None
    minutes: int
    topics: list[KitTopic]
    title: Localized
    purpose: Localized
    mentor_questions: list[Localized] = Field(min_length=3, max_length=3)
    mentee_questions: list[Localized] = Field(min_length=1, max_length=1)
    exercise: Localized
    close: Localized


class KitPage(Out):
    """Kits: the arc in its order, the shadow, then those of topics."""

    items: list[KitOut]
    next_cursor: str | None


def _read(path: Path) -> KitOut:
    content = json.loads(path.read_text("utf-8"))
    topics = [{"slug": slug, "name": TOPICS[slug]} for slug in content["topics"]]
    return KitOut.model_validate({**content, "topics": topics})


@lru_cache
def kits() -> dict[str, KitOut]:
    """Every kit by its key: the arc in its order, the shadow, then those of topics by key."""
    found = [_read(path) for path in FOLDER.glob("*.json")]
    return {kit.key: kit for kit in sorted(found, key=lambda kit: (kit.number is None, kit.number or 0, kit.key))}


def arc_kit(number: int) -> str:
    """The key of the kit for the arc's session of this number; past the arc, one that bears repeating."""
    arc = [key for key, kit in kits().items() if kit.kind == "arc"]
    return arc[number - 1] if number <= len(arc) else REPEATABLE
