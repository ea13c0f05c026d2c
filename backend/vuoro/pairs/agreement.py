"""The agreement of a pair (H7): both sign the version in force before they plan a session."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.jobs import on_tick
from vuoro.core.outbox import emit
from vuoro.pairs import access
from vuoro.pairs.models import Pair
from vuoro.pairs.schemas import AgreementOut
from vuoro.pairs.service import PairNotActive, locked, require_member
from vuoro.pairs.states import OVER, TALKS
from vuoro.pairs.view import agreement_state
from vuoro.programs import agreements


async def read(db: Db, me: Actor, pair_id: UUID) -> AgreementOut:
    """The text that the two sign, and who has."""
    pair = await require_member(db, me, pair_id, active=False)
    state = agreement_state(pair, access.side_of(me, pair))
    return AgreementOut(
        version=state.version,
        text=agreements.agreement(state.version),
        protected_minutes_per_month=agreements.protected_minutes(state.version),
        mentor_signed_at=state.mentor_signed_at,
        mentee_signed_at=state.mentee_signed_at,
        mine_signed=state.mine_signed,
    )


async def sign(db: Db, me: Actor, pair_id: UUID) -> UUID:
    """Sign the agreement; a second time changes nothing.

    The mentee's signature also promises the mentor's working time. No line of the audit log names who signed when.
    """
    pair, side = await locked(db, me, pair_id)
    if pair.state not in TALKS:
        raise PairNotActive
    column = f"{side}_signed_at"
    if getattr(pair, column) is None:
        setattr(pair, column, clock.now())
        touch(pair)
        emit(db, "pair.agreement_signed", {"pair_id": str(pair_id)})
    return pair_id


@on_tick
async def renew(db: Db, now: datetime) -> None:
    """A new version of the text asks both of every open pair to sign anew before the next session is planned."""
    await db.execute(
        update(Pair)
        .where(
            Pair.organization_id == db.organization_id,
            Pair.agreement_version < agreements.CURRENT,
            Pair.state.not_in(OVER),
        )
        .values(
            agreement_version=agreements.CURRENT,
            mentor_signed_at=None,
            mentee_signed_at=None,
            version=Pair.version + 1,
            updated_at=now,
        )
        .execution_options(synchronize_session=False)
    )
