"""The eight invented outlets and their eighteen feeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FeedFormat = Literal["rss2", "rss1", "rss091", "atom"]

DEFAULT_BASE = 8641


@dataclass(frozen=True)
class FeedSpec:
    """One feed of an outlet. ``path`` is what the feed list names, before any redirect."""

    outlet: str
    name: str
    format: FeedFormat
    dedicated: bool = False
    encoding: str = "utf-8"
    full_text: bool = False  # entries carry the whole article

    @property
    def id(self) -> str:
        """``outlet/name``, as the truth and the cases name it."""
        return f"{self.outlet}/{self.name}"

    @property
    def path(self) -> str:
        """The path under the outlet's address."""
        return f"/feeds/{self.name}.xml"


@dataclass(frozen=True)
class Outlet:
    """One outlet; it is served on the base port plus ``offset``."""

    id: str
    name: str
    country: str  # ISO 3166-1 alpha-2
    language: str  # ISO 639-1
    offset: int
    layout: str
    feeds: tuple[FeedSpec, ...]

    def origin(self, base: int) -> str:
        """The scheme and authority of the outlet's pages."""
        return f"http://127.0.0.1:{base + self.offset}"


def _outlet(offset: int, id: str, name: str, country: str, language: str, layout: str, *feeds: FeedSpec) -> Outlet:
    return Outlet(id, name, country, language, offset, layout, feeds)


OUTLETS: tuple[Outlet, ...] = (
    _outlet(
        0, "northern-ledger", "The Northern Ledger", "GB", "en", "broadsheet",
        FeedSpec("northern-ledger", "world", "rss2"),
        FeedSpec("northern-ledger", "middle-east", "rss2", dedicated=True),
        FeedSpec("northern-ledger", "latest", "atom"),
    ),
    _outlet(
        1, "harbour-post", "Harbour Post", "US", "en", "blocks",
        FeedSpec("harbour-post", "top", "atom"),
        FeedSpec("harbour-post", "world", "rss091"),
        FeedSpec("harbour-post", "archive", "rss2"),
    ),
    _outlet(
        2, "strait-wire", "Strait Wire", "SG", "en", "microdata",
        FeedSpec("strait-wire", "all", "rss2"),
        FeedSpec("strait-wire", "syria", "atom", dedicated=True),
    ),
    _outlet(
        3, "levant-notebook", "Levant Notebook", "LB", "en", "weblog",
        FeedSpec("levant-notebook", "news", "rss1"),
        FeedSpec("levant-notebook", "idlib", "rss2", dedicated=True, full_text=True),
    ),
    _outlet(
        4, "courrier-du-quai", "Courrier du Quai", "FR", "fr", "broadsheet",
        FeedSpec("courrier-du-quai", "international", "rss2"),
        FeedSpec("courrier-du-quai", "proche-orient", "atom", dedicated=True),
    ),
    _outlet(
        5, "sahifat-al-mina", "صحيفة الميناء", "JO", "ar", "table",
        FeedSpec("sahifat-al-mina", "akhbar", "rss2", encoding="windows-1256"),
        FeedSpec("sahifat-al-mina", "suriya", "rss2", dedicated=True),
    ),
    _outlet(
        6, "bogaz-gazetesi", "Boğaz Gazetesi", "TR", "tr", "blocks",
        FeedSpec("bogaz-gazetesi", "dunya", "rss2"),
        FeedSpec("bogaz-gazetesi", "suriye", "atom", dedicated=True),
    ),
    _outlet(
        7, "relief-bulletin", "Relief Bulletin", "CH", "en", "weblog",
        FeedSpec("relief-bulletin", "updates", "rss2", dedicated=True),
        FeedSpec("relief-bulletin", "crises", "atom"),
    ),
)  # fmt: skip

BY_ID = {outlet.id: outlet for outlet in OUTLETS}
