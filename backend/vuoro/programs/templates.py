"""Program templates: files in templates/, one a kind of programme."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from vuoro.core.wire import Localized, Out
from vuoro.programs.kits import arc_kit
from vuoro.programs.settings import DEFAULTS, merged

FOLDER = Path(__file__).parent / "templates"


class ProgramTemplate(Out):
    """A kind of programme to start from: what for, whom it suits, and the kits of its arc in their order."""

    key: str
    name: Localized
    purpose: Localized
    suits: Localized
    topics: list[str]
    arc: list[str]
    sessions: int
    session_minutes: int
    weeks: int
    min_tenure_months: int
    primer_required: bool

    def settings(self) -> dict[str, Any]:
        """The settings of a new program."""
        return merged(DEFAULTS, _files()[self.key]["settings"])


class ProgramTemplatePage(Out):
    """The templates."""

    items: list[ProgramTemplate]
    next_cursor: str | None


@lru_cache
def _files() -> dict[str, dict[str, Any]]:
    found = [json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))]
    return {one["key"]: one for one in found}


def _template(file: dict[str, Any]) -> ProgramTemplate:
    settings = merged(DEFAULTS, file["settings"])
    sessions = settings["sessions_planned"]
    return ProgramTemplate(
        **{name: file[name] for name in ("key", "name", "purpose", "suits", "topics", "weeks")},
        arc=[arc_kit(number) for number in range(1, sessions + 1)],
        sessions=sessions,
        session_minutes=settings["session_minutes"],
        min_tenure_months=settings["rules"]["min_tenure_months"],
        primer_required=settings["primer_required"],
    )


@lru_cache
def templates() -> dict[str, ProgramTemplate]:
    """All templates by key."""
    return {key: _template(file) for key, file in _files().items()}
