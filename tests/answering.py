"""What the tests of polling share: answers of a feed, and the decision upon them."""

from __future__ import annotations

from typing import Any

from schemas import reasons
from schemas.records import Feed, FeedState
from tests.samples import FEED, NOON
from transforms.answers import Outcome, after_poll, body_hash, needs_parse
from transforms.fetch import Response
from transforms.parse import parse_feed
from transforms.schedule import Bounds

EVERY = 900.0  # the interval
SLACK = 60.0  # of it
BOUNDS = Bounds(EVERY)


def rss(*items: str, end: str = "</channel></rss>") -> bytes:
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>{''.join(items)}{end}".encode()


def item(name: str, title: str = "Shelling", more: str = "") -> str:
    return f"<item><title>{title}</title><link>http://orontes.example/{name}</link>{more}</item>"


def answered(status: int | None = 200, body: bytes = b"", **more: Any) -> Response:
    headers = {k.replace("_", "-"): v for k, v in more.pop("headers", {}).items()}
    return Response(more.pop("url", FEED.url), status, headers, body, **more)


def decided(
    response: Response,
    state: FeedState,
    at: float = NOON,
    bounds: Bounds = BOUNDS,
    feed: Feed = FEED,
    others: frozenset[str] = frozenset(),
) -> Outcome:
    digest, parsed = body_hash(response), None
    if needs_parse(state, digest):
        parsed = parse_feed(response.body, response.headers, response.url, feed, at, seen=state.seen)
    return after_poll(feed, state, response, digest, parsed, at, bounds, others)


def polled(response: Response, state: FeedState | None = None, at: float = NOON, **more: Any) -> Outcome:
    outcome = decided(response, state or FeedState(), at, **more)
    assert outcome.reason in {**reasons.POLL, **reasons.TRANSPORT}
    assert outcome.state.polled_at == at
    assert outcome.state.because in reasons.PACE
    return outcome
