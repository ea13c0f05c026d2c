"""The person's side of OAuth: what an app asks for, the person's yes, and the code that tells the app."""

import re
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.core.actor import APP_SCOPES, Actor, AppScope
from vuoro.core.crypto import hash_token
from vuoro.core.db import Db
from vuoro.core.errors import Forbidden, Invalid, NotFound
from vuoro.core.history import audit
from vuoro.core.settings import settings
from vuoro.identity.models import AppConsent, OauthClient, Token
from vuoro.identity.oauth.redirects import is_registered, proves_the_app, with_answer
from vuoro.identity.oauth.refusals import Refused, Untrusted
from vuoro.identity.oauth.schemas import AppRequestOut

CODE_SECONDS = 60
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request as the app sent it; what is missing is None."""

    response_type: str | None = None
    client_id: str | None = None
    redirect_uri: str | None = None
    scope: str | None = None
    state: str | None = None
    code_challenge: str | None = None
    code_challenge_method: str | None = None

    @property
    def scopes(self) -> list[str]:
        """The scopes that are asked for, as they were written; all of an app's when none is named."""
        return (self.scope or " ".join(APP_SCOPES)).split()

    def page(self) -> str:
        """The page that asks the person."""
        return "/authorize?" + urlencode({name: value for name, value in asdict(self).items() if value is not None})

    def answer(self, **parameters: str) -> str:
        """The address that gives the app its answer, with its own `state` and our name (RFC 9207)."""
        assert self.redirect_uri is not None
        return with_answer(self.redirect_uri, **parameters, state=self.state, iss=settings().public_url)


def uuid_of(text: str | None) -> UUID | None:
    """A client's id, or None when it cannot be one."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


async def find_client(db: Db, client_id: str | None) -> OauthClient | None:
    """The app of this id: of the tenant, or of any for a transaction of vuoro_auth (`organization_id` comes along)."""
    id = uuid_of(client_id)
    return await db.scalar(select(OauthClient).where(OauthClient.id == id)) if id else None


def check(asked: Asked, client: OauthClient | None) -> list[AppScope]:
    """The scopes that a sound request asks for.

    Raises:
        Untrusted: nothing may be sent to its redirect address.
        Refused: the app is told so by its redirect address.
    """
    if client is None:
        raise Untrusted("client_id names no app that is registered here.")
    if asked.redirect_uri is None or not is_registered(asked.redirect_uri, client.redirect_uris):
        raise Untrusted("redirect_uri is not one that was registered for this app.")
    if asked.response_type != "code":
        raise Refused("unsupported_response_type", "response_type is code.")
    if asked.code_challenge_method != "S256" or not _CHALLENGE.fullmatch(asked.code_challenge or ""):
        raise Refused("invalid_request", "PKCE is needed: code_challenge with code_challenge_method=S256.")
    if len(asked.state or "") > 2000:
        raise Refused("invalid_request", "state has 2,000 characters at most.")
    wanted = set(asked.scopes)
    if not wanted <= set(APP_SCOPES):
        raise Refused("invalid_scope", f"scope takes {' and '.join(APP_SCOPES)}.")
    return [scope for scope in APP_SCOPES if scope in wanted]


async def _sound(db: Db, asked: Asked) -> tuple[OauthClient, list[AppScope]]:
    client = await find_client(db, asked.client_id)
    if client is None:
        raise NotFound
    try:
        return client, check(asked, client)
    except Refused as error:
        raise Invalid(error.description) from None


async def ask(db: Db, me: Actor, person_id: UUID, asked: Asked) -> AppRequestOut:
    """What the page tells the person; NotFound for another organization's app, Invalid for an unsound request."""
    client, scopes = await _sound(db, asked)
    given = await db.scalar(
        select(AppConsent.scopes).where(
            AppConsent.organization_id == me.organization_id,
            AppConsent.person_id == person_id,
            AppConsent.oauth_client_id == client.id,
        )
    )
    assert asked.redirect_uri is not None
    return AppRequestOut(
        client_id=client.id,
        name=client.name,
        scopes=scopes,
        redirect_uri=asked.redirect_uri,
        known=set(scopes) <= set(given or ()) and proves_the_app(asked.redirect_uri),
    )


async def refuse(db: Db, asked: Asked) -> UUID:
    """The person's no; the app's id."""
    return (await _sound(db, asked))[0].id


async def allow(db: Db, me: Actor, person_id: UUID, asked: Asked) -> UUID:
    """The person's yes, kept for the next time; the consent's id. Forbidden to an app: it gives no rights on."""
    if me.is_app:
        raise Forbidden("An app lets no other app in. Sign in with a browser.")
    client, scopes = await _sound(db, asked)
    row: AppConsent | None = await db.scalar(
        insert(AppConsent)
        .values(
            organization_id=me.organization_id, id=clock.uuid7(), oauth_client_id=client.id, person_id=person_id,
            scopes=[], given_at=clock.now(),
        )
        .on_conflict_do_update(
            index_elements=["organization_id", "person_id", "oauth_client_id"],
            set_={"oauth_client_id": client.id},
        )
        .returning(AppConsent)
    )  # fmt: skip
    assert row is not None
    if not set(scopes) <= set(row.scopes):
        row.scopes = [scope for scope in APP_SCOPES if scope in {*scopes, *row.scopes}]
        audit(db, "app.allow", client.id)
    return row.id


async def make_code(auth: Db, me: Actor, person_id: UUID, consent_id: UUID, asked: Asked) -> str:
    """A code that the app changes for tokens within a minute, once; a transaction of vuoro_auth."""
    code, moment = secrets.token_urlsafe(32), clock.now()
    auth.add(
        Token(
            hash=hash_token(code),
            kind="code",
            organization_id=me.organization_id,
            person_id=person_id,
            consent_id=consent_id,
            family_id=clock.uuid7(),
            scopes=[scope for scope in APP_SCOPES if scope in asked.scopes],
            redirect_uri=asked.redirect_uri,
            challenge=asked.code_challenge,
            created_at=moment,
            expires_at=moment + timedelta(seconds=CODE_SECONDS),
        )
    )
    return code
