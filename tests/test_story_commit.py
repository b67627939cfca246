"""Stories and revisions as the commit decides them: incremental, repeatable, and the same for two writers at once."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from schemas import tables
from schemas.records import Article
from tests.copies import bases
from tests.samples import DAY, NOON, TEXT, an_article, an_entry, parts_of
from tests.test_commit import UNIT, Crash, InMemory, Locked, everything, put, rows
from transforms.commit import Result, Unit, commit
from transforms.held import Ids
from transforms.storage import Storage
from transforms.stories import signature

TEXTS = ["\n\n".join(b.paragraphs) for b in bases() if b.words > 250][:3]
LONG = TEXTS[0]
CUT = "\n\n".join(LONG.split("\n\n")[:5])


def told(name: str, text: str = LONG, **more: Any) -> Article:
    return an_article(name, text=text, signature=signature(text), **more)


def later(seconds: float) -> Unit:
    return Unit(NOON + seconds, 0, 1)


def stories(storage: Storage) -> dict[str, str]:
    return {row["article_id"]: row["story_id"] for row in rows(storage, tables.ARTICLES)}


# --- stories ------------------------------------------------------------------------------------------


def test_copies_of_one_batch_are_one_story_in_any_order() -> None:
    three = [told("c", collected_at=NOON - 60), told("a", CUT), told("b", TEXTS[1])]
    made = []
    for order in itertools.permutations(three):
        storage = Locked()
        put(storage, *order)
        assert stories(storage) == {"a": "c", "b": "b", "c": "c"}
        made.append(everything(storage))
    assert all(m == made[0] for m in made)


@pytest.mark.parametrize("same_process", [True, False])
def test_a_copy_that_comes_tomorrow_joins_todays_story(same_process: bool) -> None:
    storage = Locked()
    ids = Ids(storage) if same_process else None
    put(storage, told("b", CUT), ids=ids)
    put(storage, told("x", TEXTS[1], published_at=NOON + DAY), unit=later(DAY - 60), ids=ids)
    put(storage, told("a", published_at=NOON + DAY), unit=later(DAY), ids=ids)
    put(storage, told("c", published_at=NOON + 2 * DAY), unit=later(2 * DAY), ids=ids)
    assert stories(storage) == {"a": "b", "b": "b", "c": "b", "x": "x"}


def test_the_same_words_a_month_later_are_another_story() -> None:
    storage = Locked()
    put(storage, told("a"))
    put(storage, told("b", published_at=NOON + 30 * DAY), unit=later(DAY))
    assert stories(storage) == {"a": "a", "b": "b"}


def test_a_revision_keeps_its_story_though_its_words_become_anothers() -> None:
    storage = Locked()
    put(storage, told("a"), told("b", TEXTS[1]))
    put(storage, told("b", LONG, collected_at=NOON + 60), unit=later(60))
    assert [(r["article_id"], r["story_id"], r["revision"]) for r in rows(storage, tables.ARTICLES)] == [
        ("a", "a", 1), ("b", "b", 1), ("b", "b", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("shards", [2, 5])
def test_shards_under_a_lock_see_each_others_stories(shards: int) -> None:
    storage = Locked()
    for n, name in enumerate("abc"):
        put(storage, told(name), unit=Unit(NOON, n % shards, shards))
    assert set(stories(storage).values()) == {"a"}


@pytest.mark.parametrize(("at", "late"), [(n, late) for n in range(1, 10) for late in (False, True)])
@pytest.mark.parametrize("kind", [Locked, InMemory])
def test_a_crash_among_the_days_of_a_story_changes_nothing(kind: type[InMemory], at: int, late: bool) -> None:
    days = [
        told("c", collected_at=NOON - 9),
        told("a", CUT, published_at=NOON - 2 * DAY),
        told("b", published_at=NOON - DAY),
    ]
    clean, storage = kind(), kind()
    put(clean, *days)
    storage.crash_at, storage.late = at, late
    try:
        put(storage, *days)
    except Crash:
        storage.crash_at = None
        put(storage, *days)
    assert stories(storage) == {"a": "c", "b": "c", "c": "c"}
    kept = {key: data for key, data in everything(storage).items() if key[0] == tables.ARTICLES}
    assert kept == {key: data for key, data in everything(clean).items() if key[0] == tables.ARTICLES}


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("table", [tables.QUOTES, tables.ARTICLES])
def test_two_shards_that_write_copies_at_the_same_instant_agree(moment: str, table: str) -> None:
    storage, started = InMemory(), []

    def intrude(written: str) -> None:
        if written == table and not started:
            started.append(written)
            put(storage, told("b", CUT), unit=Unit(NOON, 1, 2))

    setattr(storage, moment, intrude)
    put(storage, told("a"), told("c", TEXTS[1]), unit=Unit(NOON, 0, 2))
    assert started
    found = stories(storage)
    assert found["a"] == found["b"] and found["c"] == "c" and len(found) == 3


def test_short_notes_in_the_same_words_are_stories_of_their_own() -> None:
    storage = Locked()
    put(storage, told("a", TEXT), told("b", TEXT))
    assert stories(storage) == {"a": "a", "b": "b"}


ABOUT = (
    "This note was made by the Ghab Reporters, who train young people of the valley to write and pay them for it. To learn "
    "more of their work, to support it with a gift, or to print this note elsewhere free of charge, write to the editors "
    "at the address that stands on the page about us, and tell them in which paper, on which day and where."
)
NOTES = [
    "Bakers in Saraqib closed their shops on Tuesday because the flour lorries had not come, and the council promised "
    "bread for tomorrow.",
    "A girl of nine was wounded near Harem when an old shell went off in a field; doctors said that she would live.",
]


@pytest.mark.parametrize("at_once", [True, False])
def test_notes_of_a_site_above_the_same_paragraph_about_itself_are_two_stories(at_once: bool) -> None:
    storage = Locked()
    a, b = (told(name, f"{note}\n\n{ABOUT}") for name, note in zip("ab", NOTES, strict=True))
    if at_once:
        put(storage, a, b)
    else:
        put(storage, a)
        put(storage, b, unit=later(60))
    assert stories(storage) == {"a": "a", "b": "b"}


def test_a_site_that_prints_a_text_twice_prints_one_story() -> None:
    storage = Locked()
    put(storage, told("a", f"{LONG}\n\n{ABOUT}"))
    put(storage, told("b", f"{ABOUT}\n\n{LONG}"), told("c", CUT), unit=later(60))
    assert stories(storage) == {"a": "a", "b": "a", "c": "a"}


# --- revisions ----------------------------------------------------------------------------------------


def put_at(storage: Storage, seconds: float, text: str, most: int = 25, **more: Any) -> Result:
    article = an_article("a", text=text, collected_at=NOON + seconds, **more)
    return commit(later(seconds), [article], *([p] for p in parts_of(article)), storage, Ids(storage), most)


def test_revisions_are_numbered_and_tell_what_they_changed() -> None:
    storage = Locked()
    put_at(storage, 0, TEXT)
    put_at(storage, 60, TEXT.replace("Shells", "Rockets"))
    put_at(storage, 120, TEXT.replace("Shells", "Rockets"), title="Rockets in Idlib")
    found = {r["revision"]: r["changes"] for r in rows(storage, tables.ARTICLES)}
    first = TEXT.split("\n\n")[0]
    assert found == {
        1: [], 2: [{"part": "text", "before": first, "after": first.replace("Shells", "Rockets")}],
        3: [{"part": "title", "before": "Shelling in Idlib", "after": "Rockets in Idlib"}],
    }  # fmt: skip


def test_two_revisions_of_one_batch_are_compared_with_each_other() -> None:
    storage = Locked()
    texts = [TEXT, TEXT + "\n\nOne more.", TEXT + "\n\nOne more.\n\n14 comments"]
    result = put(storage, *(an_article("a", text=t, collected_at=NOON + n) for n, t in enumerate(texts)))
    assert [(a.revision, len(a.changes)) for a in result.written] == [(1, 0), (2, 1)]
    assert len(result.left_out) == 1


def test_what_is_not_the_article_makes_no_revision_at_every_poll() -> None:
    storage = Locked()
    put_at(storage, 0, TEXT)
    for n in range(1, 4):
        result = put_at(storage, 60 * n, f"Updated {n} minutes ago\n\n{TEXT}\n\n{n} comments")
        assert (result.written, len(result.left_out)) == ([], 1)


def test_a_page_that_flaps_between_two_forms_has_two_revisions() -> None:
    storage = Locked()
    for n in range(6):
        put_at(storage, 60 * n, TEXT if n % 2 else TEXT.replace("Shells", "Rockets"))
    assert sorted(r["revision"] for r in rows(storage, tables.ARTICLES)) == [1, 2]


@pytest.mark.parametrize("most", [1, 2, 4])
def test_beyond_the_limit_nothing_is_stored(most: int) -> None:
    storage = Locked()
    beyond = [len(put_at(storage, 60 * n, f"{TEXT}\n\nForm {n}.", most).beyond) for n in range(6)]
    assert beyond == [0] * most + [1] * (6 - most)
    assert len(rows(storage, tables.ARTICLES)) == most


OTHERS = {"feed_url": "http://ghab.example/rss", "title": "Idlib news", "outlet": "orontes.example", "author": None}


def from_another(name: str = "a", text: str = TEXT, **more: Any) -> Article:
    """The page as a feed of another site leads to it."""
    entry = an_entry("go", feed_url=OTHERS["feed_url"], foreign=True)
    return an_article(name, text, **(OTHERS | {"entry": entry} | more))


def test_a_feed_of_another_site_makes_no_revision_of_the_same_words() -> None:
    own = an_article("a", author="Rim Halabi", outlet_country="SY")
    for order in ([own, from_another()], [from_another(), own]):
        storage = Locked()
        for n, article in enumerate(order):
            result = put(storage, article, unit=later(60 * n))
        assert (len(result.left_out), len(rows(storage, tables.ARTICLES))) == (1, 1)
    storage = Locked()
    put(storage, from_another(), own)  # in one tick
    put(storage, from_another(), own, unit=later(60))
    assert [(r["title"], r["author"]) for r in rows(storage, tables.ARTICLES)] == [(own.title, "Rim Halabi")]


def test_a_revision_that_a_feed_of_another_site_brings_says_whose_article_it_is() -> None:
    storage = Locked()
    put(storage, an_article("a", author="Rim Halabi", outlet_country="SY"))
    for n in (1, 2):
        put(storage, from_another(text=f"{TEXT}\n\n{n} shells more.", collected_at=NOON + 60 * n), unit=later(60 * n))
    found = sorted(rows(storage, tables.ARTICLES), key=lambda r: int(r["revision"]))
    assert {(r["outlet"], r["outlet_country"], r["author"]) for r in found} == {("Orontes Post", "SY", "Rim Halabi")}
    assert [[c["part"] for c in r["changes"]] for r in found] == [[], ["text"], ["text"]]


def test_two_feeds_of_a_site_with_a_headline_each_make_no_revision() -> None:
    storage = Locked()
    for n in range(4):
        titles = {"feed_url": "http://orontes.example/2", "title": "Syria: Shelling in Idlib"} if n % 2 else {}
        put_at(storage, 60 * n, TEXT, **titles)
    assert len(rows(storage, tables.ARTICLES)) == 1
    put_at(storage, 300, TEXT, title="Rockets in Idlib")
    assert [r["revision"] for r in rows(storage, tables.ARTICLES)] == [1, 2]


@pytest.mark.parametrize(
    "more",
    [
        {"text_from": "summary", "truncated": True},
        {"text_from": "feed"},
        {"text_from": "feed", "entry": an_entry("a", content="Shells fell.")},
        {"truncated": True},
    ],
)
def test_a_stub_does_not_take_the_place_of_the_whole_page(more: dict[str, Any]) -> None:
    storage = Locked()
    put_at(storage, 0, TEXT)
    result = put_at(storage, 60, "Shells fell on Jisr al-Shughur. Subscribe to read on.", **more)
    assert (result.written, len(result.lesser)) == ([], 1)
    assert [r["text"] for r in rows(storage, tables.ARTICLES)] == [TEXT]


def test_another_feeds_own_words_do_not_take_the_place_of_the_page() -> None:
    storage = Locked()
    put_at(storage, 0, TEXT)
    other: dict[str, Any] = {"feed_url": "http://orontes.example/2", "text_from": "feed"}
    for known in (False, True):
        entry = an_entry("a", content="whole", known=known)
        result = put_at(storage, 60, f"{TEXT}\n\nFrom our correspondent.", attempts=0, entry=entry, **other)
        assert (len(result.written), len(result.lesser)) == (int(known), int(not known))


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"text_from": "summary", "truncated": True}, {}),
        ({"text_from": "summary", "truncated": True}, {"text_from": "summary", "truncated": True}),
        ({"text_from": "feed"}, {"text_from": "feed"}),
        ({}, {"truncated": True}),
    ],
)
def test_more_text_is_a_revision_whatever_stood_there(first: dict[str, Any], then: dict[str, Any]) -> None:
    storage = Locked()
    put_at(storage, 0, TEXT, **first)
    assert len(put_at(storage, 60, f"{TEXT}\n\nTwo lorries burnt.", **then).written) == 1


def test_the_number_goes_on_where_a_file_is_older_than_the_column() -> None:
    import io

    import pyarrow.parquet as pq

    storage = Locked()
    put_at(storage, 0, TEXT)
    put_at(storage, 60, TEXT + "\n\nTwo.")
    for (table, day, name), (data, at) in list(storage.held.items()):
        if table == tables.ARTICLES:
            sink = io.BytesIO()
            old = ["story_id", "signature", "revision", "changes"]
            pq.write_table(pq.read_table(io.BytesIO(data)).drop_columns(old), sink)
            storage.held[table, day, name] = (sink.getvalue(), at)
    put_at(storage, 120, TEXT + "\n\nThree.")
    assert max(r.get("revision") or 0 for r in rows(storage, tables.ARTICLES)) == 3
    assert put(storage, told("b"), unit=UNIT).written[0].story_id == "b"
