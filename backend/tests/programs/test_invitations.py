"""Invitations by name: who is asked, what they read and answer, and what happens when they do not."""

import asyncio

import pytest
from programs.joining import apply, opened, step
from sqlalchemy import select
from support.contract import problem

from vuoro.notifications.models import Delivery


@pytest.fixture
async def program(api, world):
    return await opened(api, world)


async def invite(api, world, program, *people, **headers):
    body = {"people": list(people)}
    return await api(world.manager, **headers).post(f"{program}/invitations", json=body)


def by_id(world, who, role="mentor"):
    return {"person_id": str(world[who].id), "role": role}


def by_mail(world, who, role="mentor"):
    return {"work_email": world[who].email.upper(), "role": role}


async def invitations(api, world, program, **query):
    return (await api(world.manager).get(f"{program}/invitations", params=query)).json()["items"]


async def mine(api, world, program, who):
    return (await api(world[who]).get(f"{program}/enrollments")).json()["items"][0]


async def test_a_list_says_line_by_line_what_became_of_everybody(api, world, program, clock):
    clock.freeze("2026-11-25T08:00:00Z")
    await apply(api, world, program, "amina")
    answer = await invite(
        api, world, program,
        by_id(world, "noa"), by_mail(world, "maria", "mentee"), by_id(world, "amina"), by_id(world, "leo"),
        {"work_email": "nobody@nordlys.example", "role": "mentor"}, by_id(world, "kaisa"),
        {"person_id": str(world.other_person.id), "role": "mentor"}, by_mail(world, "noa"),
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    lines = answer.json()["items"]
    assert [(line["outcome"], line["rule"]) for line in lines] == [
        ("invited", None), ("invited", None), ("already", None), ("not_eligible", "tenure_too_short"),
        ("unknown", None), ("unknown", None), ("unknown", None), ("already", None),
    ]  # fmt: skip
    assert (answer.json()["invited"], lines[1]["person"]["display_name"]) == (2, "Maria Sandell")
    found = await invitations(api, world, program)
    assert {(one["person"]["display_name"], one["role"], one["state"]) for one in found} == {
        ("Noa Virtanen", "mentor", "pending"),
        ("Maria Sandell", "mentee", "pending"),
    }


async def test_a_repeated_request_gives_the_same_answer_and_asks_nobody_twice(api, world, program, run_jobs):
    first = await invite(api, world, program, by_id(world, "noa"), idempotency_key="once")
    again = await invite(api, world, program, by_id(world, "noa"), idempotency_key="once")
    assert first.json() == again.json()
    assert (await run_jobs()).count("enrollment.invited") == 1
    without = await invite(api, world, program, by_id(world, "noa"))
    assert without.json()["items"][0]["outcome"] == "already"


async def test_the_invited_get_a_mail_in_their_language_with_a_link(api, world, program, run_jobs, databases):
    made = (await invite(api, world, program, by_id(world, "noa"), by_id(world, "saga"))).json()
    await run_jobs()
    async with databases.worker.transaction(world.system) as db:
        mails = (await db.scalars(select(Delivery).where(Delivery.kind == "enrollment.invited"))).all()
    assert {(mail.person_id, mail.subject) for mail in mails} == {
        (world["noa"].id, "Kutsu käänteismentorointiin"),
        (world["saga"].id, "Inbjudan till omvänt mentorskap"),
    }
    assert made["invited"] == 2


async def test_an_invited_person_reads_why_and_takes_it_up(api, world, program):
    await invite(api, world, program, by_id(world, "noa"))
    enrollment = await mine(api, world, program, "noa")
    assert (enrollment["state"], enrollment["can"]["apply"]["allowed"]) == ("invited", True)
    today = (await api(world["noa"]).get("/v1/me/today")).json()["actions"]
    assert [(action["kind"], action["link"]) for action in today] == [
        ("answer_invitation", f"/invitations/{enrollment['id']}")
    ]
    path = f"/v1/enrollments/{enrollment['id']}/invitation"
    card = (await api(world["noa"]).get(path)).json()
    assert (card["program"], card["role"], len(card["why"]), set(card["can"])) == (
        "Turn", "mentor", 6, {"apply", "decline"},
    )  # fmt: skip
    assert all(text[language] for text in card["why"] + card["asked"] for language in ("fi", "sv", "en"))
    problem(await api(world.manager).get(path), 403, "forbidden")
    problem(await api(world["emil"]).get(path), 404, "not_found")
    taken = await step(api, world["noa"], enrollment, "apply")
    assert taken.json()["state"] == "applied"
    assert [one["state"] for one in await invitations(api, world, program)] == ["accepted"]
    problem(await api(world["noa"]).get(path), 404, "not_found")


async def test_applying_in_the_usual_way_takes_an_invitation_up_too(api, world, program):
    await invite(api, world, program, by_id(world, "noa"))
    answer = await apply(api, world, program, "noa", topics=["strategy"])
    assert (answer.json()["state"], answer.json()["topics"]) == ("applied", ["strategy"])
    assert [one["state"] for one in await invitations(api, world, program)] == ["accepted"]


async def test_a_no_to_an_invitation_is_a_state_without_a_reason_and_no_line_of_the_audit_log(api, world, program):
    await invite(api, world, program, by_id(world, "noa"))
    enrollment = await mine(api, world, program, "noa")
    assert (await step(api, world["noa"], enrollment, "decline")).json()["state"] == "declined"
    seen = await invitations(api, world, program, state="declined")
    assert [one["person"]["id"] for one in seen] == [str(world["noa"].id)]
    log = (await api(world.admin).get("/v1/audit-log?limit=100")).json()["items"]
    assert "invitation.create_many" in {line["action"] for line in log}
    assert str(world["noa"].id) not in {line["actor_id"] for line in log}


async def test_nobody_answers_for_the_invited(api, world, program):
    await invite(api, world, program, by_id(world, "noa"))
    enrollment = await mine(api, world, program, "noa")
    for verb in ("apply", "decline", "approve"):
        problem(await step(api, world.manager, enrollment, verb), 409, "illegal_transition")


async def test_an_invitation_lapses_after_two_weeks_and_the_person_may_be_asked_again(
    api, world, program, clock, run_jobs
):
    clock.freeze("2026-11-25T08:00:00Z")
    await invite(api, world, program, by_id(world, "noa"))
    clock.advance(days=13, hours=23)
    await run_jobs(tick=True)
    assert [one["state"] for one in await invitations(api, world, program)] == ["pending"]
    clock.advance(hours=1)
    await run_jobs(tick=True)
    assert [one["state"] for one in await invitations(api, world, program)] == ["expired"]
    assert (await mine(api, world, program, "noa"))["state"] == "withdrawn"
    again = (await invite(api, world, program, by_id(world, "noa"))).json()["items"][0]
    assert again["outcome"] == "invited"
    assert (await mine(api, world, program, "noa"))["state"] == "invited"
    assert [one["state"] for one in await invitations(api, world, program)] == ["pending", "expired"]


async def test_whoever_said_no_is_not_asked_again_the_same_day(api, world, program, clock):
    clock.freeze("2026-11-25T08:00:00Z")
    await invite(api, world, program, by_id(world, "noa"))
    await step(api, world["noa"], await mine(api, world, program, "noa"), "decline")
    line = (await invite(api, world, program, by_id(world, "noa"))).json()["items"][0]
    assert (line["outcome"], line["rule"]) == ("not_eligible", "asked_recently")
    clock.advance(days=3)
    assert (await invite(api, world, program, by_id(world, "noa"))).json()["invited"] == 1


async def test_an_invitation_goes_out_again_after_three_days_at_the_earliest(api, world, program, clock, run_jobs):
    clock.freeze("2026-11-25T08:00:00Z")
    await invite(api, world, program, by_id(world, "noa"))
    one = (await invitations(api, world, program))[0]
    assert one["can"]["resend"] == {"allowed": False, "reason": "sent_recently"}
    path = f"/v1/invitations/{one['id']}/resend"
    early = problem(await api(world.manager).post(path), 409, "sent_recently")
    assert early["params"]["next_at"].startswith("2026-11-28T08:00")
    clock.advance(days=3)
    await run_jobs()
    sent = (await api(world.manager).post(path)).json()
    assert (sent["sent_at"][:10], sent["due_at"][:10]) == ("2026-11-28", "2026-12-12")
    assert await run_jobs() == ["enrollment.invited"]


async def test_a_revoked_invitation_sends_no_mail_and_cannot_be_taken_up(api, world, program, run_jobs, databases):
    await invite(api, world, program, by_id(world, "noa"))
    one = (await invitations(api, world, program))[0]
    path = f"/v1/invitations/{one['id']}/revoke"
    problem(await api(world["noa"]).post(path), 404, "not_found")
    assert (await api(world.manager).post(path)).json()["state"] == "revoked"
    problem(await api(world.manager).post(path), 409, "illegal_transition")
    await run_jobs()
    async with databases.worker.transaction(world.system) as db:
        assert (await db.scalars(select(Delivery.id))).all() == []


async def test_a_manager_who_is_invited_may_take_their_own_invitation_back(api, world, program):
    await invite(api, world, program, by_id(world, "petra"))
    one = (await invitations(api, world, program))[0]
    answer = await api(world.manager).post(f"/v1/invitations/{one['id']}/revoke")
    assert answer.json()["state"] == "revoked"


async def test_invitations_are_for_managers_and_open_programs(api, world, program):
    body = {"people": [by_id(world, "noa")]}
    problem(await api(world["noa"]).post(f"{program}/invitations", json=body), 403, "forbidden")
    problem(await api(world["noa"]).get(f"{program}/invitations"), 403, "forbidden")
    problem(await api(world.other_admin).post(f"{program}/invitations", json=body), 404, "not_found")
    draft = (await api(world.manager).post("/v1/programs", json={"name": "T", "template": "taster"})).json()["id"]
    answer = await api(world.manager).post(f"/v1/programs/{draft}/invitations", json=body)
    assert problem(answer, 409, "program_not_open")["params"] == {"state": "draft"}


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ({"role": "mentor"}, "/people/0"),
        ({"role": "mentor", "work_email": "noa"}, "/people/0/work_email"),
        ({"role": "boss", "work_email": "noa@nordlys.example"}, "/people/0/role"),
    ],
)
async def test_a_line_that_names_nobody_is_told_by_its_place(api, world, program, line, pointer):
    answer = await invite(api, world, program, line)
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == pointer
    answer = await invite(api, world, program, *[by_id(world, "noa")] * 501)
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/people"


async def test_two_managers_who_invite_at_once_ask_once(api, world, program, run_jobs):
    answers = await asyncio.gather(*[invite(api, world, program, by_id(world, "noa")) for _ in range(4)])
    assert sorted(answer.json()["items"][0]["outcome"] for answer in answers) == ["already"] * 3 + ["invited"]
    assert len(await invitations(api, world, program)) == 1


async def test_five_hundred_people_are_asked_in_few_statements(api, world, program, statements):
    people = [by_id(world, who.key) for who in world] + [
        {"work_email": f"nobody{number}@nordlys.example", "role": "mentee"} for number in range(480)
    ]
    with statements() as sent:
        answer = await invite(api, world, program, *people[:500])
    assert answer.json()["invited"] > 10
    assert len(sent) < 35


async def test_a_leaver_waits_for_no_place_any_more(api, world, program):
    await invite(api, world, program, by_id(world, "noa"))
    await apply(api, world, program, "emil")
    for who in ("noa", "emil"):
        path = f"/v1/people/{world[who].id}"
        tag = {"If-Match": (await api(world.admin).get(path)).headers["etag"]}
        assert (await api(world.admin).delete(path, headers=tag)).status_code == 204
    rows = (await api(world.manager).get(f"{program}/enrollments")).json()["items"]
    assert {row["state"] for row in rows} == {"withdrawn"}
    assert [one["state"] for one in await invitations(api, world, program)] == ["revoked"]
