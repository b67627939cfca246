"""Fetching the pages of entries that may matter, politely and for as long as they are owed.

``after_page`` is the decision (what a response means for a page, and when to ask again).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import msgspec
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from schemas.records import Entry, Owed, OwedPages, Page, Reject, Turn
from transforms.coders import RecordCoder, typed
from transforms.count import count, timed
from transforms.fetch import NOT_ASKED, Fetcher, Limits, Request, Response, authority, charset_of, time_left
from transforms.httptime import retry_after
from transforms.memory import Memory
from transforms.poll import page_shard, rejected
from transforms.storage import Storage

GIVE_UP_AFTER = 48 * 3600.0  # seconds after the first failure
WAIT_AT_MOST = 7 * 24 * 3600.0  # seconds for a turn: longer, and there will be none
FIRST_RETRY = 60.0
MAX_RETRY = 6 * 3600.0
WHOLE_ARTICLE = 150  # words: a feed's content of this length, with no sign of a cut, is the article
_CUT_SIGNS = (
    "…",
    "...",
    "[…]",
    "[...]",
    "read more",
    "continue reading",
    "lire la suite",
    "devamı",
    "المزيد",
)
# Refused for good: what asking again will not change. 408, 425 and 429 pass, as do all of 5xx.
_PASSING = frozenset({408, 425, 429})
_FOR_GOOD = frozenset({"too_large", "too_many_redirects", "bad_redirect", "robots_disallowed"})
# Said of the host: the page itself was not asked for, which is no attempt.
_NOT_ASKED = NOT_ASKED | {"robots_disallowed", "robots_unreachable"}
_NO_FAILURE = frozenset({"new", "waiting"})
ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True)
class PageOutcome:
    """Exactly one of the three: a page, a debt (with the reject row that records it), or nothing owed."""

    page: Page | None = None
    owed: Owed | None = None
    reject: Reject | None = None


def after_page(debt: Owed, response: Response, tick: float) -> PageOutcome:
    """What ``response`` means for a page that is owed, at ``tick``."""
    entry, attempts = debt.entry, debt.attempts + (response.problem not in _NOT_ASKED)
    status, error = response.status or 0, response.error
    if response.problem is None and 200 <= status < 300:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind and "html" not in kind and kind not in {"text/plain", "application/xml"}:
            return _refused(entry, "not_html", kind, attempts, response, tick)
        page = Page(
            entry=entry,
            url=response.url,
            html=response.body,
            charset=charset_of(response.headers.get("content-type", "")) or None,
            attempts=attempts,
            collected_at=tick,
            was_owed=debt.first_at < tick,
        )
        return PageOutcome(page=page)
    reason = response.problem or {4: "http_4xx", 5: "http_5xx"}.get(status // 100, "http_other")
    error = error or (f"status {status}" if status else None)
    if reason in _FOR_GOOD or (reason in {"http_4xx", "http_other"} and status not in _PASSING):
        return _refused(entry, reason, error, attempts, response, tick)
    return put_off(debt, reason, error, attempts, tick, _asked(response, tick))


def _asked(response: Response, tick: float) -> float | None:
    """Seconds from ``tick`` for which the answer asks to be left alone."""
    wait = retry_after(response.headers.get("retry-after"), tick + response.after)
    return None if wait is None else wait + response.after


def put_off(
    debt: Owed, reason: str, error: str | None, attempts: int, tick: float, asked: float | None = None
) -> PageOutcome:
    """The page stays owed: again after a minute, then ever later, until 48 hours are over.

    One that ``waiting`` for its turn kept from being asked for is due at once, and given up after a week; its 48 hours
    begin with its first failure.
    """
    failed_at = debt.failed_at
    if reason != "waiting" and not failed_at:
        failed_at = tick if debt.attempts == 0 and debt.reason in _NO_FAILURE else debt.first_at
    age = tick - (debt.first_at if reason == "waiting" else failed_at)
    if age >= (WAIT_AT_MOST if reason == "waiting" else GIVE_UP_AFTER):
        final = rejected(
            debt.entry,
            "fetch",
            "gave_up",
            tick,
            error=error or reason,
            attempts=attempts,
            first_at=debt.first_at,
        )
        return PageOutcome(reject=final)
    due = tick + max(_pause(reason, attempts, age), asked or 0.0)
    owed = Owed(
        entry=debt.entry, attempts=attempts, due=due, first_at=debt.first_at, reason=reason, failed_at=failed_at
    )
    row = rejected(
        debt.entry, "fetch", reason, tick,
        error=error, attempts=attempts, retryable=True, due=due, first_at=debt.first_at,
    )  # fmt: skip
    return PageOutcome(owed=owed, reject=row)


def _pause(reason: str, attempts: int, age: float) -> float:
    """Seconds until a page is due again; what was not asked for waits the longer, the longer it does (a row each
    minute for each of a host's pages would fill the tables)."""
    if reason == "waiting":
        return 0.0
    tried: float = FIRST_RETRY * 2 ** min(max(attempts - 1, 0), 20)
    return min(max(tried, age / 2 if reason in _NOT_ASKED else 0.0), MAX_RETRY)


def in_turns(due: list[Owed]) -> list[Owed]:
    """One page of each host, then a second of each: first come, first served within a host, and a slow host
    with many pages takes no more of a tick's places than any other."""
    by_host: dict[str, int] = {}
    turns = []
    for debt in sorted(due, key=lambda d: (d.first_at, d.entry.article_id)):
        host = authority(debt.entry.url or "")
        by_host[host] = turn = by_host.get(host, -1) + 1
        turns.append((turn, debt))
    return [debt for _, debt in sorted(turns, key=lambda t: t[0])]


def _refused(
    entry: Entry, reason: str, error: str | None, attempts: int, response: Response, tick: float
) -> PageOutcome:
    """Refused for good: the feed's own text may stand in; what is enough of it is decided where text is made."""
    said = f"{reason}: {error}" if error else reason
    page = Page(
        entry=entry,
        url=response.url,
        html=None,
        charset=None,
        attempts=attempts,
        refused=said,
        collected_at=tick,
    )
    return PageOutcome(page=page)


def whole_in_feed(entry: Entry) -> bool:
    """Whether the feed carries the whole article, so that its page need not be asked for.

    An undated entry's page is asked for all the same: it may know the day. So is another site's: it knows its title.
    """
    if entry.url is None:
        return True
    if entry.published is None or entry.foreign:
        return False
    return len(entry.content.split()) >= WHOLE_ARTICLE and not ends_cut(entry.content)


def ends_cut(text: str) -> bool:
    """Whether a feed's text ends as those do that go on elsewhere."""
    return text.rstrip().lower().endswith(_CUT_SIGNS)


@dataclass
class FetchPages(beam.PTransform[Any, Any]):
    """(shard, Turn) to Page, as they come; tagged ``rejects``.

    State keeps what is owed: pages that failed in passing, and those that did not get their turn among
    the ``most`` pages and within the ``budget`` seconds of a tick.
    """

    output: str
    limits: Limits
    max_age: float
    shards: int
    delay: float
    budget: float
    most: int | None = None
    forced_since: float | None = None
    host_budget: float | None = None  # seconds of a tick for one host: many pages that hang hold up no other
    replayed: bool = False  # the entries are rejects, run again: of what is owed nothing else is asked for

    def expand(self, turns: Any) -> Any:
        outputs = turns | "Fetch" >> beam.ParDo(_FetchDoFn(self)).with_outputs("rejects", main="pages")
        return typed(outputs, pages=Page, rejects=Reject)


class _FetchDoFn(beam.DoFn):
    STATE = ReadModifyWriteStateSpec("owed", RecordCoder(OwedPages))

    def __init__(self, step: FetchPages) -> None:
        self._step = step
        self._memory: list[Owed] | None = None

    def process(self, element: tuple[str, Turn], state: Any = beam.DoFn.StateParam(STATE)) -> Iterator[Any]:
        shard, turn = element
        step, tick = self._step, turn.tick
        stored = state.read()
        debts = dict(stored.pages) if stored is not None else self._remember(shard, turn)
        fresh: set[str] = set()
        for entry in turn.entries:
            if whole_in_feed(entry):
                owed = debts.pop(entry.article_id, None) is not None or step.replayed
                count("fetch", "whole_in_feed")
                yield Page(
                    entry=entry, url=entry.url or "", html=None, charset=None,
                    attempts=0, collected_at=tick, was_owed=owed,
                )  # fmt: skip
            else:
                fresh.add(entry.article_id)
                old = debts.get(entry.article_id)
                debts[entry.article_id] = Owed(
                    entry=entry, attempts=old.attempts if old else 0, due=tick, first_at=old.first_at if old else tick,
                    reason=old.reason if old else "new", failed_at=old.failed_at if old else 0.0,
                )  # fmt: skip
        due = in_turns([d for d in debts.values() if d.due <= tick])
        with timed("fetch pages"):
            for debt, outcome in self._ask(due[: step.most], due[step.most or len(due) :], tick):
                name = debt.entry.article_id
                if outcome.owed is None:
                    debts.pop(name, None)
                else:
                    debts[name] = outcome.owed
                if outcome.page is not None:
                    count("fetch", "refused" if outcome.page.refused else "page")
                    owed = outcome.page.was_owed or step.replayed
                    yield msgspec.structs.replace(outcome.page, was_owed=owed)
                # A page that still waits is in the tables already, unless this tick brought it.
                if outcome.reject is not None and (outcome.reject.reason != "waiting" or name in fresh):
                    count("fetch", outcome.reject.reason)
                    yield TaggedOutput("rejects", outcome.reject)
        if stored is None or debts != stored.pages:
            state.write(OwedPages(pages=debts))

    def _ask(self, due: list[Owed], later: list[Owed], tick: float) -> Iterator[tuple[Owed, PageOutcome]]:
        step = self._step
        for debt in later:
            yield debt, put_off(debt, "waiting", None, debt.attempts, tick)
        by_name = {d.entry.article_id: d for d in due}
        # Only a stream's ticks can be late.
        left = step.budget if step.most is None else time_left(step.budget, tick + 4 * step.budget, time.time())
        requests = [
            Request(name, d.entry.url or "", {"Accept": ACCEPT}, step.delay, page=True) for name, d in by_name.items()
        ]
        for request, response in Fetcher.shared(step.limits).fetch(requests, left, host_budget=step.host_budget):
            debt = by_name[request.key]
            if response is None:
                yield debt, put_off(debt, "waiting", None, debt.attempts, tick)
            else:
                yield debt, after_page(debt, response, tick)

    def _remember(self, shard: str, turn: Turn) -> dict[str, Owed]:
        tick = turn.tick
        if self._memory is None:
            with timed("read memory"):
                self._memory = Memory(Storage.at(self._step.output), self._step.max_age, tick).owed()
        mine = [d for d in self._memory if str(page_shard(d.entry, self._step.shards)) == shard]
        if self._step.replayed:
            asked = {entry.article_id for entry in turn.entries}
            mine = [d for d in mine if d.entry.article_id in asked]
        if self._step.forced_since is not None:  # --force asks for what is owed, due or not
            mine = [msgspec.structs.replace(d, due=tick) for d in mine]
        return {d.entry.article_id: d for d in mine}
