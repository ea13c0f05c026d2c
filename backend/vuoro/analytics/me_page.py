"""Who the caller is, for a client's first call."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from vuoro.analytics.schemas import HeldGrant, Me, MyOrganization, MyProgram
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import NotFound
from vuoro.core.settings import settings
from vuoro.core.words import Locale
from vuoro.identity.branding import logo_url
from vuoro.identity.models import Organization, Preferences
from vuoro.people.models import Person
from vuoro.people.service import ref
from vuoro.programs import access
from vuoro.programs.models import Enrollment, Program
from vuoro.programs.states import ProgramState
from vuoro.sessions import delegates


async def me_out(db: Db, me: Actor) -> Me:
    """The caller with organization, roles and programmes, in three statements."""
    row = (
        await db.execute(
            select(Organization, Preferences, Person, delegates.serving(me))
            .outerjoin(
                Preferences, and_(Preferences.organization_id == Organization.id, Preferences.person_id == me.person_id)
            )
            .outerjoin(Person, and_(Person.organization_id == Organization.id, Person.id == me.person_id))
            .where(Organization.id == me.organization_id)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    organization, preferences, person, serves = row
    zone = (preferences and preferences.time_zone) or (person and person.time_zone) or organization.time_zone
    return Me(
        person=ref(person) if person else None,
        organization=MyOrganization(
            id=organization.id,
            name=organization.name,
            slug=organization.slug,
            locales=organization.locales,
            accent=organization.accent,
            logo_url=logo_url(organization),
        ),
        locale=(preferences and preferences.locale) or _own_language(person, organization),
        time_zone=zone,
        grants=[
            HeldGrant(role=held.role, program_id=held.program_id, unit_id=held.unit_id)
            for held in me.grants
            if held.program_id is None or held.unit_id is None
        ],
        programs=await _programs(db, me),
        books_for_others=serves,
        demo=settings().demo,
    )


def _own_language(person: Person | None, organization: Organization) -> Locale:
    wanted = person and person.preferred_language
    return next((locale for locale in organization.locales if locale == wanted), organization.default_locale)


async def _programs(db: Db, me: Actor) -> list[MyProgram]:
    rows = await db.execute(
        select(Program.id, Program.name, Program.state, Enrollment.role)
        .outerjoin(
            Enrollment,
            and_(
                Enrollment.organization_id == Program.organization_id,
                Enrollment.program_id == Program.id,
                Enrollment.person_id == me.person_id,
                Enrollment.state.not_in(("declined", "withdrawn")),
            ),
        )
        .where(
            Program.organization_id == me.organization_id,
            Program.state.not_in(("archived", "cancelled")),
            access.visible_to(me),
        )
        .order_by(Program.id.desc())
        .limit(200)
    )
    found: dict[UUID, tuple[str, ProgramState, list[Any]]] = {}
    for id, name, state, role in rows:
        _, _, roles = found.setdefault(id, (name, state, []))
        if role:
            roles.append(role)
    programs, administered = [], me.programs_of("organization_admin")
    for id, (name, state, roles) in found.items():
        if me.manages(id):
            roles.append("programme_manager")
        if administered is None or id in administered:
            roles.append("organization_admin")
        if roles:
            programs.append(MyProgram(id=id, name=name, state=state, roles=roles))
    return programs
