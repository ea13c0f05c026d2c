"""Facts about the directory that higher domains react to."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrganizationChartChanged:
    """Managers, levels of the tree or statuses changed; announced once for each closing transaction."""

    person_ids: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """Somebody left the organization."""

    person_id: UUID
