"""OAuth for apps: a code for a person's yes, tokens for the code, and what ends them."""

import asyncio
import re
import secrets
from urllib.parse import urlsplit

import asyncpg
import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client
from sqlalchemy import select
from support.contract import CheckedTransport, etag_of, problem
from support.phone import CHALLENGE, LINK, LOOPBACK, SCHEME, Phone, query_of

from vuoro.core.history import AuditEntry
from vuoro.identity.models import AppConsent, Token

HERE = "http://127.0.0.1:8000"


def refused(answer, error, status=400):
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


async def register(api, admin, **more):
    body = {"name": "Turns", "redirect_uris": [SCHEME, LINK, LOOPBACK], **more}
    answer = await api(admin).post("/v1/oauth-clients", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
async def phone(api, world):
    return Phone(api, (await register(api, world.admin))["id"])


async def opens(api, token, path="/v1/people"):
    return (await api(token).get(path)).status_code


class TestAsking:
    async def test_a_sound_request_goes_to_the_page_that_asks_with_all_it_brought(self, phone):
        answer = await phone.ask(scope="me:read", prompt="login")
        assert (answer.status_code, urlsplit(answer.headers["location"]).path) == (303, "/authorize")
        assert query_of(answer.headers["location"]) == phone.asked(scope="me:read")

    @pytest.mark.parametrize(
        "redirect_uri",
        [
            None, "", "https://evil.example/back", f"{LINK}/", f"{LINK}?a=b", "https://turns.example.evil.example/back",
            "HTTPS://turns.example/back", "com.example.turns:/back2", "javascript:alert(1)",
            "http://127.0.0.1.evil.example/back", "http://127.0.0.1@evil.example/back", "http://127.0.0.1:99/other",
            "http://localhost/back", "https://127.0.0.1/back", "//turns.example/back",
        ],
    )  # fmt: skip
    async def test_nothing_is_ever_sent_to_an_address_that_was_not_registered(self, phone, redirect_uri):
        answer = await phone.ask(redirect_uri=redirect_uri)
        refused(answer, "invalid_request")
        assert "location" not in answer.headers

    @pytest.mark.parametrize("client_id", [None, "", "x", "00000000-0000-7000-8000-000000000000"])
    async def test_nothing_is_ever_sent_for_an_unknown_app(self, phone, client_id):
        answer = await phone.ask(client_id=client_id)
        refused(answer, "invalid_request")
        assert "location" not in answer.headers

    async def test_a_parameter_that_comes_twice_is_refused_without_sending_it_on(self, phone):
        doubled = [*phone.asked().items(), ("redirect_uri", "https://evil.example/")]
        refused(await phone.api().get("/oauth/authorize", params=doubled), "invalid_request")

    @pytest.mark.parametrize("redirect_uri", ["http://127.0.0.1:49152/back", "http://127.0.0.1/back"])
    async def test_a_program_on_the_own_machine_may_listen_on_any_port(self, phone, redirect_uri):
        assert urlsplit((await phone.ask(redirect_uri=redirect_uri)).headers["location"]).path == "/authorize"

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"response_type": None}, "unsupported_response_type"),
            ({"code_challenge": None}, "invalid_request"),
            ({"code_challenge": "short"}, "invalid_request"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
            ({"code_challenge_method": None}, "invalid_request"),
            ({"scope": "me:read people:read"}, "invalid_scope"),
        ],
    )
    async def test_other_faults_are_told_to_the_app_with_its_state_and_our_name(self, phone, wrong, error):
        answer = await phone.ask(**wrong)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"{SCHEME}?")
        told = query_of(answer.headers["location"])
        assert (told["error"], told["state"], told["iss"]) == (error, "s", HERE)


class TestConsent:
    async def request(self, api, phone, who, **more):
        return await api(who).get("/v1/me/app-request", params=phone.asked(**more))

    async def test_the_person_reads_who_asks_for_what(self, api, world, phone):
        body = (await self.request(api, phone, world["noa"], scope="me:read")).json()
        assert body == {
            "client_id": phone.client_id, "name": "Turns", "scopes": ["me:read"], "redirect_uri": SCHEME,
            "known": False,
        }  # fmt: skip

    async def test_who_said_yes_is_not_asked_again_where_only_the_app_itself_gets_the_answer(self, api, world, phone):
        noa = world["noa"]
        await phone.allowed(noa, redirect_uri=LINK, scope="me:read")
        assert (await self.request(api, phone, noa, redirect_uri=LINK, scope="me:read")).json()["known"] is True
        assert (await self.request(api, phone, noa, redirect_uri=LINK)).json()["known"] is False
        assert (await self.request(api, phone, noa, scope="me:read")).json()["known"] is False
        assert (await self.request(api, phone, world["leo"], redirect_uri=LINK)).json()["known"] is False

    async def test_a_no_gives_the_app_no_code(self, api, world, phone):
        answer = await api(world["noa"]).post("/v1/me/app-request", json={**phone.asked(), "allow": False})
        told = query_of(answer.json()["redirect_to"])
        assert told == {"error": "access_denied", "state": "s", "iss": HERE}
        assert (await api(world["noa"]).get("/v1/me/apps")).json()["items"] == []

    async def test_a_yes_is_checked_like_the_request(self, api, world, phone):
        for wrong in ({"redirect_uri": "https://evil.example/"}, {"code_challenge_method": "plain"}, {"scope": "all"}):
            for allow in (True, False):
                body = {**phone.asked(**wrong), "allow": allow}
                answer = await api(world["noa"]).post("/v1/me/app-request", json=body)
                problem(answer, 422, "validation_failed")

    async def test_another_organizations_app_is_not_there(self, api, world, phone):
        problem(await self.request(api, phone, world.other_person), 404, "not_found")
        body = {**phone.asked(), "allow": True}
        problem(await api(world.other_person).post("/v1/me/app-request", json=body), 404, "not_found")

    async def test_another_site_cannot_say_yes_for_somebody(self, api, world, phone):
        token = await api.sign_in(world["noa"])
        headers = {"Cookie": f"vuoro_session={token}", "Sec-Fetch-Site": "cross-site"}
        body = {**phone.asked(), "allow": True}
        problem(await api().post("/v1/me/app-request", json=body, headers=headers), 403, "cross_site")

    async def test_an_app_lets_no_other_app_in(self, api, world, phone):
        tokens = await phone.sign_in(world["noa"])
        body = {**phone.asked(), "allow": True}
        problem(await api(tokens["access_token"]).post("/v1/me/app-request", json=body), 403, "forbidden")

    async def test_one_yes_twice_by_one_key_is_one_consent_and_two_codes(self, api, world, phone):
        noa, body = api(world["noa"], idempotency_key="once"), {**phone.asked(), "allow": True}
        answers = [(await noa.post("/v1/me/app-request", json=body)).json()["redirect_to"] for _ in range(2)]
        assert len({query_of(answer)["code"] for answer in answers}) == 2
        assert len((await noa.get("/v1/me/apps")).json()["items"]) == 1


class TestCodes:
    async def test_a_code_changes_into_tokens_that_act_as_the_person(self, api, world, phone):
        tokens = await phone.sign_in(world["noa"])
        assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 900, "me:read me:write")
        me = api(tokens["access_token"])
        assert (await me.get("/v1/me")).json()["person"]["id"] == str(world["noa"].id)
        path = "/v1/me/preferences"
        changed = await me.patch(path, json={"locale": "sv"}, headers=etag_of(await me.get(path)))
        assert changed.json()["locale"] == "sv"

    async def test_the_answer_names_the_issuer_and_returns_the_state(self, world, phone):
        told = await phone.allowed(world["noa"], state="a b&c=d#e/ä")
        assert (set(told), told["state"], told["iss"]) == ({"code", "state", "iss"}, "a b&c=d#e/ä", HERE)

    async def test_a_code_works_once_and_its_second_use_ends_what_came_of_the_first(self, api, world, phone, databases):
        code = (await phone.allowed(world["noa"]))["code"]
        tokens = (await phone.change(code)).json()
        assert await opens(api, tokens["access_token"]) == 200
        refused(await phone.change(code), "invalid_grant")
        assert await opens(api, tokens["access_token"]) == 401
        refused(await phone.refresh(tokens["refresh_token"]), "invalid_grant")
        async with databases.app.transaction(world.system) as db:
            told = (await db.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "app.reuse"))).all()
        assert told == [world["noa"].id]

    async def test_a_second_use_is_known_as_long_as_anything_of_it_lives(self, api, world, phone, clock):
        clock.advance()
        code = (await phone.allowed(world["noa"]))["code"]
        tokens = (await phone.change(code)).json()
        clock.advance(days=20)
        refused(await phone.change(code), "invalid_grant")
        refused(await phone.refresh(tokens["refresh_token"]), "invalid_grant")

    async def test_of_many_at_once_one_changes_it_and_nothing_of_it_lives_on(self, api, world, phone):
        code = (await phone.allowed(world["noa"]))["code"]
        answers = await asyncio.gather(*[phone.change(code) for _ in range(6)])
        assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400, 400]
        (won,) = [answer.json() for answer in answers if answer.status_code == 200]
        assert await opens(api, won["access_token"]) == 401

    @pytest.mark.parametrize(
        "wrong",
        [
            {"code_verifier": "w" * 43},
            {"code_verifier": None},
            {"code_verifier": CHALLENGE},
            {"code_verifier": "v" * 42},
            {"redirect_uri": LINK},
            {"redirect_uri": None},
        ],
    )
    async def test_one_wrong_try_uses_it_up(self, world, phone, wrong):
        code = (await phone.allowed(world["noa"]))["code"]
        refused(await phone.change(code, **wrong), "invalid_grant")
        refused(await phone.change(code), "invalid_grant")

    async def test_another_app_cannot_change_it(self, api, world, phone):
        code = (await phone.allowed(world["noa"]))["code"]
        other = Phone(api, (await register(api, world.admin, name="Other"))["id"])
        refused(await other.change(code), "invalid_grant")
        assert (await phone.change(code)).status_code == 200

    async def test_it_ends_after_a_minute(self, world, phone, clock):
        clock.advance()
        code = (await phone.allowed(world["noa"]))["code"]
        clock.advance(seconds=60)
        refused(await phone.change(code), "invalid_grant")

    async def test_whoever_left_in_between_gets_nothing(self, api, world, phone):
        code = (await phone.allowed(world["noa"]))["code"]
        await leave(api, world, "noa")
        refused(await phone.change(code), "invalid_grant")

    async def test_whoever_took_the_yes_back_in_between_lets_nothing_in(self, api, world, phone):
        code = (await phone.allowed(world["noa"]))["code"]
        await end_all(api, world["noa"])
        refused(await phone.change(code), "invalid_grant")


async def leave(api, world, who):
    admin, path = api(world.admin), f"/v1/people/{world[who].id}"
    assert (await admin.delete(path, headers=etag_of(await admin.get(path)))).status_code == 204


async def end_all(api, who):
    for app in (await api(who).get("/v1/me/apps")).json()["items"]:
        assert (await api(who).delete(f"/v1/me/apps/{app['id']}")).status_code == 204


class TestAccess:
    async def test_it_ends_after_fifteen_minutes(self, api, world, phone, clock):
        clock.advance()
        tokens = await phone.sign_in(world["noa"])
        clock.advance(minutes=14, seconds=59)
        assert await opens(api, tokens["access_token"]) == 200
        clock.advance(seconds=1)
        assert await opens(api, tokens["access_token"]) == 401

    async def test_a_leavers_phone_is_out_at_the_next_request(self, api, world, phone):
        tokens = await phone.sign_in(world["noa"])
        assert await opens(api, tokens["access_token"]) == 200
        await leave(api, world, "noa")
        assert await opens(api, tokens["access_token"]) == 401
        refused(await phone.refresh(tokens["refresh_token"]), "invalid_grant")

    async def test_a_role_that_was_taken_away_is_gone_at_the_next_request(self, api, world, phone):
        admin, body = api(world.admin), {"person_id": str(world["noa"].id), "role": "sponsor"}
        grant = (await admin.post("/v1/organization/grants", json=body)).json()
        noa = api((await phone.sign_in(world["noa"]))["access_token"])
        assert (await noa.get("/v1/me")).json()["grants"] == [{"role": "sponsor", "program_id": None, "unit_id": None}]
        await admin.delete(f"/v1/organization/grants/{grant['id']}")
        assert (await noa.get("/v1/me")).json()["grants"] == []

    async def test_what_needs_a_strong_sign_in_stays_in_the_browser(self, api, world, phone):
        for who in (world.admin, world.manager):
            app = api((await phone.sign_in(who))["access_token"])
            me = (await app.get("/v1/me")).json()
            assert (me["person"]["id"], me["grants"]) == (str(who.id), [])
            problem(await app.get("/v1/api-clients"), 403, "forbidden")
            problem(await app.post("/v1/me/passkeys/options"), 403, "fresh_sign_in_needed")

    async def test_an_app_gets_nobody_whole(self, api, world, phone):
        app = api((await phone.sign_in(world["noa"]))["access_token"])
        problem(await app.get("/v1/me/export"), 403, "forbidden")

    async def test_an_app_that_may_only_look_changes_nothing(self, api, world, phone):
        looks = api((await phone.sign_in(world["noa"], scope="me:read"))["access_token"])
        path = "/v1/me/preferences"
        tag = etag_of(await looks.get(path))
        problem(await looks.patch(path, json={"locale": "sv"}, headers=tag), 403, "insufficient_scope")

    async def test_a_refresh_token_and_a_code_are_no_sign_in(self, api, world, phone):
        tokens = await phone.sign_in(world["noa"])
        assert await opens(api, tokens["refresh_token"]) == 401
        assert await opens(api, (await phone.allowed(world["noa"]))["code"]) == 401

    async def test_removing_the_app_ends_it_for_everybody_at_once(self, api, world, phone):
        tokens = await phone.sign_in(world["noa"])
        assert (await api(world.admin).delete(f"/v1/oauth-clients/{phone.client_id}")).status_code == 204
        assert await opens(api, tokens["access_token"]) == 401
        refused(await phone.refresh(tokens["refresh_token"]), "invalid_client", 401)
        refused(await phone.ask(), "invalid_request")


class TestRefreshing:
    async def test_every_refresh_brings_a_new_pair_and_the_old_access_runs_out_by_itself(self, api, world, phone):
        first = await phone.sign_in(world["noa"])
        second = (await phone.refresh(first["refresh_token"])).json()
        assert not set(first.values()) & {second["access_token"], second["refresh_token"]}
        assert [await opens(api, tokens["access_token"]) for tokens in (first, second)] == [200, 200]

    async def test_a_second_use_ends_the_whole_family_and_no_other(self, api, world, phone):
        first, other = await phone.sign_in(world["noa"]), await phone.sign_in(world["noa"])
        second = (await phone.refresh(first["refresh_token"])).json()
        third = (await phone.refresh(second["refresh_token"])).json()
        refused(await phone.refresh(first["refresh_token"]), "invalid_grant")
        assert [await opens(api, one["access_token"]) for one in (first, second, third)] == [401, 401, 401]
        refused(await phone.refresh(third["refresh_token"]), "invalid_grant")
        assert await opens(api, other["access_token"]) == 200
        assert (await phone.refresh(other["refresh_token"])).status_code == 200

    async def test_of_many_at_once_one_wins_and_the_family_is_dead(self, api, world, phone, databases):
        for _ in range(3):
            tokens = await phone.sign_in(world["noa"])
            answers = await asyncio.gather(*[phone.refresh(tokens["refresh_token"]) for _ in range(6)])
            assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400, 400]
            (won,) = [answer.json() for answer in answers if answer.status_code == 200]
            assert await opens(api, won["access_token"]) == 401
        async with databases.auth.transaction() as db:
            left = await db.scalars(select(Token.kind).where(Token.consent_id.is_not(None)))
        assert left.all() == []

    async def test_the_next_one_in_use_while_the_old_one_comes_back_leaves_nothing_alive(self, api, world, phone):
        for _ in range(5):
            first = await phone.sign_in(world["noa"])
            second = (await phone.refresh(first["refresh_token"])).json()
            stolen, own = await asyncio.gather(
                phone.refresh(first["refresh_token"]), phone.refresh(second["refresh_token"])
            )
            refused(stolen, "invalid_grant")
            if own.status_code == 200:
                assert await opens(api, own.json()["access_token"]) == 401
                refused(await phone.refresh(own.json()["refresh_token"]), "invalid_grant")

    async def test_another_app_cannot_use_it(self, api, world, phone):
        tokens = await phone.sign_in(world["noa"])
        other = Phone(api, (await register(api, world.admin, name="Other"))["id"])
        refused(await other.refresh(tokens["refresh_token"]), "invalid_grant")
        assert (await phone.refresh(tokens["refresh_token"])).status_code == 200

    async def test_scopes_narrow_and_never_widen(self, api, world, phone):
        both, one = await phone.sign_in(world["noa"]), await phone.sign_in(world["noa"], scope="me:read")
        refused(await phone.refresh(one["refresh_token"], scope="me:read me:write"), "invalid_scope")
        assert (await phone.refresh(one["refresh_token"])).json()["scope"] == "me:read"
        assert (await phone.refresh(both["refresh_token"], scope="me:read")).json()["scope"] == "me:read"

    async def test_it_ends_after_thirty_idle_days(self, world, phone, clock):
        clock.advance()
        token = (await phone.sign_in(world["noa"]))["refresh_token"]
        clock.advance(days=29)
        token = (await phone.refresh(token)).json()["refresh_token"]
        clock.advance(days=30)
        refused(await phone.refresh(token), "invalid_grant")

    async def test_it_ends_after_ninety_days_however_busy(self, api, world, phone, clock):
        clock.advance()
        tokens = await phone.sign_in(world["noa"])
        for _ in range(3):
            clock.advance(days=29)
            tokens = (await phone.refresh(tokens["refresh_token"])).json()
        clock.advance(days=2, hours=23, minutes=55)
        tokens = (await phone.refresh(tokens["refresh_token"])).json()
        assert tokens["expires_in"] == 300
        clock.advance(minutes=5)
        assert await opens(api, tokens["access_token"]) == 401
        refused(await phone.refresh(tokens["refresh_token"]), "invalid_grant")

    async def test_what_ran_out_is_cleared_away(self, world, phone, clock, databases):
        clock.advance()
        tokens = await phone.sign_in(world["noa"])
        for _ in range(3):
            clock.advance(minutes=16)
            tokens = (await phone.refresh(tokens["refresh_token"])).json()
        async with databases.auth.transaction() as db:
            kinds = list(await db.scalars(select(Token.kind).where(Token.kind == "access")))
        assert kinds == ["access"]


class TestEnding:
    async def test_an_app_signs_out_by_either_token(self, api, world, phone):
        for kind in ("access_token", "refresh_token"):
            tokens = await phone.sign_in(world["noa"])
            answer = await api().post("/oauth/revoke", data={"client_id": phone.client_id, "token": tokens[kind]})
            assert (answer.status_code, answer.content) == (200, b"")
            assert await opens(api, tokens["access_token"]) == 401
            refused(await phone.refresh(tokens["refresh_token"]), "invalid_grant")

    async def test_an_unknown_token_and_another_apps_are_answered_alike_and_nothing_ends(self, api, world, phone):
        tokens = await phone.sign_in(world["noa"])
        other = (await register(api, world.admin, name="Other"))["id"]
        for client_id, token in ((other, tokens["access_token"]), (phone.client_id, "unknown")):
            answer = await api().post("/oauth/revoke", data={"client_id": client_id, "token": token})
            assert (answer.status_code, answer.content) == (200, b"")
        assert await opens(api, tokens["access_token"]) == 200

    async def test_a_browsers_sign_in_and_an_apps_are_ended_apart(self, api, world, phone):
        tokens, login = await phone.sign_in(world["noa"]), await api.sign_in(world["noa"])
        await api().post("/oauth/revoke", data={"client_id": phone.client_id, "token": login})
        await api(tokens["access_token"]).delete("/v1/logins/current")
        assert [await opens(api, token) for token in (tokens["access_token"], login)] == [200, 200]

    async def test_the_person_sees_the_app_and_ends_it(self, api, world, phone, clock, databases):
        clock.freeze("2026-11-24T09:30:00Z")
        tokens, noa = await phone.sign_in(world["noa"], scope="me:read"), api(world["noa"])
        (app,) = (await noa.get("/v1/me/apps")).json()["items"]
        assert (app["name"], app["scopes"], app["last_used_on"]) == ("Turns", ["me:read"], "2026-11-24")
        problem(await api(world["leo"]).delete(f"/v1/me/apps/{app['id']}"), 404, "not_found")
        assert (await noa.delete(f"/v1/me/apps/{app['id']}")).status_code == 204
        assert await opens(api, tokens["access_token"]) == 401
        refused(await phone.refresh(tokens["refresh_token"]), "invalid_grant")
        assert (await noa.get("/v1/me/apps")).json()["items"] == []
        async with databases.app.transaction(world.system) as db:
            entries = await db.execute(select(AuditEntry.action, AuditEntry.actor_id).order_by(AuditEntry.id))
            told = [tuple(entry) for entry in entries if entry.action.startswith("app.")]
        assert told == [("app.allow", world["noa"].id), ("app.end", world["noa"].id)]

    async def test_a_new_yes_does_not_revive_what_the_old_one_gave(self, api, world, phone):
        old = await phone.sign_in(world["noa"])
        await end_all(api, world["noa"])
        await phone.sign_in(world["noa"])
        assert await opens(api, old["access_token"]) == 401
        refused(await phone.refresh(old["refresh_token"]), "invalid_grant")


class TestTheForm:
    @pytest.mark.parametrize(
        ("form", "error", "status"),
        [
            ({}, "invalid_request", 400),
            ({"grant_type": "password"}, "unsupported_grant_type", 400),
            ({"grant_type": "authorization_code"}, "invalid_request", 400),
            ({"grant_type": "refresh_token", "refresh_token": ""}, "invalid_request", 400),
            ({"grant_type": "refresh_token", "refresh_token": "x" * 5000}, "invalid_grant", 400),
            ({"grant_type": "client_credentials"}, "invalid_client", 401),
            ({"grant_type": "refresh_token", "refresh_token": "x", "client_secret": "x"}, "invalid_client", 401),
            ({"grant_type": "refresh_token", "refresh_token": "x", "client_id": "x"}, "invalid_client", 401),
            ({"grant_type": "refresh_token", "refresh_token": "x", "client_id": ""}, "invalid_request", 400),
        ],
    )
    async def test_what_cannot_be_granted_is_refused_in_oauths_own_words(self, phone, form, error, status):
        refused(await phone.token(**form), error, status)

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b'{"grant_type":"refresh_token"}', "application/json"),
            (b"grant_type=refresh_token&grant_type=refresh_token", "application/x-www-form-urlencoded"),
            (b"\xff\xfe", "application/x-www-form-urlencoded"),
            (b"a=%ff", "application/x-www-form-urlencoded"),
            (b"&".join(b"a%d=1" % n for n in range(60)), "application/x-www-form-urlencoded"),
        ],
    )
    async def test_a_form_that_cannot_be_read_is_refused(self, api, body, kind):
        for path in ("/oauth/token", "/oauth/revoke"):
            refused(await api().post(path, content=body, headers={"Content-Type": kind}), "invalid_request")

    async def test_guessing_is_slowed_down(self, phone, clock):
        clock.advance()
        answers = [await phone.refresh(f"guess-{n}") for n in range(61)]
        assert [answer.status_code for answer in answers] == [400] * 60 + [429]
        assert int(answers[-1].headers["retry-after"]) > 0

    async def test_another_site_cannot_use_the_door_through_a_browser(self, api, phone):
        answer = await api(sec_fetch_site="cross-site").post("/oauth/token", data={"client_id": phone.client_id})
        problem(answer, 403, "cross_site")


class TestApps:
    @pytest.mark.parametrize(
        "uri",
        [
            "http://turns.example/back", "http://localhost/back", "http://127.0.0.1.evil.example/", "turns:/back",
            "javascript:alert(1)", "data:text/html,x", "https://*.example/back", "https://turns.example/back#top",
            "https://turns/back", "https://me@turns.example/", "com.example.turns:", "com.example.turns:/b#f", "", "x",
            "https://turns.example/a b", "https://turns.example/\u00e4", "https://turns.example:port/", "https:/x.y/z",
            "https:///back", "file:///etc/passwd", "intent://x.example/#Intent;end",
        ],
    )  # fmt: skip
    async def test_addresses_that_others_could_take_are_not_registered(self, api, world, uri):
        answer = await api(world.admin).post("/v1/oauth-clients", json={"name": "Turns", "redirect_uris": [uri]})
        fault = problem(answer, 422, "validation_failed")
        assert fault["errors"][0]["pointer"] == "/redirect_uris/0"

    @pytest.mark.parametrize(
        "uri",
        ["https://turns.example/", "https://turns.example:8443/a?b=c", "fi.turns.app://back", "http://[::1]/back"],
    )
    async def test_app_links_reversed_domains_and_loopbacks_are(self, api, world, uri):
        assert (await register(api, world.admin, redirect_uris=[uri]))["redirect_uris"] == [uri]

    async def test_an_admin_changes_an_app_and_a_removed_address_gets_no_more_answers(self, api, world, phone):
        admin, path = api(world.admin), f"/v1/oauth-clients/{phone.client_id}"
        tag = etag_of(await admin.get(path))
        changed = await admin.patch(path, json={"redirect_uris": [LINK]}, headers=tag)
        assert changed.json()["redirect_uris"] == [LINK]
        problem(await admin.patch(path, json={"name": "x"}, headers=tag), 412, "precondition_failed")
        refused(await phone.ask(), "invalid_request")

    async def test_only_admins_of_the_same_organization_see_and_change_apps(self, api, world, phone):
        path = f"/v1/oauth-clients/{phone.client_id}"
        for who, status, code in (("petra", 403, "forbidden"), ("noa", 403, "forbidden")):
            problem(await api(world[who]).get(path), status, code)
            problem(await api(world[who]).get("/v1/oauth-clients"), status, code)
        problem(await api(world.other_admin).get(path), 404, "not_found")
        problem(await api(world.other_admin).delete(path), 404, "not_found")
        assert (await api(world.other_admin).get("/v1/oauth-clients")).json()["items"] == []
        assert len((await api(world.admin).get("/v1/oauth-clients")).json()["items"]) == 1

    async def test_phones_learn_which_apps_open_which_links(self, api, world):
        prints, apple = [":".join(["AB"] * 32)], "ABCDE12345.com.example.turns"
        await register(
            api, world.admin, redirect_uris=[f"{HERE.replace('http', 'https')}/app", SCHEME],
            android_package="com.example.turns", android_fingerprints=prints, apple_app_id=apple,
        )  # fmt: skip
        (android,) = (await api().get("/.well-known/assetlinks.json")).json()
        assert android["target"] == {
            "namespace": "android_app", "package_name": "com.example.turns", "sha256_cert_fingerprints": prints,
        }  # fmt: skip
        # This service is not reached by https here, so no address of an app is a link of its own.
        assert (await api().get("/.well-known/apple-app-site-association")).json() == {"applinks": {"details": []}}


class TestIndependently:
    async def test_a_client_library_signs_in_refreshes_and_signs_out(self, api, application, contract, world, phone):
        metadata = (await api().get("/.well-known/oauth-authorization-server")).json()
        assert metadata["issuer"] == HERE
        assert metadata["code_challenge_methods_supported"] == ["S256"]
        transport = CheckedTransport(application, contract)
        async with AsyncOAuth2Client(
            phone.client_id, redirect_uri=SCHEME, code_challenge_method="S256", token_endpoint_auth_method="none",
            token_endpoint=metadata["token_endpoint"], transport=transport,
        ) as client:  # fmt: skip
            verifier = secrets.token_urlsafe(48)
            address, state = client.create_authorization_url(
                metadata["authorization_endpoint"], code_verifier=verifier, scope="me:read"
            )
            page = (await client.request("get", address, withhold_token=True)).headers["location"]
            asked = query_of(page)
            answer = await api(world["noa"]).post("/v1/me/app-request", json={**asked, "allow": True})
            token = await client.fetch_token(
                metadata["token_endpoint"], authorization_response=answer.json()["redirect_to"], state=state,
                code_verifier=verifier,
            )  # fmt: skip
            assert token["scope"] == "me:read"
            assert (await client.get(f"{HERE}/v1/me")).json()["person"]["id"] == str(world["noa"].id)
            before = token["access_token"]
            token = await client.refresh_token(metadata["token_endpoint"])
            assert token["access_token"] != before
            assert (await client.get(f"{HERE}/v1/me")).status_code == 200
            revoked = await client.revoke_token(metadata["revocation_endpoint"], token=token["refresh_token"])
            assert revoked.status_code == 200
            assert (await client.get(f"{HERE}/v1/me")).status_code == 401


async def test_the_database_shows_a_consent_to_its_giver_alone(world, databases, phone):
    await phone.allowed(world["noa"])
    for who, rows in ((world["noa"], 1), (world["emil"], 0), (world.admin, 0)):
        async with databases.app.transaction(who.actor) as db:
            assert len((await db.scalars(select(AppConsent.id))).all()) == rows, who.key


async def test_the_database_keeps_no_token_that_could_be_used(api, world, phone, postgres, database_name):
    code = (await phone.allowed(world["noa"]))["code"]
    tokens = (await phone.change(code)).json()
    machine = (await api(world.admin).post("/v1/api-clients", json={"name": "BI", "scopes": ["people:read"]})).json()
    key = (await api(world.admin).post(f"/v1/api-clients/{machine['id']}/secrets")).json()["secret"]
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    try:
        names = await connection.fetch(
            "select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where c.relkind = 'r' and n.nspname in ('public', 'auth', 'jobs')"
        )
        rows = [
            row["line"] for name in names for row in await connection.fetch(f"select t::text as line from {name[0]} t")
        ]
    finally:
        await connection.close()
    everything = "\n".join(rows)
    assert str(machine["id"]) in everything
    for secret in (code, tokens["access_token"], tokens["refresh_token"], key):
        assert secret not in everything
        random = re.sub(r"^vuoro_(live_[0-9a-f]+|[a-z]+)_", "", secret)
        assert len(random) >= 43
        assert random not in everything
