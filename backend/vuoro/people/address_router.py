"""One's own work address over HTTP."""

from fastapi import Request, Response

from vuoro.core.http import Fresh, Me, MyPersonId, Tx, faults, one
from vuoro.core.routing import Router
from vuoro.identity.sign_in_router import auth_of, give_to_browser, held_by_browser, slow_down, take_back
from vuoro.identity.sign_in_schemas import CodeIn, LoginAsked
from vuoro.people import address
from vuoro.people.schemas import AddressIn, AddressOut

router = Router(prefix="/v1/me/address", tags=["people"])


@router.get(
    "", operation_id="my_address_get", summary="My work address", response_model=AddressOut, responses=faults()
)  # fmt: skip
async def my_address(db: Tx, person_id: MyPersonId, request: Request) -> Response:
    return one(request, await address.get(db, person_id))


@router.post(
    "", operation_id="my_address_ask", summary="Ask for another work address", status_code=202,
    response_model=LoginAsked, responses=faults(),
)  # fmt: skip
async def ask(body: AddressIn, db: Tx, person_id: MyPersonId, me: Fresh, request: Request) -> Response:
    await slow_down(request, "address")
    secret = await address.ask(auth_of(request), db, me, person_id, body.email)
    answer = one(request, LoginAsked(sent=True), 202)
    give_to_browser(answer, "address", secret)
    return answer


@router.post(
    "/confirm", operation_id="my_address_confirm", summary="Take the new work address", response_model=AddressOut,
    responses=faults(409),
)  # fmt: skip
async def confirm(body: CodeIn, db: Tx, person_id: MyPersonId, me: Me, request: Request) -> Response:
    await slow_down(request, "address_code")
    secret = held_by_browser(request, "address")
    await address.confirm(auth_of(request), db, me, person_id, secret, body.code)
    answer = one(request, await address.get(db, person_id))
    take_back(answer, "address")
    return answer
