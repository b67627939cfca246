"""What a feed asks of those who poll it, bounded: a ttl of a thousand years is a mistake, or worse."""

from __future__ import annotations

import re
from collections.abc import Iterable

from transforms.formats.document import MAX_TTL, Hints

_PERIODS = {"hourly": 3_600.0, "daily": 86_400.0, "weekly": 604_800.0, "monthly": 2_592_000.0, "yearly": 31_536_000.0}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def hints(ttl: object, period: object, frequency: object, hours: Iterable[object], days: Iterable[object]) -> Hints:
    """RSS ``ttl`` (minutes), ``sy:updatePeriod`` and ``sy:updateFrequency`` (how often in a period, by default
    once a day), ``skipHours`` and ``skipDays``. Where all hours or all days are to be skipped, none is."""
    wait = max(0.0, _number(ttl) or 0.0) * 60
    often = max(1.0, _number(frequency) or 1.0)
    told = str(period or "").strip().lower()
    if told in _PERIODS or (not told and _number(frequency)):
        wait = max(wait, _PERIODS.get(told, 86_400.0) / often)
    skip_hours = {hour % 24 for hour in map(_hour, hours) if hour is not None}
    skip_days = {day for day in map(_day, days) if day is not None}
    return Hints(
        ttl=min(wait, MAX_TTL),
        skip_hours=tuple(sorted(skip_hours)) if len(skip_hours) < 24 else (),
        skip_days=tuple(sorted(skip_days)) if len(skip_days) < 7 else (),
    )


def _number(told: object) -> float | None:
    """The number that a text begins with; at most a billion."""
    found = re.match(r"\s*(-?)0*(\d+(?:\.\d{1,9})?)", str(told or "")[:100], re.ASCII)
    if not found:
        return None
    return (-1 if found[1] else 1) * (float(found[2]) if len(found[2]) < 10 else 1e9)


def _hour(told: object) -> int | None:
    found = re.fullmatch(r"\s*(\d{1,2})(?::00)?\s*", str(told or "")[:100], re.ASCII)
    return int(found[1]) if found and int(found[1]) <= 24 else None


def _day(told: object) -> int | None:
    """0 for Monday; by name, or by ISO 8601's number (7, and cron's 0, are Sunday)."""
    name = str(told or "")[:100].strip().lower()
    if re.fullmatch("[0-7]", name):
        return (int(name) - 1) % 7
    return next((n for n, day in enumerate(_DAYS) if len(name) >= 3 and day.startswith(name)), None)
