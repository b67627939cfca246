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
from transforms.extract import to_article, without_site
from transforms.identity import article_id, canonical_url
from transforms.memory import MIN_FEED_WORDS
from transforms.pages import whole_in_feed
from transforms.pagetext import MAX_TAGS, MAX_TEXT, MAX_TITLE, cut, language_of, read_page, reduced_text

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


def test_the_longer_of_what_a_feed_tells_is_taken() -> None:
    told = {"content": "A ferry at the quay.", "summary": "word " * 70}
    made = to_article(page(None, told, refused="http_4xx: status 403"))
    assert made.article is not None and made.article.text == ("word " * 70).strip()


def test_a_feeds_text_that_goes_on_elsewhere_is_truncated() -> None:
    told = "word " * 70
    assert article(None, {"content": f"{told}[…]"}, refused="http_4xx: status 403").truncated
    assert not article(None, {"content": told}, refused="http_4xx: status 403").truncated


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


def test_reduced_text() -> None:
    assert reduced_text("a  b\n\n\n c\x00\ud800\x7f \nd") == ("a b\n\nc\n\nd", ["control_characters"])
    assert reduced_text(None) == ("", [])
    assert len(reduced_text("word " * MAX_TEXT)[0]) == MAX_TEXT


def test_a_page_that_is_too_long_ends_with_a_whole_paragraph_and_says_so() -> None:
    line = " ".join(PARAGRAPHS)
    cut_short = article(html(*[f"{n}. {line}" for n in range(MAX_TEXT // len(line) + 5)]))
    assert cut_short.truncated
    assert MAX_TEXT - 2 * len(line) < len(cut_short.text) <= MAX_TEXT and cut_short.text.endswith(PARAGRAPHS[-1])
    assert not article(html()).truncated
    assert article(None, {"content": "word " * MAX_TEXT}).truncated


def test_a_limit_of_the_users_own() -> None:
    made = page(html())
    whole, short = to_article(made).article, to_article(made, 200).article
    assert whole is not None and short is not None and len(whole.text) > 200
    assert len(short.text) <= 200 and whole.text.startswith(short.text) and short.text.endswith(".")
    assert (whole.truncated, short.truncated, short.reduced) == (False, True, ["text_cut"])


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


# --- what stands in for a page's text -----------------------------------------------------------------

LEAD = PARAGRAPHS[0] + " " + PARAGRAPHS[1]
OFFER = "Subscribe now to continue reading"
SUMMARY = "Shells fell on Jisr al-Shughur on Tuesday; the council counted eleven houses, and two schools took families in for the night."


@pytest.mark.parametrize(
    ("entry", "text_from", "text", "truncated"),
    [
        ({}, "summary", LEAD, True),
        ({"summary": SUMMARY}, "summary", LEAD, True),  # the page tells more
        ({"content": " ".join([SUMMARY, LEAD])}, "summary", " ".join([SUMMARY, LEAD]), True),
        ({"content": "word " * 200}, "feed", ("word " * 200).strip(), False),
        ({"content": "word " * 200 + "[…]"}, "feed", "word " * 200 + "[…]", True),
    ],
)  # fmt: skip
def test_behind_a_paywall(entry: dict[str, Any], text_from: str, text: str, truncated: bool) -> None:
    made = article(html(LEAD, OFFER), entry)
    assert (made.text_from, made.text, made.truncated) == (text_from, text, truncated)


@pytest.mark.parametrize(("summary", "kept"), [(SUMMARY, True), ("Shells fell on Jisr al-Shughur.", False)])
def test_a_question_for_consent_leaves_the_feeds_summary(summary: str, kept: bool) -> None:
    asked = (
        "We and our 12 partners use cookies and personal data. Accept all. You can change your choices and your consent here. "
        * 3
    )
    made = to_article(page(html(asked), {"summary": summary}))
    if made.article is not None:
        assert kept and (made.article.text, made.article.text_from, made.article.truncated) == (
            summary,
            "summary",
            True,
        )
    else:
        assert not kept and (made.reason, made.error) == ("wall", "consent")


def test_a_stub_of_a_page_gives_way_to_the_feeds_own_text() -> None:
    told = " ".join(PARAGRAPHS * 3)
    made = article(html("Read it in our printed edition."), {"content": told})
    assert (made.text_from, made.text) == ("feed", told)
    assert article(html(), {"content": "word " * 70}).text_from == "page"


def test_an_error_page_is_no_article() -> None:
    gone = html("Sorry, the page you are looking for does not exist or has been moved. " * 4).replace(
        b"Shelling near the bridge", b"Page not found"
    )
    assert (to_article(page(gone)).reason, to_article(page(gone)).error) == ("not_article", "missing")


# --- links to other sites -----------------------------------------------------------------------------


def test_a_link_to_another_site_has_the_title_and_the_name_of_that_site() -> None:
    head = meta("og:title", "Shelling near the bridge | Ghab Post") + meta("og:site_name", "Ghab Post")
    told = {"foreign": True, "title": "You will not believe this", "author": "A. Blogger", "outlet_country": "GB"}
    made = article(html(head=head), told, url="http://www.ghab.example/a1")
    assert (made.title, made.outlet, made.outlet_country, made.author) == (
        "Shelling near the bridge",
        "Ghab Post",
        None,
        None,
    )
    assert made.feed_url == an_entry().feed_url
    assert article(html(), told, url="http://www.ghab.example/a1").outlet == "ghab.example"


def test_another_sites_feed_cannot_make_an_old_article_new() -> None:
    head = meta("article:published_time", "2016-09-01T10:00:00Z")
    told: dict[str, Any] = {"published": NOON - 3600, "foreign": True}
    made = article(html(head=head), told, url="http://www.ghab.example/a1")
    assert (made.published_at, made.published_from) == (timestamp("2016-09-01T10:00:00Z"), "page")
    assert article(html(head=head), {**told, "foreign": False}).published_from == "feed"


def test_a_link_to_another_site_is_nothing_without_its_page() -> None:
    made = to_article(page(None, {"foreign": True, "content": "word " * 200}, refused="http_4xx: status 403"))
    assert made.reason == "http_4xx"
    made = to_article(page(html(LEAD, OFFER), {"foreign": True, "content": "word " * 200}))
    assert made.article is not None and made.article.text == LEAD
    assert not whole_in_feed(an_entry(foreign=True, content="word " * 200))


@pytest.mark.parametrize(
    ("title", "site", "own"),
    [
        ("Rain over Idlib | Ghab Post", "Ghab Post", "Rain over Idlib"), ("Rain over Idlib - Ghab Post", "ghab post", "Rain over Idlib"),
        ("Rain over Idlib – Ghab Post", "Ghab Post", "Rain over Idlib"), ("Rain over Idlib - the long winter", "Ghab Post", "Rain over Idlib - the long winter"),
        ("Heavy rain falls over Idlib | Ghab", None, "Heavy rain falls over Idlib"), ("Idlib | rain falls all day long", None, "Idlib | rain falls all day long"),
        ("Rain", None, "Rain"), ("", "Ghab Post", ""), ("أمطار على إدلب | بريد الغاب", "بريد الغاب", "أمطار على إدلب"),
    ],
)  # fmt: skip
def test_a_title_without_the_name_of_its_site(title: str, site: str | None, own: str) -> None:
    assert without_site(title, site) == own


# --- what was reduced ---------------------------------------------------------------------------------


def test_what_was_reduced_is_told() -> None:
    made = article(html(PARAGRAPHS[0], "a" * 5_000, *PARAGRAPHS), {"title": "x" * 2_000, "reduced": ["title_cut"]})
    assert made.reduced == ["title_cut", "runs_cut"] and len(made.title) == MAX_TITLE and made.title.endswith("…")
    assert article(html(), {"title": "A\x1b[31m title"}).reduced == ["control_characters"]
    assert article(html(), {"title": "A\x1b[31m title"}).title == "A[31m title"
    assert article(html().replace(b"Roads", b"R\xffads")).reduced == ["bytes_replaced"]
    assert article(html("W&#0;ater", *PARAGRAPHS)).reduced == ["control_characters"]
    assert article(html(head=meta("og:title", "x" * 2_000)), {"title": ""}).reduced == ["title_cut"]
    assert article(html()).reduced == []


def test_a_visit_later_finds_the_same_text() -> None:
    """Counters, moments and links to other articles make no revision."""

    def visit(*furniture: str) -> bytes:
        return html(furniture[0], *PARAGRAPHS[:2], *furniture[1:], *PARAGRAPHS[2:])

    first = article(visit("Updated 3 minutes ago", "12 comments", "Read more: Rain over Idlib"))
    second = article(visit("Updated 2 hours ago", "131 comments", "Read more: Flour arrives at Saraqib"))
    assert first.revision_id == second.revision_id
    assert first.text.split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize(
    ("prompts", "end"),
    [
        (("Also read: Samir Kanjo named head of the council", "Share this:", "Facebook"), "The post Rain appeared first on The Quay."),
        (("Lire aussi : Samir Kanjo à la tête du conseil",), "L’article Pluie est apparu en premier sur Le Quai."),
        (("اقرأ أيضاً: تعيين سمير كنجو رئيسا للمجلس",), "ظهرت المقالة مطر أولاً على الرصيف."),
        (("İlgili haber: Samir Kanjo meclis başkanı oldu",), "Yağmur yazısı ilk önce Rıhtım üzerinde ortaya çıktı."),
    ],
)  # fmt: skip
def test_what_a_feed_puts_among_its_text_is_no_part_of_it(prompts: tuple[str, ...], end: str) -> None:
    said = [*PARAGRAPHS, PARAGRAPHS[0], *prompts, PARAGRAPHS[1], end]
    for data in (None, html("Shells fell.")):
        made = article(data, {"content": "\n\n".join(said)})
        assert made.text_from == "feed"
        assert made.text.split("\n\n") == [*PARAGRAPHS, PARAGRAPHS[0], PARAGRAPHS[1]]


@pytest.mark.parametrize("end", ["Continue reading", "And then […]\n\nThe post Rain appeared first on The Quay."])
def test_a_feed_whose_text_goes_on_elsewhere_says_so_below_or_above_its_furniture(end: str) -> None:
    made = article(None, {"content": "\n\n".join([*PARAGRAPHS, end])})
    assert made.truncated and made.text.startswith("\n\n".join(PARAGRAPHS)) and "Quay" not in made.text


def test_a_feed_that_says_its_headline_alone_keeps_it() -> None:
    assert article(None, {"title": "Rain fell on Idlib", "summary": "Rain fell on Idlib"}).text == "Rain fell on Idlib"
