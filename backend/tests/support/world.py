"""Nordlys, a company of 21 people, and Other, which must never see any of it. Built through the services."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import asyncpg
from sqlalchemy import update

from vuoro.core import clock
from vuoro.core.actor import Actor, Held, Role
from vuoro.core.db import Database, Db
from vuoro.identity import service as identity
from vuoro.identity.schemas import GrantIn
from vuoro.people import lines
from vuoro.people import service as people
from vuoro.people.models import Person
from vuoro.people.schemas import LanguageIn, PersonIn, PersonPatch

# key, name, manager (? is one whom the directory does not know), level, title, division, department, team, site,
# languages, day of hire
STAFF = """
astrid|Astrid Berg  |      |10|Chief executive    |Executive |Executive |Board       |Helsinki |sv4 fi3 en4|2010-01-04
jukka |Jukka Lahti  |astrid|8 |Director           |Technology|Technology|Technology  |Helsinki |fi4 en3    |2012-03-01
maria |Maria Sandell|astrid|8 |Director           |Sales     |Sales     |Sales       |Stockholm|sv4 en4    |2013-08-12
helena|Helena Rask  |astrid|7 |HR director        |People    |HR        |HR          |Helsinki |fi4 sv3 en4|2015-02-02
petra |Petra Sund   |helena|5 |Programme manager  |People    |HR        |Learning    |Helsinki |sv4 fi3 en4|2018-05-21
olli  |Olli Nieminen|jukka |6 |Manager            |Technology|Platform  |Platform    |Helsinki |fi4 en3    |2014-09-15
sanna |Sanna Koski  |jukka |6 |Manager            |Technology|Data      |Data        |Tampere  |fi4 en4    |2016-11-01
erik  |Erik Lund    |maria |6 |Manager            |Sales     |Nordics   |Nordics     |Stockholm|sv4 en3    |2017-01-16
paivi |Päivi Aalto  |maria |6 |Manager            |Sales     |Accounts  |Key accounts|Tampere  |fi4 en3    |2011-06-06
noa   |Noa Virtanen |olli  |2 |Developer          |Technology|Platform  |Platform    |Helsinki |fi4 en4    |2024-08-19
amina |Amina Yusuf  |olli  |2 |Developer          |Technology|Platform  |Platform    |Helsinki |en4 fi3 so4|2025-01-07
leo   |Leo Mäki     |olli  |1 |Trainee            |Technology|Platform  |Platform    |Oulu     |fi4 en3    |2026-06-01
emil  |Emil Ståhl   |sanna |2 |Data analyst       |Technology|Data      |Data        |Tampere  |sv4 fi3 en4|2024-02-05
linh  |Linh Tran    |sanna |3 |Data engineer      |Technology|Data      |Data        |Tampere  |en4 vi4 fi2|2023-10-02
saga  |Saga Holm    |erik  |2 |Sales coordinator  |Sales     |Nordics   |Nordics     |Stockholm|sv4 en4    |2025-03-17
omar  |Omar Haddad  |erik  |2 |Account executive  |Sales     |Nordics   |Nordics     |Stockholm|sv3 en4 ar4|2024-04-08
freja |Freja Dahl   |erik  |1 |Trainee            |Sales     |Nordics   |Nordics     |Göteborg |sv4 en3    |2026-05-18
veera |Veera Salo   |paivi |2 |Account coordinator|Sales     |Accounts  |Key accounts|Tampere  |fi4 en3    |2024-09-30
ville |Ville Ranta  |paivi |3 |Account executive  |Sales     |Accounts  |Key accounts|Helsinki |fi4 en3 sv2|2022-12-01
tuomas|Tuomas Kivi  |?     |3 |Specialist         |Sales     |Accounts  |Partners    |Oulu     |fi4 en2    |2021-04-12
kaisa |Kaisa Lehto  |sanna |2 |Data analyst       |Technology|Data      |Data        |Tampere  |fi4 en3    |2023-05-08
"""
MENTORS = ("noa", "amina", "leo", "emil", "saga", "omar", "freja", "veera")
MENTEES = ("astrid", "jukka", "maria", "olli", "sanna", "erik", "paivi")
ROLES: dict[str, Role] = {"helena": "organization_admin", "petra": "programme_manager"}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a company, who can sign in: `api(member)`."""

    key: str
    id: UUID
    organization_id: UUID
    display_name: str
    email: str
    roles: tuple[Role, ...] = ()

    @property
    def actor(self) -> Actor:
        """The person as services see a caller."""
        return Actor(self.organization_id, self.id, grants=tuple(Held(role, None) for role in self.roles))


@dataclass(frozen=True, slots=True)
class World:
    """Nordlys and Other. `world["noa"]` is a person; `admin`, `manager`, `mentors`, `mentees` are shortcuts."""

    organization_id: UUID
    other_organization_id: UUID
    people: dict[str, Member] = field(repr=False)
    other_admin: Member = field(repr=False)
    other_person: Member = field(repr=False)

    def __getitem__(self, key: str) -> Member:
        return self.people[key]

    def __iter__(self) -> Iterator[Member]:
        return iter(self.people.values())

    @property
    def admin(self) -> Member:
        """Helena, organization admin."""
        return self.people["helena"]

    @property
    def manager(self) -> Member:
        """Petra, programme manager of every program."""
        return self.people["petra"]

    @property
    def mentors(self) -> list[Member]:
        """Juniors of several teams, who mentor."""
        return [self.people[key] for key in MENTORS]

    @property
    def mentees(self) -> list[Member]:
        """Leaders, who learn from them."""
        return [self.people[key] for key in MENTEES]

    @property
    def system(self) -> Actor:
        """The worker acting for Nordlys."""
        return Actor(self.organization_id)

    @property
    def other_system(self) -> Actor:
        """The worker acting for Other."""
        return Actor(self.other_organization_id)


def _staff() -> Iterator[dict[str, str]]:
    names = ["key", "name", "manager", "level", "title", "division", "department", "team", "site", "languages", "hired"]
    for line in STAFF.strip().splitlines():
        yield dict(zip(names, (cell.strip() for cell in line.split("|")), strict=True))


def _mail(name: str, domain: str) -> str:
    plain = name.lower().translate(str.maketrans("äåöø ", "aaoo."))
    return f"{plain}@{domain}"


async def build(migrator: str, app: str) -> dict[str, str]:
    """Make both companies; answers the ids by key, for `World`."""
    ids: dict[str, str] = {}
    connection = await asyncpg.connect(migrator)
    try:
        for slug in ("nordlys", "other"):
            id = clock.uuid7()
            ids[f"organization.{slug}"] = str(id)
            await connection.execute(
                "insert into organizations (id, name, slug, locales, default_locale, time_zone, version, created_at,"
                " updated_at) values ($1, $2, $3, '{fi,sv,en}', 'en', 'Europe/Helsinki', 1, $4, $4)",
                id, slug.title(), slug, clock.now(),
            )  # fmt: skip
    finally:
        await connection.close()
    async with Database(app) as database:
        async with database.transaction(Actor(UUID(ids["organization.nordlys"]))) as db:
            await _hire(db, ids)
        async with database.transaction(Actor(UUID(ids["organization.other"]))) as db:
            for key, name in (("other_admin", "Olga Other"), ("other_person", "Otto Other")):
                mail = _mail(name, "other.example")
                person = PersonIn(external_id=key, display_name=name, work_email=mail)
                ids[key] = str(await people.create(db, db.me, person))
            await _grant(db, ids["other_admin"], "organization_admin")
    await _forget_facts(migrator)
    return ids


async def _forget_facts(migrator: str) -> None:
    """What was told while the companies were built is no test's business."""
    connection = await asyncpg.connect(migrator)
    try:
        await connection.execute("delete from outbox")
    finally:
        await connection.close()


async def _hire(db: Db, ids: dict[str, str]) -> None:
    for number, row in enumerate(_staff(), 1001):
        given, _, family = row["name"].partition(" ")
        boss = ids.get(row["manager"])
        ids[row["key"]] = str(
            await people.create(
                db,
                db.me,
                PersonIn(
                    external_id=f"N{number}",
                    display_name=row["name"],
                    given_name=given,
                    family_name=family,
                    work_email=_mail(row["name"], "nordlys.example"),
                    title=row["title"],
                    job_level=int(row["level"]),
                    division=row["division"],
                    department=row["department"],
                    team=row["team"],
                    site=row["site"],
                    country="SE" if row["site"] in ("Stockholm", "Göteborg") else "FI",
                    time_zone="Europe/Stockholm" if row["site"] in ("Stockholm", "Göteborg") else "Europe/Helsinki",
                    languages=[LanguageIn(code=word[:2], level=int(word[2])) for word in row["languages"].split()],
                    preferred_language=row["languages"][:2] if row["languages"][:2] in ("fi", "sv") else "en",
                    hire_on=date.fromisoformat(row["hired"]),
                    manager_id=boss and UUID(boss),
                ),
            )
        )
    for key, role in ROLES.items():
        await _grant(db, ids[key], role)
    await db.execute(
        update(Person)
        .where(Person.organization_id == db.organization_id, Person.id == UUID(ids["tuomas"]))
        .values(manager_external_id="N9999")
    )
    await lines.refresh(db)
    await people.change(db, db.me, UUID(ids["kaisa"]), 1, PersonPatch(status="left"))


async def _grant(db: Db, person: str, role: Role) -> None:
    await identity.give(db, db.me, GrantIn(person_id=UUID(person), role=role))


def open_world(ids: dict[str, str]) -> World:
    """The companies whose ids `build` gave out."""
    nordlys, other = UUID(ids["organization.nordlys"]), UUID(ids["organization.other"])

    def member(key: str, name: str, organization: UUID, domain: str, role: Role | None) -> Member:
        return Member(key, UUID(ids[key]), organization, name, _mail(name, domain), (role,) if role else ())

    return World(
        nordlys,
        other,
        {
            row["key"]: member(row["key"], row["name"], nordlys, "nordlys.example", ROLES.get(row["key"]))
            for row in _staff()
        },
        member("other_admin", "Olga Other", other, "other.example", "organization_admin"),
        member("other_person", "Otto Other", other, "other.example", None),
    )
