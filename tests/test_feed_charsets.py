"""The charset of a feed: seen, declared, guessed; and bytes that are in none."""

from __future__ import annotations

import pytest

from tests.test_formats import LINK
from tests.test_parse import GOOD, parsed, rss
from transforms.formats.decode import decode

ARABIC = "قصف على إدلب، قال المجلس"
TURKISH = "İdlib'de ateşkes: Sığınmacılar geri dönüyor"


def titled(title: str, declared: str = "") -> str:
    head = f"<?xml version='1.0'{declared and f' encoding={declared!r}'}?>"
    return rss(f"<item><title>{title}</title>{LINK}</item>", head=head)


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig"]
)
@pytest.mark.parametrize("said", ["", "utf-8", "iso-8859-1"])
def test_wide_encodings_and_marks_are_seen_whatever_is_said(encoding: str, said: str) -> None:
    body = titled(ARABIC, said).encode(encoding)
    found = parsed(body, content_type="application/rss+xml; charset=windows-1252")
    assert [e.title for e in found.entries] == [ARABIC]
    assert found.entries[0].reduced == []


@pytest.mark.parametrize(
    ("title", "encoding", "http", "declared"),
    [
        (ARABIC, "windows-1256", "windows-1256", "utf-8"),  # HTTP before the declaration
        (ARABIC, "windows-1256", "", "windows-1256"),
        (ARABIC, "windows-1256", "utf-8", "windows-1256"),  # what HTTP says is impossible
        (ARABIC, "utf-8", "windows-1256", "windows-1256"),  # UTF-8 is never so by chance
        (ARABIC, "utf-8", "", "us-ascii"),
        (TURKISH, "iso-8859-9", "", "iso-8859-9"),
        (TURKISH, "iso-8859-9", "ISO-8859-9", "utf-8"),
        ("Smoke – “no shelter”", "windows-1252", "", "iso-8859-1"),  # the web's latin-1 has dashes
        ("Sarmin – the road – Monday", "windows-1252", "", "windows-1252"),
        ("Il va à Alep, à pied", "windows-1252", "", "iso-8859-1"),
        ("Москва говорит", "koi8-r", "koi8-r", ""),
        ("停火", "gb18030", "", "gb2312"),
        ("停戦", "iso-2022-jp", "", "iso-2022-jp"),
        ("Shells", "cp037", "", "cp037"),
    ],
)
def test_charsets_as_declared(title: str, encoding: str, http: str, declared: str) -> None:
    found = parsed(titled(title, declared).encode(encoding), content_type=f"text/xml; charset={http}" if http else "")
    assert [(e.title, e.reduced) for e in found.entries] == [(title, [])]


@pytest.mark.parametrize(
    ("title", "encoding"),
    [
        (f"{ARABIC} إن القصف استمر على الأحياء الشرقية من المدينة منذ الصباح", "windows-1256"),
        ("Fumée sur le marché après l’attaque", "windows-1252"),
        ("Sığınmacılar ateşkes sonrası geri dönüyor", "windows-1254"),
    ],
)
def test_a_charset_that_nobody_declares_is_guessed_and_said(title: str, encoding: str) -> None:
    found = parsed(titled(title, "utf-8").encode(encoding))
    assert [(e.title, e.reduced) for e in found.entries] == [(title, ["charset_guessed"])]


def test_a_few_bad_bytes_are_marked_and_the_rest_is_read() -> None:
    body = titled(f"{ARABIC} BAD {ARABIC}").encode().replace(b"BAD", b"\xff")
    entry, good = parsed(body.replace(b"</channel>", GOOD.encode() + b"</channel>")).entries
    assert (entry.title, entry.reduced) == (f"{ARABIC} \ufffd {ARABIC}", ["bytes_replaced"])
    assert good.reduced == []


@pytest.mark.parametrize(
    "name",
    [
        "zlib_codec",
        "unicode_escape",
        "raw_unicode_escape",
        "idna",
        "punycode",
        "undefined",
        "utf-7",
        "utf_7",
        "base64",
        "rot13",
        "mbcs",
        "hex",
        "x-nonsense",
        "\x00",
        "../../etc/passwd",
    ],
)
def test_codecs_that_are_no_charset_are_never_asked(name: str) -> None:
    shown = titled("+ADw-script+AD4- \\u0041 &#xe9;")
    for body, kind in ((shown, f"text/xml; charset={name}"), (shown.replace("?>", f" encoding='{name}'?>", 1), "")):
        assert [e.title for e in parsed(body, content_type=kind).entries] == ["+ADw-script+AD4- \\u0041 é"]


def test_detection_is_asked_about_a_part_only() -> None:
    body = titled("x" + ARABIC * 40_000).encode("windows-1256")
    assert decode(body).charset == "cp1256"
