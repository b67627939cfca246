"""A GCS-speaking server for the tests, and a gate before it that can answer 503 for a while."""

from __future__ import annotations

import http.client
import http.server
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Gate:
    """Forwards to the storage server; ``fail_writes(n)`` makes the next n writing requests answer 503."""

    port: int
    upstream: int
    failing: int = 0
    failed: int = 0
    writes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fail_writes(self, number: int) -> None:
        with self.lock:
            self.failing = number

    def admits(self, method: str) -> bool:
        with self.lock:
            self.writes += method in {"POST", "PUT"}
            if method not in {"POST", "PUT"} or self.failing <= 0:
                return True
            self.failing -= 1
            self.failed += 1
            return False


@contextmanager
def storage_server(bucket: str) -> Iterator[Gate]:
    """gcp-storage-emulator in a process of its own, with a gate in front."""
    gate = Gate(free_port(), free_port())
    process = subprocess.Popen(
        [sys.executable, "-m", "gcp_storage_emulator", "start", "--host", "127.0.0.1", "--port", str(gate.upstream),
         "--in-memory", "--default-bucket", bucket, "-q"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    server = http.server.ThreadingHTTPServer(("127.0.0.1", gate.port), _handler(gate))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", gate.upstream), 1).close()
                break
            except OSError:
                assert time.monotonic() < end, "the storage server does not start"
                time.sleep(0.05)
        yield gate
    finally:
        server.shutdown()
        server.server_close()
        process.terminate()
        process.wait(10)


def environment(gate: Gate) -> dict[str, str]:
    """What makes Google's client talk to the gate, without credentials."""
    return {
        "STORAGE_EMULATOR_HOST": f"http://127.0.0.1:{gate.port}",
        "GOOGLE_CLOUD_PROJECT": "idlib-watch-test",
        "NO_GCE_CHECK": "true",
        "HOME": os.environ.get("HOME", "/nonexistent"),
    }


def _handler(gate: Gate) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if not gate.admits(self.command):
                self.send_response(503)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            upstream = http.client.HTTPConnection("127.0.0.1", gate.upstream, timeout=30)
            headers = {k: v for k, v in self.headers.items() if k.lower() not in {"connection", "content-length"}}
            upstream.request(self.command, self.path, body, headers)
            answer = upstream.getresponse()
            data = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {
                    "connection",
                    "content-length",
                    "transfer-encoding",
                    "server",
                    "date",
                }:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
            upstream.close()

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = _forward

        def log_message(self, *_: object) -> None:
            pass

    return Handler
