"""Builds the record of one quotation from spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.records import Entity, Quote
from transforms.identity import digest
from transforms.quotation.affiliations import affiliation
from transforms.quotation.confidence import confidence
from transforms.quotation.people import Speaker
from transforms.quotation.roles import clean_role
from transforms.recognition.naming import normal_name

MAX_SENTENCE = 2000  # characters kept in ``Quote.sentence``


def make_quote(
    text: str,
    kind: str,
    start: int,
    end: int,
    article_id: str,
    revision_id: str,
    *,
    cue: tuple[int, int] | None,
    speaker: Speaker | None,
    sentence: tuple[int, int],
    known: Mapping[str, str],
    rule: str = "plain",
) -> Quote:
    """Build the record; all spans are [start, end) characters of ``text``. ``rule`` is one of
    :data:`transforms.quotation.confidence.SPANS`, ``known`` as in :func:`affiliation`; it is a group of
    its own."""
    low, high = sentence
    high = min(high, max(end, low + MAX_SENTENCE))
    low = max(low, start - MAX_SENTENCE)
    quote_id = digest("quote", article_id, revision_id, str(start), str(end))
    return Quote(
        quote_id=quote_id,
        quote_group=quote_id,
        confidence=confidence(rule, end - start, speaker),
        kind=kind,
        text=text[start:end],
        start=start,
        end=end,
        cue=text[cue[0] : cue[1]] if cue else None,
        cue_start=cue[0] if cue else None,
        cue_end=cue[1] if cue else None,
        speaker_text=text[speaker.start : speaker.end] if speaker else None,
        speaker_start=speaker.start if speaker else None,
        speaker_end=speaker.end if speaker else None,
        speaker=speaker.name if speaker else None,
        speaker_role=speaker.role if speaker else None,
        speaker_affiliation=_affiliation(text, speaker, known) if speaker else None,
        speaker_entity_id=speaker.entity_id if speaker else None,
        sentence=text[low:high].strip(),
    )


def _affiliation(text: str, speaker: Speaker, known: Mapping[str, str]) -> str | None:
    if speaker.role is not None or speaker.name is not None:
        return affiliation(speaker.role, known)
    return affiliation(clean_role(text[speaker.start : speaker.end]), known)  # "a Turkish official"


def names_of(entities: Sequence[Entity]) -> dict[str, str]:
    """The names that the article gives to anything but persons, normalised, with their labels."""
    return {normal_name(m.text): e.label for e in entities if e.label != "PERSON" for m in e.mentions}
