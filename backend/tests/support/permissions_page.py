"""docs/permissions.md from its table: `python tests/support/permissions_page.py > ../docs/permissions.md`."""

import json
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from support import permissions

CONTRACT = Path(__file__).parents[3] / "openapi" / "openapi.json"
SHOWN = {"+": "●", "1": "in", "3": "✕", "4": "", "9": "◌"}
LEGEND = {
    "●": "may do it",
    "✕": "sees the thing and may not do this to it (403)",
    "◌": "sees the thing, and it is not their turn or not theirs to decide now (409)",
    "in": "has to sign in first (401)",
    "": "empty: is told that there is nothing (404), as of what does not exist",
}


def nouns(operations: Iterable[str]) -> dict[str, str]:
    """What each operation is about: `enrollments` of `enrollments_complete_primer`."""
    found = {name.rpartition("_")[0] for name in operations}
    steps = {name: name.split("_") for name in operations}
    return {
        name: next(noun for many in range(1, len(part)) if (noun := "_".join(part[:many])) in found)
        for name, part in steps.items()
    }


def page() -> str:
    """The whole page."""
    table, callers = permissions.rows(), permissions.callers()
    lines = [
        "# Who may do what", "",
        "One row for each operation of the API, one column for each caller. The page is made from",
        "`backend/tests/support/permissions.py`; `backend/tests/test_access.py` tries every cell:",
        f"{len(table)} operations × {len(callers)} callers = {len(table) * len(callers):,} cells, none undecided.", "",
        "| sign | meaning |", "|---|---|",
        *(f"| {sign} | {meaning} |" for sign, meaning in LEGEND.items()), "",
        "| caller | who |", "|---|---|",
        *(f"| {caller} | {who} |" for caller, who in callers.items()),
    ]  # fmt: skip
    told = {
        operation["operationId"]: (operation["tags"][0], operation["summary"])
        for item in json.loads(CONTRACT.read_text("utf-8"))["paths"].values()
        for operation in item.values()
    }
    noun_of = nouns(table)
    order = sorted(table, key=lambda name: (told[name][0], noun_of[name], name))
    for tag, names in groupby(order, key=lambda name: told[name][0]):
        lines += ["", f"## {tag.capitalize()}", "", f"| | operation | {' | '.join(callers)} |"]
        lines.append(f"|---|---|{'---|' * len(callers)}")
        for noun, own in groupby(names, key=noun_of.__getitem__):
            lines.append(f"| **{noun.replace('_', ' ').capitalize()}** |{' |' * (len(callers) + 1)}")
            for name in own:
                signs = " | ".join(SHOWN[table[name][caller]] for caller in callers)
                lines.append(f"| {told[name][1]} | `{name}` | {signs} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
