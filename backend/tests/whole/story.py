"""Tells a programme's life through the API: who does what, what is read, time that passes, words that are private."""

import asyncio
import itertools
from datetime import datetime, timedelta
from typing import Any

import httpx
from whole.company import Cast

from vuoro.core import clock as time

DONE = (200, 201, 202, 204)


class Story:
    """Everybody's clients, the programme, and what its people wrote for few eyes only."""

    def __init__(self, api: Any, cast: Cast, clock: Any, run_jobs: Any) -> None:
        self.api, self.cast, self.clock, self.run_jobs = api, cast, clock, run_jobs
        self.program, self.cohort = "", ""
        self.enrollments: dict[str, str] = {}
        self.secrets: dict[str, set[str]] = {}  # a private word → the keys of those who may read it
        self.noes: dict[str, str] = {}  # a declined pair → the key of whoever said no
        self.ids: dict[str, set[str]] = {}  # path parameter → what may stand there
        self.asked = 0  # requests so far
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._few = asyncio.Semaphore(5)  # at once: a busy machine answers them all in time
        self._numbers = itertools.count(1)

    def client(self, who: str) -> httpx.AsyncClient:
        """Somebody's client; they sign in when they first need to."""
        if who not in self._clients:
            self._clients[who] = self.api(self.cast[who])
        return self._clients[who]

    async def send(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        """One request of somebody."""
        async with self._few:
            self.asked += 1
            return await self.client(who).request(method, f"/v1{path}", **more)

    async def get(self, who: str, path: str, **query: Any) -> Any:
        """What somebody reads."""
        answer = await self.send(who, "GET", path, params=query)
        assert answer.status_code == 200, (who, path, answer.text)
        return answer.json()

    async def all(self, who: str, path: str, **query: Any) -> list[Any]:
        """Every item of a list, page by page."""
        found, cursor = [], None
        while True:
            page = await self.get(who, path, **query, limit=100, **({"cursor": cursor} if cursor else {}))
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    async def post(self, who: str, path: str, /, **body: Any) -> Any:
        """A deed; its answer."""
        answer = await self.send(who, "POST", path, json=body or None)
        assert answer.status_code in DONE, (who, path, answer.text)
        return answer.json() if answer.content else None

    async def put(self, who: str, path: str, /, **body: Any) -> Any:
        """Something written as a whole."""
        answer = await self.send(who, "PUT", path, json=body)
        assert answer.status_code in DONE, (who, path, answer.text)
        return answer.json()

    async def patch(self, who: str, path: str, /, **body: Any) -> Any:
        """A change of what was just read."""
        tag = (await self.send(who, "GET", path)).headers["etag"]
        answer = await self.send(who, "PATCH", path, json=body, headers={"If-Match": tag})
        assert answer.status_code in DONE, (who, path, answer.text)
        return answer.json()

    async def delete(self, who: str, path: str) -> None:
        """Something taken away."""
        tag = (await self.send(who, "GET", path)).headers["etag"]
        answer = await self.send(who, "DELETE", path, headers={"If-Match": tag})
        assert answer.status_code in DONE, (who, path, answer.text)

    async def refused(self, who: str, path: str, code: str, /, **body: Any) -> dict[str, Any]:
        """The problem that a deed meets; it has this code."""
        answer = await self.send(who, "POST", path, json=body or None)
        problem: dict[str, Any] = answer.json()
        assert answer.status_code >= 400, (who, path, answer.text)
        assert problem["code"] == code, (who, path, answer.text)
        return problem

    async def hidden(self, who: str, path: str) -> None:
        """Somebody does not see this."""
        answer = await self.send(who, "GET", path)
        assert answer.status_code == 404, (who, path, answer.text)

    async def pass_days(self, days: float, *, step: float = 7) -> None:
        """Days go by; the worker sweeps and does what is due, once a week at least."""
        end = time.now() + timedelta(days=days)
        while time.now() < end:
            self.clock.freeze(min(end, time.now() + timedelta(days=step)))
            await self.run_jobs(tick=True)

    async def until(self, moment: str | datetime) -> None:
        """Time passes up to a moment."""
        at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        await self.pass_days((at - time.now()) / timedelta(days=1))

    def secret(self, what: str, *readers: str) -> str:
        """A private text that nobody else may ever get, not even a word of it."""
        word = f"zq{next(self._numbers):03}x"
        self.secrets[word] = set(readers)
        return f"{what} {word}"

    def know(self, parameter: str, *ids: str) -> None:
        """Ids that somebody who looks around would try in paths."""
        self.ids.setdefault(parameter, set()).update(ids)

    async def pairs(self, **query: str) -> list[dict[str, Any]]:
        """The programme's pairs as its manager sees them, oldest first."""
        return list(reversed(await self.all("petra", "/pairs", program_id=self.program, **query)))

    def two(self, pair: dict[str, Any]) -> tuple[str, str]:
        """The keys of mentor and mentee."""
        return _key(pair["mentor"]), _key(pair["mentee"])


def _key(ref: dict[str, Any]) -> str:
    return str(ref["display_name"].split()[0].lower())


def later(**units: float) -> str:
    """A moment so far ahead, as the API takes it."""
    return (time.now() + timedelta(**units)).isoformat().replace("+00:00", "Z")
