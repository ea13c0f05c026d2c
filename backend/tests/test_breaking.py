"""Our check of breaking changes finds every planted break, and is silent about what harms no client."""

import json
import sys
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "infra" / "contract"))

from breaking import compare, load  # noqa: E402
from corpus import BREAKS, HARMLESS, contract  # noqa: E402

TODAY = date(2026, 11, 26)


def found(change) -> set[str]:
    after = contract()
    change(after)
    return {each.kind for each in compare(contract(), after, TODAY)}


def test_every_planted_break_is_found():
    missed = {title: found(change) for title, kind, change in BREAKS if kind not in found(change)}
    assert missed == {}
    assert len(BREAKS) >= 40


def test_no_harmless_change_is_called_a_break():
    called = {title: found(change) for title, change in HARMLESS if found(change)}
    assert called == {}
    assert len(HARMLESS) >= 20


def test_what_is_deprecated_may_go_on_its_day_and_not_before():
    after = contract()
    del after["paths"]["/pets/{pet_id}"]["delete"]
    assert [each.kind for each in compare(contract(), after, date(2025, 12, 31))] == ["method-removed"]
    assert compare(contract(), after, date(2026, 1, 1)) == []


@pytest.mark.parametrize("path", ["/v1/people", "/v1/pairs/{pair_id}"])
def test_a_path_that_goes_from_our_own_contract_is_found(path):
    ours = json.loads((ROOT / "openapi" / "openapi.json").read_text())
    less = {**ours, "paths": {name: item for name, item in ours["paths"].items() if name != path}}
    assert compare(ours, ours) == []
    assert {each.kind for each in compare(ours, less)} == {"path-removed"}


def test_our_contract_breaks_nothing_of_the_kept_one():
    kept = load(ROOT / "openapi" / "kept.json.gz")
    ours = json.loads((ROOT / "openapi" / "openapi.json").read_text())
    found = [str(each) for each in compare(kept, ours)]
    assert found == [], "docs/contract.md tells what to do:\n" + "\n".join(found)
