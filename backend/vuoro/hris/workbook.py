"""The first visible sheet of an Excel workbook (.xlsx) as lines of CSV, read as a stream within limits.

Cells come as people see them, as far as an import needs it: days as 2026-01-31, whole numbers without a point. Source:
ECMA-376 part 1 (SpreadsheetML).
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from xml.parsers import expat

from vuoro.hris.problems import FileError

MAGIC = b"PK\x03\x04"
#: What all parts may come to unpacked; a sheet of 100,000 people has some 150 MB of markup.
MAX_UNPACKED = 400_000_000
MAX_STRINGS = 2_000_000
MAX_ROW, MAX_PLACE = 1_048_576, 16_384
CHUNK = 262_144

_CELL = re.compile(r"([A-Z]{1,3})\d+")
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NO_DATE_LETTERS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE_LETTERS = re.compile(r"[ymdh]", re.IGNORECASE)
_TIME_LETTERS = re.compile(r"[hs]", re.IGNORECASE)


def is_workbook(source: bytes) -> bool:
    """Whether these are the first bytes of a zip archive, as .xlsx files are."""
    return source.startswith(MAGIC)


def csv_of(source: bytes) -> bytes:
    """The people of a workbook as CSV in UTF-8, row by row as in the sheet.

    Raises:
        FileError: it is no workbook, damaged, or unpacks to more than a workbook of people does.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            return _Book(archive).csv()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise _damaged() from None
    except (expat.ExpatError, KeyError, ValueError, IndexError, OverflowError):
        raise _damaged() from None


def _damaged() -> FileError:
    detail = "This Excel workbook cannot be read. Save it anew as .xlsx, or as CSV (UTF-8)."
    return FileError("workbook_damaged", detail)


class _Book:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive, self._left = archive, MAX_UNPACKED
        self._names = {name.lstrip("/").lower(): name for name in archive.namelist()}
        self._strings: list[str] = []
        self._dated: list[str | None] = []
        self._from = date(1899, 12, 30)

    def csv(self) -> bytes:
        sheet = self._find_sheet()
        if self._has("xl/sharedstrings.xml"):
            self._read_strings()
        if self._has("xl/styles.xml"):
            self._read_styles()
        out = io.StringIO()
        write = csv.writer(out, lineterminator="\n").writerow
        at, width = 1, 0
        for number, cells in self._rows(sheet):
            if number < at:
                continue
            # An empty row stays one, so that a fault's row is the one that Excel shows.
            out.write("\n" * (number - at))
            at = number + 1
            if any(cells):
                width = max(width, len(cells))
                write([*cells, *[""] * (width - len(cells))])  # a sheet leaves empty cells at the end of a row out
            else:
                out.write("\n")
        return out.getvalue().encode()

    def _has(self, name: str) -> bool:
        return name in self._names

    def _find_sheet(self) -> str:
        """The part that holds the first sheet that is not hidden."""
        sheets: list[tuple[str, bool]] = []
        targets: dict[str, str] = {}

        def book(tag: str, told: dict[str, str]) -> None:
            if tag == "sheet":
                rel = next((value for name, value in told.items() if name.endswith(":id")), "")
                sheets.append((rel, told.get("state", "visible") == "visible"))
            elif tag == "workbookPr" and told.get("date1904") in ("1", "true"):
                self._from = date(1904, 1, 1)

        def relation(tag: str, told: dict[str, str]) -> None:
            if tag == "Relationship":
                targets[told["Id"]] = told["Target"]

        if not self._has("xl/workbook.xml"):
            detail = "This is a zip archive without an Excel workbook in it. Upload the workbook or a CSV file itself."
            raise FileError("file_is_binary", detail)
        self._parse("xl/workbook.xml", start=book)
        self._parse("xl/_rels/workbook.xml.rels", start=relation)
        rel = next((rel for rel, visible in sheets if visible), None)
        if rel is None:
            raise FileError("file_empty", "The workbook has no sheet that is not hidden.")
        target = targets[rel]
        return (target.lstrip("/") if target.startswith("/") else f"xl/{target}").lower()

    def _read_strings(self) -> None:
        parts: list[str] = []
        hidden = 0  # inside a phonetic hint, which is no part of the text

        def start(tag: str, _: dict[str, str]) -> None:
            nonlocal hidden
            if tag == "si":
                parts.clear()
            hidden += tag == "rPh"

        def end(tag: str, text: str) -> None:
            nonlocal hidden
            hidden -= tag == "rPh"
            if tag == "t" and not hidden:
                parts.append(text)
            elif tag == "si":
                self._strings.append("".join(parts))
                if len(self._strings) > MAX_STRINGS:
                    raise _too_large()

        self._parse("xl/sharedstrings.xml", start=start, end=end)

    def _read_styles(self) -> None:
        """For each style whether it shows a number as a day ("d") or as a moment ("t")."""
        own: dict[int, str] = {}
        inside = False

        def start(tag: str, told: dict[str, str]) -> None:
            nonlocal inside
            if tag == "numFmt":
                own[int(told["numFmtId"])] = told.get("formatCode", "")
            elif tag == "cellXfs":
                inside = True
            elif tag == "xf" and inside:
                self._dated.append(_kind_of(int(told.get("numFmtId", "0")), own))

        def end(tag: str, _: str) -> None:
            nonlocal inside
            inside = inside and tag != "cellXfs"

        self._parse("xl/styles.xml", start=start, end=end)

    def _rows(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        cells: list[str] = []
        rows: list[tuple[int, list[str]]] = []
        number, at, kind, style, shown, hidden = 0, 0, "n", 0, "", 0

        def start(tag: str, told: dict[str, str]) -> None:
            nonlocal number, at, kind, style, shown, hidden
            if tag == "c":
                place = told.get("r")
                found = _CELL.fullmatch(place) if place else None
                at = _column(found[1]) if found else at + 1
                kind, style, shown = told.get("t", "n"), int(told.get("s", "0")), ""
            elif tag == "row":
                cells.clear()
                at = -1
                number = int(told["r"]) if "r" in told else number + 1
                if number > MAX_ROW:
                    raise ValueError
            hidden += tag == "rPh"

        def end(tag: str, text: str) -> None:
            nonlocal shown, hidden
            if tag == "v":
                shown = text
            elif tag == "t" and not hidden:
                shown += text
            elif tag == "c" and shown:
                cells.extend([""] * (at - len(cells)))
                cells.append(self._value(kind, style, shown))
            elif tag == "row":
                rows.append((number, cells.copy()))
            hidden -= tag == "rPh"

        for _ in self._feed(sheet, start, end):
            yield from rows
            rows.clear()
        yield from rows

    def _value(self, kind: str, style: int, shown: str) -> str:
        if kind == "s":
            return self._strings[int(shown)]
        if kind == "b":
            return "true" if shown == "1" else "false"
        if kind == "e":
            return ""
        if kind != "n":
            return shown
        dated = self._dated[style] if style < len(self._dated) else None
        if dated:
            return self._day(float(shown), with_time=dated == "t")
        number = float(shown)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else shown

    def _day(self, serial: float, *, with_time: bool) -> str:
        # Excel believes that 1900 was a leap year; from March on its days count from the 30th of December.
        moment = datetime.combine(self._from, datetime.min.time()) + timedelta(days=serial)
        if not with_time or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
            return moment.date().isoformat()
        return moment.isoformat(sep=" ", timespec="seconds")

    def _parse(
        self, part: str, *, start: Callable[[str, dict[str, str]], None], end: Callable[[str, str], None] | None = None
    ) -> None:
        for _ in self._feed(part, start, end or (lambda _tag, _text: None)):
            pass

    def _feed(
        self, part: str, start: Callable[[str, dict[str, str]], None], end: Callable[[str, str], None]
    ) -> Iterator[None]:
        """Read one part piece by piece; `end` gets the text since the last start of an element."""
        texts: list[str] = []

        def started(tag: str, told: dict[str, str]) -> None:
            texts.clear()
            start(tag.rpartition(":")[2], told)

        def ended(tag: str) -> None:
            end(tag.rpartition(":")[2], "".join(texts))
            texts.clear()

        parser: Any = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = started, ended
        parser.CharacterDataHandler = texts.append
        parser.StartDoctypeDeclHandler = _no_doctype
        with self._archive.open(self._names[part]) as stream:
            while piece := stream.read(CHUNK):
                self._left -= len(piece)
                if self._left < 0:
                    raise _too_large()
                parser.Parse(piece, False)
                yield
            parser.Parse(b"", True)


def _no_doctype(*_: object) -> None:
    """No workbook has one, and with it a few bytes could grow into gigabytes."""
    raise ValueError


def _too_large() -> FileError:
    limit = MAX_UNPACKED // 1_000_000
    detail = f"Unpacked, this workbook is larger than {limit} MB. Keep the people alone in it, or save it as CSV."
    return FileError("file_too_large", detail, limit=MAX_UNPACKED)


def _column(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    if found > MAX_PLACE:
        raise ValueError
    return found - 1


def _kind_of(number: int, own: dict[int, str]) -> str | None:
    if number in own:
        bare = _NO_DATE_LETTERS.sub("", own[number])
        return None if not _DATE_LETTERS.search(bare) else "t" if _TIME_LETTERS.search(bare) else "d"
    return None if number not in _DATE_FORMATS else "t" if number in (18, 19, 20, 21, 22, 45, 46, 47) else "d"
