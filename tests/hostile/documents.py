"""Harm in the document: feeds that grow, nest, repeat, lie about their charset, or are none.

Each is made when it is asked for. ``ok`` is right where the feed was read, its entries reduced and saying so.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable

from tests.hostile.server import Kind, Peer

ITEM = (
    "<item><title>Bakery reopens in Idlib</title><link>http://jisr.example/bakery</link>"
    "<description>A bakery in Idlib reopened on Monday.</description></item>"
)
LINK = "<link>http://jisr.example/1</link>"
XML = "application/rss+xml"
MB = 1 << 20


def rss(*items: str, head: str = "<?xml version='1.0' encoding='utf-8'?>") -> str:
    return f"{head}<rss version='2.0'><channel><title>Jisr Herald</title>{''.join(items)}</channel></rss>"


def document(name: str, body: Callable[[str], str | bytes], *ends: str, note: str = "", kind: str = XML) -> Kind:
    """A feed, named ``feed_`` and ``name``, whose body is made of the base URL of its own server."""

    def answer(peer: Peer) -> None:
        made = body(peer.base)
        if peer.path.endswith("/feed"):
            peer.reply(made, "200 OK", kind=kind)
        else:  # what the document names: it is noted that it was asked for
            peer.reply("opened by mistake", kind="text/plain")

    return Kind(f"feed_{name}", "feed", answer, frozenset(ends), note)


def item(inside: str) -> str:
    return rss(f"<item>{inside}</item>", ITEM)


def titled(title: str) -> str:
    return item(f"<title>{title}</title>{LINK}")


def _laughs() -> str:
    entities = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'ha'}'>" for n in range(10))
    return rss(f"<item><title>&l9;</title>{LINK}</item>", ITEM, head=f"<!DOCTYPE rss [{entities}]>")


def _parameter_laughs() -> str:
    entities = "<!ENTITY % a 'ha'>" + "".join(f"<!ENTITY % b{n} '{'%a;' * 50}'>" for n in range(50))
    return rss(ITEM, head=f"<!DOCTYPE rss [{entities}%b1;]>")


def _quadratic() -> str:
    return rss(
        f"<item><title>{'&a;' * 50_000}</title>{LINK}</item>",
        ITEM,
        head=f"<!DOCTYPE rss [<!ENTITY a '{'a' * 100_000}'>]>",
    )


def _named(template: str) -> Callable[[str], str]:
    """A document that names an address of its own server, and a file."""
    return lambda base: (
        template.replace("URL", f"{base}/opened").replace("FILE", "file:///etc/hostname").replace("ITEM", ITEM)
    )


def _dated(date: str) -> Callable[[str], str]:
    return lambda _: item(f"<title>A town in Idlib</title>{LINK}<pubDate>{date}</pubDate><dc:date>{date}</dc:date>")


def _in(charset: str) -> Kind:
    return document(
        f"charset_{charset.replace('-', '_')}",
        lambda _: rss(ITEM, head=f"<?xml version='1.0' encoding='{charset}'?>"),
        "ok",
        kind=f"{XML}; charset={charset}",
    )


def _entries(each: Callable[[int], str], count: int = 100_000) -> Callable[[str], str]:
    return lambda _: rss(*map(each, range(count)))


KINDS: list[Kind] = [
    document("laughs", lambda _: _laughs(), "ok"),
    document("laughs_of_parameters", lambda _: _parameter_laughs(), "ok"),
    document("quadratic_entities", lambda _: _quadratic(), "ok"),
    document("external_entity", _named("<!DOCTYPE rss [<!ENTITY x SYSTEM 'URL'><!ENTITY y SYSTEM 'FILE'>]><rss><channel><title>&x;&y;</title>ITEM</channel></rss>"), "ok"),
    document("external_subset", _named("<!DOCTYPE rss SYSTEM 'URL'><rss><channel>ITEM</channel></rss>"), "ok"),
    document("external_parameter", _named("<!DOCTYPE rss [<!ENTITY % p SYSTEM 'URL'> %p;]><rss><channel>ITEM</channel></rss>"), "ok"),
    document("xinclude", _named("<rss xmlns:xi='http://www.w3.org/2001/XInclude'><channel><xi:include href='URL' parse='text'/><xi:include href='FILE'/>ITEM</channel></rss>"), "ok"),
    document("stylesheet", _named("<?xml-stylesheet type='text/xsl' href='URL'?><rss><channel>ITEM</channel></rss>"), "ok"),
    document("sitemap_with_entity", _named("<!DOCTYPE urlset [<!ENTITY x SYSTEM 'FILE'>]><urlset><url><loc>URL?&x;</loc></url></urlset>"), "ok"),
    document("ten_megabytes_on_a_line", lambda _: titled("A" * (10 * MB)), "ok", "too_large"),
    document("title_of_a_megabyte", lambda _: titled("Idlib " * (MB // 6)), "ok"),
    document("title_of_a_megabyte_without_a_blank", lambda _: titled("A" * MB), "ok"),
    document("attribute_of_a_megabyte", lambda _: item(f"<title x='{'a' * MB}'>A</title><link href='http://jisr.example/{'a' * MB}'/>"), "ok"),
    document("author_of_a_megabyte", lambda _: item(f"<title>A</title>{LINK}<author>{'a' * MB}</author>"), "ok"),
    document("guid_of_a_megabyte", lambda _: item(f"<title>A</title><description>x</description><guid>{'g' * MB}</guid>"), "ok"),
    document("summary_of_megabytes", lambda _: item(f"<title>A</title>{LINK}<description>{'Idlib &lt;p&gt;' * (MB // 3)}</description>"), "ok"),
    document("tag_of_megabytes", lambda _: item(f"<title>A</title>{LINK}<a {'b ' * (3 * MB)}>"), "ok", "truncated"),
    document("attributes", lambda _: item("<title>A</title>" + LINK + "<a " + " ".join(f"a{n}='1'" for n in range(200_000)) + "/>"), "ok"),
    document("namespaces", lambda _: rss(*(f"<n{n}:x xmlns:n{n}='u{n}'/>" for n in range(50_000)), ITEM), "ok", "truncated"),
    document("categories", lambda _: item(f"<title>A</title>{LINK}" + "".join(f"<category>{n}</category>" for n in range(150_000))), "ok"),
    document("authors", lambda _: item(f"<title>A</title>{LINK}" + f"<author>{'a' * 490}</author>" * 10_000), "ok"),
    document("links", lambda _: item(f"<title>A</title>{LINK * 100_000}"), "ok", "truncated"),
    document("entries", _entries(lambda n: f"<item><title>A{n}</title><link>http://jisr.example/{n}</link></item>"), "truncated"),
    document("entries_without_an_end", _entries(lambda n: f"<item><title>A{n}</title>"), "truncated"),
    document("entries_in_json", lambda _: '{"items":[' + ",".join(f'{{"id":{n},"title":"A"}}' for n in range(100_000)) + "]}", "truncated", kind="application/feed+json"),
    document("pages_in_a_sitemap", lambda _: "<urlset>" + "".join(f"<url><loc>http://jisr.example/{n}</loc></url>" for n in range(100_000)) + "</urlset>", "truncated"),
    document("nested_elements", lambda _: item(f"<title>A</title>{LINK}{'<a>' * 50_000}x{'</a>' * 50_000}"), "ok"),
    document("nested_without_an_end", lambda _: rss(ITEM, "<a>" * 500_000), "ok", "truncated"),
    document("nested_html", lambda _: item(f"<title>A</title>{LINK}<description>{'&lt;div&gt;' * 50_000}x</description>"), "ok"),
    document("nested_xhtml", lambda _: item(f"<title>A</title>{LINK}<description>{'<div>' * 50_000}x{'</div>' * 50_000}</description>"), "ok"),
    document("nested_sitemap", lambda _: "<urlset>" + "<url>" * 200_000, "ok", "truncated", "not_a_feed"),
    document("nested_pages_with_tags", lambda _: "<urlset>" + "<url>" * 200 + "<a/>" * 500_000 + "</url>" * 200 + "</urlset>", "ok", "truncated"),
    document("json_a_million_deep", lambda _: '{"items":' + "[" * 1_000_000, "not_a_feed", kind="application/json"),
    document("json_objects_deep", lambda _: '{"items":[' + '{"a":' * 100_000, "not_a_feed", kind="application/json"),
    document("json_number_of_megabytes", lambda _: '{"items":[{"id":' + "9" * (5 * MB) + ',"url":"http://jisr.example/1","title":"A"}]}', "ok", kind="application/json"),
    document("json_half_characters", lambda _: '{"items":[{"id":1,"url":"http://jisr.example/1","title":"Id\\ud800lib\\u0000"}]}', "ok", kind="application/json"),
    document("half_characters", lambda _: titled("Id&#xD800;lib &#55357;&#xD800;"), "ok"),
    document("characters_out_of_range", lambda _: titled("Idlib &#x110000;&#0;&#99999999999999999999999;"), "ok"),
    document("references", lambda _: titled("&#65;" * MB + "<br>"), "ok", "truncated"),
    document("ampersands", lambda _: titled("&" * (4 * MB)), "ok", "truncated"),
    document("less_thans", lambda _: titled("<" * (4 * MB)), "ok", "truncated"),
    document("quotation_marks_in_tags", lambda _: titled("<a \"" * MB), "ok", "truncated"),
    document("declaration_of_megabytes", lambda _: "<?xml " + "encoding='" * (MB // 2) + "?>" + rss(ITEM, head=""), "ok", "not_a_feed"),
    document("blank_lines_of_megabytes", lambda _: "\n" * (6 * MB) + rss(ITEM, head=""), "ok"),
    document("comments", lambda _: rss("<!---->" * MB, ITEM), "ok"),
    document("comments_unclosed_before_the_root", lambda _: "<!--" * MB + rss(ITEM, head=""), "ok"),
    document("doctypes_unclosed_before_the_root", lambda _: "<!DOCTYPE [>" * (MB // 4) + rss(ITEM, head=""), "ok", "truncated"),
    document("comments_unclosed", lambda _: rss(ITEM, "<!--" * MB), "ok", "truncated"),
    document("nul_bytes", lambda _: rss(ITEM).replace("Bakery", "Ba\0kery") + "\0" * MB, "ok"),
    document("control_characters", lambda _: titled("\x1b]0;Idlib\x07\x9b31m\r\nSet-Cookie: a=b"), "ok"),
    document("bytes_that_are_none", lambda _: titled("BAD").encode().replace(b"BAD", b"Idlib \xff\xfe\xff" + b"\xc3(" * 1000), "ok"),
    document("bytes_of_noise", lambda _: b"<rss><channel><item><title>" + bytes(range(128, 256)) * 40_000, "ok", "truncated", "not_a_feed"),
    *map(_in, ("zlib_codec", "unicode_escape", "idna", "punycode", "undefined", "utf-7", "base64_codec", "rot13", "x-unknown", "utf-16", "utf-32")),
    document("charset_wrong", lambda _: titled("قصف على إدلب").encode("windows-1256"), "ok", kind=f"{XML}; charset=utf-8"),
    document("charset_utf_16_without_mark", lambda _: rss(ITEM).encode("utf-16-be"), "ok"),
    document("html_as_a_feed", lambda _: "<!doctype html><html><body>" + "<p>Idlib</p>" * 100_000, "not_a_feed"),
    document("pdf_as_a_feed", lambda _: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 4096, "not_a_feed"),
    document("video_as_a_feed", lambda _: b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 4096, "not_a_feed"),
    document("gzip_as_the_body", lambda _: gzip.compress(b"<rss>" + b" " * (64 * MB)), "not_a_feed", kind="application/gzip"),
    document("gzip_in_gzip", lambda _: gzip.compress(gzip.compress(rss(ITEM).encode())), "not_a_feed", kind="application/gzip"),
    document("year_0", _dated("0000-01-01T00:00:00Z"), "ok"),
    document("year_9999", _dated("Fri, 31 Dec 9999 23:59:59 GMT"), "ok"),
    document("year_99999", _dated("99999-01-01T00:00:00Z"), "ok"),
    document("date_that_is_a_path", _dated("../../../../etc/date=2018-09-11"), "ok"),
    document("date_of_a_megabyte", lambda _: item(f"<title>A</title>{LINK}<pubDate>{'1' * MB}</pubDate>"), "ok"),
    document("ttl_of_ages", lambda _: rss(f"<ttl>{10**18}</ttl>", ITEM), "ok"),
    document("ttl_negative", lambda _: rss("<ttl>-1</ttl>", ITEM), "ok"),
    document("every_hour_skipped", lambda _: rss("<skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(24)) + "</skipHours>", ITEM), "ok"),
    document("password_in_a_link", lambda _: item("<title>Idlib</title><link>http://rim:hunter2@jisr.example/1</link>"), "ok"),
    document("links_to_files", lambda _: item("<title>Idlib</title><link>file:///etc/passwd</link><guid>javascript:alert(1)</guid>"), "ok"),
]  # fmt: skip
