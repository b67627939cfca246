"""Probing the feeds of a list: politely, all hosts at once, through the same client as ``collect``.

What is decided stands in ``transforms.probe`` and ``transforms.discover``; here it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from schemas.records import Feed
from transforms.fetch import Request, Response
from transforms.poll import ACCEPT
from transforms.probe import FAILS, STALE_AFTER, Probe, probe, with_found

Fetch = Callable[[Iterable[Request]], Iterator[tuple[Request, Response | None]]]
DELAY = 1.0  # seconds between the starts of two requests to one host
MOST_ANNOUNCED = 5  # feeds of one page that are looked at


def probe_all(
    feeds: Sequence[Feed],
    fetch: Fetch,
    at: float,
    stale_after: float = STALE_AFTER,
    discover: bool = False,
    delay: float = DELAY,
    told: Callable[[int], None] = lambda _: None,
) -> list[Probe]:
    """A probe of each feed, in the order of the list.

    ``fetch``: ``transforms.fetch.Fetcher.fetch``. ``discover``: look for the feeds of what is a web page.
    ``told`` hears how many are done.
    """
    found: dict[str, Probe] = {feed.url: probe(feed, None, at) for feed in feeds if feed.problem}
    for feed, response in _ask([feed for feed in feeds if not feed.problem], fetch, delay):
        found[feed.url] = probe(feed, response, at, stale_after)
        told(len(found))
    if discover:
        pages = [one for one in found.values() if one.verdict == "page"]
        found |= {one.feed.url: one for one in _discovered(pages, fetch, at, stale_after, delay)}
    return [found[feed.url] for feed in feeds]


def _discovered(pages: Sequence[Probe], fetch: Fetch, at: float, stale_after: float, delay: float) -> Iterator[Probe]:
    """The pages with their feeds. What a page announces is asked for at once; the usual places, where that was
    nothing, one after the other, and no more once one holds a feed."""
    known: dict[str, Probe] = {}
    open_ = {page.feed.url: page for page in pages}
    for turn in range(1 + max((len(page.places) for page in pages), default=0)):
        wanted = {url: _places(page, turn) for url, page in open_.items()}
        links = {link: Feed(url=link) for links in wanted.values() for link in links if link not in known}
        for feed, response in _ask(list(links.values()), fetch, delay):
            known[feed.url] = probe(feed, response, at, stale_after)
        for url, places in wanted.items():
            candidates = [known[place] for place in places if place in known]
            last = turn >= len(open_[url].places)
            if last or any(one.verdict not in FAILS for one in candidates):
                yield with_found(open_.pop(url), candidates)


def _places(page: Probe, turn: int) -> list[str]:
    announced = [link.url for link in page.places if link.announced]
    if turn == 0:
        return announced[:MOST_ANNOUNCED]
    guessed = [link.url for link in page.places if not link.announced and link.url not in announced]
    return guessed[turn - 1 : turn]


def _ask(feeds: Sequence[Feed], fetch: Fetch, delay: float) -> Iterator[tuple[Feed, Response]]:
    by_url = {feed.url: feed for feed in feeds}
    requests = [Request(url, url, {"Accept": ACCEPT}, delay) for url in by_url]
    for request, response in fetch(requests):
        if response is not None:  # without a budget each is waited for
            yield by_url[request.key], response
