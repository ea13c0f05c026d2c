"""Spreadsheets find no formula and calendars no line that somebody wrote into a text."""

import ast
import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

import vuoro
from vuoro.core.calendars import Entry, feed, inert, invitation
from vuoro.core.exports import cell, csv_text
from vuoro.tables import metadata

FORMULAS = [
    "=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", '=HYPERLINK("https://evil.example")',
    "=cmd|' /C calc'!A0", "＝1", "\u200b=1", "\x00=1", "\ufeff=1", "\x1b=1",
]  # fmt: skip
STARTS = set("=+-@\t\r\n＝＋－＠")
# pairs.csv of `vuoro match`: ids of the caller's own file, told as they came, because the proof is about those.
# A workbook becomes a sheet in memory, to be read as an upload is.
WRITES = {"core/exports.py", "core/calendars.py", "hris/workbook.py", "matching/files/results.py"}
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
        assert_inert(entry(value), column)


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


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
@example("a\r\nATTACH:https://evil.example")
@example("a\rATTACH:https://evil.example")
@example("ä" * 200)
@example("x\u2028DTSTART:1\x85DTEND:2\x0bURL:3")
@example('"; X-EVIL="1')
@example("one,two;three\\four\\n")
def test_a_calendars_text_stays_within_its_property(text):
    assert_inert(entry(text), text)


def entry(text):
    moment = datetime(2026, 12, 1, 9, tzinfo=UTC)
    return Entry(
        uid="1@vuoro", summary=text, about=(text, "The end"), starts_at=moment, ends_at=moment + timedelta(hours=1),
        changed_at=moment, place=text, page=f"https://meet.example/{text}",
    )  # fmt: skip


NAMES = {"VERSION", "PRODID", "METHOD", "BEGIN", "END", "TZID", "COMMENT", "DTSTART", "TZNAME", "TZOFFSETFROM",
         "TZOFFSETTO", "SUMMARY", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "ATTENDEE", "CLASS", "DESCRIPTION",
         "LOCATION", "ORGANIZER", "STATUS", "URL", "X-MICROSOFT-DISALLOW-COUNTER", "X-WR-CALNAME", "REFRESH-INTERVAL",
         "X-PUBLISHED-TTL"}  # fmt: skip


def assert_inert(one, note):
    """As a calendar reads it: our own properties alone, each text whole in its place, none of them a formula."""
    asked = invitation(
        "REQUEST", one, organizer=(one.summary, "vuoro@x.example"),
        attendee=f"{one.summary}@x.example", zone=ZoneInfo("Europe/Helsinki"),
    )  # fmt: skip
    for written in (asked, feed(one.summary, [one], every=timedelta(hours=1))):
        assert written.endswith(b"\r\n")
        physical = written.removesuffix(b"\r\n").split(b"\r\n")
        assert all(len(line) <= 75 and not {0x0A, 0x0D} & set(line) for line in physical), note
        lines = written.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
        assert {re.split("[:;]", line, maxsplit=1)[0] for line in lines} <= NAMES, note
        assert not {"\x0b", "\x0c", "\x85", "\u2028", "\u2029"} & set(written.decode()), note
        (event,) = Calendar.from_ical(written).events
        about, end = str(event["DESCRIPTION"]).split("\n")
        wanted = inert(one.summary)
        assert (event["SUMMARY"], about, end) == (wanted, wanted, "The end"), note
        assert event.get("LOCATION", "") == wanted, note
        assert not any(is_formula(text) for text in (event["SUMMARY"], about, wanted)), note


def writers(source: str) -> bool:
    """Whether a module writes sheets or calendars by itself."""
    calls = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    texts = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    begins = any(isinstance(text, str) and "BEGIN:V" in text for text in texts)
    return bool(calls & {"writer", "DictWriter", "to_csv", "writerow", "to_ical"}) or begins


def test_nobody_else_writes_sheets_or_calendars():
    folder = Path(vuoro.__file__).parent
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.py") if writers(path.read_text("utf-8"))}
    assert found <= WRITES
    assert "matching/files/results.py" in found


@pytest.mark.parametrize(
    "source", ["import csv\ncsv.writer(x)", "x = 'BEGIN:VCALENDAR'", "frame.to_csv()", "calendar.to_ical()"]
)
def test_another_way_out_is_noticed(source):
    assert writers(source)
