"""Feeds that move: which address is asked, and when a permanent redirect is taken over.

301 and 308 are followed at once and taken over when they have been seen for a week, if every hop was permanent and a
feed stands at their end: a captive portal, a parked domain or a mistake of an hour changes nothing. The same
address over https is taken over at once. 302, 303 and 307 are followed, and never more. The list's own address is
looked at once a month all the same: what it says then counts.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from schemas.records import Feed, FeedState
from transforms.fetch import Response, printable
from transforms.schedule import DAY, slack

WEEK = 7 * DAY
MONTH = 30 * DAY
FALLBACK_AFTER = 3  # failures in a row of an address that was taken over
MAX_URL = 2_000


class Moved(NamedTuple):
    """The state after looking at where an answer came from, and what there is to say of it."""

    state: FeedState
    said: str | None = None


def address(feed: Feed, state: FeedState, tick: float) -> str:
    """The URL to ask at ``tick``."""
    return feed.url if state.taken_url is None or is_look(state, tick) else state.taken_url


def is_look(state: FeedState, tick: float) -> bool:
    """Whether the list's address is asked though another was taken over."""
    return state.taken_url is not None and tick - state.listed_at >= MONTH


def after_answer(
    feed: Feed, state: FeedState, response: Response, tick: float, others: Collection[str] = frozenset()
) -> Moved:
    """After an answer with a feed, or that nothing has changed. ``others`` are the addresses of other feeds."""
    asked = address(feed, state, tick)
    whole = response.permanent_url == response.url != asked and len(response.url) <= MAX_URL
    target = response.url if whole else None  # every hop was permanent
    if is_look(state, tick):
        if target == state.taken_url:
            return Moved(msgspec.structs.replace(state, listed_at=tick))
        state = msgspec.structs.replace(state, taken_url=None, listed_at=0.0)
    since = state.moved_since if target is not None and target == state.moved_to else tick
    state = msgspec.structs.replace(state, moved_to=target, moved_since=since if target else None)
    if target is None or target == feed.url:  # (what was taken over leads back)
        back = msgspec.structs.replace(state, taken_url=None, moved_to=None, moved_since=None, listed_at=0.0)
        return Moved(back if target else state)
    if target in others:
        return Moved(state, f"moved for good to {printable(target)}, which is another line of the list")
    if tick - (since or tick) >= WEEK - slack(WEEK) or is_upgrade(asked, target):
        taken = msgspec.structs.replace(
            state, taken_url=target, moved_to=None, moved_since=None, listed_at=state.listed_at or tick
        )
        return Moved(taken)
    return Moved(state)


def after_failure(state: FeedState, lasting: bool, withdrawn: bool = False) -> Moved:
    """After an answer without a feed, or none; ``state`` counts it already.

    ``lasting``: what answered at the end is no feed, or not there. Then a redirect under observation has to begin
    anew: no parked page becomes a feed's address by lasting for a week. ``withdrawn``: the answer was 410.
    """
    if state.taken_url is not None and (withdrawn or state.failures >= FALLBACK_AFTER):
        said = f"{printable(state.taken_url)} had been taken over; the list's own address is asked again"
        return Moved(
            msgspec.structs.replace(
                state, taken_url=None, listed_at=0.0, moved_to=None, moved_since=None, etag=None, modified=None
            ),
            said,
        )
    return Moved(msgspec.structs.replace(state, moved_to=None, moved_since=None) if lasting else state)


def is_upgrade(url: str, target: str) -> bool:
    """Whether ``target`` is the same address over https, on the usual ports."""
    try:
        old, new = urlsplit(url), urlsplit(target)
        ports = (old.port or 80, new.port or 443)
    except ValueError:
        return False
    return (
        (old.scheme, new.scheme, ports) == ("http", "https", (80, 443))
        and (old.hostname, old.path or "/", old.query) == (new.hostname, new.path or "/", new.query)
    )  # fmt: skip
