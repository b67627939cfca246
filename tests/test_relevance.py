"""Screening of titles and the verdict on full texts, in four languages; all texts are made up."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from transforms.gazetteer import gazetteer_for
from transforms.relevance import ScreenVerdict, Verdict, judge, screen
from transforms.topic import load_topic

ARTICLES = Path(__file__).parent / "newsday" / "articles"
FILLER = (
    "The council met on Tuesday to discuss the harbour wall and the price of bread. "
    "Members spoke for an hour about drains, lamps and a new bus to the station. "
)


def _screen(title: str, summary: str = "", language: str = "en") -> ScreenVerdict:
    return screen(title, summary, language, load_topic("syria"))


def _judge(title: str, text: str, language: str = "en") -> Verdict:
    topic = load_topic("syria")
    return judge(title, text, language, topic, gazetteer_for(topic))


@pytest.mark.parametrize(
    ("title", "matched"),
    [
        ("Flour runs out in Saraqib", "Saraqib"),
        ("SYRIA: convoy turned back", "Syria"),
        ("Nouvelles frappes au sud d'Idleb", "Idlib"),
        ("L’armée syrienne avance", "Syrian Arab Army"),
        ("قصف على ريف إدلب الجنوبي", "Idlib Governorate"),
        ("لاجئون من السوريين", "Syrian"),
        ("Suriye'nin kuzeyinde un kuyruğu", "Syria"),
        ("Suriyeliler dönüyor", "Syrian"),
        ("White Helmets dig through the night", "White Helmets"),
        ("Shops reopen in Hama", "Hama"),
    ],
)
def test_screen_lets_through(title: str, matched: str) -> None:
    verdict = _screen(title)
    assert verdict.maybe
    assert matched in verdict.matched
    assert 0 < verdict.score <= 1


@pytest.mark.parametrize(
    "title",
    [
        "Ambassador opens the Thomson wing",
        "Hamas and the Bahamas sign in Alabama",
        "A crusade for cleaner beaches",
        "Bishop's 'Road to Damascus' sermon wins a prize",
        "Chef swears by Damascus steel",
        "Fire hall opens in Aleppo, Pennsylvania",
        "تعطلت آلات الحلب في المزارع",
        "la Douma vote le budget",
        "Sam's pick of the day",
    ],
)
def test_screen_turns_away(title: str) -> None:
    assert not _screen(title).maybe


def test_screen_says_when_there_is_too_little_to_tell() -> None:
    assert _screen("Live updates", "").short
    assert _screen("Live updates", "What we know at this hour.").short
    assert not _screen("Harbour wall", FILLER).short


def test_about_the_topic() -> None:
    text = (
        "Bread queues formed before dawn in Idlib on Monday as flour ran short.\n\n"
        "Syrian bakers in Saraqib and Binnish had closed two ovens. The White Helmets carried sacks.\n\n" + FILLER
    )
    verdict = _judge("Bread short in Idlib", text)
    assert verdict.keep
    assert verdict.level == "core"
    assert verdict.mentions_focus
    counts = {match.term: (match.kind, match.count) for match in verdict.matched}
    assert counts["Idlib"] == ("place", 2)
    assert counts["White Helmets"] == ("group", 1)


def test_a_mention_in_passing() -> None:
    verdict = _judge("Council meets", FILLER * 4 + "One member had once worked in Syria. " + FILLER * 2)
    assert not verdict.keep
    assert verdict.level == "passing"
    assert [match.term for match in verdict.matched] == ["Syria"]


def test_nothing_at_all() -> None:
    verdict = _judge("The ambassador", FILLER * 3)
    assert verdict == Verdict(False, "none", 0.0, [], False)
    assert _judge("", "").level == "none"


def test_a_section_of_a_long_article_is_kept() -> None:
    section = (
        "The ministers then turned to Syria. An attack on Idlib would send Syrian families north, they "
        "said, and the road from Aleppo is already full. Syria's neighbours asked for help with pupils. "
    )
    assert _judge("Ministers meet", FILLER * 4 + section + FILLER * 3).keep


def test_a_list_of_countries_says_less_than_a_statement() -> None:
    listed = FILLER + "Teams went to Yemen, Iraq, Syria, Libya and Sudan. " + FILLER
    stated = FILLER + "Teams went to the far north-east of all Syria last year. " + FILLER
    assert _judge("Aid", listed).score < _judge("Aid", stated).score


def test_a_birthplace_says_less() -> None:
    born = FILLER + "The striker, born in Homs, Syria, scored twice. "
    played = FILLER + "The striker, paid by Homs, Syria, scored twice. "
    assert _judge("Late win", born).score < _judge("Late win", played).score


def test_pointers_to_other_articles_say_less() -> None:
    pointer = FILLER + "\n\nRead more: Syria truce holds in Idlib"
    body = FILLER + "\n\nStill no word: Syria truce holds in Idlib"
    assert _judge("Council meets", pointer).score < _judge("Council meets", body).score
    assert not _judge("Council meets", FILLER * 3 + "\n\nRead more: Syria truce holds in Idlib").keep


def test_a_wider_movement_alone_is_not_the_topic() -> None:
    text = (FILLER + "The Islamic State claimed the bombing; ISIS has fighters there. ") * 6
    assert not _judge("Islamic State claims bombing in Kabul", text).keep


def test_the_title_weighs_and_a_notice_lives_by_it() -> None:
    text = FILLER + "Nothing more was said of Syria."
    assert _judge("Syria talks end", text).score > _judge("Talks end", text).score
    assert _judge("Idlib hospitals: notice withdrawn", "This notice has been withdrawn.").keep


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        (
            "fr",
            "Trêve fragile à Idleb",
            "L'armée syrienne a suspendu ses tirs. « Nous attendons », dit un Syrien d'Alep.",
        ),
        ("ar", "هدنة في إدلب", "قال مقيمون في سراقب إن القصف توقف، وإن السوريين عادوا إلى ريف حلب."),
        (
            "tr",
            "İdlib'de ateşkes",
            "Suriye'nin kuzeyinde Halep'e giden yol açıldı, Suriyeliler evlerine döndü.",
        ),
    ],
)
def test_other_languages(language: str, title: str, text: str) -> None:
    verdict = _judge(title, text, language)
    assert verdict.keep
    assert verdict.mentions_focus


def test_focus_needs_a_place_of_the_focus_region() -> None:
    assert not _judge("Damascus", "Syrian ministers met in Damascus and Homs.").mentions_focus
    assert _judge("Damascus", "Syrian ministers spoke of Jisr al-Shughour.").mentions_focus


def test_it_is_quick() -> None:
    text = ("Syrian troops left Hama for Idlib, said a man near Aleppo. " + FILLER) * 12
    _judge("Syria", text)
    start = time.perf_counter()
    for _ in range(20):
        _judge("Syria", text)
    each = (time.perf_counter() - start) / 20
    assert each < 0.015  # about 0.6 ms for 450 words on an idle core


def _newsday() -> list[tuple[Path, dict[str, str], str]]:
    rows = []
    for path in sorted(ARTICLES.glob("*/*.md")):
        head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
        fields = dict(line.split(":", 1) for line in head.splitlines() if ":" in line)
        rows.append((path, {key.strip(): value.strip() for key, value in fields.items()}, body.split("---quotes")[0]))
    return rows


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the news day is not here")
def test_the_news_day() -> None:
    """Every article of the bundled day is judged as its author meant it, and none is lost in screening."""
    wrong, lost, focus = [], [], []
    rows = _newsday()
    for path, fields, body in rows:
        verdict = _judge(fields["title"], body, fields["language"])
        kept = fields["keep"].split()[0] in ("core", "part")
        if verdict.keep != kept:
            wrong.append((path.stem, verdict.score))
        if kept and not _screen(fields["title"], fields.get("summary", ""), fields["language"]).maybe:
            lost.append(path.stem)
        if kept and verdict.mentions_focus != (fields.get("idlib") == "yes"):
            focus.append(path.stem)
    assert len(rows) > 100
    assert (wrong, lost, focus) == ([], [], [])
