"""A lost phone: an admin ends the sign-ins of somebody who stays; and one's own account of the provider, unlinked."""

import pytest
from sqlalchemy import select
from support.contract import problem
from support.phone import SCHEME, Phone

from vuoro.core import clock as time
from vuoro.core.history import AuditEntry
from vuoro.identity import logins
from vuoro.identity.models import Account, Passkey
from vuoro.notifications import jobs


@pytest.fixture
async def phone(api, world):
    body = {"name": "Turns", "redirect_uris": [SCHEME]}
    return Phone(api, (await api(world.admin).post("/v1/oauth-clients", json=body)).json()["id"])


@pytest.fixture
def mailed(monkeypatch):
    """What was mailed: (address, subject)."""
    sent = []

    async def deliver(address, subject, text, message_id, **_):
        sent.append((address, subject))
        return "sent", None

    monkeypatch.setattr(jobs, "deliver", deliver)
    return sent


async def hold(databases, who, issuer="https://login.nordlys.example"):
    """A passkey and an account of the provider, as if they had been used."""
    async with databases.auth.transaction() as db:
        common = {"organization_id": who.organization_id, "person_id": who.id}
        db.add(Passkey(credential_id=who.id.bytes, public_key=b"k", sign_count=0, name="Phone", **common))
        db.add(Account(issuer=issuer, subject=str(who.id), **common))
    async with databases.auth.transaction() as db:
        for device in ("Safari, iPhone", "Chrome, Windows", "Chrome, Windows"):
            await logins.begin(db, who.organization_id, who.id, "passkey", device=device)


async def deeds(databases, who):
    async with databases.app.transaction(who.actor) as db:
        rows = await db.scalars(select(AuditEntry.action).where(AuditEntry.actor_id == who.id).order_by(AuditEntry.id))
        return rows.all()


async def test_an_admin_reads_how_many_and_which_devices_and_never_when(api, world, databases, phone):
    await hold(databases, world["noa"])
    await phone.sign_in(world["noa"], scope="me:read")
    read = (await api(world.admin).get(f"/v1/people/{world['noa'].id}/sign-ins")).json()
    # one more sign-in said yes to the app
    assert read == {
        "person_id": str(world["noa"].id), "sign_ins": 4, "devices": ["Chrome, Windows", "Safari, iPhone"], "apps": 1,
        "passkeys": 1, "has_account": True, "can": {"end": {"allowed": True, "reason": None}},
    }  # fmt: skip


async def test_all_end_at_once_and_the_person_is_told(api, world, databases, phone, run_jobs, mailed):
    await hold(databases, world["noa"])
    app = (await phone.sign_in(world["noa"], scope="me:read"))["access_token"]
    browser = await api.sign_in(world["noa"])
    other = await api.sign_in(world["emil"])
    path = f"/v1/people/{world['noa'].id}/sign-ins/end"
    answer = await api(world.admin).post(path, json={})
    assert {name: answer.json()[name] for name in ("sign_ins", "apps", "passkeys", "has_account")} == {
        "sign_ins": 0, "apps": 0, "passkeys": 1, "has_account": True,
    }  # fmt: skip
    for token, status in ((app, 401), (browser, 401), (other, 200)):
        assert (await api(token).get("/v1/me")).status_code == status
    await run_jobs()
    assert mailed == [(world["noa"].email, "Sinut kirjattiin ulos Vuorosta kaikkialla")]
    assert "login.end_of_another" in await deeds(databases, world.admin)


async def test_passkeys_and_the_providers_account_go_where_asked(api, world, databases):
    await hold(databases, world["noa"])
    await hold(databases, world["emil"])
    path = f"/v1/people/{world['noa'].id}/sign-ins/end"
    answer = (await api(world.admin).post(path, json={"passkeys": True, "account": True})).json()
    assert (answer["passkeys"], answer["has_account"]) == (0, False)
    other = (await api(world.admin).get(f"/v1/people/{world['emil'].id}/sign-ins")).json()
    assert (other["passkeys"], other["has_account"], other["sign_ins"]) == (1, True, 3)
    assert {"passkey.reset", "account.unlink"} <= set(await deeds(databases, world.admin))


async def test_it_takes_a_fresh_sign_in(api, world, clock):
    clock.freeze(time.now())
    admin = api(await api.sign_in(world.admin))
    path = f"/v1/people/{world['noa'].id}/sign-ins/end"
    assert (await admin.post(path, json={})).status_code == 200
    clock.advance(minutes=11)
    problem(await admin.post(path, json={}), 403, "fresh_sign_in_needed")


async def test_somebody_unlinks_their_own_account(api, world, databases):
    noa = api(world["noa"])
    problem(await noa.get("/v1/me/account"), 404, "not_found")
    assert (await noa.get("/v1/me/logins")).json()["has_account"] is False
    await hold(databases, world["noa"])
    await hold(databases, world["emil"])
    read = (await noa.get("/v1/me/account")).json()
    assert (await noa.get("/v1/me/logins")).json()["has_account"] is True
    assert (read["issuer"], read["linked_on"]) == ("https://login.nordlys.example", str(time.now().date()))
    assert (await noa.delete("/v1/me/account")).status_code == 204
    problem(await noa.delete("/v1/me/account"), 404, "not_found")
    assert (await api(world["emil"]).get("/v1/me/account")).status_code == 200
    assert await deeds(databases, world["noa"]) == ["account.unlink"]
