"""The account of a run: what came, what became of it, and why; from the same counters as Beam's metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas import reasons

Counts = Mapping[str, int]
_FAILED = frozenset(reasons.TRANSPORT) | {"gone", "not_a_feed", "bad_url"}
_LOSSES = (
    ("seen", "unchanged_entry"), ("parse", "no_identity"), ("parse", "too_old"), ("seen", "duplicate"), ("seen", "seen"),
    ("screen", "screened_out"),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of the funnel: how many are left, or (indented) how many left here and why."""

    count: int
    text: str
    loss: bool = False


def polled(counts: Counts) -> int:
    """Feeds that were asked."""
    return sum(counts.get(f"poll/{reason}", 0) for reason in (*reasons.POLL, *reasons.TRANSPORT))


def succeeded(counts: Counts) -> int:
    """Feeds that answered as a feed should, if only with 304."""
    return sum(counts.get(f"poll/{reason}", 0) for reason in ("ok", "not_modified", "unchanged", "truncated"))


def funnel(counts: Counts) -> list[Line]:
    """From entries to committed articles, with the reason of every loss."""
    lines = [Line(counts.get("poll/entries", 0), "entries in the feeds' answers")]
    for stage, reason in _LOSSES:
        lines += _loss(counts, stage, reason)
    asked = counts.get("screen/maybe", 0)
    lines.append(Line(asked, "entries that may matter"))
    lines += [line for reason in ("gave_up", "waiting", *reasons.TRANSPORT) for line in _loss(counts, "fetch", reason)]
    refused = counts.get("fetch/refused", 0)
    whole = counts.get("fetch/whole_in_feed", 0)
    lines.append(Line(counts.get("fetch/page", 0), "pages fetched"))
    if whole:
        lines.append(Line(whole, "whole articles in the feed itself"))
    if refused:
        lines.append(Line(refused, "pages refused for good (the feed's text is looked at)"))
    lines += [line for reason in reasons.REJECTS for line in _loss(counts, "extract", reason)]
    lines.append(Line(counts.get("extract/article", 0), "articles with a text"))
    for reason in ("irrelevant", "passing_mention"):
        lines += _loss(counts, "judge", reason)
    lines.append(Line(counts.get("judge/kept", 0), "articles about the topic"))
    for reason in ("unchanged_revision", "already_committed"):
        lines += _loss(counts, "commit", reason)
    lines.append(Line(counts.get("commit/articles", 0), "articles committed"))
    return lines


def _loss(counts: Counts, stage: str, reason: str) -> list[Line]:
    number = counts.get(f"{stage}/{reason}", 0)
    meaning = {**reasons.REJECTS, **reasons.COUNTED_ONLY}.get(reason, reason)
    return [Line(number, f"{reason}: {meaning}", loss=True)] if number else []


def polls_line(counts: Counts) -> str:
    """One line about the feeds."""
    parts = []
    for reason in (*reasons.POLL, *reasons.TRANSPORT):
        number = counts.get(f"poll/{reason}", 0)
        if number:
            parts.append(f"{number} {reason}")
    if counts.get("poll/not_due"):
        parts.append(f"{counts['poll/not_due']} not due")
    return f"{polled(counts)} feeds polled: {', '.join(parts)}" if parts else "no feeds"


def parts(counts: Counts) -> list[tuple[str, float]]:
    """How long each part took, in seconds, longest first."""
    found = [(name[3:], value / 1000) for name, value in counts.items() if name.startswith("ms/")]
    return sorted(found, key=lambda p: -p[1])


def failed(counts: Counts) -> int:
    """Feeds that were asked in vain."""
    return sum(counts.get(f"poll/{reason}", 0) for reason in _FAILED)
