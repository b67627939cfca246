#!/usr/bin/env bash
# Makes .venv: a Python, what requirements.lock lists, and this project (editable).
#
#   scripts/setup.sh              does nothing if .venv is up to date
#   PYTHON=python3.12 ...         which Python; without it, the first that fits
#   IDLIB_WATCH_NO_UV=1 ...       use venv and pip though uv is there
#
# The stamp in .venv holds a checksum of what was installed. While an installation is under way it holds
# the word "unfinished": what a broken-off one left is thrown away and made anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

venv=.venv
stamp=$venv/idlib-watch.stamp
venv_python=$venv/bin/python
supported='import sys; sys.exit(not (3, 10) <= sys.version_info[:2] < (3, 15))'

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Another virtualenv, a user site or a PYTHONPATH around us must not leak in.
unset VIRTUAL_ENV CONDA_PREFIX PYTHONPATH PYTHONHOME UV_PROJECT_ENVIRONMENT
export PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 PIP_DISABLE_PIP_VERSION_CHECK=1
if [ ! -d "${HOME:-}" ] || [ ! -w "${HOME:-}" ]; then
    export UV_CACHE_DIR="${UV_CACHE_DIR:-$PWD/.cache/uv}" PIP_CACHE_DIR="${PIP_CACHE_DIR:-$PWD/.cache/pip}"
fi

have_uv() { [ -z "${IDLIB_WATCH_NO_UV:-}" ] && uv --version >/dev/null 2>&1; }
fits() { "$1" -c "$supported" >/dev/null 2>&1; }
# The interpreter itself, not the virtualenv or the shim that stands before it.
real() { "$1" -c 'import sys; print(getattr(sys, "_base_executable", None) or sys.executable)'; }
version_of() { "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])'; }

checksum() {
    "$venv_python" - <<'PY'
import hashlib, pathlib, sys
digest = hashlib.sha256(sys.version.encode())
for name in ("requirements.lock", "requirements.in", "requirements-dev.in", "setup.py"):
    digest.update(pathlib.Path(name).read_bytes())
digest.update(str(pathlib.Path.cwd()).encode())  # a moved or copied .venv points to its old place
print(digest.hexdigest())
PY
}

check_wish() {
    [ -n "${PYTHON:-}" ] || return 0
    "$PYTHON" -c '' >/dev/null 2>&1 || die "PYTHON=$PYTHON cannot be run; give the name or path of a Python 3.10 to 3.14"
    fits "$PYTHON" || die "PYTHON=$PYTHON is Python $(version_of "$PYTHON"); Apache Beam 2.77 needs 3.10 to 3.14"
}

choose_python() {
    local candidate
    if [ -n "${PYTHON:-}" ]; then
        real "$PYTHON"
        return
    fi
    for candidate in python3 python python3.12 python3.13 python3.11 python3.14 python3.10; do
        if fits "$candidate"; then
            real "$candidate"
            return
        fi
    done
    # uv can bring a Python of its own.
    if have_uv; then echo 3.12; return; fi
    die "no Python 3.10 to 3.14 found$(fits_not); install one, or say which: make setup PYTHON=/path/to/python3.12"
}
fits_not() { if python3 -c '' 2>/dev/null; then printf ' (python3 is %s)' "$(version_of python3)"; fi; }

is_fresh() { [ -f "$stamp" ] && [ -x "$venv_python" ] && [ "$(cat "$stamp")" = "$(checksum 2>/dev/null)" ]; }
wrong_python() {
    [ -n "${PYTHON:-}" ] && [ "$(version_of "$PYTHON")" != "$(version_of "$venv_python")" ]
}

check_wish
if is_fresh && ! wrong_python; then exit 0; fi

if [ -e "$venv" ] || [ -L "$venv" ]; then
    if [ "$(cat "$stamp" 2>/dev/null)" = unfinished ]; then
        say "an earlier set-up did not finish: making $venv anew"
    elif ! fits "$venv_python"; then
        say "$venv has no usable Python: making it anew"
    elif wrong_python; then
        say "$venv is of Python $(version_of "$venv_python"), not of $PYTHON: making it anew"
    else
        keep=1
    fi
fi

if [ -z "${keep:-}" ]; then
    python=$(choose_python)
    rm -rf "$venv"
    say "making $venv with $python"
    mkdir "$venv" && echo unfinished >"$stamp"
    if have_uv; then
        uv venv --quiet --no-config --allow-existing --python "$python" "$venv"
    else
        "$python" -m venv "$venv" || {
            rm -rf "$venv"
            die "$python cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv"
        }
    fi
fi

echo unfinished >"$stamp"
say "installing what requirements.lock lists (Python $(version_of "$venv_python"))"
with_uv() {
    uv pip install --quiet --python "$venv_python" --require-hashes -r requirements.lock &&
        uv pip install --quiet --python "$venv_python" --no-deps --no-build-isolation -e .
}
with_pip() {
    "$venv_python" -m pip --version >/dev/null 2>&1 || "$venv_python" -m ensurepip >/dev/null
    "$venv_python" -m pip install --quiet --require-hashes -r requirements.lock &&
        "$venv_python" -m pip install --quiet --no-deps --no-build-isolation -e .
}
# uv trusts certificates of its own; the machine's are what pip and everything else here trust.
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
if have_uv; then
    with_uv || { say "uv could not; trying pip"; with_pip; }
else
    with_pip
fi
checksum >"$stamp.new"
mv "$stamp.new" "$stamp"
say "ready: $venv/bin/idlib-watch"
