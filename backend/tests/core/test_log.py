"""Logs: one JSON line an event, never content, never an id in a path, never a token."""

import json

import pytest
import structlog


async def test_a_request_is_one_line_with_its_shape_and_caller(api, world, lines):
    await api(world.admin).get(f"/v1/people/{world['noa'].id}", headers={"X-Request-Id": "trace-12345678"})
    (line,) = lines()
    assert {**line, "ms": 0, "timestamp": ""} == {
        "event": "request", "level": "info", "method": "GET", "path": "/v1/people/{person_id}", "status": 200,
        "request_id": "trace-12345678", "person_id": str(world.admin.id), "client_id": None, "ms": 0, "timestamp": "",
    }  # fmt: skip


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


async def test_a_bug_is_logged_by_its_kind_alone(api, world, lines, monkeypatch):
    from vuoro.people import service

    async def broken(*_, **__):
        raise RuntimeError("Salainen-4711")

    monkeypatch.setattr(service, "search", broken)
    with pytest.raises(AssertionError, match="500"):
        await api(world.admin).get("/v1/people")
    written = lines()
    assert {line["event"]: line.get("error") for line in written} == {"request": None, "bug": "RuntimeError"}
    assert "4711" not in json.dumps(written)


async def test_only_fields_on_the_list_are_written(lines):
    structlog.get_logger().info("hello", count=3, note="what people told each other")
    (line,) = lines()
    assert (line["event"], line["count"]) == ("hello", 3)
    assert "note" not in line


async def test_health_checks_are_not_logged(api, lines):
    await api().get("/healthz")
    await api().get("/readyz")
    assert lines() == []
