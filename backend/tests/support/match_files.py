"""A market as the files that `vuoro match` reads."""

import csv
import io
import json
from collections import defaultdict
from dataclasses import asdict
from typing import Any

from vuoro.matching.engine.market import Market

COLUMNS = (
    "external_id", "manager_external_id", "dotted_manager_external_ids", "team", "department", "division", "site",
    "time_zone", "job_level", "hire_on", "languages", "preferred_language", "role", "capacity", "skills_offered",
    "skills_sought", "topics", "preferred_partners", "excluded_partners", "past_partners",
)  # fmt: skip


def people_csv(market: Market, separator: str = ",") -> str:
    people = {person.id: person for person in market.participants}
    dotted = defaultdict(list)
    for id, boss in market.dotted:
        dotted[id].append(boss)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=separator, lineterminator="\n")
    writer.writeheader()
    for id, boss in market.edges:
        row: dict[str, Any] = {"external_id": id, "manager_external_id": boss}
        row["dotted_manager_external_ids"] = ";".join(dotted[id])
        if person := people.get(id):
            row |= {name: getattr(person, name) for name in COLUMNS if hasattr(person, name)}
            for name in ("languages", "skills_offered"):
                row[name] = ";".join(f"{key}:{level}" for key, level in row[name].items())
            row["skills_sought"] = ";".join(f"{s}:{k}:{w}" for s, (k, w) in person.skills_sought.items())
            row["topics"] = ";".join(sorted(person.topics))
            for name in ("preferred", "excluded", "past"):
                row[f"{name}_partners"] = ";".join(sorted(getattr(person, name)))
        writer.writerow(row)
    return text.getvalue()


def program_json(market: Market) -> str:
    names = ("goal", "pinned", "rejected", "stay_bonus", "fairness", "floor")
    more = {"starts_on": market.starts_on.isoformat(), "current": market.stay}
    told = {name: getattr(market, name) for name in names} | more
    return json.dumps(told | {"weights": asdict(market.weights), "rules": asdict(market.rules)})
