"""The audit log is chained: who changes, deletes, adds or cuts off a line afterwards is found out."""

import asyncio
import json
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from support import server
from support.logs import lines

from vuoro.core import audit_chain, clock
from vuoro.core.audit_chain import Checkpoint, Verdict
from vuoro.core.history import AuditEntry, audit

LINES = 40
__all__ = ["lines"]


@pytest.fixture
async def superuser(postgres, database_name):
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    yield connection
    await connection.close()


async def write(databases, actor, count: int = LINES) -> None:
    async with databases.app.transaction(actor) as db:
        for number in range(count):
            audit(db, f"thing.{number}", uuid4())


async def chain(databases, world) -> None:
    async with databases.worker.transaction(world.system) as db:
        await audit_chain.extend(db, clock.now())


async def look(databases, world, earlier: Checkpoint | None = None) -> Verdict:
    async with databases.worker.transaction(world.system) as db:
        return await audit_chain.verify(db, earlier)


@pytest.fixture
async def chained(databases, world):
    """The lines of the company's beginning and forty more, all in the chain; answers how many."""
    await write(databases, world.admin.actor)
    await chain(databases, world)
    verdict = await look(databases, world)
    assert verdict.lines > LINES
    assert verdict == Verdict(verdict.lines, 0, None)
    return verdict.lines


async def test_the_worker_chains_what_was_written_and_every_organization_by_itself(databases, world, run_jobs):
    await write(databases, world.admin.actor)
    await write(databases, world.other_admin.actor, 3)
    assert (await look(databases, world)).waiting > LINES
    await run_jobs(tick=True)
    ours = await look(databases, world)
    assert (ours.waiting, ours.broken) == (0, None)
    async with databases.worker.transaction(world.other_system) as db:
        theirs = await audit_chain.verify(db)
    assert 3 <= theirs.lines < ours.lines
    assert theirs.broken is None


async def test_the_chain_goes_on_where_it_ended(databases, world, chained):
    await write(databases, world.manager.actor, 2)
    assert await look(databases, world) == Verdict(chained, 2, None)
    await chain(databases, world)
    assert await look(databases, world) == Verdict(chained + 2, 0, None)
    await chain(databases, world)
    assert await look(databases, world) == Verdict(chained + 2, 0, None)


async def test_a_line_that_was_committed_late_is_chained_after_those_before_it(databases, world, chained):
    async with databases.app.transaction(world.admin.actor) as slow:
        audit(slow, "slow.deed")
        await slow.flush()
        await write(databases, world.manager.actor, 1)
        await chain(databases, world)
    assert await look(databases, world) == Verdict(chained + 1, 1, None)
    await chain(databases, world)
    assert await look(databases, world) == Verdict(chained + 2, 0, None)


async def test_two_workers_at_once_make_one_chain(databases, world, chained):
    await write(databases, world.admin.actor, 30)
    await asyncio.gather(*(chain(databases, world) for _ in range(4)))
    assert await look(databases, world) == Verdict(chained + 30, 0, None)


@pytest.mark.parametrize(
    "change",
    [
        "action = 'thing.never'", "actor_id = gen_random_uuid()", "actor_kind = 'system'", "subject_id = null",
        "program_id = gen_random_uuid()", "at = at + interval '1 microsecond'",
    ],
)  # fmt: skip
async def test_a_changed_line_is_named(databases, world, superuser, chained, change):
    id = await superuser.fetchval("select id from audit_log where action = 'thing.7'")
    await superuser.execute(f"update audit_log set {change} where id = $1", id)
    verdict = await look(databases, world)
    assert verdict.broken == f"line {id} (number {verdict.lines}) was changed"


async def test_a_deleted_line_is_named(databases, world, superuser, chained):
    id = await superuser.fetchval("delete from audit_log where action = 'thing.11' returning id")
    assert f"line {id} (number" in ((await look(databases, world)).broken or "")


async def test_a_deleted_line_and_its_link_leave_a_gap(databases, world, superuser, chained):
    id = await superuser.fetchval("delete from audit_log where action = 'thing.11' returning id")
    number = await superuser.fetchval("delete from audit_chain where entry_id = $1 returning number", id)
    assert (await look(databases, world)).broken == f"link {number} is missing"
    await superuser.execute("update audit_chain set number = number - 1 where number > $1", number)
    assert "was changed" in ((await look(databases, world)).broken or "")


async def test_two_lines_that_changed_places_are_found(databases, world, superuser, chained):
    one, two = await superuser.fetch("select number, entry_id from audit_chain order by number desc limit 2")
    await superuser.execute("update audit_chain set entry_id = gen_random_uuid() where number = $1", one["number"])
    for link, entry in ((two, one), (one, two)):
        await superuser.execute(
            "update audit_chain set entry_id = $2 where number = $1", link["number"], entry["entry_id"]
        )
    assert f"line {one['entry_id']}" in ((await look(databases, world)).broken or "")


async def test_a_line_put_in_afterwards_is_found_and_never_chained(databases, world, superuser, chained):
    made = clock.now() - timedelta(hours=2)
    id = audit_chain._floor(audit_chain._floor(clock.uuid7()))
    async with databases.app.transaction(world.admin.actor) as db:
        db.add(
            AuditEntry(
                organization_id=world.organization_id, id=id, at=made, actor_kind="person", actor_id=world.admin.id,
                action="thing.invented", subject_id=None, program_id=None,
            )
        )  # fmt: skip
    await chain(databases, world)
    assert (await look(databases, world)).broken == f"line {id} was put in afterwards"


async def test_what_was_cut_off_is_found_by_an_earlier_checkpoint(databases, world, superuser, chained):
    async with databases.worker.transaction(world.system) as db:
        earlier = await audit_chain.checkpoint(db)
    assert earlier.number == chained
    await superuser.execute(
        "with gone as (delete from audit_chain where number > $1 returning entry_id)"
        " delete from audit_log where id in (select entry_id from gone)",
        chained - 5,
    )
    assert (await look(databases, world)).broken is None
    broken = (await look(databases, world, earlier)).broken
    assert broken == f"the checkpoint knows {chained} lines, the chain ends after {chained - 5}"


async def test_a_chain_counted_anew_is_found_by_an_earlier_checkpoint(databases, world, superuser, chained):
    async with databases.worker.transaction(world.system) as db:
        earlier = await audit_chain.checkpoint(db)
    await superuser.execute("update audit_log set action = 'thing.never' where action = 'thing.20'")
    await superuser.execute("delete from audit_chain")
    await chain(databases, world)
    assert (await look(databases, world)).broken is None
    broken = (await look(databases, world, earlier)).broken or ""
    assert f"(number {chained}) is not the one of the checkpoint" in broken


@pytest.mark.parametrize(
    "statement", ["update audit_chain set hash = ''", "delete from audit_chain", "truncate audit_chain"]
)
async def test_the_chain_only_grows(databases, world, statement):
    for database in (databases.app, databases.worker):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with database.transaction(world.system) as db:
                await db.execute(text(statement))


async def test_how_far_it_goes_is_told_to_the_log(databases, world, lines):
    await write(databases, world.admin.actor)
    await chain(databases, world)
    async with databases.worker.transaction(world.system) as db:
        end = await audit_chain.checkpoint(db)
    (line,) = [line for line in lines() if line["event"] == "audit_checkpoint"]
    assert (line["count"], line["digest"]) == (end.number, end.hash)
    assert line["organization_id"] == str(world.organization_id)


async def test_the_command_keeps_a_checkpoint_and_names_the_first_broken_line(
    databases, world, superuser, chained, environment, tmp_path
):
    async def vuoro(*arguments: str) -> tuple[int, str, str]:
        pipes = dict.fromkeys(("stdout", "stderr"), asyncio.subprocess.PIPE)
        process = await server.vuoro("audit", *arguments, environment=environment, **pipes)
        out, error = await process.communicate()
        return process.returncode or 0, out.decode(), error.decode()

    code, kept, _ = await vuoro("checkpoint")
    assert (code, json.loads(kept)["nordlys"]["number"]) == (0, chained)
    (tmp_path / "kept.json").write_text(kept)
    code, out, error = await vuoro("verify", "--checkpoint", str(tmp_path / "kept.json"))
    assert (code, error) == (0, "")
    assert f"nordlys: {chained} lines as they were written, 0 wait for the worker" in out
    id = await superuser.fetchval("update audit_log set action = 'x' where action = 'thing.3' returning id")
    code, _, error = await vuoro("verify")
    assert code == 1
    assert error.startswith(f"vuoro: nordlys: line {id} (number ")
    (tmp_path / "kept.json").write_text("[]")
    code, _, error = await vuoro("verify", "--checkpoint", str(tmp_path / "kept.json"))
    assert (code, error) == (2, f"vuoro: {tmp_path / 'kept.json'}: this is not what `vuoro audit checkpoint` says\n")
