"""French, Arabic and Turkish: the news pieces of ``tests/languages`` with floors, and phenomena one by one."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from schemas.records import Entity, Quote
from tests.languages import LANGUAGES, load
from tests.languages.scoring import score
from tests.samples import an_article
from transforms import lean, parsing
from transforms.annotate import Annotated
from transforms.branches import entities_of, quotes_of
from transforms.parsing import model_for, parse_texts
from transforms.topic import load_topic


@pytest.fixture(scope="module", params=LANGUAGES)
def tally(request: pytest.FixtureRequest) -> Counter[str]:
    """What is found in all pieces of a language."""
    return score(load(request.param))[0]


def _found(text: str, language: str) -> tuple[list[Entity], list[Quote]]:
    [syntax] = parse_texts([text], language)
    annotated, topic = Annotated(an_article("x", text=text, language=language), syntax), load_topic("syria")
    return entities_of(annotated, topic).entities, quotes_of(annotated, topic).quotes


def said(text: str, language: str) -> list[tuple[str, str, str | None]]:
    """(kind, words, speaker) of a text."""
    return [(q.kind, q.text, q.speaker) for q in _found(text, language)[1]]


def people(text: str, language: str) -> dict[str, list[str]]:
    """Name and mentions of each person."""
    entities, _ = _found(text, language)
    return {e.name: [m.text for m in e.mentions] for e in entities if e.label == "PERSON"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_piece_is_whole(language: str) -> None:
    pieces = load(language)
    assert len(pieces) >= 12
    for piece in pieces:
        text, lines, slug = piece.story.text, piece.lines, piece.story.slug
        assert [line.text for line in lines if text.count(line.text) != 1] == [], slug
        assert [name for name in piece.story.people if name not in text] == [], slug
        for hit in re.finditer(r"[«“\"](.+?)[»”\"]", text):
            words = hit[1].strip().rstrip(".")
            listed = [*(line.text for line in lines), *piece.story.terms]
            assert any(words in one or one in words for one in listed), (slug, words)


def test_direct_quotations_are_found_and_nothing_else(tally: Counter[str]) -> None:
    assert tally["direct found"] >= 0.97 * tally["direct asked"], tally
    assert tally["direct given for nothing"] <= 0.03 * tally["direct given"], tally


def test_reported_statements_are_found(tally: Counter[str]) -> None:
    assert tally["reported found"] >= 0.88 * tally["reported asked"], tally
    assert tally["reported given for nothing"] <= 0.1 * tally["reported given"], tally


def test_a_speaker_is_right_or_null(tally: Counter[str]) -> None:
    named = tally["speaker right"] + tally["speaker wrong"] + tally["speaker left open"]
    assert tally["speaker right"] >= 0.93 * named, tally
    assert tally["speaker wrong"] <= 0.02 * named, tally
    assert tally["speaker invented"] == 0, tally
    assert tally["printed right"] >= 0.95 * tally["speaker right"], tally


def test_people_are_found_and_not_invented(tally: Counter[str]) -> None:
    asked = tally["people found"] + tally["people missed"]
    assert tally["people found"] >= 0.94 * asked, tally
    assert tally["people invented"] <= 0.04 * asked, tally


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(
            "fr", "« La route est coupée », a déclaré le maire, Nadim Sabbagh. « Pour longtemps, je crois. »",
            [("direct", "La route est coupée", "Nadim Sabbagh"), ("direct", "Pour longtemps, je crois.", "Nadim Sabbagh")],
            id="french-office-before-the-name-and-a-second-piece",
        ),
        pytest.param(
            "fr", "Selon Nadim Sabbagh, la route d’Idleb est coupée depuis lundi.",
            [("indirect", "la route d’Idleb est coupée depuis lundi", "Nadim Sabbagh")],
            id="french-selon",
        ),
        pytest.param(
            "fr", "Le pharmacien Nadim Sabbagh attend. La mairie se tait. « On verra bien », dit-elle.",
            [("direct", "On verra bien", None)],
            id="french-elle-is-no-pharmacist-called-nadim",
        ),
        pytest.param(
            "fr", "La demande que le maire a faite est restée sans réponse, et l’annonce que chacun attend n’est pas venue.",
            [], id="french-nouns-do-not-report",
        ),
        pytest.param(
            "fr", "Au mur, « Demain nous rentrons chez nous », est-il écrit à la craie.", [], id="french-words-on-a-wall",
        ),
        pytest.param(
            "ar", "وقالت الطبيبة سلمى الحداد: «الأفران باردة منذ أيام». وأضافت أن الدقيق نفد من المدينة كلها.",
            [("direct", "الأفران باردة منذ أيام", "سلمى الحداد"), ("indirect", "الدقيق نفد من المدينة كلها", "سلمى الحداد")],
            id="arabic-verb-first-and-a-verb-without-subject",
        ),
        pytest.param(
            "ar", "ونقلت وكالة المدى عن الناشط نبيل الحلبي قوله: «لم نر أحدا منذ شهر».",
            [("direct", "لم نر أحدا منذ شهر", "نبيل الحلبي")],
            id="arabic-the-agency-is-not-the-speaker",
        ),
        pytest.param(
            "ar", "وقال مصدر عسكري: «انتهت العملية قبل الفجر بقليل».",
            [("direct", "انتهت العملية قبل الفجر بقليل", None)],
            id="arabic-unnamed-source",
        ),
        pytest.param(
            "tr", "“Yollar kapalı, ekmek yok.” diyen muhtar Salih Karaca, yardım beklediklerini söyledi.",
            [("direct", "Yollar kapalı, ekmek yok.", "Salih Karaca"), ("indirect", "yardım beklediklerini", "Salih Karaca")],
            id="turkish-diyen-and-a-clause-after-it",
        ),
        pytest.param(
            "tr", "Muhtar Salih Karaca’ya göre yollar bir haftadır kapalı.",
            [("indirect", "yollar bir haftadır kapalı", "Salih Karaca")],
            id="turkish-dative-with-göre",
        ),
        pytest.param(
            "tr", "Adını vermeyen bir şoför, “Yol gece daha güvenli” diye konuştu.",
            [("direct", "Yol gece daha güvenli", None)],
            id="turkish-unnamed-driver",
        ),
    ],
)  # fmt: skip
def test_who_said_what(language: str, text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert said(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "name", "mentions"),
    [
        ("fr", "Le général Iouri Tchernavine est parti. M. Tchernavine n’a rien dit.", "Iouri Tchernavine",
         ["Iouri Tchernavine", "Tchernavine"]),
        ("ar", "قال المبعوث الأممي فرديناند أوسترويتش إنه متعب. ثم قال أوسترويتش إنه راض.", "فرديناند أوسترويتش",
         ["فرديناند أوسترويتش", "أوسترويتش"]),
        ("tr", "Dışişleri Bakanı Salih Karaca geldi. Karaca’nın uçağı gecikti.", "Salih Karaca",
         ["Salih Karaca", "Karaca"]),
    ],
)  # fmt: skip
def test_a_surname_joins_its_full_name(language: str, text: str, name: str, mentions: list[str]) -> None:
    assert people(text, language)[name] == mentions


def test_two_of_one_surname_are_not_mixed_up() -> None:
    text = "Öğretmen Salih Karaca geldi. Doktor Leyla Karaca da geldi.\n\nKaraca, “Bu kış uzun olacak” dedi."
    assert said(text, "tr") == [("direct", "Bu kış uzun olacak", None)]


def test_an_arabic_office_with_its_object_is_no_name() -> None:
    assert people("أعلن الرئيس انسحاب القوات من المدينة. وأكد التحالف الدولي مقتل قيادي.", "ar") == {}


def test_french_is_loaded_only_for_french(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(parsing, "_model", lambda language: asked.append(language))
    for language in ("en", "ar", "fr", "tr", "de"):
        model_for(language)
    assert asked == ["en", "xx", "fr", "xx", "xx"]


def test_french_names_stand_in_the_text_as_it_is_printed() -> None:
    text = "L’envoyé Jean Dupont s’est rendu à Villacoublay."
    [syntax] = parse_texts([text], "fr")
    assert (syntax.language, syntax.deps, syntax.english) == ("fr", [], False)
    assert "".join(syntax.words) == text.replace(" ", "")
    assert next((syntax.words[a:b], label) for a, b, label in syntax.names) == (["Jean", "Dupont"], "PER")


def test_the_french_word_list_is_not_compiled() -> None:
    lean.import_french()
    assert model_for("fr").tokenizer.token_match is None  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text", ["", "\n", "«", "« »", "”a”", "a dit que", "قال", "dedi", "“" * 50, "« Non », a-t-elle", "’e göre"]
)
def test_no_scrap_of_text_raises(language: str, text: str) -> None:
    for quote in _found(text, language)[1]:
        assert text[quote.start : quote.end] == quote.text
