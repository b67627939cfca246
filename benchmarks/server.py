"""Serves a world (``benchmarks.world``) from memory, at next to no cost, waiting before each.

``python -m benchmarks.server PLAN_JSON PORT DELAY_MS MORE_MS`` prints ``ready`` and runs until it is ended.
``Served`` starts it in a process of its own. Each answer has an ETag, and is 304 to who sends it back.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import ClassVar

from benchmarks.world import Plan, build, feed_paths, host_ip

ROOT = Path(__file__).resolve().parent.parent
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
COUNTS = "/-/counts"  # what was sent so far


class Answer(asyncio.Protocol):
    """HTTP/1.1 as far as GET and keep-alive go."""

    site: dict[tuple[str, str], bytes]
    etags: dict[tuple[str, str], bytes]
    waits: dict[tuple[str, str], float]  # seconds
    counts: ClassVar[dict[str, int]] = {"answers": 0, "unchanged": 0, "bytes": 0}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.address = transport.get_extra_info("sockname")[0]
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode("latin-1")
            if path == COUNTS:
                body = json.dumps(self.counts).encode()
                self.transport.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
                continue
            key = (self.address, path)
            whole, etag = self.site.get(key, MISSING), self.etags.get(key, b"")
            if etag and etag in head:
                whole = b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n"
                self.counts["unchanged"] += 1
            if wait := self.waits.get(key, 0.0):
                asyncio.get_running_loop().call_later(wait, self.send, whole)
            else:
                self.send(whole)

    def send(self, whole: bytes) -> None:
        if not self.transport.is_closing():
            self.counts["answers"] += 1
            self.counts["bytes"] += len(whole)
            self.transport.write(whole)


def waits(plan: Plan, delay: float, more: float) -> dict[tuple[str, str], float]:
    """Seconds before each feed's answer: ``delay`` and up to ``more``, the same for the same plan."""
    rng = random.Random(plan.seed)
    return {(host_ip(host), path): delay + more * rng.random() for host, path in feed_paths(plan)}


async def serve(plan: Plan, port: int, delay: float, more: float) -> None:
    """Build the world and answer for it without end."""
    Answer.site, Answer.etags, Answer.waits = {}, {}, {}
    for key, (kind, body) in build(plan, port).items():
        etag = f'"{hashlib.sha1(body).hexdigest()[:16]}"'
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nETag: {etag}\r\nContent-Length: {len(body)}\r\n\r\n"
        Answer.site[key], Answer.etags[key], Answer.waits[key] = head.encode() + body, etag.encode(), delay
    if more:
        Answer.waits |= waits(plan, delay, more)
    loop = asyncio.get_running_loop()
    for host in range(plan.hosts):
        await loop.create_server(Answer, host_ip(host), port, backlog=512)
    print("ready", flush=True)
    await asyncio.Event().wait()


class Served:
    """A world being served while it is open. ``cpu`` binds the server to one CPU; feeds wait up to ``more_ms``
    longer than ``delay_ms``."""

    def __init__(self, plan: Plan, delay_ms: float = 0.0, cpu: int | None = None, more_ms: float = 0.0) -> None:
        self.plan, self.delay_ms, self.more_ms, self._cpu = plan, delay_ms, more_ms, cpu

    def __enter__(self) -> Served:
        with socket.socket() as probe:
            probe.bind(("127.0.0.2", 0))
            self.port = int(probe.getsockname()[1])
        command = [sys.executable, "-m", "benchmarks.server"]
        command += [self.plan.to_json(), str(self.port), str(self.delay_ms), str(self.more_ms)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        if self._cpu is not None:
            os.sched_setaffinity(self._process.pid, {self._cpu})
        self._folder = tempfile.TemporaryDirectory(prefix="idlib-watch-bench-")
        self.folder = Path(self._folder.name)
        assert self._process.stdout is not None
        if not self._process.stdout.readline().startswith("ready"):
            raise RuntimeError("the page server did not start")
        self.feeds = [f"http://{host_ip(h)}:{self.port}{path}" for h, path in feed_paths(self.plan)]
        self.feed_list = self.folder / "feeds.txt"
        self.feed_list.write_text("\n".join(self.feeds) + "\n", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    def counts(self) -> dict[str, int]:
        """``answers``, of these ``unchanged`` (304), and ``bytes``, heads included, sent so far."""
        with urllib.request.urlopen(f"http://{host_ip(0)}:{self.port}{COUNTS}", timeout=30) as answer:
            found: dict[str, int] = json.load(answer)
            return found

    def options(self, output: Path) -> list[str]:
        """What ``collect`` is called with: no pause between pages, loopback opened."""
        hosts = [f"--allow_private={host_ip(h)}:{self.port}" for h in range(self.plan.hosts)]
        return [f"--feeds={self.feed_list}", f"--output={output}", "--page_delay=0", *hosts]


if __name__ == "__main__":
    asyncio.run(
        serve(Plan.from_json(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000, float(sys.argv[4]) / 1000)
    )
