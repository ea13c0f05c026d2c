"""docs/asvs.md answers every requirement of levels 1 and 2 once, and names files that exist."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "asvs.md").read_text("utf-8")
ASKED = dict(line.split() for line in (Path(__file__).parent / "support" / "asvs_5.txt").read_text().splitlines())
ROWS = re.findall(r"^\| (V[\d.]+) \| (\d) \| ([a-z/]+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
STATUSES = ("met", "n/a", "deployer", "differs")


def missing_files(text: str) -> set[str]:
    """Named files that are not there; `tests/…` and `vuoro/…` are below backend."""
    named = {name for name in re.findall(r"`([\w./-]+\.\w+)`", text) if "/" in name or name.endswith(".md")}
    return {name for name in named if not (ROOT / name).exists() and not (ROOT / "backend" / name).exists()}


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


def test_every_file_that_is_named_exists():
    assert missing_files(PAGE) == set()


@pytest.mark.parametrize("text", ["`tests/test_nothing.py`", "`docs/nothing.md`", "`vuoro/core/nothing.py`"])
def test_a_file_that_is_not_there_is_noticed(text):
    assert missing_files(text)
