"""Reads programmes and people of a Vuoro, and adds a person: what a script with an API key needs, and no more.

pip install httpx
VUORO_URL=https://vuoro.example.com VUORO_KEY=vuoro_live_… python people.py [add E-1042 "Aino Virta"]
"""

import os
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx

TRIES = 5


class Refused(Exception):
    """The API said no; `code` is stable, the text is for people."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem['code']}: {problem['detail']}")
        self.code, self.errors = problem["code"], problem["errors"]


def ask(client: httpx.Client, method: str, path: str, **more: Any) -> Any:
    """One call; waits and asks again after 429 and 503, as long as the server says, and after a lost connection."""
    for tried in range(TRIES):
        last = tried == TRIES - 1
        try:
            answer = client.request(method, f"/v1{path}", **more)
        except httpx.TransportError:
            if last:
                raise
            time.sleep(2**tried)
            continue
        if answer.status_code in (429, 503) and not last:
            time.sleep(float(answer.headers.get("Retry-After", 2**tried)))
            continue
        if answer.is_error:
            raise Refused(answer.json())
        return answer.json() if answer.content else None
    raise AssertionError("unreachable")


def pages(client: httpx.Client, path: str, **query: Any) -> Iterator[dict[str, Any]]:
    """Every item of a list."""
    cursor = None
    while True:
        page = ask(client, "GET", path, params={**query, "limit": 100, **({"cursor": cursor} if cursor else {})})
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


def add(client: httpx.Client, external_id: str, name: str) -> dict[str, Any]:
    """A person; the key is made once, so asking again after a lost answer makes no second one."""
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = {"external_id": external_id, "display_name": name}
    person: dict[str, Any] = ask(client, "POST", "/people", json=body, headers=key)
    return person


def main(arguments: list[str]) -> int:
    """The exit status: 1 when the API refused."""
    headers = {"Authorization": f"Bearer {os.environ['VUORO_KEY']}"}
    with httpx.Client(base_url=os.environ["VUORO_URL"], headers=headers, timeout=30) as client:
        try:
            if arguments[:1] == ["add"]:
                print("added", add(client, *arguments[1:])["id"])
            for program in pages(client, "/programs"):
                print("programme", program["id"], program["name"], program["state"])
            print("people", sum(1 for _ in pages(client, "/people")))
        except Refused as refused:
            print(refused, file=sys.stderr)
            for fault in refused.errors:
                print(f"  {fault['pointer']}: {fault['detail']}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
