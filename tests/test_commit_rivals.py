"""Two writers at once on a store that has no lock: each revision exactly once, with its parts."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from schemas import tables
from tests.samples import NOON, an_article
from tests.test_commit import JOINED, THREE, UNIT, InMemory, check_whole, put
from transforms.commit import Unit, sweep
from transforms.held import Ids
from transforms.storage import DataFile


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("table", JOINED)
@pytest.mark.parametrize("same_unit", [True, False])
def test_two_commits_interleaved(moment: str, table: str, same_unit: bool) -> None:
    """At one write of the first a rival commits the same and more: each revision stays exactly once."""
    storage = InMemory()
    more = an_article("d4")
    rival = UNIT if same_unit else Unit(NOON + 60, 0, 1)
    started: list[str] = []

    def intrude(written: str) -> None:
        if written == table and not started:
            started.append(written)
            put(storage, *THREE, more, unit=rival)

    setattr(storage, moment, intrude)
    result = put(storage, *THREE)
    assert started
    sweep(storage)
    check_whole(storage, *THREE, more)
    assert len(result.written) + len(result.left_out) == 3


def test_two_that_both_looked_before_either_wrote() -> None:
    storage = InMemory()
    looked, wrote = threading.Barrier(2, timeout=5), threading.Barrier(2, timeout=5)
    # Entities are the first write, after the look; articles the last, before the second look.
    storage.before = lambda table: looked.wait() and None if table == tables.ENTITIES else None
    storage.after = lambda table: wrote.wait() and None if table == tables.ARTICLES else None
    articles = [an_article("a1"), an_article("b2")]
    with ThreadPoolExecutor(2) as pool:
        units = (UNIT, Unit(NOON + 60, 0, 1))
        results = list(pool.map(lambda unit: put(storage, *articles, unit=unit), units))
    sweep(storage)
    check_whole(storage, *articles)
    assert sorted(len(r.written) for r in results) == [0, 2]


def test_a_twin_of_the_same_unit_does_not_lose_the_parts() -> None:
    """A runner may run one bundle twice at once; the twin must not sweep what the first is writing."""
    clean, storage = InMemory(), InMemory()
    put(clean, an_article("a1"))
    storage.held = {key: value for key, value in clean.held.items() if key[0] != tables.ARTICLES}
    original, listed = storage.files, [0]

    def files(table: str, since: date | None = None) -> list[DataFile]:
        listed[0] += table == tables.ARTICLES
        if listed[0] == 2 or (listed[0] == 1 and table == tables.QUOTES):  # the first comes to its end meanwhile
            storage.held |= {key: value for key, value in clean.held.items() if key[0] == tables.ARTICLES}
        return original(table, since)

    storage.files = files  # type: ignore[method-assign]
    put(storage, an_article("a1"))
    put(storage, an_article("a1"))
    sweep(storage)
    check_whole(storage, an_article("a1"))


def test_a_batch_that_is_withdrawn_while_it_is_read_holds_nothing() -> None:
    storage = InMemory()
    put(storage, an_article("a1"))
    ids = Ids(storage)
    (file,) = storage.files(tables.ARTICLES)
    data = storage.read(file)
    listed = storage.files

    def then_withdrawn(table: str, since: date | None = None) -> list[DataFile]:
        found = listed(table, since)
        if table == tables.ARTICLES:
            storage.delete(file)
        return found

    storage.files = then_withdrawn  # type: ignore[method-assign]
    assert ids.held({"a1"}) == {}
    storage.files = listed  # type: ignore[method-assign]
    storage.write(tables.ARTICLES, file.day, file.name, data)  # its writer tries again: nothing stale is kept
    assert set(ids.held({"a1"})) == {"a1"}
