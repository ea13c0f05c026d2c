"""An identity provider of our own that can lie in every way: honest until a test says otherwise."""

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes, hmac
from joserfc import jwk, jwt


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


class Hostile:
    """A server on loopback. What it says of itself, its keys, the token and its answers are plain attributes."""

    def __init__(self) -> None:
        self.issuer = ""
        self.metadata: dict[str, Any] = {}
        self.key = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
        self.claims: dict[str, Any] = {"email": "noa.virtanen@nordlys.example", "email_verified": True, "sub": "noa"}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.signer: Any = self.key
        self.userinfo: dict[str, Any] = {}
        self.token: str | None = None  # in place of what would be signed
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}  # by path, in place of the honest ones
        self.hangs: set[str] = set()
        self.codes: dict[str, dict[str, str]] = {}  # what was asked for, by code
        self.asked: list[tuple[str, dict[str, str]]] = []  # (path, form)

    def listen(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.metadata = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/me",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "authorization_response_iss_parameter_supported": True,
        }

    def visit(self, url: str) -> dict[str, str]:
        """A person says yes at the authorization address; the parameters of the way back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def id_token(self, asked: dict[str, str]) -> str:
        """What the code is worth."""
        now = int(time.time())
        usual = {
            "iss": self.issuer, "aud": asked["client_id"], "nonce": asked["nonce"], "iat": now, "exp": now + 300,
            "auth_time": now,
        }  # fmt: skip
        claims = {name: value for name, value in {**usual, **self.claims}.items() if value is not ...}
        header = {name: value for name, value in self.header.items() if value is not ...}
        if header["alg"] in ("none", "HS256"):
            return self._forged(header, claims)
        return jwt.encode(header, claims, self.signer, algorithms=[header["alg"]])

    def _forged(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        body = ".".join(b64(json.dumps(part).encode()) for part in (header, claims))
        if header["alg"] == "none":
            return f"{body}."
        mac = hmac.HMAC(self.key.as_pem(private=False), hashes.SHA256())
        mac.update(body.encode())
        return f"{body}.{b64(mac.finalize())}"

    def _answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        self.asked.append((path, form))
        if path in self.answers:
            return self.answers[path]
        body: Any = {}
        if path == "/.well-known/openid-configuration":
            body = self.metadata
        elif path == "/jwks":
            body = {"keys": [self.key.as_dict(private=False)]}
        elif path == "/me":
            body = self.userinfo
        elif path == "/token":
            asked = self.codes.pop(form.get("code", ""), None)
            digest = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
            if asked is None or digest != asked["code_challenge"]:
                return 400, {}, b'{"error": "invalid_grant"}'
            body = {"access_token": "a", "token_type": "Bearer", "id_token": self.token or self.id_token(asked)}
        return 200, {}, json.dumps(body).encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = head.split("\r\n")
            length = next((int(line[15:]) for line in lines if line.lower().startswith("content-length:")), 0)
            form = parse_qs((await reader.readexactly(length)).decode())
            path = urlsplit(lines[0].split(" ")[1]).path
            if path in self.hangs:
                await reader.read()  # until the other side gives up
                return
            status, headers, body = self._answer(path, {name: values[0] for name, values in form.items()})
            whole = {"content-type": "application/json", "content-length": str(len(body)), "connection": "close"}
            told = "".join(f"{name}: {value}\r\n" for name, value in {**whole, **headers}.items())
            writer.write(f"HTTP/1.1 {status} x\r\n{told}\r\n".encode() + body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def hostile() -> AsyncIterator[Hostile]:
    """The provider, listening on a free port."""
    provider = Hostile()
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    provider.listen(server.sockets[0].getsockname()[1])
    async with server:
        yield provider
