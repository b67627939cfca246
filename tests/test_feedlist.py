"""The feed list: both formats, what is wrong with lists and lines, the catalogue, the list of a stream."""

from __future__ import annotations

import codecs
import io
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from schemas.errors import UserError
from schemas.records import Feed
from transforms import feedlist
from transforms.feedlist import FeedList, address_problem, load_feeds, normalise, parse_feeds

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<!-- exported -->
<opml version="2.0">
  <head><title>Subscriptions</title></head>
  <body>
    <outline text="Region" title="Region">
      <outline text="North">
        <outline type="rss" text="Orontes Courier" title="x" xmlUrl="https://courier.example/feed?a=1&amp;b=2"
          htmlUrl="https://courier.example/" country="sy" language="ar-SY" dedicated="true"/>
      </outline>
      <outline type="rss" text="" title="  Euphrates   Daily " xmlURL="http://daily.example/rss"/>
    </outline>
    <outline type="link" text="a link" url="https://elsewhere.example/list.opml"/>
    <outline text="off" isComment="true"><outline text="Old" xmlUrl="https://old.example/rss"/></outline>
    <outline xmlUrl="https://plain.example/rss" country="Syria" language="arabic" dedicated="false"/>
  </body>
</opml>
"""
OPML_FEEDS = [
    Feed(
        url="https://courier.example/feed?a=1&b=2",
        outlet="Orontes Courier",
        country="SY",
        language="ar",
        dedicated=True,
    ),
    Feed(url="http://daily.example/rss", outlet="Euphrates Daily"),
    Feed(url="https://plain.example/rss"),
]


def opml(outlines: str, head: str = "") -> bytes:
    return f'{head}<opml version="2.0"><body>{outlines}</body></opml>'.encode()


# --- OPML ----------------------------------------------------------------------------------------------


def test_opml_with_folders_and_our_attributes() -> None:
    assert parse_feeds(OPML.encode(), "feeds.opml") == OPML_FEEDS


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + OPML.encode(),
        OPML.replace("UTF-8", "UTF-16").encode("utf-16"),
        OPML.encode("utf-16-be"),
        OPML.encode("utf-16-le"),
        OPML.encode("utf-32"),
        OPML.replace("UTF-8", "utf-16").encode(),  # the declaration is wrong
        OPML.replace("\n", "\r\n").encode(),
        b"\n\n" + OPML.encode(),
        OPML.replace("<opml ", '<opml xmlns="http://opml.org/spec2" ').encode(),
        OPML.replace("<opml ", "<!DOCTYPE opml><opml ").encode(),
    ],
)
def test_opml_in_every_dress(data: bytes) -> None:
    assert parse_feeds(data, "feeds.opml") == OPML_FEEDS


def test_opml_in_a_declared_code_page() -> None:
    text = '<?xml version="1.0" encoding="windows-1256"?><opml><body>'
    text += '<outline text="بريد العاصي" xmlUrl="https://courier.example/"/></body></opml>'
    assert parse_feeds(text.encode("windows-1256"), "x")[0].outlet == "بريد العاصي"


def test_a_bad_outline_names_its_line() -> None:
    outlines = '\n<outline xmlUrl=""/>\n<outline xmlUrl="ftp://a.example/"/><outline xmlUrl="https://b.example/"/>'
    first, second, third = parse_feeds(b"\n\n" + opml(outlines), "feeds.opml")
    assert first.problem == "feeds.opml line 4: the address is missing"
    assert second.problem is not None
    assert second.problem.startswith("feeds.opml line 5: the address does not begin with")
    assert third.problem is None


BOMB = "<!DOCTYPE o [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "head",
    [
        BOMB + "]>",
        "<!DOCTYPE o [<!ENTITY i SYSTEM 'file:///etc/hostname'>]>",
        "<!DOCTYPE o [<!ENTITY % i SYSTEM 'http://127.0.0.1:9/x.dtd'> %i;]>",
    ],
)
def test_entities_are_refused_unexpanded(head: str) -> None:
    began = time.perf_counter()
    with pytest.raises(UserError, match=r"^feeds.opml declares XML entities.*remove its DOCTYPE$"):
        parse_feeds(opml('<outline text="&i;" xmlUrl="https://a.example/"/>', head), "feeds.opml")
    assert time.perf_counter() - began < 1


def test_an_outside_dtd_is_not_fetched() -> None:
    data = opml('<outline xmlUrl="https://a.example/"/>', '<!DOCTYPE opml SYSTEM "file:///nowhere.dtd">')
    assert [feed.url for feed in parse_feeds(data, "x")] == ["https://a.example/"]


def test_a_very_deep_list_is_read() -> None:
    deep = "<outline text='a'>" * 50_000 + '<outline xmlUrl="https://a.example/"/>' + "</outline>" * 50_000
    assert len(parse_feeds(opml(deep), "x")) == 1


# --- plain text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_with_comments_and_columns(encoding: str, end: str) -> None:
    lines = [
        "# our feeds",
        "",
        "  https://a.example/feed#top  ",
        "https://b.example/feed | بريد العاصي | sy | ar | dedicated",
        "https://c.example/feed |  | TR |  | no",
        "https://d.example/feed\t# slow",
        "https://e.example/feed | Qalb Weekly|GB|en|yes|more",
    ]
    assert parse_feeds(end.join(lines).encode(encoding), "feeds.txt") == [
        Feed(url="https://a.example/feed"),
        Feed(url="https://b.example/feed", outlet="بريد العاصي", country="SY", language="ar", dedicated=True),
        Feed(url="https://c.example/feed", country="TR"),
        Feed(url="https://d.example/feed"),
        Feed(url="https://e.example/feed", outlet="Qalb Weekly", country="GB", language="en", dedicated=True),
    ]


def test_the_same_address_is_kept_once() -> None:
    lines = "HTTPS://A.Example:443/f#x | First\nhttps://a.example/f | Second\nhttps://a.example/F\nhttps://a.example"
    feeds = parse_feeds(lines.encode(), "x")
    assert [feed.url for feed in feeds] == [
        "https://a.example/f",
        "https://a.example/F",
        "https://a.example/",
    ]
    assert feeds[0].outlet == "First"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://бульвар.example/feed", "https://xn--80abwb7cxb.example/feed"),
        ("https://bücher.example:8443/feed", "https://XN--BCHER-KVA.example:8443/feed"),
        ("https://a.example/feed", "https://a.example./feed"),
        ("https://ａ.example/feed", "https://a.example/feed"),
        ("http://a.example:80/feed", "http://A.example/feed#x"),
    ],
)
def test_two_spellings_of_one_host_are_one_feed(first: str, second: str) -> None:
    """The first stays as it is spelled: what is stored of a feed goes by its address."""
    if "бульвар" in first:
        second = first.replace("бульвар", "бульвар".encode("idna").decode())
    for one, other in ((first, second), (second, first)):
        [kept] = parse_feeds(f"{one}\n{other}\nhttps://other.example/\n".encode(), "x")[:-1]
        assert kept.url == normalise(one)


@pytest.mark.parametrize(
    "data",
    [
        b"https://a.example/ x" + b" " * 4_000_000 + b"y\n",
        b"https://a.example/" + b" |" * 2_000_000 + b"\n",
        b"#" * 4_000_000 + b"\nhttps://a.example/\n",
        b"https://a.example/\n" + b"\r" * 4_000_000,
        b"https://a.example/\nhttps://" + b"a." * 2_000_000 + b"\n",
        b"https://a.example/ | " + b"../" * 1_000_000 + b"\n",
        b'<opml><body><outline xmlUrl="https://a.example/" text="' + b"../" * 3_000_000 + b'"/></body></opml>',
        b"<opml><body><outline " + b"".join(b'a%d="x" ' % n for n in range(200_000)) + b'xmlUrl="https://a.example/"/></body></opml>',
        b"<opml><body>" + b"<outline>" * 50_000 + b'<outline xmlUrl="https://a.example/"/>' + b"</outline>" * 50_000 + b"</body></opml>",
    ],
    ids=["blanks", "columns", "comment", "lines", "labels", "title", "attribute", "attributes", "nest"],
)  # fmt: skip
def test_a_list_made_to_take_long_takes_no_longer_than_its_bytes(data: bytes) -> None:
    begun = time.monotonic()
    try:
        feeds = parse_feeds(data, "x")
    except UserError as error:  # the blanks: no column follows them
        assert "over 4,000 characters" in str(error)  # noqa: PT017
    else:
        assert feeds[0].url == "https://a.example/" and len(feeds[0].outlet or "") <= 200
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://a.example/rss", "gopher://a.example/", "javascript:alert(1)", "data:text/xml,<rss/>",
     "//a.example/rss", "../feeds.xml", "https://", "https://a.example:99999/", "https://a\x1b[31m.example/", "https://a\u202e.example/ x",
     "https://user:secret@a.example/", "https://[::1/", "HTTPS:/a.example/", "https://a.example/\x7f"],
)  # fmt: skip
@pytest.mark.parametrize(
    "form",
    [
        "{}\n",
        '<opml><body><outline xmlUrl="{}" text="../../x"/><outline xmlUrl="https://good.example/"/></body></opml>',
    ],
)
def test_an_address_that_nobody_should_ask_stops_no_other(address: str, form: str) -> None:
    opml_form = form.startswith("<")
    if opml_form and any(c < " " or c == "<" for c in address):
        return  # no XML can carry it
    data = form.replace("{}", address).encode() + (b"" if opml_form else b"https://good.example/\n")
    feeds = {feed.problem is None: feed for feed in parse_feeds(data, "x")}
    assert feeds[True].url == "https://good.example/"
    assert feeds[False].problem and "secret" not in str(feeds[False])


# --- one bad line among good ones ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("a.example/feed", "does not begin with http"),
        ("//a.example/feed", "does not begin with http"),
        ("file:///etc/passwd", "does not begin with http"),
        ("ftp://a.example/feed", "does not begin with http"),
        ("javascript:alert(1)", "does not begin with http"),
        ("http://", "no valid host"),
        ("https:///feed", "no valid host"),
        ("https://a..example/", "no valid host"),
        ("https://[::1", "no valid host or port"),
        ("https://a.example:99999/", "no valid host or port"),
        ("https://a.example:x/", "no valid host"),
        ("https://a.example/a b", "percent-encoded"),
        ("https://a.example\\@b.example/", "percent-encoded"),
        ("https://a.example/feed|Orontes Post", "a blank before the |"),
        ("https://a.example/feed|Post", "a blank before the |"),
        ("https://user:hunter2@a.example/feed", "user name or password"),
        ("https://user@a.example/feed", "user name or password"),
        ("https://a.example/" + "x" * 4_000, "over 4,000 characters"),
    ],
)
def test_a_bad_line_is_a_feed_with_a_problem(address: str, why: str) -> None:
    good, bad = parse_feeds(f"https://good.example/\n{address}\n".encode(), "feeds.txt")
    assert good.problem is None
    assert bad.problem is not None
    assert bad.problem.startswith("feeds.txt line 2: ")
    assert why in bad.problem
    assert len(bad.url) <= 200


@pytest.mark.parametrize(
    "address",
    [
        "https://user:hunter2@a.example/feed",
        "ftp://user:hunter2@a.example/feed",
        "https://user:hunter2@a.example/" + "x" * 5_000,
        "https://user:hun/hunter2@a.example/",
        "https://user:hunter2 @a.example/",
        "user:hunter2@a.example",
        "https://user:x@hunter2@a.example/",
    ],
)
def test_a_password_is_never_repeated(address: str) -> None:
    bad = parse_feeds(f"{address}\nhttps://good.example/\n".encode(), "feeds.txt")[0]
    assert bad.problem is not None
    assert "hunter2" not in repr(bad)
    assert "a.example" in bad.url
    with pytest.raises(UserError) as caught:
        parse_feeds(address.encode(), "feeds.txt")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("http://[::1]:8080/feed", "http://[::1]:8080/feed"),
        ("http://localhost:80/feed", "http://localhost/feed"),
        ("http://a.example:443/", "http://a.example:443/"),
        ("https://a.example/@writer/feed", "https://a.example/@writer/feed"),
        ("https://بريد.example/خبر?q=%20", "https://بريد.example/خبر?q=%20"),
        ("https://a.example?x=1", "https://a.example/?x=1"),
    ],
)
def test_good_addresses_pass(address: str, same: str) -> None:
    assert address_problem(address) is None
    assert normalise(address) == same
    assert normalise(same) == same


# --- lists of no use -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"# nothing yet\n", "has no feed in it"),
        (b"remember the milk\nand the eggs\n", "has no usable feed in it; the first problem: .* line 1"),
        (opml('<outline text="only a folder"/>'), "has no feed in it.*xmlUrl"),
        (opml('<outline xmlUrl="https://a.example/?a=1&b=2"/>'), "not well-formed.*&amp;"),
        (OPML.encode()[:600], "not well-formed"),
        (opml('<outline xmlUrl="https://a.example/?a&nbsp;"/>'), "not well-formed"),
        (b"<rss><channel/></rss>", "is not OPML, it begins with <rss>"),
        (b"<!DOCTYPE html><html><body>Hello</body></html>", "is not OPML, it begins with <html>"),
        (b"<!doctype html>\n<html><body><br></body></html>", "is not OPML, it begins with <html>"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is a binary file"),
        (b"\x1f\x8b\x08\x00abc", "is a binary file"),
        (b"PAR1\x15\x04\x15\x00", "is a binary file"),
        ("https://a.example/ | Café".encode("latin-1"), "is not text in UTF-8"),
        (b'<?xml version="1.0" encoding="punycode"?><opml/>', "in the encoding punycode"),
    ],
)
def test_a_list_of_no_use_is_one_clear_line(data: bytes, why: str) -> None:
    with pytest.raises(UserError, match=why) as caught:
        parse_feeds(data, "feeds.opml")
    message = str(caught.value)
    assert message.startswith("feeds.opml ")
    assert "\n" not in message


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, why in (
        (str(tmp_path / "gone.opml"), "does not exist"),
        (str(tmp_path), "is a directory"),
        ("", "has no name"),
        ("https://user:hunter2@a.example/list.opml", "is a web address"),
        ("nosuch://bucket/list.opml", "cannot be read"),
        ("a\0b", "cannot be read"),
    ):
        with pytest.raises(UserError, match=why) as caught:
            load_feeds(path)
        assert "hunter2" not in str(caught.value)
        assert "\n" not in str(caught.value)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UserError, match="check its permissions"):
        load_feeds(str(tmp_path / "locked.opml"))


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedlist, "MAX_BYTES", 100)
    (tmp_path / "big.txt").write_bytes(b"https://a.example/\n" * 6)
    with pytest.raises(UserError, match=r"big\.txt is over"):
        load_feeds(str(tmp_path / "big.txt"))


def test_a_list_in_an_object_store(monkeypatch: pytest.MonkeyPatch) -> None:
    from apache_beam.io.filesystems import FileSystems

    opened: list[str] = []

    def store(path: str, **_: object) -> io.BytesIO:
        opened.append(path)
        if "gone" in path:
            raise RuntimeError("404 GET\nno such object")
        return io.BytesIO(OPML.encode())

    monkeypatch.setattr(FileSystems, "open", store)
    assert load_feeds("gs://bucket/feeds.opml") == OPML_FEEDS
    with pytest.raises(UserError, match=r"^gs://bucket/gone cannot be read: .*404 GET no such object\)$"):
        load_feeds("gs://bucket/gone")
    assert opened == ["gs://bucket/feeds.opml", "gs://bucket/gone"]


@pytest.mark.parametrize("kind", ["opml", "text"])
def test_ten_thousand_feeds_in_a_second(kind: str) -> None:
    addresses = [f"https://outlet{n}.example/section/feed.xml" for n in range(10_000)]
    if kind == "opml":
        data = opml("".join(f'<outline text="Outlet" xmlUrl="{address}"/>\n' for address in addresses))
    else:
        data = "\n".join(f"{address} | Outlet | SY | ar" for address in addresses).encode()
    began = time.process_time()
    feeds = parse_feeds(data, "x")
    assert time.process_time() - began < 1
    assert [feed.url for feed in feeds] == addresses


# --- the catalogue -------------------------------------------------------------------------------------


def test_the_catalogue_is_sound() -> None:
    feeds = load_feeds(None)
    assert 40 <= len(feeds) <= 60
    assert [feed for feed in feeds if feed.problem] == []
    assert all(feed.outlet and feed.country and feed.language for feed in feeds)
    languages = Counter(feed.language for feed in feeds)
    assert set(languages) == {"en", "ar", "tr", "fr"}
    assert min(languages.values()) >= 5
    assert 5 <= sum(feed.dedicated for feed in feeds) < len(feeds) / 2
    assert sum(feed.country == "SY" for feed in feeds) >= 8


def test_the_catalogue_says_that_it_was_not_probed() -> None:
    text = feedlist.CATALOGUE.read_text(encoding="utf-8")
    assert "NOT PROBED" in text.split("<opml", 1)[0]
    outlines = [node for node in ElementTree.fromstring(text).iter("outline") if "xmlUrl" in node.attrib]
    assert len(outlines) == len(load_feeds(None)), "an address stands there twice"
    wanted = {"type", "text", "country", "language", "probed", "xmlUrl", "htmlUrl"}
    for node in outlines:
        assert set(node.attrib) - {"dedicated"} == wanted, node.attrib
        assert node.attrib["probed"] == "no"
        assert node.attrib["type"] == "rss"
        assert node.attrib.get("dedicated", "true") == "true"
        assert urlsplit(node.attrib["htmlUrl"]).scheme == "https"
        assert node.attrib["xmlUrl"] == normalise(node.attrib["xmlUrl"])


# --- the list of a stream ------------------------------------------------------------------------------


def said(feeds: FeedList) -> str:
    return feeds.problem or ""


def test_a_stream_reads_its_list_again_and_outlives_a_bad_one(tmp_path: Path) -> None:
    path = tmp_path / "feeds.txt"
    path.write_text("https://a.example/\n", encoding="utf-8")
    feeds = FeedList(str(path))
    assert [feed.url for feed in feeds.current()] == ["https://a.example/"]
    path.write_text("https://b.example/\n", encoding="utf-8")
    assert [feed.url for feed in feeds.current()] == ["https://b.example/"]
    assert said(feeds) == ""
    path.write_text("<opml>", encoding="utf-8")
    assert [feed.url for feed in feeds.current()] == ["https://b.example/"]
    assert "not well-formed" in said(feeds)
    path.unlink()
    assert [feed.url for feed in feeds.current()] == ["https://b.example/"]
    assert "does not exist" in said(feeds)
    path.write_text("https://c.example/\n", encoding="utf-8")
    assert [feed.url for feed in feeds.current()] == ["https://c.example/"]
    assert said(feeds) == ""


def test_the_first_read_of_a_stream_raises(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        FeedList(str(tmp_path / "gone.txt")).current()


def test_a_stream_survives_any_failure_and_lends_no_list() -> None:
    answers: list[list[Feed] | Exception] = [[Feed(url="https://a.example/")], RuntimeError("two\nlines")]

    def load(path: str | None) -> list[Feed]:
        assert path is None
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    feeds = FeedList(None, load=load)
    feeds.current().clear()
    assert feeds.current() == [Feed(url="https://a.example/")]
    assert said(feeds).endswith("two lines")
