"""What an edit changed, and whether it changed the article at all.

A page changes by itself: counters, "updated 5 minutes ago", teasers of other articles, advertisements. What differs in
that alone, or in spacing, punctuation and the order of paragraphs, is not a revision.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

from schemas.records import Change

MOST: Final = 20  # changes that are told of a revision; what follows is left out
LENGTH: Final = 600  # characters of each side of a change; a longer one ends with an ellipsis
COMPARED: Final = 300  # paragraphs that differ in the middle of a text, at most, for them to be told apart
_SHORT: Final = 16  # words that a furnishing line has, at most

# Lines that pages make, in English, French, Arabic and Turkish; of the words of a line (`_words`). What may follow
# their first words is closed: the same words begin sentences ("Updated toll: …", "Share prices …").
_DAYS_AND_MONTHS = (
    "jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october "
    "nov november dec december mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat "
    "saturday sun sunday janvier janv février févr mars avril avr mai juin juillet juil août septembre octobre "
    "novembre décembre déc lundi mardi mercredi jeudi vendredi samedi dimanche ocak şubat mart nisan mayıs "
    "haziran temmuz ağustos eylül ekim kasım aralık pazartesi salı çarşamba perşembe cuma cumartesi pazar يناير "
    "فبراير مارس أبريل ابريل إبريل مايو يونيو يوليو أغسطس اغسطس سبتمبر أكتوبر اكتوبر نوفمبر ديسمبر كانون شباط "
    "آذار اذار نيسان أيار ايار حزيران تموز آب أيلول ايلول تشرين الأول الاول الثاني الأحد الاحد الاثنين الإثنين "
    "الثلاثاء الأربعاء الاربعاء الخميس الجمعة السبت"
)
_CLOCK = (
    "at on of the ago just now today yesterday noon midnight am pm a m p o clock local time date utc gmt bst est "
    "edt et cet cest eet eest trt msk pst pdt cst cdt z second seconds sec minute minutes min mins hour hours hr "
    "hrs day days week weeks month months le à h il y a de heure heures jour jours seconde secondes hier aujourd "
    "hui locale paris في يوم اليوم أمس بتاريخ تاريخ الساعة صباحا مساء ظهرا ص م منذ قبل ثانية دقيقة دقائق ساعة "
    "ساعات أيام بتوقيت التوقيت المحلي دمشق سوريا مكة غرينتش غرينيتش saat saati tarih tarihi saniye dakika gün "
    "önce bugün dün"
)
_NAMED = "|".join(f"{_DAYS_AND_MONTHS} {_CLOCK}".split())
_WHEN = rf"(?: (?:\d{{1,4}}(?:st|nd|rd|th|er|am|pm|h\d{{0,2}}|t\d\d|z)?|{_NAMED}))"
_BY = rf"(?: (?:by|par|بقلم|بواسطة)(?: [^\W\d]+){{1,3}}{_WHEN}*)?"
_AGO = (
    r"(?:last |page |article |story |this (?:article|story|page) was )?"
    rf"(?:updated|modified|edited|update){_WHEN}*{_BY}",
    rf"(?:first )?published{_WHEN}*{_BY}",
    rf"(?:\d+|one|an?|a few) (?:second|minute|min|hour|day|week)s? ago{_BY}",
    rf"(?:dernière )?mise? à jour{_WHEN}*{_BY}|(?:modifié|actualisé|publié)e?{_WHEN}+{_BY}",
    r"il y a \d+ (?:seconde|minute|min|heure|jour)s?",
    rf"(?:آخر |تم )?(?:ال)?(?:تحديث|تعديل){_WHEN}*{_BY}",
    rf"(?:تم )?(?:(?:نشر|نشرت|النشر){_WHEN}+|تاريخ النشر{_WHEN}*){_BY}",
    r"(?:منذ|قبل) \d+ (?:ثانية|دقيقة|دقائق|ساعة|ساعات|يوم|أيام)",
    rf"(?:son )?güncelle(?:n?me|ndi){_WHEN}*|yayın(?:lanma)? tarihi{_WHEN}*|\d+ (?:saniye|dakika|saat|gün) önce",
)
_MANY = r"\d[\d ]{0,20}k?m?"
_COUNTED = (
    r"(?:views?|reads?|shares?|likes?|comments?|reactions?|followers?|vues?|partages?|commentaires?|lectures?|"
    r"mentions? j aime|المشاهدات|مشاهدات|مشاهدة|قراءة|المشاركات|مشاركات|مشاركة|التعليقات|تعليقات|تعليق|إعجاب|"
    r"görüntülenme|okunma|paylaşım|yorumlar|yorum|beğeni)"
)
_NETWORKS = (
    r"(?:facebook|twitter|x|whatsapp|telegram|instagram|youtube|linkedin|reddit|pinterest|messenger|e?mail|e|mail|link|"
    r"فيسبوك|تويتر|واتساب|واتس|اب|تلغرام|تليغرام|يوتيوب|انستغرام|إنستغرام|البريد|الرابط)"
)
_SHARED = (
    rf"(?: (?:{_NETWORKS}|this|on|via|with|by|to|and|or|the|article|story|page|post|news|copy|print|tweet|share|"
    r"friends?|cet|cette|l|article|page|sur|par|et|ou|avec|de|imprimer|partager|على|عبر|في|مع|و|هذا|هذه|الخبر|المقال|"
    r"المقالة|المادة|الصفحة|الموضوع|الأصدقاء|طباعة|شارك|haberi|sayfayı|bunu|ile|da|de|üzerinde|yazdır|paylaş))"
)
_OFFERED = (
    r"(?:newsletters?|bulletin|updates?|alerts?|inbox|apps?|account|channels?|free|here|premium|trial|lettre|actualités|"
    r"compte|application|ici|نشرتنا|النشرة|البريدية|قناتنا|صفحتنا|تطبيقنا|حسابنا|هنا|bülten\w*|kanal\w*|uygulama\w*|hesab\w*)"
)
_OFFERS = (
    rf"(?:share|tweet|print|email|partager|imprimer|شارك|شاركنا|مشاركة|طباعة|paylaş|yazdır){_SHARED}*",
    r"advertisement(?: \d{1,2})?|advertisement(?: story)? continues?(?: reading)? (?:below|the main story)",
    r"advertising|sponsored(?: content)?|publicité|annonce|إعلان|إعلانات|reklam",
    r"story continues (?:below|after)(?: (?:this |the )?(?:advertisement|ad|video|photo|promotion))?",
    # An offer holds no figure, and names what is offered, or where.
    r"click here|sign up|subscribe(?: now)?|register(?: now)?|follow us|join us|download|abonnez vous|inscrivez vous",
    r"suivez nous|اشترك(?: الآن)?|تابعنا|تابعونا|abone ol|bizi takip(?: edin)?",
    r"(?:click here|sign up|subscribe|register|follow us|join us|download|abonnez vous|inscrivez vous|suivez nous|"
    rf"اشترك|تابعنا|تابعونا|abone ol|bizi takip)(?=.{{0,120}} (?:{_OFFERED}|{_NETWORKS})(?: |\Z))(?: [^\W\d]+){{1,14}}",
    rf"(?:bülten\w*|{_NETWORKS} (?:da|de|ta|te)) (?:abone ol|bizi takip)\w*(?: edin)?",
)
_FURNITURE = re.compile(
    "|".join(
        (
            *_AGO,
            *_OFFERS,
            rf"{_MANY} {_COUNTED}(?:(?: and| et| ve)? {_MANY} {_COUNTED}| on {_NETWORKS}| today)*",
            rf"(?:{_COUNTED} {_MANY}(?: |\Z))+",
            r"\d+ (?:min|mins|minute|minutes|dk|dakika|دقيقة|دقائق) (?:read|de lecture|okuma|قراءة)",
        )
    )
)
_ANNOUNCED = (
    r"read (?:more|also|next)|also read|see also|related(?: (?:articles?|stories|news|topics|content|links))?",
    r"more on this(?: story)?|more from .{2,40}|most (?:read|popular|viewed)|trending(?: now)?",
    r"recommended(?: .{0,30})?|you (?:may|might) (?:also )?like|latest(?: news)?|top stories",
    r"lire aussi|à lire(?: aussi)?|voir aussi|sur le même (?:sujet|thème)|les plus lus|articles? liés?",
    r"اقرأ (?:أيضا|المزيد)|إقرأ أيضا|شاهد أيضا|مواضيع (?:ذات صلة|متعلقة)|أخبار ذات صلة|الأكثر قراءة|ذات صلة",
    r"ilgili haberler|bunlar da ilginizi çekebilir|ayrıca oku(?:yun)?|en çok okunanlar|diğer haberler",
)
_MARKER = re.compile(rf"(?:{'|'.join(_ANNOUNCED)})(?: (?P<link>.{{0,140}}))?")
_MEANT = re.compile(r"\w+|[%‰$¢£¤¥֏؋৳฿៛\u20a0-\u20cf]|(?<![\w.,:/%)\]])-(?=[.,]?\d)")
_ENDS = re.compile(r"[.!?؟…:;\"”»’')\]]\s*\Z")


def changes(before_title: str, before: str, after_title: str, after: str) -> list[Change]:
    """What a revision changed of title and text (paragraphs parted by blank lines), in the order of the text.

    Empty where only what is not the article differs. Bounded: ``MOST`` changes, ``LENGTH`` characters a side.
    """
    found = []
    if _normal(before_title) != _normal(after_title):
        found.append(Change(part="title", before=_cut(before_title), after=_cut(after_title)))
    old, new = _article(before), _article(after)
    old_forms, new_forms = [_normal(p) for p in old], [_normal(p) for p in new]
    if Counter(old_forms) != Counter(new_forms):
        for i, j, k, m in _blocks(old_forms, new_forms):
            if Counter(old_forms[i:j]) != Counter(new_forms[k:m]):
                found.append(Change(part="text", before=_cut("\n\n".join(old[i:j])), after=_cut("\n\n".join(new[k:m]))))
    return found[:MOST]


def _article(text: str) -> list[str]:
    """The paragraphs that are the article: without furniture, and without the lists of links that it announces."""
    paragraphs = [p for p in (p.strip() for p in text.split("\n\n")) if _normal(p)]
    kept, links = [], False
    for paragraph in paragraphs:
        words = paragraph.split(None, _SHORT)
        if len(words) > _SHORT:
            kept.append(paragraph)
            links = False
            continue
        form = _words(paragraph)
        marker = _MARKER.fullmatch(form)
        if marker:  # "Read more: a headline" is its own list
            links = not marker["link"]
        elif _FURNITURE.fullmatch(form):
            continue
        elif not links or _ENDS.search(paragraph):
            kept.append(paragraph)
            links = False
    return _without_teasers(kept)


def _without_teasers(paragraphs: list[str]) -> list[str]:
    """Without the headlines of other articles behind the last sentence: two or more. A line with a figure may be a
    list's; one line alone, or behind a paragraph that has no full stop either, the article's."""
    end = len(paragraphs)
    while end and not _ENDS.search(paragraphs[end - 1]) and 4 <= len(paragraphs[end - 1].split()) <= _SHORT:
        if re.search(r"\d", paragraphs[end - 1]):
            return paragraphs
        end -= 1
    teasers = end and len(paragraphs) - end > 1 and _ENDS.search(paragraphs[end - 1])
    return paragraphs[:end] if teasers else paragraphs


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("i\u0307", "i")  # of a Turkish capital İ


def _words(text: str) -> str:
    """The words of a text, in lower case."""
    return " ".join(re.findall(r"\w+", _folded(text)))


def _normal(text: str) -> str:
    """The words of a text, in lower case, with signs that make other figures of the same digits: %, money, minus."""
    return " ".join(_MEANT.findall(_folded(text).replace("٪", "%").replace("\u2212", "-")))


def _blocks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Where two lists differ, as ends of slices of both; one block for what is too long to be told apart."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if len(before) > COMPARED or len(after) > COMPARED:
        return [(start, start + len(before), start, start + len(after))]
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [(start + i, start + j, start + k, start + m) for tag, i, j, k, m in matcher.get_opcodes() if tag != "equal"]


def _cut(text: str) -> str:
    return text if len(text) <= LENGTH else text[: LENGTH - 1].rstrip() + "…"
