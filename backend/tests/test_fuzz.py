"""No input crashes it, no answer leaves the contract, nobody reaches another company: the short form of `make fuzz`."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI, Header
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from support.fuzzing import Caller, Found, Fuzz, Send, real_ids
from test_access import TABLES, Stage

CASES, SHARES = 3, 2  # 3 requests an operation; in two halves, side by side
PARAMETERS = {parameter: table for table, parameter in TABLES.items()}


@pytest.fixture
async def superuser(postgres, database_name):
    connection = await asyncpg.connect(postgres.superuser.rpartition("/")[0] + f"/{database_name}")
    yield connection
    await connection.close()


@pytest.fixture
async def callers(api, databases, world, application, superuser) -> list[Caller]:
    """Every column of the permission table, with their tokens."""
    stage = await Stage(api, databases, world, application, superuser).set_up()
    found = [Caller("other admin", "other", await api.sign_in(world.other_admin))]
    for name, who in stage.callers.items():
        token = who if isinstance(who, str) or who is None else await api.sign_in(who)
        found.append(Caller(name, "other" if name == "foreign" else "nordlys", token))
    return found


async def in_thread(application: Any, work: Callable[[Send], Found]) -> Found:
    """Run plain code beside the application's event loop; what it sends is answered in the loop."""
    loop = asyncio.get_running_loop()
    transport = httpx.ASGITransport(application, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport) as client:
        return await asyncio.to_thread(
            work, lambda request: asyncio.run_coroutine_threadsafe(client.send(request), loop).result()
        )


@pytest.mark.parametrize("share", range(SHARES))
async def test_no_input_breaks_it_and_nobody_reaches_another_company(application, callers, superuser, world, share):
    ids = {
        "nordlys": await real_ids(superuser, world.organization_id, PARAMETERS),
        "other": await real_ids(superuser, world.other_organization_id, PARAMETERS),
    }
    assert ids["nordlys"]["seed_id"]
    assert ids["other"]["person_id"]
    document = part_of(application.openapi(), share)
    fuzzed = await in_thread(
        application, lambda send: Fuzz(document, callers, ids, send, tables=PARAMETERS, seed=share).run(CASES)
    )
    assert not fuzzed.faults, str(fuzzed)
    assert fuzzed.cases > 250
    assert len(fuzzed.done) > 25, f"most requests were refused: the ids or tokens are wrong\n{fuzzed}"


def part_of(document: dict[str, Any], share: int) -> dict[str, Any]:
    """The document with every other path."""
    return {**document, "paths": {path: document["paths"][path] for path in sorted(document["paths"])[share::SHARES]}}


OURS, THEIRS = "0197f3a0-0000-7000-8000-00000000000a", "0197f3a0-0000-7000-8000-00000000000b"


class Thing(BaseModel):
    """What the planted application answers with."""

    id: str
    name: str


def planted(wrong: str) -> FastAPI:
    """A small application with one fault, such as the fuzz has to find."""
    app = FastAPI()
    faults = {status: {"description": "no"} for status in (403, 404, 422)}

    @app.get("/v1/things/{thing_id}", operation_id="things_get", response_model=Thing, responses=faults)
    async def get(thing_id: str, authorization: Annotated[str, Header()] = "") -> Response:
        if thing_id not in (OURS, THEIRS):
            return Response(status_code=404)
        if wrong == "5xx" and thing_id == OURS:
            return Response("broken", 500)
        if wrong == "undocumented":
            return Response(status_code=418)
        body = {"id": thing_id, "name": "x"} | ({"secret": 1} if wrong == "field" else {})
        if wrong == "leak" and thing_id == OURS:
            return JSONResponse({**body, "name": f"see {THEIRS}"})
        own = OURS if "ours" in authorization else THEIRS
        return JSONResponse(body) if wrong == "reached" or thing_id == own else Response(status_code=404)

    return app


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("nothing", None), ("5xx", "500 things_get"), ("undocumented", "contract things_get"),
        ("field", "contract things_get"), ("leak", "leak things_get"), ("reached", "reached things_get"),
    ],
)  # fmt: skip
async def test_a_planted_fault_is_found(wrong, named):
    app = planted(wrong)
    document = app.openapi()
    document["paths"]["/v1/things/{thing_id}"]["get"]["parameters"][0]["schema"]["format"] = "uuid"
    callers = [Caller("ours", "a", "ours"), Caller("theirs", "b", "theirs")]
    ids = {"a": {"thing_id": [OURS]}, "b": {"thing_id": [THEIRS]}}
    found = await in_thread(app, lambda send: Fuzz(document, callers, ids, send, tables={"thing_id": "things"}).run(30))
    assert found.cases > 15
    assert named in found.faults if named else not found.faults
