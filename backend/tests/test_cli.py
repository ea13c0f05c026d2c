"""What an operator does from the shell, as processes of their own."""

import asyncio
from pathlib import Path

import pytest
from support import server
from support.authenticator import Authenticator
from support.contract import problem

DATA = Path(__file__).parents[1] / "vuoro" / "simulator" / "data"


@pytest.fixture
def vuoro(environment):
    async def run(*arguments: str, **more: str) -> tuple[int, str, str]:
        pipes = dict.fromkeys(("stdout", "stderr"), asyncio.subprocess.PIPE)
        process = await server.vuoro(*arguments, environment={**environment, **more}, **pipes)
        out, error = await process.communicate()
        return process.returncode or 0, out.decode(), error.decode()

    return run


INIT = ("init", "--name", "Ours", "--slug", "ours", "--admin-name", "Maija V", "--admin-email", "Maija@ours.example")


async def test_the_first_admin_signs_in_and_a_key_brings_people_in(vuoro, api):
    code, out, error = await vuoro(*INIT)
    assert code == 0, error
    browser = api(sec_fetch_site="same-origin")
    assert "/sign-in?step=setup#token=" in out
    token = out.strip().partition("token=")[2]
    assert (await browser.post("/v1/logins/redeem", json={"token": token})).status_code == 201
    problem(await browser.get("/v1/me"), 403, "stronger_sign_in_needed")
    assert (await Authenticator().add(browser)).status_code == 201
    me = (await browser.get("/v1/me")).json()
    assert me["grants"] == [{"role": "organization_admin", "program_id": None, "unit_id": None}]
    assert me["organization"]["slug"] == "ours"
    code, key, error = await vuoro("token", "--organization", "ours", "--name", "HRIS", "--scope", "people:read")
    assert code == 0, error
    client = api(key.strip())
    assert [person["display_name"] for person in (await client.get("/v1/people")).json()["items"]] == ["Maija V"]
    problem(await client.post("/v1/people", json={"external_id": "1", "display_name": "A"}), 403, "forbidden")
    code, link, error = await vuoro("login-link", "maija@ours.example")
    assert code == 0, error
    assert "/sign-in#token=" in link


async def test_a_second_organization_of_the_same_name_is_refused_and_nothing_is_left(vuoro):
    assert (await vuoro(*INIT))[0] == 0
    code, _, error = await vuoro(*INIT)
    assert (code, error) == (2, "vuoro: --slug: ours is taken\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("init", "--name", "X", "--slug", "O!", "--admin-name", "M", "--admin-email", "m"),
            ["--slug", "--admin-email"],
        ),
        (("login-link", "nobody@nowhere.example"), ["nobody signs in"]),
        (("import", "--organization", "nope", "/dev/null"), ["there is no organization nope"]),
    ],
)
async def test_bad_arguments_get_one_line_each_and_status_2(vuoro, arguments, says):
    code, out, error = await vuoro(*arguments)
    assert (code, out) == (2, "")
    lines = error.splitlines()
    assert len(lines) == len(says)
    assert all(word in line for word, line in zip(says, lines, strict=True))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("VUORO_DEMO", "perhaps", "VUORO_DEMO"),
        ("VUORO_MASTER_KEYS", "abc", "VUORO_MASTER_KEYS"),
        ("VUORO_DATABASE_APP_URL", "", "VUORO_DATABASE_APP_URL is missing"),
    ],
)
async def test_a_wrong_setting_is_named(vuoro, name, value, says):
    code, _, error = await vuoro("serve", "--port", "0", **{name: value})
    assert code == 2
    assert says in error
    assert "Traceback" not in error


async def test_a_login_that_bypasses_the_walls_is_refused(vuoro, postgres, database_name):
    dsn = postgres.superuser.rpartition("/")[0] + f"/{database_name}"
    for command, name in (("serve", "VUORO_DATABASE_APP_URL"), ("worker", "VUORO_DATABASE_WORKER_URL")):
        code, _, error = await vuoro(command, **{name: dsn})
        assert code == 2
        assert error.splitlines()[-1].startswith(f"vuoro: {name} logs in as a role that bypasses row-level security")


async def test_a_dry_run_says_what_would_change_and_changes_nothing(vuoro):
    await vuoro(*INIT)
    file = str(DATA / "nordlys-finnish.csv")
    for _ in range(2):
        code, out, error = await vuoro("import", "--organization", "ours", "--dry-run", file)
        assert (code, out, error) == (0, "Would be 600 new, 0 changed, 0 as before, 0 in error\n", "")
