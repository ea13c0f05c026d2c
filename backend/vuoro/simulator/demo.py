"""Fills a database with the demo companies: Nordlys with two programmes, and a second company that never meets it.

Everything goes through the same services that the API uses, with the clock set back for what happened before.
"""

import random
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update

import vuoro.reactions  # noqa: F401 - match runs and guards
from vuoro.core import clock, jobs
from vuoro.core.actor import Actor, Held
from vuoro.core.db import Database, Db
from vuoro.core.settings import Settings
from vuoro.core.words import LOCALES
from vuoro.feedback import service as feedback
from vuoro.feedback import surveys
from vuoro.feedback.schemas import PulseIn
from vuoro.feedback.survey_schemas import SurveyIn
from vuoro.hris.jobs import import_file
from vuoro.identity.models import Grant, Organization
from vuoro.matching import publish
from vuoro.matching import service as matching
from vuoro.matching.schemas import MatchRunIn
from vuoro.pairs import agreement, answers
from vuoro.pairs.models import Pair
from vuoro.people.models import Person, Skill
from vuoro.programs import enrollments
from vuoro.programs import service as programs
from vuoro.programs.board import announcements, challenges, program_events
from vuoro.programs.board.schemas import AnnouncementIn, ChallengeIn, ProgramEventIn
from vuoro.programs.enrolling_many import enroll_many
from vuoro.programs.schemas import EnrollmentIn, ProgramIn
from vuoro.programs.templates import templates
from vuoro.sessions import planning, preparing
from vuoro.sessions import service as sessions
from vuoro.sessions.schemas import SessionIn
from vuoro.simulator.demo_words import AGENDA, CHALLENGES, CIRCLE, HALF_WAY, PLACES, SKILLS, SUPERPOWERS
from vuoro.tables import metadata

DATA = Path(__file__).parent / "data"
SEED = 1999  # the year of the first reverse mentoring programme
Tell = Callable[[str], None]
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class Stage:
    """The connections and the company of one seed run."""

    app: Database
    worker: Database
    migrator: Database
    tell: Tell
    organization_id: UUID

    @property
    def system(self) -> Actor:
        """The organization acting for nobody in particular."""
        return Actor(self.organization_id)

    def person(self, person_id: UUID) -> Actor:
        """A participant."""
        return Actor(self.organization_id, person_id)


async def seed(config: Settings, tell: Tell) -> int:
    """Make both demo companies; a second call changes nothing, an interrupted one begins that company anew."""
    async with AsyncExitStack() as stack:
        app, worker, migrator = [
            await stack.enter_async_context(Database(dsn, pool_size=3, statement_timeout_ms=120_000))
            for dsn in (config.database_app_url, config.database_worker_url, config.database_migrator_url)
        ]
        for name, slug, locale, fill in (
            ("Nordlys", "nordlys", "en", _nordlys),
            ("Nordlys Suomi", "nordlys-suomi", "fi", _suomi),
        ):
            async with migrator.transaction() as db:
                slugs = set(await db.scalars(select(Organization.slug)))
            if slug in slugs:
                continue
            if f"{slug}-unfinished" in slugs:
                await _remove(migrator, f"{slug}-unfinished")
            stage = Stage(
                app, worker, migrator, tell, await _organization(migrator, name, f"{slug}-unfinished", locale)
            )
            try:
                await fill(stage)
            finally:
                clock.freeze(None)
            async with migrator.transaction(stage.system) as db:
                await db.execute(update(Organization).where(Organization.id == stage.organization_id).values(slug=slug))
    return 0


async def _organization(migrator: Database, name: str, slug: str, locale: str) -> UUID:
    organization_id = clock.uuid7()
    async with migrator.transaction(Actor(organization_id)) as db:
        db.add(
            Organization(
                id=organization_id, name=name, slug=slug, locales=list(LOCALES), default_locale=locale,
                time_zone="Europe/Helsinki",
            )
        )  # fmt: skip
    return organization_id


async def _remove(migrator: Database, slug: str) -> None:
    """Take away what an interrupted seed left."""
    async with migrator.transaction() as db:
        organization_id = await db.scalar(select(Organization.id).where(Organization.slug == slug))
        for table in reversed(metadata.sorted_tables):
            column = table.c.get("organization_id", table.c.get("id"))
            if column is not None and table.schema is None:
                await db.execute(delete(table).where(column == organization_id))


async def _people(stage: Stage, file: str) -> None:
    result = await import_file(stage.worker, stage.system, DATA / file, apply=True)
    assert result.result.state == "applied", result.result.problem
    assert result.result.summary is not None
    stage.tell(f"  {result.result.summary.created:,} people of {file}")


async def _persona(stage: Stage, key: str, person_id: UUID, role: str | None = None) -> None:
    async with stage.app.transaction(stage.system) as db:
        person = await db.locked(Person, person_id)
        person.user_name = f"demo:{key}"
        if role:
            db.add(
                Grant(
                    organization_id=stage.organization_id, person_id=person_id, role=role, program_id=None, unit_id=None
                )
            )


async def _suomi(stage: Stage) -> None:
    stage.tell("Nordlys Suomi: bringing people in from a Finnish HR file")
    await _people(stage, "nordlys-finnish.csv")
    async with stage.app.transaction(stage.system) as db:
        admin = await db.scalar(
            select(Person.id)
            .where(Person.organization_id == stage.organization_id, Person.division == "People", Person.job_level >= 6)
            .order_by(Person.external_id)
            .limit(1)
        )
    assert admin is not None
    await _persona(stage, "admin-suomi", admin, "organization_admin")


async def _nordlys(stage: Stage) -> None:
    now = clock.now()
    started = (now - timedelta(days=60)).replace(hour=6, minute=0, second=0, microsecond=0)
    clock.freeze(started - timedelta(days=21))
    stage.tell("Nordlys: bringing people in from the Workday file")
    await _people(stage, "nordlys-workday.csv")
    async with stage.app.transaction(stage.system) as db:
        for slug, (fi, sv, en) in SKILLS.items():
            db.add(Skill(organization_id=stage.organization_id, slug=slug, name={"fi": fi, "sv": sv, "en": en}))
        everybody = (
            await db.scalars(
                select(Person).where(Person.organization_id == stage.organization_id).order_by(Person.external_id)
            )
        ).all()
    chance = random.Random(SEED)  # noqa: S311 - the same company each time
    juniors = [
        p
        for p in everybody
        if p.job_level in (1, 2, 3) and p.hire_on and p.hire_on < started.date() - timedelta(days=220)
    ]
    seniors = [p for p in everybody if p.job_level is not None and p.job_level >= 6 and p.manager_id]
    experts = [p for p in everybody if p.job_level in (4, 5) and p.site == "Helsinki"]
    admin, manager = chance.sample(experts, 2)
    chance.shuffle(juniors)
    chance.shuffle(seniors)
    await _persona(stage, "admin", admin.id, "organization_admin")
    await _persona(stage, "manager", manager.id, "programme_manager")
    # somebody who leads nobody, so that they are in no participant's line
    leads = {p.manager_id for p in everybody}
    contact = next(
        p for p in everybody
        if p.job_level in (4, 5) and p.site == "Helsinki" and p.id not in leads | {admin.id, manager.id}
    )  # fmt: skip
    await _persona(stage, "safeguarding", contact.id, "safeguarding_contact")
    me = Actor(stage.organization_id, manager.id, grants=(Held("programme_manager", None),))

    stage.tell("Nordlys: a programme that has run for two months")
    clock.freeze(started - timedelta(days=14))
    # the executives of the running programme are directors and above; the managers wait for the next one
    top = sorted(seniors, key=lambda p: -(p.job_level or 0))[:44]
    running = await _program(stage, me, "Strategy in turn 2026", "sounding-board", started.date())
    await _enroll(stage, me, running, juniors[:56], top, chance)
    await _run(stage, me, running)
    await _live(stage, running, started, now, chance)
    clock.freeze(now - timedelta(days=2))
    await _tell(stage, me, running, now)

    stage.tell("Nordlys: a programme that is ready to match, with 500 mentors")
    clock.freeze(now - timedelta(days=7))
    rest = [p for p in seniors if p not in set(top)]
    ready = await _program(stage, me, "AI in our daily work 2027", "ai-fluency", (now + timedelta(days=30)).date())
    await _enroll(stage, me, ready, juniors[56:556], rest, chance)


async def _tell(stage: Stage, me: Actor, program_id: UUID, now: datetime) -> None:
    """What a programme says to its people half way: a word, a circle of mentors ahead, a survey."""
    begin = (now + timedelta(days=12)).replace(hour=12, minute=0, second=0, microsecond=0)
    async with stage.app.transaction(me) as db:
        word = await announcements.create(db, me, program_id, AnnouncementIn(title=HALF_WAY[0], body=HALF_WAY[1]))
        await announcements.publish(db, me, word)
        circle = ProgramEventIn(
            kind="circle_of_mentors", title=CIRCLE, starts_at=begin, ends_at=begin + timedelta(hours=1),
            time_zone="Europe/Helsinki", place=PLACES[1],
        )  # fmt: skip
        await program_events.create(db, me, program_id, circle)
        asked = SurveyIn(program_id=program_id, template="midpoint", closes_at=now + timedelta(days=14))
        await surveys.publish(db, me, await surveys.create(db, me, asked))


async def _program(stage: Stage, me: Actor, name: str, template: str, starts_on: Any) -> UUID:
    async with stage.app.transaction(me) as db:
        program_id = await programs.create(db, me, ProgramIn(name=name, template=template, starts_on=starts_on))
        return await programs.transition(db, me, program_id, "enrolling")


async def _enroll(
    stage: Stage, me: Actor, program_id: UUID, mentors: list[Person], mentees: list[Person], chance: random.Random
) -> None:
    async with stage.app.transaction(me) as db:
        program = await programs.get_row(db, me, program_id)
        named = list(templates()[program.template].topics)
        rows = [_enrollment(person, "mentor", 1, named, chance) for person in mentors]
        # places for everybody: the smaller side takes more than one
        wanted, spare = divmod(len(mentors), len(mentees))
        for index, person in enumerate(mentees):
            rows.append(_enrollment(person, "mentee", wanted + (index < spare), named, chance))
        await enroll_many(db, me, program_id, rows)


def _enrollment(person: Person, role: str, capacity: int, topics: list[str], chance: random.Random) -> EnrollmentIn:
    mentee = role == "mentee"
    skills: list[dict[str, Any]] = [
        {"slug": slug, "level": chance.randint(2, 5)}
        for slug in chance.sample(list(SKILLS), chance.randint(1 + mentee, 4))
    ]
    if mentee:
        for skill in skills:
            skill["weight"] = chance.randint(1, 3)
    return EnrollmentIn.model_validate(
        {
            "person_id": person.id,
            "role": role,
            "capacity": capacity,
            "skills": skills,
            "topics": chance.sample(topics, chance.randint(1, 3)),
            "superpower": None if mentee else chance.choice(SUPERPOWERS),
        }
    )


async def _run(stage: Stage, me: Actor, program_id: UUID) -> None:
    async with stage.app.transaction(me) as db:
        run_id = await matching.start(db, me, program_id, MatchRunIn())
    for handler in jobs.handlers["match_run.queued"]:
        await handler(stage.worker, stage.system, {"match_run_id": str(run_id), "fact_id": str(clock.uuid7())})
    async with stage.app.transaction(me) as db:
        await publish.publish(db, me, run_id)


async def _live(stage: Stage, program_id: UUID, started: datetime, now: datetime, chance: random.Random) -> None:
    """Two months of a programme: answers, agreements, sessions held, some pairs slow, some quiet."""
    async with stage.app.transaction(stage.system) as db:
        rows = (
            await db.scalars(
                select(Pair)
                .where(Pair.organization_id == stage.organization_id, Pair.program_id == program_id)
                .order_by(Pair.id)
            )
        ).all()
    for index, pair in enumerate(rows):
        mentor, mentee = stage.person(pair.mentor_id), stage.person(pair.mentee_id)
        clock.freeze(started - timedelta(days=10) + timedelta(hours=index % 40))
        await _do(stage, mentor, answers.accept, pair.id)
        clock.freeze(started - timedelta(days=7) + timedelta(hours=index % 40))
        if index == len(rows) - 1:
            continue  # one executive has not answered yet
        await _do(stage, mentee, answers.accept, pair.id)
        for who, enrollment in ((mentee, pair.mentee_enrollment_id), (mentor, pair.mentor_enrollment_id)):
            await _do(stage, who, agreement.sign, pair.id)
            await _do(stage, who, enrollments.complete_primer, enrollment)
        persona = index == 0
        pace = "steady" if persona or index % 11 < 8 else ("quiet" if index % 11 == 8 else "slow")
        await _meetings(stage, pair, mentor, mentee, pace, started + timedelta(days=index % 12), now, persona, chance)
        if persona:
            await _persona(stage, "mentor", pair.mentor_id)
            await _persona(stage, "mentee", pair.mentee_id)
            for title, text in CHALLENGES:
                await _do(stage, mentee, challenges.post, program_id, ChallengeIn(title=title, text=text))
        if index % 10 == 9:
            stage.tell(f"  {index + 1} of {len(rows)} pairs lived through")


async def _meetings(
    stage: Stage, pair: Pair, mentor: Actor, mentee: Actor, pace: str, first: datetime, now: datetime, persona: bool,
    chance: random.Random,
) -> None:  # fmt: skip
    held = {"steady": 3, "slow": 2, "quiet": 1}[pace]
    for number in range(held):
        day = first + timedelta(days=3 + number * (20 if pace == "steady" else 27))
        starts = _office_hour(day, chance)
        if starts > now - timedelta(days=1):
            break
        clock.freeze(day - timedelta(days=2))
        session_id = await _plan(stage, mentee, pair.id, starts, chance)
        if number == 0 or persona:
            await _do(stage, mentor, preparing.write_agenda, session_id, chance.choice(AGENDA))
        clock.freeze(starts + timedelta(minutes=50))
        await _do(stage, mentor, sessions.hold, session_id)
        if number in (0, 2):
            for who in (mentor, mentee):
                owed = persona and number > 0 and who is mentee  # so that the demo's executive has one to give
                if chance.random() < 0.9 and not owed:
                    await _do(stage, who, feedback.give, session_id, _pulse(chance))
    if pace != "quiet" and (persona or chance.random() < 0.88):
        ahead = 1 if persona else chance.randint(2, 20)
        clock.freeze(now - timedelta(days=3))
        await _plan(
            stage, mentee, pair.id, _office_hour(now + timedelta(days=ahead), chance, 10 if persona else None), chance
        )


def _office_hour(day: datetime, chance: random.Random, hour: int | None = None) -> datetime:
    local = day.astimezone(ZoneInfo("Europe/Helsinki")).replace(
        hour=hour or chance.choice((9, 10, 13, 14, 15)), minute=0, second=0, microsecond=0
    )
    while local.weekday() >= 5:
        local += timedelta(days=1)
    return local.astimezone(UTC)


async def _plan(stage: Stage, me: Actor, pair_id: UUID, starts: datetime, chance: random.Random) -> UUID:
    data = SessionIn.model_validate(
        {"starts_at": starts, "minutes": 45, "time_zone": "Europe/Helsinki", "place": chance.choice(PLACES)}
    )
    return await _do(stage, me, planning.plan, pair_id, data)


def _pulse(chance: random.Random) -> PulseIn:
    items = ("said_what_i_thought", "my_topics_too", "listened_to", "learned", "would_do_again")
    return PulseIn.model_validate(
        {
            "scores": {item: min(5, max(2, round(chance.gauss(4.2, 0.7)))) for item in items},
            "balance": chance.randint(35, 65),
            "open_if_both": chance.random() < 0.6,
        }
    )


async def _do(
    stage: Stage, me: Actor, act: Callable[Concatenate[Db, Actor, P], Awaitable[R]], *args: P.args, **more: P.kwargs
) -> R:
    """One deed of one person, in a transaction of its own."""
    async with stage.app.transaction(me) as db:
        return await act(db, me, *args, **more)
