"""What every route shares: problems, Idempotency-Key, ETags, merge-patch, unknown parameters, the request's id."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from support.contract import etag_of, problem

from vuoro.core import clock
from vuoro.people.models import Person

NEW = {"external_id": "N5000", "display_name": "Aada Uusi"}


async def count_of(databases, world, external_id):
    async with databases.app.transaction(world.system) as db:
        return await db.scalar(
            select(func.count()).where(
                Person.organization_id == world.organization_id, Person.external_id == external_id
            )
        )


async def test_without_a_sign_in_the_answer_is_401(api):
    for client in (api(), api("no-such-token"), api("vuoro_live_1234_" + "x" * 43)):
        problem(await client.get("/v1/people"), 401, "unauthenticated")


async def test_an_unknown_path_is_a_problem_404(api, world):
    problem(await api(world.admin).get("/v1/nothing-here"), 404, "not_found")


async def test_a_wrong_method_is_a_problem_405(api, world):
    answer = await api(world.admin).put("/v1/people", json={})
    problem(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


async def test_another_tenants_objects_are_404_by_every_verb(api, world):
    theirs = f"/v1/people/{world.other_person.id}"
    admin = api(world.admin)
    problem(await admin.get(theirs), 404, "not_found")
    problem(await admin.get(f"{theirs}/reporting-line"), 404, "not_found")
    problem(await admin.patch(theirs, json={"title": "Mine"}, headers={"If-Match": '"1.x"'}), 404, "not_found")
    problem(await admin.delete(theirs, headers={"If-Match": '"1.x"'}), 404, "not_found")


async def test_a_stranger_and_a_missing_person_look_alike(api, world):
    noa = api(world["noa"])
    hidden, missing = await noa.get(f"/v1/people/{world['leo'].id}"), await noa.get(f"/v1/people/{uuid4()}")
    assert {**hidden.json(), "instance": ""} == {**missing.json(), "instance": ""}


async def test_bad_input_names_each_place_as_a_json_pointer(api, world):
    body = {**NEW, "job_level": "high", "languages": [{"code": "fi", "level": 9}], "shoe_size": 44}
    answer = problem(await api(world.admin).post("/v1/people", json=body), 422, "validation_failed")
    assert {fault["pointer"] for fault in answer["errors"]} == {"/job_level", "/languages/0/level", "/shoe_size"}
    assert all(fault["code"] and fault["detail"] for fault in answer["errors"])


async def test_bad_input_in_the_query_names_the_parameter(api, world):
    answer = problem(await api(world.admin).get("/v1/people?limit=101"), 422, "validation_failed")
    assert [fault["pointer"] for fault in answer["errors"]] == ["#/query/limit"]


@pytest.mark.parametrize("query", ["sort=shoe_size", "limit=0", "limit=x", "status=retired", "has_unknown_line=maybe"])
async def test_a_value_that_a_parameter_does_not_take_is_422(api, world, query):
    problem(await api(world.admin).get(f"/v1/people?{query}"), 422, "validation_failed")


@pytest.mark.parametrize("path", ["people", "skills", "organization", "organization/grants", "me/preferences"])
async def test_an_unknown_filter_is_422_rather_than_everything(api, world, path):
    answer = problem(await api(world.admin).get(f"/v1/{path}?divison=Sales&limi~t=3"), 422, "validation_failed")
    assert [fault["pointer"] for fault in answer["errors"]] == ["#/query/divison", "#/query/limi~0t"]


@pytest.mark.parametrize("body", [b"{", b"", b"[]", b'"text"', b"\xff\xfe", b"null", b'{"external_id": NaN}'])
async def test_a_broken_body_is_422(api, world, body):
    answer = await api(world.admin).post("/v1/people", content=body, headers={"Content-Type": "application/json"})
    problem(answer, 422, "validation_failed")


async def test_a_bad_id_in_the_path_is_422(api, world):
    problem(await api(world.admin).get("/v1/people/one"), 422, "validation_failed")


@pytest.mark.parametrize("text", ["Aada\x00", "\x00", "A\ud800da"])
async def test_characters_that_cannot_be_kept_are_422(api, world, text):
    admin = api(world.admin)
    escaped = ascii(text).strip("'").replace("\\x00", "\\u0000")
    body = f'{{"external_id": "N5000", "display_name": "{escaped}"}}'
    answer = await admin.post("/v1/people", content=body, headers={"Content-Type": "application/json"})
    problem(answer, 422, "validation_failed")


@pytest.mark.parametrize("parameter", ["q", "division", "cursor", "site"])
async def test_a_nul_character_in_the_query_is_422_or_finds_nothing(api, world, parameter):
    answer = await api(world.admin).get("/v1/people", params={parameter: "a\x00b"})
    assert answer.status_code == 422, answer.text


async def test_a_nul_character_in_a_key_header_is_refused(api, world):
    answer = await api(world.admin).post("/v1/people", json=NEW, headers={"Idempotency-Key": "\x00"})
    assert answer.status_code == 422


async def test_a_name_that_is_taken_is_409(api, world):
    body = {**NEW, "external_id": "N1001"}
    problem(await api(world.admin).post("/v1/people", json=body), 409, "person_exists")


class TestIdempotencyKey:
    async def test_the_same_request_again_gives_the_same_object(self, api, world, databases):
        admin = api(world.admin)
        first = await admin.post("/v1/people", json=NEW, headers={"Idempotency-Key": "k1"})
        second = await admin.post("/v1/people", json=NEW, headers={"Idempotency-Key": "k1"})
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert await count_of(databases, world, "N5000") == 1

    async def test_the_replay_shows_the_object_as_it_is_now(self, api, world):
        admin = api(world.admin)
        made = await admin.post("/v1/people", json=NEW, headers={"Idempotency-Key": "k1"})
        await admin.patch(f"/v1/people/{made.json()['id']}", json={"title": "Lead"}, headers=etag_of(made))
        again = await admin.post("/v1/people", json=NEW, headers={"Idempotency-Key": "k1"})
        assert again.json()["title"] == "Lead"

    async def test_another_body_is_refused(self, api, world, databases):
        admin = api(world.admin)
        await admin.post("/v1/people", json=NEW, headers={"Idempotency-Key": "k1"})
        other = {**NEW, "external_id": "N5001"}
        answer = await admin.post("/v1/people", json=other, headers={"Idempotency-Key": "k1"})
        problem(answer, 422, "idempotency_key_reused")
        assert await count_of(databases, world, "N5001") == 0

    async def test_another_path_is_refused(self, api, world):
        admin = api(world.admin)
        await admin.post("/v1/people", json=NEW, headers={"Idempotency-Key": "k1"})
        grant = {"person_id": str(world["noa"].id), "role": "sponsor"}
        answer = await admin.post("/v1/organization/grants", json=grant, headers={"Idempotency-Key": "k1"})
        problem(answer, 422, "idempotency_key_reused")

    async def test_another_caller_may_use_the_same_key(self, api, world, databases):
        async with databases.app.transaction(world.system) as db:
            from vuoro.identity import service
            from vuoro.identity.schemas import GrantIn

            await service.give(db, db.me, GrantIn(person_id=world["petra"].id, role="organization_admin"))
        for who, number in (("helena", "N5000"), ("petra", "N5001")):
            body = {**NEW, "external_id": number}
            answer = await api(world[who]).post("/v1/people", json=body, headers={"Idempotency-Key": "k1"})
            assert answer.status_code == 201

    async def test_a_failed_request_leaves_the_key_free(self, api, world):
        admin = api(world.admin)
        taken = {**NEW, "external_id": "N1001"}
        problem(await admin.post("/v1/people", json=taken, headers={"Idempotency-Key": "k1"}), 409, "person_exists")
        answer = await admin.post("/v1/people", json=NEW, headers={"Idempotency-Key": "k1"})
        assert answer.status_code == 201

    async def test_eight_at_once_make_one_object(self, api, world, databases):
        admin = api(world.admin)
        answers = await asyncio.gather(
            *[admin.post("/v1/people", json=NEW, headers={"Idempotency-Key": "k1"}) for _ in range(8)]
        )
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert await count_of(databases, world, "N5000") == 1

    async def test_without_a_key_four_at_once_make_four(self, api, world):
        """What the key is for: the gate above would turn red without it."""
        body = {"name": "Turns", "template": "sounding-board"}
        manager = api(world.manager)
        answers = await asyncio.gather(*[manager.post("/v1/programs", json=body) for _ in range(4)])
        assert [answer.status_code for answer in answers] == [201] * 4, [answer.text for answer in answers]
        assert len({answer.json()["id"] for answer in answers}) == 4

    async def test_a_key_of_201_characters_is_422(self, api, world):
        answer = await api(world.admin).post("/v1/people", json=NEW, headers={"Idempotency-Key": "k" * 201})
        problem(answer, 422, "validation_failed")


class TestETags:
    async def test_an_unchanged_object_is_304(self, api, world):
        noa = api(world["noa"])
        first = await noa.get(f"/v1/people/{world['noa'].id}")
        again = await noa.get(f"/v1/people/{world['noa'].id}", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == first.headers["etag"]

    async def test_a_list_is_304_too(self, api, world):
        admin = api(world.admin)
        first = await admin.get("/v1/people")
        again = await admin.get("/v1/people", headers={"If-None-Match": f'"x", {first.headers["etag"]}'})
        assert again.status_code == 304

    async def test_the_tag_is_version_and_hash(self, api, world):
        answer = await api(world.admin).get(f"/v1/people/{world['noa'].id}")
        version, _, body = answer.headers["etag"].strip('"').partition(".")
        assert int(version) == answer.json()["version"]
        assert len(body) == 16

    async def test_the_tag_changes_with_what_the_caller_may_do(self, api, world):
        path = f"/v1/people/{world['noa'].id}"
        seen = [(await api(world[who]).get(path)).headers["etag"] for who in ("noa", "helena")]
        assert seen[0] != seen[1]

    async def test_a_change_without_if_match_is_428(self, api, world):
        answer = await api(world.admin).patch(f"/v1/people/{world['noa'].id}", json={"title": "Lead"})
        problem(answer, 428, "precondition_required")

    async def test_a_change_to_an_older_version_is_412_and_changes_nothing(self, api, world):
        admin, path = api(world.admin), f"/v1/people/{world['noa'].id}"
        read = await admin.get(path)
        assert (await admin.patch(path, json={"title": "One"}, headers=etag_of(read))).status_code == 200
        problem(await admin.patch(path, json={"title": "Two"}, headers=etag_of(read)), 412, "precondition_failed")
        assert (await admin.get(path)).json()["title"] == "One"

    async def test_of_two_changes_at_once_one_wins(self, api, world):
        admin, path = api(world.admin), f"/v1/people/{world['noa'].id}"
        tag = etag_of(await admin.get(path))
        answers = await asyncio.gather(*[admin.patch(path, json={"title": str(n)}, headers=tag) for n in range(4)])
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]

    @pytest.mark.parametrize("tag", ["", "x", '"1', "*", '"-1.x"', '"1e3.x"', '"99999999999999999999.x"', '"\u00b2.x"'])
    async def test_a_malformed_if_match_is_422_or_412(self, api, world, tag):
        path = f"/v1/people/{world['noa'].id}"
        answer = await api(world.admin).patch(path, json={}, headers={"If-Match": tag.encode()})
        assert answer.status_code in (412, 422) or tag == '"1'


class TestMergePatch:
    async def change(self, api, world, body, media="application/merge-patch+json"):
        admin, path = api(world.admin), f"/v1/people/{world['noa'].id}"
        headers = {**etag_of(await admin.get(path)), "Content-Type": media}
        import json

        return await admin.patch(path, content=json.dumps(body), headers=headers)

    @pytest.mark.parametrize("media", ["application/merge-patch+json", "application/json"])
    async def test_only_named_fields_change(self, api, world, media):
        answer = (await self.change(api, world, {"title": "Architect"}, media)).json()
        assert (answer["title"], answer["team"], answer["job_level"], answer["version"]) == (
            "Architect", "Platform", 2, 2,
        )  # fmt: skip

    async def test_null_clears(self, api, world):
        answer = (await self.change(api, world, {"title": None, "job_level": None, "manager_id": None})).json()
        assert (answer["title"], answer["job_level"], answer["manager"]) == (None, None, None)
        assert answer["line"] == "top"

    async def test_null_where_a_value_must_stand_is_422(self, api, world):
        for field in ("display_name", "status", "languages"):
            problem(await self.change(api, world, {field: None}), 422, "validation_failed")

    async def test_another_media_type_is_422(self, api, world):
        answer = await self.change(api, world, {"title": "x"}, "text/plain")
        assert answer.status_code in (415, 422)


class TestRequestId:
    async def test_the_callers_id_comes_back(self, api, world):
        answer = await api(world.admin).get("/v1/people", headers={"X-Request-Id": "trace-12345678"})
        assert answer.headers["x-request-id"] == "trace-12345678"

    @pytest.mark.parametrize("sent", [None, "short", "x" * 81, "with space in it", "a\tb-c-d-e-f"])
    async def test_any_other_is_replaced(self, api, sent):
        answer = await api().get("/v1/people", headers={"X-Request-Id": sent} if sent else {})
        assert UUID(answer.headers["x-request-id"])

    async def test_a_problem_names_it(self, api):
        answer = await api().get("/v1/people", headers={"X-Request-Id": "trace-12345678"})
        assert answer.json()["instance"] == "urn:request:trace-12345678"


async def test_times_are_rfc_3339_in_utc(api, world):
    made = (await api(world.admin).get(f"/v1/people/{world['noa'].id}")).json()["created_at"]
    assert made.endswith("Z")
    assert len(made) == len("2026-11-24T09:00:00.000Z")


async def test_ids_are_uuid_version_7_and_in_order_of_time(api, world, clock):
    from vuoro.core.clock import uuid7

    assert world["noa"].id.version == 7
    before = uuid7()
    clock.advance(seconds=1)
    assert before < uuid7()


async def test_every_answer_has_the_safe_headers(api, world):
    for answer in (
        await api(world.admin).get("/v1/people"),
        await api().get("/v1/people"),
        await api().get("/healthz"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
    answer = await api(world.admin).get("/v1/people")
    assert answer.headers["cache-control"] == "private, no-cache"


def test_the_clock_is_aware_and_utc():
    assert clock.now().utcoffset().total_seconds() == 0
