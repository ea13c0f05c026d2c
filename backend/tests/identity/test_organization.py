"""The organization, its roles, its machines, and what each person chose."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import select
from support.contract import etag_of, problem

from vuoro.core.history import AuditEntry
from vuoro.identity import machines
from vuoro.identity.schemas import ApiClientIn


async def audit(databases, world):
    async with databases.app.transaction(world.system) as db:
        entries = await db.scalars(select(AuditEntry).order_by(AuditEntry.at, AuditEntry.id))
        return [(entry.action, entry.actor_id, entry.subject_id) for entry in entries]


class TestOrganization:
    async def test_everybody_reads_it_and_only_admins_may_edit(self, api, world):
        for who, allowed in (("noa", False), ("petra", False), ("helena", True)):
            body = (await api(world[who]).get("/v1/organization")).json()
            assert (body["name"], body["can"]["edit"]["allowed"]) == ("Nordlys", allowed)

    async def change(self, api, who, **body):
        client = api(who)
        return await client.patch("/v1/organization", json=body, headers=etag_of(await client.get("/v1/organization")))

    async def test_an_admin_changes_it_and_the_log_says_so(self, api, world, databases):
        answer = await self.change(api, world.admin, name="Nordlys Oyj", locales=["fi", "en"], default_locale="fi")
        assert (answer.json()["name"], answer.json()["default_locale"]) == ("Nordlys Oyj", "fi")
        assert (await audit(databases, world))[-1] == ("organization.change", world.admin.id, world.organization_id)

    async def test_of_two_changes_at_once_one_wins(self, api, world):
        admin = api(world.admin)
        tag = etag_of(await admin.get("/v1/organization"))
        answers = [await admin.patch("/v1/organization", json={"name": name}, headers=tag) for name in ("A", "B")]
        assert [answer.status_code for answer in answers] == [200, 412]

    async def test_others_may_not(self, api, world):
        for who in ("noa", "petra", "astrid"):
            problem(await self.change(api, world[who], name="X"), 403, "forbidden")

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"time_zone": "Mars/Olympus"}, "/time_zone"),
            ({"locales": ["fi"], "default_locale": "en"}, "/default_locale"),
            ({"locales": []}, "/locales"),
            ({"locales": ["de"]}, "/locales/0"),
            ({"name": ""}, "/name"),
            ({"name": None}, "/name"),
            ({"slug": "other"}, "/slug"),
        ],
    )
    async def test_what_it_cannot_be_is_422_at_its_place(self, api, world, body, pointer):
        fault = problem(await self.change(api, world.admin, **body), 422, "validation_failed")
        assert [error["pointer"] for error in fault["errors"]] == [pointer]


class TestGrants:
    async def give(self, api, world, who, role, **more):
        return await api(world.admin).post(
            "/v1/organization/grants", json={"person_id": str(world[who].id), "role": role, **more}
        )

    async def test_a_role_acts_from_the_next_request_on_and_ends_with_it(self, api, world, databases):
        noa = api(world["noa"])
        problem(await noa.get("/v1/organization/grants"), 403, "forbidden")
        grant = (await self.give(api, world, "noa", "organization_admin")).json()
        assert (await noa.get("/v1/organization/grants")).status_code == 200
        path = f"/v1/organization/grants/{grant['id']}"
        assert (await api(world.admin).delete(path)).status_code == 204
        problem(await noa.get("/v1/organization/grants"), 403, "forbidden")
        actions = [(action, subject) for action, _, subject in await audit(databases, world)]
        assert actions[-2:] == [
            ("grant.give.organization_admin", world["noa"].id), ("grant.take.organization_admin", world["noa"].id),
        ]  # fmt: skip

    async def test_the_list_can_be_narrowed_to_one_person(self, api, world):
        admin = api(world.admin)
        everyone = (await admin.get("/v1/organization/grants")).json()["items"]
        assert {(grant["person_id"], grant["role"]) for grant in everyone} == {
            (str(world["helena"].id), "organization_admin"), (str(world["petra"].id), "programme_manager"),
        }  # fmt: skip
        one = (await admin.get("/v1/organization/grants", params={"person_id": str(world["petra"].id)})).json()["items"]
        assert [grant["role"] for grant in one] == ["programme_manager"]

    async def test_the_same_role_twice_is_409(self, api, world):
        problem(await self.give(api, world, "petra", "programme_manager"), 409, "grant_exists")

    async def test_a_key_whose_role_was_taken_away_since_finds_nothing(self, api, world):
        admin, body = api(world.admin), {"person_id": str(world["noa"].id), "role": "sponsor"}
        headers = {"Idempotency-Key": "k1"}
        made = await admin.post("/v1/organization/grants", json=body, headers=headers)
        await admin.delete(f"/v1/organization/grants/{made.json()['id']}")
        problem(await admin.post("/v1/organization/grants", json=body, headers=headers), 404, "not_found")

    async def test_a_safeguarding_contact_never_manages_the_programme(self, api, world):
        problem(await self.give(api, world, "petra", "safeguarding_contact"), 409, "roles_clash")
        assert (await self.give(api, world, "noa", "safeguarding_contact")).status_code == 201
        problem(await self.give(api, world, "noa", "programme_manager"), 409, "roles_clash")

    async def test_a_person_or_program_of_nobody_or_of_others_is_422(self, api, world):
        admin = api(world.admin)
        for body in (
            {"person_id": str(uuid4()), "role": "sponsor"},
            {"person_id": str(world.other_person.id), "role": "sponsor"},
            {"person_id": str(world["noa"].id), "role": "sponsor", "program_id": str(uuid4())},
        ):
            problem(await admin.post("/v1/organization/grants", json=body), 422, "validation_failed")

    async def test_nobody_takes_their_own_admin_role_away(self, api, world):
        admin = api(world.admin)
        grants = (await admin.get("/v1/organization/grants")).json()["items"]
        own = next(grant["id"] for grant in grants if grant["person_id"] == str(world.admin.id))
        problem(await admin.delete(f"/v1/organization/grants/{own}"), 409, "conflict")

    async def test_a_role_of_another_organization_is_404(self, api, world):
        grants = (await api(world.admin).get("/v1/organization/grants")).json()["items"]
        problem(await api(world.other_admin).delete(f"/v1/organization/grants/{grants[0]['id']}"), 404, "not_found")


class TestPreferences:
    async def test_the_first_choice_has_version_zero_to_match(self, api, world):
        noa = api(world["noa"])
        read = await noa.get("/v1/me/preferences")
        assert read.json() == {"locale": None, "time_zone": None, "version": 0}
        made = await noa.patch("/v1/me/preferences", json={"locale": "sv"}, headers=etag_of(read))
        assert made.json() == {"locale": "sv", "time_zone": None, "version": 1}
        cleared = await noa.patch(
            "/v1/me/preferences", json={"locale": None, "time_zone": "Asia/Tokyo"}, headers=etag_of(made)
        )
        assert cleared.json() == {"locale": None, "time_zone": "Asia/Tokyo", "version": 2}
        problem(await noa.patch("/v1/me/preferences", json={}, headers=etag_of(made)), 412, "precondition_failed")

    async def test_of_two_first_choices_at_once_one_wins(self, api, world):
        noa = api(world["noa"])
        tag = etag_of(await noa.get("/v1/me/preferences"))
        answers = await asyncio.gather(
            *[noa.patch("/v1/me/preferences", json={"locale": code}, headers=tag) for code in ("fi", "sv", "en")]
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412]

    async def test_what_cannot_be_chosen_is_422(self, api, world):
        noa = api(world["noa"])
        tag = etag_of(await noa.get("/v1/me/preferences"))
        for body in ({"locale": "de"}, {"time_zone": "Mars/Olympus"}, {"theme": "dark"}):
            problem(await noa.patch("/v1/me/preferences", json=body, headers=tag), 422, "validation_failed")

    async def test_a_machine_has_none(self, api, world, databases):
        async with databases.app.transaction(world.system) as db:
            client = await machines.add_client(db, db.me, ApiClientIn(name="HRIS", scopes=["people:read"]))
        problem(await api(await api.key(world.organization_id, client)).get("/v1/me/preferences"), 403, "forbidden")


class TestMachines:
    @pytest.fixture
    async def client_id(self, databases, world):
        async with databases.app.transaction(world.system) as db:
            return await machines.add_client(db, db.me, ApiClientIn(name="HRIS", scopes=["people:read"]))

    async def test_a_key_opens_what_its_scopes_name(self, api, world, client_id):
        machine = api(await api.key(world.organization_id, client_id))
        assert len((await machine.get("/v1/people")).json()["items"]) == 20
        problem(await machine.post("/v1/people", json={"external_id": "x", "display_name": "x"}), 403, "forbidden")
        problem(await machine.get("/v1/organization/grants"), 403, "forbidden")

    async def test_a_revoked_key_is_401_at_the_next_request(self, api, world, client_id):
        machine = api(await api.key(world.organization_id, client_id))
        assert (await machine.get("/v1/people")).status_code == 200
        assert (await api(world.admin).delete(f"/v1/api-clients/{client_id}")).status_code == 204
        problem(await machine.get("/v1/people"), 401, "unauthenticated")
        listed = (await api(world.admin).get("/v1/api-clients")).json()["items"]
        assert [(client["name"], client["revoked_at"] is None) for client in listed] == [("HRIS", False)]

    async def test_the_list_never_shows_a_secret(self, api, world, client_id):
        key = await api.key(world.organization_id, client_id)
        assert key not in (await api(world.admin).get("/v1/api-clients")).text

    async def test_only_admins_of_the_same_organization_see_and_end_machines(self, api, world, client_id):
        path = f"/v1/api-clients/{client_id}"
        problem(await api(world["petra"]).get("/v1/api-clients"), 403, "forbidden")
        problem(await api(world["petra"]).delete(path), 403, "forbidden")
        problem(await api(world.other_admin).delete(path), 404, "not_found")
        assert (await api(world.other_admin).get("/v1/api-clients")).json()["items"] == []
