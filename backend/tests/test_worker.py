"""The worker as a process of its own: from the outbox through the queue to a mail that signs in."""

import asyncio
import re
import signal
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from support.contract import problem
from support.server import vuoro

from vuoro.local.ports import free_port


class Box:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        self.mails.append(envelope.content)
        return "250 OK"


@pytest.fixture
def mail_server():
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


@pytest.fixture
async def start(environment, mail_server):
    """Starts the worker; it ends well with the test."""
    settings = {
        "VUORO_SMTP_HOST": "127.0.0.1",
        "VUORO_SMTP_PORT": str(mail_server.port),
        "VUORO_SMTP_STARTTLS": "false",
    }
    started = []

    async def begin():
        process = await vuoro("worker", environment={**environment, **settings}, stderr=asyncio.subprocess.PIPE)
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 30)
        assert process.returncode == 0


@pytest.fixture
async def working(start):
    return await start()


async def says(process, event: str) -> None:
    """The worker logs this event."""
    async with asyncio.timeout(60):
        while event not in (line := await process.stderr.readline()).decode():
            assert line, f"the worker ended without {event}"


async def until(condition) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - another process makes it true
            await asyncio.sleep(0.05)


async def test_a_mailed_link_signs_in_once(api, world, working, mail_server):
    nobody = await api().post("/v1/logins", json={"email": "nobody@nordlys.example"})
    browser = api()
    somebody = await browser.post("/v1/logins", json={"email": world["noa"].email.upper()})
    assert (nobody.status_code, nobody.json()) == (somebody.status_code, somebody.json()) == (202, {"sent": True})
    await until(lambda: mail_server.mails)
    mail = message_from_bytes(mail_server.mails[0])
    assert mail["To"] == world["noa"].email
    text = mail.get_payload(decode=True).decode()
    token = re.search(r"/sign-in#token=(\S+)", text).group(1)
    signed_in = await browser.post("/v1/logins/redeem", json={"token": token})
    assert signed_in.status_code == 201
    cookie = signed_in.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    problem(await api().post("/v1/logins/redeem", json={"token": token}), 401, "link_spent")
    assert len(mail_server.mails) == 1


async def test_a_signed_in_browser_signs_out(api, world, working, mail_server):
    browser = api(sec_fetch_site="same-origin")
    await browser.post("/v1/logins", json={"email": world["leo"].email})
    await until(lambda: mail_server.mails)
    text = message_from_bytes(mail_server.mails[0]).get_payload(decode=True).decode()
    token = re.search(r"/sign-in#token=(\S+)", text).group(1)
    await browser.post("/v1/logins/redeem", json={"token": token})
    assert (await browser.get("/v1/me")).json()["person"]["id"] == str(world["leo"].id)
    assert (await browser.delete("/v1/logins/current")).status_code == 204
    problem(await browser.get("/v1/me"), 401, "unauthenticated")


async def test_a_worker_waits_for_a_database_that_is_away_and_goes_on_after_it(
    api, world, start, mail_server, postgres, database_name
):
    async with postgres.away(database_name):
        worker = await start()
        await says(worker, "database_away")
    await says(worker, "worker_ready")
    for person in (world["noa"], world["leo"]):
        await api().post("/v1/logins", json={"email": person.email})
        await until(lambda to=person.email: message_from_bytes((mail_server.mails or [b""])[-1])["To"] == to)
        async with postgres.away(database_name):
            await says(worker, "round_failed")
