#!/usr/bin/env bash
# Builds Prism, Beam's local streaming runner, into .cache/prism/prism: the version that goes with the
# Beam of requirements.in. Does nothing if it is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=$(sed -n 's/^apache-beam.*==\([0-9.]*\).*$/\1/p' requirements.in)
target=$PWD/.cache/prism
[ -n "$version" ] || { echo "prism: requirements.in names no exact version of apache-beam" >&2; exit 1; }

if [ -x "$target/prism" ] && [ "$(cat "$target/VERSION" 2>/dev/null)" = "$version" ]; then exit 0; fi
if ! go version >/dev/null 2>&1; then
    echo "prism: Go is needed to build Prism $version; install it (https://go.dev/dl) and run 'make prism' again" >&2
    exit 1
fi
if [ ! -d "${HOME:-}" ] || [ ! -w "${HOME:-}" ]; then
    export GOPATH="${GOPATH:-$PWD/.cache/go}" GOCACHE="${GOCACHE:-$PWD/.cache/go-build}"
fi

mkdir -p "$target"
rm -f "$target/VERSION"
echo "prism: building Prism $version (a minute or two)" >&2
# Out of any module, workspace or cross-compilation that the surroundings may have set up.
(cd "$target" && env -u GOOS -u GOARCH GOWORK=off GOFLAGS= GOBIN="$target" CGO_ENABLED=0 \
    go install "github.com/apache/beam/sdks/v2/go/cmd/prism@v$version") 2>"$target/build.log" || {
    cat "$target/build.log" >&2
    echo "prism: the build failed; what Go said stands above" >&2
    exit 1
}
echo "$version" >"$target/VERSION"
echo "prism: ready: .cache/prism/prism" >&2
