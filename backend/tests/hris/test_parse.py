"""A file of people is recognized whatever wrote it, or refused by its place."""

import json
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hris_tables import FINNISH, WORKDAY, csv_table, refusal
from hypothesis import given, settings
from hypothesis import strategies as st

from vuoro.hris import encoding as encodings
from vuoro.hris import parse
from vuoro.hris.parse import Table, read_table
from vuoro.hris.problems import FileError, shown

HEADER = "Employee ID,Name,Work Email\n"


def cells(table: Table) -> list[tuple[str | None, ...]]:
    return [row.cells for row in table.rows()]


def people(rows: int) -> str:
    return HEADER + "".join(f"{n},Person {n},p{n}@x.example\n" for n in range(rows))


def test_workday_file_is_utf_8_with_a_mark_and_commas() -> None:
    table = read_table(WORKDAY)
    assert (table.encoding, table.delimiter, table.header_row, table.row_count) == ("utf-8-sig", ",", 1, 2366)
    assert table.headers[0] == "Employee_ID"
    first = next(table.rows())
    assert (first.number, first.cells[2]) == (2, "Månsson")


def test_finnish_file_is_windows_1252_with_semicolons_although_its_cells_hold_commas() -> None:
    table = read_table(str(FINNISH))
    assert (table.encoding, table.delimiter, table.row_count) == ("windows-1252", ";", 600)
    assert "Sähköposti" in table.headers
    assert next(table.rows()).cells[-1] == "fi:4, en:3"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "windows-1252"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_every_usual_encoding_reads_the_same(encoding: str, found: str) -> None:
    table = csv_table("Employee ID;Name\r\n1;Åsa Öberg\r\n2;Päivi Mäki\r\n", encoding)
    assert table.encoding == found
    assert cells(table) == [("1", "Åsa Öberg"), ("2", "Päivi Mäki")]


def test_utf_16_with_a_big_endian_mark_is_read() -> None:
    table = read_table(b"\xfe\xff" + "Employee ID;Name\n1;Åsa\n".encode("utf-16-be"))
    assert table.encoding == "utf-16-be"
    assert table.headers == ("Employee ID", "Name")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_delimiter_is_recognized(delimiter: str) -> None:
    text = "".join(delimiter.join(row) + "\n" for row in [("Id", "Name", "Site"), ("1", "Åsa", "Oulu")])
    table = csv_table(text)
    assert table.delimiter == delimiter
    assert cells(table) == [("1", "Åsa", "Oulu")]


def test_the_delimiter_that_excel_names_is_taken() -> None:
    table = csv_table("sep=;\nId;Names\n1;a,b\n")
    assert (table.delimiter, table.header_row, table.headers) == (";", 2, ("Id", "Names"))


def test_a_named_delimiter_that_is_none_is_passed_over() -> None:
    assert csv_table("sep=x\nId;Name\n1;Åsa\n").delimiter == ";"


def test_quotes_hold_delimiters_line_breaks_and_quotes() -> None:
    table = csv_table('Id,Name,Title\n1, "Öberg, Åsa","a ""b""\nc"\n2,Bo,d\n')
    assert cells(table) == [("1", "Öberg, Åsa", 'a "b"\nc'), ("2", "Bo", "d")]
    assert [row.number for row in table.rows()] == [2, 3]


def test_old_macintosh_line_ends_are_read() -> None:
    assert cells(csv_table("Id,Name\r1,Åsa\r")) == [("1", "Åsa")]


def test_titles_and_empty_lines_above_the_header_are_skipped() -> None:
    table = csv_table("\nNordlys Oy\nReport;2026-11-01\n;;;;\nId;Given;Family;Site;Title\n1;Åsa;Ek;Oulu;Boss\n\n;;;;\n")
    assert (table.header_row, table.row_count) == (5, 1)
    assert [row.number for row in table.rows()] == [6]


def test_a_table_can_be_read_again_and_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(people(3))
    table = read_table(path)
    assert cells(table) == cells(table)
    assert len(cells(table)) == 3


def test_a_single_column_is_a_table_too() -> None:
    assert cells(csv_table("Work Email\na@x.example\n")) == [("a@x.example",)]


def test_empty_columns_at_the_right_are_dropped_and_one_in_between_gets_a_name() -> None:
    table = csv_table("Id,,Name,,\n1,x,Åsa,,\n")
    assert table.headers == ("Id", "Column 2", "Name")
    assert cells(table) == [("1", "x", "Åsa")]


def test_repeated_headers_get_a_number_and_are_reported() -> None:
    table = csv_table("Id,Email,Email,Email,Email (2)\n1,a,b,c,d\n")
    assert table.headers == ("Id", "Email", "Email (2)", "Email (3)", "Email (2) (2)")
    assert table.repeated_headers == ("Email (2)", "Email (3)", "Email (2) (2)")


def test_columns_left_out_are_not_told() -> None:
    table = csv_table("Id,Salary\n1,5000\n")
    assert [row.cells for row in table.rows(without={"Salary"})] == [("1", None)]


def test_a_short_row_names_the_first_column_it_lacks() -> None:
    problem = next(csv_table("Id,Name,Site\n1,Åsa\n").rows()).problem
    assert problem is not None
    assert (problem.code, problem.row, problem.column) == ("row_too_short", 2, "Site")


def test_a_long_row_names_the_column_beyond_the_header_but_not_its_value() -> None:
    rows = list(csv_table("Id,Name,Site\n1,Ek,Åsa,Oulu\n2,Bo,Oulu,,\n").rows())
    assert rows[0].problem is not None
    assert (rows[0].problem.code, rows[0].problem.column, rows[0].problem.value) == (
        "row_too_long",
        "Column 4",
        None,
    )
    assert rows[1].problem is None


def test_a_cell_too_long_is_an_error_of_its_row() -> None:
    rows = list(csv_table(f"Id,Name\n1,{'x' * (parse.MAX_CELL + 1)}\n2,Bo\n").rows())
    assert rows[0].problem is not None
    assert (rows[0].problem.code, rows[0].problem.column) == ("cell_too_long", "Name")
    assert len(rows[0].cells[1] or "") == parse.MAX_CELL
    assert rows[1].problem is None


def test_a_cell_too_long_outside_the_table_is_not_looked_at() -> None:
    row = next(csv_table(f"Id,Name\n1,Bo,{'x' * (parse.MAX_CELL + 1)}\n").rows())
    assert row.problem is not None
    assert row.problem.code == "row_too_long"


@pytest.mark.parametrize("content", [b"", b"\n\r\n", b"  \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert refusal(content).code == "file_empty"


@pytest.mark.parametrize("content", [b",,,\n,,\n", b"sep=;\n"])
def test_a_file_of_delimiters_has_no_header(content: bytes) -> None:
    assert refusal(content).code == "header_missing"


def test_a_header_without_people_is_refused() -> None:
    error = refusal(HEADER.encode())
    assert (error.code, error.params) == ("no_rows", {"header_row": 1})


@pytest.mark.parametrize("line", ["1,Åsa,a@x.example", "1,2.2.2020,17,Åsa"])
def test_a_file_that_starts_with_a_person_lacks_its_header(line: str) -> None:
    assert refusal(f"{line}\n{line}\n".encode()).code == "header_missing"


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    tracemalloc.start()
    error = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (error.code, error.params["limit"]) == ("file_too_large", parse.MAX_BYTES)
    assert "25 MB" in error.detail
    assert peak < 1_000_000
    assert refusal(b"Id,Name\n1,x\n", max_bytes=5).detail == "The file is larger than 5 bytes."


def test_rows_are_read_as_a_stream() -> None:
    source = people(40_000).encode()
    tracemalloc.start()
    assert sum(1 for _ in read_table(source).rows()) == 40_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_too_many_rows_are_refused_by_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MAX_ROWS", 3)
    assert read_table(people(3).encode()).row_count == 3
    error = refusal(people(4).encode())
    assert (error.code, error.params) == ("too_many_rows", {"limit": 3, "row": 5})
    assert refusal(json.dumps({"people": [{"id": 1}] * 4}).encode()).code == "too_many_rows"


def test_too_many_columns_are_refused() -> None:
    wide = ",".join(f"c{n}" for n in range(parse.MAX_COLUMNS + 1))
    assert refusal(f"{wide}\n{wide}\n".encode()).code == "too_many_columns"
    person = {f"c{n}": 1 for n in range(parse.MAX_COLUMNS + 1)}
    assert refusal(json.dumps({"people": [person, person]}).encode()).code == "too_many_columns"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_too_long_is_refused_by_its_number(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "MAX_LINE", 50)
    error = refusal(f"Id,Name\n1,{'x' * 60}\n".encode(encoding))
    assert (error.code, error.params["line"]) == ("line_too_long", 2)


def test_a_quote_never_closed_is_refused_by_the_line_where_it_opens() -> None:
    text = HEADER + '1,"Åsa,a@x.example\n' + people(10)[len(HEADER) :]
    error = refusal(text.encode())
    assert (error.code, error.params) == ("quotes_do_not_match", {"line": 2})
    error = refusal((HEADER + '1,Bo,\n1,"' + "Åsa Öberg\n" * 20_000).encode())
    assert (error.code, error.params) == ("cell_never_ends", {"line": 3})


def test_a_quote_left_open_in_the_header_is_refused() -> None:
    assert refusal(b'"Id,Name\n1,x\n').code == "quotes_do_not_match"


def test_a_nul_character_is_refused_by_line_and_byte() -> None:
    error = refusal(b"Id,Name\n1,A\x00sa and a longer line so that it is still a text file\n")
    assert (error.code, error.params) == ("nul_byte", {"line": 2, "byte": 12})
    error = refusal("Id,Name\n1,A\x00sa\n".encode("utf-16"))
    assert (error.code, error.params["line"]) == ("nul_byte", 2)


def test_a_broken_byte_among_utf_8_is_refused_by_line_and_byte() -> None:
    mixed = "Id,Name\n1,Åsa\n2,Öberg\n".encode() + "3,Mäki\n".encode("cp1252")
    error = refusal(mixed)
    assert (error.code, error.params) == ("encoding_mixed", {"line": 4, "byte": mixed.index(b"\xe4") + 1})


def test_utf_8_among_windows_1252_is_refused_by_the_rarer_place() -> None:
    mixed = "Id,Name\n1,Åsa\n2,Öberg\n3,Ängö\n".encode("cp1252") + "4,Mäki\n".encode()
    error = refusal(mixed)
    assert (error.code, error.params["line"]) == ("encoding_mixed", 5)


def test_a_file_marked_utf_8_must_be_utf_8() -> None:
    error = refusal(b"\xef\xbb\xbfId,Name\n1,M\xe4ki\n2,M\xe4ki\n")
    assert (error.code, error.params) == ("encoding_invalid", {"line": 2, "byte": 15})


def test_broken_utf_16_is_refused_by_line_and_byte() -> None:
    good = "Id,Name\n1,Åsa\n".encode("utf-16")
    error = refusal(good + b"\x00\xdc\x20\x00")
    assert (error.code, error.params) == ("encoding_invalid", {"line": 3, "byte": len(good) + 1})
    assert refusal(good + b"x").code == "encoding_invalid"


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
def test_letters_of_another_code_page_are_refused_not_garbled(encoding: str) -> None:
    error = refusal("Id,Name\n1,Anna Mäki\n2,Bo Mäkinen\n".encode(encoding))
    assert (error.code, error.params["line"]) == ("encoding_unknown", 2)


def test_a_byte_that_windows_1252_does_not_have_is_refused() -> None:
    error = refusal(b"Id,Name\n1,Anna M\x81ki\n2,M\x81ki\n")
    assert (error.code, error.params) == ("encoding_unknown", {"line": 2, "byte": 17})


def test_a_workbook_with_the_name_of_a_csv_file_is_told_to_be_one() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    error = refusal(packed.getvalue())
    assert error.code == "file_is_excel"
    assert "CSV" in error.detail


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_is_excel"),
        (b"%PDF-1.7", "file_is_binary"),
        (b"\x1f\x8b\x08", "file_is_binary"),
        (b"\x89PNG\r\n", "file_is_binary"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00\x00", "file_is_binary"),
        (b"\n <HTML><table>", "file_is_markup"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "file_is_markup"),
    ],
)
def test_other_kinds_of_files_are_named(content: bytes, code: str) -> None:
    assert refusal(content).code == code


def test_json_people_are_a_table_of_the_same_shape() -> None:
    document = {
        "people": [
            {
                "external_id": 1,
                "display_name": " Åsa Öberg ",
                "languages": [{"code": "fi", "level": 4}, "en:3"],
                "work_email": None,
                "active": True,
            },
            {"external_id": "2", "dotted_managers": [1, "x"], "active": False, "languages": []},
        ]
    }
    table = read_table(json.dumps(document).encode())
    assert (table.delimiter, table.header_row, table.row_count) == (None, 0, 2)
    assert table.headers == (
        "external_id",
        "display_name",
        "languages",
        "work_email",
        "active",
        "dotted_managers",
    )
    assert cells(table) == [
        ("1", "Åsa Öberg", "fi:4;en:3", "", "true", None),
        ("2", None, "", None, "false", "1;x"),
    ]


@pytest.mark.parametrize("value", [1.5, {"a": 1}, [[1]], [1.5], {"code": "fi", "level": 4, "x": 1}])
def test_json_values_without_a_text_form_are_errors_of_their_row(value: object) -> None:
    document = {"people": [{"id": 1, "title": value, "note": value}]}
    problem = next(read_table(json.dumps(document).encode()).rows()).problem
    assert problem is not None
    assert (problem.code, problem.row, problem.column) == ("value_not_text", 1, "title")


def test_json_rows_that_are_no_objects_or_too_long_are_errors_of_their_row() -> None:
    document = {"people": [{"id": "x" * (parse.MAX_CELL + 1)}, 7]}
    found = [row.problem.code for row in read_table(json.dumps(document).encode()).rows() if row.problem]
    assert found == ["cell_too_long", "person_not_object"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"people": [}', "json_invalid"),
        (b"[" * 100_000, "json_invalid"),
        (b'{"people": [' + b"9" * 5000 + b"]}", "json_invalid"),
        (b'[{"id": 1}]', "json_without_people"),
        (b'{"persons": []}', "json_without_people"),
        (b'{"people": {}}', "json_without_people"),
        (b'{"people": []}', "no_rows"),
        (b'{"people": [1]}', "header_missing"),
    ],
)
def test_json_of_another_shape_is_refused(content: bytes, code: str) -> None:
    assert refusal(content).code == code


def test_headers_of_json_are_fit_to_be_stored() -> None:
    table = read_table(b'{"people": [{"a\\u0000b": 1, "\\ud800": 2, "": 3}]}')
    assert table.headers == ("a\ufffdb", "\ufffd", "Column 3")


def test_shown_values_are_short_and_printable() -> None:
    assert shown("a\x00b") == "a\ufffdb"
    assert shown("x" * 81) == "x" * 79 + "…"
    assert shown("x" * 80) == "x" * 80


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    try:
        table = read_table(content)
    except FileError:
        return
    assert all(len(row.cells) == len(table.headers) for row in table.rows())


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet='abÄö1@.,;|\t"\n\r {}[]:\x00\ufeff', max_size=120),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_no_text_crashes_the_reader(text: str, encoding: str) -> None:
    try:
        table = read_table(text.encode(encoding, "ignore"))
    except FileError:
        return
    assert table.row_count == sum(1 for _ in table.rows()) > 0
