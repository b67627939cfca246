"""What an answer to a poll means: the decision, as a pure function of history and response.

``after_poll`` touches nothing and takes no time: what is heavy (hashing, parsing) is handed in. When to come back is in
``transforms.schedule``, validators in ``transforms.validators``, redirects in ``transforms.moves``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import msgspec

from schemas.records import NEVER, Entry, Feed, FeedState, Reject
from transforms import moves, schedule, validators
from transforms.exchange import NOT_ASKED
from transforms.fetch import Response
from transforms.parse import Parsed
from transforms.schedule import Bounds

MAX_REMEMBERED = 4_000  # entries that stood behind the cut of a feed that is cut each time
_NOT_ASKED = NOT_ASKED | {"private_address"}
_SAYS_NOTHING = frozenset({408, 425, 429})  # of what stands at the address


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


def body_hash(response: Response) -> str | None:
    """What tells whether a body is the one of last time; None where there is none to be read as a feed."""
    if response.problem or not 200 <= (response.status or 0) < 300:
        return None
    return hashlib.blake2b(response.body, digest_size=8).hexdigest()


def needs_parse(state: FeedState, digest: str | None) -> bool:
    """Whether the body with that ``body_hash`` must be parsed before the decision: only another than last time."""
    return digest is not None and digest != state.body_hash


def after_poll(
    feed: Feed,
    state: FeedState,
    response: Response,
    digest: str | None,
    parsed: Parsed | None,
    tick: float,
    bounds: Bounds,
    others: Collection[str] = frozenset(),
) -> Outcome:
    """The decision: what ``response`` to a poll at ``tick`` means, and when to come back.

    ``digest`` is its ``body_hash``; ``parsed`` is what its body holds, None where ``needs_parse`` says that nobody
    need look. ``others`` are the addresses of other feeds, which this one never takes over.
    """
    asked = schedule.wishes(response, tick, bounds.shortest)
    conditional = bool(validators.headers(state, tick))
    if digest is None and (response.problem or response.status != 304):
        return _failed(feed, state, response, _failure(response), asked, tick, bounds)
    if digest is None and not conditional:
        return _failed(feed, state, response, "unasked_304", asked, tick, bounds)
    if parsed is not None and parsed.problem == "not_a_feed":
        return _failed(feed, state, response, "not_a_feed", asked, tick, bounds, parsed.error)
    was = state
    state, said = moves.after_answer(feed, state, response, tick, others)
    state = msgspec.structs.replace(
        state, polled_at=tick, succeeded_at=tick, failures=0, failing_since=None, gone=False
    )
    if digest is None or parsed is None:
        held = len(state.seen)
        if digest is not None:
            whole = validators.answered(state, response, tick, conditional)
            if not state.etag and not state.modified:  # the same bytes as those of a feed that was cut, it may be
                whole = msgspec.structs.replace(whole, etag=None, modified=None)
            state = validators.watched(whole, was, (), conditional)
        state = schedule.learn(state, 0, held, tick, bounds)
        state = schedule.due_after_success(feed.url, state, asked, tick, bounds)
        if digest is None:
            return Outcome("not_modified", state, [], error=said)
        return Outcome("unchanged", state, [], held, held, error=said)
    fresh: list[Entry] = []
    known: set[str] = set()
    for entry in parsed.entries:
        before = state.seen.get(entry.article_id)
        if before != entry.fingerprint and entry.article_id not in known:
            fresh.append(msgspec.structs.replace(entry, known=before is not None))
        known.add(entry.article_id)
    seen = {e.article_id: e.fingerprint for e in reversed(parsed.entries)}
    if parsed.problem == "truncated":  # what stood behind the cut is not gone
        seen = {**_latest(state.seen, seen), **seen}
        state = validators.answered(state, response, tick, conditional)
        if parsed.broke_off:  # and the bytes are not to be trusted
            state = msgspec.structs.replace(state, etag=None, modified=None)
    else:
        lied = state.lied or validators.shown_to_lie(state, response, seen)
        state = validators.answered(msgspec.structs.replace(state, lied=lied), response, tick, conditional)
    new = [e for e in fresh if not e.known]
    state = validators.watched(state, was, (e.published for e in new), conditional)
    state = schedule.hinted(msgspec.structs.replace(state, body_hash=digest, seen=seen), parsed.hints)
    state = schedule.learn(state, len(new), len(known), tick, bounds)
    return Outcome(
        parsed.problem or "ok",
        schedule.due_after_success(feed.url, state, asked, tick, bounds),
        fresh,
        len(parsed.entries) + len(parsed.rejects),
        len(parsed.entries) - len(fresh),
        tuple(parsed.rejects),
        _joined(parsed.error, said),
    )


def _latest(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What is still remembered of earlier answers, less what this one holds: the last ``MAX_REMEMBERED``."""
    return dict([pair for pair in before.items() if pair[0] not in now][-MAX_REMEMBERED:])


def _failure(response: Response) -> str:
    return response.problem or {4: "http_4xx", 5: "http_5xx"}.get((response.status or 0) // 100, "http_other")


def _failed(
    feed: Feed,
    state: FeedState,
    response: Response,
    reason: str,
    asked: Mapping[str, float],
    tick: float,
    bounds: Bounds,
    error: str | None = None,
) -> Outcome:
    """Nothing dies of a failure but by 410, and nothing that was known is forgotten for one."""
    error = error or response.error
    if moves.is_look(state, tick):  # the list's old address is dead; the feed lives on at its new one
        state = msgspec.structs.replace(state, polled_at=tick, listed_at=tick)
        said = f"the list's own address; the feed is asked at {state.taken_url}"
        return Outcome(reason, schedule.due_soon(feed.url, state, tick, bounds), [], error=_joined(error, said))
    if reason in _NOT_ASKED:  # no reason to wait longer
        missed = int(reason == "private_address")
        since = state.failing_since or (tick if missed else None)
        state = msgspec.structs.replace(state, polled_at=tick, failures=state.failures + missed, failing_since=since)
        return Outcome(reason, schedule.due_soon(feed.url, state, tick, bounds, asked), [], error=error)
    state = msgspec.structs.replace(
        state, polled_at=tick, failures=state.failures + 1, failing_since=state.failing_since or tick
    )
    withdrawn = response.problem is None and response.status == 410
    if withdrawn and state.taken_url is None:
        return Outcome("gone", msgspec.structs.replace(state, gone=True, due=NEVER, because="gone"), [])
    absent = reason == "http_4xx" and response.status not in _SAYS_NOTHING
    moved = moves.after_failure(state, absent or reason == "not_a_feed", withdrawn)
    state = schedule.due_after_failure(feed.url, moved.state, reason, asked, tick, bounds)
    return Outcome(reason, state, [], error=_joined(error, moved.said))


def bad_line(feed: Feed, tick: float) -> Outcome:
    """The outcome of a line of the feed list that cannot be polled."""
    state = FeedState(polled_at=tick, due=NEVER, gone=True, because="gone")
    return Outcome("bad_url", state, [], error=feed.problem)


def _joined(error: str | None, said: str | None) -> str | None:
    return f"{error}; {said}" if error and said else error or said
