"""Which rows stand: one holder a mail address, managers found in a second pass, nobody above themselves.

A refused row leaves its person as known before; another row may have relied on it, so it goes in rounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from vuoro.hris.drafts import IDENTITY_FIELDS, Draft, follow
from vuoro.hris.managers import Directory, loops
from vuoro.hris.problems import Problem, shown
from vuoro.hris.record import NOT_TOLD, PersonRecord

MAX_ROUNDS = 20
MAX_NAMED = 50

MANAGER_FIELDS = ("manager_external_id", "manager_email")
_managers = attrgetter("manager_external_id", "manager_raw", "dotted_manager_external_ids", "dotted_raw")


@dataclass(slots=True)
class Settled:
    """The people as they will be, keyed as before: by row, and outside the file where a manager turned up."""

    directory: Directory
    by_row: dict[str, PersonRecord] = field(default_factory=dict)
    late: dict[str, PersonRecord] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)


def settle(drafts: Sequence[Draft], people: Mapping[str, PersonRecord], fields: Mapping[str, str]) -> Settled:
    """Refuse what contradicts the rest, by errors on the drafts; return the people as they will be."""
    held: set[str] = set()
    old_loops: set[tuple[str, ...]] = set()
    rounds = 0
    while True:
        _refuse_taken_mails(drafts, people, fields)
        standing = {draft.key: draft for draft in drafts if draft.key is not None and not draft.errors}
        settled = _link(standing, people, held)
        refused = _refuse_selves(standing, settled, fields)
        rounds += 1
        if rounds > MAX_ROUNDS:
            refused = _refuse_all_managers(standing, fields)
        elif not refused:
            refused = _refuse_loops(standing, settled, people, fields, held, old_loops)
        if not refused:
            break
    for loop in sorted(old_loops):
        detail = f"People known before report to each other in a circle: {', '.join(loop[:MAX_NAMED])}."
        params = {"members": list(loop[:MAX_NAMED]), "count": len(loop)}
        settled.warnings.append(Problem("directory_loop", detail, params=params, severity="warning"))
    if "team" not in fields:
        moved = {} if fields.keys().isdisjoint(MANAGER_FIELDS) else settled.by_row
        for found in (moved, settled.late):
            found.update({key: _in_team(person, people.get(key)) for key, person in found.items()})
    _warn_of_managers(standing, settled, drafts, fields)
    return settled


def _in_team(person: PersonRecord, before: PersonRecord | None) -> PersonRecord:
    if person.graph_only:
        return person
    team, manager = (before.team, before.manager_external_id) if before else (None, None)
    now = follow(team, manager, person.manager_external_id)
    return person if person.team == now else replace(person, team=now)


def _refuse_taken_mails(drafts: Sequence[Draft], people: Mapping[str, PersonRecord], fields: Mapping[str, str]) -> None:
    claims = {
        draft.record.work_email.lower(): draft
        for draft in drafts
        if not draft.errors and draft.record and draft.record.work_email
    }
    standing = {draft.key for draft in drafts if not draft.errors}
    waiting = [person for key, person in people.items() if key not in standing and person.work_email]
    while waiting:
        holder = waiting.pop()
        mail = (holder.work_email or "").lower()
        draft = claims.pop(mail, None)
        if draft is None:
            continue
        detail = (
            f'Row {draft.row}, column "{fields.get("work_email")}": {shown(mail, 60)} belongs to '
            f"{shown(holder.display_name)} ({shown(holder.external_id)})."
        )
        params = {"external_id": holder.external_id, "display_name": holder.display_name}
        draft.errors.append(
            Problem("work_email_taken", detail, draft.row, fields.get("work_email"), shown(mail), params)
        )
        # The refused person keeps the old address, which a further row may have counted on.
        before = people.get(draft.key or "")
        if before is not None and before.work_email:
            waiting.append(before)


def _link(
    standing: Mapping[str, Draft],
    people: Mapping[str, PersonRecord],
    held: set[str],
) -> Settled:
    records = {key: draft.record for key, draft in standing.items() if draft.record is not None}
    directory = Directory(people, records)
    settled = Settled(directory)
    for key, record in records.items():
        told = told_managers(standing[key])
        if told is None and key not in people:
            told = (NOT_TOLD,)
        dotted = standing[key].values.get("dotted_manager_external_ids")
        settled.by_row[key] = _linked(record, told, dotted, directory, key in held)
    for key, person in people.items():
        if key not in records and _may_change(person, directory):
            later = _linked(person, None, None, directory, key in held)
            if later != person:
                settled.late[key] = later
    return settled


def _may_change(person: PersonRecord, directory: Directory) -> bool:
    links = (person.manager_external_id, *person.dotted_manager_external_ids)
    waits = person.manager_raw is not None or person.dotted_raw
    return bool(waits) or any(directory.renamed(link) != link for link in links)


def told_managers(draft: Draft) -> tuple[str, ...] | None:
    """Return how a row names the manager, the id before the mail; () is nobody, None is not told."""
    told = [draft.values[name] for name in MANAGER_FIELDS if name in draft.values]
    return tuple(filter(None, told)) if told else None


def _linked(
    person: PersonRecord,
    told: tuple[str, ...] | None,
    told_dotted: tuple[str, ...] | None,
    directory: Directory,
    held: bool,
) -> PersonRecord:
    own = person.external_id
    if told is not None:
        manager = next((found for ref in told if (found := directory.find(ref))), None)
        raw = told[0] if told and manager is None else None
    else:
        manager, raw = directory.renamed(person.manager_external_id), person.manager_raw
        found = directory.find(raw) if raw is not None and not held else None
        if found not in (None, own):
            manager, raw = found, None
    links = tuple(directory.renamed(link) for link in person.dotted_manager_external_ids)
    refs = person.dotted_raw
    if told_dotted is not None:
        links, refs = (), told_dotted
    found_dotted = {link for link in (*links, *map(directory.find, refs)) if link is not None and link != own}
    dotted = tuple(sorted(found_dotted))
    unknown = tuple(sorted(ref for ref in refs if directory.find(ref) is None))
    if (manager, raw, dotted, unknown) == _managers(person):
        return person
    return replace(
        person,
        manager_external_id=manager,
        manager_raw=raw,
        dotted_manager_external_ids=dotted,
        dotted_raw=unknown,
    )


def _refuse_selves(standing: Mapping[str, Draft], settled: Settled, fields: Mapping[str, str]) -> bool:
    refused = False
    for key, draft in standing.items():
        person = settled.by_row[key]
        if told_managers(draft) and person.manager_external_id == person.external_id:
            detail = f"Row {draft.row}: {_who(person)} is named as their own manager."
            _refuse(draft, "manager_is_self", detail, fields, {"external_id": person.external_id})
            refused = True
    return refused


def _refuse_loops(
    standing: Mapping[str, Draft],
    settled: Settled,
    people: Mapping[str, PersonRecord],
    fields: Mapping[str, str],
    held: set[str],
    old_loops: set[tuple[str, ...]],
) -> bool:
    """Refuse the rows of each loop; a loop closed by a manager who turned up late stays open instead."""
    after = {key: settled.by_row.get(key) or settled.late.get(key) or person for key, person in people.items()}
    after |= settled.by_row
    keys = {person.external_id: key for key, person in after.items()}
    managers = {
        person.external_id: manager
        for person in after.values()
        if (manager := settled.directory.renamed(person.manager_external_id))
    }
    changed = False
    for loop in loops(managers):
        members = [(keys[member], after[keys[member]]) for member in loop]
        rows = [standing[key] for key, _ in members if key in standing and told_managers(standing[key])]
        saying = {draft.key for draft in rows}
        waiting = {
            key
            for key, person in members
            if key in people and key not in saying and people[key].manager_raw and not person.manager_raw
        }
        if waiting:
            held |= waiting
        elif rows:
            _refuse_loop(rows, [person for _, person in members], fields)
        else:
            old_loops.add(loop)
        changed = changed or bool(rows or waiting)
    return changed


def _refuse_loop(rows: Sequence[Draft], members: Sequence[PersonRecord], fields: Mapping[str, str]) -> None:
    named = members[:MAX_NAMED]
    circle = " → ".join(_who(person) for person in (*named, named[0]))
    more = f" (and {len(members) - len(named)} more)" if len(members) > len(named) else ""
    params = {
        "members": [person.external_id for person in named],
        "names": [person.display_name for person in named],
        "rows": sorted(draft.row for draft in rows)[:MAX_NAMED],
        "count": len(members),
    }
    for draft in rows:
        detail = f"Row {draft.row}: these people would report to each other in a circle: {circle}{more}."
        _refuse(draft, "manager_loop", detail, fields, params)


def _refuse_all_managers(standing: Mapping[str, Draft], fields: Mapping[str, str]) -> bool:
    rows = [draft for draft in standing.values() if told_managers(draft)]
    for draft in rows:
        detail = f"Row {draft.row}: the managers of this file contradict each other too often to be untangled."
        _refuse(draft, "managers_contradictory", detail, fields, {})
    return bool(rows)


def _refuse(draft: Draft, code: str, detail: str, fields: Mapping[str, str], params: Mapping[str, object]) -> None:
    draft.errors.append(Problem(code, detail, draft.row, *_manager_cell(draft, fields), params))


def _manager_cell(draft: Draft, fields: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return (header, value) of the cell by which a row names the manager."""
    name = next((name for name in MANAGER_FIELDS if draft.values.get(name)), None)
    return (fields[name], shown(draft.values[name])) if name else (None, None)


def _warn_of_managers(
    standing: Mapping[str, Draft], settled: Settled, drafts: Sequence[Draft], fields: Mapping[str, str]
) -> None:
    refused_rows: dict[str, int] = {}
    for draft in drafts:
        if draft.errors:
            refused_rows |= {draft.values[name]: draft.row for name in IDENTITY_FIELDS if draft.values.get(name)}
    tops: list[int] = []
    for key, draft in standing.items():
        person, told = settled.by_row[key], told_managers(draft)
        if told == () and person.status != "left":
            tops.append(draft.row)
        if told and person.manager_raw is not None:
            row = refused_rows.get(told[0]) or refused_rows.get(told[0].lower())
            why = f"the manager's own row {row} has errors" if row else "nobody in the file or the directory is that"
            header, value = _manager_cell(draft, fields)
            detail = f'Row {draft.row}, column "{header}": manager "{value}" not found: {why}.'
            params: dict[str, object] = {"manager": value, "manager_row": row}
            draft.warnings.append(Problem("manager_unresolved", detail, draft.row, header, value, params, "warning"))
        found = {settled.directory.find(ref) for ref in told or ()} - {None}
        if len(found) > 1:
            detail = f"Row {draft.row}: the manager's id and mail mean two people; the id was taken."
            _warn(draft, "manager_conflict", detail, fields["manager_email"], shown((told or ("",))[-1]))
        for ref in person.dotted_raw if "dotted_manager_external_ids" in draft.values else ():
            header = fields["dotted_manager_external_ids"]
            detail = f'Row {draft.row}, column "{header}": manager "{shown(ref)}" not found.'
            _warn(draft, "dotted_manager_unresolved", detail, header, shown(ref))
    if len(tops) > 1:
        detail = f"{len(tops)} people have no manager: each counts as the head of everyone. Rows {_rows(tops)}."
        params = {"count": len(tops), "rows": tops[:MAX_NAMED]}
        settled.warnings.append(Problem("several_tops", detail, params=params, severity="warning"))


def _warn(draft: Draft, code: str, detail: str, header: str, value: str) -> None:
    draft.warnings.append(Problem(code, detail, draft.row, header, value, {"manager": value}, "warning"))


def _rows(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows[:10])) + (" …" if len(rows) > 10 else "")


def _who(person: PersonRecord) -> str:
    return f"{shown(person.display_name)} ({shown(person.external_id)})"
