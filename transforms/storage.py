"""Where the tables stand: a folder on a local disk or a prefix on an object store.

On a local disk a file appears whole or not at all: it is written under a temporary name that does not
end in ``.parquet`` (DuckDB's ``**`` lists hidden files too), synced, renamed, and its folder synced. On
object stores (through Beam's filesystems) a create is atomic already.
"""

from __future__ import annotations

import abc
import contextlib
import itertools
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import TypeVar

from schemas.errors import UserError
from schemas.tables import TABLES

if os.name == "posix":
    import fcntl

T = TypeVar("T")
_PARTITION = re.compile(r"/date=(\d{4}-\d\d-\d\d)/([^/]+\.parquet)$")
TEMPORARY = ".part"
RETRY_FOR = 300.0  # seconds for which a storage server may fail before the bundle does


@dataclass(frozen=True, order=True)
class DataFile:
    """One Parquet file of a table."""

    table: str
    day: date
    name: str  # with the ending
    written: float = 0.0  # seconds since the epoch, 0 where the store does not say


# Kept: a lock whose holder is forgotten is let go of. (A signal cut a write in two that way.)
_held: list[contextlib.AbstractContextManager[None]] = []
_UNREADABLE = "cannot be read: Permission denied; run as the user who writes it, or have its rights changed"


def day_of(at: float) -> date:
    """The UTC day of a time in seconds since the epoch."""
    return datetime.fromtimestamp(at, timezone.utc).date()


class Storage(abc.ABC):
    """A dataset's files. Picklable; holds nothing open."""

    def __init__(self, root: str) -> None:
        self.root = root.rstrip("/") or root

    @staticmethod
    def at(root: str) -> Storage:
        """The storage for an ``--output``: anything with a scheme goes through Beam's filesystems."""
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/(?!/)", root):
            raise UserError(
                f"--output {root}: write {root.replace(':/', '://', 1)}, or ./{root} for a folder of that name"
            )
        scheme, parted, path = root.partition("://")
        if parted and not path.strip("/"):
            raise UserError(f"--output {root}: name a bucket: {scheme}://bucket/prefix")
        return ObjectStorage(root) if parted else LocalStorage(root)

    def path(self, table: str, day: date, name: str) -> str:
        return f"{self.root}/{table}/date={day.isoformat()}/{name}"

    @abc.abstractmethod
    def check(self) -> None:
        """Raise ``UserError`` where nothing can be written."""

    @abc.abstractmethod
    def files(self, table: str, since: date | None = None) -> list[DataFile]:
        """The table's files in order of day and name, from ``since`` on."""

    @abc.abstractmethod
    def read(self, file: DataFile) -> bytes:
        """The whole file."""

    @abc.abstractmethod
    def write(self, table: str, day: date, name: str, data: bytes) -> None:
        """Make the file appear, whole. The same name again is replaced (names hold their content)."""

    @abc.abstractmethod
    def delete(self, file: DataFile) -> None:
        """Remove the file; it may be gone already."""

    def sweep_temporary(self) -> int:
        """Remove what a kill left half-written; the number of files."""
        return 0

    def exclusive(self) -> contextlib.AbstractContextManager[None]:
        """Held while a commit looks and then writes, where the store can do that."""
        return contextlib.nullcontext()

    def close(self) -> None:
        """Wait for the commit that is under way in this process; none begins after it, to the process's end."""
        _held.append(held := self.exclusive())
        held.__enter__()

    @property
    def settles(self) -> bool:
        """Whether two writers can both have looked before either wrote (no ``exclusive``)."""
        return False


class LocalStorage(Storage):
    """A folder."""

    def check(self) -> None:
        probe = f"{self.root}/.probe{os.getpid()}{TEMPORARY}"
        try:
            os.makedirs(self.root, exist_ok=True)
            with open(probe, "wb"):
                pass
            os.unlink(probe)
        except OSError as error:
            raise UserError(f"--output {self.root}: cannot be written: {error.strerror}; name another folder") from None

    def files(self, table: str, since: date | None = None) -> list[DataFile]:
        found = []
        base = f"{self.root}/{table}"
        for folder in _names(base):
            if not re.fullmatch(r"date=\d{4}-\d\d-\d\d", folder):
                continue
            try:
                day = date.fromisoformat(folder[5:])
            except ValueError:  # date=2018-02-30: none of ours
                continue
            if since is None or day >= since:
                found += [DataFile(table, day, n) for n in _names(f"{base}/{folder}") if n.endswith(".parquet")]
        return sorted(found)

    def read(self, file: DataFile) -> bytes:
        path = self.path(file.table, file.day, file.name)
        try:
            with open(path, "rb") as f:
                return f.read()
        except PermissionError as error:
            raise UserError(f"{path}: {_UNREADABLE}") from error

    def write(self, table: str, day: date, name: str, data: bytes) -> None:
        path = self.path(table, day, name)
        folder = os.path.dirname(path)
        _make_folders(folder)
        temporary = f"{folder}/.{name}.{os.getpid()}{TEMPORARY}"
        with open(temporary, "wb") as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        os.replace(temporary, path)
        _sync(folder)

    def delete(self, file: DataFile) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path(file.table, file.day, file.name))

    def sweep_temporary(self) -> int:
        # The probes of ``check``, and what is under our own folders: other files are not ours to remove.
        swept = 0
        ours = itertools.chain.from_iterable(os.walk(f"{self.root}/{table}") for table in TABLES)
        for folder, _, names in itertools.chain([(self.root, (), _names(self.root))], ours):
            for name in names:
                if name.startswith(".") and name.endswith(TEMPORARY):
                    with contextlib.suppress(FileNotFoundError):
                        os.unlink(f"{folder}/{name}")
                        swept += 1
        return swept

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[None]:
        with self._locked(".commit.lock", wait=True):
            yield

    @contextlib.contextmanager
    def run_lock(self) -> Iterator[None]:
        """One run at a time; the kernel lets go of it at kill -9. Raises ``UserError`` where it is held."""
        try:
            with self._locked(".run.lock", wait=False):
                yield
        except BlockingIOError:
            raise UserError(
                f"--output {self.root}: another run is writing there; wait for it or name another folder"
            ) from None

    @contextlib.contextmanager
    def _locked(self, name: str, wait: bool) -> Iterator[None]:
        handle = os.open(f"{self.root}/{name}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield
        finally:
            os.close(handle)


class ObjectStorage(Storage):
    """A prefix on an object store, through Beam's filesystems (gs:// by google-cloud-storage)."""

    def check(self) -> None:
        from apache_beam.io.filesystems import FileSystems

        path = f"{self.root}/.probe-{uuid.uuid4().hex}"  # its own: another run may start at the same moment
        try:
            with FileSystems.create(path) as f:
                f.write(b"")
            FileSystems.delete([path])
        except Exception as error:
            said = " ".join(str(error).split())[:160]
            raise UserError(
                f"--output {self.root}: cannot be written: {said}; check the bucket's name and your credentials"
            ) from None

    def files(self, table: str, since: date | None = None) -> list[DataFile]:
        from apache_beam.io.filesystems import FileSystems

        matched = persist(lambda: FileSystems.match([f"{self.root}/{table}/date=*/*"]))
        found = []
        for meta in matched[0].metadata_list:
            at = _PARTITION.search(meta.path)
            if at and (since is None or date.fromisoformat(at[1]) >= since):
                found.append(
                    DataFile(table, date.fromisoformat(at[1]), at[2], float(meta.last_updated_in_seconds or 0))
                )
        return sorted(found)

    def read(self, file: DataFile) -> bytes:
        from apache_beam.io.filesystems import FileSystems

        def once() -> bytes:
            with FileSystems.open(self.path(file.table, file.day, file.name)) as f:
                data: bytes = f.read()
                return data

        return persist(once)

    def write(self, table: str, day: date, name: str, data: bytes) -> None:
        from apache_beam.io.filesystems import FileSystems

        def once() -> None:
            with FileSystems.create(self.path(table, day, name)) as f:
                f.write(data)

        persist(once)

    def delete(self, file: DataFile) -> None:
        from apache_beam.io.filesystems import FileSystems

        path = self.path(file.table, file.day, file.name)
        persist(lambda: FileSystems.delete([path]) if FileSystems.exists(path) else None)

    @property
    def settles(self) -> bool:
        return True


def use_filesystems(flags: Sequence[str] = ()) -> None:
    """Give Beam's filesystems the options that a command line holds, for work outside of a pipeline.

    With STORAGE_EMULATOR_HOST set nobody is asked for credentials: Beam passes over its own ``--no_auth``
    there, and would search for half a minute before it goes on without.
    """
    from apache_beam.internal.gcp import auth
    from apache_beam.io.filesystems import FileSystems
    from apache_beam.options.pipeline_options import PipelineOptions

    if os.environ.get("STORAGE_EMULATOR_HOST"):
        auth._Credentials._credentials_init = True
    import apache_beam.io.gcp.gcsfilesystem  # noqa: F401  (a local run before this one may have left it out)

    FileSystems.set_options(PipelineOptions(list(flags)))


def persist(
    action: Callable[[], T],
    seconds: float = RETRY_FOR,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Do ``action`` until it succeeds, for ``seconds`` at most: a storage server that answers 503 for a
    while must not end a stream. What the last try raised is raised; ``FileNotFoundError`` at once."""
    end, pause = clock() + seconds, 0.2
    while True:
        try:
            return action()
        except Exception as error:
            if isinstance(error, FileNotFoundError) or getattr(error, "code", None) == 404:
                # A rival has withdrawn it: object stores answer with what is, and waiting brings nothing back.
                raise FileNotFoundError(str(error)) from None
            if clock() + pause > end:
                raise
            sleep(pause)
            pause = min(pause * 2, 15.0)


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except PermissionError as error:
        raise UserError(f"{folder}: {_UNREADABLE}") from error


def _make_folders(folder: str) -> None:
    missing = []
    while not os.path.isdir(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    for name in reversed(missing):
        with contextlib.suppress(FileExistsError):
            os.mkdir(name)
        _sync(os.path.dirname(name))


def _sync(folder: str) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
