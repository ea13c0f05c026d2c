"""Around every request: limits, cross-site defence, the address and caller that they count."""

import json

import httpx
import pytest
from support.contract import CheckedTransport, problem

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

    async def test_each_caller_has_a_measure_of_their_own(self, slow, contract):
        one, two = self.client(slow, contract, "one"), self.client(slow, contract, "two")
        for _ in range(3):
            last = await one.get("/v1/people")
        assert last.status_code == 429
        assert (await two.get("/v1/people")).status_code == 401
        assert (await self.client(slow, contract, address="127.0.0.9").get("/v1/people")).status_code == 401

    async def test_what_is_left_is_told(self, api, world):
        answer = await api(world.admin).get("/v1/people")
        assert answer.headers["ratelimit-policy"] == '"calls";q=1200;w=2'
        assert answer.headers["ratelimit"].startswith('"calls";r=')

    async def test_pages_and_health_are_not_counted(self, slow, contract):
        client = self.client(slow, contract)
        assert {(await client.get("/healthz")).status_code for _ in range(5)} == {200}


async def test_only_http_is_touched(application):
    heard = []

    async def app(scope, receive, send):
        heard.append(scope["type"])

    await middleware.Around(app, settings())({"type": "lifespan"}, None, None)
    assert heard == ["lifespan"]
