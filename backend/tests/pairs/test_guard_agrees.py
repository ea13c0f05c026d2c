"""The guard against walking every chain: random companies, reorganised at random, with nobody's pair overlooked."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Invalid
from vuoro.pairs.guard import GUARDED, suspend_conflicts
from vuoro.pairs.models import Pair, PairOverride
from vuoro.people import lines
from vuoro.people import service as people
from vuoro.people.events import OrganizationChartChanged
from vuoro.people.models import DottedLine, Person
from vuoro.people.schemas import PersonIn, PersonPatch
from vuoro.programs.models import Cohort, Enrollment, Program

NOW = datetime(2026, 11, 25, tzinfo=UTC)
Chains = dict[tuple[UUID, UUID], int]


class _Over(Exception):
    """Ends an example's transaction with nothing kept."""


@dataclass(frozen=True)
class Truth:
    """The chart walked link by link: shortest chains (boss, junior), unknown lines, and who reports to nobody."""

    chains: Chains
    unknown: set[UUID]
    tops: set[UUID]

    def forbidden(self, pair: Pair, distance: int, override: PairOverride | None) -> bool:
        both = (pair.mentor_id, pair.mentee_id)
        if self.unknown & set(both):
            return True
        found = {
            boss: self.chains[boss, junior] for boss, junior in (both, both[::-1]) if (boss, junior) in self.chains
        }
        if all(boss in self.tops and 0 < distance <= steps for boss, steps in found.items()):
            return False
        given = override and {pair.mentee_id: override.mentee_steps_above, pair.mentor_id: override.mentor_steps_above}
        return not (given and all(given[boss] is not None and steps >= given[boss] for boss, steps in found.items()))

    def exempt(self, pair: Pair, distance: int) -> bool:
        both = (pair.mentor_id, pair.mentee_id)
        related = both in self.chains or both[::-1] in self.chains
        return related and not self.forbidden(pair, distance, None)


async def walk(db: Db) -> Truth:
    rows = (
        await db.execute(
            select(Person.id, Person.manager_id, Person.manager_external_id).where(
                Person.organization_id == db.organization_id, Person.deleted_at.is_(None)
            )
        )
    ).all()
    ups: dict[UUID, set[UUID | None]] = {row.id: set() for row in rows}
    for row in rows:
        if row.manager_id or row.manager_external_id:
            ups[row.id].add(row.manager_id if row.manager_id in ups else None)
    for row in await db.scalars(select(DottedLine).where(DottedLine.organization_id == db.organization_id)):
        if row.person_id in ups:
            ups[row.person_id].add(row.manager_id if row.manager_id in ups else None)
    everyone = {*await db.scalars(select(Person.id).where(Person.organization_id == db.organization_id))}
    chains: Chains = {}
    unknown = everyone - set(ups)
    for person in ups:
        seen, front, steps = {person}, {person}, 0
        while front:
            steps += 1
            heads = {head for one in front for head in ups[one]}
            if None in heads:
                unknown.add(person)
            front = {head for head in heads if head is not None} - seen
            seen |= front
            chains |= {(boss, person): steps for boss in front}
    return Truth(chains, unknown, {person for person, heads in ups.items() if not heads})


@dataclass(frozen=True)
class Plan:
    """A company by numbers (each one's manager comes before them), its pairs, and what happens to it."""

    managers: list[int | None]
    strangers: set[int]
    dotted: set[tuple[int, int]]
    distance: int
    pairs: list[tuple[int, int, str, bool]]
    changes: list[tuple[str, int, int | None]]


KINDS = ("manager", "manager", "manager", "dotted", "status", "erase", "hire", "arrive")


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(4, 11))
    one, maybe = st.integers(0, count - 1), st.none() | st.integers(0, count)
    pair = st.tuples(one, one, st.sampled_from(GUARDED), st.booleans())
    return Plan(
        managers=[draw(st.integers(0, i - 1) | st.none()) if i else None for i in range(count)],
        strangers=draw(st.sets(one, max_size=1)),
        dotted={(low, high) for low, high in draw(st.sets(st.tuples(one, one), max_size=3)) if low != high},
        distance=draw(st.integers(0, 4)),
        pairs=draw(st.lists(pair, min_size=4, max_size=12, unique_by=lambda one: one[:2])),
        changes=draw(st.lists(st.tuples(st.sampled_from(KINDS), one, maybe), min_size=1, max_size=6)),
    )


async def found_company(db: Db, plan: Plan) -> list[UUID]:
    """People with managers, dotted ones, some unknown; a program with open pairs that the chart allows."""
    ids = [uuid4() for _ in plan.managers]
    here = {"organization_id": db.organization_id}
    strangers, distance = plan.strangers, plan.distance
    for i, (id, boss) in enumerate(zip(ids, plan.managers, strict=True)):
        known = None if boss is None else f"p{boss}"
        await db.execute(
            insert(Person).values(
                **here, id=id, external_id=f"p{i}", display_name=f"P {i}", languages={},
                manager_id=None if boss is None or i in strangers else ids[boss],
                manager_external_id="nobody" if i in strangers else known,
            )
        )  # fmt: skip
    for low, high in plan.dotted:
        await db.execute(
            insert(DottedLine).values(
                **here, id=uuid4(), person_id=ids[low], manager_id=ids[high], manager_external_id=f"p{high}"
            )
        )
    await lines.refresh(db)
    program, cohort = uuid4(), uuid4()
    await db.execute(
        insert(Program).values(
            **here, id=program, name="P", template="sounding-board", state="running", purpose={},
            settings={"rules": {"top_exempt_distance": distance}},
        )
    )  # fmt: skip
    await db.execute(insert(Cohort).values(**here, id=cohort, program_id=program, name="1"))
    truth = await walk(db)
    parts = {}
    for id in ids:
        for role in ("mentor", "mentee"):
            parts[id, role] = uuid4()
            await db.execute(
                insert(Enrollment).values(
                    **here, id=parts[id, role], program_id=program, cohort_id=cohort, person_id=id, role=role,
                    state="paired", skills={}, topics=[], languages={},
                )
            )  # fmt: skip
    for a, b, state, overridden in plan.pairs:
        mentor, mentee = ids[a], ids[b]
        pair = Pair(
            **here, id=clock.uuid7(), program_id=program, cohort_id=cohort, mentor_id=mentor, mentee_id=mentee,
            state=state,
            mentor_enrollment_id=parts[mentor, "mentor"], mentee_enrollment_id=parts[mentee, "mentee"],
        )  # fmt: skip
        override = PairOverride(
            **here, id=clock.uuid7(), pair_id=pair.id, requested_by=ids[0], confirmed_by=ids[0], created_at=NOW,
            confirmed_at=NOW, mentee_steps_above=truth.chains.get((mentee, mentor)),
            mentor_steps_above=truth.chains.get((mentor, mentee)),
        )  # fmt: skip
        word = override if overridden else None
        if mentor != mentee and not truth.forbidden(pair, distance, word):
            pair.top_exempt = truth.exempt(pair, distance)
            db.add(pair)
            await db.flush()
            if word:
                db.add(word)
    await db.flush()
    return ids


async def reorganise(db: Db, ids: list[UUID], kind: str, number: int, whom: int | None) -> None:
    """One change of the chart, as the directory lets HR make it."""
    who, someone = ids[number], None if whom is None or whom >= len(ids) else ids[whom]
    version, deleted = (
        await db.execute(
            select(Person.version, Person.deleted_at).where(
                Person.organization_id == db.organization_id, Person.id == who
            )
        )
    ).one()
    if kind in ("hire", "arrive"):
        # "nobody" is whom somebody reported to without the directory knowing them
        name = "nobody" if kind == "arrive" else str(uuid4())
        taken = await db.scalar(select(Person.id).where(Person.external_id == name))
        if not taken:
            ids.append(await people.create(db, db.me, PersonIn(external_id=name, display_name="N", manager_id=someone)))
    elif deleted is not None:
        return
    elif kind == "erase":
        await db.execute(
            update(Person).where(Person.organization_id == db.organization_id, Person.id == who).values(deleted_at=NOW)
        )
        await lines.settle(db, {who})
    else:
        body: dict[str, Any] = {
            "manager": {"manager_id": someone},
            "dotted": {"dotted_manager_ids": [someone] if someone else []},
            "status": {"status": "leave" if someone else "active"},
        }[kind]
        await people.change(db, db.me, who, version, PersonPatch(**body))


async def pairs_of(db: Db) -> dict[UUID, tuple[Pair, PairOverride | None]]:
    db.expire_all()
    rows = await db.execute(
        select(Pair, PairOverride)
        .outerjoin(
            PairOverride,
            (PairOverride.organization_id == Pair.organization_id) & (PairOverride.pair_id == Pair.id),
        )
        .where(Pair.organization_id == db.organization_id)
        .execution_options(populate_existing=True)
    )
    return {pair.id: (pair, override) for pair, override in rows}


async def play(db: Db, plan: Plan, seen: Counter[str]) -> None:
    ids, distance = await found_company(db, plan), plan.distance
    for change in plan.changes:
        before = {id: (pair.state, override is not None) for id, (pair, override) in (await pairs_of(db)).items()}
        overrides = {id: override for id, (_, override) in (await pairs_of(db)).items()}
        db.expunge_all()
        try:
            async with db.begin_nested():
                await reorganise(db, ids, *change)
        except Invalid:  # a circle, a stranger
            seen["refused"] += 1
            continue
        truth, now = await walk(db), await pairs_of(db)
        for id, (pair, _) in now.items():
            state, _ = before[id]
            if state not in GUARDED:
                assert pair.state == state
                continue
            forbidden = truth.forbidden(pair, distance, overrides[id])
            assert pair.state == ("suspended_conflict" if forbidden else state)
            assert forbidden or pair.top_exempt == truth.exempt(pair, distance)
            seen["suspended" if forbidden else "kept"] += 1
            seen["kept by an override"] += not forbidden and truth.forbidden(pair, distance, None)
            seen["exempt"] += not forbidden and pair.top_exempt
        rows = await db.execute(select(Person.id, Person.line).where(Person.organization_id == db.organization_id))
        for id, line in rows:
            assert (line == "unknown") == (id in truth.unknown)
            assert (line == "top") == (id in truth.tops - truth.unknown)
        # looking at the whole chart finds nothing more to do
        states = {id: (pair.state, pair.top_exempt, pair.version) for id, (pair, _) in now.items()}
        await lines.refresh(db)
        await suspend_conflicts(db, OrganizationChartChanged())
        await db.flush()
        after = {id: (pair.state, pair.top_exempt, pair.version) for id, (pair, _) in (await pairs_of(db)).items()}
        assert after == states


async def test_after_any_reorganisation_no_open_pair_is_inside_a_line_and_no_other_is_touched(databases, world):
    """Person by person against walking every chain, and against looking at the whole chart once more."""
    loop = asyncio.get_running_loop()
    seen: Counter[str] = Counter()
    me = Actor(world.other_organization_id)

    async def example(plan: Plan) -> None:
        try:
            async with databases.app.transaction(me) as db:
                await db.execute(delete(Person).where(Person.organization_id == me.organization_id))
                await play(db, plan, seen)
                raise _Over
        except _Over:
            pass

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(plans())
    def check(plan: Plan) -> None:
        asyncio.run_coroutine_threadsafe(example(plan), loop).result(120)

    await asyncio.to_thread(check)
    assert min(seen[kind] for kind in ("suspended", "kept", "refused", "exempt", "kept by an override")) > 0, seen
