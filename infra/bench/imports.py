"""How long an upload of 50,000 people takes, and how much memory: the first one, the same again, a month later, undone.

Makes a company, writes it as CSV (or XLSX with --xlsx), and brings it in through the worker's own functions into a
throwaway PostgreSQL. Each line is a whole step: reading, checking, writing the directory. Run by `make bench-import`.
"""

import argparse
import asyncio
import csv
import io
import multiprocessing
import random
import resource
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4
from xml.sax.saxutils import escape

import asyncpg

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "backend"))

from vuoro import reactions  # noqa: E402, F401
from vuoro.core import memory  # noqa: E402
from vuoro.core.actor import Actor  # noqa: E402
from vuoro.core.db import Database  # noqa: E402
from vuoro.hris import jobs, service  # noqa: E402
from vuoro.hris.schemas import ImportOptions  # noqa: E402
from vuoro.local.postgres import temporary_cluster  # noqa: E402

NOW = datetime(2026, 11, 26, tzinfo=UTC)
SECONDS, MEGABYTES = 60, 300
REPORTS = 8
HEADER = [
    "Employee ID", "First name", "Last name", "Work email", "Manager ID", "Job title", "Job level", "Division",
    "Department", "Team", "Cost center", "Location", "Country", "Hire date", "Status",
]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--xlsx", action="store_true", help="as an Excel workbook")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    with temporary_cluster() as cluster:
        # In a process of its own, as in earnest: what that loads is none of the worker's memory.
        made = multiprocessing.get_context("spawn").Process(target=migrate, args=(cluster.dsn("vuoro_migrator"),))
        made.start()
        made.join()
        return asyncio.run(measure(cluster.dsn("postgres"), cluster.dsn("vuoro_worker"), asked))


def migrate(dsn: str) -> None:
    from alembic import command  # noqa: PLC0415
    from vuoro.core import migrations  # noqa: PLC0415

    config = migrations.config()
    config.set_main_option("sqlalchemy.url", dsn.replace("%", "%%"))
    command.upgrade(config, "head")


def company(people: int, seed: int, *, later: bool = False) -> Iterator[list[str]]:
    """Rows of a company in which each manager has eight reports; a month later one in twenty has changed."""
    chance = random.Random(seed)  # noqa: S311
    yield HEADER
    for number in range(1, people + 1):
        if later and number % 50 == 49 and number * REPORTS > people:
            continue  # left meanwhile
        manager = (number - 2) // REPORTS + 1 if number > 1 else ""
        unit = chance.randrange(400)
        team = f"Team {unit}" + (" B" if later and number % 20 == 0 else "")
        yield [
            f"E{number}", f"Given{number % 997}", f"Family{number}", f"p{number}@nordlys.example",
            f"E{manager}" if manager else "", "Specialist", str(1 + number % 9), f"Division {unit % 8}",
            f"Department {unit % 60}", team, f"CC{unit}", "Helsinki", "FI",
            (date(2010, 1, 1) + timedelta(days=chance.randrange(5000))).isoformat(), "Active",
        ]  # fmt: skip


def as_csv(rows: Iterator[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def as_xlsx(rows: Iterator[list[str]]) -> bytes:
    """As small as a workbook can be."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        sheet = '<sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets>'
        archive.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{rel}">{sheet}</workbook>')
        told = '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'
        archive.writestr("xl/_rels/workbook.xml.rels", told)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f"<worksheet {main}><sheetData>".encode())
            for at, row in enumerate(rows, 1):
                cells = (
                    f'<c r="{chr(65 + place)}{at}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
                    for place, cell in enumerate(row)
                )
                part.write(f'<row r="{at}">{"".join(cells)}</row>'.encode())
            part.write(b"</sheetData></worksheet>")
    return packed.getvalue()


async def measure(superuser: str, worker: str, asked: argparse.Namespace) -> int:
    organization = uuid4()
    connection = await asyncpg.connect(superuser)
    await connection.execute(
        "insert into organizations (id, name, slug, locales, default_locale, time_zone, version, created_at,"
        " updated_at) values ($1, 'Nordlys', 'nordlys', '{en}', 'en', 'Europe/Helsinki', 1, $2, $2)",
        organization, NOW,
    )  # fmt: skip
    make, name = (as_xlsx, "people.xlsx") if asked.xlsx else (as_csv, "people.csv")
    size = len(make(company(asked.people, asked.seed)))
    sys.stdout.write(f"{asked.people:,} people, {name}, {size / 1e6:.1f} MB\n")
    memory.settle()
    began = time.process_time()
    idle = peak()
    worst = 0.0
    async with Database(worker, pool_size=4, statement_timeout_ms=300_000) as database:
        actor = Actor(organization)
        for what in ("the first upload", "the same again", "a month later"):
            rows = company(asked.people, asked.seed, later=what == "a month later")
            import_id = await upload(database, actor, name, make(rows))
            checking, applying = await bring(database, actor, import_id)
            worst = max(worst, checking + applying)
            tell(what, checking=checking, applying=applying)
        started = time.perf_counter()
        async with database.transaction(actor) as db:
            await service.undo(db, actor, import_id)
        await jobs.undo_import(database, actor, import_id)
        undoing = time.perf_counter() - started
        worst = max(worst, undoing)
        tell("undone", undoing=undoing)
    count = await connection.fetchval("select count(*) from people where status = 'active' and line <> 'unknown'")
    await connection.close()
    own = time.process_time() - began
    most = peak()
    fine = worst <= SECONDS and most <= MEGABYTES and count == asked.people
    sys.stdout.write(
        f"{count:,} people with a known line; the slowest {worst:.1f} s (at most {SECONDS}),"
        f" {own:.0f} s of a processor in all without PostgreSQL's;"
        f" memory {most:.0f} MB (at most {MEGABYTES}; {idle:.0f} before it began)\n"
    )
    return 0 if fine else 1


async def upload(database: Database, actor: Actor, name: str, content: bytes) -> UUID:
    """What the API does; the worker reads the file from the database."""
    options = ImportOptions(deactivate_missing=True)
    async with database.transaction(actor) as db:
        return await service.create(db, actor, service.Upload(name, "text/csv", content, options))


async def bring(database: Database, actor: Actor, import_id: UUID) -> tuple[float, float]:
    """Check and apply; seconds of the two."""
    started = time.perf_counter()
    await jobs.check_import(database, actor, import_id)
    checked = time.perf_counter()
    async with database.transaction(actor) as db:
        await service.apply(db, actor, import_id, allow_mass_deactivation=False)
    await jobs.apply_import(database, actor, import_id)
    applied = time.perf_counter()
    async with database.transaction(actor) as db:
        found = await service.get(db, actor, import_id)
    if found.state != "applied":
        raise SystemExit(f"{found.filename} was not applied: {found.problem}")
    return checked - started, applied - checked


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def tell(what: str, **seconds: float) -> None:
    parts = ", ".join(f"{name} {taken:.1f} s" for name, taken in seconds.items())
    sys.stdout.write(f"{what:>18}: {parts}; {peak():.0f} MB at most until now\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
