"""Identity providers: their settings by organization, and whom of the organization they mean."""

from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.db import Database, Db, touch
from vuoro.core.errors import Invalid, NotFound
from vuoro.core.history import audit
from vuoro.core.settings import settings
from vuoro.core.wire import can
from vuoro.identity import oidc
from vuoro.identity.access import require_admin
from vuoro.identity.models import Account, IdentityProvider
from vuoro.identity.sign_in_schemas import ProviderCheck, ProviderIn, ProviderOut

SECRET = "identity_providers.client_secret"  # noqa: S105 - a column's name
# Whoever claims a domain where another organization's people have their addresses speaks for nobody by it.
_BY_DOMAIN = text(
    "select p.organization_id, p.issuer, p.client_id, p.label from identity_providers p"
    " where :domain = any(p.mail_domains) and not exists (select 1 from people q"
    " where q.organization_id <> p.organization_id and split_part(q.work_email, '@', 2) = :domain"
    " and q.status <> 'left' and q.deleted_at is null) limit 2"
)
_BY_SLUG = text(
    "select p.organization_id, p.issuer, p.client_id, p.label from identity_providers p"
    " join organizations o on o.id = p.organization_id where o.slug = :slug"
)
_BY_ADDRESS = text(
    "select id from people where organization_id = :organization and work_email = :email"
    " and status <> 'left' and deleted_at is null and not graph_only"
)
_IS_HERE = text(
    "select 1 from people where organization_id = :organization and id = :person"
    " and status <> 'left' and deleted_at is null and not graph_only"
)
Found = Row[tuple[UUID, str, str, str]]


class MailNotVerified(oidc.ProviderRefused):
    """The provider does not vouch for a mail address that it may speak for."""

    code = "mail_not_verified"
    text = "Your organization's sign-in did not vouch for your work address."


class NobodyHere(oidc.ProviderRefused):
    """Nobody of the organization has the address, or they have left."""

    code = "nobody_here"
    text = "Nobody here has the address with which your organization's sign-in knows you."


class AccountTaken(oidc.ProviderRefused):
    """The person signs in with another account of the same provider; an address alone does not change that."""

    code = "account_taken"
    text = "Another account of your organization's sign-in already belongs to this address. Ask your admin."


async def by_mail(db: Db, email: str) -> Found | None:
    """The one provider that speaks for the domain of an address."""
    rows = (await db.execute(_BY_DOMAIN, {"domain": email.rpartition("@")[2]})).all()
    return rows[0] if len(rows) == 1 else None


async def by_slug(db: Db, slug: str) -> Found | None:
    """The provider of an organization."""
    return (await db.execute(_BY_SLUG, {"slug": slug})).one_or_none()


async def client_of(app: Database, organization_id: UUID) -> tuple[oidc.Client, list[str]] | None:
    """How an organization's provider knows us, with the secret, and the domains that it speaks for."""
    async with app.transaction(Actor(organization_id)) as db:
        row = await db.get(IdentityProvider, organization_id)
        if row is None:
            return None
        secret = None
        if row.client_secret is not None:
            sealed = {organization_id: row.client_secret}
            secret = (await crypto.unseal(db, SECRET, "organization", organization_id, sealed))[organization_id]
        return oidc.Client(row.issuer, row.client_id, secret), row.mail_domains


async def person_of(
    auth: Database, app: Database, organization_id: UUID, issuer: str, domains: list[str], claims: oidc.Claims
) -> UUID:
    """Whom the provider means.

    An account is its issuer and subject. A mail address counts once: it must be verified, of a domain of the
    organization's, and the work address of somebody who has no account of this provider yet.
    """
    account = {"organization_id": organization_id, "issuer": issuer, "subject": claims.subject}
    query = select(Account.person_id).filter_by(**account)
    async with auth.transaction() as db:
        known = await db.scalar(query)
        if known is not None:
            if await db.scalar(_IS_HERE, {"organization": organization_id, "person": known}) is None:
                raise NobodyHere
            return known
        if claims.email is None or claims.email.rpartition("@")[2] not in domains:
            raise MailNotVerified
        person_id: UUID | None = await db.scalar(_BY_ADDRESS, {"organization": organization_id, "email": claims.email})
        if person_id is None:
            raise NobodyHere
        values = {**account, "person_id": person_id, "created_at": clock.now()}
        await db.execute(insert(Account).values(**values).on_conflict_do_nothing())
        if await db.scalar(query) != person_id:
            raise AccountTaken
    async with app.transaction(Actor(organization_id, person_id)) as tenant:
        audit(tenant, "account.link", person_id)
    return person_id


async def get(db: Db, me: Actor) -> ProviderOut:
    """The organization's provider; NotFound when it has none."""
    require_admin(me)
    row = await db.get(IdentityProvider, me.organization_id)
    if row is None:
        raise NotFound
    return ProviderOut(
        issuer=row.issuer,
        client_id=row.client_id,
        has_client_secret=row.client_secret is not None,
        mail_domains=row.mail_domains,
        label=row.label,
        redirect_uri=oidc.redirect_uri(),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        can=can(edit=True, remove=True),
    )


async def put(db: Db, me: Actor, data: ProviderIn) -> None:
    """Set the organization's provider. A secret that is not sent stays, unless it would go to another issuer."""
    require_admin(me)
    if settings().secure and not data.issuer.startswith("https://"):
        raise Invalid.at("/issuer", "https_only", "This takes an https:// address.")
    id = me.organization_id
    row = await db.get(IdentityProvider, id, with_for_update=True)
    sealed = row.client_secret if row is not None and row.issuer == data.issuer else None
    if data.client_secret is not None:
        sealed = await crypto.seal(db, SECRET, "organization", id, id, data.client_secret)
    values = {**data.model_dump(), "mail_domains": sorted(set(data.mail_domains)), "client_secret": sealed}
    if row is None:
        db.add(IdentityProvider(organization_id=id, **values))
    else:
        for name, value in values.items():
            setattr(row, name, value)
        touch(row)
    audit(db, "identity_provider.change", id)


async def remove(db: Db, me: Actor) -> None:
    """Forget the organization's provider; who signed in by it stays so until that sign-in ends."""
    require_admin(me)
    row = await db.get(IdentityProvider, me.organization_id, with_for_update=True)
    if row is None:
        raise NotFound
    await db.delete(row)
    audit(db, "identity_provider.remove", me.organization_id)


async def check(me: Actor, issuer: str) -> ProviderCheck:
    """Ask a provider what it says about itself; Invalid with the reason when it cannot be used."""
    require_admin(me)
    try:
        metadata = await oidc.discover(issuer, anew=True)
        keys = await oidc.read_keys(metadata, anew=True)
    except oidc.ProviderAway:
        raise Invalid.at("/issuer", "unreachable_issuer", "Nothing that can be used answers there.") from None
    except oidc.ProviderRefused as error:
        raise Invalid.at("/issuer", "wrong_issuer", f"This cannot be used: {error.why}.") from None
    return ProviderCheck(
        issuer=metadata.issuer,
        authorization_endpoint=metadata.authorization_endpoint,
        token_endpoint=metadata.token_endpoint,
        algorithms=list(metadata.algorithms),
        keys=len(keys),
    )
