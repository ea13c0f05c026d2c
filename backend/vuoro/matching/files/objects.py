"""Files of JSON: read within limits, their objects checked key by key."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from vuoro.matching.files.text import Faults, Unreadable, lines, shown

#: Whether a value is right, and the words for what is.
Check = tuple[Callable[[Any], bool], str]


class Object(dict[str, Any]):
    """An object of JSON that remembers which keys stand in it more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.repeated = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]


def read_object(path: Path, faults: Faults) -> Object | None:
    """The object that a file is; None, with a fault, when it is none."""
    try:
        found = _parse("".join(lines(path)))
    except Unreadable as error:
        faults.add(error.at(path), error.what)
        return None
    if not isinstance(found, Object):
        faults.add(path, f"{as_json(found)} — the file holds an object, {{…}}")
        return None
    return found


def _parse(text: str) -> Any:
    if not text.strip():
        raise Unreadable("the file is empty")
    try:
        return json.loads(text, object_pairs_hook=Object)
    except json.JSONDecodeError as error:
        raise Unreadable(f"column {error.colno} — this is not JSON: {error.msg}", error.lineno) from None
    except (RecursionError, ValueError):
        raise Unreadable("nested too deep, or a number too long") from None


def fitting(
    path: Path, place: str, found: Object, checks: Mapping[str, Check], faults: Faults, *, other_keys: bool = False
) -> dict[str, Any]:
    """Those values of an object that are right. With `other_keys` there may be others, but none may be missing."""
    for key in found.repeated:
        faults.add(path, place + shown(key), "stands twice in one object")
    fine = {}
    for key, value in found.items():
        if key not in checks:
            if not other_keys:
                near = get_close_matches(key, checks, 1)
                known = f"did you mean {near[0]}?" if near else f"known are {', '.join(checks)}"
                faults.add(path, place + shown(key), f"there is no such key; {known}")
        elif not checks[key][0](value):
            faults.add(path, f"{place}{key}", f"{as_json(value)} — {checks[key][1]}")
        else:
            fine[key] = value
    for key in checks if other_keys else ():
        if key not in found:
            faults.add(path, f"{place}{key}", "is missing")
    return fine


def as_json(value: Any) -> str:
    """A value as it stands in a file, fit for a line."""
    return shown(value) if isinstance(value, str) else shown(json.dumps(value, ensure_ascii=False))[1:-1]


def whole(low: int, high: int) -> Check:
    """A whole number within bounds."""
    return lambda v: type(v) is int and low <= v <= high, f"a whole number, {low:,} to {high:,}"


def number(low: float, high: float, words: str) -> Check:
    """A number within bounds."""
    return lambda v: type(v) in (int, float) and low <= v <= min(high, sys.float_info.max), words


SWITCH: Check = (lambda v: type(v) is bool, "true or false")
TEXT: Check = (lambda v: isinstance(v, str), "a text")
OBJECT: Check = (lambda v: isinstance(v, Object), "an object, {…}")
PAIRS: Check = (lambda v: isinstance(v, list), "a list of pairs")
