"""States of match runs and suggestions: from → to. The programme manager and the worker take the steps."""

from typing import Literal

MatchRunState = Literal["queued", "running", "done", "cancelled", "failed", "published"]
SuggestionState = Literal["suggested", "pinned", "rejected", "asked"]

RUN: dict[str, list[str]] = {
    "queued": ["running", "cancelled"],
    "running": ["done", "cancelled", "failed"],
    "done": ["published"],
    "cancelled": [],
    "failed": [],
    "published": [],
}
FINAL = frozenset({"done", "cancelled", "failed", "published"})
#: A run in these has pairs.
FOUND = ("done", "published")

SUGGESTION: dict[str, list[str]] = {
    "suggested": ["pinned", "rejected", "asked"],
    "pinned": ["suggested", "rejected", "asked"],
    "rejected": ["suggested"],
    "asked": [],
}

# Program states in which pairs are looked for; in a running one for late joiners and whoever lost their pair.
MATCHING = ("enrolling", "matching", "running")
