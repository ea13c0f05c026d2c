"""Programs as the caller sees them, with what they may do."""

from collections.abc import Sequence
from datetime import date

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.wire import Can, Localized, can
from vuoro.programs import access, circles, standing
from vuoro.programs.models import Cohort, Program
from vuoro.programs.readiness import missing
from vuoro.programs.schemas import CohortOut, ProgramCounts, ProgramOut
from vuoro.programs.settings import settings_of
from vuoro.programs.standing import Standing
from vuoro.programs.states import COHORT, OVER, PROGRAM

TAKES_COHORTS = ("draft", "enrolling", "matching", "running")
TAKES_CHALLENGES = ("enrolling", "matching", "running")
# What a screen says of a step that is not ready, by what is missing.
_REASONS = {
    "mentors": "nobody_enrolled",
    "mentees": "nobody_enrolled",
    "dates": "dates_missing",
    "cohort": "cohort_missing",
    "purpose": "purpose_missing",
    "pairs": "no_pairs",
    "next_cohort": "no_next_cohort",
    "pairs_ended": "pairs_active",
}


async def shown(db: Db, me: Actor, rows: Sequence[Program]) -> list[ProgramOut]:
    """These programs, which the caller was already allowed to see, in five statements whatever their number."""
    found = await standing.read(db, me, [row.id for row in rows])
    circle = await circles.due(db, [row for row in rows if access.may_manage(me, row.id)])
    return [_show(me, row, found[row.id], circle.get(row.id)) for row in rows]


def _show(me: Actor, row: Program, stands: Standing, circle: date | None) -> ProgramOut:
    # How many were asked tells a participant of a small program who said no: H3 leaves no trace of it.
    numbers = access.may_read_numbers(me, row.id) or me.has_scope("programs:read")
    return ProgramOut(
        id=row.id,
        name=row.name,
        template=row.template,
        purpose=Localized(**row.purpose),
        state=row.state,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        cohorts=[
            cohort(me, one, row.state)
            for one in stands.cohorts
            if one.state != "draft" or access.may_manage(me, row.id)
        ],
        settings=settings_of(row.settings),
        unit_id=row.unit_id,
        terms_version=row.terms_version,
        counts=ProgramCounts(
            enrolled_mentors=stands.mentors,
            enrolled_mentees=stands.mentees,
            waiting=stands.waiting if numbers else 0,
            pairs_active=stands.pairs_open if numbers else 0,
            pairs_proposed=stands.pairs_asked if numbers else 0,
        ),
        next_circle_due_on=circle,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        can=_can(me, row, stands),
    )


def cohort(me: Actor, row: Cohort, program_state: str) -> CohortOut:
    """A cohort as the caller may see it; `program_state` decides what may be done."""
    who: bool | str = access.may_manage(me, row.program_id) or "not_allowed"
    going = program_state not in OVER
    return CohortOut(
        id=row.id,
        program_id=row.program_id,
        name=row.name,
        state=row.state,
        starts_on=row.starts_on,
        closes_on=row.closes_on,
        follows_id=row.follows_id,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        can=can(
            edit=(who if going and row.state in ("draft", "open") else "wrong_state") if who is True else who,
            **{
                verb: who if going else "wrong_state"
                for verb, to in (("open", "open"), ("discard", "discarded"))
                if who is True and to in COHORT[row.state]
            },
        ),
    )


def _can(me: Actor, row: Program, stands: Standing) -> Can:
    mine = access.may_manage(me, row.id)
    today = clock.now().date()

    def managers(*, when: bool = True, otherwise: str = "wrong_state") -> bool | str:
        return (when or otherwise) if mine else "not_allowed"

    def step(to: str) -> bool | str:
        lacking = missing(row, row.state, to, stands, today)
        return managers(when=not lacking, otherwise=_REASONS[lacking[0]] if lacking else "")

    matching = managers(when=row.state in TAKES_COHORTS[1:])
    if matching is True and not (stands.mentors and stands.mentees):
        matching = "nobody_enrolled"
    return can(
        edit=managers(when=row.state not in OVER),
        enroll=_enroll(row, mine=mine),
        run_match=matching,
        clone=managers(),
        add_cohort=managers(when=row.state in TAKES_COHORTS),
        announce=managers(when=row.state != "archived"),
        add_event=managers(when=row.state not in OVER),
        launch_check=managers(),
        read_settings_versions=managers(),
        read_reach=access.may_read_numbers(me, row.id) or "not_allowed",
        post_challenge=(row.state in TAKES_CHALLENGES or "wrong_state") if may_post(stands) else "not_allowed",
        **{f"transition_{to}": step(to) for to in PROGRAM[row.state]},
    )


def _enroll(row: Program, *, mine: bool) -> bool | str:
    if row.state not in (TAKES_COHORTS if mine else ("enrolling",)):
        return "wrong_state"
    return mine or settings_of(row.settings).open_to_all or "invitation_needed"


def may_post(stands: Standing) -> bool:
    """Whether the caller takes part as an executive, who may post challenges."""
    return any(role == "mentee" and state in ("approved", "paired") for role, state in stands.parts)
