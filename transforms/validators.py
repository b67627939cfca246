"""Conditional GET: which validators a feed's answers give, when they are sent back, and when they are found to lie."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import msgspec

from schemas.records import FeedState
from transforms.fetch import Response
from transforms.schedule import DAY

MAX_LENGTH = 1_024  # bytes of a validator that is kept
BLIND = 2  # days in a row on which 304 had hidden news, until it is no longer asked for
UNDER_WAY = 600.0  # seconds for which a request may wait for the tick that takes its answer
EMBARGO = 900.0  # seconds that an entry may come later than it is dated


def kept(value: str | None) -> str | None:
    """A validator as it was sent, byte for byte; None for what is too long or would not be a header's value."""
    if not value or len(value.encode("utf-8", "replace")) > MAX_LENGTH:
        return None
    return None if any(unicodedata.category(c) in {"Cc", "Cs"} for c in value) else value


def headers(state: FeedState, tick: float) -> dict[str, str]:
    """The headers that make a request at ``tick`` conditional (RFC 9110, 13.1); none where it is not."""
    if state.lied or is_whole_due(state, tick):
        return {}
    found = {"If-None-Match": kept(state.etag), "If-Modified-Since": kept(state.modified)}
    return {name: value for name, value in found.items() if value}


def is_whole_due(state: FeedState, tick: float) -> bool:
    """Whether it is time to ask without conditions: the last poll within a day of the last time, for servers that
    answer 304 whatever came.

    In a stream a request may be answered in a later tick: it is judged by when it was made, which is when it was due.
    """
    made = state.due if 0 <= tick - state.due < UNDER_WAY else tick
    since, pause = made - state.whole_at, min(DAY, max(state.pace, state.due - state.polled_at))
    return since + pause > DAY and since > pause / 2  # (not at --force, a moment later)


def shown_to_lie(state: FeedState, response: Response, seen: dict[str, str]) -> bool:
    """Whether a changed body came under the validators of the last: the ETag, or without one the Last-Modified.

    A strong ETag promises the same bytes; a weak one, or a date, only the same entries (RFC 9110, 8.8.1): a feed
    that merely prints the time of day has not lied with those.
    """
    etag, modified = response.headers.get("etag"), response.headers.get("last-modified")
    if state.body_hash is None:
        return False
    if etag or state.etag:
        return etag == state.etag and (not str(etag).startswith("W/") or seen != state.seen)
    return bool(modified) and modified == state.modified and seen != state.seen


def answered(state: FeedState, response: Response, tick: float, conditional: bool) -> FeedState:
    """``state`` with the validators of a whole body that came at ``tick``."""
    return msgspec.structs.replace(
        state,
        etag=None if state.lied else kept(response.headers.get("etag")),
        modified=None if state.lied else kept(response.headers.get("last-modified")),
        whole_at=state.whole_at if conditional else tick,
    )


def watched(state: FeedState, was: FeedState, published: Iterable[float | None], conditional: bool) -> FeedState:
    """``state`` after an answer with new entries of these dates; ``was`` is the state before it.

    The validators may change with the body and the 304 be wrong all the same (a cache that compares nothing). It
    shows where the daily unconditional answer has what is older than the last conditional one, by more than
    ``EMBARGO``. Once may be an entry that was dated back; ``BLIND`` days in a row, with nothing found between, is not.
    """
    hidden = any(date is not None and was.whole_at < date < was.succeeded_at - EMBARGO for date in published)
    if conditional or not hidden or not (was.etag or was.modified):
        return msgspec.structs.replace(state, blind=0)
    if was.blind + 1 < BLIND:
        return msgspec.structs.replace(state, blind=was.blind + 1)
    return msgspec.structs.replace(state, blind=0, lied=True, etag=None, modified=None)
