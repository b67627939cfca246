"""Starts `idlib-watch` processes quickly: imports what is heavy once, then forks a process for each command.

Reads JSON lines on standard input, {"argv": [...], "log": path, "env": {...}}, and answers each with the
pid; {"wait": pid} answers with the exit status (negative: the signal). The children are processes of
their own, which can be killed as any other.
"""

from __future__ import annotations

import json
import os
import signal
import sys


def main() -> None:
    import apache_beam.options.pipeline_options
    import apache_beam.runners.portability.fn_api_runner
    import apache_beam.runners.portability.prism_runner  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    import pipelines.collect
    import pipelines.report
    import pipelines.run  # noqa: F401
    import transforms.branches
    import transforms.extract
    import transforms.pages
    import transforms.screen
    import transforms.seen
    import transforms.tables
    import transforms.ticks  # noqa: F401
    from transforms.gazetteer import gazetteer_for
    from transforms.parsing import model_for
    from transforms.topic import load_topic

    model_for("en")
    gazetteer_for(load_topic("syria"))
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            print(os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1]), flush=True)
            continue
        pid = os.fork()
        if pid:
            print(pid, flush=True)
            continue
        _child(order)


def _child(order: dict[str, object]) -> None:
    from pipelines.cli import leave
    from pipelines.cli import main as cli

    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    handle = os.open(str(order["log"]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.environ.update(order.get("env") or {})  # type: ignore[call-overload]
    status = 70
    try:
        argv = order["argv"]
        assert isinstance(argv, list)
        status = cli(argv)
    except BaseException:
        import traceback

        traceback.print_exc()
    leave(status)


if __name__ == "__main__":
    main()
