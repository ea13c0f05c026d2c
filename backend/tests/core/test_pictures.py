"""Pictures that strangers send: nothing but the picture stays, and no file unpacks into more than it says."""

import contextlib
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vuoro.core.pictures import SIGNATURE, NoPicture, clean_png


def chunk(kind, data=b""):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(width=2, height=2, *between, depth=8, colour=2, passes=0, raw=None, behind=b""):
    raw = b"".join(b"\0" + b"\x10\x80\x40" * width for _ in range(height)) if raw is None else raw
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, passes)
    parts = [chunk(b"IHDR", header), *between, chunk(b"IDAT", zlib.compress(raw)), chunk(b"IEND")]
    return SIGNATURE + b"".join(parts) + behind


def clean(content):
    return clean_png(content, most_pixels_a_side=1024)


def test_a_plain_picture_stays_as_it_is():
    assert clean(png()) == png()
    assert clean(png(1024, 1024)) == png(1024, 1024)


def test_words_places_profiles_and_what_stands_behind_the_end_go():
    marks = [chunk(kind, b"secret") for kind in (b"tEXt", b"eXIf", b"iCCP", b"zTXt", b"acTL", b"vuOr")]
    assert clean(png(2, 2, *marks, behind=b"<script>secret</script>")) == png()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no PNG"),
        (b"\xff\xd8\xff\xe0JFIF", "no PNG"),
        (SIGNATURE, "too early"),
        (png()[:-4], "too early|broken"),
        (png().replace(b"IDAT", b"IDAU"), "broken"),
        (SIGNATURE + chunk(b"IDAT") + png()[8:], "broken"),
        (png(2, 2, chunk(b"IHDR", bytes(13))), "broken"),
        (png(1025, 1, raw=b""), "1024 pixels"),
        (png(1, 0, raw=b""), "1024 pixels"),
        (png(depth=3), "broken"),
        (png(colour=5), "broken"),
        (png(passes=2), "broken"),
        (png(raw=bytes(50_000_000)), "broken"),
    ],
)
def test_what_is_no_sound_picture_is_refused_with_a_reason(content, why):
    with pytest.raises(NoPicture, match=why):
        clean(content)


@given(st.binary(max_size=200), st.integers(0, 70))
def test_no_bytes_break_it(noise, at):
    whole = png()
    for content in (noise, SIGNATURE + noise, whole[:at] + noise + whole[at:], whole[:at] + noise):
        with contextlib.suppress(NoPicture):
            assert clean(content).startswith(SIGNATURE)
