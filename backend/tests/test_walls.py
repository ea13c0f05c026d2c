"""The walls in the database: they hold whatever the code above them does."""

from typing import Any

import asyncpg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from support import walls
from support.pairs import Couple, make_couple

from vuoro.core import clock, crypto
from vuoro.core.db import Database
from vuoro.feedback.models import Pulse
from vuoro.people.models import Person
from vuoro.sessions.models import Agenda, Note, Session, SessionMove


@pytest.fixture
async def superuser(postgres, database_name):
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    yield connection
    await connection.close()


async def test_the_walls_have_no_hole(superuser):
    for question, named in walls.QUESTIONS.items():
        assert await question(superuser) == named, question.__doc__


PLANTED = [
    (walls.tables_without_a_wall, "create table gap (organization_id uuid, id uuid)", "public.gap"),
    (walls.tables_without_a_wall, "alter table people no force row level security", "public.people"),
    (walls.open_policies, "alter policy tenant on challenges using (true)", "public.challenges: tenant"),
    (walls.open_policies, "create policy more on notes for select to public using (true)", "public.notes: more"),
    (walls.open_policies, "alter policy sign_in on auth.tokens to vuoro_auth, vuoro_app", "auth.tokens: sign_in"),
    (walls.foreign_keys_without_the_tenant,
     "create table gap (organization_id uuid, id uuid unique);"
     "alter table notes add constraint loose foreign key (id) references gap (id) not valid", "loose"),
    (walls.unique_keys_without_the_tenant, "create unique index loose on people (id)", "loose"),
    (walls.mighty_logins, "alter role vuoro_worker bypassrls", "vuoro_worker"),
    (walls.views_of_the_owner, "create view gap as select * from people", "gap"),
    (walls.open_functions, "create function gap() returns int security definer return 1", "gap"),
    (walls.loose_functions, "create function gap() returns int return 1", "gap"),
    (walls.functions_without_the_tenant, "create function gap() returns int security definer return 1", "gap"),
    (walls.ways_to_tokens_and_jobs, "grant usage on schema jobs to vuoro_app", "vuoro_app: jobs"),
    (walls.ways_to_tokens_and_jobs, "grant select (public_key) on auth.passkeys to vuoro_app", "vuoro_app: passkeys"),
    (walls.sign_in_reads_too_much, "grant select (text) on notes to vuoro_auth", "notes.text"),
    (walls.sign_in_reads_too_much, "grant select on identity_providers to vuoro_auth",
     "identity_providers.client_secret"),
    (walls.ciphertext_for_the_worker, "grant select on concerns to vuoro_worker", "concerns.text"),
    (walls.logs_that_can_be_changed, "grant update (action) on audit_log to vuoro_app", "vuoro_app: audit_log"),
]  # fmt: skip


async def test_every_hole_in_the_walls_is_named(superuser):
    for question, hole, named in PLANTED:
        change = superuser.transaction()
        await change.start()  # taken back, as logins are the whole server's
        await superuser.execute(hole)
        assert named in await question(superuser), hole
        await change.rollback()
    assert {question for question, _, _ in PLANTED} == walls.QUESTIONS.keys()


async def test_without_a_tenant_no_table_shows_a_row_to_the_api(databases, superuser, world):
    await make_couple(databases.app, world, world["noa"], world["astrid"])
    names = {name for name in await walls.tables(superuser) if name.startswith("public.")}
    readable = 0
    async with databases.app.transaction() as db:
        for name in names - walls.NO_WALL:
            if await db.scalar(text("select has_table_privilege(:name, 'select')"), {"name": name}):
                readable += 1
                assert await db.scalar(text(f"select count(*) from {name}")) == 0, name
    assert readable > 20


async def test_another_tenant_sees_none_of_our_rows(databases, superuser, world):
    await make_couple(databases.app, world, world["noa"], world["astrid"])
    names = {name for name in await walls.tables(superuser) if name.startswith("public.")} - walls.NO_WALL
    ours: dict[str, int] = {}
    for database, actor in ((databases.app, world.other_admin.actor), (databases.worker, world.other_system)):
        async with database.transaction(actor) as db:
            for name in sorted(names - {"public.organizations", "public.outbox"}):
                column = await db.scalar(
                    text("select has_column_privilege(:name, 'organization_id', 'select')"), {"name": name}
                )
                if column:
                    query = text(f"select count(*) from {name} where organization_id = :ours")
                    ours[name] = await db.scalar(query, {"ours": world.organization_id}) or 0
    assert ours
    assert set(ours.values()) == {0}


async def test_a_row_cannot_be_written_into_another_tenant(databases, world):
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with databases.app.transaction(world.other_admin.actor) as db:
            db.add(Person(organization_id=world.organization_id, external_id="spy", display_name="Spy", languages={}))


async def test_a_row_cannot_be_moved_into_another_tenant(databases, world):
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with databases.app.transaction(world.other_admin.actor) as db:
            await db.execute(
                text("update people set organization_id = :ours where id = :id"),
                {"ours": world.organization_id, "id": world.other_person.id},
            )


async def test_the_tenant_ends_with_the_transaction(databases, world):
    async with databases.app.transaction(world.admin.actor) as db:
        assert (await db.scalars(select(Person.id))).all()
    async with databases.app.transaction() as db:
        assert not (await db.scalars(select(Person.id))).all()
        assert await db.scalar(text("select current_setting('vuoro.organization_id', true)")) == ""


@pytest.mark.parametrize(
    "statement", ["update audit_log set action = 'x'", "delete from audit_log", "truncate audit_log"]
)
async def test_the_audit_log_only_grows(databases, world, statement):
    for database in (databases.app, databases.worker):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with database.transaction(world.system) as db:
                await db.execute(text(statement))


@pytest.fixture
async def couple(databases, world) -> Couple:
    """Noa mentors Astrid; both wrote notes, an agenda stands, Noa gave a pulse."""
    pair = await make_couple(databases.app, world, world["noa"], world["astrid"])
    for author in (pair.mentor, pair.mentee):
        async with databases.app.transaction(author.actor) as db:
            for visibility in ("mine", "ours"):
                owner = ("person", author.id) if visibility == "mine" else ("pair", pair.pair_id)
                id = clock.uuid7()
                db.add(
                    Note(
                        organization_id=world.organization_id, id=id, session_id=pair.session_id, pair_id=pair.pair_id,
                        author_id=author.id, visibility=visibility, created_at=clock.now(),
                        text=await crypto.seal(db, "notes.text", *owner, id, f"{visibility} of {author.key}"),
                    )
                )  # fmt: skip
    async with databases.app.transaction(pair.mentor.actor) as db:
        common = {"organization_id": world.organization_id, "pair_id": pair.pair_id}
        sealed = await crypto.seal(db, "agendas.text", "pair", pair.pair_id, pair.session_id, "what we talk about")
        db.add(Agenda(id=pair.session_id, text=sealed, updated_at=clock.now(), **common))
        db.add(pulse(pair, pair.mentor, **common))
        db.add(
            SessionMove(
                organization_id=world.organization_id, session_id=pair.session_id, from_starts_at=clock.now(),
                to_starts_at=clock.now(), moved_by=pair.mentor.id, created_at=clock.now(),
            )
        )  # fmt: skip
    return pair


def pulse(pair: Couple, person: Any, **common: Any) -> Pulse:
    return Pulse(
        session_id=pair.session_id, person_id=person.id, side="mentor", said_what_i_thought=5, my_topics_too=4,
        listened_to=5, learned=3, would_do_again=5, balance=60, open_if_both=True, created_at=clock.now(), **common,
    )  # fmt: skip


async def count(database: Database, actor: Any, model: Any) -> int:
    async with database.transaction(actor) as db:
        return len((await db.scalars(select(model.id))).all())


async def notes(database: Database, actor: Any) -> set[tuple[str, Any]]:
    async with database.transaction(actor) as db:
        return {(row.visibility, row.author_id) for row in await db.scalars(select(Note))}


async def test_a_private_note_is_visible_to_its_author_alone(databases, couple):
    noa, astrid = couple.mentor, couple.mentee
    assert await notes(databases.app, noa.actor) == {("mine", noa.id), ("ours", noa.id), ("ours", astrid.id)}
    assert await notes(databases.app, astrid.actor) == {("mine", astrid.id), ("ours", noa.id), ("ours", astrid.id)}


@pytest.mark.parametrize("who", ["helena", "petra", "olli", "amina", "jukka"])
async def test_nobody_else_sees_a_pairs_content_whatever_their_role(databases, world, couple, who):
    for model in (Note, Agenda, Pulse, Session, SessionMove):
        assert await count(databases.app, world[who].actor, model) == 0, model.__name__


async def test_the_api_without_a_person_sees_no_content_of_a_pair(databases, world, couple):
    for model in (Note, Agenda, Pulse, Session, SessionMove):
        assert await count(databases.app, world.system, model) == 0, model.__name__


async def test_a_pulse_stays_sealed_for_the_other_until_it_is_opened(databases, world, couple):
    assert await count(databases.app, couple.mentor.actor, Pulse) == 1
    assert await count(databases.app, couple.mentee.actor, Pulse) == 0
    async with databases.worker.transaction(world.system) as db:
        await db.execute(text("update pulses set opened_at = :now"), {"now": clock.now()})
    assert await count(databases.app, couple.mentee.actor, Pulse) == 1


async def test_nobody_writes_in_anothers_name(databases, world, couple):
    for row in (
        Note(
            organization_id=world.organization_id, session_id=couple.session_id, pair_id=couple.pair_id,
            author_id=couple.mentee.id, visibility="ours", created_at=clock.now(), text=crypto.Sealed(b"x"),
        ),
        pulse(couple, couple.mentee, organization_id=world.organization_id, pair_id=couple.pair_id),
    ):  # fmt: skip
        with pytest.raises(ProgrammingError, match="row-level security"):
            async with databases.app.transaction(couple.mentor.actor) as db:
                db.add(row)


async def test_the_worker_moves_scores_but_cannot_rewrite_them(databases, world, couple):
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with databases.worker.transaction(world.system) as db:
            await db.execute(text("update pulses set learned = 5"))
