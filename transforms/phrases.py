"""Names in text: what counts as the same spelling, and finding thousands of spellings in one pass.

How a spelling is read:

* ``syrien`` (first letter small) matches in any case; ``Assad`` only where the text has a capital there;
  ``HTS`` (capitals throughout) only in capitals. Scripts without case are not affected.
* ``Suriyeli*`` also matches longer words that begin so.
* Accents, Arabic vowel signs, the forms of alef, ya and ta marbuta, Turkish dotted and dotless i, kinds
  of apostrophe and hyphen make no difference.
* But spellings of up to four letters with an accent are to be met with it: ``Şam`` is not ``Sam``.
* Matches are whole words. Suffixes after an apostrophe (``Suriye'nin``) and the Arabic one-letter words
  written in one with a name (و ف ب ل ك) are allowed, and if asked for the article (ال).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick, MatchKind

T = TypeVar("T")

_DELETED = re.compile(  # combining marks, Arabic vowel signs and tatweel, soft hyphen, direction marks
    "[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_APOSTROPHES = "'\u2018\u2019\u02bc\u02bf\u02be\u02bb`\u00b4\u2032\uff07"
_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ک": "ك"}
_SPECIAL = dict(zip("ıİøØłŁđðæœß", "iioollddees", strict=True))
_QUOTE_MARK = re.compile(r"(?<![^\W_])'|'(?![^\W_])")
_ELISION = re.compile(r"(?<![^\W\d_])([dlnDLN]|[Qq]u)(?='[^\W\d_]{2})'")


class _Folds(dict[int, str]):
    """Code point to folded character, one for one; worked out at first sight."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in _APOSTROPHES:
            out = "'"
        elif char in _ARABIC:
            out = _ARABIC[char]
        elif char in _SPECIAL:
            out = _SPECIAL[char]
        elif not char.isalnum():
            out = " "
        else:
            base = unicodedata.normalize("NFKD", char)[0].lower()
            out = base if len(base) == 1 and base.isalnum() else char.lower()[0]
        self[code] = out
        return out


_FOLDS = _Folds()


@dataclass(frozen=True)
class Folded:
    """A text made comparable, with the way back to the original's offsets.

    ``text`` begins and ends with a space; everything but letters, digits and apostrophes is a space.
    """

    original: str
    text: str
    offsets: Sequence[int] | None  # of the original, per character of text[1:-1]; None: the same

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's [start, end) of ``text[start:end]``."""
        if self.offsets is None:
            return start - 1, end - 1
        return self.offsets[start - 1], self.offsets[end - 2] + 1


def fold(text: str) -> Folded:
    """Fold ``text``; see the module's head for what makes no difference."""
    offsets: list[int] | None = None
    kept = text
    if not text.isascii() and _DELETED.search(text):
        gone = {match.start() for match in _DELETED.finditer(text)}
        offsets = [index for index in range(len(text)) if index not in gone]
        kept = _DELETED.sub("", text)
    folded = kept.translate(_FOLDS)
    if "'" in folded:
        folded = _QUOTE_MARK.sub(" ", folded)  # only within a word is it an apostrophe
        folded = _ELISION.sub(r"\1 ", folded)  # d'Alep, l'Oronte: the name begins after the apostrophe
    return Folded(text, f" {folded} ", offsets)


@lru_cache(maxsize=2)
def fold_text(text: str) -> Folded:
    """As ``fold``, for an article's text: its terms and its places are looked for one after the other."""
    return fold(text)


def fold_name(name: str) -> str:
    """A spelling as it stands in :attr:`Folded.text`, without the surrounding spaces."""
    return fold(name).text.strip()


# --- finding spellings --------------------------------------------------------------------------------

_PROCLITICS = frozenset(one + two for one in ("", "و", "ف") for two in ("", "ب", "ل", "ك"))
_WITH_ARTICLE = frozenset(one + ("ل" if one.endswith("ل") else "ال") for one in _PROCLITICS)


def is_arabic(char: str) -> bool:
    return "\u0600" <= char <= "\u06ff"


class PhraseIndex(Generic[T]):
    """Spellings to values, found in folded text in one pass over it."""

    def __init__(self, entries: Iterable[tuple[str, T]], *, article: bool = True) -> None:
        """``article``: Arabic spellings are also found with the article before them."""
        self._proclitics = _PROCLITICS | _WITH_ARTICLE if article else _PROCLITICS
        rows: dict[tuple[str, int, bool, bool, str], T] = {}
        for spelling, value in entries:
            prefix = spelling.endswith("*")
            bare = spelling.rstrip("*").strip()
            folded = fold_name(bare)
            if not folded:
                continue
            capital = next((i for i, char in enumerate(bare) if char.isupper()), -1)
            if capital >= 0 and len(folded) != len(bare):
                capital = 0
            acronym = 1 < len(bare) <= 6 and bare.isupper()
            marked = len(bare) <= 4 and not bare.isascii() and not is_arabic(bare[0])
            exact = bare.casefold() if marked else ""
            rows.setdefault((folded, capital, acronym, prefix, exact), value)
            if folded.startswith("ال"):  # ل + ال is written لل
                rows.setdefault(("لل" + folded[2:], -1, False, prefix, ""), value)
        self._rows = list(rows.items())
        self._lengths = [len(key[0]) for key in rows]
        # A space in front of a cased name does the left boundary in the automaton.
        patterns = [key[0] if is_arabic(key[0][0]) else " " + key[0] for key in rows]
        self._automaton = AhoCorasick(patterns, matchkind=MatchKind.Standard)

    def all(self, text: Folded) -> list[tuple[int, int, T]]:
        """Every match as (start, end, value), offsets into ``text.text``; overlaps included."""
        haystack, original = text.text, text.original
        found = []
        for index, _, end in self._automaton.find_matches_as_indexes(haystack, overlapping=True):
            (_, capital, acronym, prefix, exact), value = self._rows[index]
            start = end - self._lengths[index]
            if haystack[end].isalnum():
                if not prefix:
                    continue
                while haystack[end].isalnum():
                    end += 1
            before = haystack[start - 1]
            if before.isalnum():
                word = haystack.rfind(" ", 0, start) + 1
                if haystack[word:start] not in self._proclitics:
                    continue
            if capital >= 0:
                first, last = text.span(start, start + self._lengths[index])
                if exact and original[first:last].casefold() != exact:
                    continue
                if acronym:
                    if not original[first:last].isupper():
                        continue
                elif not original[min(first + capital, last - 1)].isupper():
                    continue
            found.append((start, end, value))
        return found

    def find(self, text: Folded) -> list[tuple[int, int, T]]:
        """Matches that do not overlap, in order: the leftmost first, of these the longest."""
        return leftmost_longest(self.all(text))


def leftmost_longest(found: list[tuple[int, int, T]]) -> list[tuple[int, int, T]]:
    found.sort(key=lambda match: (match[0], -match[1]))
    kept: list[tuple[int, int, T]] = []
    last = 0
    for match in found:
        if match[0] >= last:
            kept.append(match)
            last = match[1]
    return kept
