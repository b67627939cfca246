"""A date as people write it, in English, French, Turkish and Arabic, with either kind of Arabic digits.

Why tables of our own: dateparser reads none of the months that Levantine papers print (أيلول, كانون الثاني) and no
date that a word or the Hijri date stands beside, takes 0.2 to 2 ms for each and half a second for its first. It
reads what is left: the other languages.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from transforms.dates import FARTHEST, FUTURE_SLACK, Stated, by_day

MAX_READ = 160  # characters that are looked at

_NAMES = {
    1: "january jan janvier janv ocak oca يناير كانون_الثاني كانون_2 ك2 جانفي",
    2: "february feb février fevrier févr fév fevr şubat şub subat فبراير شباط فيفري",
    3: "march mar mars mart مارس آذار اذار",
    4: "april apr avril avr nisan nis أبريل ابريل إبريل نيسان أفريل",
    5: "may mai mayıs مايو أيار ايار ماي",
    6: "june jun juin haziran haz يونيو يونيه حزيران جوان",
    7: "july jul juillet juil temmuz tem يوليو يوليه تموز جويلية",
    8: "august aug août aout ağustos ağu agustos أغسطس اغسطس آب اب أوت",
    9: "september sept sep septembre eylül eyl سبتمبر شتنبر أيلول ايلول",
    10: "october oct octobre ekim eki أكتوبر اكتوبر تشرين_الأول تشرين_الاول تشرين_أول تشرين_1 ت1",
    11: "november nov novembre kasım kas نوفمبر نونبر تشرين_الثاني تشرين_ثاني تشرين_الثانى تشرين_2 ت2",
    12: "december dec décembre decembre déc aralık ara ديسمبر دجنبر كانون_الأول كانون_الاول كانون_أول كانون_1 ك1",
}
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹،٫−–—", "01234567890123456789,:---", "\u0640")
_HIDDEN = re.compile(r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\u064b-\u0652]")


def _folded(text: str) -> str:
    """One spelling for all: NFC, plain digits, without marks of direction, in small letters (İ and ı: i)."""
    text = _HIDDEN.sub("", unicodedata.normalize("NFKC", text)).translate(_DIGITS)
    return " ".join(text.replace("İ", "i").replace("ı", "i").replace("I", "i").lower().split())


_MONTH_OF = {_folded(name.replace("_", " ")): n for n, names in _NAMES.items() for name in names.split()}
_NAME = "|".join(re.escape(name) + r"(?!\d)" * name[-1].isdigit() for name in sorted(_MONTH_OF, key=len, reverse=True))
_MONTH = rf"(?<![^\W\d_])(?:{_NAME})(?![^\W\d_])"
_YEAR = r"(?:199[5-9]|20\d\d)(?!\d)"
_ISO = re.compile(rf"(?<!\d)(?P<y>{_YEAR[:-6]})(?:([-/.])(?P<m>\d\d?)\2(?P<d>\d\d?)|(?P<m2>\d\d)(?P<d2>\d\d))(?!\d)")
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<d>\d\d?)(?:st|nd|rd|th|er|\.)?[ ./-]{{0,3}}(?:of |de )?(?P<m>{_MONTH})\.?"
    rf"(?: ?[/(-] ?{_MONTH}\)?)?[ ,./-]{{0,3}}(?P<y>{_YEAR}|'?\d\d(?= \d\d?:))"
)
_MONTH_FIRST = re.compile(
    rf"(?P<m>{_MONTH})\.?(?: ?/ ?{_MONTH})? (?P<d>\d\d?)(?:st|nd|rd|th)?,? "
    rf"(?:\d\d?:\d\d(?::\d\d)? )?(?:[a-z]{{3,4}} )?(?P<y>{_YEAR})"
)
_YEAR_FIRST = re.compile(rf"(?<!\d)(?P<y>{_YEAR})[ ,./-]{{1,3}}(?P<m>{_MONTH})\.?[ ,./-]{{1,3}}(?P<d>\d\d?)(?![\d:])")
_NUMBERS = re.compile(rf"(?<![\d/.])(?P<a>\d\d?)(?P<s>[/.-])(?P<b>\d\d?)(?P=s)(?P<y>{_YEAR}|\d\d(?![\d/.-]))")
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "bst": 1, "msk": 3, "trt": 3, "tsi": 3, "غرينتش": 0,
    "جرينتش": 0, "غرينيتش": 0, "مكة": 3,
}  # fmt: skip
_ZONE = (
    r"(?:\(? ?(?:(?:utc|gmt|بتوقيت)? ?(?P<sign>[+-])(?P<zh>\d\d?):?(?P<zm>\d\d)?(?!\d)|(?:بتوقيت |ت )?(?P<zone>"
    + "|".join(_ZONES)
    + r")(?![^\W\d_])))?"
)
_TIME = re.compile(
    r"(?<![\d:.])(?P<h>[01]?\d|2[0-4])(?: ?h ?(?P<m2>[0-5]\d)?(?![^\W_])"
    r"| ?[:.] ?(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d|60))?(?:[.,]\d+)?)"
    r"(?P<half> ?(?:[ap]\.?m\b\.?|صباحا|مساء|[صم](?![^\W\d_])|öö|ös))? ?" + _ZONE
)
# Between a date and a time: that is another's, of a change.
_OTHERS = re.compile(
    _YEAR + r"|updat|modif|edited|revised|mise? à jour|\bmaj\b|actualis|güncel|guncel|düzenle|تحديث|تعديل"
)
_OWN = frozenset({"en", "fr", "tr", "ar"})


def read_dates(text: str, language: str | None = None) -> tuple[Stated, ...]:
    """The date that ``text`` states, or nothing. Two where day and month could be either: the likelier first.

    ``language`` is a tag (en-US): it tells the order of day and month (the month first in American English, and with a
    12-hour clock in English or an unknown language) and, where it is none of the four, the months. Seconds, milli-,
    micro- and nanoseconds since the epoch are read, and ISO 8601, RFC 822 and dates of the Gregorian calendar in words
    and numbers; Hijri and Persian dates are not. Only the first 160 characters are looked at.
    """
    text = text[: 2 * MAX_READ].strip()
    if text.isdecimal() and len(text) in (10, 13, 16, 19):
        return (Stated(int(text) / 1000 ** ((len(text) - 10) // 3)),)
    plain = _folded(text)[:MAX_READ]
    if not any(c.isdigit() for c in plain):
        return ()
    tag = (language or "").lower().replace("_", "-")
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST):
        for found in pattern.finditer(plain):
            parts = found.groupdict()
            month = parts["m"] or parts.get("m2") or ""
            number = _MONTH_OF.get(month) or (int(month) if month.isdigit() else 0)
            made = _made(plain, found, parts["y"], number, int(parts["d"] or parts.get("d2") or 0))
            if made is not None:
                return (made,)
    for found in _NUMBERS.finditer(plain):
        first, second = int(found["a"]), int(found["b"])
        clock = _TIME.search(plain, found.end())
        half = clock is not None and (clock["half"] or "").strip()[:1] in ("a", "p")
        month_first = tag in ("en-us", "en-ph") or (tag[:2] in ("", "en") and tag != "en-gb" and half)
        days = [(first, second), (second, first)]
        if month_first and found["s"] == "/":
            days.reverse()
        read = dict.fromkeys(_made(plain, found, found["y"], month, day) for day, month in days)
        either = tuple(made for made in read if made is not None)
        if either:
            return either if len(either) == 1 else tuple(replace(made, either=True) for made in either)
    return _elsewhere(text[:60], tag[:2]) if tag and tag[:2] not in _OWN else ()


def chosen_date(
    text: str, language: str | None = None, day: float | None = None, now: float | None = None
) -> Stated | None:
    """The one date that ``text`` states. Where day and month could be either it is the reading of the ``day`` that the
    URL tells (``transforms.dates.url_day``), else the likelier that does not lie in the future of ``now``."""
    read = by_day(read_dates(text, language), day)
    if now is not None and len(read) > 1:
        past = [s for s in read if s.at <= now + (FUTURE_SLACK if s.zoned else FARTHEST)]
        read = past or read
    return read[0] if read else None


def _made(text: str, found: re.Match[str], year: str, month: int, day: int) -> Stated | None:
    whole = int(year.lstrip("'"))
    try:
        start = datetime(whole if whole > 99 else 2000 + whole, month, day, tzinfo=timezone.utc).timestamp()
    except ValueError:
        return None
    # The time stands behind the date, or before it.
    rest = text[found.end() :].removeprefix("t")
    within = found[0] if ":" in found[0] else ""  # Tue Sep 11 12:00:00 2018
    clock = _TIME.search(rest)
    if clock is not None and _OTHERS.search(rest[: clock.start()]):
        clock = None
    clock = clock or _TIME.search(within) or _TIME.search(text[: found.start()] + "|")
    if clock is None:
        whole_time = re.match(r"(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)(?P<s>[0-5]\d)? ?" + _ZONE, rest)  # 20180911T120000Z
        if whole_time is None or found["y"] is None or "-" in found[0]:
            return Stated(start, zoned=False, day_only=True)
        clock = whole_time
    parts = clock.groupdict()
    hour = int(parts["h"])
    half = (parts.get("half") or "").strip()
    if half and hour <= 12:
        late = half in ("ös",) or half[0] == "p" or half.startswith("م")
        hour = hour % 12 + (12 if late else 0)
    seconds = hour * 3600 + int(parts["m"] or parts.get("m2") or 0) * 60 + int(parts["s"] or 0)
    if parts["sign"]:
        ahead = (int(parts["zh"]) * 3600 + int(parts["zm"] or 0) * 60) * (1 if parts["sign"] == "+" else -1)
        if abs(ahead) > 14 * 3600:
            return Stated(start + seconds, zoned=False)
        return Stated(start + seconds - ahead)
    if parts["zone"]:
        return Stated(start + seconds - _ZONES[parts["zone"]] * 3600)
    return Stated(start + seconds, zoned=False)


@lru_cache(maxsize=32)
def _parser(language: str) -> Any:
    from dateparser import DateDataParser

    try:
        return DateDataParser(
            languages=[language], settings={"STRICT_PARSING": True, "PARSERS": ["custom-formats", "absolute-time"]}
        )
    except ValueError:  # no language that it knows
        return None


def _elsewhere(text: str, language: str) -> tuple[Stated, ...]:
    """By dateparser: the day, and the time where it reads one."""
    parser = _parser(language) if re.search(_YEAR, text.translate(_DIGITS)) else None
    if parser is None:
        return ()
    try:
        found = parser.get_date_data(text).date_obj
    except Exception:  # its settings, locales and regex fail in many ways on texts that are no dates
        return ()
    if found is None or not 1995 <= found.year < 2100:
        return ()
    zoned, midnight = found.tzinfo is not None, (found.hour, found.minute, found.second) == (0, 0, 0)
    at = (found if zoned else found.replace(tzinfo=timezone.utc)).timestamp()
    return (Stated(at, zoned=zoned, day_only=midnight and not zoned),)
