"""What was found of that which the stories ask for, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from benchmarks.scoring import closeness
from schemas.records import Entity, Quote
from tests.stories import QuoteLine, Story
from transforms.recognition.naming import normal_name

OVERLAP = 0.7  # of two spans: the same statement


def count_quotes(story: Story, found: Sequence[Quote]) -> Counter[str]:
    """``asked`` and ``found`` by kind of statement; of those found: the name ``right``, ``wrong``, ``left open``; where
    the story names nobody: ``nobody named``, or ``invented``."""
    counted: Counter[str] = Counter()
    for line in story.quotes:
        start = story.text.index(line.text)
        end = start + len(line.text)
        # Of a quotation over several paragraphs each is a line of its own.
        paragraph = (story.text.rfind("\n", 0, start) + 1, story.text.find("\n", end) % (len(story.text) + 1))
        shares = [closeness((max(q.start, paragraph[0]), min(q.end, paragraph[1])), (start, end)) for q in found]
        counted[f"asked {line.kind}"] += 1
        if not shares or max(shares) < OVERLAP:
            continue
        hit = found[shares.index(max(shares))]
        counted[f"found {line.kind}"] += 1
        counted[_verdict(hit, line, set(story.people))] += 1
    return counted


def _verdict(quote: Quote, line: QuoteLine, people: set[str]) -> str:
    wanted = {normal_name(name) for name in line.speakers}
    if not set(line.speakers) & people:
        given = {normal_name(quote.speaker or ""), normal_name(quote.speaker_text or "")}
        somebody = quote.speaker is not None and normal_name(quote.speaker) in {normal_name(name) for name in people}
        told = any(who in name or name in who for name in wanted for who in given)
        return "nobody named" if told and not somebody else "invented"
    if quote.speaker is None:
        return "left open"
    named = {normal_name(name) for name in quote.speaker.split(" and ")}
    return "right" if named <= wanted else "wrong"


def count_names(story: Story, found: Sequence[Entity]) -> Counter[str]:
    """``asked`` and ``found`` of people (as persons, by their fullest name), groups and places; ``extra people``: persons
    found under a name that is nobody's."""
    counted: Counter[str] = Counter()
    persons = {normal_name(entity.name) for entity in found if entity.label == "PERSON"}
    people = {normal_name(name) for name in story.people}
    names = {normal_name(name) for entity in found for name in (entity.name, *(m.text for m in entity.mentions))}
    places = {
        normal_name(name)
        for entity in found
        if entity.label == "PLACE"
        for name in (entity.name, *(m.text for m in entity.mentions))
    }
    for what, asked, there in (
        ("people", people, persons),
        ("groups", {normal_name(name) for name in story.groups}, names),
        ("places", {normal_name(name) for name in story.places}, places),
    ):
        counted[f"asked {what}"] = len(asked)
        counted[f"found {what}"] = len(asked & there)
    counted["extra people"] = len(persons - people)
    return counted
