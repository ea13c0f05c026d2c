"""An app on somebody's phone, as its makers would write it: asks, gets a code for a yes and tokens for the code."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

SCHEME, LINK, LOOPBACK = "com.example.turns:/back", "https://turns.example/back", "http://127.0.0.1/back"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def query_of(address):
    return {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}


class Phone:
    """An app on somebody's phone, as its makers would write it."""

    def __init__(self, api, client_id):
        self.api, self.client_id = api, client_id

    def asked(self, **more):
        request = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": SCHEME, "state": "s",
            "code_challenge": CHALLENGE, "code_challenge_method": "S256", **more,
        }  # fmt: skip
        return {name: value for name, value in request.items() if value is not None}

    async def ask(self, **more):
        return await self.api().get("/oauth/authorize", params=self.asked(**more))

    async def allowed(self, who, **more):
        """The answer to the app of somebody who says yes."""
        answer = await self.api(who).post("/v1/me/app-request", json={**self.asked(**more), "allow": True})
        assert answer.status_code == 201, answer.text
        return query_of(answer.json()["redirect_to"])

    async def token(self, **form):
        return await self.api().post("/oauth/token", data={"client_id": self.client_id, **form})

    async def change(self, code, **more):
        return await self.token(
            **{"grant_type": "authorization_code", "code": code, "redirect_uri": SCHEME, "code_verifier": VERIFIER}
            | more
        )

    async def sign_in(self, who, **more):
        """A whole way through: the tokens."""
        answer = await self.change((await self.allowed(who, **more))["code"])
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def refresh(self, token, **more):
        return await self.token(grant_type="refresh_token", refresh_token=token, **more)
