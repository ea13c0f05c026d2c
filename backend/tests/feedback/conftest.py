"""Noa mentors Maria, both have signed; and a programme of seven pairs."""

import pytest
from feedback.rounds import Programme, begin
from sessions.meetings import NOW, Meetings, signed_pair
from support.logs import lines

__all__ = ["lines"]


@pytest.fixture
async def pair(api, world, databases, clock) -> Meetings:
    clock.freeze(NOW)
    pair_id = await signed_pair(databases.app, world, world["noa"], world["maria"])
    return Meetings(pair_id, api(world["noa"]), api(world["maria"]))


@pytest.fixture
async def programme(api, world, databases, clock) -> Programme:
    clock.freeze(NOW)
    return await begin(databases.app, world, api)
