"""``python -m benchmarks quality FILE…``: our figures beside the rivals', over files that people annotated.

The sorts of files, and the shape of a rival's, are told in ``benchmarks/annotated.py``, the rule of counting in
``benchmarks/scoring.py``.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks import systems
from benchmarks.annotated import KEPT, LABELS, AnnotatedFile, read_annotated, read_found
from benchmarks.errors import ERRORS, VERDICT, errors, verdict_errors
from benchmarks.markdown import put, table
from benchmarks.scoring import VIEWS, Score, compare
from schemas.errors import UserError
from transforms.annotation import Annotation

OURS = "idlib-watch"
_SHARES = (
    "precision", "recall", "f1", "joint_precision", "joint_recall", "joint_f1", "speaker_accuracy",
)  # fmt: skip
_COLUMNS = ("P", "R", "F1", "joint P", "joint R", "joint F1", "speaker", "marked", "found")


def parser() -> argparse.ArgumentParser:
    """The parser of ``python -m benchmarks quality``."""
    made = argparse.ArgumentParser(
        prog="python -m benchmarks quality",
        description="Our figures beside the rivals', over annotated files: quotations or relevance, as their fields say.",
        epilog="textacy is compared where it is installed: uv run --no-project --with textacy==0.13.0 python -m benchmarks quality FILE",
    )
    add = made.add_argument
    add("files", nargs="+", metavar="FILE", help="JSON lines with id, text, and quotes or label")
    add("--ours_only", "--ours-only", action="store_true", help="leave the rivals out")
    add("--rival", action="append", default=[], metavar="NAME=FILE", help="a system by what it found; may be repeated")
    add(
        "--errors",
        nargs=2,
        metavar=("KIND", "N"),
        help=f"print N of our errors of a kind: {', '.join(ERRORS)}, {VERDICT}",
    )
    add("--view", choices=VIEWS, default="all", help="of which view the errors are (default: all)")
    add("--json", action="store_true", help="print one JSON object per file")
    add("--write", metavar="DOC", help="put the tables into a Markdown document, between <!-- quality FILE --> lines")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Returns 0; raises ``UserError`` for mistakes."""
    asked = parser().parse_args(argv)
    rivals = dict(_rival(one) for one in asked.rival)
    kind, number = _errors_asked(asked.errors)
    files = [read_annotated(name) for name in asked.files]
    with systems.parsed_once():
        for file in files:
            if kind is not None:
                print("\n".join(_errors(file, kind, number, asked.view)))
                continue
            figures, notes = measure(file, rivals, ours_only=asked.ours_only)
            if asked.json:
                print(json.dumps({"file": file.name, **figures, "notes": notes}, ensure_ascii=False))
                continue
            shown = show(file, figures, notes)
            print(f"### {file.name}\n\n{shown}", flush=True)
            if asked.write:
                put(asked.write, f"quality {file.name}", shown)
    return 0


def _rival(option: str) -> tuple[str, str]:
    name, equals, path = option.partition("=")
    if not equals or not name or not path:
        raise UserError(f"--rival {option}: write NAME=FILE")
    return name, path


def _errors_asked(option: Sequence[str] | None) -> tuple[str | None, int]:
    if option is None:
        return None, 0
    kind, number = option
    if kind not in (*ERRORS, VERDICT):
        raise UserError(f"--errors {kind}: is none of {', '.join(ERRORS)}, {VERDICT}")
    if not number.isdecimal() or not int(number):
        raise UserError(f"--errors {kind} {number}: write how many, 1 or more")
    return kind, int(number)


def measure(file: AnnotatedFile, rivals: Mapping[str, str], *, ours_only: bool) -> tuple[dict[str, Any], list[str]]:
    """Figures by system, and what is to be said of them."""
    if file.labelled:
        return _relevance(file, ours_only), []
    texts = [one.given.text for one in file.quoted]
    made = systems.annotated([one.given for one in file.quoted])
    languages = [one.language for one in made]
    found = {OURS: systems.ours(made)}
    notes: list[str] = []
    if not ours_only:
        found[systems.BASELINE] = systems.baseline(texts, languages)
        if systems.has_textacy():
            found[systems.TEXTACY], given_up = systems.textacy_quotations(texts, languages)
            notes.append(f"textacy gave up on {given_up} paragraphs, whose marks do not come in pairs.")
        else:
            notes.append(
                "textacy is not installed: uv run --no-project --with textacy==0.13.0 python -m benchmarks quality FILE"
            )
    by_id = {one.given.name: one.given.text for one in file.quoted}
    for name, path in rivals.items():
        given = read_found(path, by_id)
        found[name] = [given.get(key, []) for key in by_id]
        if len(given) < len(by_id):
            notes.append(
                f"{name}: no line for {len(by_id) - len(given)} of the texts; they count as without quotations."
            )
    figures: dict[str, Any] = {}
    for view in VIEWS:
        for name, quotes in found.items():
            score = Score.of(
                compare(one.given.text, one.quotes, theirs, view)
                for one, theirs in zip(file.quoted, quotes, strict=True)
            )
            figures.setdefault(view, {})[name] = {
                **{share: getattr(score, share) for share in _SHARES},
                "marked": score.marked,
                "found": score.found,
            }
    return {"texts": len(texts), "quotations": figures}, notes


def _relevance(file: AnnotatedFile, ours_only: bool) -> dict[str, Any]:
    made = systems.annotated([one.given for one in file.labelled])
    truth = [one.label in KEPT for one in file.labelled]
    judged = {OURS: [one.verdict.keep for one in made]}
    if not ours_only:
        from benchmarks.rival import KEYWORDS  # pandas and the like come with it

        both = [f"{one.given.title}\n{one.given.text}" for one in file.labelled]
        judged["a keyword in it"] = [KEYWORDS.search(text) is not None for text in both]
    levels = Counter((one.label, was.verdict.level) for one, was in zip(file.labelled, made, strict=True))
    figures: dict[str, Any] = {
        "texts": len(truth),
        "relevance": {name: _binary(truth, kept) for name, kept in judged.items()},
        "levels": {label: {level: levels[label, level] for level in LABELS} for label in LABELS},
    }
    focus = [(one.focus, was.verdict.mentions_focus) for one, was in zip(file.labelled, made, strict=True)]
    if any(wanted for wanted, _ in focus):
        known = [(wanted, got) for wanted, got in focus if wanted is not None]
        figures["idlib"] = _binary([bool(wanted) for wanted, _ in known], [got for _, got in known])
    return figures


def _binary(truth: Sequence[bool], given: Sequence[bool]) -> dict[str, float]:
    both = sum(a and b for a, b in zip(truth, given, strict=True))
    wanted, got = sum(truth), sum(given)
    return {
        "precision": both / got if got else 0.0,
        "recall": both / wanted if wanted else 0.0,
        "f1": 2 * both / (wanted + got) if wanted + got else 0.0,
        "marked": wanted,
        "found": got,
    }


def show(file: AnnotatedFile, figures: Mapping[str, Any], notes: Sequence[str]) -> str:
    """The tables of one file."""
    if "quotations" in figures:
        rows = [
            (view, name, *(score[share] for share in _SHARES), score["marked"], score["found"])
            for view, by_name in figures["quotations"].items()
            for name, score in by_name.items()
        ]
        parts = [f"{figures['texts']:,} texts.\n", table(("view", "system", *_COLUMNS), rows)]
    else:
        heads = ("question", "system", "P", "R", "F1", "marked", "found")
        answers = [("keep", name, score) for name, score in figures["relevance"].items()]
        answers += [("names Idlib", OURS, figures["idlib"])] if "idlib" in figures else []
        levels = figures["levels"]
        parts = [
            f"{figures['texts']:,} texts.\n",
            table(heads, [(what, name, *score.values()) for what, name, score in answers]),
            table(
                ("a person says", *(f"judged {level}" for level in LABELS)),
                [(label, *levels[label].values()) for label in LABELS],
            ),
        ]
    return "\n".join([*parts, *(f"{note}\n" for note in notes)])


def _errors(file: AnnotatedFile, kind: str, number: int, view: str) -> list[str]:
    if file.labelled:
        made: list[Annotation] = systems.annotated([one.given for one in file.labelled]) if kind == VERDICT else []
        found = verdict_errors(file.labelled, made)
    elif kind == VERDICT:
        found = []
    else:
        quotes = systems.ours(systems.annotated([one.given for one in file.quoted]))
        found = errors(file.quoted, quotes, kind, view)
    step = max(1.0, len(found) / number)  # over the whole file, not the first few texts
    shown = [found[int(n * step)] for n in range(min(number, len(found)))]
    return [f"{file.name}: {kind}: {len(found)}, of which {len(shown)} are shown", "", *shown]
