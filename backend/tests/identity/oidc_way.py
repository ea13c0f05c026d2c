"""The way through an organization's own provider, as a browser goes it."""

import os
from contextlib import asynccontextmanager

from sqlalchemy import func, select
from support.hostile import hostile

from vuoro.core.settings import settings
from vuoro.identity.models import Account, Token

CALLBACK = "/v1/logins/oidc/callback"
WELL_KNOWN = "/.well-known/openid-configuration"


@asynccontextmanager
async def another(monkeypatch):
    """A second provider, which may be called as well."""
    async with hostile() as server:
        both = f"{os.environ['VUORO_OUTWARD_ALLOW']},{server.issuer.removeprefix('http://')}"
        monkeypatch.setenv("VUORO_OUTWARD_ALLOW", both)
        settings.cache_clear()
        yield server


def settings_of(issuer, **more):
    return {
        "issuer": issuer, "client_id": "vuoro", "client_secret": "a secret", "label": "Nordlys",
        "mail_domains": ["nordlys.example"], **more,
    }  # fmt: skip


async def connect(api, admin, issuer, **more):
    answer = await api(admin).put("/v1/organization/identity-provider", json=settings_of(issuer, **more))
    assert answer.status_code == 200, answer.text


async def begin(browser, **who):
    answer = await browser.post("/v1/logins/oidc", json=who or {"email": "noa.virtanen@nordlys.example"})
    assert answer.status_code == 200, answer.text
    return answer.json()["authorization_url"]


def browser_of(api):
    return api(sec_fetch_site="cross-site", user_agent="Firefox/140 (Windows NT 10.0)")


def start(api):
    return api(sec_fetch_site="same-origin")


async def come_back(browser, **params):
    """The browser's way back: (where it is sent, whether it got a sign-in)."""
    answer = await browser.get(CALLBACK, params={name: value for name, value in params.items() if value is not None})
    assert answer.status_code == 303
    return answer.headers["location"], any(
        cookie.startswith("vuoro_session=") for cookie in answer.headers.get_list("set-cookie")
    )


async def sign_in(api, provider, browser=None, **who):
    browser = browser or start(api)
    return await come_back(browser, **provider.visit(await begin(browser, **who)))


async def traces(databases):
    """Sign-ins and accounts in the database, beside those of the tests' own clients."""
    async with databases.auth.transaction() as db:
        logins = await db.scalar(select(func.count()).select_from(Token).where(Token.method == "oidc"))
        return logins, [(row.subject, row.person_id) for row in await db.scalars(select(Account))]


def answers(path, status=200, body=b"{}", **headers):
    return lambda server: server.answers.update({path: (status, headers, body)})
