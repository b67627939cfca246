"""What one answer tells of a feed that is probed: a verdict, and what to do in words. Pure: nothing is asked here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlsplit

import msgspec

from schemas import reasons
from schemas.records import Feed
from transforms import parse
from transforms.discover import Link, feed_links, guesses, is_page
from transforms.fetch import Response, charset_of
from transforms.health import span, utc
from transforms.identity import is_charset

VERDICTS: Final[dict[str, str]] = {
    "bad_line": "the line of the list cannot be polled",
    "private": "a private or loopback address, not opened with --allow_private",
    "unreachable": "no usable answer: name, connection, certificate or time",
    "gone": "410: withdrawn by its site",
    "refused": "a status from 400 to 499, or another that is no answer",
    "broken": "the server failed: a status from 500 to 599",
    "page": "a web page, no feed",
    "not_a_feed": "neither a feed nor a web page",
    "empty": "a feed without entries",
    "insecure": "an https address that leads to http",
    "moved": "redirected for good: the list should have the new address",
    "truncated": "breaks off, or has more entries than are used",
    "stale": "its newest entry is older than --stale_after",
    "undated": "none of its entries has a date that can be believed",
    "slow": "took longer than 10 seconds",
    "discovered": "a web page, whose feed was found",
    "ok": "a feed with news",
}
"""What a probe can end in, the worst first."""

FAILS: Final = frozenset(list(VERDICTS)[:9])
"""Verdicts of what brings no news as it stands in the list."""

STALE_AFTER = 90 * 86_400.0  # seconds
AHEAD = 50 * 365 * 86_400.0  # seconds: a date in the future as far as that is told as one
SLOW = 10_000.0  # milliseconds
LARGE = 1 << 20  # bytes: a feed of this size that cannot be asked conditionally is worth a word


@dataclass(frozen=True)
class Probe:
    """What is known of one probed feed. Times are seconds since the epoch, UTC."""

    feed: Feed
    verdict: str  # of ``VERDICTS``
    hints: tuple[str, ...] = ()  # what to do, or to know, in words
    title: str | None = None
    entries: int = 0
    newest: float | None = None  # date of the newest entry
    status: int | None = None
    size: int = 0  # bytes
    milliseconds: float = 0.0
    url: str | None = None  # where the answer came from
    error: str | None = None
    places: tuple[Link, ...] = ()  # of a page: feeds that it announces, and where it may have one
    found: tuple[Probe, ...] = field(default=())  # by --discover: feeds of the page, the best first


def probe(feed: Feed, response: Response | None, at: float, stale_after: float = STALE_AFTER) -> Probe:
    """The verdict on ``response``, the answer to a GET of ``feed`` at ``at``; None for a line that cannot be asked."""
    if feed.problem or response is None:
        return Probe(feed, "bad_line", (feed.problem or "it was not asked",))
    known = Probe(
        feed, "ok", (), feed.outlet, status=response.status, size=len(response.body), milliseconds=response.elapsed,
        url=response.url, error=response.error,
    )  # fmt: skip
    status = response.status or 0
    if response.problem or not 200 <= status < 300:
        return _unanswered(known, response, status)
    content_type = response.headers.get("content-type", "")
    # Its own title is wanted, which the list's outlet would hide.
    parsed = parse.parse_feed(
        response.body, response.headers, response.url, msgspec.structs.replace(feed, outlet=None), at
    )
    if parsed.problem == "not_a_feed":
        if is_page(response.body, content_type):
            return _page(known, response, content_type)
        said = f" ({parsed.error})" if parsed.error else ""
        kind = f"; it says to be {content_type.partition(';')[0]}" if content_type else ""
        what = "has nothing in it" if not response.body.strip() else f"holds no feed{said}{kind}"
        return replace(known, verdict="not_a_feed", hints=(f"the answer {what}: look at it in a browser",))
    title = next((entry.outlet for entry in parsed.entries if entry.outlet), None) or known.title
    dates = [date for e in parsed.entries if (date := e.published or e.updated) is not None and date <= at + 86_400]
    known = replace(known, title=title, entries=len(parsed.entries), newest=max(dates, default=None))
    findings = [*_ways(known, response)]
    if not parsed.entries:
        findings.append(("empty", "a feed without entries: is it the one that the site fills?"))
    if parsed.problem == "truncated":
        findings.append(("truncated", f"its end is missing or left out: {parsed.error}"))
    if parsed.entries and not dates:
        instead = "the pages' own are taken, or the time of collection"
        ahead = _dated_ahead(feed, response, at)
        what = f"the dates of its entries lie in the future ({utc(ahead)})" if ahead else "its entries have no dates"
        findings.append(("undated", f"{what}: {instead}"))
    elif known.newest is not None and at - known.newest > stale_after:
        findings.append(
            ("stale", f"its newest entry is {span(at - known.newest)} old ({utc(known.newest)[:10]}): has it moved?")
        )
    findings += _remarks(known, response, len(parsed.rejects), parsed.entries)
    words = [word for word, _ in findings if word]
    return replace(
        known, verdict=min(words, key=list(VERDICTS).index, default="ok"), hints=tuple(h for _, h in findings)
    )


def _dated_ahead(feed: Feed, response: Response, at: float) -> float | None:
    """The soonest date behind ``at`` of a feed without any before it, whose parse leaves such dates out."""
    later = parse.parse_feed(response.body, response.headers, response.url, feed, at + AHEAD)
    return min(
        (date for e in later.entries if (date := e.published or e.updated) is not None and date > at), default=None
    )


def _unanswered(known: Probe, response: Response, status: int) -> Probe:
    """Where there is no feed since there was no answer, or a refusal."""
    said = f" ({response.error})" if response.error else ""
    if response.problem == "private_address":
        host = urlsplit(response.url).netloc
        return replace(known, verdict="private", hints=(
            f"private or loopback address: is never asked; --allow_private {host} opens it, if it is yours",
        ))  # fmt: skip
    if response.problem:
        meaning = reasons.TRANSPORT.get(response.problem, "no answer")
        todo = {
            "dns_error": "is the name right, or the site gone?",
            "too_large": "--max_bytes sets the limit",
            "timeout": "try again, or with a longer --timeout",
            "tls_error": "the site has to mend its certificate",
            "connection_error": "is the port right, is the site up?",
        }.get(response.problem, "look at it in a browser")
        return replace(known, verdict="unreachable", hints=(f"{response.problem}: {meaning}{said}; {todo}",))
    if status == 410:
        return replace(known, verdict="gone", hints=("410, gone for good: take it off the list, or look for its heir",))
    if status // 100 == 5:
        return replace(known, verdict="broken", hints=(f"status {status}: the server failed; try again later",))
    todo = {
        401: "it wants a password: such feeds are not polled",
        403: "the site refuses this client: name a --contact, and ask the site to let it in",
        404: "there is nothing at the address: look for the feed on the site, or with --discover at its home page",
        429: "the site says it is asked too often: try later",
        451: "barred for legal reasons",
    }.get(status, "look at it in a browser")
    return replace(known, verdict="refused", hints=(f"status {status}: {todo}",))


def _page(known: Probe, response: Response, content_type: str) -> Probe:
    named = charset_of(content_type)
    charset = named if is_charset(named) else None
    links = feed_links(response.body, response.url, charset)
    if links:
        many = f" (and {len(links) - 1} more)" if len(links) > 1 else ""
        hint = f"is a web page; its feed is {links[0].url}{many}: put it into the list, or run with --discover"
    else:
        hint = "is a web page and announces no feed: run with --discover, or look for the feed on the site"
    places = (*links, *guesses(response.body, response.url, charset))
    return replace(known, verdict="page", hints=(hint,), places=places)


def _ways(known: Probe, response: Response) -> list[tuple[str, str]]:
    """What there is to say of how the answer came: redirects, and the time it took."""
    asked, came = known.feed.url, response.url
    told = []
    if asked.startswith("https:") and came.startswith("http:"):
        told.append(("insecure", f"https leads to http, where anybody on the way can change it: {came}"))
    elif response.permanent_url and response.permanent_url != asked:
        there = response.permanent_url
        if asked.startswith("http:") and there == "https:" + asked[5:]:
            told.append(
                ("moved", f"the list has http, the server redirects to https for good: put {there} into the list")
            )
        else:
            told.append(("moved", f"the server redirects for good: put {there} into the list"))
    elif came != asked:
        told.append(("", f"answers from {came} (a passing redirect, followed each time)"))
    if known.milliseconds > SLOW:
        told.append(("slow", f"took {known.milliseconds / 1000:.0f} s to answer"))
    return told


def _remarks(known: Probe, response: Response, anonymous: int, entries: Sequence[object]) -> list[tuple[str, str]]:
    """What costs its site or us more than it need, and what leaves entries out; no verdict of its own."""
    told = []
    if known.size >= LARGE and not ({"etag", "last-modified"} & response.headers.keys()):
        size = f"{known.size / (1 << 20):.1f} MB"
        told.append(("", f"serves {size} each time, without ETag or Last-Modified: ask the site for one of them"))
    if anonymous:
        of = f"{anonymous} of {anonymous + len(entries)}"
        told.append(("", f"{of} entries have neither link nor GUID: they cannot be told apart, and are left out"))
    return told


def with_found(page: Probe, candidates: Sequence[Probe]) -> Probe:
    """A page with the feeds that were found for it, the best first: with entries, then the newest news, then in the
    page's own order. Without any it stays what it was."""
    fit = [(number, one) for number, one in enumerate(candidates) if one.verdict not in FAILS]
    if not fit:
        hint = "is a web page; neither what it announces nor the usual places hold a feed"
        return replace(page, hints=(hint,))
    # Announced first is what the site thinks of as its main feed, unless it sleeps and another does not.
    fit.sort(key=lambda pair: (pair[1].verdict in {"stale", "undated"}, pair[0]))
    found = tuple(one for _, one in fit)
    best = found[0]
    newest = f", newest {utc(best.newest)[:10]}" if best.newest is not None else ""
    named = f" ({best.title}, {best.entries} entries{newest})" if best.title else f" ({best.entries} entries{newest})"
    hint = f"is a web page; its feed is {best.url or best.feed.url}{named}: put that into the list"
    return replace(page, verdict="discovered", hints=(hint,), found=found)
