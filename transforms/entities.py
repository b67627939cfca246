"""Named entities of one article, as a pure function over its syntax.

Three sources are laid over each other: the people and groups that the topic names, the places that the
gazetteer knows, and the spans of spaCy's recogniser (English, French) or of patterns (Arabic, Turkish). Where they
dispute the same words the topic wins, then the longer name of the recogniser, then the gazetteer.

Labels:

========  ==========================================================================================
PERSON    a human being
GROUP     armed groups, parties, peoples and confessions (spaCy's NORP)
STATE     a government or a body that stands for a state
BODY      other organisations: ministries, courts, companies, the United Nations (spaCy's ORG)
NGO       aid and rights organisations
MEDIA     outlets and agencies
PLACE     what lies on a map (GPE, LOC, FAC)
OTHER     known to the topic under a kind that is none of these
========  ==========================================================================================

Numbers, dates and sums of money are no entities here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemas.records import Entity, Mention, Syntax
from transforms.quotation import firstnames
from transforms.recognition.acronyms import with_short_forms
from transforms.recognition.coreference import Cluster, add_missed_surnames, merge
from transforms.recognition.languages import named_spans
from transforms.recognition.naming import name_id, normal_name, topic_id, trim_name
from transforms.recognition.recogniser import missed_persons, particled_persons, speaking_places
from transforms.recognition.repairs import repaired
from transforms.recognition.spans import Known, KnownLike, PlaceLike, Places, Span, cut_at_commas, disjoint
from transforms.recognition.transliteration import is_given

__all__ = ["LABELS", "extract_entities", "name_id", "normal_name", "topic_id", "trim_name"]

LABELS = frozenset({"PERSON", "GROUP", "STATE", "BODY", "NGO", "MEDIA", "PLACE", "OTHER"})


def extract_entities(syntax: Syntax, *, language: str, gazetteer: Places, topic: Known) -> list[Entity]:
    """Return the entities of a text in the order of their first mention.

    Without a recogniser's spans topic and gazetteer speak alone. The same name has the same ``entity_id`` in
    every article. Every mention is exact: ``syntax.text[m.start:m.end] == m.text``. Mentions of all entities
    are disjoint.
    """
    text = syntax.text
    places = gazetteer.find(text, language)
    on_map = {at for match in places for at in range(match.start, match.end)}
    recognised = named_spans(syntax, language, () if syntax.english else _known(text, language, topic, places))
    if syntax.english:
        better = missed_persons(syntax) + particled_persons(syntax)
        claimed = {at for span in better for at in range(span.start, span.end)}
        recognised = better + [s for s in recognised if s.label == "PERSON" or not claimed & {s.start, s.end - 1}]
        _relabel_persons(recognised, speaking_places(syntax), on_map)
        recognised = repaired(syntax, recognised, on_map)
    recognised = cut_at_commas(text, recognised, places)
    spans = _topic_spans(text, language, topic, recognised)
    spans += recognised
    spans += _place_spans(places, recognised)
    spans = disjoint(spans)
    spans = with_short_forms(text, spans)
    clusters = merge(text, spans)
    add_missed_surnames(syntax, clusters)
    entities = [_entity(text, cluster) for cluster in clusters]
    return sorted(entities, key=lambda e: (e.mentions[0].start, e.entity_id))


def _known(text: str, language: str, topic: Known, places: Sequence[PlaceLike]) -> list[tuple[int, int]]:
    """Where the topic's names and the places stand."""
    return [(k.start, k.end) for k in topic.find_known(text, language)] + [(p.start, p.end) for p in places]


def _topic_spans(text: str, language: str, topic: Known, recognised: list[Span]) -> list[Span]:
    """The topic's names, less what is only a part of another name: "Rifaat al-Assad" is not Assad, "Reuters
    Institute" not Reuters."""
    around: dict[int, Span] = {}
    for span in recognised:
        for at in range(span.start, min(span.end, span.start + 200)):
            around.setdefault(at, span)
    spans = []
    for known in topic.find_known(text, language):
        label = known.kind.upper()
        label = label if label in LABELS else "OTHER"
        other = around.get(known.start)
        if other is not None and _is_part(text, known, label, other):
            continue
        if label == "PERSON" and (_JUNIOR.match(text, known.end) or (known.bare and _first_named(text, known.start))):
            continue
        # "U.N." with its last dot, which the topic's spelling leaves out.
        end = known.end + (text[known.end : known.end + 1] == "." and "." in text[known.start : known.end])
        spans.append(
            Span(
                known.start, end, label, known.name, 0, topic_id(known.name),
                wikidata=known.wikidata, bare=known.bare,
            )
        )  # fmt: skip
    return spans


_JUNIOR = re.compile(r",? (?:Jr|Sr|II|III)\b")
_WORD_BEFORE = re.compile(r"(\w+)[ -]$")


def _first_named(text: str, start: int) -> bool:
    """`Jamal Nasrallah`: behind a first name a last name is not that of the one who is known by it alone."""
    found = _WORD_BEFORE.search(text, max(0, start - 20), start)
    word = found[1].casefold() if found and found[1][:1].isupper() else ""
    return bool(firstnames.gender(word)) or is_given(word)


def _is_part(text: str, known: KnownLike, label: str, other: Span) -> bool:
    """Whether the topic's name is only a part of ``other``, a longer name."""
    if other.start > known.start or other.end < known.end or other.end - other.start == known.end - known.start:
        return False
    rest = text[other.start : known.start] + text[known.end : other.end]
    if known.bare:
        return other.label != "PLACE" and all(word[:1].isupper() for word in rest.replace("-", " ").split())
    if not known.everywhere or label == "PERSON" or other.label in ("PERSON", "PLACE"):
        return False
    if " " in text[known.start : known.end] and other.start == known.start:
        return False  # "Washington Post Trump" is what the model makes of a headline
    if any(char.isdigit() for char in rest) or "’s" in rest or "'s" in rest:
        return False
    return any(word[:1].isupper() for word in rest.split())  # not the dot of "U.N.", not "this White House"


def _relabel_persons(recognised: list[Span], speaking: set[int], on_map: set[int]) -> None:
    """What speaks and lies on no map is a person."""
    for span in recognised:
        if span.label == "PLACE" and span.start in speaking and on_map.isdisjoint(range(span.start, span.end)):
            span.label = "PERSON"


def _place_spans(matches: Sequence[PlaceLike], recognised: list[Span]) -> list[Span]:
    """The gazetteer's places, ranked against what the recogniser made of the same words."""
    by_token: dict[int, Span] = {}
    for span in recognised:
        for at in range(span.start, min(span.end, span.start + 200)):
            by_token[at] = span
    places = []
    for match in matches:
        other = by_token.get(match.start) or by_token.get(match.end - 1)
        # "Aleppo Media Centre" and "Idlib Haddad" are one name; "northern Idlib" is Idlib.
        longer = other is not None and other.end - other.start > match.end - match.start
        inside = other is not None and longer and other.start <= match.start and other.end >= match.end
        rank = 2 if inside and other is not None and other.label != "PLACE" else 0
        if inside and other is not None and other.label == "PLACE" and _is_building(other.name):
            rank = 2
        ident = f"geonames:{match.geonames_id}" if match.geonames_id is not None else None
        places.append(Span(match.start, match.end, "PLACE", match.name, rank, ident, match))
    return places


def _is_building(name: str) -> bool:
    return name.split()[-1].lower() in {
        "hospital",
        "university",
        "airport",
        "airbase",
        "base",
        "prison",
        "museum",
        "mosque",
        "church",
        "school",
        "camp",
        "crossing",
        "bridge",
        "square",
        "hotel",
    }


def _entity(text: str, cluster: Cluster) -> Entity:
    mentions = [Mention(start=s, end=e, text=text[s:e]) for s, e in sorted(cluster.spans)]
    place = cluster.place
    return Entity(
        entity_id=cluster.entity_id or name_id(cluster.label, cluster.name),
        name=cluster.name,
        label=cluster.label,
        mentions=mentions,
        geonames_id=place.geonames_id if place else None,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        admin1=place.admin1 if place else None,
        country=place.country if place else None,
        wikidata_id=cluster.wikidata,
    )
