"""People through SCIM: taken over, owned, leaving, out of scope, in groups; and what the admin sees of it."""

import asyncio
import json

from hris.scim import connect
from sqlalchemy import select, text
from support.pairs import make_couple

from vuoro.pairs.models import Pair

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
VUORO = "urn:ietf:params:scim:schemas:extension:vuoro:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"

MANY_MEMBERS = text(
    "with made as (insert into people (organization_id, id, external_id, display_name, languages, status, line,"
    " graph_only, version, created_at, updated_at) select :organization, gen_random_uuid(), 'x' || n, 'X ' || n, '{}',"
    " 'active', 'top', false, 1, now(), now() from generate_series(1, 5000) n returning id)"
    " insert into scim_members (organization_id, id, group_id, person_id)"
    " select :organization, gen_random_uuid(), :group, id from made"
)


def patch(*operations):
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": list(operations)}


async def test_a_leaver_loses_access_at_the_next_request_and_the_pair_pauses(api, world, databases):
    couple = await make_couple(databases.app, world, world["noa"], world["astrid"])
    scim, _ = await connect(api, world.admin, preset="entra")
    noa = str(world["noa"].id)
    async with scim, api(world["noa"]) as client:
        assert (await client.get("/v1/me")).status_code == 200
        gone = await scim.patch(f"/Users/{noa}", json=patch({"op": "Replace", "path": "active", "value": "False"}))
        assert (gone.status_code, gone.json()["active"]) == (200, False)
        assert (await client.get("/v1/me")).status_code == 401
        async with databases.app.transaction(world.system) as db:
            assert await db.scalar(select(Pair.state).where(Pair.id == couple.pair_id)) == "paused"
        assert (await scim.get(f"/Users/{noa}")).json()["active"] is False
        assert (await scim.delete(f"/Users/{noa}")).status_code == 204
        assert (await scim.get(f"/Users/{noa}")).status_code == 404


async def test_who_listens_to_the_directory_hears_of_people_through_scim(api, world, run_jobs):
    scim, _ = await connect(api, world.admin)
    async with scim:
        await run_jobs()
        made = await scim.post("/Users", json={"schemas": [CORE], "userName": "vera@nordlys.example"})
        assert made.status_code == 201
        assert "person.created" in await run_jobs()
        change = patch({"op": "replace", "path": "title", "value": "Analyst"})
        assert (await scim.patch(f"/Users/{made.json()['id']}", json=change)).status_code in (200, 204)
        assert "person.changed" in await run_jobs()


async def test_a_known_person_is_taken_over_and_what_was_told_is_owned(api, world):
    scim, made = await connect(api, world.admin)
    async with scim, api(world.admin) as client:
        found = (await scim.get("/Users", params={"filter": f'userName eq "{world["emil"].email.upper()}"'})).json()
        assert [user["id"] for user in found["Resources"]] == [str(world["emil"].id)]
        same = {"schemas": [CORE, VUORO], "userName": world["emil"].email, VUORO: {"team": "Models"}}
        assert (await scim.post("/Users", json=same)).json()["id"] == str(world["emil"].id)

        one = await client.get(f"/v1/people/{world['emil'].id}")
        assert one.json()["team"] == "Models"
        assert one.json()["title"] == "Data analyst"
        assert one.json()["source"] == {"connection_id": made["id"], "name": made["name"], "fields": ["team"]}
        path, head = f"/v1/people/{world['emil'].id}", {"If-Match": one.headers["etag"]}
        refused = await client.patch(path, json={"team": "Mine"}, headers=head)
        assert (refused.status_code, refused.json()["code"]) == (409, "field_owned")
        assert refused.json()["params"] == {"connection": made["name"], "fields": ["team"]}
        assert (await client.patch(path, json={"title": "Lead analyst"}, headers=head)).status_code == 200
        assert (await scim.get(f"/Users/{world['emil'].id}")).json()["title"] == "Lead analyst"


async def test_a_put_says_nothing_about_what_its_connection_never_told(api, world):
    scim, _ = await connect(api, world.admin, preset="okta")
    path, body = (
        f"/Users/{world['linh'].id}",
        {"schemas": [CORE], "userName": world["linh"].email, "displayName": "L T"},
    )
    async with scim:
        first = (await scim.put(path, json={**body, "title": "Told"})).json()
        assert (first["displayName"], first["title"], first[VUORO]["team"]) == ("L T", "Told", "Data")
        second = (await scim.put(path, json=body)).json()
        assert ("title" in second, second["active"], second[VUORO]["team"]) == (False, True, "Data")


async def test_a_file_leaves_alone_what_a_connection_keeps(api, world, run_jobs):
    scim, _ = await connect(api, world.admin)
    async with scim, api(world.admin) as client:
        title = patch({"op": "add", "path": "title", "value": "From the directory"})
        assert (await scim.patch(f"/Users/{world['omar'].id}", json=title)).status_code == 200
        person = (await client.get(f"/v1/people/{world['omar'].id}")).json()
        row = {
            "external_id": person["external_id"],
            "display_name": "Omar Haddad",
            "title": "From the file",
            "team": "From the file",
        }
        answer = await client.post("/v1/imports", json={"people": [row], "dry_run": False})
        await run_jobs()
        done = (await client.get(f"/v1/imports/{answer.json()['id']}")).json()
        after = (await client.get(f"/v1/people/{world['omar'].id}")).json()
        assert (done["state"], after["title"], after["team"]) == ("applied", "From the directory", "From the file")
        found = (await client.get(f"/v1/imports/{answer.json()['id']}/rows")).json()["items"]
        assert "fields_owned" in {problem["code"] for each in found for problem in each["problems"]}
        assert after["last_import"]["id"] == answer.json()["id"]
    for_manager = (await api(world["petra"]).get(f"/v1/people/{world['omar'].id}")).json()
    assert (for_manager["title"], for_manager["last_import"]) == ("From the directory", None)


async def test_people_outside_the_scope_come_as_graph_only_without_a_name(api, world, databases):
    scope = {"field": "country", "values": ["FI", "Finland"]}
    scim, made = await connect(api, world.admin, scope=scope)
    async with scim, api(world.admin) as client:
        body = {"schemas": [CORE, ENTERPRISE, VUORO], "userName": "hans@nordlys.example", "displayName": "Hans Secret",
                "title": "Secret title", ENTERPRISE: {"employeeNumber": "D1", "manager": {"value": "N1001"}},
                VUORO: {"country": "DE"}}  # fmt: skip
        hans = (await scim.post("/Users", json=body)).json()
        assert not {"displayName", "title"} & hans.keys()
        assert (await client.get(f"/v1/people/{hans['id']}")).status_code == 404
        report = {**body, "userName": "aino@nordlys.example", VUORO: {"country": "fi"},
                  ENTERPRISE: {"employeeNumber": "F1", "manager": {"value": "D1"}}}  # fmt: skip
        aino = (await scim.post("/Users", json=report)).json()
        assert (await client.get(f"/v1/people/{aino['id']}")).json()["line"] == "known"
        counts = (await client.get(f"/v1/scim-connections/{made['id']}")).json()["counts"]
        assert (counts["people"], counts["graph_only"]) == (2, 1)
    async with databases.app.transaction(world.system) as db:
        row = "select row_to_json(p)::text || s.said::text from people p join scim_users s using (organization_id, id)"
        kept = await db.scalar(text(f"{row} where p.external_id = 'D1'"))
        assert kept
        assert "Secret" not in kept


async def test_who_goes_out_of_the_scope_is_signed_in_no_more_and_the_pair_pauses(api, world, databases):
    couple = await make_couple(databases.app, world, world["noa"], world["astrid"])
    scim, _ = await connect(api, world.admin, scope={"field": "country", "values": ["FI"]})
    path = f"/Users/{world['noa'].id}"
    async with scim, api(world["noa"]) as client:
        assert (await client.get("/v1/me")).status_code == 200
        moved = await scim.patch(path, json=patch({"op": "add", "path": f"{VUORO}:country", "value": "SE"}))
        assert (moved.status_code, moved.json()["active"]) == (200, True)
        assert (await client.get("/v1/me")).status_code == 401
        async with databases.app.transaction(world.system) as db:
            assert await db.scalar(select(Pair.state).where(Pair.id == couple.pair_id)) == "paused"
        whole = {"op": "add", "value": {"displayName": "Noa Virtanen", f"{VUORO}:country": "FI"}}
        assert (await scim.patch(path, json=patch(whole))).status_code == 200
        assert (await client.get("/v1/me")).json()["person"]["display_name"] == "Noa Virtanen"


async def test_a_group_gives_a_role_and_leaving_it_takes_that_role_alone(api, world):
    scim, made = await connect(api, world.admin, preset="entra")
    saga, path = str(world["saga"].id), f"/v1/scim-connections/{made['id']}"
    async with scim, api(world.admin) as client:
        members = [{"value": saga}, {"value": "a-stranger"}]
        body = {"schemas": [GROUP], "displayName": "Sponsors", "members": members}
        group = (await scim.post("/Groups", json=body)).json()["id"]
        await client.post("/v1/organization/grants", json={"person_id": saga, "role": "safeguarding_contact"})
        given = await client.post(f"{path}/groups/{group}/rules", json={"role": "sponsor"})
        assert given.status_code == 201
        twice = await client.post(f"{path}/groups/{group}/rules", json={"role": "sponsor"})
        assert (twice.status_code, twice.json()["code"]) == (409, "rule_exists")
        assert await roles(client, saga) == {"sponsor", "safeguarding_contact"}
        clash = await client.post(f"{path}/groups/{group}/rules", json={"role": "programme_manager"})
        assert clash.status_code == 201
        assert await roles(client, saga) == {"sponsor", "safeguarding_contact"}

        remove = patch({"op": "Remove", "path": "members", "value": [{"value": saga}]})
        assert (await scim.patch(f"/Groups/{group}", json=remove)).status_code == 204
        assert await roles(client, saga) == {"safeguarding_contact"}
        shown = (await client.get(f"{path}/groups")).json()["items"]
        assert [(each["display_name"], each["members"], len(each["rules"])) for each in shown] == [("Sponsors", 0, 2)]
        codes = {entry["code"] for entry in (await client.get(f"{path}/log")).json()["items"]}
        assert codes == {"unknown_member"}


async def test_members_who_come_to_a_group_at_once_are_all_in_it(api, world):
    scim, _ = await connect(api, world.admin)
    people = {str(world[name].id) for name in ("saga", "noa", "astrid", "helena")}
    async with scim:
        group = (await scim.post("/Groups", json={"schemas": [GROUP], "displayName": "Everybody"})).json()["id"]
        adds = [patch({"op": "add", "path": "members", "value": [{"value": person}]}) for person in people]
        answers = await asyncio.gather(*(scim.patch(f"/Groups/{group}", json=add) for add in adds))
        assert [answer.status_code for answer in answers] == [200] * 4
        shown = (await scim.get(f"/Groups/{group}")).json()
    assert {member["value"] for member in shown["members"]} == people
    assert shown["meta"]["version"] == 'W/"5"'


async def test_a_role_that_two_groups_give_stays_until_the_second_is_left(api, world):
    scim, made = await connect(api, world.admin)
    saga, path = str(world["saga"].id), f"/v1/scim-connections/{made['id']}"
    async with scim, api(world.admin) as client:
        groups = []
        for name in ("Sponsors", "Board"):
            body = {"schemas": [GROUP], "displayName": name, "members": [{"value": saga}]}
            groups.append((await scim.post("/Groups", json=body)).json()["id"])
            await client.post(f"{path}/groups/{groups[-1]}/rules", json={"role": "sponsor"})
        assert await roles(client, saga) == {"sponsor"}
        nobody = patch({"op": "remove", "path": "members"})
        assert (await scim.patch(f"/Groups/{groups[0]}", json=nobody)).status_code == 200
        assert await roles(client, saga) == {"sponsor"}
        assert (await scim.delete(f"/Groups/{groups[1]}")).status_code == 204
        assert await roles(client, saga) == set()


async def test_a_group_of_thousands_gives_its_role_to_all_of_them(api, world, databases):
    scim, made = await connect(api, world.admin)
    async with scim, api(world.admin) as client:
        group = (await scim.post("/Groups", json={"schemas": [GROUP], "displayName": "Everybody"})).json()["id"]
        async with databases.app.transaction(world.system) as db:
            await db.execute(MANY_MEMBERS, {"organization": world.organization_id, "group": group})
        path = f"/v1/scim-connections/{made['id']}/groups/{group}/rules"
        assert (await client.post(path, json={"role": "sponsor"})).status_code == 201
    async with databases.app.transaction(world.system) as db:
        assert await db.scalar(text("select count(*) from scim_given where grant_id is not null")) == 5000


async def roles(client, person):
    found = (await client.get("/v1/organization/grants", params={"person_id": person})).json()["items"]
    return {grant["role"] for grant in found}


async def test_the_admin_sees_errors_without_values_and_who_waits_for_a_manager(api, world):
    scim, made = await connect(api, world.admin)
    path = f"/v1/scim-connections/{made['id']}"
    async with scim, api(world.admin) as client:
        assert (await client.get(f"{path}/checks")).json()["items"][0]["code"] == "no_contact"
        taken = {"schemas": [CORE], "userName": "Unique.Value@nordlys.example"}
        assert (await scim.post("/Users", json=taken)).status_code == 201
        assert (await scim.post("/Users", json={**taken, "userName": taken["userName"].upper()})).status_code == 409
        odd = {"schemas": [CORE, ENTERPRISE], "userName": "odd@nordlys.example", "timezone": "Middle Earth",
               ENTERPRISE: {"manager": "nobody@nordlys.example"}}  # fmt: skip
        assert (await scim.post("/Users", json=odd)).status_code == 201
        log = (await client.get(f"{path}/log")).json()
        entries = [(each["method"], each["path"], each["status"], each["scim_type"], each["code"], each["attribute"])
                   for each in log["items"]]  # fmt: skip
        assert entries == [
            ("POST", "Users", 200, None, "time_zone_unknown", "timezone"),
            ("POST", "Users", 409, "uniqueness", "user_name_conflict", None),
        ]
        assert "nique" not in json.dumps(log).replace("uniqueness", "")
        assert "Middle" not in json.dumps(log)
        assert len((await client.get(f"{path}/log", params={"failed": True})).json()["items"]) == 1
        waiting = (await client.get(f"{path}/unknown-managers")).json()["items"]
        assert [each["manager"] for each in waiting] == ["nobody@nordlys.example"]
        codes = {check["code"] for check in (await client.get(f"{path}/checks")).json()["items"]}
        assert {"reached", "errors", "unknown_managers", "no_hire_date"} <= codes


async def test_a_paused_or_ended_connection_and_a_foreign_token_get_nothing(api, world):
    scim, made = await connect(api, world.admin)
    path = f"/v1/scim-connections/{made['id']}"
    async with scim, api(world.admin) as client, api("made-up") as stranger:
        assert (await scim.get("/Users")).status_code == 200
        answer = await stranger.get("/scim/v2/Users")
        assert (answer.status_code, answer.json()["status"]) == (401, "401")
        assert "Bearer" in answer.headers["www-authenticate"]
        person = await client.get("/scim/v2/Users")
        assert person.status_code == 403
        head = {"If-Match": (await client.get(path)).headers["etag"]}
        assert (await client.patch(path, json={"state": "paused"}, headers=head)).status_code == 200
        assert (await scim.get("/Users")).status_code == 403
        assert (await client.delete(path)).status_code == 204
        assert (await scim.get("/Users")).status_code == 401
        assert (await scim.get("/ServiceProviderConfig")).status_code == 200


async def test_an_employee_number_is_what_was_said_or_else_the_directorys(api, world):
    scim, _ = await connect(api, world.admin)
    number = f"{ENTERPRISE}:employeeNumber"

    async def found(said: str) -> list[str]:
        return [user["id"] for user in (await scim.get("/Users", params={"filter": said})).json()["Resources"]]

    async with scim, api(world.admin) as client:
        emil = await client.get(f"/v1/people/{world['emil'].id}")
        known = emil.json()["external_id"]
        assert await found(f'{number} eq "{known.lower()}"') == [str(world["emil"].id)]
        said = {"schemas": [CORE, ENTERPRISE], "userName": world["emil"].email, ENTERPRISE: {"employeeNumber": "Ab-77"}}
        assert (await scim.post("/Users", json=said)).json()["id"] == str(world["emil"].id)
        assert await found(f'{number} eq "AB-77"') == [str(world["emil"].id)]
        assert await found(f'{number} eq "AB-77" and active eq false') == []
        quiet = (await scim.post("/Users", json={"schemas": [CORE], "userName": world["noa"].email})).json()["id"]
        own = (await client.get(f"/v1/people/{quiet}")).json()["external_id"]
        assert await found(f'{number} eq "{own}"') == []
        assert str(world["emil"].id) not in await found(f'{number} ne "ab-77" and userName eq "{world["emil"].email}"')


async def test_another_company_sees_none_of_our_people_through_its_connection(api, world):
    scim, _ = await connect(api, world.other_admin)
    async with scim:
        assert (await scim.get("/Users", params={"filter": 'userName co "nordlys"'})).json()["totalResults"] == 0
        assert (await scim.get(f"/Users/{world['noa'].id}")).status_code == 404
        gone = await scim.patch(f"/Users/{world['noa'].id}", json=patch({"op": "replace", "value": {"active": False}}))
        assert gone.status_code == 404
