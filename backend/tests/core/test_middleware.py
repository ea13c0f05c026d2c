"""Around every request: limits, cross-site defence, the address and caller that they count."""

import json

import httpx
import pytest
from sqlalchemy import text
from support.contract import CheckedTransport, problem
from support.headers import weak

from vuoro.app import create_app
from vuoro.core import middleware
from vuoro.core.settings import settings

NEW = {"external_id": "N5000", "display_name": "Aada Uusi"}


class TestBodyLimit:
    async def test_a_megabyte_is_413(self, api, world):
        answer = await api(world.admin).post("/v1/people", json={**NEW, "title": "x" * (1 << 20)})
        assert problem(answer, 413, "payload_too_large")["params"] == {"limit": 1 << 20}

    async def test_a_megabyte_in_pieces_without_a_length_is_413(self, api, world):
        async def pieces():
            for _ in range(20):
                yield b"x" * 100_000

        headers = {"Content-Type": "application/json"}
        answer = await api(world.admin).post("/v1/people", content=pieces(), headers=headers)
        problem(answer, 413, "payload_too_large")

    @pytest.mark.parametrize(
        ("path", "most"),
        [
            ("/v1/idea-seeds", 1 << 20), ("/oauth/token", 1 << 20), ("/v1/programs/x/enrollment-imports", 4 << 20),
            ("/scim/v2/Users", 4 << 20), ("/v1/imports", (25 << 20) + (64 << 10)),
        ],
    )  # fmt: skip
    async def test_what_announces_more_than_its_path_takes_is_refused_unread(self, api, path, most):
        async def unread():
            raise AssertionError(path)
            yield b""

        sent = {"Content-Type": "application/json", "Content-Length": str(most + 1)}
        assert (await api().post(path, content=unread(), headers=sent)).status_code == 413
        answer = await api().post(path, content=b"{}", headers={**sent, "Content-Length": str(most)})
        assert answer.status_code in (400, 401, 404, 422)

    async def test_just_below_is_read(self, api, world):
        body = json.dumps({**NEW, "title": "x"})
        padded = body + " " * ((1 << 20) - len(body))
        headers = {"Content-Type": "application/json"}
        assert (await api(world.admin).post("/v1/people", content=padded, headers=headers)).status_code == 201


class TestCrossSite:
    async def post(self, api, who, **headers):
        token = await api.sign_in(who)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await api().post("/v1/people", json=NEW, headers={"Cookie": f"vuoro_session={token}", **sent})

    @pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
    async def test_a_write_from_another_site_is_refused(self, api, world, site):
        problem(await self.post(api, world.admin, Sec_Fetch_Site=site), 403, "cross_site")

    @pytest.mark.parametrize("site", ["same-origin", "none"])
    async def test_a_write_from_our_pages_goes_through(self, api, world, site):
        assert (await self.post(api, world.admin, Sec_Fetch_Site=site)).status_code == 201

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:8000.evil.example"])
    async def test_without_fetch_metadata_another_origin_is_refused(self, api, world, origin):
        problem(await self.post(api, world.admin, Origin=origin), 403, "cross_site")

    async def test_without_fetch_metadata_our_origin_goes_through(self, api, world):
        assert (await self.post(api, world.admin, Origin="http://127.0.0.1:8000")).status_code == 201

    async def test_a_cookie_that_says_nothing_of_its_page_is_refused(self, api, world):
        problem(await self.post(api, world.admin), 403, "cross_site")

    @pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
    async def test_every_writing_method_is_guarded(self, api, world, method):
        token = await api.sign_in(world.admin)
        headers = {"Cookie": f"vuoro_session={token}", "Origin": "https://evil.example"}
        answer = await api().request(method, f"/v1/people/{world['noa'].id}", headers=headers)
        problem(answer, 403, "cross_site")

    async def test_reads_need_no_proof(self, api, world):
        token = await api.sign_in(world.admin)
        headers = {"Cookie": f"vuoro_session={token}", "Sec-Fetch-Site": "cross-site"}
        assert (await api().get("/v1/people", headers=headers)).status_code == 200

    async def test_a_bearer_token_needs_no_proof(self, api, world):
        answer = await api(world.admin).post("/v1/people", json=NEW, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 201

    async def test_an_authorization_header_that_is_no_bearer_does_not_lift_the_guard(self, api, world):
        answer = await self.post(api, world.admin, Origin="https://evil.example", Authorization="Basic eDp5")
        problem(answer, 403, "cross_site")

    async def test_sign_in_from_another_site_is_refused(self, api):
        answer = await api().post(
            "/v1/logins/redeem", json={"token": "x" * 43}, headers={"Origin": "https://evil.example"}
        )
        problem(answer, 403, "cross_site")


class TestRate:
    @pytest.fixture
    def slow(self, application, monkeypatch):
        """Two requests at once, then one every ten seconds."""
        monkeypatch.setenv("VUORO_RATE_LIMIT_BURST", "2")
        monkeypatch.setenv("VUORO_RATE_LIMIT_PER_SECOND", "0.1")
        settings.cache_clear()
        return middleware.Around(application, settings())

    def client(self, around, contract, token=None, address="127.0.0.1"):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = CheckedTransport(around, contract, address=address)
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=headers)

    async def test_too_many_requests_are_429_and_say_when_to_come_back(self, slow, contract):
        client = self.client(slow, contract)
        answers = [await client.get("/v1/people") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [401, 401, 429]
        problem(answers[2], 429, "rate_limited")
        assert 0 < int(answers[2].headers["retry-after"]) <= 10

    async def test_each_caller_has_a_measure_of_their_own(self, slow, contract, api, world):
        clients = [self.client(slow, contract, await api.sign_in(who), f"10.0.0.{n}") for n, who in
                   enumerate((world.admin, world["noa"], world.admin))]  # fmt: skip
        one, two, other = clients
        for client in clients:
            assert (await client.get("/v1/people")).status_code == 200
        for _ in range(3):
            last = await one.get("/v1/people")
        assert last.status_code == 429
        assert (await two.get("/v1/people")).status_code == 200
        assert (await other.get("/v1/people")).status_code == 200
        assert (await self.client(slow, contract, address="127.0.0.9").get("/v1/people")).status_code == 401

    async def test_who_tries_tokens_is_counted_by_address(self, slow, contract):
        tried = [await self.client(slow, contract, f"guess-{n}").get("/v1/people") for n in range(4)]
        assert [answer.status_code for answer in tried] == [401, 401, 429, 429]

    async def test_a_made_up_token_gets_no_measure_of_its_own_where_nobody_looks_at_it(self, slow, contract):
        client = self.client(slow, contract, "made-up")
        tried = [await client.get("/v1/demo/personas") for _ in range(4)]
        assert [answer.status_code for answer in tried] == [404, 404, 429, 429]

    async def test_what_is_left_is_told(self, api, world):
        answer = await api(world.admin).get("/v1/people")
        assert answer.headers["ratelimit-policy"] == '"calls";q=1200;w=2'
        assert answer.headers["ratelimit"].startswith('"calls";r=')

    async def test_writes_are_counted_in_the_database_for_all_processes(
        self, application, contract, monkeypatch, api, world, clock
    ):
        monkeypatch.setenv("VUORO_WRITE_LIMIT_BURST", "3")
        monkeypatch.setenv("VUORO_WRITE_LIMIT_PER_SECOND", "0.01")
        settings.cache_clear()
        clock.freeze("2026-11-26T09:00:00Z")  # limits go by real seconds
        token = await api.sign_in(world["noa"])
        monkeypatch.setitem(application.user_middleware[0].kwargs, "settings", settings())
        answers = []
        for _ in range(5):  # each in a process of its own, which remembers nothing
            application.middleware_stack = None
            client = self.client(application, contract, token)
            answers.append(await client.post("/v1/idea-seeds", json={"text": "Nobody reads it"}))
        assert [answer.status_code for answer in answers] == [201, 201, 201, 429, 429]
        policies = answers[0].headers["ratelimit-policy"]
        assert policies == '"calls";q=1200;w=2, "writes";q=3;w=300'
        assert [answer.headers["ratelimit"].partition(", ")[2][:12] for answer in answers[:3]] == [
            '"writes";r=2', '"writes";r=1', '"writes";r=0',
        ]  # fmt: skip
        problem(answers[3], 429, "rate_limited")
        assert 90 < int(answers[3].headers["retry-after"]) <= 100
        assert (await client.get("/v1/idea-seeds")).status_code == 200
        other = self.client(application, contract, await api.sign_in(world["noa"]))
        assert (await other.post("/v1/idea-seeds", json={"text": "Nobody reads it"})).status_code == 201

    async def test_a_made_up_token_leaves_no_row(self, api, databases):
        await api("made-up").post("/v1/idea-seeds", json={"text": "Nobody reads it"})
        async with databases.auth.transaction() as db:
            assert await db.scalar(text("select count(*) from auth.rate_limits")) == 0

    async def test_what_limits_nobody_any_more_is_forgotten(self, api, world, databases, run_jobs, clock):
        await api(world["noa"]).post("/v1/idea-seeds", json={"text": "Nobody reads it"})
        async with databases.auth.transaction() as db:
            assert await db.scalar(text("select count(*) from auth.rate_limits")) == 1
            await db.execute(text("update auth.rate_limits set free_at = free_at - interval '2 hours'"))
        await run_jobs(tick=True)
        async with databases.auth.transaction() as db:
            assert await db.scalar(text("select count(*) from auth.rate_limits")) == 0

    async def test_pages_and_health_are_not_counted(self, slow, contract):
        client = self.client(slow, contract)
        assert {(await client.get("/healthz")).status_code for _ in range(5)} == {200}


async def test_only_http_is_touched(application):
    heard = []

    async def app(scope, receive, send):
        heard.append(scope["type"])

    await middleware.Around(app, settings())({"type": "lifespan"}, None, None)
    assert heard == ["lifespan"]


class TestHeaders:
    async def test_an_answer_of_the_api_is_never_run_framed_or_guessed(self, api, world):
        for answer in (await api(world.admin).get("/v1/me"), await api().get("/v1/me"), await api().get("/v1/nothing")):
            assert weak(answer.headers) == set()
            assert answer.headers["cache-control"] in ("private, no-cache", "no-store")
            assert "strict-transport-security" not in answer.headers

    @pytest.mark.parametrize("name", middleware.HEADERS)
    async def test_a_header_that_is_forgotten_fails_every_test_that_asks_the_api(self, api, monkeypatch, name):
        monkeypatch.delitem(middleware.HEADERS, name)
        with pytest.raises(AssertionError, match="GET /healthz: weak headers"):
            await api().get("/healthz")

    async def test_our_own_fault_has_every_header_and_its_number_too(self, environment):
        async def broken():
            raise ZeroDivisionError

        app = create_app()
        app.add_api_route("/v1/broken", broken)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            answer = await client.get("/v1/broken", headers={"X-Request-Id": "number-4711"})
        problem(answer, 500, "internal")
        assert weak(answer.headers) == set()
        assert answer.headers["x-request-id"] == "number-4711"

    @pytest.mark.parametrize("policy", ["default-src 'none'", "default-src *; frame-ancestors 'none'"])
    async def test_a_weaker_policy_is_noticed_too(self, api, monkeypatch, policy):
        monkeypatch.setitem(middleware.HEADERS, "Content-Security-Policy", policy)
        with pytest.raises(AssertionError, match=r"weak headers .*(form-action|default-src)"):
            await api().get("/v1/me")

    @pytest.mark.parametrize("path", ["/", "/v1/me", "/healthz"])
    async def test_nothing_is_traced(self, api, path):
        answer = await api(cookie="a=secret").request("TRACE", path)
        assert answer.status_code in (404, 405)
        assert "secret" not in answer.text

    async def test_over_https_browsers_stay_there(self, application, contract, monkeypatch):
        monkeypatch.setenv("VUORO_PUBLIC_URL", "https://mentoring.example")
        settings.cache_clear()
        around = middleware.Around(application, settings())
        transport = CheckedTransport(around, contract)
        async with httpx.AsyncClient(transport=transport, base_url="https://mentoring.example") as client:
            answer = await client.get("/v1/me")
        assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


class TestLength:
    async def test_long_answers_travel_compressed_and_short_ones_as_they_are(self, api, world):
        long, short = await api(world.admin).get("/v1/kits"), await api(world.admin).get("/healthz")
        assert long.headers["content-encoding"] == "gzip"
        assert int(long.headers["content-length"]) < len(long.content) / 2
        assert "Accept-Encoding" in long.headers["vary"]
        assert "content-encoding" not in short.headers

    async def test_whoever_reads_no_gzip_gets_none(self, api, world):
        answer = await api(world.admin).get("/v1/kits", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in answer.headers
        assert int(answer.headers["content-length"]) == len(answer.content)
