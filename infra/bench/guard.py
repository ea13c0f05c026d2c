"""How long one move in a company of 50,000 keeps its transaction: the guard's own way against looking at everybody.

Seeds people, dotted lines and open pairs into a throwaway PostgreSQL; then moves managers one after another. Each
number is a whole transaction: BEGIN, the change, lines, pairs, COMMIT. Run by `make bench-guard`.
"""

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "backend"))

from alembic import command  # noqa: E402
from sqlalchemy import func, select  # noqa: E402
from vuoro import reactions  # noqa: E402, F401
from vuoro.core import migrations  # noqa: E402
from vuoro.core.actor import Actor  # noqa: E402
from vuoro.core.db import Database  # noqa: E402
from vuoro.core.events import announce  # noqa: E402
from vuoro.local.postgres import temporary_cluster  # noqa: E402
from vuoro.pairs.models import Pair  # noqa: E402
from vuoro.people import lines, service  # noqa: E402
from vuoro.people.events import OrganizationChartChanged  # noqa: E402
from vuoro.people.models import Person  # noqa: E402
from vuoro.people.schemas import PersonPatch  # noqa: E402

NOW = datetime(2026, 11, 25, tzinfo=UTC)
REPORTS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--pairs", type=int, default=5_000)
    parser.add_argument("--moves", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    with temporary_cluster() as cluster:
        config = migrations.config()
        config.set_main_option("sqlalchemy.url", cluster.dsn("vuoro_migrator").replace("%", "%%"))
        command.upgrade(config, "head")
        asyncio.run(measure(cluster.dsn("postgres"), cluster.dsn("vuoro_app"), asked))


async def seed(
    dsn: str, chance: random.Random, people: int, pairs: int
) -> tuple[UUID, list[UUID], list[tuple[int, int]]]:
    """A company, each manager with eight reports, one dotted line in a hundred; open pairs outside every line.

    Answers the organization, everybody by number, and moves that put a pair into a line: (mentor's manager, mentee).
    """
    organization, program, cohort = uuid4(), uuid4(), uuid4()
    ids = [uuid4() for _ in range(people)]
    boss = [None if i == 0 else (i - 1) // REPORTS for i in range(people)]
    connection = await asyncpg.connect(dsn)

    async def copy(table: str, rows: list[dict[str, Any]]) -> None:
        rows = [{"organization_id": organization, **row} for row in rows]
        await connection.copy_records_to_table(
            table, columns=list(rows[0]), records=[tuple(row.values()) for row in rows]
        )

    def above(i: int) -> set[int]:
        found = set()
        while (up := boss[i]) is not None:
            found.add(up)
            i = up
        return found

    times = {"version": 1, "created_at": NOW, "updated_at": NOW}
    await connection.execute(
        "insert into organizations (id, name, slug, locales, default_locale, time_zone, version, created_at,"
        " updated_at) values ($1, 'Bench', 'bench', '{en}', 'en', 'UTC', 1, $2, $2)",
        organization, NOW,
    )  # fmt: skip
    everybody = [
        {
            "id": id,
            "external_id": f"p{i}",
            "display_name": f"Person {i}",
            "languages": "{}",
            "status": "active",
            "manager_id": None if up is None else ids[up],
            "manager_external_id": None if up is None else f"p{up}",
            "line": "top" if up is None else "known",
            "graph_only": False,
            **times,
        }
        for i, (id, up) in enumerate(zip(ids, boss, strict=True))
    ]
    await copy("people", everybody)
    dotted = {(low, low // 2) for low in chance.sample(range(people // 2, people), people // 100)}
    await copy(
        "dotted_lines",
        [{"id": uuid4(), "person_id": ids[a], "manager_id": ids[b], "manager_external_id": f"p{b}"} for a, b in dotted],
    )
    common = {"purpose": "{}", "settings": "{}", "state": "running"}
    await copy("programs", [{"id": program, "name": "Bench", "template": "sounding-board", **common, **times}])
    await copy("cohorts", [{"id": cohort, "program_id": program, "name": "1", "state": "open", **times}])
    with_second = {low for low, _ in dotted}
    parts: list[dict[str, Any]] = []
    couples: list[dict[str, Any]] = []
    clashes: list[tuple[int, int]] = []
    mentors = iter(chance.sample(range(people // REPORTS, people), people // 2))
    mentees = iter(chance.sample(range(1, people // REPORTS), min(pairs, people // REPORTS - 1)))
    mentee = next(mentees)
    while len(couples) < pairs:
        mentor = next(mentors)
        if mentor in with_second or mentee in above(mentor) or mentor in above(mentee):
            continue
        both = {"mentor": mentor, "mentee": mentee}
        made = {side: uuid4() for side in both}
        parts += [
            {
                "id": made[side], "program_id": program, "cohort_id": cohort, "person_id": ids[who], "role": side,
                "state": "paired", "capacity": 1, "skills": "{}", "topics": [], "languages": "{}",
                "wants_to_understand": [], "availability": "[]", "looks": True, **times,
            }
            for side, who in both.items()
        ]  # fmt: skip
        couples.append(
            {
                "id": uuid4(), "program_id": program, "cohort_id": cohort, "state": "active", "reasons": "[]",
                "checks": [], "top_exempt": False, "agreement_version": 1, "sessions_held": 0, "sessions_planned": 6,
                "shared": False, "goals_total": 0, "goals_done": 0,
                **{f"{side}_id": ids[who] for side, who in both.items()},
                **{f"{side}_enrollment_id": made[side] for side in both}, **times,
            }
        )  # fmt: skip
        head = boss[mentor]
        if head is not None and head not in above(mentee):
            clashes.append((head, mentee))
        mentee = next(mentees, mentee)
        if len(couples) < pairs and mentee == both["mentee"]:
            raise SystemExit(f"{people} people have too few executives for {pairs} pairs")
    await copy("enrollments", parts)
    await copy("pairs", couples)
    await connection.execute("analyze")
    await connection.close()
    return organization, ids, clashes


async def measure(superuser: str, dsn: str, asked: argparse.Namespace) -> None:
    chance = random.Random(asked.seed)  # noqa: S311
    organization, ids, clashes = await seed(superuser, chance, asked.people, asked.pairs)
    print(f"{asked.people:,} people, {asked.pairs:,} open pairs, seed {asked.seed}")
    async with Database(dsn) as database:
        actor = Actor(organization)

        async def move(who: int, to: int) -> None:
            async with database.transaction(actor) as db:
                found = await db.get_one(Person, (organization, ids[who]))
                await service.change(db, actor, ids[who], found.version, PersonPatch(manager_id=ids[to]))

        async def look_at_everybody(_who: int, _to: int) -> None:
            async with database.transaction(actor) as db:
                await lines.refresh(db)
                await announce(db, OrganizationChartChanged())

        managers = range(REPORTS + 1, asked.people // REPORTS)

        def a_move() -> tuple[int, int]:
            """A manager goes to a colleague of their level, so that no circle can come of it."""
            who = chance.choice(managers)
            peers = [i for i in range(who // 2, who) if i != who]
            return who, chance.choice(peers)

        moves = [clashes[i] if i % 2 else a_move() for i in range(asked.moves + 5)]
        await timed(move, moves[:5])
        alone = await timed(move, moves[5:])
        whole = await timed(look_at_everybody, moves[:7])
        async with database.transaction(actor) as db:
            suspended = await db.scalar(
                select(func.count()).where(Pair.organization_id == organization, Pair.state == "suspended_conflict")
            )
    ordered = sorted(alone)
    print(
        f"one manager moves: median {statistics.median(alone):.1f} ms, p95 {ordered[int(len(ordered) * 0.95)]:.1f} ms,"
        f" most {ordered[-1]:.1f} ms ({asked.moves} moves, {suspended} pairs suspended; aim: 50 ms)"
    )
    print(
        f"everybody looked at again: median {statistics.median(whole):.1f} ms,"
        f" {statistics.median(whole) / statistics.median(alone):.0f} times as long"
    )


async def timed(act: Callable[[int, int], Awaitable[None]], moves: list[tuple[int, int]]) -> list[float]:
    """Milliseconds of each."""
    taken = []
    for who, to in moves:
        start = time.perf_counter()
        await act(who, to)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


if __name__ == "__main__":
    main()
