"""Searching again: pairs of the search before are worth a little more, and are counted when they come again."""

from typing import Any

import pytest
from matching.conftest import pair_of
from programs.joining import configure

from vuoro.matching import child
from vuoro.matching.engine.market import Market, load


@pytest.fixture
def markets(monkeypatch) -> list[Market]:
    """What the solver was given, run by run."""
    given: list[Market] = []
    real = child.run

    async def listen(wire: bytes, *more: Any) -> Any:
        given.append(load(wire))
        return await real(wire, *more)

    monkeypatch.setattr(child, "run", listen)
    return given


async def kept(api: Any, world: Any, run: str) -> int | None:
    count: int | None = (await api(world.manager).get(f"/v1/match-runs/{run}")).json()["kept"]
    return count


def both(suggestions: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(str(mentor), str(mentee)) for mentor, mentee in map(pair_of, suggestions)}


async def test_a_first_search_has_nothing_to_keep_to(api, world, prepare, match, markets):
    program = await prepare()
    await match(program, trial={})
    assert await kept(api, world, await match(program)) is None
    assert [market.stay for market in markets] == [(), ()]


async def test_a_further_search_keeps_to_the_one_before(api, world, prepare, match, suggestions, markets):
    program = await prepare()
    await configure(api, world, f"/v1/programs/{program}", stay_bonus=0.05)
    first = await suggestions(await match(program))
    await match(program, trial={})
    run = await match(program)
    assert await kept(api, world, run) == len(both(first) & both(await suggestions(run))) == len(first)
    assert [set(market.stay) for market in markets] == [set(), set(), both(first)]
    assert markets[-1].stay_bonus == 0.05


async def test_rejected_pairs_and_people_who_are_gone_are_not_kept_to(api, world, prepare, match, suggestions, markets):
    program = await prepare()
    first = await suggestions(await match(program))
    rejected, gone = first[0], first[1]
    manager = api(world.manager)
    await manager.post(f"/v1/suggestions/{rejected['id']}/reject")
    listed = await manager.get(f"/v1/programs/{program}/enrollments?role=mentor&limit=100")
    parts = {one["person"]["id"]: one["id"] for one in listed.json()["items"]}
    await manager.post(f"/v1/enrollments/{parts[gone['mentor']['id']]}/withdraw")
    run = await match(program)
    assert set(markets[-1].stay) == both(first[2:])
    assert await kept(api, world, run) == len(both(first[2:]) & both(await suggestions(run)))
