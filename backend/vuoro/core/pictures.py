"""PNG pictures that strangers send: read whole, written anew with nothing but the picture. W3C, PNG, 3rd edition."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What draws the picture; all else (texts, colour profiles, whatever stands behind the end) stays out.
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
# colour type → samples a pixel
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


class NoPicture(ValueError):
    """Not a PNG picture, or one that is broken or too large; the message says which."""


def clean_png(content: bytes, *, most_pixels_a_side: int) -> bytes:
    """The same picture without anything else in the file.

    Raises:
        NoPicture: it is none, it is broken, or a side is longer than allowed.
    """
    if not content.startswith(SIGNATURE):
        raise NoPicture("this is no PNG file")
    parts, at, data, most = [SIGNATURE], len(SIGNATURE), b"", 0
    while True:
        head = content[at : at + 8]
        if len(head) < 8:
            raise NoPicture("the file ends too early")
        length, kind = struct.unpack(">I4s", head)
        whole = content[at : at + 12 + length]
        if len(whole) < 12 + length or zlib.crc32(whole[4:-4]) != struct.unpack(">I", whole[-4:])[0]:
            raise NoPicture("the file is broken")
        if (kind == b"IHDR") != (at == len(SIGNATURE)):
            raise NoPicture("the file is broken")
        if kind == b"IHDR":
            most = _size(whole[8:-4], most_pixels_a_side)
        if kind == b"IDAT":
            data += whole[8:-4]
        if kind in KEPT:
            parts.append(whole)
        at += 12 + length
        if kind == b"IEND":
            break
    _check_data(data, most)
    return b"".join(parts)


def _size(header: bytes, most_pixels_a_side: int) -> int:
    """How many bytes the picture has when it is unpacked, at most."""
    if len(header) != 13:
        raise NoPicture("the file is broken")
    width, height, depth, colour, packing, filters, passes = struct.unpack(">IIBBBBB", header)
    if not (0 < width <= most_pixels_a_side and 0 < height <= most_pixels_a_side):
        raise NoPicture(f"a side has more than {most_pixels_a_side} pixels")
    if colour not in SAMPLES or depth not in (1, 2, 4, 8, 16) or packing or filters or passes > 1:
        raise NoPicture("the file is broken")
    # one byte a line says how it is filtered; interlaced pictures have up to seven passes of lines
    return int(height * (width * SAMPLES[colour] * depth // 8 + 2) * (1 + passes) + 64)


def _check_data(data: bytes, most: int) -> None:
    unpacking = zlib.decompressobj()
    try:
        unpacked = unpacking.decompress(data, most + 1)
    except zlib.error:
        raise NoPicture("the file is broken") from None
    if len(unpacked) > most or not unpacking.eof:
        raise NoPicture("the file is broken")
