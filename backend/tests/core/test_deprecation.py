"""What will go away says so in the contract and in every answer, a refusal too."""

from datetime import date

import httpx
import pytest
from fastapi import APIRouter, FastAPI, HTTPException

from vuoro.core.deprecation import deprecated
from vuoro.core.middleware import Around
from vuoro.core.openapi import finish
from vuoro.core.settings import settings


@pytest.fixture
def app():
    router = APIRouter()
    old = deprecated(date(2027, 1, 1), gone=date(2027, 9, 1), instead="/v1/new")

    @router.get("/v1/old", operation_id="old_get", tags=["people"], **old)
    async def get(fail: bool = False) -> str:
        if fail:
            raise HTTPException(404)
        return "still here"

    @router.get("/v1/new", operation_id="new_get", tags=["people"])
    async def new() -> str:
        return "here"

    app = FastAPI()
    app.include_router(router)
    return app


async def test_every_answer_of_it_says_since_when_until_when_and_what_instead(app, environment):
    transport = httpx.ASGITransport(Around(app, settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        for query, status in (("", 200), ("?fail=true", 404)):
            answer = await client.get(f"/v1/old{query}")
            assert answer.status_code == status
            assert answer.headers["deprecation"] == "@1798761600"
            assert answer.headers["sunset"] == "Wed, 01 Sep 2027 00:00:00 GMT"
            assert '</v1/new>; rel="successor-version"' in answer.headers["link"]
        assert "deprecation" not in (await client.get("/v1/new")).headers


def test_the_contract_says_it_too(app):
    document = app.openapi()
    finish(document)
    old = document["paths"]["/v1/old"]["get"]
    assert (old["deprecated"], old["x-sunset"]) == (True, "2027-09-01")
    assert {"Deprecation", "Sunset"} <= old["responses"]["200"]["headers"].keys()
    assert "Deprecation" not in document["paths"]["/v1/new"]["get"]["responses"]["200"]["headers"]


def test_phones_get_half_a_year():
    with pytest.raises(ValueError, match="half a year"):
        deprecated(date(2027, 1, 1), gone=date(2027, 3, 1), instead="/v1/new")
