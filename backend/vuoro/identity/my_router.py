"""Where and how the caller signs in: browsers signed in, passkeys."""

from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import exists, select

from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.history import audit
from vuoro.core.http import (
    Fresh,
    IfMatch,
    Me,
    MyPersonId,
    StrongerSignInNeeded,
    Tx,
    WeakTx,
    faults,
    one,
    require_fresh,
    require_person,
)
from vuoro.core.outbox import emit
from vuoro.core.page import Page, keyset
from vuoro.core.routing import Router
from vuoro.core.wire import can
from vuoro.identity import logins, passkeys
from vuoro.identity.models import Account, Passkey, Token
from vuoro.identity.sign_in_router import auth_of, device_of, signed_in
from vuoro.identity.sign_in_schemas import (
    LoginOut,
    MyLogin,
    MyLoginPage,
    NewPasskey,
    PasskeyOptions,
    PasskeyOut,
    PasskeyPage,
    PasskeyPatch,
)

router = Router(prefix="/v1/me", tags=["identity"])


@router.get(
    "/logins", operation_id="my_logins_list", summary="Where I am signed in", response_model=MyLoginPage,
    responses=faults(),
)  # fmt: skip
async def my_logins(me: Me, person_id: MyPersonId, page: Page, request: Request) -> Response:
    def show(row: Token) -> MyLogin:
        current = row.id == me.login_id
        return MyLogin(
            id=row.id, began_at=row.created_at, used_on=(row.used_at or row.created_at).date(),
            method=row.method or "mail", device=row.device, current=current, can=can(end=not current or "current"),
        )  # fmt: skip

    async with auth_of(request).transaction() as db:
        query = logins.of_person(me.organization_id, person_id)
        items, following = await keyset(
            db, query, [Token.id], page, lambda row: show(row[0]), scope="my_logins", descending=True, parse=[UUID]
        )
        linked = await db.scalar(
            select(
                exists().where(Account.organization_id == me.organization_id, Account.person_id == person_id)
            )
        )  # fmt: skip
    return one(request, MyLoginPage(items=items, next_cursor=following, has_account=bool(linked)))


@router.delete(
    "/logins/{login_id}", operation_id="my_logins_end", summary="Sign a browser of mine out", status_code=204,
    responses=faults(404),
)  # fmt: skip
async def end_login(login_id: UUID, tenant: Tx, me: Me, person_id: MyPersonId, request: Request) -> Response:
    async with auth_of(request).transaction() as db:
        await logins.end_one(db, me.organization_id, person_id, login_id)
    audit(tenant, "login.end", person_id)
    return Response(status_code=204)


@router.delete(
    "/logins", operation_id="my_logins_end_others", summary="Sign me out everywhere else", status_code=204,
    responses=faults(),
)  # fmt: skip
async def end_other_logins(tenant: Tx, me: Me, person_id: MyPersonId, request: Request) -> Response:
    async with auth_of(request).transaction() as db:
        await logins.end_others(db, me.organization_id, person_id, me.login_id)
    audit(tenant, "login.end_others", person_id)
    return Response(status_code=204)


@router.get(
    "/passkeys", operation_id="passkeys_list", summary="My passkeys", response_model=PasskeyPage, responses=faults()
)
async def my_passkeys(me: Me, person_id: MyPersonId, page: Page, request: Request) -> Response:
    async with auth_of(request).transaction() as db:
        query = passkeys.of_person(me.organization_id, person_id)
        items, following = await keyset(
            db, query, [Passkey.id], page, lambda row: _shown(row[0]), scope="passkeys", parse=[UUID]
        )
    return one(request, PasskeyPage(items=items, next_cursor=following))


def _shown(row: Passkey) -> PasskeyOut:
    return PasskeyOut(
        id=row.id, name=row.name, created_at=row.created_at, used_on=row.used_on, version=row.version,
        can=can(rename=True, remove=True),
    )  # fmt: skip


async def _may_add(auth: Db, me: Actor, person_id: UUID) -> None:
    """A mailbox alone gives a manager or admin their first passkey, never a second; the operator's link does."""
    require_fresh(me)
    alone = me.needs_strong and not me.strong and me.method != "shell"
    if alone and await passkeys.has_any(auth, me.organization_id, person_id):
        raise StrongerSignInNeeded


@router.post(
    "/passkeys/options", operation_id="passkeys_begin", summary="Begin to add a passkey", response_model=PasskeyOptions,
    responses=faults(409),
)  # fmt: skip
async def begin_passkey(tenant: WeakTx, request: Request) -> Response:
    me = tenant.me
    person_id = require_person(me)
    async with auth_of(request).transaction() as db:
        await _may_add(db, me, person_id)
        options = await passkeys.begin_adding(db, me.organization_id, person_id)
    return one(request, PasskeyOptions(public_key=options))


@router.post(
    "/passkeys", operation_id="passkeys_add", summary="Add a passkey and sign in with it", status_code=201,
    response_model=LoginOut, responses=faults(409),
)  # fmt: skip
async def add_passkey(body: NewPasskey, tenant: WeakTx, request: Request) -> Response:
    me = tenant.me
    person_id = require_person(me)
    auth = auth_of(request)
    async with auth.transaction() as db:
        await _may_add(db, me, person_id)
    passkey_id = await passkeys.add(auth, me.organization_id, person_id, body)
    audit(tenant, "passkey.add", passkey_id)
    emit(tenant, "passkey.added", {"person_id": str(person_id)})
    async with auth.transaction() as db:
        login = await logins.begin(db, me.organization_id, person_id, "passkey", device=device_of(request))
    return await signed_in(request, login)


@router.patch(
    "/passkeys/{passkey_id}", operation_id="passkeys_rename", summary="Rename a passkey", response_model=PasskeyOut,
    responses=faults(404, 412, 428),
)  # fmt: skip
async def rename_passkey(
    passkey_id: UUID, body: PasskeyPatch, version: IfMatch, me: Me, person_id: MyPersonId, request: Request
) -> Response:
    async with auth_of(request).transaction() as db:
        row = await passkeys.find(db, me.organization_id, person_id, passkey_id)
        passkeys.rename(row, version, body.name or row.name)
        out = _shown(row)
    return one(request, out)


@router.delete(
    "/passkeys/{passkey_id}", operation_id="passkeys_remove", summary="Remove a passkey", status_code=204,
    responses=faults(404),
)  # fmt: skip
async def remove_passkey(passkey_id: UUID, tenant: Tx, me: Fresh, person_id: MyPersonId, request: Request) -> Response:
    async with auth_of(request).transaction() as db:
        await passkeys.remove(db, me.organization_id, person_id, passkey_id)
    audit(tenant, "passkey.remove", passkey_id)
    return Response(status_code=204)
