"""Sign-in: a link works once and for ten minutes, and tells nobody who works here."""

import asyncio
import re
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from sqlalchemy import func, select
from support.contract import etag_of, problem

from vuoro.core.crypto import hash_token
from vuoro.core.outbox import OutboxFact
from vuoro.core.settings import settings
from vuoro.identity import logins, mail_codes
from vuoro.identity.models import Challenge, Token


async def link(databases, who, minutes=10):
    async with databases.auth.transaction() as db:
        address = await logins.make_link(db, who.organization_id, who.id, minutes)
    return address.partition("#token=")[2]


async def redeem(api, token, **headers):
    return await api().post("/v1/logins/redeem", json={"token": token}, headers=headers)


def cookie_of(answer):
    (morsel,) = SimpleCookie(answer.headers["set-cookie"]).values()
    return morsel


class TestAsking:
    async def facts(self, databases):
        async with databases.worker.transaction() as db:
            return [(fact.kind, fact.payload) for fact in await db.scalars(select(OutboxFact)) if "login" in fact.kind]

    async def test_a_known_address_gets_a_link_by_mail(self, api, world, databases, run_jobs):
        answer = await api().post("/v1/logins", json={"email": " Noa.Virtanen@NORDLYS.example "})
        assert answer.status_code == 202
        ((kind, payload),) = await self.facts(databases)
        assert (kind, payload["person_id"]) == ("login.asked", str(world["noa"].id))
        assert await run_jobs() == ["login.asked"]
        async with databases.auth.transaction() as db:
            assert (
                await db.scalar(select(func.count()).select_from(Token).where(Token.person_id == world["noa"].id)) == 1
            )

    async def looks(self, api, world):
        """How each of three answers looks but for what is new each time: to somebody, to nobody, to a leaver."""
        found = []
        for email in (world["noa"].email, "nobody@nordlys.example", world["kaisa"].email):
            answer = await api().post("/v1/logins", json={"email": email})
            headers = {
                name: value for name, value in answer.headers.items() if name not in ("x-request-id", "ratelimit")
            }
            headers["set-cookie"] = re.sub(r"(?<==)[\w-]{43}(?=;)", "secret", headers.get("set-cookie", ""))
            found.append((answer.status_code, answer.text, headers))
        return found

    async def test_unknown_and_known_addresses_get_the_same_answer(self, api, world):
        known, unknown, leaver = await self.looks(api, world)
        assert known == unknown == leaver
        assert known[2]["set-cookie"].startswith("vuoro_mail=secret;")

    async def test_an_answer_that_tells_who_works_here_is_noticed(self, api, world, monkeypatch):
        ask = mail_codes.ask

        async def telling(auth, app, email):
            secret = await ask(auth, app, email)
            return "" if "nobody" in email else secret

        monkeypatch.setattr(mail_codes, "ask", telling)
        known, unknown, leaver = await self.looks(api, world)
        assert known != unknown
        assert known == leaver

    async def test_known_and_unknown_addresses_take_the_same_steps(self, api, world, databases, statements):
        sent, made = [], []
        for email in (world["noa"].email, "nobody@nordlys.example", world["kaisa"].email):
            with statements() as seen:
                await api().post("/v1/logins", json={"email": email})
            sent.append(list(seen))
            made.append(sorted((kind, sorted(payload)) for kind, payload in await self.facts(databases)))
        assert sent[0] == sent[1] == sent[2]
        assert [len(facts) for facts in made] == [1, 2, 3]
        assert len({str(fact) for fact in made[2]}) == 1

    @pytest.mark.parametrize("who", ["kaisa", None])
    async def test_a_leaver_and_nobody_get_no_link(self, api, world, databases, run_jobs, who):
        await api().post("/v1/logins", json={"email": world[who].email if who else "nobody@nordlys.example"})
        await run_jobs()
        async with databases.auth.transaction() as db:
            assert await db.scalar(select(func.count()).select_from(Token)) == 0
            assert (await db.scalars(select(Challenge.code))).all() == [None]

    @pytest.mark.parametrize("email", ["", "noa", "noa@", "@x", "a b@c.example", "x" * 250 + "@y.example", None, 7])
    async def test_what_is_no_address_is_422(self, api, email):
        problem(await api().post("/v1/logins", json={"email": email}), 422, "validation_failed")

    async def test_an_address_is_not_flooded_with_mail(self, api, world, databases):
        answers = [await api().post("/v1/logins", json={"email": world["noa"].email}) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
        assert int(answers[3].headers["retry-after"]) > 0
        assert len(await self.facts(databases)) == 3

    async def test_one_caller_cannot_try_many_addresses(self, api):
        answers = [await api().post("/v1/logins", json={"email": f"nobody{n}@nordlys.example"}) for n in range(11)]
        assert [answer.status_code for answer in answers] == [202] * 10 + [429]

    async def test_the_limit_ends_with_time(self, api, world, clock):
        clock.advance()
        for _ in range(4):
            last = await api().post("/v1/logins", json={"email": world["noa"].email})
        assert last.status_code == 429
        clock.advance(minutes=1)
        assert (await api().post("/v1/logins", json={"email": world["noa"].email})).status_code == 202


class TestRedeeming:
    async def test_a_link_signs_in(self, api, world, databases):
        answer = await redeem(api, await link(databases, world["noa"]))
        assert answer.status_code == 201
        assert answer.json()["person_id"] == str(world["noa"].id)
        token = cookie_of(answer).value
        seen = await api().get("/v1/people", headers={"Cookie": f"vuoro_session={token}"})
        assert [person["id"] for person in seen.json()["items"]] == [str(world["noa"].id)]

    async def test_a_link_works_once(self, api, world, databases):
        token = await link(databases, world["noa"])
        assert (await redeem(api, token)).status_code == 201
        problem(await redeem(api, token), 401, "link_spent")

    async def test_of_many_at_once_one_signs_in(self, api, world, databases):
        token = await link(databases, world["noa"])
        answers = await asyncio.gather(*[redeem(api, token) for _ in range(6)])
        assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401, 401, 401]

    async def test_a_link_ends_after_ten_minutes(self, api, world, databases, clock):
        clock.advance()
        late, early = await link(databases, world["noa"]), await link(databases, world["noa"])
        clock.advance(minutes=9, seconds=59)
        assert (await redeem(api, early)).status_code == 201
        clock.advance(seconds=1)
        problem(await redeem(api, late), 401, "link_spent")

    async def test_a_sign_in_token_is_no_link_and_a_link_no_sign_in(self, api, world, databases):
        problem(await redeem(api, await api.sign_in(world["noa"])), 401, "link_spent")
        problem(await api(await link(databases, world["noa"])).get("/v1/people"), 401, "unauthenticated")

    async def test_guessing_is_slowed_down_although_each_guess_fails(self, api):
        answers = [await redeem(api, f"{'x' * 40}{n}") for n in range(21)]
        assert [answer.status_code for answer in answers] == [401] * 20 + [429]

    async def test_a_leavers_link_opens_nothing(self, api, world, databases):
        answer = await redeem(api, await link(databases, world["kaisa"]))
        headers = {"Cookie": f"vuoro_session={cookie_of(answer).value}"} if answer.status_code == 201 else {}
        problem(await api().get("/v1/people", headers=headers), 401, "unauthenticated")

    async def test_only_hashes_are_kept(self, api, world, databases):
        spent, kept = await link(databases, world["noa"]), await link(databases, world["noa"])
        login = cookie_of(await redeem(api, spent)).value
        async with databases.auth.transaction() as db:
            hashes = set(await db.scalars(select(Token.hash).where(Token.person_id == world["noa"].id)))
        assert hashes == {hash_token(kept), hash_token(login)}


class TestCookie:
    async def test_on_local_http_it_is_out_of_reach_of_scripts_and_other_sites(self, api, world, databases):
        morsel = cookie_of(await redeem(api, await link(databases, world["noa"])))
        assert morsel.key == "vuoro_session"
        assert (morsel["httponly"], morsel["samesite"], morsel["path"], morsel["secure"]) == (True, "lax", "/", "")
        assert morsel["domain"] == ""
        assert int(morsel["max-age"]) == 7 * 86400

    async def test_on_https_it_is_bound_to_the_host(self, api, world, databases, monkeypatch):
        monkeypatch.setenv("VUORO_PUBLIC_URL", "https://mentoring.example")
        settings.cache_clear()
        token = await link(databases, world["noa"])
        morsel = cookie_of(await redeem(api, token))
        assert morsel.key == "__Host-session"
        assert (morsel["httponly"], morsel["secure"], morsel["path"], morsel["domain"]) == (True, True, "/", "")
        seen = await api().get("/v1/people", headers={"Cookie": f"__Host-session={morsel.value}"})
        assert seen.status_code == 200

    async def test_every_sign_in_gets_a_token_of_its_own(self, api, world, databases):
        first, second = [cookie_of(await redeem(api, await link(databases, world["noa"]))).value for _ in range(2)]
        assert first != second
        assert len(first) >= 43


class TestEnding:
    async def test_signing_out_ends_it_at_once_and_clears_the_cookie(self, api, world):
        token = await api.sign_in(world["noa"])
        headers = {"Cookie": f"vuoro_session={token}", "Sec-Fetch-Site": "same-origin"}
        answer = await api().delete("/v1/logins/current", headers=headers)
        assert answer.status_code == 204
        assert "Max-Age=0" in answer.headers["set-cookie"]
        problem(await api().get("/v1/people", headers=headers), 401, "unauthenticated")

    async def test_signing_out_ends_one_sign_in_alone(self, api, world):
        here, there = await api.sign_in(world["noa"]), await api.sign_in(world["noa"])
        await api(here).delete("/v1/logins/current")
        assert (await api(there).get("/v1/people")).status_code == 200

    async def test_signing_out_does_not_end_an_api_key(self, api, world, databases):
        from vuoro.identity import machines
        from vuoro.identity.schemas import ApiClientIn

        async with databases.app.transaction(world.system) as db:
            client = await machines.add_client(db, db.me, ApiClientIn(name="HRIS", scopes=["people:read"]))
        key = await api.key(world.organization_id, client)
        await api(key).delete("/v1/logins/current")
        assert (await api(key).get("/v1/people")).status_code == 200

    async def test_twelve_idle_hours_end_it(self, api, world, clock):
        clock.advance()
        token = await api.sign_in(world["noa"])
        clock.advance(hours=11)
        assert (await api(token).get("/v1/people")).status_code == 200
        clock.advance(hours=11)
        assert (await api(token).get("/v1/people")).status_code == 200
        clock.advance(hours=12, seconds=1)
        problem(await api(token).get("/v1/people"), 401, "unauthenticated")

    async def test_after_seven_days_it_ends_however_busy(self, api, world, clock):
        clock.advance()
        token = await api.sign_in(world["noa"])
        for _ in range(16):
            clock.advance(hours=10)
            assert (await api(token).get("/v1/people")).status_code == 200
        clock.advance(timedelta(hours=8))
        problem(await api(token).get("/v1/people"), 401, "unauthenticated")

    async def test_a_leavers_next_request_is_401(self, api, world):
        admin, token = api(world.admin), await api.sign_in(world["noa"])
        assert (await api(token).get("/v1/people")).status_code == 200
        path = f"/v1/people/{world['noa'].id}"
        assert (await admin.delete(path, headers=etag_of(await admin.get(path)))).status_code == 204
        problem(await api(token).get("/v1/people"), 401, "unauthenticated")

    async def test_somebody_on_leave_can_still_sign_in(self, api, world):
        admin, path = api(world.admin), f"/v1/people/{world['noa'].id}"
        await admin.patch(path, json={"status": "leave"}, headers=etag_of(await admin.get(path)))
        assert (await api(world["noa"]).get("/v1/people")).status_code == 200
