"""When an article was published: what feeds and pages say of it, and which of them counts."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

EARLIEST = 788_918_400.0  # 1995-01-01: a feed's date before the web is a mistake
FUTURE_SLACK = 3_600.0  # seconds: clocks differ


def credible(published: float | None, at: float) -> float | None:
    """A feed's date, or None where it lies in the future of ``at`` or before the web."""
    if published is None or published < EARLIEST or published > at + FUTURE_SLACK:
        return None
    return published


def timestamp(text: str | None) -> float | None:
    """Seconds since the epoch of an ISO 8601 date; without a zone it is taken for UTC."""
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
        return (when if when.tzinfo else when.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, OverflowError):
        return None


def visible_date(tree: Any) -> float | None:
    """What htmldate finds when no metadata says it: a day only, so noon UTC."""
    from htmldate import find_date

    found = find_date(tree, extensive_search=False, original_date=True)
    return timestamp(f"{found}T12:00:00Z") if found else None


def decide_date(feed: float | None, page: float | None, collected: float) -> tuple[float, str]:
    """The feed's date, else the page's, else the time of collection; none of them in the future."""
    if credible(feed, collected) is not None and feed is not None:
        return feed, "feed"
    if credible(page, collected) is not None and page is not None:
        return page, "page"
    return collected, "collected"
