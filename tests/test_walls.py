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


BEGINNING = "Bakers in both towns said on Tuesday that the flour in their stores would last for nine days."
END = "The road to the border was open again by noon, and the first of forty lorries had come to the bridge."


@pytest.mark.parametrize(
    "line",
    [
        "The envoy will show her papers to members of the council next week.", "The letter was sent to members only days before the vote.",
        "The agency has already registered 40,000 families for bread.", "The village would become a member of the water union in January.",
        "Families must register at the local council to access the warehouse.", "Bakers are asked to sign in at the mill to view the lists.",
        "She hopes to continue reading law in Aleppo.", "Les listes sont réservées aux abonnés de la bibliothèque de Binnish.",
        "Les foyers déjà abonnés au réseau auront de l’eau lundi.", "Elle veut lire la suite du livre de son père.",
        "المعبر سجل دخول 40 شاحنة طحين يوم الثلاثاء", "المقاعد مخصصة لأعضاء المجلس المحلي", "وهو عضو بالفعل في المجلس",
        "On yaşındaki Meryem, okumaya devam etmek istediğini söyledi.", "Çocuklar çadırda okumaya devam ediyor, okumaya devam etti.",
        "Zaten üye olan köyler ödeme yapmayacak.", "Konsey üyeler için bir toplantı düzenledi.",
    ],
)  # fmt: skip
def test_members_registers_and_readers_in_the_news_are_no_offers(line: str) -> None:
    for text in (f"{BEGINNING}\n\n{line}\n\n{END}", f"{BEGINNING}\n\n{END}\n\n{line}"):
        assert wall_of(text, FREE) == ("", text)


@pytest.mark.parametrize(
    "offer",
    [
        "This story is exclusive to our subscribers.", "Sign in to keep reading", "Already a member? Sign in", "Become a member today",
        "If you are already a subscriber, please log in.", "You have reached your monthly article limit.",
        "Article réservé à nos abonnés", "Abonnez-vous pour lire la suite", "Déjà abonné·e ? Connectez-vous", "Pour lire la suite, abonnez-vous.",
        "المحتوى متاح للمشتركين فقط", "لمتابعة القراءة اشترك الآن", "مشترك بالفعل؟ سجل الدخول",
        "Haberin devamını okumak için abone olun", "Okumaya devam etmek için giriş yapın", "Zaten üye misiniz?",
    ],
)  # fmt: skip
def test_an_offer_stands_below_what_is_shown(offer: str) -> None:
    assert wall_of(f"{BEGINNING}\n\n{offer}", FREE) == ("paywall", BEGINNING)
    assert wall_of(f"{BEGINNING}\n\n{offer}\n\nAll rights reserved", FREE)[0] == "paywall"
    told = f"{BEGINNING}\n\n{offer}\n\n{END}"
    assert wall_of(told, FREE) == ("", told)  # a box within an article
    assert wall_of(told, SOLD)[0] == wall_of(told, LOCKED)[0] == "paywall"


def test_a_letter_that_readers_are_asked_to_order_is_no_wall() -> None:
    for line in ("Bültenimize abone olun", "اشترك الآن في نشرتنا البريدية"):
        assert wall_of(f"{BEGINNING}\n\n{line}", FREE)[0] == ""
    assert wall_of(BEGINNING, Signs(links=("Become a member of the Quay today",)))[0] == ""


@pytest.mark.parametrize(
    "title",
    [
        "Haber alınamayan çoban hâlâ bulunamadı", "Yeni yasa: içerik yayından kaldırılacak", "Haberleşme kulesi mevcut değil",
        "الخبراء: لقاح الكوليرا غير متوفر", "الخبراء: لا توجد أدلة", "خبر وفاة الخباز غير موجود", "L’article 7 de la charte n’existe plus",
        "Charte : l’article 3 a été supprimé", "Article 12 of the charter no longer exists, judges say", "Lists of the missing no longer available",
        "Aid access denied to the villages, envoy says", "Access denied: how lorries are turned back", "Attention required for camps in winter, doctors say",
        "Base reports unusual activity",
    ],
)  # fmt: skip
def test_headlines_are_no_errors(title: str) -> None:
    text = f"{BEGINNING} ‘Access denied’ was stamped on their papers. They saw unusual activity at the airbase. {END}"
    assert wall_of(text, Signs((title, f"{title} | Quay Daily"))) == ("", text)


@pytest.mark.parametrize(
    ("title", "wall"),
    [
        ("Oops! Page not found", "missing"), ("404: Page not found | Quay Daily", "missing"), ("This page does not exist", "missing"),
        ("Désolé, la page demandée est introuvable", "missing"), ("عذراً، الصفحة المطلوبة غير موجودة - الرصيف", "missing"), ("Aradığınız sayfa bulunamadı", "missing"),
        ("Access denied | quay.example", "robot check"), ("Attention Required! | Guard", "robot check"),
    ],
)  # fmt: skip
def test_errors_by_their_titles(title: str, wall: str) -> None:
    assert wall_of("Go back to the front page.", Signs((title,)))[0] == wall


def brief(below: str, within: str = "", dated: str = "") -> bytes:
    told = "".join(
        f"<p>{p}</p>" for p in (BEGINNING, "The mill was hit in May.", "The council has asked for more.", END)
    )
    return (
        f"<html lang='en'><head><meta charset='utf-8'><title>Flour for nine days - Quay Daily</title></head><body><main><article>"
        f"<h1>Flour for nine days</h1>{dated}{told}{within}</article>{below}</main></body></html>"
    ).encode()


HEADLINES = ("Rain floods tents above Sarmin", "Bread dearer for the third week", "Crossing opens after two months",
             "Doctors warn of winter in camps", "Schools start late in the hills")  # fmt: skip
RELATED = {
    "items": "<ul>{}</ul>".format("".join(f"<li><a href='/{n}'>{t}</a></li>" for n, t in enumerate(HEADLINES))),
    "cards": "".join(f"<div class='item'><h3><a href='/{n}'>{t}</a></h3></div>" for n, t in enumerate(HEADLINES)),
    "blocks": "".join(f"<div><a href='/{n}'>{t}</a></div>" for n, t in enumerate(HEADLINES)),
}


@pytest.mark.parametrize("dated", ["", "<time datetime='2026-11-23'>Monday</time>"])
@pytest.mark.parametrize("related", RELATED.values(), ids=RELATED)
def test_a_brief_with_headlines_below_is_no_list(related: str, dated: str) -> None:
    for html in (
        brief(related, dated=dated),
        brief("", related, dated),
        brief(related).replace(b"Flour for nine days<", b"Flour<"),
    ):
        found = read_page(html, None, "http://quay.example/2026/flour", "Nine days of flour")
        assert (found.wall, found.text.startswith(BEGINNING), found.text.endswith(END)) == ("", True, True)


def test_a_list_under_its_own_title_is_no_article_of_another_name() -> None:
    items = "".join(f"<li><h3><a href='/{n}'>{t}</a></h3><p>{BEGINNING}</p></li>" for n, t in enumerate(HEADLINES))
    html = f"<html><title>News from the hills | Quay</title><body><main><h1>News from the hills</h1><ul>{items}</ul></main>"
    assert (
        read_page(html.encode(), None, "http://quay.example/2026/flour", "Bakers count their last sacks").wall == "list"
    )


def test_no_story_of_the_day_is_a_wall() -> None:
    from tests.newsday.articles import load

    for story in load():
        text = "\n\n".join(story.paragraphs)
        assert wall_of(text, Signs(titles=(story.title,))) == ("", text)


def test_layouts_are_told_from_walls() -> None:
    for case in cases():
        wall = read_page(case.html, None, case.url).wall
        assert (wall == "") is (case.text is not None), f"{case.layout} {case.number}: {wall}"
