"""An admin says what a group gives; whoever belongs to it gets that at once."""

from uuid import UUID

from sqlalchemy import String, Uuid, and_, column, func, select, table
from sqlalchemy.exc import IntegrityError

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Invalid, NotFound
from vuoro.core.history import audit
from vuoro.core.page import Paging, keyset
from vuoro.core.wire import can
from vuoro.hris.scim import connections, rules
from vuoro.hris.scim.models import ScimGroup, ScimGroupRule, ScimMember
from vuoro.hris.scim.request import Provisioning
from vuoro.hris.scim.schemas import ScimGroupOut, ScimRuleIn, ScimRuleOut

_PROGRAMS = table("programs", column("organization_id", Uuid), column("id", Uuid), column("name", String))


class RuleExists(Conflict):
    """The group gives this already."""

    code = "rule_exists"
    text = "The group gives this already."


async def search(db: Db, me: Actor, connection_id: UUID, page: Paging) -> tuple[list[ScimGroupOut], str | None]:
    """One page of a connection's groups by name, with what they give."""
    await connections.find(db, me, connection_id)
    query = select(ScimGroup).where(
        ScimGroup.organization_id == me.organization_id, ScimGroup.connection_id == connection_id
    )
    rows, following = await keyset(
        db, query, [ScimGroup.display_name, ScimGroup.id], page, lambda row: row[0], scope="scim_groups",
        parse=[str, UUID],
    )  # fmt: skip
    ids = [row.id for row in rows]
    counted = await db.execute(
        select(ScimMember.group_id, func.count())
        .where(ScimMember.organization_id == me.organization_id, ScimMember.group_id.in_(ids))
        .group_by(ScimMember.group_id)
    )
    members = {id: count for id, count in counted}  # noqa: C416 - a Result is no mapping
    given = await _rules(db, me, ids)
    return [
        ScimGroupOut(
            id=row.id, display_name=row.display_name, members=members.get(row.id, 0), rules=given.get(row.id, []),
            updated_at=row.updated_at, can=can(add_rule=True),
        )
        for row in rows
    ], following  # fmt: skip


async def _rules(db: Db, me: Actor, groups: list[UUID]) -> dict[UUID, list[ScimRuleOut]]:
    rows = await db.execute(
        select(ScimGroupRule, _PROGRAMS.c.name)
        .outerjoin(
            _PROGRAMS,
            and_(
                _PROGRAMS.c.organization_id == ScimGroupRule.organization_id,
                _PROGRAMS.c.id == ScimGroupRule.program_id,
            ),
        )
        .where(ScimGroupRule.organization_id == me.organization_id, ScimGroupRule.group_id.in_(groups))
        .order_by(ScimGroupRule.id)
    )
    found: dict[UUID, list[ScimRuleOut]] = {}
    for rule, name in rows:
        found.setdefault(rule.group_id, []).append(
            ScimRuleOut(
                id=rule.id, role=rule.role, part=rule.part,
                program_id=rule.program_id, program_name=name, created_at=rule.created_at,
            )
        )  # fmt: skip
    return found


async def get_rule(db: Db, me: Actor, connection_id: UUID, rule_id: UUID) -> ScimRuleOut:
    """One rule of a connection's groups."""
    row = await _rule(db, me, connection_id, rule_id)
    return next(rule for rule in (await _rules(db, me, [row.group_id]))[row.group_id] if rule.id == rule_id)


async def _rule(db: Db, me: Actor, connection_id: UUID, rule_id: UUID) -> ScimGroupRule:
    await connections.find(db, me, connection_id)
    row = await db.find(ScimGroupRule, rule_id)
    group = await db.find(ScimGroup, row.group_id) if row is not None else None
    if row is None or group is None or group.connection_id != connection_id:
        raise NotFound
    return row


async def add(db: Db, me: Actor, connection_id: UUID, group_id: UUID, data: ScimRuleIn) -> UUID:
    """Let a group give a role or invite into a program, to those who are in it now as well.

    Raises:
        Invalid: neither or both of role and part, a part without a program, or a program that is not there.
        RuleExists: the group gives this already.
    """
    connection = await connections.find(db, me, connection_id)
    group = await db.find(ScimGroup, group_id)
    if group is None or group.connection_id != connection_id:
        raise NotFound
    _check(data)
    row = ScimGroupRule(organization_id=me.organization_id, id=clock.uuid7(), group_id=group_id, **data.model_dump())
    db.add(row)
    try:
        await db.flush()
    except IntegrityError as error:
        if "scim_group_rules_organization_id_group_id" in str(error.orig):
            raise RuleExists from None
        raise Invalid.at("/program_id", "unknown_program", "There is no such program.") from None
    audit(db, "scim_rule.create", row.id, program_id=row.program_id)
    inside = await db.scalars(
        select(ScimMember.person_id).where(
            ScimMember.organization_id == me.organization_id,
            ScimMember.group_id == group_id,
            ScimMember.person_id.is_not(None),
        )
    )
    await rules.apply(Provisioning(db, connection), row, [id for id in inside if id is not None])
    return row.id


def _check(data: ScimRuleIn) -> None:
    if (data.role is None) == (data.part is None):
        raise Invalid.at("/role", "role_or_part", "A rule gives either a role or a part in a program.")
    if data.part is not None and data.program_id is None:
        raise Invalid.at("/program_id", "program_missing", "Which program does the group lead into?")
    if data.role == "organization_admin" and data.program_id is not None:
        raise Invalid.at("/program_id", "whole_organization", "An admin is so for the whole organization.")


async def end(db: Db, me: Actor, connection_id: UUID, rule_id: UUID) -> None:
    """End a rule; the roles that it gave go, invitations stay with those who got them."""
    row = await _rule(db, me, connection_id, rule_id)
    connection = await connections.find(db, me, connection_id)
    await rules.take_all(Provisioning(db, connection), [row.id])
    audit(db, "scim_rule.delete", row.id, program_id=row.program_id)
    await db.delete(row)
