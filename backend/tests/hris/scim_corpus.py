"""Plays the corpus of quirks against a service: the same files in the test suite and in `make scim-check`."""

import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "scim_quirks"
Send = Callable[[str, str, dict[str, str], bytes | None], Awaitable[tuple[int, bytes]]]


def stories() -> list[dict[str, Any]]:
    """Every file of the corpus."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]


async def play(story: dict[str, Any], send: Send, run: str) -> list[str]:
    """Send each step and compare; answers what was otherwise than expected, a line each."""
    known, wrong = {"run": run}, []
    for number, step in enumerate(story["steps"], 1):
        body = json.dumps(filled(step["body"], known)).encode() if "body" in step else None
        status, answer = await send(
            step["method"], filled(step["path"], known), filled(step.get("query", {}), known), body
        )
        found = json.loads(answer) if answer else None
        where = f"{story['name']}, step {number} ({step['method']} {step['path']})"
        if status != step["status"]:
            wrong.append(f"{where}: {status} instead of {step['status']}: {answer[:300].decode()}")
        wrong += [f"{where}: {fault}" for fault in compare(filled(step.get("has", {}), known), found)]
        known |= {name: str(at(found, pointer)) for name, pointer in step.get("keep", {}).items()}
    return wrong


def filled(value: Any, known: dict[str, str]) -> Any:
    """The value with every {name} replaced."""
    if isinstance(value, str):
        for name, text in known.items():
            value = value.replace(f"{{{name}}}", text)
        return value
    if isinstance(value, list):
        return [filled(each, known) for each in value]
    if isinstance(value, dict):
        return {filled(name, known): filled(each, known) for name, each in value.items()}
    return value


def compare(expected: dict[str, Any], found: Any) -> Iterator[str]:
    """Where the answer is otherwise: `*` is anything at all, null nothing."""
    for pointer, value in expected.items():
        here = at(found, pointer)
        if (here is None) if value == "*" else here != value:
            yield f"{pointer} is {here!r} instead of {value!r}"


def at(found: Any, pointer: str) -> Any:
    """What a JSON pointer names, None for nothing."""
    for part in pointer.split("/")[1:]:
        if isinstance(found, list):
            found = found[int(part)] if int(part) < len(found) else None
        else:
            found = found.get(part) if isinstance(found, dict) else None
    return found
