"""The publication audit, attacked: an insider who knows every group and can do all of linear algebra."""

import random
import sys
from itertools import combinations
from typing import Any

import pytest
from support.attack import Cells, attack

from vuoro.analytics.privacy import K, admit, counted

SITES, DIVISIONS = ("Helsinki", "Tampere", "Oulu", "Stockholm", "Göteborg"), ("Sales", "Technology", "Finance", "HR")


def filters(people: dict[Any, dict[str, str]]) -> Cells:
    """The groups of one wave: everybody, one filter, two filters; those that have anybody."""
    groups: list[frozenset[Any]] = [frozenset(people)]
    attributes = sorted({name for values in people.values() for name in values})
    for deep in (1, 2):
        for names in combinations(attributes, deep):
            chosen: dict[tuple[str, ...], set[Any]] = {}
            for person, values in people.items():
                chosen.setdefault(tuple(values[name] for name in names), set()).add(person)
            groups += [frozenset(group) for group in chosen.values()]
    return groups


def programme(seed: int) -> list[Cells]:
    """The waves of one random programme: cohorts of 16 to 36, of whom some join, leave or skip between waves."""
    chance = random.Random(seed)
    waves = []
    sites, divisions = SITES[: chance.randint(2, 5)], DIVISIONS[: chance.randint(2, 4)]
    for cohort in range(chance.randint(1, 2)):
        people = {
            (cohort, number): {
                "site": chance.choices(sites, weights=range(len(sites), 0, -1))[0],
                "division": chance.choice(divisions), "role": ("mentor", "mentee")[number % 2],
            }
            for number in range(chance.randint(8, 18) * 2)
        }  # fmt: skip
        for wave in range(3):
            answering = chance.choice((0.75, 0.9, 1.0))
            waves.append(filters({who: values for who, values in people.items() if chance.random() < answering}))
            for leaver in chance.sample(sorted(people), chance.randint(0, 2)):
                del people[leaver]
            for joiner in range(chance.randint(0, 2)):
                people[cohort, 100 * (wave + 1) + joiner] = {
                    "site": chance.choice(sites),
                    "division": chance.choice(divisions),
                    "role": "mentor",
                }
    return waves


def publish(waves: list[Cells], *, audited: bool) -> Cells:
    """What is published wave after wave: with the audit, or everything of five or more people."""
    shown: Cells = []
    for groups in waves:
        if audited:
            everybody = counted(shown, groups[0], random.Random(1))
            groups = [group & everybody for group in groups]
        allowed = admit(shown, groups) if audited else [len(group) >= K for group in groups]
        shown += [group for group, may in zip(groups, allowed, strict=True) if may]
    return shown


@pytest.mark.parametrize("share", range(4))
def test_no_group_below_five_can_be_computed_from_200_programmes(share, capsys):
    kept = possible = 0
    for seed in range(share * 50, share * 50 + 50):
        waves = programme(seed)
        shown = publish(waves, audited=True)
        assert shown, seed
        assert attack(shown) is None, seed
        kept += len(shown)
        possible += sum(len(group) >= K for groups in waves for group in groups)
    with capsys.disabled():
        sys.stdout.write(f"\nkept {kept} of {possible} cells of five or more ({kept / possible:.1%})\n")
    assert kept > possible / 3


def test_without_the_audit_the_same_attacker_finds_somebody_in_nearly_every_programme():
    """The control: five people a cell alone does not protect, and the attack above can fail."""
    found = [attack(publish(programme(seed), audited=False)) for seed in range(25)]
    victims = [group for group in found if group is not None]
    assert len(victims) >= 23
    assert all(0 < len(group) < K for group in victims)


def test_a_figure_is_hidden_only_where_it_would_tell_of_somebody():
    refused = 0
    for seed in range(6):
        groups = programme(seed)[0]
        shown: Cells = []
        for group, may in zip(groups, admit([], groups), strict=True):
            if may:
                shown.append(group)
            elif len(group) >= K:
                assert attack([*shown, group]) is not None
                refused += 1
    assert refused > 5


def test_two_totals_that_differ_by_one_leaver_are_not_both_told():
    before = frozenset(range(20))
    assert admit([before], [before - {3}, before, before - {1, 2, 3, 4, 5}]) == [False, True, True]


def test_a_wave_after_a_leaver_counts_all_but_a_few_drawn_by_lot():
    before, after = frozenset(range(20)), frozenset(range(19))
    some = counted([before], after, random.Random(2))
    assert some < after
    assert len(before - some) == K
    assert counted([], after, random.Random(2)) == after
    assert counted([frozenset(range(6))], frozenset(range(5)), random.Random(2)) == frozenset(range(5))


def test_a_large_programme_is_judged_by_the_quicker_test_which_lets_its_totals_through():
    chance = random.Random(1)
    people = {
        number: {"site": chance.choice(SITES), "division": chance.choice(DIVISIONS), "role": chance.choice("ab")}
        for number in range(300)
    }
    shown: Cells = []
    for _ in range(3):
        groups = filters({who: values for who, values in people.items() if chance.random() < 0.8})
        allowed = admit(shown, groups[:12])
        assert all(allowed)
        shown += groups[:12]
    assert admit(shown, [shown[0] - {next(iter(shown[0]))}]) == [False]


@pytest.mark.parametrize("groups", [[], [frozenset()], [frozenset({1, 2, 3, 4})]])
def test_nothing_is_told_of_nobody_or_of_four(groups):
    assert admit([], groups) == [False] * len(groups)
