"""The directory: who sees whom, filters, search, order, and how many statements it takes."""

import pytest
from support.contract import problem

from vuoro.people.models import Person


async def listed(client, **query):
    answer = await client.get("/v1/people", params=query)
    assert answer.status_code == 200, answer.text
    return [person["display_name"] for person in answer.json()["items"]]


class TestVisibility:
    @pytest.mark.parametrize("who", ["noa", "astrid", "olli", "tuomas"])
    async def test_somebody_without_a_role_sees_themselves_alone(self, api, world, who):
        assert await listed(api(world[who])) == [world[who].display_name]
        problem(await api(world[who]).get(f"/v1/people/{world['petra'].id}"), 404, "not_found")

    @pytest.mark.parametrize("who", ["helena", "petra"])
    async def test_hr_and_programme_managers_see_everybody(self, api, world, who):
        assert len(await listed(api(world[who]), limit=100)) == 20

    async def test_a_line_manager_gains_nothing_by_being_one(self, api, world):
        problem(await api(world["olli"]).get(f"/v1/people/{world['noa'].id}"), 404, "not_found")

    async def test_only_hr_may_write(self, api, world):
        for who, allowed in (("helena", True), ("petra", False)):
            can = (await api(world[who]).get(f"/v1/people/{world['noa'].id}")).json()["can"]
            assert {name: action["allowed"] for name, action in can.items()} == {"edit": allowed, "leave": allowed}

    async def test_a_manager_from_another_system_alone_is_not_listed(self, api, world, databases):
        async with databases.app.transaction(world.system) as db:
            ghost = Person(
                organization_id=world.organization_id, external_id="G1", display_name="Ghost", languages={},
                graph_only=True,
            )  # fmt: skip
            db.add(ghost)
        assert "Ghost" not in await listed(api(world.admin), limit=100)
        problem(await api(world.admin).get(f"/v1/people/{ghost.id}"), 404, "not_found")


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"division": "People"}, ["Helena Rask", "Petra Sund"]),
            ({"department": "Nordics"}, ["Erik Lund", "Freja Dahl", "Omar Haddad", "Saga Holm"]),
            ({"team": "Key accounts", "site": "Tampere"}, ["Päivi Aalto", "Veera Salo"]),
            ({"site": "Oulu"}, ["Leo Mäki", "Tuomas Kivi"]),
            ({"site": "oulu"}, []),
            ({"status": "left"}, ["Kaisa Lehto"]),
            ({"status": "leave"}, []),
            ({"has_unknown_line": "true"}, ["Tuomas Kivi"]),
            ({"q": "vir"}, ["Noa Virtanen"]),
            ({"q": "VIRTANEN noa"}, ["Noa Virtanen"]),
            ({"q": "noa haddad"}, []),
            ({"q": "mäki"}, ["Leo Mäki"]),
            ({"q": "saga.holm@nordlys"}, ["Saga Holm"]),
            ({"q": "chief"}, ["Astrid Berg"]),
            ({"q": "N1003"}, ["Maria Sandell"]),
            ({"q": "trainee", "division": "Sales"}, ["Freja Dahl"]),
            ({"q": "   "}, None),
            ({"q": "\\"}, []),
            ({"q": "'; drop table people; --"}, []),
        ],
    )
    async def test_each_finds_whom_it_names(self, api, world, query, expected):
        found = await listed(api(world.admin), limit=100, **query)
        assert len(found) == 20 if expected is None else found == expected

    @pytest.mark.parametrize("q", ["%", "_", "%%%", "N%"])
    async def test_wildcards_are_plain_characters(self, api, world, q):
        assert await listed(api(world.admin), q=q) == []

    async def test_leavers_are_left_out_unless_asked_for(self, api, world):
        assert "Kaisa Lehto" not in await listed(api(world.admin), limit=100)

    async def test_a_search_text_of_101_characters_is_422(self, api, world):
        problem(await api(world.admin).get("/v1/people", params={"q": "x" * 101}), 422, "validation_failed")

    async def test_filters_never_widen_what_one_may_see(self, api, world):
        assert await listed(api(world["noa"]), q="Leo") == []
        assert await listed(api(world["noa"]), status="left") == []


class TestOrder:
    async def test_by_name_level_and_back(self, api, world):
        admin = api(world.admin)
        names = await listed(admin, limit=100)
        assert names == sorted(names)
        assert await listed(admin, limit=100, sort="-name") == names[::-1]
        levels = [p["job_level"] for p in (await admin.get("/v1/people?sort=-level&limit=100")).json()["items"]]
        assert levels == sorted(levels, reverse=True)
        assert (await listed(admin, sort="-level"))[0] == "Astrid Berg"


class TestOne:
    async def test_a_person_is_shown_whole(self, api, world):
        body = (await api(world.admin).get(f"/v1/people/{world['olli'].id}")).json()
        assert (body["external_id"], body["direct_reports"], body["line"]) == ("N1006", 3, "known")
        assert body["manager"]["display_name"] == "Jukka Lahti"
        assert body["languages"] == [{"code": "en", "level": 3}, {"code": "fi", "level": 4}]
        assert (body["hire_on"], body["preferred_language"]) == ("2014-09-15", "fi")

    async def test_leavers_do_not_count_as_reports(self, api, world):
        body = (await api(world.admin).get(f"/v1/people/{world['sanna'].id}")).json()
        assert body["direct_reports"] == 2

    async def test_the_reporting_line_runs_up_to_the_top(self, api, world):
        body = (await api(world.admin).get(f"/v1/people/{world['noa'].id}/reporting-line")).json()
        assert [boss["display_name"] for boss in body["above"]] == ["Olli Nieminen", "Jukka Lahti", "Astrid Berg"]
        assert (body["below_count"], body["line"]) == (0, "known")

    async def test_the_top_has_everybody_below(self, api, world):
        body = (await api(world.admin).get(f"/v1/people/{world['astrid'].id}/reporting-line")).json()
        assert (body["above"], body["below_count"], body["line"]) == ([], 19, "top")


class TestStatements:
    @pytest.fixture
    async def two_thousand(self, databases, world):
        async with databases.app.transaction(world.system) as db:
            db.add_all(
                Person(
                    organization_id=world.organization_id, external_id=f"C{n}", display_name=f"Person {n:04}",
                    manager_id=world.mentees[n % 7].id, languages={}, division=f"D{n % 9}",
                )
                for n in range(2000)
            )  # fmt: skip

    async def test_a_page_of_a_hundred_takes_as_many_statements_as_a_page_of_one(
        self, api, world, two_thousand, statements
    ):
        admin = api(world.admin)
        await admin.get("/v1/people?limit=1")
        counts = []
        for limit in (1, 100):
            with statements() as sent:
                assert len(await listed(admin, limit=limit)) == limit
            counts.append(len(sent))
        assert counts[0] == counts[1] <= 3, sent

    async def test_adding_one_person_takes_a_fixed_number(self, api, world, two_thousand, statements):
        admin = api(world.admin)
        await admin.get("/v1/people?limit=1")
        with statements() as sent:
            body = {"external_id": "N5000", "display_name": "Aada", "manager_id": str(world["olli"].id)}
            assert (await admin.post("/v1/people", json=body)).status_code == 201
        assert len(sent) <= 19, sent  # who keeps the person's fields, and a fact for who listens, count too


async def test_skills_and_topics_are_lists_by_slug(api, world, databases):
    from vuoro.people.models import Skill, Topic

    async with databases.app.transaction(world.system) as db:
        for table in (Skill, Topic):
            db.add_all(
                table(organization_id=world.organization_id, slug=slug, name={"fi": slug, "sv": slug, "en": slug})
                for slug in ("video", "ai", "data")
            )
    for path in ("/v1/skills", "/v1/topics"):
        first = (await api(world["noa"]).get(path, params={"limit": 2})).json()
        rest = (await api(world["noa"]).get(path, params={"cursor": first["next_cursor"]})).json()
        assert [tag["slug"] for tag in first["items"] + rest["items"]] == ["ai", "data", "video"]
        assert (await api(world.other_admin).get(path)).json()["items"] == []
