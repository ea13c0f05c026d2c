"""The client's side of OAuth: codes and refresh tokens change into tokens; a second use ends all that came of it."""

import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Row, Uuid, bindparam, delete, select, text, update

from vuoro.core import clock
from vuoro.core.crypto import hash_token
from vuoro.core.db import Db
from vuoro.identity.challenges import digest
from vuoro.identity.models import ApiClient, AppConsent, Token
from vuoro.identity.oauth.refusals import Refused, UnknownClient
from vuoro.identity.oauth.schemas import TokenAnswer

ACCESS = timedelta(minutes=15)
MACHINE = timedelta(minutes=10)
REFRESH_IDLE, REFRESH_WHOLE = timedelta(days=30), timedelta(days=90)
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
# Of two at once one takes it; nobody takes what another client got, nor a leaver's. What was used is kept as long as
# anything that came of it lives, so that a second use is known.
_TAKE = text(
    "update auth.tokens t set used_at = :now, expires_at = case t.kind when 'code' then :whole else t.expires_at end"
    " from public.app_consents c, public.people p"
    " where t.hash = :hash and t.kind = :kind and t.used_at is null and t.expires_at > :now"
    " and (t.idle_until is null or t.idle_until > :now)"
    " and c.organization_id = t.organization_id and c.id = t.consent_id and c.oauth_client_id = :client"
    " and p.organization_id = t.organization_id and p.id = t.person_id and p.status <> 'left' and p.deleted_at is null"
    " and not p.graph_only"
    " returning t.organization_id, t.person_id, t.consent_id, t.family_id, t.scopes, t.redirect_uri, t.challenge,"
    " t.expires_at"
).bindparams(
    bindparam("now", type_=DateTime(timezone=True)),
    bindparam("whole", type_=DateTime(timezone=True)),
    bindparam("client", type_=Uuid),
)

# One request at a time for each family: two would wait for each other's rows.
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:family, 0))")
_LOCK_OF_TOKEN = text(
    "select pg_advisory_xact_lock(hashtextextended(t.family_id::text, 0)) from auth.tokens t where t.hash = :hash"
)


@dataclass(frozen=True, slots=True)
class Dead:
    """Nothing is granted, and that stays written down. `of` tells whose tokens a second use has ended."""

    of: tuple[UUID, UUID] | None = None  # organization, person


async def exchange(
    db: Db, client_id: UUID, code: str, redirect_uri: str | None, verifier: str | None
) -> TokenAnswer | Dead:
    """A code changes into tokens. One wrong try uses it up; a second use ends the tokens that came of the first."""
    row = await _take(db, "code", code, client_id)
    if row is None:
        return await _end_if_used(db, "code", code)
    if row.redirect_uri != redirect_uri or not _fits(verifier, row.challenge):
        return Dead()
    return await _give(db, row, row.scopes)


async def refresh(db: Db, client_id: UUID, token: str, scope: str | None) -> TokenAnswer | Dead:
    """A refresh token changes into the next one; a second use ends all. Refused for a scope that it never had."""
    row = await _take(db, "refresh", token, client_id)
    if row is None:
        return await _end_if_used(db, "refresh", token)
    return await _give(db, row, _narrowed(scope, row.scopes))


async def _take(db: Db, kind: str, token: str, client_id: UUID) -> Row[Any] | None:
    # Before any row of it is touched: a statement that waits for a row keeps it, whatever it then finds.
    await db.execute(_LOCK_OF_TOKEN, {"hash": hash_token(token)})
    moment = clock.now()
    values = {"hash": hash_token(token), "kind": kind, "client": client_id, "now": moment}
    values["whole"] = moment + REFRESH_WHOLE
    return (await db.execute(_TAKE, values)).one_or_none()


async def _end_if_used(db: Db, kind: str, token: str) -> Dead:
    used = (
        await db.execute(
            select(Token.organization_id, Token.person_id, Token.family_id).where(
                Token.hash == hash_token(token), Token.kind == kind, Token.used_at.is_not(None)
            )
        )
    ).one_or_none()
    if used is None:
        return Dead()
    await _end_family(db, used.family_id)
    return Dead((used.organization_id, used.person_id))


async def _end_family(db: Db, family_id: UUID) -> None:
    await db.execute(_LOCK, {"family": str(family_id)})
    await db.execute(delete(Token).where(Token.family_id == family_id))


def _fits(verifier: str | None, challenge: str) -> bool:
    given = verifier or ""
    return bool(_VERIFIER.fullmatch(given)) and hmac.compare_digest(digest(given), challenge)


def _narrowed(scope: str | None, given: Sequence[str]) -> list[str]:
    wanted = set((scope or " ".join(given)).split())
    if not wanted <= set(given):
        raise Refused("invalid_scope", f"At most these scopes: {' '.join(given)}.")
    return [one for one in given if one in wanted]


async def _give(db: Db, row: Row[Any], scopes: list[str]) -> TokenAnswer:
    moment, whole_until = clock.now(), row.expires_at
    old = Token.organization_id == row.organization_id, Token.person_id == row.person_id, Token.expires_at < moment
    await db.execute(delete(Token).where(*old))
    until = min(moment + ACCESS, whole_until)
    access, following = f"vuoro_access_{secrets.token_urlsafe(32)}", f"vuoro_refresh_{secrets.token_urlsafe(32)}"
    common = {
        "organization_id": row.organization_id, "person_id": row.person_id, "consent_id": row.consent_id,
        "family_id": row.family_id, "created_at": moment,
    }  # fmt: skip
    db.add(Token(hash=hash_token(access), kind="access", scopes=scopes, expires_at=until, **common))
    db.add(
        Token(
            hash=hash_token(following), kind="refresh", scopes=list(row.scopes), expires_at=whole_until,
            idle_until=min(moment + REFRESH_IDLE, whole_until), **common,
        )
    )  # fmt: skip
    return TokenAnswer(
        access_token=access,
        token_type="Bearer",  # noqa: S106
        expires_in=int((until - moment).total_seconds()),
        scope=" ".join(scopes),
        refresh_token=following,
    )


async def for_machine(db: Db, client_id: UUID, key: str, scope: str | None) -> TokenAnswer:
    """A machine's key changes into a token of ten minutes, which ends with the key. UnknownClient for a wrong one."""
    row, scopes = await _machine(db, client_id, key)
    scopes, moment = _narrowed(scope, scopes), clock.now()
    today = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if row.used_at is None or row.used_at < today:
        await db.execute(update(Token).where(Token.hash == row.hash).values(used_at=today))
    old = Token.organization_id == row.organization_id, Token.client_id == client_id, Token.expires_at < moment
    await db.execute(delete(Token).where(*old))
    token = f"vuoro_access_{secrets.token_urlsafe(32)}"
    db.add(
        Token(
            hash=hash_token(token), kind="machine", organization_id=row.organization_id, client_id=client_id,
            family_id=row.family_id, scopes=scopes, created_at=moment, expires_at=moment + MACHINE,
        )
    )  # fmt: skip
    return TokenAnswer(
        access_token=token,
        token_type="Bearer",  # noqa: S106
        expires_in=int(MACHINE.total_seconds()),
        scope=" ".join(scopes),
        refresh_token=None,
    )


async def _machine(db: Db, client_id: UUID, key: str) -> tuple[Token, list[str]]:
    found = (
        await db.execute(
            select(Token, ApiClient.scopes)
            .join(
                ApiClient,
                (ApiClient.organization_id == Token.organization_id) & (ApiClient.id == Token.client_id),
            )
            .where(
                Token.hash == hash_token(key),
                Token.kind == "api_key",
                Token.client_id == client_id,
                ApiClient.revoked_at.is_(None),
            )
        )
    ).one_or_none()
    if found is None:
        raise UnknownClient
    return found[0], list(found[1])


async def revoke(db: Db, client_id: UUID, key: str | None, token: str) -> None:
    """End a token of this client's own, and what belongs to it; nothing happens for any other (RFC 7009)."""
    if key is not None:
        await _machine(db, client_id, key)
        await db.execute(
            delete(Token).where(Token.hash == hash_token(token), Token.kind == "machine", Token.client_id == client_id)
        )
        return
    family = await db.scalar(
        select(Token.family_id)
        .join(
            AppConsent,
            (AppConsent.organization_id == Token.organization_id) & (AppConsent.id == Token.consent_id),
        )
        .where(
            Token.hash == hash_token(token),
            Token.kind.in_(("access", "refresh")),
            AppConsent.oauth_client_id == client_id,
        )
    )
    if family is not None:
        await _end_family(db, family)
