"""The house rules that a reader would otherwise have to check: sizes, places, names, one commit, one clock."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

BACKEND = Path(__file__).parents[1]
SOURCES = sorted((BACKEND / "vuoro").rglob("*.py"))
TESTS = sorted((BACKEND / "tests").rglob("*.py"))
DOMAINS = (
    "identity",
    "people",
    "programs",
    "pairs",
    "matching",
    "sessions",
    "feedback",
    "insights",
    "analytics",
    "notifications",
)
LINES = 400
# Algorithms that read better in one piece, with their reason.
LONG = {"matching/market.py": "reads and checks one file format", "local/postgres.py": "one server's whole life"}
NO_NAMES = {
    "utils.py",
    "util.py",
    "helpers.py",
    "helper.py",
    "common.py",
    "misc.py",
    "base.py",
    "manager.py",
    "repository.py",
}
HTTP_WORDS = {"fastapi", "starlette"}


def name_of(path: Path) -> str:
    return path.relative_to(BACKEND / "vuoro").as_posix()


def is_router(path: Path) -> bool:
    """HTTP stands in router.py; a second one of a domain is named after what it carries, as content_router.py."""
    return path.name.endswith("router.py")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


def calls(path: Path, attribute: str) -> list[int]:
    return [
        node.lineno for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == attribute
    ]  # fmt: skip


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Every text in a file that is not a docstring."""
    documentation = {
        id(node.body[0].value) for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def test_files_stay_short_enough_to_read():
    long = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in long.items() if lines > LINES and name not in LONG} == {}


def test_no_file_is_named_after_nothing():
    assert [name_of(path) for path in SOURCES if path.name in NO_NAMES] == []


def test_every_file_says_what_it_is_for():
    silent = [
        name_of(path)
        for path in SOURCES
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_public_functions_of_services_have_a_docstring():
    silent = [
        f"{name_of(path)}:{node.name}"
        for path in SOURCES
        for node in functions(path)
        if not is_router(path) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_route_has_an_operation_id_a_summary_and_its_problems():
    for path in SOURCES:
        if not is_router(path):
            continue
        for node in functions(path):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute):
                    given = {keyword.arg for keyword in decorator.keywords}
                    assert {"operation_id", "summary", "responses"} <= given, f"{name_of(path)}:{node.name}"


def test_routers_know_http_and_services_know_none():
    for path in SOURCES:
        parts = path.relative_to(BACKEND / "vuoro").parts
        if parts[0] not in DOMAINS or is_router(path):
            continue
        imported = {
            (node.module or "").partition(".")[0] for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)
        } | {
            name.name.partition(".")[0]
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Import)
            for name in node.names
        }
        assert not imported & HTTP_WORDS, name_of(path)


def test_only_the_database_module_commits():
    for path in SOURCES:
        if name_of(path) == "core/db.py":
            continue
        assert calls(path, "commit") == [], name_of(path)
        assert calls(path, "rollback") == [], name_of(path)
        for line, text in strings(path):
            assert text.strip().upper() not in ("COMMIT", "ROLLBACK"), f"{name_of(path)}:{line}"


def test_only_the_clock_knows_the_time():
    sql_time = re.compile(
        r"\b(now\(\)|current_timestamp|current_date|(clock|statement)_timestamp\(|localtimestamp)", re.IGNORECASE
    )
    for path in SOURCES:
        if name_of(path) == "core/clock.py":
            continue
        for line, text in strings(path):
            assert not sql_time.search(text), f"{name_of(path)}:{line}: SQL time"
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in ("now", "utcnow", "today")
                and isinstance(node.value, ast.Name)
            ):
                assert node.value.id not in ("datetime", "date", "func"), f"{name_of(path)}:{node.lineno}"


def test_sessions_of_the_database_are_made_in_one_place():
    for path in SOURCES:
        if name_of(path) != "core/db.py":
            assert "AsyncSession" not in path.read_text(encoding="utf-8"), name_of(path)
        if name_of(path) != "app.py":
            imported = [
                alias.name for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom) for alias in node.names
            ]
            assert "HTTPException" not in imported, name_of(path)


def test_nothing_is_put_off():
    for path in [*SOURCES, *TESTS]:
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line), f"{path.name}:{number}"


def test_queries_of_services_name_the_tenant():
    """`organization_id =` stands in every query, as policies alone make some indexes useless."""
    for path in SOURCES:
        parts = path.relative_to(BACKEND / "vuoro").parts
        if parts[0] not in DOMAINS or "db.execute(" not in path.read_text(encoding="utf-8"):
            continue
        assert "organization_id" in path.read_text(encoding="utf-8"), name_of(path)


def test_tests_are_sentences():
    for path in TESTS:
        if not path.name.startswith("test_"):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                assert node.name.count("_") >= 2, f"{path.name}: {node.name}"


SKIPPED = re.compile(r"mark\.(skip|skipif|xfail)\b|pytest\.(skip|xfail|importorskip)\(")


def test_no_test_is_skipped_or_expected_to_fail():
    """But for what a machine cannot do, and for the kills of minutes, which are a command of their own."""
    found = {path.name for path in TESTS if path != Path(__file__) and SKIPPED.search(path.read_text(encoding="utf-8"))}
    assert found == {"test_child.py", "test_kills.py", "test_postgres.py"}


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domain_that_has_tables_and_routes_asks_a_gatekeeper(domain):
    """Its own access.py, or for what belongs to a pair the one of pairs."""
    folder = BACKEND / "vuoro" / domain
    if (folder / "router.py").exists() and (folder / "models.py").exists() and not (folder / "access.py").exists():
        text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
        assert re.search(r"\b(require_member|get_row|side_of|sessions\.get|may_\w+|visible_to)\(", text), domain
