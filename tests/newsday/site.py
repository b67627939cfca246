"""Builds all that the day's servers answer: every resource, rendered, for one phase."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape

from . import cases, feedxml, pages
from .articles import Story, load
from .cases import CASES, Case
from .outlets import BY_ID, OUTLETS, FeedSpec, Outlet

PHASES = (1, 2)
_BUILT = {phase: datetime(2018, 9, 12, hour, tzinfo=timezone.utc) for phase, hour in ((1, 9), (2, 19))}
_HTML = "text/html; charset=utf-8"
_PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n" * 40
_NO_CASE = Case("")


@dataclass(frozen=True)
class Resource:
    """One answer. ``etag`` and ``modified`` are sent, and answered with 304, where present."""

    status: int
    body: bytes
    content_type: str
    etag: str | None = None
    modified: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    deaf: bool = False  # never answers 304
    flaky: int = 0  # that many GETs are refused with 503 first


Site = dict[tuple[int, str], Resource]  # (port offset, path) -> answer


def case(story: Story) -> Case:
    """The oddity of an article; an empty one for most."""
    return CASES.get(story.id, _NO_CASE)


def first_phase(story: Story) -> int:
    """The phase from which the article is listed."""
    if story.id in cases.LATE_OTHERS:
        return 2
    return case(story).phase or story.phase


def at_phase(stories: Sequence[Story], phase: int) -> list[Story]:
    """The articles that are out in a phase, each in the form that it has then."""
    return [
        story.revised if phase >= 2 and story.revised else story for story in stories if first_phase(story) <= phase
    ]


def path(story: Story) -> str:
    """The canonical path. One without a date of its own has none in its path either."""
    if not case(story).page_date:
        return f"/notes/{story.slug}"
    return f"/{story.published:%Y/%m/%d}/{story.slug}"


def amp_path(story: Story) -> str:
    """The path of the AMP form, which names the canonical one."""
    return path(story) + "/amp"


def guid(story: Story, origin: str) -> str:
    """What identifies the article in feeds: a tag URI without a link, else the address."""
    if not case(story).linked:
        return f"tag:{story.outlet}.example,2018:{story.slug}"
    return origin + path(story)


def listed(stories: Sequence[Story], spec: FeedSpec) -> list[Story]:
    """The articles that a feed lists, newest first, those that its cut takes away included."""
    chosen = [story for story in stories if story.outlet == spec.outlet and spec.name in story.feeds]
    return sorted(chosen, key=lambda story: (story.published, story.slug), reverse=True)


def visible(stories: Sequence[Story], spec: FeedSpec) -> list[Story]:
    """The articles that a reader of the feed's document gets to see."""
    every = listed(stories, spec)
    return every[:-1] if spec.id in cases.CUT else every


def status(spec: FeedSpec, phase: int, calm: bool = False) -> int:
    """The status of the feed's address as the feed list names it; a calm day has no passing faults."""
    if spec.id in cases.GONE:
        return 410
    if spec.id in cases.MOVED:
        return 301
    return 503 if spec.id in cases.DOWN_IN_PHASE_1 and phase == 1 and not calm else 200


def _item(story: Story, spec: FeedSpec, origin: str) -> feedxml.Item:
    odd = case(story)
    link: str | None = origin + (amp_path(story) if odd.amp_in == spec.name else path(story))
    if not odd.linked:
        link = None
    elif spec.name in odd.link_suffix:
        link = f"{link}{odd.link_suffix[spec.name]}"
    published: datetime | None = story.published
    updated: datetime | None = story.updated
    if odd.entry_date == "none":
        published = updated = None
    elif odd.entry_date == "future":
        published = updated = story.published.replace(year=cases.FUTURE_YEAR)
    html = "".join(f"<p>{escape(p, quote=False)}</p>\n" for p in story.paragraphs) if spec.full_text else None
    return feedxml.Item(guid(story, origin), link, story.title, story.summary, story.author, published, updated, html)


def _etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:16]}"'


def _feed(stories: Sequence[Story], outlet: Outlet, spec: FeedSpec, base: int, phase: int) -> Resource:
    origin = outlet.origin(base)

    def body_at(moment: int) -> bytes:
        items = [_item(story, spec, origin) for story in listed(at_phase(stories, moment), spec)]
        times = [i.updated for i in items if i.updated and i.updated.year < cases.FUTURE_YEAR]
        document = feedxml.render(outlet, spec, origin, items, max(times, default=_BUILT[1]))
        return feedxml.cut(document) if spec.id in cases.CUT else document

    body = body_at(phase)
    etag = _etag(body_at(1)) if spec.id in cases.LYING_ETAG else _etag(body)
    changed = body != body_at(1)
    kind = "application/atom+xml" if spec.format == "atom" else "application/rss+xml"
    return Resource(
        status=200,
        body=body,
        content_type=f"{kind}; charset={spec.encoding}",
        etag=etag,
        modified=format_datetime(_BUILT[2 if changed else 1], usegmt=True),
        deaf=spec.id in cases.DEAF or (spec.id in cases.LYING_ETAG and changed),
    )


def _add_feed(
    site: Site, stories: Sequence[Story], outlet: Outlet, spec: FeedSpec, base: int, phase: int, calm: bool
) -> None:
    at = status(spec, phase, calm)
    if at == 200:
        site[outlet.offset, spec.path] = _feed(stories, outlet, spec, base, phase)
    elif at == 301:
        there = cases.MOVED[spec.id]
        site[outlet.offset, there] = _feed(stories, outlet, spec, base, phase)
        site[outlet.offset, spec.path] = Resource(
            301, b"Moved\n", "text/plain", headers={"Location": outlet.origin(base) + there}
        )
    else:
        words = {410: b"Gone\n", 503: b"Service Unavailable\n"}[at]
        site[outlet.offset, spec.path] = Resource(at, words, "text/plain")


def _related(story: Story, peers: Sequence[Story], origin: str) -> list[tuple[str, str]]:
    """Four other articles of the outlet, two of them about the topic, whatever the page is about."""
    others = [peer for peer in peers if peer.slug != story.slug]

    def rank(peer: Story) -> bytes:
        return hashlib.sha256(f"{story.slug}/{peer.slug}".encode()).digest()

    kept = sorted((p for p in others if p.level in ("core", "part")), key=rank)[:2]
    rest = sorted((p for p in others if p.level not in ("core", "part")), key=rank)[:2]
    # A page without a date must not get one from the addresses around it.
    dated = case(story).page_date
    return [(origin + (path(p) if dated else f"/stories/{p.slug}"), p.title) for p in (*kept, *rest)]


def _add_page(site: Site, story: Story, peers: Sequence[Story], base: int, calm: bool) -> None:
    outlet, odd = BY_ID[story.outlet], case(story)
    if not odd.linked:
        return
    origin, at = outlet.origin(base), (outlet.offset, path(story))
    if odd.page == "missing":
        return
    if odd.page == "forbidden":
        site[at] = Resource(403, b"<!DOCTYPE html><title>Subscribers only</title>", _HTML)
        return
    if odd.page == "pdf":
        site[at] = Resource(200, _PDF, "application/pdf", etag=_etag(_PDF))
        return
    amp_url = origin + amp_path(story) if odd.amp_in else None
    frame = pages.Frame(outlet, origin, origin + path(story), _related(story, peers, origin), amp_url, odd.page_date)
    # The pages keep their time: a Last-Modified of its own would date the undated.
    modified = format_datetime(story.updated + timedelta(minutes=1), usegmt=True) if odd.page_date else None
    body = pages.render(story, frame).encode()
    flaky = cases.FLAKY_REFUSALS if odd.page == "flaky" and not calm else 0
    site[at] = Resource(200, body, _HTML, _etag(body), modified, flaky=flaky)
    if odd.amp_in:
        amp = pages.render_amp(story, frame).encode()
        site[outlet.offset, amp_path(story)] = Resource(200, amp, _HTML, _etag(amp), modified)


def build(base: int, phase: int, stories: Sequence[Story] | None = None, calm: bool = False) -> Site:
    """All answers of one phase. ``base`` is the first of the eight ports; ``phase`` is 1 or 2; ``calm``
    leaves out the faults that pass."""
    stories = load() if stories is None else stories
    site: Site = {}
    now = at_phase(stories, phase)
    for outlet in OUTLETS:
        peers = [story for story in now if story.outlet == outlet.id]
        for spec in outlet.feeds:
            _add_feed(site, stories, outlet, spec, base, phase, calm)
        for story in peers:
            _add_page(site, story, peers, base, calm)
        front = f"<!DOCTYPE html><html lang={outlet.language}><title>{escape(outlet.name)}</title>".encode()
        site[outlet.offset, "/"] = Resource(200, front, _HTML)
        if outlet.id != "relief-bulletin":  # one outlet has no robots.txt
            site[outlet.offset, "/robots.txt"] = Resource(
                200, b"User-agent: *\nDisallow: /search\nDisallow: /account/\n", "text/plain"
            )
    return site


def opml(base: int) -> str:
    """The feed list of the day as OPML 2.0."""
    lines = []
    for outlet in OUTLETS:
        for spec in outlet.feeds:
            dedicated = ' dedicated="true"' if spec.dedicated else ""
            name, url = escape(outlet.name), outlet.origin(base) + spec.path
            lines.append(
                f'    <outline type="rss" text="{name}" title="{name}" xmlUrl="{url}" '
                f'country="{outlet.country}" language="{outlet.language}"{dedicated}/>'
            )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head>\n'
        "    <title>The bundled news day</title>\n  </head>\n  <body>\n" + "\n".join(lines) + "\n  </body>\n</opml>\n"
    )
