"""Ways to sign in on the wire: mail, passkeys, the organization's own sign-in; and where somebody is signed in."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, WithJsonSchema

from vuoro.core.actor import Method
from vuoro.core.fields import LINE
from vuoro.core.wire import Can, Email, In, Moment, Out

Name = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=LINE)]
# Bytes as base64url without padding, the way browsers write them as JSON.
Bytes = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"^[A-Za-z0-9_-]+$")]
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
Domain = Annotated[
    str,
    StringConstraints(
        pattern=rf"^({_LABEL}\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]$", max_length=190, to_lower=True,
        strip_whitespace=True,
    ),
]  # fmt: skip
Path = Annotated[str, StringConstraints(max_length=1000, pattern=r"^/($|[^/\\\x00-\x20\x7f][^\\\x00-\x20\x7f]*$)")]


class LoginIn(In):
    """The mail address that wants to sign in."""

    email: Email


class LoginAsked(Out):
    """The same answer for known and unknown addresses."""

    sent: Literal[True]


class RedeemIn(In):
    """The one-time token of a sign-in link; `elsewhere` says yes to a browser that did not ask for it."""

    token: Annotated[str, Field(min_length=20, max_length=200)]
    elsewhere: bool = False


class CodeIn(In):
    """The eight digits of the mail."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]


class LoginOut(Out):
    """A sign-in began; the cookie came with it."""

    person_id: UUID
    expires_at: Moment


class OidcIn(In):
    """Who wants to sign in at their organization: a mail address or the organization's slug."""

    email: Email | None = None
    organization: Annotated[str, StringConstraints(max_length=80)] | None = None
    next: Path = Field("/", description="the page to open afterwards")
    fresh: bool = Field(False, description="ask the person again, even where the provider still knows them")


class OidcOut(Out):
    """Where to go; both null where the address's domain has no sign-in of its own, whoever the address is."""

    label: str | None
    authorization_url: str | None


def _shape(*, needed: tuple[str, ...] = (), **fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, **({"required": list(needed)} if needed else {})}


_TEXT: dict[str, Any] = {"type": "string"}
_KEYS = {
    "type": "array",
    "items": _shape(
        needed=("id", "type"), id=_TEXT, type=_TEXT, transports={"type": "array", "items": {"type": "string"}}
    ),
}
# WebAuthn's own names: PublicKeyCredentialCreationOptionsJSON and PublicKeyCredentialRequestOptionsJSON in one.
PUBLIC_KEY = _shape(
    needed=("challenge",), challenge=_TEXT, timeout={"type": "integer"}, rpId=_TEXT, userVerification=_TEXT,
    rp=_shape(id=_TEXT, name=_TEXT), user=_shape(id=_TEXT, name=_TEXT, displayName=_TEXT), attestation=_TEXT,
    pubKeyCredParams={"type": "array", "items": _shape(type=_TEXT, alg={"type": "integer"})},
    excludeCredentials=_KEYS, allowCredentials=_KEYS,
    authenticatorSelection=_shape(
        authenticatorAttachment=_TEXT, residentKey=_TEXT, requireResidentKey={"type": "boolean"},
        userVerification=_TEXT,
    ),
    hints={"type": "array", "items": {"type": "string"}},
    extensions=_shape(credProps={"type": "boolean"}),
)  # fmt: skip


class PasskeyOptions(Out):
    """What the browser's `navigator.credentials` takes as `publicKey` (WebAuthn's JSON)."""

    public_key: Annotated[dict[str, Any], WithJsonSchema(PUBLIC_KEY)]


class NewPasskey(In):
    """What the browser made; bytes as base64url."""

    name: Name
    id: Bytes
    client_data_json: Bytes
    attestation_object: Bytes


class PasskeyProof(In):
    """What the browser signed; bytes as base64url."""

    id: Bytes
    client_data_json: Bytes
    authenticator_data: Bytes
    signature: Bytes
    user_handle: Bytes | None = None


class PasskeyPatch(In):
    """What of a passkey changes."""

    name: Name = ""


class PasskeyOut(Out):
    """One of the caller's passkeys."""

    id: UUID
    name: str
    created_at: Moment
    used_on: date | None
    version: int
    can: Can


class PasskeyPage(Out):
    """One page of passkeys."""

    items: list[PasskeyOut]
    next_cursor: str | None


class MyLogin(Out):
    """A browser or phone where the caller is signed in; days, never moments, of its use."""

    id: UUID
    began_at: Moment
    used_on: date
    method: Method
    device: str | None
    current: bool
    can: Can


class MyLoginPage(Out):
    """One page of sign-ins."""

    items: list[MyLogin]
    next_cursor: str | None
    has_account: bool = Field(description="whether an account of the organization's provider signs the caller in")


class ProviderIn(In):
    """How an organization's people sign in by OpenID Connect."""

    issuer: Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s?#@]+$")]
    client_id: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=LINE)]
    client_secret: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=LINE)] | None = Field(
        None, description="left out: as it was, unless the issuer changes"
    )
    mail_domains: list[Domain] = Field(min_length=1, max_length=50)
    label: Name


class ProviderOut(Out):
    """The organization's identity provider; its secret is never shown."""

    issuer: str
    client_id: str
    has_client_secret: bool
    mail_domains: list[str]
    label: str
    redirect_uri: str
    version: int
    created_at: Moment
    updated_at: Moment
    can: Can


class ProviderCheckIn(In):
    """The issuer to try."""

    issuer: Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s?#@]+$")]


class ProviderCheck(Out):
    """What the provider says about itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    algorithms: list[str]
    keys: int
