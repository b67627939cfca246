"""HTTP at the edge: one client per process, polite to each host.

``Fetcher`` owns a thread with an asyncio loop. Requests are handed to it and their responses come back
in the order in which they are ready. To one authority (host and port) there is at most one request at
a time, feeds, pages and robots.txt together, with ``delay`` seconds between the starts (``gate``). What the
world does is a value: a ``Response`` with a ``problem``, never an exception (``client``).

Requests that are still under way at a deadline go on in the background and are found again under the
same URL: a slow page is then had in a later tick, and holds back nobody's window.
"""

from __future__ import annotations

import asyncio
import queue
import re
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from dataclasses import replace
from typing import ClassVar

import yarl

from transforms import robots
from transforms.client import MAX_IN_FLIGHT, REDIRECTS, Client, PrivateAddress, classify
from transforms.exchange import NOT_ASKED, Limits, Request, Response, charset_of, printable
from transforms.gate import CLOSED_FOR, UNRESPONSIVE_AFTER, Call, Gate
from transforms.hosts import authority
from transforms.machine import Machine, shared_folder
from transforms.redirects import PERMANENT, redirect_target

__all__ = [
    "CLOSED_FOR", "NOT_ASKED", "UNRESPONSIVE_AFTER", "Fetcher", "Limits", "PrivateAddress", "Request", "Response",
    "authority", "charset_of", "classify", "printable", "redirect_target", "time_left",
]  # fmt: skip
UNCLAIMED_AFTER = 600.0  # seconds after which an answer is dropped that no tick has come back for
MIN_BUDGET = 0.25  # seconds: what is ready is taken, though the tick is late
MAX_ROBOTS, MAX_RULES = 2000, 16 << 20  # files, and bytes of them, that are remembered; the first are forgotten first


def time_left(budget: float | None, deadline: float, now: float) -> float | None:
    """Seconds that a tick may still take: its budget, and less where it is late, so that ticks do not pile up."""
    return None if budget is None else max(MIN_BUDGET, min(budget, deadline - now))


_Key = tuple[bool, str]


def _key(request: Request) -> _Key:
    return request.page, request.url


def agent_of(user_agent: str) -> str:
    """The product token that robots.txt may name: what a User-Agent begins with."""
    found = re.match(r"[A-Za-z_-]+", user_agent.strip())
    return found[0] if found else robots.AGENT


class Fetcher:
    """See the module. ``clock`` is a monotonic clock, seconds."""

    _shared: ClassVar[dict[Limits, Fetcher]] = {}
    _shared_lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._clock = clock
        self._gate = Gate(clock, Machine(shared_folder()), MAX_IN_FLIGHT, 2 * limits.timeout)
        self._robots: dict[str, robots.Robots] = {}
        self._reading: dict[str, asyncio.Task[robots.Robots | Response]] = {}
        # By page or feed and URL: what may be said of the one is none of the other's answer.
        self._pending: dict[_Key, futures.Future[Response | None]] = {}
        self._started: set[_Key] = set()
        self._asked: dict[_Key, float] = {}
        self._loop = asyncio.new_event_loop()
        # For names: asyncio's own few threads would let slow name servers hold up everybody's requests.
        names = futures.ThreadPoolExecutor(MAX_IN_FLIGHT, "resolve")
        self._loop.set_default_executor(names)
        self._client = asyncio.run_coroutine_threadsafe(_opened(limits), self._loop)
        thread = threading.Thread(target=self._loop.run_forever, name="fetcher", daemon=True)
        thread.start()
        self._client.result()  # tells of a wrong proxy
        # With the object or with the process, whichever ends first. (A forked process has no such thread.)
        self._close = weakref.finalize(self, _close, self._loop, thread, self._client, names)

    @classmethod
    def shared(cls, limits: Limits) -> Fetcher:
        """The process's own fetcher: feeds and pages go through one gate per host."""
        with cls._shared_lock:
            if limits not in cls._shared:
                cls._shared[limits] = cls(limits)
            return cls._shared[limits]

    def fetch(
        self, requests: Iterable[Request], budget: float | None = None, host_budget: float | None = None
    ) -> Iterator[tuple[Request, Response | None]]:
        """Yield each request with its response as they come.

        After ``budget`` seconds the rest comes out with ``None``: not answered yet. What had been
        started goes on, and answers the next call that asks for the same URL. So does the rest of one
        host ``host_budget`` seconds after the call's first request to it, and at once where the pauses
        between them would last longer.
        """
        begun = self._clock()
        deadline = None if budget is None else begun + budget
        call = Call(host_budget)
        self._forget()
        waiting: dict[futures.Future[Response | None], Request] = {}
        ready: queue.SimpleQueue[futures.Future[Response | None]] = queue.SimpleQueue()
        for request in requests:
            future = self._pending.get(_key(request))
            if future is None:
                future = asyncio.run_coroutine_threadsafe(self._follow(request, call), self._loop)
                self._pending[_key(request)] = future
                self._asked[_key(request)] = self._clock()
            if future in waiting:  # the same URL twice in one call: one request serves one of them
                yield request, None
                continue
            waiting[future] = request
            future.add_done_callback(ready.put)  # (futures.wait looks at all of them at each answer)
        while waiting:
            left = None if deadline is None else max(0.0, deadline - self._clock())
            try:
                future = ready.get(timeout=left)
            except queue.Empty:
                break
            request = waiting.pop(future)
            self._pending.pop(_key(request), None)
            self._started.discard(_key(request))
            # Cancelled: another call that waited for the same URL ran out of time before its turn came.
            response = None if future.cancelled() else future.result()
            if response is None:
                yield request, None
                continue
            self._loop.call_soon_threadsafe(self._took, call, len(response.body))
            yield request, replace(response, after=max(0.0, response.had - begun))
        for future, request in waiting.items():
            if _key(request) not in self._started and future.cancel():
                self._pending.pop(_key(request), None)
            yield request, None

    def close(self) -> None:
        """End what is under way and close all connections; nothing can be asked for after it."""
        self._close()

    def _forget(self) -> None:
        """Drop answers that nobody came back for: their feed was taken off the list, or their state was lost."""
        old = self._clock() - UNCLAIMED_AFTER
        for key in [k for k, at in self._asked.copy().items() if at < old]:  # other threads add to it meanwhile
            future = self._pending.get(key)
            if future is None or future.done():
                if future is not None and not future.cancelled() and (response := future.result()) is not None:
                    self._loop.call_soon_threadsafe(self._took, Call(), len(response.body))
                self._pending.pop(key, None)
                self._asked.pop(key, None)
                self._started.discard(key)

    def _took(self, call: Call, size: int) -> None:
        """Within the loop: an answer of ``size`` bytes was taken."""
        call.took(size)
        self._client.result().untaken -= size

    async def _follow(self, request: Request, call: Call, for_robots: bool = False) -> Response | None:
        """Follow ``request`` to its end, each hop in the turn of the host that it goes to."""
        client = self._client.result()
        most, hops = (robots.MAX_BYTES, robots.REDIRECTS) if for_robots else (0, self.limits.max_redirects)
        url, permanent, permanent_url, delay = request.url, True, None, request.delay
        waits: tuple[str, ...] = ()
        left = self.limits.timeout
        for hop in range(hops + 1):
            name = authority(url)
            if request.page and name:
                allowed = await self._robots_of(url)
                if isinstance(allowed, Response):
                    return allowed
                delay = max(request.delay, allowed.delay)
            feed = not (request.page or for_robots)
            async with self._gate.turn(name, url, delay, call, for_robots, feed) as turn:
                if turn is None and hop:  # it came from here by a redirect: asking there again at once would be rude
                    return Response(request.url, problem="host_busy", error=f"no time for a turn at {printable(name)}")
                if turn is None or isinstance(turn, Response):
                    return turn
                self._started.add(_key(request))
                start = self._clock()
                response = await client.get(url, request.headers, left, most)
                spent = self._clock() - start
                if response is None:
                    return None
                self._gate.learn(turn, response, delay)
            left -= spent
            if response.status not in REDIRECTS or response.problem:
                elapsed = (self.limits.timeout - left) * 1000
                call.holds += len(response.body)
                return replace(response, elapsed=elapsed, permanent_url=permanent_url, waits=waits, had=self._clock())
            waits += (response.headers["retry-after"],) if "retry-after" in response.headers else ()
            location = response.headers.get("location", "")
            target = redirect_target(url, location)
            if target is None:
                return replace(response, problem="bad_redirect", error=printable(_no_password(location)))
            url = target
            permanent = permanent and response.status in PERMANENT
            permanent_url = url if permanent else permanent_url
        return Response(url, problem="too_many_redirects", error=f"more than {hops}", waits=waits)

    async def _robots_of(self, url: str) -> robots.Robots | Response:
        """What robots.txt says of ``url``, or the response that stands for the page where it may not be asked for."""
        site = f"{yarl.URL(url).scheme}://{authority(url)}"
        known = self._robots.get(site)
        if known is None or known.expires <= self._clock():
            reading = self._reading.get(site)  # once, however many pages wait for it
            if reading is None:
                reading = self._reading[site] = self._loop.create_task(self._read_robots(site, url, known))
            found = await asyncio.shield(reading)
            if isinstance(found, Response):  # its host is to be left alone
                return replace(found, url=url)
            known = found
        if not known.reachable:
            return Response(url, problem="robots_unreachable", error=known.error)
        return known if known.allows(url) else Response(url, problem="robots_disallowed")

    async def _read_robots(self, site: str, url: str, before: robots.Robots | None) -> robots.Robots | Response:
        try:
            file = str(yarl.URL(url).origin().with_path("/robots.txt"))
            call = Call()
            response = await self._follow(Request("", file), call, for_robots=True)
            if response is None:
                return Response(url, problem="robots_unreachable", error="no memory is left for it")
            self._took(call, len(response.body))
            own_host_is_private = response.problem == "private_address" and authority(response.url) == authority(url)
            if response.problem in NOT_ASKED or own_host_is_private:
                return response
            known = robots.read_robots(response, agent_of(self.limits.user_agent), self._clock(), before)
            self._robots.pop(site, None)
            while self._robots and (
                len(self._robots) >= MAX_ROBOTS or known.size + sum(r.size for r in self._robots.values()) > MAX_RULES
            ):
                del self._robots[next(iter(self._robots))]
            self._robots[site] = known
            return known
        finally:
            self._reading.pop(site, None)


async def _opened(limits: Limits) -> Client:
    return Client(limits)


def _no_password(location: str) -> str:
    """A Location without what stands before the @ of its host."""
    return re.sub(r"//[^/?#]*@", "//", location)


def _close(
    loop: asyncio.AbstractEventLoop, thread: threading.Thread, client: futures.Future[Client], names: futures.Executor
) -> None:
    """End a fetcher's loop and what is under way in it: aiohttp complains of each session that is left open."""

    async def end() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await client.result().close()

    if not thread.is_alive():
        return
    names.shutdown(wait=False)
    ended = asyncio.run_coroutine_threadsafe(end(), loop)
    ended.add_done_callback(lambda _: loop.call_soon_threadsafe(loop.stop))
    if threading.current_thread() is not thread:
        thread.join(2.0)
        if not loop.is_running():
            loop.close()
