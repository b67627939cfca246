"""What is odd about single articles and feeds: the hard cases of the day, in one table.

A case changes how an article is listed or served, never what it says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PageKind = Literal["ok", "forbidden", "missing", "pdf", "flaky"]
EntryDate = Literal["right", "none", "future"]


@dataclass(frozen=True)
class Case:
    """How one article departs from the rule."""

    about: str
    link_suffix: dict[str, str] = field(default_factory=dict)  # feed name -> what follows the link
    amp_in: str | None = None  # the feed that links the AMP form
    page: PageKind = "ok"
    entry_date: EntryDate = "right"
    page_date: bool = True
    linked: bool = True
    copy_of: str | None = None
    phase: int | None = None  # overrides the file's


CASES: dict[str, Case] = {
    "northern-ledger/surgeons-under-maarat-al-numan": Case(
        "one story in three feeds under three addresses that differ only in tracking parameters",
        link_suffix={
            "world": "?utm_source=rss&utm_medium=feed&utm_campaign=world",
            "middle-east": "?fbclid=IwAR0kq7Tn2newsday&utm_term=idlib",
            "latest": "?utm_source=atom&utm_content=latest#comments",
        },
    ),
    "harbour-post/binnish-chess-club": Case(
        "one feed links the page, the other its AMP form, which names the page as canonical", amp_in="world"
    ),
    "northern-ledger/flour-convoy-border-delay": Case(
        "agency copy, printed whole", copy_of="strait-wire/aid-convoy-held-bab-al-hawa"
    ),
    "harbour-post/bread-rationed-northern-syria": Case(
        "agency copy, cut and retitled", copy_of="strait-wire/aid-convoy-held-bab-al-hawa"
    ),
    "strait-wire/defence-ministry-m5-road": Case("revised between the phases: other title, two paragraphs more"),
    "levant-notebook/harim-ferryman-orontes": Case("no date in the entry, the page has it", entry_date="none"),
    "strait-wire/nasib-crossing-engineers": Case(
        "dated in 2094 in the entry, rightly on the page", entry_date="future"
    ),
    "levant-notebook/notes-from-a-saraqib-roof": Case(
        "no date in the entry, the address or the page", entry_date="none", page_date=False
    ),
    "levant-notebook/ariha-cherry-cellar": Case(
        "page refused for good, but the entry carries the whole text", page="forbidden"
    ),
    "levant-notebook/letter-from-jisr-al-shughur": Case(
        "an entry without a link: a GUID and the whole text", linked=False
    ),
    "harbour-post/idlib-money-changers-subscriber": Case(
        "page refused for good, the entry has a summary only", page="forbidden"
    ),
    "relief-bulletin/idlib-hospital-coordinates-appeal": Case("page not found for good", page="missing"),
    "northern-ledger/displacement-map-north-west-syria": Case("the page is a PDF", page="pdf"),
    "relief-bulletin/rukban-berm-supplies": Case("page answers 503 with Retry-After: 1 twice, then 200", page="flaky"),
}

# Not about the topic, and published between the phases.
LATE_OTHERS = frozenset(
    {
        "northern-ledger/autumn-budget-statement-potholes",
        "harbour-post/clam-diggers-red-tide",
        "harbour-post/library-overdue-book-1921",
        "levant-notebook/assadourian-kite-maker-museum",
        "courrier-du-quai/proces-navire-mazout",
        "bogaz-gazetesi/telefon-tanitimi-ikinci-el",
    }
)

# Feeds that answer otherwise than 200 with an ETag that means something.
MOVED = {"harbour-post/world": "/feeds/world-news.xml"}
GONE = frozenset({"harbour-post/archive"})
DOWN_IN_PHASE_1 = frozenset({"relief-bulletin/crises"})
LYING_ETAG = frozenset({"northern-ledger/latest"})  # one ETag for both phases, though the body changes
DEAF = frozenset({"strait-wire/all"})  # ignores If-None-Match: always 200 with the same body
CUT = frozenset({"levant-notebook/news"})  # the XML ends inside its last entry

FLAKY_REFUSALS = 2  # a flaky page refuses that many GETs with 503 before it answers
FUTURE_YEAR = 2094
