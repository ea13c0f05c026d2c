"""What people bring and seek: the profile that matching reads, and what is private to its owner or to the pair."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Forbidden, Invalid, ProblemError
from vuoro.core.wire import Localized, Out, changes
from vuoro.identity.service import check_time_zone
from vuoro.people.models import Person, Topic
from vuoro.programs.eligibility import capacity_fault
from vuoro.programs.models import Boundaries, Enrollment
from vuoro.programs.schemas import AvailabilityWindow, ProfileIn, ProfileState, SkillIn
from vuoro.programs.settings import ProgramSettings
from vuoro.programs.topics import TOPICS

PRIVATE = {"availability", "availability_zone", "boundaries"}
_SEALED = "boundaries.text"
_PROMPTS = Path(__file__).parent / "superpowers.json"


class SuperpowerPrompt(Out):
    """A question that helps to find what one brings, with an answer somebody might give."""

    key: str
    question: Localized
    example: Localized


class SuperpowerPromptPage(Out):
    """Every prompt."""

    items: list[SuperpowerPrompt]
    next_cursor: str | None


@lru_cache
def superpower_prompts() -> tuple[SuperpowerPrompt, ...]:
    """Find your superpower: the questions, in the order in which they are asked."""
    return tuple(SuperpowerPrompt.model_validate(one) for one in json.loads(_PROMPTS.read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of a weekday (0 is Monday) that suit for meeting, in the zone of the availability."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Availability:
    """When somebody likes to meet, in an IANA zone; no windows: nothing was said."""

    zone: str | None
    windows: tuple[Window, ...]


async def availability_of(db: Db, enrollment_ids: Iterable[UUID]) -> dict[UUID, Availability]:
    """Windows by enrollment; for booking, and never to be shown to anybody but the person."""
    rows = await db.execute(
        select(Enrollment.id, Enrollment.availability, Enrollment.availability_zone).where(
            Enrollment.organization_id == db.organization_id, Enrollment.id.in_(list(enrollment_ids))
        )
    )
    return {
        id: Availability(
            zone,
            tuple(
                Window(one["weekday"], time.fromisoformat(one["from"]), time.fromisoformat(one["to"]))
                for one in windows
            ),
        )
        for id, windows, zone in rows
    }


def state(row: Enrollment) -> ProfileState:
    """What is still empty: for a mentor of what they bring, for a mentee of what they want to understand."""
    asked = ("wants_to_understand",) if row.role == "mentee" else ("topics", "superpower")
    missing = [name for name in (*asked, "languages", "availability") if not getattr(row, name)]
    return ProfileState(complete=not missing, missing=missing)


def skills(given: list[SkillIn], role: str) -> dict[str, Any]:
    """Skills as they are kept; a mentee's carry a weight."""
    weighted = role == "mentee"
    return {
        skill.slug: {"level": skill.level, **({"weight": skill.weight or 1} if weighted else {})} for skill in given
    }


async def fill(db: Db, me: Actor, row: Enrollment, person: Person, settings: ProgramSettings, data: ProfileIn) -> None:
    """Write what was given into an enrollment that is in the database already.

    Raises:
        Forbidden: somebody else writes what is the person's own (hours, boundaries, a second mentee).
        Invalid: unknown topics or zone, windows that overlap or end before they start, too many pairs.
    """
    new = {name: value for name, value in changes(data).items() if name in ProfileIn.model_fields}
    own = me.person_id == row.person_id
    if not own and any(new.get(name) for name in PRIVATE):
        raise Forbidden("Hours and boundaries are the person's own to tell.")
    if "capacity" in new and data.capacity != row.capacity:
        fault = capacity_fault(row.role, data.capacity, settings.mentor_capacity, own=own)
        if fault is not None:
            raise fault
        row.capacity = data.capacity
        consented = own and row.role == "mentor" and data.capacity > 1
        row.capacity_consented_at = (row.capacity_consented_at or clock.now()) if consented else None
    if "skills" in new:
        row.skills = skills(data.skills, row.role)
    if "topics" in new:
        await _check_topics(db, data.topics)
        row.topics = data.topics
    if "superpower" in new:
        row.superpower = data.superpower
    languages = getattr(data, "languages", None)
    if languages is not None and "languages" in data.model_fields_set:
        row.languages = {language.code: language.level for language in languages}
    if "wants_to_understand" in new:
        if row.role == "mentor" and data.wants_to_understand:
            raise Invalid.at("/wants_to_understand", "not_for_this_side", "This is what a mentee tells.")
        row.wants_to_understand = data.wants_to_understand
    if own:
        _fill_hours(row, person, new, data)
        if "boundaries" in new:
            await _fill_boundaries(db, row, data.boundaries)


async def unknown_topics(db: Db, slugs: Collection[str], *, add: bool = True) -> set[str]:
    """The topics that nobody knows; `add` gives the organization those of ours that it lacks so far."""
    known = set(
        await db.scalars(
            select(Topic.slug).where(Topic.organization_id == db.organization_id, Topic.slug.in_(list(slugs)))
        )
    )
    lacking = set(slugs) - known
    ours = sorted(lacking & set(TOPICS))
    if ours and add:
        rows = [
            {"organization_id": db.organization_id, "id": clock.uuid7(), "slug": slug, "name": TOPICS[slug]}
            for slug in ours
        ]
        await db.execute(insert(Topic).values(rows).on_conflict_do_nothing())
    return lacking - set(TOPICS)


async def _check_topics(db: Db, slugs: list[str]) -> None:
    unknown = await unknown_topics(db, slugs)
    errors = [
        ProblemError(pointer=f"/topics/{index}", code="unknown_topic", detail=f"There is no topic {slug} here.")
        for index, slug in enumerate(slugs)
        if slug in unknown
    ]
    if errors:
        raise Invalid(errors=errors)


def _fill_hours(row: Enrollment, person: Person, new: dict[str, Any], data: ProfileIn) -> None:
    if data.availability_zone is not None and "availability_zone" in new:
        check_time_zone(data.availability_zone, "/availability_zone")
    if "availability_zone" in new:
        row.availability_zone = data.availability_zone
    if "availability" in new:
        row.availability = [window.model_dump(by_alias=True) for window in _in_order(data.availability)]
    if row.availability and row.availability_zone is None:
        if person.time_zone is None:
            raise Invalid.at("/availability_zone", "required", "Say in which time zone these hours are.")
        row.availability_zone = person.time_zone


def _in_order(windows: list[AvailabilityWindow]) -> list[AvailabilityWindow]:
    """The windows by weekday and hour; Invalid for one that ends before it starts or runs into another."""
    for index, window in enumerate(windows):
        if window.until <= window.since:
            raise Invalid.at(f"/availability/{index}/to", "ends_before_start", "These hours end before they start.")
    order = sorted(range(len(windows)), key=lambda index: (windows[index].weekday, windows[index].since))
    for before, after in pairwise(order):
        one, other = windows[before], windows[after]
        if one.weekday == other.weekday and other.since < one.until:
            raise Invalid.at(f"/availability/{after}", "overlap", "These hours run into others of the same day.")
    return [windows[index] for index in order]


async def _fill_boundaries(db: Db, row: Enrollment, text: str | None) -> None:
    if row.role != "mentor":
        if text:
            raise Invalid.at("/boundaries", "not_for_this_side", "This is what a mentor tells.")
        return
    where = {"organization_id": db.organization_id, "enrollment_id": row.id}
    if not text:
        await db.execute(delete(Boundaries).filter_by(**where))
        return
    sealed = await crypto.seal(db, _SEALED, "person", row.person_id, row.id, text)
    told = {"text": sealed, "updated_at": clock.now()}
    await db.execute(
        insert(Boundaries)
        .values(**where, id=clock.uuid7(), person_id=row.person_id, **told)
        .on_conflict_do_update(index_elements=list(where), set_=told)
    )


async def boundaries_of(db: Db, enrollment_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Boundaries by the mentor's enrollment: row-level security shows them to their author and the active pair."""
    rows = await db.execute(
        select(Boundaries.enrollment_id, Boundaries.person_id, Boundaries.text).where(
            Boundaries.organization_id == db.organization_id, Boundaries.enrollment_id.in_(list(enrollment_ids))
        )
    )
    sealed = [(row.enrollment_id, row.person_id, row.text) for row in rows]
    return await crypto.unseal_each(db, _SEALED, "person", sealed)
