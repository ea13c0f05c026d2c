"""Spreadsheets find no formula and calendars no line that somebody wrote into a text."""

import ast
import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import vuoro
from vuoro.core.exports import calendar_line, calendar_text, cell, csv_text
from vuoro.tables import metadata

FORMULAS = [
    "=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", '=HYPERLINK("https://evil.example")',
    "=cmd|' /C calc'!A0", "＝1", "\u200b=1", "\x00=1", "\ufeff=1", "\x1b=1",
]  # fmt: skip
STARTS = set("=+-@\t\r\n＝＋－＠")
# pairs.csv of `vuoro match`: ids of the caller's own file, told as they came, because the proof is about those.
# A workbook becomes a sheet in memory, to be read as an upload is.
WRITES_CSV = {"core/exports.py", "hris/workbook.py", "matching/files/results.py"}
TEXT_COLUMNS = sorted(
    f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns
    if str(column.type) in ("TEXT", "VARCHAR(200)", "JSONB", "TEXT[]", "BYTEA", "BLOB")
)  # fmt: skip


def is_formula(text: str) -> bool:
    return text.lstrip(" \u00a0\u3000")[:1] in STARTS if text.strip() else text[:1] in STARTS


@pytest.mark.parametrize("value", FORMULAS)
def test_a_formula_becomes_text(value):
    assert not is_formula(cell(value))


def test_every_text_column_is_inert_in_a_sheet_and_in_a_calendar():
    """Whatever a column holds, its value goes through these two."""
    assert len(TEXT_COLUMNS) > 100
    values = {column: FORMULAS[number % len(FORMULAS)] + f" of {column}\r\nEND:VEVENT"
              for number, column in enumerate(TEXT_COLUMNS)}  # fmt: skip
    (header, row) = csv.reader(io.StringIO(csv_text(list(values), [list(values.values())]), newline=""))
    assert header == TEXT_COLUMNS
    assert [column for column, value in zip(header, row, strict=True) if is_formula(value)] == []
    for column, value in values.items():
        line = calendar_line("SUMMARY", value)
        assert [part[:1] for part in line.split("\r\n")[1:-1]] == [" "] * (line.count("\r\n") - 1), column
        assert "\nEND:VEVENT" not in line.replace("\r\n ", ""), column


@given(st.lists(st.lists(st.one_of(st.text(), st.integers(), st.none()), min_size=3, max_size=3), max_size=5))
@example([["=1", "a\r\n=1", ' "=1"']])
def test_no_text_is_a_formula_after_a_round_trip(rows):
    read = list(csv.reader(io.StringIO(csv_text(("a", "b", "c"), rows), newline="")))[1:]
    assert len(read) == len(rows)
    for sent, got in zip(rows, read, strict=True):
        for value, text in zip(sent, got, strict=True):
            if isinstance(value, int):
                assert text == str(value)
            else:
                assert not is_formula(text)


@given(st.text(st.characters(exclude_categories=("Cs",))))
@example("a\r\nATTACH:https://evil.example")
@example("ä" * 200)
@example("x\u2028DTSTART:1")
def test_a_calendars_text_stays_within_its_property(text):
    line = calendar_line("DESCRIPTION", text)
    assert line.endswith("\r\n")
    parts = line.removesuffix("\r\n").split("\r\n")
    assert all(part.startswith(" ") for part in parts[1:])
    assert all(len(part.encode()) <= 75 for part in parts)
    whole = parts[0] + "".join(part[1:] for part in parts[1:])
    assert whole == "DESCRIPTION:" + calendar_text(text)
    assert not {"\r", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"} & set(whole)


@pytest.mark.parametrize(
    ("value", "written"), [("a,b;c\\d", r"a\,b\;c\\d"), ("one\r\ntwo\rthree\nfour", r"one\ntwo\nthree\nfour")]
)
def test_what_separates_is_escaped(value, written):
    assert calendar_text(value) == written


@pytest.mark.parametrize(("name", "value"), [("DTSTART\r\nX", "1"), ("URL", "https://x\r\nATTACH:y")])
def test_what_is_no_text_takes_one_line(name, value):
    with pytest.raises(ValueError, match="one line"):
        calendar_line(name, value, is_text=False)


def writers(source: str) -> bool:
    """Whether a module writes sheets or calendars by itself."""
    calls = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    texts = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    begins = any(isinstance(text, str) and "BEGIN:V" in text for text in texts)
    return bool(calls & {"writer", "DictWriter", "to_csv", "writerow"}) or begins


def test_nobody_else_writes_sheets_or_calendars():
    folder = Path(vuoro.__file__).parent
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.py") if writers(path.read_text("utf-8"))}
    assert found <= WRITES_CSV
    assert "matching/files/results.py" in found


@pytest.mark.parametrize("source", ["import csv\ncsv.writer(x)", "x = 'BEGIN:VCALENDAR'", "frame.to_csv()"])
def test_another_way_out_is_noticed(source):
    assert writers(source)
