"""What every format is read into, and the bounds of it. All texts of an ``Item`` are plain; what was taken out of
them stands as a mark (``transforms.formats.clean``) until the entry is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_ENTRIES = 2_000  # of one response
MAX_URL = 4_000  # characters; as in feed lists
MAX_TITLE = 1_000  # characters, as the next two
MAX_AUTHOR = 500
MAX_WORDS = 100_000  # of a summary, and of a content: as of an article's text
MAX_TTL = 86_400.0  # seconds: no document makes us wait longer


class NotAFeed(ValueError):
    """The bytes hold no feed; the message says what they are."""


@dataclass(frozen=True)
class Hints:
    """What a feed's document asks of those who poll it; hours and days in UTC."""

    ttl: float = 0.0  # seconds between polls: the larger of RSS ttl and sy:updatePeriod; 0: it does not say
    skip_hours: tuple[int, ...] = ()  # 0 to 23
    skip_days: tuple[int, ...] = ()  # 0 Monday to 6


@dataclass
class Item:
    """One entry as its format tells it."""

    link: str = ""
    guid: str = ""
    permalink: bool = True  # the GUID may stand in for a link, if it is one
    title: str = ""
    summary: str = ""
    content: str = ""
    author: str = ""
    language: str = ""
    published: float | None = None
    updated: float | None = None
    reduced: set[str] = field(default_factory=set)  # of ``schemas.reasons.REDUCED``


@dataclass
class Document:
    """A feed, read."""

    items: list[Item] = field(default_factory=list)
    title: str = ""
    language: str = ""
    hints: Hints = field(default_factory=Hints)
    cut: str | None = None  # why items are missing, for people
    broken: bool = False  # the bytes end before it does


def newest(dates: Sequence[float | None], most: int) -> list[int]:
    """Which ``most`` of the entries to keep, in their order: the latest where half of them are dated, else the
    first. An undated entry counts as old as the one before it."""
    if len(dates) <= most:
        return list(range(len(dates)))
    if sum(date is not None for date in dates) * 2 < len(dates):
        return list(range(most))
    filled, last = [], max(date for date in dates if date is not None)
    for date in dates:
        last = last if date is None else date
        filled.append(last)
    return sorted(sorted(range(len(dates)), key=lambda n: -filled[n])[:most])


def too_many(found: int, most: int) -> str:
    """What is said of a response with more than ``most`` entries."""
    return f"{found} entries, of which the newest {most} were used"
