"""Renders an article as a page in the furniture of its outlet: five layouts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from .articles import Story
from .outlets import Outlet

WORDS = {
    "en": ("Home", "World", "Sport", "Opinion", "Share", "Related", "Newsletter: the morning in five minutes",
           "We use cookies to improve this site. Accept all", "Comments", "All rights reserved"),
    "fr": ("Accueil", "Monde", "Sports", "Débats", "Partager", "À lire aussi",
           "La lettre du matin : l’essentiel en cinq minutes",
           "Nous utilisons des cookies pour améliorer ce site. Tout accepter", "Commentaires",
           "Tous droits réservés"),
    "ar": ("الرئيسية", "العالم", "رياضة", "رأي", "شارك", "اقرأ أيضا", "النشرة البريدية: الصباح في خمس دقائق",
           "نستخدم ملفات تعريف الارتباط لتحسين الموقع. قبول الكل", "التعليقات", "جميع الحقوق محفوظة"),
    "tr": ("Anasayfa", "Dünya", "Spor", "Yazarlar", "Paylaş", "İlgili haberler", "Bülten: beş dakikada sabah",
           "Bu siteyi geliştirmek için çerez kullanıyoruz. Tümünü kabul et", "Yorumlar",
           "Tüm hakları saklıdır"),
}  # fmt: skip

_COMMENTS = (
    ("quayside_reader", "Nobody in Damascus or in Idlib will read this comment, but thank you all the same."),
    ("M. Farrow", "I have said it before under another story: more maps, please, and fewer adjectives."),
)


@dataclass(frozen=True)
class Frame:
    """What surrounds the text of one page."""

    outlet: Outlet
    origin: str
    url: str
    related: Sequence[tuple[str, str]]  # (address, title)
    amp_url: str | None
    dated: bool = True


def _json_ld(story: Story, frame: Frame) -> str:
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": frame.url,
        "headline": story.title,
        "inLanguage": story.language,
        "author": {"@type": "Person", "name": story.author},
        "publisher": {"@type": "Organization", "name": frame.outlet.name},
    }
    if frame.dated:
        facts["datePublished"] = story.published.isoformat()
        facts["dateModified"] = story.updated.isoformat()
    return json.dumps(facts, ensure_ascii=False).replace("</", "<\\/")


def _head(story: Story, frame: Frame) -> str:
    dates = (
        f'<meta property="article:published_time" content="{story.published.isoformat()}">\n'
        f'<meta property="article:modified_time" content="{story.updated.isoformat()}">\n'
        if frame.dated
        else ""
    )
    amp = f'<link rel="amphtml" href="{escape(frame.amp_url)}">\n' if frame.amp_url else ""
    return (
        f'<meta charset="utf-8">\n<title>{escape(story.title)} | {escape(frame.outlet.name)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="canonical" href="{escape(frame.url)}">\n{amp}'
        f'<meta name="description" content="{escape(story.summary)}">\n'
        f'<meta name="author" content="{escape(story.author)}">\n'
        f'<meta property="og:type" content="article">\n'
        f'<meta property="og:title" content="{escape(story.title)}">\n'
        f'<meta property="og:description" content="{escape(story.summary)}">\n'
        f'<meta property="og:url" content="{escape(frame.url)}">\n'
        f'<meta property="og:site_name" content="{escape(frame.outlet.name)}">\n'
        f'<meta property="og:image" content="{frame.origin}/static/share.png">\n{dates}'
        f'<script type="application/ld+json">{_json_ld(story, frame)}</script>\n'
        "<style>body{font:17px/1.5 Georgia,serif;margin:0}.ad{min-height:90px}</style>\n"
        "<script>window.dataLayer=window.dataLayer||[];function track(){dataLayer.push(arguments)}"
        "track('page','view');</script>\n"
    )


def _top(frame: Frame, words: Sequence[str]) -> str:
    return (
        f'<div id="cookie-banner" class="cookie-consent" role="dialog"><p>{words[7]}</p>'
        "<button>OK</button></div>\n"
        f'<header class="site-header"><a class="logo" href="/">{escape(frame.outlet.name)}</a>\n'
        f'<nav class="main-nav"><ul><li><a href="/">{words[0]}</a></li>'
        f'<li><a href="/world/">{words[1]}</a></li>'
        f'<li><a href="/sport/">{words[2]}</a></li><li><a href="/opinion/">{words[3]}</a></li>'
        "</ul></nav></header>\n"
    )


def _share(frame: Frame, words: Sequence[str]) -> str:
    target = escape(frame.url)
    return (
        f'<div class="share-buttons social-share"><span>{words[4]}</span> '
        f'<a href="https://example.com/share?u={target}">Chirp</a> '
        f'<a href="https://example.org/share?u={target}">Facepage</a> '
        f'<a href="mailto:?body={target}">E-mail</a></div>\n'
    )


def _related(frame: Frame, words: Sequence[str]) -> str:
    items = "".join(f'<li><a href="{escape(url)}">{escape(title)}</a></li>' for url, title in frame.related)
    return f'<aside class="related related-links"><h3>{words[5]}</h3><ul>{items}</ul></aside>\n'


def _bottom(frame: Frame, words: Sequence[str]) -> str:
    comments = "".join(
        f'<div class="comment"><cite>{escape(name)}</cite><div class="comment-body">{escape(text)}</div></div>'
        for name, text in _COMMENTS
    )
    return (
        f'<section class="newsletter-signup"><form action="/newsletter"><label>{words[6]}</label>'
        '<input type="email" name="mail"><button>OK</button></form></section>\n'
        f'<section id="comments" class="comments-area"><h3>{words[8]}</h3>{comments}</section>\n'
        f'<footer class="site-footer"><ul><li><a href="/about">{escape(frame.outlet.name)}</a></li>'
        f'<li><a href="/privacy">Privacy</a></li></ul>'
        f"<p>© {escape(frame.outlet.name)}. {words[9]}.</p></footer>\n"
        "<script>document.querySelectorAll('.share-buttons a')"
        ".forEach(function(a){a.target='_blank'})</script>\n"
    )


def _paragraphs(story: Story) -> list[str]:
    return [f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in story.paragraphs]


def _with_aside(paragraphs: list[str], aside: str) -> str:
    """The paragraphs with a piece of furniture after the second, where sites put advertisements."""
    return "\n".join([*paragraphs[:2], aside, *paragraphs[2:]])


def _time(story: Story, frame: Frame) -> str:
    if not frame.dated:
        return ""
    return f'<time datetime="{story.published.isoformat()}">{story.published:%d.%m.%Y %H:%M}</time>'


def _broadsheet(story: Story, frame: Frame, words: Sequence[str]) -> str:
    text = _with_aside(_paragraphs(story), '<div class="ad advertisement" id="ad-slot-1"></div>')
    return (
        f'<main><article class="article"><header class="article-header"><h1>{escape(story.title)}</h1>'
        f'<div class="byline"><a rel="author" href="/authors">{escape(story.author)}</a> '
        f"{_time(story, frame)}</div>"
        f'{_share(frame, words)}</header>\n<div class="article-body">\n{text}\n</div></article></main>\n'
        + _related(frame, words)
    )


def _blocks(story: Story, frame: Frame, words: Sequence[str]) -> str:
    text = "\n".join(_paragraphs(story))
    return (
        f'<div id="wrapper"><div class="headline-block"><h1>{escape(story.title)}</h1>'
        f'<div class="meta author-line"><span class="author">{escape(story.author)}</span> '
        f"{_time(story, frame)}</div>"
        f'</div>\n<div class="columns"><div class="post-content">\n{text}\n</div>\n'
        f'{_share(frame, words)}<div class="sidebar">{_related(frame, words)}</div></div></div>\n'
    )


def _microdata(story: Story, frame: Frame, words: Sequence[str]) -> str:
    text = "\n".join(_paragraphs(story))
    return (
        '<div class="container" itemscope itemtype="https://schema.org/NewsArticle">'
        f'<h1 itemprop="headline">{escape(story.title)}</h1>\n'
        f'<div class="byline"><span itemprop="author">{escape(story.author)}</span> '
        f"{_time(story, frame)}</div>\n"
        f'<div itemprop="articleBody">\n{text}\n</div>\n'
        f"{_share(frame, words)}{_related(frame, words)}</div>\n"
    )


def _weblog(story: Story, frame: Frame, words: Sequence[str]) -> str:
    text = _with_aside(_paragraphs(story), "<script>track('scroll','second paragraph');</script>")
    return (
        '<div id="content"><article class="post type-post"><header class="entry-header">'
        f'<h1 class="entry-title">{escape(story.title)}</h1><div class="entry-meta">{escape(story.author)} '
        f'{_time(story, frame)}</div></header>\n<div class="entry-content">\n{text}\n</div>\n'
        f'<footer class="entry-footer">{_share(frame, words)}</footer></article>\n'
        f"{_related(frame, words)}</div>\n"
    )


def _table(story: Story, frame: Frame, words: Sequence[str]) -> str:
    text = "\n".join(_paragraphs(story))
    return (
        f'<div class="page"><div class="title-bar"><h1>{escape(story.title)}</h1>'
        f'<div class="byline">{escape(story.author)} {_time(story, frame)}</div></div>\n'
        f'<div class="grid"><section class="article-text" id="article-text">\n{text}\n</section>\n'
        f'<table class="tools"><tr><td>{_share(frame, words)}</td></tr></table>'
        f"{_related(frame, words)}</div></div>\n"
    )


_LAYOUTS = {
    "broadsheet": _broadsheet,
    "blocks": _blocks,
    "microdata": _microdata,
    "weblog": _weblog,
    "table": _table,
}


def render(story: Story, frame: Frame) -> str:
    """The page of ``story`` in its present form, as HTML."""
    words = WORDS[story.language]
    direction = ' dir="rtl"' if story.language == "ar" else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{story.language}"{direction}>\n'
        f"<head>\n{_head(story, frame)}</head>\n<body>\n"
        f"{_top(frame, words)}{_LAYOUTS[frame.outlet.layout](story, frame, words)}{_bottom(frame, words)}"
        "</body>\n</html>\n"
    )


def render_amp(story: Story, frame: Frame) -> str:
    """The AMP form: the bare text, and the canonical address."""
    text = "\n".join(_paragraphs(story))
    return (
        f'<!DOCTYPE html>\n<html amp lang="{story.language}">\n<head>\n{_head(story, frame)}</head>\n<body>\n'
        f"<article><header><h1>{escape(story.title)}</h1></header>\n"
        f'<div class="article-body">\n{text}\n</div>'
        "</article>\n</body>\n</html>\n"
    )
