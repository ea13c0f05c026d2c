"""Sign-in at the organization's own provider, when it is honest."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from identity.oidc_way import CALLBACK, WELL_KNOWN, begin, come_back, connect, sign_in, start, traces
from joserfc import jwk
from sqlalchemy import select
from support.contract import problem

from vuoro.core.history import AuditEntry


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
