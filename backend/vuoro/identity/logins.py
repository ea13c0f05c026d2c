"""Sign-in: one-time links, browser sign-ins and API keys. Works on the connections of vuoro_auth."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, Interval, Row, bindparam, delete, text

from vuoro.core import clock
from vuoro.core.db import Database, Db
from vuoro.core.errors import RateLimited, Unauthenticated
from vuoro.core.http import hash_token
from vuoro.core.settings import settings
from vuoro.identity.models import Token

LINK_MINUTES = 10
_ADDRESS = text(
    "select organization_id, id as person_id, display_name, work_email from people"
    " where work_email = :email and status <> 'left' and deleted_at is null order by organization_id limit 1"
)
_TAKE = text(
    "insert into auth.rate_limits as r (key, free_at) values (:key, :now + :cost) on conflict (key) do update"
    " set free_at = greatest(r.free_at, :now) + :cost where r.free_at <= :now + :burst returning free_at"
).bindparams(
    bindparam("now", type_=DateTime(timezone=True)),
    bindparam("cost", type_=Interval),
    bindparam("burst", type_=Interval),
)


class LinkSpent(Unauthenticated):
    """The link was used, is too old, or never was."""

    code, title = "link_spent", "This link has been used or is too old"
    text = "A sign-in link works once and for ten minutes. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Login:
    """A fresh sign-in: the token goes into the cookie, and is stored nowhere."""

    token: str
    organization_id: UUID
    person_id: UUID
    expires_at: datetime


async def limit(auth: Database, key: str, *, a_minute: float, burst: int) -> None:
    """Count one try of `key` (GCRA, one statement); RateLimited when they come too fast.

    In a transaction of its own, so that a try that fails counts as well.
    """
    cost = timedelta(minutes=1 / a_minute)
    async with auth.transaction() as db:
        taken = await db.scalar(_TAKE, {"key": key, "now": clock.now(), "cost": cost, "burst": cost * (burst - 1)})
    if taken is None:
        raise RateLimited(cost.total_seconds())


async def find_by_mail(db: Db, email: str) -> Row[tuple[UUID, UUID, str, str]] | None:
    """Who signs in with this address: (organization_id, person_id, display_name, work_email)."""
    return (await db.execute(_ADDRESS, {"email": email.strip().lower()})).one_or_none()


async def make_link(db: Db, organization_id: UUID, person_id: UUID, minutes: int = LINK_MINUTES) -> str:
    """A one-time sign-in address; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    db.add(
        Token(
            hash=hash_token(token),
            kind="link",
            organization_id=organization_id,
            person_id=person_id,
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(minutes=minutes),
        )
    )
    return f"{settings().public_url}/sign-in#token={token}"


async def redeem(db: Db, token: str) -> Login:
    """Spend a link for a sign-in; LinkSpent when it was spent before or is too old."""
    spent = (
        await db.execute(
            delete(Token)
            .where(Token.hash == hash_token(token), Token.kind == "link", Token.expires_at > clock.now())
            .returning(Token.organization_id, Token.person_id)
        )
    ).one_or_none()
    if spent is None or spent.person_id is None:
        raise LinkSpent
    return await begin(db, spent.organization_id, spent.person_id)


async def begin(db: Db, organization_id: UUID, person_id: UUID) -> Login:
    """A new sign-in of a person."""
    token = secrets.token_urlsafe(32)
    moment, days = clock.now(), timedelta(days=settings().login_days)
    db.add(
        Token(
            hash=hash_token(token),
            kind="login",
            organization_id=organization_id,
            person_id=person_id,
            created_at=moment,
            expires_at=moment + days,
            idle_until=moment + timedelta(hours=settings().login_hours_idle),
        )
    )
    return Login(token, organization_id, person_id, moment + days)


async def end(db: Db, token: str) -> None:
    """End a sign-in; nothing happens when it has ended."""
    await db.execute(delete(Token).where(Token.hash == hash_token(token), Token.kind == "login"))


def key_name(secret_id: UUID) -> str:
    """The part of a key that may be shown: all before what is secret."""
    return f"vuoro_live_{secret_id.hex[-12:]}"


async def make_key(db: Db, organization_id: UUID, client_id: UUID, secret_id: UUID | None = None) -> str:
    """A new secret of an API client, shown once: `vuoro_live_<its id>_<secret>`."""
    secret_id = secret_id or clock.uuid7()
    key = f"{key_name(secret_id)}_{secrets.token_urlsafe(32)}"
    db.add(
        Token(
            hash=hash_token(key),
            kind="api_key",
            organization_id=organization_id,
            client_id=client_id,
            family_id=secret_id,
            created_at=clock.now(),
        )
    )
    return key
