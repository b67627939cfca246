"""Pages made to exhaust whoever reads them, or to slip something into the tables. Each is under the limit of bytes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.hostile.server import Kind, Peer

HTML = "text/html; charset=utf-8"
KEPT = frozenset(("kept",))
TOLD = (
    "IDLIB, Syria - Eleven trucks with flour reached the bakeries of Idlib and Saraqib on Tuesday, the local council said, "
    "after the road had been closed for a week by shelling.",
    "“We had stopped baking on Friday,” said Rim Tahhan, who runs a bakery in Saraqib. Residents queued from dawn, and the "
    "flour was said to last for nine days in both towns.",
)


@dataclass(frozen=True)
class HostilePage:
    """``ends``: the reasons of rejects in which it may end; "kept": as an article, safely reduced."""

    content_type: str
    body: Callable[[], bytes]
    ends: frozenset[str]
    reduced: frozenset[str] = frozenset()  # what a kept one must say of itself


def page(inside: str = "", head: str = "", attributes: str = "", title: str = "Flour reaches Idlib") -> bytes:
    told = "".join(f"<p>{text}</p>" for text in TOLD)
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>{head}</head><body {attributes}>"
        f"<article><h1>{title}</h1>{told}{inside}</article></body></html>"
    ).encode("utf-8", "surrogatepass")


def _ends(*reasons: str) -> frozenset[str]:
    return frozenset(reasons)


def _ld(data: str) -> str:
    return f"<script type='application/ld+json'>{data}</script>"


_BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
_DEEP = 50_000
_MB = 1 << 20

PAGES: dict[str, HostilePage] = {
    "nested elements": HostilePage(HTML, lambda: page("<div>" * _DEEP + "deep" + "</div>" * _DEEP), _ends("kept", "too_large", "no_text")),
    "nested without end": HostilePage(HTML, lambda: page("<b>" * _DEEP), _ends("kept", "too_large", "no_text")),
    "nested links": HostilePage(HTML, lambda: page("<div><a href=/x>one two three four</a>" * 14_000), _ends("kept", "too_large", "no_text")),
    "nested tables": HostilePage(HTML, lambda: page("<table><tr><td>one<br><br>" * 10_000), _ends("kept", "too_large", "no_text")),
    "nested lists": HostilePage(HTML, lambda: page("<ul><li>one" * 25_000), _ends("kept", "too_large", "no_text")),
    "nested quotations": HostilePage(HTML, lambda: page("<blockquote><p>one two" * 25_000), _ends("kept", "too_large", "no_text")),
    "one line of megabytes": HostilePage(HTML, lambda: page(f"<p>{'word ' * 1_500_000}</p>"), KEPT, _ends("text_cut")),
    "a million letters": HostilePage(HTML, lambda: page(f"<p>{'a' * 1_000_000}</p>"), KEPT, _ends("runs_cut")),
    "words without a full stop": HostilePage(HTML, lambda: page(f"<p>{'Idlib said that he ' * 50_000}</p>"), KEPT, _ends("text_cut")),
    "quotation marks": HostilePage(HTML, lambda: page(f"<p>{'“' * 200_000}</p>"), KEPT, _ends("runs_cut")),
    "quotation marks with letters": HostilePage(HTML, lambda: page(f"<p>{'“a” ' * 100_000}</p>"), KEPT, _ends("text_cut")),
    "dates": HostilePage(HTML, lambda: page("".join(f"<p>11 September {n}</p>" for n in range(28_000))), _ends("kept", "too_large")),
    "dates on a line": HostilePage(HTML, lambda: page(f"<p>{'2018-09-11 11/09/2018 ' * 50_000}</p>"), KEPT, _ends("text_cut")),
    "times": HostilePage(HTML, lambda: page("<time datetime='2018-09-11'></time>" * 29_000), KEPT),
    "URLs": HostilePage(HTML, lambda: page(f"<p>{'http://a.example/b?c=d&e=f ' * 50_000}</p>"), KEPT, _ends("text_cut")),
    "links": HostilePage(HTML, lambda: page("<a href='http://a.example/b'>x</a> " * 29_000), KEPT),
    "links in one block": HostilePage(HTML, lambda: page(f"<div>{'<a href=/b>one two three four five</a>' * 29_000}</div>"), KEPT),
    "sixty thousand tags": HostilePage(HTML, lambda: page("<p>Idlib said so.</p>" * 29_000), _ends("kept", "too_large")),
    "a million tags": HostilePage(HTML, lambda: page("<i>a</i>" * 500_000), _ends("too_large")),
    "attributes": HostilePage(HTML, lambda: page(attributes=" ".join(f"a{n}=''" for n in range(500_000))), _ends("kept", "too_large", "no_text")),
    "attributes of one name": HostilePage(HTML, lambda: page(attributes="a " * 1_000_000), _ends("kept", "too_large", "no_text")),
    "a title of a megabyte": HostilePage(HTML, lambda: page(title="Idlib " * 175_000), KEPT),
    "an attribute of a megabyte": HostilePage(HTML, lambda: page(f"<p class='{'share ' * 175_000}' id='{'-' * _MB}'>Idlib.</p>"), KEPT),
    "a description of a megabyte": HostilePage(HTML, lambda: page(head=f"<meta property='og:site_name' content='{'a ' * 500_000}'>"), KEPT),
    "an author of a megabyte": HostilePage(HTML, lambda: page(head=f"<meta name='author' content='{'A, ' * 300_000}'>"), KEPT),
    "surrogates": HostilePage(HTML, lambda: page("<p>&#xD800; &#55357; &#xDFFF; Idlib \ud83d waited.</p>", title="Idlib &#xD800;"), KEPT),
    "nulls": HostilePage(HTML, lambda: page("<p>Id\x00lib &#0; &#x0; wai\x00ted.</p>").replace(b" the ", b" \x00the\x00 "), KEPT),
    "control characters": HostilePage(HTML, lambda: page("<p>Idlib \x1b[31m&#27;[2J &#8;&#133; \x7f waited for rain.</p>"), KEPT),
    "entities": HostilePage(
        "application/xhtml+xml",
        lambda: f"<?xml version='1.0'?><!DOCTYPE html [<!ENTITY l0 'lol'>{_BOMB}]>".encode() + page("<p>&l11; waited.</p>"), KEPT,
    ),
    "an external entity": HostilePage(
        "application/xhtml+xml",
        lambda: b"<?xml version='1.0'?><!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + page("<p>&x; waited.</p>"), KEPT,
    ),
    "pictures inline": HostilePage(HTML, lambda: page(f"<img src='data:image/png;base64,{'iVBORw0KGgo' * 400_000}'>"), KEPT),
    "pictures in text": HostilePage(HTML, lambda: page(f"<p>data:image/png;base64,{'iVBORw0KGgo' * 400_000}</p>"), KEPT, _ends("runs_cut")),
    "deep linked data": HostilePage(HTML, lambda: page(head=_ld("[" * 1_000_000)), KEPT),
    "deep objects": HostilePage(HTML, lambda: page(head=_ld('{"@graph":' * 60_000 + "1" + "}" * 60_000)), KEPT),
    "a number of megabytes": HostilePage(HTML, lambda: page(head=_ld('{"articleBody": ' + "9" * 5_000_000 + "}")), KEPT),
    "a date that is a number": HostilePage(HTML, lambda: page(head=_ld('{"datePublished": ' + "9" * 150_000 + "}")), KEPT),
    "linked data of megabytes": HostilePage(HTML, lambda: page(head=_ld(json.dumps({"articleBody": "Idlib. " * 600_000}))), KEPT),
    "linked data without a page": HostilePage(
        HTML, lambda: f"<html><head>{_ld(json.dumps({'articleBody': 'Idlib said so. ' * 300_000}))}</head><body></body></html>".encode(),
        _ends("kept", "no_text", "too_large"),
    ),
    "linked data again and again": HostilePage(
        HTML, lambda: page(head=_ld('{"articleBody": "' + "Idlib waited. " * 40 + '"}') * 5_000), _ends("kept", "too_large")
    ),
    "scripts": HostilePage(HTML, lambda: page(head="<script>var a = '<p>';</script>" * 10_000), KEPT),
    "a script that does not end": HostilePage(HTML, lambda: page("<script>" + "<script" * 50_000), _ends("kept", "too_large", "no_text")),
    "comments": HostilePage(HTML, lambda: page("<!--" * 50_000), _ends("kept", "too_large", "no_text")),
    "broken tags": HostilePage(HTML, lambda: page("<" * 59_000), _ends("kept", "too_large", "no_text")),
    "half tags": HostilePage(HTML, lambda: page("<a " * 50_000), _ends("kept", "too_large", "no_text")),
    "doctype": HostilePage(HTML, lambda: b"<!doctype " + b"/" * 5_000_000 + page(), _ends("kept", "no_text", "too_large")),
    "html tags": HostilePage(HTML, lambda: b"<html " * 50_000 + b"/>" + page(), _ends("kept", "no_text", "too_large")),
    "paragraph ends": HostilePage(HTML, lambda: page("<br>" * 58_000), KEPT),
    "paragraph ends with text": HostilePage(HTML, lambda: page(f"<div>{'Idlib waited.<br><br>' * 14_000}</div>"), KEPT),
    "blanks in a tag": HostilePage(HTML, lambda: page(f"<p{' ' * 2_000_000}=>"), _ends("kept", "too_large", "no_text")),
    "articles in articles": HostilePage(HTML, lambda: page("<div data-url='/x'>" * 10_000 + "<p>one" * 40_000), _ends("kept", "too_large", "no_text")),
    "line ends among elements": HostilePage(HTML, lambda: page(f"<div>one<br><br>{'<x>two</x> three ' * 29_000}</div>"), KEPT),
    "cells": HostilePage(HTML, lambda: page(f"<table><tr>{('<td><p>' + 'Idlib waited. ' * 20) * 25_000}</table>"), _ends("kept", "too_large")),
    "blanks": HostilePage(HTML, lambda: page(f"<p>Idlib{' ' * 5_000_000}waited.</p>"), KEPT),
    "line ends": HostilePage(HTML, lambda: page("<pre>" + "\n" * 5_000_000 + "</pre>"), KEPT),
    "marks that combine": HostilePage(HTML, lambda: page("<p>Idlib" + "\u0301" * 500_000 + " waited.</p>"), KEPT, _ends("runs_cut")),
    "right to left": HostilePage(HTML, lambda: page("<p>\u202eIdlib\u202c \u2066waited\u2069 for rain.</p>" * 1_000), KEPT),
    "rows": HostilePage(HTML, lambda: page(f"<table>{'<tr><td>1<td>2' * 19_000}</table>"), _ends("kept", "too_large")),
    "captions": HostilePage(HTML, lambda: page("<figure><figcaption>Idlib waited.</figcaption></figure>" * 14_000), KEPT),
    "spans": HostilePage(HTML, lambda: page(f"<p>{'<span>a</span>' * 29_000}</p>"), _ends("kept", "too_large")),
    "lists": HostilePage(HTML, lambda: page(f"<ul>{'<li>Idlib waited for rain' * 50_000}</ul>"), _ends("kept", "too_large")),
    "forms": HostilePage(HTML, lambda: page("<form><input><label>a" * 19_000), _ends("kept", "too_large", "no_text")),
    "a document": HostilePage("text/html", lambda: b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" * 20_000, _ends("no_text", "not_html")),
    "a film": HostilePage("text/html", lambda: b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 20_000, _ends("no_text", "not_html")),
    "a feed": HostilePage(
        "text/html",
        lambda: b"<?xml version='1.0'?><rss version='2.0'><channel>" + b"<item><title>Idlib</title><description>Rain.</description></item>" * 5_000,
        _ends("no_text", "not_html", "not_article", "kept", "too_large"),
    ),
    "zeros": HostilePage("text/html", lambda: b"\x00" * 5_000_000, _ends("no_text", "not_html")),
    "noise": HostilePage("text/html", lambda: bytes((n * 7919 + n // 251) % 256 for n in range(1_000_000)), _ends("no_text", "not_html", "too_large")),
    "a charset that is a bomb": HostilePage("text/html; charset=zlib_codec", lambda: page("<p>قال السكان</p>"), KEPT),
    "a charset that escapes": HostilePage("text/html; charset=unicode_escape", lambda: page("<p>\\ud800 \\x00</p>"), KEPT),
    "a compressed page": HostilePage("text/html", lambda: zlib.compress(page("a" * 7_000_000)), _ends("no_text", "not_html")),
}  # fmt: skip


def _kind(name: str, made: HostilePage) -> Kind:
    def answer(peer: Peer) -> None:
        peer.reply(made.body(), kind=made.content_type)

    return Kind(f"page: {name}", "page", answer, made.ends)


KINDS = [_kind(name, made) for name, made in PAGES.items()]
