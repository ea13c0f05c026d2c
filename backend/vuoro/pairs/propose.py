"""Making an offer: the mentor is asked first (H3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.history import record_change
from vuoro.core.outbox import emit
from vuoro.pairs.models import Pair
from vuoro.programs import agreements
from vuoro.programs.models import Program
from vuoro.programs.settings import ProgramSettings, settings_of


@dataclass(frozen=True, slots=True)
class NewOffer:
    """A pair to make, with its reason card; the mentor is asked first."""

    program_id: UUID
    cohort_id: UUID
    mentor_id: UUID
    mentee_id: UUID
    mentor_enrollment_id: UUID
    mentee_enrollment_id: UUID
    reasons: list[dict[str, Any]]
    checks: list[str]
    top_exempt: bool
    offer_days: int
    sessions_planned: int
    state: Literal["proposed", "asked_mentor", "asked_mentee"] = "asked_mentor"


async def program_settings(db: Db, ids: Iterable[UUID]) -> dict[UUID, ProgramSettings]:
    """The settings of these programs by id."""
    rows = await db.execute(
        select(Program.id, Program.settings).where(
            Program.organization_id == db.organization_id, Program.id.in_(set(ids))
        )
    )
    return {id: settings_of(settings) for id, settings in rows}


def ask(pair: Pair, days: int, remind_after: int) -> None:
    """Let the offer wait for `days` from now, with a reminder after `remind_after` when that comes before."""
    now = clock.now()
    pair.due_at = now + timedelta(days=days)
    pair.remind_at = now + timedelta(days=remind_after) if remind_after < days else None
    pair.reminded_at = None


async def offer(db: Db, me: Actor, run_id: UUID | None, offers: Iterable[NewOffer]) -> list[UUID]:
    """Make pairs and ask their mentors (H3); returns the new ids in the given order.

    `asked_mentee`: the mentor's wish is their yes. `proposed`: nobody is asked before the override is confirmed.
    """
    offers = list(offers)
    settings = await program_settings(db, {new.program_id for new in offers})
    ids = []
    for new in offers:
        pair = Pair(
            organization_id=me.organization_id,
            id=clock.uuid7(),
            program_id=new.program_id,
            cohort_id=new.cohort_id,
            mentor_id=new.mentor_id,
            mentee_id=new.mentee_id,
            mentor_enrollment_id=new.mentor_enrollment_id,
            mentee_enrollment_id=new.mentee_enrollment_id,
            match_run_id=run_id,
            state=new.state,
            mentee_asked_at=clock.now() if new.state == "asked_mentee" else None,
            reasons=new.reasons,
            checks=new.checks,
            top_exempt=new.top_exempt,
            agreement_version=agreements.CURRENT,
            sessions_planned=new.sessions_planned,
        )
        db.add(pair)
        record_change(db, "pair", pair.id, None, new.state)
        if new.state != "proposed":
            ask(pair, new.offer_days, settings[new.program_id].remind_after_days)
            emit(db, f"pair.{new.state}", {"pair_id": str(pair.id)})
        ids.append(pair.id)
    await db.flush()
    return ids
