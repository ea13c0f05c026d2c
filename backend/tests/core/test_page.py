"""Lists by keyset: nobody twice, nobody missing, no forged place."""

import base64

import pytest
from support.contract import problem

from vuoro.core import page
from vuoro.people.models import Person


@pytest.fixture
async def crowd(databases, world):
    """120 people, many with the same name, level or none."""
    async with databases.app.transaction(world.system) as db:
        db.add_all(
            Person(
                organization_id=world.organization_id, external_id=f"C{n}", display_name=f"Name {n % 7}", languages={},
                job_level=None if n % 5 == 0 else n % 4,
            )
            for n in range(120)
        )  # fmt: skip


async def walk(client, query, limit):
    items, cursor = [], None
    for _ in range(1000):
        answer = await client.get(
            "/v1/people", params={**query, "limit": limit, **({"cursor": cursor} if cursor else {})}
        )
        body = answer.json()
        assert answer.status_code == 200, body
        assert len(body["items"]) <= limit
        items += body["items"]
        cursor = body["next_cursor"]
        if cursor is None:
            return items
    raise AssertionError("the list never ends")


@pytest.mark.parametrize("sort", ["name", "-name", "level", "-level"])
@pytest.mark.parametrize("limit", [7, 20, 100])
async def test_pages_show_everybody_once_in_order(api, world, crowd, sort, limit):
    items = await walk(api(world.admin), {"sort": sort}, limit)
    assert len({item["id"] for item in items}) == len(items) == 140
    values = [
        item["display_name"] if "name" in sort else -1 if item["job_level"] is None else item["job_level"]
        for item in items
    ]
    assert values == sorted(values, reverse=sort.startswith("-"))


async def test_a_page_of_one_at_a_time_is_complete(api, world):
    items = await walk(api(world.admin), {"division": "Sales"}, 1)
    assert len({item["id"] for item in items}) == len(items) == 9


async def test_somebody_added_meanwhile_makes_nobody_appear_twice(api, world, databases):
    admin = api(world.admin)
    first = (await admin.get("/v1/people?limit=10")).json()
    async with databases.app.transaction(world.system) as db:
        db.add(Person(organization_id=world.organization_id, external_id="A0", display_name="Aaa", languages={}))
    rest = (await admin.get("/v1/people", params={"limit": 100, "cursor": first["next_cursor"]})).json()
    ids = [item["id"] for item in first["items"] + rest["items"]]
    assert len(set(ids)) == len(ids) == 20


async def test_twenty_is_the_default_and_a_full_last_page_has_no_cursor(api, world):
    body = (await api(world.admin).get("/v1/people")).json()
    assert len(body["items"]) == 20
    assert body["next_cursor"] is None


@pytest.mark.parametrize(
    "cursor",
    ["x", "!!!!", "", "A" * 60, "é", base64.urlsafe_b64encode(b"\0" * 12 + b'["peoplename","A","b"]').decode()],
)
async def test_a_forged_cursor_is_422(api, world, cursor):
    answer = problem(await api(world.admin).get("/v1/people", params={"cursor": cursor}), 422, "validation_failed")
    assert answer["errors"][0]["pointer"] == "#/query/cursor"


async def test_a_cursor_fits_only_its_list_and_order(api, world):
    admin = api(world.admin)
    cursor = (await admin.get("/v1/people?limit=1")).json()["next_cursor"]
    problem(await admin.get("/v1/people", params={"cursor": cursor, "sort": "-name"}), 422, "validation_failed")
    problem(await admin.get("/v1/skills", params={"cursor": cursor}), 422, "validation_failed")


async def test_a_changed_cursor_is_422(api, world):
    admin = api(world.admin)
    cursor = (await admin.get("/v1/people?limit=1")).json()["next_cursor"]
    for place in range(0, len(cursor), 5):
        changed = cursor[:place] + ("B" if cursor[place] == "A" else "A") + cursor[place + 1 :]
        answer = await admin.get("/v1/people", params={"cursor": changed})
        # The last character may carry bits that mean nothing.
        assert answer.status_code == 422 or place == len(cursor) - 1


def test_a_cursor_is_opaque_and_signed_with_the_installations_key(environment, monkeypatch):
    from vuoro.core.errors import Invalid
    from vuoro.core.settings import settings

    cursor = page.encode_cursor("list", ["a", 1])
    assert page.decode_cursor("list", cursor) == ["a", 1]
    monkeypatch.setenv("VUORO_MASTER_KEYS", "new:" + base64.b64encode(bytes(range(100, 132))).decode())
    settings.cache_clear()
    with pytest.raises(Invalid):
        page.decode_cursor("list", cursor)
