"""What belonging to a group gives: roles, and invitations into programs. Leaving the group takes the roles away."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, any_, delete, exists, select
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import uuids
from vuoro.core.errors import Fault
from vuoro.core.history import audit
from vuoro.hris.scim.models import ScimGiven, ScimGroupRule
from vuoro.hris.scim.request import Provisioning
from vuoro.identity import service as identity
from vuoro.identity.models import Grant
from vuoro.people.models import Person
from vuoro.programs import invitations
from vuoro.programs.invitation_schemas import InvitationsIn, InviteeIn

MOST_ASKED = 500
_OF_GRANT = (
    ScimGiven.organization_id == Grant.organization_id,
    ScimGiven.person_id == Grant.person_id,
    ScimGiven.grant_id == Grant.id,
)


async def give(at: Provisioning, group_id: UUID, people: Sequence[UUID]) -> None:
    """Give these new members what the group's rules say; a refusal is noted and stops nothing."""
    if not people:
        return
    found = await at.db.scalars(
        select(ScimGroupRule)
        .where(ScimGroupRule.organization_id == at.db.organization_id, ScimGroupRule.group_id == group_id)
        .order_by(ScimGroupRule.id)
    )
    for rule in found.all():
        await apply(at, rule, people)


async def apply(at: Provisioning, rule: ScimGroupRule, people: Sequence[UUID]) -> None:
    """Give what one rule says to these people who are here and have not left."""
    here = list(
        await at.db.scalars(
            select(Person.id)
            .where(
                Person.organization_id == at.db.organization_id,
                Person.id == any_(uuids(people)),
                Person.status != "left",
                Person.graph_only.is_(False),
            )
            .order_by(Person.id)
        )
    )
    if rule.role is not None:
        await _grant(at, rule, here)
    else:
        await _invite(at, rule, here)


async def _grant(at: Provisioning, rule: ScimGroupRule, people: Sequence[UUID]) -> None:
    assert rule.role is not None
    rivals = await identity.rivals_of(at.db, people, rule.role)
    for person in rivals:
        at.note("roles_clash", "members", person)
    people = [person for person in people if person not in rivals]
    if not people:
        return
    rows = [
        {
            "organization_id": at.db.organization_id,
            "id": clock.uuid7(),
            "person_id": person,
            "role": rule.role,
            "program_id": rule.program_id,
            "unit_id": None,
            "created_at": clock.now(),
        }
        for person in people
    ]
    made = await at.db.execute(insert(Grant).on_conflict_do_nothing().returning(Grant.person_id, Grant.id), rows)
    given = {person: id for person, id in made}  # noqa: C416 - a Result is no mapping
    for person in given:
        audit(at.db, f"grant.give.{rule.role}", person, program_id=rule.program_id)
    given |= await _given_by_others(at, rule, [person for person in people if person not in given])
    at.db.add_all(
        ScimGiven(
            organization_id=at.db.organization_id, id=clock.uuid7(), rule_id=rule.id, person_id=person, grant_id=id
        )
        for person, id in given.items()
    )
    await at.db.flush()


async def _given_by_others(at: Provisioning, rule: ScimGroupRule, people: Sequence[UUID]) -> dict[UUID, UUID]:
    """The grants of these people that other rules gave and this one gives as well: each stays till the last ends."""
    if not people:
        return {}
    found = await at.db.execute(
        select(Grant.person_id, Grant.id)
        .join(ScimGiven, and_(*_OF_GRANT))
        .where(
            Grant.organization_id == at.db.organization_id,
            Grant.person_id == any_(uuids(people)),
            Grant.role == rule.role,
            Grant.program_id.is_not_distinct_from(rule.program_id),
            Grant.unit_id.is_(None),
            ScimGiven.rule_id != rule.id,
        )
        .distinct()
    )
    return {person: id for person, id in found}  # noqa: C416 - a Result is no mapping


async def _invite(at: Provisioning, rule: ScimGroupRule, people: Sequence[UUID]) -> None:
    """Ask them into the program: taking part stays everybody's own decision."""
    assert rule.program_id is not None
    assert rule.part is not None
    for start in range(0, len(people), MOST_ASKED):
        asked = [InviteeIn(person_id=id, role=rule.part) for id in people[start : start + MOST_ASKED]]
        try:
            await invitations.invite(at.db, Actor(at.db.organization_id), rule.program_id, InvitationsIn(people=asked))
        except Fault as fault:
            at.note(fault.code, "members", None)
            return


async def take(at: Provisioning, groups: Sequence[UUID], people: Sequence[UUID]) -> None:
    """Take away what these groups' rules gave to these people, and nothing that somebody else gave them."""
    if groups and people:
        rules = select(ScimGroupRule.id).where(
            ScimGroupRule.organization_id == at.db.organization_id, ScimGroupRule.group_id == any_(uuids(groups))
        )
        await _take(at, ScimGiven.rule_id.in_(rules), ScimGiven.person_id == any_(uuids(people)))


async def take_all(at: Provisioning, rule_ids: Sequence[UUID]) -> None:
    """Take away all that these rules gave."""
    await _take(at, ScimGiven.rule_id.in_(rule_ids))


async def _take(at: Provisioning, *which: Any) -> None:
    given = (
        await at.db.execute(
            delete(ScimGiven)
            .where(ScimGiven.organization_id == at.db.organization_id, *which)
            .returning(ScimGiven.grant_id)
            .execution_options(synchronize_session=False)
        )
    ).all()
    grants = [id for (id,) in given if id is not None]
    if not grants:
        return
    gone = await at.db.execute(
        delete(Grant)
        .where(
            Grant.organization_id == at.db.organization_id,
            Grant.id == any_(uuids(grants)),
            ~exists().where(*_OF_GRANT),
        )
        .returning(Grant.person_id, Grant.role, Grant.program_id)
        .execution_options(synchronize_session=False)
    )
    for person, role, program in gone.all():
        audit(at.db, f"grant.take.{role}", person, program_id=program)
