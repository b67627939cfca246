"""When to come back to a feed: a pure function of what it did and of what it asks for."""

from __future__ import annotations

import email.utils
from dataclasses import dataclass

MAX_RETRY_AFTER = 24 * 3600.0


@dataclass(frozen=True)
class Bounds:
    """How often a feed may be polled at the most and at the least, in seconds between polls."""

    shortest: float = 600.0  # --poll_interval
    longest: float = 86_400.0  # --max_poll_interval


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or a date (RFC 9110, 10.2.3), at most a day."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(min(int(value[:12]), MAX_RETRY_AFTER))
    parsed = email.utils.parsedate_tz(value)
    if parsed is None:
        return None
    try:
        return min(max(0.0, email.utils.mktime_tz(parsed) - now), MAX_RETRY_AFTER)
    except (ValueError, OverflowError):
        return None


def slack(interval: float) -> float:
    """How much too early a feed may be polled: a cron job does not start on the second."""
    return min(60.0, interval / 10)
