"""A mentor of two: both executives say yes in the same moment, and both pairs begin."""

import asyncio

from programs.joining import apply, enrolled, opened, step
from sqlalchemy import select, text

from vuoro.programs.models import Enrollment

EXECUTIVES = ("maria", "paivi")


async def two_offers(api, world, run_jobs):
    """Noa was offered two executives, and said yes to both: the executives and their pairs."""
    path = await opened(api, world, mentor_capacity=2)
    noa = (await apply(api, world, path, "noa", capacity=2)).json()
    await step(api, world.manager, noa, "approve")
    for who in EXECUTIVES:
        await enrolled(api, world, path, who, "mentee")
    manager = api(world.manager)
    run = (await manager.post(f"{path}/match-runs", json={})).json()["id"]
    await run_jobs()
    assert (await manager.post(f"/v1/match-runs/{run}/publish")).status_code == 200
    pairs = (await api(world["noa"]).get("/v1/pairs?mine=true")).json()["items"]
    assert len(pairs) == 2
    for pair in pairs:
        assert (await api(world["noa"]).post(f"/v1/pairs/{pair['id']}/accept")).status_code == 200
    by_id = {str(world[who].id): who for who in EXECUTIVES}
    return {by_id[pair["mentee"]["id"]]: pair["id"] for pair in pairs}


async def waiting(db):
    """How many wait for a row in this database."""
    query = text(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    )
    await db.execute(text("select pg_stat_clear_snapshot()"))
    return await db.scalar(query)


async def test_two_executives_of_one_mentor_say_yes_at_once(api, world, run_jobs, databases):
    offers = await two_offers(api, world, run_jobs)
    clients = {who: api(world[who]) for who in offers}
    for client in clients.values():
        await client.get("/v1/me")
    async with asyncio.timeout(20), databases.app.transaction(world["noa"].actor) as db:
        mine = select(Enrollment.id).where(Enrollment.person_id == world["noa"].id)
        await db.execute(mine.with_for_update(key_share=True))  # so that both come as far as this row
        both = asyncio.gather(*(clients[who].post(f"/v1/pairs/{id}/accept") for who, id in offers.items()))
        while await waiting(db) < 2:  # noqa: ASYNC110 - only the database knows
            await asyncio.sleep(0.01)
    answers = await both
    assert [answer.status_code for answer in answers] == [200, 200], [answer.text for answer in answers]
    assert {answer.json()["state"] for answer in answers} == {"active"}
