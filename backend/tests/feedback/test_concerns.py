"""Concerns: from a person to one safeguarding contact, and no trace of them anywhere else."""

import asyncio

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError
from support.contract import problem

from vuoro.core.history import AuditEntry, StateChange
from vuoro.feedback.models import Concern
from vuoro.identity import service as identity
from vuoro.identity.models import Grant
from vuoro.identity.schemas import GrantIn
from vuoro.notifications.models import Delivery

SECRET = "Huolen salaisuus 5523"
ANSWER = "Vastauksen salaisuus 9911"


@pytest.fixture
async def contacts(databases, world):
    """Jukka (above Noa in the line), Linh and Veera are safeguarding contacts of the organization."""
    async with databases.app.transaction(world.admin.actor) as db:
        for key in ("jukka", "linh", "veera"):
            await identity.give(db, db.me, GrantIn(person_id=world[key].id, role="safeguarding_contact"))


async def raise_concern(client, **more):
    return await client.post("/v1/concerns", json={"text": SECRET, "about": "pair", "wants_contact": True, **more})


async def test_a_person_chooses_among_contacts_and_is_warned_of_their_own_line(contacts, api, world):
    items = (await api(world["noa"]).get("/v1/concerns/contacts")).json()["items"]
    assert [(one["person"]["display_name"], one["in_my_line"]) for one in items] == [
        ("Linh Tran", False), ("Veera Salo", False), ("Jukka Lahti", True)
    ]  # fmt: skip
    own = (await api(world["linh"]).get("/v1/concerns/contacts")).json()["items"]
    assert [one["person"]["display_name"] for one in own] == ["Veera Salo", "Jukka Lahti"]


async def test_author_and_contact_read_it_and_nobody_else(contacts, api, world):
    noa, veera = api(world["noa"]), api(world["veera"])
    raised = await raise_concern(noa, contact_id=str(world["veera"].id))
    assert raised.status_code == 201
    concern = raised.json()
    assert (concern["text"], concern["state"], concern["mine"], concern["answer"]) == (SECRET, "open", True, None)
    assert concern["can"] == {}
    path = f"/v1/concerns/{concern['id']}"
    read = (await veera.get(path)).json()
    assert (read["text"], read["mine"], read["author"]["display_name"]) == (SECRET, False, "Noa Virtanen")
    assert set(read["can"]) == {"acknowledge", "close"}
    assert [one["id"] for one in (await veera.get("/v1/concerns")).json()["items"]] == [concern["id"]]
    for key in ("petra", "helena", "olli", "jukka", "linh", "maria"):
        problem(await api(world[key]).get(path), 404, "not_found")
        assert (await api(world[key]).get("/v1/concerns")).json()["items"] == []
        for verb, body in (("acknowledge", None), ("close", {"answer": ANSWER})):
            problem(await api(world[key]).post(f"{path}/{verb}", json=body), 404, "not_found")


async def test_without_a_choice_it_goes_to_a_contact_outside_the_authors_line(contacts, api, world):
    concern = (await raise_concern(api(world["noa"]))).json()
    assert concern["contact"]["display_name"] == "Linh Tran"


async def test_when_all_contacts_stand_above_the_author_they_choose_for_themselves(api, databases, world):
    noa = api(world["noa"])
    problem(await raise_concern(noa), 409, "no_contact")
    async with databases.app.transaction(world.admin.actor) as db:
        await identity.give(db, db.me, GrantIn(person_id=world["jukka"].id, role="safeguarding_contact"))
    problem(await raise_concern(noa), 409, "no_contact")
    assert (await raise_concern(noa, contact_id=str(world["jukka"].id))).status_code == 201


async def test_who_manages_a_programme_is_no_contact_whatever_the_grants_say(contacts, api, databases, world):
    async with databases.app.transaction(world.admin.actor) as db:
        db.add(Grant(organization_id=world.organization_id, person_id=world["linh"].id, role="programme_manager",
                     program_id=None, unit_id=None))  # fmt: skip
    noa = api(world["noa"])
    items = (await noa.get("/v1/concerns/contacts")).json()["items"]
    assert "Linh Tran" not in [one["person"]["display_name"] for one in items]
    problem(await raise_concern(noa, contact_id=str(world["linh"].id)), 422, "validation_failed")


@pytest.mark.parametrize("whom", ["petra", "noa", "maria", "other_admin"])
async def test_only_a_contact_can_be_addressed(contacts, api, world, whom):
    person = world.other_admin if whom == "other_admin" else world[whom]
    problem(await raise_concern(api(world["noa"]), contact_id=str(person.id)), 422, "validation_failed")


async def test_a_programs_contact_is_offered_for_that_program_alone(programme, api, databases, world):
    async with databases.app.transaction(world.admin.actor) as db:
        await identity.give(
            db, db.me,
            GrantIn(person_id=world["ville"].id, role="safeguarding_contact", program_id=programme.program_id),
        )  # fmt: skip
    noa = programme.clients["noa"]
    assert (await noa.get("/v1/concerns/contacts")).json()["items"] == []
    found = await noa.get("/v1/concerns/contacts", params={"program_id": str(programme.program_id)})
    assert [one["person"]["display_name"] for one in found.json()["items"]] == ["Ville Ranta"]
    assert (await raise_concern(noa, program_id=str(programme.program_id))).status_code == 201
    problem(await raise_concern(api(world["linh"]), program_id=str(programme.program_id)), 404, "not_found")


async def test_the_name_stays_away_from_a_contact_when_no_contact_is_wanted(contacts, api, world):
    raised = await raise_concern(api(world["noa"]), contact_id=str(world["veera"].id), wants_contact=False)
    read = await api(world["veera"]).get(f"/v1/concerns/{raised.json()['id']}")
    assert read.json()["author"] is None
    assert str(world["noa"].id) not in read.text
    assert "Noa" not in read.text


async def test_it_is_acknowledged_and_closed_with_an_answer(contacts, api, world):
    noa, veera = api(world["noa"]), api(world["veera"])
    path = f"/v1/concerns/{(await raise_concern(noa, contact_id=str(world['veera'].id))).json()['id']}"
    problem(await noa.post(f"{path}/acknowledge"), 403, "forbidden")
    assert (await veera.post(f"{path}/acknowledge")).json()["state"] == "acknowledged"
    wrong = problem(await veera.post(f"{path}/acknowledge"), 409, "illegal_transition")
    assert wrong["params"] == {"state": "acknowledged", "legal": ["closed"]}
    assert (await veera.post(f"{path}/close", json={"answer": ANSWER})).json()["can"]["close"]["allowed"] is False
    seen = (await noa.get(path)).json()
    assert (seen["state"], seen["answer"]) == ("closed", ANSWER)
    assert seen["acknowledged_at"] is not None
    problem(await veera.post(f"{path}/close", json={"answer": ANSWER}), 409, "illegal_transition")


async def test_closed_twice_at_once_has_one_answer(contacts, api, world):
    veera = api(world["veera"])
    concern = (await raise_concern(api(world["noa"]), contact_id=str(world["veera"].id))).json()
    sent = [veera.post(f"/v1/concerns/{concern['id']}/close", json={"answer": f"Nr {number}"}) for number in range(4)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*sent)) == [200, 409, 409, 409]


async def test_a_contact_who_is_none_any_more_reads_it_no_longer(contacts, api, databases, world):
    concern = (await raise_concern(api(world["noa"]), contact_id=str(world["veera"].id))).json()
    async with databases.app.transaction(world.admin.actor) as db:
        await db.execute(text("delete from grants where person_id = :veera"), {"veera": world["veera"].id})
    problem(await api(world["veera"]).get(f"/v1/concerns/{concern['id']}"), 404, "not_found")


async def test_its_mail_says_nothing_and_no_log_that_others_read_knows_of_it(contacts, api, databases, world, run_jobs):
    """Neither audit, nor histories, nor the log of mails: not even that there is one."""
    async with databases.app.transaction(world.admin.actor) as db:
        before = [await db.scalar(select(func.count()).select_from(table)) for table in (AuditEntry, StateChange)]
    veera = api(world["veera"])
    concern = (await raise_concern(api(world["noa"]), contact_id=str(world["veera"].id))).json()
    assert await run_jobs() == ["concern.raised"]
    await veera.post(f"/v1/concerns/{concern['id']}/acknowledge")
    await veera.post(f"/v1/concerns/{concern['id']}/close", json={"answer": ANSWER})
    await run_jobs()
    async with databases.worker.transaction(world.system) as db:
        mail = (await db.scalars(select(Delivery))).one()
        assert (mail.person_id, mail.subject) == (world["veera"].id, "Sinulle on jotain Vuorossa")
    for who in (world.admin, world.manager, world["veera"], world["noa"]):
        async with databases.app.transaction(who.actor) as db:
            after = [await db.scalar(select(func.count()).select_from(table)) for table in (AuditEntry, StateChange)]
            assert after == before
            assert await db.scalar(select(func.count()).select_from(Delivery)) == 0


async def test_the_mail_speaks_the_contacts_language(contacts, databases, world):
    from vuoro.core.words import LOCALES, translate
    from vuoro.notifications.mails import MAILS

    mail = MAILS["concern.raised"]
    for part in (mail.subject, mail.text):
        assert len({translate(locale, part) for locale in LOCALES}) == 3
        assert all("concern" not in translate(locale, part).lower() for locale in LOCALES)
    assert "{link}" in translate("fi", mail.text)


async def test_raw_sql_shows_a_concern_to_the_two_alone_and_as_ciphertext(contacts, api, databases, world):
    await raise_concern(api(world["noa"]), contact_id=str(world["veera"].id))
    for key, count in (("noa", 1), ("veera", 1), ("linh", 0), ("petra", 0), ("helena", 0), ("olli", 0)):
        async with databases.app.transaction(world[key].actor) as db:
            assert await db.scalar(select(func.count(Concern.id))) == count
    async with databases.app.transaction(world["noa"].actor) as db:
        assert SECRET.encode() not in await db.scalar(text("select text from concerns"))


async def test_nobody_raises_one_in_anothers_name_or_rewrites_its_text(contacts, api, databases, world):
    await raise_concern(api(world["noa"]), contact_id=str(world["veera"].id))
    for statement in (
        "insert into concerns"
        " (organization_id, id, author_id, contact_id, about, wants_contact, state, text, created_at)"
        " select organization_id, gen_random_uuid(), author_id, contact_id, about, true, 'open', text, created_at"
        " from concerns",
        "update concerns set text = 'x'",
    ):
        with pytest.raises(ProgrammingError, match=r"row-level security|permission denied"):
            async with databases.app.transaction(world["veera"].actor) as db:
                await db.execute(text(statement))


@pytest.mark.parametrize("wrong", [
    {"text": ""}, {"text": "   "}, {"text": SECRET * 400}, {"text": SECRET + "\0"}, {"about": "boss"},
    {"wants_contact": None}, {"contact_id": "x"}, {"anonymous": True},
])  # fmt: skip
async def test_a_wrong_concern_is_refused_without_its_content(contacts, api, world, wrong):
    refused = await raise_concern(api(world["noa"]), **wrong)
    problem(refused, 422, "validation_failed")
    assert SECRET not in refused.text
