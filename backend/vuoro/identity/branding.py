"""How an organization looks: the colour and the logo of its frame, sign-in and mails, which everybody may see."""

import base64
from uuid import UUID

from sqlalchemy import select

from vuoro.core import files
from vuoro.core.actor import Actor
from vuoro.core.db import Database, Db, touch
from vuoro.core.errors import Invalid, NotFound, PreconditionFailed
from vuoro.core.history import audit
from vuoro.core.pictures import NoPicture, clean_png
from vuoro.identity.access import require_admin
from vuoro.identity.models import Organization
from vuoro.identity.schemas import BrandingOut, LogoIn

MOST_PIXELS = 1024
MOST_BYTES = 200_000


def logo_url(row: Organization) -> str | None:
    """Where the logo is; another logo, another address."""
    return f"/v1/branding/logos/{row.logo_id}" if row.logo_id else None


async def of(auth: Database, slug: str | None) -> BrandingOut:
    """The look of an organization before sign-in: of the one named, or else of the only one here; empty for none."""
    query = select(Organization).order_by(Organization.id).limit(2)
    if slug is not None:
        query = query.where(Organization.slug == slug)
    async with auth.transaction() as db:
        rows = (await db.scalars(query)).all()
    if len(rows) != 1:
        return BrandingOut(name=None, accent="spruce", logo_url=None)
    return BrandingOut(name=rows[0].name, accent=rows[0].accent, logo_url=logo_url(rows[0]))


async def logo(auth: Database, app: Database, logo_id: UUID) -> bytes:
    """A logo that an organization shows now; NotFound for every other file."""
    async with auth.transaction() as db:
        organization_id = await db.scalar(select(Organization.id).where(Organization.logo_id == logo_id))
    if organization_id is None:
        raise NotFound
    async with app.transaction(Actor(organization_id)) as tenant:
        return await files.read(tenant, logo_id)


async def set_logo(db: Db, me: Actor, version: int, data: LogoIn | None) -> None:
    """Show another logo, or none; what the file holds besides the picture is left out.

    Raises:
        Invalid: it is no PNG picture, or too large.
    """
    require_admin(me)
    row = await db.get(Organization, me.organization_id, with_for_update=True)
    if row is None or row.version != version:
        raise PreconditionFailed
    picture = None if data is None else _picture(data.png)
    former, row.logo_id = row.logo_id, None
    if picture is not None:
        row.logo_id = await files.keep(db, "logo.png", "image/png", picture)
    if former is not None:
        await files.drop(db, former)
    touch(row)
    audit(db, "organization.logo", row.id)


def _picture(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
        if len(content) > MOST_BYTES:
            raise NoPicture(f"it has more than {MOST_BYTES // 1000} kB")
        return clean_png(content, most_pixels_a_side=MOST_PIXELS)
    except ValueError as error:  # also where it is no base64, or no ASCII
        raise Invalid.at("/png", "no_picture", f"This takes a PNG picture; {error}.") from None
