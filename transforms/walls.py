"""Pages that stand where an article should be: offers to subscribe, questions for consent, logins, checks for robots,
errors said with status 200, lists of articles.

Told by short texts alone: an article about paywalls or cookies is longer than any of them, or says what they never say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

TEASER = 150  # words before an offer to subscribe: with more, what is offered is something else
NOTHING = 80  # words, where no title says what the page is
NOTICE = 150  # words of a page that says that there is nothing to read
CONSENT = 450  # words of a page that asks for consent
OFFER = 30  # words of a paragraph that offers to subscribe
SUMMARY = 60  # words of a list's paragraphs

_OFFER = re.compile(
    r"\b(?:(?:is|are)? ?(?:reserved |available |exclusive(?:ly)? )?(?:only )?(?:for|to) (?:our )?(?:paying )?(?:subscribers|members)(?: only)?\b"
    r"|subscribers?[- ]only|(?:subscribe|sign up|register|log in|sign in)\b[^.]{0,40}\b(?:to (?:continue|keep|read|unlock|access|view)|for (?:full|unlimited) access)"
    r"|already (?:a |have a |an? )?(?:subscriber|member|subscription|registered)|to continue reading|continue reading (?:this|your|with)|unlock this (?:article|story)"
    r"|(?:free |monthly )?article limit|free articles? (?:left|remaining|this month)|become a (?:member|subscriber)|start your (?:free )?trial"
    r"|réservée?s? (?:à nos|aux) abonné|abonnez-vous (?:pour|dès|à partir|afin)|déjà abonné|il vous reste \d+\s?% |(?:pour )?lire la suite|la suite (?:de cet article )?est réservée|pour accéder à (?:l['’]intégralité|cet article)|débloquez cet article|(?:article|contenu) (?:réservé|payant))"
    r"|(?:للمشتركين|لمشتركي\w*|للأعضاء) (?:فقط|حصر)|(?:لمتابعة|لمواصلة|لإكمال|لاستكمال) (?:ال)?قراءة|اشترك (?:الآن|لقراءة|للوصول|للاطلاع)|(?:مشترك|عضو) بالفعل|(?:حصري|متاح|مخصص) (?:ل)?(?:لمشتركين|لأعضاء)|سج[ّ]?ل (?:ال)?دخول|تسجيل الدخول"
    r"|\b(?:abonelere|üyelere|aboneler|üyeler) (?:özel|için)|(?:okumaya|haberi okumaya) devam et|(?:devamını|tamamını|tümünü) okumak için|zaten (?:abone|üye)|abone (?:olun|olmanız|girişi)|abone misiniz",
    re.IGNORECASE,
)  # fmt: skip
# What a site asks of a visitor, to whom it speaks: a report on cookies does not say "your" and "our partners".
_CONSENT = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bcookies?\b|\bçerez|ملفات (?:تعريف )?(?:الارتباط|الكوكيز)",
        r"\bour (?:\d+ )?(?:\w+ )?partners\b|\bnos (?:\d+ )?partenaires|شركائنا|شركاؤنا|\biş ortaklarımız",
        r"\byour (?:privacy|consent|choices?|preferences|device|personal (?:data|information))|\bvo(?:tre|s) (?:vie privée|consentement|choix|préférences|données|visite|terminal)"
        r"|خصوصيتك|موافقتك|تفضيلاتك|بياناتك|جهازك|\brızanız|gizliliğiniz|tercihleriniz|cihazınız|kişisel verileriniz",
        r"\bpersonal (?:data|information)\b|\bdonnées personnelles|informations personnelles|(?:ال)?بيانات (?:ال)?شخصية|\bkişisel veri",
        r"\b(?:accept|reject|refuse|agree) (?:all|and (?:close|continue))|\bmanage (?:options|preferences|settings|cookies)|\b(?:tout (?:accepter|refuser)|accepter et|continuer sans accepter|paramétrer)"
        r"|(?:قبول|رفض) الكل|إدارة (?:ال)?(?:خيارات|تفضيلات)|\btümünü (?:kabul|reddet)|ayarları yönet",
        r"\b(?:legitimate interest|withdraw your consent|intérêt légitime)|المصلحة المشروعة|\bmeşru menfaat",
        r"\b(?:store and(?:/or)? access|geolocation data|personali[sz]ed (?:ads|advertising|content)|audience (?:research|measurement))|\b(?:stocker et|publicités? personnalisée|mesur\w+ (?:d['’]|l['’])audience)"
        r"|(?:الإعلانات|المحتوى) (?:و\w+ )?المخصص|قياس الجمهور|\bkişiselleştirilmiş reklam|kitle araştırma",
    )
]  # fmt: skip
_ROBOT = re.compile(
    r"checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|are you (?:a )?(?:human|robot)|(?:enable|turn on?|activate|requires?) (?:javascript|cookies)|turn javascript on"
    r"|javascript (?:is|and cookies)\b|ddos protection|\bray id\b|access (?:to this page has been )?denied|unusual (?:traffic|activity)|automat(?:ed|ion) (?:tools?|requests|access)|captcha"
    r"|just a moment|attention required|pardon our interruption|incapsula|security of your connection|you have been blocked"
    r"|activer javascript|vérifi\w+ que vous (?:êtes|n['’]êtes)|je ne suis pas un robot|تفعيل (?:ال)?جافا ?سكريبت|(?:لست|أنك لست) (?:برنامج|روبوت)|javascript(?:['’]i)? (?:etkinleştir|aç)|robot olmadığınız",
    re.IGNORECASE,
)  # fmt: skip
_MISSING = re.compile(
    r"(?:page|article|content|story|file|url) (?:you (?:are|were|have) (?:looking for|requested)|requested|(?:was|is|could|can)?\s*(?:not|no longer) (?:be )?(?:found|exist|available))|^\W*(?:error )?404\b|page not found|(?:page|article) (?:does not|doesn['’]t) exist"
    r"|(?:page|article|contenu)[^.]{0,40}(?:introuvable|n['’]existe (?:pas|plus)|n['’]est plus disponible|a été (?:supprimé|déplacé))|(?:erreur|page) 404"
    r"|(?:الصفحة|المقال|المحتوى|الخبر)[^.]{0,30}(?:غير موجود|غير متوفر|غير متاح|لم يتم العثور|تبحث عن|لا توجد)|لم يتم العثور على (?:الصفحة|المقال)"
    r"|(?:sayfa|içerik|haber|yazı)[^.]{0,30}(?:bulunamadı|mevcut değil|kaldırılmış|yayından)|(?:aradığınız|istediğiniz) (?:sayfa|içerik|haber)",
    re.IGNORECASE,
)  # fmt: skip
_LOGIN = re.compile(
    r"forgot(?:ten)? (?:your |my )?password|remember me|(?:log|sign) in to (?:your|continue)|create (?:an|your) account|(?:enter|type) your (?:e-?mail|password|user ?name)|don['’]t have an account"
    r"|mot de passe oublié|identifiant|se connecter|créer (?:un|votre) compte|connectez-vous|نسيت كلمة (?:المرور|السر)|تسجيل الدخول|إنشاء حساب|كلمة المرور|şifremi unuttum|giriş yap|hesap oluştur|beni hatırla|şifreniz",
    re.IGNORECASE,
)  # fmt: skip
_NOT_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?\s*(?:false|no|0)\b', re.IGNORECASE)
_CUT = ("…", "...", "[…]", "[...]")
_LOCKS = ("paywall", "regwall", "subscription-required", "subscriber-only", "article-locked")
_LOCKED = re.compile(rf"(?:class|id)\s*=\s*[\"'][^\"'<>]{{0,200}}\b(?:{'|'.join(_LOCKS)})", re.IGNORECASE)
# One of these stands in every text in which a family's patterns find something: to look for them costs next to nothing.
_STEMS = {
    "consent": ("cookie", "çerez", "الارتباط", "كوكيز", "personal data", "données personnelles", "البيانات الشخصية", "kişisel veri"),
    "robots": ("your browser", "human", "robot", "javascript", "cookies", "ddos", "ray id", "access denied", "denied because",
               "been denied", "unusual", "automat", "captcha", "just a moment", "attention required", "pardon our", "incapsula",
               "your connection", "been blocked", "جافا", "روبوت", "لست برنامج"),
    "missing": ("not found", "not be found", "404", "not exist", "n't exist", "n’t exist", "not available", "no longer",
                "looking for", "requested", "introuvable", "n'existe", "n’existe", "supprimé", "déplacé", "plus disponible",
                "غير موجود", "غير متوفر", "غير متاح", "لم يتم العثور", "تبحث عن", "لا توجد", "bulunamadı", "mevcut değil",
                "kaldırıl", "yayından", "aradığınız", "istediğiniz"),
    "login": ("password", "remember me", "mot de passe", "identifiant", "كلمة المرور", "كلمة السر", "تسجيل الدخول", "şifre",
              "log in to", "sign in to", "giriş yap"),
    "offers": ("subscri", "abonn", "abone", "members", "already a member", "become a member", "مشترك", "اشترك", "ل الدخول",
               "القراءة", "قراءة المزيد", "continue reading", "log in", "sign in", "sign up", "register", "article limit",
               "free article", "trial", "unlock", "la suite", "il vous reste", "réservé", "payant", "accéder", "débloquez",
               "okumak için", "okumaya devam", "üyelere", "üyeler", "zaten üye", "أعضاء", "عضو بالفعل"),
}  # fmt: skip


@lru_cache(maxsize=1)
def _stems() -> tuple[Any, list[str]]:
    from ahocorasick_rs import AhoCorasick, Implementation

    pairs = [(stem, family) for family, stems in _STEMS.items() for stem in stems]
    return AhoCorasick([stem for stem, _ in pairs], implementation=Implementation.DFA), [family for _, family in pairs]


def _families(text: str) -> set[str]:
    finder, families = _stems()
    low = text.casefold().replace("\u0307", "")  # İ in lower case is two characters
    return {families[match[0]] for match in finder.find_matches_as_indexes(low, overlapping=True)}


@dataclass(frozen=True)
class Signs:
    """What a page says of walls beside its text. Its markup is asked only where the text is short."""

    titles: tuple[str, ...] = ()  # h1 and title
    links: tuple[str, ...] = ()  # blocks that are headlines of other pages, or offers that lead to one
    html: str = ""

    @property
    def not_free(self) -> bool:
        """Linked data says that the article is not free."""
        return "isAccessibleForFree" in self.html and _NOT_FREE.search(self.html) is not None

    @property
    def locked(self) -> bool:
        """An element has the class of a wall: on some sites every page has one."""
        return any(lock in self.html for lock in _LOCKS) and _LOCKED.search(self.html) is not None

    @property
    def dated(self) -> bool:
        """Its metadata say when it was published."""
        return any(mark in self.html for mark in ("datePublished", "published_time", "pubdate"))


def titles_of(tree: Any) -> tuple[str, ...]:
    """The headings and titles of a page, the first three of each."""
    found = (node for kind in ("h1", "title") for node in islice(tree.iter(kind), 3))
    return tuple(" ".join(node.itertext())[:300].strip() for node in found)


def wall_of(text: str, signs: Signs) -> tuple[str, str]:
    """What stands in the article's place, or "": paywall, consent, robot check, login, missing, list.

    And the text without the wall's own words: for a paywall the beginning that it shows, else nothing.
    """
    if text.count(" ") + text.count("\n") > CONSENT:  # no wall is so long
        return "", text
    told = _families("\n".join((*signs.titles, *signs.links, text)))
    cut = text.endswith(_CUT)
    short = text.count(" ") <= TEASER + OFFER
    if not (told or signs.links or ((short or cut) and (signs.not_free or (cut and signs.locked)))):
        return "", text
    paragraphs = [part for part in text.split("\n\n") if part]
    words = [len(part.split()) for part in paragraphs]
    total = sum(words)
    if "consent" in told and _asks_for_consent(text, paragraphs, words):
        return "consent", ""
    if total <= NOTICE and (notice := _notice(text, total, signs.titles, told)):
        return notice, ""
    few = len(paragraphs) <= 1.5 * len(signs.links) and max(words or [0]) <= SUMMARY
    if len(signs.links) >= 3 and few and not signs.dated:
        return "list", ""
    offers = [n <= OFFER and _offers(part, told) for part, n in zip(paragraphs, words, strict=True)]
    own = [part for part, offer in zip(paragraphs, offers, strict=True) if not offer]
    offered = any(offers) or any(_offers(link, told) for link in signs.links)
    if sum(len(part.split()) for part in own) > TEASER:
        return "", text
    if offered or signs.not_free or (cut and signs.locked):
        return "paywall", "\n\n".join(own)
    return "", text


def _offers(text: str, told: set[str]) -> bool:
    return "offers" in told and "offers" in _families(text) and _OFFER.search(text) is not None


def _asks_for_consent(text: str, paragraphs: list[str], words: list[int]) -> bool:
    asked = sum(n for part, n in zip(paragraphs, words, strict=True) if any(p.search(part) for p in _CONSENT))
    return asked > 0.6 * sum(words) and sum(bool(p.search(text)) for p in _CONSENT) >= 3


def _notice(text: str, total: int, titles: tuple[str, ...], told: set[str]) -> str:
    """What a short text says in the place of an article; ``total`` words."""
    if "robots" in told:
        hits = {found.lower() for found in _ROBOT.findall(text)}
        named = any(map(_ROBOT.search, titles))
        if len(hits) >= 2 or (named and (hits or total < 10)) or (hits and total <= 60):
            return "robot check"
    if "missing" in told and (
        any(map(_MISSING.search, titles)) or (total <= NOTHING and len(_MISSING.findall(text)) >= 2)
    ):
        return "missing"
    if "login" in told and total <= NOTHING and len({found.lower() for found in _LOGIN.findall(text)}) >= 2:
        return "login"
    return ""
