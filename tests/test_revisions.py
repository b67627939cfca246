"""What of an edit is the article's, and what is the page's own."""

from __future__ import annotations

import time

import pytest

from schemas.records import Change
from transforms.revisions import LENGTH, MOST, changes

LEAD = "Bakers in Saraqib closed their shops on Tuesday, saying that flour had not come for the third day in a row."
SAID = "“We bake what we have,” said Nadia Halabi, who runs the oven near the old mill, “and today that is nothing.”"
END = "The council promised two lorries by the end of the week, though the road to the silos is still cut."
TEXT = f"{LEAD}\n\n{SAID}\n\n{END}"


@pytest.mark.parametrize(
    "after",
    [
        TEXT.replace("“", '"').replace("”", '"').replace(" – ", " - "),
        TEXT.replace("\n\n", "\n\n\n ").replace(" on ", "\u00a0on "),
        f"{LEAD}\n\n{END}\n\n{SAID}",
        f"Updated 12 minutes ago\n\n{TEXT}",
        f"{LEAD}\n\n1,204 views\n\n{SAID}\n\nAdvertisement\n\n{END}",
        f"{TEXT}\n\nComments (14)\n\nShare this on Facebook",
        f"{LEAD}\n\nRead more: Council votes on the price of bread\n\n{SAID}\n\n{END}",
        f"{TEXT}\n\nRelated stories\n\nCouncil votes on bread\n\nTwo lorries stuck in Jisr al-Shughur since 4 May",
        f"{TEXT}\n\nCouncil votes on the price of bread\n\nRain floods the road to the silos",
        f"Last updated: 11 September 2018, 14:05\n\n{TEXT}\n\nSign up for our newsletter to get the news first",
        f"{TEXT}\n\nLire aussi : Le conseil vote le prix du pain", f"Mis à jour le 11 septembre à 14 h\n\n{TEXT}",
        f"Published 11 September 2018 at 2pm by Rim Halabi\n\n{TEXT}\n\n12 likes 3 comments\n\nFollow us on Telegram.",
        f"Publié le 11 septembre 2018 à 14h05\n\n{TEXT}\n\nPartager sur Facebook", f"{TEXT}\n\nشارك الخبر عبر واتساب",
        f"نشر في: الثلاثاء 11 أيلول 2018، الساعة 14:05 بتوقيت دمشق\n\n{TEXT}\n\nYorumlar 14\n\nReklam",
        f"{TEXT}\n\nاقرأ أيضا\n\nالمجلس يصوت على سعر الخبز", f"آخر تحديث: 11 سبتمبر 2018\n\n{TEXT}\n\n540 مشاهدة",
        f"{TEXT}\n\nİlgili haberler\n\nMeclis ekmek fiyatını oyluyor", f"Güncelleme: 11 Eylül 14:05\n\n{TEXT}\n\n32 yorum",
    ],
)  # fmt: skip
def test_what_is_not_the_article_makes_no_revision(after: str) -> None:
    assert changes("No flour", TEXT, "No  flour!", after) == []
    assert changes("No flour", after, "No flour", TEXT) == []


@pytest.mark.parametrize(
    ("after", "change"),
    [
        (TEXT.replace("third", "fourth"), (LEAD, LEAD.replace("third", "fourth"))),
        (f"{TEXT}\n\nOne lorry came at night.", ("", "One lorry came at night.")),
        (f"{LEAD}\n\n{END}", (SAID, "")),
        (f"{TEXT}\n\nSaraqib: 12 dead\n\nMaarat: 5 dead", ("", "Saraqib: 12 dead\n\nMaarat: 5 dead")),
        (f"{LEAD}\n\nUpdated 2 minutes ago\n\nThe mill burnt.\n\n{SAID}\n\n{END}", ("", "The mill burnt.")),
        (f"{LEAD}\n\nA night without bread\n\n{SAID}\n\n{END}", ("", "A night without bread")),
    ],
)
def test_what_is_the_article(after: str, change: tuple[str, str]) -> None:
    assert changes("No flour", TEXT, "No flour", after) == [Change(part="text", before=change[0], after=change[1])]


@pytest.mark.parametrize(
    "line",
    [
        "Updated toll: 12 people killed, 30 wounded.", "Updated at 18:00 – those killed are now 12", "12 views differ.",
        "Update: the wounded are 12", "Published lists name 12 dead.", "Register of the missing: 12 names", "12 percent",
        "12 followers of the preacher were held.", "Share prices at the souk fell by 12 lira", "A week ago there were 12",
        "Download of the 12 lists began.", "Comments came from 12 mayors.", "Print run: 12 copies",
        "Mise à jour : le bilan est de 12 morts.", "Publié hier, le bilan est de 12 morts.", "Partager 12 pains ne suffit pas",
        "تحديث: ارتفاع عدد الجرحى إلى 12", "نشرت الفصائل 12 مقاتلا قرب سراقب.", "مشاركة 12 بلدية في الاجتماع.",
        "منذ 12 يوما والطريق مقطوع", "Güncelleme: Yaralı sayısı 12'ye çıktı.", "12 yorum da yetmedi.",
    ],
)  # fmt: skip
def test_a_line_that_begins_as_furniture_and_tells_a_figure_is_the_article(line: str) -> None:
    before, after = (f"{LEAD}\n\n{line.replace('12', n)}\n\n{END}" for n in ("12", "40"))
    assert [c.after for c in changes("No flour", before, "No flour", after)] == [line.replace("12", "40")]


@pytest.mark.parametrize(
    ("before", "after"),
    [("$5", "€5"), ("5%", "5"), ("5٪", "5"), ("at -5", "at 5"), ("at −5", "at 5"), ("₺5", "5"), ("£5", "$5")],
)
def test_a_sign_that_makes_another_figure_is_a_change(before: str, after: str) -> None:
    one, two = (f"{LEAD}\n\nBread stood {sign} in the morning.\n\n{END}" for sign in (before, after))
    assert len(changes("", one, "", two)) == 1
    assert len(changes(f"Bread {before}", TEXT, f"Bread {after}", TEXT)) == 1


@pytest.mark.parametrize(("before", "after"), [("5 %", "5%"), ("−5", "-5"), ("2017-18", "2017–18"), ("5–6", "5-6")])
def test_a_sign_in_another_form_is_none(before: str, after: str) -> None:
    assert changes("", f"{LEAD} {before}", "", f"{LEAD} {after}") == []


@pytest.mark.parametrize("text", [LEAD, f"{LEAD[:-1]}\n\nThe mill has burnt down\n\nNo lorry came since then"])
def test_a_last_line_without_a_full_stop_is_the_article(text: str) -> None:
    line = "The baker of the old mill was wounded"
    found = changes("", f"{text}\n\n{line}", "", text)
    assert found == [Change(part="text", before=line, after="")]


def test_a_title_and_two_places_of_the_text() -> None:
    after = f"{LEAD.replace('third', 'fourth')}\n\n{SAID}\n\n{END} Nobody believes it."
    found = changes("No flour", TEXT, "Still no flour", after)
    assert [(c.part, c.before[:9], c.after[-9:]) for c in found] == [
        ("title", "No flour", "l no flour"[-9:]), ("text", LEAD[:9], LEAD[-9:]), ("text", END[:9], "ieves it."),
    ]  # fmt: skip


def test_what_is_told_is_bounded() -> None:
    before = "\n\n".join(f"{n} {'old words ' * 100}" for n in range(200))
    after = "\n\n".join(p if n % 2 else f"new {p}" for n, p in enumerate(before.split("\n\n")))
    found = changes("", before, "", after)
    assert len(found) == MOST
    assert all(len(c.before) <= LENGTH and c.before.endswith("…") for c in found)


@pytest.mark.parametrize("line", ["a.", "Read more", "x" * 50, "12 views 12 views", "updated " * 6, "\ud800 \u202e!"])
def test_a_text_of_one_line_without_end_takes_no_time(line: str) -> None:
    start = time.perf_counter()
    changes("", f"{line}\n\n" * 20_000, "", f"{line}!\n\nb.\n\n" * 10_000)
    changes(
        "", "\n\n".join(f"{line} {n % 7}." for n in range(290)), "", "\n\n".join(f"{line} {n % 5}." for n in range(290))
    )
    assert time.perf_counter() - start < 4
