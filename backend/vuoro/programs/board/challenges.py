"""Challenges: what executives want to understand, posted for everybody in the program."""

from uuid import UUID

from sqlalchemy import and_, false, or_, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Forbidden, NotFound
from vuoro.core.history import audit, record_change
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import can, changes
from vuoro.people.models import Person
from vuoro.people.service import ref
from vuoro.programs import access, service, standing, view
from vuoro.programs.board.schemas import ChallengeIn, ChallengeOut, ChallengePatch
from vuoro.programs.models import Challenge, Program
from vuoro.programs.states import OVER, ChallengeState

MOST_OPEN = 20


class TooManyChallenges(Conflict):
    """The executive has as many open challenges as a program takes from one person."""

    code = "too_many_challenges"
    text = f"You have {MOST_OPEN} open challenges here. Close one before you post another."


class NoChallengesNow(Conflict):
    """The program takes challenges while it is enrolling, matching or running."""

    code = "wrong_state"
    text = "Challenges are posted while the programme is enrolling, matching or running."


def _listed(me: Actor) -> Rows:
    return (
        select(Challenge, Person, Program.state)
        .join(Person, and_(Person.organization_id == Challenge.organization_id, Person.id == Challenge.author_id))
        .join(Program, and_(Program.organization_id == Challenge.organization_id, Program.id == Challenge.program_id))
        .where(
            Challenge.organization_id == me.organization_id,
            or_(
                access.managed(me, Challenge.program_id),
                access.takes_part(me, Challenge.program_id),
                Challenge.author_id == me.person_id if me.person_id else false(),
            ),
        )
    )


def _show(me: Actor, row: Challenge, author: Person, program_state: str) -> ChallengeOut:
    going = program_state not in OVER
    own = row.author_id == me.person_id
    closes = own or access.may_manage(me, row.program_id)
    return ChallengeOut(
        id=row.id,
        program_id=row.program_id,
        author=ref(author),
        title=row.title,
        text=row.text,
        topics=row.topics,
        skills=row.skills,
        state=row.state,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        can=can(
            edit=(going or "wrong_state") if own else "not_allowed",
            close=((going and row.state == "open") or "wrong_state") if closes else "not_allowed",
        ),
    )


async def search(
    db: Db, me: Actor, program_id: UUID, page: Paging, state: ChallengeState | None
) -> tuple[list[ChallengeOut], str | None]:
    """One page of a program's challenges, newest first, for those who take part and its managers."""
    await service.get_row(db, me, program_id)
    query = _listed(me).where(Challenge.program_id == program_id)
    if state is not None:
        query = query.where(Challenge.state == state)
    return await keyset(
        db, query, [Challenge.id], page, lambda row: _show(me, row[0], row[1], row[2]), scope="challenges",
        descending=True, parse=[UUID],
    )  # fmt: skip


async def get(db: Db, me: Actor, challenge_id: UUID) -> ChallengeOut:
    """One challenge; NotFound for whoever does not take part."""
    row = (await db.execute(_listed(me).where(Challenge.id == challenge_id))).one_or_none()
    if row is None:
        raise NotFound
    return _show(me, row[0], row[1], row[2])


async def post(db: Db, me: Actor, program_id: UUID, data: ChallengeIn) -> UUID:
    """Post a challenge; Forbidden for whoever does not take part as an executive."""
    program = await service.get_row(db, me, program_id)
    stands = (await standing.read(db, me, [program_id]))[program_id]
    if me.person_id is None or not view.may_post(stands):
        raise Forbidden("The executives who take part post challenges.")
    if program.state not in view.TAKES_CHALLENGES:
        raise NoChallengesNow
    row = Challenge(
        organization_id=me.organization_id,
        id=clock.uuid7(),
        program_id=program_id,
        author_id=me.person_id,
        state="open",
        **data.model_dump(),
    )
    db.add(row)
    await _check_number(db, me, program_id)
    record_change(db, "challenge", row.id, None, "open")
    audit(db, "challenge.post", row.id, program_id=program_id)
    return row.id


async def change(db: Db, me: Actor, challenge_id: UUID, version: int, patch: ChallengePatch) -> None:
    """The author edits, closes and reopens; a manager of the program may close it and nothing else."""
    seen = await get(db, me, challenge_id)
    new = changes(patch)
    own = seen.author.id == me.person_id
    if not own and not (access.may_manage(me, seen.program_id) and new == {"state": "closed"}):
        raise Forbidden("Its author edits a challenge; a programme manager may close it.")
    program = await service.get_row(db, me, seen.program_id)
    row = await db.locked(Challenge, challenge_id, version)
    if program.state in OVER:
        raise service.ProgramOver
    state = new.get("state", row.state)
    if state != row.state:
        record_change(db, "challenge", row.id, row.state, state)
    for name, value in new.items():
        setattr(row, name, value)
    touch(row)
    if state == "open":
        await _check_number(db, me, row.program_id)
    audit(db, "challenge.change", challenge_id, program_id=row.program_id)


async def _check_number(db: Db, me: Actor, program_id: UUID) -> None:
    own = await db.scalars(
        select(Challenge.id)
        .where(
            Challenge.organization_id == me.organization_id,
            Challenge.author_id == me.person_id,
            Challenge.program_id == program_id,
            Challenge.state == "open",
        )
        .limit(MOST_OPEN + 1)
    )
    if len(own.all()) > MOST_OPEN:
        raise TooManyChallenges
