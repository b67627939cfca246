"""``idlib-watch annotate``: what the pipeline makes of a text, a page, or many texts as JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipelines.options import Parser, lend, lent
from pipelines.report import ended, json_line, tell
from schemas.errors import UserError

if TYPE_CHECKING:
    from transforms.annotation import Annotation
    from transforms.given import Given


def parser() -> Parser:
    """The parser of ``idlib-watch annotate``."""
    made = Parser(
        prog="idlib-watch annotate",
        description="Show what the pipeline makes of a text: language, verdict, people, groups, places, quotes, counts "
        "of dead, wounded and displaced.",
        epilog="With --jsonl each line of the FILEs (or of standard input) is an object with id and text, and title "
        "and language if they are known; the answers come line by line, in order, with the same ids. Offsets count "
        "code points into the text as it was given.",
        allow_abbrev=False,
    )
    add = made.add_argument
    add("input", nargs="*", metavar="FILE|URL|-", help="text (UTF-8) or HTML; an http(s) URL; - is standard input")
    add("--json", action="store_true", help="print one JSON object per input, the text with it")
    add("--jsonl", action="store_true", help="read JSON lines and print one for each")
    add("--topic", default="syria", metavar="NAME", help="a bundled topic or a topic file (default: syria)")
    add("--language", metavar="CODE", help="of the texts, where they do not say (default: the text decides)")
    add("--title", metavar="TEXT", help="the headline, which counts in the verdict (a page tells its own)")
    lend(made)
    return made


def main(argv: list[str] | None = None) -> int:
    """``idlib-watch annotate``; returns the exit status: 0, 2 for a mistake (told in one line), 130."""
    return ended(lambda: _annotate(parser().parse_args(argv)))


def _annotate(asked: Any) -> int:
    from transforms import lean
    from transforms.given import in_batches
    from transforms.parsing import BATCH
    from transforms.topic import load_topic

    topic = load_topic(asked.topic)
    if (asked.json or asked.jsonl) and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    parting = ""
    for batch in in_batches(_given(asked), BATCH if asked.jsonl else 1):
        lean.import_beam(cloud=False)
        from transforms.annotation import annotate_texts

        for found in annotate_texts(batch, topic):
            if asked.jsonl:
                tell(json_line(answer(found)))
            elif asked.json:
                tell(json_line({**answer(found), "title": found.given.title, "text": found.given.text}))
            else:
                from pipelines.marked import show

                tell(parting, end="")
                show(found)
                parting = "\n"
        sys.stdout.flush()
    return 0


def _given(asked: Any) -> Iterator[Given]:
    """The texts that a command line names; raises ``UserError`` before any is read where it is not in order."""
    from transforms.given import is_url, language_code, read_lines, read_text, read_url

    names: list[str] = asked.input or (["-"] if asked.jsonl else [])
    if not names:
        raise UserError("nothing to annotate: name a file, a URL, or - for standard input")
    if asked.json and asked.jsonl:
        raise UserError("--json and --jsonl: choose one")
    if asked.title is not None and (asked.jsonl or len(names) > 1):
        raise UserError('--title is of one text; with --jsonl each line has its own "title"')
    if asked.jsonl and any(map(is_url, names)):
        raise UserError("--jsonl reads files and standard input, no URL")
    try:
        language = language_code(asked.language) if asked.language is not None else None
    except ValueError as error:
        raise UserError(f"--language: {error}") from None
    settings = lent(asked)
    if asked.jsonl:
        return read_lines(names, language)
    return (
        read_url(name, settings.limits, settings.page_delay, asked.title, language)
        if is_url(name)
        else read_text(name, asked.title, language)
        for name in names
    )


def answer(found: Annotation) -> dict[str, Any]:
    """An annotation as JSON has it."""
    from msgspec.structs import asdict

    verdict = found.verdict
    made: dict[str, Any] = {
        "id": found.given.name,
        "language": found.language,
        "relevance": {
            "keep": verdict.keep,
            "level": verdict.level,
            "score": verdict.score,
            "why": [asdict(match) for match in verdict.matched],
            "mentions_idlib": verdict.mentions_focus,
        },
        "entities": [{**asdict(entity), "mentions": list(map(asdict, entity.mentions))} for entity in found.entities],
        "quotes": [
            {
                "start": quote.start,
                "end": quote.end,
                "kind": quote.kind,
                "cue": quote.cue,
                "cue_start": quote.cue_start,
                "cue_end": quote.cue_end,
                "speaker_start": quote.speaker_start,
                "speaker_end": quote.speaker_end,
                "speaker_text": quote.speaker_text,
                "speaker": quote.speaker,
                "role": quote.speaker_role,
                "affiliation": quote.speaker_affiliation,
                "speaker_entity_id": quote.speaker_entity_id,
                "text": quote.text,
                "quote_group": quote.quote_group,
                "confidence": quote.confidence,
            }
            for quote in found.quotes
        ],
        "figures": [asdict(figure) for figure in found.figures],
    }
    return {**made, "truncated": True} if found.truncated else made


if __name__ == "__main__":
    from pipelines.cli import alone

    alone(main)
