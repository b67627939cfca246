"""What the tables hold of articles: their revisions, and the stories that they are printings of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from schemas import tables
from transforms.formats.site import site_of
from transforms.identity import shard_of
from transforms.memory import read_rows
from transforms.storage import DataFile, Storage, day_of
from transforms.stories import WINDOW, Printing, Stories

_NAME = re.compile(r"(\d{8}T\d{6})-(\d+)of(\d+)-([0-9a-f]{16})\.parquet")
_KEPT: Final = timedelta(days=14)  # before the window of stories: what is older is forgotten
_COLUMNS: Final = [
    "article_id", "revision_id", "published_at", "published_from", "collected_at", "story_id", "revision", "signature",
    "url",
]  # fmt: skip


@dataclass(frozen=True)
class Held:
    """An article in the tables: its revisions, and the date and story that were decided for it."""

    published_at: float
    published_from: str
    day: date
    story_id: str
    revisions: frozenset[str] = frozenset()
    revision: int = 0  # the number of the last
    latest: tuple[float, str] = (0.0, "")  # collected_at and revision_id of the last
    file: DataFile | None = None  # that holds it
    first: str = ""  # the name of the file that holds the article's first row

    def with_revision(self, revision_id: str, number: int) -> Held:
        return replace(self, revisions=self.revisions | {revision_id}, revision=number)


class Last(NamedTuple):
    """What is compared with an article's last revision, and kept of it."""

    title: str
    text: str
    text_from: str
    truncated: bool | None
    feed_url: str
    outlet: str | None
    outlet_country: str | None
    author: str | None


class Row(NamedTuple):
    """What is kept of a row of ``articles``."""

    article_id: str
    revision_id: str
    published_at: float
    published_from: str
    collected_at: float
    story_id: str
    revision: int


class Ids:
    """Which revisions and stories the tables hold. Files never change, so what was read is kept by name."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._files: dict[tuple[date, str], list[Row]] = {}
        self._printings: dict[tuple[date, str], list[Printing]] = {}  # of files that were read, not yet indexed
        self._index = Stories()
        self._indexed: set[tuple[date, str]] = set()
        self._since = date.max

    @property
    def looked(self) -> set[tuple[date, str]]:
        """The files whose stories are known."""
        return set(self._indexed)

    def held(self, names: set[str], span: tuple[float, float] | None = None) -> dict[str, Held]:
        """What is held of the articles ``names``, under any day. ``span``: ``stories`` will be asked for it next."""
        self._since = _days(span)[0] if span else date.max
        found: dict[str, Held] = {}
        for file in self._storage.files(tables.ARTICLES):
            if not may_hold(file.name, names):
                continue
            for row in self._rows(file):
                if row.article_id in names:
                    found[row.article_id] = _joined(found.get(row.article_id), row, file)
        return found

    def stories(self, span: tuple[float, float]) -> Stories:
        """The printings that copies of texts published in ``span`` can be copies of."""
        since, until = _days(span)
        files = {(f.day, f.name): f for f in self._storage.files(tables.ARTICLES, since) if f.day <= until}
        stale = {key for key in self._indexed if key[0] < since - _KEPT}
        withdrawn = {key for key in self._indexed if since <= key[0] <= until and key not in files}
        if stale or withdrawn:
            self._index, self._indexed = Stories(), set()
        new = [key for key in sorted(files) if key not in self._indexed]
        self._index.add(p for key in new for p in self._read(files[key]))
        self._indexed.update(new)
        self._printings = {key: kept for key, kept in self._printings.items() if key not in self._indexed}
        return self._index

    def index(self, files: Iterable[DataFile]) -> Stories:
        """The printings of these files alone."""
        return Stories(p for file in files for p in self._read(file))

    def keys(self, file: DataFile) -> set[tuple[str, str]]:
        """The revisions that a file holds."""
        return {(row.article_id, row.revision_id) for row in self._rows(file)}

    def last(self, held: Held) -> Last | None:
        """The last revision; None where its file is there no longer."""
        if held.file is None:
            return None
        wanted = held.latest[1]
        for row in read_rows(self._storage, held.file, ["revision_id", *Last._fields]):
            if row.pop("revision_id") == wanted:
                return Last(**row)
        return None

    def _read(self, file: DataFile) -> list[Printing]:
        key = (file.day, file.name)
        if key not in self._printings:
            self._load(file)
        return self._printings.pop(key, [])

    def _rows(self, file: DataFile) -> list[Row]:
        key = (file.day, file.name)
        return self._files[key] if key in self._files else self._load(file, self._since)

    def _load(self, file: DataFile, since: date = date.min) -> list[Row]:
        key = (file.day, file.name)
        found = read_rows(self._storage, file, _COLUMNS)
        if not found:  # withdrawn; the same batch may be written again under its name
            return []
        rows = [
            Row(
                r["article_id"], r["revision_id"], r["published_at"], r["published_from"], r["collected_at"],
                r["story_id"] or r["article_id"], r["revision"] or 0,
            )
            for r in found
        ]  # fmt: skip
        self._files[key] = rows
        if file.day >= since and key not in self._indexed:
            self._printings[key] = [
                Printing(row.article_id, row.story_id, row.published_at, r["signature"] or b"", site_of(r["url"] or ""))
                for row, r in zip(rows, found, strict=True)
            ]
        return rows


def may_hold(name: str, ids: Iterable[str]) -> bool:
    """Whether a file of this name can hold one of ``ids``; a name of another kind can hold any."""
    at = _NAME.fullmatch(name)
    return at is None or any(shard_of(i, int(at[3])) == int(at[2]) for i in ids)


def _joined(old: Held | None, row: Row, file: DataFile) -> Held:
    last = (row.collected_at, row.revision_id)
    if old is None:
        return Held(
            row.published_at, row.published_from, file.day, row.story_id, frozenset({row.revision_id}),
            row.revision or 1, last, file, file.name,
        )  # fmt: skip
    revisions = old.revisions | {row.revision_id}
    number = max(old.revision, row.revision, len(revisions))
    grown = replace(old, revisions=revisions, revision=number, first=min(old.first, file.name))
    return replace(grown, latest=last, file=file) if last > old.latest else grown


def _days(span: tuple[float, float]) -> tuple[date, date]:
    """The first and the last day of publication that matter for texts of ``span``."""
    return day_of(max(0.0, span[0] - WINDOW)), day_of(min(span[1] + WINDOW, 253_402_300_799.0))
