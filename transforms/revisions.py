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

# Lines that pages make, in English, French, Arabic and Turkish; of the normal form of `_normal`.
_AGO = (
    r"(?:last |page |article |story |this (?:article|story|page) was )?(?:updated|modified|edited)\b.{0,60}",
    r"(?:first )?published(?: on| at)?\b.{0,60}",
    r"(?:\d+|one|an?|a few) (?:second|minute|min|hour|day|week)s? ago(?: .{0,30})?",
    r"(?:dernière )?mise? à jour\b.{0,50}|(?:modifié|actualisé|publié)e? (?:le|à|il y a)\b.{0,50}",
    r"il y a \d+ (?:seconde|minute|min|heure|jour)s?",
    r"(?:آخر )?(?:تحديث|تعديل)\b.{0,50}|(?:نشر|نشرت|تاريخ النشر)\b.{0,50}",
    r"(?:منذ|قبل) \d+ (?:ثانية|دقيقة|دقائق|ساعة|ساعات|يوم|أيام)",
    r"(?:son )?güncelle(?:me|ndi)\b.{0,50}|yayın(?:lanma)? tarihi\b.{0,50}|\d+ (?:saniye|dakika|saat|gün) önce",
)
_COUNTED = (
    r"(?:views?|reads?|shares?|likes?|comments?|reactions?|followers?|vues?|partages?|commentaires?|lectures?|"
    r"mentions? j aime|المشاهدات|مشاهدات|مشاهدة|قراءة|المشاركات|مشاركات|مشاركة|التعليقات|تعليقات|تعليق|إعجاب|"
    r"görüntülenme|okunma|paylaşım|yorumlar|yorum|beğeni)"
)
_OFFERS = (
    r"(?:share|tweet|print|email|partager|imprimer|شارك|مشاركة|طباعة|paylaş|yazdır)(?: .{0,40})?",
    r"advertisement.{0,20}|advertising|sponsored(?: content)?|publicité|annonce|إعلان|إعلانات|reklam",
    r"story continues (?:below|after).{0,40}",
    r"(?:click here|sign up|subscribe|register|follow us|join us|download)\b.{0,120}",
    r"(?:abonnez vous|inscrivez vous|suivez nous|اشترك|تابعنا|تابعونا|abone ol|bizi takip)\b.{0,120}",
)
_FURNITURE = re.compile(
    "|".join(
        (
            *_AGO,
            *_OFFERS,
            rf"\d[\d ]{{0,20}}k?m? {_COUNTED}(?: .{{0,40}})?|{_COUNTED} \d[\d ]{{0,20}}k?m?",
            r"\d+ (?:min|mins|minute|minutes|dk|dakika|دقيقة|دقائق) (?:read|de lecture|okuma|قراءة).{0,20}",
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
        form = _normal(paragraph)
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
    """Without the headlines of other articles behind the last sentence. A line with a figure may be a list's."""
    end = len(paragraphs)
    while end and not _ENDS.search(paragraphs[end - 1]) and 4 <= len(paragraphs[end - 1].split()) <= _SHORT:
        if re.search(r"\d", paragraphs[end - 1]):
            break
        end -= 1
    return paragraphs[:end] or paragraphs


def _normal(text: str) -> str:
    """The words of a text, in lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("i\u0307", "i")  # of a Turkish capital İ
    return " ".join(re.findall(r"\w+", folded))


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
