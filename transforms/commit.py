"""One commit per batch, which can be repeated.

A batch is what one shard of article ids brings in one window of the tick's time, for one day of
publication. Its three files carry one name, which is a hash of what they hold; entities and quotes are
written first and articles last, so that a batch exists if and only if its articles file does. Before it
writes, the commit looks: what the tables hold already, under any day, is left out; what is held of an
article in other words makes it a revision, and what is held in the same words under other ids a story.

Under a lock that is all. On an object store two writers can both have looked before either wrote: they look
again after they wrote, and who came later yields, takes out what the other has, and joins its stories.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import NamedTuple

import msgspec

from schemas import tables
from schemas.records import Article, BatchPart, Change, EntitySet, QuoteSet
from transforms.batch import Parts, batch_file, batch_id, key_of
from transforms.formats.site import site_of
from transforms.held import Held, Ids, Last, may_hold
from transforms.revisions import changes
from transforms.storage import DataFile, Storage, day_of
from transforms.stories import Printing, Stories

MAX_REVISIONS = 25


class Unit(NamedTuple):
    """What is committed at once: a window of ticks (its start) and a shard of article ids."""

    window: float
    shard: int
    shards: int

    @property
    def prefix(self) -> str:
        return f"{datetime.fromtimestamp(self.window, timezone.utc):%Y%m%dT%H%M%S}-{self.shard}of{self.shards}-"


@dataclass
class Result:
    """What a commit did with its articles."""

    written: list[Article] = field(default_factory=list)
    left_out: list[Article] = field(default_factory=list)  # the tables hold the revision, in all that is the article's
    beyond: list[Article] = field(default_factory=list)  # revisions beyond the limit
    lesser: list[Article] = field(default_factory=list)  # the feed's words, or a part, where the whole page is held
    entities: int = 0
    quotes: int = 0


def commit(
    unit: Unit,
    articles: Iterable[Article],
    entities: Iterable[EntitySet | BatchPart],
    quotes: Iterable[QuoteSet | BatchPart],
    storage: Storage,
    ids: Ids,
    max_revisions: int = MAX_REVISIONS,
) -> Result:
    """Write what the tables do not hold of one unit. Doing it again, or after a crash, changes nothing."""
    # Of an article that came twice the first counts, whatever the order in which the runner hands them over.
    came = sorted(articles, key=_came, reverse=True)
    by_key = {key_of(a): a for a in came}
    parts = {tables.ENTITIES: Parts(EntitySet, entities), tables.QUOTES: Parts(QuoteSet, quotes)}
    result = Result()
    if not by_key:
        return result
    result.left_out += [a for a in came if by_key[key_of(a)] is not a]
    with storage.exclusive():
        _sweep_unit(unit, storage)
        desk = _Desk(unit, ids, list(by_key.values()), max_revisions)
        for article in sorted(by_key.values(), key=_order):
            desk.take(article, result)
        for day in sorted({day for day, _ in desk.fresh}):
            _write_batch(unit, day, desk, parts, storage, ids, result)
    return result


def _order(article: Article) -> tuple[float, str, bool, str]:
    return (article.collected_at, article.article_id, article.entry.foreign, article.revision_id)


def _came(article: Article) -> tuple[float, bool, str, str, str, str]:
    # What a feed of another site brought comes last.
    return (
        article.collected_at,
        article.entry.foreign,
        article.feed_url,
        article.entry.article_id,
        article.url or "",
        article.text,
    )


class _Desk:
    """Decides what each article of a unit is: one that is held, a revision, a copy, or new."""

    def __init__(self, unit: Unit, ids: Ids, articles: list[Article], max_revisions: int) -> None:
        self._ids, self._max = ids, max_revisions
        self._names = {a.article_id for a in articles}
        self._span = (min(a.published_at for a in articles), max(a.published_at for a in articles))
        self._held = ids.held(self._names, self._span)
        self._stories = ids.stories(self._span)
        # A retry must decide as the first try did, which a crash ended after some of its days: what stands there of
        # this very unit joins the search in its turn, not before.
        self._own = {name for name, held in self._held.items() if held.first.startswith(unit.prefix)}
        self._here = Stories()
        self._newest: dict[str, Last] = {}  # revisions of this unit
        self.fresh: list[tuple[date, Article]] = []
        self.looked = ids.looked

    def take(self, article: Article, result: Result) -> None:
        """Put an article among ``fresh``, or where it is left out."""
        known = self._held.get(article.article_id)
        story = known.story_id if known is not None else self._story(article)
        held = known is not None and article.revision_id in known.revisions
        last = self._last(article, known) if known is not None and not held else None
        changed = _changes(article, last) if last is not None else []
        if held or changed is None:
            result.left_out.append(article)
        elif last is not None and _is_lesser(article, last):
            result.lesser.append(article)
        elif known is not None and known.revision >= self._max:
            result.beyond.append(article)
        else:
            self._add(article, known, last, story, changed)
        self._here.add(
            [Printing(article.article_id, story, article.published_at, article.signature, site_of(article.url or ""))]
        )

    def move(self, day: date, index: Stories) -> bool:
        """Join stories that a rival wrote meanwhile (``index``); whether any article of ``day`` changed."""
        moved: dict[str, str] = {}
        begun = {a.article_id for _, a in self.fresh if a.revision == 1 and a.story_id == a.article_id}
        for at, article in self.fresh:
            if at == day and article.story_id in begun and article.story_id not in moved:
                met = index.find(article.signature, article.published_at, self._names, site_of(article.url or ""))
                if met is not None and met.story_id != article.story_id:
                    moved[article.story_id] = met.story_id
        self.fresh = [
            (at, msgspec.structs.replace(a, story_id=moved[a.story_id]) if at >= day and a.story_id in moved else a)
            for at, a in self.fresh
        ]
        return bool(moved)

    def _story(self, article: Article) -> str:
        site = site_of(article.url or "")
        found = [
            self._stories.find(article.signature, article.published_at, self._own, site),
            self._here.find(article.signature, article.published_at, site=site),
        ]
        met = min((f for f in found if f is not None), default=None)
        return met.story_id if met is not None else article.article_id

    def _last(self, article: Article, known: Held) -> Last | None:
        return self._newest.get(article.article_id) or self._ids.last(known)

    def _add(self, article: Article, known: Held | None, last: Last | None, story: str, changed: list[Change]) -> None:
        if known is None:
            first = Held(article.published_at, article.published_from, day_of(article.published_at), story)
        else:  # the date is decided once; a revision stays in its partition
            first = known
            article = msgspec.structs.replace(
                article, published_at=known.published_at, published_from=known.published_from, changes=changed
            )
        if last is not None and article.entry.foreign:  # the feed of another site does not say whose article it is
            article = msgspec.structs.replace(
                article, outlet=last.outlet, outlet_country=last.outlet_country, author=last.author
            )
        article = msgspec.structs.replace(article, story_id=story, revision=first.revision + 1)
        self._held[article.article_id] = first.with_revision(article.revision_id, article.revision)
        self._newest[article.article_id] = Last(*(getattr(article, name) for name in Last._fields))
        self.fresh.append((first.day, article))


def _changes(article: Article, last: Last) -> list[Change] | None:
    """Against the last revision; None where that is nothing. Another feed has a headline of its own: of what it
    brings the text counts."""
    other = article.entry.foreign or article.feed_url != last.feed_url
    return changes("" if other else last.title, last.text, "" if other else article.title, article.text) or None


def _is_lesser(article: Article, last: Last) -> bool:
    """Whether the article is a part, or the feed's words, of what is held whole from its page: the page is refused or
    behind a wall by now. A text that has grown beyond what is stored of it is not less."""
    if last.text_from != "page" or last.truncated:
        return False
    if article.text_from == "summary" or (article.text_from == "feed" and not article.entry.content):
        return True
    if article.text_from == "feed" and article.feed_url != last.feed_url and not article.entry.known:
        return not article.was_owed  # another feed's telling of the same article, no edit of it
    part = article.truncated or (article.text_from == "feed" and article.attempts > 0)
    return part and len(article.text.split()) < len(last.text.split())


def _write_batch(
    unit: Unit, day: date, desk: _Desk, parts: Mapping[str, Parts], storage: Storage, ids: Ids, result: Result
) -> None:
    gone: set[tuple[str, str]] = set()
    while batch := [a for at, a in desk.fresh if at == day and key_of(a) not in gone]:
        content = batch_id(batch, parts)
        name = f"{unit.prefix}{content}.parquet"
        written = {}
        for table in (tables.ENTITIES, tables.QUOTES, tables.ARTICLES):
            data, written[table] = batch_file(table, batch, parts, content)
            if written[table]:
                storage.write(table, day, name, data)
        older = _written_before(storage, day, name) if storage.settles else []
        rivals = {key for f in older if may_hold(f.name, {a.article_id for a in batch}) for key in ids.keys(f)}
        rivals &= {key_of(a) for a in batch}
        late = [f for f in older if (f.day, f.name) not in desk.looked]
        desk.looked |= {(f.day, f.name) for f in late}
        moved = bool(late) and desk.move(day, ids.index(late))
        if not rivals and not moved:
            result.written += batch
            result.entities += written[tables.ENTITIES]
            result.quotes += written[tables.QUOTES]
            return
        result.left_out += [a for a in batch if key_of(a) in rivals]
        gone |= rivals
        for table in (tables.ARTICLES, tables.ENTITIES, tables.QUOTES):  # the batch ends before its parts do
            storage.delete(DataFile(table, day, name))


def _written_before(storage: Storage, day: date, name: str) -> list[DataFile]:
    """Files of articles that are older than ours.

    An object store has no lock that ends with its holder. Both writers look again after they wrote: who
    came later sees the earlier file, by the store's own times (by name in the same instant), and yields.
    """
    files = {f.name: f for f in storage.files(tables.ARTICLES) if f.day == day or f.name != name}
    mine = files.get(name)
    if mine is None:
        return []
    return [f for f in files.values() if f.name != name and (f.written, f.name) < (mine.written, mine.name)]


def _sweep_unit(unit: Unit, storage: Storage) -> None:
    """Remove parts of this very unit's batches that never came to exist: a retry may make them otherwise.

    Not where there is no lock: they may be those of a twin that is about to write its articles. There
    they wait for the next start.
    """
    if storage.settles:
        return
    exist = {(f.day, f.name) for f in storage.files(tables.ARTICLES) if f.name.startswith(unit.prefix)}
    for table in (tables.ENTITIES, tables.QUOTES):
        for file in storage.files(table):
            if file.name.startswith(unit.prefix) and (file.day, file.name) not in exist:
                storage.delete(file)


def sweep(storage: Storage) -> int:
    """At a start: remove what a crash left of batches that never came to exist. The number of files."""
    with storage.exclusive():
        swept = storage.sweep_temporary()
        parts = [f for t in (tables.ENTITIES, tables.QUOTES) for f in storage.files(t)]
        exist = {(f.day, f.name) for f in storage.files(tables.ARTICLES)}
        for file in parts:
            if (file.day, file.name) not in exist:
                storage.delete(file)
                swept += 1
    return swept
