"""Bodies that are right but for one hostile value, sent by whoever may: refused or kept, and never a 500."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from test_access import ROWS, Stage

SHARES = 2
TEXTS = [
    "a\x00b", "\ud800", "\udfff x", "x" * 50_000, "﷽" * 3_000, "\u202eabc", "' or 1=1 --", "%_\\", "{{7*7}}",
    "\r\nX: y",
    "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "", " ", "0", "null", "2026-02-30", "9999-12-31T23:59:59Z",
    "0000-00-00", "0001-01-01T00:00:00+23:59", str(uuid4()), "00000000-0000-0000-0000-000000000000",
]  # fmt: skip
NUMBERS: list[Any] = [2**31, 2**63, -(2**63) - 1, 10**400, -1, 0, 0.5, 1e308, True]
OTHERS: list[Any] = [None, [], {}, [[]], {"a": {}}, "x", [None], [str(uuid4())] * 2_000]
# What JSON has no word for, and what is deeper than anybody writes.
RAW = [
    b"NaN", b"[NaN]", b"{", b"", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b'"' + b"x" * 100, b"1e999",
    b'{"a": 1, "a": 2}', b"\xef\xbb\xbf{}", b"nul",
]  # fmt: skip
# One who may do most things, so that the request comes as far as possible.
ABLE = ("mentor", "manager", "admin", "mentee", "employee", "contact")


@pytest.fixture
async def stage(api, databases, world, application, postgres, database_name):
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    yield await Stage(api, databases, world, application, connection).set_up()
    await connection.close()


def spoiled(body: Any, start: int) -> Iterator[Any]:
    """The body with one leaf after the other replaced, each by a third of the hostile values in turn."""
    for turn, (path, value) in enumerate(leaves(body), start):
        hostile = TEXTS if isinstance(value, str) else NUMBERS if isinstance(value, int | float) else []
        for one in [*hostile, *OTHERS][turn % 3 :: 3]:
            yield replaced(body, path, one)


def leaves(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value that holds no others, and every list."""
    if isinstance(node, dict):
        for name, part in node.items():
            yield from leaves(part, (*path, name))
        return
    if isinstance(node, list):
        for index, part in enumerate(node):
            yield from leaves(part, (*path, index))
    yield path, node


def replaced(node: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with another value at one place."""
    if not path:
        return value
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[path[0]] = replaced(copy[path[0]], path[1:], value)
    return copy


@pytest.mark.parametrize("share", range(SHARES))
async def test_no_hostile_value_in_a_right_body_breaks_an_operation(stage, share):
    """The client itself fails on a 5xx or an answer that the contract does not have."""
    wrong, tried = [], 0
    writing = [name for name in sorted(ROWS) if stage.operations[name][0] in ("POST", "PUT", "PATCH")]
    for turn, operation in enumerate(writing[share::SHARES]):
        body = stage.body(operation)
        caller = next((who for who in ABLE if ROWS[operation][who] == "+"), None)
        if body is None or caller is None:
            continue
        await stage.reset(operation)
        bodies = [json.dumps(one).encode() for one in spoiled(body, turn)]
        if share == 0 and operation == writing[0]:
            bodies += RAW
        for sent in [*bodies, *RAW[:2]]:
            tried += 1
            fault = await wrong_with(stage, operation, caller, sent)
            if fault is not None:
                wrong.append(f"{operation} as {caller}: {sent[:120]!r}: {fault}")
                break
    assert not wrong, "\n" + "\n".join(wrong)
    assert tried > 500


async def wrong_with(stage: Stage, operation: str, caller: str, body: bytes) -> str | None:
    method, path = stage.operations[operation]
    kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
    headers = {"Content-Type": kind, "If-Match": f'"{await stage.version(operation)}.x"'}
    try:
        answer = await stage.clients[caller].request(
            method, path.format(role="mentor", **stage.ids), content=body, headers=headers
        )
    except AssertionError as fault:
        cause = fault.__cause__
        return f"{str(fault)[:300]} {cause!r:.300}"
    return f"{answer.status_code}" if answer.status_code >= 500 else None


@pytest.mark.parametrize("body", RAW)
async def test_what_is_no_json_of_ours_is_refused(api, world, body):
    answer = await api(world.admin).post("/v1/people", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=%ED%A0%80", "q=%FF", "cursor=%00", "cursor=AAAA", "limit=99999999999999999999", "limit=-1",
     "limit=1e3", "limit=%D9%A1", "q=" + "x" * 7_000, "sort=%27", "updated_since=0000", "q[]=1", "q=1&q=2",
     "%00=1", "&&&=&"],
)  # fmt: skip
async def test_a_hostile_query_is_refused_or_finds_nothing(api, world, query):
    for path in ("/v1/people", "/v1/programs", "/v1/audit-log", "/v1/skills"):
        answer = await api(world.admin).get(f"{path}?{query}")
        assert answer.status_code in (200, 422), (path, answer.text)


@pytest.mark.parametrize(
    "path",
    ["/v1/people/%00", "/v1/people/..%2f..%2fetc", "/v1/%ff", "/v1/people/" + "x" * 5_000, "//v1/people", "/v1//",
     "/v1/people/%E2%80%AE", "/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd"],
)  # fmt: skip
async def test_a_hostile_path_leads_nowhere(api, world, path):
    answer = await api(world.admin).get(path)
    assert answer.status_code in (404, 422, 503), answer.text  # 503: the page, where the web app is not built
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    ("name", "value"),
    [("If-None-Match", "x" * 9_000), ("Idempotency-Key", "x" * 201), ("Idempotency-Key", "é"), ("Range", "bytes=9-1"),
     ("Authorization", "Bearer"), ("Authorization", "Bearer é"), ("Authorization", "Basic !!"), ("Cookie", "a=b; ;=;"),
     ("Cookie", "vuoro_session=é"), ("Content-Length", "-1"), ("X-Request-Id", "x" * 300), ("Accept", "\x7f"),
     ("X-Forwarded-For", "' or 1=1"), ("Origin", "https://[::1"), ("Origin", "é"), ("Sec-Fetch-Site", "é"),
     ("Host", "[::1")],
)  # fmt: skip
@pytest.mark.parametrize("signed_in", [True, False])
async def test_a_hostile_header_breaks_nothing(api, world, name, value, signed_in):
    client = api(world.admin if signed_in else None)
    for method, more in (("GET", {}), ("POST", {"json": {}})):
        answer = await client.request(method, "/v1/idea-seeds", headers={name: value.encode("latin-1")}, **more)
        assert answer.status_code < 500, answer.text
