"""A page's HTML into an article, and the date that counts."""

from __future__ import annotations

import random
from datetime import datetime, timezone
from typing import Any

import pytest

from schemas import reasons
from schemas.records import Article, Page
from tests.samples import DAY, NOON, an_entry
from transforms.agency import credit_lines, find_agency
from transforms.coders import encode
from transforms.dates import timestamp
from transforms.extract import MIN_FEED_WORDS, to_article
from transforms.identity import article_id, canonical_url
from transforms.pagetext import MAX_TAGS, MAX_TEXT, clean_text, cut, language_of, read_page

PARAGRAPHS = [
    "Shells fell on the southern edge of Jisr al-Shughur on Tuesday morning, residents of the town said.",
    "The local council counted eleven houses that can no longer be lived in, and opened two schools for families.",
    "“We carried the children down before the second round,” said Nadia Halabi, who teaches at one of the schools.",
    "Roads to the north were open by noon, and lorries with flour and blankets had arrived by the evening.",
]


def html(*paragraphs: str, head: str = "", lang: str = "en") -> bytes:
    body = "".join(f"<p>{p}</p>" for p in paragraphs or PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>Shelling | Post</title>{head}</head>"
        f"<body><nav><a href='/'>Home</a></nav><article><h1>Shelling near the bridge</h1>{body}</article>"
        "<footer>All rights reserved</footer></body></html>"
    ).encode()


def page(data: bytes | None = None, entry: dict[str, Any] | None = None, **more: Any) -> Page:
    fields: dict[str, Any] = {
        "entry": an_entry(**(entry or {})), "url": "http://orontes.example/a1", "html": data, "charset": None,
        "attempts": 1, "collected_at": NOON,
    }  # fmt: skip
    return Page(**(fields | more))


def article(*args: Any, **more: Any) -> Article:
    made = to_article(page(*args, **more))
    assert made.article is not None, made.reason
    encode(made.article)
    return made.article


def meta(name: str, content: str, kind: str = "property") -> str:
    return f"<meta {kind}='{name}' content='{content}'>"


# --- the date -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2018-09-11T12:00:00Z", "2018-09-11T12:00:00"), ("2018-09-11T15:00:00+03:00", "2018-09-11T12:00:00"),
        ("2018-09-11 12:00:00", "2018-09-11T12:00:00"), (" 2018-09-11 ", "2018-09-11T00:00:00"), ("11/09/2018", None),
        ("", None), (None, None), ("x" * 10_000, None),
    ],
)  # fmt: skip
def test_timestamp(text: str | None, iso: str | None) -> None:
    wanted = datetime.fromisoformat(iso).replace(tzinfo=timezone.utc).timestamp() if iso else None
    assert timestamp(text) == wanted


@pytest.mark.parametrize(
    "head",
    [
        meta("article:published_time", "2018-09-10T08:00:00Z"),
        meta("datePublished", "2018-09-10T11:00:00+03:00", "itemprop"),
        '<script type=\'application/ld+json\'>{"@type":"NewsArticle","datePublished":"2018-09-10T08:00:00Z"}</script>',
        '<script type=\'application/ld+json\'>{"@graph":[{"@type":"WebPage"},{"datePublished":"2018-09-10T08:00:00Z"}]}</script>',
        "<script type='application/ld+json'>{broken</script>" + meta("date", "2018-09-10T08:00:00Z", "name"),
        "<script type='application/ld+json'>[1, null, \"x\"]</script>" + meta("date", "2018-09-10T08:00:00Z", "name"),
    ],
    ids=range(6),
)
def test_the_pages_date(head: str) -> None:
    made = article(html(head=head), {"published": None})
    assert (made.published_at, made.published_from) == (NOON - DAY - 4 * 3600, "page")


# --- the article --------------------------------------------------------------------------------------


def test_an_article() -> None:
    made = article(html())
    assert made.text.split("\n\n")[-4:] == PARAGRAPHS
    assert "rights" not in made.text
    assert (made.text_from, made.language, made.title) == ("page", "en", "Shelling in Idlib")
    assert made.word_count == len(made.text.split())
    assert made.article_id == "a1"
    assert made.entry == an_entry()


def test_title_of_the_page_where_the_feed_has_none() -> None:
    assert article(html(), {"title": ""}).title == "Shelling near the bridge"


@pytest.mark.parametrize(
    ("href", "taken"),
    [
        ("http://orontes.example/2018/the-one", True), ("/2018/the-one", True), ("http://www.orontes.example/2018/the-one", True),
        ("http://orontes.example/", False), ("http://ghab.example/2018/the-one", False), ("javascript:x", False), ("", False),
        ("http://[bad", False),
    ],
)  # fmt: skip
def test_rel_canonical(href: str, taken: bool) -> None:
    made = article(html(head=f"<link rel='canonical' href='{href}'>"))
    other = article_id(canonical_url("http://orontes.example/2018/the-one"), "", None)
    assert made.article_id == (other if taken else "a1")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<",
        b"\x00" * 100,
        b"\xff" * 100,
        b"%PDF-1.4",
        b"<html></html>",
        html("Too short."),
        b"<p>" * 20_000,
        b"{}",
    ],
    ids=range(9),
)
def test_no_text(data: bytes) -> None:
    made = to_article(page(data))
    assert (made.article, made.reason) == (None, "no_text")


@pytest.mark.parametrize(("words", "kept"), [(MIN_FEED_WORDS, True), (MIN_FEED_WORDS - 1, False), (0, False)])
def test_refused_pages_fall_back_on_the_feed(words: int, kept: bool) -> None:
    made = to_article(page(None, {"content": "word " * words}, refused="http_4xx: status 403"))
    assert (made.article is not None) is kept
    if made.article is not None:
        assert made.article.text_from == "feed"
    else:
        assert made.reason == "http_4xx"
        assert made.reason in reasons.REJECTS


def test_the_feeds_own_text_where_no_page_was_asked_for() -> None:
    made = to_article(page(None, {"summary": "Short but whole."}, attempts=0))
    assert made.article is not None
    assert (made.article.text, made.article.text_from) == ("Short but whole.", "feed")
    assert to_article(page(None, {"url": None})).reason == "no_content"


@pytest.mark.parametrize(
    ("charset", "encoding", "declared"),
    [("windows-1256", "windows-1256", ""), (None, "utf-8", ""), ("utf-8", "utf-8", ""), ("nonsense", "utf-8", ""), ("hex", "utf-8", ""),
     (None, "utf-8-sig", ""), ("latin-1", "utf-8-sig", "")],
)  # fmt: skip
def test_charset(charset: str | None, encoding: str, declared: str) -> None:
    arabic = "قال سكان المدينة إن القصف بدأ فجر الثلاثاء واستمر ساعتين على الأحياء الجنوبية من البلدة القديمة"
    text = html(*[arabic] * 4, lang="ar").decode().replace("<meta charset='utf-8'>", declared)
    found = read_page(text.encode(encoding), charset, "http://orontes.example/")
    assert arabic in found.text


def test_damage_never_raises() -> None:
    dice = random.Random(11)
    whole = html(head='<script type=\'application/ld+json\'>{"datePublished": "2018-09-10"}</script>')
    for _ in range(25):
        damaged = bytearray(whole)
        for _ in range(40):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        made = to_article(page(bytes(damaged)))
        if made.article is not None:
            encode(made.article)
        else:
            assert made.reason in reasons.REJECTS


def test_clean_text() -> None:
    assert clean_text("a  b\n\n\n c\x00\ud800\x7f \nd") == "a b\n\nc\n\nd"
    assert clean_text(None) == ""
    assert len(clean_text("word " * MAX_TEXT)) == MAX_TEXT


def test_a_page_that_is_too_long_ends_with_a_whole_paragraph_and_says_so() -> None:
    line = " ".join(PARAGRAPHS)
    cut_short = article(html(*[f"{n}. {line}" for n in range(MAX_TEXT // len(line) + 5)]))
    assert cut_short.truncated
    assert MAX_TEXT - 2 * len(line) < len(cut_short.text) <= MAX_TEXT and cut_short.text.endswith(PARAGRAPHS[-1])
    assert not article(html()).truncated
    assert article(None, {"content": "word " * MAX_TEXT}).truncated


def test_cut_ends_with_a_paragraph() -> None:
    assert cut("aaa\n\nbbb\n\nccc", 10) == "aaa\n\nbbb"
    assert cut("aaaaaaaaaaaa", 10) == "aaaaaaaaaa"
    assert cut("short", 10) == "short"


@pytest.mark.parametrize(
    ("text", "agency"),
    [("JISR (AFP) — Shells fell.", "AFP"), ("Shells fell.\n\nReuters", "Reuters"), ("Shells fell near the Reuters car.\n\nEnd.", None),
     ("(AP) - Shells fell", "AP"), ("Shells fell.\n\n" + "Reuters " * 20, None)],
)  # fmt: skip
def test_agency(text: str, agency: str | None) -> None:
    assert find_agency(credit_lines(text)) == agency


def test_language() -> None:
    assert language_of("short", "tr") == "tr"
    assert language_of(" ".join(PARAGRAPHS), "ar") == "en"
    assert language_of("قال سكان المدينة إن القصف بدأ فجر الثلاثاء واستمر ساعتين على الأحياء الجنوبية", None) == "ar"


def test_a_page_of_too_many_tags_is_not_read() -> None:
    html = b"<html><body>" + b"<p>a b" * (MAX_TAGS + 1)
    found = to_article(Page(entry=an_entry(), url="http://a.example/1", html=html, charset=None, attempts=1))
    assert (found.article, found.reason, found.error) == (None, "too_large", f"more than {MAX_TAGS} tags")


def test_a_charset_that_is_a_bomb_is_passed_over() -> None:
    html = ("<html><body><article>" + "<p>Words of the article.</p>" * 20 + "</article></body></html>").encode()
    assert read_page(html, "punycode", "http://a.example/1").text == read_page(html, None, "http://a.example/1").text
