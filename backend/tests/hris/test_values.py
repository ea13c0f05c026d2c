"""Cells are understood the way HR systems write them, or refused with a reason."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vuoro.hris.dates import read_date, recognize_dates
from vuoro.hris.problems import ValueRefused
from vuoro.hris.values import (
    MAX_ITEMS,
    read_country,
    read_id,
    read_ids,
    read_language,
    read_languages,
    read_level,
    read_mail,
    read_status,
    read_text,
    read_time_zone,
)


def refused(read: Callable[..., Any], *value: Any) -> str:
    with pytest.raises(ValueRefused) as caught:
        read(*value)
    return caught.value.code


@pytest.mark.parametrize(
    "read",
    [read_text, read_id, read_mail, read_level, read_language, read_country, read_time_zone, read_status],
)
def test_an_empty_cell_is_nothing(read: Callable[[str], object]) -> None:
    assert read("") is None
    assert read(" \u00a0\u200b ") is None


def test_text_is_composed_and_on_one_line() -> None:
    assert read_text("A\u030asa\u00a0 Öberg\n") == "Åsa Öberg"
    assert refused(read_text, "a\x07ä") == "character_invalid"
    assert refused(read_text, "\ud800") == "character_invalid"
    assert refused(read_text, "x" * 201) == "value_too_long"


def test_ids_are_kept_as_written() -> None:
    assert read_id(" 00123 ") == "00123"
    assert refused(read_id, "4,59E+08") == "id_mangled"


@pytest.mark.parametrize(
    "number", ["131052-308T", "131052-308t", "811228-9874", "198112289874", "19811228-9874", "811288-9871"]
)
def test_national_identity_numbers_are_refused_as_ids_and_not_repeated(number: str) -> None:
    with pytest.raises(ValueRefused) as caught:
        read_id(number)
    assert (caught.value.code, caught.value.secret) == ("identity_number", True)
    assert number not in caught.value.detail


@pytest.mark.parametrize(
    "number", ["459247482", "131052-308X", "311352-308T", "811228-9875", "8112289874", "811328-9878"]
)
def test_ids_that_only_look_like_identity_numbers_are_taken(number: str) -> None:
    assert read_id(number) == number


def test_mail_addresses_are_in_lower_case() -> None:
    assert read_mail("MIKAEL.HEINONEN@NORDLYS.EXAMPLE") == "mikael.heinonen@nordlys.example"
    for wrong in ("mikael", "a@b", "a@b.example;c@d.example", "a b@c.example", "a@.example", "a@b..example"):
        assert refused(read_mail, wrong) == "mail_invalid"


def test_lists_of_ids_are_split_and_without_repeats() -> None:
    assert read_ids("1; 2,1|a@x.example;") == ("1", "2", "a@x.example")
    assert read_ids("") == ()
    assert refused(read_ids, ";".join(map(str, range(MAX_ITEMS + 1)))) == "too_many_items"


@pytest.mark.parametrize(
    ("text", "level"),
    [("5", 5), ("5.0", 5), ("5,00", 5), ("L5", 5), ("Level 12", 12), ("Taso-3", 3), ("0", 0)],
)
def test_levels_are_whole_numbers(text: str, level: int) -> None:
    assert read_level(text) == level


@pytest.mark.parametrize("text", ["five", "5.5", "1000", "-1", "5-7", "٣"])
def test_other_levels_are_refused(text: str) -> None:
    assert refused(read_level, text) == "job_level_invalid"


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("fi:4;en:3", (("fi", 4), ("en", 3))),
        ("fi:4, en:3, sv:2", (("fi", 4), ("en", 3), ("sv", 2))),
        ("sv:4;en:4", (("sv", 4), ("en", 4))),
        ("en:1;fi", (("fi", 3), ("en", 1))),
        ("suomi: äidinkieli | English (fluent) / svenska B1;", (("fi", 4), ("en", 3), ("sv", 2))),
        ("en-GB; en:4", (("en", 4),)),
        ("Norwegian Bokmål = 4", (("nb", 4),)),
        ("", ()),
    ],
)
def test_languages_come_best_first_and_a_bare_one_counts_as_three(text: str, languages: object) -> None:
    assert read_languages(text) == languages


def test_languages_that_are_unknown_or_beyond_the_scale_are_refused() -> None:
    assert refused(read_languages, "fi:5") == "language_level_invalid"
    assert refused(read_languages, "fi:4;klingon:3") == "language_unknown"
    assert refused(read_languages, ":") == "language_unknown"


def test_a_preferred_language_is_a_code_a_locale_or_a_name() -> None:
    assert [read_language(text) for text in ("fi", "fi-FI", "sv_SE", "Suomi", "engelska")] == [
        "fi",
        "fi",
        "sv",
        "fi",
        "en",
    ]
    assert refused(read_language, "dothraki") == "language_unknown"


def test_countries_are_codes_or_names_in_three_languages() -> None:
    texts = ("fi", "FIN", "Suomi", "Ruotsi", "Tyskland", "United States of America", "UK", "Österreich")
    assert [read_country(text) for text in texts] == ["FI", "FI", "FI", "SE", "DE", "US", "GB", "AT"]
    assert refused(read_country, "XX") == "country_unknown"


def test_time_zones_are_iana_names() -> None:
    assert read_time_zone("europe/helsinki") == "Europe/Helsinki"
    assert read_time_zone("America/New York") == "America/New_York"
    assert read_time_zone("UTC") == "UTC"
    assert refused(read_time_zone, "EET") == "time_zone_unknown"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Active", "active"),
        ("Aktiivinen", "active"),
        ("TRUE", "active"),
        ("Full-time", "active"),
        ("Leave", "leave"),
        ("Tjänstledig", "leave"),
        ("On Leave - Parental", "leave"),
        ("Active - On Leave", "leave"),
        ("Perhevapaalla", "leave"),
        ("Terminated", "left"),
        ("Terminated (voluntary)", "left"),
        ("Päättynyt", "left"),
        ("Avslutad", "left"),
        ("Inactive", "left"),
        ("False", "left"),
    ],
)
def test_status_words_of_three_languages_are_known(text: str, status: str) -> None:
    assert read_status(text) == status


@pytest.mark.parametrize("text", ["Astronaut", "Not sure yet"])
def test_an_unknown_status_is_refused(text: str) -> None:
    assert refused(read_status, text) == "status_unknown"


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31",
        "2026/01/31",
        "2026-1-31T00:00:00Z",
        "2026-01-31 08:30",
        "20260131",
        "31.1.2026",
        "31.01.2026 0:00:00",
        "31. 1. 2026",
        "31/1/2026",
        "31-01-2026",
        "31 Jan 2026",
        "31-January-2026",
        "Jan 31, 2026",
    ],
)
def test_dates_are_read_as_systems_write_them(text: str) -> None:
    assert read_date(text, recognize_dates([text]).order) == date(2026, 1, 31)


@pytest.mark.parametrize(
    "text",
    ["yesterday", "31.2.2026", "2026-13-01", "44197", "31.1.26", "31 Foo 2026", "0/0/2026", "13/13/2026"],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    assert refused(read_date, text, recognize_dates([text]).order) == "date_invalid"


def test_days_out_of_living_memory_are_refused_but_the_open_end_of_sap_is_read() -> None:
    assert refused(read_date, "1.1.1899", None) == "date_out_of_range"
    assert refused(read_date, "2101-01-01", None) == "date_out_of_range"
    assert read_date("31.12.9999", None).year == 9999


def test_the_whole_column_decides_whether_the_day_or_the_month_comes_first() -> None:
    day_first = recognize_dates(["03/04/2026", "31/01/2026", "30/01/2026", ""])
    assert (day_first.order, day_first.style) == ("day_first", "dd/mm/yyyy")
    month_first = recognize_dates(["03/04/2026", "01/31/2026", "01/30/2026"])
    assert (month_first.order, month_first.style) == ("month_first", "mm/dd/yyyy")
    assert read_date("03/04/2026", day_first.order) == date(2026, 4, 3)
    assert read_date("03/04/2026", month_first.order) == date(2026, 3, 4)


def test_a_column_that_leaves_it_open_asks_with_both_readings() -> None:
    column = recognize_dates(["05/05/2026", "03/04/2026", "06/07/2026"])
    assert (column.order, column.unclear, column.example) == (None, "ambiguous", "03/04/2026")
    assert column.readings == (date(2026, 4, 3), date(2026, 3, 4))
    assert column.style == "dd/mm/yyyy or mm/dd/yyyy"


def test_a_column_that_mixes_both_orders_names_an_example_of_each() -> None:
    column = recognize_dates(["31/01/2026", "01/31/2026", "03/04/2026"])
    assert (column.unclear, column.day_first_example, column.month_first_example) == (
        "mixed",
        "31/01/2026",
        "01/31/2026",
    )


def test_a_column_where_both_orders_mean_the_same_needs_no_answer() -> None:
    column = recognize_dates(["05/05/2026", "0/1/2026", "1/2/0000"])
    assert (column.order, column.unclear) == (None, None)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_no_text_crashes_a_reader(text: str) -> None:
    readers = (
        read_text,
        read_id,
        read_ids,
        read_mail,
        read_level,
        read_languages,
        read_language,
        read_country,
        read_time_zone,
        read_status,
    )
    for read in readers:
        with suppress(ValueRefused):
            read(text)
    column = recognize_dates([text])
    with suppress(ValueRefused):
        read_date(text, column.order)
