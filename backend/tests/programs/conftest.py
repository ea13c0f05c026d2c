"""A program to work with."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from support.offers import offer
from support.programs import Programme, programme

__all__ = ["draft", "match_up", "offer", "running"]


@pytest.fixture
def draft(api: Any, world: Any) -> Callable[..., Awaitable[Programme]]:
    """`await draft(template, starts_on=…)`: a new program."""

    async def make(template: str = "sounding-board", **more: Any) -> Programme:
        return await programme(api, world, template, **more)

    return make


@pytest.fixture
def running(api: Any, world: Any, match_up: Any) -> Callable[..., Awaitable[Programme]]:
    """`await running()`: a program of Noa, Emil (mentors), Maria and Sanna (mentees), one pair asked."""

    async def make(template: str = "sounding-board", **more: Any) -> Programme:
        made = await programme(api, world, template, **more)
        await made.go("enrolling")
        noa, _ = await made.enroll("mentor", "noa", "emil")
        maria, _ = await made.enroll("mentee", "maria", "sanna")
        await made.go("matching")
        await match_up(made, "noa", noa, "maria", maria)
        await made.go("running")
        return made

    return make


@pytest.fixture
def match_up(databases: Any, world: Any) -> Callable[..., Awaitable[UUID]]:
    """A pair that was asked, made by the service as a match run makes it."""
    from vuoro.pairs import service

    async def make(made: Programme, mentor: str, mentor_part: str, mentee: str, mentee_part: str) -> UUID:
        cohort = UUID((await made.read())["cohorts"][0]["id"])
        new = service.NewOffer(
            program_id=UUID(made.id), cohort_id=cohort, mentor_id=world[mentor].id, mentee_id=world[mentee].id,
            mentor_enrollment_id=UUID(mentor_part), mentee_enrollment_id=UUID(mentee_part), reasons=[], checks=[],
            top_exempt=False, offer_days=7, sessions_planned=6,
        )  # fmt: skip
        async with databases.app.transaction(world.manager.actor) as db:
            return (await service.offer(db, db.me, None, [new]))[0]

    return make


@pytest.fixture
def sql(databases: Any, world: Any) -> Callable[..., Awaitable[Any]]:
    """One value of the database, as the worker sees it."""

    async def read(statement: str, **values: Any) -> Any:
        async with databases.worker.transaction(world.system) as db:
            return await db.scalar(text(statement), values)

    return read
