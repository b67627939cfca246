"""Prism as a process of our own: found, started, and never left behind.

Beam's PrismRunner would download the binary and leave it running after a kill -9; here it is only ever
one that is on the machine, and the kernel ends it with us.
"""

from __future__ import annotations

import collections
import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from schemas.errors import UserError

BINARY = Path(__file__).resolve().parent.parent / ".cache" / "prism" / "prism"
_START = 20.0  # seconds
_PR_SET_PDEATHSIG = 1
_started: list[subprocess.Popen[str]] = []


def find(location: str) -> str | None:
    """The Prism binary: as given, from IDLIB_WATCH_PRISM, or where ``make prism`` puts it."""
    if location and not (os.path.isfile(location) and os.access(location, os.X_OK)):
        raise UserError(f"--prism_location {location}: no program there; `make prism` builds it (with Go)")
    for path in (location, os.environ.get("IDLIB_WATCH_PRISM", ""), str(BINARY)):
        if path and os.path.isfile(path):
            return path
    return None


@contextlib.contextmanager
def running(binary: str) -> Iterator[str]:
    """Start Prism on a free port; the endpoint of its job service."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [binary, "--job_port", str(port), "--serve_http=false", "--log_level", "warn", "--log_kind", "text"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,  # Ctrl-C in the terminal is ours to answer
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    )
    _started.append(process)
    said: collections.deque[str] = collections.deque(maxlen=20)
    threading.Thread(target=lambda: said.extend(process.stdout or ()), daemon=True).start()
    try:
        _wait_for(port, process, said)
        yield f"localhost:{port}"
    finally:
        dismiss(process)


def dismiss(process: subprocess.Popen[str]) -> None:
    """Ask a process to end, and see that it does."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end() -> None:
    """End what was started and still runs, at once."""
    for process in _started:
        with contextlib.suppress(OSError):
            process.kill()


def _wait_for(port: int, process: subprocess.Popen[str], said: collections.deque[str]) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        if process.poll() is not None:
            last = " ".join(said[-1].split()) if said else f"status {process.returncode}"
            raise UserError(f"Prism does not start: {last}; `make prism` builds a fitting one")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise UserError(f"Prism does not answer within {_START:.0f} s; `make prism` builds a fitting one")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
