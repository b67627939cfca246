"""A made-up news world to measure on: outlets on 127.0.0.x, feeds, and pages of everyday weight.

Articles are recombined from the paragraphs of the sample news day (``tests/newsday``): all fiction. The
numbers in them are drawn anew, so that no two articles are the same text.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from functools import cache
from html import escape

from tests.newsday.articles import Story, load

HOUR = timedelta(hours=1)
_NAMED = re.compile(r"Syria|Idl[ie]b|Assad|Aleppo|Damascus|Homs|Hama|Raqqa|Latakia|Dara|Afrin|Saraqib|Helmets|Palmyra")
_SECTIONS = ("World", "Money", "Health", "Letters", "Weather", "Stage", "Farming", "Rail", "Courts", "Tides")


@dataclass(frozen=True)
class Plan:
    """The size of a world. ``relevant`` is a share; ``words`` and ``page_kb`` are means of an article's text
    and of its page in kB (0: a bare page); ``repeated`` is the share of articles that a second feed lists."""

    feeds: int = 40
    hosts: int = 20
    articles: int = 800
    relevant: float = 0.05
    words: int = 500
    page_kb: int = 80
    repeated: float = 0.25
    seed: int = 7
    pages: bool = True  # whether the articles' pages are served too
    rich: bool = False  # entries with HTML, author, categories and a picture, as WordPress writes them

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Plan:
        return Plan(**json.loads(text))


@dataclass(frozen=True)
class Piece:
    """One article; ``host`` counts from 0."""

    number: int
    host: int
    relevant: bool
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    published: datetime

    @property
    def path(self) -> str:
        return f"/{self.published:%Y/%m/%d}/{_slug(self.title)}-{self.number}"


def host_ip(host: int) -> str:
    """The loopback address of a host."""
    return f"127.0.{host // 250}.{host % 250 + 2}"


def _slug(title: str) -> str:
    return "-".join(re.findall(r"[a-z]+", title.lower())[:7])


@cache
def _stories() -> tuple[list[Story], list[Story]]:
    """The English sample articles: about the topic, and about anything else."""
    english = [s for s in load() if s.language == "en"]
    # Stories that name the region for another reason are left out: a keyword filter should do as well here.
    clear = [s for s in english if s.level == "none" and not _NAMED.search(f"{s.title} {s.summary} {s.text}")]
    return [s for s in english if s.level == "core"], clear


def _redrawn(text: str, rng: random.Random) -> str:
    """The text with other numbers; years and decimals stay."""
    return re.sub(r"(?<![\d.,:-])\d{2,3}(?![\d.,:-]|\w)", lambda _: str(rng.randint(11, 989)), text)


def pieces(plan: Plan, now: datetime) -> list[Piece]:
    """All articles of a world, published in the day before ``now``; the same for the same plan."""
    rng = random.Random(plan.seed)
    core, other = _stories()
    wanted = round(plan.articles * plan.relevant)
    kinds = [True] * wanted + [False] * (plan.articles - wanted)
    rng.shuffle(kinds)
    made = []
    for number, relevant in enumerate(kinds):
        pool = core if relevant else other
        lead = rng.choice(pool)
        length = max(45, round(plan.words * rng.uniform(0.7, 1.3)))
        paragraphs = list(lead.paragraphs)
        while sum(len(p.split()) for p in paragraphs) < length:
            paragraphs += rng.choice(pool).paragraphs[1:]
        while len(paragraphs) > 1 and sum(len(p.split()) for p in paragraphs[:-1]) >= length:
            paragraphs.pop()
        made.append(
            Piece(
                number,
                number % plan.hosts,
                relevant,
                _redrawn(lead.title, rng),
                _redrawn(lead.summary, rng),
                tuple(_redrawn(p, rng) for p in paragraphs),
                now - HOUR - timedelta(minutes=rng.randint(0, 1200)),
            )
        )
    return made


def feed_paths(plan: Plan) -> list[tuple[int, str]]:
    """(host, path) of every feed."""
    return [(n % plan.hosts, f"/feed-{n // plan.hosts}.xml") for n in range(plan.feeds)]


def build(plan: Plan, port: int, now: datetime | None = None) -> dict[tuple[str, str], tuple[str, bytes]]:
    """Every answer of the world: (address, path) to (content type, body)."""
    now = now or datetime.now(timezone.utc).replace(microsecond=0)
    rng = random.Random(plan.seed + 1)
    all_pieces = pieces(plan, now)
    blocks = _furniture(plan, all_pieces, rng) if plan.page_kb else []
    site: dict[tuple[str, str], tuple[str, bytes]] = {}
    for piece in all_pieces if plan.pages else ():
        body = _page(piece, port, plan, blocks, rng).encode()
        site[host_ip(piece.host), piece.path] = ("text/html; charset=utf-8", body)
    for number, (host, path) in enumerate(feed_paths(plan)):
        mine = [p for p in all_pieces if p.host == host]
        per_host = max(1, len([1 for h, _ in feed_paths(plan) if h == host]))
        turn = number // plan.hosts
        listed = [p for i, p in enumerate(mine) if i % per_host == turn]
        others = [p for i, p in enumerate(mine) if i % per_host != turn]
        listed += rng.sample(others, round(len(listed) * plan.repeated) if others else 0)
        listed.sort(key=lambda p: p.published, reverse=True)
        document = (_atom if number % 3 == 2 else _rss)(listed, host, port, now, plan.rich)
        site[host_ip(host), path] = ("application/xml; charset=utf-8", document.encode())
    return site


def _teaser(piece: Piece, origin: str) -> str:
    """A summary as WordPress writes it: a picture, the lead, and a link back."""
    lead = escape(" ".join(piece.paragraphs)[:420])
    return (
        f'<div class="thumb"><img width="300" height="200" src="{origin}/i/{piece.number}.jpg" class="attachment-medium" '
        f'alt="" loading="lazy" /></div><p>{escape(piece.summary)}</p><p>{lead} [&#8230;]</p>\n<p>The post <a rel="nofollow" '
        f'href="{origin}{piece.path}">{escape(piece.title)}</a> appeared first on <a href="{origin}">Outlet</a>.</p>'
    )


def _rss(listed: list[Piece], host: int, port: int, now: datetime, rich: bool = False) -> str:
    origin = f"http://{host_ip(host)}:{port}"

    def more(piece: Piece) -> str:
        sections = "".join(
            f"<category><![CDATA[{_SECTIONS[(piece.number + i) % len(_SECTIONS)]}]]></category>" for i in range(3)
        )
        return (
            f"<dc:creator><![CDATA[Staff writer {piece.number % 40}]]></dc:creator>{sections}"
            f'<media:content url="{origin}/i/{piece.number}.jpg" medium="image" width="800" height="450"/>'
        )

    items = "".join(
        f"<item><title>{escape(p.title)}</title><link>{origin}{p.path}</link><guid>{origin}{p.path}</guid>"
        f"<description>{escape(_teaser(p, origin) if rich else f'<p>{escape(p.summary)}</p>')}</description>"
        f"{more(p) if rich else ''}"
        f"<pubDate>{format_datetime(p.published)}</pubDate></item>\n"
        for p in listed
    )
    spaces = ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"' if rich else ""
    return (
        f'<?xml version="1.0"?>\n<rss version="2.0"{spaces}><channel><title>Outlet {host}</title>'
        f"<link>{origin}/</link>"
        f"<description>News</description><language>en</language>\n{items}</channel></rss>"
    )


def _atom(listed: list[Piece], host: int, port: int, now: datetime, rich: bool = False) -> str:
    origin = f"http://{host_ip(host)}:{port}"

    def summary(piece: Piece) -> str:
        if not rich:
            return f"<summary>{escape(piece.summary)}</summary>"
        return (
            f'<author><name>Staff writer {piece.number % 40}</name></author><category term="News"/>'
            f'<summary type="html">{escape(_teaser(piece, origin))}</summary>'
        )

    items = "".join(
        f'<entry><title>{escape(p.title)}</title><link href="{origin}{p.path}"/><id>{origin}{p.path}</id>'
        f"{summary(p)}<published>{p.published.isoformat()}</published>"
        f"<updated>{p.published.isoformat()}</updated></entry>\n"
        for p in listed
    )
    return (
        '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f"<title>Outlet {host}</title><id>{origin}/</id><updated>{now.isoformat()}</updated>\n{items}</feed>"
    )


def _furniture(plan: Plan, listed: list[Piece], rng: random.Random) -> list[str]:
    """Blocks that surround texts on real pages: menus, teasers, scripts; about an eighth of a page each."""
    size = plan.page_kb * 125
    blocks = []
    for number in range(24):
        parts: list[str] = []
        while sum(map(len, parts)) < size:
            title = escape(rng.choice(listed).title)
            kind = (number + len(parts)) % 4
            if kind == 0:
                links = "".join(f'<li class="menu-item"><a href="/s/{s.lower()}">{s}</a></li>' for s in _SECTIONS)
                parts.append(f'<nav class="menu menu-{number}"><ul>{links}</ul></nav>')
            elif kind == 1:
                cards = "".join(
                    f'<div class="card"><a href="/t/{rng.randint(1, 9999)}"><img src="/i/{i}.jpg" alt=""><h4>'
                    f"{escape(rng.choice(listed).title)}</h4></a>"
                    f'<span class="when">{rng.randint(2, 59)} min</span></div>'
                    for i in range(8)
                )
                parts.append(f'<aside class="related teasers"><h3>More</h3>{cards}</aside>')
            elif kind == 2:
                words = ",".join(f'"k{rng.randint(0, 10**9)}":{rng.random():.6f}' for _ in range(45))
                parts.append(f"<script>window.__d=window.__d||[];__d.push({{{words}}});</script>")
            else:
                parts.append(f'<div class="promo"><div class="in"><a href="/p/{number}"><b>{title}</b></a></div></div>')
        blocks.append("\n".join(parts))
    return blocks


def _page(piece: Piece, port: int, plan: Plan, blocks: list[str], rng: random.Random) -> str:
    url = f"http://{host_ip(piece.host)}:{port}{piece.path}"
    when = piece.published.isoformat()
    data = json.dumps({"@type": "NewsArticle", "headline": piece.title, "datePublished": when})
    head = (
        f'<meta charset="utf-8"><title>{escape(piece.title)}</title><link rel="canonical" href="{url}">'
        f'<meta property="og:title" content="{escape(piece.title)}">'
        f'<meta property="article:published_time" content="{when}">'
        f'<script type="application/ld+json">{data}</script>'
    )
    text = "\n".join(f"<p>{escape(p, quote=False)}</p>" for p in piece.paragraphs)
    article = (
        f'<main><article class="article"><h1>{escape(piece.title)}</h1>'
        f'<div class="article-body">\n{text}\n</div></article></main>'
    )
    around = rng.sample(blocks, rng.choice((6, 7, 8, 9))) if blocks else []
    half = len(around) // 2
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>\n'
        f'<div class="page-top">{"".join(around[:half])}</div>\n'
        f'{article}\n<div class="page-bottom">{"".join(around[half:])}</div>\n</body></html>'
    )
