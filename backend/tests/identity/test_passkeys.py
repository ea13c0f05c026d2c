"""Passkeys: a device answers a challenge once, for its person, verified; everything else is refused."""

import pytest
from sqlalchemy import func, select
from support.authenticator import PRESENT, Authenticator, b64, unb64
from support.contract import etag_of, problem

from vuoro.core.history import AuditEntry
from vuoro.identity.models import Challenge, Passkey


def browser(api, **headers):
    return api(sec_fetch_site="same-origin", **headers)


@pytest.fixture
async def noa(api, world):
    """Noa's browser, and her phone's passkey, added there."""
    page = browser(api)
    page.cookies.set("vuoro_session", await api.sign_in(world["noa"], "mail"))
    device = Authenticator()
    assert (await device.add(page)).status_code == 201
    return page, device


class TestAdding:
    async def test_it_signs_in_afterwards(self, api, world, noa):
        _, device = noa
        elsewhere = browser(api)
        answer = await device.enter(elsewhere)
        assert answer.status_code == 201
        assert answer.json()["person_id"] == str(world["noa"].id)
        assert (await elsewhere.get("/v1/me")).json()["person"]["id"] == str(world["noa"].id)

    async def test_the_browser_gets_a_new_sign_in_and_the_old_one_ends(self, api, world):
        page, weak = browser(api), await api.sign_in(world["noa"], "mail")
        page.cookies.set("vuoro_session", weak)
        answer = await Authenticator().add(page)
        assert "vuoro_session=" in answer.headers["set-cookie"]
        assert weak not in answer.headers["set-cookie"]
        problem(await api(weak).get("/v1/me"), 401, "unauthenticated")

    async def test_the_log_and_a_mail_say_so(self, noa, databases, world, run_jobs):
        async with databases.app.transaction(world.system) as db:
            assert "passkey.add" in set(await db.scalars(select(AuditEntry.action)))
        assert "passkey.added" in await run_jobs()

    async def test_a_device_asks_who_it_is_and_keeps_the_key_itself(self, api, world):
        options = (await api(world["noa"]).post("/v1/me/passkeys/options")).json()["public_key"]
        chosen = options["authenticatorSelection"]
        assert (chosen["userVerification"], chosen["residentKey"]) == ("required", "required")
        assert unb64(options["user"]["id"]) == world.organization_id.bytes + world["noa"].id.bytes

    async def test_a_known_device_is_not_asked_twice(self, noa):
        page, device = noa
        options = (await page.post("/v1/me/passkeys/options")).json()["public_key"]
        assert [each["id"] for each in options["excludeCredentials"]] == [b64(device.id)]

    @pytest.mark.parametrize(
        ("what", "value"),
        [("origin", "https://evil.example"), ("party", "evil.example"), ("flags", PRESENT), ("flags", 0)],
    )
    async def test_another_site_or_nobody_verified_is_refused(self, api, world, what, value):
        device = Authenticator()
        setattr(device, what, value)
        problem(await device.add(api(world["noa"])), 401, "passkey_refused")

    async def test_a_challenge_works_once_even_when_the_answer_failed(self, api, world):
        page, device = api(world["noa"]), Authenticator()
        options = (await page.post("/v1/me/passkeys/options")).json()["public_key"]
        device.flags = PRESENT
        problem(await page.post("/v1/me/passkeys", json=device.make(options)), 401, "passkey_refused")
        device.flags |= 4
        problem(await page.post("/v1/me/passkeys", json=device.make(options)), 401, "passkey_refused")

    async def test_a_challenge_ends_after_five_minutes(self, api, world, clock):
        clock.advance()
        page, device = api(world["noa"]), Authenticator()
        options = (await page.post("/v1/me/passkeys/options")).json()["public_key"]
        clock.advance(minutes=5, seconds=1)
        problem(await page.post("/v1/me/passkeys", json=device.make(options)), 401, "passkey_refused")

    async def test_somebody_elses_challenge_is_refused(self, api, world):
        options = (await api(world["noa"]).post("/v1/me/passkeys/options")).json()["public_key"]
        made = Authenticator().make(options)
        problem(await api(world["amina"]).post("/v1/me/passkeys", json=made), 401, "passkey_refused")

    async def test_a_challenge_to_sign_in_adds_nothing(self, api, world):
        page, device = api(world["noa"]), Authenticator()
        options = (await page.post("/v1/logins/passkey/options")).json()["public_key"]
        made = device.make({**options, "user": {"id": ""}})
        problem(await page.post("/v1/me/passkeys", json=made), 401, "passkey_refused")

    async def test_a_key_of_somebody_elses_is_refused(self, api, world, noa):
        _, device = noa
        problem(await device.add(api(world["amina"])), 401, "passkey_refused")

    async def test_an_old_sign_in_adds_none(self, api, world, clock):
        clock.advance()
        token = await api.sign_in(world["noa"], "mail")
        clock.advance(minutes=10, seconds=1)
        asked = problem(await api(token).post("/v1/me/passkeys/options"), 403, "fresh_sign_in_needed")
        assert asked["params"] == {"method": "mail"}

    async def test_twenty_are_enough(self, api, world):
        page = api(world["noa"])
        for _ in range(20):
            assert (await Authenticator().add(page)).status_code == 201
        problem(await page.post("/v1/me/passkeys/options"), 409, "too_many_passkeys")

    @pytest.mark.parametrize("broken", ["AAAA", "e30", "oQ", "bnVsbA"])
    async def test_what_is_no_answer_of_a_device_is_refused(self, api, world, broken):
        page, device = api(world["noa"]), Authenticator()
        options = (await page.post("/v1/me/passkeys/options")).json()["public_key"]
        for field in ("client_data_json", "attestation_object", "id"):
            sent = {**device.make(options), field: broken}
            problem(await page.post("/v1/me/passkeys", json=sent), 401, "passkey_refused")


class TestUsing:
    @pytest.mark.parametrize(
        ("what", "value"),
        [("origin", "https://evil.example"), ("party", "evil.example"), ("flags", PRESENT), ("user", b"somebody")],
    )
    async def test_another_site_nobody_verified_or_another_person_is_refused(self, api, noa, what, value):
        _, device = noa
        setattr(device, what, value)
        problem(await device.enter(api()), 401, "passkey_refused")

    async def test_a_key_nobody_knows_is_refused(self, api, noa):
        stranger = Authenticator()
        stranger.user = noa[1].user
        problem(await stranger.enter(api()), 401, "passkey_refused")

    async def test_a_known_id_with_another_key_is_refused(self, api, noa):
        thief = Authenticator()
        thief.id, thief.user, thief.count = noa[1].id, noa[1].user, 100
        problem(await thief.enter(api()), 401, "passkey_refused")

    async def test_an_answer_works_once(self, api, noa):
        _, device = noa
        page = browser(api)
        options = (await page.post("/v1/logins/passkey/options")).json()["public_key"]
        answer = device.sign(options)
        assert (await page.post("/v1/logins/passkey", json=answer)).status_code == 201
        problem(await page.post("/v1/logins/passkey", json=answer), 401, "passkey_refused")

    async def test_a_challenge_of_ones_own_making_is_refused(self, api, noa):
        answer = noa[1].sign({"challenge": b64(b"x" * 43)})
        problem(await api().post("/v1/logins/passkey", json=answer), 401, "passkey_refused")

    async def test_a_challenge_ends_after_five_minutes(self, api, noa, clock):
        clock.advance()
        page = api()
        options = (await page.post("/v1/logins/passkey/options")).json()["public_key"]
        clock.advance(minutes=5, seconds=1)
        problem(await page.post("/v1/logins/passkey", json=noa[1].sign(options)), 401, "passkey_refused")

    async def test_a_counter_that_went_back_is_a_copy_and_refused(self, api, noa):
        _, device = noa
        assert (await device.enter(api())).status_code == 201
        device.count = 0
        problem(await device.enter(api()), 401, "passkey_refused")

    async def test_a_device_without_a_counter_may_say_zero_each_time(self, api, noa):
        _, device = noa
        for _ in range(2):
            device.count = -1
            assert (await device.enter(api())).status_code == 201

    async def test_a_leavers_passkey_opens_nothing(self, api, world, noa):
        admin, path = api(world.admin), f"/v1/people/{world['noa'].id}"
        await admin.delete(path, headers=etag_of(await admin.get(path)))
        page = browser(api)
        await noa[1].enter(page)
        problem(await page.get("/v1/me"), 401, "unauthenticated")

    async def test_the_list_of_challenges_does_not_grow_for_ever(self, api, databases, clock):
        clock.advance()
        for _ in range(3):
            await api().post("/v1/logins/passkey/options")
            clock.advance(minutes=6)
        async with databases.auth.transaction() as db:
            assert await db.scalar(select(func.count()).select_from(Challenge)) == 1


class TestKeeping:
    async def test_they_are_listed_renamed_and_removed(self, api, world, noa):
        page, device = noa
        (one,) = (await page.get("/v1/me/passkeys")).json()["items"]
        assert (one["name"], one["used_on"]) == ("Phone", None)
        path = f"/v1/me/passkeys/{one['id']}"
        renamed = await page.patch(path, json={"name": "Work phone"}, headers={"If-Match": f'"{one["version"]}"'})
        assert renamed.json()["name"] == "Work phone"
        problem(
            await page.patch(path, json={"name": "X"}, headers={"If-Match": f'"{one["version"]}"'}),
            412,
            "precondition_failed",
        )
        assert (await page.delete(path)).status_code == 204
        problem(await device.enter(api()), 401, "passkey_refused")
        problem(await page.delete(path), 404, "not_found")

    async def test_nobody_touches_anothers(self, api, world, noa):
        (one,) = (await noa[0].get("/v1/me/passkeys")).json()["items"]
        path = f"/v1/me/passkeys/{one['id']}"
        for who in (world["amina"], world.admin, world.other_admin):
            assert one["id"] not in (await api(who).get("/v1/me/passkeys")).text
            problem(await api(who).patch(path, json={"name": "X"}, headers={"If-Match": '"1"'}), 404, "not_found")
            problem(await api(who).delete(path), 404, "not_found")

    async def test_an_old_sign_in_removes_none(self, api, world, noa, clock):
        page, _ = noa
        (one,) = (await page.get("/v1/me/passkeys")).json()["items"]
        clock.advance(minutes=10, seconds=1)
        problem(await page.delete(f"/v1/me/passkeys/{one['id']}"), 403, "fresh_sign_in_needed")

    async def test_only_the_day_of_use_is_kept(self, api, noa, databases, clock):
        clock.freeze("2026-11-26T09:41:00Z")
        await noa[1].enter(api())
        (one,) = (await noa[0].get("/v1/me/passkeys")).json()["items"]
        assert one["used_on"] == "2026-11-26"


class TestManagersAndAdmins:
    @pytest.mark.parametrize("who", ["petra", "helena"])
    @pytest.mark.parametrize("method", ["mail", "shell"])
    async def test_a_mailed_link_lets_them_add_a_passkey_and_nothing_else(self, api, world, who, method):
        page = browser(api)
        page.cookies.set("vuoro_session", await api.sign_in(world[who], method))
        for path in ("/v1/me", "/v1/people", "/v1/organization", "/v1/me/logins", "/v1/me/passkeys"):
            problem(await page.get(path), 403, "stronger_sign_in_needed")
        problem(await page.delete("/v1/me/logins"), 403, "stronger_sign_in_needed")
        assert (await Authenticator().add(page)).status_code == 201
        assert (await page.get("/v1/people")).status_code == 200

    async def test_with_a_passkey_already_a_mailbox_does_not_add_another(self, api, world):
        assert (await Authenticator().add(api(world.admin))).status_code == 201
        weak = api(await api.sign_in(world.admin, "mail"))
        problem(await Authenticator().add(weak), 403, "stronger_sign_in_needed")

    async def test_who_runs_the_server_can_let_them_in_again(self, api, world):
        assert (await Authenticator().add(api(world.admin))).status_code == 201
        assert (await Authenticator().add(api(await api.sign_in(world.admin, "shell")))).status_code == 201

    async def test_a_role_that_is_given_counts_at_the_next_request(self, api, world):
        token = await api.sign_in(world["noa"], "mail")
        assert (await api(token).get("/v1/me")).status_code == 200
        body = {"person_id": str(world["noa"].id), "role": "programme_manager"}
        assert (await api(world.admin).post("/v1/organization/grants", json=body)).status_code == 201
        problem(await api(token).get("/v1/me"), 403, "stronger_sign_in_needed")

    async def test_other_roles_and_participants_come_in_by_mail(self, api, world):
        for role in ("sponsor", "safeguarding_contact", "delegate"):
            body = {"person_id": str(world["saga"].id), "role": role}
            assert (await api(world.admin).post("/v1/organization/grants", json=body)).status_code == 201
        assert (await api(await api.sign_in(world["saga"], "mail")).get("/v1/me")).status_code == 200

    async def test_a_machine_is_not_asked(self, api, world, databases):
        from vuoro.identity import machines
        from vuoro.identity.schemas import ApiClientIn

        async with databases.app.transaction(world.system) as db:
            client = await machines.add_client(db, db.me, ApiClientIn(name="HRIS", scopes=["people:read"]))
        assert (await api(await api.key(world.organization_id, client)).get("/v1/people")).status_code == 200

    async def test_what_opens_doors_needs_a_sign_in_of_the_last_ten_minutes(self, api, world, clock):
        clock.advance()
        token, method = await api.sign_in(world.admin), "passkey"
        admin = api(token)
        body = {"person_id": str(world["noa"].id), "role": "sponsor"}
        made = await admin.post("/v1/organization/grants", json=body)
        clock.advance(minutes=10)
        assert (await admin.delete(f"/v1/organization/grants/{made.json()['id']}")).status_code == 204
        clock.advance(seconds=1)
        provider = {"issuer": "https://a.example", "client_id": "v", "mail_domains": ["a.example"], "label": "A"}
        for answer in (
            await admin.post("/v1/organization/grants", json=body),
            await admin.delete(f"/v1/organization/grants/{made.json()['id']}"),
            await admin.put("/v1/organization/identity-provider", json=provider),
            await admin.delete("/v1/organization/identity-provider"),
            await admin.delete(f"/v1/api-clients/{made.json()['id']}"),
        ):
            assert problem(answer, 403, "fresh_sign_in_needed")["params"] == {"method": method}
        assert (await admin.get("/v1/organization/grants")).status_code == 200

    async def test_in_the_demo_nobody_is_asked_for_more(self, api, world, clock, monkeypatch):
        from vuoro.core.settings import settings

        clock.advance()
        admin = api(await api.sign_in(world.admin, "demo"))
        problem(await admin.get("/v1/me"), 403, "stronger_sign_in_needed")
        monkeypatch.setenv("VUORO_DEMO", "true")
        settings.cache_clear()
        clock.advance(minutes=30)
        body = {"person_id": str(world["noa"].id), "role": "sponsor"}
        assert (await admin.post("/v1/organization/grants", json=body)).status_code == 201

    async def test_without_the_demo_its_ways_in_are_closed(self, api):
        problem(await api().get("/v1/demo/personas"), 404, "not_found")
        problem(await api().post("/v1/demo/logins", json={"persona": "admin"}), 404, "not_found")


async def test_only_public_halves_are_kept(noa, databases):
    async with databases.auth.transaction() as db:
        (row,) = await db.scalars(select(Passkey))
    assert row.credential_id == noa[1].id
    assert noa[1].key.private_numbers().private_value.to_bytes(32, "big") not in row.public_key
