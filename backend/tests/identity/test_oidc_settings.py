"""Setting the organization's provider; and one that we did not write."""

import asyncio
import os
import re
import signal
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from identity.oidc_way import CALLBACK, WELL_KNOWN, answers, begin, come_back, connect, settings_of, start, traces
from support.contract import problem

from vuoro.core.settings import settings

ROOT = Path(__file__).parents[3]


class TestSettings:
    async def test_an_admin_sets_reads_and_removes_it(self, api, world, provider):
        admin, path = api(world.admin), "/v1/organization/identity-provider"
        problem(await admin.get(path), 404, "not_found")
        made = await admin.put(path, json=settings_of(provider.issuer, mail_domains=["Nordlys.example"]))
        assert made.json()["mail_domains"] == ["nordlys.example"]
        assert made.json()["redirect_uri"] == f"http://127.0.0.1:8000{CALLBACK}"
        assert "a secret" not in made.text
        assert (await admin.get(path)).json() == made.json()
        told = [
            (await api(who).get("/v1/organization")).json() for who in (world.admin, world["noa"], world.other_admin)
        ]
        assert [one["has_identity_provider"] for one in told] == [True, True, False]
        problem(await api(world.other_admin).get(path), 404, "not_found")
        for who in (world["noa"], world.manager):
            problem(await api(who).get(path), 403, "forbidden")
            problem(await api(who).put(path, json=settings_of(provider.issuer)), 403, "forbidden")
        assert (await admin.delete(path)).status_code == 204
        problem(await admin.get(path), 404, "not_found")

    async def test_the_secret_is_sealed_and_stays_unless_the_issuer_changes(self, api, world, provider, databases):
        from vuoro.identity.models import IdentityProvider

        admin, path = api(world.admin), "/v1/organization/identity-provider"
        await admin.put(path, json=settings_of(provider.issuer))
        async with databases.app.transaction(world.system) as db:
            row = await db.get(IdentityProvider, world.organization_id)
            assert b"a secret" not in row.client_secret
        body = settings_of(provider.issuer)
        del body["client_secret"]
        assert (await admin.put(path, json={**body, "label": "New"})).json()["has_client_secret"] is True
        moved = await admin.put(path, json={**body, "issuer": "http://127.0.0.1:9"})
        assert moved.json()["has_client_secret"] is False

    async def test_a_try_says_what_answers_there(self, api, world, provider):
        path = "/v1/organization/identity-provider/checks"
        answer = await api(world.admin).post(path, json={"issuer": provider.issuer})
        assert answer.json()["algorithms"] == ["RS256"]
        assert answer.json()["keys"] == 1

    @pytest.mark.parametrize(
        ("lie", "code"),
        [
            (lambda server: server.metadata.update(issuer="https://evil.example"), "wrong_issuer"),
            (lambda server: server.metadata.update(jwks_uri=None), "wrong_issuer"),
            (answers(WELL_KNOWN, 404), "unreachable_issuer"),
            (answers(WELL_KNOWN, 302, location="http://127.0.0.1:9"), "unreachable_issuer"),
            (answers("/jwks", body=b"[]"), "unreachable_issuer"),
        ],
    )
    async def test_a_try_that_fails_says_why_at_its_place(self, api, world, provider, lie, code):
        lie(provider)
        path = "/v1/organization/identity-provider/checks"
        answer = problem(await api(world.admin).post(path, json={"issuer": provider.issuer}), 422, "validation_failed")
        assert [(error["pointer"], error["code"]) for error in answer["errors"]] == [("/issuer", code)]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("issuer", "ftp://a.example"), ("issuer", "https://a.example/?x"), ("issuer", "https://me@a.example"),
            ("mail_domains", []), ("mail_domains", ["@nordlys.example"]), ("mail_domains", ["example"]), ("label", ""),
            ("client_id", ""), ("client_id", "a\nb"),
        ],
    )  # fmt: skip
    async def test_what_cannot_be_used_is_422(self, api, world, field, value):
        body = {**settings_of("https://a.example"), field: value}
        problem(await api(world.admin).put("/v1/organization/identity-provider", json=body), 422, "validation_failed")

    async def test_on_https_the_issuer_is_https(self, api, world, monkeypatch):
        from vuoro.core.settings import settings

        monkeypatch.setenv("VUORO_PUBLIC_URL", "https://mentoring.example")
        settings.cache_clear()
        body = settings_of("http://a.example")
        problem(await api(world.admin).put("/v1/organization/identity-provider", json=body), 422, "validation_failed")


@pytest.fixture
async def peer(environment, unused_port, monkeypatch):
    """The issuer of `oidc-provider`, a certified implementation of others, in a process of its own."""
    monkeypatch.setenv("VUORO_OUTWARD_ALLOW", f"127.0.0.1:{unused_port}")
    settings.cache_clear()
    process = await asyncio.create_subprocess_exec(
        str(ROOT / ".venv/bin/node"), str(ROOT / "infra/peers/provider.mjs"), str(unused_port),
        f"http://127.0.0.1:8000{CALLBACK}", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert (await process.stdout.readline()).strip() == b"ready"
    yield f"http://127.0.0.1:{unused_port}"
    os.killpg(process.pid, signal.SIGTERM)  # node runs below a starter of its own
    await process.wait()


@pytest.fixture
def unused_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def log_in_at(peer, url, login):
    """What a person does there: type who they are, say yes; the parameters of the way back."""
    async with httpx.AsyncClient() as browser:
        page = await browser.get(url)
        for _ in range(12):
            if page.is_redirect:
                where = urljoin(str(page.url), page.headers["location"])
                if CALLBACK in where:
                    return dict(httpx.URL(where).params)
                page = await browser.get(where)
                continue
            form = re.search(r'action="([^"]+)"', page.text)
            kind = re.search(r'name="prompt" value="(\w+)"', page.text)
            data = {"prompt": kind[1], "login": login, "password": "x"}
            page = await browser.post(urljoin(peer, form[1]), data=data)
    raise AssertionError("the provider never sent the browser back")


class TestAProviderOfOthers:
    async def test_signs_in_with_pkce_nonce_issuer_and_userinfo(self, api, world, peer, databases):
        await connect(api, world.admin, peer)
        browser = start(api)
        url = await begin(browser)
        back = await log_in_at(peer, url, "noa.virtanen@nordlys.example")
        assert back["iss"] == peer
        assert await come_back(browser, **back) == ("/", True)
        assert (await browser.get("/v1/me")).json()["person"]["id"] == str(world["noa"].id)
        assert (await traces(databases))[1] == [("noa.virtanen@nordlys.example", world["noa"].id)]

    async def test_asks_again_when_told_to(self, api, world, peer):
        await connect(api, world.admin, peer)
        browser = start(api)
        url = await begin(browser, organization="nordlys", fresh=True)
        assert await come_back(browser, **await log_in_at(peer, url, world.admin.email)) == ("/", True)
        body = {"person_id": str(world["noa"].id), "role": "sponsor"}
        assert (await browser.post("/v1/organization/grants", json=body)).status_code == 201

    async def test_signs_in_nobody_with_a_wrong_secret_or_an_address_not_verified(self, api, world, peer, databases):
        await connect(api, world.admin, peer, mail_domains=["nordlys.example"])
        browser = start(api)
        back = await log_in_at(peer, await begin(browser), "unverified.noa@nordlys.example")
        assert await come_back(browser, **back) == ("/sign-in?problem=mail_not_verified", False)
        await connect(api, world.admin, peer, client_secret="another")
        back = await log_in_at(peer, await begin(browser), "noa.virtanen@nordlys.example")
        assert await come_back(browser, **back) == ("/sign-in?problem=identity_provider_refused", False)
        assert await traces(databases) == (0, [])
