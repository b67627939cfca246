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
        ("http://a.wordpress.com/rss", ["http://b.wordpress.com/a", "http://m.a.wordpress.com/b"], [True, False]),
        ("http://a.blogspot.co.uk/rss", ["http://b.blogspot.co.uk/a"], [True]),
        ("http://www.a.free.fr/rss", ["http://b.free.fr/a", "http://a.free.fr/a"], [True, False]),
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


def polled(
    *items: str, seen: dict[str, str] | None = None, feed: str = FEED.url
) -> tuple[dict[str, str], dict[str, str]]:
    """Ids of the entries, by title; and what the next poll knows of them."""
    found = parse_feed(rss(*items).encode(), {}, feed, FEED.__class__(url=feed), NOON, seen=seen or {})
    return {e.title: e.article_id for e in found.entries}, {e.article_id: e.fingerprint for e in found.entries}


def post(n: int, link: str, title: str = "", words: str = "Shells fell.") -> str:
    return (
        f"<item><title>{title or f'Post {n}'}</title><link>http://orontes.example{link}</link>"
        f"<guid isPermaLink='false'>urn:orontes:{n}</guid><description>{words}</description></item>"
    )


@pytest.mark.parametrize(
    "links",
    [["/", "/", "/"], ["/index.php", "/?utm_source=rss", ""], ["/ar/", "/ar", "/ar/index.html"],
     ["/live#post-1", "/live#post-2", "/live#post-3"], ["/notices", "/notices", "/notices"],
     ["/#!article/1", "/#!article/2", "/#!article/3"]],
)  # fmt: skip
def test_entries_that_share_a_link_are_articles_of_their_own(links: list[str]) -> None:
    items = [post(n, link) for n, link in enumerate(links)]
    first, seen = polled(*items)
    assert len(set(first.values())) == 3
    assert polled(*items, seen=seen) == (first, seen)
    assert polled(items[1], seen=seen)[0] == {"Post 1": first["Post 1"]}  # alone on the page
    again, _ = polled(*(post(n, link, words="More shells.") for n, link in enumerate(links)), seen=seen)
    assert again == first
    other, _ = polled(*items, feed="http://orontes.example/other")
    assert len({*first.values(), *other.values()}) == (3 if "!" in links[0] else 6)


def test_an_entry_that_stood_alone_keeps_its_id_beside_others() -> None:
    first, seen = polled(post(1, "/live#1"))
    both, seen = polled(post(2, "/live#2"), post(1, "/live#1"), seen=seen)
    assert both["Post 1"] == first["Post 1"] != both["Post 2"]
    assert polled(post(2, "/live#2"), post(1, "/live#1"), seen=seen)[0] == both


def test_one_article_that_a_feed_lists_twice_is_one() -> None:
    assert len(set(polled(post(1, "/a", "Same"), post(2, "/a", "Same"))[0].values())) == 1
    three, _ = polled(post(1, "/a", "Same"), post(2, "/a", "SAME"), post(3, "/a", "Other"))
    assert len(three) == 3 and three["Same"] == three["SAME"] != three["Other"]
    untitled = "<item><guid isPermaLink='false'>{0}</guid><link>http://orontes.example/live#{0}</link><description>Shell {0}</description></item>"
    found = parsed(rss(untitled.format(1), untitled.format(2))).entries
    assert len({e.article_id for e in found}) == 2


def test_another_sites_article_is_one_however_many_entries_lead_to_it() -> None:
    assert len(set(polled(post(1, "/a"), post(2, "/a"), feed="http://digest.example/rss")[0].values())) == 1


def test_a_link_to_a_front_page_is_no_page_to_ask_for() -> None:
    entry = entry_of(post(1, "/"))
    assert (entry.url, entry.canonical_url, entry.reduced) == (None, None, ["link_dropped"])
    guid = "<guid>http://orontes.example/2018/a</guid>"
    assert entry_of(f"<item><title>A</title><link>http://orontes.example/</link>{guid}</item>").url == guid[6:-7]
    assert entry_of(post(1, "/?p=12")).url and entry_of(post(1, "/index.php/12-talks")).canonical_url
    # A post shows its own words, but where the feed tells little its page may tell more.
    first, second = parsed(rss(post(1, "/live#1"), post(2, "/live#2"))).entries
    assert [first.url, second.url] == ["http://orontes.example/live#1", "http://orontes.example/live#2"]
