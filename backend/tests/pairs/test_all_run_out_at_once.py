"""Offers of one publication run out together: the next day everybody is asked again, with somebody else."""

from pairs.programme import run_programme

START = "2026-12-01T08:00:00Z"


async def test_two_offers_that_ran_out_together_are_followed_by_the_other_two(api, world, run_jobs, clock):
    clock.freeze(START)
    program = await run_programme(api, world, run_jobs, ["noa", "emil"], ["maria", "paivi"])
    first = {(pair["mentor"]["id"], pair["mentee"]["id"]) for pair in await program.pairs()}
    assert len(first) == 2
    clock.advance(days=7, hours=1)
    await run_jobs(tick=True)
    assert {pair["state"] for pair in await program.pairs()} == {"expired"}  # the mentors have a day's peace
    clock.advance(days=1)
    await run_jobs(tick=True)
    asked = [pair for pair in await program.pairs() if pair["state"] == "asked_mentor"]
    then = {(pair["mentor"]["id"], pair["mentee"]["id"]) for pair in asked}
    assert len(then) == 2
    assert not then & first


async def test_a_search_that_nobody_can_end_stops_by_itself(api, world, run_jobs, clock):
    clock.freeze(START)
    program = await run_programme(api, world, run_jobs, ["noa"], ["maria"])
    for _ in range(4):
        clock.advance(days=8)
        await run_jobs(tick=True)
    assert [pair["state"] for pair in await program.pairs()] == ["expired"]
    clock.advance(days=30)
    assert "enrollment.looks" not in await run_jobs()
