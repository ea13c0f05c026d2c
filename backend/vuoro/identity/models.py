"""Tables of organizations, roles, API clients and sign-in tokens."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from vuoro.core import clock
from vuoro.core.actor import AppScope, Method, Role, Scope
from vuoro.core.crypto import Encrypted, Sealed
from vuoro.core.db import Model, TenantModel, Versioned, tenant_fk
from vuoro.core.words import Locale

# Colours that an organization's frame may have; each is readable on light and dark (frontend/src/lib/accents.ts).
Accent = Literal["spruce", "lake", "plum", "brick", "teal", "night", "moss", "graphite"]


class Organization(Versioned, Model):
    """A tenant: one company, with the colour and the logo of its frame."""

    __tablename__ = "organizations"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.uuid7)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    locales: Mapped[list[Locale]] = mapped_column(ARRAY(TEXT))
    default_locale: Mapped[Locale] = mapped_column(TEXT)
    time_zone: Mapped[str]
    accent: Mapped[Accent] = mapped_column(TEXT, default="spruce", server_default="spruce")
    logo_id: Mapped[UUID | None]


class Grant(TenantModel):
    """A role of a person: in one program, in one unit, or in the whole organization."""

    __tablename__ = "grants"
    person_id: Mapped[UUID]
    role: Mapped[Role] = mapped_column(TEXT)
    program_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        tenant_fk("program_id", "programs", ondelete="CASCADE"),
        tenant_fk("unit_id", "units"),
        UniqueConstraint(
            "organization_id", "person_id", "role", "program_id", "unit_id", postgresql_nulls_not_distinct=True
        ),
    )


class Preferences(Versioned, Model):
    """What a person chose for themselves."""

    __tablename__ = "preferences"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    locale: Mapped[Locale | None] = mapped_column(TEXT)
    time_zone: Mapped[str | None]
    __table_args__ = (tenant_fk("person_id", "people", ondelete="CASCADE"),)


class ApiClient(Versioned, TenantModel):
    """A machine that calls the API: an HRIS, a BI tool, a script."""

    __tablename__ = "api_clients"
    name: Mapped[str]
    scopes: Mapped[list[Scope]] = mapped_column(ARRAY(TEXT))
    revoked_at: Mapped[datetime | None]


class IdentityProvider(Versioned, Model):
    """Where an organization's people sign in by OpenID Connect; `mail_domains` are the addresses it speaks for."""

    __tablename__ = "identity_providers"
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    issuer: Mapped[str]
    client_id: Mapped[str]
    client_secret: Mapped[Sealed | None] = mapped_column(Encrypted)
    mail_domains: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    label: Mapped[str]


class OauthClient(Versioned, TenantModel):
    """A mobile or desktop app that acts for people: a public OAuth client, registered by an admin."""

    __tablename__ = "oauth_clients"
    name: Mapped[str]
    redirect_uris: Mapped[list[str]]
    android_package: Mapped[str | None]
    android_fingerprints: Mapped[list[str]]
    apple_app_id: Mapped[str | None]


class AppConsent(TenantModel):
    """A person's yes to an app. Its tokens name it, so they end with it, and a later yes does not revive them."""

    __tablename__ = "app_consents"
    oauth_client_id: Mapped[UUID]
    person_id: Mapped[UUID]
    scopes: Mapped[list[AppScope]] = mapped_column(ARRAY(TEXT))
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__ = (
        tenant_fk("oauth_client_id", "oauth_clients", ondelete="CASCADE"),
        tenant_fk("person_id", "people", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "person_id", "oauth_client_id"),
    )


class Token(Model):
    """A sign-in, a link, a calendar feed, an API key, or what an app or machine got for one. Of vuoro_auth.

    Only its hash is kept.

    `id` is what others may know of it. `browser` binds a mailed link to the challenge of whoever asked for it.
    `family_id` ties together what ends together: an API key and the tokens got for it, or a code, the refresh tokens
    that came of it one after the other, and their access tokens.
    """

    __tablename__ = "tokens"
    hash: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[str]
    organization_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    expires_at: Mapped[datetime | None]
    idle_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]
    id: Mapped[UUID] = mapped_column(default=clock.uuid7)
    method: Mapped[Method | None] = mapped_column(TEXT)
    signed_in_at: Mapped[datetime | None]
    device: Mapped[str | None]
    browser: Mapped[bytes | None]
    family_id: Mapped[UUID | None]
    consent_id: Mapped[UUID | None]
    scopes: Mapped[list[str] | None]
    redirect_uri: Mapped[str | None]
    challenge: Mapped[str | None]
    __table_args__: Any = (
        Index("tokens_person_idx", "organization_id", "person_id"),
        Index("tokens_client_idx", "organization_id", "client_id"),
        Index("tokens_family_idx", "family_id"),
        Index("tokens_consent_idx", "consent_id"),
        Index("tokens_feed_key", "organization_id", "person_id", unique=True, postgresql_where="kind = 'feed'"),
        UniqueConstraint("id"),
        {"schema": "auth"},
    )


class Challenge(Model):
    """A sign-in under way, known by the hash of a secret that only the browser has. Owned by vuoro_auth."""

    __tablename__ = "challenges"
    hash: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[str]
    organization_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    code: Mapped[bytes | None]
    guesses: Mapped[int] = mapped_column(default=0)
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    __table_args__: Any = (Index("challenges_expires_idx", "expires_at"), {"schema": "auth"})


class Passkey(Versioned, Model):
    """A public key whose other half a device keeps for one person. Owned by vuoro_auth."""

    __tablename__ = "passkeys"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=clock.uuid7)
    organization_id: Mapped[UUID]
    person_id: Mapped[UUID]
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    used_on: Mapped[date | None]
    __table_args__: Any = (
        Index("passkeys_person_idx", "organization_id", "person_id"),
        UniqueConstraint("credential_id"),
        {"schema": "auth"},
    )


class Account(Model):
    """Whom an identity provider means by a subject; a mail address decides it once. Owned by vuoro_auth."""

    __tablename__ = "accounts"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    __table_args__: Any = (UniqueConstraint("organization_id", "person_id", "issuer"), {"schema": "auth"})


class RateLimit(Model):
    """When a key (an address that signs in, a mail address) is free again; lost in a crash, which is fine."""

    __tablename__ = "rate_limits"
    key: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[datetime]
    __table_args__: Any = ({"schema": "auth", "prefixes": ["UNLOGGED"]},)
