"""Starting and ending a run of the graph: checks before, progress meanwhile, the account after."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from pipelines.options import LOCAL_RUNNERS, Settings, parse
from schemas.errors import UserError

LOOPBACK = "localhost,127.0.0.1,::1"
log = logging.getLogger("idlib-watch")


def collect(argv: list[str]) -> int:
    """Run ``collect`` with ``argv``; returns the exit status: 0, 1 (nothing could be polled), 2, 130."""
    try:
        return _collect(parse(argv))
    except UserError as error:
        print(f"idlib-watch: {error}", file=sys.stderr)
        return 2


def _collect(settings: Settings) -> int:
    spare_loopback()
    logging.basicConfig(format="%(asctime)s %(levelname).1s %(message)s", datefmt="%H:%M:%S", level=logging.WARNING)
    log.setLevel(logging.INFO)
    runner = choose_runner(settings)

    from transforms.feedlist import load_feeds
    from transforms.topic import load_topic

    feeds = load_feeds(settings.feeds)
    load_topic(settings.topic)
    check_beam_options(settings)

    from transforms.storage import LocalStorage, Storage

    storage = Storage.at(settings.output)
    storage.check()
    lock = storage.run_lock() if isinstance(storage, LocalStorage) else contextlib.nullcontext()
    with lock:
        from transforms.commit import sweep

        swept = sweep(storage)
        if swept:
            log.info("removed %d files of batches that a kill left unfinished", swept)
        log.info("%d feeds, topic %s, output %s", len(feeds), settings.topic, settings.output)
        status, counts = execute(settings, runner)
        if counts is None:
            return status
        from pipelines.report import print_account

        print_account(counts, settings, [f.url for f in feeds])
        from transforms.account import polled, succeeded

        return 1 if status == 0 and not settings.streaming and polled(counts) and not succeeded(counts) else status


def spare_loopback() -> None:
    """Keep Beam's own loopback gRPC away from a proxy in the environment: the run would hang."""
    for name in ("no_proxy", "NO_PROXY"):
        value = os.environ.get(name, "")
        os.environ[name] = f"{value},{LOOPBACK}" if value else LOOPBACK


def choose_runner(settings: Settings) -> Any:
    """The runner: what was named, else FnApiRunner once and Prism in a stream. Nothing is downloaded.

    Beam's DirectRunner would first try to download Prism; it gets to choose only where Prism is given.
    """
    name = settings.runner.rpartition(".")[2]
    if settings.streaming and name in {"", "DirectRunner", "PrismRunner"}:
        if prism_binary(settings) is None:
            raise UserError(
                "--streaming needs Prism: `make prism` builds it (with Go), --prism_location=PATH names it; "
                "or give another --runner"
            )
        return "PrismRunner"
    if settings.streaming and name == "FnApiRunner":
        raise UserError("--streaming: FnApiRunner writes only when a stream ends; use PrismRunner, FlinkRunner or DataflowRunner")
    if name == "PrismRunner" and prism_binary(settings) is None:
        raise UserError("--runner=PrismRunner: no Prism binary; `make prism` builds it, --prism_location=PATH names it")
    if name == "DirectRunner" and any(a.startswith("--prism_location") for a in settings.beam):
        return "DirectRunner"
    if name in {"", "DirectRunner", "FnApiRunner"}:
        return "FnApiRunner"
    return settings.runner


def prism_binary(settings: Settings) -> str | None:
    """The Prism binary: as given, from IDLIB_WATCH_PRISM, or where ``make prism`` puts it."""
    for arg in settings.beam:
        if arg.startswith("--prism_location="):
            path = arg.partition("=")[2]
            if not os.path.isfile(path):
                raise UserError(f"--prism_location {path}: no such file; `make prism` builds it")
            return path
    own = Path(__file__).resolve().parent.parent / ".cache" / "prism" / "prism"
    for path in (os.environ.get("IDLIB_WATCH_PRISM", ""), str(own)):
        if path and os.path.isfile(path):
            return path
    return None


def check_beam_options(settings: Settings) -> None:
    """Raise ``UserError`` for an option that neither we nor Beam know; runners elsewhere may know more."""
    name = settings.runner.rpartition(".")[2]
    if not settings.beam or (name and name not in LOCAL_RUNNERS):
        return
    import argparse
    import difflib

    from apache_beam.options.pipeline_options import PipelineOptions

    from pipelines.options import parser

    known = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for cls in _subclasses(PipelineOptions):
        with contextlib.suppress(argparse.ArgumentError):
            cls._add_argparse_args(known)
    given = [a.partition("=")[0] for a in settings.beam if a.startswith("--")]
    names = {o for a in known._actions for o in a.option_strings}
    for option in given:
        if option not in names:
            ours = {o for a in parser()._actions for o in a.option_strings}
            close = difflib.get_close_matches(option, sorted(names | ours), 1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise UserError(f"{option}: no such option{hint} (idlib-watch collect --help lists them)")


def _subclasses(cls: Any) -> Iterator[Any]:
    for sub in cls.__subclasses__():
        if "_add_argparse_args" in vars(sub):
            yield sub
        yield from _subclasses(sub)


def execute(settings: Settings, runner: str) -> tuple[int, dict[str, int] | None]:
    """Build and run the graph; the exit status and, where the run has them, its counters."""
    import apache_beam as beam
    from apache_beam.options.pipeline_options import PipelineOptions

    from pipelines.collect import build
    from transforms import count

    logging.getLogger("apache_beam").setLevel(logging.ERROR)
    flags = [*settings.beam, f"--runner={runner}"]
    if settings.streaming:
        flags.append("--streaming")
    if runner in {"PrismRunner"} and not any(a.startswith("--prism_location") for a in flags):
        flags.append(f"--prism_location={prism_binary(settings)}")
    options = PipelineOptions(flags)
    count.reset()
    pipeline = beam.Pipeline(options=options, runner=_fn_api_runner(options) if runner == "FnApiRunner" else None)
    build(pipeline, settings)
    with Progress(settings), stop_signals() as stopped:
        try:
            result = pipeline.run()
            result.wait_until_finish()
        except KeyboardInterrupt:
            log.info("stopping")
            with contextlib.suppress(Exception):
                result.cancel()
            return (130 if stopped.get("signal") == signal.SIGINT else 0), dict(count.tally())
        except Exception as error:
            if os.environ.get("IDLIB_WATCH_DEBUG"):
                raise
            said = " ".join(str(error).split())
            print(f"idlib-watch: the run failed: {said[-600:]}", file=sys.stderr)
            print("idlib-watch: what was committed stands; run again to go on (IDLIB_WATCH_DEBUG=1 shows more)", file=sys.stderr)
            return 3, None
    return 0, metrics(result) or dict(count.tally())


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


@contextlib.contextmanager
def stop_signals() -> Iterator[dict[str, int]]:
    """SIGTERM and SIGINT raise KeyboardInterrupt in the main thread; which it was stands in the dict."""
    got: dict[str, int] = {}

    def stop(number: int, _: Any) -> None:
        if not got:
            got["signal"] = number
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield got
        return
    old = {n: signal.signal(n, stop) for n in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield got
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


class Progress:
    """A line about where the run is: kept up to date in a terminal, a log line now and then elsewhere."""

    def __init__(self, settings: Settings) -> None:
        self._every = 0.5 if sys.stderr.isatty() else max(5.0, settings.commit_interval if settings.streaming else 5.0)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._terminal = sys.stderr.isatty()

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(2)
        if self._terminal:
            sys.stderr.write("\r\x1b[K")

    def _watch(self) -> None:
        from transforms.count import tally

        last = ""
        while not self._end.wait(self._every):
            line = progress_line(tally())
            if self._terminal:
                sys.stderr.write(f"\r\x1b[K{line[:120]}")
                sys.stderr.flush()
            elif line != last:
                log.info("%s", line)
            last = line


def progress_line(counts: Any) -> str:
    """Feeds polled, entries, pages, articles, so far."""
    from transforms.account import polled

    pages = counts["fetch/page"] + counts["fetch/refused"]
    return (
        f"{polled(counts)} feeds polled, {counts['poll/entries']} entries, {pages} pages, "
        f"{counts['judge/kept']} kept, {counts['annotate/article']} annotated, {counts['commit/articles']} committed"
    )


def utc(at: float) -> str:
    """A time for people."""
    return f"{datetime.fromtimestamp(at, timezone.utc):%Y-%m-%d %H:%M:%S} UTC"


def now() -> float:
    """Seconds since the epoch."""
    return time.time()
