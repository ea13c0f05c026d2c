"""Organizations, the caller, sign-in and API clients on the wire."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from vuoro.core.actor import Role, Scope
from vuoro.core.fields import LINE
from vuoro.core.wire import Can, In, Localized, Moment, Out
from vuoro.core.words import Locale
from vuoro.identity.models import Accent


class OrganizationOut(Out):
    """The caller's organization."""

    id: UUID
    name: str
    slug: str
    locales: list[Locale]
    default_locale: Locale
    time_zone: str
    accent: Accent
    logo_url: str | None
    has_identity_provider: bool = Field(description="whether people sign in at a provider of its own")
    version: int
    created_at: Moment
    updated_at: Moment
    can: Can


class OrganizationPatch(In):
    """What of the organization changes."""

    name: str = Field("", min_length=1, max_length=200)
    locales: list[Locale] = Field(default_factory=list, min_length=1, max_length=3)
    default_locale: Locale = "en"
    time_zone: str = Field("", min_length=1, max_length=64)
    accent: Accent = "spruce"


class LogoIn(In):
    """A logo: a PNG picture of at most 1,024 × 1,024 pixels and 200 kB, in base64."""

    png: str = Field(min_length=1, max_length=270_000)


class BrandingOut(Out):
    """How an organization looks, for everybody to see; `name` null where nobody is named and several are here."""

    name: str | None
    accent: Accent
    logo_url: str | None


class GrantOut(Out):
    """A role of a person, in a program, in a unit or, both null, in the whole organization."""

    id: UUID
    person_id: UUID
    display_name: str
    role: Role
    program_id: UUID | None
    program_name: str | None
    unit_id: UUID | None
    unit_name: str | None
    created_at: Moment


class GrantIn(In):
    """A role to give: in a program, in a unit (programme manager, sponsor, admin), or in the whole organization."""

    person_id: UUID
    role: Role
    program_id: UUID | None = None
    unit_id: UUID | None = None


class GrantPage(Out):
    """One page of grants."""

    items: list[GrantOut]
    next_cursor: str | None


class PreferencesOut(Out):
    """What the caller chose; null: the organization's default."""

    locale: Locale | None
    time_zone: str | None
    version: int


class PreferencesPatch(In):
    """What of the preferences changes."""

    locale: Locale | None = None
    time_zone: str | None = Field(None, max_length=64)


class PersonaOut(Out):
    """Somebody of the demo company to sign in as."""

    key: str
    display_name: str
    title: str
    role: Literal["mentor", "mentee", "programme_manager", "organization_admin", "safeguarding_contact"]
    organization_name: str
    description: Localized


class PersonaPage(Out):
    """The demo's personas."""

    items: list[PersonaOut]
    next_cursor: str | None


class PersonaLoginIn(In):
    """Which persona to be."""

    persona: str = Field(max_length=50)


Scopes = Annotated[list[Scope], Field(min_length=1, max_length=10)]


class ApiClientIn(In):
    """A machine to let in."""

    name: str = Field(min_length=1, max_length=100, pattern=LINE)
    scopes: Scopes


class ApiClientPatch(In):
    """What of an API client changes."""

    name: str = Field("", min_length=1, max_length=100, pattern=LINE)
    scopes: Scopes = Field(default_factory=list)


class ApiSecretOut(Out):
    """A key of an API client. `secret` is the key itself, in the first answer alone, and null ever after."""

    id: UUID
    name: str
    secret: str | None
    created_at: Moment
    last_used_on: date | None


class ApiClientOut(Out):
    """A machine that may call the API; `last_used_on` is a day (UTC), never a time."""

    id: UUID
    name: str
    scopes: list[Scope]
    secrets: list[ApiSecretOut]
    last_used_on: date | None
    created_at: Moment
    updated_at: Moment
    revoked_at: Moment | None
    version: int
    can: Can


class ApiClientPage(Out):
    """One page of API clients."""

    items: list[ApiClientOut]
    next_cursor: str | None
