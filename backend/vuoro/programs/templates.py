"""Program templates: files in templates/, one a kind of programme."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from vuoro.core.wire import Localized, Out
from vuoro.programs.settings import DEFAULTS, RULES

FOLDER = Path(__file__).parent / "templates"


class ProgramTemplate(Out):
    """A kind of programme to start from."""

    key: str
    name: Localized
    purpose: Localized
    topics: list[str]
    sessions: int
    weeks: int
    min_tenure_months: int

    def settings(self) -> dict[str, Any]:
        """The settings of a new program."""
        return {
            **DEFAULTS,
            "rules": {**RULES, "min_tenure_months": self.min_tenure_months},
            "sessions_planned": self.sessions,
        }


class ProgramTemplatePage(Out):
    """The templates."""

    items: list[ProgramTemplate]
    next_cursor: str | None


@lru_cache
def templates() -> dict[str, ProgramTemplate]:
    """All templates by key."""
    found = [ProgramTemplate(**json.loads(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.json"))]
    return {template.key: template for template in found}
