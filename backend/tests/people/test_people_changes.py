"""Changing the directory: new people, managers without circles, lines that become unknown, leavers."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import select
from support.contract import etag_of, problem

from vuoro.core import events
from vuoro.core.history import AuditEntry
from vuoro.people.events import OrganizationChartChanged, PeopleLeft
from vuoro.people.models import Person

NEW = {"external_id": "N5000", "display_name": "Aada Uusi"}


async def change(api, world, who, **body):
    admin, path = api(world.admin), f"/v1/people/{world[who].id}"
    return await admin.patch(path, json=body, headers=etag_of(await admin.get(path)))


async def lines_of(databases, world):
    async with databases.app.transaction(world.system) as db:
        rows = await db.execute(select(Person.id, Person.line).where(Person.organization_id == world.organization_id))
        by_id = {row.id: row.line for row in rows}
    return {member.key: by_id[member.id] for member in world}


@pytest.fixture
def news(monkeypatch):
    """What the directory announced."""
    heard = []

    async def listen(_, event):
        heard.append(event)

    for kind in (OrganizationChartChanged, PeopleLeft):
        monkeypatch.setitem(events._reactions, kind, [*events._reactions.get(kind, ()), listen])
    return heard


class TestCreate:
    async def test_a_new_person_comes_back_whole(self, api, world, databases):
        body = {
            **NEW, "work_email": " Aada.Uusi@Nordlys.Example ", "manager_id": str(world["olli"].id), "job_level": 2,
            "languages": [{"code": "fi", "level": 4}], "hire_on": "2026-11-02", "country": "FI",
        }  # fmt: skip
        made = (await api(world.admin).post("/v1/people", json=body)).json()
        assert (made["work_email"], made["line"], made["status"], made["version"]) == (
            "aada.uusi@nordlys.example", "known", "active", 1,
        )  # fmt: skip
        assert made["manager"]["id"] == str(world["olli"].id)
        async with databases.app.transaction(world.system) as db:
            entry = (await db.scalars(select(AuditEntry).order_by(AuditEntry.at.desc()).limit(1))).one()
        assert (entry.action, str(entry.subject_id), entry.actor_id) == ("person.create", made["id"], world.admin.id)

    async def test_whoever_reports_to_nobody_is_a_top(self, api, world):
        assert (await api(world.admin).post("/v1/people", json=NEW)).json()["line"] == "top"

    async def test_below_an_unknown_line_the_line_is_unknown(self, api, world):
        body = {**NEW, "manager_id": str(world["tuomas"].id)}
        assert (await api(world.admin).post("/v1/people", json=body)).json()["line"] == "unknown"

    @pytest.mark.parametrize("field", ["external_id", "work_email"])
    async def test_an_id_or_address_of_somebody_else_is_409(self, api, world, field):
        taken = {"external_id": "N1001", "work_email": "ASTRID.BERG@nordlys.example"}[field]
        problem(await api(world.admin).post("/v1/people", json={**NEW, field: taken}), 409, "person_exists")

    async def test_the_same_id_in_another_organization_is_free(self, api, world):
        body = {**NEW, "external_id": "N1001", "work_email": "astrid.berg@nordlys.example"}
        assert (await api(world.other_admin).post("/v1/people", json=body)).status_code == 201

    async def test_of_two_at_once_one_is_409(self, api, world):
        admin = api(world.admin)
        answers = await asyncio.gather(*[admin.post("/v1/people", json=NEW) for _ in range(4)])
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]

    async def test_a_manager_who_is_not_there_is_422(self, api, world):
        for manager in (uuid4(), world.other_person.id):
            answer = await api(world.admin).post("/v1/people", json={**NEW, "manager_id": str(manager)})
            fault = problem(answer, 422, "validation_failed")
            assert fault["errors"][0]["pointer"] == "/manager_id"

    @pytest.mark.parametrize(
        "field",
        [
            {"country": "Finland"}, {"preferred_language": "FI"}, {"job_level": 100}, {"job_level": -1},
            {"job_level": 10**12}, {"hire_on": "2026-02-30"}, {"languages": [{"code": "fi", "level": 5}]},
            {"work_email": "x"}, {"display_name": "   "}, {"external_id": ""}, {"manager_id": "me"}, {"line": "known"},
            {"time_zone": "Mars/Olympus"}, {"languages": [{"code": "finnish-and-more", "level": 1}]},
            {"languages": [{"code": "fi", "level": 1}, {"code": "fi", "level": 4}]},
        ],
        ids=str,
    )  # fmt: skip
    async def test_what_a_person_cannot_be_is_422(self, api, world, field):
        problem(await api(world.admin).post("/v1/people", json={**NEW, **field}), 422, "validation_failed")

    @pytest.mark.parametrize("who", ["noa", "petra"])
    async def test_without_the_role_it_is_403(self, api, world, who):
        problem(await api(world[who]).post("/v1/people", json=NEW), 403, "forbidden")


class TestManagers:
    @pytest.mark.parametrize(("who", "boss"), [("noa", "noa"), ("olli", "noa"), ("astrid", "noa"), ("jukka", "olli")])
    async def test_a_circle_of_managers_is_refused(self, api, world, who, boss):
        fault = problem(await change(api, world, who, manager_id=str(world[boss].id)), 422, "validation_failed")
        assert fault["errors"][0] == {**fault["errors"][0], "pointer": "/manager_id", "code": "manager_cycle"}

    async def test_two_moves_that_are_fine_alone_make_no_circle_together(self, api, world, databases):
        """Olli below Linh, and Sanna, Linh's manager, below Noa, who is Olli's."""
        answers = await asyncio.gather(
            change(api, world, "olli", manager_id=str(world["linh"].id)),
            change(api, world, "sanna", manager_id=str(world["noa"].id)),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 422]
        assert {key for key, line in (await lines_of(databases, world)).items() if line == "unknown"} == {"tuomas"}

    async def test_a_move_takes_everybody_below_along(self, api, world, databases):
        assert (await change(api, world, "olli", manager_id=str(world["tuomas"].id))).status_code == 200
        lines = await lines_of(databases, world)
        assert {key for key, line in lines.items() if line == "unknown"} == {"tuomas", "olli", "noa", "amina", "leo"}
        assert (await change(api, world, "olli", manager_id=str(world["jukka"].id))).status_code == 200
        lines = await lines_of(databases, world)
        assert {key for key, line in lines.items() if line == "unknown"} == {"tuomas"}

    async def test_filling_in_the_manager_heals_the_line(self, api, world, databases):
        assert (await change(api, world, "tuomas", manager_id=str(world["paivi"].id))).json()["line"] == "known"
        assert set((await lines_of(databases, world)).values()) == {"known", "top"}

    async def test_the_change_is_announced_in_its_transaction(self, api, world, news):
        await change(api, world, "noa", manager_id=str(world["sanna"].id))
        assert news == [OrganizationChartChanged(frozenset({world["noa"].id}))]

    async def test_a_reaction_that_fails_undoes_the_change(self, api, world, databases, monkeypatch):
        from vuoro.core.errors import Conflict

        async def refuse(*_):
            raise Conflict

        monkeypatch.setitem(events._reactions, OrganizationChartChanged, [refuse])
        problem(await change(api, world, "tuomas", manager_id=str(world["paivi"].id)), 409, "conflict")
        assert (await lines_of(databases, world))["tuomas"] == "unknown"

    async def test_other_changes_move_no_lines_and_announce_nothing(self, api, world, news):
        await change(api, world, "noa", title="Architect")
        assert news == []


class TestChange:
    async def test_an_address_of_somebody_else_is_409_and_the_own_is_fine(self, api, world):
        problem(await change(api, world, "noa", work_email=world["leo"].email), 409, "person_exists")
        assert (await change(api, world, "noa", work_email=world["noa"].email)).status_code == 200

    async def test_a_time_zone_is_one_of_the_known(self, api, world):
        assert (await change(api, world, "noa", time_zone="Europe/Stockholm")).json()["time_zone"] == "Europe/Stockholm"
        fault = problem(await change(api, world, "noa", time_zone="Mars/Olympus"), 422, "validation_failed")
        assert fault["errors"][0]["pointer"] == "/time_zone"

    async def test_languages_are_replaced_whole(self, api, world):
        answer = await change(api, world, "noa", languages=[{"code": "sv", "level": 2}])
        assert answer.json()["languages"] == [{"code": "sv", "level": 2}]

    async def test_somebody_may_see_themselves_and_not_change_it(self, api, world):
        noa, path = api(world["noa"]), f"/v1/people/{world['noa'].id}"
        read = await noa.get(path)
        problem(await noa.patch(path, json={"title": "Boss"}, headers=etag_of(read)), 403, "forbidden")
        problem(await noa.delete(path, headers=etag_of(read)), 403, "forbidden")

    async def test_an_empty_change_is_allowed(self, api, world):
        assert (await change(api, world, "noa")).status_code == 200


class TestLeaving:
    async def leave(self, api, world, who):
        admin, path = api(world.admin), f"/v1/people/{world[who].id}"
        return await admin.delete(path, headers=etag_of(await admin.get(path)))

    async def test_a_leaver_stays_readable_and_leaves_the_list(self, api, world, news):
        assert (await self.leave(api, world, "noa")).status_code == 204
        body = (await api(world.admin).get(f"/v1/people/{world['noa'].id}")).json()
        assert body["status"] == "left"
        assert news[0] == PeopleLeft(frozenset({world["noa"].id}))

    async def test_leaving_twice_announces_once(self, api, world, news):
        await self.leave(api, world, "noa")
        await self.leave(api, world, "noa")
        assert news.count(PeopleLeft(frozenset({world["noa"].id}))) == 1

    async def test_a_manager_who_left_still_links_the_line(self, api, world, databases):
        await self.leave(api, world, "olli")
        assert (await lines_of(databases, world))["noa"] == "known"

    async def test_it_needs_the_present_version(self, api, world):
        admin, path = api(world.admin), f"/v1/people/{world['noa'].id}"
        problem(await admin.delete(path), 428, "precondition_required")
        problem(await admin.delete(path, headers={"If-Match": '"7.x"'}), 412, "precondition_failed")


class TestFurtherManagers:
    async def test_dotted_managers_are_set_seen_and_cleared(self, api, world):
        wanted = [str(world[key].id) for key in ("erik", "paivi")]
        seen = (await change(api, world, "noa", dotted_manager_ids=wanted)).json()
        assert [one["display_name"] for one in seen["dotted_managers"]] == ["Erik Lund", "Päivi Aalto"]
        seen = (await change(api, world, "noa", dotted_manager_ids=wanted[:1])).json()
        assert [one["display_name"] for one in seen["dotted_managers"]] == ["Erik Lund"]
        assert (await change(api, world, "noa", dotted_manager_ids=[])).json()["dotted_managers"] == []
        body = {**NEW, "dotted_manager_ids": wanted}
        assert len((await api(world.admin).post("/v1/people", json=body)).json()["dotted_managers"]) == 2

    async def test_a_dotted_manager_is_somebody_else_of_the_directory(self, api, world):
        noa = str(world["noa"].id)
        for wanted, code in (
            ([noa], "own_manager"),
            ([str(uuid4())], "unknown_person"),
            ([str(world.other_person.id)], "unknown_person"),
        ):
            fault = problem(await change(api, world, "noa", dotted_manager_ids=wanted), 422, "validation_failed")
            assert fault["errors"][0] == {**fault["errors"][0], "pointer": "/dotted_manager_ids/0", "code": code}
        twice = [str(world["erik"].id)] * 2
        problem(await change(api, world, "noa", dotted_manager_ids=twice), 422, "validation_failed")

    async def test_below_a_dotted_manager_of_unknown_line_the_line_is_unknown(self, api, world, databases):
        await change(api, world, "olli", dotted_manager_ids=[str(world["tuomas"].id)])
        lines = await lines_of(databases, world)
        assert {key for key, line in lines.items() if line == "unknown"} == {"tuomas", "olli", "noa", "amina", "leo"}
        await change(api, world, "olli", dotted_manager_ids=[])
        lines = await lines_of(databases, world)
        assert {key for key, line in lines.items() if line == "unknown"} == {"tuomas"}

    async def test_whoever_was_waited_for_gets_their_people(self, api, world, databases):
        """Tuomas reports to N9999, whom the directory did not know."""
        made = await api(world.admin).post(
            "/v1/people",
            json={**NEW, "external_id": "N9999", "manager_id": str(world["maria"].id)},
        )
        tuomas = (await api(world.admin).get(f"/v1/people/{world['tuomas'].id}")).json()
        assert (tuomas["manager"]["id"], tuomas["line"]) == (made.json()["id"], "known")

    async def test_whoever_was_waited_for_does_not_report_to_them(self, api, world):
        body = {**NEW, "external_id": "N9999", "manager_id": str(world["tuomas"].id)}
        fault = problem(await api(world.admin).post("/v1/people", json=body), 422, "validation_failed")
        assert fault["errors"][0]["code"] == "manager_cycle"
