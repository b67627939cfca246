"""Named entities of one article, as a pure function over its spaCy ``Doc``.

Three sources are laid over each other: the people and groups that the topic names, the places that the
gazetteer knows, and (where the ``Doc`` carries them, in English) the spans of spaCy's recogniser. Where they
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

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from spacy.tokens import Doc

from schemas.records import Entity, Mention
from transforms.quotation.cues import COMMON_PERSONS, SAYING

LABELS = frozenset({"PERSON", "GROUP", "STATE", "BODY", "NGO", "MEDIA", "PLACE", "OTHER"})

_FROM_SPACY = {
    "PERSON": "PERSON",
    "NORP": "GROUP",
    "ORG": "BODY",
    "GPE": "PLACE",
    "LOC": "PLACE",
    "FAC": "PLACE",
}

# Words before a name that are no part of it. Compared caseless, without a final dot.
TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend fr father sister brother imam "
    "sheikh shaykh "
    "mullah president vice-president minister premier chancellor secretary ambassador envoy governor mayor "
    "senator sen "
    "rep congressman congresswoman representative judge justice king queen prince princess emir sultan "
    "general gen "
    "colonel col lt lieutenant major maj captain capt brigadier brig sgt sergeant commander cmdr admiral "
    "adm marshal "
    "chief officer spokesman spokeswoman spokesperson chairman chairwoman director deputy foreign prime "
    "defence defense former acting special".split()
)
_HONORIFICS = frozenset(("Mr", "Mrs", "Ms", "Miss", "Dr"))
_EDGE = " \t\r\n\xa0\"'“”„«»‘’`´,.;:!?()[]{}<>*-–—•|/\\_#@"
_MEDIA_WORDS = frozenset("news times post tribune gazette herald agency radio television tv broadcasting press".split())
_NGO_WORDS = frozenset("relief charity foundation observatory watch helmets crescent amnesty".split())
_NOT_A_NAME = frozenset(
    "i he she we they it you monday tuesday wednesday thursday friday saturday sunday january february "
    "march april "
    "may june july august september october november december mr mrs ms dr twitter facebook".split()
)


class PlaceLike(Protocol):
    """One place found in a text (``transforms.gazetteer.PlaceMatch``)."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def geonames_id(self) -> int | None: ...
    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...
    @property
    def admin1(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...


class Places(Protocol):
    """What finds places in a text: ``transforms.gazetteer.Gazetteer``, or a stand-in."""

    def find(self, text: str, language: str) -> Sequence[PlaceLike]: ...


class KnownLike(Protocol):
    """A person or group of the topic at ``[start, end)`` (``transforms.topic.KnownSpan``)."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...  # one of LABELS


class Known(Protocol):
    """What finds the topic's people and groups in a text: ``transforms.topic.Topic``, or a stand-in."""

    def find_known(self, text: str, language: str) -> Sequence[KnownLike]: ...


@dataclass
class _Span:
    start: int
    end: int
    label: str
    name: str
    rank: int  # lower wins where two claim the same words
    entity_id: str | None = None
    place: PlaceLike | None = None


@dataclass
class _Cluster:
    label: str
    name: str
    entity_id: str | None
    place: PlaceLike | None
    spans: list[tuple[int, int]] = field(default_factory=list)


def normal_name(name: str) -> str:
    """Return ``name`` caseless, without marks and punctuation, words parted by one space."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain.replace("'", "").replace("’", "")))


def name_id(label: str, name: str) -> str:
    """Return the id of a name that neither topic nor gazetteer knows: the same in every article."""
    return (
        "name:"
        + hashlib.blake2b(f"{label}\x1f{normal_name(name)}".encode("utf-8", "replace"), digest_size=8).hexdigest()
    )


def topic_id(name: str) -> str:
    """Return the id of a name the topic knows: ``topic:`` and its slug."""
    return "topic:" + (normal_name(name).replace(" ", "-") or "unnamed")


def trim_name(text: str, start: int, end: int, *, titles: bool) -> tuple[int, int]:
    """Narrow ``[start, end)`` to the name itself; ``start == end`` where nothing is left.

    Takes away edge punctuation, a leading article, a possessive ending, all that follows a line break,
    and, for persons, leading titles.
    """
    if (cut := text.find("\n", start, end)) > start:
        end = cut
    changed = True
    while changed and start < end:
        changed = False
        while start < end and text[start] in _EDGE:
            start += 1
        while end > start and text[end - 1] in _EDGE and not _keeps_dot(text, start, end):
            end -= 1
        if text[start:end].endswith(("'s", "’s", "'S", "’S")):
            end -= 2
            changed = True
        space = text.find(" ", start, end)
        if space > 0:
            word = text[start:space].lower().rstrip(".")
            if word in ("the", "a", "an") or (titles and word in TITLES):
                start = space
                changed = True
    if titles and text[start:end].lower().rstrip(".") in TITLES:
        return start, start
    return start, end


def _keeps_dot(text: str, start: int, end: int) -> bool:
    """Whether the final dot belongs to an abbreviation such as U.N. or Jr."""
    return text[end - 1] == "." and (
        text[max(start, end - 3) : end - 2] == "." or text[start:end].endswith(("Jr.", "Sr."))
    )


def extract_entities(doc: Doc, *, article_id: str, language: str, gazetteer: Places, topic: Known) -> list[Entity]:
    """Return the entities of ``doc`` in the order of their first mention.

    ``doc`` may carry no recogniser's spans (``spacy.blank``); then topic and gazetteer speak alone.
    ``article_id`` is not part of any id: the same name has the same ``entity_id`` in every article.
    Every mention is exact: ``doc.text[m.start:m.end] == m.text``. Mentions of all entities are disjoint.
    """
    text = doc.text
    spans = _topic_spans(text, language, topic)
    recognised = _recognised_spans(doc, text)
    if doc.has_annotation("DEP"):
        better = _missed_persons(doc, text)
        claimed = {at for span in better for at in range(span.start, span.end)}
        recognised = better + [s for s in recognised if s.label == "PERSON" or not claimed & {s.start, s.end - 1}]
    spans += recognised
    spans += _place_spans(text, language, gazetteer, recognised)
    spans = _disjoint(spans)
    clusters = _merge(spans, doc)
    _add_missed_surnames(doc, text, clusters)
    entities = [_entity(text, cluster) for cluster in clusters]
    return sorted(entities, key=lambda e: (e.mentions[0].start, e.entity_id))


def _topic_spans(text: str, language: str, topic: Known) -> list[_Span]:
    spans = []
    for known in topic.find_known(text, language):
        label = known.kind.upper()
        label = label if label in LABELS else "OTHER"
        spans.append(_Span(known.start, known.end, label, known.name, 0, topic_id(known.name)))
    return spans


def _recognised_spans(doc: Doc, text: str) -> list[_Span]:
    spans = []
    for ent in doc.ents:
        label = _FROM_SPACY.get(ent.label_)
        if label is None:
            continue
        start, end = trim_name(text, ent.start_char, ent.end_char, titles=label == "PERSON")
        name = text[start:end]
        if end - start < 2 or not name[0].isalnum() or name.islower() or normal_name(name) in _NOT_A_NAME:
            continue
        if not normal_name(name) or (label == "PERSON" and any(c.isdigit() for c in name)):
            continue
        if label == "BODY":
            label = _body_label(name)
        spans.append(_Span(start, end, label, name, 1))
    return spans


def _missed_persons(doc: Doc, text: str) -> list[_Span]:
    """Full names that the recogniser passed over or mislabelled, where the text shows a person.

    Two or three capital words with an apposition (", a teacher"), with ", who" behind them, or whose last
    word
    stands elsewhere behind Mr or Ms; and, where the recogniser saw nothing at all, as subject of a verb of
    saying.
    """
    tokens = list(doc)
    words = [t.text for t in tokens]
    proper = [t.pos_ == "PROPN" and w[:1].isupper() for t, w in zip(tokens, words, strict=True)]
    size = len(tokens)
    honoured = {words[i + 1] for i in range(size - 1) if words[i].rstrip(".") in _HONORIFICS and proper[i + 1]}
    found = []
    i = 0
    while i < size:
        if not proper[i]:
            i += 1
            continue
        j = i
        while (j < size and (proper[j] and tokens[j].ent_iob_ != "B")) or j == i:
            j += 1
        first = i
        while first < j and words[first].lower().rstrip(".") in TITLES:
            first += 1
        last = tokens[j - 1]
        if tokens[first if first < j else i].ent_type_ != "PERSON" and j > first and j - first <= 3:
            named = j - first >= 2 and all(w.isalpha() or "-" in w for w in words[first:j])
            tail = words[j : j + 5]
            shown = (
                len(tail) > 1
                and tail[0] == ","
                and (
                    tail[1] == "who"
                    or (tail[1] in ("a", "an", "the", "his", "her") and any(w in COMMON_PERSONS for w in tail[2:]))
                )
            )
            spoken = not last.ent_type_ and last.dep_ == "nsubj" and last.head.lemma_ in SAYING
            if (named and (shown or spoken)) or words[j - 1] in honoured:
                start, end = trim_name(text, tokens[first].idx, last.idx + len(last.text), titles=True)
                if start < end:
                    found.append(_Span(start, end, "PERSON", text[start:end], 1))
        i = j
    return found


def _body_label(name: str) -> str:
    words = set(name.lower().split())
    if words & _MEDIA_WORDS and len(words) > 1:
        return "MEDIA"
    return "NGO" if words & _NGO_WORDS and len(words) > 1 else "BODY"


def _place_spans(text: str, language: str, gazetteer: Places, recognised: list[_Span]) -> list[_Span]:
    """The gazetteer's places, ranked against what the recogniser made of the same words."""
    by_token: dict[int, _Span] = {}
    for span in recognised:
        for at in range(span.start, min(span.end, span.start + 200)):
            by_token[at] = span
    places = []
    for match in gazetteer.find(text, language):
        other = by_token.get(match.start) or by_token.get(match.end - 1)
        # "Aleppo Media Centre" and "Idlib Haddad" are one name; "northern Idlib" is Idlib.
        longer = other is not None and other.end - other.start > match.end - match.start
        inside = other is not None and longer and other.start <= match.start and other.end >= match.end
        rank = 2 if inside and other is not None and other.label != "PLACE" else 0
        if inside and other is not None and other.label == "PLACE" and _is_building(other.name):
            rank = 2
        ident = f"geonames:{match.geonames_id}" if match.geonames_id is not None else None
        places.append(_Span(match.start, match.end, "PLACE", match.name, rank, ident, match))
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


def _disjoint(spans: list[_Span]) -> list[_Span]:
    """Keep the best of overlapping spans: by rank, then length, then position."""
    spans.sort(key=lambda s: (s.rank, s.start - s.end, s.start))
    taken: set[int] = set()
    kept = []
    for span in spans:
        # Spans of equal or smaller length come later within a rank; a longer one of a lower rank may still
        # enclose a taken one, so every position is looked at (names are short: linear in the text).
        reach = range(span.start, min(span.end, span.start + 300))
        if any(at in taken for at in reach):
            continue
        taken.update(reach)
        kept.append(span)
    kept.sort(key=lambda s: s.start)
    return kept


def _merge(spans: list[_Span], doc: Doc) -> list[_Cluster]:
    """Group spans that name the same thing within the article."""
    clusters: dict[tuple[str, str], _Cluster] = {}
    people = _full_names(spans)
    usual = _usual_labels(spans)
    for span in spans:
        name, label = span.name, span.label
        key: tuple[str, str]
        if span.entity_id is not None:
            key = ("id", span.entity_id)
        else:
            normal = normal_name(name)
            full = people.get(normal)
            if full is not None and (label == "PERSON" or " " not in normal):
                label, name, key = "PERSON", full[1], full[0]
            else:
                label = usual.get(normal, label)
                key = (label, normal)
        cluster = clusters.get(key)
        if cluster is None:
            cluster = clusters[key] = _Cluster(label, name, span.entity_id, span.place)
        cluster.spans.append((span.start, span.end))
    return list(clusters.values())


def _usual_labels(spans: list[_Span]) -> dict[str, str]:
    """One label for each name: the one it has most often in this article."""
    votes: dict[str, Counter[str]] = {}
    for span in spans:
        if span.entity_id is None:
            votes.setdefault(normal_name(span.name), Counter())[span.label] += 1
    return {name: count.most_common(1)[0][0] for name, count in votes.items()}


def _full_names(spans: list[_Span]) -> dict[str, tuple[tuple[str, str], str]]:
    """Map each form of a person's name to (cluster key, name to show), where only one person fits it."""
    longest: dict[tuple[str, str], str] = {}  # (first word, last word) -> the longest form
    keys: dict[tuple[str, str], tuple[str, str]] = {}
    names: dict[str, str] = {}
    for span in spans:
        if span.label != "PERSON":
            continue
        normal = normal_name(span.name)
        words = normal.split()
        if len(words) < 2 or len(words) > 6:
            continue
        names.setdefault(normal, span.name)
        ends = (words[0], words[-1])
        known = ("id", span.entity_id) if span.entity_id is not None else None
        if ends not in longest or len(normal) > len(longest[ends]):
            longest[ends] = normal
        if known is not None:
            keys[ends] = known
    owners: dict[str, set[tuple[str, str]]] = {}
    for ends in longest:
        owners.setdefault(ends[0], set()).add(ends)
        owners.setdefault(ends[1], set()).add(ends)
    found: dict[str, tuple[tuple[str, str], str]] = {}

    def entry(ends: tuple[str, str]) -> tuple[tuple[str, str], str]:
        return keys.get(ends, ("PERSON", longest[ends])), names[longest[ends]]

    for normal in names:
        words = normal.split()
        found[normal] = entry((words[0], words[-1]))
    for word, whose in owners.items():
        if len(whose) == 1 and len(word) > 1:
            found[word] = entry(next(iter(whose)))
    return found


def _add_missed_surnames(doc: Doc, text: str, clusters: list[_Cluster]) -> None:
    """Where a person's surname stands alone and no source saw it, it is a mention all the same."""
    surnames: dict[str, _Cluster | None] = {}
    taken: set[int] = set()
    for cluster in clusters:
        for start, end in cluster.spans:
            taken.update(range(start, min(end, start + 300)))
        words = cluster.name.split()
        if cluster.label == "PERSON" and len(words) > 1 and len(words[-1]) > 2:
            last = words[-1]
            surnames[last] = None if last in surnames else cluster
    if not surnames:
        return
    for token in doc:
        found = surnames.get(token.text)
        if found is not None and token.idx not in taken and token.text[0].isupper():
            after = token.nbor(1).text if token.i + 1 < len(doc) else ""
            before = token.nbor(-1).text if token.i else ""
            # "Haddar Street", "Lina Haddar" (another first name) are somebody or something else.
            if after[:1].isupper() or (
                before[:1].isupper() and before.lower().rstrip(".") not in TITLES and not doc[token.i].is_sent_start
            ):
                continue
            found.spans.append((token.idx, token.idx + len(token.text)))


def _entity(text: str, cluster: _Cluster) -> Entity:
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
    )
