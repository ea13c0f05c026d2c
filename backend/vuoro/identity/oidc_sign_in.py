"""Sign-in at the organization's own provider: out to it, and back with a code."""

import hmac
from datetime import timedelta

from vuoro.core import clock
from vuoro.core.actor import FRESH
from vuoro.core.crypto import KeyMissing
from vuoro.core.db import Database
from vuoro.core.errors import Unauthenticated
from vuoro.identity import challenges, logins, oidc, providers
from vuoro.identity.sign_in_schemas import OidcIn, OidcOut

# A provider's clock may run ahead of ours.
AHEAD = timedelta(seconds=oidc.LEEWAY_S)


class SignInExpired(Unauthenticated):
    """The way back was not begun in this browser, is over, or took too long."""

    code, title = "sign_in_expired", "That took too long"
    text = "This sign-in was begun elsewhere, is over already, or took too long. Please begin anew."


class NotFresh(Unauthenticated):
    """The provider did not ask the person again, although it was told to."""

    code, title = "sign_in_not_fresh", "Your organization's sign-in did not ask you again"
    text = "Your organization's sign-in did not say when it last asked who you are. Use a passkey instead."


async def begin(auth: Database, data: OidcIn) -> tuple[OidcOut, str | None]:
    """Where to go and the browser's secret; nothing of either depends on whether somebody has the address."""
    async with auth.transaction() as db:
        if data.organization is not None:
            found = await providers.by_slug(db, data.organization)
        else:
            found = await providers.by_mail(db, data.email) if data.email else None
    if found is None:
        return OidcOut(label=None, authorization_url=None), None
    metadata = await oidc.discover(found.issuer)
    details = {"issuer": found.issuer, "client_id": found.client_id, "next": data.next, "fresh": data.fresh}
    async with auth.transaction() as db:
        secret = await challenges.begin(db, "oidc", organization_id=found.organization_id, details=details)
    url = oidc.authorization_url(
        metadata,
        found.client_id,
        state=challenges.derive(secret, "state"),
        nonce=challenges.derive(secret, "nonce"),
        verifier=challenges.derive(secret, "verifier"),
        hint=data.email,
        fresh=data.fresh,
    )
    return OidcOut(label=found.label, authorization_url=url), secret


async def finish(
    auth: Database,
    app: Database,
    secret: str | None,
    *,
    state: str | None,
    code: str | None,
    issuer: str | None,
    error: str | None,
    device: str | None,
) -> tuple[logins.Login, str]:
    """The sign-in and the page to open.

    Raises:
        SignInExpired: another browser, another state, or a second time.
        ProviderRefused: or one of its kinds: the provider said no, or something that does not hold.
        ProviderAway: the provider does not answer.
        NotFresh: a recent proof was asked for and did not come.
    """
    async with auth.transaction() as db:
        challenge = await challenges.take(db, "oidc", secret)
    if secret is None or challenge is None or challenge.organization_id is None:
        raise SignInExpired
    if not hmac.compare_digest(challenges.derive(secret, "state").encode(), (state or "").encode()):
        raise SignInExpired
    organization_id, asked = challenge.organization_id, challenge.details
    try:
        known = await providers.client_of(app, organization_id)
    except KeyMissing:
        known = None
    if known is None or (known[0].issuer, known[0].client_id) != (asked["issuer"], asked["client_id"]):
        raise oidc.ProviderRefused("another provider since")
    client, domains = known
    metadata = await oidc.discover(client.issuer)
    if issuer != client.issuer and (issuer is not None or metadata.names_itself):
        raise oidc.ProviderRefused("the answer is another provider's")
    if error is not None or not code:
        raise oidc.ProviderRefused("the provider said no")
    claims = await oidc.exchange(
        metadata, client, code, challenges.derive(secret, "verifier"), challenges.derive(secret, "nonce")
    )
    moment, proved = clock.now(), claims.authenticated_at
    if proved is not None:
        proved = min(proved, moment) if proved <= moment + AHEAD else None
    if asked["fresh"] and (proved is None or moment - proved > FRESH):
        raise NotFresh
    person_id = await providers.person_of(auth, app, organization_id, client.issuer, domains, claims)
    async with auth.transaction() as db:
        login = await logins.begin(db, organization_id, person_id, "oidc", device=device, signed_in_at=proved)
    return login, asked["next"]
