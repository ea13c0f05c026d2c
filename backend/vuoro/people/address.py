"""Changing one's own work address: asked for with a fresh sign-in, agreed to by a code that only the new one gets."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from vuoro.core.actor import Actor
from vuoro.core.crypto import hash_token
from vuoro.core.db import Database, Db, touch
from vuoro.core.errors import Conflict, NotFound
from vuoro.core.history import audit
from vuoro.core.outbox import emit
from vuoro.identity import challenges, mail_codes
from vuoro.people import origins
from vuoro.people.models import Person
from vuoro.people.schemas import AddressOut


class AddressTaken(Conflict):
    """Somebody of the organization has this address; told only to who can read its mail."""

    code, title = "address_taken", "Somebody has this address already"
    text = "Somebody here has this address already. Ask your organization's admin."


async def get(db: Db, person_id: UUID) -> AddressOut:
    """The caller's own address."""
    email = await db.scalar(
        select(Person.work_email).where(Person.organization_id == db.organization_id, Person.id == person_id)
    )
    return AddressOut(email=email)


async def ask(auth: Database, db: Db, me: Actor, person_id: UUID, email: str) -> str:
    """Have a code mailed to the new address and a notice to the old one; answers the browser's secret."""
    async with auth.transaction() as tokens:
        secret = await challenges.begin(
            tokens, "address", organization_id=me.organization_id, person_id=person_id, details={"email": email}
        )
    emit(db, "address.notice", {"person_id": str(person_id)})
    emit(db, "address.asked", {"person_id": str(person_id), "challenge": hash_token(secret).hex()})
    audit(db, "address.ask", person_id)
    return secret


async def confirm(auth: Database, db: Db, me: Actor, person_id: UUID, secret: str | None, code: str) -> None:
    """Take the new address, as its code shows that it is theirs.

    Raises:
        CodeWrong: another code; the guess counts.
        CodeSpent: five guesses, ten minutes or one use are over, or somebody else asked.
        AddressTaken: somebody else of the organization has it.
    """
    challenge = await mail_codes.spend(auth, "address", secret, code)
    if (challenge.organization_id, challenge.person_id) != (me.organization_id, person_id):
        raise mail_codes.CodeSpent
    person = await db.find(Person, person_id, lock=True)
    if person is None:
        raise NotFound
    origins.mark(person, ["work_email"], origins.by_hand())
    person.work_email = challenge.details["email"]
    touch(person)
    audit(db, "address.change", person_id)
    try:
        await db.flush()
    except IntegrityError:
        raise AddressTaken from None
