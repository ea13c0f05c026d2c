"""What kinds of data, their fields and their rules of retention are called in the three languages (words.toml)."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from vuoro.core.words import LOCALES, Locale
from vuoro.privacy.classes import tables


@lru_cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def _in(locale: Locale, words: list[str]) -> str:
    return words[LOCALES.index(locale)]


def page(locale: Locale, name: str) -> str:
    """A sentence of the exported page."""
    return _in(locale, _words()["page"][name])


def kind(locale: Locale, table: str) -> str:
    """What a kind of data is called."""
    return _in(locale, _words()["kinds"][table]["name"])


def purpose(locale: Locale, table: str) -> str:
    """What it is kept for."""
    if locale == "en":
        text = tables()[table].purpose
        return text[0].upper() + text[1:]
    return _in(locale, _words()["kinds"][table]["why"])


def rule(locale: Locale, name: str, days: int | None) -> str:
    """How long it is kept."""
    return _in(locale, _words()["rules"][name]).format(days=days)


def field(locale: Locale, column: str) -> str:
    """What a field is called."""
    return _in(locale, _words()["fields"][column])
