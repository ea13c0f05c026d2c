"""Mails that facts ask for: rendered in the reader's language, recorded, and sent by plain SMTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.utils import formataddr, parseaddr
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.calendars import Method
from vuoro.core.db import Database
from vuoro.core.jobs import on
from vuoro.core.settings import settings
from vuoro.core.words import translate
from vuoro.feedback.models import Concern
from vuoro.identity import mail_codes
from vuoro.identity import service as identity
from vuoro.notifications.mails import MAILS
from vuoro.notifications.models import Delivery
from vuoro.pairs.models import Pair, PairAnswer
from vuoro.pairs.states import ASKED
from vuoro.people.readers import Reader, read_reader
from vuoro.programs.models import Enrollment, Program

# fact → which of the two gets a mail
READERS = {
    "pair.asked_mentor": ("mentor",),
    "pair.asked_mentee": ("mentee",),
    "pair.activated": ("mentor", "mentee"),
    "pair.ended": ("mentor", "mentee"),
    "pair.suspended": ("mentor", "mentee"),
    "pair.break_over": ("mentor", "mentee"),
    "pair.asked_again": ("mentor",),
    "pair.returned": ("mentor", "mentee"),
}


async def send_pair_mail(database: Database, actor: Actor, payload: dict[str, Any], kind: str) -> None:
    """Tell the readers of one fact about a pair; an executive who was not asked yet hears nothing (H3).

    What is asked again may have found a no before: whoever said it gets nothing, and the log of mails does not tell.
    """
    async with database.transaction(actor) as db:
        pair = await db.find(Pair, UUID(payload["pair_id"]))
        if pair is None:
            return
        program = await db.find(Program, pair.program_id)
        readers = [pair.mentor_id if side == "mentor" else pair.mentee_id for side in READERS[kind]]
        if pair.mentee_asked_at is None:
            readers = [reader for reader in readers if reader != pair.mentee_id]
    link = f"{settings().public_url}/pairs/{pair.id}"
    for reader in readers:
        if payload.get("again"):
            await _send_of_offer(database, actor, payload, kind, pair, reader)
            continue
        await send(
            database, actor, UUID(payload["fact_id"]), kind, reader, program=program.name if program else "", link=link
        )


def _register(kind: str) -> None:
    @on(kind)
    async def handler(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
        await send_pair_mail(database, actor, payload, kind)


for _kind in READERS:
    _register(_kind)


@on("pair.reminder")
async def remind_of_offer(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Remind whoever has not answered an offer, or whether a suspended pair goes on."""
    async with database.transaction(actor) as db:
        pair = await db.find(Pair, UUID(payload["pair_id"]))
    if pair is not None and pair.state == "suspended_conflict" and pair.due_at is not None:
        await _send_of_offer(database, actor, payload, "pair.asked_again", pair, pair.mentor_id)
    elif pair is not None and pair.state in ASKED:
        reader = pair.mentor_id if pair.state == "asked_mentor" else pair.mentee_id
        await _send_of_offer(database, actor, payload, "pair.reminder", pair, reader)


@on("pair.offer_over")
async def tell_that_an_offer_is_over(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Tell a mentor who had said yes that the offer ran out."""
    async with database.transaction(actor) as db:
        pair = await db.find(Pair, UUID(payload["pair_id"]))
    if pair is not None and pair.mentee_asked_at is not None:
        await _send_of_offer(database, actor, payload, "pair.offer_over", pair, pair.mentor_id)


async def _send_of_offer(
    database: Database, actor: Actor, payload: dict[str, Any], kind: str, pair: Pair, reader: UUID
) -> None:
    """Mail about an offer: whoever said no to it gets nothing, and the log of mails does not tell."""
    async with database.transaction(actor) as db:
        program = await db.get_one(Program, (actor.organization_id, pair.program_id))
        answered = await db.scalar(
            select(PairAnswer.id).where(
                PairAnswer.organization_id == actor.organization_id,
                PairAnswer.pair_id == pair.id,
                PairAnswer.person_id == reader,
            )
        )
    await send(
        database, actor, UUID(payload["fact_id"]), kind, reader, program=program.name,
        link=f"{settings().public_url}/pairs/{pair.id}", private=True, mute=answered is not None,
    )  # fmt: skip


@on("enrollment.invited")
async def send_invitation(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Ask somebody to take part, unless they answered or the invitation was taken back meanwhile."""
    async with database.transaction(actor) as db:
        enrollment = await db.find(Enrollment, UUID(payload["enrollment_id"]))
        if enrollment is None or enrollment.state != "invited":
            return
        program = await db.get_one(Program, (db.organization_id, enrollment.program_id))
    link = f"{settings().public_url}/invitations/{enrollment.id}"
    await send(
        database, actor, UUID(payload["fact_id"]), "enrollment.invited", enrollment.person_id, link=link,
        program=program.name,
    )  # fmt: skip


@on("login.asked")
async def send_login_link(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Make a one-time link and a code and mail them; both exist in the mail alone. Nobody's gets none."""
    person_id, challenge = UUID(payload["person_id"]), bytes.fromhex(payload["challenge"])
    async with Database(settings().database_auth_url, pool_size=1) as auth, auth.transaction() as db:
        made = await mail_codes.write(db, actor.organization_id, person_id, challenge)
    if made is not None:
        link, code = made
        await send(database, actor, UUID(payload["fact_id"]), "login.asked", person_id, link=link, code=code)


@on("passkey.added")
async def tell_of_passkey(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Tell somebody that a passkey opens their account, in case it was not they who added it."""
    link = f"{settings().public_url}/me/devices"
    await send(database, actor, UUID(payload["fact_id"]), "passkey.added", UUID(payload["person_id"]), link=link)


@on("address.asked")
async def ask_new_address(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Mail a code to the address that somebody says is theirs."""
    person_id, challenge = UUID(payload["person_id"]), bytes.fromhex(payload["challenge"])
    async with Database(settings().database_auth_url, pool_size=1) as auth, auth.transaction() as db:
        made = await mail_codes.make(db, "address", actor.organization_id, person_id, challenge)
    if made is not None:
        code, details = made
        link = f"{settings().public_url}/me/devices"
        await send(
            database, actor, UUID(payload["fact_id"]), "address.asked", person_id, link=link, code=code,
            address=details["email"],
        )  # fmt: skip


@on("address.notice")
async def tell_old_address(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Tell the address of now that another one was asked for."""
    link = f"{settings().public_url}/me/devices"
    await send(database, actor, UUID(payload["fact_id"]), "address.notice", UUID(payload["person_id"]), link=link)


@on("login.ended")
async def tell_of_ended_logins(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Tell somebody that an admin ended their sign-ins."""
    link = f"{settings().public_url}/sign-in"
    await send(database, actor, UUID(payload["fact_id"]), "login.ended", UUID(payload["person_id"]), link=link)


@on("concern.raised")
async def send_concern(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Tell the contact that something waits, without a word of what or from whom."""
    async with database.transaction(actor) as db:
        contact_id = await db.scalar(
            select(Concern.contact_id).where(
                Concern.organization_id == actor.organization_id, Concern.id == UUID(payload["concern_id"])
            )
        )
    if contact_id is not None:
        link = f"{settings().public_url}/concerns"
        await send(database, actor, UUID(payload["fact_id"]), "concern.raised", contact_id, link=link)


@on("webhook.turned_off")
async def tell_of_webhook(database: Database, actor: Actor, payload: dict[str, Any]) -> None:
    """Tell the organization's admins that events no longer go to one of their addresses."""
    async with database.transaction(actor) as db:
        admins = await identity.admins(db)
    link = f"{settings().public_url}/webhooks/{payload['endpoint_id']}"
    for admin in admins:
        await send(database, actor, UUID(payload["fact_id"]), "webhook.turned_off", admin, link=link)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The part of a mail that a calendar reads; `words` fill the text, `day` ends the subject."""

    method: Method
    content: bytes
    day: str
    words: Mapping[str, str]


async def send(
    database: Database,
    actor: Actor,
    fact_id: UUID,
    kind: str,
    person_id: UUID,
    *,
    link: str,
    program: str = "",
    code: str = "",
    day: date | None = None,
    address: str | None = None,
    private: bool = False,
    mute: bool = False,
    calendar: Calendar | None = None,
) -> None:
    """Send one mail once: the delivery row is written first, and a repeated job finds it.

    Args:
        address: where it goes, when not to the person's work address.
        calendar: what a calendar does with it.
        private: the row says that the mail was due, never how or whether it left; a repeated job may send it again.
        mute: write the row and send nothing.
    """
    async with database.transaction(actor) as db:
        reader = await read_reader(db, person_id)
        to = reader and (address or reader.address)
        if reader is None or not to:
            return
        subject, text = write(
            kind, reader, program=program, link=link, code=code, day=day, more=calendar.words if calendar else {}
        )
        made = await db.scalar(
            insert(Delivery)
            .values(
                organization_id=actor.organization_id,
                id=clock.uuid7(),
                fact_id=fact_id,
                kind=kind,
                person_id=person_id,
                address=to,
                subject=subject,
                state="private" if private else "sending",
                attempts=0,
                created_at=clock.now(),
            )
            .on_conflict_do_nothing(index_elements=["organization_id", "fact_id", "person_id"])
            .returning(Delivery.id)
        )
        if made is None and not private:
            sent = await db.scalar(
                select(Delivery.state).filter_by(
                    organization_id=actor.organization_id, fact_id=fact_id, person_id=person_id
                )
            )
            if sent != "sending":
                return
    if mute:
        return
    if calendar is not None:
        subject = f"{subject}: {calendar.day}"
    state, detail = await deliver(
        to, subject, text, f"{fact_id}.{person_id}", organization=reader.organization, calendar=calendar
    )
    if private:
        return
    async with database.transaction(actor) as db:
        delivery = (
            await db.scalars(
                select(Delivery).filter_by(organization_id=actor.organization_id, fact_id=fact_id, person_id=person_id)
            )
        ).one()
        delivery.state, delivery.detail, delivery.attempts = state, detail, delivery.attempts + 1
        delivery.sent_at = clock.now() if state == "sent" else None


def write(
    kind: str,
    reader: Reader,
    *,
    program: str = "",
    link: str = "",
    code: str = "",
    day: date | None = None,
    more: Mapping[str, str] = {},
) -> tuple[str, str]:
    """Subject and text of a mail in the reader's language, signed by their organization."""
    from babel.dates import format_date  # noqa: PLC0415 - the API, which imports this for its facts, writes no mail

    mail = MAILS[kind]
    text = translate(
        reader.locale, mail.text, name=reader.name, program=program, link=link, code=code,
        day=format_date(day, "long", locale=reader.locale) if day else "", **more,
    )  # fmt: skip
    return translate(reader.locale, mail.subject), f"{text}\n\n– {reader.organization}, Vuoro\n"


async def deliver(
    address: str,
    subject: str,
    text: str,
    message_id: str,
    *,
    organization: str = "",
    calendar: Calendar | None = None,
) -> tuple[str, str | None]:
    """Hand one mail to the mail server: ("sent" | "refused" | "not_sent", detail). Raises when it is away: retried."""
    import aiosmtplib  # noqa: PLC0415

    config = settings()
    if not config.smtp_host:
        return "not_sent", "no mail server is set"
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = formataddr(sender(organization)), address, subject
    message["Message-ID"] = f"<{message_id}@vuoro>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    if calendar is not None:
        # The last alternative is the one that a mail program shows if it can: as an invitation.
        message.add_alternative(
            calendar.content,
            maintype="text",
            subtype="calendar",
            params={"method": calendar.method, "charset": "utf-8"},
        )
    try:
        await aiosmtplib.send(
            message,
            hostname=config.smtp_host,
            port=config.smtp_port,
            username=config.smtp_user or None,
            password=config.smtp_password.get_secret_value() or None,
            start_tls=config.smtp_starttls or None,
            timeout=20,
        )
    except aiosmtplib.SMTPRecipientsRefused:
        return "refused", "the mail server refused the address"
    return "sent", None


def sender(organization: str) -> tuple[str, str]:
    """Whom a mail comes from: the organization's name, on one line, and the installation's address."""
    name, address = parseaddr(settings().mail_from)
    return " · ".join(filter(None, (" ".join(organization.split()), name))), address
