"""A date as a feed writes it: in the forms of the formats, and in those that feedparser knows beside them."""

from __future__ import annotations

import calendar
import re
import time
from typing import Any

from feedparser.datetimes import _parse_date

from transforms.dates import timestamp

_EPOCH = re.compile(r"\d{10}(\d{3})?", re.ASCII)


def when(told: str) -> float | None:
    """Seconds since the epoch, or None where ``told`` is no date. Without a zone it is taken for UTC."""
    told = told.strip()
    if not told or len(told) > 200:
        return None
    if _EPOCH.fullmatch(told):  # seconds or milliseconds, of programmers in a hurry
        return float(told[:10])
    found = timestamp(told)
    return found if found is not None else moment(_safely_parsed(told))


def _safely_parsed(told: str) -> Any:
    try:
        return _parse_date(told)
    except Exception:  # its handlers read what they were not made for
        return None


def moment(parsed: Any) -> float | None:
    """Seconds since the epoch of what feedparser makes of a date."""
    if not isinstance(parsed, tuple | time.struct_time):
        return None
    try:
        return float(calendar.timegm(parsed))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
