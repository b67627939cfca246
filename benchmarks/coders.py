"""``RecordCoder`` (msgpack by msgspec) against Beam's ``RowCoder`` on one article record, there and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Optional

from benchmarks.measure import Result, clocked, in_turns, ratio
from schemas.records import Article, Entry, Match

GOAL = 3.0


# As RowCoder wants its schemas: Optional[...] spelled out.
class EntryRow(NamedTuple):
    article_id: str
    url: Optional[str]  # noqa: UP045
    canonical_url: Optional[str]  # noqa: UP045
    guid: Optional[str]  # noqa: UP045
    feed_url: str
    outlet: Optional[str]  # noqa: UP045
    outlet_country: Optional[str]  # noqa: UP045
    dedicated: bool
    title: str
    summary: str
    content: str
    author: Optional[str]  # noqa: UP045
    language: Optional[str]  # noqa: UP045
    published: Optional[float]  # noqa: UP045
    updated: Optional[float]  # noqa: UP045
    fingerprint: str
    seen_at: float
    known: bool


class MatchRow(NamedTuple):
    term: str
    kind: str
    count: int  # type: ignore[assignment]


class ArticleRow(NamedTuple):
    article_id: str
    revision_id: str
    url: str
    canonical_url: Optional[str]  # noqa: UP045
    outlet: Optional[str]  # noqa: UP045
    outlet_country: Optional[str]  # noqa: UP045
    feed_url: str
    title: str
    author: Optional[str]  # noqa: UP045
    agency: Optional[str]  # noqa: UP045
    language: str
    published_at: float
    published_from: str
    collected_at: float
    text: str
    text_from: str
    word_count: int
    relevance: float
    level: str
    matched: Sequence[MatchRow]
    mentions_idlib: bool
    entry: EntryRow
    attempts: int


def article() -> Article:
    """An article of everyday length, from the sample news day."""
    from tests.newsday.articles import load

    stories = [s for s in load() if s.language == "en" and s.level == "core"]
    text = "\n\n".join(p for story in stories[:2] for p in story.paragraphs)
    url = "https://news.example/2018/09/11/aid-convoy-held-as-wheat-runs-short"
    entry = Entry(
        article_id="0123456789abcdef", url=f"{url}?ref=rss", canonical_url=url, guid=url,
        feed_url="https://news.example/rss", outlet="The Example", outlet_country="GB", dedicated=False,
        title=stories[0].title, summary=stories[0].summary, content="", author=stories[0].author,
        language="en", published=1536650000.0, updated=None, fingerprint="f" * 16, seen_at=1536660000.0,
    )  # fmt: skip
    matched = [Match(term=t, kind="place", count=3) for t in ("Idlib", "Aleppo", "Saraqib", "Hama", "Homs")]
    return Article(
        article_id=entry.article_id, revision_id="fedcba9876543210", url=url, canonical_url=url,
        outlet=entry.outlet, outlet_country="GB", feed_url=entry.feed_url, title=entry.title,
        author=entry.author, agency=None, language="en", published_at=1536650000.0, published_from="feed",
        collected_at=1536660000.0, text=text, text_from="page", word_count=len(text.split()), relevance=0.9,
        level="core", matched=matched, mentions_idlib=True, entry=entry,
    )  # fmt: skip


def as_row(record: Article) -> ArticleRow:
    """The same as a NamedTuple that ``RowCoder`` takes."""
    fields = {f: getattr(record, f) for f in record.__struct_fields__}
    fields["entry"] = EntryRow(**{f: getattr(record.entry, f) for f in record.entry.__struct_fields__})
    fields["matched"] = [MatchRow(m.term, m.kind, m.count) for m in record.matched]
    return ArticleRow(**fields)


def run(quick: bool) -> list[Result]:
    """RowCoder's time over ours."""
    from apache_beam.coders import RowCoder
    from apache_beam.typehints.schemas import typing_to_runner_api

    from transforms.coders import RecordCoder

    record = article()
    row = as_row(record)
    ours: Any = RecordCoder(Article)
    theirs: Any = RowCoder(typing_to_runner_api(ArticleRow).row_type.schema)
    if ours.decode(ours.encode(record)) != record or theirs.decode(theirs.encode(row)).text != row.text:
        raise AssertionError("a coder does not give back what it was given")
    times = 500 if quick else 3000

    def arm(coder: Any, value: object) -> Callable[[], float]:
        def work() -> None:
            for _ in range(times):
                coder.decode(coder.encode(value))

        return lambda: clocked(work)

    took = in_turns({"row": arm(theirs, row), "record": arm(ours, record)}, 5)
    middle, least, most = ratio(took["row"], took["record"])
    each = {name: min(seconds) / times * 1e6 for name, seconds in took.items()}
    notes = [
        f"RecordCoder {each['record']:.1f} us and {len(ours.encode(record)):,} bytes, "
        f"RowCoder {each['row']:.1f} us and {len(theirs.encode(row)):,} bytes; "
        f"by round {least:.1f} to {most:.1f}"
    ]
    return [Result("coders: RowCoder / RecordCoder", middle, GOAL, notes=notes)]
