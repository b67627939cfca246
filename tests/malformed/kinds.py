"""Feeds with every kind of mistake that feedparser's own suite knows, in our words, each with what must come out.

The suite (github.com/kurtmckee/feedparser, ``tests/``) has one file for each element and mistake; here a kind stands
for a group of them. ``python -m tests.malformed FOLDER`` runs the suite itself.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass

from tests.malformed.run import Served

GOOD = "<item><title>Good</title><link>http://orontes.example/good</link></item>"
BAKERY = "<title>Bakery</title><link>http://orontes.example/bakery</link>"


@dataclass(frozen=True)
class Malformed:
    """A document, the titles that must come out of it, in order, and how its poll ends."""

    served: Served
    titles: tuple[str, ...] = ()
    problem: str | None = None


def rss(*items: str, head: str = "<?xml version='1.0' encoding='utf-8'?>", attributes: str = "version='2.0'") -> str:
    return f"{head}<rss {attributes}><channel><title>Orontes Post</title>{''.join(items)}</channel></rss>"


def atom(*entries: str, attributes: str = "xmlns='http://www.w3.org/2005/Atom'") -> str:
    return f"<feed {attributes}><title>Orontes Post</title>{''.join(entries)}</feed>"


def entry(title: str, more: str = "") -> str:
    return f"<entry><title>{title}</title><link href='http://orontes.example/a'/>{more}</entry>"


def _of(body: str | bytes, *titles: str, problem: str | None = None, kind: str | None = None) -> Malformed:
    return Malformed(Served(body if isinstance(body, bytes) else body.encode(), kind), titles, problem)


def _item(inside: str) -> str:
    return f"<item>{inside}</item>"


KINDS: dict[str, Malformed] = {
    # Markup that no XML parser takes
    "bare_ampersand": _of(rss(_item("<title>Flour & salt</title><link>http://orontes.example/a</link>"), GOOD), "Flour & salt", "Good"),
    "ampersands_in_a_link": _of(rss(_item("<title>A</title><link>http://orontes.example/a?b=1&c=2</link>")), "A"),
    "bare_less_than": _of(rss(_item("<title>Fewer < 20 trucks</title><link>http://orontes.example/a</link>"), GOOD), "Fewer < 20 trucks", "Good"),
    "unclosed_element": _of(rss(_item(f"{BAKERY}<description>One<br>two"), GOOD).replace("two</item>", "two</description></item>"), "Bakery", "Good"),
    "wrong_nesting": _of(rss(_item(f"{BAKERY}<description><b><i>x</b></i></description>"), GOOD), "Bakery", "Good"),
    "stray_end_tag": _of(rss(_item(f"{BAKERY}</width></foo>"), GOOD), "Bakery", "Good"),
    "unquoted_attribute": _of(atom("<entry><title>A</title><link href=http://orontes.example/a></link></entry>"), "A"),
    "attribute_twice": _of(rss(_item(f"{BAKERY}<guid x='1' x='2'>7</guid>"), GOOD), "Bakery", "Good"),
    "attribute_without_value": _of(rss(_item(f"{BAKERY}<guid isPermaLink>7</guid>"), GOOD), "Bakery", "Good"),
    "cdata_cut": _of(rss(GOOD, "<item><title><![CDATA[Bak").removesuffix("</channel></rss>"), "Good", problem="truncated"),
    "cdata_within_cdata": _of(rss(_item(f"{BAKERY}<description><![CDATA[a<![CDATA[b]]>]]></description>"), GOOD), "Bakery", "Good"),
    "comment_with_dashes": _of(rss("<!-- one -- two -->", GOOD), "Good"),
    "comment_unclosed": _of(rss(GOOD, "<!-- one "), "Good"),
    "root_tag_cut": _of(rss(GOOD).removesuffix(">"), "Good", problem="truncated"),
    "cut_in_an_entry": _of(rss(GOOD, _item(BAKERY)).split("http://orontes.example/bakery")[0], "Good", problem="truncated"),
    "cut_in_a_tag": _of(rss(GOOD, _item(BAKERY)).split("itle>Bakery")[0], "Good", problem="truncated"),
    "two_roots": _of(rss(GOOD) + rss(_item(BAKERY)), "Good"),
    "script_behind_the_root": _of(rss(GOOD) + "<script>count()</script>", "Good"),
    "processing_instruction_broken": _of(rss("<?php echo '<' >", GOOD), "Good"),
    "element_names_in_capitals": _of(rss(GOOD).upper().replace("HTTP://ORONTES.EXAMPLE/GOOD", "http://orontes.example/good").replace("XML VERSION", "xml version").replace("ENCODING", "encoding"), "GOOD"),
    # What stands before the document
    "blank_lines_before": _of("\r\n\n  " + rss(GOOD), "Good"),
    "words_before": _of("Warning: mysql_connect(): Too many connections\n" + rss(GOOD), "Good"),
    "markup_before": _of("<br />\n<b>Notice</b>: Undefined index in <b>feed.php</b><br />\n" + rss(GOOD), "Good"),
    "comment_before": _of("<!-- generated <rss> by a plugin -->" + rss(GOOD, head=""), "Good"),
    "no_declaration": _of(rss(GOOD, head=""), "Good"),
    "declaration_broken": _of(rss(GOOD, head="<?xml version=1.0 encoding=>"), "Good"),
    "declaration_twice": _of("<?xml version='1.0'?>" + rss(GOOD), "Good"),
    "mark_twice": _of(b"\xef\xbb\xbf\xef\xbb\xbf" + rss(GOOD).encode(), "Good"),
    "doctype_of_netscape": _of(rss(GOOD, head="<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'http://127.0.0.1:9/rss.dtd'>", attributes="version='0.91'"), "Good"),
    "doctype_with_entities": _of(rss(_item("<title>&town; &unknown;</title><link>http://orontes.example/a</link>"), head="<!DOCTYPE rss [<!ENTITY town 'Idlib'>]>"), "Idlib &unknown;"),
    "doctype_unclosed": _of("<!DOCTYPE rss [<!ENTITY a 'b'" + rss(GOOD, head=""), "Good"),
    # Names and namespaces
    "prefix_not_declared": _of(rss(_item(f"{BAKERY}<dc:creator>Rim</dc:creator><media:content url='x'/>"), GOOD), "Bakery", "Good"),
    "namespace_unknown": _of(rss(GOOD, attributes="version='2.0' xmlns='http://nowhere.example/ns'"), "Good"),
    "namespace_in_capitals": _of(atom(entry("A"), attributes="xmlns='HTTP://WWW.W3.ORG/2005/ATOM'"), "A"),
    "atom_under_a_prefix": _of(atom(entry("A")).replace("<", "<a:").replace("<a:/", "</a:").replace("xmlns=", "xmlns:a="), "A"),
    "rss_without_version": _of(rss(GOOD, attributes=""), "Good"),
    "rss_without_channel": _of(rss(GOOD).replace("<channel>", "").replace("</channel>", ""), "Good"),
    "items_beside_the_channel": _of(f"<rss><channel><title>t</title></channel>{GOOD}</rss>", "Good"),
    "rdf": _of(f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><title>t</title></channel>{GOOD}</rdf:RDF>", "Good"),
    "rdf_of_netscape": _of(f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'>{GOOD}</rdf:RDF>", "Good"),
    "channel_definition_format": _of("<CHANNEL HREF='http://orontes.example/'><ITEM HREF='http://orontes.example/a'><TITLE>A</TITLE></ITEM></CHANNEL>", "A"),
    "atom_of_2003": _of(atom(entry("A", "<issued>2023-11-01T00:00:00Z</issued>"), attributes="version='0.3' xmlns='http://purl.org/atom/ns#'"), "A"),
    # Elements that are not what they should be
    "html_in_a_title": _of(rss(_item("<title>A &lt;b&gt;loud&lt;/b&gt; &lt;i&gt;bang&lt;/i&gt;</title><link>http://orontes.example/a</link>")), "A loud bang"),
    "markup_in_a_title": _of(rss(_item("<title>A <b>loud</b> bang</title><link>http://orontes.example/a</link>")), "A loud bang"),
    "title_twice": _of(rss(_item("<title>A</title><media:title>B</media:title><link>http://orontes.example/a</link>"), attributes="version='2.0' xmlns:media='http://search.yahoo.com/mrss/'"), "A"),
    "image_in_an_item": _of(rss(_item(f"{BAKERY}<image><title>Photo</title><link>http://x.example/</link><url>x</url></image>")), "Bakery"),
    "textinput_nested": _of(rss(_item(f"{BAKERY}<textinput><textinput><title>x</title></textinput></textinput>"), GOOD), "Bakery", "Good"),
    "link_without_href": _of(atom(entry("A", "<link rel='enclosure'/><link/>")), "A"),
    "link_relative_to_xml_base": _of(atom(entry("A"), attributes="xmlns='http://www.w3.org/2005/Atom' xml:base='/news/'"), "A"),
    "content_in_base64": _of(atom(entry("A", "<content type='application/octet-stream' mode='base64'>!!not base64!!</content>")), "A"),
    "content_as_xhtml": _of(atom(entry("A", "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>x<title>no</title></p></div></content>")), "A"),
    "content_with_svg": _of(atom(entry("A", "<content type='xhtml'><svg xmlns='http://www.w3.org/2000/svg'><title>no</title></svg></content>")), "A"),
    "numbers_that_are_none": _of(rss("<image><width>wide</width><height>-</height></image>", _item(f"{BAKERY}<enclosure length='long' url='x'/><media:rating>?</media:rating>")), "Bakery"),
    "point_of_a_map": _of(rss(_item(f"{BAKERY}<georss:point>36.1 x</georss:point><gml:Point srsName='EPSG:x'><gml:pos>1</gml:pos></gml:Point>"), attributes="xmlns:georss='http://www.georss.org/georss' xmlns:gml='http://www.opengis.net/gml'"), "Bakery"),
    "dates_that_are_none": _of(rss(_item(f"{BAKERY}<pubDate>Thu, 99 Foo 20018 25:61:61 XYZ</pubDate>"), _item(f"{BAKERY}<dc:date/>".replace("bakery", "b"))), "Bakery", "Bakery"),
    "name_of_our_own_fields": _of(rss(_item(f"{BAKERY}<published_parsed x='1'/><links x='1'/><authors x='1'/><tags>a,b</tags>"), "<entries x='1'/>", GOOD), "Bakery", "Good"),
    "words_between_entries": _of(rss("stray words", GOOD, "more of them"), "Good"),
    "empty_elements": _of(rss("<item/>", "<item></item>", GOOD), "Good"),
    "item_in_an_item": _of(rss(f"<item>{BAKERY}{GOOD}</item>"), "Bakery", "Good"),
    # References and charsets
    "reference_out_of_range": _of(rss(_item("<title>A&#x110000;&#99999999;</title><link>http://orontes.example/a</link>")), "A"),
    "reference_without_semicolon": _of(rss(_item("<title>A&#65 &eacute</title><link>http://orontes.example/a</link>"), GOOD).replace("&eacute<", "&eacute <"), "AA é", "Good"),
    "reference_to_html": _of(rss(_item("<title>Caf&eacute;&nbsp;&mdash;&hellip;</title><link>http://orontes.example/a</link>")), "Café —…"),
    "quotes_of_windows": _of(rss(_item("<title>&#147;A&#148; &#150; \x93B\x94</title><link>http://orontes.example/a</link>")), "“A” – B"),
    "bytes_that_are_none": _of(rss(_item("<title>A</title><link>http://orontes.example/a</link><description>إدلب BAD إدلب إدلب إدلب</description>"), GOOD).encode().replace(b"BAD", b"\xff"), "A", "Good"),
    "utf_16_without_mark": _of(rss(GOOD).encode("utf-16-le"), "Good"),
    "utf_16_only_declared": _of(rss(GOOD, head="<?xml version='1.0' encoding='utf-16'?>"), "Good"),
    "utf_32_with_mark": _of(rss(GOOD).encode("utf-32"), "Good"),
    "ebcdic": _of(rss(GOOD, head="<?xml version='1.0' encoding='cp037'?>").encode("cp037"), "Good"),
    "charset_unknown": _of(rss(GOOD, head="<?xml version='1.0' encoding='x-bogus'?>"), "Good", kind="text/xml; charset=x-bogus"),
    "charset_against_http": _of(rss(_item("<title>إدلب تحت القصف</title><link>http://orontes.example/a</link>"), head="<?xml version='1.0' encoding='utf-8'?>").encode("windows-1256"), "إدلب تحت القصف", kind="text/xml; charset=windows-1256"),
    "nul_bytes": _of(rss(GOOD).replace("Good", "Go\0od"), "Good"),
    # Content types and what is not XML
    "type_of_html": _of(rss(GOOD), "Good", kind="text/html"),
    "type_missing": _of(rss(GOOD), "Good", kind=""),
    "type_of_nonsense": _of(rss(GOOD), "Good", kind="a;b;;charset=;charset"),
    "gzip_within": _of(gzip.compress(rss(GOOD).encode()), "Good", kind="application/xml"),
    "gzip_damaged": _of(gzip.compress(rss(GOOD).encode())[:8] + b"xxxx", problem="not_a_feed"),
    "json_feed": _of('{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"title":"Good","url":"http://orontes.example/a"}]}', "Good"),
    "json_of_wrong_types": _of('{"version":"https://jsonfeed.org/version/1","title":7,"authors":"x","hubs":1,"items":[{"id":true,"title":[],"url":9},7,null,{"id":2,"title":"Good","url":"http://orontes.example/a"}]}', "", "Good"),
    "empty": _of("", problem="not_a_feed"),
    "comment_alone": _of("<!-- nothing -->", problem="not_a_feed"),
    "feed_without_entries": _of(rss()),
    "page": _of("<!doctype html><html><head><title>x</title></head><body><p>Nothing here.</p></body></html>", problem="not_a_feed"),
    "line_noise": _of(bytes(range(256)) * 20, problem="not_a_feed"),
}  # fmt: skip
