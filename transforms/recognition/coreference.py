"""Which spans of one article name the same thing: clusters of names, surnames with their full names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.records import Syntax
from transforms.recognition.naming import TITLES, normal_name, one_of_them
from transforms.recognition.spans import PlaceLike, Span
from transforms.recognition.transliteration import as_arabic, key_words


@dataclass
class Cluster:
    """Spans ``[start, end)`` in characters that name one entity."""

    label: str
    name: str
    entity_id: str | None
    place: PlaceLike | None
    wikidata: str | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)


_Key = tuple[str, str]  # what tells entities apart: ("id", id) or (label, normal name)
_NOT_FIRST = frozenset(("bin", "ibn", "de", "van", "von"))  # with one more word: a last name


def merge(text: str, spans: list[Span]) -> list[Cluster]:
    """Group the disjoint spans of one article that name the same thing, in the order of their first."""
    clusters: dict[_Key, Cluster] = {}
    people = _People(text, spans)
    usual = _usual_labels(spans)
    latest: dict[str, _Key] = {}  # of those who bear a last name, the one named in full before
    for span in spans:
        name, label, ident = span.name, span.label, span.entity_id
        printed, is_open = text[span.start : span.end], False
        if ident is not None and span.bare and people.another(printed, ident):
            # A last name that somebody else here has, too: "Assad" is Bashar where he was named in full last, else
            # whoever was; but a known relative, who is not the one known by it, leaves it open.
            who = latest.get("".join(as_arabic(printed)[-1:]))
            if who != ("id", ident):
                name, ident, is_open = printed, None, who is None or who[0] == "id"
        key: _Key
        if ident is not None:
            key = ("id", ident)
        else:
            normal = normal_name(name)
            full = people.owner(name) if span.place is None and not is_open else None
            if full is not None and (label == "PERSON" or full.by_last_name):
                label, name, key = "PERSON", full.name, full.key
                ident = key[1] if key[0] == "id" else None
            else:
                label = usual.get(normal, label)
                if span.place is None and " " not in normal and people.is_last_name(name):
                    label = "PERSON"
                key = (label, one_of_them(normal) if label == "GROUP" else normal)
        if label == "PERSON" and not span.bare and " " in name:
            latest.update((word, key) for word in as_arabic(printed)[1:][-1:])
        cluster = clusters.get(key)
        if cluster is None:
            cluster = clusters[key] = Cluster(label, name, ident, span.place)
        if ident is not None and ident == span.entity_id:
            cluster.wikidata = span.wikidata
        cluster.spans.append((span.start, span.end))
    return list(clusters.values())


def _usual_labels(spans: list[Span]) -> dict[str, str]:
    """One label for each name: the one it has most often in this article."""
    votes: dict[str, Counter[str]] = {}
    for span in spans:
        if span.entity_id is None:
            votes.setdefault(normal_name(span.name), Counter())[span.label] += 1
    return {name: count.most_common(1)[0][0] for name, count in votes.items()}


@dataclass(frozen=True)
class _Person:
    key: _Key
    name: str  # the longest form
    by_last_name: bool  # asked for by a first or last name alone


def _ends(words: list[str]) -> _Key:
    """First and last word; of "Abu Omar al-Shami" and of three names all, "Ali Hassan Khalil" is not Ali Hussein."""
    return (" ".join(words[:2]) if words[0] in ("abu", "umm") and len(words) > 2 else words[0], words[-1])


def _differ(middle: Sequence[str], other: Sequence[str]) -> bool:
    """`Ali Hassan Khalil`, `Ali Hussein Khalil`: whether the names between first and last are those of two people."""
    return bool(middle) and bool(other) and not set(middle) <= set(other) and not set(other) <= set(middle)


class _People:
    """The full names of one article's people, and who is meant by a part of one.

    Names are compared by their key words, so that two spellings of one Arabic name are one person.
    """

    def __init__(self, text: str, spans: list[Span]) -> None:
        self._longest: dict[_Key, str] = {}  # (first word, last word) -> the longest form
        self._ids: dict[_Key, str] = {}
        self._names: dict[str, str] = {}  # form -> name to show
        self._whose: dict[str, _Key] = {}  # form -> (first word, last word)
        self._arabic: set[_Key] = set()
        for span in spans:
            if span.label != "PERSON" or span.bare:
                continue
            forms = [span.name] if span.entity_id is None else [span.name, text[span.start : span.end]]
            for name in dict.fromkeys(forms):
                self._add(name, span)
        self._tails: dict[str, set[_Key]] = {}  # how longer names end -> whose they are
        for ends, form in self._longest.items():
            words = form.split()
            for at in range(1, len(words)):
                self._tails.setdefault(" ".join(words[at:]), set()).add(ends)
        self._owners: dict[str, set[_Key]] = {}
        for ends, form in self._longest.items():
            if self._owner_of(form.split(), list(as_arabic(form))) != ends:
                continue  # a surname of two words, no further person
            for word in ends:
                self._owners.setdefault(word, set()).add(ends)

    def _add(self, name: str, span: Span) -> None:
        words = key_words(name)
        if not 2 <= len(words) <= 6 or (len(words) == 2 and words[0] in _NOT_FIRST):
            return
        form, ends = " ".join(words), _ends(list(words))
        if ends in self._longest and _differ(words[1:-1], self._longest[ends].split()[1:-1]):
            ends = (" ".join(words[:-1]), words[-1])
        self._names.setdefault(form, span.name)
        self._whose.setdefault(form, ends)
        if words == as_arabic(name):
            self._arabic.add(ends)
        if ends not in self._longest or len(form) > len(self._longest[ends]):
            self._longest[ends] = form
        if span.entity_id is not None:
            self._ids[ends] = span.entity_id

    def _owner_of(self, *ways: list[str]) -> _Key:
        """Whose name the words are, read in one of the ``ways``: "van den Akker" is Hugo van den Akker, where one
        longer name ends so."""
        for at, words in enumerate(ways):
            longer = self._tails.get(" ".join(words), set())
            if at:
                longer = longer & self._arabic
            if len(longer) == 1:
                return next(iter(longer))
        return _ends(ways[0])

    def _bearers(self, name: str) -> set[_Key]:
        """The people whose first or last name ``name`` is."""
        found: set[_Key] = set()
        for words in (key_words(name), as_arabic(name)):
            if len(words) == 1 and len(words[0]) > 1:
                found |= self._owners.get(words[0], set())
        return found

    def _ident(self, ends: _Key) -> _Key:
        return ("id", self._ids[ends]) if ends in self._ids else ("PERSON", self._longest[ends])

    def owner(self, name: str) -> _Person | None:
        """Whose name ``name`` is, or None: nobody's here, or of more than one."""
        words, arabic = list(key_words(name)), list(as_arabic(name))
        ends = self._owner_of(words, arabic) if len(words) > 1 else None
        if ends in self._longest and _differ(words[1:-1], self._longest[ends].split()[1:-1]):
            ends = self._whose.get(" ".join(words))
        if ends in self._longest:
            return _Person(self._ident(ends), self._names[self._longest[ends]], False)
        whose = {self._ident(ends): ends for ends in self._bearers(name)}
        if len(whose) != 1:
            return None
        key, ends = whose.popitem()
        return _Person(key, self._names[self._longest[ends]], True)

    def another(self, last_name: str, ident: str) -> bool:
        """Whether somebody else than the person ``ident`` has this last name, or it for a first name."""
        return any(self._ids.get(ends) != ident for ends in self._bearers(last_name))

    def is_last_name(self, name: str) -> bool:
        """Whether it is somebody's last name, be it of several."""
        return bool(self._with_last_name(name))

    def _with_last_name(self, name: str) -> list[_Key]:
        lasts = {words[-1] for words in (key_words(name), as_arabic(name)) if words}
        return [ends for ends in self._bearers(name) if ends[1] in lasts]


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
