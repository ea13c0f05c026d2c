"""Signatures of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`. Source: standardwebhooks.com, version 1."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 256 random bits, as receivers' libraries take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, event_id: UUID, at: datetime, body: bytes) -> str:
    """One signature, `v1,` and base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{event_id}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(live: Iterable[str], event_id: UUID, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of one attempt, signed with every live secret."""
    return {
        "content-type": "application/json",
        "webhook-id": str(event_id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signature(secret, event_id, at, body) for secret in live),
    }
