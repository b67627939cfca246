"""Which spans of one article name the same thing: clusters of names, surnames with their full names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from schemas.records import Syntax
from transforms.recognition.naming import TITLES, normal_name
from transforms.recognition.spans import PlaceLike, Span


@dataclass
class Cluster:
    """Spans ``[start, end)`` in characters that name one entity."""

    label: str
    name: str
    entity_id: str | None
    place: PlaceLike | None
    spans: list[tuple[int, int]] = field(default_factory=list)


def merge(spans: list[Span]) -> list[Cluster]:
    """Group the disjoint spans of one article that name the same thing, in the order of their first."""
    clusters: dict[tuple[str, str], Cluster] = {}
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
            cluster = clusters[key] = Cluster(label, name, span.entity_id, span.place)
        cluster.spans.append((span.start, span.end))
    return list(clusters.values())


def _usual_labels(spans: list[Span]) -> dict[str, str]:
    """One label for each name: the one it has most often in this article."""
    votes: dict[str, Counter[str]] = {}
    for span in spans:
        if span.entity_id is None:
            votes.setdefault(normal_name(span.name), Counter())[span.label] += 1
    return {name: count.most_common(1)[0][0] for name, count in votes.items()}


def _full_names(spans: list[Span]) -> dict[str, tuple[tuple[str, str], str]]:
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
        if _owner(longest[ends].split(), longest) != ends:
            continue  # a surname of two words, no further person
        owners.setdefault(ends[0], set()).add(ends)
        owners.setdefault(ends[1], set()).add(ends)
    found: dict[str, tuple[tuple[str, str], str]] = {}

    def entry(ends: tuple[str, str]) -> tuple[tuple[str, str], str]:
        return keys.get(ends, ("PERSON", longest[ends])), names[longest[ends]]

    for normal in names:
        words = normal.split()
        found[normal] = entry(_owner(words, longest))
    for word, whose in owners.items():
        if len(whose) == 1 and len(word) > 1:
            found[word] = entry(next(iter(whose)))
    return found


def _owner(words: list[str], longest: dict[tuple[str, str], str]) -> tuple[str, str]:
    """Whose name ``words`` are: "al-Halabi" is Yahya al-Halabi, "van den Akker" is Hugo van den Akker, where one
    longer name ends so."""
    ends = (words[0], words[-1])
    longer = {
        other
        for other, name in longest.items()
        if other[1] == words[-1]
        and len(other_words := name.split()) > len(words)
        and other_words[-len(words) :] == words
    }
    return longer.pop() if len(longer) == 1 else ends


def add_missed_surnames(syntax: Syntax, clusters: list[Cluster]) -> None:
    """Where a person's surname stands alone and no source saw it, it is a mention all the same."""
    surnames: dict[str, Cluster | None] = {}
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
    words, sentences = syntax.words, frozenset(syntax.sentences)
    for i, word in enumerate(words):
        if word not in surnames:
            continue
        found, start = surnames[word], syntax.starts[i]
        if found is not None and start not in taken and word[0].isupper():
            after = words[i + 1] if i + 1 < len(words) else ""
            before = words[i - 1] if i else ""
            # "Haddar Street", "Lina Haddar" (another first name) are somebody or something else.
            if after[:1].isupper() or (
                before[:1].isupper() and before.lower().rstrip(".") not in TITLES and i not in sentences
            ):
                continue
            found.spans.append((start, start + len(word)))
