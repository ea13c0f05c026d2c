"""Units: parts of the organization; whoever holds a role in one sees its people and its programmes and no others."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from support.contract import etag_of, problem
from support.pairs import make_couple

from vuoro.core import clock, crypto
from vuoro.identity import service as identity
from vuoro.identity.schemas import GrantIn
from vuoro.pairs.models import OverrideReason, PairOverride
from vuoro.people import units
from vuoro.people.schemas import UnitIn
from vuoro.programs.models import Program

ROLES = ("programme_manager", "organization_admin", "sponsor")


async def unit(api, world, name, **words):
    answer = await api(world.admin).post("/v1/organization/units", json={"name": name, **words})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def give(api, world, key, role, status=201, **place):
    body = {"person_id": str(world[key].id), "role": role, **place}
    answer = await api(world.admin).post("/v1/organization/grants", json=body)
    assert answer.status_code == status, answer.text
    return answer


async def names(client, path="/v1/people"):
    answer = await client.get(path, params={"limit": 100})
    assert answer.status_code == 200, answer.text
    return {item.get("display_name") or item["name"] for item in answer.json()["items"]}


@pytest.fixture
async def sales(api, world):
    return await unit(api, world, "Sales", divisions=["Sales"])


@pytest.fixture
async def technology(api, world):
    return await unit(api, world, "Technology", departments=["Platform", "Data"], sites=["Oulu"])


class TestUnits:
    async def test_a_unit_counts_who_is_in_one_of_its_divisions_departments_or_sites(
        self, api, world, sales, technology
    ):
        listed = (await api(world.admin).get("/v1/organization/units")).json()["items"]
        counts = {item["name"]: item["people_count"] for item in listed}
        # Kaisa of Data has left; Tuomas of Sales sits in Oulu, and is in both.
        assert counts == {"Sales": 9, "Technology": 8}

    async def test_a_unit_without_any_word_of_the_directory_is_422(self, api, world, sales):
        admin = api(world.admin)
        answer = await admin.post("/v1/organization/units", json={"name": "Nobody"})
        assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/departments"
        path = f"/v1/organization/units/{sales['id']}"
        tag = etag_of(await admin.get(path))
        problem(await admin.patch(path, json={"divisions": []}, headers=tag), 422, "validation_failed")

    async def test_two_units_do_not_share_a_name(self, api, world, sales):
        body = {"name": "Sales", "sites": ["Oulu"]}
        problem(await api(world.admin).post("/v1/organization/units", json=body), 409, "unit_exists")

    async def test_a_unit_in_which_somebody_has_a_role_stays(self, api, world, sales):
        grant = (await give(api, world, "erik", "sponsor", unit_id=sales["id"])).json()
        assert (grant["unit_name"], grant["program_id"]) == ("Sales", None)
        admin, path = api(world.admin), f"/v1/organization/units/{sales['id']}"
        read = await admin.get(path)
        assert read.json()["can"]["remove"] == {"allowed": False, "reason": "in_use"}
        problem(await admin.delete(path, headers=etag_of(read)), 409, "unit_in_use")
        await admin.delete(f"/v1/organization/grants/{grant['id']}")
        read = await admin.get(path)
        assert (await admin.delete(path, headers=etag_of(read))).status_code == 204

    async def test_a_role_is_held_in_one_place_and_only_where_it_makes_sense(self, api, world, sales):
        place = {"unit_id": sales["id"]}
        await give(api, world, "erik", "safeguarding_contact", 422, **place)
        await give(api, world, "erik", "delegate", 422, **place)
        await give(api, world, "erik", "sponsor", 422, program_id=str(uuid4()), **place)
        await give(api, world, "erik", "sponsor", 422, unit_id=str(uuid4()))
        await give(api, world, "erik", "organization_admin", 422, program_id=str(uuid4()))
        await give(api, world, "erik", "sponsor", **place)
        await give(api, world, "erik", "sponsor", 409, **place)


class TestPeople:
    @pytest.mark.parametrize("role", ["programme_manager", "organization_admin"])
    async def test_whoever_looks_after_a_unit_sees_its_people_and_nobody_else(self, api, world, sales, role):
        await give(api, world, "noa", role, unit_id=sales["id"])
        noa = api(world["noa"])
        assert await names(noa) == {
            "Noa Virtanen", "Maria Sandell", "Erik Lund", "Päivi Aalto", "Saga Holm", "Omar Haddad", "Freja Dahl",
            "Veera Salo", "Ville Ranta", "Tuomas Kivi",
        }  # fmt: skip
        assert (await noa.get("/v1/people/facets")).json()["total"] == 10
        for path in ("", "/reporting-line"):
            problem(await noa.get(f"/v1/people/{world['leo'].id}{path}"), 404, "not_found")
            assert (await noa.get(f"/v1/people/{world['saga'].id}{path}")).status_code == 200

    async def test_a_sponsor_of_a_unit_reads_no_directory(self, api, world, sales):
        await give(api, world, "noa", "sponsor", unit_id=sales["id"])
        assert await names(api(world["noa"])) == {"Noa Virtanen"}

    async def test_an_admin_of_a_unit_changes_nothing_of_the_organization(self, api, world, sales):
        await give(api, world, "erik", "organization_admin", unit_id=sales["id"])
        erik = api(world["erik"])
        for path in ("/v1/organization/grants", "/v1/api-clients", "/v1/erasures", "/v1/oauth-clients"):
            problem(await erik.get(path), 403, "forbidden")
        read = await erik.get(f"/v1/people/{world['saga'].id}")
        problem(await erik.patch(f"/v1/people/{world['saga'].id}", json={}, headers=etag_of(read)), 403, "forbidden")
        assert await names(erik, "/v1/organization/units") == {"Sales"}

    async def test_whoever_moves_to_another_unit_is_out_of_sight_with_the_next_request(self, api, world, sales):
        await give(api, world, "erik", "programme_manager", unit_id=sales["id"])
        path = f"/v1/people/{world['saga'].id}"
        admin = api(world.admin)
        assert (await api(world["erik"]).get(path)).status_code == 200
        await admin.patch(path, json={"division": "Technology"}, headers=etag_of(await admin.get(path)))
        problem(await api(world["erik"]).get(path), 404, "not_found")


class TestPrograms:
    @pytest.fixture
    async def erik(self, api, world, sales):
        await give(api, world, "erik", "programme_manager", unit_id=sales["id"])
        return api(world["erik"])

    async def made(self, client, **more):
        return await client.post("/v1/programs", json={"name": "Turn", "template": "sounding-board", **more})

    async def test_what_a_manager_of_a_unit_starts_belongs_to_it_and_they_run_it(self, api, world, erik, sales):
        program = (await self.made(erik)).json()
        assert program["unit_id"] == sales["id"]
        path = f"/v1/programs/{program['id']}"
        answer = await erik.post(f"{path}/transitions", json={"to": "enrolling"})
        assert (answer.status_code, answer.json()["state"]) == (200, "enrolling")
        grants = (await api(world.admin).get("/v1/organization/grants")).json()["items"]
        assert [grant["unit_name"] for grant in grants if grant["person_id"] == str(world["erik"].id)] == ["Sales"]
        me = (await erik.get("/v1/me")).json()
        assert me["grants"] == [{"role": "programme_manager", "program_id": None, "unit_id": sales["id"]}]
        assert [one["roles"] for one in me["programs"]] == [["programme_manager"]]

    async def test_they_start_nothing_in_another_unit_and_give_no_programme_away(self, api, world, erik, technology):
        problem(await self.made(erik, unit_id=technology["id"]), 422, "validation_failed")
        path = f"/v1/programs/{(await self.made(erik)).json()['id']}"
        for unit_id in (technology["id"], None):
            answer = await erik.patch(path, json={"unit_id": unit_id}, headers=etag_of(await erik.get(path)))
            problem(answer, 403, "forbidden")
        admin = api(world.admin)
        moved = await admin.patch(path, json={"unit_id": technology["id"]}, headers=etag_of(await admin.get(path)))
        assert moved.json()["unit_id"] == technology["id"]
        problem(await erik.get(path), 404, "not_found")

    @pytest.mark.parametrize(("role", "other"), [
        ("programme_manager", "delegate"), ("organization_admin", "safeguarding_contact"),
    ])  # fmt: skip
    async def test_a_role_that_manages_nothing_opens_no_way_out_of_the_unit(self, api, world, sales, role, other):
        await give(api, world, "erik", role, unit_id=sales["id"])
        await give(api, world, "erik", other)
        erik = api(world["erik"])
        assert (await self.made(erik)).json()["unit_id"] == sales["id"]
        assert "Noa Virtanen" not in await names(erik)

    async def test_they_bring_in_people_of_their_unit_alone(self, api, world, erik):
        path = f"/v1/programs/{(await self.made(erik)).json()['id']}"
        await erik.post(f"{path}/transitions", json={"to": "enrolling"})
        for key, status in (("saga", 201), ("noa", 422)):
            body = {"person_id": str(world[key].id), "role": "mentor"}
            assert (await erik.post(f"{path}/enrollments", json=body)).status_code == status
        people = [{"work_email": world[key].email, "role": "mentor"} for key in ("omar", "amina")]
        told = (await erik.post(f"{path}/invitations", json={"people": people})).json()["items"]
        assert [(line["outcome"], line["person"] is None) for line in told] == [("invited", False), ("unknown", True)]
        rows = {"rows": [{"work_email": world["emil"].email, "role": "mentor"}]}
        answer = await erik.post(f"{path}/enrollment-imports", json=rows)
        assert problem(answer, 422, "validation_failed")["errors"][0]["code"] == "unknown_person"

    @pytest.mark.parametrize("role", ROLES)
    async def test_no_list_shows_anything_of_another_unit(
        self, api, world, databases, application, sales, technology, role
    ):
        """Every list and page of the API without an id in its path, as somebody whose whole role is in another unit."""
        couple = await make_couple(databases.app, world, world["noa"], world["jukka"])
        await set_unit(databases, world, couple.program_id, technology["id"])
        await give(api, world, "erik", role, unit_id=sales["id"])
        foreign = {str(couple.program_id), str(couple.pair_id), technology["id"], "Noa Virtanen", "Sounding board"}
        erik, admin = api(world["erik"]), api(world.manager)
        seen_by_others = 0
        for path, item in application.openapi()["paths"].items():
            if "get" not in item or "{" in path or not path.startswith("/v1/") or path == "/v1/openapi.json":
                continue
            text = (await erik.get(path)).text
            assert not [word for word in foreign if word in text], path
            theirs = (await admin.get(path)).text
            seen_by_others += any(word in theirs for word in foreign)
        assert seen_by_others >= 5  # or the words would be nowhere

    @pytest.mark.parametrize("role", ROLES[:2])
    async def test_whoever_looks_after_its_unit_sees_the_programme(self, api, world, databases, technology, role):
        couple = await make_couple(databases.app, world, world["noa"], world["jukka"])
        await set_unit(databases, world, couple.program_id, technology["id"])
        await give(api, world, "sanna", role, unit_id=technology["id"])
        sanna, path = api(world["sanna"]), f"/v1/programs/{couple.program_id}"
        for part in ("", "/dashboard", "/enrollments", "/next-actions"):
            assert (await sanna.get(f"{path}{part}")).status_code == 200, part
        # an admin gets counts, a manager the pairs
        pairs = (await sanna.get("/v1/pairs", params={"program_id": str(couple.program_id)})).json()["items"]
        assert len(pairs) == (1 if role == "programme_manager" else 0)


async def set_unit(databases, world, program_id, unit_id):
    async with databases.app.transaction(world.admin.actor) as db:
        (await db.get_one(Program, (world.organization_id, program_id))).unit_id = UUID(str(unit_id))


async def test_no_reason_of_an_override_is_read_from_another_unit(databases, world):
    """Row-level security itself: a role in a unit is none in the programmes of the others."""
    couple = await make_couple(databases.app, world, world["noa"], world["jukka"])
    async with databases.app.transaction(world.admin.actor) as db:
        sales = await units.create(db, db.me, UnitIn(name="Sales", divisions=["Sales"]))
        technology = await units.create(db, db.me, UnitIn(name="Technology", divisions=["Technology"]))
        for key, where in (("erik", sales), ("sanna", technology)):
            data = GrantIn(person_id=world[key].id, role="programme_manager", unit_id=where)
            await identity.give(db, db.me, data)
    await set_unit(databases, world, couple.program_id, technology)
    common = {"organization_id": world.organization_id, "id": uuid4(), "pair_id": couple.pair_id}
    async with databases.app.transaction(world["sanna"].actor) as db:
        db.add(PairOverride(requested_by=world["sanna"].id, created_at=clock.now(), **common))
        await db.flush()
        sealed = await crypto.seal(db, "override_reasons.text", "pair", couple.pair_id, common["id"], "They asked")
        db.add(OverrideReason(text=sealed, **common))
    found = {}
    for key in ("sanna", "erik", "noa"):
        async with databases.app.transaction(world[key].actor) as db:
            found[key] = len((await db.scalars(select(OverrideReason))).all())
    assert found == {"sanna": 1, "erik": 0, "noa": 0}
