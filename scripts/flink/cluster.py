"""A Flink cluster on this machine, of real processes: one JobManager, TaskManagers, and Beam's job server.

    bash scripts/flink/setup.sh
    python -m scripts.flink.cluster up | status | down
    python -m scripts.flink.cluster kill N | start N      the Nth TaskManager: kill -9, and a new one
    python -m scripts.flink.cluster cancel | stop         the running jobs; stop makes a savepoint and prints its path

Everything lies below ``.cache/flink``; all listens on 127.0.0.1 only. Flink is started without its own
scripts (what PyPI carries has none), so the memory model stands whole in the configuration.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "flink"
WORKER = ROOT / "scripts" / "flink" / "worker.sh"
REST = 8081
JOBS = 8099
MANAGERS = 2
HEAP, DIRECT, METASPACE = 1024, 512, 256  # MiB of a TaskManager; Python's memory is its own
CONFIG = {
    "jobmanager.rpc.address": "localhost",
    "jobmanager.rpc.port": "6123",
    "jobmanager.bind-host": "127.0.0.1",
    "jobmanager.memory.process.size": "1200m",
    "blob.server.port": "6124",
    "rest.address": "localhost",
    "rest.bind-address": "127.0.0.1",
    "rest.port": str(REST),
    "taskmanager.bind-host": "127.0.0.1",
    "taskmanager.host": "localhost",
    "taskmanager.numberOfTaskSlots": "2",
    "taskmanager.cpu.cores": "1.0",
    "taskmanager.memory.framework.heap.size": "128m",
    "taskmanager.memory.task.heap.size": f"{HEAP - 128}m",
    "taskmanager.memory.framework.off-heap.size": "128m",
    "taskmanager.memory.task.off-heap.size": f"{DIRECT - 128 - 128}m",
    "taskmanager.memory.network.min": "128m",
    "taskmanager.memory.network.max": "128m",
    "taskmanager.memory.managed.size": "64m",
    "taskmanager.memory.jvm-metaspace.size": f"{METASPACE}m",
    "taskmanager.memory.jvm-overhead.min": "192m",
    "taskmanager.memory.jvm-overhead.max": "192m",
    # Two subtasks on two TaskManagers are two Python processes; on one they would share one.
    "cluster.evenly-spread-out-slots": "true",
    # A TaskManager that is gone is missed after seconds, not after Flink's 50.
    "heartbeat.interval": "1000",
    "heartbeat.timeout": "8000",
    "restart-strategy.type": "fixed-delay",
    "restart-strategy.fixed-delay.attempts": "1000",
    "restart-strategy.fixed-delay.delay": "1 s",
    "state.backend.type": "hashmap",
    "state.checkpoints.dir": (CACHE / "checkpoints").as_uri(),
    "state.savepoints.dir": (CACHE / "savepoints").as_uri(),
    "classloader.check-leaked-classloader": "false",
    "io.tmp.dirs": str(CACHE / "tmp"),
}
LOGGING = """\
rootLogger.level = INFO
rootLogger.appenderRef.out.ref = out
appender.out.name = out
appender.out.type = CONSOLE
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1} %m%n
"""
# What Flink and Beam reach into on Java 17.
OPENED = [
    f"--add-opens=java.base/{package}=ALL-UNNAMED"
    for package in ("java.lang", "java.lang.reflect", "java.net", "java.io", "java.nio", "sun.nio.ch", "java.text")
] + [
    f"--add-opens=java.base/java.{package}=ALL-UNNAMED"
    for package in ("time", "util", "util.concurrent", "util.concurrent.atomic", "util.concurrent.locks")
]  # fmt: skip
OPENED.append("--add-exports=java.base/sun.net.util=ALL-UNNAMED")


class ClusterError(Exception):
    """The cluster did not do what was asked of it; the message says where to look."""


def submission(parallelism: int = MANAGERS) -> list[str]:
    """The options that send a job here, for ``idlib-watch collect``."""
    return [
        "--runner=PortableRunner",
        f"--job_endpoint=localhost:{JOBS}",
        "--environment_type=PROCESS",
        f"--environment_config={json.dumps({'command': str(WORKER)})}",
        f"--parallelism={parallelism}",
    ]


def up(managers: int = MANAGERS) -> None:
    """Start what does not run yet, and wait until jobs can be sent; ``ClusterError`` after a minute."""
    if not (CACHE / "versions").is_file():
        raise ClusterError("Flink is not here: bash scripts/flink/setup.sh fetches it")
    for folder in ("conf", "log", "run", "checkpoints", "savepoints", "artifacts", "tmp"):
        (CACHE / folder).mkdir(exist_ok=True)
    lines = [f"{key}: {value}" for key, value in CONFIG.items()]
    (CACHE / "conf" / "config.yaml").write_text("\n".join(lines) + "\n")
    (CACHE / "conf" / "log4j.properties").write_text(LOGGING)
    if not alive("jobmanager"):
        _java("jobmanager", "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
              ["-Xmx768m", f"-XX:MaxMetaspaceSize={METASPACE}m"], ["--configDir", str(CACHE / "conf")])  # fmt: skip
    for number in range(1, managers + 1):
        if not alive(f"taskmanager{number}"):
            start_manager(number)
    if not alive("jobserver"):
        _java(
            "jobserver", "org.apache.beam.runners.flink.FlinkJobServerDriver", ["-Xmx768m"],
            [f"--flink-master=localhost:{REST}", f"--flink-conf-dir={CACHE / 'conf'}", "--job-host=localhost",
             f"--job-port={JOBS}", "--artifact-port=8098", "--expansion-port=0",
             f"--artifacts-dir={CACHE / 'artifacts'}"],
            CACHE / "job-server",
        )  # fmt: skip
    wait(lambda: managers_up() == managers, 60, "the TaskManagers")
    wait(_takes_jobs, 60, "the job server")


def _takes_jobs() -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", JOBS), 1):
        return True
    return False


def start_manager(number: int) -> None:
    """Start the TaskManager of that number."""
    memory = [f"-Xmx{HEAP}m", f"-XX:MaxDirectMemorySize={DIRECT}m", f"-XX:MaxMetaspaceSize={METASPACE}m"]
    name = f"taskmanager.resource-id=tm{number}-{time.time_ns() // 1_000_000}"
    _java(f"taskmanager{number}", "org.apache.flink.runtime.taskexecutor.TaskManagerRunner", memory,
          ["--configDir", str(CACHE / "conf"), "-D", name])  # fmt: skip


def _java(name: str, main: str, flags: list[str], arguments: list[str], jars: Path | None = None) -> None:
    pyflink = CACHE / "flink" / "pyflink"
    # The planner of Flink's SQL is of no use here, and large.
    found = [str(j) for j in sorted((pyflink / "lib").glob("*.jar")) if "flink-table" not in j.name]
    if jars:  # the job server has its own Flink, but nothing to write a log with
        found = [*(j for j in found if "/log4j" in j), f"{jars}/*"]
    command = ["java", *flags, *OPENED, f"-Dlog4j.configurationFile={(CACHE / 'conf' / 'log4j.properties').as_uri()}",
               "-cp", ":".join(found), main, *arguments]  # fmt: skip
    environment = {**os.environ, "FLINK_CONF_DIR": str(CACHE / "conf"), "FLINK_LIB_DIR": str(pyflink / "lib"),
                   "FLINK_PLUGINS_DIR": str(pyflink / "plugins")}  # fmt: skip
    with _log(name).open("ab") as log:
        started = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    _pid_file(name).write_text(str(started.pid))


def down() -> None:
    """End all processes of the cluster, and wait until they are gone."""
    names = [p.stem for p in sorted((CACHE / "run").glob("*.pid"), reverse=True)]
    for name in names:
        if alive(name):
            os.kill(pid(name), signal.SIGTERM)
    end = time.monotonic() + 15
    for name in names:
        while alive(name):
            if time.monotonic() > end:
                os.kill(pid(name), signal.SIGKILL)
            time.sleep(0.1)
        _pid_file(name).unlink(missing_ok=True)


def kill_manager(number: int) -> None:
    """``kill -9`` of the TaskManager of that number."""
    os.kill(pid(f"taskmanager{number}"), signal.SIGKILL)
    wait(lambda: not alive(f"taskmanager{number}"), 10, "the end of a killed TaskManager")


def workers() -> list[int]:
    """The process ids of the Python workers."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and b"scripts.flink.worker" in _command(int(folder.name)):
            found.append(int(folder.name))
    return sorted(found)


def alive(name: str) -> bool:
    """Whether the process of that name runs (and is ours: process ids come round again)."""
    command = _command(pid(name))
    return str(CACHE).encode() in command


def pid(name: str) -> int:
    """Its process id, 0 where there is none."""
    try:
        return int(_pid_file(name).read_text())
    except (FileNotFoundError, ValueError):
        return 0


def _command(number: int) -> bytes:
    with contextlib.suppress(ChildProcessError, PermissionError):
        if number > 0:
            os.waitpid(number, os.WNOHANG)  # a child of ours that has ended
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes() if number > 0 else b""
    except OSError:
        return b""


def _pid_file(name: str) -> Path:
    return CACHE / "run" / f"{name}.pid"


def _log(name: str) -> Path:
    return CACHE / "log" / f"{name}.log"


def ask(path: str, body: object = None, method: str | None = None) -> Any:
    """The answer of Flink's REST interface; ``ClusterError`` where it gives none."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{REST}{path}", data, {"Content-Type": "application/json"}, method=method
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")
    except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
        raise ClusterError(f"Flink's JobManager does not answer ({error}); see {_log('jobmanager')}") from None


def managers_up() -> int:
    """TaskManagers that the JobManager knows; 0 where it does not answer yet."""
    try:
        return int(ask("/overview")["taskmanagers"])
    except ClusterError:
        return 0


def running() -> list[str]:
    """The ids of the jobs that are not at their end."""
    ended = {"CANCELED", "FINISHED", "FAILED"}
    return [j["jid"] for j in ask("/jobs/overview")["jobs"] if j["state"] not in ended]


def cancel() -> None:
    """End all jobs at once."""
    for job in running():
        ask(f"/jobs/{job}?mode=cancel", method="PATCH")
    wait(lambda: not running(), 60, "the end of the jobs")


def stop(job: str) -> str:
    """End a job with a savepoint; where that is."""
    order = ask(f"/jobs/{job}/stop", {"targetDirectory": (CACHE / "savepoints").as_uri(), "drain": False})
    where = f"/jobs/{job}/savepoints/{order['request-id']}"
    wait(lambda: ask(where)["status"]["id"] == "COMPLETED", 120, "the savepoint")
    done = ask(where)["operation"]
    if "location" not in done:
        raise ClusterError(f"no savepoint: {done['failure-cause']['class']}; see {_log('jobmanager')}")
    return str(done["location"])


def restored(job: str) -> tuple[int, int]:
    """How often the job was restarted from a checkpoint, and how many checkpoints were completed."""
    counts = ask(f"/jobs/{job}/checkpoints")["counts"]
    return int(counts["restored"]), int(counts["completed"])


def wait(done: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for ``done``; ``ClusterError`` after ``seconds``."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise ClusterError(f"waited {seconds:.0f} s for {what}; the logs are in {CACHE / 'log'}")
        time.sleep(0.2)


def main(argv: list[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.flink.cluster", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("order", choices=("up", "down", "status", "kill", "start", "cancel", "stop"))
    parser.add_argument("number", nargs="?", type=int, default=1, help="which TaskManager")
    asked = parser.parse_args(argv)
    try:
        if asked.order == "up":
            up()
            sys.stdout.write(f"Flink: http://127.0.0.1:{REST}; send jobs with {' '.join(submission())}\n")
        elif asked.order == "down":
            down()
        elif asked.order == "kill":
            kill_manager(asked.number)
        elif asked.order == "start":
            start_manager(asked.number)
        elif asked.order == "cancel":
            cancel()
        elif asked.order == "stop":
            for job in running():
                sys.stdout.write(f"{stop(job)}\n")
        else:
            names = sorted(p.stem for p in (CACHE / "run").glob("*.pid"))
            for name in names:
                sys.stdout.write(f"{name}: {'up' if alive(name) else 'gone'}, process {pid(name)}\n")
            sys.stdout.write(f"jobs: {' '.join(running()) or 'none'}; Python workers: {len(workers())}\n")
    except ClusterError as error:
        sys.stderr.write(f"flink: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
