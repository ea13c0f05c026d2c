"""The newest import is taken back: everybody as before, who came is gone, and who changed since is named and kept."""

import pytest
from hris_imports import HEADER, applied, line, read
from support.contract import etag_of, problem

from vuoro.hris import jobs

FIRST = HEADER + line(1) + line(2, 1) + line(3, 1) + line(4, 2) + line(5, 2)


@pytest.fixture
async def hr(api, world):
    return api(world.other_admin)


async def directory(hr) -> dict[str, tuple]:
    items = (await hr.get("/v1/people", params={"limit": 100, "status": "active"})).json()["items"]
    return {
        one["external_id"]: (one["display_name"], one["work_email"], one["team"], one["line"], one["manager"])
        for one in items
    }


async def person(hr, number: int):
    found = (await hr.get("/v1/people", params={"q": f"Quist{number}"})).json()["items"]
    return found[0]["id"]


async def undo(hr, run_jobs, id: str) -> dict:
    answer = await hr.post(f"/v1/imports/{id}/undo")
    assert (answer.status_code, answer.json()["state"]) == (202, "undoing")
    await run_jobs()
    return await read(hr, id)


async def test_added_changed_and_gone_are_as_before(hr, run_jobs):
    await applied(hr, run_jobs, FIRST)
    before = await directory(hr)
    second = HEADER + line(1) + line(2, 1, team="B", mail="new@x.example") + line(4, 3) + line(6, 2) + line(7, 6)
    done = await applied(
        hr, run_jobs, second + line(3, 1, status="Terminated"), deactivate_missing=False, allow_mass_deactivation=True
    )
    assert done["can"]["undo"]["allowed"]
    assert await directory(hr) != before
    path = f"/v1/people/{await person(hr, 2)}"
    assert (await hr.get(path)).json()["last_import"]["filename"] == done["filename"]
    found = await undo(hr, run_jobs, done["id"])
    assert await directory(hr) == before
    assert (await hr.get(path)).json()["last_import"] is None
    assert (found["state"], found["undone"]["removed"], found["undone"]["kept"]) == ("undone", 2, 0)
    assert found["undone"]["restored"] == 3
    assert found["can"]["undo"] == {"allowed": False, "reason": "wrong_state"}
    again = await applied(hr, run_jobs, second, allow_mass_deactivation=True)
    assert again["summary"]["created"] == 2


async def test_who_changed_since_is_kept_and_named(hr, run_jobs):
    await applied(hr, run_jobs, FIRST)
    done = await applied(hr, run_jobs, HEADER + line(2, 1, team="B") + line(3, 1, team="B") + line(8, 1))
    path = f"/v1/people/{await person(hr, 3)}"
    await hr.patch(path, json={"title": "Lead"}, headers=etag_of(await hr.get(path)))
    found = await undo(hr, run_jobs, done["id"])
    kept = [(one["external_id"], one["reason"]) for one in found["undone"]["people"]]
    assert (found["undone"]["restored"], found["undone"]["removed"], kept) == (1, 1, [("3", "changed_since")])
    teams = {key: values[2] for key, values in (await directory(hr)).items()}
    assert (teams["2"], teams["3"], "8" in teams) == ("A", "B", False)


async def test_who_was_added_and_has_a_role_or_reports_stays(hr, run_jobs):
    await applied(hr, run_jobs, FIRST)
    done = await applied(hr, run_jobs, HEADER + line(8, 1) + line(9, 1) + line(10, 9))
    await hr.post("/v1/organization/grants", json={"person_id": await person(hr, 8), "role": "sponsor"})
    path = f"/v1/people/{await person(hr, 5)}"
    body = {"manager_id": await person(hr, 9)}
    await hr.patch(path, json=body, headers=etag_of(await hr.get(path)))
    found = await undo(hr, run_jobs, done["id"])
    kept = [(one["external_id"], one["reason"]) for one in found["undone"]["people"]]
    assert (found["undone"]["removed"], kept) == (1, [("8", "in_use"), ("9", "in_use")])


async def test_only_the_newest_can_be_undone_and_not_for_ever(hr, run_jobs, clock):
    clock.freeze("2026-11-24T09:00:00Z")
    first = await applied(hr, run_jobs, FIRST)
    second = await applied(hr, run_jobs, HEADER + line(2, 1, team="B"))
    problem(await hr.post(f"/v1/imports/{first['id']}/undo"), 409, "undo_over")
    clock.advance(days=31)
    problem(await hr.post(f"/v1/imports/{second['id']}/undo"), 409, "undo_over")
    await run_jobs(tick=True)
    assert (await read(hr, second["id"]))["can"]["undo"] == {"allowed": False, "reason": "undo_over"}


async def test_what_an_undo_needs_is_not_kept_longer_than_it_can_be_used(hr, run_jobs, clock, databases, world):
    from sqlalchemy import func, select

    from vuoro.hris.models import ImportInverse

    clock.freeze("2026-11-24T09:00:00Z")
    await applied(hr, run_jobs, FIRST)

    async def kept() -> int:
        async with databases.app.transaction(world.other_system) as db:
            return await db.scalar(select(func.count()).select_from(ImportInverse)) or 0

    assert await kept() == 5
    await applied(hr, run_jobs, HEADER + line(2, 1, team="B"))
    assert await kept() == 1
    clock.advance(days=31)
    await run_jobs(tick=True)
    assert await kept() == 0


async def test_a_worker_killed_in_the_middle_of_an_undo_leaves_nothing_half_done(hr, run_jobs, monkeypatch):
    class KilledError(BaseException):
        pass

    async def killed(*_: object) -> None:
        raise KilledError

    await applied(hr, run_jobs, FIRST)
    done = await applied(hr, run_jobs, HEADER + line(2, 1, team="B") + line(8, 1))
    now = await directory(hr)
    await hr.post(f"/v1/imports/{done['id']}/undo")
    from vuoro.hris import undo as module

    with monkeypatch.context() as patched:
        patched.setattr(module, "_remove", killed)
        with pytest.raises(KilledError):
            await run_jobs()
    assert await directory(hr) == now
    assert (await read(hr, done["id"]))["state"] == "undoing"


async def test_an_undone_leaver_comes_back_and_the_pair_stays_paused(api, world, run_jobs, databases):
    from support.pairs import make_couple

    from vuoro.pairs.models import Pair

    hr = api(world.admin)
    couple = await make_couple(databases.app, world, world["noa"], world["maria"])
    noa = (await hr.get(f"/v1/people/{world['noa'].id}")).json()
    row = f"{noa['external_id']},Noa,Virtanen,{noa['work_email']},N1006,Platform,Platform,Helsinki,Terminated\n"
    phone = api(world["noa"])
    assert (await phone.get("/v1/me")).status_code == 200
    done = await applied(hr, run_jobs, HEADER + row)
    assert done["summary"]["left"] == 1
    problem(await phone.get("/v1/me"), 401, "unauthenticated")

    async def state() -> str:
        async with databases.worker.transaction(world.system) as db:
            return (await db.find(Pair, couple.pair_id)).state

    assert await state() == "paused"
    await undo(hr, run_jobs, done["id"])
    assert (await phone.get("/v1/me")).status_code == 200
    assert await state() == "paused"


async def test_a_stuck_undo_is_asked_for_again(hr, run_jobs, databases, world, clock):
    from sqlalchemy import text

    clock.freeze("2026-11-24T09:00:00Z")
    done = await applied(hr, run_jobs, FIRST)
    await hr.post(f"/v1/imports/{done['id']}/undo")
    async with databases.worker.transaction(world.other_system) as db:
        await db.execute(text("update outbox set relayed_at = due_at"))
    clock.advance(seconds=jobs.STUCK_AFTER.total_seconds() + 1)
    await run_jobs(tick=True)
    assert (await read(hr, done["id"]))["state"] == "undone"


class TestMappings:
    ODD = "Nro,Kuka,Ketä seuraa,Muuta\n1,Anna Alku,,x\n2,Bo Berg,1,y\n"

    async def test_it_is_kept_under_a_name_and_chosen_by_itself_for_the_same_columns(self, hr, run_jobs):
        from hris_imports import checked

        first = await checked(hr, run_jobs, self.ODD)
        path = f"/v1/imports/{first['id']}"
        columns = {"Nro": "external_id", "Kuka": "display_name", "Ketä seuraa": "manager_external_id"}
        await hr.patch(path, json={"columns": columns}, headers=etag_of(await hr.get(path)))
        await run_jobs()
        made = await hr.post("/v1/import-mappings", json={"name": "Vanha HR", "import_id": first["id"]})
        assert made.status_code == 201
        assert made.json()["columns"] == {**columns, "Muuta": None}
        other_order = "Muuta,Ketä seuraa,Nro,Kuka\nx,,1,Anna Alku\ny,1,2,Bo Berg\n"
        second = await applied(hr, run_jobs, other_order)
        assert (second["mapping_name"], second["summary"]["created"]) == ("Vanha HR", 2)
        plain = await checked(hr, run_jobs, FIRST)
        assert plain["mapping_name"] is None

    async def test_its_name_is_its_own_and_it_can_be_forgotten(self, hr, run_jobs, api, world):
        from hris_imports import checked

        found = await checked(hr, run_jobs, FIRST)
        body = {"name": "HR", "import_id": found["id"]}
        made = (await hr.post("/v1/import-mappings", json=body)).json()
        problem(await hr.post("/v1/import-mappings", json=body), 409, "mapping_name_taken")
        assert [one["name"] for one in (await hr.get("/v1/import-mappings")).json()["items"]] == ["HR"]
        problem(await api(world.admin).get(f"/v1/import-mappings/{made['id']}"), 404, "not_found")
        assert (await hr.delete(f"/v1/import-mappings/{made['id']}")).status_code == 204
        assert (await hr.get("/v1/import-mappings")).json()["items"] == []
