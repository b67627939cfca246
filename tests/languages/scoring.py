"""What the extractor makes of the pieces of one language, counted. ``python -m tests.languages.scoring fr --errors``"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence

from benchmarks.scoring import closeness
from schemas.records import Entity, Quote
from tests.languages import LANGUAGES, Line, Piece, load
from tests.samples import an_article
from transforms.annotate import Annotated
from transforms.branches import entities_of, quotes_of
from transforms.parsing import parse_texts
from transforms.recognition.naming import normal_name
from transforms.topic import load_topic

OVERLAP = 0.7  # of two spans: the same statement


def score(pieces: Sequence[Piece]) -> tuple[Counter[str], list[str]]:
    """Counts over the pieces (all of one language), and each error as a line."""
    counted: Counter[str] = Counter()
    errors: list[str] = []
    topic = load_topic("syria")
    texts = [piece.story.text for piece in pieces]
    for piece, syntax in zip(pieces, parse_texts(texts, pieces[0].language), strict=True):
        annotated = Annotated(an_article(piece.story.slug, text=piece.story.text, language=piece.language), syntax)
        entities = entities_of(annotated, topic).entities
        quotes = quotes_of(annotated, topic).quotes
        for what, error in (*_quotes(piece, quotes), *_entities(piece, entities)):
            counted[what] += 1
            if error:
                errors.append(f"{piece.story.slug}: {what}: {error}")
    return counted, errors


def _quotes(piece: Piece, quotes: list[Quote]) -> Iterator[tuple[str, str]]:
    text = piece.story.text
    spans = [(line, text.index(line.text)) for line in piece.lines]
    for line, start in spans:
        end = start + len(line.text)
        kind = "direct" if line.kind == "direct" else "reported"
        hit = max(quotes, key=lambda q: closeness((q.start, q.end), (start, end)), default=None)
        yield f"{kind} asked", ""
        if hit is None or closeness((hit.start, hit.end), (start, end)) < OVERLAP:
            yield f"{kind} missed", f"[{line.speaker}] {line.text}"
            continue
        yield f"{kind} found", ""
        if (hit.kind == "direct") != (line.kind == "direct"):
            yield f"{kind} of another kind", f"{hit.kind}: {line.text}"
        verdict = _verdict(hit, line, set(piece.story.people))
        good = verdict in ("right", "nobody named")
        yield (
            f"speaker {verdict}",
            "" if good else f"{hit.speaker} [{hit.speaker_text}] for {line.speaker}: {line.text}",
        )
        if verdict == "right":
            printed, wanted = normal_name(hit.speaker_text or ""), normal_name(line.printed or line.speaker or "")
            as_printed = bool(printed) and (printed in wanted or wanted in printed)
            yield (
                f"printed {'right' if as_printed else 'wrong'}",
                ("" if as_printed else f"{hit.speaker_text} for {line.printed or line.speaker}"),
            )
    for quote in quotes:
        kind = "direct" if quote.kind == "direct" else "reported"
        fits = max(
            (closeness((quote.start, quote.end), (start, start + len(line.text))) for line, start in spans), default=0.0
        )
        inside = quote.kind == "mixed" and any(
            start <= quote.start and quote.end <= start + len(line.text)
            for line, start in spans
            if line.kind == "mixed"
        )
        right = fits >= OVERLAP or inside
        yield f"{kind} given", ""
        if not right:
            yield f"{kind} given for nothing", f"[{quote.speaker} / {quote.speaker_text}] {quote.text}"


def _verdict(quote: Quote, line: Line, people: set[str]) -> str:
    wanted = {normal_name(name) for name in line.speakers}
    if not set(line.speakers) & people:
        if quote.speaker is None:
            return "nobody named"
        who, printed = normal_name(quote.speaker), normal_name(quote.speaker_text or "")
        known = (quote.speaker_entity_id or "").startswith(("topic:", "geonames:"))
        fits = any(who in name or name in who or (known and (printed in name or name in printed)) for name in wanted)
        return "nobody named" if fits else "invented"
    if quote.speaker is None:
        return "left open"
    return "right" if normal_name(quote.speaker) in wanted else "wrong"


def _entities(piece: Piece, entities: list[Entity]) -> Iterator[tuple[str, str]]:
    people = {normal_name(name) for name in piece.story.people}
    places = {normal_name(name) for name in piece.story.places}
    groups = {normal_name(name) for name in piece.story.groups}
    by_label: dict[str, list[set[str]]] = {}
    for entity in entities:
        forms = {normal_name(mention.text) for mention in entity.mentions} | {normal_name(entity.name)}
        kind = entity.label if entity.label in ("PERSON", "PLACE") else "GROUP"
        by_label.setdefault(kind, []).append(forms)
        if kind == "PERSON" and not any(_part(form, name) for form in forms for name in people):
            yield "people invented", entity.name
        if kind == "PLACE" and not any(_part(place, form) for form in forms for place in places | groups):
            yield "places besides", entity.name
    for what, wanted, label in (("people", people, "PERSON"), ("places", places, "PLACE"), ("groups", groups, "GROUP")):
        for name in wanted:
            if name not in normal_name(piece.story.text):
                continue  # of the title alone, or named otherwise
            found = any(
                name in forms or (label == "PLACE" and any(_part(name, form) for form in forms))
                for forms in by_label.get(label, [])
            )
            yield f"{what} {'found' if found else 'missed'}", "" if found else name


def _part(form: str, name: str) -> bool:
    return f" {form} " in f" {name} "


def summary(counted: Counter[str]) -> str:
    """The figures on two lines."""

    def share(part: str, whole: int) -> str:
        return f"{counted[part]}/{whole}"

    said = [f"{kind} {counted[f'speaker {kind}']}" for kind in ("right", "wrong", "left open", "invented")]
    lines = []
    for kind in ("direct", "reported"):
        given = counted[f"{kind} given"]
        lines.append(
            f"{kind} found {share(f'{kind} found', counted[f'{kind} asked'])}, "
            f"for nothing {share(f'{kind} given for nothing', given)}"
        )
    lines.append("speakers " + ", ".join(said) + f", as printed {counted['printed right']}")
    lines.append(
        ", ".join(
            f"{what} {share(f'{what} found', counted[f'{what} found'] + counted[f'{what} missed'])}"
            for what in ("people", "places", "groups")
        )
        + f", people invented {counted['people invented']}, places besides {counted['places besides']}"
    )
    return "; ".join(lines)


def main() -> None:
    """Print the figures, for the pieces that rules were made by and for those that were kept aside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", default=LANGUAGES)
    parser.add_argument("--errors", action="store_true", help="each error of the pieces that rules were made by")
    options = parser.parse_args()
    for language in options.languages:
        pieces = load(language)
        for name, kept in (("made by", False), ("kept aside", True)):
            counted, errors = score([piece for piece in pieces if piece.kept == kept])
            print(f"{language}, {name}: {summary(counted)}")
            if options.errors and not kept:
                print("\n".join(errors))


if __name__ == "__main__":
    main()
