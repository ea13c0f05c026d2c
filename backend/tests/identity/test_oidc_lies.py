"""Sign-in at a provider that lies: nobody comes in."""

import base64
import json

import pytest
from identity.oidc_way import WELL_KNOWN, another, answers, begin, come_back, connect, sign_in, start, traces
from joserfc import jwk
from support.contract import problem

from vuoro.identity import oidc


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
    "an algorithm that it never named": (header(alg="RS512"), REFUSED),
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

CAUGHT_BY = {
    "_check": [
        "another issuer", "no issuer", "for another client", "for nobody", "given to another",
        "for two, given to nobody", "expired", "never expires", "issued in the future", "not valid yet",
        "another nonce", "no nonce",
    ],
    "_verified": [
        "algorithm none", "the public key as a secret", "an algorithm that it never named",
        "a key of another id", "another key of the known id",
        "a key that came along",
    ],
}  # fmt: skip


async def believed(_, token):
    """The claims of a token, whoever signed it."""
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


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

    @pytest.mark.parametrize("check", ["_check", "_verified"])
    async def test_a_lie_comes_in_where_its_check_is_missing(self, api, connected, monkeypatch, check):
        """The control: nothing but that check stands between these lies and a sign-in."""
        monkeypatch.setattr(oidc, check, (lambda *_: None) if check == "_check" else believed)
        honest = dict(connected.claims), dict(connected.header)
        for lie in CAUGHT_BY[check]:
            connected.claims, connected.header, connected.signer = dict(honest[0]), dict(honest[1]), connected.key
            LIES[lie][0](connected)
            assert await sign_in(api, connected) == ("/", True), lie

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
