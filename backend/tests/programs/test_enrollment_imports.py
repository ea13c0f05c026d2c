"""Lists of enrollments: read, told in full, taken in whole or not at all."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from programs.joining import apply, enrolled, opened, read, step
from support.contract import problem

from vuoro.core.errors import Invalid
from vuoro.programs import enrollment_rows

HEAD = "external_id,role,capacity,skills,topics,languages\n"
GOOD = (
    HEAD
    + 'N1010,mentor,,"ai-tools:5;short-video",strategy,"fi:4;en:3"\n'
    + 'N1003,mentee,3,"ai-tools:3:2","strategy;customers",\n'
)


@pytest.fixture
async def program(api, world):
    return await opened(api, world)


async def send(api, world, program, content, *, dry=False, kind="text/csv", who=None, **headers):
    body = content if isinstance(content, bytes) else content.encode()
    return await api(who or world.manager, **headers).post(
        f"{program}/enrollment-imports", content=body, params={"dry_run": dry}, headers={"Content-Type": kind}
    )


async def everybody(api, world, program):
    return (await api(world.manager).get(f"{program}/enrollments?limit=100")).json()["items"]


async def test_a_list_is_taken_in_and_the_second_time_changes_nothing(api, world, program):
    tried = (await send(api, world, program, GOOD, dry=True)).json()
    assert (tried["id"], tried["created"], tried["problems"]) == (None, 2, [])
    assert await everybody(api, world, program) == []
    done = (await send(api, world, program, GOOD)).json()
    assert (done["rows"], done["created"], done["changed"], done["unchanged"]) == (2, 2, 0, 0)
    again = (await send(api, world, program, GOOD)).json()
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 2)
    noa, maria = sorted(await everybody(api, world, program), key=lambda one: one["role"], reverse=True)
    assert (noa["state"], noa["person"]["id"], noa["topics"]) == ("approved", str(world["noa"].id), ["strategy"])
    assert {(skill["slug"], skill["level"]) for skill in noa["skills"]} == {("ai-tools", 5), ("short-video", 3)}
    assert (maria["capacity"], maria["skills"]) == (3, [{"slug": "ai-tools", "level": 3, "weight": 2}])
    assert len(maria["languages"]) == 2  # from the directory


async def test_only_what_a_row_tells_is_changed(api, world, program):
    await send(api, world, program, GOOD)
    mail = f"work_email;role;topics\n{world['noa'].email.upper()};Mentori;customers\n"
    done = (await send(api, world, program, "\ufeff" + mail)).json()
    assert (done["created"], done["changed"]) == (0, 1)
    noa = next(one for one in await everybody(api, world, program) if one["role"] == "mentor")
    assert (noa["topics"], len(noa["skills"]), noa["version"]) == (["customers"], 2, 2)


async def test_json_takes_the_same_columns(api, world, program):
    body = '{"rows": [{"external_id": "N1010", "role": "mentor", "topics": "strategy", "capacity": 1}]}'
    assert (await send(api, world, program, body, kind="application/json")).json()["created"] == 1
    strange = '{"rows": [{"external_id": "N1010", "role": "mentor", "a/b": 1}]}'
    answer = await send(api, world, program, strange, kind="application/json")
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/rows/1/a~1b"


async def test_every_fault_is_told_with_its_row_and_column_and_nothing_is_taken_in(api, world, program, clock):
    clock.freeze("2026-11-25T08:00:00Z")
    (await apply(api, world, program, "saga")).json()
    gone = (await apply(api, world, program, "omar")).json()
    await step(api, world["omar"], gone, "withdraw")
    rows = (
        "external_id,work_email,role,capacity,skills,topics,languages\n"
        "N1010,,mentor,2,,,\n"
        "N9999,,mentor,,,,\n"
        ",nobody@nordlys.example,mentee,,,,\n"
        ",,mentee,,,,\n"
        "N1012,,mentor,,,,\n"
        "N1013,,boss,six,,,\n"
        'N1013,,mentor,,"ai:9",,\n'
        "N1013,,mentor,,,gossip,fi\n"
        f"N1013,{world['noa'].email},mentor,,,,\n"
        "N1016,,mentor,,,,\n"
        "N1015,,mentor,,,,\n"
        "N1015,,mentor,,,,\n"
        "N1020,,mentor,,,,\n"
        "N1003,,mentee,,,,,,more\n"
    )
    tried = (await send(api, world, program, rows, dry=True)).json()
    found = [(one["row"], one["column"], one["code"]) for one in sorted(tried["problems"], key=lambda one: one["row"])]
    assert found == [
        (2, "capacity", "capacity_too_high"),
        (3, "external_id", "unknown_person"),
        (4, "work_email", "unknown_person"),
        (5, "external_id", "missing"),
        (6, "role", "tenure_too_short"),
        (7, "role", "literal_error"),
        (7, "capacity", "int_parsing"),
        (8, "skills", "less_than_equal"),
        (9, "languages", "missing"),
        (10, "work_email", "person_mismatch"),
        (11, "role", "ask_instead"),
        (13, "role", "twice"),
        (15, "columns", "extra_forbidden"),
    ]
    assert (tried["rows"], tried["created"], tried["unchanged"]) == (14, 1, 1)
    answer = await send(api, world, program, rows)
    told = problem(answer, 422, "validation_failed")
    assert told["params"] == {"problem_count": 13}
    assert {"/rows/3/external_id", "/rows/8/skills"} <= {fault["pointer"] for fault in told["errors"]}
    assert len(await everybody(api, world, program)) == 2


async def test_an_unknown_topic_is_named(api, world, program):
    answer = await send(api, world, program, "external_id,role,topics\nN1010,mentor,gossip\n", dry=True)
    assert [(one["column"], one["code"]) for one in answer.json()["problems"]] == [("topics", "unknown_topic")]


async def test_a_second_mentee_in_a_list_needs_the_mentors_own_word(api, world):
    program = await opened(api, world, mentor_capacity=2)
    answer = await send(api, world, program, "external_id,role,capacity\nN1010,mentor,2\n", dry=True)
    assert [one["code"] for one in answer.json()["problems"]] == ["needs_consent"]


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"", "text/csv", "header_invalid"),
        (b"external_id,role\n", "text/csv", "rows_missing"),
        (b"external_id\nN1010\n", "text/csv", "header_invalid"),
        (b"external_id,role,salary\nN1010,mentor,1\n", "text/csv", "header_invalid"),
        (b"external_id,role,role\nN1010,mentor,mentor\n", "text/csv", "header_invalid"),
        (b"external_id,role\nN1010,\xff\n", "text/csv", "encoding_invalid"),
        (b"external_id,role\nN1010,men\x00tor\n", "text/csv", "nul_byte"),
        (b'external_id,role\n"N1010,mentor\n', "text/csv", "csv_invalid"),
        (b"external_id,role\n" + b"N1,mentor\n" * 5001, "text/csv", "too_many_rows"),
        (b"{", "application/json", "json_invalid"),
        (b"[" * 100_000, "application/json", "json_invalid"),
        (b"[]", "application/json", "rows_missing"),
        (b'{"rows": [1]}', "application/json", "rows_missing"),
        (b"PK", "application/zip", "media_type_unsupported"),
    ],
)
async def test_what_is_no_list_is_told_apart(api, world, program, content, kind, code):
    answer = await send(api, world, program, content, dry=True, kind=kind)
    assert problem(answer, 422, "validation_failed")["errors"][0]["code"] == code


async def test_a_repeated_request_is_one_import_and_a_dry_run_does_not_count(api, world, program):
    await send(api, world, program, GOOD, dry=True, idempotency_key="once")
    answers = await asyncio.gather(*[send(api, world, program, GOOD, idempotency_key="once") for _ in range(3)])
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert {answer.json()["created"] for answer in answers} == {2}
    other = await send(api, world, program, HEAD + "N1013,mentor,,,,\n", idempotency_key="once")
    problem(other, 422, "idempotency_key_reused")


async def test_lists_are_for_managers(api, world, program):
    mine = await enrolled(api, world, program, "noa")
    assert (await read(api, world["noa"], mine)).status_code == 200
    problem(await send(api, world, program, GOOD, who=world["noa"]), 403, "forbidden")
    problem(await send(api, world, program, GOOD, who=world.other_admin), 404, "not_found")


async def test_two_thousand_rows_take_few_statements(api, world, program, statements):
    rows = HEAD + "".join(f"X{number},mentor,,,,\n" for number in range(1980))
    with statements() as sent:
        tried = (await send(api, world, program, rows + GOOD.partition("\n")[2], dry=True)).json()
    assert (tried["problem_count"], len(tried["problems"]), tried["created"]) == (1980, 500, 2)
    assert len(sent) < 20


@given(st.binary(max_size=200), st.booleans())
def test_no_content_whatever_breaks_the_reader(content, is_json):
    head = b"external_id,role,capacity,skills,topics,languages\n"
    try:
        rows, problems = enrollment_rows.read(content if is_json else head + content, is_json=is_json)
    except Invalid:
        return
    assert all(row.role in ("mentor", "mentee") for _, row in rows)
    assert all(problem.column and problem.row > 0 for problem in problems)
