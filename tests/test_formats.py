"""Feeds in every format and charset: what comes out, what is taken out of it, and how that is said."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from datetime import datetime, timezone
from pathlib import Path

import pytest

from schemas.reasons import REDUCED
from tests.samples import FEED, NOON, serving
from tests.test_parse import GOOD, entry_of, parsed, rss
from transforms.formats.decode import MAX_UNPACKED
from transforms.formats.document import MAX_AUTHOR, MAX_TITLE, MAX_TTL, MAX_URL, MAX_WORDS, newest
from transforms.formats.hints import hints
from transforms.formats.readers import MAX_TAGS, _written_out
from transforms.formats.site import own_sites, site_of
from transforms.formats.sitemap import MAX_PAGES
from transforms.parse import parse_feed

LINK = "<link>http://orontes.example/1</link>"


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()


# --- what is taken out --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "field", "kept", "said"),
    [
        ("<title>Sh\x00ells</title>", "title", "Shells", "control_characters"),
        ("<title>Shells &#0;&#x1b;[31m</title>", "title", "Shells [31m", "control_characters"),
        ("<title>\x1b]0;x\x07Shells</title>", "title", "]0;xShells", "control_characters"),
        ("<title>Shells &#xD800;</title>", "title", "Shells", "control_characters"),
        ("<title>Shells &#x110000;&#99999999999999999999;</title>", "title", "Shells", "control_characters"),
        ("<title>A</title><description>a\x01b</description>", "summary", "ab", "control_characters"),
        ("<title>A</title><description>&lt;p&gt;a&amp;#2;b\ufffe&lt;/p&gt;</description>", "summary", "ab", "control_characters"),
        ("<title>A</title><author>\x9bNadia</author>", "author", "Nadia", "control_characters"),
        (f"<title>{'Shells ' * 2000}</title>", "title", ("Shells " * (MAX_TITLE // 7)).strip(), "title_cut"),
        (f"<title>A</title><author>{'Nadia ' * 50_000}</author>", "author", ("Nadia " * (MAX_AUTHOR // 6)).strip(), "author_cut"),
        (f"<title>A</title><description>{'ab ' * 500_000}</description>", "summary", ("ab " * 33_333).strip(), "summary_cut"),
    ],
)  # fmt: skip
def test_how_an_entry_was_made_safe_is_said(item: str, field: str, kept: str, said: str) -> None:
    entry, good = parsed(rss(f"<item>{item}{LINK}</item>", GOOD)).entries
    assert getattr(entry, field) == kept
    assert entry.reduced == [said] and good.reduced == []
    assert said in REDUCED


def test_what_is_odd_but_safe_stays() -> None:
    odd = "=HYPERLINK(1) \u202egnp.exe\u202c \u200f@x 👩‍🚒"
    assert entry_of(f"<item><title>{odd}</title>{LINK}</item>").title == odd


@pytest.mark.parametrize("size", [1 << 20, 10 << 20])
def test_megabytes_on_a_line_and_in_an_attribute(size: int) -> None:
    found = parsed(rss(f"<item><title>{'A' * size}</title>{LINK}</item>", GOOD))
    assert [len(e.title) for e in found.entries] == [MAX_TITLE, 4]
    found = parsed(
        rss(f"<item><title x='{'A' * size}'>B</title><link href='http://x.example/{'a' * size}'/></item>", GOOD)
    )
    assert [e.title for e in found.entries] == ["Good"]
    (reject,) = found.rejects
    assert reject.reason == "bad_link" and len(reject.input) < 3000


def test_bounds_are_in_order() -> None:
    assert MAX_AUTHOR < MAX_TITLE < MAX_WORDS and MAX_URL == 4_000


# --- entities, and what is never opened ---------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        "<!DOCTYPE rss [<!ENTITY x SYSTEM '{}'>]>{}&x;",
        "<!DOCTYPE rss SYSTEM '{}'>{}",
        "<!DOCTYPE rss PUBLIC 'a' '{}'>{}&x;",
        "<!DOCTYPE rss [<!ENTITY % p SYSTEM '{}'> %p;]>{}&x;",
        "<?xml-stylesheet href='{}'?>{}",
        "{1}<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{0}' parse='text'/>",
        "{1}<item xml:base='{0}'><link>x</link></item>",
        "{1}<item><title>x</title><content src='{0}'/><enclosure url='{0}'/></item>",
    ],
)
def test_nothing_that_a_feed_names_is_opened(document: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("hunter2")
    with serving(b"HTTP/1.0 200 OK\r\n\r\nhunter2") as server:
        for address in (f"{server.url}/canary", canary.as_uri(), str(canary)):
            body = document.format(address, f"<rss version='2.0'><channel><title>t</title>{GOOD}")
            for whole in (f"{body}</channel></rss>", f"<?xml version='1.0'?>\n{body}</channel></rss>"):
                found = parsed(whole)
                assert "Good" in [e.title for e in found.entries]
                assert "hunter2" not in repr(found)
        sitemap = f"<!DOCTYPE urlset [<!ENTITY x SYSTEM '{canary.as_uri()}'>]><urlset><url><loc>http://x.example/&x;</loc></url></urlset>"
        assert "hunter2" not in repr(parsed(sitemap))
        assert server.connections == 0


def test_entities_grow_no_further_than_they_are_long() -> None:
    quadratic = f"<!DOCTYPE rss [<!ENTITY a '{'ha' * 50_000}'>]>"
    found = parsed(rss(f"<item><title>{'&a;' * 10_000}</title>{LINK}</item>", GOOD, head=quadratic))
    assert [e.title for e in found.entries][-1] == "Good"
    assert sum(len(e.title) for e in found.entries) < 3 * MAX_TITLE


def test_entities_of_html_and_of_the_document_itself() -> None:
    own = "<!DOCTYPE rss [<!ENTITY town 'Idlib'><!ENTITY cubed '&#179;'>]>"
    item = f"<item><title>&town;&nbsp;&eacute;&cubed;&hellip;&nosuch;</title>{LINK}</item>"
    assert entry_of(item.replace("&town;", "").replace("&cubed;", "")).title == "é…&nosuch;"
    assert parsed(rss(item, head=own)).entries[0].title == "Idlib é³…&nosuch;"


# --- many and deep ------------------------------------------------------------------------------------


def test_parameters_of_an_address_are_no_references() -> None:
    told = "http://orontes.example/s.php?id=7&lang=ar&copy=1&section=2&order=3"
    found = parsed(rss(f"<item><title>Q&A on R&D, AT&amp;T &eacute; & &copy 5</title><link>{told}</link></item>", GOOD))
    assert (found.entries[0].url, found.entries[0].title) == (told, "Q&A on R&D, AT&T é & © 5")
    assert len(found.entries) == 2
    (entry,) = parsed(rss(f"<item><title>A & B</title><guid>{told}</guid></item>")).entries
    assert (entry.url, entry.guid) == (told, told)
    (entry,) = parsed(f"<feed><entry><title>A & B</title><link href='{told}'/></entry></feed>").entries
    assert entry.url == told


@pytest.mark.parametrize("unit", ["<![CDATA[", "&a=", "<![CDATA[&copy=", "&" + "a" * 60])
def test_ampersands_and_sections_without_an_end_take_no_time(unit: str) -> None:
    started = time.thread_time()
    _written_out(unit * 200_000)
    assert time.thread_time() - started < 5


def test_of_a_hundred_thousand_entries_the_newest_are_kept() -> None:
    def item(n: int) -> str:
        when = datetime.fromtimestamp(1_500_000_000 + n * 60, timezone.utc).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return f"<item><title>A{n}</title><link>http://orontes.example/{n}</link><pubDate>{when}</pubDate></item>"

    order = [*range(1, 30_000, 2), *range(0, 30_000, 2)]
    found = parse_feed(rss(*map(item, order)).encode(), {}, FEED.url, FEED, NOON, max_entries=10)
    assert sorted(e.title for e in found.entries) == [f"A{n}" for n in range(29_990, 30_000)]
    assert (found.problem, found.error) == ("truncated", "30000 entries, of which the newest 10 were used")
    undated = rss(*(f"<item><title>A{n}</title><link>http://orontes.example/{n}</link></item>" for n in range(100_000)))
    assert [e.title for e in parsed(undated).entries[:2]] == ["A0", "A1"]


@pytest.mark.parametrize(
    ("dates", "kept"),
    [
        ([1.0, 3.0, 2.0], [1, 2]), ([None, None, None], [0, 1]), ([None, 5.0, None], [0, 1]), ([3.0, None, 4.0], [0, 2]),
        ([1.0], [0]), ([2.0, 2.0, 2.0], [0, 1]),
    ],
)  # fmt: skip
def test_newest(dates: list[float | None], kept: list[int]) -> None:
    assert newest(dates, 2) == kept


def test_fifty_thousand_nested_elements_are_text() -> None:
    deep = "<item><title>A</title>" + "<a>" * 50_000 + "x" + "</a>" * 50_000 + f"{LINK}</item>"
    assert [e.title for e in parsed(rss(deep, GOOD)).entries] == ["A", "Good"]
    content = f"<item><title>A</title>{LINK}<description>{'<b>' * 50_000}deep{'</b>' * 50_000}</description></item>"
    assert [e.title for e in parsed(rss(content, GOOD)).entries] == ["A", "Good"]


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("0000-01-01T00:00:00Z", None), ("9999-12-31T23:59:59Z", None), ("99999-01-01T00:00:00Z", None), ("../../etc", None),
        ("1536660000", at("2018-09-11T10:00:00")), ("1536660000000", at("2018-09-11T10:00:00")), ("1970-01-01", None),
        ("2018-09-11", at("2018-09-11T00:00:00")), ("Mon, 31 Feb 2018 10:00:00 GMT", None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_absurd_dates_are_no_dates(date: str, published: float | None) -> None:
    assert entry_of(f"<item><title>A</title>{LINK}<pubDate>{date}</pubDate></item>").published == published
    told = {"items": [{"id": "1", "url": "http://orontes.example/1", "title": "A", "date_published": date}]}
    assert parsed(json.dumps(told)).entries[0].published == published


@pytest.mark.parametrize(
    ("date", "language", "published"),
    [
        ("11 أيلول 2018 10:00", "ar", at("2018-09-11T10:00:00")), ("11 Eylül 2018, 10:00", "tr", at("2018-09-11T10:00:00")),
        ("09/11/2018 10:00", "en-US", at("2018-09-11T10:00:00")), ("١١ أيلول ٢٠١٨", "ar", at("2018-09-11T12:00:00")),
    ],
)  # fmt: skip
def test_dates_in_the_words_of_the_feed_s_language(date: str, language: str, published: float) -> None:
    item = f"<item><title>A</title>{LINK}<pubDate>{date}</pubDate></item>"
    assert parsed(rss(f"<language>{language}</language>", item)).entries[0].published == published
    told = {"id": "1", "url": "http://orontes.example/1", "title": "A", "date_published": date}
    assert parsed(json.dumps({"items": [told], "language": language})).entries[0].published == published


@pytest.mark.parametrize(
    ("date", "language", "published"),
    [
        ("11-09-2018 10:00", "tr", at("2018-09-11T10:00:00")), ("07-09-2018 09:30", "fr", at("2018-09-07T09:30:00")),
        ("11-09-2018", "tr", at("2018-09-11T12:00:00")), ("11-09-18", "ar", at("2018-09-11T12:00:00")),
        ("11-09-2018T10:00:00", "tr", at("2018-09-11T10:00:00")), ("11.09.2018 - 10:00", "tr", at("2018-09-11T10:00:00")),
        ("2018/09/11 10:00", "tr", at("2018-09-11T10:00:00")), ("2018.9.7", "ar", at("2018-09-07T12:00:00")),
        ("09/07/2018 10:00", "en-US", at("2018-09-07T10:00:00")), ("09/07/2018 10:00", "en", at("2018-07-09T10:00:00")),
        ("09/07/2018 10:00 PM", "en", at("2018-09-07T22:00:00")), ("31/31/2018", "en", None), ("2018/31/31", "en", None),
    ],
)  # fmt: skip
def test_a_date_in_numbers_is_read_in_the_order_of_its_language(
    date: str, language: str, published: float | None
) -> None:
    item = f"<item><title>A</title>{LINK}<pubDate>{date}</pubDate></item>"
    assert parsed(rss(f"<language>{language}</language>", item)).entries[0].published == published
    told = {"id": "1", "url": "http://orontes.example/1", "title": "A", "date_published": date}
    assert parsed(json.dumps({"items": [told], "language": language})).entries[0].published == published


def test_an_afternoon_behind_the_words_of_rfc_822() -> None:
    item = f"<item><title>A</title>{LINK}<pubDate>Mon, 10 Sep 2018 03:00 PM</pubDate></item>"
    assert parsed(rss(item)).entries[0].published == at("2018-09-10T15:00:00")


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("CET", 9), ("CEST", 8), ("EET", 8), ("EEST", 7), ("BST", 9), ("TRT", 7), ("msk", 7), ("UTC+3", 7), ("UTC+03:00", 7), ("GMT+3", 7),
     ("UTC-3", 13), ("(EET)", 8), ("EST", 15), ("+0300", 7), ("GMT", 10), ("UTC", 10)],
)  # fmt: skip
def test_zones_by_name_are_no_utc(zone: str, hour: int) -> None:
    item = f"<item><title>A</title>{LINK}<pubDate>Mon, 10 Sep 2018 10:00:00 {zone}</pubDate></item>"
    assert parsed(rss(item)).entries[0].published == at(f"2018-09-10T{hour:02}:00:00")


def test_more_entries_have_room_for_more_tags() -> None:
    items = "<item><title>A</title></item>" * (MAX_TAGS // 2) + GOOD
    assert parsed(rss(items)).problem == "truncated"
    whole = parse_feed(rss(items).encode(), {}, FEED.url, FEED, NOON, max_entries=MAX_TAGS)
    assert (whole.problem, [e.title for e in whole.entries]) == (None, ["Good"])


# --- JSON Feed ----------------------------------------------------------------------------------------


def test_json_feed() -> None:
    found = parsed(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Orontes",
                "language": "ar",
                "items": [
                    {
                        "id": 17, "url": "/2018/a?utm_source=x", "external_url": "http://other.example/", "title": "2 < 3 & <b>",
                        "summary": "S", "content_html": "<p>One</p><p>Two</p>", "content_text": "unused", "language": "fr-FR",
                        "date_published": "2018-09-11T10:00:00+03:00", "date_modified": "2018-09-11T08:00:00Z",
                        "authors": [{"name": "Nadia Halabi"}, {"url": "x"}, {"name": "Rim Tahhan"}],
                    },
                    {"id": "http://orontes.example/b", "content_text": "a < b", "author": {"name": "Old Form"}},
                    "no item",
                    {"title": "nothing else"},
                ],
            }
        )
    )  # fmt: skip
    first, second = found.entries
    assert (first.url, first.canonical_url, first.guid) == (
        "http://orontes.example/2018/a?utm_source=x", "http://orontes.example/2018/a", "17",
    )  # fmt: skip
    assert (first.title, first.summary, first.content) == ("2 < 3 & <b>", "S", "One\n\nTwo")
    assert (first.author, first.language) == ("Nadia Halabi, Rim Tahhan", "fr")
    assert (first.published, first.updated) == (at("2018-09-11T07:00:00"), at("2018-09-11T08:00:00"))
    assert (second.url, second.content, second.author, second.language) == (
        "http://orontes.example/b", "a < b", "Old Form", "ar",
    )  # fmt: skip
    assert [r.reason for r in found.rejects] == ["no_identity"]
    assert (found.problem, found.language) == (None, "ar")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"items":' + "[" * 1_000_000, "values"), ("[" * 100_000, "nested"), ('{"a":1}', "no JSON Feed"), ("[1,2]", "no JSON Feed"),
        ('{"items":[', "no valid JSON"), ('{"items":{}}', "no JSON Feed"), ("{x}", "no valid JSON"),
    ],
)  # fmt: skip
def test_json_that_is_no_feed(body: str, said: str) -> None:
    found = parsed(body)
    assert found.problem == "not_a_feed" and said in (found.error or "")


def test_json_with_what_breaks_parsers() -> None:
    huge = (
        '{"items":[{"id":'
        + "9" * (5 << 20)
        + ',"url":"http://orontes.example/1","title":"\\ud800Sh\\udc00ells \\ud83d\\ude00\\u0000"}]}'
    )
    (entry,) = parsed(huge).entries
    assert (entry.title, entry.guid, entry.reduced) == ("Shells 😀", None, ["control_characters"])
    odd = '{"items":[{"id":NaN,"url":["x"],"title":{},"content_html":7,"authors":"x","date_published":false}], "title":[]}'
    assert [e.content for e in parsed(odd).entries] == ["7"]
    assert parsed('{"version":"https://jsonfeed.org/version/1"}').problem is None


# --- sitemaps -----------------------------------------------------------------------------------------

NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>http://orontes.example/a</loc>
<image:image><image:loc>http://orontes.example/a.jpg</image:loc><image:title>A photo</image:title></image:image>
<news:news><news:publication><news:name>Orontes &amp; Sons</news:name><news:language>tr</news:language></news:publication>
<news:publication_date>2018-09-11T10:00:00+03:00</news:publication_date><news:title>Shells &amp;amp; smoke</news:title></news:news>
<lastmod>2018-09-11T09:00:00Z</lastmod></url><url><loc>http://orontes.example/b</loc></url></urlset>"""


def test_google_news_sitemap() -> None:
    found = parse_feed(
        NEWS.encode(),
        {},
        "http://orontes.example/news.xml",
        FEED.__class__(url="http://orontes.example/news.xml"),
        NOON,
    )
    first, second = found.entries
    assert (first.url, first.title, first.language, first.outlet) == (
        "http://orontes.example/a", "Shells & smoke", "tr", "Orontes & Sons",
    )  # fmt: skip
    assert (first.published, first.updated) == (at("2018-09-11T07:00:00"), at("2018-09-11T09:00:00"))
    assert (second.url, second.title, second.published) == ("http://orontes.example/b", "", None)
    assert found.problem is None


def test_a_plain_sitemap_says_when_a_page_changed_not_when_it_was_published() -> None:
    body = "<urlset><url><loc>http://orontes.example/a</loc><lastmod>2018-09-11</lastmod></url></urlset>"
    (entry,) = parsed(body).entries
    assert (entry.published, entry.updated) == (None, at("2018-09-11T00:00:00"))


def test_one_stamp_for_all_pages_says_nothing_of_them() -> None:
    pages = "".join(
        f"<url><loc>http://orontes.example/{n}</loc><lastmod>2018-09-11T10:00:00Z</lastmod></url>" for n in range(5)
    )
    assert {e.updated for e in parsed(f"<urlset>{pages}</urlset>").entries} == {None}


def test_a_sitemap_in_gzip_that_is_broken() -> None:
    body = gzip.compress(NEWS[: NEWS.index("</urlset>")].replace("Sons", "Sons & more").encode())
    found = parsed(body, content_type="application/gzip")
    assert [e.url for e in found.entries] == ["http://orontes.example/a", "http://orontes.example/b"]
    assert found.problem == "truncated"


def test_pages_within_pages_of_a_sitemap_are_none_and_take_no_time() -> None:
    page = "<url><loc>http://orontes.example/a</loc><url><loc>http://orontes.example/b</loc></url></url>"
    assert [e.url for e in parsed(f"<urlset>{page}</urlset>").entries] == ["http://orontes.example/a"]
    deep = f"<urlset>{'<url>' * 200}{'<a/>' * 200_000}{'</url>' * 200}</urlset>"
    started = time.thread_time()
    assert parsed(deep).entries == []
    assert time.thread_time() - started < 3  # each of the 200 was read with all within it: 12 s


def test_of_a_sitemap_no_more_pages_are_looked_at_than_one_may_have() -> None:
    page = "<url><loc>http://orontes.example/a</loc></url>"
    found = parsed(f"<urlset>{page * (MAX_PAGES + 1)}</urlset>")
    assert (found.problem, found.error) == ("truncated", "more than 50,000 pages")


def test_a_list_of_sitemaps_is_not_followed_and_says_what_to_do() -> None:
    body = "<sitemapindex><sitemap><loc>http://orontes.example/sitemap-news.xml</loc></sitemap></sitemapindex>"
    found = parsed(body)
    assert found.problem == "not_a_feed"
    assert "feed list, such as http://orontes.example/sitemap-news.xml" in (found.error or "")


# --- what is no feed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF"), (b"\x00\x00\x00\x18ftypmp42", "a video"), (b"\x1aE\xdf\xa3\x01", "a video"),
        (b"<!doctype html><html><body><item>x</item></body></html>", "an HTML page"), (b"\x89PNG\r\n", "an image"),
        (b"PK\x03\x04", "a ZIP archive"), (b"", "empty"), (b"\x00\x00", "empty"), (b"<foo><bar/></foo>", "<foo>"),
        (gzip.compress(gzip.compress(b"<rss/>", mtime=0), mtime=0), "more than once"), (gzip.compress(b"\0" * (MAX_UNPACKED + 1), mtime=0), "compressed"),
        (gzip.compress(b"<rss/>", mtime=0)[:-10], "<rs"), (b"\x1f\x8bgarbage", "damaged"), (b"Too many connections", "no tag"),
        (zlib.compress(b"<rss/>"), "no tag"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_named(body: bytes, said: str) -> None:
    found = parsed(body)
    assert found.problem == "not_a_feed" and said in (found.error or "")


# --- hints --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ttl", "period", "frequency", "seconds"),
    [
        ("60", "", "", 3600), (" 30 minutes", "", "", 1800), ("-5", "", "", 0), ("10" * 20, "", "", MAX_TTL), ("x", "", "", 0),
        ("", "hourly", "2", 1800), ("", "hourly", "", 3600), ("10", "hourly", "1", 3600), ("", "daily", "24", 3600),
        ("", "yearly", "1", MAX_TTL), ("", "", "4", 21_600), ("", "hourly", "-1", 3600), ("", "hourly", "0", 3600),
        ("", "often", "1", 0), ("1e99", "", "", 60), (None, None, None, 0), ("", "HOURLY ", "١", 3600), ("nan", "", "inf", 0),
    ],
)  # fmt: skip
def test_how_long_a_feed_asks_to_wait(ttl: str, period: str, frequency: str, seconds: float) -> None:
    assert hints(ttl, period, frequency, [], []).ttl == seconds


@pytest.mark.parametrize(
    ("hours", "days", "skipped"),
    [
        (["0", "24", " 7 ", "23:00"], [], ((0, 7, 23), ())),
        (["25", "-1", "x", "", "7.5"], [], ((), ())),
        ([str(n) for n in range(24)], ["Monday"], ((), (0,))),
        ([], ["Sunday", "sat", " TUESDAY", "1", "noday", "8"], ((), (0, 1, 5, 6))),
        ([], ["0"], ((), (6,))),
        ([], ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ((), ())),
    ],
)
def test_hours_and_days_to_skip(
    hours: list[str], days: list[str], skipped: tuple[tuple[int, ...], tuple[int, ...]]
) -> None:
    found = hints("", "", "", hours, days)
    assert (found.skip_hours, found.skip_days) == skipped


@pytest.mark.parametrize("sloppy", ["", "<broken>"])
def test_hints_of_a_feed(sloppy: str) -> None:
    body = rss(
        "<ttl>15</ttl><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
        "<skipHours><hour>3</hour><hour>24</hour></skipHours><skipDays><day>Friday</day></skipDays>" + GOOD + sloppy
    ).replace("<rss ", "<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' ")
    found = parsed(body).hints
    assert (found.ttl, found.skip_hours, found.skip_days) == (1800.0, (0, 3), (4,))


# --- what feedparser puts in the wrong place ----------------------------------------------------------

MEDIA = (
    "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>"
    "<channel><item><title>Ferry runs again</title><link>http://orontes.example/1</link>{}</item></channel></rss>{}"
)
CAPTION = "<media:title>Quay</media:title><media:description type='plain'>The ferry at the quay.</media:description>"
SAID = "<description>The ferry over the Orontes runs again.</description>"
SUNG = "<itunes:summary>Twenty minutes on the ferry.</itunes:summary>"


@pytest.mark.parametrize("sloppy", ["", "<br> & <"])
@pytest.mark.parametrize(
    ("item", "summary"),
    [
        (SAID + CAPTION, "The ferry over the Orontes runs again."),
        (CAPTION + SAID, "The ferry over the Orontes runs again."),
        (f"<media:group>{CAPTION}</media:group>{SAID}", "The ferry over the Orontes runs again."),
        (SAID + SUNG, "The ferry over the Orontes runs again."),
        (SUNG + SAID, "The ferry over the Orontes runs again."),
        (SUNG + CAPTION, "Twenty minutes on the ferry."),
        (f"<media:group>{CAPTION}</media:group>", "The ferry at the quay."),  # a channel of videos tells no more
    ],
)
def test_a_caption_is_no_content(item: str, summary: str, sloppy: str) -> None:
    (entry,) = parsed(MEDIA.format(item, sloppy)).entries
    assert (entry.title, entry.summary, entry.content) == ("Ferry runs again", summary, "")


@pytest.mark.parametrize(
    "links",
    [
        "<link href='/a'/><link rel='alternate' hreflang='ar' href='/ar/a'/>",
        "<link rel='alternate' hreflang='ar' href='/ar/a'/><link href='/a'/><link rel='alternate' hreflang='tr' href='/tr/a'/>",
        "<link rel='alternate' type='application/json' href='/a.json'/><link href='/a'/><link hreflang='ar' href='/ar/a'/>",
        "<link hreflang='en' href='/a'/>",
    ],
)
def test_the_link_to_a_translation_is_not_the_entry_s(links: str) -> None:
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title><id>tag:1</id>{links}</entry></feed>"
    assert [e.url for e in parsed(feed, url="http://orontes.example/atom").entries] == ["http://orontes.example/a"]


@pytest.mark.parametrize(
    ("feed", "link", "own"),
    [
        ("https://xn--mnchen-3ya.example/rss", "https://münchen.example/1", True),
        ("https://münchen.example/rss", "https://www.XN--mnchen-3ya.example/1", True),
        ("https://feeds.content.dowjones.io/public/rss", "https://orontes.example/1", True),
        ("https://rsshub.app/orontes", "https://orontes.example/1", True),
        ("https://other.example/rss", "https://orontes.example/1", False),
        ("https://orontes.example/rss", "https://orontes.test/1", True),
        ("https://orontes.wordpress.com/feed", "https://orontes.example/1", False),
    ],
)
def test_whom_a_feed_may_speak_for(feed: str, link: str, own: bool) -> None:
    assert (site_of(link) in own_sites(feed, [link, link])) == own
