"""How quotations found are counted against those that people marked."""

from __future__ import annotations

import pytest

from benchmarks.scoring import Attribution, Comparison, Score, closeness, compare, narrow, same_speaker, telling_words

TEXT = (
    "“The ovens are cold,” said Salma Haddar, mayor of Saraqib. She thinks the road will close. Karim Solh left early."
)


def at(words: str, speaker: str | None = None, text: str = TEXT, **more: object) -> Attribution:
    """An attribution by its words, and by those of its speaker's mention."""
    start = text.index(words)
    where = text.index(speaker) if speaker else 0
    mention = (where, where + len(speaker)) if speaker else None
    return Attribution((start, start + len(words)), mention=mention, **more)  # type: ignore[arg-type]


COLD = at("The ovens are cold", "Salma Haddar")
THOUGHT = at("the road will close", "She", kind="indirect", speech=False)


def score(marked: list[Attribution], found: list[Attribution], view: str = "all") -> Score:
    return Score.of([compare(TEXT, marked, found, view)])


def test_marks_blanks_and_stops_at_the_edges_do_not_count() -> None:
    text = " “Cold,” . "
    assert text[slice(*narrow(text, (0, len(text))))] == "Cold"
    assert narrow('"."', (0, 3)) == (3, 3)


@pytest.mark.parametrize(("other", "share"), [((0, 10), 1.0), ((0, 5), 0.5), ((5, 15), 1 / 3), ((10, 20), 0.0)])
def test_closeness_is_what_is_shared_of_what_is_covered(other: tuple[int, int], share: float) -> None:
    assert closeness((0, 10), other) == pytest.approx(share)


def test_four_fifths_shared_are_enough_and_less_is_not() -> None:
    text = "abcdefghij"
    for end, pairs in ((8, 1), (7, 0)):
        assert len(compare(text, [Attribution((0, 10))], [Attribution((0, end))], "all").pairs) == pairs


def test_each_answers_one_and_the_closest_goes_first() -> None:
    text = "abcdefghij"
    made = compare(text, [Attribution((0, 10))], [Attribution((0, 9)), Attribution((0, 10))], "all")
    assert made.pairs == {0: 1}
    assert Score.of([made]).precision == 0.5


def test_what_is_found_twice_counts_once() -> None:
    made = compare(TEXT, [COLD], [COLD, at("“The ovens are cold,”", "Karim Solh")], "all")
    assert made.found == [COLD]
    assert made.speaker_right == {0: True}


def test_joint_figures_ask_for_the_speaker_too() -> None:
    made = score([COLD, THOUGHT], [at("The ovens are cold", "Karim Solh"), THOUGHT])
    assert (made.f1, made.joint_f1, made.speaker_accuracy) == (1.0, 0.5, 0.5)


def test_marked_without_speaker_is_left_out_of_the_joint_figures() -> None:
    nobody = Attribution(COLD.span)
    made = score([nobody, THOUGHT], [COLD, THOUGHT])
    assert (made.marked, made.joint_marked, made.joint_found, made.joint_f1) == (2, 1, 1, 1.0)


@pytest.mark.parametrize(
    ("marked", "found", "same"),
    [
        (COLD, at("The ovens", "Haddar"), True),  # mentions overlap
        (COLD, Attribution((0, 5), name="Salma Haddar"), True),  # no mention, but the name
        (COLD, Attribution((0, 5), name="Haddar of the bakers' union"), True),  # the last word before "of"
        (COLD, Attribution((0, 5), name="Karim Solh"), False),
        (THOUGHT, at("The ovens", "Salma Haddar"), False),  # "She" tells nothing by itself
        (Attribution((0, 5), mention=THOUGHT.mention, name="Salma Haddar"), COLD, True),  # the annotated name does
        (Attribution((0, 5), name="S. Haddar"), COLD, True),
        (COLD, Attribution((0, 5)), False),
    ],
)
def test_the_speaker_is_right(marked: Attribution, found: Attribution, same: bool) -> None:
    assert same_speaker(TEXT, marked, found) is same


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("the Ministry of Health", {"ministry", "health"}),
        ("Salma Haddar, mayor of Saraqib", {"haddar", "saraqib"}),
        ("Saraqib’s mayor", {"mayor"}),
        ("she", set()),
        ("", set()),
    ],
)
def test_words_that_tell_a_name(name: str, words: set[str]) -> None:
    assert telling_words(name) == words


def charged(found: Attribution, view: str, *marked: Attribution) -> bool:
    made: Comparison = compare(TEXT, [COLD, THOUGHT, *marked], [found], view)
    return made.charged[0]


def test_direct_view_does_not_charge_for_words_without_marks() -> None:
    assert not charged(at("Karim Solh left"), "direct")
    assert charged(at("The ovens are"), "direct")
    assert charged(at("Karim Solh left"), "all")


def test_direct_view_does_not_charge_for_a_part_of_another_kind() -> None:
    whole = at("“The ovens are cold,” said Salma Haddar, mayor of Saraqib", kind="mixed")
    assert not charged(at("The ovens are"), "direct", whole)


def test_said_view_neither_asks_nor_charges_for_thoughts() -> None:
    assert not charged(THOUGHT, "said")
    assert (score([COLD, THOUGHT], [COLD], "said").f1, score([COLD, THOUGHT], [COLD], "all").recall) == (1.0, 0.5)


def test_shares_of_nothing_are_0() -> None:
    empty = Score.of([])
    assert (empty.precision, empty.recall, empty.f1, empty.joint_f1, empty.speaker_accuracy) == (0, 0, 0, 0, 0)


def test_a_view_that_is_none() -> None:
    with pytest.raises(ValueError, match="none of direct, said, all"):
        compare(TEXT, [], [], "spoken")
