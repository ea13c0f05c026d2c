"""A no leaves no trace: two programmes that differ in a no alone look the same to everybody but its author."""

import json
import re
from typing import Any

import pytest
from pairs.programme import Programme, run_programme
from sqlalchemy import select
from support.contract import problem

from vuoro.identity import machines
from vuoro.identity import service as identity
from vuoro.identity.schemas import ApiClientIn, GrantIn
from vuoro.notifications.models import Delivery

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
START = "2026-12-01T08:00:00Z"
# Noa suits Maria best; Amina comes next, then Emil.
MENTORS, MENTEES = ["noa", "amina", "emil"], ["maria"]


def same_names(text: str, known: dict[str, str]) -> str:
    """The text with every id that is not a person's replaced by the order in which it first appears."""
    seen: dict[str, str] = {}
    return UUID_TEXT.sub(lambda found: known.get(found[0]) or seen.setdefault(found[0], f"id-{len(seen)}"), text)


class Watch:
    """Reads all that others than the one who answers may read of a programme."""

    def __init__(self, api: Any, world: Any, databases: Any, reader: str, hidden: str) -> None:
        self.world, self.databases = world, databases
        self.people = {str(member.id): member.key for member in world}
        others = ["noa", "maria", "amina", "jukka", "petra", "helena"]
        #: Everybody who could learn of it: the other side, bystanders, managers, HR, a sponsor, a machine.
        self.clients = {who: api(world[who]) for who in others if who != hidden} | {"machine": api(reader)}

    async def answers(self, program: Programme) -> str:
        """Every answer about this programme, ids by their order, ETags included."""
        lines = []
        pairs = [item["id"] for item in await program.pairs()]
        for who, client in self.clients.items():
            paths = [
                f"/v1/pairs?program_id={program.id}",
                f"/v1/pairs?program_id={program.id}&state=expired",
                f"/v1/programs/{program.id}",
                f"/v1/programs/{program.id}/dashboard",
                f"/v1/programs/{program.id}/enrollments",
                f"/v1/programs/{program.id}/unplaced",
                f"/v1/programs/{program.id}/match-runs",
                f"/v1/audit-log?program_id={program.id}",
                *(f"/v1/pairs/{id}{more}" for id in pairs for more in ("", "/history")),
            ]
            for path in paths:
                answer = await client.get(path)
                body = re.sub(r'"instance":"[^"]*"', "", answer.text)
                lines.append(f"{who} {path} {answer.status_code} {body}")
        return same_names("\n".join(lines), self.people)

    async def everything(self) -> str:
        """What is not of one programme: the page of today, the audit log, for each caller."""
        lines = []
        for who, client in self.clients.items():
            for path in ("/v1/me/today", "/v1/audit-log", "/v1/pairs", "/v1/programs"):
                answer = await client.get(path)
                lines.append(f"{who} {path} {answer.status_code} {answer.headers['etag']} {answer.text}")
        return "\n".join(lines)

    async def mails(self) -> list[tuple[Any, ...]]:
        """The delivery log, without ids."""
        async with self.databases.worker.transaction(self.world.system) as db:
            rows = await db.execute(
                select(Delivery.kind, Delivery.person_id, Delivery.state, Delivery.detail, Delivery.subject,
                       Delivery.created_at, Delivery.sent_at, Delivery.attempts)
            )  # fmt: skip
            return sorted((kind, self.people[str(person)], *map(str, rest)) for kind, person, *rest in rows)


@pytest.fixture
async def reader(api, databases, world):
    async with databases.app.transaction(world.system) as db:
        await identity.give(db, db.me, GrantIn(person_id=world["jukka"].id, role="sponsor"))
        client = await machines.add_client(
            db, db.me, ApiClientIn(name="BI", scopes=["people:read", "programs:read", "pairs:read"])
        )
    return await api.key(world.organization_id, client)


async def said_yes(api, world, program):
    (pair,) = await program.pairs()
    assert (await api(world["noa"]).post(f"/v1/pairs/{pair['id']}/accept")).json()["state"] == "asked_mentee"


CASES = {  # who says no, whether the mentor had said yes before
    "the mentor's no": ("noa", False),
    "the mentee's no": ("maria", True),
    "the mentor takes a yes back": ("noa", True),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_no_and_no_answer_look_the_same_to_everybody_else(api, world, databases, run_jobs, clock, reader, case):
    who, asked = CASES[case]
    clock.freeze(START)
    refused = await run_programme(api, world, run_jobs, MENTORS, MENTEES)
    ignored = await run_programme(api, world, run_jobs, MENTORS, MENTEES)
    (no,), (silence,) = await refused.pairs(), await ignored.pairs()
    assert no["mentor"]["id"] == silence["mentor"]["id"] == str(world["noa"].id)
    clock.advance(days=1)
    if asked:
        for program in (refused, ignored):
            await said_yes(api, world, program)
        await run_jobs()
    watch = Watch(api, world, databases, reader, who)
    clock.advance(days=1)
    before = await watch.everything()

    answer = await api(world[who]).post(f"/v1/pairs/{no['id']}/decline")
    assert answer.json()["state"] == "declined"
    problem(await api(world[who]).post(f"/v1/pairs/{no['id']}/decline"), 409, "illegal_transition")
    problem(await api(world[who]).post(f"/v1/pairs/{no['id']}/accept"), 409, "illegal_transition")
    await run_jobs()

    assert await watch.everything() == before  # not a byte of any answer changed at that moment
    for step in ({"hours": 1}, {"days": 2}, {"days": 4}, {"days": 2}):  # now, reminded, run out, the next one asked
        clock.advance(**step)
        await run_jobs(tick=True)
        left, right = await watch.answers(refused), await watch.answers(ignored)
        assert left == right
    states = {item["state"] for item in await refused.pairs()}
    assert "expired" in states
    assert "declined" not in states
    assert len(await refused.pairs()) > 1  # the next mentor was asked in both

    mails = await watch.mails()
    expected = {"pair.asked_mentor", "pair.reminder", *({"pair.offer_over"} if asked else ())}
    assert {kind for kind, *_ in mails} >= expected
    assert all(mails.count(mail) % 2 == 0 for mail in mails)  # each once for either programme
    audit = json.dumps((await api(world.admin).get("/v1/audit-log?limit=100")).json())
    assert no["id"] not in audit


async def test_whoever_said_no_is_done_with_it_at_once(api, world, run_jobs, clock):
    clock.freeze(START)
    program = await run_programme(api, world, run_jobs, MENTORS, MENTEES)
    (pair,) = await program.mine("noa")
    noa = api(world["noa"])
    await noa.post(f"/v1/pairs/{pair['id']}/decline")
    assert (await noa.get("/v1/me/today")).json()["pairs"] == []
    assert [item["state"] for item in await program.mine("noa")] == ["declined"]
    for state, count in (("declined", 1), ("asked_mentor", 0), ("expired", 0)):
        found = await noa.get("/v1/pairs", params={"program_id": program.id, "state": state})
        assert len(found.json()["items"]) == count, state
    clock.advance(days=3)
    await run_jobs(tick=True)
    clock.advance(days=5)
    await run_jobs(tick=True)
    steps = (await noa.get(f"/v1/pairs/{pair['id']}/history")).json()["items"]
    assert [step["state"] for step in steps] == ["asked_mentor", "declined"]
    assert not (await noa.get(f"/v1/pairs/{pair['id']}")).json()["can"]["accept"]["allowed"]


async def test_a_yes_after_the_others_no_finds_the_offer_run_out(api, world, run_jobs, clock):
    clock.freeze(START)
    program = await run_programme(api, world, run_jobs, MENTORS, MENTEES)
    await said_yes(api, world, program)
    (pair,) = await program.pairs()
    path, maria = f"/v1/pairs/{pair['id']}", api(world["maria"])
    await api(world["noa"]).post(f"{path}/decline")
    manager = (await api(world.manager).get(path)).json()
    assert (await maria.get(path)).json()["can"]["accept"]["allowed"]
    for _ in range(2):
        answer = await maria.post(f"{path}/accept", headers={"Idempotency-Key": "late"})
        assert problem(answer, 409, "illegal_transition")["params"] == {"state": "expired", "legal": []}
    assert (await maria.get(path)).json()["state"] == "expired"
    assert (await api(world.manager).get(path)).json() == manager
    assert manager["state"] == "asked_mentee"


async def test_a_reminder_goes_to_whoever_is_asked_and_to_nobody_who_answered(
    api, world, run_jobs, clock, databases, mailbox
):
    clock.freeze(START)
    await run_programme(api, world, run_jobs, MENTORS, MENTEES)
    refused = await run_programme(api, world, run_jobs, MENTORS, MENTEES)
    (pair,) = await refused.pairs()
    await api(world["noa"]).post(f"/v1/pairs/{pair['id']}/decline")
    mailbox.clear()
    clock.advance(days=3)
    await run_jobs(tick=True)
    clock.advance(hours=1)
    await run_jobs(tick=True)  # once, not at every sweep
    assert [mail["To"] for mail in mailbox] == [world["noa"].email]
    assert mailbox[0]["Subject"] == "Ehdotus odottaa vastaustasi"
    async with databases.worker.transaction(world.system) as db:
        rows = await db.scalars(select(Delivery.state).where(Delivery.kind == "pair.reminder"))
        assert rows.all() == ["private", "private"]


async def test_a_mentor_whose_yes_found_no_answer_is_told_kindly_and_one_who_took_it_back_is_not(
    api, world, run_jobs, clock, mailbox
):
    clock.freeze(START)
    for takes_back in (False, True):
        program = await run_programme(api, world, run_jobs, ["noa"], ["maria"])
        await said_yes(api, world, program)
        if takes_back:
            (pair,) = await program.pairs()
            await api(world["noa"]).post(f"/v1/pairs/{pair['id']}/decline")
    await run_jobs()
    mailbox.clear()
    clock.advance(days=8)
    await run_jobs(tick=True)
    assert [(mail["To"], mail["Subject"]) for mail in mailbox] == [(world["noa"].email, "Ehdotus on rauennut")]
