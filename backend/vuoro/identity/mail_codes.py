"""Sign-in by mail: a link, and eight digits for the browser that asked. Works on the connections of vuoro_auth.

Known and unknown addresses take the same steps here: a challenge and a fact each, and the worker does the rest.
"""

import hmac
import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.crypto import hash_token
from vuoro.core.db import Database, Db
from vuoro.core.errors import Unauthenticated
from vuoro.core.outbox import emit
from vuoro.identity import challenges, logins
from vuoro.identity.models import Challenge, Token

GUESSES = 5
NOBODY = UUID(int=0)


class CodeWrong(Unauthenticated):
    """Not the code that was mailed, or not to this browser."""

    code, title = "code_wrong", "That is not the code"
    text = "Look for the newest mail: each code works in the browser that asked for it, for ten minutes."


class CodeSpent(Unauthenticated):
    """Too many guesses, too old, used, or never asked for in this browser."""

    code, title = "code_spent", "This code is of no use any more"
    text = "It was used, guessed five times, or is too old. Ask for a new one."


async def ask(auth: Database, app: Database, email: str) -> str:
    """Have a link and a code mailed to whoever signs in with this address; answers the browser's secret."""
    async with auth.transaction() as db:
        found = await logins.find_by_mail(db, email)
        organization_id, person_id = (found.organization_id, found.person_id) if found else (NOBODY, NOBODY)
        secret = await challenges.begin(db, "mail", organization_id=organization_id, person_id=person_id)
    async with app.transaction(Actor(organization_id)) as tenant:
        # The worker makes the link and the code and mails them: neither ever lies in a queue.
        emit(tenant, "login.asked", {"person_id": str(person_id), "challenge": hash_token(secret).hex()})
    return secret


async def write(db: Db, organization_id: UUID, person_id: UUID, challenge: bytes) -> tuple[str, str] | None:
    """What to mail: (link, code), in place of what was made for this challenge before; None when nobody waits."""
    made = await make(db, "mail", organization_id, person_id, challenge)
    if made is None:
        return None
    await db.execute(delete(Token).where(Token.browser == challenge))
    return await logins.make_link(db, organization_id, person_id, browser=challenge), made[0]


async def make(
    db: Db, kind: challenges.Kind, organization_id: UUID, person_id: UUID, challenge: bytes
) -> tuple[str, dict[str, Any]] | None:
    """A code in place of the challenge's last one, and the challenge's details; None when nobody waits for it."""
    code = "".join(secrets.choice("0123456789") for _ in range(8))
    details = await db.scalar(
        update(Challenge)
        .where(
            Challenge.hash == challenge,
            Challenge.kind == kind,
            Challenge.organization_id == organization_id,
            Challenge.person_id == person_id,
            Challenge.person_id != NOBODY,
            Challenge.expires_at > clock.now(),
        )
        .values(code=_seal(challenge, code))
        .returning(Challenge.details)
    )
    return None if details is None else (code, details)


def _seal(challenge: bytes, code: str) -> bytes:
    return hash_token(f"{challenge.hex()}|{code}")


async def enter(auth: Database, secret: str | None, code: str, *, device: str | None = None) -> logins.Login:
    """Spend a code for a sign-in, in the browser that asked for it; its link is spent along. Raises as `spend`."""
    spent = await spend(auth, "mail", secret, code)
    if spent.organization_id is None or spent.person_id is None:
        raise CodeSpent
    async with auth.transaction() as db:
        await db.execute(delete(Token).where(Token.browser == spent.hash, Token.kind == "link"))
        return await logins.begin(db, spent.organization_id, spent.person_id, "mail", device=device)


async def spend(auth: Database, kind: challenges.Kind, secret: str | None, code: str) -> Challenge:
    """What the code was for, once.

    Raises:
        CodeWrong: another code; the guess counts although the request fails.
        CodeSpent: five guesses, ten minutes, or one use are over.
    """
    if secret is None:
        raise CodeSpent
    mine = (Challenge.hash == hash_token(secret), Challenge.kind == kind, Challenge.expires_at > clock.now())
    async with auth.transaction() as db:
        guess = (
            await db.execute(
                update(Challenge)
                .where(*mine, Challenge.guesses < GUESSES)
                .values(guesses=Challenge.guesses + 1)
                .returning(Challenge.hash, Challenge.code)
            )
        ).one_or_none()
    if guess is None:
        raise CodeSpent
    if not hmac.compare_digest(_seal(guess.hash, code), guess.code or b""):
        raise CodeWrong
    async with auth.transaction() as db:
        taken = delete(Challenge).where(*mine, Challenge.code == guess.code).returning(Challenge)
        spent = (await db.scalars(taken)).one_or_none()
    if spent is None:
        raise CodeSpent
    return spent
