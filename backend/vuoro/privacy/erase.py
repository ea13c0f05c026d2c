"""An erasure, in the worker: rows and keys of a person go, an id stays; the other of a pair keeps what is theirs."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, text

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Database, Db
from vuoro.core.events import announce
from vuoro.core.history import audit, record_change
from vuoro.core.jobs import on
from vuoro.core.outbox import emit
from vuoro.core.settings import settings
from vuoro.feedback.waves import FORGET_MEMBER
from vuoro.notifications import jobs as mails
from vuoro.pairs.ending import free, over
from vuoro.pairs.models import Pair
from vuoro.pairs.states import ASKED, OPEN, legal_steps
from vuoro.people import lines
from vuoro.people.events import PeopleLeft
from vuoro.people.models import Person
from vuoro.people.readers import read_reader
from vuoro.privacy.classes import Table, tables
from vuoro.privacy.models import Erasure

_MY_PAIRS = "select r.id from pairs r where r.organization_id = :organization and {side}"
_SIDES = {
    "mentor": "r.mentor_id = :person", "mentee": "r.mentee_id = :person",
    "pair": "(r.mentor_id = :person or r.mentee_id = :person)",
}  # fmt: skip
# Who had a pair took part, and counts as such in what a programme reached.
_PARTS_OVER = text(
    "update enrollments e set state = case when exists (select 1 from pairs r where r.organization_id = :organization"
    " and e.id in (r.mentor_enrollment_id, r.mentee_enrollment_id) and r.activated_at is not null) then 'alumni'"
    " else 'withdrawn' end from (select id, state from enrollments where organization_id = :organization"
    " and person_id = :person and state not in ('declined', 'withdrawn', 'alumni') for update) before"
    " where e.organization_id = :organization and e.id = before.id returning e.id, before.state, e.state"
)
_EMPTY = {
    "people": (
        "update people set external_id = :nobody, user_name = null, given_name = null, family_name = null,"
        " display_name = '', work_email = null, title = null, job_level = null, division = null, department = null,"
        " team = null, cost_center = null, site = null, country = null, time_zone = null, languages = '{}',"
        " preferred_language = null, status = 'left', hire_on = null, end_on = null, manager_external_id = null,"
        " origins = '{}', version = version + 1, updated_at = :now, graph_only = true"
        " where organization_id = :organization and id = :person",
        "update people set manager_external_id = :nobody where organization_id = :organization"
        " and manager_external_id = :external_id",
        "update dotted_lines set manager_external_id = :nobody where organization_id = :organization"
        " and manager_external_id = :external_id",
        # A link in the chart stays for as long as somebody reports to them; retention.py ends it.
        "update people p set deleted_at = :now, manager_id = null where p.organization_id = :organization"
        " and p.id = :person and not exists (select 1 from people r where r.organization_id = :organization"
        " and r.manager_id = :person) and not exists (select 1 from dotted_lines d"
        " where d.organization_id = :organization and d.manager_id = :person)",
    ),
    "enrollments": (
        "update enrollments set skills = '{}', topics = '{}', languages = '{}', superpower = null,"
        " wants_to_understand = '{}', availability = '[]', availability_zone = null, capacity = 1,"
        " capacity_consented_at = null, primer_done_at = null, rests_until = null, looks = false,"
        " looks_again_at = null, terms_version = null, terms_agreed_at = null, version = version + 1, updated_at = :now"
        " where organization_id = :organization and person_id = :person",
    ),
    "pairs": (
        "update pairs set reasons = '[]', checks = '{}', shared = shared and mentor_id <> :person,"
        " mentor_signed_at = case when mentor_id <> :person then mentor_signed_at end,"
        " mentee_signed_at = case when mentee_id <> :person then mentee_signed_at end"
        " where organization_id = :organization and (mentor_id = :person or mentee_id = :person)",
    ),
    "sessions": (
        f"update sessions set mentor_miss = null where organization_id = :organization and mentor_miss is not null"
        f" and pair_id in ({_MY_PAIRS.format(side=_SIDES['mentor'])})",
        f"update sessions set mentee_miss = null where organization_id = :organization and mentee_miss is not null"
        f" and pair_id in ({_MY_PAIRS.format(side=_SIDES['mentee'])})",
        "update sessions set cancelled_by = null, reason_class = null where organization_id = :organization"
        " and cancelled_by = :person",
    ),
    "candid_messages": (
        "update candid_messages set answer = null, answer_text = null, answered_at = null"
        f" where organization_id = :organization and author_id <> :person and answered_at is not null"
        f" and pair_id in ({_MY_PAIRS.format(side=_SIDES['pair'])})",
    ),
    "wave_members": (FORGET_MEMBER,),
    "imports": (
        "update imports set columns = '[]' where organization_id = :organization and columns <> '[]'"
        " and (strpos(columns::text, :external_id) > 0 or strpos(columns::text, :name) > 0"
        " or strpos(columns::text, :mail) > 0)",
        "update imports set undone = null where organization_id = :organization and undone is not null"
        " and (strpos(undone::text, to_json(cast(:external_id as text))::text) > 0"
        " or strpos(undone::text, to_json(cast(:name as text))::text) > 0)",
    ),
    "import_inverses": (
        "delete from import_inverses where organization_id = :organization and (person_id = :person"
        " or strpos(before::text, to_json(cast(:external_id as text))::text) > 0)",
    ),
    "import_rows": (
        "delete from import_rows where organization_id = :organization and (external_id = :external_id"
        " or display_name = :name or strpos(changes::text, :name) > 0 or strpos(problems::text, :name) > 0"
        " or strpos(changes::text, :mail) > 0 or strpos(problems::text, :mail) > 0"
        " or strpos(changes::text, to_json(cast(:external_id as text))::text) > 0)",
    ),
    # A pair's key goes with the second of the two.
    "data_keys": (
        "delete from data_keys where organization_id = :organization and owner_kind = 'person' and owner_id = :person",
        "delete from data_keys where organization_id = :organization and owner_kind = 'pair' and owner_id in ("
        "select r.id from pairs r where r.organization_id = :organization and :person in (r.mentor_id, r.mentee_id)"
        " and exists (select 1 from erasures e where e.organization_id = :organization and e.state = 'done'"
        " and e.person_id = case when r.mentor_id = :person then r.mentee_id else r.mentor_id end))",
    ),
}  # fmt: skip


@on("erasure.due")
async def erase_when_due(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Erase a person whose undo window is over, in one transaction; one that was undone is left alone.

    The last mail goes out once, after the commit and from memory: nothing may keep the address for a second try.
    """
    async with database.transaction(actor) as db:
        row = await db.find(Erasure, UUID(payload["erasure_id"]), lock=True)
        if row is None or row.state != "waiting" or row.due_at > clock.now():
            return
        await lines.one_at_a_time(db)
        reader = await read_reader(db, row.person_id)
        await erase(db, row.person_id)
        row.state, row.done_at = "done", clock.now()
        audit(db, "person.erased", row.person_id)
        emit(db, "person.erased", {"person_id": str(row.person_id)})
    if reader is not None and reader.address:
        from aiosmtplib import SMTPException  # noqa: PLC0415 - the API sends no mail

        with suppress(OSError, SMTPException):
            mail = mails.write("erasure.done", reader)
            number = f"{payload['erasure_id']}.done"
            await mails.deliver(reader.address, *mail, number, organization=reader.organization)


@on("erasure.asked")
async def tell_of_erasure(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Tell somebody that their data will be erased, and until when it can be undone."""
    async with database.transaction(actor) as db:
        row = await db.find(Erasure, UUID(payload["erasure_id"]))
    if row is not None and row.state == "waiting" and row.due_at > clock.now():
        link = f"{settings().public_url}/me/data"
        await mails.send(
            database, actor, UUID(payload["fact_id"]), "erasure.asked", row.person_id, link=link, day=row.due_at.date()
        )


async def erase(db: Db, person_id: UUID) -> None:
    """Everything that classes.toml says of a person; the tombstone that stays has an id and nothing else."""
    person = await db.locked(Person, person_id)
    await _end(db, person)
    values = {
        "organization": db.organization_id,
        "person": person_id,
        "now": clock.now(),
        "nobody": f"erased-{person_id}",
        "stranger": clock.uuid7(),
        "external_id": person.external_id,
        "name": person.display_name or person.external_id,
        "mail": person.work_email or person.external_id,
    }
    await db.flush()
    db.expunge(person)
    last = ("pairs", "enrollments", "people")
    for table in sorted(tables().values(), key=lambda one: last.index(one.name) if one.name in last else -1):
        for rule in table.erase:
            for statement in _statements(table, *rule):
                query = text(statement)
                await db.execute(query, {name: values[name] for name in query._bindparams})


async def _end(db: Db, person: Person) -> None:
    """Their part in programmes and pairs ends first, as when anybody leaves: the others see that neutral step."""
    if person.status != "left":
        person.status = "left"
        await db.flush()
        await announce(db, PeopleLeft(frozenset({person.id})))
    pairs = list(
        await db.scalars(
            select(Pair)
            .where(
                Pair.organization_id == db.organization_id,
                or_(Pair.mentor_id == person.id, Pair.mentee_id == person.id),
                Pair.state.in_(OPEN),
            )
            .order_by(Pair.id)
            .with_for_update()
        )
    )
    for pair in pairs:
        to = "expired" if pair.state in ASKED else "completed" if pair.state == "stay_in_touch" else "ended_early"
        over(db, pair, to, legal_steps(pair.state, {"system"}))  # type: ignore[arg-type]
    await free(db, pairs)
    await db.execute(
        text("delete from pairs where organization_id = :organization and state = 'proposed'"
             " and (mentor_id = :person or mentee_id = :person)"),
        {"organization": db.organization_id, "person": person.id},
    )  # fmt: skip
    parts = await db.execute(_PARTS_OVER, {"organization": db.organization_id, "person": person.id})
    for id, before, state in parts.all():
        record_change(db, "enrollment", id, before, state)


def _statements(table: Table, verb: str, *columns: str) -> tuple[str, ...]:
    """What one rule of classes.toml does."""
    if table.name.startswith("auth."):
        return ("select auth.forget_person(:organization, :person)",) if table.name == "auth.tokens" else ()
    here = f"delete from {table.name} where organization_id = :organization and"
    if verb == "rows":
        return (f"{here} (" + " or ".join(f"{column} = :person" for column in columns) + ")",)
    if verb == "side":
        sides = " or ".join(
            f"({columns[0]} = '{side}' and pair_id in ({_MY_PAIRS.format(side=_SIDES[side])}))"
            for side in ("mentor", "mentee")
        )
        return (f"{here} ({sides})",)
    if verb in _SIDES:
        return (f"{here} pair_id in ({_MY_PAIRS.format(side=_SIDES[verb])})",)
    if verb == "enrollment":
        parts = "select e.id from enrollments e where e.organization_id = :organization and e.person_id = :person"
        return (f"{here} enrollment_id in ({parts})",)
    return _EMPTY[table.name] if verb == "blank" else ()
