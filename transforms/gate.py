"""The gate of a host: one request at a time, a pause between two, and patience that ends.

``after_answer`` is the decision: what an answer means for whoever asks that host next. ``Gate.turn`` is how it is
waited for. The unit is the authority (``hosts``): feeds, pages and robots.txt of one go through one gate.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace

from transforms.exchange import Response
from transforms.httptime import retry_after
from transforms.machine import Machine, Turn

UNRESPONSIVE_AFTER = 3  # timeouts in a row before a host's other requests are put off
CLOSED_FOR = 120.0  # seconds for which they are
MAX_PAUSE = 3600.0  # seconds that a host which asks for a pause is left alone in this process, at the most
MAX_TOLD = 30 * 86_400.0  # seconds of it that are told to whoever would ask
DEFAULT_PAUSE = 60.0  # where it names none
WAITED_FOR = 15.0  # a pause that ends so soon is waited for; else what is asked for comes back at once
MAX_DELAY = 300.0  # seconds between two starts, whoever asks for more
PROMISE_HOLDS = 120.0  # seconds after the time at which a page may start: a stream's pages come back within them
LEAST_DELAY = 1.0  # seconds from a feed's start to that of a page which has waited for its delay already
FIRST_SLOW, MAX_SLOW = 1.0, 60.0  # seconds between starts after a host has said that we ask too often
MAX_UNTAKEN = 128 << 20  # bytes of a call's answers that nobody has taken, beyond which nothing further is begun
MAX_HOSTS = 10_000  # that are remembered; a stream meets ever new ones


@dataclass(frozen=True)
class Manners:
    """What a host's answers have taught us. Times on the gate's clock."""

    timeouts: int = 0  # in a row
    closed_until: float = 0.0  # it does not answer
    busy_until: float = 0.0  # it asked for a pause
    slow: float = 0.0  # seconds between two starts, since it said that we ask too often
    told_until: float = 0.0  # the pause that it asked for, to its end


def after_answer(manners: Manners, response: Response, delay: float, now: float, wall: float | None = None) -> Manners:
    """What ``response``, to a request that kept ``delay``, means for the next; ``wall``: the time of day."""
    if response.problem == "timeout":
        timeouts = manners.timeouts + 1
        if timeouts < UNRESPONSIVE_AFTER:
            return replace(manners, timeouts=timeouts)
        # One more timeout after the pause closes it again.
        return replace(manners, timeouts=UNRESPONSIVE_AFTER - 1, closed_until=now + CLOSED_FOR)
    asked = response.headers.get("retry-after")
    if response.problem is None and (response.status == 429 or (response.status == 503 and asked)):
        told = retry_after(asked, time.time() if wall is None else wall, MAX_TOLD)
        told = DEFAULT_PAUSE if told is None else told
        slow = manners.slow
        if response.status == 429:  # we ask too often; a 503 speaks of the server's own trouble
            slow = min(MAX_SLOW, 2 * max(FIRST_SLOW, delay, slow))
        return Manners(busy_until=now + min(told, MAX_PAUSE), slow=slow, told_until=now + told)
    if response.problem is None and (response.status or 500) < 400:
        slow = manners.slow * 0.75
        return replace(manners, timeouts=0, slow=slow if slow > FIRST_SLOW / 2 else 0.0)
    return replace(manners, timeouts=0)


def refusal(manners: Manners, url: str, now: float) -> Response | None:
    """The answer that stands for not asking at all, where the host is to be left alone."""
    if now < manners.closed_until:
        return Response(url, problem="host_unresponsive", error=f"{UNRESPONSIVE_AFTER} timeouts in a row")
    if now + WAITED_FOR < manners.busy_until:
        left = round(max(manners.busy_until, manners.told_until) - now)
        error = f"asked for a pause; {left} seconds of it are left"
        return Response(url, headers={"retry-after": str(left)}, problem="host_busy", error=error)
    return None


@dataclass
class Host:
    """One authority as this process knows it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    pages: asyncio.Lock = field(default_factory=asyncio.Lock)  # of those that wait for their pause; others go first
    waiting: int = 0
    manners: Manners = Manners()
    next_start: float = 0.0
    last_start: float = 0.0
    promised: float = 0.0  # when the page that waits longest may start; 0: none waits

    def wait(self, delay: float, now: float) -> float:
        """Seconds until a request that keeps ``delay`` may start."""
        after = self.last_start + delay if self.last_start else 0.0
        if delay and self.is_promised(now):
            # Feeds that are asked more often than the host's delay would put its pages off for ever.
            after = min(after, max(self.promised, self.last_start + min(delay, LEAST_DELAY)))
        return max(self.next_start, after, self.manners.busy_until) - now

    def is_promised(self, now: float) -> bool:
        """Whether a page waits; one that does not come waits no more."""
        return bool(self.promised) and now - self.promised < PROMISE_HOLDS


@dataclass
class Call:
    """What one call for many requests may spend on each host: ``budget`` seconds from its first start there."""

    budget: float | None = None
    begun: dict[str, float] = field(default_factory=dict)
    holds: int = 0  # bytes of answers that nobody has taken yet
    _room: asyncio.Event = field(default_factory=asyncio.Event)

    def left(self, authority: str, now: float) -> float | None:
        """Seconds that may still be spent, None: without end."""
        return None if self.budget is None else self.begun.get(authority, now) + self.budget - now

    @property
    def is_full(self) -> bool:
        """Whether too many answers are not taken: a thousand bombs of 8 MB would fill any memory."""
        return self.holds > MAX_UNTAKEN

    async def room(self) -> None:
        """Wait while it is full."""
        while self.is_full:
            self._room.clear()
            await self._room.wait()

    def took(self, size: int) -> None:
        """An answer of ``size`` bytes was taken."""
        self.holds -= size
        self._room.set()


class Gate:
    """The gates of all hosts of one process. ``clock`` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float], machine: Machine, slots: int, patience: float) -> None:
        """``slots``: requests under way at once; a quarter of them is for feeds alone, whatever pages hang."""
        self._clock = clock
        self._machine = machine
        self._hosts: dict[str, Host] = {}
        self._slots = asyncio.Semaphore(slots)
        self._pages = asyncio.Semaphore(max(1, slots * 3 // 4))
        self._patience = patience  # seconds for another process of this machine that keeps a host to itself

    @asynccontextmanager
    async def turn(
        self, authority: str, url: str, delay: float, call: Call, robots: bool = False, feed: bool = True
    ) -> AsyncIterator[Response | Host | None]:
        """The turn at ``authority``: a ``Host`` to ask now, a ``Response`` where it is to be left alone, None where
        the call's time for it is over. A page may follow its robots.txt at once."""
        host, delay = self._host(authority), min(delay, MAX_DELAY)
        host.waiting += 1
        shared: Turn | None = None
        try:
            async with host.pages if delay else nullcontext():
                while True:
                    await call.room()
                    async with host.lock:
                        now = self._clock()
                        left = call.left(authority, now)
                        wait = host.wait(delay, now)
                        refused = refusal(host.manners, url, now)
                        if refused is not None:
                            yield refused
                            return
                        if delay and wait > 0 and not host.is_promised(now):
                            host.promised = now + wait
                        if left is not None and (left <= 0 or wait > left):
                            yield None
                            return
                        if wait <= 0:
                            # The place first: who held the host while it waits for one would keep others waiting.
                            async with nullcontext() if feed else self._pages, self._slots:
                                if call.is_full:
                                    continue
                                shared = await self._machine.take(authority, self._patience)
                                wait = 0.0 if shared is None else self._others(host, shared, delay)
                                if shared is None or wait <= 0:
                                    self._start(host, authority, delay, call, shared, robots)
                                    yield host
                                    return
                            shared.release()  # asleep, it lets another process go first
                            shared = None
                    await asyncio.sleep(wait)
        finally:
            host.waiting -= 1
            if shared is not None:
                shared.release()

    def _start(self, host: Host, authority: str, delay: float, call: Call, shared: Turn | None, robots: bool) -> None:
        now = self._clock()
        call.begun.setdefault(authority, now)
        pause = min(MAX_DELAY, max(delay, host.manners.slow))
        host.next_start = max(host.next_start, now + pause)
        if delay:
            host.promised = 0.0
        if not robots:
            host.last_start = now
        if shared is not None:
            here = self._machine.clock()
            shared.started(here + pause if pause else 0.0, shared.times()[1] if robots else here)

    def _others(self, host: Host, shared: Turn, delay: float) -> float:
        """Seconds to wait by what the processes of this machine wrote."""
        now = self._clock()
        kept = min(delay, LEAST_DELAY) if host.is_promised(now) and now >= host.promised else delay
        return seconds(shared, self._machine.clock(), kept)

    def learn(self, host: Host, response: Response, delay: float) -> None:
        host.manners = after_answer(host.manners, response, delay, self._clock())
        host.next_start = max(host.next_start, host.last_start + host.manners.slow)

    def _host(self, authority: str) -> Host:
        host = self._hosts.get(authority)
        if host is None:
            if len(self._hosts) >= MAX_HOSTS:
                now = self._clock()
                idle = [name for name, h in self._hosts.items() if not h.waiting and self._is_over(h, now)]
                for name in idle:
                    del self._hosts[name]
            host = self._hosts[authority] = Host()
        return host

    def _is_over(self, host: Host, now: float) -> bool:
        return (
            max(host.next_start, host.last_start + MAX_DELAY, host.manners.busy_until, host.manners.closed_until) < now
        )


def seconds(turn: Turn, now: float, delay: float) -> float:
    """Seconds until a request that keeps ``delay`` may start, by what another process wrote; what nobody writes comes
    of a clock that was set back."""
    next_start, last_start = turn.times()
    waits = [next_start - now, last_start + delay - now if last_start <= now else 0.0]
    return max(wait if 0.0 < wait <= MAX_DELAY else 0.0 for wait in waits)
