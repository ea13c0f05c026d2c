"""The worker as a process of its own: from the outbox through the queue to a mail that signs in."""

import asyncio
import os
import re
import signal
import sys
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from support.contract import problem

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
async def working(environment, mail_server):
    settings = {
        "VUORO_SMTP_HOST": "127.0.0.1",
        "VUORO_SMTP_PORT": str(mail_server.port),
        "VUORO_SMTP_STARTTLS": "false",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "vuoro.cli", "worker",
        env={**os.environ, **environment, **settings}, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    yield process
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 30) == 0


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
