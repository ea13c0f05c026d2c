"""Where an app gets its answer: which addresses may be registered, and which one a request may name."""

import re
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

_PLAIN = re.compile(r"[!-~]+")
_SCHEME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")
LOOPBACK = ("127.0.0.1", "[::1]")


def _host(uri: str) -> str:
    """The host as written, without a port."""
    return re.sub(r":\d*$", "", urlsplit(uri).netloc)


def is_loopback(uri: str) -> bool:
    """Whether a program on the person's own machine listens there."""
    return uri.startswith("http://") and _host(uri) in LOOPBACK


def _redirect_uri(value: str) -> str:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if not _PLAIN.fullmatch(value) or re.search(r'[#*"<>\\^`{|}]', value) or "@" in parts.netloc:
        good = False
    elif parts.scheme == "https":
        good = value.startswith("https://") and "." in (parts.hostname or "")
    elif parts.scheme == "http":
        good = is_loopback(value)
    else:
        good = bool(_SCHEME.fullmatch(value.partition(":")[0])) and bool(parts.path or parts.netloc)
    if not good:
        raise PydanticCustomError(
            "bad_redirect_uri",
            "takes https://…, a scheme in reverse-domain form (com.example.app:/…), or http://127.0.0.1/… for programs;"
            " without wildcard, fragment or user name",
        )
    return value


RedirectUri = Annotated[str, StringConstraints(max_length=500), AfterValidator(_redirect_uri)]


def is_registered(uri: str, registered: list[str]) -> bool:
    """Whether a request may name this address: exactly a registered one; a loopback address with any port."""
    if uri in registered:
        return True
    return is_loopback(uri) and _portless(uri) in {_portless(known) for known in registered if is_loopback(known)}


def _portless(uri: str) -> str:
    parts = urlsplit(uri)
    return parts._replace(netloc=_host(uri)).geturl()


def proves_the_app(uri: str) -> bool:
    """Whether only the app itself gets what is sent there: an app link is claimed by proof, a scheme by anybody."""
    return uri.startswith("https://")


def with_answer(uri: str, **answer: str | None) -> str:
    """The address with the answer's parameters, those that are None left out."""
    query = urlencode({name: value for name, value in answer.items() if value is not None})
    return f"{uri}{'&' if '?' in uri else '?'}{query}"
