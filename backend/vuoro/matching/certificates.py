"""Certificates: the proof that a run's pairs are the best there are, kept at its end and never changed."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, select

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import NotFound
from vuoro.matching import service
from vuoro.matching.engine.market import Market, Rules, Weights, digest
from vuoro.matching.engine.solution import Solution
from vuoro.matching.models import MatchCertificate


async def get(db: Db, me: Actor, run_id: UUID) -> str:
    """A run's certificate as JSON; NotFound for a run of before there were certificates.

    Raises:
        RunNotDone: it has no pairs yet, or never will.
    """
    await service.done(db, me, run_id)
    body = await db.scalar(select(cast(MatchCertificate.body, Text)).where(*_of(db, run_id)))
    if body is None:
        raise NotFound
    return body


async def kept(db: Db, run_id: UUID) -> tuple[str, str] | None:
    """A run's certificate and what its market was beside its people, both as JSON."""
    query = select(cast(MatchCertificate.body, Text), cast(MatchCertificate.market, Text)).where(*_of(db, run_id))
    row = (await db.execute(query)).one_or_none()
    return row and (row[0], row[1])


def _of(db: Db, run_id: UUID) -> tuple[Any, ...]:
    return MatchCertificate.organization_id == db.organization_id, MatchCertificate.match_run_id == run_id


def body(run_id: UUID, market: Market, solution: Solution) -> dict[str, Any]:
    """What is kept of a solution: a MatchCertificate as it is sent."""
    return {
        "run_id": str(run_id),
        "objective": solution.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "proven": solution.proven,
        "goal": market.goal,
        "coverage_bonus": solution.bonus,
        "least": solution.least,
        "input_digest": digest(market),
        "rounds": solution.rounds,
        "seconds": {phase: round(spent, 3) for phase, spent in solution.seconds.items()},
        "pairs": [
            {"mentor_id": pair.mentor, "mentee_id": pair.mentee, "score": pair.score} for pair in solution.pairs
        ],
        "mentor_prices": [{"person_id": id, "price": price} for id, price in solution.mentor_prices.items()],
        "mentee_prices": [{"person_id": id, "price": price} for id, price in solution.mentee_prices.items()],
    }  # fmt: skip


def given(market: Market) -> dict[str, Any]:
    """What a market has beside its people and the chart, to be kept."""
    return {
        "starts_on": market.starts_on.isoformat(),
        "rules": asdict(market.rules),
        "weights": asdict(market.weights),
        "goal": market.goal,
        "fairness": market.fairness,
        "floor": market.floor,
        "stay_bonus": market.stay_bonus,
        **{name: [list(pair) for pair in getattr(market, name)] for name in ("pinned", "rejected", "stay")},
    }


def as_given(market: Market, kept: dict[str, Any]) -> Market:
    """A market of the people as they are, with everything else as `given` kept it."""
    pairs: dict[str, Any] = {
        name: [(mentor, mentee) for mentor, mentee in kept[name]] for name in ("pinned", "rejected", "stay")
    }
    return replace(
        market,
        starts_on=date.fromisoformat(kept["starts_on"]),
        rules=Rules(**kept["rules"]),
        weights=Weights(**kept["weights"]),
        **{name: kept[name] for name in ("goal", "fairness", "floor", "stay_bonus")},
        **pairs,
    )
