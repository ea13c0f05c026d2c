"""One session in two calendars: booked, moved, called off, by mail, each news once and nobody else's."""

import re
from datetime import timedelta

import pytest
from hris.scim import connect
from icalendar import Calendar
from sessions.meetings import at, body, moment, set_pair
from sqlalchemy import func, select
from support.contract import etag_of
from support.jobs import run_due

from vuoro.core.outbox import OutboxFact, emit
from vuoro.notifications.models import Delivery
from vuoro.sessions.models import CalendarInvite


class Invite:
    """A mail, as the program that shows it and the calendar behind it read it."""

    def __init__(self, mail):
        assert mail.get_content_type() == "multipart/alternative"
        text, calendar = mail.iter_parts()
        assert (text.get_content_type(), calendar.get_content_type()) == ("text/plain", "text/calendar")
        self.to, self.subject, self.text = mail["To"], mail["Subject"], text.get_content()
        raw = calendar.get_payload(decode=True)
        self.calendar = Calendar.from_ical(raw)
        (self.event,) = self.calendar.events
        assert raw.count(b"\r\n") == raw.count(b"\n")
        # In the content type too, without which Outlook and Gmail show a file instead of an invitation.
        assert calendar.get_content_type() == "text/calendar"
        assert calendar.get_param("method") == self.method
        assert calendar.get_param("charset") == "utf-8"

    @property
    def method(self):
        return str(self.calendar["METHOD"])

    @property
    def told(self):
        return self.method, int(self.event["SEQUENCE"]), str(self.event["STATUS"])


@pytest.fixture
async def told(run_jobs, mailbox):
    """`await told()` lets the worker work and gives what it mailed about sessions, by reader."""

    async def read(*, tick=False):
        mailbox.clear()
        await run_jobs(tick=tick)
        found = {}
        for mail in mailbox:
            if mail.is_multipart():
                invite = Invite(mail)
                found.setdefault(invite.to.partition(".")[0], []).append(invite)
        return found

    return read


async def speak(client, locale, zone):
    version = (await client.get("/v1/me/preferences")).headers["etag"]
    answer = await client.patch(
        "/v1/me/preferences", json={"locale": locale, "time_zone": zone}, headers={"If-Match": version}
    )
    assert answer.status_code == 200, answer.text


async def act(client, session, verb, **sent):
    answer = await client.post(f"/v1/sessions/{session['id']}/{verb}", json=sent or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_one_session_from_its_booking_to_its_end(pair, world, told, mailbox):
    await speak(pair.mentor, "fi", "Europe/Helsinki")
    await speak(pair.mentee, "sv", "Europe/Stockholm")
    session = await pair.plan(place="Kirjasto, 2. krs", meeting_url="https://meet.example/a?b=1;c,d")
    first = await told()
    assert {who: [one.told for one in mails] for who, mails in first.items()} == {
        "noa": [("REQUEST", 0, "CONFIRMED")], "maria": [("REQUEST", 0, "CONFIRMED")],
    }  # fmt: skip
    (noa,), (maria,) = first["noa"], first["maria"]
    assert (noa.event["SUMMARY"], maria.event["SUMMARY"]) == (
        "Mentorointitapaaminen: Maria Sandell", "Mentorsträff med Noa Virtanen",
    )  # fmt: skip
    assert noa.event.start == maria.event.start == moment(session["starts_at"])
    assert (noa.event.start.isoformat(), maria.event.start.isoformat()) == (
        "2026-12-01T11:00:00+02:00", "2026-12-01T10:00:00+01:00",
    )  # fmt: skip
    assert noa.calendar.get_missing_tzids() == maria.calendar.get_missing_tzids() == set()
    assert noa.event.end - noa.event.start == timedelta(minutes=45)
    assert noa.event["LOCATION"] == "Kirjasto, 2. krs"
    assert noa.event["URL"] == "https://meet.example/a?b=1;c,d"
    assert "https://meet.example/a?b=1;c,d" in str(noa.event["DESCRIPTION"])
    # To one each, from the installation, awaiting no answer, private to whoever looks at their calendar.
    attendee = noa.event["ATTENDEE"]
    assert (str(attendee), attendee.params["RSVP"]) == (f"mailto:{world['noa'].email}", "FALSE")
    assert str(noa.event["ORGANIZER"]) == "mailto:vuoro@localhost"
    assert noa.event["ORGANIZER"].params["CN"] == "Nordlys · Vuoro"
    assert (noa.event["CLASS"], noa.event["X-MICROSOFT-DISALLOW-COUNTER"]) == ("PRIVATE", "TRUE")
    assert noa.subject == "Mentorointitapaamisesi: 1.12.2026"
    assert "11.00–11.45 (Europe/Helsinki)" in noa.text
    assert "10:00–10:45 (Europe/Stockholm)" in maria.text
    assert "tisdag 1 december 2026" in maria.text
    assert f"/sessions/{session['id']}" in noa.text

    await act(pair.mentee, session, "move", slots=[at(days=9), at(days=10)])
    proposed = await told()
    assert {one.told for mails in proposed.values() for one in mails} == {("REQUEST", 1, "TENTATIVE")}
    assert proposed["noa"][0].event["SUMMARY"] == "Ehdotettu aika, mentorointitapaaminen: Maria Sandell"
    await act(pair.mentor, session, "schedule", starts_at=at(days=10))
    chosen = await told()
    assert {one.told for mails in chosen.values() for one in mails} == {("REQUEST", 2, "CONFIRMED")}
    assert chosen["maria"][0].event.start == moment(at(days=10))

    path = f"/v1/sessions/{session['id']}"
    answer = await pair.mentor.patch(path, json={"place": None}, headers=etag_of(await pair.mentor.get(path)))
    assert answer.status_code == 200, answer.text
    changed = await told()
    assert {one.told for mails in changed.values() for one in mails} == {("REQUEST", 3, "CONFIRMED")}
    assert changed["noa"][0].event["LOCATION"] == "https://meet.example/a?b=1;c,d"

    await act(pair.mentor, session, "cancel", reason_class="travel")
    gone = await told()
    assert {who: [one.told for one in mails] for who, mails in gone.items()} == {
        "noa": [("CANCEL", 4, "CANCELLED")], "maria": [("CANCEL", 4, "CANCELLED")],
    }  # fmt: skip
    assert gone["noa"][0].event.start == moment(at(days=10))
    assert "PARTSTAT" in gone["noa"][0].event["ATTENDEE"].params
    everything = [one for mails in (first, proposed, chosen, changed, gone) for ones in mails.values() for one in ones]
    assert len({str(one.event["UID"]) for one in everything}) == 1
    assert not re.search("travel|matka|resa", "".join(one.text for one in everything))


async def test_a_whole_arc_is_one_invitation_a_talk_to_each(pair, told):
    answer = await pair.mentor.post(f"/v1/pairs/{pair.pair_id}/arc")
    assert answer.status_code == 201, answer.text
    starts = [moment(one["starts_at"]) for one in answer.json()["items"]]
    assert len(starts) == 6
    found = await told()
    assert sorted(found) == ["maria", "noa"]
    for mails in found.values():
        assert [one.event.start for one in mails] == starts
        assert {one.told for one in mails} == {("REQUEST", 0, "CONFIRMED")}
        assert len({one.event["UID"] for one in mails}) == len({one.subject for one in mails}) == 6
    assert await told() == {}


async def leave_by_admin(api, world, who):
    path = f"/v1/people/{world[who].id}"
    answer = await api(world.admin).delete(path, headers=etag_of(await api(world.admin).get(path)))
    assert answer.status_code in (200, 204), answer.text


async def leave_by_scim(api, world, who):
    scim, _ = await connect(api, world.admin)
    created = await scim.post(
        "/Users", json={"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": world[who].email,
                        "externalId": f"{who}-idp", "displayName": world[who].display_name, "active": True},
    )  # fmt: skip
    assert created.status_code in (200, 201), created.text
    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "active", "value": False}],
    }
    answer = await scim.patch(f"/Users/{created.json()['id']}", json=patch)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("leave", [leave_by_admin, leave_by_scim])
async def test_a_leaver_takes_the_talks_out_of_the_others_calendar(pair, api, world, told, leave):
    await pair.plan(days=7)
    await pair.plan(days=40)
    assert len((await told())["maria"]) == 2
    await leave(api, world, "noa")
    found = await told()
    assert sorted(found) == ["maria"]  # nothing is mailed to somebody who left
    assert [one.told for one in found["maria"]] == [("CANCEL", 1, "CANCELLED")] * 2
    assert (await pair.mentee.get(f"/v1/pairs/{pair.pair_id}")).json()["state"] == "paused"
    assert await told(tick=True) == {}


async def test_a_leaver_of_a_pair_that_is_closing_takes_them_out_too(pair, api, world, databases, told):
    await pair.plan()
    await set_pair(databases.app, world["noa"], pair.pair_id, state="closing")
    await told()
    await leave_by_admin(api, world, "maria")
    found = await told()
    assert {who: [one.told for one in mails] for who, mails in found.items()} == {"noa": [("CANCEL", 1, "CANCELLED")]}
    assert (await pair.mentor.get(f"/v1/pairs/{pair.pair_id}")).json()["state"] == "closing"


@pytest.mark.parametrize("verb", ["end", "pause"])
async def test_an_end_withdraws_and_a_break_leaves_what_was_agreed(pair, told, verb):
    await pair.plan()
    await told()
    answer = await pair.mentor.post(f"/v1/pairs/{pair.pair_id}/{verb}")
    assert answer.status_code == 200, answer.text
    found = await told()
    wanted = [("CANCEL", 1, "CANCELLED")] if verb == "end" else []
    assert {who: [one.told for one in mails] for who, mails in found.items()} == (
        {"noa": wanted, "maria": wanted} if wanted else {}
    )


async def test_a_pair_on_hold_is_withdrawn_and_comes_back_under_the_same_name(pair, world, databases, told):
    await pair.plan()
    (before,) = (await told())["noa"]

    async def stand(state, fact):
        await set_pair(databases.app, world["noa"], pair.pair_id, state=state)
        async with databases.app.transaction(world["noa"].actor) as db:
            emit(db, fact, {"pair_id": str(pair.pair_id)})
        return (await told())["noa"]

    (held,) = await stand("suspended_conflict", "pair.suspended")
    (back,) = await stand("active", "pair.returned")
    assert [one.told for one in (before, held, back)] == [
        ("REQUEST", 0, "CONFIRMED"), ("CANCEL", 1, "CANCELLED"), ("REQUEST", 2, "CONFIRMED"),
    ]  # fmt: skip
    assert before.event["UID"] == held.event["UID"] == back.event["UID"]


async def test_who_books_for_the_executive_gets_no_invitation(pair, api, world, told):
    await pair.mentee.put("/v1/me/delegate", json={"person_id": str(world["saga"].id)})
    saga = api(world["saga"])
    answer = await saga.post(f"/v1/pairs/{pair.pair_id}/sessions", json=body())
    assert answer.status_code == 201, answer.text
    assert sorted(await told()) == ["maria", "noa"]
    await act(saga, answer.json(), "move", starts_at=at(days=9))
    moved = await told()
    assert {who: [one.told for one in mails] for who, mails in moved.items()} == {
        "noa": [("REQUEST", 1, "TENTATIVE")], "maria": [("REQUEST", 1, "TENTATIVE")],
    }  # fmt: skip
    assert "Saga" not in moved["noa"][0].text  # who moved it stays the pair's to read


async def test_what_is_booked_and_called_off_before_any_mail_tells_nothing(pair, told):
    await act(pair.mentor, await pair.plan(), "cancel", reason_class="illness")
    assert await told() == {}


async def test_a_talk_that_is_over_is_left_where_it_is(pair, told, clock):
    session = await pair.plan()
    await told()
    clock.freeze(session["ends_at"])
    assert (await pair.mentee.post(f"/v1/sessions/{session['id']}/hold")).status_code == 200
    assert (await pair.mentor.post(f"/v1/pairs/{pair.pair_id}/end")).status_code == 200
    assert await told(tick=True) == {}


async def test_facts_that_come_twice_tell_nothing_twice(pair, databases, told):
    await pair.plan()
    assert len((await told())["noa"]) == 1
    async with databases.worker.transaction() as db:
        facts = (await db.execute(select(OutboxFact.kind))).scalars().all()
        assert sorted(facts)[:2] == ["invite.due", "invite.due"]
        await db.execute(OutboxFact.__table__.update().values(relayed_at=None))
    assert await told() == {}


async def test_a_mail_server_that_is_away_delays_the_news_and_loses_and_doubles_none(
    pair, databases, told, mailbox, monkeypatch
):
    session = await pair.plan()
    with monkeypatch.context() as away:

        async def refuse(*_, **__):
            raise OSError("the mail server is away")

        away.setattr("aiosmtplib.send", refuse)
        with pytest.raises(OSError, match="away"):
            await run_due(databases.worker)
    # The queue keeps what failed; here the outbox hands it over again, with all that had worked.
    await act(pair.mentee, session, "move", starts_at=at(days=9))
    async with databases.worker.transaction() as db:
        await db.execute(OutboxFact.__table__.update().values(relayed_at=None))
    found = await told()
    assert {who: [one.told for one in mails] for who, mails in found.items()} == {
        "noa": [("REQUEST", 1, "TENTATIVE")], "maria": [("REQUEST", 1, "TENTATIVE")],
    }  # fmt: skip
    assert await told() == {}


async def test_no_word_of_the_two_is_in_an_invitation(pair, told):
    session = await pair.plan(kit="spar")
    marks = {"agenda": "Salainen-1", "spark": "Salainen-2"}
    await pair.mentor.put(f"/v1/sessions/{session['id']}/agenda", json={"text": marks["agenda"]})
    await pair.mentee.put(f"/v1/sessions/{session['id']}/spark", json={"text": marks["spark"]})
    mails = [one for ones in (await told()).values() for one in ones]
    assert len(mails) == 2
    for one in mails:
        written = one.text + one.subject + one.calendar.to_ical().decode()
        assert "Salainen" not in written
        assert "spar" not in written.lower().replace("sparar", "")


async def test_what_somebody_wrote_into_a_place_stays_a_place(pair, told):
    await pair.plan(place="=HYPERLINK(1),;x")
    (noa,) = (await told())["noa"]
    assert noa.event["LOCATION"] == "'=HYPERLINK(1),;x"
    assert len(noa.calendar.events) == 1


async def test_nobody_else_reads_from_the_log_of_mails_when_two_meet(pair, world, databases, told):
    await pair.plan()
    await told()

    async def seen(who):
        async with databases.app.transaction(who.actor) as db:
            return await db.scalar(select(func.count()).select_from(Delivery).where(Delivery.kind == "session.booked"))

    assert [await seen(who) for who in (world["noa"], world["maria"], world.admin, world.manager)] == [1, 1, 0, 0]
    async with databases.worker.transaction(world.system) as db:
        subjects = set(await db.scalars(select(Delivery.subject)))
        rows = (await db.scalars(select(CalendarInvite))).all()
    assert subjects == {"Mentorointitapaamisesi", "Din mentorsträff"}  # without the day
    assert [row.sequence for row in rows] == [0, 0]
