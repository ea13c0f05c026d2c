"""One cell becomes one value (text, mail, level, languages, country, …) or a reason why not."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import TypeVar
from zoneinfo import available_timezones

from vuoro.hris.header_words import fold
from vuoro.hris.places import COUNTRY_CODES, COUNTRY_NAMES
from vuoro.hris.problems import ValueRefused, shown
from vuoro.hris.value_words import (
    BARE_LANGUAGE_LEVEL,
    LANGUAGE_CODES,
    LANGUAGE_NAMES,
    LEVEL_WORDS,
    STATUS_WORDS,
    Status,
)

MAX_TEXT = 200
MAX_MAIL = 254
MAX_ITEMS = 50
TOP_LEVEL = 999

Languages = tuple[tuple[str, int], ...]
_Item = TypeVar("_Item")

# Signs that are not seen and would make two equal ids differ.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MAIL = re.compile(r"[^@\s,;:<>()\[\]\"\\]+@[^@\s,;:<>()\[\]\"\\.]+(?:\.[^@\s,;:<>()\[\]\"\\.]+)+")
_MANGLED = re.compile(r"\d[.,]\d+[eE]\+?\d+", re.ASCII)
_LEVEL = re.compile(r"(?:[^\W\d_]{1,10}[\s.-]?)?(\d{1,3})(?:[.,]0+)?", re.ASCII)
_FINNISH_ID = re.compile(r"(\d{2})(\d{2})(\d{2})[-+A-FU-Y](\d{3})([0-9A-Y])", re.ASCII | re.IGNORECASE)
_SWEDISH_ID = re.compile(r"(?:(?:19|20)(\d{6})[-+]?|(\d{6})[-+])(\d{4})", re.ASCII)
_FINNISH_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def read_text(value: str, limit: int = MAX_TEXT) -> str | None:
    """Return the text on one line, composed, None when empty; refuse control characters and long texts."""
    if not (value.isascii() and value.isprintable() and "  " not in value):
        value = unicodedata.normalize("NFC", _INVISIBLE.sub("", " ".join(value.split())))
        if any(unicodedata.category(char) in ("Cc", "Cs", "Cn", "Co") for char in value):
            raise ValueRefused("character_invalid", "holds characters that are not text")
    value = value.strip()
    if len(value) > limit:
        raise ValueRefused("value_too_long", f"is longer than {limit} characters", limit=limit)
    return value or None


def read_id(value: str) -> str | None:
    """Return an employee id as written; refuse national identity numbers and what a spreadsheet mangled."""
    text = read_text(value)
    if text is None:
        return None
    if _MANGLED.fullmatch(text):
        raise ValueRefused("id_mangled", "was turned into a rounded number by a spreadsheet; export it as text")
    if _is_identity_number(text):
        raise ValueRefused("identity_number", "is a national identity number; these are never stored", secret=True)
    return text


def read_mail(value: str) -> str | None:
    """Return a mail address in lower case."""
    text = read_text(value, MAX_MAIL)
    if text is None:
        return None
    if not _MAIL.fullmatch(text):
        raise ValueRefused("mail_invalid", "is not a mail address")
    return text.lower()


def read_ids(value: str) -> tuple[str, ...]:
    """Return the ids or mail addresses of a list separated by semicolons, commas or bars, without repeats."""
    found = [part for item in re.split(r"[;,|\n]", value) if (part := read_id(item)) is not None]
    return _few(tuple(dict.fromkeys(found)))


def read_level(value: str) -> int | None:
    """Return a job level, 0 to 999, from "5", "5.0", "L5", "Level 5" or "Taso 5"."""
    text = read_text(value)
    if text is None:
        return None
    match = _LEVEL.fullmatch(text)
    if match is None:
        raise ValueRefused("job_level_invalid", "is not a whole number")
    return int(match[1])


@lru_cache(maxsize=4096)
def read_languages(value: str) -> Languages:
    """Return (ISO 639-1 code, level 0 to 4) pairs, best first; a bare code has BARE_LANGUAGE_LEVEL.

    On a tie the order of the cell stays: matching takes the first.
    """
    levels: dict[str, int] = {}
    for item in re.split(r"[;,|/\n]", read_text(value) or ""):
        if not item.strip():
            continue
        code, level = _language(item), BARE_LANGUAGE_LEVEL
        if code is None:
            name, word = _name_and_level(item)
            code = _language(name)
            if code is None:
                raise ValueRefused("language_unknown", f'holds an unknown language, "{shown(item.strip(), 40)}"')
            if fold(word) not in LEVEL_WORDS:
                raise ValueRefused(
                    "language_level_invalid",
                    f'gives "{shown(word, 40)}" as the level of {code}; levels go from 0 to 4',
                    language=code,
                )
            level = LEVEL_WORDS[fold(word)]
        levels[code] = max(level, levels.get(code, 0))
    return _few(tuple(sorted(levels.items(), key=lambda language: -language[1])))


@lru_cache(maxsize=1024)
def read_language(value: str) -> str | None:
    """Return the ISO 639-1 code of a language name or a locale ("suomi", "fi-FI", "sv_SE")."""
    text = read_text(value)
    if text is None:
        return None
    code = _language(text)
    if code is None:
        raise ValueRefused("language_unknown", "is not a known language")
    return code


@lru_cache(maxsize=1024)
def read_country(value: str) -> str | None:
    """Return the ISO 3166 two-letter code of a code or a name in English, Finnish or Swedish."""
    text = read_text(value)
    if text is None:
        return None
    if text.upper() in COUNTRY_CODES:
        return text.upper()
    code = COUNTRY_NAMES.get(fold(text))
    if code is None:
        raise ValueRefused("country_unknown", "is not a known country; use the two-letter code")
    return code


@lru_cache(maxsize=1024)
def read_time_zone(value: str) -> str | None:
    """Return the IANA name of a time zone, in its own spelling."""
    text = read_text(value)
    if text is None:
        return None
    name = _time_zones().get(text.lower().replace(" ", "_"))
    if name is None:
        raise ValueRefused("time_zone_unknown", "is not an IANA time zone such as Europe/Helsinki")
    return name


@lru_cache(maxsize=1024)
def read_status(value: str) -> Status | None:
    """Return active, leave or left for the words of HR systems in English, Finnish and Swedish."""
    text = read_text(value)
    if text is None:
        return None
    words = fold(text)
    status = STATUS_WORDS.get(words)
    # "Terminated (voluntary)": the first words tell, the reason is private. "Active - On Leave": the last do.
    head = words
    while status is None and " " in head:
        head = head.rsplit(" ", 1)[0]
        if head in STATUS_WORDS:
            status = STATUS_WORDS.get(words[len(head) :].strip(), STATUS_WORDS[head])
    if status is None:
        raise ValueRefused("status_unknown", "is not a known employment status")
    return status


@lru_cache(maxsize=1)
def _time_zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if "/" in name or name == "UTC"}


def _few(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    if len(items) > MAX_ITEMS:
        raise ValueRefused("too_many_items", f"lists more than {MAX_ITEMS} items", limit=MAX_ITEMS)
    return items


def _language(text: str) -> str | None:
    code = re.split(r"[-_]", text.strip().lower(), maxsplit=1)[0]
    return code if code in LANGUAGE_CODES else LANGUAGE_NAMES.get(fold(text))


def _name_and_level(item: str) -> tuple[str, str]:
    name, _, level = re.sub(r"[:=()\s]+", " ", item).strip().rpartition(" ")
    return name, level


def _is_identity_number(text: str) -> bool:
    if match := _FINNISH_ID.fullmatch(text):
        number = int(match[1] + match[2] + match[3] + match[4])
        if _is_day(match[3], match[2], match[1]) and _FINNISH_CHECK[number % 31] == match[5].upper():
            return True
    if match := _SWEDISH_ID.fullmatch(text):
        day = match[1] or match[2]
        digits = [int(digit) * (2 - at % 2) for at, digit in enumerate(day + match[3])]
        # Coordination numbers add 60 to the day.
        days = int(day[4:]) - 60 if int(day[4:]) > 60 else int(day[4:])
        return _is_day(day[:2], day[2:4], str(days)) and sum(sum(divmod(digit, 10)) for digit in digits) % 10 == 0
    return False


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        date(2000 + int(year), int(month), int(day))
    except ValueError:
        return False
    return True
