"""The news day's agency copies are one story each, whatever their outlets made of them, and nothing else is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from tests.harness import Collector, rows
from tests.newsday.cases import CASES
from tests.newsday.day import NewsDay
from transforms.views import connect

COPIES = {case.rpartition("/")[2] for name, known in CASES.items() if known.copy_of for case in (name, known.copy_of)}


def test_copies_share_their_story_and_feeds_are_kept(
    collector: Callable[..., Collector], day: NewsDay, tmp_path: Path
) -> None:
    collector().once()
    out = tmp_path / "out"
    outlets = defaultdict(set)
    for article in rows(out, "articles"):
        outlets[article["story_id"]].add(urlsplit(article["url"] or "").path.rpartition("/")[2])
    assert [slugs for slugs in outlets.values() if len(slugs) > 1] == [COPIES]
    with connect(str(out)) as connection:
        ((stories, printings),) = connection.execute("SELECT count(*), sum(printings) FROM stories").fetchall()
        assert printings == len(rows(out, "articles")) == stories + len(COPIES) - 1
        unseen = "SELECT url, feed_url, article_id, entry_id FROM articles ANTI JOIN sightings USING (article_id)"
        assert connection.execute(unseen).fetchall() == []
        told = "SELECT count(*) FROM (SELECT article_id FROM sightings GROUP BY 1 HAVING count(*) > 1)"
        assert connection.execute(told).fetchall()[0][0] > 10
        kept = connection.execute("FROM sightings ORDER BY sighting_id").fetchall()
    collector().once()  # again: nothing is seen for the first time
    with connect(str(out)) as connection:
        assert connection.execute("FROM sightings ORDER BY sighting_id").fetchall() == kept
