"""Syria's towns in sentences of our own, and sentences in which their names mean something else.

The towns are all those of 5,000 people or more in GeoNames; their coordinates are GeoNames' own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from transforms.geography.entries import geonames_towns

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "ar", "fr", "tr")
PER_SPELLING = 3  # sentences

# Governorates by GeoNames' admin1 code, as they are called in sentences: en, ar, fr, tr.
GOVERNORATES = {
    "01": ("Hasakah", "الحسكة", "Hassaké", "Haseke"),
    "02": ("Latakia", "اللاذقية", "Lattaquié", "Lazkiye"),
    "03": ("Quneitra", "القنيطرة", "Qouneitra", "Kuneytra"),
    "04": ("Raqqa", "الرقة", "Raqqa", "Rakka"),
    "05": ("Suwayda", "السويداء", "Soueïda", "Süveyda"),
    "06": ("Daraa", "درعا", "Deraa", "Dera"),
    "07": ("Deir ez-Zor", "دير الزور", "Deir ez-Zor", "Deyrizor"),
    "08": ("Rif Dimashq", "دمشق", "Rif Dimachq", "Şam"),
    "09": ("Aleppo", "حلب", "Alep", "Halep"),
    "10": ("Hama", "حماة", "Hama", "Hama"),
    "11": ("Homs", "حمص", "Homs", "Humus"),
    "12": ("Idlib", "إدلب", "Idleb", "İdlib"),
    "13": ("Damascus", "دمشق", "Damas", "Şam"),
    "14": ("Tartus", "طرطوس", "Tartous", "Tartus"),
}


@dataclass(frozen=True)
class Town:
    geonames_id: int
    admin1: str  # code
    latitude: float
    longitude: float
    spellings: dict[str, tuple[str, ...]]  # by language


@dataclass(frozen=True)
class Case:
    """``town`` is named at ``text[start:end]``."""

    town: Town
    language: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class NotPlace:
    language: str
    named: frozenset[str]  # Syrian places that the text does name
    text: str


def _rows(name: str) -> list[list[str]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def geonames() -> dict[int, dict[str, object]]:
    """GeoNames' populated places of Syria, by id."""
    return geonames_towns(frozenset({"SY"}), frozenset(), frozenset())


def towns() -> list[Town]:
    found = []
    for ident, *spelled in _rows("towns.tsv"):
        town = geonames()[int(ident)]
        names = {language: tuple(part.split("|")) for language, part in zip(LANGUAGES, spelled, strict=True)}
        place = Town(int(ident), town["admin1code"], town["latitude"], town["longitude"], names)  # type: ignore[arg-type]
        found.append(place)
    return found


def cases() -> Iterator[Case]:
    """Each spelling in ``PER_SPELLING`` sentences of its language, taken in turn."""
    sentences = {
        language: [text for code, text in _rows("sentences.tsv") if code == language] for language in LANGUAGES
    }
    turn = dict.fromkeys(LANGUAGES, 0)
    for town in towns():
        for at, language in enumerate(LANGUAGES):
            for spelling in town.spellings[language]:
                for _ in range(PER_SPELLING):
                    pattern = sentences[language][turn[language] % len(sentences[language])]
                    turn[language] += 1
                    pattern = pattern.replace("{admin}", GOVERNORATES[town.admin1][at])
                    start = pattern.index("{place}")
                    yield Case(town, language, pattern.replace("{place}", spelling), start, start + len(spelling))


def not_places() -> list[NotPlace]:
    return [
        NotPlace(code, frozenset(filter(None, named.split("|"))), text) for code, named, text in _rows("not_places.tsv")
    ]
