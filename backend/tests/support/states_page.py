"""docs/states.md from the state tables: `python tests/support/states_page.py > ../docs/states.md`."""

import sys
from collections.abc import Collection, Mapping

from vuoro.pairs import states as pairs
from vuoro.programs import states as programs
from vuoro.sessions import states as sessions

Table = Mapping[str, Mapping[str, Collection[str]]]
WORDS = {
    "program": "Each step is the programme manager's; its preconditions are listed in the program itself.",
    "enrollment": "`self` is the enrolled person, `system` the beginning or end of a pair.",
    "pair": "`system` is a deadline, a match run, the programme's own step or the conflict guard; `override` is what "
    "follows from the word of managers about a suspended pair. `declined` is seen by whoever said no, and by nobody "
    "else: to everybody else such an offer stays asked until its time is over, and has expired then.",
    "session": "`member` is either of the pair, `other` the one whose side did not move it last, `system` a deadline.",
}


def tables() -> dict[str, Table]:
    """The four tables: state → next → who may take the step."""
    program = {state: dict.fromkeys(following, ("manager",)) for state, following in programs.PROGRAM.items()}
    return {"program": program, "enrollment": programs.ENROLLMENT, "pair": pairs.STEPS, "session": sessions.STEPS}


def page() -> str:
    """The whole page."""
    lines = [
        "# States", "",
        "Every object that lives through states has one table in the code, from → to × actor. A step that is not in it",
        "is answered with 409 and the legal ones. This page is made from the code and held to it by a test.",
    ]  # fmt: skip
    for name, table in tables().items():
        lines += ["", f"## {name.capitalize()}", "", WORDS[name], "", "| from | to | who |", "|---|---|---|"]
        for state, following in table.items():
            lines += [f"| {state} | {to} | {', '.join(who)} |" for to, who in following.items()]
            if not following:
                lines.append(f"| {state} | | |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
