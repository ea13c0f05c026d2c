"""Columns find their fields in three languages, and what must not be stored is not read."""

import json

import pytest
from hris_tables import FINNISH, WORKDAY, codes, csv_table
from hypothesis import given, settings
from hypothesis import strategies as st

from vuoro.hris.columns import ColumnMap, MappedRows, map_columns
from vuoro.hris.header_words import CANONICAL_FIELDS, KNOWN_HEADERS, fold, fold_header, refused_category
from vuoro.hris.parse import read_table
from vuoro.hris.places import CITIES, COUNTRY_CODES, COUNTRY_NAMES, country_at, time_zone_at
from vuoro.hris.value_words import LANGUAGE_CODES, LANGUAGE_NAMES


def mapped(*headers: str, **chosen: str | None) -> ColumnMap:
    line = ";".join(f'"{header}"' for header in headers)
    return map_columns(csv_table(f"{line}\n{';'.join('x' for _ in headers)}\n"), chosen)


def fields(*headers: str) -> list[str | None]:
    return [column.field for column in mapped(*headers).columns]


def test_the_workday_file_is_mapped_without_help() -> None:
    found = map_columns(read_table(WORKDAY))
    assert [column.field for column in found.columns] == [
        "external_id",
        "given_name",
        "family_name",
        "work_email",
        "manager_external_id",
        "department",
        "division",
        "title",
        "job_level",
        "site",
        "country",
        "time_zone",
        "hire_on",
        "status",
        "languages",
    ]
    assert found.ready
    assert codes(found.problems) == ["team_from_manager"]
    assert found.columns[0].samples == ("459247482", "204657419", "126312632")
    assert {column.reason for column in found.columns} == {"known_header"}


def test_the_finnish_file_is_mapped_without_help() -> None:
    found = map_columns(read_table(FINNISH))
    assert found.fields == {
        "external_id": "Henkilönumero",
        "given_name": "Etunimi",
        "family_name": "Sukunimi",
        "work_email": "Sähköposti",
        "manager_email": "Esihenkilön sähköposti",
        "department": "Yksikkö",
        "division": "Toimiala",
        "title": "Tehtävänimike",
        "job_level": "Vaativuustaso",
        "site": "Toimipaikka",
        "hire_on": "Aloituspäivä",
        "status": "Tila",
        "languages": "Kielet",
    }


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        # SAP SuccessFactors
        (
            "USERID FIRSTNAME LASTNAME EMAIL MANAGER DIVISION DEPARTMENT LOCATION TIMEZONE HIREDATE TITLE STATUS",
            "external_id given_name family_name work_email manager_external_id division department site "
            "time_zone hire_on title status",
        ),
        # SCIM
        (
            "externalId name.givenName name.familyName displayName emails[type_eq_work].value active "
            "manager.value preferredLanguage timezone costCenter",
            "external_id given_name family_name display_name work_email status manager_external_id "
            "preferred_language time_zone cost_center",
        ),
        # BambooHR
        (
            "Employee_# First_Name Last_Name Work_Email Job_Title Reports_To Hire_Date Termination_Date "
            "Employment_Status",
            "external_id given_name family_name work_email title manager_external_id hire_on end_on status",
        ),
        # Personio and HiBob
        (
            "Employee_ID First_name Last_name Email Supervisor_ID Office Department Team Position Status "
            "Contract_end_date",
            "external_id given_name family_name work_email manager_external_id site department team title "
            "status end_on",
        ),
        # Swedish
        (
            "Anställningsnummer Förnamn Efternamn E-post Chefens_e-post Avdelning Arbetslag Befattning "
            "Ort Land Språk Anställningsdatum Slutdatum Kostnadsställe Nivå Tidszon Affärsområde Anställningsstatus",
            "external_id given_name family_name work_email manager_email department team title site country "
            "languages hire_on end_on cost_center job_level time_zone division status",
        ),
        # Finnish
        (
            "Työntekijän_numero Kutsumanimi Sukunimi Esimiehen_henkilönumero Osasto Tiimi Maa "
            "Aikavyöhyke Kieli Kustannuspaikka Päättymispäivä Matriisiesihenkilö",
            "external_id given_name family_name manager_external_id department team country time_zone "
            "preferred_language cost_center end_on dotted_manager_external_ids",
        ),
    ],
)
def test_headers_of_the_usual_systems_are_known(headers: str, expected: str) -> None:
    names = [header.replace("_", " ") if "#" in headers or "ä" in headers else header for header in headers.split()]
    assert fields(*names) == expected.split()


@pytest.mark.parametrize("field", CANONICAL_FIELDS)
def test_every_canonical_name_maps_to_itself(field: str) -> None:
    assert KNOWN_HEADERS[fold_header(field).replace(" ", "")] == (field, 0)


def test_no_known_header_is_refused() -> None:
    for field in CANONICAL_FIELDS:
        assert refused_category(field) is None
    assert fields("Company Email", "Passive", "Original Hire Date", "Language", "Management Level") == [
        "work_email",
        None,
        "hire_on",
        "preferred_language",
        "job_level",
    ]


@pytest.mark.parametrize(
    ("header", "category"),
    [
        ("Date_of_Birth", "birth"),
        ("DATEOFBIRTH", "birth"),
        ("Syntymäaika", "birth"),
        ("Ikä", "birth"),
        ("Födelsedatum", "birth"),
        ("Gender", "gender"),
        ("Sukupuoli", "gender"),
        ("Kön", "gender"),
        ("Ethnicity", "origin"),
        ("Kansalaisuus", "origin"),
        ("Etnicitet", "origin"),
        ("SSN", "identity_number"),
        ("NationalId", "identity_number"),
        ("Henkilötunnus", "identity_number"),
        ("Personnummer", "identity_number"),
        ("Base Salary", "pay"),
        ("annualSalary", "pay"),
        ("Pay grade", "pay"),
        ("Kuukausipalkka", "pay"),
        ("Lön", "pay"),
        ("Religion", "religion"),
        ("Uskonto", "religion"),
        ("Disability status", "health"),
        ("Sairauspoissaolot", "health"),
        ("Sjukfrånvaro", "health"),
        ("Trade union", "union"),
        ("Ammattiliitto", "union"),
        ("Marital status", "private_life"),
        ("Siviilisääty", "private_life"),
        ("Personal email", "private_life"),
    ],
)
def test_private_columns_are_refused_with_a_warning(header: str, category: str) -> None:
    found = mapped("Employee ID", "Name", header)
    refused = found.columns[2]
    assert (refused.field, refused.reason, refused.category, refused.samples) == (
        None,
        "refused",
        category,
        (),
    )
    assert found.refused == {header}
    assert found.ready
    warning = next(problem for problem in found.problems if problem.code == "column_refused")
    assert (warning.severity, warning.column, warning.params) == ("warning", header, {"category": category})


def test_a_refused_column_shows_nowhere_even_where_a_row_slips() -> None:
    table = csv_table("Id,Salary,Name\n1,SECRET,Åsa\n2,Bo,extra,SECRET\n")
    found = map_columns(table)
    assert "SECRET" not in repr((found, list(MappedRows(table, found))))


def test_a_refused_column_cannot_be_chosen() -> None:
    found = mapped("Id", "Name", "Salary", Salary="title")
    assert not found.ready
    assert "column_forbidden" in codes(found.problems)
    assert "title" not in found.fields


def test_a_refused_column_may_be_left_out_by_choice() -> None:
    found = mapped("Id", "Name", "Salary", Salary=None)
    assert found.ready
    assert found.columns[2].reason == "refused"


def test_a_choice_goes_before_the_suggestion() -> None:
    table = csv_table("Id;Name;Title;Role here\n1;Åsa;Boss;Head\n")
    found = map_columns(table, {"Role here": "title", "Name": None, "Title": "display_name"})
    assert [(column.field, column.reason) for column in found.columns] == [
        ("external_id", "known_header"),
        (None, "ignored"),
        ("display_name", "chosen"),
        ("title", "chosen"),
    ]


def test_choices_that_make_no_sense_are_errors() -> None:
    table = csv_table("Id;Name;A;B\n1;Åsa;x;y\n")
    found = map_columns(table, {"A": "title", "B": "title", "C": "site", "Name": "nickname"})
    assert codes(found.problems)[:3] == ["field_mapped_twice", "column_unknown", "field_unknown"]
    assert found.problems[0].params == {"field": "title", "columns": ["A", "B"]}


def test_two_columns_for_one_field_leave_the_less_wanted_one() -> None:
    found = mapped("Employee ID", "Legal First Name", "Preferred First Name", "Last Name")
    assert [(column.field, column.reason) for column in found.columns[1:3]] == [
        (None, "field_taken"),
        ("given_name", "known_header"),
    ]


def test_a_repeated_header_is_read_once_with_a_warning_unless_chosen() -> None:
    table = csv_table("Id;Name;Email;Email\n1;Åsa;a@x.example;b@x.example\n")
    found = map_columns(table)
    assert found.fields["work_email"] == "Email"
    assert "header_repeated" in codes(found.problems)
    chosen = map_columns(table, {"Email (2)": "work_email"})
    assert chosen.fields["work_email"] == "Email (2)"
    assert "header_repeated" not in codes(chosen.problems)


def test_a_unit_next_to_a_department_is_the_team() -> None:
    found = mapped("Id", "Name", "Department", "Supervisory Organization", "Manager ID")
    assert found.fields["team"] == "Supervisory Organization"
    assert found.columns[3].reason == "unit_below_department"
    assert codes(found.problems) == []
    assert fields("Id", "Name", "Osasto", "Yksikkö", "Tiimi")[2:] == ["department", None, "team"]


def test_a_file_without_ids_or_names_is_not_ready() -> None:
    assert codes(mapped("Title", "Manager ID", "Team").problems) == [
        "identity_column_missing",
        "name_column_missing",
    ]
    assert mapped("Work Email", "Full Name").ready


def test_a_file_without_managers_is_warned_about() -> None:
    assert codes(mapped("Id", "Name").problems) == ["manager_column_missing"]


def test_samples_are_few_different_short_and_printable() -> None:
    people = [{"id": n, "name": name} for n, name in enumerate(["a\x07", "a\x07", "b" * 99, "", "c", "d"])]
    found = map_columns(read_table(json.dumps({"people": people}).encode()))
    assert found.columns[1].samples == ("a\ufffd", "b" * 79 + "…", "c")


def test_rows_hold_only_what_was_mapped_and_told() -> None:
    table = read_table(b'{"people": [{"id": 1, "name": "x", "note": "n"}, {"id": 2}]}')
    rows = MappedRows(table, map_columns(table))
    assert [row.values for row in rows] == [{"external_id": "1", "display_name": "x"}, {"external_id": "2"}]
    assert [row.number for row in rows] == [1, 2]


def test_words_are_folded_without_case_accents_and_marks() -> None:
    assert fold("  Esihenkilön_SÄHKÖPOSTI (työ) ") == "esihenkilon sahkoposti tyo"
    assert fold("Łódź Tromsø æ") == "lodz tromso ae"
    assert fold_header("managerEmployeeID") == "manager employee id"


def test_cities_and_countries_tell_the_time_zone_only_without_doubt() -> None:
    assert time_zone_at("Factory Oulu", None) == "Europe/Helsinki"
    assert time_zone_at("Austin", "US") == "America/Chicago"
    assert time_zone_at("Denver", "US") is None
    assert time_zone_at("Austin", "FI") == "Europe/Helsinki"
    assert time_zone_at("Oulu and Lund", None) is None
    assert time_zone_at(None, None) is None
    assert time_zone_at(None, "IN") == "Asia/Kolkata"
    assert country_at("Helsingfors") == "FI"
    assert country_at("Denver") is None


def test_tables_of_words_name_only_codes_that_exist() -> None:
    assert len(COUNTRY_CODES) == 249
    assert len(LANGUAGE_CODES) == 184
    assert set(COUNTRY_NAMES.values()) <= COUNTRY_CODES
    assert set(LANGUAGE_NAMES.values()) <= LANGUAGE_CODES
    assert {country for country, _ in CITIES.values()} <= COUNTRY_CODES


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=6),
    st.dictionaries(st.text(max_size=12), st.sampled_from([*CANONICAL_FIELDS, None, "x"]), max_size=4),
)
def test_no_headers_and_no_choices_crash_the_mapping(headers: list[str], chosen: dict[str, str | None]) -> None:
    table = read_table(json.dumps({"people": [dict.fromkeys(headers, "x")]}).encode())
    found = map_columns(table, {**chosen, headers[0]: "title"})
    assert [column.header for column in found.columns] == list(table.headers)
