"""Logs: one JSON line an event, never content, never an id in a path, never a token."""

import json
import re
from urllib.parse import quote

import pytest
import structlog

from vuoro.core import log, middleware


async def test_a_request_is_one_line_with_its_shape_and_caller(api, world, lines):
    await api(world.admin).get(f"/v1/people/{world['noa'].id}", headers={"X-Request-Id": "trace-12345678"})
    (line,) = lines()
    assert {**line, "ms": 0, "timestamp": ""} == {
        "event": "request", "level": "info", "method": "GET", "path": "/v1/people/{person_id}", "status": 200,
        "request_id": "trace-12345678", "person_id": str(world.admin.id), "client_id": None, "ms": 0, "timestamp": "",
    }  # fmt: skip


@pytest.mark.parametrize(("path", "shape"), [("/scim/v2/Users/noa", "/scim"), ("/v1/noa", "/v1"), ("/pairs/noa", "/")])
async def test_a_path_without_a_route_is_told_by_where_it_leads(api, lines, path, shape):
    await api().get(path)
    assert [line["path"] for line in lines()] == [shape]


async def test_content_names_addresses_and_tokens_stay_out(api, world, lines):
    token = await api.sign_in(world.admin)
    secret = "Salainen-4711"
    body = {"external_id": secret, "display_name": secret, "work_email": f"{secret}@nordlys.example"}
    await api(token).post("/v1/people", json=body)
    await api(token).post("/v1/people", json={**body, "job_level": secret})
    await api(token).get("/v1/people", params={"q": secret})
    await api(token).get(f"/v1/{secret}")
    await api().post("/v1/logins", json={"email": f"{secret}@nordlys.example"})
    await api().post("/v1/logins/redeem", json={"token": secret * 3})
    written = lines()
    assert len(written) >= 6
    text = json.dumps(written).lower()
    assert secret.lower() not in text
    assert token.lower() not in text


# Answer whoever asks, or send a browser back to where it can sign in.
OPEN = ("/healthz", "/readyz", "/.well-known/", "/v1/logins/oidc/callback")


SECRET = "Salainen/4711/Salainen"
READ = "if-match if-none-match idempotency-key x-request-id user-agent referer origin x-forwarded-for accept-language"


async def send_secrets(api, world, paths):
    """A secret in the path, the query, the body and every header that is read: of each operation, signed in or not."""
    headers = dict.fromkeys(READ.split(), SECRET)
    clients = [api(world.admin), api(SECRET), api(cookie=f"vuoro_session={SECRET}; __Host-session={SECRET}")]
    content = json.dumps({"text": SECRET, "email": f"{SECRET}@x.example", "token": SECRET}).encode()
    tried = 0
    for path, item in paths.items():
        filled = re.sub(r"{\w+}", quote(SECRET, safe=""), path)
        for method in item:
            url = f"{filled}?q={SECRET}&token={SECRET}"
            answer = await clients[tried % 3].request(method, url, headers=headers, content=content)
            assert answer.status_code >= 400 or path.startswith(OPEN), (method, path)
            tried += 1


def told(written):
    """Whether the log holds the secret, and the fields that are on no list."""
    text = json.dumps(written).lower()
    return "salainen" in text, {name for line in written for name in line} - log.ALLOWED


async def test_nothing_that_is_sent_to_any_operation_reaches_the_log(api, world, lines, application):
    await send_secrets(api, world, application.openapi()["paths"])
    written = lines()
    assert len(written) > 200
    assert told(written) == (False, set())


async def test_a_log_that_tells_what_was_sent_is_noticed(api, world, lines, application, monkeypatch):
    paths = {path: application.openapi()["paths"][path] for path in ("/v1/pairs/{pair_id}", "/v1/people/{person_id}")}
    with monkeypatch.context() as planted:
        planted.setattr(middleware, "_shape", lambda scope: scope["path"])
        await send_secrets(api, world, paths)
        assert told(lines()) == (True, set())
    with monkeypatch.context() as planted:
        planted.setattr(middleware, "_ID", re.compile(""))
        await send_secrets(api, world, paths)
        assert told(lines()) == (True, set())
    structlog.get_logger().info("hello", host=SECRET)
    assert told(lines()) == (True, set())
    assert told([{"event": "hello", "note": ""}]) == (False, {"note"})


async def test_a_secret_in_an_unknown_path_stays_out(api, lines):
    for path in (
        "/v1/calendar/s3cr3t-4711.ics",
        "/join/s3cr3t-4711",
        "/v1/invitation-links/s3cr3t-4711",
        "/s3cr3t-4711",
    ):
        await api().get(path)
        await api().post(path)
    assert "s3cr3t" not in json.dumps(lines())


async def test_a_field_that_is_not_on_the_list_would_be_noticed(lines, monkeypatch):
    monkeypatch.setattr(log, "ALLOWED", log.ALLOWED | {"note"})
    structlog.get_logger().info("hello", note="Salainen-4711")
    assert "Salainen" in json.dumps(lines())


async def test_a_bug_is_logged_by_its_kind_alone(api, world, lines, monkeypatch):
    from vuoro.people import service

    async def broken(*_, **__):
        raise RuntimeError("Salainen-4711")

    monkeypatch.setattr(service, "search", broken)
    with pytest.raises(AssertionError, match="500"):
        await api(world.admin).get("/v1/people")
    written = lines()
    assert {line["event"]: line.get("error") for line in written} == {"request": None, "bug": "RuntimeError"}
    assert "Salainen" not in json.dumps(written)


async def test_only_fields_on_the_list_are_written(lines):
    structlog.get_logger().info("hello", count=3, note="what people told each other")
    (line,) = lines()
    assert (line["event"], line["count"]) == ("hello", 3)
    assert "note" not in line


async def test_health_checks_are_not_logged(api, lines):
    await api().get("/healthz")
    await api().get("/readyz")
    assert lines() == []
