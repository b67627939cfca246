#!/usr/bin/env bash
# Fetches what a Flink cluster on this machine needs into .cache/flink: Flink's own jars (as PyPI carries them) and
# Beam's job server (Maven). Needs Java 11 or 17, Maven, and `make setup` before. Does nothing the second time.
#
#   FLINK       release of Flink                    (1.19.3)
#   BEAM_FLINK  release of Beam's Flink runner      (2.62.0; any that has a runner for this Flink will do)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=$here/../../.cache/flink
flink=${FLINK:-1.19.3} beam_flink=${BEAM_FLINK:-2.62.0}

for tool in java mvn; do
  command -v "$tool" >/dev/null || { echo "flink: $tool is not installed" >&2; exit 1; }
done
mkdir -p "$cache"
want="$flink $beam_flink"
if [ "$(cat "$cache/versions" 2>/dev/null)" = "$want" ]; then exit 0; fi

rm -rf "$cache/flink" "$cache/job-server" "$cache/versions"
install=("$here/../../.venv/bin/python" -m pip install)
if command -v uv >/dev/null; then install=(uv pip install); fi
"${install[@]}" --quiet --no-deps --target "$cache/flink" "apache-flink-libraries==$flink"
mvn --quiet --batch-mode -f "$here/pom.xml" dependency:copy-dependencies \
  -Dflink.line="${flink%.*}" -Dbeam.flink="$beam_flink" -DoutputDirectory="$(cd "$cache" && pwd)/job-server"
echo "$want" >"$cache/versions"
echo "flink: Flink $flink and Beam's job server $beam_flink are in .cache/flink" >&2
