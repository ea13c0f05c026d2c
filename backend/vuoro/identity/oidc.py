"""OpenID Connect as the relying party: discovery, where to send a browser, the code's exchange, the id token.

Knows no database. Whatever a provider says is checked before it counts; sources: OpenID Connect Core 1.0 §3.1.3.7,
RFC 7636 (PKCE), RFC 9207 (issuer in the answer), RFC 8725 (JWT best practice).
"""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from vuoro.core import clock
from vuoro.core.errors import Fault, Unauthenticated
from vuoro.core.outward import OutwardError, fetch
from vuoro.core.settings import settings
from vuoro.identity.challenges import digest

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
LEEWAY_S = 60
TIMEOUT_S = 6.0
MAX_BYTES = 300_000
KEPT_S = 600
CALLBACK = "/v1/logins/oidc/callback"


class ProviderAway(Fault):
    """The identity provider does not answer."""

    status, code, title = 503, "identity_provider_away", "Your organization's sign-in does not answer"
    text = "Your organization's sign-in does not answer just now. Try again in a moment, or have a code mailed."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "30"})


class ProviderRefused(Unauthenticated):
    """What the provider said is not to be trusted, or it said no; `why` is for the tests and never sent."""

    code, title = "identity_provider_refused", "That sign-in did not work"
    text = "Your organization's sign-in did not confirm who you are. Please try once more."

    def __init__(self, why: str = "") -> None:
        super().__init__()
        self.why = why


@dataclass(frozen=True, slots=True)
class Client:
    """How we are known to a provider."""

    issuer: str
    client_id: str
    client_secret: str | None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider publishes about itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    algorithms: tuple[str, ...]
    token_auth: tuple[str, ...]
    names_itself: bool


@dataclass(frozen=True, slots=True)
class Claims:
    """Who the provider says it was: `email` in lower case and only when the provider verified it."""

    subject: str
    email: str | None
    authenticated_at: datetime | None


_kept: dict[str, tuple[float, Any]] = {}


async def _read(url: str) -> dict[str, Any]:
    try:
        answer = await fetch(
            "GET", url, headers={"accept": "application/json"}, timeout_s=TIMEOUT_S, max_bytes=MAX_BYTES
        )
        found = answer.json() if answer.status == 200 else None
    except OutwardError:
        raise ProviderAway from None
    if not isinstance(found, dict):
        raise ProviderAway
    return found


def _keep(key: str, value: Any) -> None:
    if len(_kept) >= 200:
        _kept.clear()
    _kept[key] = (time.monotonic() + KEPT_S, value)


def _still(key: str) -> Any:
    until, value = _kept.get(key, (0.0, None))
    return value if time.monotonic() < until else None


def _is_endpoint(value: Any) -> bool:
    schemes = ("https",) if settings().secure else ("https", "http")
    return isinstance(value, str) and len(value) < 2000 and urlsplit(value).scheme in schemes


def _texts(value: Any, default: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else default


async def discover(issuer: str, *, anew: bool = False) -> Metadata:
    """What the provider publishes, kept for ten minutes.

    Raises:
        ProviderAway: no usable answer.
        ProviderRefused: it calls itself something else, or lacks an endpoint or an asymmetric algorithm.
    """
    found = None if anew else _still(issuer)
    if isinstance(found, Metadata):
        return found
    document = await _read(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if document.get("issuer") != issuer:
        raise ProviderRefused("the issuer is another one")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if not all(_is_endpoint(document.get(name)) for name in names):
        raise ProviderRefused("an endpoint is missing")
    signing = _texts(document.get("id_token_signing_alg_values_supported"), ("RS256",))
    algorithms = tuple(each for each in signing if each in ALGORITHMS)
    if not algorithms:
        raise ProviderRefused("no asymmetric algorithm")
    userinfo = document.get("userinfo_endpoint")
    metadata = Metadata(
        issuer=issuer,
        authorization_endpoint=document["authorization_endpoint"],
        token_endpoint=document["token_endpoint"],
        jwks_uri=document["jwks_uri"],
        userinfo_endpoint=userinfo if _is_endpoint(userinfo) else None,
        algorithms=algorithms,
        token_auth=_texts(document.get("token_endpoint_auth_methods_supported"), ("client_secret_basic",)),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )
    _keep(issuer, metadata)
    return metadata


async def read_keys(metadata: Metadata, *, anew: bool = False) -> list[dict[str, Any]]:
    """The provider's public keys, kept for ten minutes."""
    found = None if anew else _still(metadata.jwks_uri)
    if isinstance(found, list):
        return found
    keys = (await _read(metadata.jwks_uri)).get("keys")
    if not isinstance(keys, list):
        raise ProviderAway
    usable = [key for key in keys if isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP")]
    usable = [key for key in usable if key.get("use", "sig") == "sig"]
    _keep(metadata.jwks_uri, usable)
    return usable


def redirect_uri() -> str:
    """Where providers send browsers back to."""
    return settings().public_url + CALLBACK


def authorization_url(
    metadata: Metadata, client_id: str, *, state: str, nonce: str, verifier: str, hint: str | None, fresh: bool
) -> str:
    """Where to send the browser."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri(),
        "scope": "openid email",
        "state": state,
        "nonce": nonce,
        "code_challenge": digest(verifier),
        "code_challenge_method": "S256",
    }
    if hint:
        asked["login_hint"] = hint
    if fresh:
        asked |= {"prompt": "login", "max_age": "0"}
    mark = "&" if urlsplit(metadata.authorization_endpoint).query else "?"
    return f"{metadata.authorization_endpoint}{mark}{urlencode(asked)}"


async def exchange(metadata: Metadata, client: Client, code: str, verifier: str, nonce: str) -> Claims:
    """Turn a code into who it was.

    Raises:
        ProviderAway: no usable answer.
        ProviderRefused: the code, the token or a claim does not hold.
    """
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(),
        "client_id": client.client_id,
        "code_verifier": verifier,
    }
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    if client.client_secret is not None and "client_secret_basic" in metadata.token_auth:
        pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
        headers["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        del body["client_id"]
    elif client.client_secret is not None:
        body["client_secret"] = client.client_secret
    try:
        answer = await fetch(
            "POST", metadata.token_endpoint, headers=headers, body=urlencode(body).encode(), timeout_s=TIMEOUT_S,
            max_bytes=MAX_BYTES,
        )  # fmt: skip
        tokens = answer.json() if answer.status == 200 else None
    except OutwardError:
        raise ProviderAway from None
    if not isinstance(tokens, dict) or not isinstance(tokens.get("id_token"), str):
        raise ProviderRefused("no id token")
    claims = await _verified(metadata, tokens["id_token"])
    _check(claims, client, nonce)
    if "email" not in claims and metadata.userinfo_endpoint and isinstance(tokens.get("access_token"), str):
        told = await _userinfo(metadata.userinfo_endpoint, tokens["access_token"])
        if told.get("sub") != claims["sub"]:
            raise ProviderRefused("the user information is about somebody else")
        claims |= {name: told[name] for name in ("email", "email_verified") if name in told}
    mail, at = claims.get("email"), claims.get("auth_time")
    vouched = claims.get("email_verified") is True
    return Claims(
        subject=claims["sub"],
        email=mail.strip().lower() if vouched and isinstance(mail, str) and _is_plain(mail) else None,
        authenticated_at=datetime.fromtimestamp(float(at), UTC) if at is not None and _is_time(at) else None,
    )


async def _userinfo(url: str, token: str) -> dict[str, Any]:
    try:
        answer = await fetch(
            "GET", url, headers={"authorization": f"Bearer {token}"}, timeout_s=TIMEOUT_S, max_bytes=MAX_BYTES
        )
        found = answer.json() if answer.status == 200 else None
    except (OutwardError, ValueError):
        raise ProviderAway from None
    return found if isinstance(found, dict) else {}


async def _verified(metadata: Metadata, token: str) -> dict[str, Any]:
    """The claims of a token that one of the provider's own keys signed."""
    header = _header(token)
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in metadata.algorithms or algorithm not in ALGORITHMS:
        raise ProviderRefused(f"algorithm {algorithm!r}")
    key = _choose(await read_keys(metadata), kid) or _choose(await read_keys(metadata, anew=True), kid)
    if key is None:
        raise ProviderRefused("no such key")
    if key.get("alg", algorithm) != algorithm:
        raise ProviderRefused("the key is for another algorithm")
    from joserfc import jwk, jwt  # noqa: PLC0415 - not every start meets an identity provider

    try:
        return dict(jwt.decode(token, jwk.import_key(key), algorithms=[str(algorithm)]).claims)
    except Exception as error:  # of a library that reads somebody else's bytes
        raise ProviderRefused(f"the signature: {error}") from error


def _header(token: str) -> Mapping[str, Any]:
    parts = token.split(".")
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)))
    except (ValueError, RecursionError):
        found = None
    if len(parts) != 3 or not isinstance(found, dict):
        raise ProviderRefused("not a signed token")
    return found


def _choose(keys: list[dict[str, Any]], kid: Any) -> dict[str, Any] | None:
    fitting = keys if kid is None else [key for key in keys if key.get("kid") == kid]
    return fitting[0] if len(fitting) == 1 else None


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**11


def _is_plain(value: str) -> bool:
    return 0 < len(value) <= 255 and value.isascii() and value.isprintable()


def _check(claims: dict[str, Any], client: Client, nonce: str) -> None:
    now = clock.now().timestamp()
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    subject = claims.get("sub")
    times = [claims.get(name) for name in ("exp", "iat")] + [claims.get("nbf", now)]
    if claims.get("iss") != client.issuer:
        raise ProviderRefused("another issuer")
    if client.client_id not in audiences:
        raise ProviderRefused("for another client")
    if claims.get("azp", client.client_id) != client.client_id or (len(audiences) > 1 and "azp" not in claims):
        raise ProviderRefused("given to another client")
    if not all(_is_time(value) for value in times):
        raise ProviderRefused("no times")
    expires, issued, valid_from = (float(value) for value in times if value is not None)
    if expires <= now - LEEWAY_S or issued > now + LEEWAY_S or valid_from > now + LEEWAY_S:
        raise ProviderRefused("not now")
    if claims.get("nonce") != nonce:
        raise ProviderRefused("for another sign-in")
    if not isinstance(subject, str) or not _is_plain(subject):
        raise ProviderRefused("about nobody")
