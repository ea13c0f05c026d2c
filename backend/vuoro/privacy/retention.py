"""How long data is kept: the rules that classes.toml names, their limits, and the worker's daily sweep.

Words go at most 90 days after the end of a pair or of its programme, whatever an organization would like.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.core.db import Db
from vuoro.core.outbox import emit
from vuoro.privacy.models import Erasure, RetentionSettings


@dataclass(frozen=True, slots=True)
class Choice:
    """Days that an organization may choose: what it is without a choice, the least and the most."""

    days: int
    least: int
    most: int


CHOICES = {
    "words_days": Choice(90, 0, 90),
    "participation_days": Choice(365, 90, 730),
    "leavers_days": Choice(30, 0, 90),
    "access_log_days": Choice(365, 180, 730),
    "deliveries_days": Choice(90, 30, 365),
    "concerns_days": Choice(365, 90, 730),
}
#: Rule → its choice, its days where there is no choice, or None: as long as what it belongs to.
RULES: dict[str, str | int | None] = {
    "house": None,
    "person": "leavers_days",
    "tokens": 7,
    "key": None,
    "uploads": 7,
    "imports": 30,
    "scim_log": 30,
    "minutes": 7,
    "audit": None,
    "access_log": "access_log_days",
    "erasures": 730,
    "deliveries": "deliveries_days",
    "participation": "participation_days",
    "words": "words_days",
    "seeds": "words_days",
    "answers": "words_days",
    "concerns": "concerns_days",
    "figures": None,
}
EVERY = timedelta(days=1)
_PATIENCE = text("set local statement_timeout = '10min'")
_OVER = (
    "select p.id from programs p where p.organization_id = :organization"
    " and p.state in ('closed', 'archived', 'cancelled') and coalesce((select max(c.at) from state_changes c"
    " where c.organization_id = p.organization_id and c.subject_id = p.id and c.subject = 'program'"
    " and c.to_state in ('closed', 'cancelled')), p.updated_at) < :{rule}"
)
_PAIRS_OVER = (
    "select r.id from pairs r where r.organization_id = :organization and r.state <> 'stay_in_touch'"
    " and (r.state in ('completed', 'ended_early', 'expired', 'declined') and r.ended_at < :words or"
    f" r.program_id in ({_OVER.format(rule='words')}))"
)
_OF_PAIRS_OVER = f"pair_id in ({_PAIRS_OVER})"


def _program(rule: str, column: str = "program_id") -> str:
    return f"{column} in ({_OVER.format(rule=rule)})"


def _pairs(rule: str, column: str = "pair_id") -> str:
    here = "select r.id from pairs r where r.organization_id = :organization and r.state <> 'stay_in_touch'"
    return f"{column} in ({here} and r.{_program(rule)})"


def _parts(rule: str, column: str = "enrollment_id") -> str:
    here = "select e.id from enrollments e where e.organization_id = :organization"
    return f"{column} in ({here} and e.{_program(rule)})"


#: Table → what of it goes; `:rule` is the moment before which that rule has run out.
GONE: dict[str, str] = {
    **dict.fromkeys(
        (
            "agendas",
            "sparks",
            "notes",
            "thoughts",
            "takeaways",
            "action_items",
            "thanks",
            "candid_messages",
            "goals",
            "commitments",
            "override_reasons",
        ),
        _OF_PAIRS_OVER,
    ),
    "boundaries": _parts("words"),
    "idea_seeds": (
        "updated_at < :seeds and not exists (select 1 from enrollments e join programs p"
        " on p.organization_id = e.organization_id and p.id = e.program_id where e.organization_id = :organization"
        " and e.person_id = idea_seeds.author_id and p.state not in ('closed', 'archived', 'cancelled'))"
    ),
    "pulses": _pairs("answers"),
    "fit_checks": _pairs("answers"),
    "growth_checks": _parts("answers"),
    "survey_responses": (
        f"cohort_id in (select c.id from cohorts c where c.organization_id = :organization and c.{_program('answers')})"
    ),
    "survey_texts": (
        f"survey_id in (select s.id from surveys s where s.organization_id = :organization and s.{_program('answers')})"
    ),
    "data_keys": f"owner_kind = 'pair' and owner_id in ({_PAIRS_OVER})",
    **dict.fromkeys(
        ("suggestions", "match_certificates"),
        "match_run_id in (select m.id from match_runs m where m.organization_id = :organization and"
        f" m.{_program('participation')})",
    ),
    "sessions": _pairs("participation"),
    "pair_answers": _pairs("participation"),
    "stay_choices": _pairs("participation"),
    "wishes": _parts("participation"),
    "invitations": _program("participation"),
    "invitation_links": _program("participation"),
    "challenges": _program("participation"),
    "program_event_replies": (
        "event_id in (select v.id from program_events v where v.organization_id = :organization and"
        f" v.{_program('participation')})"
    ),
    "state_changes": (
        f"at < :participation and ({_pairs('participation', 'subject_id')} or {_parts('participation', 'subject_id')})"
    ),
    "concerns": "closed_at < :concerns",
    "deliveries": "created_at < :deliveries",
    "webhook_deliveries": "created_at < :deliveries",
    "access_log": "at < :access_log",
    "scim_log": "at < :scim_log",
    "erasures": "state <> 'waiting' and coalesce(done_at, created_at) < :erasures",
    "outbox": "relayed_at < :minutes",
    "idempotency_keys": "created_at < :minutes",
    "import_inverses": (
        "import_id in (select i.id from imports i where i.organization_id = :organization"
        " and (i.undo_until is null or i.undo_until < :now))"
    ),
    "import_rows": (
        "import_id in (select i.id from imports i where i.organization_id = :organization"
        " and i.state in ('applied', 'undone', 'failed', 'discarded') and i.updated_at < :imports)"
    ),
}
#: What stays as a bare part in a programme, or as a file's name, without what was said in it.
BLANKED = (
    "update enrollments set skills = '{}', topics = '{}', languages = '{}', superpower = null,"
    " wants_to_understand = '{}', availability = '[]', availability_zone = null"
    f" where organization_id = :organization and {_program('participation')} and (superpower is not null"
    " or skills <> '{}' or topics <> '{}' or wants_to_understand <> '{}' or availability <> '[]' or languages <> '{}')",
    "update pairs set reasons = '[]', checks = '{}' where organization_id = :organization"
    f" and {_program('participation')} and state <> 'stay_in_touch' and (reasons <> '[]' or checks <> '{{}}')",
    "update imports set columns = '[]' where organization_id = :organization and columns <> '[]'"
    " and state in ('applied', 'undone', 'failed', 'discarded') and updated_at < :imports",
    "update imports set undone = jsonb_set(undone, '{people}', '[]') where organization_id = :organization"
    " and undone is not null and undone -> 'people' <> '[]' and updated_at < :imports",
    # Nobody reports to them any more, so that the chart needs no link where they stood.
    "update people p set deleted_at = :now, manager_id = null where p.organization_id = :organization"
    " and p.graph_only and p.deleted_at is null and exists (select 1 from erasures e"
    " where e.organization_id = p.organization_id and e.person_id = p.id and e.state = 'done')"
    " and not exists (select 1 from people r where r.organization_id = p.organization_id and r.manager_id = p.id)"
    " and not exists (select 1 from dotted_lines d where d.organization_id = p.organization_id"
    " and d.manager_id = p.id)",
)
_LEAVERS = text(
    "select p.id from people p where p.organization_id = :organization and p.status = 'left'"
    " and p.deleted_at is null and not p.graph_only"
    " and coalesce(p.end_on, (p.updated_at at time zone 'UTC')::date) <= cast(:person as timestamptz)::date"
    " and not exists (select 1 from erasures e where e.organization_id = p.organization_id"
    " and e.person_id = p.id and e.state = 'waiting') order by p.id limit 500"
)


def chosen(row: RetentionSettings | None) -> dict[str, int]:
    """The organization's days, each within its limits."""
    return {
        name: min(max(getattr(row, name), choice.least), choice.most) if row else choice.days
        for name, choice in CHOICES.items()
    }


def days_of(rule: str, days: dict[str, int]) -> int | None:
    """After how many days a rule has run out; None: never by itself."""
    found = RULES[rule]
    return days[found] if isinstance(found, str) else found


async def sweep(db: Db, now: datetime) -> None:
    """Once a day, delete what no rule keeps any longer, and ask for the erasure of those who left long ago."""
    row = await db.scalar(
        select(RetentionSettings).where(RetentionSettings.organization_id == db.organization_id).with_for_update()
    )
    if row is not None and row.due_at is not None and row.due_at > now:
        return
    days = chosen(row)
    moment = {"version": 1, "created_at": now, "updated_at": now}
    await db.execute(
        insert(RetentionSettings)
        .values(organization_id=db.organization_id, **days, **moment, due_at=now + EVERY)
        .on_conflict_do_update(index_elements=["organization_id"], set_={"due_at": now + EVERY})
    )
    await delete_due(db, now, days)
    for person_id in await db.scalars(_LEAVERS, _moments(db, now, days)):
        ask(db, person_id, db.organization_id, now)


def ask(db: Db, person_id: Any, by: Any, due_at: datetime) -> Erasure:
    """Write an erasure down, and hand it to the worker for its moment."""
    row = Erasure(
        organization_id=db.organization_id, id=clock.uuid7(), person_id=person_id, requested_by=by,
        due_at=due_at, created_at=clock.now(),
    )  # fmt: skip
    db.add(row)
    emit(db, "erasure.due", {"erasure_id": str(row.id)}, due_at=due_at)
    return row


def _moments(db: Db, now: datetime, days: dict[str, int]) -> dict[str, Any]:
    """For every rule the moment before which it has run out."""
    found = {rule: days_of(rule, days) for rule in RULES}
    return {
        "organization": db.organization_id,
        "now": now,
        **{rule: now - timedelta(days=count) for rule, count in found.items() if count is not None},
    }


async def delete_due(db: Db, now: datetime, days: dict[str, int]) -> None:
    """One statement a table."""
    values = _moments(db, now, days)
    await db.execute(_PATIENCE)
    for table, condition in GONE.items():
        await _run(db, f"delete from {table} where organization_id = :organization and {condition}", values)
    for statement in BLANKED:
        await _run(db, statement, values)
    await _run(db, "select auth.forget_expired(:organization, :tokens)", values)


async def _run(db: Db, statement: str, values: dict[str, Any]) -> None:
    query = text(statement)
    await db.execute(query, {name: value for name, value in values.items() if name in query._bindparams})
