"""Receivers of events on this machine: one that does what a test says, and one that others wrote the checks of."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from vuoro.local.ports import free_port

ROOT = Path(__file__).parents[3]


@dataclass
class Target:
    """Keeps what it gets and answers as told; `hangs` never answers, `raw` is sent instead of an answer.

    After `slow` seconds, when there are any: who is gone by then has given it nothing.
    """

    port: int
    status: int = 200
    raw: bytes | None = None
    hangs: bool = False
    slow: float = 0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            if self.slow and await self._is_gone(reader):
                return
            self.got.append((headers, body))
            if self.hangs:
                await reader.read()
            else:
                writer.write(self.raw or f"HTTP/1.1 {self.status} X\r\ncontent-length: 0\r\n\r\n".encode())
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _is_gone(self, reader: asyncio.StreamReader) -> bool:
        try:
            async with asyncio.timeout(self.slow):
                return await reader.read(1) == b""
        except TimeoutError:
            return False


@asynccontextmanager
async def listening() -> AsyncIterator[Target]:
    """A receiver, as long as the block lasts."""
    target = Target(free_port())
    server = await asyncio.start_server(target, "127.0.0.1", target.port)
    async with server:
        yield target


@asynccontextmanager
async def receiver_of_others() -> AsyncIterator[str]:
    """The address of a process that verifies with npm's `standardwebhooks`."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        str(ROOT / ".venv/bin/node"), str(ROOT / "infra/peers/receiver.mjs"), str(port),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert (await process.stdout.readline()).strip() == b"ready"
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # node runs below a starter of its own
        await process.wait()


async def seen_by(url: str) -> tuple[list[dict[str, Any]], int]:
    """What that process verified, and how many events it refused."""
    async with httpx.AsyncClient(trust_env=False) as client:
        found = (await client.get(f"{url}/seen")).json()
    return found["seen"], found["refused"]


async def give_secret(url: str, secret: str) -> None:
    """What that process verifies with from now on."""
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.put(f"{url}/secret", content=secret)
