"""Trial runs: what if weights, pins or rejections were others; they answer, and nothing else comes of them."""

from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from vuoro.core.db import Db
from vuoro.core.errors import Invalid, ProblemError
from vuoro.core.history import audit
from vuoro.matching import intake
from vuoro.matching.engine.market import Market, Weights
from vuoro.matching.models import MatchRun
from vuoro.matching.schemas import TrialIn
from vuoro.matching.states import FINAL

KEPT = 5


async def check(db: Db, program_id: UUID, cohort_id: UUID, trial: TrialIn) -> None:
    """Invalid, with every place, where it names what cannot be tried."""
    faults = list(await _pair_faults(db, program_id, cohort_id, trial))
    if trial.weights is not None and not any(trial.weights.model_dump().values()):
        faults.append(_fault("weights", "all_zero", "At least one weight is above zero."))
    if trial.compare_with is not None:
        other = await db.find(MatchRun, trial.compare_with)
        if other is None or other.program_id != program_id:
            faults.append(_fault("compare_with", "unknown_run", "This program has no such search."))
    if faults:
        raise Invalid(errors=faults)


def _fault(place: str, code: str, detail: str) -> ProblemError:
    return ProblemError(pointer=f"/trial/{place}", code=code, detail=detail)


async def _pair_faults(db: Db, program_id: UUID, cohort_id: UUID, trial: TrialIn) -> list[ProblemError]:
    both = [("pinned", i, pair) for i, pair in enumerate(trial.pinned)]
    both += [("rejected", i, pair) for i, pair in enumerate(trial.rejected)]
    if not both:
        return []
    people = {id for _, _, pair in both for id in (pair.mentor_id, pair.mentee_id)}
    given = await intake.read(db, program_id, cohort_id, people)
    left = Counter({(person.id, str(person.role)): person.capacity for person in given.market.participants})
    rejected = {(pair.mentor_id, pair.mentee_id) for pair in trial.rejected}
    seen: set[tuple[UUID, UUID]] = set()
    faults: list[ProblemError] = []
    for name, at, pair in both:
        sides = (str(pair.mentor_id), "mentor"), (str(pair.mentee_id), "mentee")
        unknown = [role for who, role in sides if (who, role) not in left]
        faults += [
            _fault(f"{name}/{at}/{role}_id", "not_enrolled", "This person has no such part in the cohort.")
            for role in unknown
        ]
        if unknown or name == "rejected":
            continue
        key = pair.mentor_id, pair.mentee_id
        if key in rejected:
            faults.append(_fault(f"pinned/{at}", "pinned_and_rejected", "This pair is among the rejected ones too."))
        elif key in seen:
            faults.append(_fault(f"pinned/{at}", "pinned_twice", "This pair is named twice."))
        else:
            left.subtract(sides)
            faults += [
                _fault(f"pinned/{at}/{role}_id", "no_place", "This person has no place left for this pair.")
                for who, role in sides
                if left[who, role] < 0 or (who, role) in given.absent
            ]
        seen.add(key)
    return faults


async def tidy(db: Db, program_id: UUID, compared: UUID | None) -> None:
    """Delete a program's finished trials but the newest few, and the one that the next is compared with."""
    finished = (
        select(MatchRun.id)
        .where(
            MatchRun.organization_id == db.organization_id,
            MatchRun.program_id == program_id,
            MatchRun.trial,
            MatchRun.state.in_(FINAL),
        )
        .order_by(MatchRun.id.desc())
        .offset(KEPT)
    )
    old = [id for id in await db.scalars(finished) if id != compared]
    if not old:
        return
    await db.execute(delete(MatchRun).where(MatchRun.organization_id == db.organization_id, MatchRun.id.in_(old)))
    for id in old:
        audit(db, "match_run.discard", id, program_id=program_id)


def asked(market: Market, options: dict[str, Any]) -> Market:
    """A market as the options of a run want it; a trial's pins and rejections go before what holds otherwise."""
    market = replace(market, goal=options["goal"], fairness=options["fairness"], floor=options["floor"])
    trial = options["trial"]
    if trial is None:
        return market
    pinned, rejected = (
        [(pair["mentor_id"], pair["mentee_id"]) for pair in trial[name]] for name in ("pinned", "rejected")
    )
    decided = {*pinned, *rejected}
    return replace(
        market,
        weights=market.weights if trial["weights"] is None else Weights(**trial["weights"]),
        pinned=intake.that_fit(
            [*pinned, *(pair for pair in market.pinned if pair not in decided)], market.participants
        ),
        rejected=[*rejected, *(pair for pair in market.rejected if pair not in decided)],
    )  # fmt: skip
