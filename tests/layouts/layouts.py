"""Layouts of pages with an article. Each renders a story among others and says which text is its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape

from tests.layouts.words import Words
from tests.newsday.articles import Story

Made = tuple[str | bytes, str | None]
Layout = Callable[[Story, Sequence[Story], Words, int], Made]


def pick(options: Sequence[str], number: int) -> str:
    return options[number % len(options)]


def p(text: str, attributes: str = "") -> str:
    return f"<p{attributes}>{escape(text, quote=False)}</p>"


def link(story: Story) -> str:
    return f'<a href="/{story.slug}">{escape(story.title)}</a>'


def joined(paragraphs: Sequence[str]) -> str:
    return "\n".join(paragraphs)


def head(story: Story, more: str = "", charset: str = "utf-8") -> str:
    return (
        f'<head><meta charset="{charset}"><title>{escape(story.title)} | Quay Daily</title>'
        f'<meta property="og:title" content="{escape(story.title)}"><meta property="og:site_name" content="Quay Daily">'
        f'<meta property="article:published_time" content="{story.published.isoformat()}">'
        f'<link rel="canonical" href="http://quay.example/{story.slug}">{more}'
        "<script>window.q=window.q||[];q.push(['page']);</script><style>.x{color:#111}</style></head>"
    )


def page(story: Story, body: str, words: Words, more: str = "", root: str = "") -> str:
    """A whole page: banner, menu, ``body``, footer."""
    menu = "".join(f'<li><a href="/{n}">{w}</a></li>' for n, w in enumerate(words.menu))
    direction = ' dir="rtl"' if story.language == "ar" else ""
    return (
        f'<!DOCTYPE html><html lang="{story.language}"{direction}{root}>{head(story, more)}<body class="single">'
        f'<div class="cookie-notice" id="cookie-bar"><p>{words.cookies}</p><button>OK</button></div>'
        f'<header class="top"><a href="/">Quay Daily</a><nav><ul>{menu}</ul></nav></header>{body}'
        f"<footer><p>© 2018 Quay Daily. {words.rights}.</p></footer></body></html>"
    )


def between(paragraphs: Sequence[str], pieces: Sequence[str]) -> str:
    """``pieces`` of furniture put between the paragraphs, the first after the first."""
    made = []
    for number, paragraph in enumerate(paragraphs):
        made.append(p(paragraph))
        if number < len(pieces):
            made.append(pieces[number])
    return "\n".join(made) + "\n".join(pieces[len(paragraphs) :])


def teaser_line(story: Story, words: Words, number: int) -> str:
    """A line that leads to another article, in the ways that sites mark it up."""
    lead, _, end = pick(words.more, number).partition("{}")
    target = f'<a href="/{story.slug}">{escape(story.title)}</a>'
    return pick(
        [
            f"<p><strong>{lead}</strong>{target}{end}</p>",
            f"<p><b><a href='/{story.slug}'>{lead}{escape(story.title)}</a></b></p>",
            f"<div class='css-1k3x'><span>{lead.strip()}</span> {target}</div>",
            f"<p class='inline-promo'>{lead}{target}</p>",
            f"<blockquote><p>{lead}{target}</p></blockquote>",
            f"<h4>{lead}{target}</h4>",
        ],
        number,
    )


def plain(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    body = (
        f'<main><article class="story"><h1>{escape(story.title)}</h1><div class="byline">{story.author}</div>'
        f"<figure><img src='/a.jpg' alt=''><figcaption>{words.caption}</figcaption></figure>"
        + between(story.paragraphs, [f'<div class="ad">{words.ad}</div>', p(words.ad), ""])
        + f'<div class="share-bar"><span>{pick(words.ask, 2)}</span></div></article>'
        f'<section class="related-stories"><h3>{words.listing}</h3>{"".join(p(o.title) for o in others)}</section></main>'
    )
    return page(story, body, words), joined(story.paragraphs)


def live_blog(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """Updates of three stories, newest first, each with its own moment and heading."""
    told, text = [], []
    for place, one in enumerate((story, *others[:2])):
        moment = f'<time datetime="2018-09-11T0{9 - place}:14:00Z">0{9 - place}:14</time>'
        tools = f'<div class="post-tools"><a href="#">{pick(words.ask, 2)}</a></div>' if n % 2 else ""
        ago = pick(words.count, 0) if n % 3 else ""
        told.append(
            f'<div class="{pick(["liveblog-post", "block", "live-update", "lb-entry"], n)}" id="b{place}">{moment}'
            f"<p class='x'>{ago}</p><h2>{escape(one.title)}</h2>{''.join(map(p, one.paragraphs))}{tools}</div>"
        )
        text += [one.title, *one.paragraphs]
    body = (
        f'<main><article itemtype="https://schema.org/LiveBlogPosting"><h1>{words.listing}</h1>'
        f"<div class='meta-bar'>{pick(words.count, n)} · {pick(words.count, n + 1)}</div>"
        f'<div class="timeline">{"".join(told)}</div></article></main>'
    )
    html = page(story, body, words)
    return html.replace(f'content="{escape(story.title)}"', f'content="{words.listing}"'), joined(text)


def gallery(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """Pictures, and nearly all that is told stands in their captions."""
    first, *rest = story.paragraphs
    slides = [
        pick(
            [
                f"<figure><img src='/{i}.jpg' alt=''><figcaption>{escape(text, quote=False)}</figcaption></figure>",
                f"<li class='slide'><figure><img src='/{i}.jpg'><figcaption><p>{escape(text, quote=False)}</p></figcaption>"
                "</figure></li>",
            ],
            n,
        )
        for i, text in enumerate(rest)
    ]
    inner = "".join(slides)
    body = (
        f'<article class="photo-essay"><h1>{escape(story.title)}</h1>{p(first)}'
        f"<div class='gallery-images'>{f'<ul>{inner}</ul>' if n % 2 else inner}</div></article>"
        f"<div class='share-tools'>{pick(words.ask, 2)}</div>"
    )
    return page(story, body, words), joined(story.paragraphs)


def amp(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    pieces = [
        '<amp-ad width="300" height="250" type="x"><div placeholder></div></amp-ad>',
        f'<div class="amp-ad-wrapper"><span>{words.ad}</span><amp-ad layout="fixed"></amp-ad></div>',
        teaser_line(others[0], words, n),
        f'<amp-social-share type="x"></amp-social-share>{p(pick(words.ask, n))}',
    ]
    body = (
        f'<article class="amp-wp-article"><header><h1 class="amp-wp-title">{escape(story.title)}</h1></header>'
        f"<amp-img src='/a.jpg' width=1 height=1></amp-img><div class='amp-wp-article-content'>"
        f"{between(story.paragraphs, pieces)}</div>"
        f"<amp-list src='/more'><template type='amp-mustache'><p>{{{{title}}}}</p></template></amp-list></article>"
    )
    return page(story, body, words, root=" amp"), joined(story.paragraphs)


def infinite_scroll(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """The next articles hang below the one that was asked for."""

    def one(s: Story, place: int) -> str:
        told = "".join(map(p, s.paragraphs))
        return pick(
            [
                f'<article data-url="/{s.slug}"><h1>{escape(s.title)}</h1><div class="body">{told}</div></article>',
                f'<div class="article-wrap" data-href="/{s.slug}"><h1>{escape(s.title)}</h1>'
                f'<div class="entry-content">{told}</div></div>',
                f'<section class="story" id="s{place}"><h2 class="headline"><a href="/{s.slug}">{escape(s.title)}</a></h2>'
                f'<div itemprop="articleBody">{told}</div></section>',
                f"<article><header><h1>{escape(s.title)}</h1></header><div class='post-content'>{told}</div></article><hr>",
            ],
            n,
        )

    body = f"<main>{''.join(one(s, i) for i, s in enumerate((story, *others)))}</main>"
    return page(story, body, words), joined(story.paragraphs)


def read_more(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """Links to other articles and prompts among the paragraphs, without a class that says so."""
    many = "".join(f"<li>{link(o)}</li>" for o in others)
    pieces = [
        teaser_line(others[0], words, n),
        p(pick(words.ask, n)),
        f"{teaser_line(others[1], words, n + 1)}<ul>{many}</ul>" if n % 2 else teaser_line(others[1], words, n + 2),
        p(pick(words.ask, n + 3)),
    ]
    body = (
        f"<div class='c-9f2'><article><h1>{escape(story.title)}</h1><p>{pick(words.count, n)}</p>"
        f"<p>{pick(words.count, n + 2)}</p>{between(story.paragraphs, pieces)}</article></div>"
    )
    return page(story, body, words), joined(story.paragraphs)


def weblog(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """What WordPress makes, with sidebar and comments."""
    said = "".join(
        f'<li class="comment"><div class="comment-body"><cite>reader{i}</cite><p>{escape(o.summary)}</p>'
        f'<a class="comment-reply-link" href="#">{words.comments}</a></div></li>'
        for i, o in enumerate(others)
    )
    recent = "".join(f"<li>{link(o)}</li>" for o in others)
    body = (
        f'<div id="page" class="hfeed site"><div id="content" class="site-content"><div id="primary"><main>'
        f'<article id="post-{n}" class="post type-post"><header class="entry-header"><h1 class="entry-title">'
        f'{escape(story.title)}</h1><div class="entry-meta">{story.author} · {pick(words.count, n)}</div></header>'
        f'<div class="entry-content">{between(story.paragraphs, ["", teaser_line(others[0], words, n)])}'
        f"<div class='sharedaddy sd-sharing-enabled'><h3>{pick(words.ask, 2)}</h3></div>"
        f"<div id='jp-relatedposts' class='jp-relatedposts'><h3>{words.listing}</h3>{p(others[1].title)}</div></div>"
        f'<footer class="entry-footer">{words.menu[1]}</footer></article>'
        f'<div id="comments" class="comments-area"><h2>{pick(words.count, 1)}</h2><ol class="comment-list">{said}</ol></div>'
        f'</main></div><div id="secondary" class="widget-area"><section class="widget"><h2>{words.listing}</h2><ul>{recent}'
        "</ul></section></div></div></div>"
    )
    return page(story, body, words), joined(story.paragraphs)


def json_ld(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """The text in the page's linked data alone: the page itself is drawn by a script."""
    told = pick(["\n\n", "\n", "\r\n\r\n"], n).join(story.paragraphs)
    if n % 4 == 3:
        told = "".join(map(p, story.paragraphs))
    facts: object = {
        "@context": "https://schema.org", "@type": pick(["NewsArticle", "ReportageNewsArticle"], n),
        "headline": story.title, "datePublished": story.published.isoformat(), "articleBody": told,
        "isAccessibleForFree": True,
    }  # fmt: skip
    facts = [facts] if n % 3 == 1 else {"@context": "https://schema.org", "@graph": [facts]} if n % 3 == 2 else facts
    data = json.dumps(facts, ensure_ascii=bool(n % 2)).replace("</", "<\\/")
    script = f'<script type="application/ld+json">{data}</script>'
    below = f"<div class='skeleton'>{pick(words.menu, n)}</div>" if n % 2 else ""
    return page(story, f'<div id="root"></div>{below}', words, script), joined(story.paragraphs)


def tables(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """An article with a table of figures in its middle."""
    rows = [("Idlib", "12", "4,100"), ("Saraqib", "7", "2,350"), ("Binnish", "3", "960")]
    table = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
    half = len(story.paragraphs) // 2
    body = (
        f'<div id="main-content"><div class="story-text"><h1>{escape(story.title)}</h1>'
        f"{''.join(map(p, story.paragraphs[:half]))}<table><tbody>{table}</tbody></table>"
        f"{''.join(map(p, story.paragraphs[half:]))}{p(pick(words.count, n + 4))}</div></div>"
    )
    cells = [" | ".join(row) for row in rows]
    return page(story, body, words), joined([*story.paragraphs[:half], *cells, *story.paragraphs[half:]])


def line_breaks(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """Old software: a table for the page, breaks for paragraphs, a charset of its time and language."""
    told = "<br><br>".join(escape(text, quote=False) for text in story.paragraphs)
    charset = {"ar": "windows-1256", "tr": "iso-8859-9"}.get(story.language, "windows-1252")
    related = "<br>".join(link(o) for o in others)
    direction = ' dir="rtl"' if story.language == "ar" else ""
    html = (
        f'<html lang="{story.language}"{direction}>{head(story, charset=charset)}<body bgcolor="#ffffff"><table width="100%"><tr>'
        f'<td width="20%">{"<br>".join(words.menu)}</td><td><h1>{escape(story.title)}</h1>'
        f'<div class="{pick(["news_text", "detail", "icerik", "txt"], n)}">{told}</div><br>{pick(words.ask, 2)}</td>'
        f"<td width='20%'><b>{words.listing}</b><br>{related}</td></tr></table><hr>{words.rights}</body></html>"
    )
    return html.encode({"iso-8859-9": "cp1254"}.get(charset, charset), "xmlcharrefreplace"), joined(story.paragraphs)


def div_soup(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """No paragraph, no article: containers with names that a program made."""
    told = []
    for place, text in enumerate(story.paragraphs):
        told.append(f'<div class="sc-{place}a css-9x"><span>{escape(text, quote=False)}</span></div>')
        if place == 1:
            told.append(f'<div class="sc-q css-ad"><span>{words.ad}</span></div>')
        if place == 2:
            told.append(f'<div class="sc-r"><a href="/{others[0].slug}">{escape(others[0].title)}</a></div>')
    near = "".join(f'<div class="sc-t"><a href="/{o.slug}"><span>{escape(o.title)}</span></a></div>' for o in others)
    body = (
        f'<div id="app"><div class="sc-h"><h1>{escape(story.title)}</h1><div>{pick(words.count, n)}</div></div>'
        f'<div class="sc-b">{"".join(told)}</div><div class="sc-n">{near}</div></div>'
    )
    return page(story, body, words), joined(story.paragraphs)


def subheads(story: Story, others: Sequence[Story], words: Words, n: int) -> Made:
    """An analysis: a summary on top, headings, a quotation set apart, a list, an author's note below."""
    half = len(story.paragraphs) // 2
    quote = story.paragraphs[-1]
    points = [o.title for o in others]
    body = (
        f'<main class="layout"><article class="longread"><h1>{escape(story.title)}</h1>'
        f'<div class="article__content"><h2>{escape(others[0].title)}</h2>{"".join(map(p, story.paragraphs[:half]))}'
        f"<ul>{''.join(f'<li>{escape(t)}.</li>' for t in points)}</ul><h2>{escape(others[1].title)}</h2>"
        f"{''.join(map(p, story.paragraphs[half:-1]))}<blockquote><p>{escape(quote, quote=False)}</p></blockquote>"
        f"<div class='newsletter-box'>{p(pick(words.ask, 0))}</div></div></article></main>"
    )
    text = [others[0].title, *story.paragraphs[:half], *(f"{t}." for t in points), others[1].title,
            *story.paragraphs[half:-1], quote]  # fmt: skip
    return page(story, body, words), joined(text)


LAYOUTS: dict[str, Layout] = {
    "plain": plain, "live blog": live_blog, "gallery": gallery, "amp": amp, "infinite scroll": infinite_scroll,
    "read more": read_more, "weblog": weblog, "linked data": json_ld, "tables": tables, "line breaks": line_breaks,
    "div soup": div_soup, "subheads": subheads,
}  # fmt: skip
