"""A feed's bytes into text: unpacked, in the encodings of the web (``charset``); or what they are instead."""

from __future__ import annotations

import zlib

from transforms import charset
from transforms.charset import Decoded
from transforms.exchange import charset_of
from transforms.formats.clean import REPLACED
from transforms.formats.document import NotAFeed

MAX_UNPACKED = 8 << 20  # bytes of a document that is itself compressed

_EBCDIC = b"\x4c\x6f\xa7\x94"  # <?xm

_SIGNS = (
    (b"%PDF", "a PDF"), (b"PK\x03\x04", "a ZIP archive"), (b"\x89PNG", "an image"), (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"), (b"\x1aE\xdf\xa3", "a video"), (b"ID3", "a sound"), (b"OggS", "a sound or video"),
    (b"RIFF", "an image, sound or video"), (b"\x7fELF", "a program"), (b"MZ", "a program"), (b"BZh", "compressed"),
    (b"\xfd7zXZ", "compressed"), (b"(\xb5/\xfd", "compressed"), (b"\xd0\xcf\x11\xe0", "an Office document"),
)  # fmt: skip


def decode(body: bytes, content_type: str = "") -> Decoded:
    """The text of ``body``; bytes that are impossible in it are U+FFFD with a mark behind.

    Raises:
        NotAFeed: the bytes are no text: a PDF, a video, something compressed that is too large.
    """
    body = _unpacked(body)
    _refuse_binary(body)
    if body.startswith(_EBCDIC):
        found = Decoded(body.decode("cp037"), "cp037", False)
    else:
        found = charset.decode(body, charset_of(content_type))
    return found._replace(text=found.text.replace("\ufffd", "\ufffd" + REPLACED)) if found.replaced else found


def _unpacked(body: bytes) -> bytes:
    """What a gzip file holds (sitemaps are served so), once: a file within a file is no feed."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        inner = unpacker.decompress(body, MAX_UNPACKED + 1)
    except zlib.error:
        raise NotAFeed("compressed, and damaged") from None
    if len(inner) > MAX_UNPACKED:
        raise NotAFeed(f"compressed, and over {MAX_UNPACKED >> 20} MB")
    if inner.startswith(b"\x1f\x8b"):
        raise NotAFeed("compressed more than once")
    return inner


def _refuse_binary(body: bytes) -> None:
    for sign, what in _SIGNS:
        if body.startswith(sign):
            raise NotAFeed(what)
    if body[4:8] == b"ftyp":
        raise NotAFeed("a video")
    if not body.strip(b" \t\r\n\0"):
        raise NotAFeed("the answer is empty")
