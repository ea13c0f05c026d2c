"""Where somebody is signed in, counted for an admin who has to end it: a phone was lost, a key stolen.

Devices by name alone, without a day or an order: who worked when is nobody's to read.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select

from vuoro.core.actor import Actor
from vuoro.core.db import Database, Db
from vuoro.core.errors import NotFound
from vuoro.core.history import audit
from vuoro.core.outbox import emit
from vuoro.core.wire import can
from vuoro.identity import logins
from vuoro.identity.access import require_admin
from vuoro.identity.models import Account, Challenge, Passkey, Token
from vuoro.people.models import Person
from vuoro.people.schemas import AccountOut, SignInsEndIn, SignInsOut


async def get(auth: Database, db: Db, me: Actor, person_id: UUID) -> SignInsOut:
    """The sign-ins of one person; for admins of the whole organization."""
    await _find(db, me, person_id)
    of = (me.organization_id, person_id)
    async with auth.transaction() as tokens:
        found = await tokens.scalars(logins.of_person(*of))
        devices = [row.device for row in found.all()]
        apps = await tokens.scalar(
            select(func.count(Token.consent_id.distinct())).where(*_of(Token, *of), Token.kind == "refresh")
        )
        passkeys = await tokens.scalar(select(func.count()).select_from(Passkey).where(*_of(Passkey, *of)))
        accounts = await tokens.scalar(select(func.count()).select_from(Account).where(*_of(Account, *of)))
    return SignInsOut(
        person_id=person_id,
        sign_ins=len(devices),
        devices=sorted({device for device in devices if device}),
        apps=apps or 0,
        passkeys=passkeys or 0,
        has_account=bool(accounts),
        can=can(end=True),
    )


async def end(auth: Database, db: Db, me: Actor, person_id: UUID, data: SignInsEndIn) -> UUID:
    """End all of them at once, and forget passkeys and the provider's account where asked; the person is told."""
    await _find(db, me, person_id)
    of = (me.organization_id, person_id)
    async with auth.transaction() as tokens:
        for under_way in (Token, Challenge):
            await tokens.execute(delete(under_way).where(*_of(under_way, *of)))
        if data.passkeys:
            await tokens.execute(delete(Passkey).where(*_of(Passkey, *of)))
        if data.account:
            await tokens.execute(delete(Account).where(*_of(Account, *of)))
    audit(db, "login.end_of_another", person_id)
    if data.passkeys:
        audit(db, "passkey.reset", person_id)
    if data.account:
        audit(db, "account.unlink", person_id)
    emit(db, "login.ended", {"person_id": str(person_id)})
    return person_id


async def own_account(auth: Database, me: Actor, person_id: UUID) -> AccountOut:
    """The account of the organization's provider that signs the caller in; NotFound when none is linked."""
    async with auth.transaction() as tokens:
        row = await tokens.scalar(
            select(Account)
            .where(*_of(Account, me.organization_id, person_id))
            .order_by(Account.created_at.desc())
            .limit(1)
        )
    if row is None:
        raise NotFound
    return AccountOut(issuer=row.issuer, linked_on=row.created_at.date(), can=can(unlink=True))


async def unlink_own(auth: Database, db: Db, me: Actor, person_id: UUID) -> None:
    """Forget which account of the organization's provider is the caller's; NotFound when none is linked."""
    async with auth.transaction() as tokens:
        gone = await tokens.scalars(
            delete(Account).where(*_of(Account, me.organization_id, person_id)).returning(Account.issuer)
        )
        if not gone.all():
            raise NotFound
    audit(db, "account.unlink", person_id)


def _of(
    model: type[Token] | type[Passkey] | type[Account] | type[Challenge], organization_id: UUID, person_id: UUID
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return model.organization_id == organization_id, model.person_id == person_id


async def _find(db: Db, me: Actor, person_id: UUID) -> None:
    require_admin(me)
    person = await db.find(Person, person_id)
    if person is None or person.deleted_at is not None or person.graph_only:
        raise NotFound
