"""The organization's own provider: one that does what a test tells it, allowed to be called."""

import pytest
from identity.oidc_way import connect
from support.hostile import Hostile, hostile

from vuoro.core.settings import settings
from vuoro.identity import oidc


@pytest.fixture(autouse=True)
def nothing_kept():
    oidc._kept.clear()


@pytest.fixture
async def provider(environment, monkeypatch):
    async with hostile() as server:
        monkeypatch.setenv("VUORO_OUTWARD_ALLOW", server.issuer.removeprefix("http://"))
        settings.cache_clear()
        yield server


@pytest.fixture
async def connected(api, world, provider) -> Hostile:
    """The provider, honest and known as Nordlys' own."""
    await connect(api, world.admin, provider.issuer)
    return provider
