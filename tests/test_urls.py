"""One article, many URLs: the table of tests/urls, and what holds for any URL."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.samples import an_entry
from tests.urls import Pair, load
from transforms.canonical import canonical_url, registered_domain
from transforms.identity import article_id, settled_identity
from transforms.redirectors import hides_target, target

PAIRS = load()
A = "https://ghabdaily.com/2018/09/idlib-talks"


def name(url: str) -> str | None:
    return article_id(canonical_url(url), "https://ghabdaily.com/feed", None)


def test_the_table_is_large_enough() -> None:
    assert len(PAIRS) >= 200 and len(set(PAIRS)) == len(PAIRS)
    assert sum(pair.same for pair in PAIRS) >= 120 and sum(not pair.same for pair in PAIRS) >= 60


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.why}-{pair.second[-40:]}")
def test_pair(pair: Pair) -> None:
    first, second = name(pair.first), name(pair.second)
    assert first is not None and second is not None
    assert (first == second) is pair.same


@pytest.mark.parametrize("url", sorted({url for pair in PAIRS for url in pair[1:3]}))
def test_canonical_is_a_fixed_point(url: str) -> None:
    once = canonical_url(url)
    assert once is not None and canonical_url(once) == once


_PART = st.text(st.sampled_from("abmp./%2e~;=&?#!@:٠é\u200f\ud800 "), max_size=12)


@given(
    st.sampled_from(["http://", "https://", "HTTP://", "//", ""]),
    st.sampled_from(["", "m.", "www."]),
    _PART,
    _PART,
    _PART,
)
@example("https://", "", "www.google.com/url?q=http://u:p@x.example/", "", "")
def test_any_text_has_one_canonical_url_or_none(scheme: str, mobile: str, host: str, path: str, query: str) -> None:
    once = canonical_url(f"{scheme}{mobile}{host}.example/{path}?{query}")
    if once is not None:
        assert canonical_url(once) == once
        assert "@" not in once.split("/")[2]


@pytest.mark.parametrize(
    ("host", "domain"),
    [("news.bbc.co.uk", "bbc.co.uk"), ("m.co.uk", "m.co.uk"), ("co.uk", None), ("localhost", None), ("192.0.2.7", None),
     ("a.b.example", "b.example"), ("2001:db8::1", None), ("qalaa.blogspot.com", "qalaa.blogspot.com")],
)  # fmt: skip
def test_registered_domain(host: str, domain: str | None) -> None:
    assert registered_domain(host) == domain


@pytest.mark.parametrize(
    ("link", "found", "declared", "settled"),
    [
        (A, A, None, A),
        (A, A, A + "-2", A + "-2"),  # the site knows its own addresses
        (A, A, "https://ghabdaily.com/", A),  # of every page, by mistake
        (A, A, "https://orontespost.co.uk/idlib-talks", A),  # another outlet's article
        (A, A, "not a url", A),
        (A, "https://ghabdaily.com/login?next=idlib", None, A),
        ("https://t.co/Ab1cD2", A, None, A),  # a redirector that hides its target
        ("https://feedproxy.google.com/~r/ghab/~3/x", A + "?utm_source=feedburner", None, A),
        ("https://t.co/Ab1cD2", "https://ghabdaily.com/", None, "https://t.co/Ab1cD2"),
        ("https://t.co/Ab1cD2", "https://consent.ghabdaily.com/check?x=1", None, "https://t.co/Ab1cD2"),
        ("https://ghab-old.com/1", A, None, A),  # the site has moved
        ("https://ghab-old.com/1", A, A + "-2", A + "-2"),
        ("https://ghab-old.com/1", A, "https://ghab-old.com/2", A),  # the page is of the new site now
        ("https://ghabdaily.com/?p=12", A, None, "https://ghabdaily.com/?p=12"),  # within a site the page says it
        ("https://ghabdaily.com/?p=12", A, A, A),
    ],
)
def test_whose_article_a_page_is(link: str, found: str, declared: str | None, settled: str) -> None:
    own = article_id(canonical_url(link), "", None)
    assert own is not None
    entry = an_entry(own, url=link, canonical_url=canonical_url(link))
    url, article = settled_identity(entry, declared, found)
    assert url == settled
    assert article == article_id(settled, entry.feed_url, None)


def test_an_entry_without_a_link_keeps_its_own_id() -> None:
    entry = an_entry("e", url=None, canonical_url=None)
    assert settled_identity(entry, A, "") == (None, "e")


@pytest.mark.parametrize(
    "url", ["https://www.google.com/url?q=javascript:alert(1)", "https://www.google.com/search?q=https://x.example/",
            "https://notgoogle.com/url?q=https://x.example/", "https://www.google.evil.example/url?q=https://x.example/",
            "https://l.facebook.com/l.php", "https://[/url?q=google."],
)  # fmt: skip
def test_what_leads_nowhere(url: str) -> None:
    assert target(url) is None


def test_what_hides_its_target() -> None:
    assert hides_target("https://t.co/x") and hides_target("https://news.google.com/rss/articles/CBM")
    assert not hides_target(A) and not hides_target("https://[")
