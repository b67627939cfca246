"""The twenty stories themselves: the truth in them must be true of the text."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.stories import QuoteLine, Story, load, parse

STORIES = load()
LINES = [pytest.param(story, line, id=f"{story.slug}-{n}") for story in STORIES for n, line in enumerate(story.quotes)]
EACH = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)

# A pair of outer marks; where a quotation runs on in the next paragraph, there is no closing one.
MARKED = re.compile(r'“([^”\n]*)(?:”|$)|"([^"\n]*)(?:"|$)', re.MULTILINE)
WHOLE = """title: A title
published: 2018-09-11T06:40:00Z
people: Rana Whitlock
groups: Strait Wire
places: Idlib

A line of Whitlock’s,
and its end.

The second.

---quotes
indirect | - | its end
direct | Rana Whitlock; Omar Bey | The second

---terms
"""


def marked(story: Story) -> list[tuple[int, int, str]]:
    """Start, end (marks included) and words of each pair of outer marks in the text."""
    return [(m.start(), m.end(), re.sub(r"[.,]$", "", m[1] or m[2])) for m in MARKED.finditer(story.text)]


def place(story: Story, line: QuoteLine) -> tuple[int, int]:
    start = story.text.index(line.text)
    return start, start + len(line.text)


def test_there_are_twenty() -> None:
    assert len(STORIES) == 20
    assert {story.published.year for story in STORIES} == {2016, 2017, 2018, 2019, 2020}


@EACH
def test_length_is_that_of_agency_copy(story: Story) -> None:
    assert 220 <= len(story.text.split()) <= 450


@EACH
def test_dateline(story: Story) -> None:
    assert re.match(r"[A-Z ]{5,}[^()]*\([A-Z][\w ]+\) [-–—] \S", story.text)


@EACH
def test_one_kind_of_marks(story: Story) -> None:
    used = set(story.title + story.text) & set("“”‘’\"'")
    assert used <= set("“”‘’") or used <= set("\"'")


@EACH
def test_names_occur_in_the_body(story: Story) -> None:
    for name in story.people + story.groups + story.places:
        assert re.search(rf"(?<!\w){re.escape(name.split()[-1])}(?!\w)", story.text, re.IGNORECASE), name
    for name in story.people:
        assert name in story.text, name
    for names in (story.people, story.groups, story.places):
        assert names and len(set(names)) == len(names)


@pytest.mark.parametrize(("story", "line"), LINES)
def test_words_are_found_once(story: Story, line: QuoteLine) -> None:
    assert Counter(paragraph.count(line.text) for paragraph in story.paragraphs if line.text in paragraph) == {1: 1}
    start, end = place(story, line)
    assert not re.match(r"\w", story.text[start - 1]) and not re.match(r"\w", story.text[end]), "within a word"


@pytest.mark.parametrize(("story", "line"), LINES)
def test_speaker_is_a_person_or_printed(story: Story, line: QuoteLine) -> None:
    for speaker in line.speakers:
        assert speaker in story.people or speaker in story.text
    if len(line.speakers) > 1:
        assert set(line.speakers) <= set(story.people)


@pytest.mark.parametrize(("story", "line"), LINES)
def test_kind_fits_the_marks(story: Story, line: QuoteLine) -> None:
    start, end = place(story, line)
    if line.kind == "direct":
        assert line.text in [words for at, _, words in marked(story) if at + 1 == start]
        return
    touched = [(a, b) for a, b, _ in marked(story) if a < end and start < b]
    assert all(start <= a and b <= end for a, b in touched), "a pair of marks is cut"
    assert bool(touched) == (line.kind == "mixed")


@EACH
def test_no_marks_are_left_over(story: Story) -> None:
    direct = {place(story, line)[0] - 1 for line in story.quotes if line.kind == "direct"}
    mixed = [place(story, line) for line in story.quotes if line.kind == "mixed"]
    rest = [words for a, b, words in marked(story) if a not in direct and not any(s <= a and b <= e for s, e in mixed)]
    assert Counter(rest) == Counter(story.terms)


@EACH
def test_lines_stand_in_the_order_of_the_text_and_apart(story: Story) -> None:
    places = [place(story, line) for line in story.quotes]
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(places))


def test_a_well_formed_file() -> None:
    story = parse(WHOLE, "x")
    assert story.paragraphs == ("A line of Whitlock’s, and its end.", "The second.")
    assert story.text == "A line of Whitlock’s, and its end.\n\nThe second."
    assert story.quotes[0] == QuoteLine("indirect", None, "its end") and story.quotes[0].speakers == ()
    assert story.quotes[1].speakers == ("Rana Whitlock", "Omar Bey")
    assert story.terms == ()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("groups: Strait Wire", "groups Strait Wire", 4),
        ("groups: Strait Wire", "people: Somebody Else", 4),
        ("groups: Strait Wire", "author: Somebody Else", 4),
        ("groups: Strait Wire\n", "", 5),
        ("2018-09-11T06:40:00Z", "yesterday", 2),
        ("indirect | - |", "hearsay | - |", 13),
        ("indirect | - |", "indirect |", 13),
        ("---terms", "---words", 16),
        ("---terms", "---quotes", 16),
        ("---terms\n", "", 15),
    ],
)
def test_a_malformed_file_is_named_with_its_line(old: str, new: str, line: int, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text(WHOLE.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"^bad\.md:{line}: "):
        load(tmp_path)
