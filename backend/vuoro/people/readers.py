"""Whom something written is for: their address, what they are called, their language and their time zone."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select

from vuoro.core.db import Db
from vuoro.core.words import LOCALES
from vuoro.identity.models import Organization, Preferences
from vuoro.people.models import Person

#: The time zone of a person: the one they chose, else the directory's, else the organization's.
ZONE = func.coalesce(Preferences.time_zone, Person.time_zone, Organization.time_zone)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, in which language and zone, and from which organization; `address` is empty where there is none."""

    address: str
    name: str
    locale: str
    zone: ZoneInfo
    organization: str


async def read_reader(db: Db, person_id: UUID) -> Reader | None:
    """Who this person is to a mail or a calendar; None for a leaver."""
    row = (
        await db.execute(
            select(Person.display_name, Person.given_name, Person.work_email, Person.preferred_language,
                   Preferences.locale, Organization.default_locale, Organization.name,
                   ZONE.label("zone"))
            .join(Organization, Organization.id == Person.organization_id)
            .outerjoin(Preferences, and_(Preferences.organization_id == Person.organization_id,
                                         Preferences.person_id == Person.id))
            .where(Person.organization_id == db.organization_id, Person.id == person_id, Person.status != "left")
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    wanted = (row.locale, row.preferred_language, row.default_locale)
    locale = next((code for code in wanted if code in LOCALES), "en")
    return Reader(row.work_email or "", row.given_name or row.display_name, locale, ZoneInfo(row.zone), row.name)
