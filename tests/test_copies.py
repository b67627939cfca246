"""Printings of one text, and what only looks like one: the pairs of ``tests.copies``, and the phenomena one by one."""

from __future__ import annotations

import time
from collections import Counter, defaultdict

import numpy as np
import pytest

from tests.copies import bases, pairs, shares
from tests.samples import DAY, NOON
from transforms.agency import without_credits
from transforms.stories import SIZE, WINDOW, Printing, Stories, read_signature, same_story, shared, signature

PAIRS = pairs()
LONG = next("\n\n".join(b.paragraphs) for b in bases() if b.words > 300)


@pytest.mark.parametrize("half", [0, 1])
def test_precision_and_recall(half: int) -> None:
    found = [(same_story(signature(p.one), signature(p.other)), p.same) for p in PAIRS if p.half == half]
    precision, recall = shares(found)
    assert precision >= 0.98 and recall >= 0.98


def test_each_habit_is_recognised() -> None:
    right: dict[str, list[bool]] = defaultdict(list)
    for pair in PAIRS:
        right[pair.habit].append(same_story(signature(pair.one), signature(pair.other)) == pair.same)
    assert {habit: sum(said) / len(said) for habit, said in right.items() if sum(said) < 0.88 * len(said)} == {}


def test_there_is_enough_to_measure_on() -> None:
    counted = Counter(pair.same for pair in PAIRS)
    assert len(bases()) >= 60 and counted[True] >= 300 and counted[False] >= 200
    assert {base.language for base in bases()} == {"en", "fr", "ar", "tr"}


def test_a_signature_stays_what_it_was() -> None:
    """Signatures are stored: another version of a library, a machine or Python must not change them."""
    text = " ".join(f"word{n} Größe كِتاب 12 colour" for n in range(12))
    found = signature(text)
    assert (len(found), found[:4].hex(), found[4:20].hex()) == STORED


STORED = (188, "2e000000", "672c0d00fd61390365ce8c03b1a69b0d")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The neighbours travelled to the centre", "The neighbors traveled to the center"),
        ("organisations in Idlib", "organizations in Idleb"), ("five per cent of them", "5% of them"),
        ("“We left,” he said", '"We left", he said'), ("كِتَابٌ إلى المدينة", "كتاب الى المدينه"), ("٢٥ قتيلا", "25 قتيلا"),
        ("İSTANBUL'DAKİ halk", "istanbul'daki halk"),
    ],
)  # fmt: skip
def test_spellings_of_one_text(one: str, other: str) -> None:
    rest = " ".join(f"thing{n}" for n in range(60))
    assert signature(f"{rest} {one} {rest}") == signature(f"{rest} {other} {rest}")


def test_a_short_text_has_no_signature() -> None:
    words = [f"word{n}" for n in range(40)]
    assert signature(" ".join(words[:-1])) == b""
    assert signature(" ".join(words)) != b""
    assert shared(b"", signature(LONG)) == (0.0, None)
    assert not same_story(b"", b"")


@pytest.mark.parametrize("data", [b"", b"abc", b"\0" * 4, b"\0" * 7])
def test_bytes_that_are_no_signature(data: bytes) -> None:
    assert read_signature(data) is None
    assert not same_story(data, signature(LONG))
    assert Stories([Printing("a", "a", NOON, data)]).find(signature(LONG), NOON) is None


def test_a_note_within_a_live_blog_is_not_a_copy_of_it() -> None:
    blog = "\n\n".join("\n\n".join(b.paragraphs) for b in bases()[:9])
    note = "\n\n".join(bases()[3].paragraphs[:3])
    assert not same_story(signature(note), signature(blog))


@pytest.mark.parametrize(
    "text", ["", "\n", "\ud800 " * 500, "a" * 1_000_000, "١" * 100_000, "x\n\n" * 50_000, "( " * 100_000, "̈" * 9999]
)
def test_any_text_has_a_signature_in_little_time(text: str) -> None:
    start = time.perf_counter()
    assert len(signature(text)) <= 4 * SIZE + 4
    assert time.perf_counter() - start < 2


def held(name: str, text: str, at: float = NOON, story: str = "") -> Printing:
    return Printing(name, story or name, at, signature(text))


def test_the_copy_that_shares_most_and_then_the_oldest_is_joined() -> None:
    half = "\n\n".join(LONG.split("\n\n")[:5])
    index = Stories(
        [held("c", LONG, NOON + 60), held("b", LONG), held("a", half + "\n\nOther words. " * 20), held("d", LONG)]
    )
    found = index.find(signature(LONG), NOON)
    assert found is not None and found.story_id == "b"
    found = index.find(signature(LONG), NOON, {"b", "d"})
    assert found is not None and found.story_id == "c"


@pytest.mark.parametrize(("days", "joined"), [(0, True), (-6.9, True), (6.9, True), (7.1, False), (-7.1, False)])
def test_a_text_that_comes_again_after_a_week_is_another_story(days: float, joined: bool) -> None:
    index = Stories([held("a", LONG)])
    assert (index.find(signature(LONG), NOON + days * DAY) is not None) is joined
    assert WINDOW == 7 * DAY


def test_an_index_grown_one_by_one_finds_what_one_built_at_once_finds() -> None:
    texts = ["\n\n".join(b.paragraphs) for b in bases()[:60]]
    printings = [held(str(n), text, NOON + n) for n, text in enumerate(texts)]
    at_once, grown = Stories(printings), Stories()
    for printing in printings:
        grown.add([printing])
    for text in texts:
        part = signature("\n\n".join(text.split("\n\n")[:4]))
        assert at_once.find(part, NOON) == grown.find(part, NOON)


def test_thirty_thousand_printings_cost_milliseconds() -> None:
    numbers = np.random.default_rng(1)
    hashes = np.sort(numbers.integers(0, 2**32, (30_000, SIZE), dtype=np.uint32), axis=1).astype("<u4")
    index = Stories(
        Printing(str(n), str(n), NOON, (400).to_bytes(4, "little") + row.tobytes()) for n, row in enumerate(hashes)
    )
    index.add([held("x", LONG)])
    start = time.perf_counter()
    for _ in range(20):
        found = index.find(signature(LONG), NOON)
        assert found is not None and found.story_id == "x"
    assert (time.perf_counter() - start) / 20 < 0.05


def test_what_two_outlets_write_around_one_text_is_left_out() -> None:
    body = (
        "Shells fell on the town for a second day, and people left for the fields around it with what they could carry."
    )
    for text in (
        f"IDLIB, Syria, Sept 11 (Reuters) - {body}\n\nIt rained.\n\n(Reporting by Nadia Halabi; Editing by Tom Marsh)",
        f"By Karim Haddad\n\nBEIRUT — {body}\n\nIt rained.\n\nWith AFP", f"{body}\n\nIt rained.\n\n© 2018 AFP",
    ):  # fmt: skip
        assert without_credits(text) == f"{body}\n\nIt rained."
