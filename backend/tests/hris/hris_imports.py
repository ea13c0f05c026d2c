"""Short ways to import through the API in tests: send, let the worker look, apply, read."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

RunJobs = Callable[..., Awaitable[list[str]]]
HEADER = "Employee ID,First name,Last name,Work email,Manager ID,Department,Team,Location,Status\n"


def line(number: int | str, manager: int | str = "", **told: str) -> str:
    """A row of HEADER's columns."""
    cells = {
        "first": "Pat",
        "last": f"Quist{number}",
        "mail": f"p{number}@x.example",
        "team": "A",
        "status": "Active",
        **told,
    }
    return "{n},{first},{last},{mail},{m},Sales,{team},Oulu,{status}\n".format(n=number, m=manager, **cells)


async def send(
    client: httpx.AsyncClient, content: str | bytes, name: str = "people.csv", **fields: Any
) -> httpx.Response:
    """Upload a file; fields such as dry_run=False go along."""
    data = {key: value if isinstance(value, str) else str(value).lower() for key, value in fields.items()}
    return await client.post("/v1/imports", files={"file": (name, content, "text/csv")}, data=data)


async def read(client: httpx.AsyncClient, id: str) -> dict[str, Any]:
    """One import as it is now."""
    found: dict[str, Any] = (await client.get(f"/v1/imports/{id}")).json()
    return found


async def checked(client: httpx.AsyncClient, run_jobs: RunJobs, content: str | bytes, **fields: Any) -> dict[str, Any]:
    """The import of a file once the worker has looked at it."""
    answer = await send(client, content, **fields)
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "parsing"
    await run_jobs()
    return await read(client, answer.json()["id"])


async def applied(client: httpx.AsyncClient, run_jobs: RunJobs, content: str | bytes, **fields: Any) -> dict[str, Any]:
    """The import of a file once it was applied."""
    found = await checked(client, run_jobs, content, **fields)
    assert found["state"] == "checked", found
    answer = await client.post(f"/v1/imports/{found['id']}/apply", json={})
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "applying"
    await run_jobs()
    return await read(client, found["id"])


async def rows_of(client: httpx.AsyncClient, id: str, kind: str | None = None) -> list[dict[str, Any]]:
    """Every row of an import, page by page."""
    found: list[dict[str, Any]] = []
    params: dict[str, Any] = {"limit": 100, **({"kind": kind} if kind else {})}
    while True:
        page = (await client.get(f"/v1/imports/{id}/rows", params=params)).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        params["cursor"] = page["next_cursor"]
