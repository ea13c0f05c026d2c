"""Noa mentors Maria; both have signed."""

import pytest
from sessions.meetings import NOW, Meetings, signed_pair
from support.mailbox import mailbox

__all__ = ["mailbox"]


@pytest.fixture
async def pair(api, world, databases, clock) -> Meetings:
    clock.freeze(NOW)
    pair_id = await signed_pair(databases.app, world, world["noa"], world["maria"])
    return Meetings(pair_id, api(world["noa"]), api(world["maria"]))
