"""Who read my data, and what HR sees of me: its own view, by its own code."""

import pytest
from privacy.filled import fill
from sqlalchemy import text

from vuoro.identity import machines
from vuoro.identity.schemas import ApiClientIn


@pytest.fixture
async def at_work(migrator, databases, world, superuser):
    found = await fill(migrator, databases.app, world)
    await superuser.execute(
        "update enrollments set state = 'paired', skills = '{}', topics = '{}', wants_to_understand = '{}',"
        " availability = '[]';"
        "update pairs set reasons = '[]', checks = '{}', mentee_asked_at = activated_at;"
        "delete from access_log; delete from erasures; delete from import_rows"
    )
    return found


async def log_of(api, who):
    items = (await api(who).get("/v1/me/access-log?limit=100")).json()["items"]
    return [(one["reader"] and one["reader"]["display_name"], one["machine"], one["what"]) for one in items]


async def test_each_page_that_somebody_else_reads_is_one_line_for_those_on_it(at_work, api, world):
    petra, helena = api(world.manager), api(world.admin)
    noa = world["noa"]
    await petra.get(f"/v1/programs/{at_work.couple.program_id}/enrollments")
    await petra.get(f"/v1/pairs/{at_work.couple.pair_id}")
    await helena.get(f"/v1/people/{noa.id}")
    assert await log_of(api, noa) == [
        ("Helena Rask", None, "directory"),
        ("Petra Sund", None, "participation"),
        ("Petra Sund", None, "participation"),
    ]
    assert [what for *_, what in await log_of(api, world["maria"])] == ["participation"] * 2
    assert await log_of(api, world["emil"]) == []


async def test_a_list_of_many_is_one_row_and_is_kept_for_each_of_them(at_work, api, world, superuser):
    items = (await api(world.admin).get("/v1/people?limit=100")).json()["items"]
    assert await superuser.fetchval("select count(*) from access_log") == 1
    assert await superuser.fetchval("select cardinality(people) from access_log") == len(items) - 1
    for key in ("noa", "emil", "astrid"):
        assert await log_of(api, world[key]) == [("Helena Rask", None, "directory")]
    assert await log_of(api, world.admin) == []


async def test_what_the_two_read_of_each_other_and_of_themselves_is_no_line(at_work, api, world, superuser):
    for key in ("noa", "maria"):
        client = api(world[key])
        for path in ("", "/goals", "/history", "/sessions"):
            assert (await client.get(f"/v1/pairs/{at_work.couple.pair_id}{path}")).status_code == 200
        for path in ("/v1/pairs", "/v1/me/today", "/v1/me/export", f"/v1/people/{world[key].id}"):
            assert (await client.get(path)).status_code == 200
    assert await superuser.fetchval("select count(*) from access_log") == 0


async def test_a_machine_stands_in_the_log_by_its_name(at_work, api, world, databases):
    async with databases.app.transaction(world.admin.actor) as db:
        client = await machines.add_client(db, db.me, ApiClientIn(name="HRIS", scopes=["people:read"]))
    key = await api.key(world.organization_id, client)
    assert (await api(key).get(f"/v1/people/{world['noa'].id}")).status_code == 200
    assert await log_of(api, world["noa"]) == [(None, "HRIS", "directory")]


async def test_nobody_reads_who_looked_at_another_not_even_an_admin(at_work, api, world, databases):
    await api(world.manager).get(f"/v1/people/{world['noa'].id}")
    for who in (world.admin, world.manager, world["maria"], world.other_admin):
        async with databases.app.transaction(who.actor) as db:
            assert await db.scalar(text("select count(*) from access_log")) == 0
    async with databases.app.transaction(world["noa"].actor) as db:
        assert await db.scalar(text("select count(*) from access_log")) == 1


async def test_the_log_of_readers_goes_on_page_by_page(at_work, api, world):
    for _ in range(3):
        await api(world.manager).get(f"/v1/people/{world['noa'].id}")
    noa = api(world["noa"])
    first = (await noa.get("/v1/me/access-log?limit=2")).json()
    rest = (await noa.get("/v1/me/access-log", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)


async def test_what_hr_sees_is_what_its_own_pages_give(at_work, api, world):
    seen = (await api(world["noa"]).get("/v1/me/as-seen-by-manager")).json()
    petra = api(world.manager)
    assert seen["directory"] == (await petra.get(f"/v1/people/{world['noa'].id}")).json()
    [program] = seen["programs"]
    [part] = program["enrollments"]
    [pair] = program["pairs"]
    assert part == (await petra.get(f"/v1/enrollments/{part['id']}")).json()
    theirs = (await petra.get(f"/v1/pairs/{at_work.couple.pair_id}")).json()
    assert (pair["my_side"], pair["next_session"], pair["override"]["reason"]) == (None, None, None)
    # the managers' own words are theirs; the mentor reads them in the pair itself
    assert pair | {"override": None} == theirs | {"override": None}
    assert pair["override"] | {"reason": theirs["override"]["reason"]} == theirs["override"]


async def test_looking_at_what_hr_sees_is_no_reading_by_hr(at_work, api, world, superuser):
    await api(world["noa"]).get("/v1/me/as-seen-by-manager")
    assert await superuser.fetchval("select count(*) from access_log") == 0


async def test_what_hr_sees_shows_no_executive_an_offer_that_was_not_made(at_work, api, world, superuser):
    await superuser.execute("update pairs set mentee_asked_at = null, state = 'asked_mentor'")
    seen = (await api(world["maria"]).get("/v1/me/as-seen-by-manager")).json()
    assert [program["pairs"] for program in seen["programs"]] == [[]]


async def test_somebody_without_a_part_is_seen_by_no_manager_of_a_programme(at_work, api, world):
    seen = (await api(world["amina"]).get("/v1/me/as-seen-by-manager")).json()
    assert seen == {"directory": None, "programs": []}
