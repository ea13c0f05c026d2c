"""docs/asvs.md answers every requirement of levels 1 and 2 once; it and docs/gates.md name files that exist."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "asvs.md").read_text("utf-8")
ASKED = dict(line.split() for line in (Path(__file__).parent / "support" / "asvs_5.txt").read_text().splitlines())
ROWS = re.findall(r"^\| (V[\d.]+) \| (\d) \| ([a-z/]+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
STATUSES = ("met", "n/a", "deployer", "differs")


def missing(text: str) -> set[str]:
    """Named files that are not there, and tests that are not in theirs; `tests/…` and `vuoro/…` are below backend."""
    absent = set()
    for name, test in re.findall(r"`([\w./-]+\.\w+)(?:::(\w+))?`", text):
        path = next((path for path in (ROOT / name, ROOT / "backend" / name) if path.exists()), None)
        if ("/" in name or name.endswith(".md")) and (path is None or (test and f" {test}(" not in path.read_text())):
            absent.add(f"{name}::{test}" if test else name)
    return absent


def test_every_requirement_has_one_answer():
    assert len(ASKED) == 253
    assert sorted(id for id, *_ in ROWS) == sorted(ASKED)
    assert {id: level for id, level, *_ in ROWS} == ASKED


def test_every_answer_says_what_and_where_or_why():
    for id, _, status, what, where in ROWS:
        assert status in STATUSES, id
        assert what.strip(), id
        assert where.strip(), id
    counts = Counter(row[2] for row in ROWS)
    told = dict(re.findall(r"^\| (met|n/a|deployer|differs) \| (\d+) \|", PAGE, re.MULTILINE))
    assert told == {status: str(counts[status]) for status in STATUSES}


@pytest.mark.parametrize("page", ["asvs.md", "gates.md"])
def test_every_file_that_is_named_exists(page):
    assert missing((ROOT / "docs" / page).read_text("utf-8")) == set()


@pytest.mark.parametrize(
    "text",
    ["`tests/test_nothing.py`", "`docs/nothing.md`", "`vuoro/core/nothing.py`", "`tests/test_asvs.py::test_nothing`"],
)
def test_a_file_that_is_not_there_is_noticed(text):
    assert missing(text)
