"""A pair that has signed, its clients, and shortcuts through the API, for the tests of sessions and feedback."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import update
from support.pairs import make_couple
from support.world import Member, World

from vuoro.core import clock
from vuoro.core.db import Database
from vuoro.pairs.models import Pair
from vuoro.programs.models import Enrollment
from vuoro.sessions.models import Session

NOW = "2026-11-24T09:00:00Z"


@dataclass(frozen=True, slots=True)
class Meetings:
    """A pair, as its two talk to the API."""

    pair_id: UUID
    mentor: httpx.AsyncClient
    mentee: httpx.AsyncClient

    async def plan(self, *, days: float = 7, **more: Any) -> dict[str, Any]:
        """A planned session, so many days from now."""
        response = await self.mentor.post(f"/v1/pairs/{self.pair_id}/sessions", json=body(days=days, **more))
        assert response.status_code == 201, response.text
        return response.json()

    async def hold(self, test_clock: Any, *, days: float = 7) -> dict[str, Any]:
        """A session planned and held; time moves to its end."""
        session = await self.plan(days=days)
        test_clock.freeze(session["ends_at"])
        response = await self.mentee.post(f"/v1/sessions/{session['id']}/hold")
        assert response.status_code == 200, response.text
        return response.json()


def at(*, days: float) -> str:
    """A moment so many days from now."""
    return (clock.now() + timedelta(days=days)).isoformat().replace("+00:00", "Z")


def body(*, days: float = 7, **more: Any) -> dict[str, Any]:
    """A session to plan."""
    return {"starts_at": at(days=days), "minutes": 45, "time_zone": "Europe/Helsinki", **more}


def moment(text: str) -> datetime:
    """A time of an answer."""
    return datetime.fromisoformat(text)


async def signed_pair(database: Database, world: World, mentor: Member, mentee: Member) -> UUID:
    """An active pair that has signed and finished its primers, without a session."""
    couple = await make_couple(database, world, mentor, mentee)
    await set_pair(
        database, mentor, couple.pair_id, mentee_asked_at=clock.now(), activated_at=clock.now(),
        mentor_signed_at=clock.now(), mentee_signed_at=clock.now(),
    )  # fmt: skip
    async with database.transaction(mentor.actor) as db:
        await db.delete(await db.locked(Session, couple.session_id))
        await db.execute(
            update(Enrollment)
            .where(Enrollment.person_id.in_((mentor.id, mentee.id)))
            .values(primer_done_at=clock.now())
        )
    return couple.pair_id


async def set_pair(database: Database, member: Member, pair_id: UUID, **values: Any) -> None:
    """Put a pair into another state."""
    async with database.transaction(member.actor) as db:
        pair = await db.locked(Pair, pair_id)
        for name, value in values.items():
            setattr(pair, name, value)


async def get_pair(database: Database, member: Member, pair_id: UUID) -> Pair:
    """The pair's row."""
    async with database.transaction(member.actor) as db:
        return await db.locked(Pair, pair_id)
