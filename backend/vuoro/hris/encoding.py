"""Which encoding a file is in: strict UTF-8, else Windows-1252; what fits neither is refused by its place."""

import codecs
import re
from typing import BinaryIO

from vuoro.hris.problems import FileError

MAX_LINE = 1_048_576

HEAD = 4096
CHUNK = 65_536

_MAGIC = (
    (b"PK\x03\x04", "file_is_excel", "This is an Excel workbook (.xlsx), whatever its name says. "),
    (b"\xd0\xcf\x11\xe0", "file_is_excel", "This is an old Excel workbook (.xls) or one with a password. "),
    (b"%PDF", "file_is_binary", "This is a PDF document. "),
    (b"\x1f\x8b", "file_is_binary", "This is a compressed archive (gzip). "),
    (b"\x89PNG", "file_is_binary", "This is a picture (PNG). "),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|\?xml|table)", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MULTI_BYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# DOS and Macintosh letters read as Windows-1252 give signs or capitals inside a lower-case word.
_OTHER_CODE_PAGE = re.compile(rb"[A-Za-z][\x84\x86\x8a\x8c\x8e\x94][a-z]")


def recognize_encoding(stream: BinaryIO) -> str:
    """Return utf-8, utf-8-sig, utf-16-le, utf-16-be or windows-1252; raise FileError naming line and byte."""
    head = stream.read(HEAD)
    _refuse_other_kinds(head)
    stream.seek(0)
    utf_16 = _utf_16(head)
    if utf_16:
        _scan_utf_16(stream, utf_16)
        return utf_16
    if len(_CONTROL.findall(head)) * 20 > len(head):
        raise FileError("file_is_binary", "This is not a text file. Export the people as CSV and upload that.")
    return _scan_bytes(stream, with_bom=head.startswith(codecs.BOM_UTF8))


def _refuse_other_kinds(head: bytes) -> None:
    for magic, code, what in _MAGIC:
        if head.startswith(magic):
            raise FileError(code, what + "Save it as CSV (UTF-8) and upload that file.")
    if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)):
        raise FileError("file_is_markup", "This is a web page or XML. Save it as CSV (UTF-8) and upload that file.")


def _utf_16(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    # Without a mark: plain text has a zero in (nearly) every second byte, and only there.
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) >= 4 and odd * 5 > len(head) and not even:
        return "utf-16-le"
    if len(head) >= 4 and even * 5 > len(head) and not odd:
        return "utf-16-be"
    return None


def _scan_utf_16(stream: BinaryIO, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line, read, more = 1, 0, True
    while more:
        chunk = stream.read(CHUNK)
        more, read = bool(chunk), read + len(chunk)
        try:
            text = decoder.decode(chunk, final=not more)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].decode(encoding, "ignore").count("\n")
            raise _bad_bytes("encoding_invalid", "UTF-16", line, read - len(error.object) + error.start + 1) from None
        if "\x00" in text:
            raise _nul(line + text[: text.index("\x00")].count("\n"), None)
        line += text.count("\n")


def _scan_bytes(stream: BinaryIO, *, with_bom: bool) -> str:
    first_broken: tuple[int, int] | None = None
    first_utf_8: tuple[int, int] | None = None
    neither: tuple[int, int] | None = None
    broken = whole = start = number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise line_too_long(number)
        if b"\x00" in line:
            raise _nul(number, start + line.index(b"\x00") + 1)
        if not line.isascii():
            error_at = _utf_8_error(line)
            multi_byte = _MULTI_BYTE.search(line)
            if error_at is not None:
                broken += 1
                first_broken = first_broken or (number, start + error_at + 1)
                strange = _neither(line)
                if strange is not None:
                    neither = neither or (number, start + strange + 1)
            if multi_byte is not None:
                whole += 1
                first_utf_8 = first_utf_8 or (number, start + multi_byte.start() + 1)
        start += len(line)
    if first_broken is None:
        return "utf-8-sig" if with_bom else "utf-8"
    if with_bom:
        raise _bad_bytes("encoding_invalid", "UTF-8", *first_broken)
    if first_utf_8 is not None:
        # The rarer of the two is the one to mend.
        place = first_broken if broken <= whole else first_utf_8
        raise FileError(
            "encoding_mixed",
            f"The file mixes UTF-8 and another encoding: see line {place[0]}, byte {place[1]}. Save it anew as UTF-8.",
            line=place[0],
            byte=place[1],
        )
    if neither is not None:
        raise _bad_bytes("encoding_unknown", "UTF-8 or Windows-1252", *neither)
    return "windows-1252"


def _utf_8_error(line: bytes) -> int | None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return None


def _neither(line: bytes) -> int | None:
    try:
        line.decode("windows-1252")
    except UnicodeDecodeError as error:
        return error.start
    other = _OTHER_CODE_PAGE.search(line)
    return other.start() + 1 if other else None


def line_too_long(line: int) -> FileError:
    """Say which line is longer than any row of people can be."""
    return FileError(
        "line_too_long",
        f"Line {line} is longer than {MAX_LINE:,} characters. Is a closing quote or a line break missing?",
        line=line,
        limit=MAX_LINE,
    )


def _bad_bytes(code: str, encoding: str, line: int, byte: int) -> FileError:
    detail = f"The text is not valid {encoding} at line {line}, byte {byte}. Save the file anew as CSV (UTF-8)."
    return FileError(code, detail, line=line, byte=byte)


def _nul(line: int, byte: int | None) -> FileError:
    where = f"Line {line}" if byte is None else f"Line {line}, byte {byte}"
    return FileError("nul_byte", f"{where} holds a NUL character: the file is damaged.", line=line, byte=byte)
