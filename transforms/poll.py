"""Polling feeds: politely, conditionally, by shard of their host.

``PollFeeds`` is the step; what an answer means is decided in ``transforms.answers``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import apache_beam as beam
import msgspec
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from schemas.records import Entry, Feed, FeedState, FeedStates, FeedTurn, Poll, Reject, Turn
from transforms import moves, validators
from transforms.answers import Outcome, after_poll, bad_line, body_hash, needs_parse
from transforms.asjson import entry_json
from transforms.coders import RecordCoder, typed
from transforms.count import count, timed
from transforms.fetch import Fetcher, Limits, Request, Response, authority, time_left
from transforms.identity import canonical_url, shard_of
from transforms.memory import Memory
from transforms.parse import MAX_ENTRIES, Parsed
from transforms.parsefeeds import Document, Round
from transforms.schedule import DAY, Bounds, next_allowed, slack
from transforms.storage import Storage, day_of

STALE = 120.0  # seconds that a tick may be late at the least: starting on Flink takes that long
RESTATED = 25 * 86_400.0  # seconds after which a row of polls says again that a feed is gone: rows are forgotten
ACCEPT = "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, */*;q=0.5"


def is_due(state: FeedState, tick: float, forced_since: float | None) -> bool:
    """Whether a feed is to be polled in the tick. ``forced_since`` polls all that was not polled since.

    Who comes late does not come in the hours that the feed asks to be left alone in, but for one a day late: cron may
    have no other hour.
    """
    if forced_since is not None and state.polled_at < forced_since:
        return True
    if state.gone or state.due > tick:
        return False
    return tick - state.due >= DAY or next_allowed(tick, state.skip_hours, state.skip_days) == tick


def is_stale(tick: float, now: float, interval: float) -> bool:
    """Whether a stream's tick comes so late that a later one polls instead.

    After a pause (a closed laptop, a cluster that was down) all missed ticks come at once: a feed is not to be
    asked again for every interval that was missed. Within an interval a replayed tick polls as it did before.
    """
    return now - tick > max(interval, STALE)


def request_for(feed: Feed, state: FeedState, tick: float) -> Request:
    """What to ask of a feed at ``tick``: most often a conditional GET, of the address it has moved to."""
    headers = {"Accept": ACCEPT} | validators.headers(state, tick)
    return Request(feed.url, moves.address(feed, state, tick), headers)


@dataclass
class PollFeeds(beam.PTransform[Any, Any]):
    """(shard, FeedTurn) to entries by page shard; tagged ``polls`` and ``rejects``.

    One stateful DoFn per shard fetches its due feeds concurrently, one request at a time to a host.
    ``budget`` (seconds, None: no limit) bounds a tick's work: what has not answered by then is found in
    a later tick, or run, which asks first what has waited longest. In a ``streaming`` pipeline ticks may be late.
    """

    output: str
    limits: Limits
    bounds: Bounds
    max_age: float
    shards: int
    budget: float | None = None
    forced_since: float | None = None
    streaming: bool = False
    max_entries: int = MAX_ENTRIES  # of one answer, the newest

    def expand(self, turns: Any) -> Any:
        outputs = turns | "Poll" >> beam.ParDo(_PollDoFn(self)).with_outputs("polls", "rejects", main="entries")
        return typed(outputs, entries=tuple[str, Turn], polls=Poll, rejects=Reject)


class _PollDoFn(beam.DoFn):
    STATE = ReadModifyWriteStateSpec("feeds", RecordCoder(FeedStates))

    def __init__(self, step: PollFeeds) -> None:
        self._step = step

    def process(self, element: tuple[str, FeedTurn], states: Any = beam.DoFn.StateParam(STATE)) -> Iterator[Any]:
        _, turn = element
        step, tick = self._step, turn.tick
        known: dict[str, FeedState] = dict((states.read() or FeedStates()).feeds)
        strangers = [f.url for f in turn.feeds if f.url not in known]
        if strangers:
            memory = Memory(Storage.at(step.output), step.max_age, tick)
            with timed("read memory"):
                known |= memory.feed_states(strangers)
        # A feed that was taken off the list is forgotten here; the tables still know it.
        known = {f.url: known.get(f.url, FeedState()) for f in turn.feeds}
        stale = step.streaming and is_stale(tick, time.time(), step.bounds.shortest)
        due = [f for f in turn.feeds if not stale and is_due(known[f.url], tick, step.forced_since)]
        asked = {f.url: f for f in sorted(due, key=lambda f: (known[f.url].due, f.url))}
        restated = False
        for feed in turn.feeds:
            if feed.url in asked:
                continue
            stopped = known[feed.url].gone
            count("poll", "not_due")
            count("poll", "stopped", int(stopped))
            if stopped and tick - known[feed.url].restated_at >= RESTATED:
                known[feed.url] = state = msgspec.structs.replace(known[feed.url], restated_at=tick)
                restated = True
                yield TaggedOutput("polls", still_stopped(feed, state, tick))
        with timed("poll feeds"):
            for feed, outcome, response in self._ask(asked, known, tick, turn.others):
                again = bool(outcome.fresh) or day_of(outcome.state.restated_at) != day_of(tick)
                if again:
                    outcome = replace(outcome, state=msgspec.structs.replace(outcome.state, restated_at=tick))
                known[feed.url] = outcome.state
                yield from emit(feed, outcome, response, tick, step, again)
        if asked or strangers or restated:
            states.write(FeedStates(feeds=known))

    def _ask(
        self, due: dict[str, Feed], known: dict[str, FeedState], tick: float, others: Iterable[str]
    ) -> Iterator[tuple[Feed, Outcome, Response | None]]:
        step, left = self._step, self._step.budget
        late = max(0.0, time.time() - tick) if step.streaming else 0.0
        if step.streaming:
            # Half a heartbeat: polls end a heartbeat after their tick, pages two (they wait for its window).
            left = time_left(step.budget, tick + 2 * (step.budget or 0), time.time())
        requests = []
        for feed in due.values():
            if feed.problem:
                yield feed, bad_line(feed, tick), None
            else:
                requests.append(request_for(feed, known[feed.url], tick))
        # The addresses of all feeds, to which what is taken over in this tick is added.
        taken = {*known, *others, *(s.taken_url for s in known.values() if s.taken_url)}

        def decided(
            feed: Feed, response: Response, digest: str | None, parsed: Parsed | None = None
        ) -> tuple[Feed, Outcome, Response]:
            outcome = after_poll(feed, known[feed.url], response, digest, parsed, tick, step.bounds, taken)
            if late > max(
                5.0, slack(step.bounds.shortest)
            ):  # a stream's tick that is late does not make the next come early
                due = max(outcome.state.due, tick + late + step.bounds.shortest)
                outcome = replace(outcome, state=msgspec.structs.replace(outcome.state, due=due))
            if outcome.state.taken_url:
                taken.add(outcome.state.taken_url)
            return feed, outcome, response

        parsing = Round()
        for request, response in Fetcher.shared(step.limits).fetch(requests, left):
            feed = due[request.key]
            if response is None:
                count("poll", "not_reached", int(not step.streaming))
                continue
            digest = body_hash(response)
            if needs_parse(known[feed.url], digest):
                document = Document(
                    response.body, response.headers, response.url, feed, tick, known[feed.url].seen, step.max_entries
                )
                parsing.give(document, partial(decided, feed, response, digest))
            else:
                yield decided(feed, response, digest)
            yield from (decide(parsed) for decide, parsed in parsing.results(all_of_them=parsing.full))
        yield from (decide(parsed) for decide, parsed in parsing.results(all_of_them=True))


def still_stopped(feed: Feed, state: FeedState, tick: float) -> Poll:
    """The row that says again why a feed is not polled, before the row that said it first is no longer read."""
    reason = "bad_url" if feed.problem else "gone"
    return Poll(feed_url=feed.url, at=tick, reason=reason, state=state, error=feed.problem, outlet=feed.outlet)


def emit(
    feed: Feed, outcome: Outcome, response: Response | None, tick: float, step: PollFeeds, restated: bool
) -> Iterator[Any]:
    """The records of one polled feed: its poll, its rejects, and its fresh entries by page shard."""
    count("poll", outcome.reason)
    count("poll", "entries", outcome.entries)
    count("seen", "unchanged_entry", outcome.unchanged)
    state = outcome.state if restated else msgspec.structs.replace(outcome.state, seen={})
    yield TaggedOutput(
        "polls",
        Poll(
            feed_url=feed.url,
            at=tick,
            reason=outcome.reason,
            state=state,
            status=response.status if response else None,
            error=outcome.error,
            outlet=feed.outlet,
            entries=outcome.entries,
            new_entries=len(outcome.fresh),
            size=len(response.body) if response else 0,
            elapsed=response.elapsed if response else 0.0,
            final_url=response.url if response and response.url != feed.url else None,
            restated=restated,
        ),
    )
    for reject in outcome.rejects:
        count(reject.stage, reject.reason)
        yield TaggedOutput("rejects", reject)
    by_shard: dict[int, list[Entry]] = {}
    for entry in outcome.fresh:
        dated = entry.published if entry.published is not None else entry.updated
        if dated is not None and dated < tick - step.max_age:
            count("parse", "too_old")
            yield TaggedOutput("rejects", rejected(entry, "parse", "too_old", tick))
        else:
            by_shard.setdefault(page_shard(entry, step.shards), []).append(entry)
    for shard, entries in by_shard.items():
        yield str(shard), Turn(tick=tick, entries=entries)


def rejected(entry: Entry, stage: str, reason: str, tick: float, **more: Any) -> Reject:
    """A reject row for ``entry``."""
    return Reject(
        stage=stage,
        reason=reason,
        at=tick,
        input=entry_json(entry),
        article_id=entry.article_id,
        url=entry.url,
        feed_url=entry.feed_url,
        **more,
    )


def page_shard(entry: Entry, shards: int) -> int:
    """The shard of an entry: of the host that its page will be asked of, mobile hosts with their own."""
    if shards == 1:
        return 0
    url = (entry.canonical_url or canonical_url(entry.url) or "") if entry.url else entry.feed_url
    return shard_of(authority(url), shards)


def by_shard(feeds: Iterable[Feed], shards: int, host: Callable[[str], str] = authority) -> dict[int, list[Feed]]:
    """Feeds keyed by the shard of their host."""
    grouped: dict[int, list[Feed]] = {}
    for feed in feeds:
        grouped.setdefault(shard_of(host(feed.url), shards), []).append(feed)
    return grouped
