"""Which charset a page is in, and what is done about declarations that are wrong."""

from __future__ import annotations

import pytest

from transforms.charset import decode
from transforms.pagetext import read_page

TEXTS = {
    "ar": "قال سكان المدينة إن القصف بدأ فجر الثلاثاء واستمر ساعتين على الأحياء الجنوبية من البلدة القديمة",
    "tr": "Saldırının ardından köydeki okullar iki gün kapatıldı; yaşlı bir kadın, “Gidecek yerimiz yok” diye konuştu. Şehir sessiz.",
    "fr": "Les habitants, réveillés à l’aube, ont été évacués vers une école. « Nous n’avons plus rien », déplorait une mère.",
}
META = "<meta charset='{}'>"
EQUIV = '<META http-equiv="Content-Type" content="text/html; charset={}">'
XML = '<?xml version="1.0" encoding="{}"?>'


def page(text: str, declared: str = "", lang: str = "") -> str:
    xml, declared = (declared, "") if declared.startswith("<?xml") else ("", declared)
    return f"{xml}<html{lang}><head>{declared}<title>x</title></head><body><p>{text}</p><p>{text}</p></body></html>"


@pytest.mark.parametrize("lang", ["", "own"])
@pytest.mark.parametrize(
    ("language", "encoding", "http", "declared"),
    [
        # what is declared is right
        ("ar", "cp1256", "windows-1256", ""), ("ar", "cp1256", None, META.format("windows-1256")),
        ("ar", "cp1256", None, EQUIV.format("windows-1256")), ("ar", "cp1256", None, XML.format("windows-1256")),
        ("ar", "iso8859_6", "ISO-8859-6", ""), ("tr", "cp1254", "iso-8859-9", ""), ("tr", "cp1254", None, EQUIV.format("iso-8859-9")),
        ("tr", "cp1254", None, META.format("windows-1254")), ("fr", "cp1252", "ISO-8859-1", ""), ("fr", "cp1252", None, META.format("latin1")),
        ("fr", "utf-8", "utf-8", ""), ("ar", "utf-8", None, META.format("UTF-8")), ("tr", "utf-8", None, ""),
        # a mark comes before all that is said
        ("ar", "utf-8-sig", "windows-1256", META.format("windows-1256")), ("tr", "utf-16", "utf-8", ""), ("ar", "utf-16", None, META.format("utf-8")),
        ("tr", "utf-32", None, ""), ("ar", "utf-32", "utf-8", ""),
        # two bytes a character, without a mark
        ("ar", "utf-16-le", "utf-16", ""), ("ar", "utf-16-le", None, ""), ("tr", "utf-16-be", None, ""), ("fr", "utf-16-be", "utf-16be", ""),
        # HTTP comes before the document
        ("ar", "cp1256", "windows-1256", META.format("windows-1252")), ("tr", "cp1254", "windows-1254", META.format("windows-1256")),
        # bytes that are UTF-8 all through are UTF-8
        ("ar", "utf-8", "iso-8859-1", META.format("windows-1256")), ("tr", "utf-8", "iso-8859-9", ""), ("fr", "utf-8", None, META.format("iso-8859-1")),
        ("fr", "utf-8", "utf-16", ""),
        # what is said makes no language of the bytes
        ("ar", "cp1256", "utf-8", META.format("utf-8")), ("ar", "cp1256", "iso-8859-1", ""), ("ar", "cp1256", "iso-8859-1", META.format("windows-1256")),
        ("tr", "cp1254", "iso-8859-1", ""), ("tr", "cp1254", "utf-8", META.format("windows-1252")), ("tr", "cp1254", "windows-1256", ""),
        ("fr", "cp1252", "utf-8", ""), ("ar", "iso8859_6", "utf-8", ""), ("ar", "cp1256", "utf-16", ""),
        # nothing is said
        ("ar", "cp1256", None, ""), ("ar", "iso8859_6", None, ""), ("tr", "cp1254", None, ""), ("fr", "cp1252", None, ""),
        # names of codecs that are no charset, and no names
        *(("ar", "utf-8", name, META.format(name)) for name in ("zlib_codec", "unicode_escape", "idna", "utf-7", "punycode", "rot13", "hex", "x" * 99, "")),
        *(("tr", "cp1254", name, "") for name in ("zlib_codec", "raw_unicode_escape", "mbcs", "undefined", "utf_8_sig", '"nonsense')),
    ],
)  # fmt: skip
def test_text_in_its_charset(language: str, encoding: str, http: str | None, declared: str, lang: str) -> None:
    html = page(TEXTS[language], declared, f' lang="{language}"' if lang else "")
    data = html.encode(encoding, "replace")
    assert decode(data, http).text == data.decode(encoding).lstrip("\ufeff")


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("The bridge — the last one — was closed.", "windows-1252"), ("Binnish – Taftanaz – Sarmin: the road is open.", "iso-8859-1"),
        ("She said: “ no ” … and left.", "windows-1252"), ("A lorry costs £500, a tent 40 €, at 3° above zero.", "windows-1252"),
        ("Elle va à Binnish à pied, à midi.", "windows-1252"), ("Elle dit : « non » à Alep. 5 €", "iso-8859-15"), ("5 ü, 6 ş", "iso-8859-9"),
        ("Où ? À Idlib.", "iso-8859-1"),
    ],
)  # fmt: skip
def test_marks_and_letters_that_stand_alone_say_nothing_against_what_is_declared(text: str, declared: str) -> None:
    codec = {"iso-8859-1": "cp1252", "iso-8859-9": "cp1254"}.get(declared, declared)
    found = decode(page(text).encode(codec), declared)
    assert text in found.text and not found.guessed


@pytest.mark.parametrize(
    ("text", "encoding"), [("أمطار على سرمين", "cp1256"), ("— 5 € —", "cp1252"), ("à pied", "cp1252")]
)
def test_a_few_bytes_that_nobody_declares(text: str, encoding: str) -> None:
    assert text in decode(page(text).encode(encoding), "utf-8").text


def test_a_broken_byte_among_few_marks_makes_no_other_charset() -> None:
    data = page("“Bread for a week,” she said.").encode() + b"<p>R\xffads</p>"
    assert decode(data, "utf-8").charset == "utf-8" and decode(data, "utf-8").replaced


def test_a_few_words_of_arabic_are_not_latin_because_it_is_declared() -> None:
    assert "أمطار على سرمين" in decode(page("أمطار على سرمين").encode("cp1256"), "iso-8859-1").text


def test_a_text_cut_between_two_bytes_stays_utf_8() -> None:
    data = page(TEXTS["ar"]).encode()
    broken = data[:200] + data[201:]
    text, charset, replaced, guessed = decode(broken, "utf-8")
    assert not guessed
    assert replaced and charset == "utf-8" and "القديمة" in text and text.count("\ufffd") <= 3
    assert decode(broken, None).text == text
    assert not decode(data, "utf-8").replaced


@pytest.mark.parametrize("codec", ["zlib_codec", "bz2_codec", "unicode_escape", "idna", "punycode", "utf-7", "rot13"])
def test_codecs_are_never_looked_up(codec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import codecs

    asked: list[str] = []
    real = codecs.lookup
    monkeypatch.setattr(codecs, "lookup", lambda name: asked.append(name) or real(name))
    decode(page(TEXTS["ar"], META.format(codec)).encode("cp1256"), codec)
    assert codec not in asked


def test_a_guess_says_so() -> None:
    data = page(TEXTS["ar"]).encode("cp1256")
    assert decode(data, "utf-8").guessed and decode(data).guessed
    assert not decode(data, "windows-1256").guessed
    assert "charset_guessed" in read_page(data, "utf-8", "http://a.example/1").reduced


def test_plain_ascii_needs_no_charset() -> None:
    assert decode(b"<p>Rain fell.</p>", "windows-1256") == ("<p>Rain fell.</p>", "utf-8", False, False)
    assert decode(b"", "utf-8") == ("", "utf-8", False, False)


@pytest.mark.parametrize(
    "data", [b"\xff" * 300_000, b"<\xff" * 150_000, b"<meta charset=" * 20_000 + b"\xff", b"\x00\xd8" * 50_000]
)
@pytest.mark.parametrize("http", [None, "utf-8", "utf-16", "iso-2022-jp", "gb18030"])
def test_no_bytes_raise(data: bytes, http: str | None) -> None:
    decode(data, http)


def test_ascii_bytes_that_are_not_ascii() -> None:
    data = page("<p>イドリブに雨が降った</p>", META.format("iso-2022-jp")).encode("iso-2022-jp")
    assert "イドリブ" in decode(data, "iso-2022-jp").text and "イドリブ" in decode(data).text


def test_an_escape_alone_makes_no_charset() -> None:
    data = page("Rain \x1b[31m fell.").encode()
    assert decode(data, "iso-8859-1").text == decode(data, "iso-2022-jp-none").text == data.decode()


def test_the_charset_that_a_text_was_read_by_is_told() -> None:
    data = page(TEXTS["ar"]).encode("cp1256")
    assert [decode(data, said).charset for said in ("windows-1256", "utf-8", None)] == ["cp1256"] * 3
