"""The news day itself: what the other tests stand on must hold."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
import trafilatura

from tests.newsday import cases, site, truth
from tests.newsday.articles import Story, load, parse
from tests.newsday.day import NewsDay
from tests.newsday.outlets import BY_ID, OUTLETS

BASE = 8641  # of rendered sites that are not served
STORIES = load()
LINES = truth.read()
ARTICLES = [line for line in LINES if line["kind"] == "article"]
FEEDS = [line for line in LINES if line["kind"] == "feed"]


@pytest.fixture(scope="module")
def running() -> Iterator[NewsDay]:
    with NewsDay() as day:
        yield day


@pytest.fixture
def day(running: NewsDay) -> NewsDay:
    running.reset()
    return running


def get(url: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    """One GET that follows no redirect."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=20)
    try:
        connection.request("GET", "/" + path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def overlap(found: str, wanted: str) -> float:
    """Shared words over all words of both, counted with repetition: 1.0 is the same bag of words."""
    a, b = Counter(found.split()), Counter(wanted.split())
    return sum((a & b).values()) / max(1, sum((a | b).values()))


# --- what is written ---------------------------------------------------------------------------------


def test_truth_is_in_sync() -> None:
    assert truth.lines(STORIES) == LINES, "run: python -m tests.newsday.truth --write"


def test_counts() -> None:
    assert len(OUTLETS) == 8
    assert len(FEEDS) == sum(len(outlet.feeds) for outlet in OUTLETS) == 18
    assert 180 <= len(ARTICLES) <= 220
    assert 190 <= sum(line["entries"]["1"] for line in FEEDS) <= 260
    kept = [line for line in ARTICLES if line["keep"]]
    assert 45 <= len(kept) <= 60
    languages = Counter(line["language"] for line in kept)
    assert languages["en"] >= 32
    assert min(languages[other] for other in ("fr", "ar", "tr")) >= 6
    late = [line for line in ARTICLES if site.first_phase(story_of(line)) == 2]
    assert sum(line["keep"] for line in late) == 3
    assert len(late) == 9


def story_of(line: dict[str, str]) -> Story:
    return next(s for s in STORIES if s.outlet == line["outlet"] and s.slug == line["slug"])


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_article_is_sound(story: Story) -> None:
    assert f"{story.published:%Y-%m-%d}" in ("2018-09-10", "2018-09-11", "2018-09-12")
    assert story.language == BY_ID[story.outlet].language
    for form in (story, story.revised):
        if form is None:
            continue
        flat = " ".join(form.paragraphs)
        for quote in form.quotes:
            assert quote.text in flat
            assert quote.text[0] not in "\"'“‘«"
            assert quote.text[-1] not in '"”»'
        for person in form.people:
            family = person.split()[-1]
            assert family in flat, f"{person} is not named in the text"
    everything = f"{story.title} {story.summary} {story.text}".casefold()
    for place in story.places:
        assert place.casefold() in everything, f"{place} is not named in the text"
    if story.level in ("core", "part") and site.case(story).page not in ("missing", "pdf"):
        assert story.quotes


def test_every_case_names_an_article_and_what_it_needs() -> None:
    by_id = {story.id: story for story in STORIES}
    for name, case in cases.CASES.items():
        story = by_id[name]
        assert set(case.link_suffix) <= set(story.feeds)
        assert case.amp_in is None or case.amp_in in story.feeds
        assert case.copy_of is None or case.copy_of in by_id
        if case.entry_date != "right" or not case.linked:
            assert len(story.feeds) == 1, "an odd entry must not be repaired by another feed"
    assert set(by_id) >= cases.LATE_OTHERS


def test_broken_article_file_is_named() -> None:
    with pytest.raises(ValueError, match=r"harbour-post/x\.md: lacks .*title"):
        parse("language: en\n\nBody.", "harbour-post", "x")


@pytest.mark.parametrize("phase", site.PHASES)
def test_every_body_extracts(phase: int) -> None:
    built = site.build(BASE, phase, STORIES)
    pages = 0
    for story in site.at_phase(STORIES, phase):
        odd = site.case(story)
        if not odd.linked or odd.page not in ("ok", "flaky"):
            continue
        for path in [site.path(story)] + ([site.amp_path(story)] if odd.amp_in else []):
            html = built[BY_ID[story.outlet].offset, path].body.decode()
            text = trafilatura.extract(html, fast=True, include_comments=False) or ""
            assert overlap(text, story.text) >= 0.98, story.id
            found = trafilatura.bare_extraction(html, fast=True, with_metadata=True)
            assert not isinstance(found, dict | None)
            assert found.title == story.title
            assert found.date == (f"{story.published:%Y-%m-%d}" if odd.page_date else None), story.id
            pages += 1
    assert pages >= 170


# --- what is served ----------------------------------------------------------------------------------


def test_feeds_answer_as_the_truth_says(day: NewsDay) -> None:
    for phase in site.PHASES:
        day.phase(phase)
        for line, url in zip(FEEDS, day.feeds, strict=True):
            status, headers, body = get(url)
            assert status == line["status"][str(phase)], line["feed"]
            if status == 301:
                assert headers["Location"].endswith(line["moved_to"])
                status, headers, body = get(headers["Location"])
            if status == 200:
                parsed = feedparser.parse(body, response_headers={"content-type": headers["Content-Type"]})
                assert len(parsed.entries) == line["entries"][str(phase)], line["feed"]
                assert bool(parsed.bozo) == (line["feed"] in cases.CUT), parsed.get("bozo_exception")
                assert all(entry.title for entry in parsed.entries)


def test_pages_answer_as_the_truth_says(day: NewsDay) -> None:
    day.phase(2)
    wanted = {"http_403": 403, "http_404": 404}
    for line in ARTICLES:
        if line["path"] is None or "503" in (line["case"] or ""):
            continue
        status, headers, _ = get(day.url(line["outlet"], line["path"]))
        assert status == wanted.get(line["page_refused"] or "", 200), line["slug"]
        assert (line["reason"] == "not_html") == (headers["Content-Type"] == "application/pdf")


def test_arabic_feed_is_windows_1256(day: NewsDay) -> None:
    _, headers, body = get(day.url("sahifat-al-mina", "/feeds/akhbar.xml"))
    assert "windows-1256" in headers["Content-Type"]
    assert b'encoding="windows-1256"' in body
    assert "صحيفة الميناء" in body.decode("windows-1256")
    with pytest.raises(UnicodeDecodeError):
        body.decode()


@pytest.mark.parametrize("path", ["/feeds/world.xml", "/2018/09/12/surgeons-under-maarat-al-numan"])
def test_conditional_requests(day: NewsDay, path: str) -> None:
    url = day.url("northern-ledger", path)
    _, headers, _ = get(url)
    etag, modified = headers["ETag"], headers["Last-Modified"]
    status, again, body = get(url, If_None_Match=etag)
    assert (status, body, again["ETag"]) == (304, b"", etag)
    assert get(url, If_None_Match=f'"other", W/{etag}')[0] == 304
    assert get(url, If_None_Match='"other"', If_Modified_Since=modified)[0] == 200
    assert get(url, If_Modified_Since=modified)[0] == 304
    assert get(url, If_Modified_Since="Mon, 01 Jan 2018 00:00:00 GMT")[0] == 200


def test_feed_that_lies_about_its_etag(day: NewsDay) -> None:
    url = day.url("northern-ledger", "/feeds/latest.xml")
    _, first, body = get(url)
    assert get(url, If_None_Match=first["ETag"])[0] == 304
    day.phase(2)
    status, second, other = get(url, If_None_Match=first["ETag"])
    assert status == 200
    assert second["ETag"] == first["ETag"]
    assert other != body


def test_feed_that_is_deaf_to_validators(day: NewsDay) -> None:
    url = day.url("strait-wire", "/feeds/all.xml")
    _, first, body = get(url)
    day.phase(2)
    status, _, again = get(url, If_None_Match=first["ETag"], If_Modified_Since=first["Last-Modified"])
    assert status == 200
    assert again == body


def test_flaky_page_heals_and_reset_forgets(day: NewsDay) -> None:
    name = next(name for name, case in cases.CASES.items() if case.page == "flaky")
    line = next(a for a in ARTICLES if f"{a['outlet']}/{a['slug']}" == name)
    url = day.url(line["outlet"], line["path"])
    answers = [get(url) for _ in range(3)]
    assert [status for status, _, _ in answers] == [503, 503, 200]
    assert answers[0][1]["Retry-After"] == "1"
    day.reset()
    assert get(url)[0] == 503


def test_revision_moves_entry_and_page(day: NewsDay) -> None:
    line = next(a for a in ARTICLES if a["revision"])
    url, feed = day.url(line["outlet"], line["path"]), day.url("strait-wire", "/feeds/syria.xml")

    def entry() -> feedparser.FeedParserDict:
        return next(e for e in feedparser.parse(get(feed)[2]).entries if e.link == url)

    before, page_before = entry(), get(url)[2]
    day.phase(2)
    after, page_after = entry(), get(url)[2]
    assert (before.title, after.title) == (line["title"], line["revision"]["title"])
    assert before.published == after.published
    assert before.updated < after.updated
    assert page_before != page_after
    assert len(line["revision"]["quotes"]) > len(line["quotes"])


def test_dates_that_cannot_be_believed(day: NewsDay) -> None:
    entries = {
        e.title: e
        for outlet, feed in (("strait-wire", "syria"), ("levant-notebook", "idlib"))
        for e in feedparser.parse(get(day.url(outlet, f"/feeds/{feed}.xml"))[2]).entries
    }
    odd = {site.case(s).entry_date: entries[s.title] for s in STORIES if site.case(s).entry_date != "right"}
    assert odd["future"].published_parsed.tm_year == 2094
    assert "published" not in odd["none"]


def test_entry_without_link_carries_the_article(day: NewsDay) -> None:
    entries = feedparser.parse(get(day.url("levant-notebook", "/feeds/idlib.xml"))[2]).entries
    bare = [entry for entry in entries if not entry.get("link")]
    assert [entry.id for entry in bare] == [a["guid"] for a in ARTICLES if a["guid"]]
    assert "walnut" in bare[0].content[0].value


def test_log_counts_requests_in_flight(day: NewsDay) -> None:
    get(day.feeds[0], User_Agent="probe/1", If_None_Match='"x"')
    (hit,) = day.requests()
    assert hit["path"] == "/feeds/world.xml"
    assert hit["host"] == f"127.0.0.1:{day.base}"
    assert (hit["method"], hit["status"], hit["max_in_flight"]) == ("GET", 200, 1)
    assert (hit["user_agent"], hit["if_none_match"]) == ("probe/1", '"x"')
    assert abs(hit["time"] - time.time()) < 60


def test_faults(day: NewsDay) -> None:
    url = day.feeds[0]
    day.fault(url, "status", status=429, times=1, retry_after=7)
    status, headers, _ = get(url)
    assert (status, headers["Retry-After"]) == (429, "7")
    assert get(url)[0] == 200
    day.fault("/feeds/world.xml", "empty")
    assert get(url)[2] == b""
    day.fault("/feeds/world.xml", "close")
    with pytest.raises(http.client.IncompleteRead):
        get(url)
    day.fault("/feeds/world.xml", "drip", seconds=0.4)
    start = time.monotonic()
    assert len(get(url)[2]) > 1000
    assert time.monotonic() - start >= 0.3
    day.fault("/feeds/world.xml", "hang", seconds=0.2)
    assert get(url)[0] == 504
    day.fault("/feeds/world.xml", "none")
    assert get(url)[0] == 200
    with pytest.raises(urllib.error.HTTPError, match="400"):
        day.fault("/feeds/world.xml", "gremlins")


def test_keep_alive(day: NewsDay) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", day.base, timeout=10)
    ports = set()
    for _ in range(3):
        connection.request("GET", "/feeds/world.xml")
        answer = connection.getresponse()
        answer.read()
        assert answer.version == 11
        ports.add(connection.sock.getsockname()[1])
    connection.close()
    assert len(ports) == 1


def test_feed_list(day: NewsDay) -> None:
    outlines = ElementTree.parse(day.opml).getroot().findall(".//outline")
    assert [one.get("xmlUrl") for one in outlines] == day.feeds
    dedicated = [one.get("dedicated") == "true" for one in outlines]
    assert dedicated == [line["dedicated"] for line in FEEDS]
    wanted = {"text": "The Northern Ledger", "country": "GB", "language": "en"}
    assert outlines[0].attrib.items() >= wanted.items()


def test_taken_port_ends_with_a_clear_line(day: NewsDay) -> None:
    command = [sys.executable, "-m", "tests.newsday.serve", "--port", str(day.base)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[1], check=False
    )
    assert done.returncode == 2
    assert f"port {day.base} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_opml_command(tmp_path: Path) -> None:
    target = tmp_path / "feeds.opml"
    command = [sys.executable, "-m", "tests.newsday.serve", "--opml", str(target), "--port", "9000"]
    subprocess.run(command, check=True, timeout=60, cwd=Path(__file__).parents[1])
    assert "http://127.0.0.1:9007/feeds/crises.xml" in target.read_text(encoding="utf-8")
