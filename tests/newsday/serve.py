"""Serves the news day: ``python -m tests.newsday.serve [--port BASE] [--phase 1|2] [--delay-ms N] [--calm]``.

Eight outlets on the ports BASE to BASE+7 of 127.0.0.1. Prints ``ready http://127.0.0.1:BASE`` and runs
until SIGTERM or SIGINT; exit status 2 where a port is taken. Control addresses on the first port:

    /_phase?n=2             the evening: new articles, a revision, a healed feed
    /_log                   all requests so far, as JSON
    /_reset                 forgets log, faults and refusals, and returns to the first phase
    /_fault?path=P&kind=K   K: status, close, hang, drip, empty, none; with status=N, times=N, seconds=N,
                            retry_after=N, host=127.0.0.1:PORT as wanted. P is a path, or `*`
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

from aiohttp import web

from .outlets import DEFAULT_BASE, OUTLETS
from .site import PHASES, Resource, build, opml

FAULTS = ("status", "close", "hang", "drip", "empty", "none")
_FOREVER = 3600.0


@dataclass
class Hit:
    """One request that was answered."""

    method: str
    host: str
    path: str
    status: int
    time: float
    user_agent: str
    if_none_match: str | None
    max_in_flight: int  # of this host, so far


@dataclass
class Fault:
    """What befalls a path, for ``times`` requests (for ever if None)."""

    kind: str
    status: int = 503
    times: int | None = None
    seconds: float = 2.0
    retry_after: str | None = None


def not_modified(resource: Resource, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """Whether 304 is the answer: RFC 9110 13.2.2, a validator list before a date."""
    if resource.deaf or resource.status != 200:
        return False
    if if_none_match is not None:
        if resource.etag is None:
            return False
        tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
        return "*" in tags or resource.etag in tags
    if if_modified_since is None or resource.modified is None:
        return False
    try:
        return parsedate_to_datetime(resource.modified) <= parsedate_to_datetime(if_modified_since)
    except (TypeError, ValueError):
        return False


class Day:
    """The state of the running servers."""

    def __init__(self, base: int, phase: int, delay: float, calm: bool = False) -> None:
        self.base = base
        self.delay = delay
        self.first_phase = phase
        self.sites = {n: build(base, n, calm=calm) for n in PHASES}
        self.reset()

    def reset(self) -> None:
        """Forgets all that happened."""
        self.phase = self.first_phase
        self.hits: list[Hit] = []
        self.faults: dict[tuple[int | None, str], Fault] = {}
        self.refused: Counter[tuple[int, str]] = Counter()
        self.in_flight: Counter[int] = Counter()
        self.peak: Counter[int] = Counter()

    def control(self, request: web.BaseRequest) -> web.Response | None:
        """The answer to a control address, or None if it is none."""
        query = request.query
        try:
            if request.path == "/_phase":
                n = int(query["n"])
                if n not in PHASES:
                    raise ValueError(f"phase must be one of {PHASES}")
                self.phase = n
            elif request.path == "/_reset":
                self.reset()
            elif request.path == "/_log":
                return web.json_response([asdict(hit) for hit in self.hits])
            elif request.path == "/_fault":
                self.set_fault(dict(query))
            else:
                return None
        except (KeyError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"ok": True, "phase": self.phase})

    def set_fault(self, query: dict[str, str]) -> None:
        """Lays a fault on a path; kind ``none`` lifts it."""
        kind, path = query["kind"], query["path"]
        if kind not in FAULTS:
            raise ValueError(f"kind must be one of {FAULTS}")
        host = query.get("host")
        offset = int(host.rsplit(":", 1)[-1]) - self.base if host else None
        if kind == "none":
            self.faults.pop((offset, path), None)
            return
        self.faults[offset, path] = Fault(
            kind,
            status=int(query.get("status", "503")),
            times=int(query["times"]) if "times" in query else None,
            seconds=float(query.get("seconds", "2" if kind == "drip" else _FOREVER)),
            retry_after=query.get("retry_after"),
        )

    def fault(self, offset: int, path: str) -> Fault | None:
        """The fault that befalls this request, if any; counts it."""
        for key in ((offset, path), (None, path), (offset, "*"), (None, "*")):
            fault = self.faults.get(key)
            if fault is None:
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    del self.faults[key]
            return fault
        return None

    def answer(self, offset: int, request: web.BaseRequest) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the honest answer."""
        path = request.path
        resource = self.sites[self.phase].get((offset, path))
        if resource is None:
            return 404, {"Content-Type": "text/html"}, b"<!DOCTYPE html><title>Not found</title>"
        if resource.flaky and request.method == "GET" and self.refused[offset, path] < resource.flaky:
            self.refused[offset, path] += 1
            return 503, {"Content-Type": "text/plain", "Retry-After": "1"}, b"Try again\n"
        headers = {"Content-Type": resource.content_type, **resource.headers}
        if resource.etag:
            headers["ETag"] = resource.etag
        if resource.modified:
            headers["Last-Modified"] = resource.modified
        if not_modified(resource, request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")):
            headers.pop("Content-Type")
            return 304, headers, b""
        return resource.status, headers, resource.body

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answers one request."""
        port = request.transport.get_extra_info("sockname")[1] if request.transport else self.base
        offset = port - self.base
        if offset == 0 and request.path.startswith("/_"):
            found = self.control(request)
            if found is not None:
                return found
        hits = self.hits
        self.in_flight[offset] += 1
        self.peak[offset] = max(self.peak[offset], self.in_flight[offset])
        hit = Hit(
            method=request.method,
            host=f"127.0.0.1:{port}",
            path=request.raw_path,
            status=0,
            time=time.time(),
            user_agent=request.headers.get("User-Agent", ""),
            if_none_match=request.headers.get("If-None-Match"),
            max_in_flight=self.peak[offset],
        )
        hits.append(hit)
        in_flight = self.in_flight
        try:
            if self.delay:
                await asyncio.sleep(self.delay)
            if request.method not in ("GET", "HEAD"):
                hit.status = 405
                return web.Response(status=405)
            fault = self.fault(offset, request.path)
            if fault is not None:
                return await self.fail(fault, hit, offset, request)
            status, headers, body = self.answer(offset, request)
            hit.status = status
            return web.Response(status=status, headers=headers, body=body)
        finally:
            in_flight[offset] -= 1

    async def fail(self, fault: Fault, hit: Hit, offset: int, request: web.BaseRequest) -> web.StreamResponse:
        """Lets the fault happen. The log gets the status that was sent, 0 if none was."""
        if fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
            return web.Response(status=504)
        if fault.kind == "status":
            hit.status = fault.status
            extra = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            return web.Response(status=fault.status, text="fault\n", headers=extra)
        hit.status, headers, body = self.answer(offset, request)
        if fault.kind == "empty":
            return web.Response(status=hit.status, headers=headers, body=b"")
        headers["Content-Length"] = str(len(body))
        response = web.StreamResponse(status=hit.status, headers=headers)
        await response.prepare(request)
        if fault.kind == "close":
            await response.write(body[: len(body) // 2])
            if request.transport:
                request.transport.close()
            return response
        pieces = 20
        step = max(1, len(body) // pieces)
        for start in range(0, len(body), step):
            await response.write(body[start : start + step])
            await asyncio.sleep(fault.seconds / pieces)
        return response


async def run(base: int, phase: int, delay: float, calm: bool = False) -> int:
    """Serves until told to stop. Returns the exit status."""
    day = Day(base, phase, delay, calm)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runner = web.ServerRunner(web.Server(day.handle), keepalive_timeout=30.0, shutdown_timeout=0.2)
    await runner.setup()
    try:
        for outlet in OUTLETS:
            port = base + outlet.offset
            try:
                await web.TCPSite(runner, "127.0.0.1", port).start()
            except OSError as error:
                why = f"newsday: port {port} cannot be used ({error.strerror or error})"
                print(f'{why}; choose another with --port (make run ARGS="--port 18641")', file=sys.stderr)
                return 2
        print(f"ready http://127.0.0.1:{base}", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()
    return 0


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.newsday.serve", description="Serves the news day.")
    parser.add_argument("--port", type=int, default=DEFAULT_BASE, help="first of eight ports (%(default)s)")
    parser.add_argument("--phase", type=int, choices=PHASES, default=1, help="1 the day, 2 the evening")
    parser.add_argument("--delay-ms", type=float, default=0.0, help="wait before every answer")
    parser.add_argument("--calm", action="store_true", help="without the faults that pass")
    parser.add_argument("--opml", type=Path, metavar="FILE", help="write the feed list to FILE and exit")
    options = parser.parse_args(arguments)
    if options.opml is not None:
        options.opml.write_text(opml(options.port), encoding="utf-8")
        return 0
    return asyncio.run(run(options.port, options.phase, options.delay_ms / 1000, options.calm))


if __name__ == "__main__":
    sys.exit(main())
