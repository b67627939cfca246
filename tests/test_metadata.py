"""What a page says of itself, and which of it is believed."""

from __future__ import annotations

import json
import time
from datetime import datetime, timezone
from typing import Any

import pytest
import trafilatura

from transforms.metadata import MAX_TITLE, metadata

URL = "https://www.ghabdaily.com/2018/09/11/idlib-talks"


def said(head: str = "", body: str = "", lang: str = "", url: str = URL) -> dict[str, Any]:
    page = f"<!DOCTYPE html><html lang='{lang}'><head>{head}</head><body>{body or '<p>Words.</p>'}</body></html>"
    return metadata(trafilatura.load_html(page), url)


def linked(*data: Any) -> str:
    return "".join(
        f"<script type='application/ld+json'>{d if isinstance(d, str) else json.dumps(d)}</script>" for d in data
    )


def first_date(found: dict[str, Any]) -> str | None:
    stated = found["published"]
    return datetime.fromtimestamp(stated[0].at, timezone.utc).isoformat()[:16] if stated else None


ARTICLE = {"@type": "NewsArticle", "headline": "Talks on Idlib", "datePublished": "2018-09-11T08:00:00Z", "author": {"name": "Nadia Halabi"},
           "publisher": {"@type": "Organization", "name": "Ghab Daily"}}  # fmt: skip
OTHER = {
    "@type": "NewsArticle",
    "headline": "Another",
    "datePublished": "2011-01-01",
    "url": "https://www.ghabdaily.com/other",
}


@pytest.mark.parametrize(
    "data",
    [
        (ARTICLE,), ([ARTICLE],), ([[ARTICLE]],), ({"@graph": [{"@type": "WebPage"}, ARTICLE]},), ({"@type": "WebPage", "mainEntity": ARTICLE},),
        ({"@type": "BreadcrumbList"}, ARTICLE), ({**ARTICLE, "@type": ["Article", "NewsArticle"]},), (OTHER, {**ARTICLE, "url": URL + "?utm_source=x"}),
        (OTHER, {**ARTICLE, "mainEntityOfPage": {"@id": URL}}), ("{broken", ARTICLE), ("[1, null, \"x\"]", ARTICLE),
        ({**ARTICLE, "@type": "LiveBlogPosting", "liveBlogUpdate": [OTHER]},), ("<!-- " + json.dumps(ARTICLE) + " -->",),
        ("//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",), (json.dumps(ARTICLE).replace("Talks on", "Talks\non"),),
        ({"@graph": [{**ARTICLE, "author": {"@id": "#n"}}, {"@type": "Person", "@id": "#n", "name": "Nadia Halabi"}]},),
        ("[" * 100_000, ARTICLE), ('{"n": ' + "9" * 100_000 + "}", ARTICLE),
    ],
    ids=range(18),
)  # fmt: skip
def test_the_article_of_json_ld(data: tuple[Any, ...]) -> None:
    found = said(linked(*data))
    assert (found["title"], found["author"], found["site"]) == ("Talks on Idlib", "Nadia Halabi", "Ghab Daily")
    assert first_date(found) == "2018-09-11T08:00"


@pytest.mark.parametrize(
    ("author", "wanted"),
    [
        (["Nadia Halabi", "Omar Tal"], "Nadia Halabi, Omar Tal"), ([{"name": "Nadia Halabi"}, {"name": "Nadia Halabi"}], "Nadia Halabi"),
        ("https://facebook.com/ghab", None), ({"url": "x"}, None), (7, None), ([], None), ({"name": ["Nadia Halabi"]}, None),
        ("Nadia\n\x1b[31m  Halabi\ud800", "Nadia [31m Halabi"), ([f"A{n}" for n in range(99)], ", ".join(f"A{n}" for n in range(10))),
    ],
)  # fmt: skip
def test_authors(author: Any, wanted: str | None) -> None:
    assert said(linked({**ARTICLE, "author": author}))["author"] == wanted


@pytest.mark.parametrize(
    ("head", "body", "wanted"),
    [
        ("<meta property='article:published_time' content='2018-09-11T11:00:00+03:00'>", "", "2018-09-11T08:00"),
        ("<meta itemprop='datePublished' content='2018-09-11T08:00:00Z'>", "", "2018-09-11T08:00"),
        (linked({"@type": "VideoObject", "uploadDate": "2018-09-11T08:00:00Z"}), "", "2018-09-11T08:00"),
        (linked({**ARTICLE, "datePublished": 1536652800}), "", "2018-09-11T08:00"),
        (linked({**ARTICLE, "datePublished": "soon", "dateModified": "2018-09-11T09:00:00Z"}), "", "2018-09-11T09:00"),
        ("<meta property='article:modified_time' content='2018-09-12T11:00:00Z'>", "<span class='post-date'>11 أيلول 2018 08:00</span>", "2018-09-11T08:00"),
        ("", "<article><time datetime='2018-09-11T08:00Z'>x</time></article>", "2018-09-11T08:00"),
        ("", "<time datetime='2018-09-12'></time><article><time datetime='2018-09-11T08:00Z'></time></article>", "2018-09-11T08:00"),
        ("", "<aside><time datetime='2018-09-10'></time></aside><div><time>11 Eylül 2018 08:00</time></div>", "2018-09-11T08:00"),
        ("", "<span itemprop='datePublished'>11 septembre 2018 à 8h00</span>", "2018-09-11T08:00"),
        ("", "<nav class='date'>10/09/2018</nav><div class='entry-meta'>By N. H. on <b>11 September 2018</b>, 08:00</div>", "2018-09-11T08:00"),
    ],
    ids=range(11),
)  # fmt: skip
def test_where_a_date_stands(head: str, body: str, wanted: str) -> None:
    assert first_date(said(head, body, lang="en", url="https://ghabdaily.com/idlib-talks")) == wanted


def test_a_page_without_a_date_states_none() -> None:
    assert said()["published"] is None


def test_dates_in_the_text_are_the_last_resort() -> None:
    text = "<p>Posted 11/09/2018</p><p>Words of the article that go on.</p>"
    assert first_date(said("", text, url="https://ghabdaily.com/idlib-talks")) == "2018-09-11T00:00"
    assert said("", text)["published"] is None  # the URL has the day


def canonical(href: str, head: str = "") -> str:
    return f"<link rel='canonical' href='{href}'>{head}"


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (canonical(URL + "-2"), URL + "-2"), (canonical("/2018/idlib-talks"), "https://www.ghabdaily.com/2018/idlib-talks"),
        ("<link rel='Canonical nofollow' href='/2018/idlib-talks'>", "https://www.ghabdaily.com/2018/idlib-talks"),
        ("<base href='/2018/'>" + canonical("idlib-talks"), "https://www.ghabdaily.com/2018/idlib-talks"),
        (f"<meta property='og:url' content='{URL}-2'>", URL + "-2"), (linked({**ARTICLE, "url": URL + "-2"}), URL + "-2"),
        (canonical("https://www.ghabdaily.com/", f"<meta property='og:url' content='{URL}-2'>"), URL + "-2"),
        (canonical("https://orontespost.co.uk/idlib", f"<meta property='og:url' content='{URL}-2'>"), URL + "-2"),
        (canonical("http://[", ""), None), (canonical(URL + "-2") + canonical(URL + "-3"), None), ("", None),
    ],
)  # fmt: skip
def test_which_canonical_url_a_page_declares(head: str, wanted: str | None) -> None:
    assert said(head)["canonical"] == wanted


def test_what_readers_write_declares_nothing() -> None:
    assert said("", f"<div class='comment'><link rel='canonical' href='{URL}-2'></div>")["canonical"] is None


def test_titles_are_bounded_and_in_one_line() -> None:
    assert said("", "<h1>Talks\n on <b>Idlib</b>\x07</h1>")["title"] == "Talks on Idlib"
    assert len(said("", f"<h1>{'word ' * 100_000}</h1>")["title"]) <= MAX_TITLE
    assert len(said(f"<meta property='og:title' content='{'word ' * 100_000}'>")["title"]) <= MAX_TITLE
    assert len(said(linked({**ARTICLE, "headline": "word " * 10_000}))["title"]) <= MAX_TITLE


def test_the_name_of_the_site() -> None:
    assert said("<meta property='og:site_name' content=' Ghab\nDaily '>" + linked(ARTICLE))["site"] == "Ghab Daily"
    assert said(linked({"@type": "WebSite", "name": "Ghab Daily"}))["site"] == "Ghab Daily"
    assert said()["site"] is None


def test_the_language_that_a_page_declares() -> None:
    assert said(lang="ar-SY")["language"] == "ar"
    assert said(linked({**ARTICLE, "inLanguage": "tr"}))["language"] == "tr"
    assert said("<meta property='og:locale' content='fr_FR'>")["language"] == "fr"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<meta name='date' content='1/1'>" * 20_000, ""), (linked(*[OTHER] * 5_000), ""), (linked([OTHER] * 3_000), ""), ("", "<h1>" * 5_000),
        ("", "<time>11/9/2018</time>" * 20_000), ("", "<div class='date'>" * 5_000 + "11/9/2018"), ("", "<span class='date'>x</span>" * 20_000),
        ("", "<p>" + "11/9/2018 " * 100_000 + "</p>"), ("<link rel='canonical' href='/x'>" * 20_000, ""), ("", "<p class='" + "date " * 100_000 + "'>x</p>"),
        (linked('{"a":' * 100_000), ""), ("<base href='/'>" * 10_000 + "<link rel='canonical' href='/2'>" * 10_000, ""),
    ],
    ids=range(12),
)  # fmt: skip
def test_what_would_take_long_does_not(head: str, body: str) -> None:
    began = time.process_time()
    said(head, body, lang="en")
    assert time.process_time() - began < 2.0
