"""``idlib-watch annotate``: the pipeline's own answers, at the offsets of the text that was given."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines import annotate
from pipelines.marked import marked
from schemas.errors import UserError
from tests.harness import ROOT
from tests.tiny_site import STORY, Site, serving
from transforms.annotation import annotate_texts, readable
from transforms.given import Given, in_batches, language_code, read_lines
from transforms.pagetext import MAX_TEXT, reduced_text
from transforms.parsing import BATCH
from transforms.topic import Topic, load_topic

ODD = "\ud83d", "\x00", "\x08", "\x1b", "\x7f", "\xa0", "\t", "\ufffe", "\u2028", "\x85"
TALK = (
    "The mill at Saraqib stood still on Monday. “We have wheat and no diesel,” said Ward Sallum, the miller.\n\n"
    "Rima Kabbani, who bakes in Idlib, said that she would close on Friday."
)


@pytest.fixture(scope="module")
def topic() -> Topic:
    return load_topic("syria")


def run(argv: list[str], capsys: pytest.CaptureFixture[str], status: int = 0) -> str:
    assert annotate.main(argv) == status
    told = capsys.readouterr()
    return told.err if status else told.out


def fed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def found(text: str, topic: Topic, **more: Any) -> tuple[Any, ...]:
    """What is found, without what differs where the text is a little different."""
    made = annotate_texts([Given("t", text, **more)], topic)[0]
    entities = [(e.entity_id, e.label, [(m.start, m.end) for m in e.mentions]) for e in made.entities]
    return entities, [(q.kind, q.start, q.end, q.cue, q.speaker, q.speaker_start) for q in made.quotes]


# --- the pipeline's own answers -----------------------------------------------------------------------


def test_a_page_that_is_too_long_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Its text is cut before it is annotated."""
    page = tmp_path / "page.html"
    body = "".join(f"<p>{n}. {'Rien de neuf sous la pluie. ' * 60}</p>" for n in range(80))
    page.write_text(f"<!DOCTYPE html><html lang='fr'><body><article>{body}</article></body></html>")
    answer = json.loads(run(["--json", str(page)], capsys))
    assert answer["truncated"] is True and len(answer["text"]) <= MAX_TEXT


def test_a_page_is_read_as_the_pipeline_reads_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with serving(Site()) as site:
        site.story("/one")
        site.pages["/stub"] = "<html><body><p>Too short.</p></body></html>"
        site.statuses["/secret"] = 403
        page = tmp_path / "page.txt"
        page.write_text(f"\n<!DOCTYPE html>{site.pages['/one']}")
        by_file = json.loads(run(["--json", str(page)], capsys))
        at = ["--json", "--allow_private", f"127.0.0.1:{site.port}"]
        by_url = json.loads(run([*at, f"{site.base}/one"], capsys))
        assert "http_4xx: refused" in run([*at, f"{site.base}/secret"], capsys, status=2)
        assert "no_text: no article text" in run([*at, f"{site.base}/stub"], capsys, status=2)
        assert "private_address" in run([f"{site.base}/one"], capsys, status=2)
    assert (by_file.pop("id"), by_url.pop("id")) == (str(page), f"{site.base}/one")
    assert by_file == by_url
    assert by_url["text"].endswith(reduced_text(STORY)[0])  # the headline is part of the text
    assert by_url["title"] == "Shelling closes the Idlib road"
    assert {q["speaker"] for q in by_url["quotes"]} >= {"Ward Sallum"}


# --- offsets ------------------------------------------------------------------------------------------


def test_offsets_slice_the_text(topic: Topic) -> None:
    text = TALK.replace("\n\n", "\r\n \r\n").replace("Rima ", "Rima\xa0")
    made = annotate_texts([Given("t", f"\ufeff\n\n  {text}", language="en")], topic)[0]
    assert {e.name for e in made.entities} >= {"Saraqib", "Idlib", "Ward Sallum", "Rima Kabbani"}
    assert [q.speaker for q in made.quotes] == ["Ward Sallum", "Rima Kabbani"]
    assert made.quotes[1].speaker_text == "Rima\xa0Kabbani"
    for entity in made.entities:
        assert all(made.given.text[m.start : m.end] == m.text for m in entity.mentions)
    for quote in made.quotes:
        assert made.given.text[quote.start : quote.end] == quote.text
        assert made.given.text[quote.cue_start : quote.cue_end] == quote.cue
        assert made.given.text[quote.speaker_start : quote.speaker_end] == quote.speaker_text


def test_lines_may_end_as_they_do_elsewhere(topic: Topic) -> None:
    """One for one, so that offsets of CR LF are those of two line feeds."""
    assert found(TALK.replace("\n\n", "\r\n"), topic) == found(TALK, topic)
    assert found(TALK.replace("\n", "\r"), topic) == found(TALK, topic)


@pytest.mark.parametrize("odd", ODD)
def test_odd_characters_move_nothing(odd: str, topic: Topic) -> None:
    assert found(TALK.replace(". ", f".{odd}"), topic) == found(TALK, topic)
    assert len(readable(f"a{odd}b")) == 3


def test_texts_of_the_pipeline_stay_what_they_are() -> None:
    for text in (
        TALK,
        STORY,
        reduced_text("word\n" * 30_000)[0],
        reduced_text("x" * 9_000)[0],
        "إدلب \u200cمی\u200f 👩‍🚒",
        "",
    ):
        assert readable(text) == text


def test_what_is_no_writing_is_blank_and_quick(topic: Topic) -> None:
    junk = '"' * 40_000
    assert readable(f"{junk} b") == '"' * 60 + " " * 39_940 + " b"
    assert readable("x" * 40_000) == "x" * 500 + " " * 39_500
    text = f"{TALK}\n\n{junk}\n\n{TALK}"
    made = annotate_texts([Given("t", text, language="en")], topic)[0]
    behind = {m.start - len(TALK) - len(junk) - 4 for e in made.entities for m in e.mentions}
    assert behind >= {m.start for e in annotate_texts([Given("t", TALK)], topic)[0].entities for m in e.mentions}
    assert not made.truncated


@pytest.mark.timeout(60)
@pytest.mark.parametrize("blank", [" ", "\xa0", "\t", "\x00"])
def test_blanks_without_end_are_quick(blank: str, topic: Topic) -> None:
    """They took 76 s: a page's text has no such lines."""
    made = annotate_texts([Given("t", f"{TALK}\n{blank * 90_000}", language="en")], topic)[0]
    assert len(made.quotes) == 2
    assert len(list(marked(made))) == (3 if blank == "\x00" else 2)  # what is no blank is shown


def test_a_long_text_is_cut_at_a_paragraph(topic: Topic) -> None:
    line = "Rain fell on Idlib and on Saraqib all day. " * 40
    for end in ("\n", "\n\n", "\r\n"):
        text = f"{line}{end}" * (MAX_TEXT // len(line) + 3)
        assert len(readable(text)) > MAX_TEXT - 2 * len(line)
        assert text.startswith(readable(text).replace("\n\n", end)) and readable(text).endswith("all day.")
    assert len(readable("word " * MAX_TEXT)) == MAX_TEXT
    made = annotate_texts([Given("t", "x \n" * MAX_TEXT, language="fr")], topic)[0]
    assert made.truncated and annotate.answer(made)["truncated"] is True
    assert "truncated" not in annotate.answer(annotate_texts([Given("t", "x", language="fr")], topic)[0])


# --- many texts ---------------------------------------------------------------------------------------


def test_lines_in_lines_out(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [("en", TALK), ("fr", "« Il pleut sur Idleb depuis trois jours », a dit Lina Khoury."), (None, STORY)]
    asked = []
    for n in range(2 * BATCH + 3):
        language, text = texts[n % 3]
        asked.append({"id": n if n % 2 else f"n\ud800{n}", "text": text, "language": language, "published": 3})
    asked[4] |= {"language": "tr-TR", "title": "İdlib’de yağmur", "text": ""}
    fed(monkeypatch, b"\xef\xbb\xbf" + "\n\n".join(map(json.dumps, asked)).encode())
    out = run(["--jsonl"], capsys)
    answers = [json.loads(line) for line in out.splitlines()]
    assert [a["id"] for a in answers] == [a["id"] for a in asked]
    assert [a["language"] for a in answers[:5]] == ["en", "fr", "en", "en", "tr"]
    assert answers[4]["entities"] == answers[4]["quotes"] == []
    assert answers[1]["quotes"][0]["speaker"] == "Lina Khoury"
    assert out.replace("\n", "").isprintable()


def test_answers_come_while_lines_are_still_read(topic: Topic) -> None:
    read = 0

    def endless() -> Any:
        nonlocal read
        while True:
            read += 1
            yield Given(read, "x")

    batches = in_batches(endless(), BATCH)
    assert [one.name for one in next(batches)] == list(range(1, BATCH + 1))
    assert read == BATCH


@pytest.mark.parametrize(
    ("line", "tells"),
    [
        (b"{", "is not JSON: Expecting property name"), (b"\xff\xfe", "is not UTF-8"), (b"[1]", "is no object"),
        (b'{"text": "x"}', 'has no "id"'), (b'{"id": 1}', 'has no "text"'), (b'{"id": 1, "text": null}', 'has no "text"'),
        (b'{"id": true, "text": ""}', '"id" is no text or whole number'), (b'{"id": 1, "text": 5}', '"text" is no text'),
        (b'{"id": 1, "text": "", "title": []}', '"title" is no text'), (b"[" * 100_000, "is not JSON"),
        (b'{"id": 1, "text": "", "language": "english"}', "'english' is no language code"), (b"1" * 9_000, "is not JSON"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_what_came_before_is_answered(
    line: bytes, tells: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "good", "text": "x", "language": "fr"}\n\n' + line + b"\n")
    assert annotate.main(["--jsonl", str(tmp_path / "a.jsonl")]) == 2
    told = capsys.readouterr()
    assert f"{tmp_path}/a.jsonl line 3: " in told.err and tells in told.err
    assert len(told.err.splitlines()) == 1
    assert [json.loads(answered)["id"] for answered in told.out.splitlines()] == ["good"]


def test_language_codes() -> None:
    assert [language_code(tag) for tag in ("en", "en-GB", " AR ", "tr_TR")] == ["en", "en", "ar", "tr"]
    for tag in ("english", "", "e", 5, None, "٣٣"):
        with pytest.raises(ValueError, match="no language code"):
            language_code(tag)


# --- the command --------------------------------------------------------------------------------------


def test_people_see_who_said_what(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(TALK.replace("Monday", "Monday\x1b[31m"))
    out = run([str(tmp_path / "talk.txt"), "--title", "No diesel in Idlib"], capsys)
    assert "\x1b" not in out
    assert out.startswith("No diesel in Idlib\n")
    assert "kept: about the topic, score " in out and "why: Idlib ×2, Saraqib ×1" in out
    assert "“We have wheat and no diesel,”¹ said Ward Sallum¹, the miller." in " ".join(
        out.split()
    )  # lines break at any width
    lines = [line.split() for line in out.splitlines()]
    assert ["Rima", "Kabbani", "PERSON", "1"] in lines
    assert ["Saraqib", "Idlib", "SY", "35.8645", "36.8059", "1"] in lines


def test_colours_are_for_terminals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines import report

    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert report.console().color_system is not None
    monkeypatch.setenv("NO_COLOR", "1")
    assert report.console().color_system is None


@pytest.mark.parametrize(
    ("argv", "tells"),
    [
        ([], "nothing to annotate"), (["{tmp}/none"], "{tmp}/none: No such file"), (["{tmp}"], "{tmp}: Is a directory"),
        (["--jsonl", "{tmp}/none"], "{tmp}/none: No such file"), (["{tmp}/latin"], "{tmp}/latin line 2: is not UTF-8"),
        (["--json", "--jsonl"], "choose one"), (["--title", "x", "--jsonl"], "--title is of one text"),
        (["--language", "x", "{tmp}/latin"], "--language: 'x' is no language code"),
        (["--topic", "none", "-"], "none"), (["--allow_private", "a/b", "-"], "--allow_private 'a/b'"),
        (["https://user:secret@news.example/"], "is no URL of a page"), (["ftp://news.example/"], "No such file"),
        (["--jsonl", "https://news.example/"], "no URL"), (["--nope"], "unrecognized arguments"),
    ],
)  # fmt: skip
def test_mistakes(argv: list[str], tells: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "latin").write_bytes(b"one\ncaf\xe9\n")
    said = run([a.replace("{tmp}", str(tmp_path)) for a in argv], capsys, status=2)
    assert tells.replace("{tmp}", str(tmp_path)) in said
    assert len(said.splitlines()) == 1


def test_a_long_file_is_read_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from transforms import given

    monkeypatch.setattr(given, "MAX_FILE", 9)
    (tmp_path / "long").write_text("Idlib é€€€", encoding="utf-8")  # the limit is in the middle of a letter
    assert given.read_text(str(tmp_path / "long"), None, None).text == "Idlib é"


def test_a_file_of_lines_that_ends_in_the_middle(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b'{"id": 1, "text": "x"}\n{"id": 2, "te')
    with pytest.raises(UserError, match="line 2: is not JSON: Unterminated string"):
        list(read_lines([str(tmp_path / "a")], None))


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("".join(f'{{"id": {n}, "text": "{"Idlib " * 99}"}}\n' for n in range(400)))
    (tmp_path / "talk").write_text(f"{STORY}\n" * 200)
    for options in ("--jsonl a", "--language fr talk"):
        command = f'"$PYTHON" -m pipelines.cli annotate {options} | head -1'
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            env={"PYTHON": sys.executable, "PYTHONPATH": str(ROOT)}, cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
        assert (len(done.stdout.splitlines()), done.stderr, done.returncode) == (1, "", 0)


def test_help_imports_nothing_heavy() -> None:
    for job in ("annotate", "explain"):
        loaded = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "pipelines.cli", job, "--help"],
            capture_output=True, text=True, cwd=ROOT, check=True,
        ).stderr  # fmt: skip
        assert not {"apache_beam", "spacy", "duckdb", "aiohttp"} & {line.split()[-1] for line in loaded.splitlines()}
