"""Which agency a text comes from: by the form of a credit, in four languages, and not by a mention."""

from __future__ import annotations

import time

import pytest

from transforms.agency import AGENCIES, credit_lines, find_agency, without_credits

EN = "Shells fell on the outskirts of the town before dawn, residents said, and the road was closed."
AR = "سقطت قذائف على أطراف البلدة قبل الفجر وأغلق الطريق بحسب الأهالي."
FR = "Des obus sont tombés à l'aube aux abords de la ville, selon des habitants."
TR = "Beldenin çevresine şafaktan önce top mermileri düştü, yol kapatıldı."

DATELINES = [
    (f"IDLIB, Syria (AP) — {EN}", "AP"), (f"IDLIB, Syria (AP) - {EN}", "AP"), (f"BEIRUT, Sept 11 (Reuters) - {EN}", "Reuters"),
    (f"AMMAN/BEIRUT (Reuters) - {EN}", "Reuters"), (f"Beirut, Sept 11, 2018 (AFP) - {EN}", "AFP"),
    (f"DAMASCUS, Sept. 11 (Xinhua) -- {EN}", "Xinhua"), (f"MOSCOW, September 11. /TASS/. {EN}", "TASS"),
    (f"MOSCOW, September 11 (RIA Novosti) – {EN}", "RIA Novosti"), (f"MOSCOW (Sputnik) - {EN}", "Sputnik"),
    (f"Beirut (dpa) - {EN}", "dpa"), (f"Damascus, SANA- {EN}", "SANA"), (f"Damascus, Sept 11 (EFE).- {EN}", "EFE"),
    (f"(ANSA) - ROME, SEP 11 - {EN}", "ANSA"), (f"ROME, SEP 11 (ANSA) - {EN}", "ANSA"), (f"TOKYO, Sept. 11 Kyodo - {EN}", "Kyodo"),
    (f"TEHRAN, Sep. 11 (IRNA) – {EN}", "IRNA"), (f"CAIRO, Sept 11 (MENA) -- {EN}", "MENA"), (f"Amman, Sept. 11 (Petra) – {EN}", "Petra"),
    (f"RAMALLAH, September 11, 2018 (WAFA) – {EN}", "WAFA"), (f"KUWAIT, Sept 11 (KUNA) -- {EN}", "KUNA"),
    (f"Riyadh, September 11, SPA -- {EN}", "SPA"), (f"Doha, September 11 (QNA) - {EN}", "QNA"), (f"NNA - {EN}", "NNA"),
    (f"QAMISHLI, Syria (North Press) – {EN}", "North Press"), (f"AFP, Beirut — {EN}", "AFP"), (f"ANKARA/AA — {EN}", "Anadolu"),
    (f"Beyrouth (AFP) – {FR}", "AFP"), (f"DAMAS, 11 septembre (Xinhua) -- {FR}", "Xinhua"), (f"BEYROUTH, 11 sept (Reuters) - {FR}", "Reuters"),
    (f"İDLİB (AA) - {TR}", "Anadolu"), (f"HATAY (DHA) - {TR}", "DHA"), (f"GAZİANTEP, (İHA) - {TR}", "IHA"),
    (f"بيروت (أ ف ب) - {AR}", "AFP"), (f"(أ ف ب) {AR}", "AFP"), (f"عمان (رويترز) - {AR}", "Reuters"), (f"دمشق-سانا\n\n{AR}", "SANA"),
    (f"دمشق-سانا {AR}", "SANA"), (f"دمشق – سانا: {AR}", "SANA"), (f"عمان - بترا - {AR}", "Petra"), (f"رام الله - وفا - {AR}", "WAFA"),
    (f"القاهرة/ أ ش أ / {AR}", "MENA"), (f"إدلب/ الأناضول {AR}", "Anadolu"), (f"وطنية - {AR}", "NNA"), (f"الرياض (د ب أ) - {AR}", "dpa"),
]  # fmt: skip
CREDITS = [
    (f"{EN}\n\n(Reporting by Nadia Halabi in Amman; Editing by Tom Marsh)", "Reuters"), (f"{EN}\n\n– AFP", "AFP"), (f"{EN} – AFP", "AFP"),
    (f"{EN}\n\nReporting by Nadia Halabi; Additional reporting by Omar Aziz; Editing by Tom Marsh (Reuters)", "Reuters"),
    (f"{EN} (dpa)", "dpa"), (f"{EN}\n\n(AFP)", "AFP"), (f"{EN}\n\nAFP", "AFP"), (f"{EN}\n\nAFP/Naharnet", "AFP"), (f"{EN}\n\nSource: Anadolu", "Anadolu"),
    (f"{EN}\n\nSource: Xinhua News Agency", "Xinhua"), (f"{EN}\n\n© 2026 AFP", "AFP"), (f"{EN}\n\nWith AFP and Reuters", "AFP"),
    (f"{EN}\n\nCopyright 2018 The Associated Press. All rights reserved.", "AP"), (f"{EN}\n\nes/rc (dpa, Reuters)", "dpa"),
    (f"{EN}\n\nAssociated Press writer Nadia Halabi in Beirut contributed to this report.", "AP"), (f"AFP\n\n{EN}", "AFP"),
    (f"By Nadia Halabi, Associated Press\n\n{EN}\n\nEnd of it.", None), (f"{EN}\n\nThe Northern Ledger with Reuters", "Reuters"),
    (f"{FR}\n\navec AFP", "AFP"), (f"{FR}\n\n(avec l'AFP)", "AFP"), (f"{FR}\n\nSource : AFP", "AFP"), (f"{FR}\n\n(Nadia Halabi, version française Luc Morin)", "Reuters"),
    (f"{TR}\n\nKaynak: AA", "Anadolu"), (f"{TR}\n\nAnadolu Ajansı", "Anadolu"), (f"{AR}\n\nالمصدر: سانا", "SANA"), (f"{AR}\n\nالمصدر: أ ف ب + رويترز", "AFP"),
    (f"{AR}\n\n(إعداد نادية حلبي للنشرة العربية - تحرير عمر عزيز)", "Reuters"), (f"{AR}\n\nوكالة الأناضول", "Anadolu"),
]  # fmt: skip
MENTIONS = [
    "He told Reuters that the road was closed.", "“The road is closed,” he told AFP.", "Reuters, citing two officials, said the road was closed.",
    "Reuters said on Tuesday - and then again on Friday - that it was so.", f"{EN} Sources told AP.", f"{EN}\n\nPhoto: AFP", f"{EN}\n\nREUTERS/Khalil Omar",
    f"{EN}\n\nSmoke over the town (AFP Photo)", f"{EN}\n\nAP Photo/Omar Aziz", f"{EN}\n\nAFP/Getty Images", f"{EN}\n\nصورة من رويترز", f"{EN}\n\nFotoğraf: AA",
    f"The Palestinian Authority (PA) said that {EN}", f"The Autonomous Administration (AA) - which holds the town - said. {EN}",
    f"{EN}\n\nAn AFP photographer saw two tanks on the road.", f"{EN}\n\nA witness said this to the Reuters news agency by telephone from the town.",
    f"{AR}\n\nوقال مسؤول لوكالة رويترز إن الطريق مغلق.", f"{FR}\n\nUn responsable l'a confirmé à l'AFP.", f"{TR}\n\nYetkili, AA muhabirine konuştu.",
    f"IDLIB, Syria (North Sea Wire) - {EN}", f"BEIRUT — {EN}", EN, "", "\n\n",
]  # fmt: skip


@pytest.mark.parametrize(("text", "agency"), DATELINES)
def test_datelines(text: str, agency: str) -> None:
    assert find_agency(credit_lines(text)) == agency


@pytest.mark.parametrize(("text", "agency"), DATELINES)
def test_a_dateline_is_left_out_of_what_is_compared(text: str, agency: str) -> None:
    body = next(b for b in (EN, AR, FR, TR) if b in text)
    assert without_credits(f"{text}\n\n{EN}") == f"{body}\n\n{EN}"


@pytest.mark.parametrize(("text", "agency"), CREDITS)
def test_credit_lines(text: str, agency: str | None) -> None:
    assert find_agency(credit_lines(text)) == agency


@pytest.mark.parametrize("text", MENTIONS)
def test_a_mention_or_a_photo_is_no_credit(text: str) -> None:
    assert credit_lines(text) == ""


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("AFP", "AFP"), ("By Nadia Halabi, Associated Press", "AP"), ("NADIA HALABI Associated Press", "AP"), ("Reuters Staff", "Reuters"),
        ("Nadia Halabi | AP", "AP"), ("Agence France-Presse", "AFP"), ("Anadolu Agency", "Anadolu"), ("AA", "Anadolu"), ("PA Media", "PA Media"),
        ("Press Association", "PA Media"), ("Staff writer with AFP", "AFP"), ("News desk / Xinhua", "Xinhua"), ("وكالات - أ ف ب", "AFP"),
        ("دمشق - سانا", "SANA"), ("Le Courrier avec AFP", "AFP"), ("AP, Reuters", "AP"), ("Reuters and AP", "Reuters"), ("DHA", "DHA"),
        ("Petra Novak", None), ("A. A. Haddad", None), ("AA Haddad", None), ("Maria Wafa", None), ("Sana Aziz", None), ("Nadia Halabi", None),
        ("Photo: AFP", None), ("Agencies", None), ("Spa Desk", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_bylines(byline: str | None, agency: str | None) -> None:
    assert find_agency(byline) == agency


def test_of_byline_dateline_and_credit_line_the_first_that_names_one_counts() -> None:
    text = f"BEIRUT (Reuters) - {EN}\n\nSource: Anadolu"
    assert credit_lines(text) == "Reuters\nAnadolu"
    assert find_agency("Nadia Halabi, AFP", credit_lines(text)) == "AFP"
    assert find_agency("Nadia Halabi", None, credit_lines(text)) == "Reuters"


def test_what_is_found_can_be_asked_again() -> None:
    assert [name for name in AGENCIES if find_agency(name) != name] == []


@pytest.mark.parametrize(
    "piece",
    ["(", "AFP (", "AP - ", "a, ", "(AFP) ", "/AA/", "Reuters, ", "reporting by ", "\ud800", "أ ف ب ", "– AFP. "],
)
def test_any_text_takes_little_time(piece: str) -> None:
    start = time.perf_counter()
    for text in (piece * 20_000, f"{piece}\n\n" * 20_000):
        assert find_agency(credit_lines(text)) in (*AGENCIES, None)
        assert len(without_credits(text)) <= len(text)
        find_agency(text[:100_000])
    assert time.perf_counter() - start < 3
