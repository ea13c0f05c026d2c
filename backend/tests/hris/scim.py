"""A connection to provision through, as an identity provider has one."""

from typing import Any

import httpx


async def connect(api: Any, admin: Any, **options: Any) -> tuple[httpx.AsyncClient, dict[str, Any]]:
    """A client that calls /scim/v2 with the secret of a new connection, and the connection."""
    async with api(admin) as client:
        body = {"name": "Identity provider", "preset": "generic", **options}
        answer = await client.post("/v1/scim-connections", json=body)
        assert answer.status_code == 201, answer.text
        made = answer.json()
    scim = httpx.AsyncClient(
        transport=httpx.ASGITransport(api.application),
        base_url="http://127.0.0.1:8000/scim/v2",
        headers={"authorization": f"Bearer {made['secret']}", "content-type": "application/scim+json"},
    )
    return scim, made
