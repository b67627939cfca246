"""README and docs are run: each command, query and option that they show.

``python -m tests.test_docs --write`` puts in what the commands print today. Comments in the texts say
what is special about the block after them: ``not run: WHY`` (its options are checked instead), and
``leave out: A | B`` (sections of the output, from a line to the next empty one, stand as ``…``).
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks import quality
from pipelines import annotate, check, explain, feeds, options, query, replay
from pipelines.query import schema_markdown
from schemas import views
from schemas.errors import UserError
from schemas.reasons import COUNTED_ONLY, PACE, POLL, REJECTS, STAGES, TRANSPORT
from schemas.tables import TABLES
from tests.newsday.day import free_base
from transforms.topic import parse_topic
from transforms.views import connect

ROOT = Path(__file__).parents[1]
TEXTS = (
    "README.md",
    "docs/tables.md",
    "docs/running.md",
    "docs/looking.md",
    "docs/quality.md",
    "docs/topics.md",
    "docs/collecting.md",
)
BLOCK = re.compile(r"(?:<!-- (not run|leave out): (.*?) -->\n)?```(\w+)\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.S)
SCHEMA = re.compile(r"(?<=<!-- schema -->\n).*?(?=<!-- /schema -->)", re.S)
TOOK = re.compile(r"^\d+\.\d s in all.*$", re.M)  # differs from run to run
JOBS = {"query": query.parser(), "annotate": annotate.parser(), "explain": explain.parser(),
        "feeds": feeds.parser(), "feeds check": check.parser(), "replay": replay.parser()}  # fmt: skip
# Known to Flink's job server, to docker, or to gcloud; none of ours.
ELSEWHERE = {"--finish_bundle_before_checkpointing", "--checkpointing_interval", "--checkpointing_mode"} | {
    "--parallelism", "--savepoint_path",
}  # fmt: skip


@dataclass
class Block:
    """A fenced block. ``output`` is the text block that follows a Python block."""

    file: str
    mark: str
    what: str  # of the mark
    kind: str
    body: str
    output: str | None

    @property
    def runs(self) -> bool:
        return self.mark != "not run"


def blocks(file: str) -> list[Block]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return [Block(file, m[1] or "", m[2] or "", m[3], m[4], m[5]) for m in BLOCK.finditer(text)]


def every(*kinds: str, runs: bool = True) -> list[Block]:
    return [b for file in TEXTS for b in blocks(file) if b.kind in kinds and b.runs == runs]


def name(block: Block) -> str:
    return f"{block.file}: {' '.join(block.body.split())[:60]}"


@dataclass
class Place:
    """A folder with ``data/newsday``, collected as `make run` does, and what that printed."""

    folder: Path
    account: str

    def run(self, command: str | list[str]) -> str:
        """What a command prints; ``AssertionError`` where it fails."""
        bin_ = self.folder / "bin"
        environment = {**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        environment.pop("COLUMNS", None)
        done = subprocess.run(
            command, shell=isinstance(command, str), cwd=self.folder, env=environment, capture_output=True,
            text=True, timeout=200,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout


@contextmanager
def collected() -> Iterator[Place]:
    base = free_base()
    with tempfile.TemporaryDirectory(prefix="docs-") as temporary:
        place = Place(Path(temporary), "")
        for block in every("toml"):  # "# NAME" in the first line: the file that the commands after it use
            (place.folder / block.body.split()[1]).write_text(block.body, encoding="utf-8")
        shim = place.folder / "bin" / "idlib-watch"
        shim.parent.mkdir()
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pipelines.cli "$@"\n')
        shim.chmod(0o755)
        command = [sys.executable, "-m", "pipelines.demo", "--port", str(base), "--output", "data/newsday"]
        place.account = place.run(command).replace(f"127.0.0.1:{base}", "127.0.0.1:8641")
        yield place


@pytest.fixture(scope="session")
def place() -> Iterator[Place]:
    with collected() as made:
        yield made


def commands(body: str) -> list[tuple[str, str]]:
    """The commands of a console block, after ``$ ``, with what stands under each. A command goes on while a
    quotation mark is open."""
    found: list[tuple[str, str]] = []
    open_ = False
    for line in body.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:], ""))
            open_ = line.count('"') % 2 == 1
        elif open_:
            found[-1] = (found[-1][0] + line, "")
            open_ = line.count('"') % 2 == 0
        else:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


def printed(block: Block, command: str, place: Place) -> str:
    """What a command prints now, less what is to be left out."""
    out = place.account if command.strip() == "make run" else place.run(command)
    for title in block.what.split(" | ") if block.mark == "leave out" else ():
        shorter = re.sub(rf"^{re.escape(title)}\n.*?(?=^\n)", "…\n", out, count=1, flags=re.M | re.S)
        assert shorter != out, f"{block.file}: no section {title!r} to leave out"
        out = shorter
    return re.sub(r"(…\n\n)+(?=…\n)", "", out)


@pytest.mark.parametrize("block", every("console"), ids=name)
def test_commands_print_what_is_written(block: Block, place: Place) -> None:
    for command, wanted in commands(block.body):
        assert TOOK.sub("", wanted) == TOOK.sub("", printed(block, command, place)), (
            "run: python -m tests.test_docs --write"
        )


@pytest.mark.parametrize("block", every("sh"), ids=name)
def test_commands_succeed(block: Block, place: Place) -> None:
    for line in block.body.replace("\\\n", " ").splitlines():
        place.run(line)


@pytest.mark.parametrize("block", every("sql"), ids=name)
def test_queries_are_answered(block: Block, place: Place) -> None:
    with connect(str(place.folder / "data" / "newsday")) as connection:
        for statement in connection.extract_statements(block.body):
            rows = connection.execute(statement).fetchall()
            # Nothing is owed on a calm day, but a feed is gone.
            assert rows or "FROM owed" in block.body


@pytest.mark.parametrize("block", every("python"), ids=name)
def test_python_prints_what_is_written(block: Block, place: Place) -> None:
    out = place.run([sys.executable, "-c", block.body])
    assert block.output == out, "run: python -m tests.test_docs --write"


def known_options(*parsers: argparse.ArgumentParser) -> set[str]:
    return {option for parser in parsers for action in parser._actions for option in action.option_strings}


def beam_options() -> set[str]:
    from apache_beam.options.pipeline_options import PipelineOptions

    known = argparse.ArgumentParser(conflict_handler="resolve", add_help=False)
    waiting = list(PipelineOptions.__subclasses__())
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        cls._add_argparse_args(known)
    return known_options(known)


@pytest.mark.parametrize("block", every("sh", runs=False), ids=name)
def test_options_of_commands_that_are_not_run_exist(block: Block) -> None:
    targets = set(re.findall(r"^(\w+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for line in block.body.replace("\\\n", " ").splitlines():
        job = re.search(r"idlib-watch (collect|query|annotate|explain|replay|feeds check|feeds) ", line)
        given = set(re.findall(r"(?<=\s)--[a-z_]+", line))
        if job and job[1] == "collect":
            assert given <= known_options(options.parser()) | beam_options() | ELSEWHERE, line
        elif job:
            assert given <= known_options(JOBS[job[1]]), line
        elif line.startswith("make "):
            assert line.split()[1] in targets
        elif module := re.match(r"(?:\.venv/bin/|uv run .* )python -m ([\w.]+)(?: ([a-z]+)(?= ))?", line):
            # Of `uv run`, what stands before "python" is not ours.
            given = set(re.findall(r"(?<=\s)--[a-z_]+", line[line.index("python -m") :]))
            shown = subprocess.run(
                [sys.executable, "-m", module[1], *filter(None, [module[2]]), "--help"],
                cwd=ROOT, capture_output=True, text=True, check=True,
            )  # fmt: skip
            assert given <= set(re.findall(r"--[a-z_-]+", shown.stdout)), line
        else:
            assert line.split()[0] in {"docker", "gcloud"}, line


@pytest.mark.parametrize("file", TEXTS)
def test_options_that_are_named_exist(file: str) -> None:
    named = set(re.findall(r"`(--[a-z_]+)", (ROOT / file).read_text(encoding="utf-8")))
    assert named <= known_options(options.parser(), *JOBS.values(), quality.parser()) | beam_options() | ELSEWHERE


def test_readme_has_every_option_with_its_default() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = {m[1]: m[2] for m in re.finditer(r"^\| `(--\w+)` \|.*\| (.*) \|$", readme, re.M)}
    ours = {a.option_strings[0]: a.default for a in options.parser()._actions if "--help" not in a.option_strings}
    assert rows.keys() == ours.keys()
    for option, default in ours.items():
        written = re.match(r"`?(\d+)([smhdM]?)`?", rows[option])
        if isinstance(default, int | float) and not isinstance(default, bool):
            assert written, option
            value = (
                options.size(written[0].strip("`")) if written[2] == "M" else options.duration(written[1] + written[2])
            )
            assert value == default, option


def test_tables_md_is_what_the_code_says() -> None:
    text = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    found = SCHEMA.search(text)
    assert found
    assert found[0].strip() == schema_markdown().strip(), "run: python -m tests.test_docs --write"


def test_schema_names_all_columns_and_reasons() -> None:
    told = schema_markdown()
    for columns in TABLES.values():
        for column in columns:
            assert f"| `{column.name}` | {views.type_name(column.type)} | {column.meaning} |" in told
    for word, meaning in {**STAGES, **POLL, **TRANSPORT, **REJECTS, **COUNTED_ONLY, **PACE}.items():
        assert f"| `{word}` | {meaning} |" in told


def known_keys(data: dict[str, object], where: str) -> set[str]:
    """The keys that the reader of topic files allows in a table, as it tells them itself."""
    with pytest.raises(UserError, match=rf"{re.escape(where)}nonsense: is not a known key") as raised:
        parse_topic(data, "inline")
    return set(str(raised.value).partition("use one of ")[2].split(", "))


@pytest.mark.parametrize(
    ("table", "least"),
    [
        ("terms", {"name": "x", "spellings": ["x"]}),
        ("actors", {"name": "x", "label": "GROUP"}),
        ("divisions", {"name": "x", "code": "01"}),
        ("places", {"name": "x", "id": 1}),
        ("country_names", {"code": "ML", "names": ["x"]}),
    ],
)
def test_topics_md_tells_every_key_of_a_table(table: str, least: dict[str, object]) -> None:
    text = (ROOT / "docs" / "topics.md").read_text(encoding="utf-8").partition("## Every key")[2]
    rows = text.partition(f"`[[{table}]]`")[2].partition("\n\n`[[")[0].partition("\n## ")[0]
    told = {key for row in re.findall(r"^\| (`.*?`) \|", rows, re.M) for key in re.findall(r"`(\w+)`", row)}
    data = {"name": "x", "countries": ["ML"], table: [{**least, "nonsense": 1}]}
    assert told == known_keys(data, f"{table}[0].")


def test_topics_md_tells_every_key_of_the_file() -> None:
    text = (ROOT / "docs" / "topics.md").read_text(encoding="utf-8").partition("## Every key")[2]
    rows = text.partition("\n`[[terms]]`")[0]
    told = {key for row in re.findall(r"^\| (`.*?`) \|", rows, re.M) for key in re.findall(r"`(\w+)`", row)}
    tables = set(re.findall(r"^`\[\[(\w+)\]\]`", text, re.M))
    assert told | tables == known_keys({"name": "x", "countries": ["ML"], "nonsense": 1}, "")


@pytest.mark.parametrize("file", TEXTS)
def test_links_lead_somewhere(file: str) -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / file).read_text(encoding="utf-8")):
        assert ((ROOT / file).parent / target).exists(), target


def test_views_of_tables_md() -> None:
    text = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8").partition("## DuckDB")[0]
    rows = re.findall(r"^\| (`.*?) \|", text, re.M)
    assert {word for row in rows for word in re.findall(r"`(\w+)`", row)} == set(views.MEANING)


def write() -> None:
    """Put what commands print today into the texts."""
    with collected() as made:
        for file in TEXTS:
            text = (ROOT / file).read_text(encoding="utf-8")

            def renewed(match: re.Match[str], file: str = file) -> str:
                block = Block(file, match[1] or "", match[2] or "", match[3], match[4], match[5])
                whole = match[0]
                if not block.runs:
                    return whole
                if block.kind == "console":
                    body = "".join(f"$ {c}{printed(block, c, made)}" for c, _ in commands(block.body))
                    return whole.replace(f"```console\n{block.body}", f"```console\n{body}", 1)
                if block.kind == "python" and block.output is not None:
                    out = made.run([sys.executable, "-c", block.body])
                    return whole.replace(f"```text\n{block.output}", f"```text\n{out}", 1)
                return whole

            text = BLOCK.sub(renewed, text)
            text = SCHEMA.sub(lambda _: f"\n{schema_markdown()}\n\n", text)
            (ROOT / file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("usage: python -m tests.test_docs --write")
    write()
