"""Pairs of texts that are copies of one, by the habits of editors, and pairs that only look like it; see FORMAT.md."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import relevance, stories
from tests.newsday import articles as newsday_articles

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Text:
    """A story as its paragraphs, the dateline in the first."""

    name: str
    language: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def words(self) -> int:
        return sum(len(p.split()) for p in self.paragraphs)


@dataclass(frozen=True)
class Pair:
    """Two texts, what was done to make the second of the first, and whether they are printings of one text."""

    habit: str
    half: int  # 0 to tune on, 1 left alone
    same: bool
    one: str
    other: str
    name: str


PLACES = {
    "en": "Saraqib Ariha Binnish Sarmin Kafranbel Taftanaz Harem Salqin Darkush Killi Atma Sarmada Maarrat Misrin".split(),
    "tr": "Serakib Eriha Binniş Sermin Kefranbil Taftanaz Harim Selkin Derkuş Atme Sarmada Cisr".split(),
    "fr": "Saraqeb Ariha Binnich Sarmine Kafranbel Taftanaz Harem Salqine Darkouch Atmé Sarmada Killi".split(),
    "ar": "سراقب أريحا بنش سرمين كفرنبل تفتناز حارم سلقين دركوش أطمة سرمدا كللي".split(),
}
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday".split(), "fr": "lundi mardi mercredi jeudi vendredi".split(),
    "tr": "pazartesi salı çarşamba perşembe cuma".split(), "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة".split(),
}  # fmt: skip
DATELINES = {
    "en": ("BEIRUT (Reuters) - ", "AMMAN, Sept 11 (AFP) — ", "ISTANBUL: ", "DAMASCUS — ", ""),
    "fr": ("Beyrouth (AFP) – ", "DAMAS, 11 septembre (Xinhua) -- ", ""),
    "tr": ("HATAY (DHA) - ", "İSTANBUL (AA) - ", ""),
    "ar": ("دمشق-سانا ", "بيروت (أ ف ب) - ", "عمان - ", ""),
}
CREDITS = {
    "en": ("(Reporting by Nadia Halabi in Amman; Editing by Peter Marsh)", "With AFP and Reuters", "Source: Anadolu", "© 2018 AFP"),
    "fr": ("avec AFP", "© Agence France-Presse"), "tr": ("Kaynak: AA",), "ar": ("المصدر: أ ف ب", "المصدر: سانا"),
}  # fmt: skip
BYLINES = {
    "en": "By Karim Haddad and agencies",
    "fr": "Par notre correspondante",
    "tr": "Haber merkezi",
    "ar": "غرفة الأخبار",
}
# What outlets add of their own, and how they begin anew. Each is longer than a sentence, as in print.
ADDED = {
    "en": (
        "Readers of this newspaper have sent blankets to the north since the winter of 2015, and the collection at the fish "
        "market will open again this week. Volunteers ask that nothing be brought that needs ironing, and that shoes be tied "
        "together in pairs.",
        "Our correspondent in Antakya adds that hotels near the border were full on the evening of the events, mostly of "
        "drivers who had been told to wait. Several of them said that they had heard of the matter from the radio, and "
        "doubted half of it.",
    ),
    "fr": (
        "Une soirée de soutien aux familles du nord de la Syrie aura lieu samedi à la salle des fêtes, avec un concert et une "
        "vente de gâteaux, ont indiqué les organisateurs, qui attendent quelque deux cents personnes.",
        "Interrogé par notre rédaction, un retraité installé depuis quarante ans dans le quartier dit ne plus reconnaître les "
        "noms des villages que cite la radio, et s'en vouloir un peu.",
    ),
    "tr": (
        "Gazetemizin okurları 2015 kışından beri kuzeye battaniye gönderiyor. Toplama merkezi bu hafta balık halinin yanında "
        "yeniden açılacak, gönüllüler ayakkabıların çift çift bağlanmasını rica ediyor.",
        "Muhabirimizin aktardığına göre sınıra yakın oteller o akşam bekleyen şoförlerle doluydu, birçoğu olanları radyodan "
        "duyduğunu ve yarısına inanmadığını anlattı.",
    ),
    "ar": (
        "ويرسل قراء هذه الصحيفة منذ شتاء عام 2015 أغطية إلى الشمال، وسيفتح مركز الجمع قرب سوق السمك أبوابه مجددا هذا "
        "الأسبوع، ويطلب المتطوعون أن تربط الأحذية أزواجا.",
        "وأضاف مراسلنا في أنطاكية أن الفنادق القريبة من الحدود امتلأت ذلك المساء بسائقين طلب منهم الانتظار، وقال عدد منهم "
        "إنهم سمعوا بالأمر من الإذاعة ولم يصدقوا نصفه.",
    ),
}  # fmt: skip
INTROS = {
    "en": (
        "{}: so one might sum up what witnesses and officials described this week, in accounts that could not all be checked.",
        "There was fresh news on Tuesday out of Syria for those who follow its long war. {}, it emerged from the ground.",
    ),
    "fr": ("{}: c'est ce qui ressort des récits recueillis cette semaine sur place, et qui n'ont pu être tous vérifiés.",),
    "tr": ("{}. Bu hafta bölgeden gelen ve tümü doğrulanamayan anlatımlardan çıkan sonuç böyle özetlenebilir.",),
    "ar": ("{}، هذا ما خلصت إليه روايات جمعت هذا الأسبوع من المنطقة ولم يتسن التحقق منها كلها.",),
}  # fmt: skip
BRITISH = (
    ("neighbour", "neighbor"), ("colour", "color"), ("labour", "labor"), ("centre", "center"), ("metres", "meters"),
    ("ise ", "ize "), ("ised ", "ized "), ("defence", "defense"), ("travelled", "traveled"), ("programme", "program"),
    ("grey", "gray"), ("tonnes", "tons"), ("per cent", "percent"), ("percent", "per cent"), ("Idlib", "Idleb"), ("al-", "Al-"),
    (" two ", " 2 "), (" three ", " 3 "), (" five ", " 5 "), ("lorries", "trucks"), ("lorry", "truck"), (" whilst ", " while "),
)  # fmt: skip
_DATELINE = re.compile(
    r"^[^a-z\n]{2,40}?(?:, \w+)?(?:, \w+\.? \d+)?(?: \([^)]*\))? ?[-–—] (?=\S)|^\S+(?: \S+){0,2} [-–—] (?=\S)"
)


def bases() -> list[Text]:
    """The texts that are copied, in a fixed order: long enough for an editor to have something to cut."""
    found = [Text(s.slug, "en", s.title, s.paragraphs) for s in stories.load()]
    told = newsday_articles.load()
    for story in told:
        if story.level in ("core", "part") and len(story.paragraphs) >= 5 and "followup" not in story.slug:
            found.append(Text(story.id, story.language, story.title, story.paragraphs))
    for language in ("fr", "ar", "tr"):
        for row in relevance.articles(language):
            parts = tuple(p for p in row.text.split("\n\n") if p.strip())
            if len(parts) >= 3 and len(row.text.split()) >= 60:
                found.append(Text(f"{language}/{row.name}", language, row.title, parts))
    found += [text for text in tellings() if text.name.endswith("/base")]
    return found


def tellings() -> list[Text]:
    """The blocks of ``tellings.md``; their names are story and form."""
    found = []
    for name, form, language, body in _blocks("tellings.md", 3):
        found.append(Text(f"{name}/{form}", language, name, tuple(body.split("\n\n"))))
    return found


def _blocks(file: str, fields: int) -> Iterator[list[str]]:
    for block in re.split(r"^# ", (FOLDER / file).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        named = [part.strip() for part in head.split("|")]
        assert len(named) == fields, head
        yield [*named, body.strip()]


# --- what editors do ----------------------------------------------------------------------------------

Habit = Callable[[Text, random.Random], tuple[str, ...]]


def cut(share: float) -> Habit:
    """From the end, so that at least ``share`` of the words is left."""

    def apply(text: Text, _: random.Random) -> tuple[str, ...]:
        kept: list[str] = []
        for paragraph in text.paragraphs:
            if sum(len(p.split()) for p in kept) >= max(share * text.words, 45):
                break
            kept.append(paragraph)
        return tuple(kept)

    return apply


def redated(text: Text, chance: random.Random) -> tuple[str, ...]:
    first = _DATELINE.sub("", text.paragraphs[0])
    return (chance.choice(DATELINES[text.language]) + first, *text.paragraphs[1:])


def credited(text: Text, chance: random.Random) -> tuple[str, ...]:
    return (BYLINES[text.language], *text.paragraphs, chance.choice(CREDITS[text.language]))


def lengthened(text: Text, chance: random.Random) -> tuple[str, ...]:
    added = list(ADDED[text.language])
    if chance.random() < 0.5:
        return (*text.paragraphs, *added)
    middle = len(text.paragraphs) // 2
    return (*text.paragraphs[:middle], added[0], *text.paragraphs[middle:], added[1])


def reopened(text: Text, chance: random.Random) -> tuple[str, ...]:
    return (chance.choice(INTROS[text.language]).format(text.title), *text.paragraphs[1:])


def respelt(text: Text, chance: random.Random) -> tuple[str, ...]:
    marks = chance.choice([("“", '"'), ("«", "“"), ('"', "“")])
    found = []
    for paragraph in text.paragraphs:
        for british, american in BRITISH if text.language == "en" else ():
            paragraph = paragraph.replace(british, american)
        found.append(paragraph.replace(*marks).replace("’", "'").replace(" – ", " — ").replace("»", "”"))
    return tuple(found)


def rearranged(text: Text, chance: random.Random) -> tuple[str, ...]:
    moved = list(text.paragraphs)
    moved.insert(chance.randrange(1, len(moved)), moved.pop(chance.randrange(1, len(moved))))
    return tuple(moved)


def tightened(text: Text, chance: random.Random) -> tuple[str, ...]:
    """A word here and there taken out or exchanged, in one sentence of three."""
    found = []
    for paragraph in text.paragraphs:
        sentences = re.split(r"(?<=[.!?؟]) ", paragraph)
        for n, sentence in enumerate(sentences):
            words = sentence.split()
            if chance.random() < 0.34 and len(words) > 6:
                words.pop(chance.randrange(2, len(words) - 2))
                sentences[n] = " ".join(words)
        found.append(" ".join(sentences))
    return tuple(found)


def both(*habits: Habit) -> Habit:
    def apply(text: Text, chance: random.Random) -> tuple[str, ...]:
        for habit in habits:
            text = Text(text.name, text.language, text.title, habit(text, chance))
        return text.paragraphs

    return apply


HABITS: dict[str, Habit] = {
    "cut to 90 %": cut(0.9), "cut to 70 %": cut(0.7), "cut to 50 %": cut(0.5), "cut to 30 %": cut(0.3),
    "another dateline": redated, "byline and credit": credited, "two paragraphs added": lengthened,
    "intro rewritten": reopened, "marks and spelling": respelt, "a paragraph moved": rearranged, "words taken out": tightened,
    "cut to 50 %, dateline, credit": both(cut(0.5), redated, credited),
    "cut to 30 %, dateline": both(cut(0.3), redated), "cut to 60 %, intro rewritten": both(cut(0.6), reopened),
    "cut to 50 %, two paragraphs added": both(cut(0.5), lengthened),
    "spelling, dateline, moved": both(respelt, redated, rearranged), "words taken out, cut to 60 %": both(tightened, cut(0.6)),
}  # fmt: skip


# --- the pairs ----------------------------------------------------------------------------------------


def pairs() -> list[Pair]:
    """Every pair, in a fixed order."""
    found = [*_copies(), *_composed(), *_told_otherwise(), *_bulletins()]
    assert len({(p.habit, p.name) for p in found}) == len(found)
    return found


def _text(paragraphs: tuple[str, ...]) -> str:
    return "\n\n".join(paragraphs)


def _copies() -> Iterator[Pair]:
    for n, base in enumerate(bases()):
        chance = random.Random(f"copies {base.name}")
        names, done = list(HABITS), set()
        # Each text meets a third of the habits; short ones are not cut to what is no text any more.
        for name in names[n % 3 :: 3]:
            if name.startswith("cut to 30") and base.words < 150:
                name = "another dateline" if n % 2 else "a paragraph moved"
            if name.startswith("cut") and ("intro" in name or "added" in name) and base.words < 200:
                name = "intro rewritten" if "intro" in name and len(base.paragraphs) > 3 else "byline and credit"
            if base.words < 110 and name in ("intro rewritten",) and len(base.paragraphs[0].split()) > 0.4 * base.words:
                continue
            if name in done:
                continue
            done.add(name)
            yield Pair(
                name, n % 2, True, _text(base.paragraphs), _text(HABITS[name](base, chance)), f"{base.name} {name}"
            )
        if base.words >= 200:  # two outlets print it, each in its own way
            one, other = both(cut(0.5), redated)(base, chance), both(respelt, lengthened, redated)(base, chance)
            yield Pair("two that differ", n % 2, True, _text(one), _text(other), base.name)


def _composed() -> Iterator[Pair]:
    """Texts of their own that share paragraphs with another: as background, as quotations, as a release's first words."""
    every = bases()
    for language in ("en", "fr", "ar", "tr"):
        texts = [t for t in every if t.language == language]
        for n, base in enumerate(texts):
            host = texts[(n + 7) % len(texts)]
            if base.name == host.name or len(base.paragraphs) < 4 or len(host.paragraphs) < 4:
                continue
            half, whole = n % 2, _text(base.paragraphs)
            if base.words > 180 and host.words > 180:
                background = base.paragraphs[-3:] if n % 4 < 2 else base.paragraphs[-2:]
                own = host.paragraphs[: min(len(host.paragraphs), 3 * len(background) - 1)]
                if sum(len(p.split()) for p in own) >= 1.6 * sum(len(p.split()) for p in background):
                    yield Pair("follow-up with background", half, False, whole, _text((*own, *background)), base.name)
            said = [p for p in base.paragraphs[1:] if re.search('[“"«]', p)][:2]
            rest = sum(len(p.split()) for p in host.paragraphs)
            if said and rest >= 2 * sum(len(p.split()) for p in said):
                mixed = (*host.paragraphs[:2], *said, *host.paragraphs[2:])
                yield Pair("the same quotations", half, False, whole, _text(mixed), base.name)
            if len(base.paragraphs[0].split()) * 2 <= rest:
                lead = _text((base.paragraphs[0], *host.paragraphs[1:]))
                yield Pair("the same release", half, False, whole, lead, base.name)


def _told_otherwise() -> Iterator[Pair]:
    texts = tellings()
    for n, one in enumerate(texts):
        for other in texts[n + 1 :]:
            if one.title == other.title:
                form = other.name.partition("/")[2]
                kind = {"later": "a follow-up, written", "own": "own text, written"}.get(form, "translated")
                name = f"{one.name} {other.name}"
                yield Pair(kind, n % 2, False, _text(one.paragraphs), _text(other.paragraphs), name)


def _bulletins() -> Iterator[Pair]:
    for n, (name, language, body) in enumerate(_blocks("bulletins.md", 2)):
        chance = random.Random(f"bulletin {name}")
        for day in range(8):
            one, other = (_filled(body, language, chance) for _ in range(2))
            yield Pair("a bulletin of another day", n % 2, False, one, other, f"{name} {day}")


def _filled(body: str, language: str, chance: random.Random) -> str:
    def slot(found: re.Match[str]) -> str:
        if found[1] in "nN":
            return str(chance.choice([chance.randrange(1, 12), chance.randrange(2, 60), chance.randrange(20, 4000)]))
        return chance.choice(PLACES[language] if found[1] == "p" else WEEKDAYS[language])

    return re.sub(r"\{(\w)\}", slot, body)


def shares(found: list[tuple[bool, bool]]) -> tuple[float, float]:
    """Precision and recall of (said, true) pairs."""
    right = sum(said and true for said, true in found)
    return right / max(1, sum(said for said, _ in found)), right / max(1, sum(true for _, true in found))


__all__ = ["HABITS", "Pair", "Text", "bases", "pairs", "shares", "tellings"]
