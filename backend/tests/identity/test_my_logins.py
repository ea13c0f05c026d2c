"""Where somebody is signed in: they see it, and end what is not them."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text
from support.contract import problem

from vuoro.core.crypto import hash_token
from vuoro.identity import devices, logins
from vuoro.identity.models import Account, Challenge, Passkey, Token

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1"


async def listed(client):
    return (await client.get("/v1/me/logins")).json()["items"]


async def test_each_says_how_where_and_on_which_day(api, world, databases, clock):
    clock.freeze("2026-11-24T23:41:30Z")
    first = await api.sign_in(world["noa"], "mail")
    await api(first).get("/v1/me")
    clock.freeze("2026-11-25T08:00:00Z")
    async with databases.auth.transaction() as db:
        second = await logins.begin(db, world.organization_id, world["noa"].id, "passkey", device="Safari, iPhone")
    clock.freeze("2026-11-25T09:00:00Z")
    here, there = await listed(api(second.token))
    assert (here["current"], here["method"], here["device"], here["used_on"]) == (
        True, "passkey", "Safari, iPhone", "2026-11-25",
    )  # fmt: skip
    assert here["can"]["end"] == {"allowed": False, "reason": "current"}
    assert (there["current"], there["method"], there["device"], there["used_on"]) == (False, "mail", None, "2026-11-24")
    assert there["began_at"] == "2026-11-24T23:41:30.000Z"


async def test_the_id_is_not_the_token_and_opens_nothing(api, world):
    token = await api.sign_in(world["noa"])
    (one,) = await listed(api(token))
    assert one["id"].replace("-", "") not in hash_token(token).hex()
    problem(await api(one["id"]).get("/v1/me"), 401, "unauthenticated")


async def test_one_is_ended_and_the_others_go_on(api, world):
    here, there, third = [await api.sign_in(world["noa"]) for _ in range(3)]
    other = next(one for one in await listed(api(there)) if one["current"])
    assert (await api(here).delete(f"/v1/me/logins/{other['id']}")).status_code == 204
    problem(await api(there).get("/v1/me"), 401, "unauthenticated")
    for token in (here, third):
        assert (await api(token).get("/v1/me")).status_code == 200


async def test_all_others_end_at_once_with_the_links_that_wait(api, world, databases):
    here, there, third = [await api.sign_in(world["noa"]) for _ in range(3)]
    async with databases.auth.transaction() as db:
        address = await logins.make_link(db, world.organization_id, world["noa"].id)
    stranger = await api.sign_in(world["amina"])
    assert (await api(here).delete("/v1/me/logins")).status_code == 204
    for token in (there, third):
        problem(await api(token).get("/v1/me"), 401, "unauthenticated")
    for token in (here, stranger):
        assert (await api(token).get("/v1/me")).status_code == 200
    spent = await api().post("/v1/logins/redeem", json={"token": address.partition("#token=")[2]})
    problem(spent, 401, "link_spent")


async def test_nobody_sees_or_ends_anothers(api, world):
    token = await api.sign_in(world["noa"])
    (one,) = await listed(api(token))
    for who in (world["amina"], world.admin, world.other_admin):
        assert one["id"] not in {each["id"] for each in await listed(api(who))}
        problem(await api(who).delete(f"/v1/me/logins/{one['id']}"), 404, "not_found")
    assert (await api(token).get("/v1/me")).status_code == 200


async def test_one_that_ran_out_is_not_listed(api, world, clock):
    clock.advance()
    await api.sign_in(world["noa"])
    clock.advance(hours=12, seconds=1)
    assert len(await listed(api(await api.sign_in(world["noa"])))) == 1


async def test_a_browser_that_signs_in_anew_leaves_no_old_sign_in_behind(api, world, databases):
    browser = api(sec_fetch_site="same-origin", user_agent=PHONE)
    for _ in range(2):
        async with databases.auth.transaction() as db:
            address = await logins.make_link(db, world.organization_id, world["noa"].id)
        await browser.post("/v1/logins/redeem", json={"token": address.partition("#token=")[2]})
    (one,) = await listed(browser)
    assert one["device"] == "Safari, iPhone"


async def test_the_list_goes_on_by_cursor(api, world):
    tokens = [await api.sign_in(world["noa"]) for _ in range(3)]
    page = (await api(tokens[0]).get("/v1/me/logins", params={"limit": 2})).json()
    more = await api(tokens[0]).get("/v1/me/logins", params={"limit": 2, "cursor": page["next_cursor"]})
    assert len({one["id"] for one in page["items"] + more.json()["items"]}) == 3


async def test_what_opens_a_persons_account_can_be_forgotten_whole(api, world, databases):
    noa = world["noa"]
    token = await api.sign_in(noa)
    async with databases.auth.transaction() as db:
        await logins.make_link(db, noa.organization_id, noa.id)
        who = {"organization_id": noa.organization_id, "person_id": noa.id}
        db.add(Account(**who, issuer="https://a.example", subject="1"))
        db.add(Passkey(**who, credential_id=b"1", public_key=b"1", sign_count=0, name="Phone"))
        kept = await logins.begin(db, noa.organization_id, world["amina"].id, "mail")
    await api().post("/v1/logins", json={"email": noa.email})
    async with databases.worker.transaction(world.system) as db:
        forget = text("select auth.forget_person(:organization, :person)")
        await db.execute(forget, {"organization": noa.organization_id, "person": noa.id})
    async with databases.auth.transaction() as db:
        for table in (Token, Challenge, Passkey, Account):
            left = await db.scalars(select(table.person_id))
            assert noa.id not in set(left), table
    problem(await api(token).get("/v1/me"), 401, "unauthenticated")
    assert (await api(kept.token).get("/v1/me")).status_code == 200


async def test_a_machine_has_none(api, world, databases):
    from vuoro.identity import machines
    from vuoro.identity.schemas import ApiClientIn

    async with databases.app.transaction(world.system) as db:
        client = await machines.add_client(db, db.me, ApiClientIn(name="HRIS", scopes=["people:read"]))
    machine = api(await api.key(world.organization_id, client))
    problem(await machine.get("/v1/me/logins"), 403, "forbidden")
    problem(await machine.delete("/v1/me/logins"), 403, "forbidden")
    problem(await machine.delete(f"/v1/me/logins/{uuid4()}"), 403, "forbidden")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
         "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15",
         "Safari, Mac"),
        ("curl/8.5", None),
        ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_a_browser_in_few_words(agent, words):
    assert devices.words(agent) == words
