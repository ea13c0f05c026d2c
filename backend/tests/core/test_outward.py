"""Calls to others go to public https addresses, whatever a name, a redirect or a resolver says."""

import ast
import asyncio
import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from support import server

import vuoro
from vuoro.core import outward
from vuoro.core.outward import OutwardFailed, OutwardRefused, fetch, is_open
from vuoro.core.settings import SettingsError, settings

CLOSED = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.254", "192.168.1.1", "100.64.0.1",
    "100.100.100.200", "169.254.169.254", "192.0.0.1", "192.0.0.170", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:101::1", "2001::1", "2001:0:7f00:1::", "2001:20::1",
    "2001:db8::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "2a00:1450::1%eth0", "fec0::1",
    "ff02::1", "100::1", "5f00::1", "4000::1", "localhost", "", "8.8.8", "0x7f000001",
]  # fmt: skip
OPEN = ["1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.1", "192.0.1.1", "100.63.255.255", "2606:4700::1111"]
NO_ADDRESS = [
    "", "example.com", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "https://", "https:///x",
    "http://example.com/", "gopher://example.com/", "https://user:word@example.com/", "https://user@example.com/",
    "https://exa mple.com/", "https://example.com:99999/", "https://[::1/", "https://example.com/\r\nHost: x",
    "javascript:alert(1)",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_an_address_of_an_inner_network_is_closed(address):
    assert not is_open(address)


@pytest.mark.parametrize("address", OPEN)
def test_a_public_address_is_open(address):
    assert is_open(address)


def test_the_standard_library_alone_would_let_some_through():
    let_through = {address for address in CLOSED[:-4] if ipaddress.ip_address(address.partition("%")[0]).is_global}
    assert let_through >= {"192.88.99.1", "2002:7f00:1::", "2002:c0a8:101::1", "64:ff9b::7f00:1", "168.63.129.16"}


@pytest.fixture(autouse=True)
def plain():
    """Settings without an exception, and without a database."""
    with server.environment({}):
        yield


@pytest.fixture
def allow(monkeypatch):
    def more(*places: str) -> None:
        monkeypatch.setenv("VUORO_OUTWARD_ALLOW", ",".join(places))
        settings.cache_clear()

    return more


class Peer:
    """A server on loopback that keeps what it was sent and says what the test wants."""

    def __init__(self, answer: bytes | None) -> None:
        self.answer, self.requests, self.connections = answer, [], 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.decode().split("\r\n")
            fields = dict(line.split(": ", 1) for line in lines[1:] if line)
            named = {name.lower(): value for name, value in fields.items()}
            self.requests.append((lines[0], named, await reader.readexactly(int(named.get("content-length", 0)))))
            if self.answer is None:
                await reader.read()  # until the caller gives up
            else:
                writer.write(self.answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def said(body: bytes = b"{}", status: str = "200 OK", **headers: str) -> bytes:
    fields = {"Content-Length": str(len(body)), "Connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


@pytest.fixture
async def peer():
    """`await peer(answer)` starts one and answers it and its port."""
    servers = []

    async def start(answer: bytes | None, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None):
        own = Peer(answer)
        listening = await asyncio.start_server(own, host, port, ssl=tls)
        servers.append(listening)
        return own, listening.sockets[0].getsockname()[1]

    yield start
    for listening in servers:
        listening.close()
        await listening.wait_closed()


@pytest.fixture
def resolver(monkeypatch):
    """The machine's resolver, which says something else each time it is asked."""
    asked = []

    def use(*answers: str) -> list[str]:
        def getaddrinfo(host, port, *_, **__):
            address = answers[min(len(asked), len(answers) - 1)]
            asked.append(host)
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            return [(family, socket.SOCK_STREAM, 6, "", (part, port)) for part in address.split()]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return use


@pytest.mark.parametrize("url", NO_ADDRESS)
async def test_what_is_no_https_address_is_refused_at_sight(url):
    with pytest.raises(OutwardRefused):
        outward.check(url)
    with pytest.raises(OutwardRefused):
        await fetch("GET", url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0", "[::]"]
)
async def test_no_spelling_of_this_machine_gets_a_connection(peer, host):
    own, port = await peer(said())
    with pytest.raises((OutwardRefused, OutwardFailed)):
        await fetch("GET", f"https://{host}:{port}/")
    assert own.connections == 0


@pytest.mark.parametrize("address", CLOSED[: CLOSED.index("localhost")])
async def test_a_name_that_leads_to_an_inner_network_is_refused(resolver, address):
    resolver(address)
    with pytest.raises(OutwardRefused, match="leads into an inner network"):
        await fetch("GET", "https://harmless.example/")


async def test_one_inner_address_among_public_ones_refuses_them_all(resolver):
    resolver("8.8.8.8 10.0.0.1")
    with pytest.raises(OutwardRefused):
        await fetch("GET", "https://harmless.example/")


async def test_a_resolver_that_changes_its_mind_is_asked_once(peer, resolver, allow):
    own, port = await peer(said(b'{"who": "first"}'))
    inner, _ = await peer(said(b'{"who": "second"}'), host="127.0.0.2", port=port)
    allow(f"rebinding.example:{port}")
    asked = resolver("127.0.0.1", "127.0.0.2")
    answer = await fetch("GET", f"http://rebinding.example:{port}/")
    assert answer.json() == {"who": "first"}
    assert asked == ["rebinding.example"]
    assert (own.connections, inner.connections) == (1, 0)


async def test_an_allowed_place_is_called_by_its_name(peer, allow):
    own, port = await peer(said(b"[1]", ETag='"a"'))
    allow("other.example:1", f"LOCALHOST:{port}")
    answer = await fetch("POST", f"http://localhost:{port}/hook?x=1", headers={"X-Sign": "s"}, body=b"hello")
    assert (answer.status, answer.json(), answer.headers["etag"]) == (200, [1], '"a"')
    ((line, headers, body),) = own.requests
    assert (line, body) == ("POST /hook?x=1 HTTP/1.1", b"hello")
    assert headers["host"] == f"localhost:{port}"
    assert (headers["x-sign"], headers["accept-encoding"]) == ("s", "identity")
    assert headers["user-agent"].startswith("Vuoro/")


async def test_what_is_allowed_is_the_port_too(peer, allow):
    own, port = await peer(said())
    allow("localhost:1")
    with pytest.raises(OutwardRefused):
        await fetch("GET", f"https://localhost:{port}/")
    assert own.connections == 0


async def test_a_caller_cannot_change_the_host_that_is_asked_for(peer, allow):
    own, port = await peer(said())
    allow(f"localhost:{port}")
    await fetch("GET", f"http://localhost:{port}/", headers={"Host": "inner.example"})
    assert own.requests[0][1]["host"] == f"localhost:{port}"


async def test_a_proxy_of_the_environment_is_not_used(peer, allow, monkeypatch):
    proxy, proxy_port = await peer(said(b"proxy"))
    _, port = await peer(said(b"peer"))
    allow(f"localhost:{port}")
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy_port}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy_port}")
    assert (await fetch("GET", f"http://localhost:{port}/")).body == b"peer"
    assert proxy.connections == 0


class TestRedirects:
    async def test_a_redirect_is_an_answer_unless_it_may_be_followed(self, peer, allow):
        own, port = await peer(said(status="302 Found", Location="/next"))
        allow(f"localhost:{port}")
        answer = await fetch("GET", f"http://localhost:{port}/")
        assert (answer.status, answer.headers["location"], own.connections) == (302, "/next", 1)

    @pytest.mark.parametrize("where", ["https://127.0.0.1:{port}/", "https://169.254.169.254/", "http://8.8.8.8/"])
    async def test_each_is_checked_like_the_first(self, peer, allow, where):
        inner, inner_port = await peer(said(b"secret"))
        own, port = await peer(said(status="302 Found", Location=where.format(port=inner_port)))
        allow(f"localhost:{port}")
        with pytest.raises(OutwardRefused):
            await fetch("GET", f"http://localhost:{port}/", redirects=3)
        assert (own.connections, inner.connections) == (1, 0)

    async def test_they_end(self, peer, allow):
        own, port = await peer(said(status="302 Found", Location="/again"))
        allow(f"localhost:{port}")
        assert (await fetch("GET", f"http://localhost:{port}/", redirects=3)).status == 302
        assert own.connections == 4

    async def test_what_proves_who_we_are_stays_at_its_origin(self, peer, allow):
        other, other_port = await peer(said(b"there"))
        own, port = await peer(said(status="307 Temporary Redirect", Location=f"http://localhost:{other_port}/"))
        allow(f"localhost:{port}", f"localhost:{other_port}")
        headers = {"Authorization": "Bearer secret", "Cookie": "a=b", "Accept": "application/json"}
        answer = await fetch("GET", f"http://localhost:{port}/", headers=headers, redirects=1)
        assert (answer.body, answer.url) == (b"there", f"http://localhost:{other_port}/")
        assert own.requests[0][1]["authorization"] == "Bearer secret"
        assert {"authorization", "cookie"}.isdisjoint(other.requests[0][1])
        assert other.requests[0][1]["accept"] == "application/json"

    async def test_a_post_is_never_sent_on(self, peer, allow):
        own, port = await peer(said(status="307 Temporary Redirect", Location="/next"))
        allow(f"localhost:{port}")
        assert (await fetch("POST", f"http://localhost:{port}/", body=b"x", redirects=3)).status == 307
        assert own.connections == 1


class TestLimits:
    async def test_an_answer_that_does_not_come_is_waited_for_in_vain_for_so_long(self, peer, allow):
        _, port = await peer(None)
        allow(f"localhost:{port}")
        with pytest.raises(OutwardFailed, match=r"within 0\.1 s"):
            await fetch("GET", f"http://localhost:{port}/", timeout_s=0.1)

    async def test_an_answer_is_read_up_to_its_limit(self, peer, allow):
        _, port = await peer(said(b"x" * 1000))
        allow(f"localhost:{port}")
        assert len((await fetch("GET", f"http://localhost:{port}/", max_bytes=1000)).body) == 1000
        with pytest.raises(OutwardFailed, match="more than 999 bytes"):
            await fetch("GET", f"http://localhost:{port}/", max_bytes=999)

    async def test_a_compressed_answer_is_refused(self, peer, allow):
        _, port = await peer(said(b"\x1f\x8b", Content_Encoding="gzip"))
        allow(f"localhost:{port}")
        with pytest.raises(OutwardFailed, match="compressed"):
            await fetch("GET", f"http://localhost:{port}/")

    @pytest.mark.parametrize("answer", [b"hello\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"])
    async def test_what_is_no_http_is_a_failure(self, peer, allow, answer):
        _, port = await peer(answer)
        allow(f"localhost:{port}")
        with pytest.raises(OutwardFailed):
            await fetch("GET", f"http://localhost:{port}/")

    async def test_what_is_no_json_is_a_failure(self, peer, allow):
        _, port = await peer(said(b"[" * 100_000))
        allow(f"localhost:{port}")
        with pytest.raises(OutwardFailed, match="no JSON"):
            (await fetch("GET", f"http://localhost:{port}/")).json()

    async def test_nobody_there_is_a_failure(self, allow):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
        allow(f"localhost:{port}")
        with pytest.raises(OutwardFailed, match="cannot be reached"):
            await fetch("GET", f"http://localhost:{port}/")

    async def test_a_name_nobody_knows_is_a_failure(self):
        with pytest.raises(OutwardFailed, match="not known"):
            await fetch("GET", "https://nobody.invalid/")


class TestCertificates:
    @pytest.fixture
    def tls(self, tmp_path, monkeypatch):
        """A server's certificate for inner.example, of an authority that this process trusts."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "inner.example")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("inner.example")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        plain = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (tmp_path / "both.pem").write_bytes(plain + pem)
        (tmp_path / "authority.pem").write_bytes(pem)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        outward._trust.cache_clear()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "both.pem")
        yield context
        outward._trust.cache_clear()

    async def test_the_certificate_is_the_names_not_the_addresss(self, peer, allow, resolver, tls):
        own, port = await peer(said(b"sealed"), tls=tls)
        allow(f"inner.example:{port}", f"another.example:{port}")
        resolver("127.0.0.1")
        assert (await fetch("GET", f"https://inner.example:{port}/")).body == b"sealed"
        with pytest.raises(OutwardFailed, match="cannot be reached"):
            await fetch("GET", f"https://another.example:{port}/")
        assert len(own.requests) == 1


@pytest.mark.parametrize("value", ["idp.example", "https://idp.example:443", "idp.example:0", "idp.example:x", ":443"])
async def test_a_place_without_its_port_is_a_fault_of_the_settings(allow, value):
    allow(value)
    with pytest.raises(SettingsError, match=r"VUORO_OUTWARD_ALLOW: .*host:port"):
        settings()


#: What opens a connection by itself; `httpx` and `asyncpg` are looked for by name, the rest by what is called.
CLIENTS = {
    "httpx", "urllib.request", "urllib3", "http.client", "aiohttp", "requests", "ftplib", "telnetlib", "xmlrpc.client",
    "socket.create_connection", "asyncio.open_connection", "create_connection", "open_connection",
}  # fmt: skip


def calls_out(source: str) -> set[str]:
    """The clients that a module imports or calls."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Attribute):
            names |= {ast.unparse(node), node.attr}
    return {name for name in names if any(f"{name}.".startswith(f"{client}.") for client in CLIENTS)}


def test_nothing_else_of_the_product_speaks_http_by_itself():
    """A second way out would be one without the check."""
    folder = Path(vuoro.__file__).parent
    users = {path.relative_to(folder).as_posix() for path in folder.rglob("*.py") if calls_out(path.read_text("utf-8"))}
    assert users == {"core/outward.py", "local/demo.py"}  # the demo asks itself whether it is ready


@pytest.mark.parametrize(
    "source",
    [
        "import httpx", "from httpx import AsyncClient", "import urllib.request", "from urllib import request",
        "from http import client", "import http.client as c", "import requests", "import aiohttp.client",
        "import socket\nsocket.create_connection(('a', 1))", "import asyncio\nasyncio.open_connection('a', 1)",
        "async def f(loop):\n    await asyncio.get_running_loop().create_connection(x)",
    ],
)  # fmt: skip
def test_a_second_way_out_is_noticed(source):
    assert calls_out(source)
