"""A feed's bytes into entries: nothing that the world sends raises, and little of it is lost."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

import pytest

from schemas.records import Entry
from tests.samples import FEED, NOON
from transforms.asjson import entry_from_json, entry_json
from transforms.coders import encode
from transforms.dates import credible
from transforms.formats.clean import clean, mark, marked_text
from transforms.formats.prolog import ends_whole, read_prolog
from transforms.formats.readers import MAX_TAGS
from transforms.parse import MAX_ENTRIES, Parsed, parse_feed, two_letters

HEAD = "<?xml version='1.0' encoding='utf-8'?>"
GOOD = "<item><title>Good</title><link>http://orontes.example/good</link></item>"


def rss(*items: str, head: str = HEAD) -> str:
    return f"{head}<rss version='2.0'><channel><title>t</title>{''.join(items)}</channel></rss>"


def parsed(body: str | bytes, url: str = FEED.url, **headers: str) -> Parsed:
    data = body.encode() if isinstance(body, str) else body
    found = parse_feed(data, {k.replace("_", "-"): v for k, v in headers.items()}, url, FEED, NOON)
    for entry in found.entries:  # whatever was read can cross a shuffle and stand in a reject
        encode(entry)
        assert entry_from_json(entry_json(entry)) == entry
    for reject in found.rejects:
        encode(reject)
    return found


def entry_of(item: str, **more: str) -> Entry:
    (entry,) = parsed(rss(item), **more).entries
    return entry


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()


def test_rss() -> None:
    entry = entry_of(
        "<item><title>Shells &amp;amp; smoke</title><link>http://orontes.example/1?utm_source=rss</link>"
        "<guid isPermaLink='false'>17</guid><author>nadia@orontes.example (Nadia Halabi)</author>"
        "<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</description>"
        "<pubDate>Tue, 11 Sep 2018 10:30:00 +0300</pubDate></item>"
    )
    assert entry.title == "Shells & smoke"
    assert entry.url == "http://orontes.example/1?utm_source=rss"
    assert entry.canonical_url == "http://orontes.example/1"
    assert entry.guid == "17"
    assert entry.summary == "One.\n\nTwo."
    assert "Nadia Halabi" in (entry.author or "")
    assert entry.published == at("2018-09-11T07:30:00")
    assert (entry.feed_url, entry.outlet, entry.seen_at, entry.known) == (FEED.url, FEED.outlet, NOON, False)


def test_atom() -> None:
    found = parsed(
        f"{HEAD}<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fr-FR'><title>t</title><entry><title>A</title>"
        "<id>tag:orontes.example,2018:1</id><link rel='alternate' href='/a'/><link rel='edit' href='/edit'/>"
        "<published>2018-09-10T10:00:00Z</published><updated>2018-09-11T11:00:00Z</updated>"
        "<summary>short</summary><content type='html'>&lt;p&gt;long&lt;/p&gt;</content></entry></feed>"
    )
    (entry,) = found.entries
    assert entry.url == "http://orontes.example/a"
    assert (entry.summary, entry.content) == ("short", "long")
    assert (entry.published, entry.updated) == (at("2018-09-10T10:00:00"), at("2018-09-11T11:00:00"))
    assert (entry.language, found.language) == ("fr", "fr")


def test_rdf() -> None:
    found = parsed(
        f"{HEAD}<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>t</title></channel><item><title>A</title>"
        "<link>http://orontes.example/a</link><dc:date>2018-09-11T10:00:00Z</dc:date></item></rdf:RDF>"
    )
    assert (found.problem, found.entries[0].published) == (None, at("2018-09-11T10:00:00"))


def test_links_are_made_absolute_against_where_the_answer_came_from() -> None:
    found = parsed(rss("<item><title>A</title><link>../a</link></item>"), url="http://cdn.example/feeds/x/rss")
    assert found.entries[0].url == "http://cdn.example/feeds/a"


def test_guid_stands_in_for_a_link_only_where_it_is_one() -> None:
    assert (
        entry_of("<item><title>A</title><guid>http://orontes.example/g</guid></item>").url == "http://orontes.example/g"
    )
    entry = entry_of("<item><title>A</title><guid isPermaLink='false'>urn:17</guid></item>")
    assert (entry.url, entry.canonical_url, entry.guid) == (None, None, "urn:17")
    assert len(entry.article_id) == 16


@pytest.mark.parametrize(
    "link",
    [
        "http://[bad/",
        "http://x.example:99999/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:a@b.example",
    ],
)
def test_a_bad_link_costs_one_entry_at_most(link: str) -> None:
    found = parsed(rss(f"<item><title>Bad</title><link>{link}</link></item>", GOOD))
    assert [e.title for e in found.entries if e.url] == ["Good"]
    assert len(found.entries) + len(found.rejects) == 2
    with_guid = parsed(rss(f"<item><title>Bad</title><link>{link}</link><guid>http://[x</guid></item>", GOOD))
    assert [e.url for e in with_guid.entries if e.url] == ["http://orontes.example/good"]
    assert len(with_guid.entries) + len(with_guid.rejects) == 2


@pytest.mark.parametrize(
    ("half", "whole"),
    [
        ("&#55357;&#56832;", "😀"),
        ("&#xD83D;&#xDE00;", "😀"),
        ("&#xd83d;", ""),
        ("&#0055357;", ""),
        ("&#xD83D;&#xD83D;", ""),
    ],
)
def test_halves_of_an_emoji_are_one_where_they_can_be(half: str, whole: str) -> None:
    found = parsed(rss(f"<item><title>Smoke {half}</title><link>http://orontes.example/1</link></item>", GOOD))
    assert [e.title for e in found.entries] == [f"Smoke {whole}".strip(), "Good"]
    assert found.entries[0].reduced == ([] if whole else ["control_characters"])


def test_neighbours_of_the_halves_are_letters_like_others() -> None:
    found = parsed(rss("<item><title>&#55295;&#57345;</title><link>http://orontes.example/1</link></item>"))
    assert found.entries[0].title == "\ud7ff\ue001"


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"<", b"\x00" * 50, b"\xff\xfe", b"{}", b"null", b"<html><p>x</p></html>", b"<rss", b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
     b"%PDF-1.4", bytes(range(256)), b"\x1f\x8b\x08\x00garbage"],
    ids=range(13),
)  # fmt: skip
def test_not_a_feed(body: bytes) -> None:
    found = parsed(body)
    assert (found.problem, found.entries) == ("not_a_feed", [])
    assert found.error is None or found.error.isprintable()


def test_nothing_is_opened(tmp_path: object) -> None:
    for name in (b"/etc/passwd", b"http://127.0.0.1:1/", b"file:///etc/passwd"):
        assert parsed(name).problem == "not_a_feed"
    entity = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    found = parsed(rss("<item><title>&x;A</title><link>http://orontes.example/1</link></item>", head=HEAD + entity))
    assert "root" not in repr(found)


def test_a_billion_laughs() -> None:
    entities = "".join(f"<!ENTITY l{i} '{f'&l{i - 1};' * 10 if i else 'ha'}'>" for i in range(9))
    bomb = f"{HEAD}<!DOCTYPE rss [{entities}]>"
    found = parsed(rss("<item><title>&l8;</title><link>http://orontes.example/1</link></item>", head=bomb))
    assert sum(len(e.title) for e in found.entries) < 1000


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (rss(GOOD), None),
        (rss(GOOD) + "\n<!-- cached -->\n", None),
        (rss(GOOD).removesuffix("</rss>"), "truncated"),
        (rss(GOOD).removesuffix("</channel></rss>"), "truncated"),
        (rss(GOOD, GOOD).removesuffix("k></item></channel></rss>"), "truncated"),
        (
            rss(GOOD, "<item><title>A & B</title><link>http://orontes.example/1</link></item>"),
            None,
        ),  # only sloppy
        (rss(GOOD) + "<script>x</script>", None),
    ],
    ids=range(7),
)
def test_truncated(body: str, problem: str | None) -> None:
    found = parsed(body)
    assert found.problem == problem
    assert "Good" in [e.title for e in found.entries]


@pytest.mark.parametrize(
    "kind", ["text/html", "text/plain; charset=iso-8859-1", "application/rss+xml; charset=x-unknown", ""]
)
def test_a_wrong_content_type_does_not_cost_the_feed(kind: str) -> None:
    found = parsed(rss("<item><title>إدلب</title><link>http://orontes.example/1</link></item>"), content_type=kind)
    assert found.problem is None
    assert len(found.entries) == 1


def test_windows_1256() -> None:
    body = rss(
        "<item><title>إدلب</title><link>http://orontes.example/1</link></item>",
        head="<?xml version='1.0' encoding='windows-1256'?>",
    )
    assert parsed(body.encode("windows-1256")).entries[0].title == "إدلب"


def test_no_more_than_a_bound() -> None:
    items = [f"<item><title>A</title><link>http://orontes.example/{n}</link></item>" for n in range(MAX_ENTRIES + 5)]
    found = parsed(rss(*items))
    assert len(found.entries) == MAX_ENTRIES
    assert (found.problem, found.error) == (
        "truncated",
        f"{MAX_ENTRIES + 5} entries, of which the newest 2000 were used",
    )


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("Tue, 11 Sep 2018 10:00:00 GMT", at("2018-09-11T10:00:00")),
        ("Tue, 11 Sep 2018 12:59:00 GMT", at("2018-09-11T12:59:00")),  # clocks differ
        ("Tue, 11 Sep 2018 13:01:00 GMT", None),
        ("Thu, 11 Sep 2098 10:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Sun, 01 Jan 1995 00:00:01 GMT", at("1995-01-01T00:00:01")),
        ("yesterday", None), ("", None), ("99999999999999999999", None), ("0000-00-00", None),
    ],
)  # fmt: skip
def test_dates(date: str, published: float | None) -> None:
    entry = entry_of(f"<item><title>A</title><link>http://orontes.example/1</link><pubDate>{date}</pubDate></item>")
    assert entry.published == published


@pytest.mark.parametrize(
    ("change", "same"),
    [("<title>A</title>", True), ("<title>B</title>", False), ("<title>A</title><description>x</description>", False),
     ("<title> A </title>", True), ("<title>A</title><category>x</category>", True),
     # Some feeds stamp every entry with the time of the request: that is no revision.
     ("<title>A</title><pubDate>Tue, 11 Sep 2018 10:00:00 GMT</pubDate>", True)],
)  # fmt: skip
def test_fingerprint(change: str, same: bool) -> None:
    link = "<link>http://orontes.example/1</link>"
    first = entry_of(f"<item><title>A</title>{link}</item>")
    assert (entry_of(f"<item>{change}{link}</item>").fingerprint == first.fingerprint) is same


def test_random_damage_never_raises() -> None:
    dice = random.Random(20180911)
    whole = rss(
        *(f"<item><title>Shells &amp; {n}</title><link>http://orontes.example/{n}</link></item>" for n in range(5))
    ).encode()
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(dice.randrange(1, 8)):
            place = dice.randrange(len(damaged))
            damaged[place : place + dice.randrange(3)] = bytes(dice.randrange(256) for _ in range(dice.randrange(3)))
        found = parsed(bytes(damaged[: dice.randrange(len(damaged))] if dice.random() < 0.3 else damaged))
        assert found.problem in {None, "truncated", "not_a_feed"}


def plain_text(markup: str) -> str:
    return clean(marked_text(mark(markup)))[0]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain  text\n here", "plain text here"), ("a<br>b", "a\n\nb"), ("<p>a</p><p>b</p>", "a\n\nb"), ("x &lt; y", "x < y"),
        ("<b>a</b><i>b</i>", "ab"), ("<script>bad()</script>a", "a"), ("<style>p{}</style>a", "a"), ("", ""),
        ("a\x00\x0b&amp;b", "a&b"), ("<div>a<div>b</div></div>", "a\n\nb"), ("<<<", "<<<"), ("<p", ""),
        ("a\ud800b", "ab"), ("<ul><li>a<li>b</ul>", "a\n\nb"),
    ],
)  # fmt: skip
def test_the_text_of_markup(markup: str, text: str) -> None:
    assert plain_text(markup) in {text, ""} if markup in {"<<<", "<p"} else plain_text(markup) == text


def test_the_text_of_deep_nesting() -> None:
    assert isinstance(plain_text("<b>" * 100_000), str)


@pytest.mark.parametrize(
    ("tag", "two"),
    [
        ("en-GB", "en"),
        ("AR", "ar"),
        (" tr_TR ", "tr"),
        ("eng", None),
        ("", None),
        (None, None),
        ("x", None),
        (7, None),
    ],
)
def test_two_letters(tag: object, two: str | None) -> None:
    assert two_letters(tag) == two


def test_credible() -> None:
    assert credible(NOON + 3600, NOON) == NOON + 3600
    assert credible(NOON + 3601, NOON) is None
    assert credible(None, NOON) is None
    assert credible(0.0, NOON) is None


def test_comments_behind_the_end_take_no_time() -> None:
    started = time.monotonic()
    assert not ends_whole("</rss>" + "<!-- -->" * 400 + "x")
    assert ends_whole("<rss></rss> <!-- a cache --> <!-- <b> -->\n")
    assert ends_whole("<feed></atom:feed>")
    assert not ends_whole("<rss><item>")
    assert time.monotonic() - started < 60  # it grew twofold with each comment


@pytest.mark.parametrize("opener", ["<!--", "<!DOCTYPE [>", "<!DOCTYPE x [ ]", "<!-- --"])
def test_openers_before_the_root_that_nothing_closes_take_no_time(opener: str) -> None:
    """What closes each was looked for to the end of the document: 33 seconds for 640 KB, and four times that for
    twice as many."""
    started = time.thread_time()
    read_prolog("<?xml version='1.0'?>" + opener * 200_000)
    assert time.thread_time() - started < 3


def test_what_stands_before_the_root() -> None:
    doctype = "<!DOCTYPE rss [<!ENTITY a 'b'> ] >"
    text = f"<?xml version='1.0'?><!-- <feed> --><!DOCTYPE rss>{doctype}<!-- > <!DOCTYPE [ --><rss>"
    found = read_prolog(text)
    assert (found.root, found.start, found.entities) == ("rss", text.index("<rss>"), {"a": "b"})
    assert read_prolog("<!-- <rss><!-- ]> <feed>").root == "rss"  # a comment without an end is none


@pytest.mark.parametrize("charset", ["punycode", "PunyCode", "idna", "unicode_escape", "utf-7", "zlib", "hex"])
def test_a_charset_that_is_none_is_passed_over(charset: str) -> None:
    plain = parsed(rss(GOOD), content_type="application/rss+xml")
    assert parsed(rss(GOOD), content_type=f"application/rss+xml; charset={charset}").entries == plain.entries


def test_more_tags_than_are_read_cost_what_follows() -> None:
    found = parsed(rss(GOOD, "<item><a></a>", "<a></a>" * MAX_TAGS, "</item>"))
    assert (found.problem, found.error) == ("truncated", f"more than {MAX_TAGS} tags")
    assert [e.title for e in found.entries] == ["Good"]
