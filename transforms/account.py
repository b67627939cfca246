"""The account of a run: what came, what became of it, and why; from the same counters as Beam's metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas import reasons

Counts = Mapping[str, int]
_FAILED = {*reasons.POLL, *reasons.TRANSPORT} - {*reasons.ANSWERED}
_BEFORE_SCREEN = (
    ("seen", "unchanged_entry"),
    ("parse", "no_identity"),
    ("parse", "too_old"),
    ("screen", "screened_out"),
)
_KNOWN = (("seen", "duplicate"), ("seen", "seen"))
_NO_PAGE = ("gave_up", "waiting", "robots_unreachable", *reasons.TRANSPORT)
_MEANING = {**reasons.REJECTS, **reasons.COUNTED_ONLY}


@dataclass(frozen=True)
class Line:
    """One line of the funnel.

    ``kind`` says how to read ``count``: ``stage`` (that many are left), ``loss`` (that many left here, for
    ``reason``), ``gain`` (that many joined here), ``part`` (that many of the next stage).
    """

    count: int
    text: str
    kind: str = "stage"
    reason: str = ""

    @property
    def loss(self) -> bool:
        return self.kind == "loss"


def polled(counts: Counts) -> int:
    """Feeds that were asked."""
    return sum(counts.get(f"poll/{reason}", 0) for reason in (*reasons.POLL, *reasons.TRANSPORT))


def succeeded(counts: Counts) -> int:
    """Feeds that answered as a feed should, if only with 304."""
    return sum(counts.get(f"poll/{reason}", 0) for reason in reasons.ANSWERED)


def failed(counts: Counts) -> int:
    """Feeds that were asked in vain."""
    return sum(counts.get(f"poll/{reason}", 0) for reason in _FAILED)


def asked_again(counts: Counts) -> int:
    """Owed pages of earlier runs that this one asked for: what the pages are more than this run's entries."""
    came = sum(counts.get(f"fetch/{what}", 0) for what in ("page", "refused", "whole_in_feed", *_NO_PAGE))
    return max(0, came - _new(counts))


def _new(counts: Counts) -> int:
    known = sum(counts.get(f"{stage}/{reason}", 0) for stage, reason in _KNOWN)
    return counts.get("screen/maybe", 0) - known


def funnel(counts: Counts) -> list[Line]:
    """From entries to committed articles, with the reason of every loss: each stage is the one before it,
    less the losses and with the gains that stand between the two."""
    lines = [Line(counts.get("poll/entries", 0), "entries in the feeds' answers")]
    for stage, reason in _BEFORE_SCREEN:
        lines += _loss(counts, stage, reason)
    lines.append(Line(counts.get("screen/maybe", 0), "may be about the topic"))
    for stage, reason in _KNOWN:
        lines += _loss(counts, stage, reason)
    lines.append(Line(_new(counts), "new articles"))
    if again := asked_again(counts):
        lines.append(Line(again, "pages owed from before", "gain"))
    return lines + _from_pages(counts)


def replay_funnel(counts: Counts) -> list[Line]:
    """From rejects that were run again to committed articles, as ``funnel``."""
    lines = [Line(counts.get("replay/rejects", 0), "rejects run again")]
    lines += _loss(counts, "screen", "screened_out") + _loss(counts, "seen", "duplicate")
    return lines + _from_pages(counts)


def _from_pages(counts: Counts) -> list[Line]:
    lines = [line for reason in _NO_PAGE for line in _loss(counts, "fetch", reason)]
    whole, page, refused = (counts.get(f"fetch/{what}", 0) for what in ("whole_in_feed", "page", "refused"))
    lines.append(Line(page + whole + refused, "to be read"))
    forms = {
        "as a page": page,
        "whole in the feed": whole,
        "page refused for good: the feed's own text is tried": refused,
    }
    lines += [Line(number, text, "part") for text, number in forms.items() if number]
    lines += [line for reason in reasons.REJECTS for line in _loss(counts, "extract", reason)]
    lines.append(Line(counts.get("extract/article", 0), "articles with a text"))
    for reason in ("irrelevant", "passing_mention"):
        lines += _loss(counts, "judge", reason)
    lines.append(Line(counts.get("judge/kept", 0), "about the topic"))
    for reason in ("unchanged_revision", "lesser_revision", "max_revisions", "already_committed"):
        lines += _loss(counts, "commit", reason)
    lines.append(Line(counts.get("commit/articles", 0), "committed"))
    return lines


def _loss(counts: Counts, stage: str, reason: str) -> list[Line]:
    number = counts.get(f"{stage}/{reason}", 0)
    return [Line(number, _MEANING.get(reason, reason), "loss", reason)] if number else []


def polls_line(counts: Counts, what: str = "feed") -> str:
    """One line about the feeds; ``what`` is counted: a stream polls each many times."""
    parts = []
    for reason in (*reasons.POLL, *reasons.TRANSPORT):
        number = counts.get(f"poll/{reason}", 0)
        if number:
            parts.append(f"{number} {reason}")
    if counts.get("poll/not_due"):
        stopped = counts.get("poll/stopped", 0)
        parts.append(f"{counts['poll/not_due']} not due" + (f" ({stopped} of them stopped)" if stopped else ""))
    if counts.get("poll/not_reached"):
        parts.append(f"{counts['poll/not_reached']} left to the next run (--poll_budget)")
    number = polled(counts)
    if not parts:
        return "no feeds"
    plural = "" if number == 1 else "s"
    return f"{number:,} {what}{plural}{' polled' if what == 'feed' else ' of feeds'}: {', '.join(parts)}"


def parts(counts: Counts) -> list[tuple[str, float]]:
    """How long each part took, in seconds, longest first; those of several threads may overlap."""
    found = [(name[3:], value / 1e6) for name, value in counts.items() if name.startswith("us/")]
    return sorted(found, key=lambda p: -p[1])
