"""Program templates: files in templates/, one a kind of programme."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from vuoro.core.wire import Localized, Out

FOLDER = Path(__file__).parent / "templates"

# Views over expertise (matching.md): what one talks about weighs more than what one can teach.
WEIGHTS = {
    "topics": 0.35, "skills": 0.20, "department": 0.15, "time_zone": 0.08,
    "language": 0.07, "preference": 0.07, "other_site": 0.05, "seniority": 0.03,
}  # fmt: skip
RULES: dict[str, Any] = {
    "min_seniority_gap": 3,
    "min_language_level": 2,
    "different_team": True,
    "reporting_line": True,
    "min_tenure_months": 6,
    "top_exempt_distance": 3,
    "min_score": 0.25,
}


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
            "weights": dict(WEIGHTS),
            "rules": {**RULES, "min_tenure_months": self.min_tenure_months},
            "offer_days": 7,
            "sessions_planned": self.sessions,
            "session_minutes": 45,
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
