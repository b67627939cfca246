"""Bytes into text, by the encodings of the web.

A byte order mark decides; then UTF-8, where the bytes are that and not only ASCII: it is never so by chance, while a
declared one-byte encoding says yes to everything; then what HTTP declares (RFC 7303), then the XML declaration, each
if the bytes are possible in it; and what is left is guessed. No codec of Python's that is not an encoding of texts is
ever asked (``identity.is_charset``), and never UTF-7.
"""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import dataclass

import charset_normalizer

from transforms import identity
from transforms.exchange import charset_of
from transforms.formats.clean import REPLACED
from transforms.formats.document import NotAFeed

MAX_UNPACKED = 8 << 20  # bytes of a document that is itself compressed

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = re.compile(  # of texts that begin with ASCII: < or { or a blank
    rb"(?P<utf_32_le>[\t-~]\0\0\0[\t-~]\0\0\0)|(?P<utf_32_be>\0\0\0[\t-~]\0\0\0[\t-~])"
    rb"|(?P<utf_16_le>[\t-~]\0[\t-~]\0)|(?P<utf_16_be>\0[\t-~]\0[\t-~])"
)
_DECLARED = re.compile(rb"""\s{0,200}<\?xml\s[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._:-]{1,40})["']""")
_EBCDIC = b"\x4c\x6f\xa7\x94"  # <?xm
# What the web means by a name: encoding.spec.whatwg.org.
_MEANT = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252",
    "ascii": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254", "latin-5": "cp1254", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "x-mac-cyrillic": "mac-cyrillic", "x-mac-roman": "mac-roman",
}  # fmt: skip
_GUESSES = [
    "cp1256",
    "cp1252",
    "cp1254",
    "cp1251",
    "cp1250",
    "cp1253",
    "cp1255",
    "koi8_r",
    "gb18030",
    "big5",
    "cp932",
    "cp949",
]
_SAMPLE = 8_192  # bytes that a guess is made from
# Bytes of Windows' Western quotation marks, dashes and letters, which English texts have one or two of.
_WESTERN = bytes(
    [0x80, 0x85, *range(0x91, 0x98), 0x99, 0xA0, 0xA3, 0xA9, 0xAB, 0xAE, 0xB0, 0xB7, 0xBB, *range(0xC0, 0xFF)]
)
_HIGH = bytes(range(0x80))
_NO_LETTERS = bytes(n for n in range(0x80) if not chr(n).isalpha())
_TURKISH, _NOT_TURKISH = (0xD0, 0xDD, 0xDE, 0xF0, 0xFD, 0xFE), (0xE1, 0xE9, 0xED, 0xF3, 0xFA)  # ğ ı ş, and Icelandic

_SIGNS = (
    (b"%PDF", "a PDF"), (b"PK\x03\x04", "a ZIP archive"), (b"\x89PNG", "an image"), (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"), (b"\x1aE\xdf\xa3", "a video"), (b"ID3", "a sound"), (b"OggS", "a sound or video"),
    (b"RIFF", "an image, sound or video"), (b"\x7fELF", "a program"), (b"MZ", "a program"), (b"BZh", "compressed"),
    (b"\xfd7zXZ", "compressed"), (b"(\xb5/\xfd", "compressed"), (b"\xd0\xcf\x11\xe0", "an Office document"),
)  # fmt: skip


@dataclass(frozen=True)
class Decoded:
    """A document's text. ``guessed``: its encoding is what it looks like, not what was declared."""

    text: str
    charset: str
    guessed: bool = False


def decode(body: bytes, content_type: str = "") -> Decoded:
    """The text of ``body``; bytes that are impossible in it are U+FFFD with a mark behind.

    Raises:
        NotAFeed: the bytes are no text: a PDF, a video, something compressed that is too large.
    """
    body = _unpacked(body)
    _refuse_binary(body)
    for bom, name in _BOMS:
        if body.startswith(bom):
            return Decoded(_lenient(body[len(bom) :], name), name)
    wide = _WIDE.match(body)
    if wide and wide.lastgroup:
        name = wide.lastgroup.replace("_", "-")
        return Decoded(_lenient(body, name), name)
    if body.startswith(_EBCDIC):
        return Decoded(_lenient(body, "cp037"), "cp037")
    return _narrow(body, _declared(body, content_type))


def _declared(body: bytes, content_type: str) -> list[str]:
    found = _DECLARED.match(body)
    names = [charset_of(content_type), found[1].decode("ascii").lower() if found else ""]
    # UTF-16 would have been seen: whoever says it of single bytes has changed the bytes and not the words.
    return [n for n in names if n and identity.is_charset(n) and not re.match("utf-?(16|32)", n)]


def _narrow(body: bytes, declared: list[str]) -> Decoded:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is not None:
        for name in declared[:1]:
            if name.startswith("iso-2022") and b"\x1b" in body:  # ASCII bytes that are not ASCII
                return Decoded(_lenient(body, name), name)
        return Decoded(text, "utf-8")
    for name in declared or ["utf-8"]:
        if re.fullmatch("utf-?8(-sig)?", name):
            repaired = _repaired(body)
            if repaired is not None:
                return Decoded(repaired, "utf-8")
            continue
        for codec in (_MEANT.get(name, name), name):
            try:
                return Decoded(body.decode(codec), codec)
            except (UnicodeDecodeError, LookupError):
                continue
    if (repaired := _repaired(body)) is not None:
        return Decoded(repaired, "utf-8", guessed=True)
    name = _guess(body)
    return Decoded(_lenient(body, name), name, guessed=True)


def _repaired(body: bytes) -> str | None:
    """``body`` as UTF-8 with its bad bytes marked, or None where they are too many, or look like another encoding."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    if bad > good // 10 and not (good == 0 and body.translate(None, _HIGH).strip(_WESTERN)):
        return None
    return text.replace("\ufffd", "\ufffd" + REPLACED)


def _lenient(body: bytes, name: str) -> str:
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return body.decode(name, "replace").replace("\ufffd", "\ufffd" + REPLACED)


def _guess(body: bytes) -> str:
    words = b" ".join(re.findall(rb"[^<>]{0,400}[\x80-\xff][^<>]{0,400}", body[: 64 * _SAMPLE]))[:_SAMPLE]
    high = words.translate(None, _HIGH)
    if len(high) * 3 < len(words.translate(None, _NO_LETTERS)):  # words of the Latin script, with accents
        return "cp1254" if sum(map(high.count, _TURKISH)) > sum(map(high.count, _NOT_TURKISH)) else "cp1252"
    best = charset_normalizer.from_bytes(words or body[:_SAMPLE], cp_isolation=_GUESSES).best()
    return best.encoding if best else "cp1252"


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
