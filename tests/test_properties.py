"""What holds for every text: offsets, disjoint spans, and that nothing raises. The texts are made at random."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from transforms.annotation import Annotation, annotate_texts, readable
from transforms.entities import LABELS
from transforms.given import Given
from transforms.pagetext import MAX_TEXT, reduced_text
from transforms.tolls.words import KINDS
from transforms.topic import Topic, load_topic

LANGUAGES = ("en", "en", "fr", "ar", "tr", "xx")
# The same examples in every run; what is found is then fixed and becomes an example or a test of its own.
fixed = settings(
    derandomize=True, database=None, deadline=None, max_examples=120,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip

# --- texts --------------------------------------------------------------------------------------------

MARKS = ['"', "“", "”", "„", "«", "»", "'", "‘", "’", "``", "''", "‹", "›", "“”", '""', "(", ")", "—", "–", "-", ":"]
ODD = [
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069",
    "e\u0301", "\u0301", "ا\u064b", "\u0640" * 9, "👩‍🚒", "🏳️‍🌈", "\U000e0001", "\ud83d", "\udc00", "\x00", "\x1b", "\x7f",
    "\xa0", "\u2028", "\u2029", "\x85", "\t", "\r", "\r\n", "\x0b", "ß", "İ", "ı", "ŉ", "ﬁ", "ǅ", "\ufffd", "\uffff",
    "x" * 700, "ء" * 700, "a\u0301" * 300, "." * 600, "12" * 300, "a.b." * 200,
]  # fmt: skip
NAMES = [
    "Salma Haddar", "Haddar", "Mr. Haddar", "Idlib", "Aleppo", "Hayat Tahrir al-Sham", "the ministry", "Ankara",
    "a resident", "the 52-year-old", "she", "he", "they", "Dr Ward Sallum of Saraqib", "the White Helmets", "AFP", "NAME:",
    "SALLUM:", "al-", "bin", "de la", "İdlib’de", "إدلب", "قال", "وأضاف", "صالح", "a déclaré", "Mme Khoury", "dedi", "söyledi",
]  # fmt: skip
VERBS = [
    "said", "says", "told AFP", "added", "warned that", "was quoted as saying", "according to", "denied", "announced that",
    "killed", "were killed", "killing", "wounded", "fled", "displaced", "died", "forced", "to flee", "left", "dead", "including",
    "of them", "who", ", who", "that", "if", "could", "not", "because", "and", "or", "rose to", "the death toll", "between",
]  # fmt: skip
NUMBERS = [
    "12",
    "1,200",
    "3.5 million",
    "dozens of",
    "at least",
    "up to",
    "a",
    "two",
    "twenty-",
    "10-15",
    "2016",
    "percent",
    "half a",
]
NOUNS = [
    "people",
    "civilians",
    "children",
    "families",
    "soldiers",
    "a soldier",
    "sheep",
    "lives",
    "the road",
    "of",
    "in",
    "their homes",
]
ENDS = [". ", ".", ", ", "! ", "? ", "… ", "\n", "\n\n", ".\n\n", "; "]

news = st.lists(
    st.one_of(*(st.sampled_from(words) for words in (MARKS, MARKS, NAMES, VERBS, VERBS, NUMBERS, NOUNS, ENDS))),
    max_size=60,
).map(lambda parts: " ".join(parts).replace("“ ", "“").replace(" ”", "”").replace(" ,", ",").replace(" .", "."))
glued = st.lists(st.sampled_from([*MARKS, *ENDS, *NAMES[:8], *VERBS[:6], *ODD]), max_size=40).map("".join)
anything = st.text(
    st.one_of(st.characters(exclude_categories=[]), st.sampled_from([*"\"“”«»'.,\n", "a", "I", "7"])), max_size=200
)
mixed = st.lists(st.one_of(anything, st.sampled_from([*ODD, *NAMES, *VERBS])), max_size=20).map("".join)


@lru_cache(maxsize=1)
def topic() -> Topic:
    return load_topic("syria")


def annotated(text: str, language: str) -> Annotation:
    (made,) = annotate_texts([Given("t", text, title=text[:60], language=language)], topic())
    return made


# --- what must hold -----------------------------------------------------------------------------------


def check(made: Annotation) -> None:
    check_entities(made)
    check_quotes(made)
    check_figures(made)
    assert 0.0 <= made.verdict.score <= 1.0
    assert made.verdict.keep == (made.verdict.level in ("core", "part"))
    assert 0 <= made.read <= len(made.given.text)


def check_entities(made: Annotation) -> None:
    text = made.given.text
    spans = []
    for entity in made.entities:
        assert entity.label in LABELS and entity.name and entity.mentions
        assert entity.mentions == sorted(entity.mentions, key=lambda m: m.start)
        for mention in entity.mentions:
            assert 0 <= mention.start < mention.end <= made.read and text[mention.start : mention.end] == mention.text
            spans.append((mention.start, mention.end))
    disjoint(spans)
    assert len({e.entity_id for e in made.entities}) == len(made.entities)


def check_quotes(made: Annotation) -> None:
    text = made.given.text
    ids = {e.entity_id for e in made.entities}
    disjoint([(q.start, q.end) for q in made.quotes if q.kind == "direct"])
    for kind in ("mixed", "indirect"):  # "he said that she had denied that …" is two, one within the other
        nested([(q.start, q.end) for q in made.quotes if q.kind == kind])
    for quote in made.quotes:
        assert quote.kind in ("direct", "mixed", "indirect")
        assert 0 <= quote.start < quote.end <= made.read and text[quote.start : quote.end] == quote.text
        assert quote.text.strip()
        for start, end, printed in (
            (quote.cue_start, quote.cue_end, quote.cue),
            (quote.speaker_start, quote.speaker_end, quote.speaker_text),
        ):
            assert (start is None) == (end is None) == (printed is None)
            assert start is None or end is None or (0 <= start < end <= made.read and text[start:end] == printed)
        assert quote.speaker_entity_id is None or quote.speaker_entity_id in ids
    groups = {q.quote_id for q in made.quotes}
    assert len(groups) == len(made.quotes)
    assert all(q.quote_group is None or q.quote_group in groups for q in made.quotes)


def check_figures(made: Annotation) -> None:
    text = made.given.text
    ids = {e.entity_id for e in made.entities}
    for figure in made.figures:
        assert figure.kind in KINDS and figure.unit in ("people", "families")
        assert text[figure.start : figure.end] == figure.text and figure.text
        bounds = [b for b in (figure.low, figure.high) if b is not None]
        assert bounds and all(b > 0 for b in bounds) and bounds == sorted(bounds)
        assert figure.place_entity_id is None or figure.place_entity_id in ids


def disjoint(spans: Sequence[tuple[int, int]]) -> None:
    for (_, end), (start, _) in pairwise(sorted(spans)):
        assert end <= start, f"overlap at {start}"


def nested(spans: Sequence[tuple[int, int]]) -> None:
    """Each two are apart, or one is within the other, and no two are the same."""
    assert len(set(spans)) == len(spans)
    around: list[int] = []
    for start, end in sorted(spans, key=lambda s: (s[0], -s[1])):
        while around and around[-1] <= start:
            around.pop()
        assert not around or end <= around[-1], f"crossed at {start}"
        around.append(end)


# --- the texts against it -----------------------------------------------------------------------------


@fixed
@given(text=news, language=st.sampled_from(LANGUAGES))
def test_fragments_of_news(text: str, language: str) -> None:
    check(annotated(text, language))


@fixed
@given(text=glued, language=st.sampled_from(LANGUAGES))
def test_marks_and_odd_characters(text: str, language: str) -> None:
    check(annotated(text, language))


@fixed
@given(text=mixed, language=st.sampled_from(LANGUAGES))
@example(text="\ud800“\udfff”\ud83d said", language="en")
def test_any_unicode(text: str, language: str) -> None:
    check(annotated(text, language))


@fixed
@given(text=st.one_of(mixed, glued))
def test_a_clean_text_stays_as_it_is_and_is_annotated_at_its_own_offsets(text: str) -> None:
    clean = reduced_text(text)[0]
    assert reduced_text(clean)[0] == clean and len(clean) <= MAX_TEXT
    assert not any(0xD800 <= ord(c) < 0xE000 or c in "\x00\x1b\x7f" for c in clean)
    clean.encode()
    assert readable(clean) == clean and len(readable(text)) == len(text)
