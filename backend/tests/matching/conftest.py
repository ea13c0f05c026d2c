"""A programme of Nordlys that is ready to be matched."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from support.world import Member

from vuoro.core.actor import Actor, Held
from vuoro.programs import enrollments
from vuoro.programs.schemas import EnrollmentIn

TOPICS = ["social-media", "hybrid-work", "strategy"]
Prepare = Callable[..., Awaitable[str]]


@pytest.fixture
def prepare(api: Any, databases: Any, world: Any) -> Prepare:
    """`await prepare()` makes a programme, enrolls everybody and opens it: its id.

    In one transaction, as a request for each person would take longer than the search.
    """

    async def make(
        mentors: list[Member] | None = None, mentees: list[Member] | None = None, *, opened: bool = True, **mentor: Any
    ) -> str:
        manager = api(world.manager)
        template = (await manager.get("/v1/program-templates")).json()["items"][0]["key"]
        asked = {"name": "Turns", "template": template, "starts_on": "2027-01-11"}
        program: str = (await manager.post("/v1/programs", json=asked)).json()["id"]
        sides = [(person, "mentor") for person in (world.mentors if mentors is None else mentors)]
        sides += [(person, "mentee") for person in (world.mentees if mentees is None else mentees)]
        me = Actor(world.organization_id, world.manager.id, grants=(Held("programme_manager", None),))
        async with databases.app.transaction(me) as db:
            for person, role in sides:
                brings = {
                    "topics": TOPICS[: 2 + len(person.key) % 2],
                    "skills": [{"slug": "short-video", "level": 3}],
                    **(mentor if role == "mentor" else {}),
                }
                part = EnrollmentIn.model_validate({"person_id": person.id, "role": role, **brings})
                await enrollments.enroll(db, me, UUID(program), part)
        if opened:
            await manager.post(f"/v1/programs/{program}/transitions", json={"to": "enrolling"})
        return program

    return make


@pytest.fixture
def match(api: Any, world: Any, run_jobs: Any) -> Prepare:
    """`await match(program)` searches for pairs and waits: the finished run's id. More is what it is asked for."""

    async def find(program: str, **asked: Any) -> str:
        manager = api(world.manager)
        started = await manager.post(f"/v1/programs/{program}/match-runs", json=asked)
        assert started.status_code == 202, started.text
        run: str = started.json()["id"]
        await run_jobs()
        done = (await manager.get(f"/v1/match-runs/{run}")).json()
        assert done["state"] == "done", done
        return run

    return find


@pytest.fixture
def suggestions(api: Any, world: Any) -> Callable[..., Awaitable[list[dict[str, Any]]]]:
    """`await suggestions(run)`: all of a run's suggestions."""

    async def read(run: str, **query: str) -> list[dict[str, Any]]:
        answer = await api(world.manager).get(f"/v1/match-runs/{run}/suggestions", params={"limit": 100, **query})
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    return read


def pair_of(suggestion: dict[str, Any]) -> tuple[UUID, UUID]:
    """Mentor and mentee."""
    return UUID(suggestion["mentor"]["id"]), UUID(suggestion["mentee"]["id"])


def people_of(suggestion: dict[str, Any]) -> dict[str, str]:
    """The two as a request names them."""
    return {f"{side}_id": suggestion[side]["id"] for side in ("mentor", "mentee")}
