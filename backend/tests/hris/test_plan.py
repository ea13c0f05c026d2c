"""An import is planned: who is new, changed, gone or refused, and why, before anything is written."""

import json
import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hris_tables import (
    FINNISH,
    TODAY,
    WORKDAY,
    applied,
    changed,
    codes,
    imported,
    outcome_of,
    plan_of,
    row_codes,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tries import tries

from vuoro.hris import drafts, settle
from vuoro.hris.columns import MappedRows, map_columns
from vuoro.hris.parse import read_table
from vuoro.hris.plan import plan
from vuoro.hris.record import NOT_TOLD, PersonRecord, changes_between

HEADER = "id,name,email,manager id\n"
STAFF = HEADER + "1,Ada Top,ada@x.example,\n2,Bo Ek,bo@x.example,1\n3,Cy Ek,cy@x.example,2\n"


def person(external_id: str, **known: Any) -> PersonRecord:
    return PersonRecord(external_id=external_id, **{"display_name": f"Person {external_id}", **known})


def by_id(*persons: PersonRecord) -> dict[str, PersonRecord]:
    return {known.external_id: known for known in persons}


def people_json(*people: dict[str, Any]) -> bytes:
    return json.dumps({"people": people}).encode()


# The two files of Nordlys


@pytest.mark.parametrize(("path", "rows", "style"), [(WORKDAY, 2366, "yyyy-mm-dd"), (FINNISH, 600, "d.m.yyyy")])
def test_both_files_of_nordlys_import_whole_and_a_second_time_change_nothing(path: Any, rows: int, style: str) -> None:
    first = plan_of(path)
    assert (first.summary.created, first.summary.errors, first.summary.manager_unresolved) == (rows, 0, 0)
    assert list(first.date_formats.values()) == [style]
    assert first.ready
    people = applied({}, first)
    assert [known.line for known in people.values()].count("top") == 1
    assert all(known.country and known.time_zone and known.department for known in people.values())
    again = plan_of(path, people, deactivate_missing=True)
    assert (again.summary.unchanged, again.writes, again.brake) == (rows, (), False)


def test_without_a_team_column_the_reports_of_a_manager_are_a_team() -> None:
    people = imported(WORKDAY)
    aina = people["459247482"]
    assert (aina.team, aina.department, aina.division) == (
        aina.manager_external_id,
        "Logistics",
        "Operations",
    )
    assert next(known for known in people.values() if known.line == "top").team is None


def cost(rows: int) -> float:
    """Return the least processor time of three plans for so many people."""
    lines = "".join(f"{n},Ann Ek,p{n}@x.example,{(n - 1) // 7 if n else ''}\n" for n in range(rows))
    table = read_table((HEADER + lines).encode())
    mapped = MappedRows(table, map_columns(table))
    costs = []
    for _ in range(3):
        start = time.process_time()
        assert len(plan(mapped, {}, today=TODAY).outcomes) == rows
        costs.append(time.process_time() - start)
    return min(costs)


def test_the_cost_of_a_plan_grows_with_the_rows_and_no_faster() -> None:
    assert cost(8_000) < 16 * cost(1_000)


# Who a row is about


def test_nothing_of_a_file_stays_in_the_process() -> None:
    assert plan_of("id,first name,last name,title\n1,Ada,Lund,Poet\n").ready
    assert sum(reader.cache_info().currsize for reader in drafts.KEPT) == 0


def test_a_row_is_about_the_person_with_its_id_or_else_with_its_mail() -> None:
    known = by_id(person("1", work_email="ada@x.example"), person("2"))
    done = plan_of("id,name,email\n2,Bo,bo@x.example\n,Ada,ADA@x.example\n", known)
    assert [(outcome.kind, outcome.key) for outcome in done.outcomes] == [("updated", "2"), ("updated", "1")]


def test_without_an_id_column_the_mail_address_stands_in() -> None:
    done = plan_of("email,name\nAda@x.example,Ada\n,Bo\n")
    assert [outcome.external_id for outcome in done.outcomes] == ["ada@x.example", None]
    assert row_codes(done)[3] == ["work_email_missing"]
    assert applied({}, done)["ada@x.example"].provisional


def test_a_file_may_bring_the_id_of_someone_known_by_mail_only() -> None:
    admin = person(
        "ada@x.example",
        work_email="Ada@x.example",
        display_name="Ada Top",
        given_name="Ada",
        family_name="Top",
    )
    below = person("9", manager_external_id="ada@x.example", team="ada@x.example")
    done = plan_of(STAFF, by_id(admin, below))
    first = outcome_of(done, 2)
    assert (first.kind, first.key, first.external_id) == ("updated", "ada@x.example", "1")
    assert changed(first)["external_id"] == ("ada@x.example", "1")
    assert changed(outcome_of(done, None)) == {
        "manager_external_id": ("ada@x.example", "1"),
        "team": ("ada@x.example", "1"),
    }
    people = applied(by_id(admin, below), done)
    assert "ada@x.example" not in people
    assert not plan_of(STAFF, people).writes


def test_a_row_without_any_identity_is_refused() -> None:
    done = plan_of("id,name,email\n,Ada,\n,Bo,new@x.example\n")
    assert row_codes(done) == {2: ["external_id_missing"], 3: ["external_id_missing"]}
    assert outcome_of(done, 2).problems[0].column == "id"


def test_both_rows_of_a_repeated_id_are_refused_and_named() -> None:
    done = plan_of("id,name,email\n1,Ada,a@x.example\n2,Bo,b@x.example\n1,Cy,a@x.example\n")
    assert row_codes(done) == {2: ["duplicate_external_id"], 4: ["duplicate_external_id"]}
    assert outcome_of(done, 2).problems[0].params == {"rows": [2, 4], "count": 2}
    assert [outcome.kind for outcome in done.outcomes] == ["error", "created", "error"]


def test_an_id_repeated_beside_a_mail_that_is_known_is_a_repeat_too() -> None:
    known = by_id(person("a@x.example", work_email="a@x.example"))
    text = "id,name,email\n1,Ada,\n1,Bo,a@x.example\n1,Cy,a@x.example\n"
    assert row_codes(plan_of(text, known)) == {row: ["duplicate_external_id"] for row in (2, 3, 4)}


def test_many_repeats_are_named_in_short() -> None:
    done = plan_of("id,name\n" + "1,Ada\n" * 60)
    problem = outcome_of(done, 2).problems[0]
    assert problem.params["count"] == 60
    assert "rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 … are" in problem.detail


def test_both_rows_of_a_repeated_mail_are_refused_whatever_its_case() -> None:
    done = plan_of("id,name,email\n1,Ada,a@x.example\n2,Bo,A@X.example\n,Cy,a@x.example\n")
    assert row_codes(done) == {
        2: ["duplicate_work_email"],
        3: ["duplicate_work_email"],
        4: ["external_id_missing", "duplicate_work_email"],
    }


def test_a_mail_address_of_somebody_else_is_refused() -> None:
    done = plan_of("id,name,email\n2,Bo,ada@x.example\n", by_id(person("1", work_email="Ada@x.example")))
    problem = outcome_of(done, 2).problems[0]
    assert (problem.code, problem.params["external_id"]) == ("work_email_taken", "1")


def test_mail_addresses_may_be_handed_on_within_a_file() -> None:
    known = by_id(person("1", work_email="a@x.example"), person("2", work_email="b@x.example"))
    done = plan_of("id,name,email\n1,Ada,b@x.example\n2,Bo,a@x.example\n", known)
    assert done.summary.updated == 2


def test_a_refused_row_keeps_its_address_and_refuses_who_counted_on_it() -> None:
    known = by_id(*(person(str(n), work_email=f"p{n}@x.example") for n in range(1, 5)))
    done = plan_of(
        "id,name,email\n1,Ada,p2@x.example\n2,Bo,p3@x.example\n3,Cy,p4@x.example\n9,New,\n8,Old,p1@x.example\n",
        known,
    )
    taken = ["work_email_taken"]
    assert row_codes(done) == {2: taken, 3: taken, 4: taken, 6: taken}


# Rows that cannot be read


def test_an_error_names_row_column_and_value_and_the_other_rows_stay() -> None:
    done = plan_of("id,name,job level,country\n1,Ada,high,FI\n2,Bo,3,Utopia\n3,Cy,4,SE\n")
    first = outcome_of(done, 2)
    assert (first.kind, first.display_name, first.person) == ("error", "Ada", None)
    problem = first.problems[0]
    assert (problem.row, problem.column, problem.code, problem.value) == (
        2,
        "job level",
        "job_level_invalid",
        "high",
    )
    assert problem.detail == 'Row 2, column "job level": "high" is not a whole number.'
    assert row_codes(done)[3] == ["country_unknown"]
    assert [outcome.external_id for outcome in done.writes] == ["3"]


def test_a_national_identity_number_is_refused_without_being_repeated() -> None:
    done = plan_of("id,name,manager email\n131052-308T,Ada,\n2,Bo,131052-308T\n")
    assert [problem.value for outcome in done.outcomes for problem in outcome.problems] == [None, None]
    assert "131052-308T" not in repr(done)


def test_a_row_that_does_not_fit_is_refused_but_its_person_does_not_count_as_missing() -> None:
    known = by_id(*(person(str(n), given_name=f"P{n}") for n in range(1, 30)))
    lines = "".join(f"{n},P{n},Oulu\n" for n in range(2, 30))
    done = plan_of(f"id,given name,site\n1\n{lines}", known, deactivate_missing=True)
    assert row_codes(done) == {2: ["row_too_short"]}
    assert (done.summary.left, outcome_of(done, 2).key, outcome_of(done, 2).display_name) == (
        0,
        "1",
        "Person 1",
    )
    assert "deactivation_skipped" not in codes(done.problems)


def test_a_row_that_does_not_fit_says_nothing_more_about_its_cells() -> None:
    done = plan_of("id,email,level,name\n4,99E+08,x,y\n1,2E+3,not mail,7,Ek,extra\n2,b@x.example,2,Bo\n")
    assert row_codes(done)[3] == ["row_too_long"]
    assert outcome_of(done, 4).kind == "created"


def test_a_newcomer_needs_a_name_and_nobody_loses_theirs() -> None:
    known = by_id(person("1", given_name="Ada", family_name="Ek", display_name="Ada Ek"))
    done = plan_of(people_json({"id": 1, "title": "Boss"}, {"id": 2, "title": "Clerk"}, {"id": 3, "name": "Cy"}), known)
    assert [outcome.kind for outcome in done.outcomes] == ["updated", "error", "created"]
    assert row_codes(done)[2] == ["name_missing"]
    assert row_codes(plan_of("id,first name\n1,\n", known)) == {2: ["name_missing"]}


def test_a_level_column_without_numbers_is_left_out_with_a_warning() -> None:
    done = plan_of("id,name,level\n1,Ada,Senior\n2,Bo,Junior\n3,Cy,\n")
    assert "job_level_not_numbers" in codes(done.problems)
    assert done.summary.created == 3
    assert plan_of("id,name,level\n1,Ada,\n").problems == plan_of("id,name\n1,Ada\n").problems


def test_columns_that_are_not_ready_plan_nothing() -> None:
    done = plan_of("title,site\nBoss,Oulu\n")
    assert (done.blocked, done.ready, done.outcomes, done.row_count) == (True, False, (), 1)
    assert done.summary.errors == 2


# Dates


def test_an_ambiguous_date_column_asks_and_the_answer_is_taken() -> None:
    text = "id,name,hire date\n1,Ada,03/04/2020\n2,Bo,05/05/2021\n"
    asked = plan_of(text)
    question = asked.problems[-1]
    assert (question.code, question.column) == ("date_ambiguous", "hire date")
    assert question.params == {
        "example": "03/04/2020",
        "day_first": "2020-04-03",
        "month_first": "2020-03-04",
    }
    assert (asked.blocked, asked.outcomes) == (True, ())
    assert imported(text, day_order="day_first")["1"].hire_on == date(2020, 4, 3)
    assert imported(text, day_order="month_first")["1"].hire_on == date(2020, 3, 4)


def test_one_date_column_answers_for_the_other() -> None:
    text = "id,name,hire date,end date\n1,Ada,31/01/2020,03/04/2027\n2,Bo,01/02/2020,\n"
    assert imported(text)["1"].end_on == date(2027, 4, 3)


def test_a_column_of_mixed_dates_asks_too() -> None:
    question = plan_of("id,name,hire date\n1,Ada,31/01/2020\n2,Bo,01/31/2020\n").problems[-1]
    assert (question.code, question.params) == (
        "date_mixed",
        {"day_first": "31/01/2020", "month_first": "01/31/2020"},
    )


def test_a_wrong_date_is_an_error_of_its_row_and_the_open_end_is_no_end() -> None:
    done = plan_of("id,name,hire date,end date\n1,Ada,2020-02-30,\n2,Bo,9999-12-31,\n3,Cy,2020-02-03,9999-12-31\n")
    assert row_codes(done) == {2: ["date_invalid"], 3: ["date_out_of_range"]}
    assert applied({}, done)["3"].end_on is None


def test_days_that_contradict_are_warned_about() -> None:
    done = plan_of("id,name,hire date,end date,status\n1,Ada,2020-02-03,2019-01-01,Active\n2,Bo,,2027-01-01,Active\n")
    assert row_codes(done) == {2: ["end_before_hire", "status_contradicts_end"]}
    assert done.summary.warnings == 1 + len(done.problems)


# Status


def test_without_a_status_column_a_past_last_day_means_left_and_being_listed_means_back() -> None:
    known = by_id(person("2", status="left"), person("3", status="leave"))
    people = imported("id,name,end date\n1,Ada,2026-11-23\n2,Bo,2026-11-24\n3,Cy,\n", known)
    assert [people[key].status for key in "123"] == ["left", "active", "leave"]


def test_an_empty_status_leaves_it_as_it_is() -> None:
    known = by_id(person("2", status="left"))
    people = imported("id,name,status\n1,Ada,\n2,Bo,\n3,Cy,Tjänstledig\n", known)
    assert [people[key].status for key in "123"] == ["active", "left", "leave"]


# Names, places and other values that follow from each other


def test_one_name_is_taken_apart_and_two_are_put_together() -> None:
    people = imported('id,name\n1,"Månsson, Aina"\n2,Bo Ek Berg\n3,Cher\n')
    assert [(people[key].given_name, people[key].family_name) for key in "123"] == [
        ("Aina", "Månsson"),
        ("Bo", "Ek Berg"),
        ("Cher", ""),
    ]
    assert imported("id,first name,last name\n1,Aina,\n")["1"].display_name == "Aina"


def test_a_new_name_follows_into_the_parts_unless_they_were_given_better() -> None:
    derived = person("1", display_name="Bo Ek", given_name="Bo", family_name="Ek")
    better = person("2", display_name="Bo Ek", given_name="Bosse", family_name="Ek")
    people = imported("id,name\n1,Bo Berg\n2,Bo Berg\n", by_id(derived, better))
    assert (people["1"].family_name, people["2"].family_name) == ("Berg", "Ek")


def test_a_display_name_set_by_hand_stays_and_a_derived_one_follows() -> None:
    derived = person("1", display_name="Bo Ek", given_name="Bo", family_name="Ek")
    known = by_id(derived, replace(derived, external_id="2", display_name="Bosse"))
    people = imported("id,last name\n1,Berg\n2,Berg\n", known)
    assert [people[key].display_name for key in "12"] == ["Bo Berg", "Bosse"]


def test_country_and_time_zone_follow_a_known_city_and_stay_when_set_otherwise() -> None:
    people = imported("id,name,site\n1,Ada,Helsinki HQ\n")
    assert (people["1"].country, people["1"].time_zone) == ("FI", "Europe/Helsinki")
    moved = "id,name,site\n1,Ada,Stockholm\n"
    assert imported(moved, people)["1"].time_zone == "Europe/Stockholm"
    abroad = by_id(replace(people["1"], time_zone="Asia/Tokyo"))
    assert imported(moved, abroad)["1"].time_zone == "Asia/Tokyo"


def test_an_unknown_time_zone_is_warned_about_once_a_site() -> None:
    done = plan_of("id,name,site,country\n" + "".join(f"{n},Ada,Springfield,US\n" for n in range(9)) + "10,Bo,,\n")
    warnings = [problem for problem in done.problems if problem.code == "site_time_zone_unknown"]
    assert [problem.params for problem in warnings] == [
        {"site": "Springfield", "country": "US", "count": 9},
        {"site": None, "country": None, "count": 1},
    ]
    assert not row_codes(done)


def test_what_a_file_does_not_tell_stays_and_an_empty_cell_clears() -> None:
    known = by_id(person("1", title="Boss", site="Oulu", cost_center="77", time_zone="Europe/Helsinki", country="FI"))
    after = imported("id,name,title\n1,Person 1,\n", known)["1"]
    assert (after.title, after.site, after.cost_center) == (None, "Oulu", "77")
    partial = imported(people_json({"id": 1, "title": "Head"}, {"id": 2, "name": "Bo"}), known)["1"]
    assert (partial.title, partial.site) == ("Head", "Oulu")


def test_changes_are_listed_field_by_field_before_and_after() -> None:
    known = by_id(
        person(
            "1",
            languages=(("en", 3), ("fi", 3)),
            hire_on=date(2020, 1, 31),
            title="A",
            given_name="Person",
            family_name="1",
        )
    )
    done = plan_of("id,name,title,languages,hire date,job level\n1,Person 1,B,fi;en,2021-01-31,5\n", known)
    assert changed(outcome_of(done, 2)) == {
        "title": ("A", "B"),
        "job_level": (None, 5),
        "hire_on": ("2020-01-31", "2021-01-31"),
    }
    cleared = changes_between(person("1", languages=(("fi", 4),), end_on=date(2027, 1, 1)), person("1"))
    assert [(change.before, change.after) for change in cleared] == [("fi:4", None), ("2027-01-01", None)]


# Managers


def test_managers_are_found_by_id_or_mail_forward_and_among_known_people() -> None:
    known = by_id(person("9", work_email="Zoe@x.example"))
    people = imported(
        "id,name,email,manager id,manager email\n"
        "1,Ada,a@x.example,,BO@x.example\n"
        "2,Bo,b@x.example,3,\n"
        "3,Cy,c@x.example,,zoe@X.example\n"
        "4,Di,d@x.example,a@x.example,\n"
        "5,Ed,bo@x.example,404,zoe@x.example\n",
        known,
    )
    assert [people[key].manager_external_id for key in "12345"] == ["5", "3", "9", "1", "9"]


def test_a_manager_not_found_is_a_warning_and_makes_the_line_unknown() -> None:
    done = plan_of(HEADER + "1,Ada,a@x.example,404\n2,Bo,b@x.example,1\n")
    problem = outcome_of(done, 2).problems[0]
    assert (problem.code, problem.severity, problem.value) == ("manager_unresolved", "warning", "404")
    assert problem.column == "manager id"
    assert (done.summary.created, done.summary.manager_unresolved) == (2, 1)
    ada = applied({}, done)["1"]
    assert (ada.line, ada.manager_raw, ada.manager_external_id, ada.team) == ("unknown", "404", None, None)


def test_a_manager_whose_own_row_is_refused_is_said_so() -> None:
    done = plan_of("id,name,email,manager id\n1,Ada,not mail,\n2,Bo,b@x.example,1\n")
    assert outcome_of(done, 3).problems[0].params == {"manager": "1", "manager_row": 2}


def test_an_address_given_up_in_the_file_finds_nobody() -> None:
    known = by_id(person("1", work_email="old@x.example"))
    done = plan_of("id,name,email,manager id\n1,Ada,new@x.example,\n2,Bo,,old@x.example\n", known)
    assert row_codes(done) == {3: ["manager_unresolved"]}


def test_a_manager_who_turns_up_later_is_found_for_everyone_who_waits() -> None:
    people = imported(HEADER + "1,Ada,a@x.example,\n2,Bo,b@x.example,404\n3,Cy,c@x.example,Dot@x.example\n")
    done = plan_of(HEADER + "404,Di,dot@x.example,1\n3,Cy,c@x.example,dot@x.example\n", people)
    late = outcome_of(done, None)
    assert (late.kind, late.key) == ("updated", "2")
    assert changed(late) == {
        "manager_external_id": (None, "404"),
        "manager_raw": ("404", None),
        "team": (None, "404"),
    }
    after = applied(people, done)
    assert [after[key].manager_external_id for key in ("2", "3")] == ["404", "404"]
    untold = imported("id,name\n404,Di\n2,Bo\n", people)
    assert untold["2"].line == "known"


def test_no_manager_means_top_but_no_manager_column_means_unknown() -> None:
    assert imported(STAFF)["1"].line == "top"
    people = imported("id,name\n1,Ada\n")
    assert (people["1"].line, people["1"].manager_raw) == ("unknown", NOT_TOLD)
    assert not plan_of("id,name\n1,Ada\n", people).writes
    assert imported("id,name,manager id\n1,Ada,\n", people)["1"].line == "top"


def test_several_people_without_a_manager_are_warned_about() -> None:
    done = plan_of(HEADER + "".join(f"{n},Ada,a{n}@x.example,\n" for n in range(12)))
    warning = next(problem for problem in done.problems if problem.code == "several_tops")
    assert warning.params["count"] == 12
    assert warning.detail.endswith("Rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 ….")
    gone = plan_of("id,name,manager id,status\n1,Ada,,Active\n2,Bo,,Terminated\n")
    assert "several_tops" not in codes(gone.problems)


def test_id_and_mail_of_two_different_managers_are_warned_about() -> None:
    done = plan_of(
        "id,name,email,manager id,manager email\n"
        "1,Ada,a@x.example,,\n2,Bo,b@x.example,,a@x.example\n3,Cy,,1,b@x.example\n"
    )
    assert row_codes(done) == {4: ["manager_conflict"]}
    assert applied({}, done)["3"].manager_external_id == "1"


def test_nobody_is_their_own_manager() -> None:
    done = plan_of(HEADER + "1,Ada,a@x.example,1\n2,Bo,b@x.example,B@x.example\n")
    assert row_codes(done) == {2: ["manager_is_self"], 3: ["manager_is_self"]}
    assert outcome_of(done, 3).problems[0].value == "B@x.example"


def test_a_circle_of_managers_is_refused_on_each_of_its_rows_and_names_all_members() -> None:
    done = plan_of(HEADER + "1,Ada,a@x.example,3\n2,Bo,b@x.example,1\n3,Cy,c@x.example,2\n4,Di,d@x.example,3\n")
    loop = ["manager_loop"]
    assert row_codes(done) == {2: loop, 3: loop, 4: loop, 5: ["manager_unresolved"]}
    problem = outcome_of(done, 3).problems[0]
    assert problem.params == {
        "members": ["1", "3", "2"],
        "names": ["Ada", "Cy", "Bo"],
        "rows": [2, 3, 4],
        "count": 3,
    }
    assert "Ada (1) → Cy (3) → Bo (2) → Ada (1)" in problem.detail
    assert [outcome.external_id for outcome in done.writes] == ["4"]


def test_a_circle_through_people_outside_the_file_is_refused() -> None:
    known = imported(STAFF)
    done = plan_of(HEADER + "1,Ada Top,ada@x.example,3\n", known)
    assert row_codes(done) == {2: ["manager_loop"]}
    assert outcome_of(done, 2).problems[0].params["rows"] == [2]
    assert applied(known, done) == known


def test_a_large_circle_is_named_in_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle, "MAX_NAMED", 2)
    done = plan_of(HEADER + "1,Ada,a@x.example,3\n2,Bo,b@x.example,1\n3,Cy,c@x.example,2\n")
    assert "(and 1 more)" in outcome_of(done, 2).problems[0].detail


def test_a_refusal_that_closes_another_circle_refuses_that_too() -> None:
    known = by_id(person("1"), person("2", manager_external_id="1"), person("3"), person("4", manager_external_id="3"))
    done = plan_of("id,name,manager id\n1,A,2\n2,B,4\n4,D,2\n3,C,\n", known)
    assert [codes(outcome_of(done, row).problems) for row in (2, 3, 4)] == [["manager_loop"]] * 3


def test_circles_without_end_are_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle, "MAX_ROUNDS", 0)
    done = plan_of(STAFF)
    assert row_codes(done) == {3: ["managers_contradictory"], 4: ["managers_contradictory"]}


def test_a_circle_that_was_there_before_is_reported_and_stops_nothing() -> None:
    known = by_id(person("1", manager_external_id="2"), person("2", manager_external_id="1"))
    done = plan_of("id,name\n3,Cy\n1,Person 1\n", known)
    warning = next(problem for problem in done.problems if problem.code == "directory_loop")
    assert warning.params == {"members": ["1", "2"], "count": 2}
    assert done.summary.created == 1


def test_a_manager_who_turns_up_late_never_closes_a_circle() -> None:
    known = by_id(
        person("1", manager_raw="new@x.example"),
        person("2", manager_external_id="1", work_email="b@x.example"),
    )
    done = plan_of("id,name,email\n2,Person 2,new@x.example\n", known)
    assert [outcome.row for outcome in done.writes] == [2]
    own = by_id(person("1", manager_raw="me@x.example"))
    assert imported("id,name,email\n1,Ada,me@x.example\n", own)["1"].line == "unknown"
    both = plan_of("id,name,email\n2,Person 2,new@x.example\n1,Person 1,\n", known)
    assert applied(known, both)["1"].manager_raw == "new@x.example"


def test_dotted_managers_are_found_kept_raw_when_unknown_and_make_no_circle() -> None:
    text = "id,name,manager id,matrix manager\n1,Ada,,2;404;1\n2,Bo,1,1\n"
    done = plan_of(text)
    assert row_codes(done) == {2: ["dotted_manager_unresolved"]}
    people = applied({}, done)
    ada = people["1"]
    assert (ada.dotted_manager_external_ids, ada.dotted_raw, ada.line) == (("2",), ("404",), "unknown")
    assert not plan_of(text, people).writes
    late = plan_of("id,name\n404,Di\n", people)
    assert changed(outcome_of(late, None)) == {
        "dotted_manager_external_ids": ("2", "2;404"),
        "dotted_raw": ("404", None),
    }
    assert imported("id,name,matrix manager\n1,Ada,\n", people)["1"].dotted_raw == ()
    assert imported("id,name\n1,Ada\n", people)["1"].dotted_raw == ("404",)


def test_a_team_set_otherwise_stays_and_one_that_follows_the_manager_moves_along() -> None:
    people = imported(STAFF)
    moved = STAFF.replace("cy@x.example,2", "cy@x.example,1")
    assert imported(moved, people)["3"].team == "1"
    set_by_hand = {**people, "3": replace(people["3"], team="Blue")}
    assert imported(moved, set_by_hand)["3"].team == "Blue"
    assert imported("id,name,team,manager id\n3,Cy Ek,Red,1\n", people)["3"].team == "Red"


# People who leave


def crowd(count: int) -> dict[str, PersonRecord]:
    return imported("id,name\n" + "".join(f"{n},Ada Ek\n" for n in range(count)))


def test_nobody_leaves_for_being_missing_unless_asked() -> None:
    known = crowd(20)
    text = "id,name\n" + "".join(f"{n},Ada Ek\n" for n in range(18))
    assert not plan_of(text, known).writes
    done = plan_of(text, known, deactivate_missing=True)
    assert [(outcome.kind, outcome.row, outcome.key) for outcome in done.writes] == [
        ("left", None, "18"),
        ("left", None, "19"),
    ]
    assert changed(done.writes[0]) == {"status": ("active", "left")}
    assert (done.brake, done.ready, done.people_before) == (False, True, 20)
    assert not plan_of(text, applied(known, done), deactivate_missing=True).writes


def test_more_than_a_tenth_leaving_pulls_the_brake_unless_allowed() -> None:
    known = crowd(20)
    text = "id,name\n" + "".join(f"{n},Ada Ek\n" for n in range(17))
    assert plan_of(text, known, deactivate_missing=True).brake
    assert not plan_of(text, known, deactivate_missing=True, allow_mass_deactivation=True).brake


def test_the_brake_counts_those_whom_the_file_calls_left_too() -> None:
    text = "id,name,status\n" + "".join(f"{n},Ada Ek,Terminated\n" for n in range(3))
    done = plan_of(text, crowd(20))
    assert (done.summary.left, done.brake) == (3, True)
    assert not plan_of(text).brake


def test_a_person_of_a_refused_row_is_not_missing() -> None:
    known = crowd(20)
    text = "id,name,country\n" + "".join(f"{n},Ada Ek,{'Utopia' if n == 5 else 'FI'}\n" for n in range(20))
    done = plan_of(text, known, deactivate_missing=True)
    assert (done.summary.errors, done.summary.left) == (1, 0)


def test_nobody_is_called_missing_while_a_row_does_not_say_who_it_is_about() -> None:
    done = plan_of("id,name\n,Ada\n" + "".join(f",Bo{n}\n" for n in range(11)), crowd(20), deactivate_missing=True)
    assert (done.summary.left, codes(done.problems)[-1]) == (0, "deactivation_skipped")
    assert done.problems[-1].params["count"] == 12


def test_someone_who_waited_for_a_manager_and_is_missing_leaves_once() -> None:
    known = {**crowd(20), "77": person("77", manager_raw="404")}
    text = "id,name,manager id\n404,Di,\n" + "".join(f"{n},Ada Ek,404\n" for n in range(20))
    done = plan_of(text, known, deactivate_missing=True)
    assert [outcome.kind for outcome in done.outcomes if outcome.key == "77"] == ["left"]
    assert not plan_of(text, applied(known, done), deactivate_missing=True).writes


# Properties

IDS = st.sampled_from(["", "1", "2", "3", "4", "a@x.example", "?"])
MAILS = st.sampled_from(["", "a@x.example", "B@x.example", "c@x.example", "d@x.example", "wrong"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {"id": IDS, "name": st.sampled_from(["Ada Ek", "Bo", ""]), "email": MAILS},
        optional={
            "manager id": IDS,
            "manager email": MAILS,
            "dotted managers": st.sampled_from(["", "1;2", "404"]),
            "site": st.sampled_from(["", "Oulu", "Mars"]),
            "status": st.sampled_from(["", "Active", "Terminated", "odd"]),
            "end date": st.sampled_from(["", "2020-01-01", "1/2/2020", "31.12.2030"]),
            "languages": st.sampled_from(["", "fi;en:4", "en:4;fi"]),
            "level": st.sampled_from(["", "3", "x"]),
        },
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=tries(400), deadline=None, derandomize=True)
@given(st.lists(ROWS, min_size=1, max_size=3), st.booleans())
def test_whatever_the_files_the_same_file_again_changes_nothing_and_no_circle_arises(
    files: list[list[dict[str, str]]], deactivate: bool
) -> None:
    people: dict[str, PersonRecord] = {}
    options = {"deactivate_missing": deactivate, "day_order": "day_first"}
    for rows in files:
        source = people_json(*rows)
        people = imported(source, people, **options)
        again = plan_of(source, people, **options)
        assert again.writes == ()
        for known in people.values():
            above, seen = known, {known.external_id}
            while above.manager_external_id is not None:
                above = people[above.manager_external_id]
                assert above.external_id not in seen
                seen.add(above.external_id)
        mails = [known.work_email for known in people.values() if known.work_email]
        assert len(mails) == len(set(mails))


@settings(max_examples=tries(200), deadline=None)
@given(st.lists(st.lists(st.text(max_size=15), min_size=24, max_size=24), min_size=1, max_size=4))
def test_no_cells_crash_the_plan(lines: list[list[str]]) -> None:
    headers = [
        "id",
        "given name",
        "family name",
        "name",
        "email",
        "manager id",
        "manager email",
        "matrix manager",
        "title",
        "level",
        "division",
        "department",
        "team",
        "cost center",
        "site",
        "country",
        "time zone",
        "languages",
        "preferred language",
        "status",
        "hire date",
        "end date",
        "salary",
        "other",
    ]
    people = [dict(zip(headers, line, strict=True)) for line in lines]
    done = plan_of(people_json(*people))
    assert len(done.outcomes) in (0, len(lines))
    json.dumps([[change.after for change in outcome.changes] for outcome in done.outcomes]).encode()
