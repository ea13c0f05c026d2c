"""Text files within limits, read as a stream; and every fault of theirs as one line: what, and what is right."""

import codecs
import csv
import io
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

MAX_BYTES = 50 * 1024 * 1024
MAX_LINE = 1_000_000
SHOWN = 20
_CHUNK = 1 << 18
_LONGEST_SHOWN = 60
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


class FilesError(ValueError):
    """The files cannot be used; its text is a line a fault."""


class Faults:
    """Collects faults; the first twenty are kept, the rest counted."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._count = 0

    def __bool__(self) -> bool:
        return self._count > 0

    def add(self, *parts: object) -> None:
        """One fault: places from the outermost inward, then what is wrong."""
        self._count += 1
        if len(self._lines) < SHOWN:
            self._lines.append(": ".join(map(str, parts)))

    def stop(self) -> None:
        """Raises FilesError when there is any fault."""
        if self._count:
            more = self._count - len(self._lines)
            raise FilesError("\n".join(self._lines + ([f"… and {more:,} more"] if more else [])))


class Unreadable(Exception):
    """A file that cannot be read on from here; `line` is None when it concerns the whole file."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.what, self.line = what, line

    def at(self, path: Path) -> str:
        """The place: file and line."""
        return str(path) if self.line is None else f"{path}:{self.line}"


def shown(value: str) -> str:
    """A value fit for a line on a terminal, in quotes."""
    head = value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 1] + "…"
    return '"' + "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in head) + '"'


def lines(path: Path) -> Generator[str, None, None]:
    """The lines of a UTF-8 file, or of a UTF-16 one with its mark; line ends become line feeds. Raises Unreadable."""
    try:
        with path.open("rb") as stream:
            if path.stat().st_size > MAX_BYTES:
                raise _too_large()
            yield from _lines(stream)
    except OSError as error:
        raise Unreadable(_reason(error)) from None


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "this is a directory, not a file"
    return f"cannot be read: {error.strerror or error}"


def _lines(stream: BinaryIO) -> Iterator[str]:
    chunk = stream.read(_CHUNK)
    mark, encoding = next((pair for pair in _MARKS if chunk.startswith(pair[0])), (b"", "utf-8"))
    size, chunk = len(chunk), chunk[len(mark) :]
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    number, rest = 1, ""
    while True:
        try:
            text = rest + decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            good = error.object[: error.start].decode(encoding)
            raise Unreadable(
                f"byte 0x{error.object[error.start]:02x} is not {_NAMES[encoding]}; save the file as UTF-8",
                number + good.replace("\r\n", "\n").replace("\r", "\n").count("\n"),
            ) from None
        if "\0" in text:
            raise Unreadable(
                "a NUL character; the file is damaged or no text", number + text[: text.index("\0")].count("\n")
            )
        *whole, rest = text.split("\n")
        for line in whole:
            yield line + "\n"
        number += len(whole)
        if len(rest) > MAX_LINE:
            raise Unreadable(f"a line of more than {MAX_LINE:,} characters", number)
        if not chunk:
            break
        chunk = stream.read(_CHUNK)
        size += len(chunk)
        if size > MAX_BYTES:
            raise _too_large()
    if rest:
        yield rest


def _too_large() -> Unreadable:
    return Unreadable(f"larger than {MAX_BYTES >> 20} MB, which is the most")


def records(source: Iterable[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file as (line on which it starts, cells without outer blanks); empty rows are left out."""
    reader = csv.reader(source, delimiter=separator, skipinitialspace=True, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            if "limit" in str(error):
                what = f"a cell of more than {csv.field_size_limit():,} characters; is a closing quote missing?"
            else:
                what = 'the quotes do not match; a cell with quotes is written "like ""this"""'
            raise Unreadable(what, line) from None
        if any(cells):
            yield line, cells
