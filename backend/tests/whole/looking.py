"""What everybody can get: every GET operation of the document, with every id that somebody could know."""

import asyncio
import itertools
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
from support.bundles import json_of
from whole.story import Story

SKIPPED = (
    "/healthz", "/readyz", "/oauth/authorize", "/v1/demo/personas", "/v1/logins/oidc/callback",
    "/v1/match-runs/{run_id}/events", "/v1/invitation-links/{code}", "/v1/me/app-request",
    "/v1/branding/logos/{logo_id}", "/calendar/{code}.ics",
)  # fmt: skip
MORE = ("/v1/pairs?mine=true", "/v1/pairs?state=declined", "/v1/pairs?state=expired", "/v1/idea-seeds?brought=true")


class Look:
    """All answers to each caller, as text; searched for what is not theirs."""

    def __init__(self, story: Story, document: dict[str, Any], strangers: dict[str, httpx.AsyncClient]) -> None:
        self.story, self.document, self.strangers = story, document, strangers
        self.answers: dict[str, list[tuple[str, Any]]] = {}

    def paths(self) -> Iterator[str]:
        """Every GET path, filled with known ids."""
        known = {name: sorted(ids) for name, ids in self.story.ids.items()} | {
            "role": ["mentor", "mentee"],
            "kit_key": ["spar", "social-media"],
        }
        for path, operations in self.document["paths"].items():
            if "get" not in operations or path in SKIPPED:
                continue
            names = re.findall(r"{(\w+)}", path)
            query = "&".join(self._query(operations["get"], path))
            for values in itertools.product(*(known[name] for name in names)):
                yield path.format(**dict(zip(names, values, strict=True))) + (f"?{query}" if query else "")
        yield from MORE
        yield f"/v1/audit-log?limit=100&program_id={self.story.program}"
        yield f"/v1/programs/{self.story.program}/feedback-summary?by=site&by=division"

    def _query(self, operation: dict[str, Any], path: str) -> Iterator[str]:
        values = {
            "side": "mentor", "q": "ma", "limit": "30" if path.endswith("free-times") else "100",
            "mentor_id": self.story.cast["noa"].id, "mentee_id": self.story.cast["maria"].id,
        }  # fmt: skip
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query" and (parameter.get("required") or parameter["name"] == "limit"):
                yield f"{parameter['name']}={values[parameter['name']]}"

    async def around(self, *callers: str) -> None:
        """All of these, and the strangers, read all that there is; nothing breaks."""
        paths = sorted(set(self.paths()))
        clients = {who: self.story.client(who) for who in callers} | self.strangers
        few = asyncio.Semaphore(5)

        async def read(who: str, client: httpx.AsyncClient) -> None:
            found = self.answers[who] = []
            for path in paths:
                async with few:
                    answer = await client.get(path)
                assert answer.status_code in (200, 401, 403, 404, 409), (who, path, answer.text)
                if answer.status_code == 200:
                    found.append((path, json_of(answer)))

        await asyncio.gather(*(read(who, client) for who, client in clients.items()))

    def private_words(self) -> set[str]:
        """Nobody got a word that is not for them; the words that somebody got."""
        got: set[str] = set()
        for who, answers in self.answers.items():
            text = json.dumps(answers)
            for word, readers in self.story.secrets.items():
                if word in text:
                    assert who in readers, (who, word, [path for path, body in answers if word in json.dumps(body)])
                    got.add(word)
        return got

    def trace_of_a_no(self, pair_id: str, author: str, moment: str) -> None:
        """To nobody but its author a no has happened: no state, no step, no line, no moment, no id made at it."""
        made = f"{int(_seconds(moment) * 1000):012x}"
        prefix = f"{made[:8]}-{made[8:]}"
        for who, answers in self.answers.items():
            if who == author:
                continue
            own = {id for id, said_by in self.story.noes.items() if said_by == who}
            text = json.dumps(answers)
            assert moment[:-4] not in text, who
            assert prefix not in text, who
            for path, one in _objects(answers):
                if {"mentor", "mentee", "state"} <= one.keys() or set(one) == {"at", "state"}:
                    theirs = one.get("id") in own or any(id in path for id in own)
                    assert one["state"] != "declined" or theirs, (who, path)
                if "actor_kind" in one:
                    assert one["subject_id"] != pair_id, (who, path)

    def trace_of_an_exit(self, moment: str) -> int:
        """Of an exit everybody reads at most one neutral step, which names nobody; how many read it."""
        seen = 0
        for who, answers in self.answers.items():
            for path, one in _objects(answers):
                at = {name for name, value in one.items() if str(value).startswith(moment[:-4])}
                if at and path == "/v1/me/export":  # one's own mails about it, and one's pair as it ended
                    assert at <= {"created_at", "sent_at", "ended_at"}, (who, one)
                    assert one["state"] == "ended_early" or one["kind"] in ("pair.ended", "session.withdrawn"), (
                        who,
                        one,
                    )
                elif at:
                    assert (set(one), one["state"]) == ({"at", "state"}, "ended_early"), (who, path, one)
                    seen += 1
        return seen


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _objects(answers: list[tuple[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, body in answers:
        yield from ((path, one) for one in _inside(body))


def _inside(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _inside(one)
