"""Signing in as a persona of the demo company; outside demo mode these paths do not exist."""

from typing import Any

from fastapi import Depends, Request, Response
from sqlalchemy import text

from vuoro.core.db import Db
from vuoro.core.errors import NotFound
from vuoro.core.http import faults, known_query, one
from vuoro.core.routing import Router
from vuoro.core.settings import settings
from vuoro.identity import logins
from vuoro.identity.schemas import PersonaLoginIn, PersonaOut, PersonaPage
from vuoro.identity.sign_in_router import AuthTx, auth_of, device_of, signed_in
from vuoro.identity.sign_in_schemas import LoginOut
from vuoro.simulator.personas import BY_KEY, PERSONAS

_WHO = text(
    "select p.user_name as key, p.organization_id, p.id as person_id, p.display_name, p.title, o.name as organization"
    " from people p join organizations o on o.id = p.organization_id"
    " where p.user_name = any(:keys) and p.status <> 'left' and o.slug = any(:slugs)"
)


def _demo_only() -> None:
    if not settings().demo:
        raise NotFound


router = Router(prefix="/v1/demo", tags=["demo"], dependencies=[Depends(known_query), Depends(_demo_only)])


async def _people(db: Db) -> dict[str, Any]:
    keys, slugs = [f"demo:{persona.key}" for persona in PERSONAS], list({persona.organization for persona in PERSONAS})
    rows = await db.execute(_WHO, {"keys": keys, "slugs": slugs})
    return {row.key.removeprefix("demo:"): row for row in rows}


@router.get(
    "/personas", operation_id="personas_list", summary="Whom to sign in as in the demo", response_model=PersonaPage,
    responses=faults(404),
)  # fmt: skip
async def personas(db: AuthTx, request: Request) -> Response:
    found = await _people(db)
    items = [
        PersonaOut(
            key=persona.key,
            display_name=row.display_name,
            title=row.title or "",
            role=persona.role,
            organization_name=row.organization,
            description=persona.description,
        )
        for persona in PERSONAS
        if (row := found.get(persona.key)) is not None
    ]
    return one(request, PersonaPage(items=items, next_cursor=None))


@router.post(
    "/logins", operation_id="personas_sign_in", summary="Sign in as a persona", status_code=201,
    response_model=LoginOut, responses=faults(404),
)  # fmt: skip
async def sign_in(body: PersonaLoginIn, request: Request) -> Response:
    async with auth_of(request).transaction() as db:
        row = (await _people(db)).get(body.persona) if body.persona in BY_KEY else None
        if row is None:
            raise NotFound
        login = await logins.begin(db, row.organization_id, row.person_id, "demo", device=device_of(request))
    return await signed_in(request, login)
