"""What a connection looks up is found by an index, behind the walls too: no company is read to find one person."""

from typing import Any

import asyncpg
import pytest
from hris.scim import connect
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
FEW = 40

# Of nine thousand the connection told two thirds, who have a user name; the others wait for a manager.
MANY = text(
    "with made as (insert into people (organization_id, id, external_id, user_name, display_name, work_email,"
    " manager_external_id, languages, status, line, graph_only, version, created_at, updated_at)"
    " select :organization, gen_random_uuid(), 'Number-' || n, case when n % 3 > 0 then 'User.' || n end,"
    " 'Person ' || n, 'mail.' || n || '@many.example', case when n % 3 = 0 then 'Boss.' || n end, '{}', 'active',"
    " 'top', false, 1, now(), now() from generate_series(1, 9000) n returning id, external_id, user_name)"
    " insert into scim_users (organization_id, id, connection_id, said) select :organization, id, :connection,"
    " jsonb_build_object('employeeNumber', 'Said-' || external_id) from made where user_name is not null"
)
GROUPS = text(
    "insert into scim_groups (organization_id, id, connection_id, display_name, version, created_at, updated_at)"
    " select :organization, gen_random_uuid(), :connection, 'Group ' || n, 1, now(), now()"
    " from generate_series(1, 3000) n"
)


@pytest.fixture
async def many(api, world, databases, postgres, database_name):
    """A connection of a company with thousands of people and groups."""
    scim, made = await connect(api, world.admin)
    ids = {"organization": world.organization_id, "connection": made["id"]}
    async with databases.app.transaction(world.system) as db:
        await db.execute(MANY, ids)
        await db.execute(GROUPS, ids)
    owner = await asyncpg.connect(postgres.dsn("migrator", database_name))
    await owner.execute("analyze people, scim_users, scim_groups")
    await owner.close()
    async with scim:
        yield scim


@pytest.fixture
def asked(databases, world):
    """`await asked(request)`: what the request answers, and the plans of all that it selects, run as vuoro_app."""

    async def asked(request: Any) -> tuple[Any, list[dict[str, Any]]]:
        sent: list[tuple[str, Any]] = []

        def note(_c: object, _cursor: object, statement: str, parameters: Any, _x: object, _many: bool) -> None:
            if statement.startswith(("SELECT", "WITH")):
                sent.append((statement, parameters))

        event.listen(Engine, "before_cursor_execute", note)
        try:
            answer = await request
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        async with databases.app.transaction(world.system) as db:
            told = [await db.raw.fetchval(f"explain (analyze, format json) {sql}", *values) for sql, values in sent]
        return answer, [each[0]["Plan"] for each in told]

    return asked


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """A plan's steps."""
    return [plan, *(node for part in plan.get("Plans", ()) for node in nodes(part))]


def by_index(plans: list[dict[str, Any]], column: str) -> bool:
    """Whether something is looked up by this column, and no step reads many rows to find a few."""
    steps = [node for plan in plans for node in nodes(plan)]
    for step in steps:
        read = step["Actual Loops"] * (step["Actual Rows"] + step.get("Rows Removed by Filter", 0))
        assert read <= FEW, step
    return any(f"({column} = " in step.get("Index Cond", "") for step in steps)


async def test_a_filter_that_names_one_is_a_look_up(many, asked):
    for path, said, column, count in (
        ("/Users", 'userName eq "uSER.301"', "scim_name", 1),
        ("/Users", 'userName eq "MAIL.300@many.example"', "scim_name", 1),
        ("/Users", 'displayName eq "pERSON 301"', "shown_name", 1),
        ("/Users", f'{ENTERPRISE}:employeeNumber eq "nUMBER-300"', "number", 1),
        ("/Users", f'{ENTERPRISE}:employeeNumber eq "said-number-301"', "number", 1),
        ("/Users", f'{ENTERPRISE}:employeeNumber eq "number-301"', "number", 0),
        ("/Users", 'emails[type eq "work"].value eq "mail.301@MANY.example"', "work_email", 1),
        ("/Groups", 'displayName eq "gROUP 300"', "shown_name", 1),
    ):
        answer, plans = await asked(many.get(path, params={"filter": said}))
        assert (answer.status_code, answer.json()["totalResults"]) == (200, count), said
        assert by_index(plans, column), said


async def test_a_newcomer_is_looked_up_by_name_and_so_is_their_manager(many, asked):
    body = {
        "schemas": [CORE, ENTERPRISE],
        "userName": "new@many.example",
        ENTERPRISE: {"manager": {"value": "uSER.301"}},
    }
    answer, plans = await asked(many.post("/Users", json=body))
    assert answer.status_code == 201, answer.text
    assert answer.json()[ENTERPRISE]["manager"]["value"] == "uSER.301"
    boss = (await many.get("/Users", params={"filter": 'userName eq "user.301"'})).json()["Resources"][0]["id"]
    assert (await many.get(f"/Users/{answer.json()['id']}")).json()[ENTERPRISE]["manager"]["$ref"].endswith(boss)
    assert by_index(plans, "scim_name")


async def test_whoever_waits_for_a_newcomer_is_looked_up(many, asked):
    answer, plans = await asked(many.post("/Users", json={"schemas": [CORE], "userName": "bOSS.300"}))
    assert answer.status_code == 201, answer.text
    assert by_index(plans, "awaited")
    report = (await many.get("/Users", params={"filter": 'displayName eq "Person 300"'})).json()["Resources"][0]
    assert report[ENTERPRISE]["manager"]["value"] == answer.json()["id"]


async def test_a_name_that_somebody_has_is_looked_up(many, asked):
    one = (await many.get("/Users", params={"filter": 'userName eq "user.301"'})).json()["Resources"][0]["id"]
    change = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "userName", "value": "uSER.302"}]}
    answer, plans = await asked(many.patch(f"/Users/{one}", json=change))
    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert by_index(plans, "scim_name")


async def test_a_group_that_is_there_already_is_looked_up(many, asked):
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "gROUP 300"}
    answer, plans = await asked(many.post("/Groups", json=body))
    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert by_index(plans, "shown_name")


async def test_the_database_alone_says_what_a_name_is_in_lower_case(api, world):
    scim, _ = await connect(api, world.admin)

    async def bring(name: str, **enterprise: Any) -> str:
        mail = [{"value": f"{name}@nordlys.example"}]
        body = {"schemas": [CORE, ENTERPRISE], "userName": name, "emails": mail, ENTERPRISE: enterprise}
        answer = await scim.post("/Users", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async with scim:
        for name in ("ΟΔΟΣ", "İPEK", "GROẞ"):
            manager = {"manager": {"value": name}}
            below = [await bring(f"{name}-1", **manager)]
            id = await bring(name, employeeNumber=f"number of {name}")
            below.append(await bring(f"{name}-2", **manager))
            for said in ("userName eq", "userName sw", "displayName eq"):
                found = (await scim.get("/Users", params={"filter": f'{said} "{name}"'})).json()["Resources"]
                assert id in [one["id"] for one in found], (name, said)
            mail = {"filter": f'emails.value eq "{name}@NORDLYS.example"'}
            assert (await scim.get("/Users", params=mail)).json()["totalResults"] == 1
            for report in below:
                shown = (await scim.get(f"/Users/{report}")).json()[ENTERPRISE]["manager"]
                assert shown.get("$ref", "").endswith(id), (name, report == below[0])
            again = await scim.post("/Users", json={"schemas": [CORE], "userName": name})
            assert (again.status_code, again.json()["scimType"]) == (409, "uniqueness")
