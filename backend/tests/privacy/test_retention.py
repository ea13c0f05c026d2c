"""Retention: every rule ends what it is for, and no organization keeps longer than it may."""

import pytest
from sqlalchemy import text
from support.contract import problem

from vuoro.privacy import classes, retention

BARE = {"people", "pairs", "enrollments", "imports", "match_runs", "pair_overrides", "grants", "preferences",
        "delegations", "app_consents", "scim_users", "auth.passkeys", "auth.accounts"}  # fmt: skip


async def end_everything(superuser):
    """The program is closed, the pair over, everything that closes is closed."""
    await superuser.execute(
        "update programs set state = 'closed'; update pairs set state = 'completed', ended_at = created_at,"
        " activated_at = created_at; update concerns set closed_at = created_at, state = 'closed';"
        "update outbox set relayed_at = due_at; update erasures set state = 'done'"
    )


async def kept_too_long(superuser, world) -> set[str]:
    """Tables with a rule that has days, and rows left."""
    left = set()
    for table in classes.tables().values():
        if retention.RULES[table.keep] is not None and table.name not in BARE:
            count = f"select count(*) from {table.name} where organization_id = $1"
            if table.name == "auth.rate_limits":
                continue
            left |= {table.name} if await superuser.fetchval(count, world.organization_id) else set()
    return left


async def years_go_by(clock, run_jobs) -> None:
    """Twice the longest rule: what the first sweep itself wrote down is over by the second."""
    for _ in range(2):
        clock.advance(days=731)
        await run_jobs(tick=True)


@pytest.fixture
def now(clock):
    return clock.freeze(clock.now())


async def test_when_every_rule_has_run_out_nothing_is_left(filled, now, api, world, clock, run_jobs, superuser):
    await api(world.manager).get(f"/v1/people/{world['noa'].id}")
    await end_everything(superuser)
    await years_go_by(clock, run_jobs)
    assert await kept_too_long(superuser, world) == set()
    row = await superuser.fetchrow("select * from enrollments where person_id = $1", world["noa"].id)
    assert (row["superpower"], row["topics"], row["skills"]) == (None, [], "{}")


async def test_a_table_that_the_sweep_forgets_is_found(filled, now, world, clock, run_jobs, superuser, monkeypatch):
    monkeypatch.delitem(retention.GONE, "deliveries")
    await end_everything(superuser)
    await years_go_by(clock, run_jobs)
    assert await kept_too_long(superuser, world) == {"deliveries"}


async def counts(superuser) -> tuple[int, int, int]:
    """Notes, pulses, and keys of pairs."""
    return (
        await superuser.fetchval("select count(*) from notes"),
        await superuser.fetchval("select count(*) from pulses"),
        await superuser.fetchval("select count(*) from data_keys where owner_kind = 'pair'"),
    )


async def test_words_and_the_pairs_key_go_ninety_days_after_its_end(filled, now, world, clock, run_jobs, superuser):
    await superuser.execute("update pairs set state = 'ended_early', ended_at = $1", clock.now())
    clock.advance(days=89)
    await run_jobs(tick=True)
    assert await counts(superuser) == (1, 1, 1)
    clock.advance(days=1, seconds=1)
    await run_jobs(tick=True)
    assert await counts(superuser) == (0, 1, 0)


async def test_answers_go_ninety_days_after_the_programme_so_that_figures_come_first(
    filled, now, world, clock, run_jobs, superuser
):
    await superuser.execute("update programs set state = 'closed', updated_at = $1", clock.now())
    clock.advance(days=90, seconds=1)
    await run_jobs(tick=True)
    assert await counts(superuser) == (0, 0, 0)


async def test_a_pair_that_stays_in_touch_keeps_its_words(filled, now, world, clock, run_jobs, superuser):
    await superuser.execute("update pairs set state = 'stay_in_touch', ended_at = $1", clock.now())
    await superuser.execute("update programs set state = 'closed'")
    clock.advance(days=200)
    await run_jobs(tick=True)
    assert await counts(superuser) == (1, 1, 1)


async def test_a_running_programme_keeps_everything(filled, now, world, clock, run_jobs, superuser):
    clock.advance(days=731)
    await run_jobs(tick=True)
    assert await counts(superuser) == (1, 1, 1)


async def test_the_sweep_comes_once_a_day(filled, now, world, clock, run_jobs, superuser, statements):
    await run_jobs(tick=True)
    with statements() as sent:
        clock.advance(hours=23)
        await run_jobs(tick=True)
    assert not any("delete from notes" in one for one in sent)
    with statements() as sent:
        clock.advance(hours=1, seconds=1)
        await run_jobs(tick=True)
    assert any("delete from notes" in one for one in sent)


async def test_a_leaver_is_erased_when_their_days_are_over(filled, now, api, world, clock, run_jobs, superuser):
    await superuser.execute(
        "update people set status = 'left', end_on = $2 where id = $1", world["emil"].id, clock.now().date()
    )
    clock.advance(days=29)
    await run_jobs(tick=True)
    name = "select display_name from people where id = $1"
    assert await superuser.fetchval(name, world["emil"].id) == "Emil Ståhl"
    clock.advance(days=1, seconds=1)
    await run_jobs(tick=True)
    assert await superuser.fetchval(name, world["emil"].id) == ""
    clock.advance(days=1, seconds=1)
    await run_jobs(tick=True)
    assert await superuser.fetchval("select count(*) from erasures where person_id = $1", world["emil"].id) == 1


async def test_sign_ins_that_are_over_go(now, api, world, clock, run_jobs, superuser):
    await api(world["noa"]).get("/v1/me")
    clock.advance(days=8)
    await run_jobs(tick=True)
    assert await superuser.fetchval("select count(*) from auth.tokens where person_id = $1", world["noa"].id) == 0


async def test_an_admin_chooses_within_the_limits_and_the_sweep_keeps_to_it(
    filled, now, api, world, clock, run_jobs, superuser
):
    helena, path = api(world.admin), "/v1/organization/retention"
    found = await helena.get(path)
    assert found.json()["limits"]["words_days"] == {"least": 0, "most": 90}
    headers = {"If-Match": found.headers["etag"]}
    for name, days in (("words_days", 91), ("access_log_days", 10), ("leavers_days", 400)):
        answer = problem(await helena.patch(path, json={name: days}, headers=headers), 422, "validation_failed")
        assert answer["errors"][0]["pointer"] == f"/{name}"
    changed = await helena.patch(path, json={"words_days": 10}, headers=headers)
    assert (changed.status_code, changed.json()["words_days"]) == (200, 10)
    problem(await helena.patch(path, json={"words_days": 20}, headers=headers), 412, "precondition_failed")
    problem(await api(world.manager).patch(path, json={"words_days": 1}, headers=headers), 403, "forbidden")
    await superuser.execute("update pairs set state = 'ended_early', ended_at = $1", clock.now())
    clock.advance(days=10, seconds=1)
    await run_jobs(tick=True)
    assert (await counts(superuser))[0] == 0
    told = (await api(world["noa"]).get("/v1/me/data")).json()["items"]
    assert next(one for one in told if one["kind"] == "notes")["days"] == 10


async def test_a_number_beyond_the_limits_in_the_database_counts_as_the_limit(
    filled, now, world, clock, run_jobs, superuser
):
    await run_jobs(tick=True)
    await superuser.execute("update retention_settings set words_days = 9999")
    await superuser.execute("update pairs set state = 'ended_early', ended_at = $1", clock.now())
    clock.advance(days=90, seconds=1)
    await run_jobs(tick=True)
    assert (await counts(superuser))[0] == 0


async def test_the_worker_may_delete_for_retention_and_reads_no_more_than_before(databases, world):
    async with databases.worker.transaction(world.system) as db:
        for table in retention.GONE:
            assert await db.scalar(text("select has_table_privilege(:table, 'delete')"), {"table": table}), table
        for table, seals in ((one.name, one.sealed) for one in classes.tables().values()):
            for column in (name for name, seal in seals.items() if seal.owner != "webhooks"):
                query = text("select has_column_privilege(:table, :column, 'select')")
                assert not await db.scalar(query, {"table": table, "column": column}), (table, column)
