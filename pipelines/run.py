"""Starting and ending a run of the graph: checks before, progress meanwhile, the account after."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from pipelines import prism
from pipelines.options import LOCAL_RUNNERS, USER_AGENT, Settings, parse
from pipelines.progress import Progress
from pipelines.report import complain, log_safely
from schemas.errors import UserError
from transforms import lean

if TYPE_CHECKING:
    from transforms.storage import Storage

Build = Callable[[Any, Settings], None]
"""Puts a graph into a pipeline."""
LOOPBACK = "localhost,127.0.0.1,::1"
log = logging.getLogger("idlib-watch")


def collect(argv: list[str]) -> int:
    """Run ``collect`` with ``argv``; returns the exit status: 0, 1 (nothing could be polled), 2, 130."""
    return started(lambda stop: _collect(parse(argv), stop))


def started(job: Callable[[Stop], int]) -> int:
    """Do a job that a signal may end; its exit status, 2 for a mistake (told in one line)."""
    try:
        return job(Stop())
    except UserError as error:
        complain(str(error))
        return 2


def prepare(settings: Settings, stop: Stop) -> str:
    """Check what can be checked before anything is read or written; the runner."""
    stop.listen()
    spare_loopback()
    log_safely()
    log.setLevel(logging.INFO)
    runner = choose_runner(settings)
    if runner in {"FnApiRunner", "PrismRunner"}:
        lean.import_beam(cloud="://" in settings.output or "://" in (settings.feeds or ""))

    from transforms.gazetteer import gazetteer_for
    from transforms.storage import use_filesystems
    from transforms.topic import load_topic

    gazetteer_for(load_topic(settings.topic))  # told now what is wrong in it; kept for the run
    check_beam_options(settings, runner)
    if "://" in settings.output or "://" in (settings.feeds or ""):
        use_filesystems(settings.beam)
    return runner


@contextlib.contextmanager
def writing(storage: Storage) -> Iterator[None]:
    """Held while a run writes into ``storage``, which is swept first. Raises ``UserError`` where another run holds
    it, or nothing can be written."""
    from transforms.commit import sweep
    from transforms.storage import LocalStorage

    storage.check()
    with storage.run_lock() if isinstance(storage, LocalStorage) else contextlib.nullcontext():
        swept = sweep(storage)
        if swept:
            log.info("removed %d files of batches that a kill left unfinished", swept)
        yield


def _collect(settings: Settings, stop: Stop) -> int:
    runner = prepare(settings, stop)

    from pipelines.collect import build
    from transforms.feedlist import load_feeds
    from transforms.guard import Guard
    from transforms.storage import Storage

    feeds = load_feeds(settings.feeds)
    storage = Storage.at(settings.output)
    with writing(storage):
        log.info("%d feeds, topic %s, output %s", len(feeds), settings.topic, settings.output)
        urls = [f.url for f in feeds]
        if settings.user_agent == USER_AGENT and not all(map(Guard.of(settings.allow_private).owns, urls)):
            log.info("site owners cannot reach you: --contact MAIL-or-URL puts your address into each request")

        def close(status: int, counts: dict[str, int] | None, interrupted: bool) -> int:
            return close_account(status, counts, settings, urls, interrupted)

        return carry_out(settings, runner, build, close, storage, stop)


Close = Callable[[int, dict[str, int] | None, bool], int]
"""Exit status, counters (None: there are none) and whether the run was interrupted, to the account printed and the
exit status of it all."""


def carry_out(settings: Settings, runner: str, build: Build, close: Close, storage: Storage, stop: Stop) -> int:
    """Run the graph that ``build`` makes to its end, or to a signal, and ``close`` the account; the exit status."""
    submitted = threading.Event()
    stop.closing = lambda: _stop(runner, storage, close, submitted)
    status, counts = execute(settings, runner, submitted, build)
    return close(status, counts, False)


def close_account(
    status: int, counts: dict[str, int] | None, settings: Settings, urls: list[str], interrupted: bool = False
) -> int:
    """Print what became of the run; its exit status: 1 where no feed answers, whether it was due now or not."""
    if counts is None:
        return status
    from pipelines.report import print_account

    answered = print_account(counts, settings, urls, interrupted)
    return status if answered or status or settings.streaming else 1


def spare_loopback() -> None:
    """Keep Beam's own loopback gRPC away from a proxy in the environment: the run would hang."""
    for name in ("no_proxy", "NO_PROXY"):
        value = os.environ.get(name, "")
        os.environ[name] = f"{value},{LOOPBACK}" if value else LOOPBACK


def choose_runner(settings: Settings) -> str:
    """The runner: what was named, else FnApiRunner once and Prism in a stream. Nothing is downloaded.

    Beam's DirectRunner would first try to download Prism; it gets to choose only where Prism is given.
    """
    name = settings.runner.rpartition(".")[2]
    if settings.streaming and name == "FnApiRunner":
        raise UserError(
            "--streaming: FnApiRunner writes only when a stream ends; leave out --runner, or name "
            "PrismRunner, FlinkRunner or DataflowRunner"
        )
    if name == "PrismRunner" or (name in {"", "DirectRunner"} and (settings.streaming or settings.prism_location)):
        if prism.find(settings.prism_location) is None:
            what = "--streaming" if settings.streaming else "--runner=PrismRunner"
            raise UserError(
                f"{what} needs Prism: `make prism` builds it (with Go), --prism_location=PATH names it; "
                "or give another --runner"
            )
        return "PrismRunner"
    return "FnApiRunner" if name in {"", "DirectRunner", "FnApiRunner"} else settings.runner


def check_beam_options(settings: Settings, runner: str) -> None:
    """Raise ``UserError`` for an option of Beam's with a wrong value, and on this machine for one that neither
    we nor Beam know; runners elsewhere may know more."""
    if not settings.beam:
        return
    import argparse
    import difflib

    from apache_beam.options.pipeline_options import PipelineOptions

    from pipelines.options import Parser, parser

    known = Parser(prog="idlib-watch collect", add_help=False, allow_abbrev=False)
    for cls in _subclasses(PipelineOptions):
        with contextlib.suppress(argparse.ArgumentError):
            cls._add_argparse_args(known)
    asked, _ = known.parse_known_args(list(settings.beam))
    if asked.job_endpoint and asked.job_endpoint != "embed":
        _check_endpoint(asked.job_endpoint)
    if not is_local(runner):
        return
    given = [a.partition("=")[0] for a in settings.beam if a.startswith("--")]
    names = {o for a in known._actions for o in a.option_strings}
    for option in given:
        if option not in names:
            ours = {o for a in parser()._actions for o in a.option_strings}
            close = [o for o in sorted(ours) if o.startswith(option)]
            close = close or difflib.get_close_matches(option, sorted(ours), 1)
            close = close or difflib.get_close_matches(option, sorted(names), 1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise UserError(f"{option}: no such option{hint} (idlib-watch collect --help lists them)")


def _check_endpoint(endpoint: str) -> None:
    """Beam waits without end for a job service that is not there."""
    host, _, port = endpoint.rpartition(":")
    try:
        socket.create_connection((host, int(port)), 10).close()
    except (OSError, ValueError, OverflowError) as error:
        raise UserError(f"--job_endpoint {endpoint}: nobody answers there ({error})") from None


def _subclasses(cls: Any) -> Iterator[Any]:
    for sub in cls.__subclasses__():
        if "_add_argparse_args" in vars(sub):
            yield sub
        yield from _subclasses(sub)


def execute(
    settings: Settings, runner: str, submitted: threading.Event | None = None, build: Build | None = None
) -> tuple[int, dict[str, int] | None]:
    """Build (``collect``'s graph, where ``build`` is not given) and run; the exit status and, where the run has
    them, its counters."""
    import apache_beam as beam
    from apache_beam.options.pipeline_options import PipelineOptions

    from pipelines import collect as collecting
    from transforms import count, parsefeeds, parsing

    # What ends a run is told in one line at its end; Beam would print every frame on the way there.
    debug = bool(os.environ.get("IDLIB_WATCH_DEBUG"))
    logging.getLogger("apache_beam").setLevel(logging.ERROR if debug else logging.CRITICAL)
    count.reset()
    with contextlib.ExitStack() as stack:
        stack.enter_context(own_temporary_folder())
        stack.callback(parsing.helpers.stop)
        stack.callback(parsefeeds.helpers.stop)
        # Workers of their own decode the proto before they load any of our code: they must know the coders.
        flags = [*settings.beam, f"--runner={runner}", "--beam_plugin=transforms.annotate"]
        flags += ["--streaming"] if settings.streaming else []
        if importlib.util.find_spec("pip") is None:  # Beam would ask it for a list of what is installed
            flags.append("--experiments=disable_logging_submission_environment")
        if runner == "PrismRunner":
            # Prism splits a bundle that is slow, and begins the second half with the state of before the first: at a
            # start, where several ticks wait, feeds were polled twice and their rejects written twice.
            flags.append("--experiments=prism_disable_sdf_split")
            flags.append(
                f"--job_endpoint={stack.enter_context(prism.running(prism.find(settings.prism_location) or ''))}"
            )
        options = PipelineOptions(flags)
        try:
            pipeline = beam.Pipeline(
                options=options, runner=_fn_api_runner(options) if runner == "FnApiRunner" else None
            )
        except ValueError as error:  # no such runner; an option that it cannot do without
            raise UserError(f"--runner {runner}: {' '.join(str(error).split())}") from None
        (build or collecting.build)(pipeline, settings)
        if is_local(runner):
            stack.enter_context(Progress(max(5.0, settings.commit_interval if settings.streaming else 5.0)))
        else:
            log.info("sending the job to %s, which shows how far it is", runner)
        try:
            result = pipeline.run()
            if submitted is not None:
                submitted.set()
            state = result.wait_until_finish()
            if state == "FAILED":  # PipelineState is a str
                raise RuntimeError("the runner says that the job failed")
        except Exception as error:
            if Stop.ending.is_set():  # the runner has been ended; the thread that did so ends the process
                threading.Event().wait(60)
            return _fail(error)
        return 0, metrics(result) or dict(count.tally())


@contextlib.contextmanager
def own_temporary_folder() -> Iterator[None]:
    """One folder for all temporary files of this process, Beam's among them, which it leaves behind."""
    before = tempfile.tempdir
    tempfile.tempdir = tempfile.mkdtemp(prefix="idlib-watch-")
    try:
        yield
    finally:
        clear_temporary_folder()
        tempfile.tempdir = before


def clear_temporary_folder() -> None:
    """Remove ``own_temporary_folder``, where there is one."""
    folder = tempfile.tempdir
    if folder and os.path.basename(folder).startswith("idlib-watch-"):
        shutil.rmtree(folder, ignore_errors=True)


def is_local(runner: str) -> bool:
    """Whether the job runs in this process, and is counted in it."""
    return runner.rpartition(".")[2] in LOCAL_RUNNERS


def _stop(runner: str, storage: Storage, close: Close, submitted: threading.Event) -> None:
    """At a signal: let a commit in this process come to its end, print the account; the tables remember all."""
    from transforms.count import tally

    if not is_local(runner):
        log.info("stopped watching; the job goes on at the runner" if submitted.is_set() else "stopped")
        return
    log.info("stopping")
    # Beam's threads complain of streams that end; nobody is there to mend them any more.
    threading.excepthook = lambda _: None
    logging.disable(logging.CRITICAL)
    storage.close()
    close(0, dict(tally()), True)
    clear_temporary_folder()
    prism.end()  # last: the main thread meets its end as an error


def _fail(error: Exception) -> tuple[int, None]:
    if os.environ.get("IDLIB_WATCH_DEBUG"):
        raise error
    said = " ".join(str(error).split())
    if isinstance(error, UserError):
        raise UserError(said.partition(" [while running")[0]) from None
    mistake = re.search(r"schemas\.errors\.UserError: (.+?)(?: \[while running|$)", said)  # raised in a worker
    if mistake:
        raise UserError(mistake[1]) from None
    complain(f"the run failed: {said[-600:]}")
    print(
        "idlib-watch: what was committed stands; run again to go on (IDLIB_WATCH_DEBUG=1 shows more)",
        file=sys.stderr,
    )
    return 3, None


def _fn_api_runner(options: Any) -> Any:
    """FnApiRunner with the pipeline's options handed to its workers, as DirectRunner does."""
    from apache_beam.portability.api import beam_provision_api_pb2
    from apache_beam.runners.portability.fn_api_runner import fn_runner
    from apache_beam.runners.portability.portable_runner import JobServiceHandle

    info = beam_provision_api_pb2.ProvisionInfo(
        pipeline_options=JobServiceHandle.encode_pipeline_options(options.get_all_options())
    )
    return fn_runner.FnApiRunner(provision_info=fn_runner.ExtendedProvisionInfo(info))


def metrics(result: Any) -> dict[str, int]:
    """The run's own counters, by ``stage/outcome``."""
    from transforms.count import NAMESPACE

    found: dict[str, int] = {}
    try:
        counters = result.metrics().query()["counters"]
    except Exception:  # not every runner answers
        return found
    for counter in counters:
        if counter.key.metric.namespace == NAMESPACE:
            name = counter.key.metric.name
            found[name] = found.get(name, 0) + int(counter.result or 0)
    return found


class Stop:
    """What SIGTERM and SIGINT do: a thread of their own ends the process, wherever the main thread is.

    An exception raised in the main thread would be lost where Beam, gRPC or an at-fork handler runs, as it
    happened one start in twenty. ``closing`` does what is to be done before the end.
    """

    ending: ClassVar[threading.Event] = threading.Event()

    def __init__(self) -> None:
        self.closing: Callable[[], None] = lambda: None

    def listen(self) -> None:
        """Answer to both signals from now on; without effect outside of the main thread."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._heard)

    def _heard(self, number: int, _: Any) -> None:
        if not self.ending.is_set():
            self.ending.set()
            threading.Thread(target=self._end, args=(130 if number == signal.SIGINT else 0,), daemon=True).start()

    def _end(self, status: int) -> None:
        try:
            self.closing()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
