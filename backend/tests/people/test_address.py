"""One's own address changes with a fresh sign-in and a code that only the new address gets; the old one is told."""

import re

import pytest
from sqlalchemy import select
from support.contract import problem

from vuoro.core.history import AuditEntry
from vuoro.notifications import jobs

NEW = "noa@new.example"


@pytest.fixture
def mails(monkeypatch):
    """What was mailed: (address, text)."""
    sent = []

    async def deliver(address, subject, text, message_id, **_):
        sent.append((address, text))
        return "sent", None

    monkeypatch.setattr(jobs, "deliver", deliver)
    return sent


def code_of(mails):
    return next(re.search(r"\b\d{8}\b", text)[0] for address, text in mails if address == NEW)


async def test_the_new_address_agrees_and_the_old_one_is_told(api, world, mails, run_jobs, databases):
    noa = api(world["noa"])
    assert (await noa.post("/v1/me/address", json={"email": "Noa@New.example"})).status_code == 202
    await run_jobs()
    assert {address for address, _ in mails} == {NEW, world["noa"].email}
    assert (await noa.get("/v1/me/address")).json() == {"email": world["noa"].email}
    answer = await noa.post("/v1/me/address/confirm", json={"code": code_of(mails)})
    assert answer.json() == {"email": NEW}
    async with databases.app.transaction(world.system) as db:
        assert {"address.ask", "address.change"} <= set(await db.scalars(select(AuditEntry.action)))


async def test_an_old_sign_in_asks_for_nothing(api, world, clock, mails, run_jobs):
    clock.advance()
    token = await api.sign_in(world["noa"], "mail")
    clock.advance(minutes=10, seconds=1)
    problem(await api(token).post("/v1/me/address", json={"email": NEW}), 403, "fresh_sign_in_needed")
    await run_jobs()
    assert mails == []


async def test_wrong_codes_another_browser_and_another_person_change_nothing(api, world, mails, run_jobs):
    noa = api(world["noa"])
    await noa.post("/v1/me/address", json={"email": NEW})
    await run_jobs()
    code, secret = code_of(mails), noa.cookies["vuoro_address"]
    problem(await api(world["noa"]).post("/v1/me/address/confirm", json={"code": code}), 401, "code_spent")
    thief = api(world["amina"])
    thief.cookies.set("vuoro_address", secret)
    problem(await thief.post("/v1/me/address/confirm", json={"code": "00000000"}), 401, "code_wrong")
    problem(await thief.post("/v1/me/address/confirm", json={"code": code}), 401, "code_spent")
    problem(await noa.post("/v1/me/address/confirm", json={"code": code}), 401, "code_spent")
    assert (await noa.get("/v1/me/address")).json() == {"email": world["noa"].email}
    assert (await thief.get("/v1/me/address")).json() == {"email": world["amina"].email}


async def test_a_code_to_change_the_address_signs_nobody_in(api, world, mails, run_jobs):
    noa = api(world["noa"])
    await noa.post("/v1/me/address", json={"email": NEW})
    await run_jobs()
    thief = api()
    thief.cookies.set("vuoro_mail", noa.cookies["vuoro_address"])
    problem(await thief.post("/v1/logins/code", json={"code": code_of(mails)}), 401, "code_spent")


async def test_an_address_of_somebody_else_looks_free_until_its_code_is_typed(api, world, mails, run_jobs):
    noa, taken = api(world["noa"]), world["amina"].email
    assert (await noa.post("/v1/me/address", json={"email": taken})).status_code == 202
    await run_jobs()
    code = next(re.search(r"\b\d{8}\b", text)[0] for address, text in mails if address == taken)
    problem(await noa.post("/v1/me/address/confirm", json={"code": code}), 409, "address_taken")
    assert (await noa.get("/v1/me/address")).json() == {"email": world["noa"].email}


async def test_an_admins_change_needs_none_of_it(api, world, mails, run_jobs):
    admin, path = api(world.admin), f"/v1/people/{world['noa'].id}"
    etag = {"If-Match": (await admin.get(path)).headers["etag"]}
    assert (await admin.patch(path, json={"work_email": NEW}, headers=etag)).status_code == 200
    await run_jobs()
    assert mails == []
