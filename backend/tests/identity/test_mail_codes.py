"""The code of the mail: for the browser that asked, for ten minutes, once, and five guesses at most."""

import asyncio
import re

import pytest
from sqlalchemy import delete, func, select, update
from support.contract import problem

from vuoro.core.crypto import hash_token
from vuoro.core.outbox import OutboxFact
from vuoro.identity.models import Challenge, RateLimit, Token
from vuoro.notifications import jobs
from vuoro.notifications.models import Delivery

WRONG = "00000000"


@pytest.fixture
def mails(monkeypatch):
    """What was mailed: (address, text)."""
    sent = []

    async def deliver(address, subject, text, message_id, **_):
        sent.append((address, text))
        return "sent", None

    monkeypatch.setattr(jobs, "deliver", deliver)
    return sent


@pytest.fixture
def ask(api, run_jobs, mails):
    """A browser that asked for a code, the code and the token of the link that were mailed."""

    async def asking(who, browser=None):
        browser = browser or api(sec_fetch_site="same-origin", user_agent="Firefox/140.0 (Windows NT 10.0)")
        assert (await browser.post("/v1/logins", json={"email": who.email})).status_code == 202
        await run_jobs()
        address, text = mails[-1]
        assert address == who.email
        code, token = re.search(r"\b\d{8}\b", text), re.search(r"#token=(\S+)", text)
        return browser, code[0], token[1]

    return asking


async def enter(browser, code):
    return await browser.post("/v1/logins/code", json={"code": code})


async def test_the_code_signs_the_browser_in_that_asked(api, world, ask):
    browser, code, _ = await ask(world["noa"])
    answer = await enter(browser, code)
    assert answer.status_code == 201
    assert answer.json()["person_id"] == str(world["noa"].id)
    assert (await browser.get("/v1/me")).json()["person"]["id"] == str(world["noa"].id)


async def test_the_code_is_of_no_use_to_another_browser(api, world, ask):
    _, code, _ = await ask(world["noa"])
    problem(await enter(api(), code), 401, "code_spent")
    other, _, _ = await ask(world["amina"])
    problem(await enter(other, code), 401, "code_wrong")


async def test_a_code_works_once_and_spends_its_link(world, ask):
    browser, code, token = await ask(world["noa"])
    kept = dict(browser.cookies)
    assert (await enter(browser, code)).status_code == 201
    browser.cookies.update(kept)
    problem(await enter(browser, code), 401, "code_spent")
    problem(await browser.post("/v1/logins/redeem", json={"token": token}), 401, "link_spent")


async def test_a_link_spends_its_code(world, ask):
    browser, code, token = await ask(world["noa"])
    assert (await browser.post("/v1/logins/redeem", json={"token": token})).status_code == 201
    problem(await enter(browser, code), 401, "code_spent")


async def test_of_many_right_codes_at_once_one_signs_in(world, ask):
    browser, code, _ = await ask(world["noa"])
    answers = await asyncio.gather(*[enter(browser, code) for _ in range(6)])
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401, 401, 401]


async def test_the_code_ends_after_ten_minutes(world, ask, clock):
    clock.advance()
    browser, code, _ = await ask(world["noa"])
    clock.advance(minutes=10, seconds=1)
    problem(await enter(browser, code), 401, "code_spent")


async def test_five_guesses_are_checked_and_the_sixth_is_not_even_when_right(world, ask):
    browser, code, _ = await ask(world["noa"])
    for _ in range(5):
        problem(await enter(browser, WRONG), 401, "code_wrong")
    problem(await enter(browser, code), 401, "code_spent")


async def test_of_a_thousand_wrong_codes_at_most_five_are_checked(world, ask, databases, clock):
    clock.advance()
    browser, code, _ = await ask(world["noa"])
    said = []
    for number in range(1000):
        if number % 20 == 0:
            async with databases.auth.transaction() as db:  # as from a thousand addresses
                await db.execute(delete(RateLimit))
        guess = f"{(int(code) + 1 + number) % 10**8:08}"
        answer = await enter(browser, guess)
        said.append(answer.json()["code"])
    assert said.count("code_wrong") == 5
    assert said.count("code_spent") == 995


async def test_of_many_guesses_at_once_five_are_checked(world, ask):
    browser, _, _ = await ask(world["noa"])
    answers = await asyncio.gather(*[enter(browser, WRONG) for _ in range(15)])
    assert sorted(answer.json()["code"] for answer in answers) == ["code_spent"] * 10 + ["code_wrong"] * 5


async def test_guesses_at_an_unknown_address_look_like_those_at_a_known_one(api, world, ask):
    known, _, _ = await ask(world["noa"])
    unknown = api()
    await unknown.post("/v1/logins", json={"email": "nobody@nordlys.example"})
    for _ in range(7):
        answers = [await enter(browser, WRONG) for browser in (known, unknown)]
        bodies = [{**answer.json(), "instance": ""} for answer in answers]
        assert bodies[0] == bodies[1]


async def test_asking_again_makes_the_code_before_useless_here(world, ask):
    browser, first, _ = await ask(world["noa"])
    _, second, _ = await ask(world["noa"], browser)
    assert first != second
    problem(await enter(browser, first), 401, "code_wrong")
    assert (await enter(browser, second)).status_code == 201


@pytest.mark.parametrize("code", ["", "1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨", None])
async def test_what_is_no_code_is_422_and_no_guess(world, ask, code):
    browser, right, _ = await ask(world["noa"])
    for _ in range(6):
        problem(await enter(browser, code), 422, "validation_failed")
    assert (await enter(browser, right)).status_code == 201


async def test_a_link_in_another_browser_asks_first_and_says_whose_it_is(api, world, ask):
    _, _, token = await ask(world["noa"])
    elsewhere = api(sec_fetch_site="same-origin")
    asked = problem(await elsewhere.post("/v1/logins/redeem", json={"token": token}), 409, "other_browser")
    assert asked["params"] == {"name": "Noa Virtanen"}
    problem(await elsewhere.get("/v1/me"), 401, "unauthenticated")
    answer = await elsewhere.post("/v1/logins/redeem", json={"token": token, "elsewhere": True})
    assert answer.status_code == 201
    assert answer.json()["person_id"] == str(world["noa"].id)


async def test_the_code_itself_is_kept_nowhere(world, ask, databases):
    browser, code, token = await ask(world["noa"])
    secret = browser.cookies["vuoro_mail"]
    async with databases.auth.transaction() as db:
        (challenge,) = await db.scalars(select(Challenge))
        (link,) = await db.scalars(select(Token).where(Token.kind == "link"))
    assert challenge.hash == link.browser == hash_token(secret)
    assert link.hash == hash_token(token)
    assert challenge.code not in (None, code.encode(), hash_token(code))


async def test_the_browsers_secret_is_out_of_reach_of_scripts(api, world):
    answer = await api().post("/v1/logins", json={"email": world["noa"].email})
    (cookie,) = answer.headers.get_list("set-cookie")
    assert re.match(r"vuoro_mail=[\w-]{43}; HttpOnly; Max-Age=600; Path=/; SameSite=lax$", cookie)


async def test_a_mail_that_is_sent_again_has_the_only_code_that_works(api, world, databases, mails, run_jobs):
    browser = api()
    await browser.post("/v1/logins", json={"email": world["noa"].email})
    await run_jobs()
    async with databases.worker.transaction(world.system) as db:
        await db.execute(update(OutboxFact).values(relayed_at=None))
        await db.execute(update(Delivery).values(state="sending"))
    await run_jobs()
    first, second = (re.search(r"\b\d{8}\b", text)[0] for _, text in mails)
    async with databases.auth.transaction() as db:
        assert await db.scalar(select(func.count()).select_from(Token)) == 1
    problem(await enter(browser, first), 401, "code_wrong")
    assert (await enter(browser, second)).status_code == 201


async def test_what_ran_out_is_cleared_away(world, ask, databases, clock):
    clock.advance()
    await ask(world["noa"])
    clock.advance(minutes=11)
    await ask(world["amina"])
    async with databases.auth.transaction() as db:
        assert await db.scalar(select(func.count()).select_from(Challenge)) == 1
