"""Who keeps a field: what a file, a connection or somebody by hand set last is said so, field by field."""

from hris.scim import connect
from hris_imports import HEADER, applied, line, read
from support.contract import etag_of


async def origins(hr, number: int | str) -> list[tuple]:
    """Who set what of a person, newest first; by file its name, and whether it was taken back."""
    items = (await hr.get("/v1/people", params={"limit": 100})).json()["items"]
    (id,) = [item["id"] for item in items if item["external_id"] == str(number)]
    found = (await hr.get(f"/v1/people/{id}")).json()["origins"]
    return [(one["by"], one["file"] and one["file"]["filename"], one["undone"], set(one["fields"])) for one in found]


async def change(hr, number: int, **patch) -> None:
    items = (await hr.get("/v1/people", params={"limit": 100})).json()["items"]
    (path,) = [f"/v1/people/{item['id']}" for item in items if item["external_id"] == str(number)]
    answer = await hr.patch(path, json=patch, headers=etag_of(await hr.get(path)))
    assert answer.status_code == 200, answer.text


WHOLE = {"external_id", "display_name", "given_name", "family_name", "work_email", "department", "team", "site",
         "country", "time_zone", "status", "manager_id"}  # fmt: skip


async def test_each_field_says_which_file_or_hand_set_it_last(api, world, run_jobs, clock):
    hr = api(world.other_admin)
    clock.freeze("2026-11-02T08:00:00Z")
    await applied(hr, run_jobs, HEADER + line(1) + line(2, 1), name="november.csv")
    assert await origins(hr, 2) == [("file", "november.csv", False, WHOLE)]
    clock.advance(days=1)
    await change(hr, 2, title="Lead", team="A")
    assert await origins(hr, 2) == [("hand", None, False, {"title"}), ("file", "november.csv", False, WHOLE)]
    clock.advance(days=30)
    done = await applied(hr, run_jobs, HEADER + line(1) + line(2, team="B"), name="december.csv")
    told = [("file", "december.csv", False, {"team", "manager_id"}), ("hand", None, False, {"title"})]
    assert await origins(hr, 2) == [*told, ("file", "november.csv", False, WHOLE - {"team", "manager_id"})]
    clock.advance(days=1)
    await change(hr, 2, team="C")
    assert (await origins(hr, 2))[:2] == [
        ("hand", None, False, {"team"}),
        ("file", "december.csv", False, {"manager_id"}),
    ]
    assert (await hr.post(f"/v1/imports/{done['id']}/undo")).status_code == 202
    await run_jobs()
    assert (await read(hr, done["id"]))["undone"]["kept"] == 1


async def test_what_a_file_set_and_an_undo_took_back_is_said_so(api, world, run_jobs):
    hr = api(world.other_admin)
    await applied(hr, run_jobs, HEADER + line(1) + line(2, 1), name="first.csv")
    done = await applied(hr, run_jobs, HEADER + line(2, 1, team="B"), name="second.csv")
    assert (await hr.post(f"/v1/imports/{done['id']}/undo")).status_code == 202
    await run_jobs()
    found = await origins(hr, 2)
    assert ("file", "second.csv", True, {"team"}) in found
    assert ("file", "first.csv", False, WHOLE - {"team"}) in found


async def test_what_a_connection_keeps_is_its_own_and_stays_told_when_it_ends(api, world, run_jobs):
    hr = api(world.other_admin)
    await applied(hr, run_jobs, HEADER + line(1) + line(2, 1), name="first.csv")
    scim, made = await connect(api, world.other_admin)
    schema = "urn:ietf:params:scim:schemas:{}:2.0:User"
    core, enterprise = schema.format("core"), schema.format("extension:enterprise")
    boss = {
        "schemas": [core, enterprise],
        "userName": "boss",
        "displayName": "Boss",
        enterprise: {"employeeNumber": "7"},
    }
    async with scim:
        told = (await scim.post("/Users", json=boss)).json()["id"]
        body = {"schemas": [core, enterprise], "userName": "two", "name": {"givenName": "Pat", "familyName": "Quist2"},
                "displayName": "Pat Quist2", "title": "Lead",
                enterprise: {"employeeNumber": "2", "manager": {"value": told}}}  # fmt: skip
        assert (await scim.post("/Users", json=body)).status_code == 201
    kept = {"title", "manager_id", "external_id", "display_name", "given_name", "family_name"}
    assert await origins(hr, 2) == [("file", "first.csv", False, WHOLE - kept)]
    path = f"/v1/scim-connections/{made['id']}"
    assert (await hr.delete(path, headers=etag_of(await hr.get(path)))).status_code == 204
    assert ("connection", None, False, {"title", "manager_id"}) in await origins(hr, 2)
    assert [by for by, *_ in await origins(hr, 7)] == ["connection"]


async def test_who_may_not_change_the_directory_is_told_nothing_of_it(api, world):
    by_hand = (await api(world.admin).get(f"/v1/people/{world['noa'].id}")).json()["origins"]
    assert [one["by"] for one in by_hand] == ["hand"]
    assert (await api(world.manager).get(f"/v1/people/{world['noa'].id}")).json()["origins"] == []
