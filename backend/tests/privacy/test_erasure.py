"""Erasure: undone within seven days, and then nothing of the person is left but an id."""

import asyncio

import pytest
from privacy.filled import MARK
from sqlalchemy import delete, select, text
from support.contract import problem

from vuoro.core import crypto
from vuoro.core.crypto import DataKey, Encrypted
from vuoro.local.postgres import binaries
from vuoro.notifications import jobs
from vuoro.pairs.models import Pair
from vuoro.privacy import erase as erasing
from vuoro.privacy.classes import tables
from vuoro.tables import metadata

YES = {"confirm": "erase"}


async def traces(superuser, *marks: str) -> list[str]:
    """Tables with one of these words in plain text, in whatever case, or as bytes."""
    names = await superuser.fetch(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables"
        " where schemaname not in ('pg_catalog', 'information_schema')"
    )
    found = []
    for table in names:
        for mark in marks:
            if await superuser.fetchval(
                f"select count(*) from {table['name']} t where position(lower($1) in lower(t::text)) > 0"
                f" or position(encode(convert_to($1, 'UTF8'), 'hex') in t::text) > 0",
                mark,
            ):
                found.append(f"{table['name']}: {mark}")
    return found


async def ciphertexts(migrator, world) -> list[tuple[str, list, bytes]]:
    """Everything that is sealed, by place, with the ids that it may be bound to; as a backup would have it."""
    found = []
    async with migrator.transaction(world.system) as db:
        for table in metadata.tables.values():
            for column in table.columns:
                if not isinstance(column.type, Encrypted):
                    continue
                for row in (await db.execute(select(table))).mappings():
                    bound = [row["id"], row.get("enrollment_id"), row.get("session_id")]
                    if row[column.name] is not None:
                        found.append((f"{table.name}.{column.name}", [id for id in bound if id], row[column.name]))
    return found


async def readable(migrator, world, texts=None) -> set[str]:
    """Every word that the keys still open, of every row and column or of `texts`."""
    texts = await ciphertexts(migrator, world) if texts is None else texts
    async with migrator.transaction(world.system) as db:
        keys = await crypto.keys_of(
            db, [tuple(row) for row in await db.execute(select(DataKey.owner_kind, DataKey.owner_id))]
        )
        words = {
            crypto.opened(db, keys, place, kind, owner, id, text)
            for place, bound, text in texts for kind, owner in keys for id in bound
        }  # fmt: skip
    return words - {None}


async def dumped(dsn: str) -> str:
    """The whole database as pg_dump writes it."""
    process = await asyncio.create_subprocess_exec(
        binaries() / "pg_dump", "--dbname", dsn, "--inserts", stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()


async def ask_and_wait(api, run_jobs, clock, who, days=7):
    answer = await api(who).post("/v1/me/erasure", json=YES)
    assert answer.status_code == 202, answer.text
    await run_jobs()
    clock.advance(days=days, seconds=1)
    await run_jobs()
    return answer.json()


@pytest.fixture
def now(clock):
    return clock.freeze(clock.now())


async def test_an_erasure_waits_for_seven_days_and_can_be_undone(filled, now, api, world, run_jobs, clock):
    noa = api(world["noa"])
    problem(await noa.post("/v1/me/erasure", json={}), 422, "validation_failed")
    asked = (await noa.post("/v1/me/erasure", json=YES)).json()
    assert (asked["state"], asked["mine"], asked["can"]["cancel"]["allowed"]) == ("waiting", True, True)
    assert asked["due_at"] > asked["created_at"]
    problem(await noa.post("/v1/me/erasure", json=YES), 409, "erasure_waiting")
    clock.advance(days=6)
    await run_jobs(tick=True)
    noa = api(world["noa"])
    assert (await noa.get("/v1/me/erasure")).json()["id"] == asked["id"]
    assert (await noa.get("/v1/me/data")).json()["erasure"]["id"] == asked["id"]
    assert (await noa.delete("/v1/me/erasure")).status_code == 204
    problem(await noa.get("/v1/me/erasure"), 404, "not_found")
    assert (await noa.get("/v1/me/data")).json()["erasure"] is None
    clock.advance(days=2)
    await run_jobs(tick=True)
    assert (await api(world["noa"]).get("/v1/me")).json()["person"]["id"] == str(world["noa"].id)


async def test_after_an_erasure_no_row_holds_a_word_of_the_person(
    filled, now, api, world, run_jobs, clock, superuser, migrator
):
    assert len(await traces(superuser, MARK)) > 15
    before = await readable(migrator, world)
    assert before == {word for (table, column), word in filled.marks.items() if column in tables()[table].sealed}
    await superuser.execute("update people set work_email = 'merkki@nordlys.example' where id = $1", world["noa"].id)
    await ask_and_wait(api, run_jobs, clock, world["noa"])
    left = await traces(superuser, MARK, "merkki@", "Noa Virtanen", "noa.virtanen")
    # Maria's as well: where the two met
    assert {line.partition(":")[0] for line in left} == {"public.sessions"}
    after = await readable(migrator, world)
    assert {word.removeprefix(f"{MARK} ") for word in after} == {"sparks.text", "commitments.text"}


async def test_a_table_that_an_erasure_forgets_is_found(
    filled, now, api, world, run_jobs, clock, superuser, monkeypatch
):
    monkeypatch.setattr(erasing, "_statements", forget := Forgets("challenges", erasing._statements))
    await ask_and_wait(api, run_jobs, clock, world["noa"])
    assert forget.forgot
    assert any("challenges" in line for line in await traces(superuser, MARK))


class Forgets:
    """Does what each rule says but for one table."""

    def __init__(self, table, real):
        self.table, self.real, self.forgot = table, real, False

    def __call__(self, table, *rule):
        if table.name == self.table:
            self.forgot = True
            return ()
        return self.real(table, *rule)


async def test_what_stays_of_the_person_is_an_id(filled, now, api, world, run_jobs, clock, superuser):
    await ask_and_wait(api, run_jobs, clock, world["noa"])
    row = dict(await superuser.fetchrow("select * from people where id = $1", world["noa"].id))
    told = {name for name, value in row.items() if value not in (None, "", "{}", False)}
    assert told == {"organization_id", "id", "external_id", "status", "line", "version", "created_at", "updated_at",
                    "graph_only", "deleted_at", "scim_name", "number"}  # fmt: skip
    assert {row["external_id"], row["scim_name"], row["number"]} == {f"erased-{world['noa'].id}"}
    assert await superuser.fetchval("select count(*) from auth.tokens where person_id = $1", world["noa"].id) == 0
    assert await superuser.fetchval(
        "select count(*) from data_keys where owner_kind = 'person' and owner_id = $1", world["noa"].id
    ) == 0  # fmt: skip
    audit = await superuser.fetch("select action from audit_log where subject_id = $1 order by id", world["noa"].id)
    assert [one["action"] for one in audit][-2:] == ["erasure.request", "person.erased"]
    problem(await api("no-token").get("/v1/me"), 401, "unauthenticated")


async def test_the_other_one_keeps_what_is_theirs_and_sees_a_neutral_end(
    filled, now, api, world, run_jobs, clock, databases
):
    await ask_and_wait(api, run_jobs, clock, world["noa"])
    maria = api(world["maria"])
    pair = (await maria.get(f"/v1/pairs/{filled.couple.pair_id}")).json()
    assert (pair["state"], pair["mentor"]["display_name"]) == ("ended_early", "")
    assert (await maria.get(f"/v1/pairs/{filled.couple.pair_id}/goals")).json()["items"] == []
    assert (await maria.get("/v1/me/export")).status_code == 200
    history = (await maria.get(f"/v1/pairs/{filled.couple.pair_id}/history")).json()["items"]
    assert [step["state"] for step in history][-1] == "ended_early"
    assert all(set(step) == {"at", "state"} for step in history)
    async with databases.worker.transaction(world.system) as db:
        pairs = await db.scalar(
            select(DataKey.id).where(DataKey.owner_kind == "pair", DataKey.owner_id == filled.couple.pair_id)
        )
        assert pairs is not None


async def test_when_both_are_erased_the_pairs_key_goes_and_nothing_is_readable(
    filled, now, api, world, run_jobs, clock, migrator, superuser, postgres, database_name
):
    backup = await ciphertexts(migrator, world)
    everything = await readable(migrator, world, backup)
    await ask_and_wait(api, run_jobs, clock, world["noa"])
    await ask_and_wait(api, run_jobs, clock, world["maria"])
    assert await readable(migrator, world) == set()
    # What is under the organization's key goes with its row alone.
    left = {
        f"{MARK} {table.name}.{column}" for table in tables().values()
        for column, seal in table.sealed.items() if seal.owner == "organization"
    }  # fmt: skip
    assert len(everything - left) > 15
    assert await readable(migrator, world, backup) == everything & left
    owners = await superuser.fetch("select owner_kind from data_keys")
    assert {one["owner_kind"] for one in owners} <= {"organization"}
    dump = await dumped(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    assert len(dump) > 100_000
    for word in ("Noa Virtanen", "noa.virtanen", "Maria Sandell", "maria.sandell", f"{MARK} notes", f"{MARK} people"):
        assert word not in dump
        assert word.encode().hex() not in dump


async def test_an_admin_erases_a_leaver_at_once_and_anybody_else_after_seven_days(
    filled, now, api, world, run_jobs, clock, superuser
):
    helena = api(world.admin)
    emil = await helena.post(f"/v1/people/{world['emil'].id}/erasure", json=YES)
    assert (emil.status_code, emil.json()["state"]) == (202, "waiting")
    await superuser.execute("update people set status = 'left' where id = $1", world["noa"].id)
    noa = (await helena.post(f"/v1/people/{world['noa'].id}/erasure", json=YES)).json()
    assert noa["due_at"] == noa["created_at"]
    await run_jobs()
    states = {one["id"]: one["state"] for one in (await helena.get("/v1/erasures")).json()["items"]}
    assert (states[noa["id"]], states[emil.json()["id"]]) == ("done", "waiting")
    problem(await helena.post(f"/v1/people/{world['noa'].id}/erasure", json=YES), 404, "not_found")
    undone = await helena.post(f"/v1/erasures/{emil.json()['id']}/cancel")
    assert undone.json()["state"] == "cancelled"
    problem(await helena.post(f"/v1/erasures/{noa['id']}/cancel"), 409, "conflict")
    problem(await helena.get(f"/v1/people/{world['noa'].id}"), 404, "not_found")
    problem(await api(world.manager).post(f"/v1/people/{world['emil'].id}/erasure", json=YES), 403, "forbidden")
    problem(await api(world.other_admin).post(f"/v1/people/{world['emil'].id}/erasure", json=YES), 404, "not_found")


async def test_nobody_leaves_an_organization_without_an_admin(now, api, world):
    problem(await api(world.admin).post("/v1/me/erasure", json=YES), 409, "last_admin")


async def test_a_leader_who_is_erased_stays_a_nameless_link_until_nobody_reports_to_them(
    now, api, world, run_jobs, clock, superuser
):
    olli, reports = world["olli"], ("noa", "amina", "leo")
    await ask_and_wait(api, run_jobs, clock, olli)
    row = await superuser.fetchrow("select * from people where id = $1", olli.id)
    assert (row["graph_only"], row["deleted_at"], row["manager_id"]) == (True, None, world["jukka"].id)
    line = (await api(world.admin).get(f"/v1/people/{world['noa'].id}/reporting-line")).json()
    assert [one["display_name"] for one in line["above"]] == ["", "Jukka Lahti", "Astrid Berg"]
    await superuser.execute(
        "update people set manager_id = $1, manager_external_id = 'sanna' where id = any($2)",
        world["sanna"].id, [world[key].id for key in reports],
    )  # fmt: skip
    clock.advance(days=1, seconds=1)
    await run_jobs(tick=True)
    row = await superuser.fetchrow("select * from people where id = $1", olli.id)
    assert row["deleted_at"] is not None
    assert row["manager_id"] is None


async def test_a_figure_does_not_tell_of_whoever_was_erased(filled, now, api, world, run_jobs, clock, superuser):
    wave = await superuser.fetchval(
        "insert into waves (organization_id, id, program_id, cohort_id, kind, number, published_at) select"
        " organization_id, gen_random_uuid(), program_id, id, 'pulse', 1, created_at from cohorts returning id"
    )
    await superuser.execute(
        "insert into wave_members (organization_id, id, wave_id, person_id, role, site) values"
        " ($1, gen_random_uuid(), $2, $3, 'mentor', 'Helsinki')",
        world.organization_id, wave, world["noa"].id,
    )  # fmt: skip
    await ask_and_wait(api, run_jobs, clock, world["noa"])
    assert await superuser.fetchval("select count(*) from wave_members") == 1
    assert await superuser.fetchval("select count(*) from wave_members where person_id = $1", world["noa"].id) == 0


async def test_the_worker_erases_and_still_reads_no_word(filled, databases, world):
    async with databases.worker.transaction(world.system) as db:
        for column in ("text", "parts", "answer_text"):
            query = text("select has_column_privilege('candid_messages', :column, 'select')")
            assert not await db.scalar(query, {"column": column})
        await db.execute(delete(Pair).where(Pair.organization_id == world.other_organization_id))


class TestMails:
    @pytest.fixture
    def mailed(self, monkeypatch):
        """What was mailed: (address, subject, text, organization)."""
        sent = []

        async def deliver(address, subject, text, message_id, *, organization="", **_):
            sent.append((address, subject, text, organization))
            return "sent", None

        monkeypatch.setattr(jobs, "deliver", deliver)
        return sent

    async def test_the_person_is_told_the_day_and_the_way_back_and_when_it_is_done(
        self, api, world, clock, run_jobs, mailed, superuser
    ):
        clock.freeze("2026-11-26T09:00:00Z")
        noa = world["noa"]
        await ask_and_wait(api, run_jobs, clock, noa)
        assert [(address, subject) for address, subject, *_ in mailed] == [
            (noa.email, "Tietosi poistetaan Vuorosta"), (noa.email, "Tietosi on poistettu Vuorosta"),
        ]  # fmt: skip
        assert "3. joulukuuta 2026" in mailed[0][2]
        assert "/me/data" in mailed[0][2]
        assert {organization for *_, organization in mailed} == {"Nordlys"}
        assert await traces(superuser, noa.email) == []

    async def test_an_admins_wish_is_told_too_and_one_that_was_undone_is_not_called_done(
        self, api, world, clock, run_jobs, mailed
    ):
        clock.freeze("2026-11-26T09:00:00Z")
        answer = await api(world.admin).post(f"/v1/people/{world['noa'].id}/erasure", json=YES)
        assert answer.status_code == 202
        await run_jobs()
        assert (await api(world["noa"]).delete("/v1/me/erasure")).status_code == 204
        clock.advance(days=8)
        await run_jobs()
        assert [subject for _, subject, *_ in mailed] == ["Tietosi poistetaan Vuorosta"]

    async def test_a_mail_server_that_is_away_keeps_nobody_from_being_erased(
        self, api, world, clock, run_jobs, monkeypatch
    ):
        clock.freeze("2026-11-26T09:00:00Z")
        asked = (await api(world["noa"]).post("/v1/me/erasure", json=YES)).json()
        await run_jobs()

        async def away(*_, **__):
            raise ConnectionRefusedError

        monkeypatch.setattr(jobs, "deliver", away)
        clock.advance(days=7, seconds=1)
        await run_jobs()
        listed = (await api(world.admin).get("/v1/erasures")).json()["items"]
        assert [(item["id"], item["state"]) for item in listed] == [(asked["id"], "done")]
