"""Whatever people and time do to a pair, it takes only steps of the table, and nobody learns more than they may."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from support.world import World

from vuoro import worker
from vuoro.core import clock
from vuoro.core.events import announce
from vuoro.core.history import StateChange
from vuoro.pairs.models import Pair, PairAnswer
from vuoro.pairs.states import OPEN, OVER, STEPS
from vuoro.programs.events import ProgramMoved
from vuoro.programs.models import Enrollment

BODIES: dict[str, Any] = {"stay": {"yes": True}, "leave": {"yes": False}}
PATHS = {"stay": "stay-in-touch", "leave": "stay-in-touch"}
VERBS = ("accept", "decline", "pause", "resume", "end", "rematch", "close", "stay", "leave", "first-contact")
BOTH = st.sampled_from(["noa", "maria"])
DEEDS = st.one_of(
    st.tuples(BOTH, st.sampled_from(VERBS)),
    st.tuples(BOTH, st.sampled_from(["pause", "resume", "close", "stay", "leave"])),
    st.tuples(BOTH, st.sampled_from(["accept", "decline"])),
    st.tuples(st.just("time"), st.sampled_from(["1", "4", "8"])),
    st.tuples(st.sampled_from(["program", "stranger"]), st.sampled_from(["closing", "cancelled", "end"])),
)
BEGUN = [("noa", "accept"), ("maria", "accept")]
CLOSING = [*BEGUN, ("program", "closing")]
BEGINNINGS: list[list[tuple[str, str]]] = [
    [], [("noa", "accept")], BEGUN, [*BEGUN, ("noa", "pause")], CLOSING,
    [*CLOSING, ("noa", "close"), ("noa", "stay"), ("maria", "stay")],
]  # fmt: skip


class Walk:
    """One pair and everybody around it, checked after each deed."""

    def __init__(self, api: Any, databases: Any, world: World, run_jobs: Any, pair_id: UUID) -> None:
        self.databases, self.world, self.run_jobs, self.pair_id = databases, world, run_jobs, pair_id
        self.path = f"/v1/pairs/{pair_id}"
        self.clients = {
            who: api(world[name])
            for who, name in (("noa", "noa"), ("maria", "maria"), ("manager", "petra"), ("stranger", "leo"))
        }
        self.at, self.yes_of_mentor = clock.now(), False
        self.views: dict[str, dict[str, Any] | None] = {}

    async def see(self, who: str) -> dict[str, Any] | None:
        """The pair as one of them sees it; None where it is invisible."""
        answer = await self.clients[who].get(self.path)
        assert answer.status_code in (200, 404)
        return answer.json() if answer.status_code == 200 else None

    async def do(self, who: str, what: str) -> None:
        """One deed; a refused one changes nothing."""
        if who == "time":
            self.at += timedelta(days=int(what))
            clock.freeze(self.at)
            await self.run_jobs(tick=True)
        elif who == "program":
            what = "cancelled" if what == "end" else what
            async with self.databases.app.transaction(self.world.manager.actor) as db:
                pair = await db.find(Pair, self.pair_id)
                await announce(db, ProgramMoved(pair.program_id, "running", what))
        else:
            await self._ask(who, what)
        await self.check()

    async def _ask(self, who: str, what: str) -> None:
        before = self.views[who]
        what = "end" if who == "stranger" else what
        answer = await self.clients[who].post(f"{self.path}/{PATHS.get(what, what)}", json=BODIES.get(what))
        assert answer.status_code in (200, 403, 404, 409), answer.text
        if answer.status_code == 200:
            assert before is not None
            self.yes_of_mentor |= (who, what) == ("noa", "accept")
            action = {"stay": "stay_in_touch", "leave": "stay_in_touch", "first-contact": "first_contact"}
            assert before["can"][action.get(what, what)]["allowed"], (before["state"], what)
        elif before is None:
            assert answer.status_code == 404
        if what == "stay":
            await self.run_jobs()

    async def check(self) -> None:
        """What holds at every moment."""
        async with self.databases.worker.transaction(self.world.system) as db:
            pair = await db.find(Pair, self.pair_id)
            steps = (
                await db.execute(
                    select(StateChange.from_state, StateChange.to_state)
                    .where(StateChange.subject_id == self.pair_id)
                    .order_by(StateChange.id)
                )
            ).all()
            answered = (
                await db.execute(
                    select(PairAnswer.person_id, PairAnswer.answer).where(PairAnswer.pair_id == self.pair_id)
                )
            ).all()
            parts = await db.scalars(
                select(Enrollment.state).where(
                    Enrollment.id.in_((pair.mentor_enrollment_id, pair.mentee_enrollment_id))
                )
            )
            open_pairs = await db.scalars(
                select(Pair.id).where(Pair.program_id == pair.program_id, Pair.state.in_(OPEN))
            )
            assert len(open_pairs.all()) <= 1
            enrollments = set(parts)
        assert steps[0] == (None, "asked_mentor")
        for (_, was), (origin, to) in pairwise(steps):
            assert origin == was
            assert to in STEPS[was]
        assert steps[-1][1] == pair.state != "declined"
        running = pair.activated_at is not None and pair.state in ("active", "paused", "closing")
        assert enrollments == ({"paired"} if running else {"alumni"} if pair.state in ("completed", "stay_in_touch")
                               else {"approved"})  # fmt: skip
        assert (pair.ended_at is not None) == (pair.state in (*OVER, "stay_in_touch"))
        await self._views(pair, {person: answer for person, answer in answered})  # noqa: C416

    async def _views(self, pair: Pair, said: dict[UUID, str]) -> None:
        views = self.views = {who: await self.see(who) for who in self.clients}
        assert views["stranger"] is None
        assert (views["maria"] is not None) == self.yes_of_mentor
        assert views["manager"]["state"] == pair.state
        assert views["manager"]["can"] == {}
        for who in ("noa", "maria"):
            if views[who] is not None:
                answer = said.get(self.world[who].id)
                assert views[who]["state"] == {"no": "declined", "late": "expired", None: pair.state}[answer]


@settings(
    max_examples=16, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(beginning=st.sampled_from(BEGINNINGS), deeds=st.lists(DEEDS, min_size=2, max_size=6))
async def test_no_walk_leaves_the_table_or_tells_more(api, databases, world, offer, run_jobs, beginning, deeds):
    clock.freeze(clock.now().replace(microsecond=0))
    try:
        walk = Walk(api, databases, world, run_jobs, await offer())
        await walk.check()
        for deed in [*beginning, *deeds]:
            await walk.do(*deed)
        audit = await api(world.admin).get("/v1/audit-log?limit=100")
        assert str(walk.pair_id) not in audit.text
    finally:
        clock.freeze(None)


async def test_the_worker_sweeps_many_pairs_at_once(databases, offer, world, run_jobs, clock):
    clock.freeze("2026-12-01T08:00:00Z")
    ids = [await offer() for _ in range(3)]
    clock.advance(days=8)
    await asyncio.gather(worker.tick(databases.worker), worker.tick(databases.worker))
    async with databases.worker.transaction(world.system) as db:
        steps = await db.scalars(
            select(StateChange.subject_id).where(StateChange.to_state == "expired", StateChange.subject == "pair")
        )
        assert sorted(steps) == sorted(ids)
