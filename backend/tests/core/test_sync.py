"""Devices that keep in step: what changed, what is gone, and nothing lost to a transaction that commits late."""

import random
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update
from support.contract import etag_of, problem
from support.programs import programme

from vuoro.core import clock, sync
from vuoro.insights.models import IdeaSeed
from vuoro.programs.models import Program

SEEDS = "/v1/idea-seeds"
PROGRAMS = "/v1/programs"


class Device:
    """What a phone keeps of one list, and how it keeps in step: docs/mobile.md, step by step."""

    def __init__(self, client, path: str) -> None:
        self.client, self.path = client, path
        self.kept: dict[str, dict] = {}
        self.marks = ["all"]
        self.got: list[str] = []  # by the last run, in all its pages
        self.gone: list[str] = []

    async def run(self, between=None) -> int:
        """Keep in step, with something that happens before each page but the first; how many pages there were."""
        marks, self.got, self.gone = [], [], []
        for mark in self.marks:
            cursor = None
            while True:
                if between and marks:
                    await between()
                query = {"updated_since": mark, **({"cursor": cursor} if cursor else {})}
                answer = await self.client.get(self.path, params=query)
                assert answer.status_code == 200, answer.text
                assert len(str(answer.request.url)) < 4_000, "what a proxy takes as one line"
                body = answer.json()
                assert len(body["items"]) <= sync.MOST
                self.kept.update({item["id"]: item for item in body["items"]})
                for id in body["gone"]:
                    del self.kept[id]  # nobody is told of what they never had
                self.got += [item["id"] for item in body["items"]]
                self.gone += body["gone"]
                marks.append(body["watermark"])
                if (cursor := body["next_cursor"]) is None:
                    break
        self.marks = marks
        return len(marks)


async def keep(client, text: str) -> str:
    answer = await client.post(SEEDS, json={"text": text})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def synced(client, since: str = "all", path: str = SEEDS, **more: str):
    answer = await client.get(path, params={"updated_since": since, **more})
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
        await refused(noa, SEEDS, "bad_cursor", cursor="abc")
        items, gone, _ = await synced(noa, "2020-01-01T00:00:00Z")
        assert (len(items), gone) == (1, [])
        assert len((await synced(noa, "0001-01-01T00:00:00+14:00"))[0]) == 1
        assert (await synced(noa, "9999-12-31T23:59:59-14:00"))[0] == {}
        await keep(noa, "two")
        monkeypatch.setattr(sync, "MOST", 1)
        place = (await noa.get(SEEDS, params={"updated_since": "all"})).json()["next_cursor"]
        assert len((await synced(noa, cursor=place))[0]) == 1
        await refused(noa, PROGRAMS, "bad_watermark", cursor=place)
        problem(await noa.get(PROGRAMS, params={"updated_since": "all", "cursor": place}), 422, "validation_failed")
        problem(await maria.get(SEEDS, params={"updated_since": "all", "cursor": place}), 422, "validation_failed")
        problem(await noa.get(SEEDS, params={"cursor": place}), 422, "validation_failed")
        pages = Device(noa, SEEDS)
        pages.marks = ["2020-01-01T00:00:00Z"]
        assert (await pages.run(), len(pages.got)) == (2, 2)


async def test_more_than_a_thousand_objects_come_in_pages_and_stay_in_step(api, world, databases):
    program = await programme(api, world)
    async with databases.app.transaction(world.admin.actor) as db:
        row = (await db.execute(select(Program.__table__).where(Program.id == UUID(program.id)))).mappings().one()
        await db.execute(
            insert(Program), [{**row, "id": clock.uuid7(), "name": f"Turn {number}"} for number in range(1_050)]
        )
    role = {"person_id": str(world["noa"].id), "role": "programme_manager"}
    async with api(world["noa"]) as noa, api(world.admin) as admin:

        async def grants(status: int, **more: str) -> str:
            answer = await admin.post("/v1/organization/grants", json={**role, **more})
            assert answer.status_code == status, answer.text
            return answer.json()["id"]

        async def taken(grant: str) -> None:
            assert (await admin.delete(f"/v1/organization/grants/{grant}")).status_code == 204

        device = Device(noa, PROGRAMS)
        before = await device.run()
        few = set(device.kept)
        everywhere = await grants(201)
        assert (before, await device.run()) == (1, 11)
        assert len(device.got) == len(set(device.got)) == 1_051
        assert set(device.kept) == {item async for item in ids(noa, PROGRAMS)}
        assert len(device.kept) == 1_051 + len(few)

        # what is made and changed between two pages
        made, first = [], min(device.kept)

        async def another() -> None:
            made.append((await programme(api, world, name="New")).id)
            await programme_renamed(noa, first, f"Renamed {len(made)}")

        await device.run(another)
        assert len(made) == 10
        await device.run()
        assert set(device.kept) == {item async for item in ids(noa, PROGRAMS)}
        assert device.kept[first]["name"] == "Renamed 10"

        # a right that is lost between two pages: what came before is gone the next time, what comes after at once
        rights = [everywhere]

        async def lost() -> None:
            if rights:
                await taken(rights.pop())

        pages = await device.run(lost)
        assert len(device.gone) == len(set(device.gone)) == 1_061 - sync.MOST
        assert (await device.run(), set(device.kept)) == (pages, few)
        assert len(device.gone) == sync.MOST
        await grants(201, program_id=first)
        await device.run()
        assert set(device.kept) == {*few, first}
        assert (await device.run(), device.gone) == (pages, [])


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_happens_between_pages_a_device_ends_with_what_there_is(api, world, monkeypatch, seed):
    monkeypatch.setattr(sync, "MOST", 3)
    chance = random.Random(seed)
    async with api(world["noa"]) as noa:
        there = [await keep(noa, f"{number}") for number in range(8)]

        async def something() -> None:
            for _ in range(chance.randrange(3)):
                deed = chance.choice(["keep", "change", "remove"])
                if deed == "keep" or not there:
                    there.append(await keep(noa, "new"))
                    continue
                path = f"{SEEDS}/{chance.choice(there)}"
                tag = etag_of(await noa.get(path))
                if deed == "change":
                    answer = await noa.patch(path, json={"text": f"{chance.random()}"}, headers=tag)
                    assert answer.status_code == 200, answer.text
                else:
                    assert (await noa.delete(path, headers=tag)).status_code == 204
                    there.remove(path.rpartition("/")[2])

        device = Device(noa, SEEDS)
        for _ in range(6):
            await device.run(something)
            await device.run()
            now = [(await noa.get(f"{SEEDS}/{id}")).json() for id in there]
            assert {id: item["text"] for id, item in device.kept.items()} == {item["id"]: item["text"] for item in now}


async def ids(client, path: str):
    """Every id of a list, page by page."""
    cursor = None
    while True:
        answer = await client.get(path, params={"limit": 100, **({"cursor": cursor} if cursor else {})})
        for item in answer.json()["items"]:
            yield item["id"]
        if (cursor := answer.json()["next_cursor"]) is None:
            return


async def programme_renamed(client, program: str, name: str) -> None:
    tag = etag_of(await client.get(f"{PROGRAMS}/{program}"))
    answer = await client.patch(f"{PROGRAMS}/{program}", json={"name": name}, headers=tag)
    assert answer.status_code == 200, answer.text
