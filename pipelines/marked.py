"""An annotated text as people read it: the verdict, the text with its marks, who said what, and the figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.report import console, print_rows, safe

if TYPE_CHECKING:
    from rich.text import Text

    from schemas.records import Figure
    from transforms.annotation import Annotation

LEVELS = {
    "core": "about the topic",
    "part": "a sizeable part is about the topic",
    "passing": "the topic is only mentioned",
    "none": "not about the topic",
}
_STYLES = {"PERSON": "magenta", "PLACE": "green", "GROUP": "red", "STATE": "blue", "BODY": "blue", "NGO": "blue"}
_OTHER = "cyan"
_SAID = "yellow"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_CLOSING = '”"»’'
_WIDE = 110  # columns: longer lines are no pleasure to read


def show(found: Annotation) -> None:
    """Print an annotation. A number in the text ties a quotation (at its end) to its speaker."""
    from rich.text import Text

    out, verdict, given = console(), found.verdict, found.given
    name = "standard input" if given.name == "-" else str(given.name)
    out.print(Text(safe(given.title or name), style="bold"))
    words = len(given.text.split())
    about = f"{'kept' if verdict.keep else 'turned away'}: {LEVELS[verdict.level]}, score {verdict.score:.3f}"
    out.print(
        Text.assemble(
            (f"{safe(name)}: " if given.title else "") + f"{found.language}, {words:,} words; ",
            (about, "green" if verdict.keep else "red"),
        )
    )
    if verdict.matched:
        why = ", ".join(f"{match.term} ×{match.count}" for match in verdict.matched)
        out.print(Text(f"why: {safe(why)}; {verdict.reasons}", style="dim"), soft_wrap=False)
    if found.truncated:
        out.print(Text("the text is longer than the pipeline reads; its end is left out", style="red"))
    for paragraph in marked(found):
        out.print()
        for line in paragraph.wrap(out, min(out.width, _WIDE)):
            line.rstrip()
            out.print(line)
    _tables(found)


def _tables(found: Annotation) -> None:
    out = console()
    if found.quotes:
        out.print()
        rows = [(n, q.kind, q.speaker or q.speaker_text, q.speaker_role, q.cue, q.text)
                for n, q in enumerate(found.quotes, 1)]  # fmt: skip
        print_rows(["", "quote", "speaker", "role", "cue", "text"], rows, 60, ["INTEGER"] + ["VARCHAR"] * 5)
    places = [e for e in found.entities if e.label == "PLACE"]
    others = [e for e in found.entities if e.label != "PLACE"]
    if others:
        out.print()
        print_rows(["name", "label", "mentions"], [(e.name, e.label, len(e.mentions)) for e in others], 60,
                   ["VARCHAR", "VARCHAR", "INTEGER"])  # fmt: skip
    if places:
        out.print()
        print_rows(
            ["place", "admin1", "country", "latitude", "longitude", "mentions"],
            [(e.name, e.admin1, e.country, e.latitude, e.longitude, len(e.mentions)) for e in places],
            60,
            ["VARCHAR", "VARCHAR", "VARCHAR", "DOUBLE", "DOUBLE", "INTEGER"],
        )
    if found.figures:
        out.print()
        print_rows(
            ["figure", "low", "high", "who", "place", "text"],
            [(f.kind, f.low, f.high, _who(f), f.place, f.text) for f in found.figures],
            60,
            ["VARCHAR", "BIGINT", "BIGINT", "VARCHAR", "VARCHAR", "VARCHAR"],
        )
    if not (found.entities or found.quotes or found.figures):
        out.print("\nno name, place, quotation or figure was found")


def _who(figure: Figure) -> str:
    return (figure.what or figure.unit) + (" (part)" if figure.part else "")


def marked(found: Annotation) -> Iterator[Text]:
    """The lines of the text that was read, names and quotations in colours, the numbers of quotes put in."""
    from rich.text import Text

    text = found.given.text[: found.read]
    paint = [""] * len(text)
    notes: dict[int, list[int]] = {}
    for number, quote in enumerate(found.quotes, 1):
        paint[quote.start : quote.end] = [f"italic {_SAID}"] * (quote.end - quote.start)
        end = quote.end + (text[quote.end : quote.end + 1] in tuple(_CLOSING))
        for at in (end, quote.speaker_end):
            if at is not None:
                notes.setdefault(at, []).append(number)
    for entity in found.entities:
        style = _STYLES.get(entity.label, _OTHER)
        for mention in entity.mentions:
            paint[mention.start : mention.end] = [style] * (mention.end - mention.start)
    for line in re.finditer(r"[^\r\n]+", text):
        if line[0].isspace():
            continue
        made, begun = Text(), line.start()
        for at in range(line.start() + 1, line.end() + 1):
            if at == line.end() or at in notes or paint[at] != paint[begun]:
                made.append(safe(text[begun:at]), paint[begun])
                made.append(" ".join(map(str, notes.get(at, ()))).translate(_RAISED), f"bold {_SAID}")
                begun = at
        yield made
