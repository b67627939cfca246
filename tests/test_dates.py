"""When an article was published: dates as they are written, and which of several counts."""

from __future__ import annotations

import math
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import DAY, NOON
from tests.steps import steps
from transforms.dates import Stated, credible, decide_date, url_day
from transforms.writtendates import MAX_READ, chosen_date, read_dates

HOUR = 3_600.0

# What stands there | the language | what is read: in UTC with Z, of no zone without it, a day only.
WRITTEN = """
2018-09-11T12:30:00Z | | 2018-09-11T12:30:00Z
2018-09-11T15:30:00+03:00 | | 2018-09-11T12:30:00Z
2018-09-11T15:30:00+0300 | | 2018-09-11T12:30:00Z
2018-09-11T15:30:00.000+03 | | 2018-09-11T12:30:00Z
2018-09-11T07:30:00-05:00 | | 2018-09-11T12:30:00Z
2018-09-11T12:30 | | 2018-09-11T12:30:00
2018-09-11 12:30:15 | | 2018-09-11T12:30:15
2018-09-11 12:30 UTC | | 2018-09-11T12:30:00Z
2018-09-11 15:30 (GMT+3) | | 2018-09-11T12:30:00Z
2018-09-11 15:30 UTC+3 | | 2018-09-11T12:30:00Z
2018-09-11 15:30 −03:00 | | 2018-09-11T18:30:00Z
2018-09-11T24:00:00Z | | 2018-09-12T00:00:00Z
2018-09-11 | | 2018-09-11
2018/09/11 | | 2018-09-11
2018.09.11 14:05 | | 2018-09-11T14:05:00
20180911 | | 2018-09-11
20180911T123000Z | | 2018-09-11T12:30:00Z
1536669000 | | 2018-09-11T12:30:00Z
1536669000000 | | 2018-09-11T12:30:00Z
1536669000000000 | | 2018-09-11T12:30:00Z
1536669000000000000 | | 2018-09-11T12:30:00Z
Tue, 11 Sep 2018 12:30:00 GMT | | 2018-09-11T12:30:00Z
Tue, 11 Sep 2018 15:30:00 +0300 | | 2018-09-11T12:30:00Z
Tue, 11 Sep 2018 08:30:00 EDT | | 2018-09-11T12:30:00Z
Tue, 11 Sep 18 12:30 +0000 | | 2018-09-11T12:30:00Z
Tue Sep 11 12:30:00 UTC 2018 | | 2018-09-11T12:30:00Z
11-Sep-2018 | en | 2018-09-11
September 11, 2018 | en | 2018-09-11
Sept. 11, 2018, 3:04 p.m. | en | 2018-09-11T15:04:00
Sep 11 2018 12:10 AM | en | 2018-09-11T00:10:00
Sep 11 2018 12:10 PM | en | 2018-09-11T12:10:00
11th of September 2018 | en | 2018-09-11
Published: 11 September 2018 at 14:05 | en | 2018-09-11T14:05:00
Last updated on Tuesday 11 September 2018 | en | 2018-09-11
14:05, 11 September 2018 | en | 2018-09-11T14:05:00
1 May 2018 | en | 2018-05-01
11 septembre 2018 | fr | 2018-09-11
1er janvier 2018 | fr | 2018-01-01
Publié le mardi 11 sept. 2018 à 14h05 | fr | 2018-09-11T14:05:00
le 11 août 2018 à 9 h 05 | fr | 2018-08-11T09:05:00
3 févr. 2018 - 14:05 | fr | 2018-02-03T14:05:00
11 DÉCEMBRE 2018 | fr | 2018-12-11
11 juin 2018 à 18h | fr | 2018-06-11T18:00:00
11 Eylül 2018 Salı 14:05 | tr | 2018-09-11T14:05:00
11 EYLÜL 2018 | tr | 2018-09-11
3 KASIM 2018 | tr | 2018-11-03
3 Kasım 2018 - 14.05 | tr | 2018-11-03T14:05:00
1 Ocak 2018 | tr | 2018-01-01
11 Şubat 2018 | tr | 2018-02-11
11 Ağu 2018 | tr | 2018-08-11
14:05 | 11.09.2018 | tr | 2018-09-11T14:05:00
11.09.2018 14:05 (TSİ) | tr | 2018-09-11T11:05:00Z
Giriş Tarihi: 11.09.2018 | tr | 2018-09-11
11 أيلول 2018 | ar | 2018-09-11
11 ايلول 2018 | ar | 2018-09-11
الثلاثاء 11 كانون الثاني 2018 | ar | 2018-01-11
11 كانون الأول 2018 | ar | 2018-12-11
11 تشرين الأول 2018 | ar | 2018-10-11
11 تشرين الثاني، 2018 | ar | 2018-11-11
11 شباط 2018 | ar | 2018-02-11
11 آذار 2018 | ar | 2018-03-11
10 نيسان 2018 | ar | 2018-04-10
11 أيار 2018 | ar | 2018-05-11
11 حزيران 2018 | ar | 2018-06-11
11 تموز 2018 | ar | 2018-07-11
11 آب 2018 | ar | 2018-08-11
11 يناير 2018 | ar | 2018-01-11
11 سبتمبر 2018 | ar | 2018-09-11
أيلول 11، 2018 | ar | 2018-09-11
10 أبريل/نيسان 2018 - 14:05 | ar | 2018-04-10T14:05:00
الثلاثاء، 11 أيلول (سبتمبر) 2018 | ar | 2018-09-11
١١ أيلول ٢٠١٨ | ar | 2018-09-11
١١/٠٩/٢٠١٨ ١٤:٠٥ | ar | 2018-09-11T14:05:00
۱۱ أيلول ۲۰۱۸ | ar | 2018-09-11
11 سبتمبر 2018 02:05 م | ar | 2018-09-11T14:05:00
11 سبتمبر 2018 02:05 صباحاً | ar | 2018-09-11T02:05:00
11 سبتمبر 2018 م | ar | 2018-09-11
11 سبتمبر 2018 12:05 بتوقيت غرينتش | ar | 2018-09-11T12:05:00Z
1 محرم 1440 هـ الموافق 11 سبتمبر 2018 م | ar | 2018-09-11
11 سبتمبر 2018 م - 1 محرم 1440 هـ | ar | 2018-09-11
1440/01/01 - 2018/09/11 | ar | 2018-09-11
11/09/2018 | ar | 2018-09-11
11/09/2018 | fr | 2018-09-11
11/09/2018 | tr | 2018-09-11
11/09/2018 | en-GB | 2018-09-11
09/11/2018 | en-US | 2018-09-11
9/11/2018 3:04:00 PM | en | 2018-09-11T15:04:00
23/11/2018 | en-US | 2018-11-23
11/23/2018 | fr | 2018-11-23
11.09.18 | fr | 2018-09-11
11-09-2018 14:05 | ar | 2018-09-11T14:05:00
11. September 2018, 14:05 | de | 2018-09-11T14:05:00
11 сентября 2018 | ru | 2018-09-11
۱۱ سپتامبر ۲۰۱۸ | fa | 2018-09-11
2018 سبتمبر 11 | ar | 2018-09-11
2018 أيلول 11 - 14:05 | ar | 2018-09-11T14:05:00
2018-Sep-11 14:05 | en | 2018-09-11T14:05:00
11 تشرين 2 2018 | ar | 2018-11-11
١١ تشرين ٢ ٢٠١٨ | ar | 2018-11-11
11 ك1 2018 | ar | 2018-12-11
9/11/2018 3:04:00 PM | | 2018-09-11T15:04:00
9/11/2018 3:04:00 PM | fr | 2018-11-09T15:04:00
09/11/2018 15:04 | | 2018-11-09T15:04:00
Publié le 11 septembre 2018 - Mis à jour le 12 septembre 2018 à 09:15 | fr | 2018-09-11
Publié le 11 septembre 2018 à 18:00 - Mis à jour à 19:15 | fr | 2018-09-11T18:00:00
Published 11 September 2018. Updated 10:30 | en | 2018-09-11
11.09.2018 - Güncelleme: 12.09.2018 09:15 | tr | 2018-09-11
08:00, 11 September 2018, updated 12 September 2018 at 10:30 | en | 2018-09-11T08:00:00
\u200f11 أيلول 2018\u200e | ar | 2018-09-11
ســبتمبر 11, 2018 | ar | 2018-09-11
""".replace("\\u200f", "\u200f").replace("\\u200e", "\u200e")
CASES = [tuple(cell.strip() for cell in line.rsplit("|", 2)) for line in WRITTEN.strip().split("\n")]

NO_DATE = [
    "", "Updated 2 hours ago", "May 2018", "2018", "11 September", "1 محرم 1440", "1440/01/01 هـ", "20 شهریور 1397", "31/02/2018",
    "9999-12-31T00:00:00Z", "0000-00-00", "0001-01-01T00:00:00Z", "99999-01-01", "1970-01-01T00:00:00Z", "123", "192.168.11.09",
    "+963 11 222 3344", "the 12 marches of 2018", "20189911", "Invalid date", "12345678901234567890", "²²²²²²²²²²", "\ud800",
    "2018-13-45", "11 سبتمبر", "11 تشرين 2018", "x" * 10_000,
]  # fmt: skip


def shown(stated: Stated) -> str:
    text = datetime.fromtimestamp(stated.at, timezone.utc).isoformat()[:19]
    return text[:10] if stated.day_only else text + ("Z" if stated.zoned else "")


def test_there_are_enough_dates() -> None:
    assert len(CASES) >= 90 and len(set(CASES)) == len(CASES)


@pytest.mark.parametrize(("text", "language", "wanted"), CASES, ids=range(len(CASES)))
def test_a_date_as_it_is_written(text: str, language: str, wanted: str) -> None:
    assert [shown(s) for s in read_dates(text, language)][:1] == [wanted]


@pytest.mark.parametrize("text", NO_DATE, ids=range(len(NO_DATE)))
@pytest.mark.parametrize("language", [None, "en", "ar", "de"])
def test_no_date(text: str, language: str | None) -> None:
    assert read_dates(text, language) == ()


def test_day_and_month_that_could_be_either_are_both_read() -> None:
    assert [shown(s) for s in read_dates("05/09/2018", "en")] == ["2018-09-05", "2018-05-09"]
    assert len(read_dates("09/09/2018", "en")) == 1


def test_of_two_readings_the_one_of_the_url_s_day_is_chosen_else_one_that_is_past() -> None:
    september, november = 1_536_676_200.0, 1_541_773_800.0  # 11 September and 9 November 2018, 14:30
    later = november + 30 * DAY
    text, address = "09/11/2018 14:30", "https://ghab.example/2018/09/11/x"
    assert decide_date(None, read_dates(text, "en"), later, url=address) == (september, "page")
    assert decide_date(None, (Stated(later - DAY * 90), *read_dates(text)), later, url=address)[0] == later - DAY * 90
    assert decide_date(None, read_dates(text, "en"), later) == (november, "page")
    assert decide_date(None, read_dates(text, "en"), later, url="https://ghab.example/2018/07/11/x")[0] == november

    def chosen(day: float | None = None, now: float | None = None) -> float | None:
        found = chosen_date(text, "en", day, now)
        return found.at if found else None

    assert chosen() == chosen(now=later) == november
    assert chosen(url_day(address)) == chosen(url_day(address), later) == chosen(now=NOON + DAY) == september
    assert chosen(now=0.0) == november  # neither is past: that is for others to judge
    assert chosen_date("no date") is None


@given(st.text(), st.sampled_from([None, "en", "ar", "de", "xx", "tr"]))
def test_any_text_is_a_date_or_none(text: str, language: str | None) -> None:
    for stated in read_dates(text, language):
        assert math.isfinite(stated.at)


@given(st.text(alphabet="0123456789٣/.-: ,+hTZapmم'janسبتمبر", max_size=60))
def test_what_looks_like_dates_never_raises(text: str) -> None:
    for stated in read_dates(text, "en"):
        assert 0 < stated.at < 4e10


@pytest.mark.parametrize("piece", ["11/9/2018 ", "31/02/2018 ", "11 sep ", "9:05 ", "1/", "١", "jan 1, "])
def test_only_the_beginning_of_a_long_text_is_looked_at(piece: str) -> None:
    read_dates(piece, "en")
    short, long = (steps(lambda n=n: read_dates(piece * n, "en")) for n in (MAX_READ, 100_000))
    assert long <= short


# --- the day in the URL -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://ghab.example/2018/09/11/idlib", "2018-09-11"), ("https://ghab.example/2018/9/1/idlib", "2018-09-01"),
        ("https://ghab.example/world/2018/sep/11/idlib", "2018-09-11"), ("https://ghab.example/2018-09-11/idlib", "2018-09-11"),
        ("https://ghab.example/idlib-20180911", "2018-09-11"), ("https://ghab.example/idlib_20180911.html", "2018-09-11"),
        ("https://ghab.example/2018/09/idlib", None), ("https://ghab.example/20183911", None), ("https://ghab.example/2018/13/11/", None),
        ("https://ghab.example/12018091122", None), ("https://ghab.example/2018/02/31/", None), ("https://ghab.example/?d=2018/09/11", None),
        ("https://ghab.example/node/20180", None), ("http://[", None), (None, None), ("", None),
        ("https://ghab.example/2018/31/31/2018/09/11/", "2018-09-11"),
    ],
)  # fmt: skip
def test_the_day_in_a_url(url: str | None, day: str | None) -> None:
    found = url_day(url)
    assert (datetime.fromtimestamp(found, timezone.utc).date().isoformat() if found is not None else None) == day


# --- which date counts --------------------------------------------------------------------------------

MIDNIGHT = NOON - DAY / 2
YESTERDAY = "https://ghab.example/2018/09/10/idlib"
LAST_WEEK = "https://ghab.example/2018/09/03/idlib"


def at(time: float) -> tuple[Stated, ...]:
    return (Stated(time),)


def local(time: float) -> tuple[Stated, ...]:
    return (Stated(time, zoned=False),)


def day(time: float) -> tuple[Stated, ...]:
    return (Stated(time, zoned=False, day_only=True),)


@pytest.mark.parametrize(
    ("feed", "page", "more", "wanted"),
    [
        # the feed, else the page, else the URL, else the clock
        (NOON - 60, at(NOON - DAY), {}, (NOON - 60, "feed")),
        (None, at(NOON - DAY), {}, (NOON - DAY, "page")),
        (None, (), {"url": YESTERDAY}, (NOON - DAY, "url")),
        (None, (), {}, (NOON, "collected")),
        (None, at(NOON - HOUR), {"url": YESTERDAY}, (NOON - HOUR, "page")),
        # future and absurd
        (NOON + 3600, (), {}, (NOON + 3600, "feed")),
        (NOON + 3601, at(NOON - DAY), {}, (NOON - DAY, "page")),
        (NOON + 3601, at(NOON + 3601), {}, (NOON, "collected")),
        (0.0, at(NOON - DAY), {}, (NOON - DAY, "page")),
        (0.0, at(0.0), {}, (NOON, "collected")),
        (0.0, at(0.0), {"url": YESTERDAY}, (NOON - DAY, "url")),
        (-1e9, (), {}, (NOON, "collected")),
        (float("nan"), at(float("inf")), {}, (NOON, "collected")),
        (float("inf"), (), {}, (NOON, "collected")),
        (253_402_300_799.0, (), {}, (NOON, "collected")),
        (None, (Stated(NOON + DAY * 200), Stated(NOON - DAY)), {}, (NOON - DAY, "page")),
        (None, (), {"url": "https://ghab.example/2094/09/11/x"}, (NOON, "collected")),
        (None, (), {"url": "https://ghab.example/1970/01/01/x"}, (NOON, "collected")),
        # units
        ((NOON - HOUR) * 1e3, (), {}, (NOON - HOUR, "feed")),
        ((NOON - HOUR) * 1e6, (), {}, (NOON - HOUR, "feed")),
        # a day only
        (NOON - HOUR, day(MIDNIGHT), {}, (NOON - HOUR, "feed")),
        (NOON - 5 * HOUR, day(MIDNIGHT - DAY), {}, (NOON - 5 * HOUR, "feed")),
        (None, day(MIDNIGHT - DAY), {}, (NOON - DAY, "page")),
        (None, day(MIDNIGHT), {}, (NOON, "page")),
        (None, day(MIDNIGHT + 2 * DAY), {}, (NOON, "collected")),
        (MIDNIGHT, at(NOON - HOUR), {}, (NOON - HOUR, "page")),  # a feed that tells days
        (MIDNIGHT, day(MIDNIGHT), {}, (MIDNIGHT, "feed")),
        (MIDNIGHT - 3 * HOUR, at(NOON - HOUR), {"country": "SY"}, (NOON - HOUR, "page")),  # its midnight in Damascus
        (MIDNIGHT, at(NOON - 9 * DAY), {}, (MIDNIGHT, "feed")),  # not of that day
        # zones
        (None, local(NOON - HOUR), {}, (NOON - HOUR, "page")),
        (None, local(NOON + 2 * HOUR), {"country": "SY"}, (NOON - HOUR, "page")),
        (None, local(NOON + 2 * HOUR), {"country": "tr"}, (NOON - HOUR, "page")),
        (None, local(NOON), {"country": "FR"}, (NOON - 2 * HOUR, "page")),
        (None, local(NOON - HOUR), {"country": "US"}, (NOON - HOUR, "page")),
        (None, local(NOON + 2 * HOUR), {}, (NOON, "page")),  # somewhere in the east
        (None, local(NOON + 20 * HOUR), {}, (NOON, "collected")),
        (
            NOON - HOUR,
            at(NOON - 4 * HOUR),
            {"country": "SY"},
            (NOON - 4 * HOUR, "page"),
        ),  # local time that is called UTC
        (NOON - HOUR, at(NOON - 4 * HOUR), {"country": "GB"}, (NOON - HOUR, "feed")),
        (NOON - HOUR, at(NOON - 4 * HOUR), {}, (NOON - HOUR, "feed")),
        # a feed that stamps all its entries with the present
        (NOON + 5, at(NOON - 3 * DAY), {"polled": NOON}, (NOON - 3 * DAY, "page")),
        (NOON + 5, at(NOON - 3 * HOUR), {"polled": NOON}, (NOON - 3 * HOUR, "page")),
        (NOON + 5, day(MIDNIGHT - 3 * DAY), {"polled": NOON}, (NOON - 3 * DAY, "page")),
        (NOON + 5, day(MIDNIGHT), {"polled": NOON}, (NOON + 5, "feed")),
        (NOON + 5, (), {"polled": NOON, "url": LAST_WEEK}, (NOON - 8 * DAY, "url")),
        (NOON + 5, (), {"polled": NOON, "url": YESTERDAY}, (NOON + 5, "feed")),
        (NOON + 5, (), {"polled": NOON}, (NOON + 5, "feed")),
        (NOON - 30, at(NOON - 40), {"polled": NOON}, (NOON - 30, "feed")),  # truly new
        (NOON - 30, local(NOON - 5 * HOUR), {"polled": NOON}, (NOON - 30, "feed")),  # an unknown zone tells nothing
        (NOON - HOUR, at(NOON - 3 * DAY), {"polled": NOON}, (NOON - HOUR, "feed")),
        # another site's feed: what page and URL say counts before it
        (NOON - HOUR, at(NOON - 700 * DAY), {"hearsay": True}, (NOON - 700 * DAY, "page")),
        (NOON - HOUR, (), {"hearsay": True, "url": LAST_WEEK}, (NOON - 8 * DAY, "url")),
        (NOON - HOUR, (), {"hearsay": True}, (NOON - HOUR, "feed")),
        (
            NOON - DAY - HOUR,
            (),
            {"hearsay": True, "url": YESTERDAY},
            (NOON - DAY - HOUR, "feed"),
        ),  # the hour of that day
        (NOON - DAY - HOUR, day(MIDNIGHT - DAY), {"hearsay": True}, (NOON - DAY - HOUR, "feed")),
        (NOON + DAY, at(NOON - DAY), {"hearsay": True}, (NOON - DAY, "page")),
        # a page that stamps itself with the present
        (None, at(NOON + 5), {"url": LAST_WEEK}, (NOON - 8 * DAY, "url")),
    ],
)
def test_which_date_counts(
    feed: float | None, page: tuple[Stated, ...], more: dict[str, Any], wanted: tuple[float, str]
) -> None:
    assert decide_date(feed, page, NOON, **more) == wanted


def test_what_a_feed_says_of_its_own_dates() -> None:
    assert credible(NOON, NOON) == NOON
    assert credible(NOON * 1e9, NOON) == pytest.approx(NOON)
    assert credible(None, NOON) is None and credible(float("-inf"), NOON) is None


def test_of_both_readings_the_one_that_is_past_counts() -> None:
    # 5 October has not come on 11 September
    assert decide_date(None, read_dates("05/10/2018", "fr"), NOON) == (NOON - 124 * DAY, "page")


def test_a_thousand_dates_in_the_future_are_not_all_looked_at() -> None:
    assert decide_date(None, (*at(NOON + DAY) * 1000, Stated(NOON - DAY)), NOON) == (NOON, "collected")
