"""Sign-ins under way: a secret that one browser holds, and what is waited for. Works on the connections of vuoro_auth.

Only the secret's hash is kept; whatever else must be random and remembered (state, nonce, PKCE verifier) is derived
from the secret, so that the database holds nothing with which a sign-in could be finished.
"""

import base64
import hashlib
import secrets
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete

from vuoro.core import clock
from vuoro.core.crypto import hash_token
from vuoro.core.db import Db
from vuoro.identity.models import Challenge

Kind = Literal["mail", "oidc", "passkey_add", "passkey_use", "address"]
MINUTES: dict[Kind, int] = {"mail": 10, "oidc": 10, "passkey_add": 5, "passkey_use": 5, "address": 10}


async def begin(
    db: Db,
    kind: Kind,
    *,
    organization_id: UUID | None = None,
    person_id: UUID | None = None,
    details: dict[str, Any] | None = None,
) -> str:
    """Remember a sign-in under way; answers the secret, which is stored nowhere. Clears away what ran out."""
    secret, moment = secrets.token_urlsafe(32), clock.now()
    await db.execute(delete(Challenge).where(Challenge.expires_at < moment))
    db.add(
        Challenge(
            hash=hash_token(secret),
            kind=kind,
            organization_id=organization_id,
            person_id=person_id,
            details=details or {},
            created_at=moment,
            expires_at=moment + timedelta(minutes=MINUTES[kind]),
        )
    )
    return secret


async def take(db: Db, kind: Kind, secret: str | None) -> Challenge | None:
    """What was waited for under this secret, once: the second time there is nothing."""
    if secret is None:
        return None
    taken = delete(Challenge).where(
        Challenge.hash == hash_token(secret), Challenge.kind == kind, Challenge.expires_at > clock.now()
    )
    return (await db.scalars(taken.returning(Challenge))).one_or_none()


def derive(secret: str, purpose: str) -> str:
    """Another secret of 256 bits, for one purpose, as 43 letters; nobody can go back from it."""
    return digest(f"{purpose}|{secret}")


def digest(text: str) -> str:
    """SHA-256 as 43 letters of base64url: also what PKCE calls S256 (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
