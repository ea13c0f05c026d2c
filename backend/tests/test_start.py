"""A start is short: what few calls need is loaded by the first of them. In processes of their own, as here all is."""

import asyncio
import json
import sys

import pytest

# Each takes from a fiftieth to a tenth of a start.
LATE = {
    "aiosmtplib", "alembic", "authlib", "babel", "holidays", "jinja2", "joserfc", "numpy", "openpyxl", "ortools",
    "prometheus_client",    "scim2_models", "scim2_server", "scipy", "webauthn",
}  # fmt: skip


async def said(code: str) -> list[str]:
    """What a fresh Python prints as JSON."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0
    return list(json.loads(out))


@pytest.mark.parametrize(
    ("module", "more"),
    [
        ("vuoro.app", {"procrastinate", "psycopg"}),
        ("vuoro.worker", {"vuoro.app", "vuoro.pairs.router", "uvicorn"}),
        ("vuoro.shell", {"fastapi", "procrastinate", "psycopg", "vuoro.hris.jobs"}),
        ("vuoro.cli", {"fastapi", "sqlalchemy", "asyncpg", "procrastinate"}),
    ],
)
async def test_what_few_need_is_not_loaded(module, more):
    loaded = await said(f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))")
    assert module in loaded
    assert (LATE | more).intersection(loaded) == set()


async def test_no_operation_is_analysed_before_it_is_called(environment):
    code = (
        "import json; from vuoro.app import create_app; from vuoro.core.routing import Operations;"
        "[all] = [route.all for route in create_app().router.routes if isinstance(route, Operations)];"
        "print(json.dumps([len(all), *[one.path for one in all if 'dependant' in vars(one)]]))"
    )
    count, *analysed = await said(code)
    assert count > 300
    assert analysed == []
