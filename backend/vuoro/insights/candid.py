"""Candid messages: composed by one of a pair, kept as a draft or given, and answered with heard or will try.

Both may give one. The tool was made for the mentor, who has more to lose: only the mentee is ever reminded to answer.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Row, and_, func, select

from vuoro.core import clock, crypto
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound
from vuoro.core.history import record_change, step
from vuoro.core.outbox import emit
from vuoro.core.page import Paging, Rows, keyset
from vuoro.core.wire import can, changes
from vuoro.insights import access, states
from vuoro.insights.models import CandidMessage
from vuoro.insights.schemas import CandidAnswerIn, CandidMessageIn, CandidMessageOut, CandidMessagePatch
from vuoro.pairs.models import Pair
from vuoro.pairs.service import PairNotActive
from vuoro.sessions import content
from vuoro.sessions.states import PAIR_TALKS

PARTS, ANSWER = "candid_messages.parts", "candid_messages.answer_text"
NAMES = ("situation", "behaviour", "impact")
LIMIT = 200  # of one person in one pair


class AlreadyGiven(Conflict):
    """The other one can read it."""

    code: ClassVar[str] = "already_given"
    text: ClassVar[str] = "This was given. Take it back first, which works until it is answered."


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Messages given to the caller in one pair that wait for an answer."""

    pair_id: UUID
    count: int


def _listed(me: Actor) -> Rows:
    return (
        select(CandidMessage, Pair.state.label("pair_state"))
        .join(Pair, and_(Pair.organization_id == CandidMessage.organization_id, Pair.id == CandidMessage.pair_id))
        .where(CandidMessage.organization_id == me.organization_id, access.visible_to(me))
    )


async def search(
    db: Db,
    me: Actor,
    page: Paging,
    *,
    pair_id: UUID | None = None,
    mine: bool | None = None,
    state: states.CandidState | None = None,
) -> tuple[list[CandidMessageOut], str | None]:
    """One page of the messages that the caller wrote or was given, the newest given or begun first."""
    query = _listed(me)
    if pair_id is not None:
        query = query.where(CandidMessage.pair_id == pair_id)
    if mine is not None:
        query = query.where((CandidMessage.author_id == me.person_id).is_(mine))
    if state is not None:
        query = query.where(CandidMessage.state == state)
    since = func.coalesce(CandidMessage.given_at, CandidMessage.created_at)
    rows, following = await keyset(
        db,
        query,
        [since, CandidMessage.id],
        page,
        lambda row: row,
        scope="candid_messages",
        descending=True,
        parse=[datetime.fromisoformat, UUID],
    )
    return await _shown(db, me, rows), following


async def get(db: Db, me: Actor, message_id: UUID) -> CandidMessageOut:
    """One message; NotFound when the caller may not read it."""
    found = await _shown(db, me, (await db.execute(_listed(me).where(CandidMessage.id == message_id))).all())
    if not found:
        raise NotFound
    return found[0]


async def _shown(db: Db, me: Actor, rows: Any) -> list[CandidMessageOut]:
    messages: list[CandidMessage] = [row.CandidMessage for row in rows]
    texts = await content.texts(db, messages)
    own = ((one.id, one.author_id, one.parts) for one in messages if one.author_id == me.person_id)
    parts = await crypto.unseal_each(db, PARTS, "person", own)
    answered = ((one.id, one.pair_id, one.answer_text) for one in messages if one.answer_text is not None)
    answers = await crypto.unseal_each(db, ANSWER, "pair", answered)
    return [
        _out(me, row, texts[row.CandidMessage.id], parts.get(row.CandidMessage.id), answers.get(row.CandidMessage.id))
        for row in rows
        if row.CandidMessage.id in texts
    ]


def _out(me: Actor, row: Row[Any], text: str, parts: str | None, answer: str | None) -> CandidMessageOut:
    message: CandidMessage = row.CandidMessage
    mine = message.author_id == me.person_id
    told: dict[str, str] = json.loads(parts) if parts else {}
    shut = content.closed(row.pair_state) or True
    draft, given = message.state == "draft", message.state == "given"
    # The other one learns neither when it was begun nor how often it was changed.
    version = message.version if mine else 1 + (message.state == "answered")
    return CandidMessageOut(
        id=message.id,
        pair_id=message.pair_id,
        mine=mine,
        state=message.state,
        situation=told.get("situation"),
        behaviour=told.get("behaviour"),
        impact=told.get("impact"),
        tone=message.tone if mine else None,
        text=text,
        given_at=message.given_at,
        answer=message.answer,
        answer_text=answer,
        answered_at=message.answered_at,
        version=version,
        created_at=message.created_at if mine or message.given_at is None else message.given_at,
        can=can(
            edit=draft, delete=draft, give=draft and shut, withdraw=mine and given, answer=not mine and given and shut
        ),
    )


async def create(db: Db, me: Actor, data: CandidMessageIn) -> UUID:
    """Keep a draft, or give the message at once."""
    pair = await content.member(db, me, data.pair_id, hold=True)
    parts = {name: getattr(data, name) for name in NAMES}
    if not (data.text or any(parts.values())):
        raise Invalid.at("/text", "missing", "A message needs some words.")
    here = (CandidMessage.pair_id == data.pair_id, CandidMessage.author_id == me.id)
    await content.require_space(db, LIMIT, CandidMessage, *here)
    message_id = clock.uuid7()
    message = CandidMessage(
        organization_id=me.organization_id,
        id=message_id,
        pair_id=data.pair_id,
        author_id=me.id,
        state="draft",
        version=1,
        tone=data.tone,
        parts=await crypto.seal(db, PARTS, "person", me.id, message_id, json.dumps(parts)),
    )
    await content.write(db, message, data.text)
    record_change(db, "candid_message", message_id, None, "draft")
    if data.state == "given":
        await _give(db, message, pair, data.text)
    return message_id


async def _held(db: Db, me: Actor, message_id: UUID, version: int | None = None) -> tuple[CandidMessage, Pair]:
    return await content.held(db, me, CandidMessage, message_id, version)


async def _own_draft(db: Db, me: Actor, message_id: UUID, version: int) -> CandidMessage:
    message, _ = await _held(db, me, message_id, version)
    if message.author_id != me.person_id:
        raise Forbidden
    if message.state != "draft":
        raise AlreadyGiven
    return message


async def change(db: Db, me: Actor, message_id: UUID, version: int, patch: CandidMessagePatch) -> None:
    """Work on an own draft."""
    message = await _own_draft(db, me, message_id, version)
    new = changes(patch)
    if not new:
        return
    if new.keys() & set(NAMES):
        parts = await crypto.unseal_each(db, PARTS, "person", [(message_id, me.id, message.parts)])
        told = {**json.loads(parts.get(message_id, "{}")), **{name: new[name] for name in NAMES if name in new}}
        message.parts = await crypto.seal(db, PARTS, "person", me.id, message_id, json.dumps(told))
    if "text" in new:
        message.text = await content.seal(db, message, new["text"])
    message.tone = new.get("tone", message.tone)
    touch(message)


async def remove(db: Db, me: Actor, message_id: UUID, version: int) -> None:
    """Throw an own draft away for good."""
    await db.delete(await _own_draft(db, me, message_id, version))


async def give(db: Db, me: Actor, message_id: UUID) -> UUID:
    """Let the other one of the pair read an own draft: its text goes under the pair's key, the rest stays private."""
    message, pair = await _held(db, me, message_id)
    _require_step(message, "author" if message.author_id == me.person_id else "other", "given")
    await _give(db, message, pair, await content.text_of(db, message))
    return message_id


def _require_step(message: CandidMessage, actor: str, to: states.CandidState) -> None:
    """Forbidden when only the other one of the two ever takes this step, IllegalTransition when it is not its time."""
    if not any(states.STEPS[state].get(to) == actor for state in states.STEPS):
        raise Forbidden
    if to not in (legal := states.steps(message.state, actor)):
        raise IllegalTransition(message.state, legal)


async def _give(db: Db, message: CandidMessage, pair: Pair, text: str) -> None:
    if content.closed(pair.state):
        raise PairNotActive
    if not text:
        raise Invalid.at("/text", "missing", "A message that is given needs its text.")
    step(db, "candid_message", message, "given", ["given"])
    message.text, message.given_at = await content.seal(db, message, text), clock.now()
    emit(db, "candid_message.given", {"candid_message_id": str(message.id), "pair_id": str(message.pair_id)})


async def withdraw(db: Db, me: Actor, message_id: UUID) -> UUID:
    """Take back a message that was not answered yet, whatever became of the pair: it is a draft again."""
    message, _ = await _held(db, me, message_id)
    _require_step(message, "author" if message.author_id == me.person_id else "other", "draft")
    text = await content.text_of(db, message)
    step(db, "candid_message", message, "draft", ["draft"])
    message.text, message.given_at = await content.seal(db, message, text), None
    return message_id


async def answer(db: Db, me: Actor, message_id: UUID, data: CandidAnswerIn) -> UUID:
    """Answer a message that one was given, once."""
    message, pair = await _held(db, me, message_id)
    _require_step(message, "author" if message.author_id == me.person_id else "other", "answered")
    if content.closed(pair.state):
        raise PairNotActive
    step(db, "candid_message", message, "answered", ["answered"])
    message.answer, message.answered_at = data.answer, clock.now()
    if data.text is not None:
        message.answer_text = await crypto.seal(db, ANSWER, "pair", message.pair_id, message_id, data.text)
    emit(db, "candid_message.answered", {"candid_message_id": str(message_id), "pair_id": str(message.pair_id)})
    return message_id


async def unanswered_candid(db: Db, me: Actor) -> list[Unanswered]:
    """Messages that wait for the caller's answer as a mentee, by pair, oldest first; in one statement."""
    rows = await db.execute(
        select(CandidMessage.pair_id, func.count())
        .join(Pair, and_(Pair.organization_id == CandidMessage.organization_id, Pair.id == CandidMessage.pair_id))
        .where(
            CandidMessage.organization_id == me.organization_id,
            access.visible_to(me),
            CandidMessage.state == "given",
            Pair.mentee_id == me.person_id,
            CandidMessage.author_id != me.person_id,
            Pair.state.in_(PAIR_TALKS),
        )
        .group_by(CandidMessage.pair_id)
        .order_by(func.min(CandidMessage.given_at), CandidMessage.pair_id)
        .limit(20)
    )
    return [Unanswered(*row) for row in rows]
