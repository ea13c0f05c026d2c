"""Figures for Prometheus: off by default, on a port of their own, and of whom there is nothing in them."""

import asyncio
import re
import time
import urllib.request

import httpx
import pytest

from vuoro.app import create_app, lifespan
from vuoro.core import jobs, metrics
from vuoro.core.settings import SettingsError, settings
from vuoro.local.ports import free_port
from vuoro.worker import look

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}|@|[0-9a-f]{32}")


async def read(port: int) -> str:
    """What stands on the port."""

    def ask() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            return str(answer.read().decode())

    return await asyncio.to_thread(ask)


@pytest.fixture
async def counting(environment, monkeypatch):
    """The API with a port for its figures: (client, port)."""
    port = free_port()
    monkeypatch.setenv("VUORO_METRICS_PORT", str(port))
    settings.cache_clear()
    app = create_app()
    async with lifespan(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            yield client, port


async def test_requests_are_told_by_operation_and_by_nothing_that_tells_of_somebody(counting, api, world):
    client, port = counting
    client.headers["Authorization"] = f"Bearer {await api.sign_in(world.admin)}"
    for path in (
        f"/v1/people/{world['noa'].id}", "/v1/people?q=Noa", "/v1/noa@firma.example", "/scim/v2/Users/noa",
        "/pairs/noa@firma.example", "/healthz",
    ):  # fmt: skip
        await client.get(path)
    await client.request("NOA@FIRMA", f"/v1/people/{world['noa'].id}")
    await client.post("/v1/concerns", json={})
    said = await read(port)
    assert 'vuoro_requests_total{method="GET",operation="people_get",status="2xx"} 1.0' in said
    assert 'vuoro_request_seconds_count{operation="people_get"} 2.0' in said
    assert 'vuoro_requests_total{method="other",operation="people_get",status="4xx"} 1.0' in said
    assert 'vuoro_requests_total{method="GET",operation="/scim",status="4xx"} 1.0' in said
    assert "vuoro_requests_in_flight 0.0" in said
    assert 'vuoro_database_connections_in_use{login="app"} 0.0' in said
    ours = "\n".join(line for line in said.splitlines() if line.startswith("vuoro_"))
    assert ID.findall(ours) == []
    assert "concern" not in ours
    assert "noa" not in ours.lower()


async def test_off_by_default_and_free(application):
    assert application.state.metrics is None


async def test_a_port_that_is_taken_is_named(environment, monkeypatch, counting):
    monkeypatch.setenv("VUORO_METRICS_PORT", str(counting[1]))
    with pytest.raises(SettingsError, match="VUORO_METRICS_PORT: port"):
        async with lifespan(create_app()):
            pass


async def test_jobs_are_told_by_kind_and_end_and_what_waits_by_queue(databases, world, run_jobs):
    work = metrics.Work()
    with work.job("match_run.queued"):
        pass
    with pytest.raises(ZeroDivisionError), work.job("mail.due"):
        raise ZeroDivisionError
    with work.job("concern.raised"):
        pass
    await look(databases.worker, work)
    port = free_port()
    with metrics.told(work.registry, "127.0.0.1", port, "VUORO_WORKER_METRICS_PORT"):
        said = await read(port)
    assert 'vuoro_jobs_total{kind="match_run.queued",outcome="done"} 1.0' in said
    assert 'vuoro_jobs_total{kind="mail.due",outcome="failed"} 1.0' in said
    assert 'vuoro_job_seconds_count{kind="other"} 1.0' in said
    assert "vuoro_outbox_lag_seconds" in said
    assert {f'vuoro_jobs_due{{queue="{name}"}}' in said for name in ("facts", "slow", "webhooks")} == {True}
    assert "concern" not in said
    with pytest.raises(OSError, match="refused"):
        await read(port)


def test_every_kind_of_job_is_a_word_of_the_code():
    assert {kind for kind in jobs.handlers if not re.fullmatch(r"[a-z_.]{3,40}", kind)} == set()


def test_a_request_costs_less_than_ten_microseconds():
    counted, scope = metrics.Requests(), {"type": "http", "method": "GET", "path": "/v1/me"}

    def a_thousand() -> float:
        began = time.process_time()
        for _ in range(1000):
            counted.in_flight.inc()
            counted.in_flight.dec()
            counted.answered(scope, "/v1", 200, 0.01)
        return time.process_time() - began

    assert min(a_thousand() for _ in range(20)) < 0.01
