"""``python -m benchmarks quality`` and its kin: over annotated files of our own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks import calibration, quality, systems
from benchmarks.__main__ import main
from benchmarks.markdown import change, put, table
from benchmarks.scoring import Attribution, compare
from schemas.errors import UserError
from transforms.parsing import parse_texts

TEXTS = {
    "mill": "“The ovens of the town are cold,” said Salma Haddar. Karim Solh said that the road was closed.",
    "road": "Rana Qasim runs a bakery. “We bake at night, when nobody counts,” she said.",
}


def quote(text: str, words: str, speaker: str, kind: str = "direct") -> dict[str, Any]:
    start, who = text.index(words), text.index(speaker)
    return {
        "start": start, "end": start + len(words), "kind": kind, "speaker_start": who, "speaker_end": who + len(speaker),
    }  # fmt: skip


QUOTES = {
    "mill": [
        quote(TEXTS["mill"], "The ovens of the town are cold", "Salma Haddar"),
        quote(TEXTS["mill"], "that the road was closed", "Karim Solh", "indirect"),
    ],
    "road": [quote(TEXTS["road"], "We bake at night, when nobody counts", "she")],
}


def lines(path: Path, *objects: Any) -> str:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects), encoding="utf-8")
    return str(path)


@pytest.fixture
def marked(tmp_path: Path) -> str:
    return lines(
        tmp_path / "marked.jsonl", *({"id": key, "text": text, "quotes": QUOTES[key]} for key, text in TEXTS.items())
    )


@pytest.fixture
def labelled(tmp_path: Path) -> str:
    near = "Shells fell on Saraqib in Idlib province, and on Maarrat al-Numan. In Idlib, Syrian rescuers dug all night."
    far = "The bakers of the river town met for their yearly feast. There was bread for all, and no news of the world."
    return lines(
        tmp_path / "labelled.jsonl",
        {"id": 1, "text": near, "label": "core", "idlib": True},
        {"id": 2, "text": far, "label": "none", "idlib": False},
    )


def figures(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(capsys.readouterr().out)
    return made


def test_quotations_beside_the_baseline(marked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", marked, "--json"]) == 0
    views = figures(capsys)["quotations"]
    assert views["all"]["idlib-watch"]["joint_f1"] == 1.0
    assert views["direct"][systems.BASELINE]["f1"] == 1.0
    assert views["all"][systems.BASELINE]["recall"] == pytest.approx(2 / 3)  # it finds marks alone


def test_ours_only(marked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", marked, "--ours-only", "--json"]) == 0
    assert list(figures(capsys)["quotations"]["all"]) == ["idlib-watch"]


def test_a_rival_by_what_it_found(marked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = lines(
        tmp_path / "theirs.jsonl", {"id": "mill", "quotes": QUOTES["mill"][:1]}, {"id": "other", "quotes": []}
    )
    assert main(["quality", marked, "--rival", f"Theirs={theirs}", "--json"]) == 0
    made = figures(capsys)
    assert made["quotations"]["all"]["Theirs"]["recall"] == pytest.approx(1 / 3)
    assert any("no line for 1 of the texts" in note for note in made["notes"])


def test_relevance(labelled: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", labelled, "--json"]) == 0
    made = figures(capsys)
    assert made["relevance"]["idlib-watch"]["f1"] == made["idlib"]["f1"] == 1.0
    assert made["levels"]["core"]["core"] == made["levels"]["none"]["none"] == 1


def test_tables_of_both_sorts(marked: str, labelled: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", marked, labelled, "--ours-only"]) == 0
    out = capsys.readouterr().out
    assert "| all | idlib-watch | 1.000 |" in out
    assert re.search(r"^\| core \| 1 \| 0 \| 0 \| 0 \|$", out, re.M)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("missed", "missed: 1, of which 1 are shown"),
        ("spurious", "spurious: 2, of which 1 are shown"),
        ("boundary", "boundary: 1, of which 1 are shown"),
        ("speaker", "speaker: 1, of which 1 are shown"),
    ],
)
def test_errors_of_one_kind(kind: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = TEXTS["mill"]
    changed = {
        "missed": [*QUOTES["mill"], quote(text, "Karim", "Solh")],
        "spurious": [],
        "boundary": [QUOTES["mill"][0], quote(text, "that the road", "Karim Solh", "indirect")],
        "speaker": [quote(text, "The ovens of the town are cold", "Karim Solh"), QUOTES["mill"][1]],
    }
    file = lines(tmp_path / "changed.jsonl", {"id": "mill", "text": text, "quotes": changed[kind]})
    assert main(["quality", file, "--errors", kind, "1"]) == 0
    out = capsys.readouterr().out
    assert told in out
    assert "[[" in out


def test_wrong_verdicts(labelled: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = Path(labelled).read_text(encoding="utf-8").replace('"core"', '"passing"')
    file = tmp_path / "wrong.jsonl"
    file.write_text(wrong, encoding="utf-8")
    assert main(["quality", str(file), "--errors", "verdict", "5"]) == 0
    assert "a person says passing, judged core" in capsys.readouterr().out


GOOD = {"id": "a", "text": "“Cold,” she said.", "quotes": [{"start": 1, "end": 5, "kind": "direct"}]}


def having(**more: Any) -> dict[str, Any]:
    return {**GOOD, **more}


@pytest.mark.parametrize(
    ("objects", "told"),
    [
        ([having(text=None)], 'line 1: has no "text"; add it'),
        ([GOOD, {"id": "b", "text": "x"}], 'line 2: has neither "quotes" nor "label"'),
        ([GOOD, GOOD], "line 2: the id 'a' stands in line 1 too"),
        ([GOOD, {"id": "b", "text": "x", "label": "core"}], 'line 2: "quotes" is missing or no list'),
        ([{"id": "b", "text": "x", "label": "some"}], "line 1: \"label\" is 'some', none of core, part, passing, none"),
        ([{"id": "b", "text": "x", "label": "core", "idlib": 1}], 'line 1: "idlib" is neither true nor false'),
        ([having(quotes=["x"])], "line 1: quote 1: is no object"),
        ([having(quotes=[{"start": 1, "end": 99, "kind": "direct"}])], 'quote 1: "start" 1 and "end" 99 are no part'),
        ([having(quotes=[{"start": 1, "end": "5", "kind": "direct"}])], "are not two whole numbers"),
        ([having(quotes=[{"kind": "direct"}])], 'quote 1: has no "start"'),
        ([having(quotes=[{"start": 1, "end": 5}])], '"kind" is None, none of direct, mixed, indirect'),
        ([having(quotes=[{"start": 1, "end": 5, "kind": "direct", "cue": 3}])], '"cue" is no text'),
        ([["a list"]], "line 1: is no object"),
        ([], "is empty"),
    ],
)
def test_a_file_that_cannot_be_used(
    objects: list[Any], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = lines(tmp_path / "bad.jsonl", *objects)
    assert main(["quality", file]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"benchmarks: {file}")
    assert told in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["quality", "{tmp}/none.jsonl"], "No such file"),
        (["quality", "{file}", "--rival", "Theirs"], "--rival Theirs: write NAME=FILE"),
        (["quality", "{file}", "--rival", "Theirs={tmp}/none.jsonl"], "none.jsonl: No such file"),
        (["quality", "{file}", "--errors", "typing", "3"], "--errors typing: is none of missed"),
        (["quality", "{file}", "--errors", "missed", "few"], "write how many"),
        (["quality", "{file}", "--ours-only", "--write", "{tmp}/none.md"], "none.md: No such file"),
        (["calibration", "{labelled}"], "holds verdicts, no quotations"),
        (["ablation", "{labelled}"], "holds verdicts, no quotations"),
    ],
)
def test_mistakes_in_a_command(
    arguments: list[str], told: str, marked: str, labelled: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([a.format(tmp=tmp_path, file=marked, labelled=labelled) for a in arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_line_of_a_rival_that_is_no_json(marked: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "mill", "quotes": []}\n{oops\n', encoding="utf-8")
    with pytest.raises(UserError, match=r"bad\.jsonl line 2: is not JSON"):
        quality.main([marked, "--rival", f"Bad={bad}"])


def test_figures_are_put_into_a_document(marked: str, tmp_path: Path) -> None:
    doc = tmp_path / "doc.md"
    doc.write_text("before\n<!-- quality marked -->\nold\n<!-- /quality marked -->\nafter\n", encoding="utf-8")
    assert main(["quality", marked, "--ours-only", "--write", str(doc)]) == 0
    text = doc.read_text(encoding="utf-8")
    assert "| all | idlib-watch |" in text
    assert "old" not in text
    assert text.startswith("before\n<!-- quality marked -->\n\n") and text.endswith(
        "\n\n<!-- /quality marked -->\nafter\n"
    )


def test_a_document_without_a_place(tmp_path: Path) -> None:
    doc = tmp_path / "doc.md"
    doc.write_text("<!-- a -->\n", encoding="utf-8")
    with pytest.raises(UserError, match="has no place for these figures"):
        put(str(doc), "a", "body")


def test_a_table_and_its_changes() -> None:
    made = table(("name", "n", "share"), [("a | b", 1234, 0.5), ("c", 1, 1.0)])
    assert made.splitlines() == [
        "| name | n | share |", "| --- | --: | --: |", "| a \\| b | 1,234 | 0.500 |", "| c | 1 | 1.000 |",
    ]  # fmt: skip
    assert [change(value, 1) for value in (1.25, -0.26, 0.04, -0.04, 0.0)] == ["+1.2", "−0.3", "", "", ""]


def test_confidence_is_held_against_what_is_right() -> None:
    text = TEXTS["mill"]
    marked = [Attribution((1, 31), mention=(40, 52)), Attribution((68, 92))]
    found = [
        Attribution((1, 31), mention=(40, 52), confidence=0.95),  # right
        Attribution((68, 92), confidence=0.9),  # not asked for a speaker
        Attribution((54, 64), confidence=0.42),  # nothing is there
    ]
    judged = list(calibration.judged([compare(text, marked, found, "all")]))
    assert judged == [(0.95, True), (0.42, False)]
    shown = calibration.show([*judged, (1.0, False)])
    assert "| 0.9 to 1.0 | 2 | 0.975 | 0.500 |" in shown
    assert "| 0.4 to 0.5 | 1 | 0.420 | 0.000 |" in shown
    assert "Expected calibration error 0.457" in shown


def test_the_baseline_takes_the_nearest_subject() -> None:
    text = "Karim Solh, the miller, left. “The ovens of the town are cold,” warned Salma Haddar. “No.”"
    (found,) = systems.baseline([text], ["en"])[0]
    assert (text[slice(*found.span)], found.cue) == ("The ovens of the town are cold,", "warned")
    assert found.mention is not None and text[slice(*found.mention)] == "Salma Haddar"


def test_within_parsed_once_a_text_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counting(texts: list[str], language: str) -> Any:
        parsed.extend(texts)
        return parse_texts(texts, language)

    monkeypatch.setattr(systems, "parse_texts", counting)
    from transforms.given import Given

    given = [Given("a", TEXTS["mill"], "", "en")]
    with systems.parsed_once():
        assert systems.ours(systems.annotated(given)) == systems.ours(systems.annotated(given))
    assert parsed == [TEXTS["mill"]]
