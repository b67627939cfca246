#!/usr/bin/env bash
# Resolves requirements.in and requirements-dev.in into requirements.lock: exact versions with hashes for
# every Python and system at once, told apart by markers. Versions locked before stay unless --upgrade is given.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

uv --version >/dev/null 2>&1 || { echo "lock: needs uv (pip install uv)" >&2; exit 1; }
export UV_CUSTOM_COMPILE_COMMAND="make lock"
uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-emit-index-url \
    --no-emit-find-links --no-annotate "$@" requirements.in requirements-dev.in -o requirements.lock
