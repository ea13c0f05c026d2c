"""What is acknowledged is committed; a database that is away is a 503 and heals by itself."""

import asyncio

import asyncpg
import httpx
import pytest
from sqlalchemy import exc as sql
from sqlalchemy import select, text
from support.contract import etag_of, problem

from vuoro.core.actor import Actor
from vuoro.core.away import is_away, sqlstate
from vuoro.core.db import Database
from vuoro.core.errors import NotFound, PreconditionFailed
from vuoro.core.settings import SettingsError, settings
from vuoro.people.models import Person

NEW = {"external_id": "N5000", "display_name": "Aada Uusi"}
FAILING_COMMIT = """
create function refuse() returns trigger language plpgsql as $$
begin raise exception 'no' using errcode = '{code}'; end $$;
create constraint trigger refuse after insert or update on people deferrable initially deferred
    for each row execute function refuse();
"""


@pytest.fixture
async def superuser(postgres, database_name):
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    yield connection
    await connection.close()


async def names(databases, world):
    async with databases.app.transaction(world.system) as db:
        return set(await db.scalars(select(Person.display_name).where(Person.organization_id == world.organization_id)))


@pytest.mark.parametrize(("code", "status"), [("40001", 503), ("23503", 409), ("53100", 503), ("57014", 503)])
async def test_a_commit_that_fails_is_never_a_success(api, world, databases, superuser, code, status):
    await superuser.execute(FAILING_COMMIT.format(code=code))
    admin = api(world.admin)
    assert (await admin.post("/v1/people", json=NEW)).status_code == status
    read = await admin.get(f"/v1/people/{world['noa'].id}")
    changed = await admin.patch(f"/v1/people/{world['noa'].id}", json={"display_name": "X"}, headers=etag_of(read))
    assert changed.status_code == status
    assert not {"Aada Uusi", "X"} & await names(databases, world)


async def test_a_commit_that_fails_for_a_reason_we_do_not_know_is_a_500_without_its_inside(
    application, api, world, databases, superuser
):
    await superuser.execute(FAILING_COMMIT.format(code="P0001"))
    token = await api.sign_in(world.admin)
    transport = httpx.ASGITransport(application, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        answer = await client.post("/v1/people", json=NEW, headers={"Authorization": f"Bearer {token}"})
    problem(answer, 500, "internal")
    assert "raise" not in answer.text
    assert "Aada Uusi" not in await names(databases, world)


async def test_start_up_refuses_a_login_that_bypasses_policies(postgres, database_name, environment, monkeypatch):
    from fastapi import FastAPI

    from vuoro.app import lifespan

    superuser = postgres.superuser.rpartition("/")[0] + f"/{database_name}"
    for login in ("app", "auth"):
        with monkeypatch.context() as patch:
            patch.setenv(f"VUORO_DATABASE_{login.upper()}_URL", superuser)
            settings.cache_clear()
            with pytest.raises(SettingsError, match=f"VUORO_DATABASE_{login.upper()}_URL.*bypasses row-level security"):
                async with lifespan(FastAPI()):
                    pass


@pytest.mark.parametrize(
    ("setting", "login"),
    [("app", "migrator"), ("app", "worker"), ("app", "auth"), ("auth", "app"), ("auth", "migrator")],
)
async def test_start_up_refuses_the_login_of_another_part(
    postgres, database_name, environment, monkeypatch, setting, login
):
    """The owner of the tables sees every organization, and so does the sign-in's login."""
    from fastapi import FastAPI

    from vuoro.app import lifespan

    name = f"VUORO_DATABASE_{setting.upper()}_URL"
    monkeypatch.setenv(name, postgres.dsn(login, database_name))
    settings.cache_clear()
    with pytest.raises(SettingsError, match=f"^{name} logs in as vuoro_{login}, which is (not|also)"):
        async with lifespan(FastAPI()):
            pass


async def test_start_up_names_what_is_missing(environment, monkeypatch):
    from fastapi import FastAPI

    from vuoro.app import lifespan

    for name in ("VUORO_DATABASE_APP_URL", "VUORO_MASTER_KEYS"):
        monkeypatch.delenv(name)
    settings.cache_clear()
    with pytest.raises(SettingsError, match=r"VUORO_DATABASE_APP_URL is missing.*\n.*VUORO_MASTER_KEYS is missing"):
        async with lifespan(FastAPI()):
            pass


@pytest.fixture
async def away(application):
    """The application with a database that takes no connections."""
    kept = application.state.database, application.state.auth_database
    async with Database("postgresql://vuoro_app:x@127.0.0.1:9/vuoro") as nowhere:
        application.state.database = application.state.auth_database = nowhere
        yield
    application.state.database, application.state.auth_database = kept


async def test_a_database_that_is_away_is_503_with_retry_after(api, world, away):
    for answer in (
        await api("any-token").get("/v1/people"),
        await api("any-token").post("/v1/people", json=NEW),
        await api().post("/v1/logins", json={"email": "noa.virtanen@nordlys.example"}),
        await api().post("/v1/logins/redeem", json={"token": "x" * 43}),
    ):
        problem(answer, 503, "database_unavailable")
        assert int(answer.headers["retry-after"]) > 0


async def test_health_tells_what_is_wrong(api, away):
    assert (await api().get("/healthz")).status_code == 200
    answer = await api().get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "away")


async def test_ready_when_the_database_has_its_tables(api):
    answer = await api().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


async def test_not_ready_before_the_migrations(api, superuser):
    await superuser.execute("drop table organizations cascade")
    answer = await api().get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "ok")
    assert "vuoro migrate" in answer.json()["checks"]["migrations"]


async def test_the_request_after_a_database_restart_succeeds(api, world, superuser):
    admin = api(world.admin)
    await asyncio.gather(*[admin.get("/v1/people?limit=1") for _ in range(5)])
    await superuser.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where usename like 'vuoro%' and datname = current_database()"
    )
    await asyncio.sleep(0.05)
    answers = await asyncio.gather(*[admin.get("/v1/people?limit=1") for _ in range(5)])
    assert {answer.status_code for answer in answers} == {200}


async def test_a_connection_that_dies_under_a_request_is_503(application, api, world, superuser):
    """The row is locked, the request waits for it, its connection dies."""
    admin, path = api(world.admin), f"/v1/people/{world['noa'].id}"
    read = await admin.get(path)
    async with superuser.transaction():
        await superuser.execute("select 1 from people for update")
        request = asyncio.create_task(admin.patch(path, json={"title": "x"}, headers=etag_of(read)))
        for _ in range(200):
            await asyncio.sleep(0.01)
            waiting = await superuser.fetchval(
                "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'"
                " and datname = current_database()"
            )
            if waiting:
                break
        problem(await request, 503, "database_unavailable")


async def test_a_statement_that_takes_too_long_is_503(application, api, world, superuser, environment):
    admin, path = api(world.admin), f"/v1/people/{world['noa'].id}"
    read = await admin.get(path)
    kept = application.state.database
    async with Database(environment["VUORO_DATABASE_APP_URL"], statement_timeout_ms=100) as hurried:
        application.state.database = hurried
        async with superuser.transaction():
            await superuser.execute("select 1 from people for update")
            answer = await admin.patch(path, json={"title": "x"}, headers=etag_of(read))
    application.state.database = kept
    problem(answer, 503, "database_unavailable")


async def test_more_requests_than_connections_wait_their_turn(api, world):
    admin = api(world.admin)
    answers = await asyncio.gather(*[admin.get("/v1/people?limit=1") for _ in range(40)])
    assert {answer.status_code for answer in answers} == {200}


async def test_a_block_that_raises_is_rolled_back(databases, world):
    async def broken():
        async with databases.app.transaction(world.system) as db:
            await db.execute(text("update people set title = 'x'"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await broken()
    async with databases.app.transaction(world.system) as db:
        assert not (await db.scalars(select(Person.id).where(Person.title == "x"))).all()


async def test_a_cancelled_request_leaves_no_open_transaction(databases, world, superuser):
    async def slow():
        async with databases.app.transaction(world.system) as db:
            await db.execute(text("select pg_sleep(10)"))

    task = asyncio.create_task(slow())
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with databases.app.transaction(world.system) as db:
        assert await db.scalar(text("select true"))
    open_ones = await superuser.fetchval(
        "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'"
    )
    assert open_ones == 0


async def test_locked_says_missing_or_changed(databases, world):
    async with databases.app.transaction(world.system) as db:
        assert (await db.locked(Person, world["noa"].id, 1)).display_name == "Noa Virtanen"
        with pytest.raises(PreconditionFailed):
            await db.locked(Person, world["noa"].id, 7)
        with pytest.raises(NotFound):
            await db.locked(Person, world.other_person.id)


async def test_become_binds_the_rest_of_the_transaction(databases, world):
    async with databases.app.transaction() as db:
        assert not (await db.scalars(select(Person.id))).all()
        await db.become(Actor(world.other_organization_id))
        assert db.organization_id == world.other_organization_id
        assert len((await db.scalars(select(Person.id))).all()) == 2


async def test_connections_carry_their_limits(databases):
    async with databases.app.transaction() as db:
        shown = [
            (await db.execute(text(f"show {name}"))).scalar_one()
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        ]
    assert shown == ["15s", "5s", "1min"]


async def test_what_may_succeed_in_a_moment_is_told_from_what_never_will(databases, postgres, database_name):
    async def fault(query: str, **values: object) -> Exception:
        with pytest.raises(sql.SQLAlchemyError) as raised:
            async with databases.app.transaction() as db:
                await db.execute(text(query), values)
        return raised.value

    too_big = await fault("select cast(:n as bigint)", n=2**70)
    assert (sqlstate(too_big), is_away(too_big)) == ("22000", False)
    assert not is_away(await fault("select nothing from nowhere"))
    await databases.app.close()
    async with postgres.away(database_name):
        assert is_away(await fault("select 1"))
