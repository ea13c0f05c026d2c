"""A device with passkeys, in software: makes keys and signs what a browser would, rightly or wrongly as asked."""

import base64
import hashlib
import json
import os
from typing import Any

import cbor2
import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def unb64(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


class Authenticator:
    """Holds one key. `origin`, `party`, `flags` and `count` are what it tells the site."""

    def __init__(self, *, origin: str = "http://127.0.0.1:8000", party: str = "127.0.0.1") -> None:
        self.origin, self.party = origin, party
        self.id = os.urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.flags, self.count = PRESENT | VERIFIED, 0
        self.user = b""

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _data(self, flags: int, more: bytes = b"") -> bytes:
        return hashlib.sha256(self.party.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big") + more

    def make(self, options: dict[str, Any], name: str = "Phone") -> dict[str, Any]:
        """The answer to `navigator.credentials.create`."""
        self.user = unb64(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        whole = {"fmt": "none", "attStmt": {}, "authData": self._data(self.flags | ATTESTED, attested)}
        return {
            "name": name,
            "id": b64(self.id),
            "client_data_json": b64(self._client_data("webauthn.create", options["challenge"])),
            "attestation_object": b64(cbor2.dumps(whole)),
        }

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`."""
        self.count += 1
        client, data = self._client_data("webauthn.get", options["challenge"]), self._data(self.flags)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return {
            "id": b64(self.id),
            "client_data_json": b64(client),
            "authenticator_data": b64(data),
            "signature": b64(signature),
            "user_handle": b64(self.user),
        }

    async def add(self, browser: httpx.AsyncClient, name: str = "Phone") -> httpx.Response:
        """Add this passkey to whoever is signed in there."""
        began = await browser.post("/v1/me/passkeys/options")
        if began.status_code != 200:
            return began
        return await browser.post("/v1/me/passkeys", json=self.make(began.json()["public_key"], name))

    async def enter(self, browser: httpx.AsyncClient) -> httpx.Response:
        """Sign in with this passkey."""
        options = (await browser.post("/v1/logins/passkey/options")).json()["public_key"]
        return await browser.post("/v1/logins/passkey", json=self.sign(options))
