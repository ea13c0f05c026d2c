"""The fit check (S7): how the relation and its set-up work, after session 1 and with session 3.

It stays sealed: the other one of the pair never reads it, and giving it changes nothing that others can see.
"""

from collections.abc import Collection
from typing import ClassVar, Literal, cast, get_args
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Fault
from vuoro.core.wire import can
from vuoro.feedback.models import FitCheck
from vuoro.feedback.schemas import FitAnswer, FitCheckIn, FitCheckOut, FitMoment, FitScores, Wish
from vuoro.feedback.words import FIT_ITEMS, fit_guidance, fit_statements
from vuoro.pairs import access
from vuoro.pairs.models import Pair
from vuoro.pairs.service import require_member
from vuoro.sessions.states import PAIR_TALKS

COLUMN = "fit_checks.comment"
AFTER: dict[str, int] = {"first": 1, "midpoint": 3}  # sessions held
MOMENTS: tuple[FitMoment, ...] = get_args(FitMoment)
State = Literal["not_due", "open", "given", "missed"]


class FitCheckNotDue(Conflict):
    """Not so many sessions were held yet."""

    code: ClassVar[str] = "not_due"
    text: ClassVar[str] = "A fit check is given after session 1, and with session 3."


class FitCheckGiven(Conflict):
    """One answer a person and moment."""

    code: ClassVar[str] = "already_given"
    text: ClassVar[str] = "You have answered already."


class FitCheckMissed(Conflict):
    """Its time has passed."""

    code: ClassVar[str] = "missed"
    text: ClassVar[str] = "The time of this fit check has passed."


_FAULTS: dict[State, type[Fault]] = {"not_due": FitCheckNotDue, "given": FitCheckGiven, "missed": FitCheckMissed}


def _state(pair_state: str, held: int, moment: str, given: bool) -> State:
    if given:
        return "given"
    if held < AFTER[moment]:
        return "not_due"
    over = pair_state not in PAIR_TALKS or (moment == "first" and held >= AFTER["midpoint"])
    return "missed" if over else "open"


async def unanswered(db: Db, me: Actor, pairs: Collection[Pair]) -> dict[UUID, FitMoment]:
    """The fit check that the caller may give now, by pair, of the caller's own pairs; in one statement."""
    rows = await db.execute(
        select(FitCheck.pair_id, FitCheck.moment).where(
            FitCheck.organization_id == me.organization_id,
            FitCheck.person_id == me.person_id,
            FitCheck.pair_id.in_([pair.id for pair in pairs]),
        )
    )
    given = {(pair_id, moment) for pair_id, moment in rows}
    return {
        pair.id: moment
        for pair in pairs
        for moment in MOMENTS
        if _state(pair.state, pair.sessions_held, moment, (pair.id, moment) in given) == "open"
    }


async def of_pair(db: Db, me: Actor, pair_id: UUID) -> list[FitCheckOut]:
    """Both fit checks of a pair as the caller sees their own; NotFound for everybody but the pair."""
    pair = await require_member(db, me, pair_id, active=False)
    rows = {
        row.moment: row
        for row in await db.scalars(
            select(FitCheck).where(
                FitCheck.organization_id == me.organization_id,
                FitCheck.pair_id == pair_id,
                FitCheck.person_id == me.person_id,
            )
        )
    }
    sealed = [(row.id, row.person_id, row.comment) for row in rows.values() if row.comment is not None]
    comments = await crypto.unseal_each(db, COLUMN, "person", sealed)
    shown = []
    for moment in MOMENTS:
        row = rows.get(moment)
        state = _state(pair.state, pair.sessions_held, moment, row is not None)
        shown.append(
            FitCheckOut(
                moment=moment,
                state=state,
                statements=fit_statements(),
                mine=_answer(row, comments.get(row.id)) if row else None,
                can=can(give=True if state == "open" else _FAULTS[state].code),
            )
        )
    return shown


def _answer(row: FitCheck, comment: str | None) -> FitAnswer:
    return FitAnswer(
        scores=FitScores(**{item: getattr(row, item) for item in FIT_ITEMS}),
        wish=cast(Wish, row.wish),
        guidance=fit_guidance(row.wish),
        comment=comment,
        given_at=row.created_at,
    )


async def give(db: Db, me: Actor, pair_id: UUID, data: FitCheckIn) -> UUID:
    """Answer once; returns the pair's id.

    Raises:
        FitCheckNotDue, FitCheckGiven, FitCheckMissed: no answer is asked for now.
    """
    own = {check.moment: check for check in await of_pair(db, me, pair_id)}
    if (state := own[data.moment].state) != "open":
        raise _FAULTS[state]
    pair = await require_member(db, me, pair_id, active=False)
    id = clock.uuid7()
    made = await db.scalar(
        insert(FitCheck)
        .values(
            organization_id=me.organization_id,
            id=id,
            pair_id=pair_id,
            person_id=me.id,
            side=access.side_of(me, pair),
            moment=data.moment,
            wish=data.wish,
            comment=await crypto.seal(db, COLUMN, "person", me.id, id, data.comment) if data.comment else None,
            created_at=clock.now(),
            **data.scores.model_dump(),
        )
        .on_conflict_do_nothing(index_elements=["organization_id", "pair_id", "person_id", "moment"])
        .returning(FitCheck.id)
    )
    if made is None:
        raise FitCheckGiven
    return pair_id
