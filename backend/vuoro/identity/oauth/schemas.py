"""Apps, people's consents and OAuth's own messages on the wire."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from vuoro.core.actor import AppScope
from vuoro.core.fields import LINE
from vuoro.core.wire import Can, In, Moment, Out
from vuoro.identity.oauth.redirects import RedirectUri

Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=LINE)]
RedirectUris = Annotated[list[RedirectUri], Field(min_length=1, max_length=10)]
# Of an app on the two phone systems; each lets the app claim links of this service.
Package = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]\w*(\.[A-Za-z]\w*)+$", max_length=200)]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^([0-9A-F]{2}:){31}[0-9A-F]{2}$", to_upper=True)]
Fingerprints = Annotated[list[Fingerprint], Field(max_length=10)]
AppleAppId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{10}\.[A-Za-z0-9.-]{1,155}$")]


class OauthClientIn(In):
    """An app to register; `apple_app_id` is the team's id, a dot and the bundle's id."""

    name: Name
    redirect_uris: RedirectUris
    android_package: Package | None = None
    android_fingerprints: Fingerprints = Field(default_factory=list)
    apple_app_id: AppleAppId | None = None


class OauthClientPatch(In):
    """What of an app changes."""

    name: Name = ""
    redirect_uris: RedirectUris = Field(default_factory=list)
    android_package: Package | None = None
    android_fingerprints: Fingerprints = Field(default_factory=list)
    apple_app_id: AppleAppId | None = None


class OauthClientOut(Out):
    """An app that may ask people to act for them; its `id` is OAuth's client_id."""

    id: UUID
    name: str
    redirect_uris: list[str]
    android_package: str | None
    android_fingerprints: list[str]
    apple_app_id: str | None
    version: int
    created_at: Moment
    updated_at: Moment
    can: Can


class OauthClientPage(Out):
    """One page of apps."""

    items: list[OauthClientOut]
    next_cursor: str | None


class AppOut(Out):
    """An app that the caller lets act for them; `last_used_on` is a day (UTC), null before its first use."""

    id: UUID
    name: str
    scopes: list[AppScope]
    given_at: Moment
    last_used_on: date | None


class AppPage(Out):
    """One page of the caller's apps."""

    items: list[AppOut]
    next_cursor: str | None


class AppRequestOut(Out):
    """What an app asks for. `known`: the caller said yes before, and only this app can get the answer."""

    client_id: UUID
    name: str
    scopes: list[AppScope]
    redirect_uri: str
    known: bool


class AppAnswerIn(In):
    """The caller's answer to an app's request, whose parameters come along as the app sent them."""

    allow: bool
    response_type: str = Field(max_length=50)
    client_id: str = Field(max_length=100)
    redirect_uri: str = Field(max_length=600)
    code_challenge: str = Field(max_length=200)
    code_challenge_method: str = Field(max_length=20)
    scope: str | None = Field(None, max_length=200)
    state: str | None = Field(None, max_length=2000)


class AppAnswerOut(Out):
    """Where the browser goes next: back to the app, with a code or with the no."""

    redirect_to: str


class OauthRefusal(Out):
    """A refusal as RFC 6749 words it."""

    error: Literal[
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "unsupported_response_type",
        "invalid_scope",
        "access_denied",
    ]
    error_description: str


class TokenAnswer(BaseModel):
    """What a client got. A machine gets no `refresh_token`: it asks again."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str
    refresh_token: str | None = Field(None, exclude_if=lambda value: value is None)


class TokenForm(BaseModel):
    """What a client sends for a token; which fields, its `grant_type` says."""

    grant_type: Literal["authorization_code", "refresh_token", "client_credentials"]
    client_id: str | None = Field(None, description="of an app always; of a machine unless it uses HTTP Basic")
    client_secret: str | None = Field(None, description="a machine's key, unless it uses HTTP Basic")
    code: str | None = None
    redirect_uri: str | None = None
    code_verifier: str | None = None
    refresh_token: str | None = None
    scope: str | None = None


class RevocationForm(BaseModel):
    """What a client sends to end a token of its own."""

    token: str
    token_type_hint: str | None = None
    client_id: str | None = Field(None, description="of an app always; of a machine unless it uses HTTP Basic")
    client_secret: str | None = Field(None, description="a machine's key, unless it uses HTTP Basic")
