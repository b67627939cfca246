"""When to come back to a feed: a pure function of what it did, of what it asks for, and of what the user allows.

The next poll is due after the longest of: the feed's own pace (how often news came), the wish of its document
(``ttl``, ``sy:updatePeriod``), of its cache headers, and of ``Retry-After``; moved out of the hours and days that it
asks to be left alone in. What others wish is never polled before, and never makes us wait longer than
``Bounds.longest``. The jitter is a hash of feed and tick: a bundle that a runner repeats decides the same again.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from schemas.records import FeedState
from transforms.fetch import Response
from transforms.httptime import http_date, retry_after
from transforms.parse import Hints

HOUR, DAY = 3_600.0, 86_400.0
MAX_BACKOFF = 30 * DAY  # between two polls of a feed that fails
PASSING = 1.5  # each further failure that ends by itself makes the pause so many times as long,
LASTING = 2.0  # and one that somebody must mend, so many times
_ENDS_BY_ITSELF = frozenset(
    {"timeout", "dns_error", "connection_error", "tls_error", "bad_response", "bad_encoding", "http_5xx", "unasked_304"}
)
OFTEN = 2.0  # polls for one new entry that is expected
QUIET = 8.0  # a feed that has brought nothing for so many pauses is asked less often
WEIGHT = 0.3  # of what was just seen, in the average of how often news come
NIGHT = 3.0  # times the average, the most that one silence counts in it
JITTER = 0.1  # share of a pause
LATER = 300.0  # seconds that the jitter adds to a wish, at the most


@dataclass(frozen=True)
class Bounds:
    """How often a feed may be polled at the most and at the least, in seconds between polls."""

    shortest: float = 600.0  # --poll_interval
    longest: float = DAY  # --max_poll_interval
    cron: bool = True  # turns come from outside and not on the second; a stream's heartbeat is exact

    def hold(self, seconds: float) -> float:
        """``seconds`` within the bounds; the shortest counts where the two contradict each other."""
        return max(self.shortest, min(seconds, self.longest))


def slack(interval: float) -> float:
    """How much too early a feed may be polled: a cron job does not start on the second."""
    return min(60.0, interval / 10)


# --- what the feed asks for ---------------------------------------------------------------------------


def fresh_for(headers: Mapping[str, str]) -> float | None:
    """Seconds for which a cache may still hold the answer: Cache-Control's max-age less Age (RFC 9111, 4.2)."""
    for directive in headers.get("cache-control", "")[:2_000].lower().split(","):
        name, _, value = directive.strip().partition("=")
        value = value.strip().strip('"')
        if name.strip() == "max-age" and value.isascii() and value.isdigit():
            age = headers.get("age", "").strip()
            return max(0.0, float(int(value[:12])) - (int(age[:12]) if age.isascii() and age.isdigit() else 0))
    return None


def expires_in(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until Expires, by the server's own clock where it tells it (Date)."""
    until = http_date(headers.get("expires"))
    if until is None:
        return None
    date = http_date(headers.get("date"))
    return max(0.0, until - (now if date is None else date))


def wishes(response: Response, tick: float, shortest: float = 0.0) -> dict[str, float]:
    """Seconds from ``tick`` that the answer, or a redirect on the way to it, asks to wait; by reason (of ``PACE``).

    They count from the answer, which came some time after the tick; but not those of a cache that are over in
    ``shortest`` seconds: cron comes no later for them.
    """
    headers, now = response.headers, tick + response.after
    waits = [retry_after(value, now, math.inf) for value in (headers.get("retry-after"), *response.waits)]
    found = {
        "cache_control": fresh_for(headers),
        "expires": expires_in(headers, now),
        "retry_after": max((w for w in waits if w is not None), default=None),
    }
    return {
        why: seconds + (response.after if why == "retry_after" or seconds > shortest else 0.0)
        for why, seconds in found.items()
        if seconds
    }


def hinted(state: FeedState, hints: Hints) -> FeedState:
    """``state`` with what the feed's document asks for, as far as that is sane."""
    return msgspec.structs.replace(
        state,
        ttl=min(hints.ttl, MAX_BACKOFF) if math.isfinite(hints.ttl) and hints.ttl > 0 else 0.0,
        skip_hours=sorted({h for h in hints.skip_hours if 0 <= h <= 23}),
        skip_days=sorted({d for d in hints.skip_days if 0 <= d <= 6}),
    )


# --- its own pace -------------------------------------------------------------------------------------


def learn(state: FeedState, new: int, held: int, tick: float, bounds: Bounds) -> FeedState:
    """``state`` after an answer of ``held`` entries of which ``new`` had not been seen before.

    ``gap`` averages the time between new entries, and the feed is asked ``OFTEN`` times in it. Silence counts too: the
    pause is at least a ``QUIET``-th of it, so that a dead feed takes some sixty polls to reach a day's pause and a
    daily paper is not asked all night. Where all that the feed held is new some may have been missed: only what was
    just seen counts.
    """
    gap, changed = state.gap, state.changed_at
    if new and changed:
        seen, before = (tick - changed) / new, gap or OFTEN * bounds.shortest
        # (one night is no reason to be late for the morning's news)
        gap = seen if new >= held else (1 - WEIGHT) * before + WEIGHT * min(seen, NIGHT * before)
        gap = min(gap, OFTEN * bounds.longest)
    if new:
        changed, pace = tick, gap / OFTEN
    elif changed:
        pace = max(gap / OFTEN, (tick - changed) / QUIET)
    else:  # it has never held an entry
        pace = max(state.pace, bounds.shortest) * (1 + 1 / QUIET)
    return msgspec.structs.replace(state, gap=gap, pace=bounds.hold(pace), changed_at=changed)


# --- when to come back --------------------------------------------------------------------------------


def chance(url: str, tick: float) -> float:
    """A number from 0 to 1 that hangs on feed and tick alone."""
    hashed = hashlib.blake2b(f"{url} {tick!r}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(hashed, "big") / 2**64


def due_after_success(url: str, state: FeedState, asked: Mapping[str, float], tick: float, bounds: Bounds) -> FeedState:
    """``state`` with when to come back after an answer, and what set it."""
    pace = bounds.hold(state.pace)
    reason = "news" if pace > bounds.shortest else "interval"
    return _due(url, state, pace, reason, asked, tick, bounds)


def due_after_failure(
    url: str, state: FeedState, why: str, asked: Mapping[str, float], tick: float, bounds: Bounds
) -> FeedState:
    """``state`` (with this failure counted) with when to ask again: ever later, never given up.

    The first pause is the feed's own: who is asked once a day in health is not asked more often in sickness.
    """
    factor = PASSING if why in _ENDS_BY_ITSELF else LASTING
    pause = bounds.hold(max(state.pace, 60.0)) * factor ** min(max(state.failures - 1, 0), 40)
    longest = max(MAX_BACKOFF, bounds.shortest)
    return _due(url, state, min(pause, longest), "failures", _of_host(asked), tick, bounds)


def due_soon(
    url: str, state: FeedState, tick: float, bounds: Bounds, asked: Mapping[str, float] | None = None
) -> FeedState:
    """``state`` with the next turn, where this one told nothing of the feed; its host may have asked for a pause."""
    return _due(url, state, bounds.shortest, "interval", _of_host(asked or {}), tick, bounds)


def _of_host(asked: Mapping[str, float]) -> dict[str, float]:
    """What a cache may keep of a failure says nothing about the feed; its document's wish holds on."""
    return {reason: seconds for reason, seconds in asked.items() if reason == "retry_after"}


def _due(
    url: str, state: FeedState, own: float, reason: str, asked: Mapping[str, float], tick: float, bounds: Bounds
) -> FeedState:
    luck = chance(url, tick)
    early = slack(bounds.shortest)
    # Our own pauses are spread towards the early side; at the floor within what cron is forgiven.
    best = bounds.shortest - early * (1 - luck / 2)
    if not bounds.cron:
        best = min(bounds.shortest * (1 + JITTER * luck), max(bounds.longest, bounds.shortest))
    if own > bounds.shortest:
        best = max(best, own * (1 - JITTER * luck))
    for name, seconds in {"ttl": state.ttl, **asked}.items():
        if name != "retry_after" and seconds <= bounds.shortest:
            continue  # what the user's own interval holds to, slack and all
        wait = wished(seconds, luck, bounds)
        if seconds and wait > best:
            best, reason = wait, name
    due = tick + best
    moved = next_allowed(due, state.skip_hours, state.skip_days)
    if moved > due:
        due, reason = moved + min(600.0, bounds.shortest) * luck, "skip"
    return msgspec.structs.replace(state, due=due, because=reason)


def wished(seconds: float, luck: float, bounds: Bounds) -> float:
    """A wish of others as a pause: never less than they ask for, unless that is more than the user allows."""
    most = max(bounds.longest, bounds.shortest)
    if seconds > most:
        return most * (1 - JITTER * luck / 2)
    return min(seconds + min(seconds * JITTER, LATER) * luck, most)


def next_allowed(at: float, skip_hours: Iterable[int], skip_days: Iterable[int]) -> float:
    """``at``, or the start of the first hour after it (UTC) that is not to be skipped.

    Who asks to be left alone at all hours, or on all days, is not taken at their word.
    """
    hours, days = set(skip_hours), set(skip_days)
    hours = set() if len(hours & set(range(24))) == 24 else hours
    days = set() if len(days & set(range(7))) == 7 else days
    if not hours and not days:
        return at
    hour = math.floor(at / HOUR)
    for later in range(8 * 24):
        day = (hour + later) // 24
        if (hour + later) % 24 not in hours and (day + 3) % 7 not in days:  # the epoch was a Thursday
            return at if not later else (hour + later) * HOUR
    return at
