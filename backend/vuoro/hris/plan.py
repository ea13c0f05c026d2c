"""What an import would do: each row compared with the people known now, each error named."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

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
from vuoro.hris.problems import Problem, ValueRefused, shown
from vuoro.hris.record import Change, PersonRecord, changes_between
from vuoro.hris.settle import MANAGER_FIELDS, MAX_NAMED, settle
from vuoro.hris.values import read_level

BRAKE_PERCENT = 10
# What a file calls a field that a connection may keep.
_OWNED_AS = {
    "manager_external_id": "manager_id",
    "manager_email": "manager_id",
    "dotted_manager_external_ids": "dotted_manager_ids",
}
# What is asked of a row once its person is made; the rest would take room, as would what is known already.
_STILL_TOLD = frozenset({*IDENTITY_FIELDS, *NAME_FIELDS, *MANAGER_FIELDS, "dotted_manager_external_ids"})

Kind = Literal["created", "updated", "unchanged", "left", "error"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a directory connection keeps of a person."""

    name: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row, or (row None) of a person outside the file: left, or a manager found at last.

    `key` is the external id in the directory now (None: new), `before` the record there, `person` the record to be
    (None: refused).
    """

    row: int | None
    kind: Kind
    key: str | None
    external_id: str | None
    display_name: str | None
    before: PersonRecord | None
    person: PersonRecord | None
    problems: tuple[Problem, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what differs for somebody known before; found anew each time, as all at once it takes much room."""
        return changes_between(self.before, self.person) if self.before and self.person else ()


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of people by outcome; `errors` and `warnings` count rows and problems of the whole file."""

    rows: int
    created: int
    updated: int
    unchanged: int
    left: int
    errors: int
    warnings: int
    manager_unresolved: int


@dataclass(frozen=True, slots=True)
class Plan:
    """All outcomes in the order of the file; `problems` concern the whole file, an error there blocks it.

    `brake`: more than BRAKE_PERCENT of the people would leave and nobody allowed it, so do not apply.
    """

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    date_formats: Mapping[str, str]
    row_count: int
    people_before: int
    brake: bool

    @property
    def blocked(self) -> bool:
        """Tell whether a question or error of the whole file keeps it from being applied."""
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def ready(self) -> bool:
        """Tell whether the plan may be applied as it is."""
        return not self.blocked and not self.brake

    def of_kind(self, *kinds: Kind) -> tuple[Outcome, ...]:
        """Return the outcomes of these kinds, in order."""
        return tuple(outcome for outcome in self.outcomes if outcome.kind in kinds)

    @property
    def writes(self) -> tuple[Outcome, ...]:
        """Return what to write: created, updated and left."""
        return self.of_kind("created", "updated", "left")

    @property
    def summary(self) -> Summary:
        """Count the outcomes."""
        kinds = Counter(outcome.kind for outcome in self.outcomes)
        warned = [
            {problem.code for problem in outcome.problems if problem.severity == "warning"}
            for outcome in self.outcomes
            if outcome.problems
        ]
        whole = Counter(problem.severity for problem in self.problems)
        return Summary(
            rows=self.row_count,
            created=kinds["created"],
            updated=kinds["updated"],
            unchanged=kinds["unchanged"],
            left=kinds["left"],
            errors=kinds["error"] + whole["error"],
            warnings=sum(map(bool, warned)) + whole["warning"],
            manager_unresolved=sum("manager_unresolved" in codes for codes in warned),
        )


def plan(
    rows: MappedRows,
    current_people: Mapping[str, PersonRecord],
    *,
    today: date,
    deactivate_missing: bool = False,
    allow_mass_deactivation: bool = False,
    day_order: DayOrder | None = None,
    owned: Mapping[str, Kept] | None = None,
) -> Plan:
    """Compare a file with the people known now, by external id; write nothing.

    `owned` are fields, by external id, that a directory connection keeps: a file does not change them.
    `day_order` answers the question of the problem `date_ambiguous`. The same file again plans no change.
    """
    fields = rows.fields
    problems = list(rows.columns.problems)
    before = sum(1 for person in current_people.values() if person.status != "left")
    if not rows.columns.ready:
        return Plan((), tuple(problems), {}, rows.table.row_count, before, False)
    told, count = rows.told((*DATE_FIELDS, "job_level")), rows.table.row_count
    dates, questions = decide_dates(told, fields, day_order)
    formats = {fields[name]: column.style for name, column in dates.items() if column.style}
    if questions:
        return Plan((), (*problems, *questions), formats, count, before, False)
    if _are_no_numbers(told.get("job_level", ())):
        header = fields.pop("job_level")
        detail = f'Column "{header}" holds no numbers; levels are left as they are.'
        problems.append(Problem("job_level_not_numbers", detail, None, header, None, {}, "warning"))
    drafts, warnings = _drafts(rows, fields, dates, current_people, owned or {}, today)
    problems.extend(warnings)
    _refuse_shared_mails(drafts, fields)
    settled = settle(drafts, current_people, fields)
    problems.extend(settled.warnings)
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
    leaving = sum(outcome.kind == "left" for outcome in outcomes)
    brake = leaving * 100 > before * BRAKE_PERCENT and not allow_mass_deactivation
    return Plan(tuple(outcomes), tuple(problems), formats, count, before, brake)


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
    today: date,
) -> tuple[list[Draft], list[Problem]]:
    """Read the rows; each is made a person at once, as all that they tell would take much room."""
    drafts = []
    identified, dropped = _Identified(people, fields), _Dropped(owned)
    for row in rows:
        draft = draft_of(row, fields, dates)
        identified.add(draft)
        dropped.leave(draft, people)
        _record(draft, people, today)
        drafts.append(draft)
    forget()
    identified.refuse_repeated()
    for draft in drafts:
        _check(draft, people, fields, today)
    return drafts, list(dropped.warnings())


class _Identified:
    """Who each row is about: by external id, else by the mail address of somebody known."""

    def __init__(self, people: Mapping[str, PersonRecord], fields: Mapping[str, str]) -> None:
        self._people, self._fields = people, fields
        self._by_mail = {person.work_email.lower(): person for person in people.values() if person.work_email}
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
    elif draft.record:
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
    lost = Counter((person.site, person.country) for person in persons if person.time_zone is None)
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
    if after.status == "left" and before.status != "left":
        kind = "left"
    return Outcome(row, kind, key, after.external_id, after.display_name, before, after, problems)


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
