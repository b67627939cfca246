"""Renders the entries of a feed as RSS 2.0, RSS 1.0, RSS 0.91 or Atom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from .outlets import FeedSpec, Outlet


@dataclass(frozen=True)
class Item:
    """One entry as its feed tells it."""

    guid: str
    link: str | None
    title: str
    summary: str
    author: str
    published: datetime | None
    updated: datetime | None
    html: str | None = None  # the whole article


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def _atom_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _cdata(html: str) -> str:
    return "<![CDATA[" + html.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _rss2_item(item: Item) -> str:
    permalink = "true" if item.guid == item.link else "false"
    lines = [
        f"<title>{escape(item.title)}</title>",
        f"<link>{escape(item.link)}</link>" if item.link else "",
        f'<guid isPermaLink="{permalink}">{escape(item.guid)}</guid>',
        f"<description>{escape(item.summary)}</description>",
        f"<dc:creator>{escape(item.author)}</dc:creator>",
        f"<pubDate>{_rfc822(item.published)}</pubDate>" if item.published else "",
        f"<content:encoded>{_cdata(item.html)}</content:encoded>" if item.html else "",
    ]
    return "<item>\n" + "\n".join(line for line in lines if line) + "\n</item>\n"


def _rss2(outlet: Outlet, spec: FeedSpec, origin: str, items: Sequence[Item], built: datetime) -> str:
    return (
        f'<?xml version="1.0" encoding="{spec.encoding}"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{escape(outlet.name)}: {spec.name}</title>\n<link>{origin}/</link>\n"
        f'<atom:link href={quoteattr(origin + spec.path)} rel="self" type="application/rss+xml"/>\n'
        f"<description>{escape(outlet.name)}</description>\n<language>{outlet.language}</language>\n"
        f"<lastBuildDate>{_rfc822(built)}</lastBuildDate>\n" + "".join(map(_rss2_item, items)) + "</channel>\n</rss>\n"
    )


def _rss091(outlet: Outlet, spec: FeedSpec, origin: str, items: Sequence[Item], built: datetime) -> str:
    def one(item: Item) -> str:
        # The specification has no date for items; feeds in the wild give one all the same.
        date = f"<pubDate>{_rfc822(item.published)}</pubDate>\n" if item.published else ""
        return (
            f"<item>\n<title>{escape(item.title)}</title>\n<link>{escape(item.link or '')}</link>\n"
            f"<description>{escape(item.summary)}</description>\n{date}</item>\n"
        )

    return (
        f'<?xml version="1.0" encoding="{spec.encoding}"?>\n<rss version="0.91">\n<channel>\n'
        f"<title>{escape(outlet.name)}: {spec.name}</title>\n<link>{origin}/</link>\n"
        f"<description>{escape(outlet.name)}</description>\n<language>{outlet.language}</language>\n"
        f"<pubDate>{_rfc822(built)}</pubDate>\n" + "".join(map(one, items)) + "</channel>\n</rss>\n"
    )


def _rss1(outlet: Outlet, spec: FeedSpec, origin: str, items: Sequence[Item], built: datetime) -> str:
    def one(item: Item) -> str:
        date = f"<dc:date>{_atom_time(item.published)}</dc:date>\n" if item.published else ""
        return (
            f"<item rdf:about={quoteattr(item.link or item.guid)}>\n<title>{escape(item.title)}</title>\n"
            f"<link>{escape(item.link or '')}</link>\n<description>{escape(item.summary)}</description>\n"
            f"<dc:creator>{escape(item.author)}</dc:creator>\n{date}</item>\n"
        )

    order = "".join(f"<rdf:li rdf:resource={quoteattr(item.link or item.guid)}/>" for item in items)
    return (
        f'<?xml version="1.0" encoding="{spec.encoding}"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"<channel rdf:about={quoteattr(origin + spec.path)}>\n"
        f"<title>{escape(outlet.name)}: {spec.name}</title>\n"
        f"<link>{origin}/</link>\n<description>{escape(outlet.name)}</description>\n"
        f"<dc:language>{outlet.language}</dc:language>\n<dc:date>{_atom_time(built)}</dc:date>\n"
        f"<items><rdf:Seq>{order}</rdf:Seq></items>\n</channel>\n" + "".join(map(one, items)) + "</rdf:RDF>\n"
    )


def _atom(outlet: Outlet, spec: FeedSpec, origin: str, items: Sequence[Item], built: datetime) -> str:
    def one(item: Item) -> str:
        href = quoteattr(item.link or "")
        link = f'<link rel="alternate" type="text/html" href={href}/>\n' if item.link else ""
        published = f"<published>{_atom_time(item.published)}</published>\n" if item.published else ""
        updated = f"<updated>{_atom_time(item.updated)}</updated>\n" if item.updated else ""
        return (
            f"<entry>\n<title>{escape(item.title)}</title>\n{link}<id>{escape(item.guid)}</id>\n{published}{updated}"
            f"<author><name>{escape(item.author)}</name></author>\n"
            f'<summary type="html">{escape(escape(item.summary))}</summary>\n</entry>\n'
        )

    return (
        f'<?xml version="1.0" encoding="{spec.encoding}"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">\n'
        f"<title>{escape(outlet.name)}: {spec.name}</title>\n<id>{origin}{spec.path}</id>\n"
        f'<link rel="self" href={quoteattr(origin + spec.path)}/>\n<link href="{origin}/"/>\n'
        f"<updated>{_atom_time(built)}</updated>\n" + "".join(map(one, items)) + "</feed>\n"
    )


_FORMATS = {"rss2": _rss2, "rss1": _rss1, "rss091": _rss091, "atom": _atom}


def render(outlet: Outlet, spec: FeedSpec, origin: str, items: Sequence[Item], built: datetime) -> bytes:
    """The feed's document in the feed's encoding."""
    document = _FORMATS[spec.format](outlet, spec, origin, items, built)
    return document.encode(spec.encoding, "xmlcharrefreplace")


def cut(document: bytes) -> bytes:
    """The document up to the middle of the opening tag of its last RSS 1.0 item: not well-formed XML."""
    last = document.rfind(b"<item rdf:about=")
    return document if last < 0 else document[: last + len(b"<item rdf:ab")]
