"""Numbers as news prints them: digits, words, round ones ("dozens"), ranges, and what stands before them.

``low`` and ``high`` are what the words allow, null where they set no bound. Round words count the least that they
can mean: "dozens" two dozen, "hundreds" two hundred; so ``high`` is null.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from transforms.tolls.words import NOBODY, TIMES, singular

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_UNITS = {w: n for n, w in enumerate(_SMALL)} | _TENS
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "dozen": 12}
_ROUND = {"dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2_000, "millions": 2_000_000}
_DIGITS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9}", re.ASCII)
_DECIMAL = re.compile(r"[0-9]{1,6}\.[0-9]{1,3}", re.ASCII)
_RANGE = re.compile(r"([0-9][0-9,]{0,12})[-–—]([0-9][0-9,]{0,12})", re.ASCII)
_DASHES = ("-", "–", "—")
_MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec".split()
)
_NOT_BEFORE = frozenset("$ € £ # no. aged age ages page article resolution number july/".split())
_NONE_BEFORE = frozenset("not no neither nor every each per".split())
_FRACTIONS = frozenset(
    "third thirds quarter quarters half halves fifth fifths sixth sixths seventh eighth eighths ninth tenth tenths "
    "fold times twentieth hundredth".split()
)
_COUNTED = frozenset("people men women children dead wounded injured".split())  # plurals without an s

# Before a number: the words, and which bounds they leave. Longest first.
_QUALIFIERS: dict[tuple[str, ...], str] = {
    tuple(words.split()): bounds
    for bounds, many in {
        "low": "at least|at the least|at the very least|a minimum of|no fewer than|no less than|not fewer than|"
        "not less than|more than|over|upwards of|upward of|in excess of|above|well over|just over|exceeding|"
        "a total of at least",
        "high": "up to|as many as|no more than|not more than|at most|a maximum of",
        "below": "fewer than|less than|under",
        "both": "some|about|around|nearly|almost|approximately|roughly|close to|an estimated|estimated|an average of|"
        "just under|virtually|circa|approx|around some",
    }.items()
    for words in many.split("|")
}
_LONGEST = max(map(len, _QUALIFIERS))


class Number(NamedTuple):
    """A number at tokens ``[first, last]``, its qualifier from ``qualified`` on (``first`` where there is none)."""

    qualified: int
    first: int
    last: int
    low: int | None
    high: int | None
    vague: bool  # a round word: "dozens"

    @property
    def has_qualifier(self) -> bool:
        return self.qualified < self.first


def numbers(lower: Sequence[str], begin: int, end: int) -> list[Number]:
    """The numbers among tokens ``[begin, end)``, in order; ``lower`` are all tokens' small letters."""
    found = []
    behind = begin
    for at in [i for i, word in enumerate(lower[begin:end], begin) if word in _BEGINNERS or "0" <= word[:1] <= "9"]:
        made = _number(lower, at, end, begin) if at >= behind else None
        if made is None:
            continue
        whole = _share_of(lower, made, end)
        if whole is not None:
            behind = whole + 1
            continue
        if not _is_other(lower, made, begin, end):
            found.append(made)
        behind = made.last + 1
    return found


def _share_of(lower: Sequence[str], part: Number, end: int) -> int | None:
    """The last token of "nine in 10", "two out of every three"; None where the number ``part`` is no such share."""
    at = part.last + 1
    is_out = at + 1 < end and lower[at] == "out" and lower[at + 1] == "of"
    if not is_out and not (at < end and lower[at] == "in"):
        return None
    at += 2 if is_out else 1
    is_every = at < end and lower[at] in ("every", "each")
    at += 1 if is_every else 0
    whole = _value(lower, at, end) if at < end and _may_begin(lower[at]) else None
    if whole is None or whole[1] is None or part.low is None or whole[0] <= part.low:
        return None
    if is_out or is_every:
        return whole[2]
    after = singular(lower[whole[2] + 1]) if whole[2] + 1 < end else ""
    is_round = whole[0] <= 10 or whole[0] in (20, 25, 50) or set(str(whole[0])) == {"1", "0"}
    return whole[2] if is_round and after not in TIMES and after not in NOBODY else None  # not "12 in two days"


def _may_begin(word: str) -> bool:
    return "0" <= word[:1] <= "9" or word in _BEGINNERS


_BEGINNERS = frozenset((*_UNITS, *_ROUND, "a", "an", "half", "several", "few", "tens"))


def _number(lower: Sequence[str], at: int, end: int, begin: int) -> Number | None:
    found = _value(lower, at, end)
    if found is None:
        return None
    low, high, last = found
    first = at
    before = lower[at - 1] if at > begin else ""
    if high is not None and last + 2 < end:
        joins = lower[last + 1]
        if joins in _DASHES or joins in ("to", "or") or (joins == "and" and before == "between"):
            other = _value(lower, last + 2, end) if _may_begin(lower[last + 2]) else None
            if other is not None and other[1] is not None:
                if before in ("from", "by") and joins == "to":  # the toll rose from 19 to 27, fell from 44 to 39
                    first, low, high, last = last + 2, *other
                elif other[0] > low:
                    high, last = other[1], other[2]
    if before == "between" and high is not None and high > low:
        return Number(at - 1, first, last, low, high, False)
    qualified, bounds = _qualifier(lower, first, begin)
    vague = high is None
    made_low: int | None = low
    if bounds == "low":
        high = None
    elif bounds in ("high", "below"):
        if high is None:
            return None
        made_low, high = None, high - (1 if bounds == "below" else 0)
    if last + 2 < end and lower[last + 1] == "or" and lower[last + 2] == "more":
        high, last = None, last + 2
    return Number(qualified, first, last, made_low, high, vague)


def _qualifier(lower: Sequence[str], first: int, begin: int) -> tuple[int, str]:
    """Where the qualifier before a number begins, and the bounds that it leaves; blanks do not count."""
    words: list[str] = []
    found = (first, "")
    for at in range(first - 1, max(first - 2 * _LONGEST, begin) - 1, -1):
        if lower[at].isspace():
            continue
        words.insert(0, lower[at])
        if len(words) > _LONGEST:
            break
        bounds = _QUALIFIERS.get(tuple(words))
        if bounds is not None:
            found = (at, bounds)
    return found


def _value(lower: Sequence[str], at: int, end: int) -> tuple[int, int | None, int] | None:
    """(low, high, last token) of the number that begins at ``at``."""
    word = lower[at]
    after = lower[at + 1] if at + 1 < end else ""
    if "0" <= word[:1] <= "9":
        return _digits(word, after, at)
    if word in ("a", "an"):
        if after == "few" and at + 2 < end and lower[at + 2] in _SCALES:
            return 2 * _SCALES[lower[at + 2]], None, at + 2
        return (_SCALES[after], _SCALES[after], at + 1) if after in _SCALES else None
    if word == "half":
        scale = lower[at + 2] if at + 2 < end and after in ("a", "-") else after
        if scale in ("million", "dozen", "billion"):
            return _SCALES[scale] // 2, _SCALES[scale] // 2, at + (1 if scale == after else 2)
        return None
    if word in ("several", "few"):
        return (2 * _SCALES[after], None, at + 1) if after in _SCALES else None
    if word == "tens" or word in _ROUND:
        if at + 2 < end and after == "of" and lower[at + 2] in ("thousands", "millions"):
            unit = _ROUND[lower[at + 2]]  # two thousand: twenty thousand, two hundred thousand
            return {"tens": 10, "hundreds": 100}.get(word, 1) * unit, None, at + 2
        return (_ROUND[word], None, at) if word != "tens" else None
    return _words(lower, at, end)


def _digits(word: str, after: str, at: int) -> tuple[int, int | None, int] | None:
    if _DIGITS.fullmatch(word):
        value = int(word.replace(",", ""))
        if after in _SCALES:
            return value * _SCALES[after], value * _SCALES[after], at + 1
        return value, value, at
    if _DECIMAL.fullmatch(word) and after in ("million", "billion", "thousand"):
        value = round(float(word) * _SCALES[after])
        return value, value, at + 1
    both = _RANGE.fullmatch(word)
    if both:
        low, high = (int(n.replace(",", "") or 0) for n in both.groups())
        return (low, high, at) if low < high else None
    return None


def _words(lower: Sequence[str], at: int, end: int) -> tuple[int, int | None, int] | None:
    total = part = 0
    last = at - 1
    here = at
    while here < end:
        word = lower[here]
        if word in _UNITS:
            if here > at and lower[here - 1] not in (*_DASHES, "and", *_SCALES) and part:
                break
            part += _UNITS[word]
        elif word in _SCALES:
            part = max(part, 1) * _SCALES[word]
            if word not in ("hundred", "dozen"):
                total, part = total + part, 0
        elif word in _DASHES or (word == "and" and lower[here - 1] in _SCALES):
            if here + 1 >= end or lower[here + 1] not in _UNITS or (word in _DASHES and lower[here - 1] not in _TENS):
                break
            here += 1
            continue
        else:
            break
        last = here
        here += 1
    value = total + part
    return (value, value, last) if last >= at and value < 10**10 else None


def _is_other(lower: Sequence[str], made: Number, begin: int, end: int) -> bool:
    """A year, a date, a sum of money, an age, a share, a time: no count."""
    before = lower[made.first - 1] if made.first > begin else ""
    after = lower[made.last + 1] if made.last + 1 < end else ""
    word = lower[made.first]
    if (lower[made.qualified - 1] if made.qualified > begin else "") in _NONE_BEFORE:
        return True  # "not one of", "for every 100"
    if (
        made.first - 2 >= begin
        and before == "of"
        and _may_begin(lower[made.first - 2])
        and lower[made.first - 2] != "one"
    ):
        return True  # "ten of 12 hostages": not twelve
    part = lower[made.last + 2] if after in _DASHES and made.last + 2 < end else after
    if part in _FRACTIONS and (after != part or part not in ("second", "half")):
        return True  # "two-thirds", "10 times more"
    if before in _NOT_BEFORE or after in ("%", "percent", "per", "pct", "years", "year"):
        return after != "per" or (made.last + 2 < end and lower[made.last + 2] == "cent")
    is_dated = made.first - 2 >= begin and lower[made.first - 2][:1].isdigit()  # "On 7 May 12 people"
    if (before in _MONTHS and not is_dated) or after in _MONTHS or after in ("a.m", "p.m", "a.m.", "p.m.", "gmt", "°"):
        return True
    if len(word) == 4 and word.isdigit() and 1900 <= int(word) < 2100 and made.first == made.last:
        return not made.has_qualifier and not (after.endswith("s") and after.isalpha()) and after not in _COUNTED
    if before in ("no", "this", "that", "the", "any", "every", "each", "which", "some") and word == "one":
        return True
    return made.high == 0
