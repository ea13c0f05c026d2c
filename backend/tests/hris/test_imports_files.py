"""Files of HR systems go in through the API: checked first, then applied, again without a change."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from hris_imports import HEADER, applied, checked, line, read, rows_of, send
from hris_tables import FINNISH, WORKDAY
from sqlalchemy import func, select
from support.contract import problem

from vuoro.core.files import File
from vuoro.hris.header_words import CANONICAL_FIELDS
from vuoro.hris.models import Import
from vuoro.hris.schemas import ImportField
from vuoro.people.models import DottedLine, Person


async def test_workday_file_creates_2366_people_and_again_changes_nothing(api, world, run_jobs, databases):
    hr = api(world.other_admin)
    content = WORKDAY.read_bytes()
    found = await checked(hr, run_jobs, content, dry_run=True)
    assert found["state"] == "checked"
    assert found["problem"] is None
    assert found["detected"] == {
        "encoding": "utf-8-sig", "delimiter": ",", "date_format": "yyyy-mm-dd", "header_row": 1,
    }  # fmt: skip
    assert (found["summary"]["created"], found["summary"]["errors"], found["summary"]["rows"]) == (
        2366,
        0,
        2366,
    )
    assert found["progress"] == {"done": 2366, "total": 2366}
    fields = {column["header"]: column["field"] for column in found["columns"]}
    assert fields["Employee_ID"] == "external_id"
    assert fields["Manager_Employee_ID"] == "manager_external_id"
    people = await hr.get("/v1/people/facets")
    assert people.json()["total"] == 2, "a dry run writes nobody"

    await hr.post(f"/v1/imports/{found['id']}/apply")
    await run_jobs()
    done = await read(hr, found["id"])
    assert done["state"] == "applied"
    assert done["summary"]["created"] == 2366
    assert done["can"]["apply"] == {"allowed": False, "reason": "wrong_state"}
    facets = (await hr.get("/v1/people/facets")).json()
    assert facets["total"] > 2000
    assert facets["last_import"] == {
        "id": done["id"],
        "filename": "people.csv",
        "applied_at": done["applied_at"],
    }
    lost = found["summary"]["manager_unresolved"]
    assert facets["unknown_lines"] >= lost

    async with databases.app.transaction(world.other_system) as db:
        assert await db.scalar(select(func.count()).select_from(File)) == 0, "the raw file is gone once applied"
        lone = select(func.count()).where(Person.manager_id.is_(None), Person.manager_external_id.is_not(None))
        assert await db.scalar(lone) == lost

    again = await applied(hr, run_jobs, content)
    counts = {name: again["summary"][name] for name in ("created", "updated", "left", "errors", "unchanged")}
    assert counts == {"created": 0, "updated": 0, "left": 0, "errors": 0, "unchanged": 2366}


async def test_finnish_file_is_understood_and_stays_in_its_organization(api, world, run_jobs):
    hr = api(world.other_admin)
    found = await applied(hr, run_jobs, FINNISH.read_bytes(), name="henkilöt.csv")
    assert found["state"] == "applied"
    assert found["filename"] == "henkilöt.csv"
    assert found["detected"]["encoding"] == "windows-1252"
    assert found["detected"]["delimiter"] == ";"
    assert found["detected"]["date_format"] == "d.m.yyyy"
    assert found["summary"]["created"] == 600
    listed = (await hr.get("/v1/people", params={"q": "Tapani Virtanen"})).json()["items"]
    assert listed[0]["manager"]["display_name"].endswith("Väänänen")
    assert (await api(world.admin).get(f"/v1/imports/{found['id']}")).status_code == 404
    assert (await api(world.admin).get("/v1/imports")).json()["items"] == []
    assert (await api(world.admin).get("/v1/people/facets")).json()["last_import"] is None


async def test_only_what_differs_is_written_and_named(api, world, run_jobs):
    hr = api(world.other_admin)
    await applied(
        hr,
        run_jobs,
        HEADER + "1,Aino,Aalto,aino@x.example,,Sales,A,Oulu,Active\n2,Bo,Berg,bo@x.example,1,Sales,A,Oulu,Active\n",
    )
    found = await applied(
        hr,
        run_jobs,
        HEADER + "1,Aino,Aalto,aino@x.example,,Sales,A,Oulu,Active\n2,Bo,Lind,bo@x.example,1,Sales,B,Oulu,Active\n",
    )
    assert (found["summary"]["updated"], found["summary"]["unchanged"]) == (1, 1)
    (row,) = await rows_of(hr, found["id"], "updated")
    assert (row["row"], row["external_id"], row["display_name"]) == (3, "2", "Bo Lind")
    assert {"field": "team", "before": "A", "after": "B"} in row["changes"]
    assert {"field": "family_name", "before": "Berg", "after": "Lind"} in row["changes"]


async def test_a_manager_whose_row_comes_later_is_found(api, world, run_jobs, databases):
    hr = api(world.other_admin)
    found = await applied(
        hr,
        run_jobs,
        HEADER + line(3, 2) + line(2, 1) + line(1),
    )
    assert found["summary"]["manager_unresolved"] == 0
    async with databases.app.transaction(world.other_system) as db:
        people = {row.external_id: row for row in await db.scalars(select(Person))}
    assert people["3"].manager_id == people["2"].id
    assert people["2"].manager_id == people["1"].id
    assert (people["3"].line, people["1"].line) == ("known", "top")


async def test_a_manager_who_comes_with_a_later_file_is_found_then(api, world, run_jobs, databases):
    hr = api(world.other_admin)
    first = await applied(hr, run_jobs, HEADER + line(2, "boss@x.example"))
    assert first["summary"]["manager_unresolved"] == 1
    assert (await hr.get("/v1/people", params={"has_unknown_line": True})).json()["items"][0]["external_id"] == "2"
    await applied(hr, run_jobs, HEADER + line(1, mail="boss@x.example"))
    async with databases.app.transaction(world.other_system) as db:
        people = {row.external_id: row for row in await db.scalars(select(Person))}
    assert people["2"].manager_id == people["1"].id
    assert people["2"].line == "known"


async def test_two_people_may_swap_their_addresses(api, world, run_jobs, databases):
    hr = api(world.other_admin)
    await applied(hr, run_jobs, HEADER + line(1, mail="a@x.example") + line(2, 1, mail="b@x.example"))
    found = await applied(hr, run_jobs, HEADER + line(1, mail="b@x.example") + line(2, 1, mail="a@x.example"))
    assert (found["state"], found["summary"]["updated"]) == ("applied", 2)
    async with databases.app.transaction(world.other_system) as db:
        mails = dict((await db.execute(select(Person.external_id, Person.work_email))).all())
    assert (mails["1"], mails["2"]) == ("b@x.example", "a@x.example")


async def test_dotted_managers_are_kept_and_replaced(api, world, run_jobs, databases):
    hr = api(world.other_admin)
    header = "Employee ID,Name,Manager ID,Matrix manager\n"
    people = "1,Al As,,\n2,Bo Bo,1,\n3,Cia Ce,1,2;77\n"
    found = await applied(hr, run_jobs, header + people)
    assert found["state"] == "applied"

    async def dotted() -> dict[str, bool]:
        async with databases.app.transaction(world.other_system) as db:
            found = await db.execute(select(DottedLine.manager_external_id, DottedLine.manager_id))
            return {said: manager is not None for said, manager in found}

    assert await dotted() == {"2": True, "77": False}
    again = await applied(hr, run_jobs, header + people)
    assert again["summary"]["updated"] == 0
    await applied(hr, run_jobs, header + people.replace("2;77", "1"))
    assert await dotted() == {"1": True}


async def test_mixed_rows_name_row_and_column_and_the_rest_is_applied(api, world, run_jobs):
    hr = api(world.other_admin)
    found = await checked(
        hr,
        run_jobs,
        HEADER
        + line(1)
        + line(2, 1, mail="not a mail")
        + line(3, 1, first="", last="")
        + line(4, 1, status="Juggling")
        + line(5, 99)
        + "6,Fi,Fi\n",
    )
    assert found["state"] == "checked"
    assert (
        found["summary"]["created"],
        found["summary"]["errors"],
        found["summary"]["manager_unresolved"],
    ) == (2, 4, 1)
    errors = await rows_of(hr, found["id"], "error")
    assert [(row["row"], row["problems"][0]["code"], row["problems"][0]["column"]) for row in errors] == [
        (3, "mail_invalid", "Work email"),
        (4, "name_missing", None),
        (5, "status_unknown", "Status"),
        (7, "row_too_short", "Work email"),
    ]
    assert errors[0]["problems"][0]["value"] == "not a mail"
    warnings = await rows_of(hr, found["id"], "warning")
    unresolved = next(row for row in warnings if row["row"] == 6)
    assert unresolved["kind"] == "created"
    assert unresolved["problems"][0]["code"] == "manager_unresolved"
    assert unresolved["problems"][0]["params"]["manager"] == "99"
    assert len(await rows_of(hr, found["id"])) == found["summary"]["errors"] + found["summary"]["created"]

    await hr.post(f"/v1/imports/{found['id']}/apply", json={})
    await run_jobs()
    done = await read(hr, found["id"])
    assert (done["state"], done["summary"]["created"], done["summary"]["errors"]) == ("applied", 2, 4)
    assert {row["external_id"] for row in await rows_of(hr, found["id"], "created")} == {"1", "5"}


async def test_circles_and_duplicates_are_refused_with_their_rows(api, world, run_jobs):
    hr = api(world.other_admin)
    found = await checked(
        hr,
        run_jobs,
        HEADER + line(1, 2) + line(2, 1) + line(3) + line(3, last="Two", mail="two@x.example"),
    )
    errors = {row["row"]: row["problems"][0] for row in await rows_of(hr, found["id"], "error")}
    assert errors[2]["code"] == errors[3]["code"] == "manager_loop"
    assert sorted(errors[2]["params"]["members"]) == ["1", "2"]
    assert errors[4]["code"] == "duplicate_external_id"
    assert errors[5]["params"]["rows"] == [4, 5]
    assert found["summary"]["created"] == 0


async def test_leavers_leave_and_keep_their_history(api, world, run_jobs):
    hr = api(world.other_admin)
    await applied(hr, run_jobs, HEADER + "".join(map(line, range(20))))
    found = await applied(hr, run_jobs, HEADER + line(3, status="Terminated"))
    assert found["summary"]["left"] == 1
    (row,) = await rows_of(hr, found["id"], "left")
    assert {"field": "status", "before": "active", "after": "left"} in row["changes"]
    assert (await hr.get("/v1/people", params={"status": "left"})).json()["items"][0]["external_id"] == "3"


async def test_people_missing_from_the_file_stay_unless_asked_and_the_brake_holds(api, world, run_jobs):
    hr = api(world.other_admin)
    twenty = HEADER + "".join(map(line, range(20)))
    await applied(hr, run_jobs, twenty)
    one = HEADER + line(1)
    kept = await applied(hr, run_jobs, one)
    assert kept["summary"]["left"] == 0

    braked = await checked(hr, run_jobs, one, deactivate_missing=True)
    assert braked["state"] == "checked"
    assert braked["problem"]["code"] == "mass_deactivation"
    assert braked["problem"]["params"] == {"leaving": 20, "people": 22, "percent": 10}
    refused = await hr.post(f"/v1/imports/{braked['id']}/apply", json={})
    assert problem(refused, 409, "mass_deactivation")["params"]["leaving"] == 20
    agreed = await hr.post(f"/v1/imports/{braked['id']}/apply", json={"allow_mass_deactivation": True})
    assert agreed.status_code == 202
    await run_jobs()
    done = await read(hr, braked["id"])
    assert (done["state"], done["summary"]["left"]) == ("applied", 20)
    kept = [row["problems"][0] for row in await rows_of(hr, braked["id"], "warning")]
    assert {"names": ["Olga Other"], "count": 1} in [
        found["params"] for found in kept if found["code"] == "admins_kept"
    ]
    assert (await hr.get("/v1/people/facets")).json()["total"] == 2, "an admin who is not in the file stays"


async def test_json_people_are_the_same_as_rows_of_a_file(api, world, run_jobs):
    hr = api(world.other_admin)
    people = [
        {"external_id": "1", "display_name": "Al As", "languages": [{"code": "fi", "level": 4}]},
        {"external_id": "2", "display_name": "Bo Bo", "manager_external_id": "1", "job_level": 3},
    ]
    answer = await hr.post("/v1/imports", json={"people": people, "dry_run": False})
    assert answer.status_code == 202
    assert await run_jobs() == ["import.uploaded", "import.apply", "import.applied"]
    done = await read(hr, answer.json()["id"])
    assert (done["state"], done["summary"]["created"], done["filename"]) == ("applied", 2, "people.json")
    assert done["detected"]["header_row"] == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0 and so on", "file_is_excel"),
        (b"%PDF-1.7", "file_is_binary"),
        (b"", "file_empty"),
        (HEADER.encode(), "no_rows"),
        (HEADER.encode() + b"1,\xc3\xa4\xe4,x,a@x.example,,S,A,Oulu,Active\n", "encoding_mixed"),
        (HEADER.encode() + b"1,\x81,x,a@x.example,,S,A,Oulu,Active\n", "encoding_unknown"),
        (b'{"people": [', "json_invalid"),
        (b"<html></html>", "file_is_markup"),
    ],
)
async def test_a_file_that_cannot_be_read_fails_with_a_reason(api, world, run_jobs, content, code):
    hr = api(world.other_admin)
    found = await checked(hr, run_jobs, content)
    assert found["state"] == "failed"
    assert found["problem"]["code"] == code
    assert found["problem"]["detail"].endswith((".", "?"))
    assert (found["summary"], found["columns"], found["detected"]) == (None, [], None)
    assert found["can"]["map"] == {"allowed": False, "reason": "file_unreadable"}
    assert await rows_of(hr, found["id"]) == []


async def test_missing_columns_are_mapped_and_checked_anew(api, world, run_jobs):
    hr = api(world.other_admin)
    content = "Nro,First name,Last name,Palkka\n1,Al,As,4000\n2,Bo,Bo,5000\n"
    found = await checked(hr, run_jobs, content)
    assert (found["state"], found["problem"]["code"]) == ("failed", "identity_column_missing")
    columns = {column["header"]: column for column in found["columns"]}
    assert columns["Nro"] == {
        "header": "Nro",
        "field": None,
        "reason": "unknown",
        "category": None,
        "samples": ["1", "2"],
    }
    assert (columns["Palkka"]["reason"], columns["Palkka"]["category"], columns["Palkka"]["samples"]) == (
        "refused",
        "pay",
        [],
    )
    assert found["can"]["map"]["allowed"]
    assert not found["can"]["apply"]["allowed"]
    problem(await hr.post(f"/v1/imports/{found['id']}/apply"), 409, "illegal_transition")

    url, etag = f"/v1/imports/{found['id']}", {"If-Match": f'"{found["version"]}"'}
    problem(await hr.patch(url, json={"columns": {"Nro": "external_id"}}), 428, "precondition_required")
    problem(await hr.patch(url, json={"columns": {"Nro": "salary"}}, headers=etag), 422, "validation_failed")
    wrong = problem(await hr.patch(url, json={"columns": {"Nobody": "title"}}, headers=etag), 422, "validation_failed")
    assert wrong["errors"][0]["pointer"] == "/columns/Nobody"
    pay = problem(
        await hr.patch(url, json={"columns": {"Palkka": "job_level"}}, headers=etag), 422, "validation_failed"
    )
    assert pay["errors"][0]["code"] == "column_forbidden"
    mapped = await hr.patch(
        url, content=json.dumps({"columns": {"Nro": "external_id"}}),
        headers={**etag, "Content-Type": "application/merge-patch+json"},
    )  # fmt: skip
    assert (mapped.status_code, mapped.json()["state"]) == (200, "parsing")
    problem(await hr.patch(url, json={"columns": {"Nro": None}}, headers=etag), 412, "precondition_failed")
    await run_jobs()
    found = await read(hr, found["id"])
    assert (found["state"], found["summary"]["created"], found["problem"]) == ("checked", 2, None)
    warnings = await rows_of(hr, found["id"], "warning")
    refused = next(row for row in warnings if row["problems"][0]["code"] == "column_refused")
    assert (refused["row"], refused["problems"][0]["params"]) == (None, {"category": "pay"})


async def test_an_open_question_about_dates_is_answered(api, world, run_jobs):
    hr = api(world.other_admin)
    content = "Employee ID,Name,Hire date\n1,Al As,03/04/2020\n2,Bo Bo,05/06/2021\n"
    found = await checked(hr, run_jobs, content)
    assert (found["state"], found["problem"]["code"]) == ("failed", "date_ambiguous")
    assert found["problem"]["params"]["column"] == "Hire date"
    assert found["problem"]["params"]["day_first"] == "2020-04-03"
    etag = {"If-Match": f'"{found["version"]}"'}
    await hr.patch(f"/v1/imports/{found['id']}", json={"date_order": "month_first"}, headers=etag)
    await run_jobs()
    found = await read(hr, found["id"])
    assert (found["state"], found["date_order"], found["problem"]) == ("checked", "month_first", None)
    await hr.post(f"/v1/imports/{found['id']}/apply")
    await run_jobs()
    listed = (await hr.get("/v1/people", params={"q": "Al As"})).json()["items"]
    assert (await hr.get(f"/v1/people/{listed[0]['id']}")).json()["hire_on"] == "2020-03-04"


def test_every_field_of_a_file_can_be_mapped():
    assert ImportField.__args__ == CANONICAL_FIELDS


async def test_an_import_takes_few_statements_however_long_the_file(api, world, run_jobs, statements):
    hr = api(world.other_admin)
    await send(hr, WORKDAY.read_bytes(), dry_run=False)
    with statements() as sent:
        await run_jobs()
    assert len(sent) < 75, len(sent)  # what an undo needs and who is told count too


async def pieces(size: int, taken: list[int]) -> AsyncIterator[bytes]:
    yield (b'--cut\r\nContent-Disposition: form-data; name="file"; filename="big.csv"\r\n\r\n' + HEADER.encode())
    lines = line(1).encode() * 2000
    while sum(taken) < size:
        taken.append(len(lines))
        yield lines
        await asyncio.sleep(0)
    yield b"\r\n--cut--\r\n"


async def test_a_file_of_200_megabytes_is_refused_long_before_its_end(api, world, databases):
    hr = api(world.other_admin)
    taken: list[int] = []
    form = {"Content-Type": "multipart/form-data; boundary=cut"}
    answer = await hr.post("/v1/imports", content=pieces(200 * 1024**2, taken), headers=form)
    assert problem(answer, 413, "payload_too_large")["params"] == {"limit": 25 * 1024 * 1024}
    assert sum(taken) < 27 * 1024**2
    announced = {**form, "Content-Length": str(200 * 1024**2)}
    unread: list[int] = []
    answer = await hr.post("/v1/imports", content=pieces(200 * 1024**2, unread), headers=announced)
    problem(answer, 413, "payload_too_large")
    assert sum(unread) < 1024**2
    async with databases.app.transaction(world.other_system) as db:
        assert await db.scalar(select(func.count()).select_from(Import)) == 0


async def test_nobody_who_may_not_import_gets_a_byte_taken(api, world):
    for who, status in ((world.manager, 403), (world["noa"], 403), (None, 401)):
        taken: list[int] = []
        answer = await api(who).post(
            "/v1/imports", content=pieces(20 * 1024**2, taken),
            headers={"Content-Type": "multipart/form-data; boundary=cut", "Sec-Fetch-Site": "none"},
        )  # fmt: skip
        assert answer.status_code == status
        assert sum(taken) < 1024**2
