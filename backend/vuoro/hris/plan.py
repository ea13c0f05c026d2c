"""What an import would do: each row compared with the people known now, each error named."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from vuoro.hris.columns import MappedRows
from vuoro.hris.dates import DateColumn, DayOrder
from vuoro.hris.drafts import (
    DATE_FIELDS,
    IDENTITY_FIELDS,
    NAME_FIELDS,
    Draft,
    check_days,
    check_name,
    decide_dates,
    draft_of,
    forget,
    person_of,
)
from vuoro.hris.outcomes import Kind, Outcome, Plan, leaves, too_many
from vuoro.hris.problems import Problem, ValueRefused, shown
from vuoro.hris.record import PersonRecord, changes_between
from vuoro.hris.scope import SCOPE_FIELDS, Scope, choices, in_the_chart_alone
from vuoro.hris.settle import MANAGER_FIELDS, MAX_NAMED, settle
from vuoro.hris.values import read_level

# What a file calls a field that a connection may keep.
_OWNED_AS = {
    "manager_external_id": "manager_id",
    "manager_email": "manager_id",
    "dotted_manager_external_ids": "dotted_manager_ids",
}
# What is asked of a row once its person is made; the rest would take room, as would what is known already.
_STILL_TOLD = frozenset({*IDENTITY_FIELDS, *NAME_FIELDS, *MANAGER_FIELDS, "dotted_manager_external_ids"})


@dataclass(frozen=True, slots=True)
class Kept:
    """What a directory connection keeps of a person."""

    name: str
    fields: frozenset[str]


def plan(
    rows: MappedRows,
    current_people: Mapping[str, PersonRecord],
    *,
    today: date,
    deactivate_missing: bool = False,
    allow_mass_deactivation: bool = False,
    day_order: DayOrder | None = None,
    owned: Mapping[str, Kept] | None = None,
    scope: Scope | None = None,
) -> Plan:
    """Compare a file with the people known now, by external id; write nothing.

    `owned` are fields, by external id, that a directory connection keeps: a file does not change them, nor whether
    their people take part. `scope` tells who else does; without one everybody in the file.
    `day_order` answers the question of the problem `date_ambiguous`. The same file again plans no change.
    """
    fields = rows.fields
    problems = list(rows.columns.problems)
    before = sum(1 for person in current_people.values() if person.status != "left")
    members = sum(1 for person in current_people.values() if person.takes_part)
    if not rows.columns.ready:
        return Plan((), tuple(problems), {}, rows.table.row_count, before, False)
    told, count = rows.told((*DATE_FIELDS, "job_level", *SCOPE_FIELDS)), rows.table.row_count
    found = choices(told)
    dates, questions = decide_dates(told, fields, day_order)
    formats = {fields[name]: column.style for name, column in dates.items() if column.style}
    if scope is not None and scope.field not in fields:
        detail = "The column that tells who takes part is not in this file."
        questions.append(Problem("scope_column_missing", detail, params={"field": scope.field}))
    if questions:
        return Plan((), (*problems, *questions), formats, count, before, False, members, found)
    if _are_no_numbers(told.get("job_level", ())):
        header = fields.pop("job_level")
        detail = f'Column "{header}" holds no numbers; levels are left as they are.'
        problems.append(Problem("job_level_not_numbers", detail, None, header, None, {}, "warning"))
    drafts, warnings = _drafts(rows, fields, dates, current_people, owned or {}, scope, today)
    problems.extend(warnings)
    _refuse_shared_mails(drafts, fields)
    settled = settle(drafts, current_people, fields)
    problems.extend(settled.warnings)
    for draft in drafts:
        # Only now: others may have named them by a mail address that is not kept.
        if draft.outside and draft.key in settled.by_row:
            settled.by_row[draft.key] = in_the_chart_alone(settled.by_row[draft.key], current_people.get(draft.key))
    problems.extend(_zone_warnings(settled.by_row.values()))
    outcomes = [_outcome(draft, settled.by_row, current_people) for draft in drafts]
    elsewhere = {key for key, kept in (owned or {}).items() if "status" in kept.fields}
    missing, skipped = _missing(drafts, settled.late, current_people) if deactivate_missing else ([], [])
    missing = [outcome for outcome in missing if outcome.key not in elsewhere]
    problems.extend(skipped)
    gone = {outcome.key for outcome in missing}
    outcomes.extend(
        _changed(None, key, current_people[key], person) for key, person in settled.late.items() if key not in gone
    )
    outcomes.extend(missing)
    done = Plan(tuple(outcomes), tuple(problems), formats, count, before, False, members, found)
    return replace(done, brake=too_many(*done.leaving) and not allow_mass_deactivation)


def _are_no_numbers(levels: Collection[str]) -> bool:
    for value in levels:
        try:
            read_level(value)
        except ValueRefused:
            continue
        return False
    return bool(levels)


def _drafts(
    rows: MappedRows,
    fields: Mapping[str, str],
    dates: Mapping[str, DateColumn],
    people: Mapping[str, PersonRecord],
    owned: Mapping[str, Kept],
    scope: Scope | None,
    today: date,
) -> tuple[list[Draft], list[Problem]]:
    """Read the rows; each is made a person at once, as all that they tell would take much room."""
    drafts = []
    identified, dropped = _Identified(people, fields), _Dropped(owned)
    narrowed = scope is not None or bool(owned)
    for row in rows:
        draft = draft_of(row, fields, dates)
        identified.add(draft)
        dropped.leave(draft, people)
        _record(draft, people, today)
        draft.outside = narrowed and _is_outside(draft, people, owned, scope)
        drafts.append(draft)
    forget()
    identified.refuse_repeated()
    for draft in drafts:
        _check(draft, people, fields, today)
    return drafts, [*dropped.warnings(), *_admins_outside(drafts, scope)]


def _is_outside(
    draft: Draft, people: Mapping[str, PersonRecord], owned: Mapping[str, Kept], scope: Scope | None
) -> bool:
    if draft.record is None or draft.key is None:
        return False
    if draft.key in owned and draft.key in people:
        return people[draft.key].graph_only
    return scope is not None and draft.key not in scope.admins and not scope.has(draft.record)


def _admins_outside(drafts: Iterable[Draft], scope: Scope | None) -> Iterator[Problem]:
    if scope is None:
        return
    names = [
        one.record.display_name
        for one in drafts
        if one.record and one.key in scope.admins and not scope.has(one.record)
    ]
    if names:
        detail = f"Outside of those who take part, and kept as admins of the organization: {', '.join(names)}."
        params = {"names": names[:MAX_NAMED], "count": len(names)}
        yield Problem("admins_outside", detail, params=params, severity="warning")


class _Identified:
    """Who each row is about: by external id, else by the mail address of somebody known."""

    def __init__(self, people: Mapping[str, PersonRecord], fields: Mapping[str, str]) -> None:
        self._people, self._fields = people, fields
        self._by_mail = {person.work_email.lower(): person for person in people.values() if person.work_email}
        self._by_mail |= {key: person for key, person in people.items() if person.graph_only and person.provisional}
        self._first: dict[str, Draft] = {}
        self._further: dict[str, list[Draft]] = {}

    def add(self, draft: Draft) -> None:
        fields, told, mail = self._fields, draft.values.get("external_id"), draft.values.get("work_email")
        holder = self._by_mail.get(mail) if mail else None
        if told and told not in self._people and holder and holder.provisional:
            # Known by mail only until now: this file brings the employee id.
            draft.key = holder.external_id
        elif told:
            draft.key = told
        elif holder:
            draft.key = holder.external_id
        elif mail and "external_id" not in fields:
            draft.key = mail
        elif not draft.errors:
            name = "external_id" if "external_id" in fields else "work_email"
            detail = f'Row {draft.row}, column "{fields[name]}" is empty: it is not known who this is.'
            draft.errors.append(Problem(f"{name}_missing", detail, draft.row, fields[name]))
        # Known by mail but told with an id: both mean this person.
        for key in {told: 0, draft.key: 0} if not draft.misfit else ():
            if key and self._first.setdefault(key, draft) is not draft:
                self._further.setdefault(key, []).append(draft)

    def refuse_repeated(self) -> None:
        column = self._fields.get("external_id") or self._fields["work_email"]
        for key in [key for key in self._first if key in self._further]:
            group = [self._first[key], *self._further[key]]
            _refuse_group(group, "duplicate_external_id", column, key, "are about the same person")


class _Dropped:
    """What a connection keeps of people is taken out of their rows, and said once of each connection."""

    def __init__(self, owned: Mapping[str, Kept]) -> None:
        self._owned = owned
        self._dropped: dict[str, tuple[set[str], int]] = {}

    def leave(self, draft: Draft, people: Mapping[str, PersonRecord]) -> None:
        kept = self._owned.get(draft.key or "")
        if kept is None:
            return
        names = [name for name in draft.values if _OWNED_AS.get(name, name) in kept.fields]
        before = people.get(draft.key or "")
        other = {name for name in names if getattr(before, name, None) != draft.values[name]} - {"manager_email"}
        for name in names:
            if name not in IDENTITY_FIELDS:
                del draft.values[name]
            elif before is not None:
                draft.values[name] = getattr(before, name)
        if other:
            fields, count = self._dropped.get(kept.name, (set(), 0))
            self._dropped[kept.name] = fields | other, count + 1

    def warnings(self) -> Iterator[Problem]:
        for name, (fields, count) in sorted(self._dropped.items()):
            listed = ", ".join(sorted(fields))
            detail = f"{name} keeps {listed} of {count} people; the file does not change that."
            params = {"connection": name, "fields": sorted(fields), "count": count}
            yield Problem("fields_owned", detail, params=params, severity="warning")


def _refuse_group(group: Sequence[Draft], code: str, column: str, value: str, what: str) -> None:
    rows = [draft.row for draft in group]
    listed = ", ".join(map(str, rows[:10])) + (" …" if len(rows) > 10 else "")
    params = {"rows": rows[:MAX_NAMED], "count": len(rows)}
    for draft in group:
        if any(problem.code == code for problem in draft.errors):
            continue
        detail = f'Row {draft.row}, column "{column}": rows {listed} {what}, {shown(value, 60)}.'
        draft.errors.append(Problem(code, detail, draft.row, column, shown(value), params))


def _record(draft: Draft, people: Mapping[str, PersonRecord], today: date) -> None:
    base = people.get(draft.key) if draft.key else None
    if draft.key and not draft.errors:
        draft.record = person_of(draft, base, draft.values.get("external_id") or draft.key, today)
    draft.values = {
        name: told if (known := getattr(base, name, None)) != told else known
        for name, told in draft.values.items()
        if name in _STILL_TOLD
    }


def _check(draft: Draft, people: Mapping[str, PersonRecord], fields: Mapping[str, str], today: date) -> None:
    if not draft.misfit:
        check_name(draft, people.get(draft.key) if draft.key else None)
    if draft.errors:
        draft.record = None
    elif draft.record and not draft.outside:
        check_days(draft, draft.record, fields, today)


def _refuse_shared_mails(drafts: Sequence[Draft], fields: Mapping[str, str]) -> None:
    by_mail: dict[str, list[Draft]] = {}
    for draft in drafts:
        mail = draft.record.work_email if draft.record else draft.values.get("work_email")
        if mail and not draft.misfit:
            by_mail.setdefault(mail.lower(), []).append(draft)
    column = fields.get("work_email")
    for mail, group in by_mail.items():
        # Rows about the same person are told so already.
        if column and len({draft.key or draft.row for draft in group}) > 1:
            _refuse_group(group, "duplicate_work_email", column, mail, "have the same mail address")


def _zone_warnings(persons: Iterable[PersonRecord]) -> Iterable[Problem]:
    lost = Counter(
        (person.site, person.country) for person in persons if person.time_zone is None and not person.graph_only
    )
    for (site, country), count in lost.most_common(MAX_NAMED):
        place = ", ".join(filter(None, (site, country))) or "people without a site"
        detail = f"No time zone is known for {place} ({count} people)."
        params = {"site": site, "country": country, "count": count}
        yield Problem("site_time_zone_unknown", detail, params=params, severity="warning")


def _outcome(draft: Draft, records: Mapping[str, PersonRecord], people: Mapping[str, PersonRecord]) -> Outcome:
    key = draft.key
    problems = (*draft.errors, *draft.warnings)
    if draft.errors or key is None:
        known = people.get(key) if key else None
        name = draft.name or (known.display_name if known else None)
        shown_id = draft.values.get("external_id") or (known.external_id if known else None)
        return Outcome(draft.row, "error", key if known else None, shown_id, name, None, None, problems)
    person = records[key]
    if key not in people:
        return Outcome(draft.row, "created", None, person.external_id, person.display_name, None, person, problems)
    return _changed(draft.row, key, people[key], person, problems)


def _changed(
    row: int | None, key: str, before: PersonRecord, after: PersonRecord, problems: tuple[Problem, ...] = ()
) -> Outcome:
    kind: Kind = "updated" if changes_between(before, after) else "unchanged"
    if leaves(before, after):
        kind = "left"
    name = before.display_name if after.graph_only else after.display_name
    return Outcome(row, kind, key, after.external_id, name, before, after, problems)


def _missing(
    drafts: Sequence[Draft], late: Mapping[str, PersonRecord], people: Mapping[str, PersonRecord]
) -> tuple[list[Outcome], list[Problem]]:
    """Let everyone leave whom the file does not mention, unless a row does not say whom it mentions."""
    unclear = [draft.row for draft in drafts if draft.key is None or (draft.misfit and draft.key not in people)]
    if unclear:
        rows = ", ".join(map(str, unclear[:10])) + (" …" if len(unclear) > 10 else "")
        detail = f"Nobody was marked as left: it is not known who rows {rows} are about. Correct them first."
        params = {"rows": unclear[:MAX_NAMED], "count": len(unclear)}
        return [], [Problem("deactivation_skipped", detail, params=params, severity="warning")]
    mentioned = {draft.key for draft in drafts}
    return [
        _changed(None, key, person, replace(late.get(key, person), status="left"))
        for key, person in people.items()
        if key not in mentioned and person.status != "left"
    ], []
