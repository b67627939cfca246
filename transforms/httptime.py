"""Times in HTTP headers."""

from __future__ import annotations

import email.utils

MAX_RETRY_AFTER = 86_400.0  # seconds, of a page


def retry_after(value: str | None, now: float, most: float = MAX_RETRY_AFTER) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or a date (RFC 9110, 10.2.3), at most ``most``."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(min(int(value[:12]), most))
    date = http_date(value)
    return None if date is None else min(max(0.0, date - now), most)


def http_date(value: str | None) -> float | None:
    """A date of a header (RFC 9110, 5.6.7), as generous as e-mail's; None where it is none."""
    if not value or len(value) > 100:
        return None
    try:
        parsed = email.utils.parsedate_tz(value)
        return None if parsed is None else float(email.utils.mktime_tz(parsed))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
