"""Primers: what each side reads before the first session (H8). The content stands in primers/*.json."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field

from vuoro.core.wire import Localized, Out
from vuoro.programs.states import Side

FOLDER = Path(__file__).parent / "primers"


class PrimerStep(Out):
    """One page: something to read, and a question to think about."""

    title: Localized
    text: list[Localized] = Field(min_length=1, max_length=4, description="paragraphs")
    question: Localized


class PrimerOut(Out):
    """What one side reads before the first session."""

    role: Side
    title: Localized
    minutes: int = Field(ge=5, le=15)
    pages: list[PrimerStep] = Field(min_length=4, max_length=6)


@lru_cache
def primer(role: Side) -> PrimerOut:
    """The primer of one side."""
    return PrimerOut.model_validate_json((FOLDER / f"{role}.json").read_bytes())
