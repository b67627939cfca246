"""What stands where an article should be, and articles about such things."""

from __future__ import annotations

import pytest

from tests.layouts import cases
from transforms.pagetext import read_page
from transforms.walls import Signs, wall_of

LEAD = (
    "The road from the border to Idlib was closed again on Tuesday, drivers said, and forty lorries with flour waited on the "
    "other side while the council counted what was left in the town’s bakeries."
)
MORE = "Bakers in both towns said that the flour would last for nine days. " * 20
FREE, SOLD = Signs(), Signs(html='{"isAccessibleForFree": "False"}')
LOCKED = Signs(html='<div class="c paywall-x">')


@pytest.mark.parametrize(
    ("text", "signs", "wall", "shown"),
    [
        (f"{LEAD}\n\nSubscribe now to continue reading", FREE, "paywall", LEAD),
        (f"{LEAD}\n\nAlready a subscriber? Log in", FREE, "paywall", LEAD),
        (f"{LEAD}\n\nCet article est réservé aux abonnés.", FREE, "paywall", LEAD),
        (f"{LEAD}\n\nIl vous reste 80 % de cet article à lire.", FREE, "paywall", LEAD),
        (f"{LEAD}\n\nهذا المقال للمشتركين فقط.", FREE, "paywall", LEAD),
        (f"{LEAD}\n\nBu içerik yalnızca abonelere özeldir.", FREE, "paywall", LEAD),
        (LEAD, SOLD, "paywall", LEAD),
        (f"{LEAD} And then…", LOCKED, "paywall", f"{LEAD} And then…"),
        (LEAD, LOCKED, "", LEAD),  # some sites give every page such a class
        (LEAD, Signs(links=("Subscribe to continue reading",)), "paywall", LEAD),
        (f"{LEAD}\n\n{MORE}", SOLD, "", f"{LEAD}\n\n{MORE}"),  # the page holds it all
        (f"{LEAD}\n\n{MORE}\n\nSubscribe now to continue reading", FREE, "", f"{LEAD}\n\n{MORE}\n\nSubscribe now to continue reading"),
        (LEAD, FREE, "", LEAD),
        ("We and our partners use cookies. Accept all. You can change your choices.", FREE, "consent", ""),
        ("Checking your browser before accessing quay.example. DDoS protection.", FREE, "robot check", ""),
        ("Please enable JavaScript to go on.", Signs(titles=("Just a moment...",)), "robot check", ""),
        ("Nothing here. Use the search.", Signs(titles=("Page not found",)), "missing", ""),
        ("Nothing here. Use the search.", Signs(titles=("404 - Quay Daily",)), "missing", ""),
        ("Rien ici.", Signs(titles=("Page introuvable",)), "missing", ""),
        ("لا شيء هنا.", Signs(titles=("الصفحة غير موجودة",)), "missing", ""),
        ("Burada bir şey yok.", Signs(titles=("Sayfa bulunamadı",)), "missing", ""),
        ("Log in to your account. E-mail. Password. Forgot your password?", FREE, "login", ""),
        ("Road closed.\n\nFlour arrives.\n\nRain falls.", Signs(links=("a b c d",) * 4), "list", ""),
        ("Road closed.\n\nFlour arrives.\n\nRain falls.", Signs(links=("a b c d",) * 4, html='"datePublished"'), "", "Road closed.\n\nFlour arrives.\n\nRain falls."),
    ],
)  # fmt: skip
def test_walls(text: str, signs: Signs, wall: str, shown: str) -> None:
    assert wall_of(text, signs) == (wall, shown)


@pytest.mark.parametrize(
    "text",
    [
        "A court in Paris fined two search engines on Tuesday for setting cookies before their visitors had agreed. The regulator "
        "said that refusing cookies had to be as easy as accepting them. The companies have three months to change their pages, and "
        "said they would appeal. A lawyer for the regulator called the fine a message to the whole trade. Users had complained.",
        "The newspaper will put up a paywall in October, its owner said on Monday. Readers are to pay four pounds a month after five "
        "articles. The union fears that the town will be left without news, since the weekly closed in spring. The owner said that "
        "adverts no longer paid for reporting, and that a hundred thousand people would have to join for the sums to work.",
        "Police said the missing page of the ledger was not found in the house. The accountant denied that it existed. The court will "
        "hear two more witnesses this week, among them the landlord, who had rented the house to the firm for eleven years and says he "
        "never saw a ledger there. The firm went bankrupt in May, and its owner left the country by boat.",
        "A robot with wheels brings medicine to patients of the hospital in Gaziantep. The nurses had to teach it to wait at doors. It "
        "cannot tell visitors from doctors, and asks both whether they are human, a joke of the students who wrote its programme. The "
        "hospital has ordered two more, and the ministry wants to see how they do before the winter.",
    ],
    ids=["cookies", "paywalls", "a missing page", "robots"],
)  # fmt: skip
def test_articles_about_walls(text: str) -> None:
    assert wall_of(text, Signs(titles=("Readers to pay", "Cookies: a fine")))[0] == ""


def test_no_story_of_the_day_is_a_wall() -> None:
    from tests.newsday.articles import load

    for story in load():
        text = "\n\n".join(story.paragraphs)
        assert wall_of(text, Signs(titles=(story.title,))) == ("", text)


def test_layouts_are_told_from_walls() -> None:
    for case in cases():
        wall = read_page(case.html, None, case.url).wall
        assert (wall == "") is (case.text is not None), f"{case.layout} {case.number}: {wall}"
