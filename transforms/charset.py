"""A page's or feed's bytes into text: which charset they are in, and what is done about declarations that are wrong.

The order is that of the HTML standard (13.2.3) and of RFC 7303 for XML: byte order mark, HTTP, the document's own
words (XML declaration, ``meta``), then detection. Beyond it: bytes that are UTF-8 all through are UTF-8 whatever is
said; and what is said is not believed where it makes no language of the bytes. Names are those of the Encoding
standard; Python's other codecs (``zlib_codec``, ``unicode_escape``, ``idna``, ``utf-7`` and their like) are never
looked up.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from transforms.identity import is_charset

DECLARED_WITHIN = 2_048  # bytes of the document in which its own words are looked for; browsers look at 1,024
DETECTED_FROM = 16_384  # bytes, of text and not of markup, that detection reads
WHOLE_FROM = 262_144  # bytes of a page in which that text is looked for

_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']?\s*([\w.:-]{1,40})")
# <meta charset=x> and <meta http-equiv=content-type content="text/html; charset=x"> alike
_META = re.compile(rb"<meta\b[^>]{0,400}?\bcharset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_LANGUAGE = re.compile(rb"<html\b[^>]{0,400}?\blang\s*=\s*[\"']?\s*([a-z]{2})", re.IGNORECASE)
_MARKUP = re.compile(rb"<[^<>]*>")
_FOUR_BYTES = re.compile(rb"(?:([\t-~]\0\0\0)|\0\0\0[\t-~]){2}")
# What browsers take these names for (encoding.spec.whatwg.org): pages that say latin-1 are in windows-1252.
_TAKEN_FOR = {
    "ascii": "cp1252", "us-ascii": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252", "iso-8859-9": "cp1254", "iso8859-9": "cp1254", "latin5": "cp1254", "latin-5": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "shift-jis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "utf-16": "utf-16-le",
    "utf16": "utf-16-le", "utf-32": "utf-32-le", "x-mac-cyrillic": "mac-cyrillic",
}  # fmt: skip
# Of a language's pages that say nothing (HTML standard, 13.2.3.2, the table by locale).
_OF_LANGUAGE = {
    "ar": "cp1256",
    "fa": "cp1256",
    "tr": "cp1254",
    "ku": "cp1254",
    "ru": "cp1251",
    "el": "cp1253",
    "he": "cp1255",
}
_USUAL = ["cp1256", "cp1254", "cp1252", "cp1251", "cp1250", "cp1253", "cp1255", "iso8859_6", "cp866", "koi8_r",
          "cp932", "gb18030", "big5", "cp949", "euc_jp"]  # fmt: skip
_LATIN = frozenset(("cp1252", "cp1254", "cp1250", "iso8859-15", "iso-8859-15", "cp1257", "iso-8859-2"))
_ARABIC = re.compile("[\u0621-\u064a\u067e\u0686\u06af]{2}")
_WORD = re.compile(r"[^\W\d_]{2,}")
FEW = 20  # letters: in fewer nobody sees a language, and what is declared is believed
_NO_LATIN = 8  # letters: as many without one of ASCII among them are of no Latin script
_TWO_SCRIPTS = re.compile("[A-Za-z\u00c0-\u024f][\u0370-\u06ff\u200e\u200f]|[\u0370-\u06ff][A-Za-z\u00c0-\u024f]")


class Decoded(NamedTuple):
    """A document's text. ``charset``: the codec that it was read by. ``replaced``: some bytes are no text in it, and
    U+FFFD stands in their place. ``guessed``: it is what the bytes look like, and not what was declared."""

    text: str
    charset: str
    replaced: bool
    guessed: bool = False


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of ``data``, by ``declared``, the charset of the Content-Type header, and what the document says.

    Never raises, whatever the names and bytes are.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _read(data[len(mark) :], name)
    wide = _wide(data, declared)
    if wide:
        return _read(data, wide)
    text, replaced = _decoded(data, "utf-8")
    if not replaced and "\x1b" not in text:
        return Decoded(text, "utf-8", False)
    said = list(_declared(data, declared))
    if not replaced:  # ISO-2022 writes other scripts in bytes of ASCII, between escapes
        escaped = text.isascii() and said and said[0].startswith("iso-2022")
        return _read(data, said[0]) if escaped else Decoded(text, "utf-8", False)
    wrong = text.count("\ufffd")
    right = sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text)))  # by chance, few bytes are characters of UTF-8
    if wrong <= right if said[:1] == ["utf-8"] else wrong * 20 < right:
        return Decoded(text, "utf-8", True)  # a few broken characters, as where a text was cut between two bytes
    sample = _sample(data)
    language = _LANGUAGE.search(data[:DECLARED_WITHIN])
    spoken = language[1].decode().lower() if language else ""
    for name in said:
        if name != "utf-8" and _makes_sense(sample, name):
            return _read(data, _turkish(sample) if name == "cp1252" else name)
    guessed = _detected(sample, _OF_LANGUAGE.get(spoken, "cp1252" if spoken in ("en", "fr", "de", "es", "it") else ""))
    return _read(data, guessed)._replace(guessed=True) if guessed else Decoded(text, "utf-8", True)


def _declared(data: bytes, from_http: str | None) -> Iterator[str]:
    """The codecs that are named, in the order in which they count; those that nobody may name are passed over."""
    start = data[:DECLARED_WITHIN]
    names = [
        from_http or "",
        *(found[1].decode("ascii", "replace") for p in (_XML, _META) if (found := p.search(start))),
    ]
    for name in names:
        name = name.strip().strip("\"'").lower()
        if not name or not is_charset(name):
            continue
        codec = _TAKEN_FOR.get(name, name.replace("windows-", "cp"))
        if codec.startswith(("utf-16", "utf-32", "utf16", "utf32", "utf8")) or codec == "utf-8":
            codec = "utf-8"  # a document that could say so in ASCII is in neither of the others
        try:
            codecs.lookup(codec)
        except LookupError:
            continue
        yield codec


def _wide(data: bytes, declared: str | None) -> str:
    """The byte order where each character takes two bytes, or four: markup has zeros beside every letter."""
    start = data[:1024]
    if b"\x00" not in start:
        return ""
    four = _FOUR_BYTES.match(start)
    if four:
        return "utf-32-le" if four[1] else "utf-32-be"
    pairs = len(start) // 2
    low, high = start[1::2].count(0), start[0::2].count(0)
    if low > pairs // 4 and high <= low // 20:
        return "utf-16-le"
    if high > pairs // 4 and low <= high // 20:
        return "utf-16-be"
    named = (declared or "").strip().lower()
    if named in ("utf-16le", "utf-16be") and low + high > pairs // 10:  # little markup, much of another script
        return f"utf-16-{named[-2:]}"
    return ""


def _read(data: bytes, codec: str) -> Decoded:
    try:
        text, replaced = _decoded(data, codec)
    except (LookupError, ValueError):
        return Decoded(data.decode("utf-8", "replace"), "utf-8", True)
    return Decoded(text, codec, replaced)


def _decoded(data: bytes, codec: str) -> tuple[str, bool]:
    try:
        return data.decode(codec), False
    except UnicodeDecodeError:
        return data.decode(codec, "replace"), True


def _sample(data: bytes) -> bytes:
    """Some of what is not markup, and not plain ASCII words alone."""
    words = _MARKUP.sub(b" ", data[:WHOLE_FROM])
    return b" ".join(word for word in words.split() if not word.isascii())[:DETECTED_FROM] or words[:DETECTED_FROM]


def _makes_sense(sample: bytes, codec: str, declared: bool = True) -> bool:
    """Whether words with letters outside ASCII are words of a language in this charset; ``declared``: it is what the
    document says that it is in, which in doubt is believed.

    In a language of the Latin script, such words have more letters of ASCII than others: Arabic read as latin-1 has
    nothing else. Dashes, currencies and letters that stand alone (French "à") are in no word. No word is
    in two scripts, as Turkish read as windows-1256 is. Few bytes are left open by the charset.
    """
    text = sample.decode(codec, "replace")
    if text.count("\ufffd") * 20 > len(text):
        return False
    if codec not in _LATIN:
        return len(_TWO_SCRIPTS.findall(text)) * 10 <= len(text.split())
    letters = "".join(_WORD.findall(text))
    plain = sum(map(str.isascii, letters))
    other = len(letters) - plain
    if declared and len(letters) < FEW:
        return plain > 0 or other < _NO_LATIN
    return other <= plain


def _detected(sample: bytes, usual: str) -> str:
    """The codec that the bytes look like: that of the page's language, then those of the languages we read, where they
    make words; what is left is asked of charset_normalizer, which on a few bytes would name any script."""
    for codec in dict.fromkeys((usual or "cp1252", "cp1252", "cp1256", "iso8859-6")):
        if _makes_sense(sample, codec, declared=False) and (codec in _LATIN or _mostly_arabic(sample, codec)):
            return _turkish(sample) if codec == "cp1252" else codec
    if sum(byte > 127 for byte in sample[: 100 * FEW]) < FEW:
        return usual or "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample, steps=3, chunk_size=512, cp_isolation=_USUAL, preemptive_behaviour=False).best()
    return str(best.encoding) if best is not None else "cp1252"


def _mostly_arabic(sample: bytes, codec: str) -> bool:
    text = sample.decode(codec, "replace")
    return codec not in ("cp1256", "iso8859-6") or 2 * sum(map(len, _ARABIC.findall(text))) > len(text)


def _turkish(sample: bytes) -> str:
    """Of windows-1252 and -1254, which differ in six letters: those of Turkish in the one are Icelandic's in the other,
    beside which Icelandic has others that Turkish has not."""
    text = sample.decode("cp1252", "replace").lower()
    return "cp1254" if sum(map(text.count, "ðýþ")) > sum(map(text.count, "áíóúæé")) else "cp1252"
