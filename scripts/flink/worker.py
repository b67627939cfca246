"""One Python worker of Beam, as a TaskManager starts it: ``worker --id=ID --provision_endpoint=HOST:PORT``.

It asks the runner for the rest (Beam's provision service), and is Beam's worker from then on. Nothing is
staged or installed: packages and code are those of the environment it runs in. A TaskManager that is
killed with -9 cannot end its workers, so each watches its parent.
"""

from __future__ import annotations

import argparse
import os
import threading
import time

import grpc  # type: ignore[import-untyped]
from apache_beam.portability.api import (
    beam_provision_api_pb2,
    beam_provision_api_pb2_grpc,
    endpoints_pb2,
)
from google.protobuf import json_format, text_format  # type: ignore[import-untyped]

SECONDS = 60.0  # for the runner to answer


def provision(endpoint: str, worker: str) -> beam_provision_api_pb2.ProvisionInfo:
    """What the runner has for the worker of that name; raises ``grpc.RpcError``."""
    with grpc.insecure_channel(endpoint, options=[("grpc.enable_http_proxy", 0)]) as channel:
        service = beam_provision_api_pb2_grpc.ProvisionServiceStub(channel)
        answer: beam_provision_api_pb2.GetProvisionInfoResponse = service.GetProvisionInfo(
            beam_provision_api_pb2.GetProvisionInfoRequest(),
            metadata=[("worker_id", worker)],
            timeout=SECONDS,
            wait_for_ready=True,
        )
    return answer.info


def environment(info: beam_provision_api_pb2.ProvisionInfo, worker: str) -> dict[str, str]:
    """The variables in which Beam's worker looks for its addresses and options."""
    found = {
        "WORKER_ID": worker,
        "PIPELINE_OPTIONS": json_format.MessageToJson(info.pipeline_options),
        "CONTROL_API_SERVICE_DESCRIPTOR": _descriptor(info.control_endpoint),
        "RUNNER_CAPABILITIES": " ".join(info.runner_capabilities),
    }
    if info.logging_endpoint.url:
        found["LOGGING_API_SERVICE_DESCRIPTOR"] = _descriptor(info.logging_endpoint)
    if info.status_endpoint.url:
        found["STATUS_API_SERVICE_DESCRIPTOR"] = _descriptor(info.status_endpoint)
    return found


def _descriptor(endpoint: endpoints_pb2.ApiServiceDescriptor) -> str:
    return str(text_format.MessageToString(endpoint))


def end_with(parent: int) -> None:
    """End this process when ``parent`` is no longer what started it."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def main() -> None:
    """The command."""
    end_with(os.getppid())
    parser = argparse.ArgumentParser()
    parser.add_argument("--id", required=True)
    parser.add_argument("--provision_endpoint", required=True)
    asked, _ = parser.parse_known_args()
    os.environ.update(environment(provision(asked.provision_endpoint, asked.id), asked.id))
    from apache_beam.runners.worker import sdk_worker_main

    sdk_worker_main.main([])
    os._exit(0)


if __name__ == "__main__":
    main()
