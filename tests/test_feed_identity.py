"""What an entry of a feed is called: by its link, its GUID, its words; and whose word it is."""

from __future__ import annotations

import pytest

from schemas.reasons import REJECTS
from tests.samples import FEED, NOON
from tests.test_formats import LINK
from tests.test_parse import GOOD, entry_of, parsed, rss
from transforms.parse import parse_feed


@pytest.mark.parametrize(
    "where", ["<link>{}</link>", "<guid>{}</guid>", "<link href='{}'/>", "<guid>{}</guid><link>{}</link>"]
)
@pytest.mark.parametrize("words", ["", "<description>Shells fell.</description>"])
def test_a_password_in_a_link_is_kept_nowhere(where: str, words: str) -> None:
    link = "https://nadia:hunter2@orontes.example/1"
    found = parsed(rss(f"<item><title>A</title>{words}{where.replace('{}', link)}</item>", GOOD))
    assert "hunter2" not in repr(found) and b"hunter2" not in b"".join(r.input for r in found.rejects)
    if words:
        assert [(e.url, e.guid, e.reduced) for e in found.entries[:1]] == [(None, None, ["link_dropped"])]
    else:
        assert [r.reason for r in found.rejects] == ["bad_link"] and "bad_link" in REJECTS


def test_feedburner_names_the_page_itself() -> None:
    feedburner = rss(
        f"<item><title>A</title>{LINK}<feedburner:origLink>http://orontes.example/own?utm_medium=feed</feedburner:origLink></item>"
    ).replace("<rss ", "<rss xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0' ")
    assert parsed(feedburner).entries[0].canonical_url == "http://orontes.example/own"


def test_a_redirector_s_link_is_its_target_and_no_password_hides_in_it() -> None:
    link = "<link>https://www.google.com/url?q={}&amp;sa=U</link>"
    entry = entry_of(f"<item><title>A</title>{link.format('http://orontes.example/1')}</item>")
    assert (entry.url, entry.canonical_url) == ("http://orontes.example/1",) * 2
    hidden = parsed(rss(f"<item><title>A</title>{link.format('http://nadia:hunter2@orontes.example/1')}</item>"))
    assert [r.reason for r in hidden.rejects] == ["bad_link"]


def test_a_guid_that_is_no_permalink_is_no_link() -> None:
    guid = "http://orontes.example/?p=17"
    assert entry_of(f"<item><title>A</title><guid isPermaLink='false'>{guid}</guid></item>").url is None
    assert entry_of(f"<item><title>A</title><guid isPermaLink='true'>{guid}</guid></item>").url == guid
    assert entry_of("<item><title>A</title><guid>17</guid></item>").guid == "17"


def test_the_link_decides_where_a_guid_is_used_twice() -> None:
    items = [
        f"<item><title>A{n}</title><guid>same</guid><link>http://orontes.example/{n}</link></item>" for n in range(2)
    ]
    first, second = parsed(rss(*items)).entries
    assert first.article_id != second.article_id
    again = entry_of("<item><title>A0</title><guid>other</guid><link>http://orontes.example/0</link></item>")
    assert again.article_id == first.article_id


def test_words_decide_where_a_guid_without_link_is_used_twice() -> None:
    items = [f"<item><title>A{n}</title><description>Text {n}</description><guid>same</guid></item>" for n in range(2)]
    assert len({e.article_id for e in parsed(rss(*items)).entries}) == 2


def test_an_entry_without_link_and_guid_is_known_by_its_words() -> None:
    item = "<item><title>A</title><description>Shells fell.</description></item>"
    assert entry_of(item).article_id == entry_of(item).article_id
    assert entry_of(item.replace("fell", "hit")).article_id != entry_of(item).article_id
    assert [r.reason for r in parsed(rss("<item><title>A</title></item>")).rejects] == ["no_identity"]


def test_guids_that_change_with_each_poll_do_not_make_new_articles() -> None:
    def polled(stamp: int, seen: dict[str, str], *extra: str) -> list[tuple[str, str]]:
        items = [
            f"<item><title>A{n}</title><description>Text {n}</description><guid isPermaLink='false'>{stamp}-{n}</guid>"
            f"<pubDate>Tue, 11 Sep 2018 0{stamp}:00:00 GMT</pubDate></item>"
            for n in range(3)
        ]
        found = parse_feed(rss(*items, *extra).encode(), {}, FEED.url, FEED, NOON, seen=seen)
        return [(e.article_id, e.fingerprint) for e in found.entries]

    first = polled(1, {})
    assert polled(2, dict(first)) == first
    assert polled(3, dict(polled(2, dict(first)))) == first
    new = polled(2, dict(first), "<item><title>B</title><description>New</description><guid>z</guid></item>")
    assert new[:3] == first and new[3][0] not in dict(first)


def test_guids_that_stay_are_not_traded_for_equal_words() -> None:
    items = "<item><title>Daily bulletin</title><description>No change.</description><guid isPermaLink='false'>{}</guid></item>"
    first = parse_feed(rss(items.format(1)).encode(), {}, FEED.url, FEED, NOON).entries
    seen = {e.article_id: e.fingerprint for e in first}
    both = parse_feed(rss(items.format(2), items.format(1)).encode(), {}, FEED.url, FEED, NOON, seen=seen).entries
    assert both[1].article_id == first[0].article_id != both[0].article_id


def test_another_feeds_guids_are_another_feeds() -> None:
    item = rss("<item><title>A</title><description>x</description><guid isPermaLink='false'>17</guid></item>").encode()
    other = FEED.__class__(url="http://evil.example/rss")
    (mine,) = parse_feed(item, {}, FEED.url, FEED, NOON).entries
    (theirs,) = parse_feed(item, {}, other.url, other, NOON).entries
    assert mine.article_id != theirs.article_id


@pytest.mark.parametrize(
    ("feed", "links", "foreign"),
    [
        ("http://orontes.example/rss", ["http://www.orontes.example/a", "http://m.orontes.example/b"], [False, False]),
        ("http://rss.orontes.example/x", ["https://orontes.example/a", "https://harbour.example/b"], [False, True]),
        ("https://feeds.bbc.co.uk/x", ["https://www.bbc.co.uk/a", "https://other.co.uk/b"], [False, True]),
        ("http://evil.example/rss", ["http://orontes.example/a"] * 3, [True] * 3),  # all of its links are another's
        ("https://feeds.feedburner.com/x", ["https://orontes.example/a", "https://orontes.example/b", "https://x.example/"], [False, False, True]),
        ("https://orontes.net/rss", ["https://www.orontes.com/a", "https://www.orontes.com/b"], [False, False]),
        ("http://127.0.0.1:8001/rss", ["http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a"], [False, True]),
        ("http://a.github.io/rss", ["http://b.github.io/a"], [True]),
        ("http://[::1]:80/rss", ["http://[::1]/a"], [False]),
    ],
)  # fmt: skip
def test_what_a_feed_says_of_another_site_is_hearsay(feed: str, links: list[str], foreign: list[bool]) -> None:
    body = rss(*(f"<item><title>A{n}</title><link>{link}</link></item>" for n, link in enumerate(links)))
    source = FEED.__class__(url=feed)
    assert [e.foreign for e in parse_feed(body.encode(), {}, feed, source, NOON).entries] == foreign


def test_a_redirect_onto_another_feed_does_not_make_its_entries_ours() -> None:
    source = FEED.__class__(url="http://evil.example/rss", outlet="Evil")
    found = parse_feed(rss(GOOD).encode(), {}, "http://orontes.example/rss", source, NOON)
    assert [e.foreign for e in found.entries] == [True]
