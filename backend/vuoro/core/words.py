"""Words for people: content as {fi, sv, en}, and translated texts of mails and reports from locale/*.po."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

Locale = Literal["fi", "sv", "en"]
LOCALES: tuple[Locale, ...] = ("fi", "sv", "en")
CATALOGS = Path(__file__).parent.parent / "locale"


class Localized(BaseModel):
    """One text in the three languages."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [{"fi": "Hei", "sv": "Hej", "en": "Hello"}]})
    fi: str
    sv: str
    en: str

    def into(self, locale: str) -> str:
        """The text in a language; English for one that is not ours."""
        return str(getattr(self, locale if locale in LOCALES else "en"))


@lru_cache
def _catalog(locale: str) -> dict[str, str]:
    from babel.messages.pofile import read_po  # noqa: PLC0415 - the API answers without it

    path = CATALOGS / f"{locale}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {
            str(message.id): str(message.string) for message in read_po(file, locale) if message.id and message.string
        }


def translate(locale: str, text: str, **params: object) -> str:
    """An English text in another language, with `{params}` filled in; English where it has no translation."""
    found = _catalog(locale).get(text, text)
    return found.format(**params) if params else found
