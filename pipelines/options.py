"""The options of ``collect``: one place for names, units and defaults. Beam is not imported here."""

from __future__ import annotations

import argparse
import re
import time
from dataclasses import dataclass, field
from typing import Any, NoReturn

from schemas.errors import UserError

VERSION = "0.1.0"
USER_AGENT = f"idlib-watch/{VERSION} (feed reader for news research; no contact given)"
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
ONCE_PAGE_BUDGET = 900.0  # seconds a single run spends on pages at the most; the rest stays owed
PAGES_A_SECOND = 5  # that one core fetches, extracts and annotates, with room to spare
LOCAL_RUNNERS = ("DirectRunner", "FnApiRunner", "PrismRunner")


@dataclass(frozen=True)
class Settings:
    """What the user asked for, checked. Times in seconds."""

    feeds: str | None
    output: str
    topic: str = "syria"
    streaming: bool = False
    poll_interval: float = 600.0
    commit_interval: float = 60.0
    max_age: float = 30 * 86_400.0
    shards: int = 1
    output_shards: int = 1
    annotators: int = 1
    page_delay: float = 1.0
    timeout: float = 30.0
    max_bytes: int = 8 << 20
    user_agent: str = USER_AGENT
    allow_private: tuple[str, ...] = ()
    force: bool = False
    runner: str = ""
    prism_location: str = ""
    beam: tuple[str, ...] = ()  # what is passed through
    max_poll_interval: float = 86_400.0
    once_poll_budget: float = 600.0
    start: float = field(default_factory=time.time)
    host_budget: float = 300.0  # of a run's pages, for those of one host
    max_redirects: int = 8
    proxy: str = field(default="", repr=False)  # may hold a password
    max_revisions: int = 25
    max_text: int = 100_000
    max_entries: int = 2_000

    @property
    def heartbeat(self) -> float:
        from transforms.ticks import heartbeat

        return heartbeat(self.commit_interval)

    @property
    def helpers(self) -> int:
        """Processes that parse beside the one that runs the graph; a stream's trickle needs none."""
        return 0 if self.streaming else self.annotators - 1

    @property
    def poll_budget(self) -> float | None:
        """Seconds of a tick for one shard's feeds: half a heartbeat in a stream, so that ticks do not pile up."""
        return self.heartbeat / 2 if self.streaming else self.once_poll_budget

    @property
    def page_budget(self) -> float:
        return self.heartbeat / 2 if self.streaming else ONCE_PAGE_BUDGET

    @property
    def page_most(self) -> int | None:
        """Pages of a tick in a stream, per shard: what a core can annotate meanwhile, so that no row is late."""
        return max(4, int(self.heartbeat * PAGES_A_SECOND)) if self.streaming else None

    @property
    def forced_since(self) -> float | None:
        return self.start if self.force else None

    @property
    def bounds(self) -> Any:
        from transforms.schedule import Bounds

        return Bounds(self.poll_interval, self.max_poll_interval, cron=not self.streaming)

    @property
    def limits(self) -> Any:
        from transforms.fetch import Limits

        return Limits(self.timeout, self.max_bytes, self.user_agent, self.allow_private, self.max_redirects, self.proxy)


def duration(text: str) -> float:
    """Seconds of ``15m``, ``60s``, ``2h``, ``30d`` or plain seconds; raises ``argparse.ArgumentTypeError``."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhdw]?)", text.strip().lower())
    if not found or float(found[1]) * _UNITS[found[2]] > 1e11:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration; write 15m, 60s, 2h, 30d or plain seconds")
    return float(found[1]) * _UNITS[found[2]]


def positive_duration(text: str) -> float:
    """As ``duration``, above zero."""
    seconds = duration(text)
    if seconds < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is too short; at least 1s")
    return seconds


def count(text: str) -> int:
    """A whole number from 1 to 100,000."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:12]) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to 100000")
    return int(text)


def size(text: str) -> int:
    """Bytes of ``8M``, ``512K`` or a plain number."""
    found = re.fullmatch(r"(\d{1,9})([kKmM]?)", text)
    if not found or int(found[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write 8M, 512K or bytes")
    return int(found[1]) << {"": 0, "k": 10, "m": 20}[found[2].lower()]


def contact(text: str) -> str:
    """An address for those whose servers we ask: a mail address or an http(s) URL."""
    mail = re.fullmatch(r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}", text)
    url = re.fullmatch(r"https?://[A-Za-z0-9.-]{1,253}(:\d{1,5})?(/[!#-'*-;=?-Z_a-z~]*)?", text)
    if len(text) > 200 or not (mail or url):
        raise argparse.ArgumentTypeError(
            f"{text!a} is neither a mail address nor an http(s) URL in plain ASCII; write desk@news.example or "
            "https://news.example/bot"
        )
    return text


def introduction(user_agent: str, contact: str | None) -> str:
    """The User-Agent of every request; ``UserError`` where it cannot be one."""
    if any(c in user_agent for c in "\r\n") or not user_agent.strip() or not user_agent.isascii():
        raise UserError("--user_agent: one line of plain ASCII is needed")
    if not user_agent.isprintable():
        raise UserError("--user_agent: has a control character in it")
    if contact is None:
        return user_agent
    if user_agent != USER_AGENT:
        raise UserError("--contact goes into our own introduction; with --user_agent name the contact in that")
    return f"idlib-watch/{VERSION} (+{contact})"


def one_form(asked: argparse.Namespace) -> None:
    """Raise ``UserError`` where more than one form of output for programs is asked for."""
    if asked.csv and asked.json:
        raise UserError("--csv and --json: choose one")


class Parser(argparse.ArgumentParser):
    """An argument parser whose mistakes are one line, as every other mistake of the user's is."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message} (idlib-watch {self.prog.split()[-1]} --help lists the options)")


def parser() -> Parser:
    """The parser of ``idlib-watch collect``."""
    made = Parser(
        prog="idlib-watch collect",
        description="Poll feeds, keep what is about the topic, write Parquet tables; once, or --streaming without end.",
        epilog="Every other option is passed to Apache Beam (--runner, --direct_num_workers, ...). "
        "Durations are 15m, 60s, 2h, 30d or plain seconds.",
        allow_abbrev=False,
    )
    add = made.add_argument
    add("--feeds", metavar="FILE", help="OPML, or a URL a line; without it the bundled catalogue (not probed)")
    add("--output", metavar="DIR", required=True, help="folder or gs://bucket/prefix of the tables")
    add("--topic", default="syria", metavar="NAME", help="a bundled topic or a topic file (default: syria)")
    add("--streaming", action="store_true", help="collect without end (Prism, Flink or Dataflow)")
    add(
        "--poll_interval",
        type=positive_duration,
        default=600.0,
        metavar="T",
        help="pause between polls of a feed, at the least (10m)",
    )
    add("--max_poll_interval", type=positive_duration, metavar="T",
        help="pause between polls of a feed that answers, at the most (24h)")  # fmt: skip
    add("--poll_budget", type=positive_duration, default=600.0, metavar="T",
        help="time of a single run for polling; the next run asks first what is left (10m)")  # fmt: skip
    add(
        "--commit_interval",
        type=positive_duration,
        default=60.0,
        metavar="T",
        help="rows become readable this often (60s)",
    )
    add(
        "--max_age",
        type=positive_duration,
        default=30 * 86_400.0,
        metavar="T",
        help="turn away what is older (30d)",
    )
    add("--force", action="store_true", help="poll feeds and owed pages whether they are due or not")
    add("--allow_private", action="append", default=[], metavar="HOST[:PORT]",
        help="open a private or loopback address, otherwise refused; may be repeated")  # fmt: skip
    add(
        "--page_delay",
        type=duration,
        default=1.0,
        metavar="T",
        help="from the start of one page of a host to its next, at least (1s)",
    )
    add(
        "--timeout",
        type=positive_duration,
        default=30.0,
        metavar="T",
        help="time of one request, in all (30s)",
    )
    add(
        "--host_budget",
        type=positive_duration,
        default=300.0,
        metavar="T",
        help="time of a run that the pages of one host may take; the others wait for the next run (5m)",
    )
    add("--max_bytes", type=size, default=8 << 20, metavar="N", help="largest body, decompressed (8M)")
    add("--max_entries", type=count, default=2_000, metavar="N",
        help="entries that are taken of one answer of a feed, the newest (2000)")  # fmt: skip
    add("--max_redirects", type=count, default=8, metavar="N", help="redirects that are followed (8)")
    add("--proxy", default="", metavar="URL",
        help="http or https proxy for all requests (those of the environment are not used)")  # fmt: skip
    add(
        "--user_agent",
        default=USER_AGENT,
        metavar="TEXT",
        help="how we introduce ourselves; name a contact in it",
    )
    add("--contact", type=contact, metavar="MAIL|URL", help="where site owners reach you; stands in each request")
    add("--shards", type=count, metavar="N",
        help="shards of hosts that are polled in parallel (1 on local runners, else 16)")  # fmt: skip
    add(
        "--output_shards",
        type=count,
        default=1,
        metavar="N",
        help="shards of articles that are committed in parallel (1)",
    )
    add("--max_text", type=count, default=100_000, metavar="N",
        help="characters of an article's text that are kept, to a whole paragraph (100000, the most)")  # fmt: skip
    add("--max_revisions", type=count, default=25, metavar="N",
        help="revisions of an article that are stored, the first form among them (25)")  # fmt: skip
    add("--annotators", type=count, metavar="N",
        help="processes that run spaCy in a run once on this machine (one for each core, at most 4)")  # fmt: skip
    add(
        "--runner",
        default="",
        metavar="NAME",
        help="Beam runner (once: DirectRunner; streaming: PrismRunner)",
    )
    add("--prism_location", default="", metavar="PATH", help="the Prism binary (make prism builds it)")
    return made


CLIENT = (
    "--allow_private", "--timeout", "--max_bytes", "--max_redirects", "--proxy", "--user_agent", "--contact"
)  # fmt: skip
"""Options of how servers are asked, which other jobs that ask some have too."""


def lend(made: argparse.ArgumentParser) -> None:
    """Give another job's parser the ``CLIENT`` options of ``collect``, as they are there."""
    for action in parser()._actions:
        if action.option_strings and action.option_strings[0] in CLIENT:
            made._add_action(action)


def lent(asked: argparse.Namespace) -> Settings:
    """The settings of a job that has the ``CLIENT`` options alone; raises ``UserError`` on a mistake in them."""
    _check_client(asked)
    return Settings(
        feeds=None, output="", timeout=asked.timeout, max_bytes=asked.max_bytes,
        user_agent=introduction(asked.user_agent, asked.contact), allow_private=tuple(asked.allow_private),
        max_redirects=asked.max_redirects, proxy=asked.proxy,
    )  # fmt: skip


def _check_client(asked: argparse.Namespace) -> None:
    from transforms.guard import Guard
    from transforms.proxy import proxy_of

    Guard.of(asked.allow_private)
    proxy_of(asked.proxy)


def parse(argv: list[str]) -> Settings:
    """The settings of a command line; raises ``UserError`` on a mistake."""
    return checked(*parser().parse_known_args(argv))


def checked(known: argparse.Namespace, beam: list[str]) -> Settings:
    """The settings of what a parser found; raises ``UserError`` on a mistake."""
    stray = [a for i, a in enumerate(beam) if not a.startswith("-") and not (i and beam[i - 1].startswith("--"))]
    if stray:
        raise UserError(f"{stray[0]!r} is not an option (idlib-watch collect --help lists them)")
    _check_client(known)
    if not known.output.strip():
        raise UserError("--output is empty: name a folder or gs://bucket/prefix")
    if known.max_poll_interval is not None and known.max_poll_interval < known.poll_interval:
        raise UserError("--max_poll_interval is shorter than --poll_interval: give it at least the same pause")
    from transforms.helpers import cores

    spread = any(a.startswith("--direct_num_workers") for a in beam)  # Beam's own processes then parse
    runner = known.runner.rpartition(".")[2]
    local = not runner or runner in LOCAL_RUNNERS
    return Settings(
        feeds=known.feeds,
        output=known.output,
        topic=known.topic,
        streaming=known.streaming,
        poll_interval=known.poll_interval,
        commit_interval=known.commit_interval,
        max_age=known.max_age,
        shards=known.shards or (1 if local else 16),
        output_shards=known.output_shards,
        annotators=(known.annotators or (1 if spread else min(4, cores()))) if local else 1,
        page_delay=known.page_delay,
        timeout=known.timeout,
        max_bytes=known.max_bytes,
        user_agent=introduction(known.user_agent, known.contact),
        allow_private=tuple(known.allow_private),
        force=known.force,
        runner=known.runner,
        prism_location=known.prism_location,
        beam=tuple(beam),
        max_poll_interval=known.max_poll_interval or max(86_400.0, known.poll_interval),
        once_poll_budget=known.poll_budget,
        host_budget=known.host_budget,
        max_redirects=known.max_redirects,
        proxy=known.proxy,
        max_revisions=known.max_revisions,
        max_text=known.max_text,
        max_entries=known.max_entries,
    )
