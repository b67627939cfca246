"""robots.txt: what a site lets us ask for, how often, and for how long its answer holds (RFC 9309).

A file's own group for us is picked out here, in one pass; protego reads its rules. (Left to itself protego takes
time quadratic in the number of groups, and ``User-agent: i`` for a prefix of our name.)
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from protego import Protego

if TYPE_CHECKING:
    from transforms.fetch import Response

AGENT = "idlib-watch"  # our product token
MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least as much is to be read; no more is
REDIRECTS = 5  # RFC 9309, 2.3.1.2
LASTS = 24 * 3600.0  # seconds: RFC 9309, 2.4
KEPT = 30 * 24 * 3600.0  # seconds for which rules that were read hold while the file is unreachable: RFC 9309, 2.3.1.4
FIRST_RETRY = 60.0  # seconds until an unreachable file is asked for again; they double
MAX_RETRY = 3600.0
MAX_DELAY = 300.0  # seconds: a longer Crawl-delay counts as this
MAX_LINE = 8 * 2083  # characters, as Google's parser has it; the rest of the line is not read
MAX_RULES = 10_000  # of our group; later ones are not read
MAX_WILD = 2_000  # of these, with * in them: each costs a search of the whole URL
MAX_URL = 2083  # characters that rules are held against

_AGENT_LINE = re.compile(r"user[ -]?agent(?:\s*:|\s)\s*(.*)", re.IGNORECASE | re.DOTALL)
_RULE_LINE = re.compile(r"(?:allow|dis{1,2}al{1,2}[ao]w|diasllow)(?=[\s:])", re.IGNORECASE)
_DELAY_LINE = re.compile(r"crawl[ -]delay(?=[\s:])", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z_-]+|\*")
# Not the file's absence but a fault in passing: nothing may be asked for until it is over.
_UNAVAILABLE = frozenset({"too_many_redirects", "bad_redirect"})


@dataclass(frozen=True)
class Robots:
    """What one authority's robots.txt says to us. Times in seconds on the clock of ``read_robots``' ``now``."""

    expires: float  # ask again from here on
    reachable: bool = True  # False: nothing is known, so nothing is allowed
    delay: float = 0.0  # seconds from the start of one request to the next, 0 where it asks for none
    error: str | None = None  # why it is not reachable
    read_at: float = 0.0  # when these rules were read
    failures: int = 0  # in a row
    size: int = 0  # bytes of the file
    rules: Protego | None = field(default=None, repr=False)  # None: all is allowed

    def allows(self, url: str) -> bool:
        """Whether the page may be asked for; never where the file is unreachable."""
        if not self.reachable:
            return False
        if self.rules is None:
            return True
        try:
            return self.rules.can_fetch(url.partition("#")[0][:MAX_URL], "*")
        except ValueError:  # no URL: whoever asks for it will be told so
            return True


def read_robots(response: Response, agent: str, now: float, before: Robots | None = None) -> Robots:
    """What the answer to a request for robots.txt means to ``agent`` (a product token); never raises.

    2xx is read. 4xx, too many redirects and redirects to nowhere mean that there is no file, and all is allowed.
    5xx, 429 (as Google has it: the site is overloaded) and whatever kept an answer from coming mean *unreachable*:
    nothing is allowed until it is asked again, after a minute, then ever later up to an hour. What was read
    ``before`` goes on to hold meanwhile, for 30 days.
    """
    status = response.status or 0
    found = response.problem is None and 200 <= status < 300
    if found or (response.problem == "too_large" and response.body):
        rules, delay = parse(response.body, agent)
        size = len(response.body) if rules else 0
        return Robots(expires=now + LASTS, delay=delay, read_at=now, size=size, rules=rules)
    if response.problem in _UNAVAILABLE or (response.problem is None and 300 <= status < 500 and status != 429):
        return Robots(expires=now + LASTS, read_at=now)
    failures = before.failures + 1 if before is not None else 1
    retry = now + min(FIRST_RETRY * 2 ** min(failures - 1, 20), MAX_RETRY)
    error = f"robots.txt: {response.problem or f'status {status}'}"
    error += f" ({response.error})" if response.error else ""
    if before is not None and before.reachable and now - before.read_at < KEPT:
        return replace(before, expires=retry, failures=failures, error=error)
    return Robots(expires=retry, reachable=False, error=error, failures=failures)


def parse(body: bytes, agent: str) -> tuple[Protego | None, float]:
    """The rules for ``agent`` (None: no rule is for it) and its Crawl-delay in seconds, at most ``MAX_DELAY``."""
    lines, delay_line = own_group(_text(body).splitlines(), agent)
    if not lines and delay_line is None:
        return None, 0.0
    made = Protego.parse("\n".join(["User-agent: *", *lines, delay_line or ""]))
    return made if lines else None, min(made.crawl_delay("*") or 0.0, MAX_DELAY)


def own_group(lines: Iterable[str], agent: str) -> tuple[list[str], str | None]:
    """The rules of the groups that name ``agent``, else of those for all (``*``), each rule once; and their last
    Crawl-delay line. Groups of the same name are one (RFC 9309, 2.2.1); sitemaps and unknown lines part none."""
    us = agent.lower()
    rules: dict[str, dict[str, None]] = {us: {}, "*": {}}
    delays: dict[str, str] = {}
    wild = dict.fromkeys(rules, 0)
    named: set[str] = set()  # of the two, those that the current group is for
    met: set[str] = set()
    naming = False  # the line before named a group, too
    for line in lines:
        line = line[:MAX_LINE].partition("#")[0].strip()
        found = _AGENT_LINE.fullmatch(line)
        if found:
            token = _TOKEN.match(found[1])
            named = named if naming else set()
            if token and token[0].lower() in rules:
                named = named | {token[0].lower()}
                met |= named
            naming = True
        elif rule := _RULE_LINE.match(line):
            naming = False
            for name in named:
                star = "*" in line[rule.end() :]
                if len(rules[name]) < MAX_RULES and not (star and wild[name] >= MAX_WILD) and line not in rules[name]:
                    rules[name][line] = None
                    wild[name] += star
        elif _DELAY_LINE.match(line):
            naming = False
            delays |= dict.fromkeys(named, line)
    name = us if us in met else "*"
    return list(rules[name]), delays.get(name)


def _text(body: bytes) -> str:
    """RFC 9309 wants UTF-8; a file in UTF-16 says so by its mark, or is read by leaving out its zero bytes."""
    cut = len(body) >= MAX_BYTES
    body = body[:MAX_BYTES]
    utf16 = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = body.decode("utf-16" if utf16 else "utf-8-sig", errors="replace").replace("\0", "")
    if cut:  # half a rule may forbid the whole site
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
    return text
