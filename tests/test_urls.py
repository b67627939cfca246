"""One article, many URLs: the table of tests/urls, and what holds for any URL."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.samples import an_entry
from tests.urls import Pair, load
from transforms.canonical import canonical_url, registered_domain
from transforms.identity import article_id, may_name, settled_identity, without_credentials
from transforms.redirectors import hides_target, resolved, target

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
     ("a.b.example", "b.example"), ("2001:db8::1", None), ("qalaa.blogspot.com", "qalaa.blogspot.com"),
     ("qalaa.blogspot.co.uk", "qalaa.blogspot.co.uk"), ("m.qalaa.blogspot.fr", "qalaa.blogspot.fr"), ("blogspot.fr", "blogspot.fr"),
     ("qalaa.substack.com", "qalaa.substack.com"), ("www.qalaa.free.fr", "qalaa.free.fr"), ("www.substack.com", "substack.com"),
     ("m.wordpress.com", "wordpress.com"), ("notsubstack.com", "notsubstack.com")],
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
        # within a site: its number was asked for, or its headline
        ("https://ghabdaily.com/?p=12", A + "-begin", None, A + "-begin"),
        ("https://ghabdaily.com/node/4512", A + "-begin", None, A + "-begin"),
        ("https://ghabdaily.com/article.php?id=7", A + "-begin.html", None, A + "-begin.html"),
        ("https://ghabdaily.com/idlib-talks-begin", A + "-begin-today", None, A + "-begin-today"),
        (
            "https://ghabdaily.com/world/45484112",
            "https://ghabdaily.com/world/idlib-45484112",
            None,
            "https://ghabdaily.com/world/idlib-45484112",
        ),
        (
            "https://ghabdaily.com/a-b-c-45484112",
            "https://ghabdaily.com/x-y-z-45484112",
            None,
            "https://ghabdaily.com/x-y-z-45484112",
        ),
        # dead links that lead to whatever is latest, or nowhere
        (
            "https://ghabdaily.com/2018/09/bakers-strike-in-harem",
            A + "-begin",
            None,
            "https://ghabdaily.com/2018/09/bakers-strike-in-harem",
        ),
        (
            "https://ghabdaily.com/a-b-c-45484112",
            "https://ghabdaily.com/a-b-c-45484113",
            None,
            "https://ghabdaily.com/a-b-c-45484112",
        ),
        ("https://ghabdaily.com/latest", A + "-begin", None, "https://ghabdaily.com/latest"),
        ("https://ghabdaily.com/?p=12", "https://ghabdaily.com/page-not-found", None, "https://ghabdaily.com/?p=12"),
        ("https://ghabdaily.com/?p=12", "https://ghabdaily.com/world", None, "https://ghabdaily.com/?p=12"),
        (
            "https://ghabdaily.com/ar/?p=12",
            "https://ghabdaily.com/en/idlib-talks-begin",
            None,
            "https://ghabdaily.com/ar?p=12",
        ),
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


G = "https://www.ghabdaily.com"


@pytest.mark.parametrize(
    ("own", "claim", "believed"),
    [
        ("/2018/09/idlib-talks", "/2018/09/idlib-talks", True),
        ("/2018/09/idlib-talks", "/2018/09/talks-on-idlib", True),
        ("/2018/09/ceasefire", "/ceasefire", True),  # the same headline in another place
        ("/?p=12", "/ceasefire", True),
        ("/idlib-talks-begin?campaign=7", "/idlib-talks-begin", True),  # a counter that we do not know
        ("/live/idlib-12-september-2018/post/7", "/live/idlib-12-september-2018", True),
        ("/2018/09/idlib-talks", "/", False),
        ("/2018/09/idlib-talks", "/?utm_source=x", False),
        ("/world/idlib-talks-begin", "/world", False),  # its section
        ("/world/middle-east/idlib-talks-begin", "/world/middle-east", False),
        ("/2018/09/idlib-talks", "/middle-east", False),
        ("/article.php?id=7", "/article.php", False),  # the script that shows them all
        ("/article.php?id=7", "/article.php?id=7", True),
        ("/#!/article/7", "/app", True),
        ("/2018/09/idlib-talks", "https://edition.ghabdaily.com/2018/09/idlib-talks", True),  # one publisher
        ("/2018/09/idlib-talks", "https://arabic.ghabdaily.com/2018/09/idlib-talks", False),  # another language
        ("/ar/2018/idlib-talks", "/en/2018/idlib-talks", False),
        ("/ar/2018/idlib-talks", "/2018/idlib-talks", True),
        ("/2018/09/idlib-talks", "https://www.ghabdaily.com:8443/2018/09/idlib-talks", False),
        ("/2018/09/idlib-talks", "https://orontespost.co.uk/2018/09/idlib-talks", False),
        ("/2018/09/idlib-talks", "https://ghabdaily.com.evil.example/2018/09/idlib-talks", False),
        ("/2018/09/idlib-talks", "https://x:y@www.ghabdaily.com/2018/09/idlib-talks", False),
        ("/2018/09/idlib-talks", "https://www.google.com/url?q=https://orontespost.co.uk/a-b", False),
        ("/2018/09/idlib-talks", "/404.html", False),
        ("https://qalaa.blogspot.com/2018/09/a.html", "https://orontes.blogspot.com/2018/09/a.html", False),
        ("https://qalaa.wordpress.com/2018/09/a", "https://orontes.wordpress.com/2018/09/a", False),
        ("https://qalaa.substack.com/p/a-b-c", "https://orontes.substack.com/p/a-b-c", False),
        ("https://qalaa.free.fr/2018/a-b-c", "https://orontes.free.fr/2018/a-b-c", False),
        ("https://qalaa.blogspot.co.uk/2018/09/a.html", "https://orontes.blogspot.co.uk/2018/09/a.html", False),
        ("https://www.bbc.co.uk/news/world-1234567", "https://www.bbc.com/news/world-1234567", True),
        ("http://192.0.2.7/2018/a-b-c", "http://192.0.2.8/2018/a-b-c", False),
    ],
)
def test_which_claims_of_a_page_are_believed(own: str, claim: str, believed: bool) -> None:
    own, claim = (url if "://" in url else G + url for url in (own, claim))
    assert may_name(own, claim) is believed


def test_a_link_that_leads_to_another_sites_section_names_no_article() -> None:
    entry = an_entry("e", url=G + "/2018/09/idlib-talks", canonical_url=G + "/2018/09/idlib-talks")
    assert settled_identity(entry, None, "https://orontespost.co.uk/news") == (entry.canonical_url, "e")


def test_a_guid_keeps_no_password() -> None:
    assert without_credentials("https://user:pass@ghab.example/a@b") == "https://ghab.example/a@b"
    assert without_credentials("//user@ghab.example/") == "//ghab.example/"
    assert without_credentials("tag:nadia@ghab.example,2018:7") == "tag:nadia@ghab.example,2018:7"


def test_a_redirectors_target_is_what_is_asked_for() -> None:
    assert resolved("https://www.google.com/url?q=" + A) == A
    assert resolved(A) == A


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_claim_of_any_page_is_believed_or_not(own: str, claim: str) -> None:
    assert may_name(own, claim) in (True, False)
    assert may_name("https://a.example/" + own, "https://b.example/" + claim) in (True, False)


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
