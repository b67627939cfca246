"""The topic: what the pipeline looks for, as configuration.

A topic is one TOML file. ``syria`` ships with the project; another conflict is another file, given by
path. This module reads and checks it, and finds its names in text.

How its spellings are read is told in :mod:`transforms.phrases`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any

from schemas.errors import UserError
from transforms.phrases import Folded, PhraseIndex, fold_name, fold_text
from transforms.tomltable import Table

try:
    _toml = import_module("tomllib")
except ImportError:  # before Python 3.11
    _toml = import_module("tomli")

LABELS = ("PERSON", "GROUP", "STATE", "BODY", "NGO", "MEDIA", "OTHER")
LANGUAGES = ("en", "ar", "tr", "fr")

_BUNDLED = Path(__file__).parent / "topics"


# --- what a topic holds -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """A word of the topic, or a person, group or body.

    ``weight`` says how much one mention speaks for the topic: 1 for "Syria", less for what is also
    met in other news (a movement active in several countries), 0 for who is met in any news (a news agency,
    a president): an identity only, which says nothing about relevance.
    """

    name: str  # canonical, English
    kind: str  # term, person, group
    label: str  # one of LABELS; OTHER for plain terms
    weight: float
    spellings: tuple[str, ...]  # all languages, the canonical name included
    wikidata: str | None = None


@dataclass(frozen=True)
class PlaceEntry:
    """Further spellings, or a preferred English name, of a GeoNames place; or a place of our own."""

    name: str
    names: tuple[str, ...]
    geonames_id: int | None = None
    country: str | None = None  # ISO 3166-1 alpha-2; with latitude and longitude for a place of our own
    admin1: str | None = None  # GeoNames code within the country
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Division:
    """A first-level division (governorate) of one of the topic's countries."""

    country: str
    code: str  # GeoNames admin1 code
    name: str  # English
    geonames_id: int | None
    names: tuple[str, ...]  # names that mean the division and never its capital
    parts: bool = True  # "northern NAME" is a part of the division; False: of its capital


@dataclass(frozen=True)
class CountryNames:
    code: str  # ISO 3166-1 alpha-2
    names: tuple[str, ...]  # besides the English name
    hints: tuple[str, ...] = ()  # words that tell which of two places of one name is meant: "Libyan"


@dataclass(frozen=True)
class KnownSpan:
    """A person, group or body of the topic at ``text[start:end]``."""

    start: int
    end: int
    name: str  # canonical
    kind: str  # one of LABELS
    wikidata: str | None = None
    bare: bool = False  # a person's last name alone: whose it is depends on who else is named
    everywhere: bool = False  # of weight 0: met in any news, so that a longer name may hold it ("UN Watch")


@dataclass(frozen=True, eq=False)
class Topic:
    """A checked topic file.

    Equal and hashed by ``digest``: what is built from a topic is cached by it, and copies that were sent
    between processes find the same.
    """

    name: str
    source: str  # the file it came from
    digest: str  # of the file's content
    countries: tuple[str, ...]  # ISO codes whose places count
    focus: tuple[str, ...]  # admin1 codes of the focus region, in the first country
    terms: tuple[Term, ...]
    exclude: tuple[str, ...]  # phrases in which a term or place does not count
    places: tuple[PlaceEntry, ...] = ()
    divisions: tuple[Division, ...] = ()
    country_names: tuple[CountryNames, ...] = ()
    context_terms: tuple[str, ...] = ()  # spellings that count only in a text that names the topic otherwise
    drop_places: tuple[str, ...] = ()  # place spellings never to be used: common words
    context_places: tuple[str, ...] = ()  # place spellings for which the same holds
    cue_places: tuple[str, ...] = ()  # and these only beside "town of", "in" or another place of the region
    division_before: tuple[str, ...] = ()  # words that make the following name a division
    division_after: tuple[str, ...] = ()

    def find_known(self, text: str, language: str = "") -> list[KnownSpan]:
        """The topic's people, groups and bodies in ``text``, in order, not overlapping."""
        folded = fold_text(text)
        return [
            KnownSpan(*folded.span(start, end), term.name, term.label, term.wikidata, spelled.bare, not term.weight)
            for start, end, spelled in _in_context(_known_index(self).find(folded))
            if (term := spelled.term).kind not in ("term", "place")
        ]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Topic) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


# --- finding its names ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Spelled:
    term: Term
    ambiguous: bool  # counts only in context
    bare: bool = False  # see KnownSpan


@lru_cache(maxsize=8)
def _term_index(topic: Topic) -> PhraseIndex[_Spelled | None]:
    """The names that say something about relevance."""
    return _index(topic, [term for term in topic.terms if term.weight])


@lru_cache(maxsize=8)
def _known_index(topic: Topic) -> PhraseIndex[_Spelled | None]:
    """All names, those of weight 0 too: in the other they would take the words of the topic's own."""
    return _index(topic, topic.terms)


def _index(topic: Topic, terms: Iterable[Term]) -> PhraseIndex[_Spelled | None]:
    """Names; phrases that exclude stand in it as ``None``, governorates as terms of kind place."""
    in_context = {fold_name(spelling) for spelling in topic.context_terms}
    entries: list[tuple[str, _Spelled | None]] = [(phrase, None) for phrase in topic.exclude]
    for term in terms:
        bare = _bare(term) if term.kind == "person" else frozenset()
        entries += [(text, _Spelled(term, fold_name(text) in in_context, text in bare)) for text in term.spellings]
    unsure = {fold_name(spelling) for spelling in (*topic.context_places, *topic.cue_places)}
    for division in topic.divisions:
        if fold_name(division.name) not in unsure:
            place = Term(division.name, "place", "OTHER", 1.0, (division.name,))
            entries.append((division.name, _Spelled(place, False)))
    return PhraseIndex(entries)


_PARTICLES = frozenset("al el ul le la de del der den di da du van von bin ibn ben".split())


def _bare(person: Term) -> frozenset[str]:
    """Of a person's spellings, those that are one word: "Assad", "al-Assad", "de Mistura"."""
    return frozenset(
        text for text in person.spellings if len([w for w in fold_name(text).split() if w not in _PARTICLES]) == 1
    )


STRONG = 0.7  # the weight from which a name alone shows that a text is of the topic's world


def find_terms(folded: Folded, topic: Topic) -> list[tuple[int, int, Term]]:
    """The topic's terms, people and groups, in order, not overlapping; offsets into ``folded.text``."""
    found = _in_context(_term_index(topic).find(folded))
    return [(start, end, spelled.term) for start, end, spelled in found if spelled.term.kind != "place"]


def _in_context(found: list[tuple[int, int, _Spelled | None]]) -> list[tuple[int, int, _Spelled]]:
    """Without what excludes, and without the ambiguous where nothing else shows the topic."""
    named = [(start, end, spelled) for start, end, spelled in found if spelled]
    context = any(not spelled.ambiguous and spelled.term.weight >= STRONG for _, _, spelled in named)
    return [match for match in named if context or not match[2].ambiguous]


# --- reading the file ---------------------------------------------------------------------------------


def load_topic(name_or_path: str) -> Topic:
    """The topic of that name (``syria``) or in that TOML file.

    Raises:
        UserError: the file cannot be read or is not a topic; the message names file and key.
    """
    if re.fullmatch(r"[a-z0-9_-]+", name_or_path) and (_BUNDLED / f"{name_or_path}.toml").is_file():
        path = _BUNDLED / f"{name_or_path}.toml"
    else:
        path = Path(name_or_path)
    if path.is_dir():
        raise UserError(f"topic file {path}: is a directory; name a .toml file in it")
    try:
        stamp = path.stat().st_mtime_ns
    except (OSError, ValueError) as error:
        bundled = ", ".join(sorted(item.stem for item in _BUNDLED.glob("*.toml")))
        reason = getattr(error, "strerror", None) or "not a usable path"
        message = f"topic file {name_or_path}: {reason}; give a TOML file or one of: {bundled}"
        raise UserError(message) from None
    return _load(path, stamp)


@lru_cache(maxsize=8)
def _load(path: Path, stamp: int) -> Topic:
    try:
        data = _toml.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UserError(f"topic file {path}: {error.strerror}; make it readable") from None
    except UnicodeDecodeError:
        raise UserError(f"topic file {path}: is not UTF-8 text; save it as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"topic file {path}: is not TOML: {error}") from None
    return parse_topic(data, str(path))


def parse_topic(data: dict[str, Any], source: str) -> Topic:
    """Check the content of a topic file. Raises :class:`UserError`, naming ``source`` and the key."""
    root = Table(source, "", data)
    name = root.text("name")
    countries = root.strings("countries", required=True)
    for index, code in enumerate(countries):
        if not re.fullmatch("[A-Z]{2}", code):
            raise root.error(f"countries[{index}]", f"{code!r} is not an ISO code of two capitals such as SY")
    terms = [_term(table) for table in root.tables("terms")]
    terms += [_actor(table) for table in root.tables("actors")]
    places = tuple(_place(table) for table in root.tables("places"))
    divisions = tuple(_division(table, countries[0]) for table in root.tables("divisions"))
    country_names = []
    for table in root.tables("country_names"):
        country_names.append(
            CountryNames(table.text("code"), table.strings("names", required=True), table.strings("hints"))
        )
        table.done()
    topic = Topic(
        name=name,
        source=source,
        digest=blake2b(repr(data).encode(), digest_size=16).hexdigest(),
        countries=countries,
        focus=root.strings("focus"),
        terms=tuple(terms),
        exclude=root.strings("exclude"),
        places=places,
        divisions=divisions,
        country_names=tuple(country_names),
        context_terms=root.strings("context_terms"),
        drop_places=root.strings("drop_places"),
        context_places=root.strings("context_places"),
        cue_places=root.strings("cue_places"),
        division_before=root.strings("division_before"),
        division_after=root.strings("division_after"),
    )
    root.done()
    if not terms:
        raise root.error("terms", "has no entry; give at least one [[terms]] or [[actors]]")
    _no_doubles(root, "terms", [term.name for term in terms])
    _no_doubles(root, "places", [f"{place.name} ({place.country or place.geonames_id})" for place in places])
    _no_doubles(root, "divisions", [division.name for division in divisions])
    codes = {division.code for division in divisions}
    for code in topic.focus:
        if divisions and code not in codes:
            raise root.error("focus", f"{code!r} is not the code of one of the [[divisions]]")
    return topic


def _no_doubles(root: Table, key: str, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if fold_name(name) in seen:
            raise root.error(key, f"the name {name!r} stands twice; merge the two entries")
        seen.add(fold_name(name))


def _term(table: Table) -> Term:
    name = table.text("name")
    spellings = table.strings("spellings", required=True)
    term = Term(name, "term", "OTHER", table.number("weight", 1.0, 0.0, 1.0), spellings)
    table.done()
    return term


def _actor(table: Table) -> Term:
    name, label = table.text("name"), table.text("label")
    if label not in LABELS:
        raise table.error("label", f"{label!r} is not one of {', '.join(LABELS)}")
    spellings = [name]
    for language in LANGUAGES:
        spellings += table.strings(language)
    wikidata = table.get("wikidata", str)
    if wikidata is not None and not re.fullmatch(r"Q[1-9]\d*", wikidata):
        raise table.error("wikidata", f"{wikidata!r} is not an id such as Q42")
    kind = "person" if label == "PERSON" else "group"
    weight = table.number("weight", 1.0, 0.0, 1.0)
    table.done()
    return Term(name, kind, label, weight, tuple(dict.fromkeys(spellings)), wikidata)


def _place(table: Table) -> PlaceEntry:
    place = PlaceEntry(
        name=table.text("name"),
        names=table.strings("names"),
        geonames_id=table.get("id", int),
        country=table.get("country", str),
        admin1=table.get("admin1", str),
        latitude=table.number("latitude", 0.0, -90, 90) if "latitude" in table.data else None,
        longitude=table.number("longitude", 0.0, -180, 180) if "longitude" in table.data else None,
    )
    table.known |= {"latitude", "longitude"}
    table.done()
    own = (place.country, place.latitude, place.longitude)
    if None in own and (place.geonames_id is None or own != (None, None, None)):
        raise table.error("id", "needs a GeoNames id, or country, latitude and longitude; complete the entry")
    if place.country is not None and not re.fullmatch("[A-Z]{2}", place.country):
        raise table.error("country", f"{place.country!r} is not an ISO code of two capitals such as SY")
    return place


def _division(table: Table, country: str) -> Division:
    division = Division(
        country=table.get("country", str) or country,
        code=table.text("code"),
        name=table.text("name"),
        geonames_id=table.get("id", int),
        names=table.strings("names"),
        parts=bool(table.get("parts", bool, True)),
    )
    table.done()
    return division
