"""The options of ``collect``: what is understood, what is refused, and in how many words."""

from __future__ import annotations

import argparse
import subprocess
import sys

import pytest

from pipelines.options import USER_AGENT, VERSION, count, duration, parse, positive_duration, size
from schemas.errors import UserError
from transforms.helpers import cores

OUT = ["--output", "out"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("15m", 900), ("60s", 60), ("2h", 7200), ("30d", 2_592_000), ("1w", 604_800), ("90", 90), ("0", 0), ("1.5h", 5400),
     ("0.25", 0.25), (" 5 M ", 300), ("36500d", 3_153_600_000)],
)  # fmt: skip
def test_duration(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "m", "-5m", "5 minutes", "5y", "1e3", "inf", "nan", "5m5", "1:00", "9" * 30, ".5h", "5.h"]
)
def test_no_duration(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="no duration; write 15m"):
        duration(text)


@pytest.mark.parametrize("text", ["0", "0.5s", "0m"])
def test_too_short(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="too short"):
        positive_duration(text)


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("16", 16), ("100000", 100_000)])
def test_count(text: str, number: int) -> None:
    assert count(text) == number


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "", "x", "100001", "٣", "9" * 50])
def test_no_count(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        count(text)


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("512K", 524_288), ("8m", 8 << 20)])
def test_size(text: str, number: int) -> None:
    assert size(text) == number


@pytest.mark.parametrize("text", ["0", "", "8G", "-1", "1.5M", "M", "9" * 20])
def test_no_size(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        size(text)


def test_defaults() -> None:
    settings = parse(OUT)
    assert (settings.output, settings.feeds, settings.topic, settings.streaming) == ("out", None, "syria", False)
    assert (settings.poll_interval, settings.commit_interval, settings.max_age) == (600, 60, 30 * 86_400)
    assert (settings.shards, settings.output_shards, settings.page_delay, settings.timeout) == (1, 1, 1, 30)
    assert (settings.user_agent, settings.allow_private, settings.beam) == (USER_AGENT, (), ())
    assert settings.forced_since is None
    assert (settings.max_poll_interval, settings.poll_budget) == (86_400, 600)


def test_given() -> None:
    settings = parse([
        *OUT, "--feeds=f.opml", "--poll_interval", "5m", "--allow_private", "127.0.0.1:8641", "--allow_private=b.example",
        "--max_bytes", "1K", "--max_entries", "50", "--force", "--shards", "3", "--page_delay", "0",
    ])  # fmt: skip
    assert settings.allow_private == ("127.0.0.1:8641", "b.example")
    assert (settings.poll_interval, settings.max_bytes, settings.shards, settings.page_delay) == (300, 1024, 3, 0)
    assert settings.forced_since == settings.start
    assert settings.limits.max_bytes == 1024
    assert settings.max_entries == 50


def test_a_stream_bounds_a_tick_by_its_heartbeat() -> None:
    settings = parse([*OUT, "--streaming", "--commit_interval", "60s"])
    assert settings.heartbeat == 10
    assert settings.poll_budget is not None
    assert settings.poll_budget < settings.heartbeat
    assert settings.page_budget < settings.heartbeat
    assert (settings.bounds.cron, parse(OUT).bounds.cron) == (False, True)


def test_the_longest_pause_is_not_below_the_shortest() -> None:
    assert parse([*OUT, "--poll_interval", "7d"]).bounds.longest == 7 * 86_400
    assert parse([*OUT, "--poll_interval", "5s", "--max_poll_interval", "5s"]).bounds.longest == 5
    with pytest.raises(UserError, match="--max_poll_interval is shorter than --poll_interval"):
        parse([*OUT, "--poll_interval", "2h", "--max_poll_interval", "1h"])


@pytest.mark.parametrize("interval", [1, 2, 3, 7, 60, 900])
def test_heartbeats_lie_within_commits(interval: int) -> None:
    beat = parse([*OUT, "--commit_interval", str(interval)]).heartbeat
    assert beat >= 0.5
    assert interval / beat == pytest.approx(round(interval / beat))


@pytest.mark.parametrize(
    ("runner", "shards"),
    [("", 1), ("DirectRunner", 1), ("PrismRunner", 1), ("FlinkRunner", 16), ("DataflowRunner", 16)],
)
def test_shards_by_runner(runner: str, shards: int) -> None:
    assert parse([*OUT, "--runner", runner]).shards == shards


def test_annotators_are_for_a_run_once_on_this_machine() -> None:
    assert parse(OUT).annotators == min(4, cores())
    assert parse([*OUT, "--annotators=3"]).helpers == 2
    assert parse([*OUT, "--annotators=3", "--streaming"]).helpers == 0
    assert parse([*OUT, "--runner=FlinkRunner", "--annotators=3"]).helpers == 0
    assert parse([*OUT, "--direct_num_workers=2"]).helpers == 0  # Beam's processes parse beside each other


def test_what_is_not_ours_goes_to_beam() -> None:
    settings = parse([*OUT, "--project", "p", "--region=r", "--prism_location", "/p"])
    assert settings.beam == ("--project", "p", "--region=r")
    assert settings.prism_location == "/p"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "--output"), (["--output", " "], "--output is empty"), ([*OUT, "stray"], "'stray' is not an option"),
        ([*OUT, "--poll_interval", "soon"], "--poll_interval"), ([*OUT, "--poll_interval", "0"], "too short"),
        ([*OUT, "--shards", "0"], "--shards"), ([*OUT, "--max_bytes", "8G"], "--max_bytes"),
        ([*OUT, "--allow_private", "http://x/"], "--allow_private"), ([*OUT, "--user_agent", "a\r\nX: y"], "--user_agent"),
        ([*OUT, "--user_agent", "نادية"], "--user_agent"), ([*OUT, "--user_agent", " "], "--user_agent"),
        ([*OUT, "--feeds"], "--feeds"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_that_names_the_option(argv: list[str], said: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(argv)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_beam_is_not_imported_for_the_options() -> None:
    code = "import sys, pipelines.options as o; o.parse(['--output', 'x']); print('apache_beam' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


@pytest.mark.parametrize(
    "text", ["desk@news.example", "a.b+c@sub.news.example", "https://news.example", "https://news.example/bot?x=1&y=%20", "http://127.0.0.1:8000/"]
)  # fmt: skip
def test_a_contact_stands_in_the_introduction(text: str) -> None:
    settings = parse([*OUT, "--contact", text])
    assert settings.user_agent == settings.limits.user_agent == f"idlib-watch/{VERSION} (+{text})"


@pytest.mark.parametrize(
    "text",
    ["", " ", "me", "desk@", "@news.example", "desk@news", "desk@news.example\r\nX: y", "desk@news.example\n", "nadia@أخبار.example", "ftp://x/",
     "javascript:alert(1)", "https://", "https://user:pw@news.example/", "https://news.example/)(", "https://news.example/a b", "a@b.example (x)",
     "https://news.example/" + "x" * 200, "desk@news.example\x1b"],
)  # fmt: skip
def test_no_contact(text: str) -> None:
    with pytest.raises(UserError, match="neither a mail address nor"):
        parse([*OUT, "--contact", text])


def test_a_contact_has_one_place() -> None:
    with pytest.raises(UserError, match="with --user_agent name the contact in that"):
        parse([*OUT, "--contact", "desk@news.example", "--user_agent", "ours/1"])
    assert parse([*OUT, "--user_agent", "ours/1"]).user_agent == "ours/1"
    assert "no contact given" in parse(OUT).user_agent
    with pytest.raises(UserError, match="control character"):
        parse([*OUT, "--user_agent", "a\x1bb"])
