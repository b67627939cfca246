"""When an article was published: what feed, page and address say of it, and which of them counts."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

DAY = 86_400.0
EARLIEST = 788_918_400.0  # 1995-01-01: a date before the web is a mistake
FUTURE_SLACK = 3_600.0  # seconds: clocks differ
STAMP = 600.0  # seconds from the poll: such a date may be the time of the answer, not of the article
FARTHEST = 14 * 3_600.0  # seconds that a place can be ahead of UTC
MAX_STATED = 40  # dates of a page that are looked at

# Countries of one time zone: a time without a zone is theirs. Others (US, RU, AU, …) are taken for UTC.
ZONES = {
    "SY": "Asia/Damascus", "LB": "Asia/Beirut", "JO": "Asia/Amman", "IQ": "Asia/Baghdad", "TR": "Europe/Istanbul",
    "IL": "Asia/Jerusalem", "PS": "Asia/Hebron", "SA": "Asia/Riyadh", "QA": "Asia/Qatar", "AE": "Asia/Dubai",
    "KW": "Asia/Kuwait", "BH": "Asia/Bahrain", "OM": "Asia/Muscat", "YE": "Asia/Aden", "IR": "Asia/Tehran",
    "EG": "Africa/Cairo", "LY": "Africa/Tripoli", "TN": "Africa/Tunis", "DZ": "Africa/Algiers",
    "MA": "Africa/Casablanca", "SD": "Africa/Khartoum", "GB": "Europe/London", "IE": "Europe/Dublin",
    "FR": "Europe/Paris", "DE": "Europe/Berlin", "BE": "Europe/Brussels", "NL": "Europe/Amsterdam",
    "CH": "Europe/Zurich", "AT": "Europe/Vienna", "IT": "Europe/Rome", "GR": "Europe/Athens", "CY": "Asia/Nicosia",
    "SE": "Europe/Stockholm", "NO": "Europe/Oslo", "DK": "Europe/Copenhagen", "FI": "Europe/Helsinki",
    "PL": "Europe/Warsaw", "CZ": "Europe/Prague", "HU": "Europe/Budapest", "RO": "Europe/Bucharest",
    "BG": "Europe/Sofia", "AM": "Asia/Yerevan", "AZ": "Asia/Baku", "GE": "Asia/Tbilisi", "PK": "Asia/Karachi",
    "IN": "Asia/Kolkata", "JP": "Asia/Tokyo",
}  # fmt: skip


@dataclass(frozen=True)
class Stated:
    """A date as a page states it: ``at`` in seconds since the epoch, as if in UTC where it names no zone."""

    at: float
    zoned: bool = True
    day_only: bool = False  # then ``at`` is the beginning of the day
    either: bool = False  # one of two readings, which stand side by side: 05/09 is of May or of September


def credible(published: float | None, at: float) -> float | None:
    """A feed's date, or None where it lies in the future of ``at`` or before the web. Milli-, micro- and nanoseconds
    are read as such."""
    if published is None or not math.isfinite(published):
        return None
    while published > 1e11:  # the year 5138 in seconds, 1973 in milliseconds
        published /= 1000
    return published if EARLIEST <= published <= at + FUTURE_SLACK else None


def timestamp(text: str | None) -> float | None:
    """Seconds since the epoch of an ISO 8601 date; without a zone it is taken for UTC."""
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
        return (when if when.tzinfo else when.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, OverflowError):
        return None


def by_day(stated: Sequence[Stated], day: float | None) -> list[Stated]:
    """``stated`` with the reading first, of two, that is of the ``day`` in the URL."""
    found = list(stated[:MAX_STATED])
    if day is not None:
        for n in range(len(found) - 1):
            one, other = found[n : n + 2]
            if one.either and other.either and not _is_of(one, day) and _is_of(other, day):
                found[n : n + 2] = other, one
    return found


def _is_of(stated: Stated, day: float) -> bool:
    return -FARTHEST <= stated.at - day < DAY + FARTHEST  # the two are weeks apart, so the zone need not be known


def visible_date(tree: Any) -> Stated | None:
    """What htmldate finds where nothing else states it: a day only."""
    from htmldate import find_date

    found = timestamp(find_date(tree, extensive_search=False, original_date=True))
    return Stated(found, zoned=False, day_only=True) if found is not None else None


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_URL_DAY = re.compile(
    r"(?<![0-9a-z])(?P<y>(?:19|20)\d\d)(?:(?P<s>[/._-])(?P<m>\d{1,2}|" + "|".join(_MONTHS) + r")(?P=s)(?P<d>\d{1,2})"
    r"|(?P<m2>\d\d)(?P<d2>\d\d))(?![0-9])",
    re.IGNORECASE,
)


def url_day(url: str | None) -> float | None:
    """The beginning (UTC) of the day in a URL's path: ``/2018/09/11/``, ``/2018/sep/11/``, ``-20180911``."""
    if not url:
        return None
    try:
        path = urlsplit(url[:2_000]).path
    except ValueError:
        return None
    for found in _URL_DAY.finditer(path):
        month = (found["m"] or found["m2"]).lower()
        number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
        try:
            return datetime(int(found["y"]), number, int(found["d"] or found["d2"]), tzinfo=timezone.utc).timestamp()
        except ValueError:  # a number of an article that is no date
            continue
    return None


@lru_cache(maxsize=4_096)
def _offset(country: str | None, hour: int) -> float | None:
    """Seconds that a country of one zone is ahead of UTC at that hour since the epoch, by its own clock; None for
    others."""
    name = ZONES.get((country or "").upper())
    if name is None:
        return None
    from zoneinfo import ZoneInfo

    try:
        there = (datetime(1970, 1, 1) + timedelta(hours=hour)).replace(tzinfo=ZoneInfo(name))  # noqa: DTZ001
        ahead = there.utcoffset()
    except (LookupError, OSError, OverflowError, ValueError):  # a machine without time zones, a year 9999
        return None
    return ahead.total_seconds() if ahead is not None else None


@dataclass(frozen=True)
class _Believed:
    at: float
    exact: bool = True  # not a day only
    sure: bool = True  # its zone is known


def _believed(page: Sequence[Stated], country: str | None, collected: float) -> _Believed | None:
    """The first of a page's dates that is neither in the future nor before the web."""
    for stated in page:
        if not math.isfinite(stated.at) or stated.at < EARLIEST:
            continue
        if stated.day_only:
            if stated.at <= collected + FARTHEST:  # tomorrow has begun in the east
                return _Believed(min(stated.at + DAY / 2, collected), exact=False)
            continue
        ahead = 0.0 if stated.zoned else _offset(country, int(stated.at // 3600))
        if ahead is None:
            if stated.at <= collected + FARTHEST:
                return _Believed(min(stated.at, collected), sure=False)
        elif stated.at - ahead <= collected + FUTURE_SLACK:
            return _Believed(stated.at - ahead)
    return None


def decide_date(
    feed: float | None,
    page: Sequence[Stated],
    collected: float,
    *,
    url: str | None = None,
    country: str | None = None,
    polled: float | None = None,
    hearsay: bool = False,
) -> tuple[float, str]:
    """When an article was published, and who says so: ``feed``, ``page``, ``url`` or ``collected``.

    The feed's date counts, else the page's, else the day in the URL, else the time of collection; none of them in the
    future (more than an hour: clocks differ) or before 1995. ``page`` in order of trust; its times without a zone are
    of the outlet's ``country`` where that has one zone, else UTC. A day without a time is taken for noon UTC.

    The page's time counts before the feed's where that is (a) a day only (midnight, and the page's time is of that
    day), (b) the page's time with the outlet's distance from UTC added: local time that is called UTC, (c) the time of
    the poll ``polled``, give or take ten minutes, while page or URL say something earlier: such feeds stamp all
    their entries with the present. Where the feed is another site's (``hearsay``), page and URL count before it; of a
    day without a time it may still tell the time.
    """
    told = credible(feed, collected)
    if hearsay and told is not None:
        at, source = decide_date(None, page, collected, url=url, country=country)
        day_only = source == "url" or (at % DAY == DAY / 2 and source == "page")
        return (told, "feed") if source == "collected" or (day_only and abs(told - at) <= DAY / 2) else (at, source)
    day = url_day(url)
    if day is not None and not EARLIEST <= day <= collected + FARTHEST:
        day = None
    said = _believed(by_day(page, day), country, collected)
    if told is not None:
        if said is not None and _page_is_nearer(told, said, country):
            return said.at, "page"
        if polled is not None and abs(told - polled) <= STAMP:
            margin = STAMP if said is not None and said.exact and said.sure else 1.5 * DAY
            if said is not None and told - said.at > margin:
                return said.at, "page"
            if said is None and day is not None and told - day > 2.5 * DAY:
                return day + DAY / 2, "url"
        return told, "feed"
    if said is not None:
        # A page can stamp itself with the present, too.
        if day is not None and abs(said.at - collected) <= STAMP and said.at - day > 2.5 * DAY:
            return day + DAY / 2, "url"
        return said.at, "page"
    if day is not None:
        return min(day + DAY / 2, collected), "url"
    return collected, "collected"


def _page_is_nearer(told: float, said: _Believed, country: str | None) -> bool:
    """Rules (a) and (b) of :func:`decide_date`."""
    if not (said.exact and said.sure):
        return False
    ahead = _offset(country, int(told // 3600)) or 0.0
    a_day_only = told % DAY == 0 or (told + ahead) % DAY == 0
    if a_day_only and -FARTHEST <= said.at - told < DAY + FARTHEST:
        return True
    return ahead != 0 and abs(told - said.at - ahead) < 60
