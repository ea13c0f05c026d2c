"""Passkeys (WebAuthn): a key pair whose private half a device keeps. Works on the connections of vuoro_auth.

A challenge works once and for five minutes; the person is verified by the device each time.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Select, delete, select, text

from vuoro.core import clock
from vuoro.core.db import Database, Db, touch
from vuoro.core.errors import Conflict, NotFound, PreconditionFailed, Unauthenticated
from vuoro.core.settings import settings
from vuoro.identity import challenges, logins
from vuoro.identity.models import Passkey
from vuoro.identity.sign_in_schemas import NewPasskey, PasskeyProof

MOST = 20
T = TypeVar("T")
_WHO = text(
    "select display_name, coalesce(work_email, display_name) as account from people"
    " where organization_id = :organization and id = :person"
)


class PasskeyRefused(Unauthenticated):
    """The device's answer does not prove anything: unknown key, old challenge, or nobody verified."""

    code, title = "passkey_refused", "This passkey did not work"
    text = "The passkey is not known here, or took too long. Please try once more."


class TooManyPasskeys(Conflict):
    """Twenty are enough."""

    code = "too_many_passkeys"


def _party() -> str:
    return urlsplit(settings().public_url).hostname or ""


def of_person(organization_id: UUID, person_id: UUID) -> Select[Passkey]:
    """A person's passkeys."""
    return select(Passkey).where(Passkey.organization_id == organization_id, Passkey.person_id == person_id)


def _handle(organization_id: UUID, person_id: UUID) -> bytes:
    """What the device remembers of whom the key is for: ids, no name."""
    return organization_id.bytes + person_id.bytes


def _checked(check: Callable[[], T]) -> T:
    """Whatever breaks while somebody else's bytes are read is a refusal."""
    try:
        return check()
    except Exception as error:
        raise PasskeyRefused from error


async def has_any(db: Db, organization_id: UUID, person_id: UUID) -> bool:
    """Whether a person has a passkey."""
    return await db.scalar(of_person(organization_id, person_id).limit(1)) is not None


async def begin_adding(db: Db, organization_id: UUID, person_id: UUID) -> dict[str, Any]:
    """What the browser's `navigator.credentials.create` takes, with a fresh challenge."""
    import webauthn  # noqa: PLC0415 - few starts meet a passkey, and all would wait for it
    from webauthn.helpers import structs as shapes  # noqa: PLC0415

    who = (await db.execute(_WHO, {"organization": organization_id, "person": person_id})).one()
    known = (await db.scalars(of_person(organization_id, person_id).with_only_columns(Passkey.credential_id))).all()
    if len(known) >= MOST:
        raise TooManyPasskeys(f"A person has at most {MOST} passkeys.")
    challenge = await challenges.begin(db, "passkey_add", organization_id=organization_id, person_id=person_id)
    options = webauthn.generate_registration_options(
        rp_id=_party(),
        rp_name="Vuoro",
        user_id=_handle(organization_id, person_id),
        user_name=who.account,
        user_display_name=who.display_name,
        challenge=challenge.encode(),
        timeout=challenges.MINUTES["passkey_add"] * 60_000,
        authenticator_selection=shapes.AuthenticatorSelectionCriteria(
            resident_key=shapes.ResidentKeyRequirement.REQUIRED,
            user_verification=shapes.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[shapes.PublicKeyCredentialDescriptor(id=id) for id in known],
    )
    return dict(json.loads(webauthn.options_to_json(options)))


async def begin_using(db: Db) -> dict[str, Any]:
    """What the browser's `navigator.credentials.get` takes, with a fresh challenge; for whoever has a passkey."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers import structs as shapes  # noqa: PLC0415

    challenge = await challenges.begin(db, "passkey_use")
    options = webauthn.generate_authentication_options(
        rp_id=_party(),
        challenge=challenge.encode(),
        timeout=challenges.MINUTES["passkey_use"] * 60_000,
        user_verification=shapes.UserVerificationRequirement.REQUIRED,
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def _challenge_of(client_data: str) -> str:
    from webauthn.helpers import base64url_to_bytes, parse_client_data_json  # noqa: PLC0415

    return _checked(lambda: parse_client_data_json(base64url_to_bytes(client_data)).challenge.decode("ascii"))


async def add(auth: Database, organization_id: UUID, person_id: UUID, data: NewPasskey) -> UUID:
    """Keep a new passkey of a person; PasskeyRefused unless it answers a challenge of theirs."""
    import webauthn  # noqa: PLC0415

    secret = _challenge_of(data.client_data_json)
    async with auth.transaction() as db:  # of its own: an answer that fails spends the challenge as well
        challenge = await challenges.take(db, "passkey_add", secret)
    if challenge is None or (challenge.organization_id, challenge.person_id) != (organization_id, person_id):
        raise PasskeyRefused
    response = {"clientDataJSON": data.client_data_json, "attestationObject": data.attestation_object}
    made = _checked(
        lambda: webauthn.verify_registration_response(
            credential={"id": data.id, "rawId": data.id, "type": "public-key", "response": response},
            expected_challenge=secret.encode(),
            expected_rp_id=_party(),
            expected_origin=settings().public_url,
            require_user_verification=True,
        )
    )
    row = Passkey(
        id=clock.uuid7(),
        organization_id=organization_id,
        person_id=person_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=data.name,
    )
    async with auth.transaction() as db:
        if await db.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)) is not None:
            raise PasskeyRefused
        db.add(row)
    return row.id


async def use(auth: Database, data: PasskeyProof, *, device: str | None = None) -> logins.Login:
    """Sign in with a passkey.

    Raises:
        PasskeyRefused: unknown key, another person's handle, a challenge of before, a counter that went back (a copy
            of the key), another site's signature, or a person whom the device did not verify.
    """
    import webauthn  # noqa: PLC0415
    from webauthn.helpers import base64url_to_bytes, bytes_to_base64url  # noqa: PLC0415

    secret = _challenge_of(data.client_data_json)
    async with auth.transaction() as db:
        if await challenges.take(db, "passkey_use", secret) is None:
            raise PasskeyRefused
    credential_id = _checked(lambda: base64url_to_bytes(data.id))
    async with auth.transaction() as db:
        query = select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
        row = (await db.scalars(query)).one_or_none()
        if row is None or data.user_handle != bytes_to_base64url(_handle(row.organization_id, row.person_id)):
            raise PasskeyRefused
        response = {
            "clientDataJSON": data.client_data_json,
            "authenticatorData": data.authenticator_data,
            "signature": data.signature,
            "userHandle": data.user_handle,
        }
        used = _checked(
            lambda: webauthn.verify_authentication_response(
                credential={"id": data.id, "rawId": data.id, "type": "public-key", "response": response},
                expected_challenge=secret.encode(),
                expected_rp_id=_party(),
                expected_origin=settings().public_url,
                credential_public_key=row.public_key,
                credential_current_sign_count=row.sign_count,
                require_user_verification=True,
            )
        )
        row.sign_count = used.new_sign_count
        row.used_on = clock.now().date()
        return await logins.begin(db, row.organization_id, row.person_id, "passkey", device=device)


async def find(db: Db, organization_id: UUID, person_id: UUID, passkey_id: UUID) -> Passkey:
    """One of a person's passkeys; NotFound for any other."""
    row = (await db.scalars(of_person(organization_id, person_id).where(Passkey.id == passkey_id))).one_or_none()
    if row is None:
        raise NotFound
    return row


def rename(row: Passkey, version: int, name: str) -> None:
    """Call a passkey something else."""
    if row.version != version:
        raise PreconditionFailed
    row.name = name
    touch(row)


async def remove(db: Db, organization_id: UUID, person_id: UUID, passkey_id: UUID) -> None:
    """Forget a passkey; NotFound when it is not theirs."""
    mine = (Passkey.organization_id == organization_id, Passkey.person_id == person_id, Passkey.id == passkey_id)
    if await db.scalar(delete(Passkey).where(*mine).returning(Passkey.id)) is None:
        raise NotFound
