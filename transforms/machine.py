"""Turns at a host that the processes of one machine share: a locked file for each host, in a folder of the user's own.

A lock (flock) is held while a request is under way, and ends with its process; the file holds when the next request
may start. Where there is no such folder or no flock, a process is polite on its own. Between machines nothing is
shared: there each host has one shard, and a shard one worker.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import stat
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

with suppress(ImportError):  # Windows has none
    import fcntl

FIRST_LOOK, LAST_LOOK = 0.01, 0.25  # seconds between looks at a lock that another process holds
FORGOTTEN = 86_400.0  # seconds after which a file that nobody used is removed
_TIMES = struct.Struct("<dd")
FOLDER = "IDLIB_WATCH_TURNS"  # a variable that names another folder; empty: nothing is shared


def shared_folder() -> Path | None:
    """The folder of the files, made where it is missing; None where it is not ours alone."""
    named = os.environ.get(FOLDER)
    if named == "" or "fcntl" not in globals():
        return None
    # Not `tempfile`: a run has a temporary folder of its own.
    folder = Path(named) if named else Path(os.environ.get("TMPDIR") or "/tmp") / f"idlib-watch-turns-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022
    return folder if ours else None


def forget_old(folder: Path, now: float) -> None:
    """Remove the files of hosts that were not asked for a day."""
    with suppress(OSError), os.scandir(folder) as files:
        for file in files:
            with suppress(OSError):
                if now - file.stat().st_mtime > FORGOTTEN and (held := _locked(file.path)) is not None:
                    os.unlink(file.path)  # nobody holds it, and who opened it meanwhile sees that it is gone
                    os.close(held)


def _locked(path: str) -> int | None:
    """The file at ``path``, made where it is missing, with its lock; None where another process holds it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(file).st_nlink:
            return file
    except BlockingIOError:
        pass
    except BaseException:
        os.close(file)
        raise
    os.close(file)
    return None


class Turn:
    """A host's lock, held."""

    def __init__(self, file: int) -> None:
        self._file = file

    def times(self) -> tuple[float, float]:
        """When the next request may start, and when the last did, by the machine's clock; 0 where none was made."""
        with suppress(OSError, struct.error):
            return _TIMES.unpack(os.pread(self._file, _TIMES.size, 0))
        return 0.0, 0.0

    def started(self, next_start: float, last_start: float) -> None:
        with suppress(OSError):  # the disk may be full
            os.pwrite(self._file, _TIMES.pack(next_start, last_start), 0)

    def release(self) -> None:
        os.close(self._file)  # and with it the lock


class Machine:
    """The turns of all hosts. ``clock``: seconds since the epoch, as all processes know them."""

    def __init__(self, folder: Path | None, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self.clock = clock
        if folder is not None:
            forget_old(folder, clock())

    async def take(self, authority: str, patience: float) -> Turn | None:
        """The turn at ``authority``, when it is free; None where turns are not shared, or after ``patience`` seconds:
        a process that was stopped holds its locks for ever."""
        end, pause = time.monotonic() + patience, FIRST_LOOK
        while self._folder is not None:
            try:
                turn = self._try(authority)
            except OSError:  # no room, no rights, too many open files
                return None
            if turn is not None:
                return turn
            if time.monotonic() >= end:
                return None
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(2 * pause, LAST_LOOK)
        return None

    def _try(self, authority: str) -> Turn | None:
        name = hashlib.blake2b(authority.encode(errors="replace"), digest_size=12).hexdigest()
        file = _locked(f"{self._folder}/{name}")
        return None if file is None else Turn(file)
