"""Which texts are one story: the same agency copy, cut, retitled and re-credited, under other URLs.

A signature is the bottom of a text's shingles: of the hashes of all runs of ``WIDTH`` words the ``SIZE`` smallest
(Broder's bottom-k sketch). Below the smaller of two signatures' last hashes both hold all that their texts have, so the
share of the shorter text that stands in the longer can be counted there, however different their lengths are. MinHash
over permutations tells how much of both together is shared: a third of a text, cut from its end, then looks like two
texts that share a background. What stands in a signature is documented here, for it is stored: it must not depend on
a library's version.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from transforms.agency import without_credits

WIDTH: Final = 4  # words of a shingle
SIZE: Final = 192  # hashes of a signature
MIN_WORDS: Final = 40  # a shorter text has no signature: notes of this length share their words by chance
WINDOW: Final = 7 * 86_400.0  # seconds between the publication of two copies, at most
SHARED: Final = 0.5  # of the shorter text's shingles stand in the longer
OF_ONE_SITE: Final = 0.9  # the same of two pages of one site: its notes end in the same paragraphs about itself
NUMBERS: Final = 0.4  # of those of them that hold a number, at least: bulletins differ in little else
COUNTED: Final = 6  # shingles with a number, at least, for that: one number alone stands in WIDTH of them
LEAST: Final = 1 / 6  # the shorter has of the longer's length, at least: less is a note within a live blog

_MARK = np.uint32(1)  # the last bit of a hash: the shingle holds a number
_WORD = re.compile(r"[^\W_]+")
_VOWELS = re.compile(r"(?<=[a-z])[aeiou]+")
_SOFT_C = re.compile(r"c(?=[eiy])")
_DOUBLED = re.compile(r"([a-z])\1+")
_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640]+")  # accents, Arabic vowels, the stroke that widens
_FOLD = str.maketrans(
    {"ı": "i", "ٱ": "ا", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"}
    | {0x0660 + n: str(n) for n in range(10)}
    | {0x06F0 + n: str(n) for n in range(10)}
)
_FOLDED = re.compile(f"[{''.join(map(chr, _FOLD))}]")
_DIGITS = {
    word: str(n)
    for names in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
        "sıfır bir iki üç dört beş altı yedi sekiz dokuz on",
    )
    for n, word in enumerate(names.split())
    if word not in ("un", "bir", "on", "one")  # these are more often articles, pronouns and prepositions
}
_ARABIC_NUMBERS = frozenset(
    "ثلاثه ثلاث اربعه اربع خمسه خمس سته ست سبعه سبع ثمانيه ثماني تسعه تسع عشره عشر عشرون عشرين ثلاثون ثلاثين اربعون "
    "اربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون تسعين مئه مئات الف الاف".split()
)
_TENS = frozenset(
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty "
    "ninety hundred thousand dozen vingt trente quarante cinquante soixante cent mille yirmi otuz kırk elli altmış "
    "yetmiş seksen doksan yüz".split()
)


class Sketch(NamedTuple):
    """A signature as numbers: hashes in rising order, and how many shingles the text has."""

    hashes: npt.NDArray[np.uint32]
    shingles: int


def signature(text: str) -> bytes:
    """The signature of an article's text, empty where it is shorter than ``MIN_WORDS`` words.

    Four bytes (little-endian) with the number of shingles, then four for each hash in rising order. A hash is the upper
    31 bits of a 64-bit mix (splitmix64) of the CRC-32 of the shingle's words in UTF-8, by their places; its last bit
    says whether one of them is a number. Dateline and credit lines are left out; words are compared without case,
    accents, Arabic vowels and the letters in which British and American spelling and transliterations differ (vowels
    but for a leading one, z for s, c for s before e, i and y, doubled letters); numbers up to twelve are digits.
    """
    words, numbers = _words(without_credits(text))
    if len(words) < MIN_WORDS:
        return b""
    codes, is_number = np.array(words, np.uint64), np.array(numbers, np.bool_)
    length = len(words) - WIDTH + 1
    mixed = np.zeros(length, np.uint64)
    marked = np.zeros(length, np.bool_)
    for place in range(WIDTH):
        mixed = _mix(mixed + codes[place : place + length] + np.uint64(place + 1))
        marked |= is_number[place : place + length]
    hashes = (mixed >> np.uint64(32)).astype(np.uint32) & ~_MARK | marked.astype(np.uint32)
    distinct = np.unique(hashes)
    return len(distinct).to_bytes(4, "little") + distinct[:SIZE].astype("<u4").tobytes()


def read_signature(data: bytes) -> Sketch | None:
    """The numbers of a signature; None where it is empty or none of ours."""
    if len(data) < 8 or len(data) % 4:
        return None
    return Sketch(np.frombuffer(data, "<u4", offset=4), int.from_bytes(data[:4], "little"))


def shared(one: bytes, other: bytes) -> tuple[float, float | None]:
    """How much of the shorter text stands in the longer, from 0 to 1: of all its shingles, and of those with a number
    (None where fewer than ``COUNTED`` can be compared). (0, None) where one has no signature, or is too short beside
    the other.
    """
    a, b = read_signature(one), read_signature(other)
    if a is None or b is None:
        return 0.0, None
    common = a.hashes[np.isin(a.hashes, b.hashes, assume_unique=True)]
    return _shared(a, b, len(common), int((common & _MARK).sum()))


def _shared(a: Sketch, b: Sketch, common: int, numbered: int) -> tuple[float, float | None]:
    short, long = sorted((a, b), key=lambda s: s.shingles)
    if not long.shingles or short.shingles < LEAST * long.shingles:
        return 0.0, None
    ends = [s.hashes[-1] for s in (a, b) if s.shingles > len(s.hashes)]
    seen = short.hashes[short.hashes <= min(ends)] if ends else short.hashes
    if not len(seen):
        return 0.0, None
    with_number = int((seen & _MARK).sum())
    return common / len(seen), numbered / with_number if with_number >= COUNTED else None


def is_copy(share: float, numbers: float | None, one_site: bool = False) -> bool:
    """The decision, on what ``shared`` tells, and on whether both are pages of one site."""
    return share >= (OF_ONE_SITE if one_site else SHARED) and (numbers is None or numbers >= NUMBERS)


def same_story(one: bytes, other: bytes) -> bool:
    """Whether the texts of two signatures are copies of one."""
    return is_copy(*shared(one, other))


class Printing(NamedTuple):
    """An article as a story's member."""

    article_id: str
    story_id: str
    published_at: float
    signature: bytes
    site: str = ""  # of its page; empty: not known


class Found(NamedTuple):
    """The printing that shares most; smaller is better: share (negative), publication, article_id, story_id."""

    share: float
    published_at: float
    article_id: str
    story_id: str


class Stories:
    """The printings that are held, by their hashes: a look-up costs a search in a sorted list, not a comparison each.

    Built once from many (sorting), then grown: what was added later is searched beside it and merged by and by.
    """

    def __init__(self, printings: Iterable[Printing] = ()) -> None:
        self._members: list[Printing] = []
        self._sketches: list[Sketch] = []
        self._parts: list[tuple[npt.NDArray[np.uint32], npt.NDArray[np.int32]]] = []
        self.add(printings)

    def __len__(self) -> int:
        return len(self._members)

    def add(self, printings: Iterable[Printing]) -> None:
        """Hold more; those without a signature are passed over."""
        hashes, owners = [], []
        for printing in printings:
            sketch = read_signature(printing.signature)
            if sketch is not None:
                hashes.append(sketch.hashes)
                owners.append(np.full(len(sketch.hashes), len(self._members), np.int32))
                self._members.append(printing)
                self._sketches.append(sketch)
        if not hashes:
            return
        part = _sorted(np.concatenate(hashes), np.concatenate(owners))
        while self._parts and len(self._parts[-1][0]) <= 2 * len(part[0]):  # each hash is merged some log n times
            last = self._parts.pop()
            part = _sorted(np.concatenate([last[0], part[0]]), np.concatenate([last[1], part[1]]))
        self._parts.append(part)

    def find(self, signature: bytes, published_at: float, leave: Collection[str] = (), site: str = "") -> Found | None:
        """The printing within ``WINDOW`` of ``published_at`` that shares most with ``signature``; of
        several that share as much the earliest published, then the smallest id. Articles ``leave`` are passed over.
        ``site`` is that of the text's page, if known."""
        sketch = read_signature(signature)
        if sketch is None or not self._members:
            return None
        total: dict[int, int] = {}
        numbered: dict[int, int] = {}
        for hashes, owners in self._parts:
            low, high = np.searchsorted(hashes, sketch.hashes, "left"), np.searchsorted(hashes, sketch.hashes, "right")
            met = np.flatnonzero(high > low)
            if not len(met):
                continue
            spans = [(owners[low[i] : high[i]], sketch.hashes[i] & _MARK) for i in met]
            found = np.concatenate([span for span, _ in spans])
            marks = np.concatenate([np.full(len(span), mark, np.uint32) for span, mark in spans])
            for who, count, marked in _tally(found, marks):
                total[who] = count
                numbered[who] = marked
        best: Found | None = None
        for who, count in total.items():
            member = self._members[who]
            if abs(member.published_at - published_at) > WINDOW or member.article_id in leave:
                continue
            share, numbers = _shared(sketch, self._sketches[who], count, numbered[who])
            if is_copy(share, numbers, one_site=bool(site) and site == member.site):
                found_here = Found(-share, member.published_at, member.article_id, member.story_id)
                best = found_here if best is None or found_here < best else best
        return best


def _tally(found: npt.NDArray[np.int32], marks: npt.NDArray[np.uint32]) -> Iterable[tuple[int, int, int]]:
    """Owner, how many hashes it shares, how many of them hold a number; only of those that share enough to matter."""
    owners, places = np.unique(found, return_inverse=True)
    counts = np.bincount(places)
    marked = np.bincount(places, weights=marks).astype(np.int64)
    enough = np.flatnonzero(counts >= 4)
    return [(int(owners[i]), int(counts[i]), int(marked[i])) for i in enough]


def _sorted(
    hashes: npt.NDArray[np.uint32], owners: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int32]]:
    order = np.argsort(hashes, kind="stable")
    return hashes[order], owners[order]


def _mix(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of splitmix64 (Steele, Lea and Flood, 2014)."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: npt.NDArray[np.uint64] = x ^ (x >> np.uint64(31))
    return mixed


def _words(text: str) -> tuple[list[int], list[bool]]:
    """CRC-32 of the words of a text, in the form in which copies are compared, and which of them are numbers."""
    folded = unicodedata.normalize("NFKD", text.casefold()).replace("per cent", "percent").replace("%", " percent ")
    if not folded.isascii():
        folded = _MARKS.sub("", folded)
        folded = folded.translate(_FOLD) if _FOLDED.search(folded) else folded  # slow, and rarely called for in English
    folded = folded.replace("z", "s")
    forms = [_form(word) for word in _WORD.findall(folded)]
    return [code for code, _ in forms], [number for _, number in forms]


@lru_cache(maxsize=1 << 16)
def _form(word: str) -> tuple[int, bool]:
    word = _DIGITS_FOLDED.get(word, word)
    number = word[0].isdigit() or word in _TENS_FOLDED or word in _ARABIC_NUMBERS
    return zlib.crc32((word if number else _skeleton(word)).encode("utf-8", "replace")), number


def _skeleton(word: str) -> str:
    """A Latin word without the letters in which spellings differ; other words as they are."""
    if not word.isascii() or len(word) < 3:
        return word
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", _SOFT_C.sub("s", word)))


def _plain(word: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKD", word)).translate(_FOLD).replace("z", "s")


_DIGITS_FOLDED: Final = {_plain(word): digit for word, digit in _DIGITS.items()}
_TENS_FOLDED: Final = frozenset(_plain(word) for word in _TENS)
