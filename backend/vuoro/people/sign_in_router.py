"""Ending somebody's sign-ins, and unlinking one's own account of the organization's provider, over HTTP."""

from uuid import UUID

from fastapi import Request, Response

from vuoro.core.http import Fresh, Me, MyPersonId, OnlyOnce, Tx, faults, one
from vuoro.core.routing import Router
from vuoro.identity.sign_in_router import auth_of
from vuoro.people import sign_ins
from vuoro.people.schemas import AccountOut, SignInsEndIn, SignInsOut

router = Router(prefix="/v1", tags=["identity"])


@router.get(
    "/people/{person_id}/sign-ins", operation_id="people_sign_ins", summary="Where somebody is signed in",
    response_model=SignInsOut, responses=faults(403, 404),
)  # fmt: skip
async def get(person_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await sign_ins.get(auth_of(request), db, me, person_id))


@router.post(
    "/people/{person_id}/sign-ins/end", operation_id="people_sign_ins_end",
    summary="End all sign-ins of somebody who stays", response_model=SignInsOut, responses=faults(403, 404),
)  # fmt: skip
async def end(
    person_id: UUID, body: SignInsEndIn, db: Tx, me: Fresh, once: OnlyOnce, request: Request
) -> Response:  # fmt: skip
    auth = auth_of(request)
    await once(lambda: sign_ins.end(auth, db, me, person_id, body))
    return one(request, await sign_ins.get(auth, db, me, person_id))


@router.get(
    "/me/account", operation_id="my_account_get", summary="My account of the organization's provider",
    response_model=AccountOut, responses=faults(404),
)  # fmt: skip
async def my_account(me: Me, person_id: MyPersonId, request: Request) -> Response:
    return one(request, await sign_ins.own_account(auth_of(request), me, person_id))


@router.delete(
    "/me/account", operation_id="my_account_unlink", summary="Unlink my account of the organization's provider",
    status_code=204, responses=faults(404),
)  # fmt: skip
async def unlink(db: Tx, me: Fresh, person_id: MyPersonId, request: Request) -> Response:
    await sign_ins.unlink_own(auth_of(request), db, me, person_id)
    return Response(status_code=204)
