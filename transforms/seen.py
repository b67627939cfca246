"""Leaving out what is known: the same article in another feed, or from before a restart."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from schemas.records import Entry, SeenArticles, Turn
from transforms.coders import RecordCoder
from transforms.count import count
from transforms.memory import Memory, tells_itself
from transforms.storage import Storage, day_of


@dataclass(frozen=True)
class Chosen:
    """What of one turn's entries goes on, and how many do not, by reason."""

    entries: list[Entry]
    seen: int
    duplicate: int


def choose(entries: list[Entry], seen: Container[str], untold: Collection[str] = ()) -> Chosen:
    """One entry for each article that is new, or that its own feed now shows in another form, or that no entry has told
    (``untold`` of ``seen``) and one tells now: a page that did not come must not shut out the feed that has the text.

    Of several feeds that bring an article in one tick, one of its own site counts, then the one with the full
    content, then the one that dates it earliest, then the feed's address: whatever the order in which the feeds
    answered, so that a replay makes the same rows. Of an article that was seen, one that shows another form of it.
    """
    best: dict[str, Entry] = {}
    for entry in entries:
        other = best.get(entry.article_id)
        if other is None or _rank(entry, seen, untold) < _rank(other, seen, untold):
            best[entry.article_id] = entry
    chosen = [e for name, e in sorted(best.items()) if e.known or name not in seen or _tells(e, untold)]
    return Chosen(chosen, seen=len(best) - len(chosen), duplicate=len(entries) - len(best))


def _tells(entry: Entry, untold: Collection[str]) -> bool:
    return entry.article_id in untold and tells_itself(entry)


def _rank(
    entry: Entry, seen: Container[str], untold: Collection[str]
) -> tuple[bool, bool, bool, bool, bool, float, str, str]:
    when = entry.published if entry.published is not None else float("inf")
    again = entry.known and entry.article_id in seen
    feed = (entry.feed_url, entry.fingerprint)
    return (not _tells(entry, untold), not again, entry.foreign, not entry.known, not entry.content, when, *feed)


def still_untold(chosen: list[Entry], seen: Container[str], untold: Collection[str]) -> set[str]:
    """``untold`` after ``chosen`` went on: what an entry tells itself is settled by it, whatever becomes of it."""
    new = {e.article_id for e in chosen if e.article_id not in seen}
    return {*untold, *new} - {e.article_id for e in chosen if tells_itself(e)}


def forget(seen: dict[str, int], today: int, max_age: float) -> dict[str, int]:
    """Without what was last met longer ago than ``max_age`` seconds: entries that old are turned away."""
    oldest = today - int(min(max_age / 86_400, 3_000_000)) - 2
    return seen if all(day >= oldest for day in seen.values()) else {n: d for n, d in seen.items() if d >= oldest}


@dataclass
class DropSeen(beam.PTransform[Any, Any]):
    """(shard, Turn) to (shard, Turn) with what is new; the heartbeat always goes on."""

    output: str
    max_age: float
    shards: int

    def expand(self, turns: Any) -> Any:
        return turns | "Drop" >> beam.ParDo(_DropSeenDoFn(self)).with_output_types(tuple[str, Turn])


class _DropSeenDoFn(beam.DoFn):
    STATE = ReadModifyWriteStateSpec("articles", RecordCoder(SeenArticles))

    def __init__(self, step: DropSeen) -> None:
        self._step = step
        self._memory: dict[str, int] | None = None

    def process(self, element: tuple[str, Turn], state: Any = beam.DoFn.StateParam(STATE)) -> Iterator[Any]:
        shard, turn = element
        stored = state.read()
        if not turn.entries and stored is not None:
            yield element
            return
        seen = dict(stored.ids) if stored is not None else self._remember(turn.tick)
        untold = set(stored.untold) if stored is not None else self._untold(turn, seen)
        chosen = choose(turn.entries, seen, untold)
        untold = still_untold(chosen.entries, seen, untold)
        count("seen", "seen", chosen.seen)
        count("seen", "duplicate", chosen.duplicate)
        today = day_of(turn.tick).toordinal()
        seen.update((e.article_id, today) for e in turn.entries)
        ids = forget(seen, today, self._step.max_age)
        state.write(SeenArticles(ids=ids, untold=sorted(n for n in untold if n in ids)))
        yield shard, Turn(tick=turn.tick, entries=chosen.entries)

    def _remember(self, tick: float) -> dict[str, int]:
        if self._memory is None:  # one reading serves all shards of this worker at their first tick
            self._memory = Memory(Storage.at(self._step.output), self._step.max_age, tick).seen()
        return dict(self._memory)

    def _untold(self, turn: Turn, seen: dict[str, int]) -> set[str]:
        """Looked up only for what could come through."""
        told = {e.article_id for e in turn.entries if not e.known and e.article_id in seen and tells_itself(e)}
        return Memory(Storage.at(self._step.output), self._step.max_age, turn.tick).untold(told) if told else set()
