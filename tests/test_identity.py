"""What is one article, and what is a revision of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from transforms.identity import article_id, canonical_url, digest, normal, revision_id, same_site, shard_of

A = "https://orontes.example/news/2018/09/shelling"

SAME = [
    (A, A + "/"),
    (A, A + "#comments"),
    (A, A + "?utm_source=rss"),
    (A, A + "?UTM_Campaign=x&utm_medium=y"),
    (A, A + "?fbclid=IwAR0"),
    (A, A + "?gclid=1&dclid=2&msclkid=3"),
    (A, A + "?mc_cid=1&mc_eid=2"),
    (A, A + "?at_medium=RSS&at_campaign=KARANGA"),
    (A, A + "?ns_mchannel=rss&ns_source=feed"),
    (A, A + "?cmpid=rss&ref=home"),
    (A, A + "?amp=1"),
    (A, A + "?output=amp"),
    (A, A + "?"),
    (A, A + "/amp"),
    (A, A + "/amp/"),
    (A + ".html", A + ".amp.html"),
    (A, A + ".amp"),
    (A, A.replace("/news", "/amp/news")),
    (A, A.replace("//orontes", "//m.orontes")),
    (A, A.replace("//orontes", "//mobile.orontes")),
    (A, A.replace("//orontes", "//amp.orontes")),
    (A, A.replace("//orontes", "//www.orontes")),
    (A, A.replace("https", "http")),
    (A, A.replace("https", "HTTPS").replace("orontes.example", "Orontes.EXAMPLE")),
    (A, A.replace("example/", "example:443/")),
    (A.replace("https", "http"), A.replace("https", "http").replace("example/", "example:80/")),
    (A, A.replace("example/", "example./")),
    (A, A.replace("/news", "//news")),
    (A, f"  {A}\n"),
    (A + "?id=7&lang=ar", A + "?lang=ar&id=7"),
    (A + "?id=7", A + "?id=7&utm_term=x"),
    (A + "?id=", A + "?id"),
    ("https://x.example/%7Enadia", "https://x.example/~nadia"),
    ("https://x.example/a%2fb", "https://x.example/a%2Fb"),
    ("https://x.example/%d8%a5%d8%af%d9%84%d8%a8", "https://x.example/إدلب"),
    ("https://x.example/caf%c3%a9", "https://x.example/café"),
    ("https://bücher.example/1", "https://xn--bcher-kva.example/1"),
    ("https://x.example", "https://x.example/"),
    ("https://x.example/a b", "https://x.example/a%20b"),
    ("https://x.example/a?q=a+b", "https://x.example/a?q=a%20b"),
]

OTHER = [
    (A, A + "-two"),
    (A, A + "/page/2"),
    (A, A + "?id=7"),
    (A + "?id=7", A + "?id=8"),
    (A + "?id=7&id=8", A + "?id=7"),
    (A, A.replace("orontes", "ghab")),
    (A, A.replace("//orontes", "//arabic.orontes")),
    (A, A.replace("//orontes", "//m2.orontes")),
    (A, A.replace("example/", "example:8443/")),
    (A, A.replace("/shelling", "/Shelling")),
    (A, A.replace("/shelling", "/ampshelling")),
    (A, A.replace("/shelling", "/shelling.amplified")),
    (A + ".html", A),
    ("https://x.example/a%2Fb", "https://x.example/a/b"),
    ("https://x.example/a%3Fb", "https://x.example/a?b"),
    ("https://x.example/a%23b", "https://x.example/a#b"),
    ("https://x.example/a%252Fb", "https://x.example/a%2Fb"),
    # Windows-1256 in a parameter: two words, neither of them UTF-8.
    ("https://x.example/s?q=%c7%e1", "https://x.example/s?q=%e3%e4"),
    ("https://x.example/%c7%e1", "https://x.example/%e3%e4"),
    ("https://x.example/a?q=1%262", "https://x.example/a?q=1&2"),
    ("https://x.example/a?b=c=d", "https://x.example/a?b=c"),
]  # fmt: skip


def ids(pair: tuple[str, str]) -> list[str | None]:
    return [article_id(canonical_url(url), "http://f.example/", None) for url in pair]


def test_there_are_enough_pairs() -> None:
    assert len(SAME) >= 40
    assert len(set(SAME)) == len(SAME)


@pytest.mark.parametrize("pair", SAME, ids=lambda pair: pair[1].strip()[-60:])
def test_same_article(pair: tuple[str, str]) -> None:
    first, second = ids(pair)
    assert first is not None
    assert first == second


@pytest.mark.parametrize("pair", OTHER, ids=lambda pair: pair[1][-60:])
def test_other_article(pair: tuple[str, str]) -> None:
    first, second = ids(pair)
    assert first is not None
    assert second is not None
    assert first != second


@pytest.mark.parametrize("url", [url for pair in SAME + OTHER for url in pair])
def test_canonical_is_a_fixed_point(url: str) -> None:
    once = canonical_url(url)
    assert once is not None
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    "url",
    ["", "orontes.example/a", "//orontes.example/a", "ftp://orontes.example/a", "mailto:a@b.example",
     "javascript:alert(1)", "file:///etc/passwd", "http://", "http:///a", "http://./a", "http://[::1/a",
     "http://x.example:99999/", "http://x.example:port/", "https://user:word@x.example/", "http://user@x.example/",
     "http://x.example/\ud800", "http://x.example/?q=\ud800", "http://" + "a" * 64 + ".ü.example/"],
)  # fmt: skip
def test_no_usable_url(url: str) -> None:
    assert canonical_url(url) is None


def test_spelling() -> None:
    assert (
        canonical_url("HTTP://WWW.Orontes.Example:80/a//b/?b=2&utm_id=1&a=1#x")
        == "http://www.orontes.example/a/b?a=1&b=2"
    )
    assert canonical_url("http://[2001:DB8::1]:8080/") == "http://[2001:db8::1]:8080/"


def test_article_id_falls_back_on_feed_and_guid() -> None:
    assert article_id(None, "http://f.example/", None) is None
    assert article_id(None, "http://f.example/", "") is None
    one = article_id(None, "http://f.example/", "17")
    assert one is not None
    assert len(one) == 16
    assert int(one, 16) >= 0
    assert one != article_id(None, "http://g.example/", "17")
    assert one != article_id(None, "http://f.example/", "18")


def test_guid_does_not_matter_where_there_is_a_url() -> None:
    url = canonical_url(A)
    assert article_id(url, "http://f.example/", "1") == article_id(url, "http://g.example/", "2")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (("Shelling in Idlib", "Shells fell.  On\nthe town. "), True),
        (("SHELLING IN IDLIB", "shells fell. on the town."), True),
        (("Shelling in Idlib", "Shells fell. On the town."), True),
        (("Shelling in Idlib", "Shells fell.\u00a0On the town."), True),
        (("Shelling in Idlib", "Ｓhells fell. On the town."), True),
        (("Shelling in Idlib", "Shells fell. On the towns."), False),
        (("Shelling in Hama", "Shells fell. On the town."), False),
        (("Shelling in Idlib Shells", "fell. On the town."), False),
        (("", "Shelling in Idlib Shells fell. On the town."), False),
    ],
)
def test_revision_id(other: tuple[str, str], same: bool) -> None:
    assert (revision_id(*other) == revision_id("Shelling in Idlib", "Shells fell. On the town.")) is same


def test_normal() -> None:
    assert normal(" İdlib \t ﬁre\nSTRASSE ") == "i̇dlib fire strasse"


def test_digest_parts_cannot_run_into_each_other() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("ab") != digest("ab", "")
    assert digest("\ud800")  # what cannot be encoded is a name all the same


def test_shards_are_stable_and_spread() -> None:
    names = [f"host{i}.example" for i in range(1000)]
    shards = [shard_of(name, 16) for name in names]
    assert set(shards) == set(range(16))
    assert max(shards.count(s) for s in range(16)) < 110
    code = "from transforms.identity import shard_of; print([shard_of(f'host{i}.example', 16) for i in range(5)])"
    env = {"PYTHONHASHSEED": "7", "PYTHONPATH": "."}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert said.stdout.strip() == str(shards[:5])


@pytest.mark.parametrize(
    ("other", "same"),
    [("http://m.orontes.example/b", True), ("https://www.orontes.example/", True), ("https://ghab.example/", False),
     ("not a url", False), ("https://orontes.example:8443/", False)],
)  # fmt: skip
def test_same_site(other: str, same: bool) -> None:
    assert same_site(A, other) is same


def test_two_bad_urls_are_not_one_site() -> None:
    assert not same_site("mailto:a", "mailto:b")
