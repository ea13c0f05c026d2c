"""Facts about the directory that higher domains react to."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrganizationChartChanged:
    """Managers or statuses changed; announced once for each closing transaction.

    `person_ids` are those whose own managers changed, None after an import (anybody's); `lost` are all whose line
    is unknown from now on.
    """

    person_ids: frozenset[UUID] | None = None
    lost: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class PeopleLeft:
    """These people left the organization; announced once for each closing transaction, however many they are."""

    person_ids: frozenset[UUID]
