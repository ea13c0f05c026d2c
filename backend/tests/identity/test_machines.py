"""API clients: made by admins, with two keys at most; keys change into short tokens of the same scopes or fewer."""

import asyncio
import base64

import asyncpg
import pytest
from sqlalchemy import select
from support.contract import etag_of, problem

from vuoro.core.history import AuditEntry


async def make(api, admin, **more):
    answer = await api(admin).post("/v1/api-clients", json={"name": "HRIS", "scopes": ["people:read"], **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
async def client(api, world):
    return await make(api, world.admin)


@pytest.fixture
async def superuser(postgres, database_name):
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    yield connection
    await connection.close()


async def add_key(api, admin, client, **headers):
    return await api(admin, **headers).post(f"/v1/api-clients/{client['id']}/secrets")


async def read(api, admin, client):
    return (await api(admin).get(f"/v1/api-clients/{client['id']}")).json()


async def opens(api, key, path="/v1/people"):
    return (await api(key).get(path)).status_code


class TestClients:
    async def test_an_admin_makes_changes_and_ends_one_and_the_log_says_so(self, api, world, databases):
        admin = api(world.admin)
        client = await make(api, world.admin, scopes=["pairs:read", "people:read", "people:read"])
        assert (client["scopes"], client["secrets"], client["revoked_at"]) == (["pairs:read", "people:read"], [], None)
        path = f"/v1/api-clients/{client['id']}"
        key = (await add_key(api, world.admin, client)).json()
        tag = etag_of(await admin.get(path))
        assert (await admin.patch(path, json={"name": "BI"}, headers=tag)).json()["name"] == "BI"
        problem(await admin.patch(path, json={"name": "C"}, headers=tag), 412, "precondition_failed")
        assert (await admin.delete(f"{path}/secrets/{key['id']}")).status_code == 204
        assert (await admin.delete(path)).status_code == 204
        async with databases.app.transaction(world.system) as db:
            entries = (await db.execute(select(AuditEntry).order_by(AuditEntry.id))).scalars()
            told = [(entry.action, entry.actor_id, str(entry.subject_id)) for entry in entries]
        assert [line for line in told if line[0].startswith("api_client")] == [
            (f"api_client.{verb}", world.admin.id, client["id"])
            for verb in ("create", "secret_add", "change", "secret_delete", "revoke")
        ]

    async def test_new_scopes_act_at_the_next_request(self, api, world, client):
        key = (await add_key(api, world.admin, client)).json()["secret"]
        assert await opens(api, key, "/v1/programs") == 200
        assert (await api(key).post("/v1/people", json={"external_id": "1", "display_name": "A"})).status_code == 403
        admin, path = api(world.admin), f"/v1/api-clients/{client['id']}"
        tag = etag_of(await admin.get(path))
        await admin.patch(path, json={"scopes": ["people:write"]}, headers=tag)
        assert (await api(key).post("/v1/people", json={"external_id": "1", "display_name": "A"})).status_code == 201

    async def test_an_ended_one_stays_ended(self, api, world, client):
        admin, path = api(world.admin), f"/v1/api-clients/{client['id']}"
        key = (await add_key(api, world.admin, client)).json()["secret"]
        await admin.delete(path)
        assert await opens(api, key) == 401
        problem(await add_key(api, world.admin, client), 409, "api_client_revoked")
        tag = etag_of(await admin.get(path))
        problem(await admin.patch(path, json={"name": "x"}, headers=tag), 409, "api_client_revoked")
        ended = await read(api, world.admin, client)
        assert ended["secrets"] == []
        assert {name: each["reason"] for name, each in ended["can"].items()} == dict.fromkeys(
            ("edit", "add_secret", "revoke"), "api_client_revoked"
        )

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"name": ""}, "/name"),
            ({"name": "a\nb"}, "/name"),
            ({"scopes": []}, "/scopes"),
            ({"scopes": ["everything"]}, "/scopes/0"),
            ({"scopes": ["me:write"]}, "/scopes/0"),
        ],
    )
    async def test_what_it_cannot_be_is_422_at_its_place(self, api, world, body, pointer):
        body = {"name": "HRIS", "scopes": ["people:read"], **body}
        fault = problem(await api(world.admin).post("/v1/api-clients", json=body), 422, "validation_failed")
        assert [error["pointer"] for error in fault["errors"]] == [pointer]

    async def test_another_organizations_admin_finds_none_of_it(self, api, world, client):
        key = (await add_key(api, world.admin, client)).json()
        path = f"/v1/api-clients/{client['id']}"
        other = api(world.other_admin)
        problem(await other.get(path), 404, "not_found")
        problem(await other.post(f"{path}/secrets"), 404, "not_found")
        problem(await other.delete(f"{path}/secrets/{key['id']}"), 404, "not_found")
        own = await make(api, world.other_admin)
        problem(await other.delete(f"/v1/api-clients/{own['id']}/secrets/{key['id']}"), 404, "not_found")
        assert await opens(api, key["secret"]) == 200


class TestKeys:
    async def test_a_key_is_shown_once_and_told_apart_by_its_name(self, api, world, client):
        answer = await add_key(api, world.admin, client)
        key = answer.json()
        assert key["secret"].startswith(f"{key['name']}_")
        assert key["name"].startswith("vuoro_live_")
        assert answer.headers["cache-control"] == "no-store"
        listed = await read(api, world.admin, client)
        assert listed["secrets"] == [{**key, "secret": None}]
        assert key["secret"] not in (await api(world.admin).get("/v1/api-clients")).text
        assert await opens(api, key["secret"]) == 200

    async def test_a_repeated_request_makes_no_second_key_and_shows_no_secret(self, api, world, client):
        first, second = [(await add_key(api, world.admin, client, idempotency_key="k")).json() for _ in range(2)]
        assert (first["id"], second["secret"]) == (second["id"], None)
        assert len((await read(api, world.admin, client))["secrets"]) == 1

    async def test_keys_rotate_without_a_moment_when_none_works(self, api, world, client):
        old, new = [(await add_key(api, world.admin, client)).json() for _ in range(2)]
        problem(await add_key(api, world.admin, client), 409, "too_many_secrets")
        assert (await read(api, world.admin, client))["can"]["add_secret"]["reason"] == "too_many_secrets"
        assert [await opens(api, key["secret"]) for key in (old, new)] == [200, 200]
        path = f"/v1/api-clients/{client['id']}/secrets/{old['id']}"
        assert (await api(world.admin).delete(path)).status_code == 204
        assert [await opens(api, key["secret"]) for key in (old, new)] == [401, 200]
        problem(await api(world.admin).delete(path), 404, "not_found")
        assert (await add_key(api, world.admin, client)).status_code == 201

    async def test_of_many_at_once_two_are_made(self, api, world, client):
        answers = await asyncio.gather(*[add_key(api, world.admin, client) for _ in range(5)])
        assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409]

    async def test_the_day_of_its_last_use_is_told_and_nothing_finer_is_kept(
        self, api, world, client, clock, superuser
    ):
        clock.freeze("2026-11-24T09:30:00Z")
        key = (await add_key(api, world.admin, client)).json()["secret"]
        assert (await read(api, world.admin, client))["last_used_on"] is None
        for at, day in (("2026-11-24T09:31:00Z", "2026-11-24"), ("2026-11-25T00:00:01Z", "2026-11-25")):
            clock.freeze(at)
            assert await asyncio.gather(*[opens(api, key) for _ in range(4)]) == [200] * 4
            body = await read(api, world.admin, client)
            assert (body["last_used_on"], body["secrets"][0]["last_used_on"]) == (day, day)
            kept = await superuser.fetchval("select used_at from auth.tokens where kind = 'api_key'")
            assert kept.isoformat() == f"{day}T00:00:00+00:00"

    async def test_a_second_use_on_the_same_day_writes_nothing(self, api, world, client, superuser):
        key = (await add_key(api, world.admin, client)).json()["secret"]
        await opens(api, key)
        version = "select xmin::text from auth.tokens where kind = 'api_key'"
        before = await superuser.fetchval(version)
        await opens(api, key)
        assert await superuser.fetchval(version) == before


class TestShortTokens:
    @pytest.fixture
    async def key(self, api, world, client):
        return (await add_key(api, world.admin, client)).json()

    async def change(self, api, client, key, **form):
        data = {"grant_type": "client_credentials", "client_id": client["id"], "client_secret": key, **form}
        return await api().post("/oauth/token", data=data)

    async def test_a_key_changes_into_a_token_of_ten_minutes(self, api, client, key, clock):
        clock.advance()
        body = (await self.change(api, client, key["secret"])).json()
        assert (set(body), body["expires_in"], body["scope"]) == (
            {"access_token", "token_type", "expires_in", "scope"}, 600, "people:read",
        )  # fmt: skip
        clock.advance(minutes=9, seconds=59)
        assert len((await api(body["access_token"]).get("/v1/people")).json()["items"]) == 20
        clock.advance(seconds=1)
        assert await opens(api, body["access_token"]) == 401

    async def test_by_http_basic_as_well_but_never_in_two_ways(self, api, client, key):
        basic = base64.b64encode(f"{client['id']}:{key['secret']}".encode()).decode()
        machine = api(authorization=f"Basic {basic}")
        form = {"grant_type": "client_credentials"}
        assert (await machine.post("/oauth/token", data=form)).status_code == 200
        twice = await machine.post("/oauth/token", data={**form, "client_secret": key["secret"]})
        assert (twice.status_code, twice.json()["error"]) == (400, "invalid_request")
        for wrong in ("Basic x", "Basic eDp5", f"Bearer {key['secret']}"):
            answer = await api(authorization=wrong).post("/oauth/token", data=form)
            assert answer.status_code in (400, 401), wrong
            assert ("www-authenticate" in answer.headers) == (answer.status_code == 401)

    async def test_scopes_narrow_and_never_widen(self, api, world):
        client = await make(api, world.admin, scopes=["people:read", "people:write"])
        key = (await add_key(api, world.admin, client)).json()["secret"]
        wide = await self.change(api, client, key, scope="people:read pairs:read")
        assert (wide.status_code, wide.json()["error"]) == (400, "invalid_scope")
        narrow = (await self.change(api, client, key, scope="people:read")).json()["access_token"]
        body = {"external_id": "1", "display_name": "A"}
        assert (await api(narrow).post("/v1/people", json=body)).status_code == 403
        assert (await api(key).post("/v1/people", json=body)).status_code == 201
        admin, path = api(world.admin), f"/v1/api-clients/{client['id']}"
        await admin.patch(path, json={"scopes": ["people:write"]}, headers=etag_of(await admin.get(path)))
        assert (await api(narrow).get("/v1/people")).json()["items"] == []

    @pytest.mark.parametrize("what", ["secret", "client", "other client"])
    async def test_a_wrong_proof_is_refused(self, api, world, client, key, what):
        other = await make(api, world.admin, name="Other")
        secret = f"{key['secret']}x" if what == "secret" else key["secret"]
        who = {"client": {"id": "00000000-0000-7000-8000-000000000000"}, "other client": other}.get(what, client)
        answer = await self.change(api, who, secret)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")

    async def test_it_ends_with_its_key_alone(self, api, world, client, key):
        other = (await add_key(api, world.admin, client)).json()
        tokens = [(await self.change(api, client, each["secret"])).json()["access_token"] for each in (key, other)]
        await api(world.admin).delete(f"/v1/api-clients/{client['id']}/secrets/{key['id']}")
        assert [await opens(api, token) for token in tokens] == [401, 200]

    async def test_it_ends_with_its_client(self, api, world, client, key):
        token = (await self.change(api, client, key["secret"])).json()["access_token"]
        await api(world.admin).delete(f"/v1/api-clients/{client['id']}")
        assert await opens(api, token) == 401
        answer = await self.change(api, client, key["secret"])
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")

    async def test_a_machine_ends_its_own_token_and_neither_its_key_nor_others(self, api, world, client, key):
        token = (await self.change(api, client, key["secret"])).json()["access_token"]
        other = await make(api, world.admin, name="Other")
        other_key = (await add_key(api, world.admin, other)).json()["secret"]

        async def revoke(who, secret, what):
            data = {"client_id": who["id"], "client_secret": secret, "token": what}
            return (await api().post("/oauth/revoke", data=data)).status_code

        assert await revoke(other, other_key, token) == 200
        assert await revoke(client, "wrong", token) == 401
        assert await opens(api, token) == 200
        assert await revoke(client, key["secret"], key["secret"]) == 200
        assert await revoke(client, key["secret"], token) == 200
        assert [await opens(api, each) for each in (token, key["secret"])] == [401, 200]

    async def test_it_has_no_page_of_its_own_and_cannot_say_yes_for_anybody(self, api, client, key):
        token = (await self.change(api, client, key["secret"])).json()["access_token"]
        problem(await api(token).get("/v1/me/apps"), 403, "forbidden")

    async def test_getting_one_counts_as_use_of_the_key(self, api, world, client, key):
        await self.change(api, client, key["secret"])
        assert (await read(api, world.admin, client))["last_used_on"] is not None
