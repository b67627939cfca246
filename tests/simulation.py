"""A world of feeds over two days, and a process that polls it on a clock of our own, to be killed at any moment.

The process runs the real steps (poll, drop what is seen, commit, log) on the real tables, tick by tick; only the network
and the pages are played. It keeps its state from tick to tick as a stream does, and drops it now and then as
cron does. ``python -m tests.simulation OUTPUT SEED`` answers each line ``FIRST LAST STOP`` on its standard input with a
forked process that goes through these ticks and says each as it begins; in tick ``STOP`` it waits for one more line.
"""

from __future__ import annotations

import email.utils
import hashlib
import os
import random
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from schemas.records import Entry, Feed, FeedTurn, LogRow, Turn
from tests.samples import DAY, an_article, parts_of
from transforms import parsefeeds, poll
from transforms.commit import Unit, commit
from transforms.fetch import Request, Response
from transforms.held import Ids
from transforms.parse import Hints, Parsed
from transforms.schedule import Bounds
from transforms.seen import DropSeen, _DropSeenDoFn
from transforms.storage import LocalStorage, Storage
from transforms.tables import _WriteLogDoFn

START = 1_536_624_000.0  # Tuesday 11 September 2018, 00:00 UTC
EVERY = 600.0  # seconds between ticks
TICKS = int(2 * DAY / EVERY)
HOUR = 3600.0


def moment(tick: int) -> float:
    return START + tick * EVERY


@dataclass
class Played:
    """One feed of the world: what it has to say at any time, the same whenever it is asked for that time."""

    name: str
    news: list[float] = field(default_factory=list)  # when its entries came, in seconds from the start
    holds: int = 60
    etag: str = "good"  # good, fixed, none
    modified: str = "good"  # good, fixed, none
    never_modified: bool = False  # 304 to whoever asks with a condition
    headers: dict[str, str] = field(default_factory=dict)
    channel: str = ""
    hints: Hints = field(default_factory=Hints)  # what the channel says
    fails: list[tuple[float, float, Any]] = field(default_factory=list)  # hours from, to: a status, problem or body
    permanent: str | None = None  # where a permanent redirect leads
    edits: bool = False  # each title changes three hours after it came

    @property
    def url(self) -> str:
        return f"http://{self.name}.example/rss"

    def titles(self, at: float) -> dict[str, str]:
        """The links and titles that the feed has ever held by then."""
        since = at - START
        return {
            f"http://{self.name}.example/{n}": f"Shelling {n} in Idlib" + (" (updated)" if self.edits and since - t > 3 * HOUR else "")
            for n, t in enumerate(self.news) if t <= since
        }  # fmt: skip

    def body(self, at: float) -> bytes:
        dates = dict(zip((f"http://{self.name}.example/{n}" for n in range(len(self.news))), self.news, strict=True))
        items = [
            f"<item><title>{title}</title><link>{url}</link>"
            f"<pubDate>{email.utils.formatdate(START + dates[url], usegmt=True)}</pubDate></item>"
            for url, title in list(self.titles(at).items())[-self.holds :]
        ]
        return f"<rss version='2.0'><channel><title>{self.name}</title>{self.channel}{''.join(items[::-1])}</channel></rss>".encode()  # fmt: skip

    def answer(self, request: Request, at: float) -> Response:
        hours = (at - START) / HOUR
        url = self.permanent or request.url
        moved = {"permanent_url": self.permanent if self.permanent != request.url else None}
        body, status = self.body(at), 200
        for begin, end, what in self.fails:
            if begin <= hours < end:
                if isinstance(what, str):
                    return Response(request.url, problem=what)
                if isinstance(what, int):
                    return Response(url, what, self.headers, **moved)
                body, status = what, 200
        digest = hashlib.blake2b(body, digest_size=6).hexdigest()
        last = max((t for t in self.news if START + t <= at), default=0.0)
        validators = {
            "etag": {"good": f'"{digest}"', "fixed": '"fixed"'}.get(self.etag),
            "last-modified": {
                "good": email.utils.formatdate(START + last, usegmt=True), "fixed": "Mon, 10 Sep 2018 00:00:00 GMT",
            }.get(self.modified),
        }  # fmt: skip
        sent = {k: v for k, v in validators.items() if v} | self.headers
        match, since = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
        conditional = bool(match or since)
        same = match == validators["etag"] if match else bool(since) and since == validators["last-modified"]
        if conditional and (same or self.never_modified):
            return Response(url, 304, sent, **moved)
        return Response(url, status, sent, body, **moved)


def world(seed: int) -> dict[str, Played]:
    """The feeds of the world, by name."""
    chance = random.Random(seed)

    def every(seconds: float) -> list[float]:
        """Three entries of before, and then news at random, so often on average."""
        at, found = 0.0, [-3 * HOUR, -2 * HOUR, -HOUR]
        while (at := at + chance.expovariate(1 / seconds)) < 2 * DAY - HOUR:
            found.append(at)
        return found

    hours = ["".join(f"<hour>{h}</hour>" for h in range(n)) for n in (6, 24)]
    feeds = [
        *(Played(f"pace{n}", every(gap * 60)) for n, gap in enumerate((10, 30, 60, 180, 360, 720, 1440))),
        Played("silent", [-5 * DAY]), Played("empty"), Played("dates-only", every(HOUR), etag="none"),
        Played("tags-only", every(HOUR), modified="none"), Played("bare", every(HOUR), etag="none", modified="none"),
        Played("edits", every(2 * HOUR), edits=True),
        Played("ttl60", every(600), channel="<ttl>60</ttl>", hints=Hints(ttl=3600)), Played("ttl360", every(HOUR), channel="<ttl>360</ttl>", hints=Hints(ttl=21_600)),
        Played("max-age", every(HOUR), headers={"cache-control": "max-age=7200"}),
        Played("retry", every(HOUR), headers={"retry-after": "5000"}, fails=[(3, 9, 429), (20, 22, 503)]),
        Played("absurd", every(3 * HOUR), headers={"retry-after": "1" + "0" * 18, "cache-control": "max-age=" + "9" * 30}),
        Played("skips", every(HOUR), channel=f"<skipHours>{hours[0]}</skipHours>", hints=Hints(skip_hours=tuple(range(6)))),
        Played("skips-all", every(HOUR), channel=f"<skipHours>{hours[1]}</skipHours>", hints=Hints(skip_hours=tuple(range(24)))),
        Played("liar", every(HOUR), etag="fixed"), Played("old-liar", every(HOUR), etag="none", modified="fixed"),
        Played("stubborn", every(2 * HOUR), etag="fixed", never_modified=True),
        Played("moved", every(HOUR), permanent="http://elsewhere.example/rss"),
        Played("secure", every(HOUR), permanent="https://secure.example/rss"),
        Played("gone", every(HOUR), fails=[(14, 99, 410)]), Played("dead", fails=[(0, 99, "dns_error")]),
        Played("ill", every(HOUR), fails=[(10, 20, "timeout")]), Played("lost", every(HOUR), fails=[(8, 15, 404)]),
        Played("notice", every(HOUR), fails=[(6, 12, b"<html>Back soon</html>")]),
        Played("flaps", every(HOUR), fails=[(h / 2, h / 2 + 0.2, 500) for h in range(1, 90, 3)]),
    ]  # fmt: skip
    return {feed.name: feed for feed in feeds}


class PlayedFetcher:
    """Answers from the world, and notes who was asked, when, and upon what conditions, before it answers."""

    def __init__(self, seed: int, log: str) -> None:
        self._world = {urlsplit(f.url).hostname: f for f in world(seed).values()}
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.now = 0.0

    def fetch(self, requests: Iterable[Request], _: float | None = None) -> Iterator[tuple[Request, Response | None]]:
        for request in requests:
            conditions = [request.headers.get(h, "-") for h in ("If-None-Match", "If-Modified-Since")]
            line = "\t".join([repr(self.now), request.key, request.url, *conditions])
            os.write(self._log, (line + "\n").encode())
            yield request, self._world[urlsplit(request.key).hostname].answer(request, self.now)


class Kept:
    """Keyed state, as a runner would keep it."""

    def __init__(self) -> None:
        self.value: Any = None

    def read(self) -> Any:
        return self.value

    def write(self, value: Any) -> None:
        self.value = value


class Collector:
    """The graph from feeds to tables, driven by hand; its pages are what their entries say."""

    def __init__(self, output: str, seed: int, forced_since: float | None = None) -> None:
        self._storage, self._ids = Storage.at(output), Ids(Storage.at(output))
        step = poll.PollFeeds(output, None, Bounds(), 30 * DAY, 1, forced_since=forced_since)  # type: ignore[arg-type]
        self._poll, self._drop = poll._PollDoFn(step), _DropSeenDoFn(DropSeen(output, 30 * DAY, 1))
        self._log, self._feeds_kept, self._seen_kept = _WriteLogDoFn(output), Kept(), Kept()
        self._feeds = [Feed(url=f.url, outlet=f.name) for f in world(seed).values()]
        self._feeds.append(Feed(url="nonsense", problem="no URL"))

    def turn(self, at: float) -> None:
        """All that one tick does, in the order in which the graph does it."""
        entries: list[Entry] = []
        rows: list[LogRow] = []
        for made in self._poll.process(("0", FeedTurn(tick=at, feeds=self._feeds)), self._feeds_kept):
            tag = getattr(made, "tag", None)
            if tag is None:
                entries += made[1].entries
            else:
                rows.append(LogRow(poll=made.value) if tag == "polls" else LogRow(reject=made.value))
        chosen = [
            entry
            for _, turn in self._drop.process(("0", Turn(tick=at, entries=entries)), self._seen_kept)
            for entry in turn.entries
        ]
        articles = [
            an_article(e.article_id, text=f"{e.title}. It was said in Jisr al-Shughur.", title=e.title, url=e.url,
                       canonical_url=e.canonical_url, feed_url=e.feed_url, collected_at=at, published_at=e.published, entry=e)
            for e in chosen
        ]  # fmt: skip
        parts = [parts_of(a, "Jisr al-Shughur") for a in articles]
        commit(Unit(at, 0, 1), articles, [e for e, _ in parts], [q for _, q in parts], self._storage, self._ids)
        list(self._log.process(("", rows), SimpleNamespace(start=at)))


def tell_hints(seed: int) -> None:
    """Let the poll know what documents ask for, parsed in this process: whoever reads it out of them has tests of
    his own."""
    parse, hints = parsefeeds.parse_feed, {f.url: f.hints for f in world(seed).values()}

    def told(body: bytes, headers: Mapping[str, str], url: str, feed: Feed, at: float, **more: Any) -> Parsed:
        return replace(parse(body, headers, url, feed, at, **more), hints=hints[feed.url])

    parsefeeds.parse_feed = told
    parsefeeds.cores = lambda: 1


def go(output: str, seed: int, first: int, last: int, stop: int) -> None:
    """The ticks from ``first`` to before ``last``; a negative ``last`` is one tick in which all is polled."""
    tell_hints(seed)
    fetcher = PlayedFetcher(seed, os.path.join(output, "asked.tsv"))
    poll.Fetcher.shared = classmethod(lambda *_: fetcher)  # type: ignore[method-assign,assignment]
    from transforms.commit import sweep

    sweep(LocalStorage(output))
    if last < 0:
        fetcher.now = moment(first)
        Collector(output, seed, fetcher.now).turn(fetcher.now)
    for tick in range(first, last):
        if tick == first or tick % 36 == 0:  # a fresh start, as cron makes them
            collector = Collector(output, seed)
        os.write(1, f"tick {tick}\n".encode())
        if tick == stop:
            os.read(0, 3)
        fetcher.now = moment(tick)
        collector.turn(fetcher.now)
    os.write(1, b"done\n")


def main() -> None:
    output, seed = sys.argv[1], int(sys.argv[2])
    for line in sys.stdin:
        first, last, stop = map(int, line.split())
        child = os.fork()
        if not child:
            status = 1
            try:
                go(output, seed, first, last, stop)
                status = 0
            finally:
                os._exit(status)
        os.write(1, f"pid {child}\n".encode())
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(1, f"ended {ended}\n".encode())


if __name__ == "__main__":
    main()
