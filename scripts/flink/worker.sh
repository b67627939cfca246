#!/usr/bin/env bash
# The command of a PROCESS environment: a Python worker in this checkout's .venv. Flink throws its output away.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
exec .venv/bin/python -m scripts.flink.worker "$@" >>.cache/flink/log/workers.log 2>&1 </dev/null
