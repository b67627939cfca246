"""The topic: what the pipeline looks for, as configuration.

A topic is one TOML file. ``syria`` ships with the project; another conflict is another file, given by
path. This module reads and checks it, and finds its names in text.

How its spellings are read is told in :mod:`transforms.phrases`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from schemas.errors import UserError
from transforms.phrases import Folded, PhraseIndex, fold_name, fold_text

try:
    _toml = import_module("tomllib")
except ImportError:  # before Python 3.11
    _toml = import_module("tomli")

T = TypeVar("T")

LABELS = ("PERSON", "GROUP", "STATE", "BODY", "NGO", "MEDIA", "OTHER")
LANGUAGES = ("en", "ar", "tr", "fr")

_BUNDLED = Path(__file__).parent / "topics"


# --- what a topic holds -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """A word of the topic, or a person, group or body.

    ``weight`` says how much one mention speaks for the topic: 1 for "Syria", less for what is also
    met in other news (a movement active in several countries).
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


@dataclass(frozen=True)
class KnownSpan:
    """A person, group or body of the topic at ``text[start:end]``."""

    start: int
    end: int
    name: str  # canonical
    kind: str  # one of LABELS


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
        found = [match for match in find_terms(folded, self) if match[2].kind != "term"]
        return [KnownSpan(*folded.span(start, end), term.name, term.label) for start, end, term in found]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Topic) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


# --- finding its names ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Spelled:
    term: Term
    ambiguous: bool  # counts only in context


@lru_cache(maxsize=8)
def _term_index(topic: Topic) -> PhraseIndex[_Spelled | None]:
    """All names; phrases that exclude stand in it as ``None``, governorates as terms of kind place."""
    in_context = {fold_name(spelling) for spelling in topic.context_terms}
    entries: list[tuple[str, _Spelled | None]] = [(phrase, None) for phrase in topic.exclude]
    for term in topic.terms:
        entries += [(text, _Spelled(term, fold_name(text) in in_context)) for text in term.spellings]
    unsure = {fold_name(spelling) for spelling in (*topic.context_places, *topic.cue_places)}
    for division in topic.divisions:
        if fold_name(division.name) not in unsure:
            place = Term(division.name, "place", "OTHER", 1.0, (division.name,))
            entries.append((division.name, _Spelled(place, False)))
    return PhraseIndex(entries)


STRONG = 0.7  # the weight from which a name alone shows that a text is of the topic's world


def find_terms(folded: Folded, topic: Topic) -> list[tuple[int, int, Term]]:
    """The topic's terms, people and groups, in order, not overlapping; offsets into ``folded.text``."""
    found = [(start, end, spelled) for start, end, spelled in _term_index(topic).find(folded) if spelled]
    context = any(not spelled.ambiguous and spelled.term.weight >= STRONG for _, _, spelled in found)
    return [
        (start, end, spelled.term)
        for start, end, spelled in found
        if spelled.term.kind != "place" and (context or not spelled.ambiguous)
    ]


# --- reading the file ---------------------------------------------------------------------------------


class _Table:
    """One table of the file, read key by key; every complaint names file and key."""

    def __init__(self, file: str, where: str, data: object) -> None:
        self.file, self.where = file, where
        if not isinstance(data, dict):
            raise self.error(None, f"is {_kind(data)}; write a table")
        self.data: dict[str, Any] = data
        self.known: set[str] = set()

    def error(self, key: str | None, problem: str) -> UserError:
        where = ".".join(part for part in (self.where, key) if part)
        return UserError(f"topic file {self.file}: {where or 'file'}: {problem}")

    def get(self, key: str, kind: type[T], default: T | None = None, *, required: bool = False) -> T | None:
        self.known.add(key)
        value = self.data.get(key)
        if value is None:
            if required:
                near = get_close_matches(key, [other for other in self.data if other not in self.known], n=1)
                raise self.error(key, f"is missing; rename {near[0]!r}" if near else "is missing; add it")
            return default
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(key, f"is {_kind(value)}; write {_NAMES[kind]}")
        if kind is str and not str(value).strip():
            raise self.error(key, "is empty; give a value or leave the key out")
        return value

    def text(self, key: str) -> str:
        return str(self.get(key, str, required=True)).strip()

    def number(self, key: str, default: float, low: float, high: float) -> float:
        value = self.get(key, float, default)
        assert value is not None
        if not low <= value <= high:
            raise self.error(key, f"is {value:g}; write a number from {low:g} to {high:g}")
        return value

    def strings(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        values = self.get(key, list, [], required=required) or []
        for index, value in enumerate(values):
            if not isinstance(value, str):
                raise self.error(f"{key}[{index}]", f"is {_kind(value)}; write a text in quotes")
            if not fold_name(value.rstrip("*")):
                raise self.error(f"{key}[{index}]", "is empty; write a name or remove it")
        if required and not values:
            raise self.error(key, "is empty; give at least one")
        return tuple(dict.fromkeys(value.strip() for value in values))

    def tables(self, key: str) -> list[_Table]:
        values = self.get(key, list, []) or []
        return [_Table(self.file, f"{key}[{index}]", value) for index, value in enumerate(values)]

    def done(self) -> None:
        for key in self.data:
            if key not in self.known:
                raise self.error(key, f"is not a known key; use one of {', '.join(sorted(self.known))}")


_NAMES: dict[type, str] = {
    str: "a text in quotes",
    float: "a number",
    int: "a whole number",
    list: "a list in [ ]",
    bool: "true or false",
}


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true/false"
    if isinstance(value, (int, float)):
        return "a number"
    names = (("a text", str), ("a list", list), ("a table", dict))
    return next((name for name, kind in names if isinstance(value, kind)), "a date or time")


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
    root = _Table(source, "", data)
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
        country_names.append(CountryNames(table.text("code"), table.strings("names", required=True)))
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


def _no_doubles(root: _Table, key: str, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if fold_name(name) in seen:
            raise root.error(key, f"the name {name!r} stands twice; merge the two entries")
        seen.add(fold_name(name))


def _term(table: _Table) -> Term:
    name = table.text("name")
    spellings = table.strings("spellings", required=True)
    term = Term(name, "term", "OTHER", table.number("weight", 1.0, 0.0, 1.0), spellings)
    table.done()
    return term


def _actor(table: _Table) -> Term:
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


def _place(table: _Table) -> PlaceEntry:
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


def _division(table: _Table, country: str) -> Division:
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
