"""A date as a feed writes it: in the forms of the formats, in those that feedparser knows beside them, and in words."""

from __future__ import annotations

import calendar
import re
import time
from typing import Any

from feedparser.datetimes import _parse_date

from transforms.dates import DAY, timestamp
from transforms.writtendates import read_dates

MAX_TOLD = 200  # characters: what is longer is no date
# Numbers alone, of which feedparser takes 23-11-2026 for the 20th of November 2023, and 2026/11/23 for the 1st.
_NUMBERS = re.compile(r"\s{0,99}(?:\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|\d{4}[/.]\d{1,2}[/.]\d{1,2})(?!\d)")
# Zones that it takes for UTC (AST and IST are more than one), and an afternoon that it takes for the morning.
_ENDS = re.compile(r"[\dm] ?\(?(?:[ap]m|[ce]es?t|bst|trt|msk|utc ?[+-]\d[\d:]{0,4})\)?\s*\Z", re.IGNORECASE)


def misread(told: str) -> bool:
    """Whether ``told`` is a date that feedparser reads, and reads wrongly."""
    return _NUMBERS.match(told) is not None or _ENDS.search(told[-20:]) is not None


def when(told: str, language: str = "") -> float | None:
    """Seconds since the epoch, or None where ``told`` is no date that a format knows. Without a zone it is taken for
    UTC. Seconds, milli-, micro- and nanoseconds of programmers in a hurry are read; of a date in numbers the day stands
    before the month, but in American English."""
    told = told.strip()
    if not told or len(told) > MAX_TOLD:
        return None
    if told.isdecimal() and len(told) > 8:
        return _read(told, "")
    found = timestamp(told)
    if found is None and misread(told):
        found = _read(told, language)
        if found is not None or _NUMBERS.match(told):
            return found
    return found if found is not None else moment(_safely_parsed(told))


def written(told: str, language: str) -> float | None:
    """As :func:`when`, and dates in the words and the order of ``language`` too; a day without a time is its noon.

    Where it comes to that one may take half a millisecond: not for what is to be left out.
    """
    found = when(told, language)
    return found if found is not None or len(told) > MAX_TOLD else _read(told, language)


def _read(told: str, language: str) -> float | None:
    dates = read_dates(told, language)
    return dates[0].at + (DAY / 2 if dates[0].day_only else 0) if dates else None


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
