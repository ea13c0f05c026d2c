"""The one way out by HTTP: to addresses that were looked at first, and to no machine of our own network.

An identity provider's or a webhook's address is chosen by an organization's admin, who must not reach with it what
only this server can reach. The name is resolved once and the connection goes to the address that was checked.
"""

import asyncio
import json
import re
import socket
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from ssl import SSLContext
from typing import Any
from urllib.parse import urljoin

import httpx

from vuoro import __version__
from vuoro.core.settings import settings

# Python's is_global calls 192.0.0.192 (metadata of a cloud), 192.88.99.0/24 and 6to4 to private hosts public.
CLOSED_V4 = [
    ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a cloud's own agent, at a public address
    )
]  # fmt: skip
# Of IPv6 only global unicast is open: mapped, NAT64, unique local, link-local and multicast stand outside it.
OPEN_V6 = ip_network("2000::/3")
CLOSED_V6 = [
    ip_network(network)
    for network in (
        "2001::/23",  # Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",
        "3fff::/20",
    )
]
FOLLOWED = (301, 302, 303, 307, 308)
_HOST = re.compile(r"^[A-Za-z0-9.:_-]+$")
SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization")


class OutwardError(Exception):
    """No answer came; the message is one English sentence without secrets."""


class OutwardRefused(OutwardError):
    """The address is none that this server calls: nothing was sent."""


class OutwardFailed(OutwardError):
    """The other side did not answer in time, within the size, or at all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said; `url` is where it was said, after redirects."""

    status: int
    headers: httpx.Headers
    body: bytes
    url: str

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            OutwardFailed: it is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise OutwardFailed("The answer is no JSON.") from None


def is_open(address: str) -> bool:
    """Whether an IP address is one of the public internet, with nothing of an inner network behind it."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in CLOSED_V4)
    assert isinstance(ip, IPv6Address)
    return ip.scope_id is None and ip in OPEN_V6 and not any(ip in network for network in CLOSED_V6)


async def fetch(
    method: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
    timeout_s: float = 10,
    max_bytes: int = 1_000_000,
    redirects: int = 0,
) -> Answer:
    """Send one request by https; hosts of VUORO_OUTWARD_ALLOW may be private and speak plain http.

    Args:
        method: as GET or POST.
        url: absolute, without a name and password.
        headers: what goes along; Authorization and cookies stay behind when a redirect leaves the origin.
        body: bytes to send.
        timeout_s: for everything together, look-up and redirects included.
        max_bytes: of the answer's body.
        redirects: how many GET or HEAD follows, each checked like the first; else a redirect is the answer.

    Raises:
        OutwardRefused: an address that is not called; nothing was sent there.
        OutwardFailed: no answer, or none within time and size.
    """
    sent = httpx.Headers({"user-agent": f"Vuoro/{__version__}", **(headers or {}), "accept-encoding": "identity"})
    try:
        async with asyncio.timeout(timeout_s):
            while True:
                answer = await _one(method, url, sent, body, max_bytes)
                where = answer.headers.get("location")
                if method not in ("GET", "HEAD") or answer.status not in FOLLOWED or not where or redirects < 1:
                    return answer
                redirects -= 1
                target = _parsed(urljoin(url, where))
                if _origin(target) != _origin(_parsed(url)):
                    sent = httpx.Headers([(name, value) for name, value in sent.items() if name not in SECRET_HEADERS])
                url = str(target)
    except TimeoutError:
        raise OutwardFailed(f"There was no whole answer within {timeout_s:g} s.") from None


def check(url: str) -> None:
    """Refuse what can be seen to be wrong without looking anything up: for forms that take such an address.

    Raises:
        OutwardRefused: no https, a name and password in it, or an address of an inner network.
    """
    target = _parsed(url)
    if _is_literal(target.host) and not _is_allowed(target) and not is_open(target.host):
        raise OutwardRefused(f"{target.host} is an address of an inner network.")


async def _one(method: str, url: str, headers: httpx.Headers, body: bytes | None, max_bytes: int) -> Answer:
    target = _parsed(url)
    fault: Exception | None = None
    for address in await _addresses(target):
        try:
            return await _from(address, target, method, headers, body, max_bytes)
        except httpx.ConnectError as error:  # the next address may answer: nothing was sent yet
            fault = error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise OutwardFailed(f"{target.host} did not answer as HTTP does ({type(error).__name__}).") from error
    raise OutwardFailed(f"{target.host} cannot be reached.") from fault


async def _from(
    address: str, target: httpx.URL, method: str, headers: httpx.Headers, body: bytes | None, max_bytes: int
) -> Answer:
    """The answer of one checked address, which is asked by the name that was looked up."""
    transport = httpx.AsyncHTTPTransport(verify=_trust(), http2=False, retries=0)
    request = httpx.Request(
        method, target.copy_with(host=address, fragment=None), content=body,
        headers=httpx.Headers([("host", target.netloc.decode("ascii")), *_without(headers, "host")]),
        # The certificate must be the name's, not the address's; the outer timeout is the one that counts.
        extensions={"sni_hostname": target.raw_host.decode("ascii"), "timeout": {}},
    )  # fmt: skip
    async with transport:
        answer = await transport.handle_async_request(request)
        try:
            if answer.headers.get("content-encoding", "identity").lower() != "identity":
                raise OutwardFailed(f"{target.host} sent a compressed answer, which nobody asked for.")
            taken = bytearray()
            async for part in answer.aiter_raw():
                taken += part
                if len(taken) > max_bytes:
                    raise OutwardFailed(f"{target.host} sent more than {max_bytes} bytes.")
        finally:
            await answer.aclose()
    return Answer(answer.status_code, answer.headers, bytes(taken), str(target))


def _without(headers: httpx.Headers, *names: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers.multi_items() if name not in names]


def _parsed(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, TypeError):
        raise OutwardRefused("That is no address of the web.") from None
    known = target.scheme in ("https", "http") and _HOST.match(target.raw_host.decode("ascii"))
    if not known or not 0 < _port(target) < 65536:
        raise OutwardRefused("That is no address of the web.")
    if target.userinfo:
        raise OutwardRefused("The address carries a name or password, which would end up in logs.")
    if target.scheme == "http" and not _is_allowed(target):
        raise OutwardRefused("Only https addresses are called.")
    return target


def _port(target: httpx.URL) -> int:
    return target.port if target.port is not None else (443 if target.scheme == "https" else 80)


def _origin(target: httpx.URL) -> tuple[str, str, int]:
    return target.scheme, target.host, _port(target)


def _is_allowed(target: httpx.URL) -> bool:
    return (target.host.lower(), _port(target)) in settings().outward_allowed


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _addresses(target: httpx.URL) -> list[str]:
    """Where a name leads; OutwardRefused when one of its addresses is none to call, so that order decides nothing."""
    try:
        found = await asyncio.to_thread(
            socket.getaddrinfo, target.raw_host.decode("ascii"), _port(target), type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError):
        raise OutwardFailed(f"{target.host} is not known.") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not _is_allowed(target) and not all(is_open(address) for address in addresses):
        raise OutwardRefused(f"{target.host} leads into an inner network.")
    return addresses


@lru_cache
def _trust() -> SSLContext:
    return httpx.create_ssl_context()
