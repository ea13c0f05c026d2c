"""Requests that a stranger might send, made from the contract, by callers of two companies with each other's ids.

Schemathesis makes what fits the contract and what does not; ids are put in from what is there, so that the requests
reach the deeds behind them. Every answer is held to the contract, none may be a 5xx, none may tell a company anything
of the other one.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import Case, GenerationMode

from support.contract import Contract

Send = Callable[[httpx.Request], httpx.Response]
Ids = dict[str, list[str]]  # by path parameter
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OWN, OURS = 0.6, 0.25  # how often an id is one that the caller sees, or one of their company; else another company's
REAL = 0.85  # how often an id is one that exists
# What makes things comes first, what ends or empties what the others need last.
FIRST = re.compile(r"_(create|plan|post|give|write|request|raise|rate)$")
LAST = re.compile(r"_(delete|discard|leave|withdraw|end|revoke|take|erase|cancel|close|transition)$")
NEGATIVE, POSITIVE = GenerationMode.NEGATIVE, GenerationMode.POSITIVE


@dataclass
class Caller:
    """Somebody of a company, or nobody (`token` None); `sees` are ids that lists showed them."""

    name: str
    company: str
    token: str | None
    sees: Ids = field(default_factory=dict)


@dataclass
class Found:
    """What a run tried and what was wrong, each fault once an operation."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    done: set[str] = field(default_factory=set)
    faults: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, operation: str, text: str) -> None:
        self.faults.setdefault(f"{kind} {operation}", text)

    def __str__(self) -> str:
        answered = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        lines = [f"{self.cases} cases, {len(self.done)} operations done for somebody; answers {answered}"]
        lines += [f"{name}\n    {text}" for name, text in sorted(self.faults.items())]
        return "\n".join([*lines, f"{len(self.faults)} faults"])


class Fuzz:
    """One run against one application. `ids` holds, by company, the real ids by path parameter."""

    def __init__(
        self, document: dict[str, Any], callers: list[Caller], ids: dict[str, Ids], send: Send, *,
        tables: dict[str, str], base_url: str = "http://127.0.0.1:8000", seed: int = 1,
        renew: Callable[[Caller], str | None] | None = None,
    ) -> None:  # fmt: skip
        self.contract, self.callers, self.ids = Contract(document), callers, ids
        self.send, self.base_url, self.seed, self.renew = send, base_url, seed, renew
        self.tables = {table: parameter for parameter, table in tables.items()}
        self.known = {company: {id for some in own.values() for id in some} for company, own in ids.items()}
        self.schema = schemathesis.openapi.from_dict(document)
        self.chance = random.Random(seed)
        self.etags: dict[str, str] = {}
        self.able: dict[str, list[Caller]] = {}  # who was let through, by operation
        self.found = Found()

    def run(self, each: int, only: str = "") -> Found:
        """Try every operation whose name `only` finds, `each` times."""
        operations = [result.ok() for result in self.schema.get_all_operations()]
        named = [(str(one.definition.raw["operationId"]), one) for one in operations]
        self._look_around([name for name, _ in named], {name: one.path for name, one in named})
        for name, operation in sorted(named, key=lambda one: (_turn(one[0]), one[0])):
            if not re.search(only, name):
                continue
            for case in self._cases(operation, each):
                self._try(name, case)
        return self.found

    def _look_around(self, names: list[str], paths: dict[str, str]) -> None:
        """Every caller reads the lists, so that they have ids of their own to go on with."""
        lists = sorted((name for name in names if name.endswith("_list")), key=lambda name: paths[name].count("{"))
        for caller in self.callers:
            for name in lists if caller.token else ():
                noun = name.removesuffix("_list")
                parameter = self.tables.get(noun) or self.tables.get(noun.rpartition("_")[2])
                needed = re.findall(r"{(\w+)}", paths[name])
                if parameter is None or any(not caller.sees.get(one) for one in needed):
                    continue
                path = paths[name].format(**{one: caller.sees[one][0] for one in needed})
                headers = {"Authorization": f"Bearer {caller.token}"}
                answer = self._send(httpx.Request("GET", self.base_url + path, headers=headers), name)
                if answer is not None and answer.status_code == 200:
                    shown = [str(item["id"]) for item in answer.json()["items"] if "id" in item]
                    caller.sees[parameter] = list(dict.fromkeys([*caller.sees.get(parameter, []), *shown]))

    def _cases(self, operation: Any, each: int) -> Iterator[Case]:
        made: list[Case] = []
        for mode, many in ((POSITIVE, each - each // 3), (NEGATIVE, each // 3)):
            try:
                strategy = operation.as_strategy(generation_mode=mode)
            except Exception as error:
                if mode is POSITIVE:
                    raise
                del error
                continue

            @hypothesis.seed(self.seed)
            @hypothesis.settings(
                max_examples=many,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @hypothesis.given(case=strategy)
            def take(case: Case) -> None:
                if len(made) < each:
                    made.append(case)

            try:
                take()
            except hypothesis.errors.Unsatisfiable:
                continue
        yield from made

    def _try(self, name: str, case: Case) -> None:
        able = self.able.get(name)
        caller = self.chance.choice(able if able and self.chance.random() < 0.5 else self.callers)
        request = self._request(case, caller)
        if request is None:
            return
        self.found.cases += 1
        response = self._send(request, name)
        if response is None:
            return
        if response.status_code == 401 and caller.token and self.renew and "Authorization" in request.headers:
            caller.token = self.renew(caller)
        self.judge(name, caller, request, response)

    def judge(self, name: str, caller: Caller, request: httpx.Request, response: httpx.Response) -> None:
        """Note what is wrong with one answer."""
        status = response.status_code
        self.found.statuses[status] += 1
        shown = f"{caller.name}: {request.method} {request.url.raw_path.decode()[:300]} {request.content[:300]!r}"
        if status >= 500 and not self._away(response):
            self.found.add(f"{status}", name, f"{shown}\n    {response.text[:300]}")
        try:
            self.contract.check(response)
        except AssertionError as fault:
            self.found.add("contract", name, f"{shown}\n    {str(fault)[:600]}")
        sent = set(UUID.findall(str(request.url) + request.content.decode("utf-8", "replace")))
        own = self.known.get(caller.company, set())
        others = set().union(*(ids for company, ids in self.known.items() if company != caller.company)) - own
        told = (set(UUID.findall(response.text)) & others) - sent
        if told:
            self.found.add("leak", name, f"{shown}\n    tells {sorted(told)[:3]}")
        if status < 300:
            self.found.done.add(name)
            if caller not in self.able.setdefault(name, []):
                self.able[name].append(caller)
            path = request.url.path
            if set(UUID.findall(path)) & others:
                self.found.add("reached", name, f"{shown}\n    {status} {response.text[:200]}")
            self._remember(name, caller, response)
            if "etag" in response.headers:
                self.etags[path] = response.headers["etag"]

    @staticmethod
    def _away(response: httpx.Response) -> bool:
        """Whether it says that another company's server does not answer, as the identity provider of the stage does."""
        said = response.headers.get("content-type", "").startswith("application/problem+json")
        return response.status_code == 503 and said and response.json().get("code") == "identity_provider_away"

    def _remember(self, name: str, caller: Caller, response: httpx.Response) -> None:
        """The id of what was made, for the operations that follow."""
        parameter = self.tables.get(name.rpartition("_")[0])
        if response.status_code == 201 and parameter and caller.company in self.ids:
            made = response.json().get("id")
            if isinstance(made, str):
                self.ids[caller.company].setdefault(parameter, []).append(made)
                self.known[caller.company].add(made)
                caller.sees.setdefault(parameter, []).append(made)

    def _send(self, request: httpx.Request, name: str) -> httpx.Response | None:
        try:
            response = self.send(request)
        except (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError):
            return None  # what cannot be written as HTTP
        except httpx.HTTPError as error:
            self.found.add("no answer", name, f"{request.method} {request.url}: {error!r}")
            return None
        response.request = request
        return response

    def _request(self, case: Case, caller: Caller) -> httpx.Request | None:
        ids = self._some_ids(caller)
        for name in case.path_parameters or {}:
            if ids.get(name) and self.chance.random() < REAL:
                case.path_parameters[name] = self.chance.choice(ids[name])
        if isinstance(case.body, dict | list) and case.meta and case.meta.generation.mode is POSITIVE:
            self._place(case.body, ids)
        try:
            sent = requests.Request(**case.as_transport_kwargs(base_url=self.base_url)).prepare()
        except (requests.RequestException, ValueError, UnicodeError):
            return None
        headers = {name: value for name, value in sent.headers.items() if name.lower() != "authorization"}
        headers.pop("Cookie", None)
        if caller.token:
            headers["Authorization"] = f"Bearer {caller.token}"
        path = str(sent.path_url).partition("?")[0]
        if sent.method in ("PATCH", "DELETE") and self.chance.random() < REAL:
            headers["If-Match"] = self.etags.get(path, '"1.x"')
        try:
            return httpx.Request(str(sent.method), str(sent.url), headers=headers, content=_bytes(sent.body))
        except (httpx.InvalidURL, UnicodeError, ValueError):
            return None

    def _some_ids(self, caller: Caller) -> Ids:
        way = self.chance.random()
        ours = self.ids.get(caller.company, {})
        if way < OWN and ours:
            return {**ours, **{name: own for name, own in caller.sees.items() if own}}
        if way < OWN + OURS and ours:
            return ours
        return self.ids[self.chance.choice([company for company in self.ids if company != caller.company])]

    def _place(self, node: Any, ids: Ids) -> None:
        """Real ids where the body names some."""
        items = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
        for name, value in items:
            if isinstance(value, dict | list):
                self._place(value, ids)
            elif isinstance(value, str) and UUID.fullmatch(value.lower()) and self.chance.random() < REAL:
                own = ids.get(str(name)) or ids.get("person_id" if "person" in str(name) else "enrollment_id")
                if own:
                    node[name] = self.chance.choice(own)


def _turn(operation: str) -> int:
    return 0 if FIRST.search(operation) else 2 if LAST.search(operation) else 1


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else bytes(body)


async def real_ids(connection: Any, organization_id: Any, tables: dict[str, str], most: int = 12) -> Ids:
    """The newest ids of one company by path parameter: {`person_id`: [...]}; `tables` is parameter → table."""
    ids: Ids = {}
    for parameter, table in tables.items():
        rows = await connection.fetch(
            f"select id from {table} where organization_id = $1 order by id desc limit {most}", organization_id
        )
        ids[parameter] = [str(row["id"]) for row in rows]
    return ids
