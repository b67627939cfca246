"""Batches parsed here and by helper processes: the same syntax, none lost, and no process left behind."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from schemas.records import Feed, Syntax, Turn
from tests.harness import ROOT
from tests.samples import NOON, an_entry
from transforms import helpers as beside
from transforms import parsefeeds, parsing
from transforms.annotate import _CallDoFn
from transforms.helpers import Helpers, cores
from transforms.parsing import BATCH, Round, model_for, parse_texts, syntax_of
from transforms.quotation.marks import paragraphs
from transforms.quotation.parse import Parsed

TEXTS = [f"Amal Haddad, {n}, said the road to Idlib was open. “We wait,” she told a reporter." for n in range(30, 46)]
FRENCH = ["La route d'Idlib est ouverte, dit-elle.", "Le maire attend."]


@pytest.fixture
def pool() -> Iterator[Helpers]:
    made = Helpers("transforms.parsing", "parse")
    yield made
    made.stop()


def wait_for(what: str, true: object) -> None:
    end = time.monotonic() + 60
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, what
        time.sleep(0.05)


def gone(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_the_syntax_is_what_the_doc_says() -> None:
    text = " 🙂 Amal Haddad asked what they were for.  “Roads,” said\nthe U.N. envoy, in Idlib’s “old town”."
    doc = model_for("en")(text)
    syntax = syntax_of(doc, text)
    assert syntax.text == doc.text
    assert syntax.starts == [t.idx for t in doc]
    assert syntax.words == [t.text for t in doc]
    assert syntax.lemmas == [t.lemma_ for t in doc]
    assert syntax.pos == [t.pos_ for t in doc]
    assert syntax.tags == [t.tag_ for t in doc]
    assert syntax.deps == [t.dep_ for t in doc]
    assert syntax.heads == [t.head.i for t in doc]
    assert syntax.names == [(e.start, e.end, e.label_) for e in doc.ents] != []
    assert syntax.sentences == [s.start for s in doc.sents] != [0]
    parsed = Parsed(syntax, paragraphs(text))
    assert [parsed.edges(t.i) for t in doc] == [(min(s.i for s in t.subtree), max(s.i for s in t.subtree)) for t in doc]
    assert [parsed.children(t.i) for t in doc] == [[c.i for c in t.children] for t in doc]


@pytest.mark.parametrize("text", ["", " ", "\n", "🙂"])
def test_next_to_nothing_has_a_syntax(text: str) -> None:
    [syntax] = parse_texts([text], "en")
    assert syntax.text == "".join(syntax.words) == text


def test_helpers_are_called_where_more_than_one_batch_of_articles_may_come(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[int] = []
    monkeypatch.setattr(parsing.helpers, "start", called.append)
    step = _CallDoFn(2)
    step.start_bundle()
    for _ in range(2):  # the same articles in two feeds
        step.process(("0", Turn(tick=NOON, entries=[an_entry(f"a{n}") for n in range(BATCH)])))
    assert called == []
    step.process(("1", Turn(tick=NOON, entries=[an_entry("one more")])))
    assert called == [2]
    step.start_bundle()
    step.process(("1", Turn(tick=NOON, entries=[an_entry("one more")])))
    assert called == [2]


def test_a_text_in_a_language_without_a_model_has_words_alone() -> None:
    [syntax] = parse_texts(["Vali bekliyor."], "tr")
    words = ["Vali", "bekliyor", "."]
    assert syntax == Syntax(text="Vali bekliyor.", starts=[0, 5, 13], words=words, language="xx")


def test_a_helper_parses_as_this_process_does(pool: Helpers) -> None:
    round_ = Round(pool)
    pool.start(1)
    for n in range(0, 16, 4):
        round_.give(TEXTS[n : n + 4], "en", n)
    round_.give(FRENCH, "fr", "fr")
    wait_for("the helper takes them all", lambda: pool.waiting() == 0)  # nothing is parsed here
    found = dict(round_.results(all_of_them=True))
    assert sorted(map(str, found)) == ["0", "12", "4", "8", "fr"]
    for n in range(0, 16, 4):
        assert found[n] == parse_texts(TEXTS[n : n + 4], "en")
    assert found["fr"] == parse_texts(FRENCH, "fr")


def test_without_helpers_a_batch_is_parsed_as_soon_as_it_is_given(pool: Helpers) -> None:
    round_ = Round(pool)
    round_.give(TEXTS[:2], "en", "first")
    [(tag, docs)] = round_.results(all_of_them=False)
    assert tag == "first" and [d.text for d in docs] == TEXTS[:2]
    assert list(round_.results(all_of_them=True)) == []


def test_a_killed_helper_loses_nothing(pool: Helpers, caplog: pytest.LogCaptureFixture) -> None:
    round_ = Round(pool)
    pool.start(1)
    for n, text in enumerate(TEXTS):
        round_.give([text], "en", n)
    wait_for("it has taken one", lambda: pool.waiting() < len(TEXTS))
    with caplog.at_level(logging.WARNING, "idlib-watch"):
        os.kill(pool._helpers[0]._process.pid, signal.SIGKILL)
        found = dict(round_.results(all_of_them=True))
    assert sorted(found) == list(range(len(TEXTS)))
    assert [found[n][0].text for n in range(len(TEXTS))] == TEXTS
    assert "going on without it" in caplog.text


def test_two_bundles_share_helpers_and_get_their_own(pool: Helpers) -> None:
    pool.start(1)
    found: dict[str, list[str]] = {}

    def bundle(name: str, texts: list[str]) -> None:
        round_ = Round(pool)
        for text in texts:
            round_.give([text], "en", name)
        found[name] = sorted(d.text for tag, docs in round_.results(all_of_them=True) for d in docs if tag == name)

    threads = [threading.Thread(target=bundle, args=pair) for pair in (("even", TEXTS[::2]), ("odd", TEXTS[1::2]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == {"even": sorted(TEXTS[::2]), "odd": sorted(TEXTS[1::2])}


def test_an_error_reaches_whoever_waits_for_the_batch(pool: Helpers, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(texts: list[str], language: str) -> list[Syntax]:
        raise OSError("no model")

    monkeypatch.setattr(parsing, "parse_texts", fails)
    round_ = Round(pool)
    round_.give(["x"], "en", 0)
    with pytest.raises(OSError, match="no model"):
        list(round_.results(all_of_them=True))


@pytest.mark.parametrize("module", ["transforms.parsing", "transforms.parsefeeds"])
def test_a_helper_does_not_wait_for_imports_that_it_has_no_use_for(module: str) -> None:
    """With Beam it took three seconds to be ready, of which eighteen feeds' poll waited two."""
    code = (
        f"import sys, {module}; print(sorted({{'apache_beam', 'pandas', 'aiohttp', 'trafilatura'}} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_helpers_end_with_the_process_that_called_them() -> None:
    script = (
        "import time; from transforms.parsing import helpers; helpers.start(1); "
        "print(helpers._helpers[0]._process.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    helper = int(parent.stdout.readline())
    assert not gone(helper)
    parent.kill()
    parent.wait()
    wait_for("the helper is gone", lambda: gone(helper))


def test_the_count_of_cores_is_what_this_process_may_use() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)


def test_a_machine_that_starts_no_process_parses_all_the_same(
    pool: Helpers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", full)
    with caplog.at_level(logging.WARNING, "idlib-watch"):
        pool.start(2)
    assert pool.count == 0 and "no process to parse beside this one" in caplog.text
    round_ = Round(pool)
    round_.give(TEXTS[:1], "en", 0)
    assert len(list(round_.results(all_of_them=True))) == 1


def test_a_helper_that_is_stuck_is_given_up(pool: Helpers) -> None:
    round_ = Round(pool, patience=1.0)
    pool.start(1)
    helper = pool._helpers[0]._process.pid
    round_.give(TEXTS[:2], "en", "first")
    wait_for("it has taken the batch", lambda: pool.waiting() == 0)
    os.kill(helper, signal.SIGSTOP)
    [(tag, docs)] = round_.results(all_of_them=True)
    assert tag == "first" and [d.text for d in docs] == TEXTS[:2]
    assert gone(helper)


def test_what_a_helper_was_stuck_over_is_not_begun_again_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A feed's document that held up one process would hold up this one, which nobody would end."""
    made = Helpers("transforms.parsefeeds", "parse feeds")
    try:
        made.start(1)
        helper = made._helpers[0]._process.pid
        os.kill(helper, signal.SIGSTOP)
        round_ = parsefeeds.Round(made, at_most=1, patience=1.0)
        monkeypatch.setattr(parsefeeds, "parse_feed", lambda *_, **__: pytest.fail("parsed here"))
        feed = Feed(url="https://orontes.example/rss")
        round_.give(parsefeeds.Document(b"<rss/>", {}, feed.url, feed, NOON), "first")
        wait_for("it has taken the document", lambda: made.waiting() == 0)
        [(tag, found)] = round_.results(all_of_them=True)
    finally:
        made.stop()
    assert (tag, found.problem, found.entries) == ("first", "not_a_feed", [])
    assert found.error is not None and "given up" in found.error
    assert gone(helper)


def test_a_helper_that_is_not_at_work_for_long_is_not_given_up(pool: Helpers) -> None:
    """However long it is since this process last looked for results."""
    round_ = Round(pool, patience=beside.PATIENCE)
    pool.start(1)
    helper = pool._helpers[0]._process.pid
    round_.give(TEXTS[:2], "en", "first")
    wait_for("it has taken the batch", lambda: pool.waiting() == 0)
    pool.give_up(beside.PATIENCE)
    [(tag, _)] = round_.results(all_of_them=True)
    assert tag == "first" and not gone(helper)
