"""The state tables are whole, and docs/states.md says what they say."""

from pathlib import Path

from support.states_page import page, tables

from vuoro.pairs.states import OPEN, OVER, STEPS


def test_the_page_of_states_says_what_the_code_does():
    """Make it anew with `python tests/support/states_page.py > ../docs/states.md`."""
    assert (Path(__file__).parents[2] / "docs" / "states.md").read_text(encoding="utf-8") == page()


def test_every_step_leads_to_a_state_of_its_table():
    for name, table in tables().items():
        for state, following in table.items():
            assert set(following) <= set(table), f"{name}: {state}"
            assert all(who for who in following.values()), f"{name}: {state}"


def test_an_open_pair_has_a_way_on_and_one_that_is_over_no_way_back_but_in_touch():
    assert all(STEPS[state] for state in OPEN)
    assert {to for state in OVER for to in STEPS[state]} == {"stay_in_touch"}
    assert {*OPEN, *OVER, "proposed"} == set(STEPS)
