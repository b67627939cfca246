"""Processes that work beside this one: what one core does in a minute, two do in half of it.

Without Beam, since a helper must not wait for its import. A module that can be run with ``python -m`` and calls
``serve`` is a helper; what it does, the asking process can do too.
"""

from __future__ import annotations

import abc
import contextlib
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

import msgspec

R = TypeVar("R")
PATIENCE = 300.0  # seconds at one task after which a helper is taken for stuck
log = logging.getLogger("idlib-watch")


class Task(abc.ABC, Generic[R]):
    """Something to be done, here or by a helper. ``order`` is what a helper is sent: msgpack can carry it."""

    def __init__(self, order: Any) -> None:
        self.order = order
        self.done: Callable[[Task[R]], None] = lambda _: None
        self._result: R | None = None
        self._answer: bytes | None = None
        self._error: Exception | None = None

    @abc.abstractmethod
    def work(self) -> R:
        """Do it in this process."""

    @abc.abstractmethod
    def read(self, answer: bytes) -> R:
        """What a helper's answer means."""

    def do(self) -> None:
        """Do it here; an error is kept for whoever waits for the result."""
        try:
            self._result = self.work()
        except Exception as error:
            self._error = error
        self.done(self)

    def stuck(self) -> R | None:
        """What is made of it where a helper was stuck over it; None: it is done here all the same."""
        return None

    def give_up(self) -> bool:
        """A helper was stuck over it: whether that is the end of it."""
        self._result = self.stuck()
        if self._result is None:
            return False
        self.done(self)
        return True

    def take(self, answer: bytes) -> None:
        """What a helper has made of it."""
        self._answer = answer
        self.done(self)

    def result(self) -> R:
        """What came of it, once it is done; raises what the work raised."""
        if self._error is not None:
            raise self._error
        if self._result is None and self._answer is not None:
            self._result, self._answer = self.read(self._answer), None
        assert self._result is not None
        return self._result


class Helpers:
    """Processes that take waiting tasks while this one is busy. They end with this process, however it ends.

    ``module`` is what they run; ``what`` names their work in messages. After ``idle`` seconds without work one ends.
    """

    def __init__(self, module: str, what: str, idle: float | None = None) -> None:
        self.module, self.what, self.idle = module, what, idle
        self._waiting: queue.SimpleQueue[Task[Any]] = queue.SimpleQueue()
        self._helpers: list[_Helper] = []
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._helpers)

    def start(self, count: int) -> None:
        """See that there are ``count``. Returns at once: they get ready while other work goes on."""
        with self._lock:
            self._helpers = [helper for helper in self._helpers if not helper.ended]
            while len(self._helpers) < count:
                try:
                    self._helpers.append(_Helper(self, self._waiting))
                except OSError as error:  # no memory, too many processes: this one does it all
                    log.warning("no process to %s beside this one: %s", self.what, error)
                    return

    def stop(self) -> None:
        """End them; a task that one has taken is given back."""
        with self._lock:
            for helper in self._helpers:
                helper.stop()
            self._helpers = []

    def give_up(self, patience: float) -> None:
        """Kill helpers that have been at one task for ``patience`` seconds; what becomes of it, the task says."""
        with self._lock:
            for helper in self._helpers:
                helper.give_up(patience)

    def give(self, task: Task[Any]) -> None:
        """Put a task where helpers, and ``do_one``, find it."""
        self._waiting.put(task)

    def do_one(self) -> bool:
        """Do one waiting task here; false where none is waiting."""
        try:
            task = self._waiting.get_nowait()
        except queue.Empty:
            return False
        task.do()
        return True

    def waiting(self) -> int:
        """How many tasks nobody has begun."""
        return self._waiting.qsize()


class _Helper:
    """One process and the thread that feeds it."""

    def __init__(self, pool: Helpers, waiting: queue.SimpleQueue[Task[Any]]) -> None:
        self._pool, self._waiting, self.ended = pool, waiting, False
        self._at: tuple[Task[Any], float] | None = None  # what it works at, and since when
        self._stuck_over: Task[Any] | None = None
        self._process = subprocess.Popen(
            [sys.executable, "-m", pool.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[1],
            start_new_session=True,  # Ctrl-C in the terminal is for this process
        )
        threading.Thread(target=self._feed, name="helper", daemon=True).start()

    def stop(self) -> None:
        self.ended = True
        self.kill()
        self._process.wait()

    def kill(self) -> None:
        self._process.kill()

    def give_up(self, patience: float) -> None:
        at = self._at
        if at is not None and time.monotonic() - at[1] > patience:
            self._stuck_over = at[0]
            self.kill()

    def _feed(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        since = time.monotonic()
        while not self.ended:
            try:
                task = self._waiting.get(timeout=0.5)
            except queue.Empty:
                if self._pool.idle is not None and time.monotonic() - since > self._pool.idle:
                    self.stop()
                continue
            self._at = (task, time.monotonic())
            try:
                _send(self._process.stdin, msgspec.msgpack.encode(task.order))
                answer = _receive(self._process.stdout)
            except (OSError, EOFError) as error:
                # Whoever is left does it, but for what would hold that one up as well.
                if self._stuck_over is not task or not task.give_up():
                    self._waiting.put(task)
                if not self.ended:
                    log.warning("a process to %s has ended (%s); going on without it", self._pool.what, error)
                    self.stop()
                return
            self._at = None
            task.take(answer)
            since = time.monotonic()


def _send(stream: IO[bytes], packed: bytes) -> None:
    stream.write(len(packed).to_bytes(8, "big") + packed)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes:
    head = stream.read(8)
    size = int.from_bytes(head, "big")
    packed = stream.read(size) if len(head) == 8 else b""
    if len(head) < 8 or len(packed) < size:
        raise EOFError("no more to read")
    return packed


def answer_orders(incoming: IO[bytes], outgoing: IO[bytes], work: Callable[[bytes], bytes]) -> None:
    """Do what comes, ``work(packed order)``, until the other side is gone."""
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            _send(outgoing, work(_receive(incoming)))


def serve(work: Callable[[bytes], bytes]) -> None:
    """Be a helper. What a library prints must not reach the answers."""
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    answer_orders(sys.stdin.buffer, outgoing, work)
    os._exit(0)


def cores() -> int:
    """CPUs that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class Round(Generic[R]):
    """The tasks of one bundle: given as they come, taken as they are done, in any order."""

    def __init__(self, pool: Helpers, patience: float = PATIENCE) -> None:
        self._pool, self._patience = pool, patience
        self._done: queue.SimpleQueue[Task[R]] = queue.SimpleQueue()
        self._open: dict[int, tuple[Task[R], Any]] = {}

    def put(self, task: Task[R], tag: Any) -> None:
        """A further task; ``tag`` comes back with its result."""
        task.done = self._done.put
        self._open[id(task)] = (task, tag)
        self._pool.give(task)

    def results(self, all_of_them: bool) -> Iterator[tuple[Any, R]]:
        """(tag, result) of tasks that are done. This process works too: until every helper can find a second
        task when it comes back from its first, or, with ``all_of_them``, until nothing is open."""
        while True:
            with contextlib.suppress(queue.Empty):
                while True:
                    yield self._take(self._done.get_nowait())
            if not self._open or (not all_of_them and self._pool.waiting() <= 2 * self._pool.count):
                return
            if not self._pool.do_one():
                if not all_of_them:
                    return
                try:  # a helper has the last ones; it may die with them
                    yield self._take(self._done.get(timeout=0.2))
                except queue.Empty:
                    self._pool.give_up(self._patience)

    def _take(self, task: Task[R]) -> tuple[Any, R]:
        return self._open.pop(id(task))[1], task.result()
