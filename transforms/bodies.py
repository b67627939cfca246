"""Bodies undone from their Content-Encoding as they come, and never further than the limit.

aiohttp's own decompression has no limit over all of a body, and none over layers; here every layer stops at the
limit, so that what a bomb costs is the limit itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli

ACCEPTED = "gzip, deflate, br"
MAX_LAYERS = 2
MAX_MEMBERS = 1000  # gzip streams one after the other in a body, and their like
PIECE = 65_536
_PLAIN = frozenset({"", "identity", "none", "utf-8"})  # not codings all of them, but servers say so of plain bodies
_GZIP = frozenset({"gzip", "x-gzip"})


class TooLarge(Exception):
    """A body, or one of its layers, is larger than the limit."""


class BadEncoding(Exception):
    """A body is not encoded as its server says, or in a way that was not asked for."""


class _Coding(Protocol):
    def pieces(self, data: bytes) -> Iterator[bytes]: ...

    @property
    def finished(self) -> bool: ...


class _Zlib:
    """gzip, and deflate in both of the forms that servers send: with zlib's header, as the standard has it, or bare.

    What says gzip and is not (a proxy took the coding off and left the header) is taken as it is.
    """

    def __init__(self, gzip: bool) -> None:
        self._gzip = gzip
        self._head = b""
        self._stream: zlib._Decompress | None = None
        self._plain = False
        self._members = 0
        self._over = False

    @property
    def finished(self) -> bool:
        return self._plain or (not self._head if self._stream is None else self._over)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._plain:
            yield data
            return
        if self._stream is None:
            self._head += data
            if len(self._head) < 2:
                return
            data, self._head = self._head, b""
            self._stream = self._begun(data)
            if self._stream is None:
                self._plain = True
                yield data
                return
        while data and not (self._over and not self._next(data)):
            stream = self._stream
            assert stream is not None
            piece = stream.decompress(data, PIECE)
            if piece:
                yield piece
            data = stream.unconsumed_tail
            if stream.eof:
                self._over, data = True, stream.unused_data
            elif not data and len(piece) == PIECE:  # what it holds back comes out without more input
                while piece := stream.decompress(b"", PIECE):
                    yield piece

    def _begun(self, data: bytes) -> zlib._Decompress | None:
        if not self._gzip:
            zlib_header = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            return zlib.decompressobj(zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)
        return zlib.decompressobj(16 + zlib.MAX_WBITS) if data[:2] == b"\x1f\x8b" else None

    def _next(self, data: bytes) -> bool:
        """Begin the next gzip stream; what follows the last and is none is left away, as browsers do it."""
        if not self._gzip or data[:2] != b"\x1f\x8b"[: len(data)]:
            return False
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise TooLarge
        self._stream, self._over = zlib.decompressobj(16 + zlib.MAX_WBITS), False
        return True


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._empty = True

    @property
    def finished(self) -> bool:
        return self._empty or self._stream.is_finished()

    def pieces(self, data: bytes) -> Iterator[bytes]:
        self._empty = False
        while not self._stream.is_finished():
            piece = self._stream.process(data, output_buffer_limit=PIECE)
            data = b""
            if not piece:
                return
            yield piece


class Body:
    """A body that comes in pieces. ``cut``: what is over ``limit`` (bytes) is left away, and no error."""

    def __init__(self, content_encoding: str, limit: int, cut: bool = False) -> None:
        codings = [c for c in (c.strip().lower() for c in content_encoding.split(",")) if c not in _PLAIN]
        if len(codings) > MAX_LAYERS:
            raise BadEncoding(f"{len(codings)} layers of encoding")
        self._layers = [_coding(c) for c in reversed(codings)]
        self._sizes = [0] * (len(codings) + 1)
        self._limit = limit
        self._cut = cut
        self._kept = bytearray()
        self.full = False  # nothing more is taken

    @property
    def size(self) -> int:
        """Bytes that are kept, and of the layers above them that were undone."""
        return sum(self._sizes)

    def drop(self) -> None:
        """Keep nothing of it."""
        self._kept, self.full = bytearray(), True

    def feed(self, data: bytes) -> None:
        """Take a piece; raises ``TooLarge`` or ``BadEncoding``."""
        try:
            self._feed(data, 0)
        except (zlib.error, brotli.error) as error:
            raise BadEncoding(str(error)) from None

    def _feed(self, data: bytes, layer: int) -> None:
        self._sizes[layer] += len(data)
        # A layer that is not the body itself has a little more room: small things grow when they are encoded.
        over = self._sizes[layer] - self._limit - (PIECE if layer < len(self._layers) else 0)
        if over > 0:
            if not self._cut:
                raise TooLarge
            self.full = True
            data = data[: max(0, len(data) - over)]
        if layer == len(self._layers):
            self._kept += data
            return
        for piece in self._layers[layer].pieces(data):
            self._feed(piece, layer + 1)
            if self.full:
                return

    def end(self) -> bytes:
        """The body, when all has come; raises ``BadEncoding`` where it breaks off."""
        if not self.full and not all(layer.finished for layer in self._layers):
            raise BadEncoding("the encoded body breaks off")
        return bytes(self._kept)


def _coding(name: str) -> _Coding:
    if name in _GZIP or name == "deflate":
        return _Zlib(name in _GZIP)
    if name == "br":
        return _Brotli()
    raise BadEncoding(f"encoding {name[:40]!r} was not asked for")
