"""Prints docs/privacy.md: its written beginning, then the rules and tables of vuoro/privacy/classes.toml."""

from pathlib import Path

from vuoro.privacy import retention, words
from vuoro.privacy.classes import CLASSES, tables

INTRO = Path(__file__).parents[3] / "docs" / "privacy" / "intro.md"
ERASED = {
    "rows": "the person's rows go", "side": "rows of the person's side go", "mentor": "goes with the mentor",
    "mentee": "goes with the mentee", "pair": "goes with either", "enrollment": "goes with the enrollment",
    "blank": "emptied, an id stays", "id": "nothing but ids", "none": "no person in it",
}  # fmt: skip
OTHER = {
    "tokens": "7 days after they end", "key": "with what it opens", "uploads": "7 days, or once applied",
    "minutes": "7 days", "figures": "as long as the programme",
}  # fmt: skip


def page() -> str:
    """The whole page."""
    return INTRO.read_text("utf-8") + "\n".join([*_rules(), "", *_tables()]) + "\n"


def _rules() -> list[str]:
    days = retention.chosen(None)
    lines = ["## Rules of retention", "", "| rule | kept | choice |", "|---|---|---|"]
    for rule, choice in retention.RULES.items():
        text = OTHER.get(rule) or words.rule("en", rule, retention.days_of(rule, days))
        limits = retention.CHOICES.get(str(choice))
        lines.append(f"| {rule} | {text} | {f'{limits.least} to {limits.most} days' if limits else '–'} |")
    return lines


def _tables() -> list[str]:
    lines = ["## Every table and column"]
    for name, table in sorted(tables().items()):
        erased = ", ".join(ERASED[verb] for verb, *_ in table.erase)
        whose = ", ".join(f"`{one}`" for one in table.of) or "nobody's"
        lines += ["", f"### {name}", "", f"{table.purpose[0].upper()}{table.purpose[1:]}. Whose: {whose}."
                  f" Kept: {table.keep}. Erasure: {erased}.", ""]  # fmt: skip
        for kind in CLASSES:
            found = [f"{column} (encrypted)" if column in table.sealed else column for column in table.in_class(kind)]
            if found:
                lines.append(f"- {kind}: {', '.join(found)}")
    return lines


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201
