"""An import's way: who may, what happens once, what a killed worker leaves, what is forgotten."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hris_imports import HEADER, applied, checked, line, read, rows_of, send
from hris_tables import WORKDAY
from sqlalchemy import func, select, text
from support.contract import problem

from vuoro.core.errors import PayloadTooLarge
from vuoro.core.files import File
from vuoro.core.history import AuditEntry, StateChange
from vuoro.core.settings import settings
from vuoro.hris import jobs
from vuoro.hris.models import Import, ImportRow
from vuoro.identity import machines
from vuoro.identity.schemas import ApiClientIn
from vuoro.people.models import Person

TWO = HEADER + line(1) + line(2, 1)


async def count(databases: Any, actor: Any, table: Any) -> int:
    async with databases.app.transaction(actor) as db:
        found = await db.scalar(
            select(func.count()).select_from(table).where(table.organization_id == actor.organization_id)
        )
        return int(found)


async def test_applying_twice_is_refused_and_writes_once(api, world, run_jobs):
    hr = api(world.other_admin)
    found = await checked(hr, run_jobs, TWO)
    url = f"/v1/imports/{found['id']}/apply"
    assert (await hr.post(url)).status_code == 202
    refused = problem(await hr.post(url), 409, "illegal_transition")
    assert refused["params"]["state"] == "applying"
    await run_jobs()
    refused = problem(await hr.post(url), 409, "illegal_transition")
    assert refused["params"] == {"state": "applied", "legal": ["undoing"]}
    assert (await hr.get("/v1/people/facets")).json()["total"] == 4


async def test_one_key_is_one_upload_and_one_apply(api, world, run_jobs, databases):
    hr = api(world.other_admin)
    key = {"Idempotency-Key": "hr-2026-11-24"}
    first = await hr.post("/v1/imports", files={"file": ("p.csv", TWO)}, headers=key)
    again = await hr.post("/v1/imports", files={"file": ("p.csv", TWO)}, headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]
    other = await hr.post("/v1/imports", files={"file": ("p.csv", TWO + line(3))}, headers=key)
    problem(other, 422, "idempotency_key_reused")
    other = await hr.post("/v1/imports", files={"file": ("p.csv", TWO)}, data={"dry_run": "false"}, headers=key)
    problem(other, 422, "idempotency_key_reused")
    assert await count(databases, world.other_system, Import) == 1
    await run_jobs()
    key = {"Idempotency-Key": "apply"}
    for _ in range(2):
        assert (await hr.post(f"/v1/imports/{first.json()['id']}/apply", headers=key)).status_code == 202


async def test_a_discarded_import_leaves_no_trace_of_people(api, world, run_jobs, databases):
    hr = api(world.other_admin)
    found = await checked(hr, run_jobs, TWO)
    assert await count(databases, world.other_system, ImportRow) > 0
    gone = await hr.post(f"/v1/imports/{found['id']}/discard")
    assert (gone.status_code, gone.json()["state"], gone.json()["columns"]) == (200, "discarded", [])
    for table in (File, ImportRow):
        assert await count(databases, world.other_system, table) == 0
    problem(await hr.post(f"/v1/imports/{found['id']}/discard"), 409, "illegal_transition")
    problem(await hr.post(f"/v1/imports/{found['id']}/apply"), 409, "illegal_transition")
    assert (await hr.get("/v1/people/facets")).json()["total"] == 2


async def test_only_hr_and_machines_with_the_scope_import(api, world, run_jobs, databases):
    hr = api(world.admin)
    found = await checked(hr, run_jobs, TWO)
    url, etag = f"/v1/imports/{found['id']}", {"If-Match": f'"{found["version"]}"'}
    for who in (world.manager, world["noa"], world["astrid"], world.other_admin):
        client = api(who)
        problem(await client.get(url), 404, "not_found")
        problem(await client.get(f"{url}/rows"), 404, "not_found")
        problem(await client.post(f"{url}/apply"), 404, "not_found")
        problem(await client.post(f"{url}/discard"), 404, "not_found")
        problem(await client.patch(url, json={"columns": {}}, headers=etag), 404, "not_found")
        assert (await client.get("/v1/imports")).json()["items"] == []
    problem(await send(api(world.manager), TWO), 403, "forbidden")

    async def machine(*scopes: str) -> Any:
        async with databases.app.transaction(world.admin.actor) as db:
            body = ApiClientIn.model_validate({"name": "HRIS", "scopes": list(scopes)})
            client_id = await machines.add_client(db, db.me, body)
        return api(await api.key(world.organization_id, client_id))

    writer, reader = await machine("people:write"), await machine("people:read")
    assert (await writer.get(url)).json()["id"] == found["id"]
    assert (await send(writer, TWO)).status_code == 202
    problem(await send(reader, TWO), 403, "forbidden")
    problem(await reader.get(url), 404, "not_found")


async def test_the_newest_import_comes_first_and_pages_on(api, world):
    hr = api(world.other_admin)
    ids = [(await send(hr, TWO, name=f"{n}.csv")).json()["id"] for n in range(3)]
    first = (await hr.get("/v1/imports", params={"limit": 2})).json()
    second = (await hr.get("/v1/imports", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [item["id"] for item in first["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None


async def test_what_is_no_upload_is_refused_with_its_place(api, world):
    hr = api(world.other_admin)
    missing = problem(
        await hr.post("/v1/imports", data={"dry_run": "true"}, files={"x": b""}), 422, "validation_failed"
    )
    assert "/x" in [fault["pointer"] for fault in missing["errors"]]
    nothing = await hr.post("/v1/imports", files={"dry_run": (None, "true")})
    assert problem(nothing, 422, "validation_failed")["errors"][0]["pointer"] == "/file"
    maybe = await hr.post("/v1/imports", files={"file": b"a"}, data={"dry_run": "maybe"})
    assert problem(maybe, 422, "validation_failed")["errors"][0]["pointer"] == "/dry_run"
    problem(await hr.post("/v1/imports", files=[("file", b"a"), ("file", b"b")]), 400, "bad_request")
    text = await hr.post("/v1/imports", content="a,b", headers={"Content-Type": "text/csv"})
    assert problem(text, 422, "validation_failed")["errors"][0]["code"] == "media_type_unsupported"
    broken = await hr.post("/v1/imports", content="--", headers={"Content-Type": "multipart/form-data"})
    problem(broken, 400, "bad_request")
    for body in ("{", "[]", '{"people": []}', '{"people": [1]}', '{"people": [{}], "mode": 1}'):
        refused = await hr.post("/v1/imports", content=body, headers={"Content-Type": "application/json"})
        problem(refused, 422, "validation_failed")


async def test_a_file_name_is_only_a_name(api, world):
    hr = api(world.other_admin)
    for name, kept in (
        ("C:\\hr\\staff.csv", "staff.csv"),
        ("../../etc/passwd", "passwd"),
        ("x" * 300, "x" * 199 + "…"),
    ):
        assert (await send(hr, TWO, name=name)).json()["filename"] == kept


async def test_without_a_dry_run_a_clean_file_is_applied_and_another_waits(api, world, run_jobs):
    hr = api(world.other_admin)
    clean = (await send(hr, TWO, dry_run=False)).json()["id"]
    assert await run_jobs() == ["import.uploaded", "import.apply", "import.applied"]
    assert (await read(hr, clean))["state"] == "applied"
    faulty = (await send(hr, TWO + line(3, mail="no mail"), dry_run=False)).json()["id"]
    assert await run_jobs() == ["import.uploaded"]
    assert (await read(hr, faulty))["state"] == "checked"


async def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(api, world, run_jobs, databases, monkeypatch):
    hr = api(world.other_admin)
    await applied(hr, run_jobs, TWO)
    found = await checked(hr, run_jobs, HEADER + line(1, 2) + line(2) + line(3, 1))
    await hr.post(f"/v1/imports/{found['id']}/apply")
    before = (await hr.get("/v1/people")).json()
    with monkeypatch.context() as broken:

        async def killed(*_: Any) -> None:
            raise ConnectionResetError

        broken.setattr("vuoro.people.lines.refresh", killed)
        with pytest.raises(ConnectionResetError):
            await run_jobs()
    assert (await hr.get("/v1/people")).json() == before
    assert (await read(hr, found["id"]))["state"] == "applying"

    for _ in range(2):
        await jobs.apply_import(databases.worker, world.other_system, UUID(found["id"]))
    done = await read(hr, found["id"])
    assert (done["state"], done["summary"]["created"], done["summary"]["updated"]) == ("applied", 1, 2)
    async with databases.app.transaction(world.other_system) as db:
        people = {row.external_id: row for row in await db.scalars(select(Person))}
    assert people["1"].manager_id == people["2"].id
    assert (people["2"].manager_id, people["2"].line) == (None, "top")
    assert people["1"].version == 2, "written once, though it ran three times"


async def test_a_check_that_runs_twice_at_once_is_kept_once(api, world, databases):
    hr = api(world.other_admin)
    id = (await send(hr, TWO)).json()["id"]
    check = jobs.check_import
    await asyncio.gather(*[check(databases.worker, world.other_system, UUID(id)) for _ in range(3)])
    assert (await read(hr, id))["state"] == "checked"
    assert len(await rows_of(hr, id, "created")) == 2


async def test_two_imports_at_once_follow_each_other(api, world, run_jobs, databases):
    hr = api(world.other_admin)
    ids = []
    for content in (TWO, HEADER + line(1) + line(2, 1, team="B") + line(3, 2)):
        ids.append((await checked(hr, run_jobs, content))["id"])
    for id in ids:
        assert (await hr.post(f"/v1/imports/{id}/apply")).status_code == 202
    apply = jobs.apply_import
    await asyncio.gather(*[apply(databases.worker, world.other_system, UUID(id)) for id in ids])
    done = [await read(hr, id) for id in ids]
    assert [one["state"] for one in done] == ["applied", "applied"]
    assert sum(one["summary"]["created"] for one in done) == 3, "nobody is made twice"
    assert (await hr.get("/v1/people/facets")).json()["total"] == 5


async def test_an_apply_plans_on_the_people_of_now(api, world, run_jobs):
    hr = api(world.other_admin)
    await applied(hr, run_jobs, TWO)
    found = await checked(hr, run_jobs, HEADER + line(2, 1, team="B"))
    (change,) = (await rows_of(hr, found["id"], "updated"))[0]["changes"]
    assert change == {"field": "team", "before": "A", "after": "B"}
    person = (await hr.get("/v1/people", params={"q": "Quist2"})).json()["items"][0]
    read_now = await hr.get(f"/v1/people/{person['id']}")
    await hr.patch(f"/v1/people/{person['id']}", json={"team": "B"}, headers={"If-Match": read_now.headers["etag"]})
    await hr.post(f"/v1/imports/{found['id']}/apply")
    await run_jobs()
    done = await read(hr, found["id"])
    assert (done["state"], done["summary"]["updated"], done["summary"]["unchanged"]) == ("applied", 0, 1)
    assert await rows_of(hr, found["id"], "updated") == []


async def test_an_import_discarded_while_it_is_applied_writes_nothing(api, world, run_jobs, databases, monkeypatch):
    hr = api(world.other_admin)
    found = await checked(hr, run_jobs, TWO)
    await hr.post(f"/v1/imports/{found['id']}/apply")
    write = jobs.write

    async def slow(*told: Any) -> Any:
        written = await write(*told)
        assert (await hr.post(f"/v1/imports/{found['id']}/discard")).json()["state"] == "discarded"
        return written

    monkeypatch.setattr(jobs, "write", slow)
    await run_jobs()
    assert (await read(hr, found["id"]))["state"] == "discarded"
    assert await count(databases, world.other_system, Person) == 2


async def test_progress_is_seen_while_a_file_is_checked(api, world, databases, monkeypatch):
    monkeypatch.setattr(jobs, "TELL_EVERY_S", 0.02)
    hr = api(world.other_admin)
    id = (await send(hr, WORKDAY.read_bytes())).json()["id"]
    assert (await read(hr, id))["progress"] == {"done": 0, "total": None}
    work = asyncio.create_task(jobs.check_import(databases.worker, world.other_system, UUID(id)))
    seen = []
    while not work.done():
        found = await read(hr, id)
        if found["state"] == "parsing":
            seen.append(found["progress"]["total"])
    await work
    assert 2366 in seen


async def test_each_step_is_in_the_history_and_the_audit_log(api, world, run_jobs, databases):
    hr = api(world.other_admin)
    await applied(hr, run_jobs, TWO)
    found = await checked(hr, run_jobs, TWO)
    await hr.post(f"/v1/imports/{found['id']}/discard")
    async with databases.app.transaction(world.other_system) as db:
        steps = await db.execute(
            select(StateChange.to_state).where(StateChange.subject == "import").order_by(StateChange.at, StateChange.id)
        )
        entries = await db.execute(
            select(AuditEntry.action, AuditEntry.actor_kind, AuditEntry.actor_id)
            .where(AuditEntry.action.startswith("import."))
            .order_by(AuditEntry.at)
        )
    assert [state for (state,) in steps] == [
        "parsing", "checked", "applying", "applied", "parsing", "checked", "discarded",
    ]  # fmt: skip
    admin = ("person", world.other_admin.id)
    assert [tuple(entry) for entry in entries] == [
        ("import.upload", *admin), ("import.apply", *admin), ("import.upload", *admin), ("import.discard", *admin),
    ]  # fmt: skip


async def test_what_lies_about_is_asked_for_again_and_forgotten_in_the_end(api, world, run_jobs, databases, clock):
    clock.freeze("2026-11-24T09:00:00Z")
    hr = api(world.other_admin)
    id = (await send(hr, TWO)).json()["id"]
    async with databases.worker.transaction(world.other_system) as db:
        await db.execute(text("update outbox set relayed_at = due_at"))
    assert await run_jobs() == []
    clock.advance(minutes=16)
    assert await run_jobs(tick=True) == ["import.uploaded"]
    assert (await read(hr, id))["state"] == "checked"
    clock.advance(days=29)
    await run_jobs(tick=True)
    assert (await read(hr, id))["state"] == "checked"
    clock.advance(days=2)
    await run_jobs(tick=True)
    assert (await read(hr, id))["state"] == "discarded"
    assert await count(databases, world.other_system, File) == 0


async def test_import_file_does_the_same_without_http_and_queue(api, world, databases):
    told: list[tuple[int, int | None]] = []
    dry = await jobs.import_file(databases.app, world.other_system, WORKDAY, apply=False)
    assert (dry.result.state, dry.result.summary and dry.result.summary.created) == ("checked", 2366)
    assert await count(databases, world.other_system, Person) == 2
    assert await count(databases, world.other_system, File) == 0
    done = await jobs.import_file(
        databases.worker, world.other_system, WORKDAY, apply=True, progress=lambda *at: told.append(at)
    )
    assert (done.result.state, done.refused) == ("applied", [])
    assert told[-1] == (2366, 2366)
    assert await count(databases, world.other_system, Person) == 2368
    facets = (await api(world.other_admin).get("/v1/people/facets")).json()
    assert facets["last_import"]["filename"] == "nordlys-workday.csv"


async def test_import_file_with_faults_writes_nothing(world, databases, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(TWO + line(3, mail="no mail"))
    found = await jobs.import_file(databases.worker, world.other_system, path, apply=True)
    assert found.result.state == "checked"
    assert [row.problems[0].detail for row in found.refused] == [
        'Row 4, column "Work email": "no mail" is not a mail address.'
    ]
    for table, left in ((Person, 2), (File, 0), (ImportRow, 0)):
        assert await count(databases, world.other_system, table) == left
    with pytest.raises(FileNotFoundError):
        await jobs.import_file(databases.worker, world.other_system, Path("nowhere.csv"), apply=True)
    path.write_bytes(b"x" * (settings().upload_max_bytes + 1))
    with pytest.raises(PayloadTooLarge):
        await jobs.import_file(databases.worker, world.other_system, path, apply=True)


async def test_people_written_one_by_one_still_find_the_managers_and_mails_of_the_whole_file(
    api, world, run_jobs, monkeypatch
):
    monkeypatch.setattr("vuoro.core.bulk.CHUNK", 1)
    hr = api(world.other_admin)
    # From the bottom up: each manager stands in a later statement than their reports did in the file.
    first = await applied(hr, run_jobs, HEADER + line(4, 3) + line(3, 2) + line(2, 1) + line(1))
    assert (first["state"], first["summary"]["created"]) == ("applied", 4)

    # A newcomer becomes somebody's manager and takes over the address that another gives up.
    second = HEADER + line(4, 5) + line(5, 1, mail="p2@x.example") + line(2, 1, mail="second@x.example")
    done = await applied(hr, run_jobs, second)
    assert (done["summary"]["created"], done["summary"]["updated"]) == (1, 2)

    found = {one["external_id"]: one for one in (await hr.get("/v1/people", params={"limit": 50})).json()["items"]}
    managers = {key: (found[key]["manager"] or {}).get("id") for key in "12345"}
    assert managers == {
        "1": None, "2": found["1"]["id"], "3": found["2"]["id"], "4": found["5"]["id"], "5": found["1"]["id"],
    }  # fmt: skip
    assert {key: found[key]["line"] for key in "12345"} == {"1": "top", **dict.fromkeys("2345", "known")}
    assert (found["2"]["work_email"], found["5"]["work_email"]) == ("second@x.example", "p2@x.example")
