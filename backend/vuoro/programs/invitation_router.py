"""Invitations over HTTP: by name, by link, and what the invited read."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request, Response

from vuoro.core.history import looked
from vuoro.core.http import IfMatch, Me, MyPersonId, OnlyOnce, Tx, faults, one
from vuoro.core.page import Page
from vuoro.core.routing import Router
from vuoro.programs import enrollments, invitation_links, invitations
from vuoro.programs.invitation_schemas import (
    InvitationCard,
    InvitationLinkIn,
    InvitationLinkOut,
    InvitationLinkPage,
    InvitationOut,
    InvitationPage,
    InvitationsIn,
    InvitationsOut,
)
from vuoro.programs.schemas import ApplyIn, EnrollmentOut
from vuoro.programs.states import InvitationState

router = Router(prefix="/v1", tags=["invitations"])
Code = Annotated[str, Path(min_length=16, max_length=64, pattern="^[A-Za-z0-9_-]+$")]


@router.post(
    "/programs/{program_id}/invitations", operation_id="invitations_create", summary="Invite people, up to 500 at once",
    response_model=InvitationsOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def invite(program_id: UUID, body: InvitationsIn, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    batch_id = await once(lambda: invitations.invite(db, me, program_id, body))
    return one(request, await invitations.outcome(db, me, program_id, body, batch_id))


@router.get(
    "/programs/{program_id}/invitations", operation_id="invitations_list", summary="Who was invited",
    response_model=InvitationPage, responses=faults(403, 404),
)  # fmt: skip
async def list_invitations(
    program_id: UUID, db: Tx, me: Me, page: Page, request: Request, state: InvitationState | None = None
) -> Response:
    items, following = await invitations.search(db, me, program_id, page, state=state)
    await looked(db, "participation", [item.person.id for item in items], program_id=program_id)
    return one(request, InvitationPage(items=items, next_cursor=following))


@router.post(
    "/invitations/{invitation_id}/resend", operation_id="invitations_resend", summary="Ask once more",
    response_model=InvitationOut, responses=faults(404, 409),
)  # fmt: skip
async def resend(invitation_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: invitations.resend(db, me, invitation_id))
    return one(request, await invitations.get_one(db, me, invitation_id))


@router.post(
    "/invitations/{invitation_id}/revoke", operation_id="invitations_revoke", summary="Take an invitation back",
    response_model=InvitationOut, responses=faults(404, 409),
)  # fmt: skip
async def revoke(invitation_id: UUID, db: Tx, me: Me, once: OnlyOnce, request: Request) -> Response:
    await once(lambda: invitations.revoke(db, me, invitation_id))
    return one(request, await invitations.get_one(db, me, invitation_id))


@router.get(
    "/enrollments/{enrollment_id}/invitation", operation_id="invitations_read", summary="What I am invited to",
    response_model=InvitationCard, responses=faults(403, 404),
)  # fmt: skip
async def read(enrollment_id: UUID, db: Tx, me: Me, request: Request) -> Response:
    return one(request, await invitations.card(db, me, enrollment_id))


@router.post(
    "/programs/{program_id}/invitation-links", operation_id="invitation_links_create",
    summary="Make a link by which people apply", status_code=201, response_model=InvitationLinkOut,
    responses=faults(403, 404, 409),
)  # fmt: skip
async def create_link(
    program_id: UUID, body: InvitationLinkIn, db: Tx, me: Me, once: OnlyOnce, request: Request
) -> Response:
    code = invitation_links.new_code()
    link_id = await once(lambda: invitation_links.create(db, me, program_id, body, code))
    return one(request, await invitation_links.made(db, link_id, code), 201)


@router.get(
    "/programs/{program_id}/invitation-links", operation_id="invitation_links_list", summary="Links and their uses",
    response_model=InvitationLinkPage, responses=faults(403, 404),
)  # fmt: skip
async def list_links(program_id: UUID, db: Tx, me: Me, page: Page, request: Request) -> Response:
    items, following = await invitation_links.search(db, me, program_id, page)
    return one(request, InvitationLinkPage(items=items, next_cursor=following))


@router.delete(
    "/programs/{program_id}/invitation-links/{link_id}", operation_id="invitation_links_revoke",
    summary="Close a link", status_code=204, responses=faults(404, 412, 428),
)  # fmt: skip
async def revoke_link(program_id: UUID, link_id: UUID, version: IfMatch, db: Tx, me: Me) -> Response:
    await invitation_links.revoke(db, me, program_id, link_id, version)
    return Response(status_code=204)


@router.get(
    "/invitation-links/{code}", operation_id="invitation_links_read", summary="What a link invites me to",
    response_model=InvitationCard, responses=faults(403, 404),
)  # fmt: skip
async def read_link(code: Code, db: Tx, me: Me, _: MyPersonId, request: Request) -> Response:
    return one(request, await invitation_links.card(db, me, code))


@router.post(
    "/invitation-links/{code}/apply", operation_id="invitation_links_apply", summary="Apply by a link",
    status_code=201, response_model=EnrollmentOut, responses=faults(403, 404, 409),
)  # fmt: skip
async def apply_by_link(
    code: Code, body: ApplyIn, db: Tx, me: Me, _: MyPersonId, once: OnlyOnce, request: Request
) -> Response:
    enrollment_id = await once(lambda: invitation_links.apply(db, me, code, body))
    return one(request, await enrollments.get(db, me, enrollment_id), 201)
