"""Lines among the paragraphs that are no part of an article, and paragraphs that look like them."""

from __future__ import annotations

import pytest

from transforms.furniture import is_furniture, own_paragraphs

FURNITURE = {
    "to another article": [
        "Read more: Rain over the Orontes", "READ ALSO: Rain over the Orontes", "Also read | Rain", "See also – Rain over the Orontes",
        "Related: Rain over the Orontes", "Related stories", "RELATED ARTICLES:", "More on this story: Rain", "You might also like", "Don’t miss: Rain",
        "Watch: Rain over the Orontes", "In pictures: rain", "Lire aussi : La pluie", "À lire aussi La pluie sur l’Oronte", "» LIRE AUSSI - La pluie",
        "Voir aussi : La pluie", "Sur le même sujet : La pluie", "Pour aller plus loin :", "اقرأ أيضاً: أمطار على العاصي", "إقرأ أيضا: أمطار", "اقرأ المزيد",
        "شاهد أيضاً: أمطار", "طالع أيضا: أمطار", "ذات صلة: أمطار", "أخبار ذات صلة", "مواضيع متعلقة:", "قد يهمك أيضا", "İlgili haber: Asi’de yağmur",
        "İLGİLİ HABERLER", "Ayrıca okuyun: Yağmur", "Bunu da okuyun: Yağmur", "İlginizi çekebilir", "Haberin devamı için tıklayın",
    ],
    "to readers": [
        "Sign up for our newsletter", "Subscribe to our newsletter today.", "Follow us on Facebook", "Follow The Quay on Twitter", "Share this article",
        "Download our app", "Join us on Telegram", "Click here to read it all", "Have a story? Write to us", "Leave a comment", "Story continues below", "Listen to this article · 5 min",
        "Inscrivez-vous à notre newsletter", "Abonnez-vous à la lettre", "Suivez-nous sur Twitter", "Partager cet article", "La suite après la publicité",
        "اشترك في نشرتنا البريدية", "تابعونا على فيسبوك", "شارك هذا الخبر", "أضف تعليقك", "Bültenimize abone olun", "Bizi Twitter’da takip edin", "Bu haberi paylaş",
    ],
    "to readers, in whole sentences": [
        "Sign up for our newsletter and get the best of the week in your inbox every Friday.", "Follow us on Facebook, where we tell what our reporters see day by day.",
        "Read more: Two hundred tents were carried off by the wind above the town of Sarmin.", "Suivez-nous sur Facebook pour savoir chaque jour ce que voient nos reporters.",
        "تابعونا على فيسبوك لتعرفوا كل يوم ما يراه مراسلونا في المدن والبلدات والقرى والمخيمات.", "Bizi Facebook’ta takip edin, muhabirlerimizin gördüklerini her gün okuyun.",
    ],
    "where a feed's entry appeared": [
        "The post Rain over the Orontes appeared first on The Quay.", "L’article Pluie sur l’Oronte est apparu en premier sur Le Quai.",
        "ظهرت المقالة أمطار على العاصي أولاً على الرصيف.", "Asi’de yağmur yazısı ilk önce Rıhtım üzerinde ortaya çıktı.",
    ],
    "labels": ["Advertisement", "ADVERTISEMENT", "- Advertisement -", "Publicité", "إعلان", "Reklam", "Sponsored content", "Comments", "All rights reserved"],
    "counters": [
        "12 comments", "4,512 shares", "1.2K views", "5 min read", "12 commentaires", "Lecture 5 min", "Temps de lecture : 4 min", "12 تعليقاً", "512 مشاركة",
        "مدة القراءة: 4 دقائق", "12 yorum", "Okuma süresi: 4 dk", "1200 görüntülenme",
    ],
    "moments": [
        "Updated 3 minutes ago", "Last updated 12 Sep 2018 at 09:14", "Published on Tuesday 11 September 2018", "3 hours ago", "Mis à jour il y a 3 minutes",
        "Publié le 11/09/2018 à 09:14", "آخر تحديث: منذ 3 دقائق", "نشر في 11-09-2018 09:14", "Son güncelleme: 3 dakika önce", "Güncelleme: 11.09.2018 09:14",
    ],
}  # fmt: skip
PROSE = [
    "Share prices fell in Damascus.", "Subscribers to the power company paid twice.", "Read the whole sentence, the judge said.", "Related families live there.",
    "Updated figures put the toll at 40", "Published figures show 12 dead", "12 people commented", "12 shares were sold", "Watch towers stood on the hill.",
    "Comments by the minister angered Ankara.", "“Follow us,” they told the drivers.", "See the camp from above and you count 400 tents.", "3 hours later the road was open.",
    "Advertisement for the post closed on Friday.", "Suivez la rivière jusqu’au pont, conseille Lina.", "Publié à Beyrouth, le livre est épuisé en 3 jours.", "Partagé en deux, le quartier attend.",
    "نشر في بيروت كتاب عن 12 قرية", "شارك في الاجتماع 12 وزيرا", "تابع الوزير أن الطريق مغلق", "ذات يوم من أيام 2018", "اشترك في الهجوم 12 مقاتلا", "إعلان وقف النار في إدلب",
    "İlgili bakanlık açıklama yaptı.", "Paylaşılan görüntülerde 12 kişi var.", "Güncellenen 12 madde kabul edildi.", "Abone sayısı 12 bin oldu.", "Yorum yapmayan bakan ayrıldı.",
    "More than 30,000 people fled.", "More on foot than in lorries, they came.", "In video of the raid, two men run.", "Contact with the convoy was lost.", "Register offices reopened.",
    "Read on local radio at midnight, the order names Samir Kanjo head of the bakers’ council.", "Like us, they had left the village by night and slept under the trees.",
    "Find us one house here with a roof.", "Share this field or lose it, the elders told both families on Sunday.", "Follow the river on Google Maps and you come to a mill.",
    "Have a question for the judge been put at all, he would have answered it.", "Skip to the end of the winter and no tent stands.", "Listen to this story of a baker.",
    "Support our work or leave the town, the bakers were told by the commander.", "The post on the hill first appeared on maps in 2013.",
    "Lisez aussi dans leurs mains ce que fut l’hiver.", "Partager ce pain, c’est partager la peine.", "Réagir avant l’hiver, demande-t-elle", "Réagir avant l’hiver",
    "شارك هذا الصباح عشرات الخبازين في وقفة وسط بنش", "شارك عبر تقنية الفيديو في اللقاء رئيس المجلس وثلاثة من أعضائه", "شارك على الأرض في الإنقاذ 12 متطوعا",
    "تابع عبر صفحته أن الأفران ستعود إلى العمل", "تابع أيضاً أن الطحين يكفي تسعة أيام", "تابع على مدى أسبوع عمل الأفران", "شاهد الفيديو آلاف الناس خلال ساعات قليلة",
    "Bizi her gün takip edenler oldu, diye anlattı fırıncı.", "Bu haberi paylaşan 12 kişi gözaltına alındı.", "Uygulamasını indiren köylüler uyarı aldı.",
    "3 months", "21 days", "2011-2013", "14 days 7 hours",
]  # fmt: skip


@pytest.mark.parametrize("line", [line for lines in FURNITURE.values() for line in lines])
def test_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize("line", PROSE)
def test_prose(line: str) -> None:
    assert not is_furniture(line)


@pytest.mark.parametrize("day", ["15 March 2011", "15 mars 2011", "15 آذار 2011", "15 Mart 2011"])
def test_a_day_alone_is_when_it_was_published_only_above_the_text(day: str) -> None:
    lead, then = "The bakers of Binnish lit their ovens again after nine days without flour.", "The first lorry came."
    assert own_paragraphs([day, lead, then], []) == [lead, then]
    assert own_paragraphs([lead, day, then], []) == [lead, day, then]


def test_headlines_below_a_heading_for_them_are_strangers_in_a_feed() -> None:
    told = [
        "It rained.",
        "Related stories:",
        "Samir Kanjo named head of the council",
        "Flour comes to Sarmin at last",
        "It rained again.",
        "Flour comes to Binnish too",
    ]
    assert own_paragraphs(told, [], from_feed=True) == ["It rained.", "It rained again.", "Flour comes to Binnish too"]
    assert own_paragraphs(told, []) == [told[0], *told[2:]]  # of a page such links are gone, and a subhead is none


def test_long_paragraphs_stay() -> None:
    assert not is_furniture("Read more widely, the teacher said. " * 8)


def test_headlines_above_the_text_have_a_column() -> None:
    text = ["Rain over  Idlib", "Quay Daily", "It rained.", "Rain over Idlib"]
    assert own_paragraphs(text, ["rain over idlib", None, "Quay Daily"]) == ["It rained."]
    later = ["One."] * 6 + ["Rain over Idlib"]
    assert own_paragraphs(later, ["Rain over Idlib"]) == later


@pytest.mark.parametrize(
    ("printed", "headline"),
    [("İdlib’de  Yağmur", "İdlib’de yağmur"), ("E\u0301tat d’urgence", "État d’urgence"), ("ﬁ\u00a0Rain", "fi rain")],
)
def test_a_headline_is_known_however_its_letters_are_written(printed: str, headline: str) -> None:
    assert own_paragraphs([printed, "It rained."], [headline]) == ["It rained."]
