"""Texts for all in fi, sv and en, of which at least one is written."""

from typing import Any

from vuoro.core.errors import Invalid
from vuoro.core.wire import In
from vuoro.core.words import LOCALES, Locale, Localized

_FALLBACK: tuple[Locale, ...] = ("en", "fi", "sv")


def written(given: In, pointer: str, kept: dict[str, Any] | None = None) -> dict[str, str]:
    """The languages that a text is in after a merge-patch; Invalid when none is left."""
    merged = (kept or {}) | given.model_dump(exclude_unset=True)
    words = {locale: text for locale, text in merged.items() if text is not None}
    if not words:
        raise Invalid.at(pointer, "no_language", "Write it in at least one language.")
    return words


def filled(words: dict[str, Any]) -> Localized:
    """All three languages: what is not written falls back on English, else on what there is."""
    spare = next(words[locale] for locale in _FALLBACK if locale in words)
    return Localized(**{locale: words.get(locale, spare) for locale in LOCALES})


def languages(words: dict[str, Any]) -> list[Locale]:
    """The languages that a text is written in."""
    return [locale for locale in LOCALES if locale in words]
