"""A mail server that keeps what the worker sends."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from vuoro.core.settings import settings
from vuoro.local.ports import free_port


class _Box:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mailbox(environment, monkeypatch):
    """What a mail server got while the test ran."""
    box = _Box()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    monkeypatch.setenv("VUORO_SMTP_STARTTLS", "false")
    monkeypatch.setenv("VUORO_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("VUORO_SMTP_PORT", str(controller.port))
    settings.cache_clear()
    yield box.mails
    controller.stop()
    monkeypatch.undo()
    settings.cache_clear()
