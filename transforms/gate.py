"""The gate of a host: one request at a time, a pause between two, and patience that ends.

``after_answer`` is the decision: what an answer means for whoever asks that host next. ``Gate.turn`` is how it is
waited for. The unit is the authority (``hosts``): feeds, pages and robots.txt of one go through one gate.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from transforms.exchange import Response
from transforms.httptime import retry_after
from transforms.machine import Machine, Turn

UNRESPONSIVE_AFTER = 3  # timeouts in a row before a host's other requests are put off
CLOSED_FOR = 120.0  # seconds for which they are
MAX_PAUSE = 3600.0  # seconds that a host which asks for a pause is left alone in this process, at the most
DEFAULT_PAUSE = 60.0  # where it names none
WAITED_FOR = 15.0  # a pause that ends so soon is waited for; else what is asked for comes back at once
MAX_DELAY = 300.0  # seconds between two starts, whoever asks for more
FIRST_SLOW, MAX_SLOW = 1.0, 60.0  # seconds between starts after a host has said that we ask too often
MAX_HOSTS = 10_000  # that are remembered; a stream meets ever new ones


@dataclass(frozen=True)
class Manners:
    """What a host's answers have taught us. Times on the gate's clock."""

    timeouts: int = 0  # in a row
    closed_until: float = 0.0  # it does not answer
    busy_until: float = 0.0  # it asked for a pause
    slow: float = 0.0  # seconds between two starts, since it said that we ask too often


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
        pause = retry_after(asked, time.time() if wall is None else wall, MAX_PAUSE)
        slow = manners.slow
        if response.status == 429:  # we ask too often; a 503 speaks of the server's own trouble
            slow = min(MAX_SLOW, 2 * max(FIRST_SLOW, delay, slow))
        return Manners(busy_until=now + (DEFAULT_PAUSE if pause is None else pause), slow=slow)
    if response.problem is None and (response.status or 500) < 400:
        slow = manners.slow * 0.75
        return replace(manners, timeouts=0, slow=slow if slow > FIRST_SLOW / 2 else 0.0)
    return replace(manners, timeouts=0)


def refusal(manners: Manners, url: str, now: float) -> Response | None:
    """The answer that stands for not asking at all, where the host is to be left alone."""
    if now < manners.closed_until:
        return Response(url, problem="host_unresponsive", error=f"{UNRESPONSIVE_AFTER} timeouts in a row")
    if now + WAITED_FOR < manners.busy_until:
        left = round(manners.busy_until - now)
        error = f"asked for a pause; {left} seconds of it are left"
        return Response(url, headers={"retry-after": str(left)}, problem="host_busy", error=error)
    return None


@dataclass
class Host:
    """One authority as this process knows it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    manners: Manners = Manners()
    next_start: float = 0.0
    last_start: float = 0.0


@dataclass
class Call:
    """What one call for many requests may spend on each host: ``budget`` seconds from its first start there."""

    budget: float | None = None
    begun: dict[str, float] = field(default_factory=dict)

    def left(self, authority: str, now: float) -> float | None:
        """Seconds that may still be spent, None: without end."""
        return None if self.budget is None else self.begun.get(authority, now) + self.budget - now


class Gate:
    """The gates of all hosts of one process. ``clock`` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float], machine: Machine, slots: int, patience: float) -> None:
        self._clock = clock
        self._machine = machine
        self._hosts: dict[str, Host] = {}
        self._slots = asyncio.Semaphore(slots)
        self._patience = patience  # seconds for another process of this machine that keeps a host to itself

    @asynccontextmanager
    async def turn(
        self, authority: str, url: str, delay: float, call: Call, robots: bool = False
    ) -> AsyncIterator[Response | Host | None]:
        """The turn at ``authority``: a ``Host`` to ask now, a ``Response`` where it is to be left alone, None where
        the call's time for it is over. A page may follow its robots.txt at once."""
        host, delay = self._host(authority), min(delay, MAX_DELAY)
        host.waiting += 1
        shared: Turn | None = None
        try:
            async with host.lock:
                while True:
                    now = self._clock()
                    left = call.left(authority, now)
                    wait = self._wait(host, delay, now)
                    refused = refusal(host.manners, url, now)
                    if refused is not None or (left is not None and (left <= 0 or wait > left)):
                        yield refused
                        return
                    if wait <= 0:
                        shared = await self._machine.take(authority, self._patience)
                        wait = 0.0 if shared is None else seconds(shared, self._machine.clock())
                        if shared is None or wait <= 0:
                            break
                        shared.release()  # asleep, it lets another process go first
                        shared = None
                    await asyncio.sleep(wait)
                async with self._slots:
                    now = self._clock()
                    call.begun.setdefault(authority, now)
                    pause = min(MAX_DELAY, max(delay, host.manners.slow))
                    host.next_start = max(host.next_start, now + pause)
                    if not robots:
                        host.last_start = now
                    if shared is not None and pause:
                        shared.started(self._machine.clock() + pause)
                    yield host
        finally:
            host.waiting -= 1
            if shared is not None:
                shared.release()

    def learn(self, host: Host, response: Response, delay: float) -> None:
        host.manners = after_answer(host.manners, response, delay, self._clock())
        host.next_start = max(host.next_start, host.last_start + host.manners.slow)

    def _wait(self, host: Host, delay: float, now: float) -> float:
        after = host.last_start + delay if host.last_start else 0.0
        return max(host.next_start, after, host.manners.busy_until) - now

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


def seconds(turn: Turn, now: float) -> float:
    """Seconds to wait by what another process wrote; what nobody writes comes of a clock that was set back."""
    wait = turn.next_start() - now
    return wait if 0.0 < wait <= MAX_DELAY else 0.0
