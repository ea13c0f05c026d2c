"""Devices that keep in step: what changed, what is gone, and nothing lost to a transaction that commits late."""

from sqlalchemy import update
from support.contract import etag_of, problem
from support.programs import programme

from vuoro.core import sync
from vuoro.insights.models import IdeaSeed

SEEDS = "/v1/idea-seeds"


async def keep(client, text: str) -> str:
    answer = await client.post(SEEDS, json={"text": text})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def synced(client, since: str = "all", path: str = SEEDS):
    answer = await client.get(path, params={"updated_since": since})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["next_cursor"] is None
    return {item["id"]: item for item in body["items"]}, body["gone"], body["watermark"]


async def quiet(client, since: str) -> str:
    """A watermark after which nothing is left to send; open transactions of other tests make things come twice."""
    for _ in range(200):
        items, _, since = await synced(client, since)
        if not items:
            return since
    raise AssertionError("it never ends")


async def test_a_device_gets_what_changed_and_the_ids_of_what_is_gone(api, world):
    async with api(world["noa"]) as noa:
        first, second = await keep(noa, "one"), await keep(noa, "two")
        items, gone, mark = await synced(noa)
        assert (set(items), gone) == ({first, second}, [])
        mark = await quiet(noa, mark)
        third = await keep(noa, "three")
        read = await noa.get(f"{SEEDS}/{second}")
        changed = await noa.patch(f"{SEEDS}/{second}", json={"text": "zwei"}, headers=etag_of(read))
        assert changed.status_code == 200, changed.text
        items, gone, mark = await synced(noa, mark)
        assert {second, third} <= set(items)
        assert (items[second]["text"], gone) == ("zwei", [])
        mark = await quiet(noa, mark)
        read = await noa.get(f"{SEEDS}/{first}")
        assert (await noa.delete(f"{SEEDS}/{first}", headers=etag_of(read))).status_code == 204
        items, gone, mark = await synced(noa, mark)
        assert first not in items
        assert gone == [first]
        assert (await synced(noa, mark))[1] == []


async def test_a_row_whose_transaction_commits_late_is_sent_after_all(api, world, databases):
    async with api(world["noa"]) as noa:
        slow = await keep(noa, "slow")
        mark = await quiet(noa, (await synced(noa))[2])
        async with databases.app.transaction(world["noa"].actor) as db:
            await db.execute(update(IdeaSeed).where(IdeaSeed.id == slow).values(version=7))
            quick = await keep(noa, "quick")
            items, _, mark = await synced(noa, mark)
            assert quick in items
            assert items.get(slow, {"version": 1})["version"] == 1
        items, _, mark = await synced(noa, mark)
        assert items[slow]["version"] == 7
        await quiet(noa, mark)


async def test_what_comes_into_sight_is_sent_and_what_goes_out_of_sight_is_gone(api, world):
    program = (await programme(api, world)).id
    async with api(world["noa"]) as noa, api(world.admin) as admin:
        items, _, mark = await synced(noa, path="/v1/programs")
        assert program not in items
        body = {"person_id": str(world["noa"].id), "role": "programme_manager", "program_id": program}
        grant = await admin.post("/v1/organization/grants", json=body)
        assert grant.status_code == 201, grant.text
        items, gone, mark = await synced(noa, mark, "/v1/programs")
        assert program in items
        assert gone == []
        answer = await admin.delete(f"/v1/organization/grants/{grant.json()['id']}")
        assert answer.status_code == 204, answer.text
        items, gone, _ = await synced(noa, mark, "/v1/programs")
        assert (program in items, gone) == (False, [program])


async def test_a_watermark_is_of_one_list_and_one_person(api, world, monkeypatch):
    async with api(world["noa"]) as noa, api(world["maria"]) as maria:
        await keep(noa, "one")
        _, _, mark = await synced(noa)

        async def refused(client, path: str, code: str, **query: str) -> None:
            problem(await client.get(path, params={"updated_since": mark, **query}), 422, "validation_failed")
            body = (await client.get(path, params={"updated_since": mark, **query})).json()
            assert body["errors"][0]["code"] == code

        await refused(maria, SEEDS, "bad_watermark")
        await refused(noa, "/v1/programs", "bad_watermark")
        await refused(noa, SEEDS, "bad_watermark", brought="true")
        await refused(noa, SEEDS, "bad_watermark", updated_since=mark[:-4] + "AAAA")
        await refused(noa, SEEDS, "bad_watermark", updated_since="yesterday")
        await refused(noa, SEEDS, "no_time_zone", updated_since="2026-11-26T08:00:00")
        await refused(noa, SEEDS, "not_together", cursor="abc")
        items, gone, _ = await synced(noa, "2020-01-01T00:00:00Z")
        assert (len(items), gone) == (1, [])
        assert len((await synced(noa, "0001-01-01T00:00:00+14:00"))[0]) == 1
        assert (await synced(noa, "9999-12-31T23:59:59-14:00"))[0] == {}
        await keep(noa, "two")
        monkeypatch.setattr(sync, "MOST", 1)
        await refused(noa, SEEDS, "too_many_to_sync")
