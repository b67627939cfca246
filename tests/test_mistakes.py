"""Whatever the user gave us: one clear line that says what to do, exit status 2, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import ROOT, Collector, Launcher, rows
from tests.newsday.day import NewsDay
from tests.tiny_site import Site, serving

Make = Callable[..., Collector]


@pytest.fixture
def attempt(launcher: Launcher, tmp_path: Path) -> Callable[..., str]:
    """Runs a command line that must fail with one line; what it said."""

    def run(*argv: str) -> str:
        started = launcher.start(list(argv), tmp_path / "log")
        assert started.wait() == 2, started.said
        said = started.said.strip()
        assert said.startswith("idlib-watch: ") and len(said.splitlines()) == 1, said
        assert "Traceback" not in said
        return said

    return run


@pytest.mark.parametrize(
    ("options", "tells"),
    [
        (["--poll_interval", "soon"], "--poll_interval: 'soon' is no duration; write 15m"),
        (["--commit_interval", "0"], "--commit_interval: '0' is too short"),
        (["--shards", "none"], "--shards: 'none' is no whole number"),
        (["--max_bytes", "big"], "--max_bytes: 'big' is no size"),
        (["--allow_private", "http://x/"], "--allow_private 'http://x/': expected HOST or HOST:PORT"),
        (["--user_agent", "a\nb"], "--user_agent: one line"),
        (["--contact", "a\nb@c.example"], "--contact: 'a\\nb@c.example' is neither a mail address"),
        (["--pol_interval", "5m"], "--pol_interval: no such option; did you mean --poll_interval?"),
        (["stray"], "'stray' is not an option"),
        (["--topic", "no-such-topic"], "no-such-topic"),
        (["--runner", "PrismRunner", "--prism_location", "/no/prism"], "--prism_location /no/prism"),
        (["--streaming", "--runner", "FnApiRunner"], "--streaming: FnApiRunner"),
    ],
)
def test_options(attempt: Callable[..., str], tmp_path: Path, options: list[str], tells: str) -> None:
    listed = tmp_path / "feeds.txt"
    listed.write_text("http://127.0.0.1:9/feed.xml\n")
    assert tells in attempt("collect", "--feeds", str(listed), "--output", str(tmp_path / "out"), *options)


def test_no_output(attempt: Callable[..., str]) -> None:
    assert "--output" in attempt("collect")


def test_no_such_job(attempt: Callable[..., str]) -> None:
    assert "'colect' is no job" in attempt("colect")


@pytest.mark.parametrize(
    ("content", "tells"),
    [
        (b"", "empty"),
        (b"<opml><body><outline", "not well-formed"),
        (b"# nothing\n", "no feed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
    ],
)
def test_feed_lists(attempt: Callable[..., str], tmp_path: Path, content: bytes, tells: str) -> None:
    listed = tmp_path / "feeds.opml"
    listed.write_bytes(content)
    said = attempt("collect", "--feeds", str(listed), "--output", str(tmp_path / "out"))
    assert tells in said and str(listed) in said


def test_a_feed_list_that_is_not_there_or_a_folder(attempt: Callable[..., str], tmp_path: Path) -> None:
    assert "does not exist" in attempt(
        "collect", "--feeds", str(tmp_path / "none.opml"), "--output", str(tmp_path / "o")
    )
    assert "is a directory" in attempt("collect", "--feeds", str(tmp_path), "--output", str(tmp_path / "o"))


@pytest.mark.parametrize("content", [b"", b"not toml [", b"[topic]\nunknown = 1\n", b"\xff\xfe\x00"])
def test_topic_files(attempt: Callable[..., str], tmp_path: Path, content: bytes) -> None:
    topic = tmp_path / "other.toml"
    topic.write_bytes(content)
    assert str(topic) in attempt("collect", "--topic", str(topic), "--output", str(tmp_path / "out"))


def test_outputs_that_cannot_be_written(attempt: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    assert "cannot be written" in attempt("collect", "--output", str(file))
    assert "cannot be written" in attempt("collect", "--output", str(file / "below"))
    assert "cannot be written" in attempt("collect", "--output", "/proc/nothing/here")


def test_one_bad_line_among_many_is_a_row(collector: Make, day: NewsDay, tmp_path: Path) -> None:
    listed = tmp_path / "feeds.txt"
    good = day.url("relief-bulletin", "/feeds/updates.xml")
    listed.write_text(f"{good}\nfile:///etc/passwd\nhttps://user:secret@example.org/feed\n")
    collector(feeds=str(listed)).once()
    polls = {row["reason"]: row for row in rows(tmp_path / "out", "polls")}
    assert set(polls) == {"ok", "bad_url"}
    bad = [row for row in rows(tmp_path / "out", "polls") if row["reason"] == "bad_url"]
    assert len(bad) == 2 and all(row["error"] for row in bad)
    assert "secret" not in str(bad)


def test_one_bad_address_among_a_hundred_is_a_row_and_the_others_come_out(collector: Make, tmp_path: Path) -> None:
    """The list as the attacker: whatever stands beside the good feeds, they are polled and it is told why it is not."""
    bad = ["file:///etc/passwd", "ftp://a.example/", "javascript:alert(1)", "../../etc/passwd", "https://user:secret@a.example/",
           "https://a\x1b[2J.example/", "https://" + "a" * 10_000, "http://[::1/", "http://a.example:99999/", "http://10.0.0.1/"]  # fmt: skip
    with serving(Site()) as site:
        good = [f"/feed{n}" for n in range(90)]
        for path in good:
            site.feeds[path] = []
        lines = [f"{site.base}{path} | ../../\x1b[31m{path}" for path in good]
        for n, address in enumerate(bad):
            lines.insert(n * 9, address)
        listed = tmp_path / "feeds.txt"
        listed.write_text("\n".join(lines), encoding="utf-16")
        said = collector(feeds=str(listed)).once()
    polls = {row["feed_url"]: row for row in rows(tmp_path / "out", "polls")}
    assert sum(row["reason"] == "ok" for row in polls.values()) == 90
    wrong = [row for row in polls.values() if row["reason"] != "ok"]
    assert len(wrong) == len(bad) and all(row["error"] for row in wrong)
    assert {row["reason"] for row in wrong} == {"bad_url", "private_address"}
    assert "secret" not in str(wrong) + said and "\x1b" not in said
    assert "site owners cannot reach you" in said  # not all of them are our own


def test_on_ones_own_hosts_nobody_is_told_to_name_a_contact(collector: Make, tmp_path: Path) -> None:
    with serving(Site(feeds={"/feed": []})) as site:
        listed = tmp_path / "feeds.txt"
        listed.write_text(f"{site.base}/feed\n")
        assert "--contact" not in collector(feeds=str(listed)).once()
        listed.write_text(f"{site.base}/feed\nhttp://10.0.0.1/\n")
        assert "--contact" not in collector(feeds=str(listed)).once("--contact", "desk@news.example")


def test_nothing_at_all_could_be_polled(collector: Make, tmp_path: Path) -> None:
    listed = tmp_path / "feeds.txt"
    listed.write_text("http://127.0.0.1:9/feed.xml\n")
    said = collector(feeds=str(listed)).once(status=1)
    assert "connection_error" in said
    private = tmp_path / "private.txt"
    private.write_text("http://10.0.0.1/feed.xml\n")
    assert "private_address" in collector(tmp_path / "b", feeds=str(private)).once(status=1)


def test_ten_thousand_feeds(collector: Make, tmp_path: Path) -> None:
    listed = tmp_path / "feeds.txt"
    listed.write_text("".join(f"http://127.0.0.1:9/feed{n}.xml\n" for n in range(10_000)))
    collector(feeds=str(listed)).once(status=1)
    assert len(rows(tmp_path / "out", "polls")) == 10_000


def test_two_runs_at_once_on_one_folder(collector: Make, day: NewsDay, tmp_path: Path) -> None:
    day.fault("*", "drip", seconds=5)
    first = collector().start()
    for _ in range(600):
        if (tmp_path / "out" / ".run.lock").exists():
            break
        time.sleep(0.05)
    time.sleep(0.5)
    said = collector().once(status=2)
    assert "another run is writing there" in said
    first.kill(9)
    first.wait()
    day.reset()
    collector().once()  # the kernel has let go of the lock


def test_help_is_quick_and_beam_options_pass_through() -> None:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.collect", "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    took = time.monotonic() - begun
    assert "--allow_private HOST[:PORT]" in done.stdout
    assert took < 30  # a tenth of a second, said `time`; a test of the second itself would fail on a busy machine
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pipelines.collect", "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stderr
    assert "apache_beam" not in loaded and "spacy" not in loaded  # which is what makes it quick


def test_starting_calls_nobody_and_a_proxy_does_not_hang_it(collector: Make, day: NewsDay, tmp_path: Path) -> None:
    """With a proxy in the environment that answers nothing, and DirectRunner, which would download Prism."""
    import socket

    with socket.socket() as proxy:
        proxy.bind(("127.0.0.1", 0))
        proxy.listen(16)
        proxy.settimeout(0.1)
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        env = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"), address)
        for name in ("no_proxy", "NO_PROXY"):
            env[name] = ""
        begun = time.monotonic()
        collector().once("--runner=DirectRunner", env=env)
        took = time.monotonic() - begun
        called = []
        try:
            while True:
                called.append(proxy.accept())
        except TimeoutError:
            pass
    assert not called
    assert took < 60
    assert rows(tmp_path / "out", "articles")


def test_the_command_is_installed() -> None:
    command = os.path.join(os.path.dirname(sys.executable), "idlib-watch")
    done = subprocess.run([command, "--version"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("idlib-watch ")
