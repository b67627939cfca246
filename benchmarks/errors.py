"""What went wrong, for people to read: each error with the words around it."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.annotated import KEPT, Labelled, Quoted
from benchmarks.scoring import Attribution, Comparison, Span, closeness, compare
from transforms.annotation import Annotation

ERRORS = {
    "missed": "marked by people, nothing found there",
    "spurious": "found, nothing marked there",
    "boundary": "found and marked, but not the same words",
    "speaker": "the words are right, their speaker is not",
}
VERDICT = "verdict"  # of relevance
_AROUND = 160  # characters on either side


def errors(texts: Sequence[Quoted], found: Sequence[Sequence[Attribution]], kind: str, view: str) -> list[str]:
    """All errors of one kind, in the order of the texts."""
    return [
        f"{one.given.name}\n{told}\n"
        for one, theirs in zip(texts, found, strict=True)
        for told in _of(compare(one.given.text, one.quotes, theirs, view), kind)
    ]


def _of(made: Comparison, kind: str) -> list[str]:
    text, marked, found = made.text, made.marked, made.found
    if kind == "speaker":
        wrong = [(marked[m], found[made.pairs[m]]) for m, right in made.speaker_right.items() if not right]
        return [
            _context(text, m.span, f"marked {_who(text, m)}", f"found {_who(text, f)}")
            for m, f in sorted(wrong, key=_at)
        ]
    missed = [a for n, a in enumerate(marked) if n not in made.pairs]
    answered = set(made.pairs.values())
    loose = [a for n, a in enumerate(found) if n not in answered and made.charged[n]]
    near = [(m, f) for m in missed for f in loose if closeness(m.span, f.span)]
    if kind == "boundary":
        return [
            _context(text, m.span, f"marked {_who(text, m)}", f"found [{_line(text[slice(*f.span)])}] {_who(text, f)}")
            for m, f in near
        ]
    if kind == "missed":
        touched = {id(m) for m, _ in near}
        return [_context(text, m.span, f"marked {_who(text, m)}") for m in missed if id(m) not in touched]
    touched = {id(f) for _, f in near}
    return [_context(text, f.span, f"found {_who(text, f)}") for f in loose if id(f) not in touched]


def _at(pair: tuple[Attribution, Attribution]) -> Span:
    return pair[0].span


def _who(text: str, one: Attribution) -> str:
    printed = text[slice(*one.mention)] if one.mention else None
    named = f" = {one.name}" if one.name else ""
    return f"{one.kind}, cue {one.cue!r}, speaker {_line(printed or '–')}{named}"


def _context(text: str, span: Span, *told: str) -> str:
    start, end = span
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return "\n".join(
        [*(f"  {line}" for line in told), f"  … {_line(before)} [[{_line(text[start:end])}]] {_line(after)} …"]
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def verdict_errors(texts: Sequence[Labelled], made: Sequence[Annotation]) -> list[str]:
    """Texts that were kept though a person would not, and the other way round."""
    told = []
    for one, was in zip(texts, made, strict=False):
        verdict = was.verdict
        if (one.label in KEPT) == verdict.keep:
            continue
        why = ", ".join(f"{match.term} {match.count}" for match in verdict.matched[:8])
        told.append(
            f"{one.given.name}\n  a person says {one.label}, judged {verdict.level} ({verdict.score:.2f}: {why or 'nothing'})\n"
            f"  {_line(one.given.text[: 3 * _AROUND])} …\n"
        )
    return told
