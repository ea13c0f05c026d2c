"""Sign-in at the organization's own provider: with one that we did not write, and with one that lies."""

import asyncio
import os
import re
import signal
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
from joserfc import jwk
from sqlalchemy import func, select
from support.contract import problem
from support.hostile import Hostile, hostile

from vuoro.core.history import AuditEntry
from vuoro.core.settings import settings
from vuoro.identity import oidc
from vuoro.identity.models import Account, Token

ROOT = Path(__file__).parents[3]
CALLBACK = "/v1/logins/oidc/callback"
WELL_KNOWN = "/.well-known/openid-configuration"


@pytest.fixture(autouse=True)
def nothing_kept():
    oidc._kept.clear()


@pytest.fixture
async def provider(environment, monkeypatch):
    async with hostile() as server:
        monkeypatch.setenv("VUORO_OUTWARD_ALLOW", server.issuer.removeprefix("http://"))
        settings.cache_clear()
        yield server


@asynccontextmanager
async def another(monkeypatch):
    """A second provider, which may be called as well."""
    async with hostile() as server:
        both = f"{os.environ['VUORO_OUTWARD_ALLOW']},{server.issuer.removeprefix('http://')}"
        monkeypatch.setenv("VUORO_OUTWARD_ALLOW", both)
        settings.cache_clear()
        yield server


def settings_of(issuer, **more):
    return {
        "issuer": issuer, "client_id": "vuoro", "client_secret": "a secret", "label": "Nordlys",
        "mail_domains": ["nordlys.example"], **more,
    }  # fmt: skip


async def connect(api, admin, issuer, **more):
    answer = await api(admin).put("/v1/organization/identity-provider", json=settings_of(issuer, **more))
    assert answer.status_code == 200, answer.text


@pytest.fixture
async def connected(api, world, provider) -> Hostile:
    """The provider, honest and known as Nordlys' own."""
    await connect(api, world.admin, provider.issuer)
    return provider


async def begin(browser, **who):
    answer = await browser.post("/v1/logins/oidc", json=who or {"email": "noa.virtanen@nordlys.example"})
    assert answer.status_code == 200, answer.text
    return answer.json()["authorization_url"]


def browser_of(api):
    return api(sec_fetch_site="cross-site", user_agent="Firefox/140 (Windows NT 10.0)")


def start(api):
    return api(sec_fetch_site="same-origin")


async def come_back(browser, **params):
    """The browser's way back: (where it is sent, whether it got a sign-in)."""
    answer = await browser.get(CALLBACK, params={name: value for name, value in params.items() if value is not None})
    assert answer.status_code == 303
    return answer.headers["location"], any(
        cookie.startswith("vuoro_session=") for cookie in answer.headers.get_list("set-cookie")
    )


async def sign_in(api, provider, browser=None, **who):
    browser = browser or start(api)
    return await come_back(browser, **provider.visit(await begin(browser, **who)))


async def traces(databases):
    """Sign-ins and accounts in the database, beside those of the tests' own clients."""
    async with databases.auth.transaction() as db:
        logins = await db.scalar(select(func.count()).select_from(Token).where(Token.method == "oidc"))
        return logins, [(row.subject, row.person_id) for row in await db.scalars(select(Account))]


class TestAnHonestProvider:
    async def test_signs_in_and_opens_the_page_that_was_asked_for(self, api, world, connected, databases):
        browser = start(api)
        url = await begin(browser, email="noa.virtanen@nordlys.example", next="/pairs?a=1")
        assert await come_back(browser, **connected.visit(url)) == ("/pairs?a=1", True)
        assert (await browser.get("/v1/me")).json()["person"]["id"] == str(world["noa"].id)
        assert await traces(databases) == (1, [("noa", world["noa"].id)])
        async with databases.app.transaction(world.system) as db:
            assert "account.link" in set(await db.scalars(select(AuditEntry.action)))

    async def test_is_strong_enough_for_an_admin(self, api, world, connected):
        connected.claims |= {"email": world.admin.email, "sub": "helena"}
        browser = start(api)
        await sign_in(api, connected, browser)
        assert (await browser.get("/v1/organization/grants")).status_code == 200

    async def test_the_account_is_the_subject_and_not_the_address(self, api, world, connected, databases):
        await sign_in(api, connected)
        connected.claims |= {"email": world["amina"].email}
        browser = start(api)
        await sign_in(api, connected, browser)
        assert (await browser.get("/v1/me")).json()["person"]["id"] == str(world["noa"].id)
        assert (await traces(databases))[1] == [("noa", world["noa"].id)]

    async def test_later_no_address_is_needed(self, api, connected):
        await sign_in(api, connected)
        connected.claims |= {"email": ..., "email_verified": ...}
        connected.userinfo = {"sub": "noa"}
        assert await sign_in(api, connected) == ("/", True)

    async def test_the_address_may_come_from_the_user_information(self, api, connected):
        connected.userinfo = {"sub": "noa", "email": "Noa.Virtanen@Nordlys.example", "email_verified": True}
        connected.claims |= {"email": ..., "email_verified": ...}
        assert await sign_in(api, connected) == ("/", True)

    async def test_by_the_organizations_short_name(self, api, connected):
        assert await sign_in(api, connected, organization="nordlys") == ("/", True)

    async def test_what_is_sent_is_bound_to_browser_and_code(self, api, connected):
        browser = start(api)
        asked = parse_qs(urlsplit(await begin(browser)).query)
        assert asked["response_type"] == ["code"]
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["redirect_uri"] == [f"http://127.0.0.1:8000{CALLBACK}"]
        assert {len(asked[name][0]) for name in ("state", "nonce", "code_challenge")} == {43}
        assert len({asked[name][0] for name in ("state", "nonce", "code_challenge")}) == 3
        secret = browser.cookies["vuoro_oidc"]
        assert secret not in str(asked)

    async def test_a_new_key_of_the_provider_is_fetched(self, api, connected):
        await sign_in(api, connected)
        connected.key = connected.signer = jwk.RSAKey.generate_key(2048, {"kid": "two", "use": "sig"}, private=True)
        connected.header["kid"] = "two"
        assert await sign_in(api, connected) == ("/", True)

    async def test_unknown_parameters_of_the_way_back_do_no_harm(self, api, connected):
        browser = start(api)
        back = connected.visit(await begin(browser))
        assert await come_back(browser, **back, session_state="x", scope="openid") == ("/", True)

    async def test_a_browser_that_was_signed_in_gets_a_new_sign_in(self, api, world, connected):
        browser, former = start(api), await api.sign_in(world["amina"])
        browser.cookies.set("vuoro_session", former)
        await sign_in(api, connected, browser)
        problem(await api(former).get("/v1/me"), 401, "unauthenticated")

    async def test_who_left_comes_in_no_more(self, api, world, connected):
        await sign_in(api, connected)
        admin, path = api(world.admin), f"/v1/people/{world['noa'].id}"
        await admin.delete(path, headers={"If-Match": (await admin.get(path)).headers["etag"]})
        assert await sign_in(api, connected) == ("/sign-in?problem=nobody_here", False)

    async def test_the_secret_goes_to_the_token_address_alone(self, api, connected):
        await sign_in(api, connected)
        assert [path for path, _ in connected.asked] == [WELL_KNOWN, "/token", "/jwks"]


def other_key(kid="one"):
    return jwk.RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}, private=True)


def claims(**changed):
    return lambda server: server.claims.update(changed)


def header(**changed):
    return lambda server: server.header.update(changed)


def signed_by(key, **changed):
    def lie(server):
        server.signer = key
        server.header.update(changed)

    return lie


def answers(path, status=200, body=b"{}", **headers):
    return lambda server: server.answers.update({path: (status, headers, body)})


def hangs(path):
    return lambda server: server.hangs.add(path)


def embedded(server):
    thief = other_key()
    server.signer = thief
    server.header["jwk"] = thief.as_dict(private=False)


REFUSED, UNVERIFIED, NOBODY, AWAY = (
    "identity_provider_refused", "mail_not_verified", "nobody_here", "identity_provider_away",
)  # fmt: skip
LIES = {
    "another issuer": (claims(iss="https://evil.example"), REFUSED),
    "the issuer with a slash": (lambda server: server.claims.update(iss=server.issuer + "/"), REFUSED),
    "no issuer": (claims(iss=...), REFUSED),
    "for another client": (claims(aud="another"), REFUSED),
    "for nobody": (claims(aud=...), REFUSED),
    "for two, given to the other": (claims(aud=["vuoro", "another"], azp="another"), REFUSED),
    "for two, given to nobody": (claims(aud=["vuoro", "another"]), REFUSED),
    "given to another": (claims(azp="another"), REFUSED),
    "expired": (claims(exp=1_700_000_000), REFUSED),
    "never expires": (claims(exp=...), REFUSED),
    "expires at a word": (claims(exp="tomorrow"), REFUSED),
    "issued in the future": (claims(iat=4_000_000_000, exp=4_000_000_900), REFUSED),
    "issued at no time": (claims(iat=...), REFUSED),
    "not valid yet": (claims(nbf=4_000_000_000), REFUSED),
    "algorithm none": (header(alg="none"), REFUSED),
    "the public key as a secret": (header(alg="HS256"), REFUSED),
    "a key of another id": (signed_by(other_key("two"), kid="two"), REFUSED),
    "another key of the known id": (signed_by(other_key()), REFUSED),
    "a key that came along": (embedded, REFUSED),
    "another nonce": (claims(nonce="x" * 43), REFUSED),
    "no nonce": (claims(nonce=...), REFUSED),
    "no subject": (claims(sub=...), REFUSED),
    "a subject that is a number": (claims(sub=7), REFUSED),
    "a subject with a zero byte": (claims(sub="a\x00"), REFUSED),
    "an address that is not verified": (claims(email_verified=False), UNVERIFIED),
    "an address verified by a word": (claims(email_verified="true"), UNVERIFIED),
    "an address that nobody speaks of": (claims(email_verified=...), UNVERIFIED),
    "no address": (claims(email=..., email_verified=...), REFUSED),
    "the address of somebody of another organization": (claims(email="otto.other@other.example"), UNVERIFIED),
    "the address of nobody": (claims(email="nobody@nordlys.example"), NOBODY),
    "the address of somebody who left": (claims(email="kaisa.lehto@nordlys.example"), NOBODY),
    "an address within an address": (claims(email="a@evil.example@nordlys.example"), NOBODY),
    "user information of somebody else": (
        lambda server: (
            server.claims.update(email=...),
            server.userinfo.update(sub="eve", email="noa.virtanen@nordlys.example", email_verified=True),
        ),
        REFUSED,
    ),
    "no token": (answers("/token", body=b'{"access_token": "a"}'), REFUSED),
    "an error": (answers("/token", 400, b'{"error": "invalid_grant"}'), REFUSED),
    "a redirect": (answers("/token", 307, location="http://127.0.0.1:9/token"), REFUSED),
    "no JSON": (answers("/token", body=b"<html>"), AWAY),
    "a list": (answers("/token", body=b"[]"), REFUSED),
    "a token of one part": (lambda server: setattr(server, "token", "abc"), REFUSED),
    "a token of five parts": (lambda server: setattr(server, "token", "e30.e30.e30.e30.e30"), REFUSED),
    "a token whose header is a list": (lambda server: setattr(server, "token", "W10.e30.AAAA"), REFUSED),
    "a huge token answer": (answers("/token", body=b" " * 400_000 + b"{}"), AWAY),
    "huge keys": (answers("/jwks", body=b'{"keys": [' + b" " * 400_000 + b"]}"), AWAY),
    "no keys": (answers("/jwks", body=b'{"keys": []}'), REFUSED),
    "keys that are words": (answers("/jwks", body=b'{"keys": ["a", {"kty": "RSA", "kid": "one"}]}'), REFUSED),
    "a symmetric key": (answers("/jwks", body=b'{"keys": [{"kty": "oct", "k": "AAAA", "kid": "one"}]}'), REFUSED),
    "a hanging token address": (hangs("/token"), AWAY),
    "hanging keys": (hangs("/jwks"), AWAY),
}


class TestAProviderThatLies:
    @pytest.mark.parametrize("lie", LIES)
    async def test_signs_nobody_in(self, api, connected, databases, monkeypatch, lie):
        tell, code = LIES[lie]
        tell(connected)
        browser = start(api)
        url = await begin(browser)
        if connected.hangs:
            monkeypatch.setattr(oidc, "TIMEOUT_S", 0.5)
        assert await come_back(browser, **connected.visit(url)) == (f"/sign-in?problem={code}", False)
        problem(await browser.get("/v1/me"), 401, "unauthenticated")
        assert await traces(databases) == (0, [])

    @pytest.mark.parametrize(
        "changed",
        [
            {"state": "x" * 43}, {"state": None}, {"state": ""}, {"iss": "https://evil.example"}, {"iss": None},
            {"code": None}, {"code": "guessed"}, {"error": "access_denied"}, {"state": "é"},
        ],
    )  # fmt: skip
    async def test_a_way_back_that_was_changed_is_refused(self, api, connected, databases, changed):
        browser = start(api)
        back = {**connected.visit(await begin(browser)), **changed}
        where, entered = await come_back(browser, **back)
        assert (where.startswith("/sign-in?problem="), entered) == (True, False)
        assert await traces(databases) == (0, [])

    async def test_without_a_promise_the_issuer_may_be_left_out_but_not_be_another(self, api, connected):
        connected.metadata["authorization_response_iss_parameter_supported"] = False
        browser = start(api)
        assert await come_back(browser, **{**connected.visit(await begin(browser)), "iss": None}) == ("/", True)
        back = {**connected.visit(await begin(browser)), "iss": "https://evil.example"}
        assert await come_back(browser, **back) == ("/sign-in?problem=identity_provider_refused", False)

    async def test_another_browser_cannot_finish_it(self, api, connected, databases):
        back = connected.visit(await begin(start(api)))
        thief = start(api)
        assert await come_back(thief, **back) == ("/sign-in?problem=sign_in_expired", False)
        await begin(thief)
        assert await come_back(thief, **back) == ("/sign-in?problem=sign_in_expired", False)
        assert await traces(databases) == (0, [])

    async def test_a_way_back_works_once_whatever_came_of_it(self, api, connected, databases):
        for first in ({}, {"code": "guessed"}):
            browser = start(api)
            url = await begin(browser)
            kept = browser.cookies["vuoro_oidc"]
            back = connected.visit(url)
            await come_back(browser, **{**back, **first})
            again = start(api)
            again.cookies.set("vuoro_oidc", kept)
            assert await come_back(again, **back) == ("/sign-in?problem=sign_in_expired", False)
        assert (await traces(databases))[0] == 1

    async def test_a_way_back_ends_after_ten_minutes(self, api, world, provider, clock):
        clock.advance()
        await connect(api, world.admin, provider.issuer)
        browser = start(api)
        back = provider.visit(await begin(browser))
        clock.advance(minutes=10, seconds=1)
        assert await come_back(browser, **back) == ("/sign-in?problem=sign_in_expired", False)

    async def test_the_address_of_somebody_who_has_an_account_gives_it_to_nobody_else(self, api, connected, databases):
        await sign_in(api, connected)
        connected.claims["sub"] = "eve"
        assert await sign_in(api, connected) == ("/sign-in?problem=account_taken", False)
        assert [subject for subject, _ in (await traces(databases))[1]] == ["noa"]

    async def test_one_tenants_provider_means_nobody_of_another(self, api, world, connected, databases, monkeypatch):
        """The other tenant's admin runs a provider that says it is ours, and claims our addresses."""
        async with another(monkeypatch) as evil:
            await connect(api, world.other_admin, evil.issuer, mail_domains=["nordlys.example", "other.example"])
            for said in ({}, {"iss": connected.issuer}):
                evil.claims.update(said)
                where, entered = await sign_in(api, evil, organization="other")
                assert (where.startswith("/sign-in?problem="), entered) == (True, False)
        assert await traces(databases) == (0, [])

    async def test_a_code_of_one_provider_is_not_taken_to_another(self, api, world, connected, databases, monkeypatch):
        """Mix-up: the browser began at the liar's, who answers with the honest one's code."""
        async with another(monkeypatch) as evil:
            await connect(api, world.other_admin, evil.issuer, mail_domains=["other.example"])
            browser = start(api)
            theirs = evil.visit(await begin(browser, organization="other"))
            honest = connected.visit(await begin(start(api)))
            for back in ({**theirs, "code": honest["code"]}, {**theirs, "code": honest["code"], "iss": honest["iss"]}):
                where, entered = await come_back(browser, **back)
                assert (where.startswith("/sign-in?problem="), entered) == (True, False)
            assert honest["code"] in connected.codes
        assert await traces(databases) == (0, [])

    async def test_a_provider_that_was_changed_meanwhile_finishes_nothing(self, api, world, connected, databases):
        browser = start(api)
        back = connected.visit(await begin(browser))
        await connect(api, world.admin, "http://127.0.0.1:9")
        assert await come_back(browser, **back) == ("/sign-in?problem=identity_provider_refused", False)
        assert await traces(databases) == (0, [])

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("issuer", "https://evil.example"), ("token_endpoint", None), ("jwks_uri", "file:///etc/passwd"),
            ("authorization_endpoint", "javascript:alert(1)"),
            ("id_token_signing_alg_values_supported", ["none", "HS256"]),
        ],
    )  # fmt: skip
    async def test_metadata_that_cannot_be_used_sends_nobody_anywhere(self, api, connected, field, value):
        connected.metadata[field] = value
        answer = await start(api).post("/v1/logins/oidc", json={"organization": "nordlys"})
        problem(answer, 401, "identity_provider_refused")

    async def test_a_provider_that_hangs_or_is_huge_is_away(self, api, connected, monkeypatch):
        monkeypatch.setattr(oidc, "TIMEOUT_S", 0.3)
        connected.hangs.add(WELL_KNOWN)
        problem(await start(api).post("/v1/logins/oidc", json={"organization": "nordlys"}), 503, AWAY)
        connected.hangs.clear()
        connected.answers[WELL_KNOWN] = (200, {}, b" " * 400_000)
        problem(await start(api).post("/v1/logins/oidc", json={"organization": "nordlys"}), 503, AWAY)


class TestAskingAgain:
    async def test_the_provider_is_told_and_what_it_says_counts(self, api, world, connected):
        connected.claims |= {"email": world.admin.email, "sub": "helena"}
        browser = start(api)
        url = await begin(browser, organization="nordlys", fresh=True)
        asked = parse_qs(urlsplit(url).query)
        assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
        assert (await come_back(browser, **connected.visit(url)))[1]
        body = {"person_id": str(world["noa"].id), "role": "sponsor"}
        assert (await browser.post("/v1/organization/grants", json=body)).status_code == 201

    @pytest.mark.parametrize("at", [..., 1_700_000_000, 4_000_000_000, "now", True])
    async def test_without_a_recent_proof_it_fails(self, api, connected, at):
        connected.claims["auth_time"] = at
        assert await sign_in(api, connected, organization="nordlys", fresh=True) == (
            "/sign-in?problem=sign_in_not_fresh", False,
        )  # fmt: skip

    @pytest.mark.parametrize("at", [..., 1_700_000_000])
    async def test_a_silent_sign_in_is_strong_but_not_fresh(self, api, world, connected, at):
        connected.claims |= {"email": world.admin.email, "sub": "helena", "auth_time": at}
        browser = start(api)
        assert await sign_in(api, connected, browser) == ("/", True)
        assert (await browser.get("/v1/organization/grants")).status_code == 200
        body = {"person_id": str(world["noa"].id), "role": "sponsor"}
        answer = await browser.post("/v1/organization/grants", json=body)
        assert problem(answer, 403, "fresh_sign_in_needed")["params"] == {"method": "oidc"}


class TestFindingTheProvider:
    async def test_known_and_unknown_addresses_of_a_domain_look_alike(self, api, connected):
        texts = []
        for email in ("noa.virtanen@nordlys.example", "nobody@nordlys.example", "kaisa.lehto@nordlys.example"):
            answer = await start(api).post("/v1/logins/oidc", json={"email": email})
            hidden = re.sub(r"(state|nonce|code_challenge|login_hint)=[^&\"]+", "", answer.text)
            texts.append((answer.status_code, hidden, sorted(answer.headers)))
        assert len({str(text) for text in texts}) == 1

    @pytest.mark.parametrize("who", [{"email": "a@nowhere.example"}, {"organization": "nowhere"}, {}])
    async def test_without_one_there_is_nowhere_to_go_and_no_cookie(self, api, connected, who):
        answer = await api().post("/v1/logins/oidc", json=who)
        assert answer.json() == {"label": None, "authorization_url": None}
        assert "set-cookie" not in answer.headers

    async def test_nobody_speaks_for_a_domain_where_others_work(self, api, world, provider):
        await connect(api, world.other_admin, provider.issuer, mail_domains=["nordlys.example"])
        assert await begin(start(api)) is None

    async def test_of_two_that_claim_a_domain_neither_speaks_for_it(self, api, world, connected):
        more = ["nordlys.example", "shared.example"]
        await connect(api, world.admin, connected.issuer, mail_domains=more)
        assert await begin(start(api), email="a@shared.example") is not None
        await connect(api, world.other_admin, connected.issuer, mail_domains=["shared.example"])
        assert await begin(start(api), email="a@shared.example") is None

    @pytest.mark.parametrize(
        "page", ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "", "/\t/evil", "/a\\b"]
    )
    async def test_the_page_to_open_is_one_of_ours(self, api, connected, page):
        body = {"organization": "nordlys", "next": page}
        problem(await api().post("/v1/logins/oidc", json=body), 422, "validation_failed")


class TestSettings:
    async def test_an_admin_sets_reads_and_removes_it(self, api, world, provider):
        admin, path = api(world.admin), "/v1/organization/identity-provider"
        problem(await admin.get(path), 404, "not_found")
        made = await admin.put(path, json=settings_of(provider.issuer, mail_domains=["Nordlys.example"]))
        assert made.json()["mail_domains"] == ["nordlys.example"]
        assert made.json()["redirect_uri"] == f"http://127.0.0.1:8000{CALLBACK}"
        assert "a secret" not in made.text
        assert (await admin.get(path)).json() == made.json()
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
