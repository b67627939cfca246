"""Content-Encoding undone piece by piece, and never further than the limit."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib

import brotli
import pytest

from transforms.bodies import BadEncoding, Body, TooLarge

TEXT = b"".join(b"%d shells fell on Maaret, and %d on Saraqib. " % (n, n * n) for n in range(400))
LIMIT = 8 << 20


def bare(data: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


def undone(coding: str, data: bytes, size: int = 65_536, limit: int = LIMIT, cut: bool = False) -> bytes:
    body = Body(coding, limit, cut)
    for start in range(0, len(data), size):
        body.feed(data[start : start + size])
        if body.full:
            break
    return body.end()


@pytest.mark.parametrize("size", [1, 7, 4096, 1 << 20])
@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("", TEXT), ("identity", TEXT), ("utf-8", TEXT), ("gzip", gzip.compress(TEXT)), ("X-GZIP ", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:99]) + gzip.compress(TEXT[99:]) + b"junk"), ("gzip", TEXT), ("deflate", zlib.compress(TEXT)),
        ("deflate", bare(TEXT)), ("br", brotli.compress(TEXT)), ("gzip, br", brotli.compress(gzip.compress(TEXT))),
        ("identity, gzip", gzip.compress(TEXT)),
    ],
)  # fmt: skip
def test_a_body_in_pieces_of_any_size(coding: str, data: bytes, size: int) -> None:
    assert undone(coding, data, size) == TEXT


@pytest.mark.parametrize("coding", ["", "gzip", "deflate", "br", "gzip, br"])
def test_nothing_is_nothing(coding: str) -> None:
    assert undone(coding, b"") == b""


@pytest.mark.parametrize("more", [-1, 0, 1])
@pytest.mark.parametrize(
    ("coding", "made"), [("", bytes), ("gzip", gzip.compress), ("br", brotli.compress), ("deflate", bare)]
)
def test_the_limit_is_of_what_comes_out(coding: str, made: type[bytes], more: int) -> None:
    data = made(TEXT)
    if more > 0:
        with pytest.raises(TooLarge):
            undone(coding, data, limit=len(TEXT) - more)
    else:
        assert undone(coding, data, limit=len(TEXT) - more) == TEXT
    assert undone(coding, data, limit=1000, cut=True) == TEXT[:1000]


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "gzip, gzip", "br, br"])
def test_a_bomb_costs_its_limit(coding: str) -> None:
    make = {"gzip": gzip.compress, "deflate": zlib.compress, "br": lambda d: brotli.compress(d, quality=1)}
    data = bytes(64 << 20)
    for layer in coding.split(", "):
        data = make[layer](data)
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(TooLarge):
        undone(coding, data, limit=2 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 << 20 and time.process_time() - begun < 1.0


@pytest.mark.parametrize(
    ("coding", "data", "said"),
    [
        ("gzip", gzip.compress(TEXT)[:-100], "breaks off"), ("gzip", b"\x1f", "breaks off"), ("gzip", b"\x1f\x8b", "breaks off"),
        ("br", brotli.compress(TEXT)[:-9], "breaks off"), ("deflate", zlib.compress(TEXT)[:-9], "breaks off"),
        ("gzip", b"\x1f\x8bnot at all", "-3"), ("br", b"plain text, nothing else", "brotli"), ("deflate", b"plain text", "-3"),
        ("zstd", b"(", "not asked"), ("gzip, gzip, gzip", b"", "layers"), ("gzip, zstd", b"", "not asked"), ("br", brotli.compress(TEXT) + b"junk", "brotli"),
    ],
)  # fmt: skip
def test_what_is_not_encoded_as_it_says(coding: str, data: bytes, said: str) -> None:
    with pytest.raises(BadEncoding, match=said):
        undone(coding, data)
