"""Facts about pairs that higher domains react to."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ProposalConfirmed:
    """Two managers want a pair that nobody was asked about yet; a reaction that raises keeps it from being asked."""

    pair_id: UUID
