"""Lists for spreadsheets: inert, and holding nothing that the list itself does not show."""

import csv
import io

import pytest
from core.test_exports import is_formula
from programs.joining import enrolled, opened
from support.contract import etag_of, problem

from vuoro.core import exports

EVIL = '=HYPERLINK("https://evil.example")'


def read(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline=""))
    assert [cell for row in rows for cell in row if is_formula(cell)] == []
    return [dict(zip(header, row, strict=True)) for row in rows]


async def test_the_directory_holds_the_same_people_as_the_list_and_no_formula(api, world):
    admin = api(world.admin)
    path = f"/v1/people/{world['noa'].id}"
    await admin.patch(path, json={"title": EVIL, "site": "@Oulu"}, headers=etag_of(await admin.get(path)))
    rows = read(await admin.get("/v1/people/export"))
    listed = (await admin.get("/v1/people?limit=100")).json()["items"]
    assert [row["display_name"] for row in rows] == [item["display_name"] for item in listed]
    noa = next(row for row in rows if row["display_name"] == "Noa Virtanen")
    assert (noa["title"], noa["site"], noa["manager"]) == (f"'{EVIL}", "'@Oulu", "Olli Nieminen")
    few = read(await admin.get("/v1/people/export", params={"department": "Nordics"}))
    assert [row["display_name"] for row in few] == ["Erik Lund", "Freja Dahl", "Omar Haddad", "Saga Holm"]


async def test_the_directory_leaves_with_those_alone_who_read_it_and_they_are_written_down(api, world):
    problem(await api(world["noa"]).get("/v1/people/export"), 403, "forbidden")
    read(await api(world.manager).get("/v1/people/export"))
    seen = (await api(world["noa"]).get("/v1/me/access-log")).json()["items"]
    assert [(one["reader"]["display_name"], one["what"]) for one in seen] == [("Petra Sund", "directory")]
    log = (await api(world.manager).get("/v1/audit-log")).json()["items"]
    assert [one["words"]["en"] for one in log] == ["Took the directory out as a file"]


async def test_participants_leave_without_what_is_theirs_alone(api, world):
    path = await opened(api, world)
    part = await enrolled(api, world, path, "noa", superpower="=1+1", topics=["social-media"])
    noa, mine = api(world["noa"]), f"/v1/enrollments/{part['id']}"
    secret = {"boundaries": "nothing about my team", "availability": [{"weekday": 1, "from": "09:13", "to": "11:30"}]}
    answer = await noa.patch(mine, json=secret, headers=etag_of(await noa.get(mine)))
    assert answer.status_code == 200, answer.text
    answer = await api(world.manager).get(f"{path}/enrollments/export")
    (row,) = read(answer)
    assert (row["display_name"], row["role"], row["state"]) == ("Noa Virtanen", "mentor", "approved")
    assert "my team" not in answer.text
    assert '"09:13"' not in answer.text
    problem(await noa.get(f"{path}/enrollments/export"), 403, "forbidden")


async def test_the_log_leaves_in_the_readers_words_and_with_their_lines_alone(api, world):
    program = {"name": "Turns", "template": "sounding-board"}
    await api(world.manager).post("/v1/programs", json=program)
    rows = read(await api(world.manager).get("/v1/audit-log/export"))
    # Petra reads Swedish
    assert [(row["who"], row["what"], row["action"]) for row in rows] == [
        ("Petra Sund", "Skapade programmet", "program.create"),
    ]  # fmt: skip
    everything = read(await api(world.admin).get("/v1/audit-log/export", params={"noun": "program"}))
    assert [row["action"] for row in everything] == ["program.create"]
    assert read(await api(world["noa"]).get("/v1/audit-log/export")) == []


@pytest.mark.parametrize("path", ["/v1/people/export", "/v1/audit-log/export"])
async def test_more_rows_than_anybody_reads_are_refused(api, world, monkeypatch, path):
    await api(world.admin).patch("/v1/organization", json={"name": "N"}, headers={"If-Match": '"1.x"'})
    for module in ("core.sheets", "people.service", "analytics.audit_log"):
        monkeypatch.setattr(f"vuoro.{module}.MOST_ROWS", 0)
    problem(await api(world.admin).get(path), 409, "too_many_rows")
    assert exports.MOST_ROWS == 50_000
