"""The news day for tests: starts the servers in a process of their own and steers them."""

from __future__ import annotations

import json
import random
import select
import socket
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from pipelines.prism import dismiss

from .outlets import OUTLETS
from .site import opml

_ROOT = Path(__file__).parents[2]
_START_SECONDS = 60.0


def free_base(count: int = len(OUTLETS)) -> int:
    """The first of ``count`` consecutive ports that are free now."""
    for _ in range(200):
        base = random.randrange(20_000, 31_000)
        sockets: list[socket.socket] = []
        try:
            for port in range(base, base + count):
                sockets.append(socket.socket())
                sockets[-1].bind(("127.0.0.1", port))
        except OSError:
            continue
        finally:
            for one in sockets:
                one.close()
        return base
    raise RuntimeError(f"no {count} consecutive free ports found")


class NewsDay:
    """Context manager: eight outlets on 127.0.0.1 while it is open.

    ``base`` fixes the first port, else free ones are found; ``opml`` is where the feed list is written,
    else a temporary folder. ``RuntimeError`` where the servers do not come up.
    """

    def __init__(
        self, base: int | None = None, phase: int = 1, delay_ms: float = 0.0, opml: Path | None = None
    ) -> None:
        self._wanted = base
        self._phase = phase
        self._delay_ms = delay_ms
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[str] | None = None
        self._opml = opml
        self.base = base or 0

    def __enter__(self) -> NewsDay:
        attempts = 1 if self._wanted else 5
        for attempt in range(attempts):
            self.base = self._wanted or free_base()
            problem = self._start()
            if problem is None:
                break
            if attempt == attempts - 1:
                raise RuntimeError(problem)
        if self._opml is None:
            self._folder = tempfile.TemporaryDirectory(prefix="newsday-")
            self._opml = Path(self._folder.name) / "feeds.opml"
        self._opml.write_text(opml(self.base), encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder, self._opml = None, None

    def _start(self) -> str | None:
        """Starts the process; what went wrong, or None."""
        command = [sys.executable, "-m", "tests.newsday.serve", "--port", str(self.base)]
        command += ["--phase", str(self._phase), "--delay-ms", str(self._delay_ms)]
        self._process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        readable, _, _ = select.select([self._process.stdout], [], [], _START_SECONDS)
        if readable and self._process.stdout.readline().startswith("ready "):
            return None
        self._process.kill()
        problem = self._process.stderr.read().strip() or f"no answer in {_START_SECONDS:.0f} s"
        self._stop()
        return f"the news day did not start: {problem}"

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        dismiss(process)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()

    def _control(self, action: str, **query: object) -> Any:
        words = urllib.parse.urlencode({key: value for key, value in query.items() if value is not None})
        with urllib.request.urlopen(f"http://127.0.0.1:{self.base}/_{action}?{words}", timeout=30) as answer:
            return json.load(answer)

    @property
    def opml(self) -> Path:
        """The feed list as an OPML file."""
        if self._opml is None:
            raise RuntimeError("the news day is not open")
        return self._opml

    @property
    def feeds(self) -> list[str]:
        """The addresses of all feeds, in the order of the feed list."""
        return [o.origin(self.base) + spec.path for o in OUTLETS for spec in o.feeds]

    def url(self, outlet: str, path: str) -> str:
        """The address of a path of an outlet."""
        origin = next(o.origin(self.base) for o in OUTLETS if o.id == outlet)
        return origin + path

    def phase(self, n: int) -> None:
        """Turns to the day (1) or the evening (2)."""
        self._control("phase", n=n)

    def requests(self) -> list[dict[str, Any]]:
        """All requests so far: method, host, path, status, time, user_agent, if_none_match, max_in_flight."""
        answer: list[dict[str, Any]] = self._control("log")
        return answer

    def fault(
        self,
        path: str,
        kind: str,
        *,
        status: int | None = None,
        times: int | None = None,
        seconds: float | None = None,
        retry_after: int | None = None,
    ) -> None:
        """Lays a fault on a path or a full address; ``*`` is every path.

        ``kind`` is status, close (in mid-body), hang, drip (over ``seconds``), empty, or none (lifts it);
        ``times`` is how many requests it befalls, all if not given.
        """
        parts = urllib.parse.urlsplit(path)
        self._control(
            "fault", path=parts.path, host=parts.netloc or None, kind=kind, status=status, times=times,
            seconds=seconds, retry_after=retry_after,
        )  # fmt: skip

    def reset(self) -> None:
        """Forgets log, faults and refusals, and returns to the first phase."""
        self._control("reset")
