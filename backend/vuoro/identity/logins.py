"""Sign-in: one-time links, browser sign-ins and API keys. Works on the connections of vuoro_auth."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Interval, Row, Select, bindparam, delete, select, text

from vuoro.core import clock
from vuoro.core.actor import Method
from vuoro.core.crypto import hash_token
from vuoro.core.db import Database, Db
from vuoro.core.errors import Conflict, NotFound, RateLimited, Unauthenticated
from vuoro.core.settings import settings
from vuoro.identity.models import Challenge, Token

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


class OtherBrowser(Conflict):
    """The link was asked for in another browser; `params.name` is whom it signs in."""

    code, title = "other_browser", "This link was asked for in another browser"
    text = "Type the code into the browser that asked for it, or send `elsewhere` to sign in here."


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


async def make_link(
    db: Db,
    organization_id: UUID,
    person_id: UUID,
    minutes: int = LINK_MINUTES,
    *,
    method: Method = "mail",
    browser: bytes | None = None,
    step: str = "",
) -> str:
    """A one-time sign-in address; only its hash is kept.

    Args:
        browser: the challenge of the browser that asked; another one has to say that it means it.
        step: what the web app does right after the sign-in: `setup`.
    """
    token = secrets.token_urlsafe(32)
    db.add(
        Token(
            hash=hash_token(token),
            kind="link",
            organization_id=organization_id,
            person_id=person_id,
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(minutes=minutes),
            method=method,
            browser=browser,
        )
    )
    return f"{settings().public_url}/sign-in{step and f'?step={step}'}#token={token}"


async def redeem(
    db: Db, token: str, *, browser: str | None = None, elsewhere: bool = False, device: str | None = None
) -> Login:
    """Spend a link for a sign-in.

    Args:
        browser: the secret of the browser that redeems, when it asked for a link.
        elsewhere: whether somebody said yes to signing in where the link was not asked for.

    Raises:
        LinkSpent: it was spent before, is too old, or never was.
        OtherBrowser: it was asked for in another browser; it stays as it is.
    """
    link = (Token.hash == hash_token(token), Token.kind == "link", Token.expires_at > clock.now())
    found = (await db.scalars(select(Token).where(*link))).one_or_none()
    if found is None or found.person_id is None:
        raise LinkSpent
    here = found.browser is None or (browser is not None and found.browser == hash_token(browser))
    if not here and not elsewhere:
        raise OtherBrowser(params={"name": await name_of(db, found.organization_id, found.person_id)})
    if (await db.execute(delete(Token).where(*link).returning(Token.id))).one_or_none() is None:
        raise LinkSpent
    if found.browser is not None:
        await db.execute(delete(Challenge).where(Challenge.hash == found.browser))
    return await begin(db, found.organization_id, found.person_id, found.method or "mail", device=device)


async def name_of(db: Db, organization_id: UUID, person_id: UUID) -> str:
    """What a person is called."""
    query = text("select display_name from people where organization_id = :organization and id = :person")
    return str(await db.scalar(query, {"organization": organization_id, "person": person_id}) or "")


_NOW: Any = object()


async def begin(
    db: Db,
    organization_id: UUID,
    person_id: UUID,
    method: Method,
    *,
    device: str | None = None,
    signed_in_at: datetime | None = _NOW,
) -> Login:
    """A new sign-in of a person; their old ones that ran out are cleared away.

    Args:
        signed_in_at: when they proved who they are; None where an identity provider does not say.
    """
    token = secrets.token_urlsafe(32)
    moment, days = clock.now(), timedelta(days=settings().login_days)
    await db.execute(
        delete(Token).where(
            Token.organization_id == organization_id, Token.person_id == person_id, Token.expires_at < moment
        )
    )
    db.add(
        Token(
            hash=hash_token(token),
            kind="login",
            organization_id=organization_id,
            person_id=person_id,
            created_at=moment,
            expires_at=moment + days,
            idle_until=moment + timedelta(hours=settings().login_hours_idle),
            method=method,
            device=device,
            signed_in_at=moment if signed_in_at is _NOW else signed_in_at,
        )
    )
    return Login(token, organization_id, person_id, moment + days)


async def end(db: Db, token: str) -> None:
    """End a sign-in; nothing happens when it has ended."""
    await db.execute(delete(Token).where(Token.hash == hash_token(token), Token.kind == "login"))


def of_person(organization_id: UUID, person_id: UUID) -> Select[Token]:
    """Where a person is signed in now."""
    moment = clock.now()
    return select(Token).where(
        Token.organization_id == organization_id,
        Token.person_id == person_id,
        Token.kind == "login",
        Token.expires_at > moment,
        Token.idle_until > moment,
    )


async def end_one(db: Db, organization_id: UUID, person_id: UUID, login_id: UUID) -> None:
    """End one sign-in of a person; NotFound when it is not theirs."""
    row = (await db.scalars(of_person(organization_id, person_id).where(Token.id == login_id))).one_or_none()
    if row is None:
        raise NotFound
    await db.delete(row)


async def end_others(db: Db, organization_id: UUID, person_id: UUID, login_id: UUID | None) -> None:
    """End every sign-in and unused link of a person but one sign-in."""
    await db.execute(
        delete(Token).where(
            Token.organization_id == organization_id,
            Token.person_id == person_id,
            Token.kind.in_(("login", "link")),
            Token.id != login_id,
        )
    )


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
