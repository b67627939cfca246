"""Polling feeds: politely, conditionally, by shard of their host.

``after_poll`` is the decision (history and response in, next state out); ``PollFeeds`` is the step.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam
import msgspec
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from schemas.records import Entry, Feed, FeedState, FeedStates, FeedTurn, Poll, Reject, Turn
from transforms.coders import RecordCoder, entry_json, typed
from transforms.count import count, timed
from transforms.fetch import Fetcher, Limits, Request, Response, authority, time_left
from transforms.identity import canonical_url, shard_of
from transforms.memory import Memory
from transforms.parse import Parsed, parse_feed
from transforms.schedule import Bounds, retry_after, slack
from transforms.storage import Storage, day_of

MAX_BACKOFF = 24 * 3600.0  # seconds between polls of a feed that fails
STALE = 120.0  # seconds that a tick may be late at the least: starting on Flink takes that long
NEVER = 253_402_300_799.0  # 9999-12-31: not due again
ACCEPT = "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, */*;q=0.5"


def is_due(state: FeedState, tick: float, forced_since: float | None) -> bool:
    """Whether a feed is to be polled in the tick. ``forced_since`` polls all that was not polled since."""
    if forced_since is not None and state.polled_at < forced_since:
        return True
    return not state.gone and state.due <= tick


def is_stale(tick: float, now: float, interval: float) -> bool:
    """Whether a stream's tick comes so late that a later one polls instead.

    After a pause (a closed laptop, a cluster that was down) all missed ticks come at once: a feed is not to be
    asked again for every interval that was missed. Within an interval a replayed tick polls as it did before.
    """
    return now - tick > max(interval, STALE)


def request_for(feed: Feed, state: FeedState) -> Request:
    """A conditional GET: both validators go back byte for byte (RFC 9110, 13.1)."""
    headers = {"Accept": ACCEPT}
    if state.etag:
        headers["If-None-Match"] = state.etag
    if state.modified:
        headers["If-Modified-Since"] = state.modified
    return Request(feed.url, feed.url, headers)


def body_hash(response: Response) -> str | None:
    """What tells whether a body is the one of last time; None where there is none to be read as a feed."""
    if response.problem or not 200 <= (response.status or 0) < 300:
        return None
    return hashlib.blake2b(response.body, digest_size=8).hexdigest()


def needs_parse(state: FeedState, digest: str | None) -> bool:
    """Whether the body with that ``body_hash`` must be parsed before the decision: only another than last time."""
    return digest is not None and digest != state.body_hash


@dataclass(frozen=True)
class Outcome:
    """What a response means: the reason, the next state, and what the feed brought."""

    reason: str
    state: FeedState
    fresh: list[Entry]  # new in this feed, or in another form than last time
    entries: int = 0
    unchanged: int = 0
    rejects: tuple[Reject, ...] = ()
    error: str | None = None


def after_poll(
    feed: Feed,
    state: FeedState,
    response: Response,
    digest: str | None,
    parsed: Parsed | None,
    tick: float,
    bounds: Bounds,
) -> Outcome:
    """The decision: what ``response`` to a poll at ``tick`` means, and when to come back.

    ``digest`` is its ``body_hash``; ``parsed`` is what its body holds, None where ``needs_parse`` says that nobody
    need look. Nothing here takes time: what does may be done elsewhere, and is handed in.
    """
    interval = bounds.shortest
    again = tick + interval - slack(interval)
    asked = retry_after(response.headers.get("retry-after"), tick)
    state = earlier = _observe_move(state, feed, response, tick)
    if response.problem or not (response.status == 304 or 200 <= (response.status or 0) < 300):
        return _failed(state, response, tick, interval, asked)
    state = msgspec.structs.replace(state, polled_at=tick, failures=0, due=again, gone=False)
    if response.status == 304:
        return Outcome("not_modified", state, [])
    state = msgspec.structs.replace(
        state, etag=response.headers.get("etag"), modified=response.headers.get("last-modified")
    )
    if parsed is None:
        return Outcome("unchanged", state, [], len(state.seen), len(state.seen))
    if parsed.problem == "not_a_feed":
        # The validators of what is no feed must not hide the feed when it is back.
        failed = _backed_off(earlier, tick, interval, asked)
        return Outcome("not_a_feed", failed, [], error=parsed.error)
    fresh: list[Entry] = []
    known: set[str] = set()
    for entry in parsed.entries:
        before = state.seen.get(entry.article_id)
        if before != entry.fingerprint and entry.article_id not in known:
            fresh.append(msgspec.structs.replace(entry, known=before is not None))
        known.add(entry.article_id)
    seen = {e.article_id: e.fingerprint for e in reversed(parsed.entries)}
    if parsed.problem == "truncated":  # what stood behind the cut is not gone, and the bytes are not to be trusted
        seen = {**state.seen, **seen}
        state = msgspec.structs.replace(state, etag=None, modified=None)
    state = msgspec.structs.replace(state, body_hash=digest, seen=seen, changed_at=tick if fresh else state.changed_at)
    total = len(parsed.entries) + len(parsed.rejects)
    return Outcome(
        parsed.problem or "ok",
        state,
        fresh,
        total,
        len(parsed.entries) - len(fresh),
        tuple(parsed.rejects),
        parsed.error,
    )


def _failed(state: FeedState, response: Response, tick: float, interval: float, asked: float | None) -> Outcome:
    status = response.status or 0
    if response.problem is None and status == 410:
        gone = msgspec.structs.replace(state, polled_at=tick, failures=state.failures + 1, gone=True, due=NEVER)
        return Outcome("gone", gone, [])
    if response.problem in {"private_address", "host_unresponsive"}:  # it was not asked: no reason to wait longer
        missed = int(response.problem == "private_address")
        again = tick + interval - slack(interval)
        waiting = msgspec.structs.replace(state, polled_at=tick, failures=state.failures + missed, due=again)
        return Outcome(response.problem, waiting, [], error=response.error)
    reason = response.problem or {4: "http_4xx", 5: "http_5xx"}.get(status // 100, "http_other")
    return Outcome(reason, _backed_off(state, tick, interval, asked), [], error=response.error)


def _backed_off(state: FeedState, tick: float, interval: float, asked: float | None) -> FeedState:
    failures = state.failures + 1
    wait = min(max(interval, 60.0) * 2 ** min(failures - 1, 20), max(MAX_BACKOFF, interval))
    return msgspec.structs.replace(
        state, polled_at=tick, failures=failures, due=tick + max(wait, asked or 0) - slack(interval)
    )


def _observe_move(state: FeedState, feed: Feed, response: Response, tick: float) -> FeedState:
    """Note where only permanent redirects lead, and since when; nothing is taken over yet."""
    moved = response.permanent_url if not response.problem else state.moved_to
    if moved == state.moved_to:
        return state
    return msgspec.structs.replace(state, moved_to=moved, moved_since=tick if moved else None)


def bad_line(feed: Feed, tick: float) -> Outcome:
    """The outcome of a line of the feed list that cannot be polled."""
    state = FeedState(polled_at=tick, due=NEVER, gone=True)
    return Outcome("bad_url", state, [], error=feed.problem)


@dataclass
class PollFeeds(beam.PTransform[Any, Any]):
    """(shard, FeedTurn) to entries by page shard; tagged ``polls`` and ``rejects``.

    One stateful DoFn per shard fetches its due feeds concurrently, one request at a time to a host.
    ``budget`` (seconds, None: no limit) bounds a tick's work: what has not answered by then is found in
    a later tick.
    """

    output: str
    limits: Limits
    bounds: Bounds
    max_age: float
    shards: int
    budget: float | None = None
    forced_since: float | None = None

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
        stale = step.budget is not None and is_stale(tick, time.time(), step.bounds.shortest)
        due = {f.url: f for f in turn.feeds if not stale and is_due(known[f.url], tick, step.forced_since)}
        for feed in turn.feeds:
            if feed.url not in due:
                count("poll", "not_due")
        with timed("poll feeds"):
            for feed, outcome, response in self._ask(due, known, tick):
                restated = bool(outcome.fresh) or day_of(outcome.state.restated_at) != day_of(tick)
                if restated:
                    outcome = replace(outcome, state=msgspec.structs.replace(outcome.state, restated_at=tick))
                known[feed.url] = outcome.state
                yield from emit(feed, outcome, response, tick, step, restated)
        if due or strangers:
            states.write(FeedStates(feeds=known))

    def _ask(
        self, due: dict[str, Feed], known: dict[str, FeedState], tick: float
    ) -> Iterator[tuple[Feed, Outcome, Response | None]]:
        step = self._step
        # The budget is half a heartbeat: polls end a heartbeat after their tick, pages two (they wait for its window).
        left = time_left(step.budget, tick + 2 * (step.budget or 0), time.time())
        requests = []
        for feed in due.values():
            if feed.problem:
                yield feed, bad_line(feed, tick), None
            else:
                requests.append(request_for(feed, known[feed.url]))
        for request, response in Fetcher.shared(step.limits).fetch(requests, left):
            feed = due[request.key]
            if response is not None:
                state, digest = known[feed.url], body_hash(response)
                parsed = None
                if needs_parse(state, digest):
                    parsed = parse_feed(response.body, response.headers, response.url, feed, tick)
                yield feed, after_poll(feed, state, response, digest, parsed, tick, step.bounds), response


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
        if entry.published is not None and entry.published < tick - step.max_age:
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
    return shard_of(authority(canonical_url(entry.url) or "") if entry.url else authority(entry.feed_url), shards)


def by_shard(feeds: Iterable[Feed], shards: int, host: Callable[[str], str] = authority) -> dict[int, list[Feed]]:
    """Feeds keyed by the shard of their host."""
    grouped: dict[int, list[Feed]] = {}
    for feed in feeds:
        grouped.setdefault(shard_of(host(feed.url), shards), []).append(feed)
    return grouped
