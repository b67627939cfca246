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

from transforms.furniture import is_furniture
from transforms.identity import normal

TEASER = 150  # words before an offer to subscribe: with more, what is offered is something else
NOTHING = 80  # words, where no title says what the page is
NOTICE = 150  # words of a page that says that there is nothing to read
CONSENT = 450  # words of a page that asks for consent
OFFER = 30  # words of a paragraph that offers to subscribe
SUMMARY = 60  # words of a list's paragraphs

# Of one paragraph. News has members, registers and readers too: an offer says whose they are, or opens with its verb.
_OFFER = re.compile(
    r"\b(?:only|reserved|exclusive(?:ly)?|available)(?: only| exclusively)? (?:for|to) (?:our )?(?:paying |registered |premium )?subscribers\b(?! (?:of|to)\b)"
    r"|\b(?:article|story|content|page|post|video|feature)\b[^.]{0,15}\b(?:is|are) (?:only |reserved |exclusive(?:ly)? |available )*(?:for|to) (?:our )?(?:paying |registered )?(?:subscribers|members)\b(?! (?:of|to)\b)"
    r"|\b(?:for|to) (?:our )?(?:paying )?(?:subscribers|members) only\b(?=\s*(?:[.!|]|$))|\bsubscribers?[- ]only\b"
    r"|^\W*(?:please |you (?:must|need to|have to) )?(?:subscribe|sign up|register|log in|sign in)\b[^.]{0,40}\b(?:to (?:continue|keep|read|unlock|access|view)|for (?:full|unlimited) access)\b"
    r"|\bsubscribe\b[^.]{0,40}\bto (?:continue|keep reading|unlock)\b"
    r"|\balready (?:an? (?:paying |registered )?(?:subscriber|member)|registered|subscribed|have an? (?:subscription|account))\b(?:\s*\?|[^.?]{0,10}(?:log|sign) in\b)"
    r"|^\W*to (?:continue|keep) reading\b|\bcontinue reading (?:this (?:article|story)|your (?:free )?article|with (?:an?|your)\b)|unlock this (?:article|story)"
    r"|(?:reached|hit|monthly|free) (?:\w+ ){0,4}article limit|free articles? (?:left|remaining|this month)|^\W*(?:become an? (?:\w+ )?(?:member|subscriber)|start your (?:\w+ )?trial)\b"
    r"|réservée?s? (?:à nos|aux) abonné\S{0,4}+(?! (?:de|du|des|d['’])\b)|abonnez-vous (?:pour (?:lire|continuer|poursuivre|accéder|débloquer|découvrir)|dès|à partir|afin)"
    r"|déjà abonné\S{0,4}\s*\?|^\W*déjà abonné\S{0,4}\s*(?:[,:!.]|$|connect|identif)|il vous reste \d+\s?% |^\W*lire la suite\b|pour lire la suite\b|la suite (?:de cet article )?est réservée"
    r"|pour accéder à (?:l['’]intégralité (?:de (?:cet|l['’]) ?article|de nos|des (?:articles|contenus)|du (?:contenu|site))|cet article)|débloquez cet article|(?:article|contenu) (?:réservé|payant)\b"
    r"|(?:للمشتركين|لمشتركي\w*|للأعضاء) (?:فقط|حصر)|(?:لمتابعة|لمواصلة|لإكمال|لاستكمال) (?:القراءة|قراءة (?:المقال|الخبر|التقرير|هذا|المزيد))|^\W*اشترك (?:الآن|لقراءة|للوصول|للاطلاع)\b(?! في (?:ال)?(?:نشر|قنا|خدم))"
    r"|(?:مشترك|عضو) بالفعل(?:\s*؟|[^.]{0,15}دخول)|(?:حصري|متاح|مخصص) (?:فقط )?(?:للمشتركين|للأعضاء)\b|^\W*(?:(?:يرجى|الرجاء) )?(?:سج\u0651?ل (?:ال)?دخولك?|تسجيل الدخول) (?:ل\w|إلى حساب)"
    r"|(?:içerik|haber|yazı|makale)\b[^.]{0,25}\b(?:abone|üye)\w* (?:özel|için)|\babonelere özel|^\W*(?:haberi )?okumaya devam et(?:in|iniz)?\b|okumaya devam etmek için (?:\w+ ){0,2}(?:abone|üye|giriş|kay[ıd]|tıkla)"
    r"|(?:devamını|tamamını|tümünü) okumak için\b|zaten (?:bir )?(?:abone|üye)(?: mi|yseniz|ysen|siniz|\W*(?:$|giriş))|(?<!bültenimize )(?<!bültene )(?<!kanalımıza )\babone (?:olun\b|olmanız|girişi)|abone misiniz",
    re.IGNORECASE,
)  # fmt: skip
_INVITES = re.compile(r"\W*(?:become|start|already|déjà|zaten|مشترك|عضو)\b", re.IGNORECASE)  # any page may link to that
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
    r"|javascript (?:is|and cookies)\b|ddos protection|\bray id\b|access to this page has been denied|\baccess denied(?=\s*(?:$|[|\n–—-]|you\b|error\b|reason\b))|unusual (?:traffic|activity) from your|automat(?:ed|ion) (?:tools?|requests|access)|captcha"
    r"|just a moment|attention required|pardon our interruption|incapsula|security of your connection|you have been blocked"
    r"|activer javascript|vérifi\w+ que vous (?:êtes|n['’]êtes)|je ne suis pas un robot|تفعيل (?:ال)?جافا ?سكريبت|(?:لست|أنك لست) (?:برنامج|روبوت)|javascript(?:['’]i)? (?:etkinleştir|aç)|robot olmadığınız",
    re.IGNORECASE,
)  # fmt: skip
_MISSING = re.compile(
    r"\b(?:page|article|content|story|file|url) (?:you (?:are|were|have) (?:looking for|requested)|(?:(?:was|is|could|can|does) ?)?(?:not|no longer) (?:be )?(?:found|exist|available)\b|doesn['’]t exist\b)"
    r"|\brequested (?:page|url|file|content)\b|^\W*(?:error )?404\b|\b(?:erreur|page) 404\b"
    r"|\b(?:page|article|contenu)(?: que vous (?:recherchez|cherchez|demandez|avez demandée?)| demandée?| recherchée?)?(?: est)? (?:introuvable|n['’]existe (?:pas|plus)|n['’]est plus (?:disponible|en ligne)|a été (?:supprimée?|déplacée?))\b"
    r"|\b(?:الصفحة|المقال|المحتوى|الخبر) (?:(?:التي|الذي) تبحث عن|(?:المطلوبة? )?(?:غير (?:موجود|متوفر|متاح)|لم يتم العثور|لم تعد موجود|لا توجد\b))|لم يتم العثور على (?:الصفحة|المقال)\b"
    r"|\b(?:sayfa|içerik|haber|yazı) (?:şu anda )?(?:bulunamadı|bulunamıyor|mevcut değil|(?:yayından )?kaldırılmış|yayından kaldırıldı)|\b(?:aradığınız|istediğiniz) (?:sayfa|içerik|haber)\b",
    re.IGNORECASE,
)  # fmt: skip
# What may stand before such words in a title that is nothing else, and between them and the name of the site.
_OPENS = re.compile(
    r"\W*(?:(?:oops|sorry|error|whoops|désolée?|erreur|عذرا\S?|üzgünüz|hata)\W+)?(?:404\W+)?(?:(?:this|the|that|your|cette|cet|la|هذه|هذا|bu) |l['’])?",
    re.IGNORECASE,
)
_SITE = re.compile(r"\w*[.!؟?…]*\s*(?:[|•»]|[–—-]\s)")
_TO_VISITORS = re.compile(
    r"\b(?:your?|please|vous|votre|veuillez|siz\w*|tarayıcınız\w*|lütfen|متصفحك|يرجى|الرجاء)\b", re.IGNORECASE
)
_SENTENCE_WORDS = 8  # with as many and a full stop, a paragraph is a sentence and no headline
_HEADLINE_WORDS = 3  # of a page's h1: with fewer it may name a section
_TEASERS = 3  # links elsewhere, each with a paragraph of its own
_LITTLE = 30  # words beside links
_TIMES = 2  # ``time`` elements of an article; a list has one for each of its headlines
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
    "robots": ("your browser", "human", "robot", "javascript", "cookies", "ddos", "ray id", "access denied", "been denied", "unusual", "automat", "captcha", "just a moment", "attention required", "pardon our", "incapsula",
               "your connection", "been blocked", "جافا", "روبوت", "لست برنامج"),
    "missing": ("not found", "not be found", "404", "not exist", "n't exist", "n’t exist", "not available", "no longer",
                "looking for", "requested", "introuvable", "n'existe", "n’existe", "supprimé", "déplacé", "plus disponible",
                "غير موجود", "غير متوفر", "غير متاح", "لم يتم العثور", "لم تعد", "تبحث عن", "لا توجد", "bulunamadı", "bulunamıyor", "mevcut değil",
                "kaldırıl", "yayından", "aradığınız", "istediğiniz"),
    "login": ("password", "remember me", "mot de passe", "identifiant", "كلمة المرور", "كلمة السر", "تسجيل الدخول", "şifre",
              "log in to", "sign in to", "giriş yap"),
    "offers": ("subscri", "abonn", "abone", "members", "already a member", "become a member", "مشترك", "اشترك", "ل الدخول",
               "القراءة", "لمتابعة قراءة", "لمواصلة قراءة", "لإكمال قراءة", "لاستكمال قراءة", "دخولك", "continue reading", "log in", "sign in", "sign up", "register", "article limit",
               "free article", "already have", "keep reading", "trial", "unlock", "la suite", "il vous reste", "réservé", "payant", "accéder", "débloquez",
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
    teased: int = 0  # of the links, those with a paragraph of their own beside them
    headline: str = ""  # the feed's
    headings: int = 1  # of ``titles``, how many are h1: they come first

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
        """It says when it was published."""
        if any(mark in self.html for mark in ("datePublished", "published_time", "pubdate")):
            return True
        return 0 < self.html.count("<time") <= _TIMES and "datetime" in self.html

    @property
    def headed(self) -> bool:
        """Its h1 is a headline: the feed's, or that of its title, and not of another thing than the feed's."""
        given = normal(self.headline)
        words = {word for word in given.split() if len(word) > 3}
        titles = [normal(title) for title in self.titles]
        for heading in titles[: self.headings]:
            if len(heading.split()) < _HEADLINE_WORDS:
                continue
            if heading in given or (given in heading and len(given.split()) >= _HEADLINE_WORDS):
                return True
            if any(title.startswith(heading) for title in titles[self.headings :]):
                return not words or not words.isdisjoint(heading.split())
        return False


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
    if _is_list(paragraphs, words, signs):
        return "list", ""
    offers = [n <= OFFER and _offers(part, told) for part, n in zip(paragraphs, words, strict=True)]
    own = [part for part, offer in zip(paragraphs, offers, strict=True) if not offer]
    sure = sum(offers) > 1 or signs.not_free or signs.locked or any(part.endswith(_CUT) for part in own)
    offered = (any(offers) and (sure or _at_the_end(paragraphs, offers))) or any(
        _offers(link, told) and not _INVITES.match(link) for link in signs.links
    )
    if sum(len(part.split()) for part in own) > TEASER:
        return "", text
    if offered or signs.not_free or (cut and signs.locked):
        return "paywall", "\n\n".join(own)
    return "", text


def _is_list(paragraphs: list[str], words: list[int], signs: Signs) -> bool:
    """Whether the paragraphs are summaries of what is linked, or little beside it, and no article has its headline."""
    links = len(signs.links)
    if links < 3 or len(paragraphs) > 1.5 * links or max(words or [0]) > SUMMARY or signs.dated or signs.headed:
        return False
    if signs.teased >= _TEASERS:
        return True
    little = sum(words) < max(_LITTLE, sum(len(link.split()) for link in signs.links))
    return little and not any(
        n >= _SENTENCE_WORDS and part.endswith((".", "؟", "?", "!", "”", "»"))
        for part, n in zip(paragraphs, words, strict=True)
    )


def _at_the_end(paragraphs: list[str], offers: list[bool]) -> bool:
    """Whether nothing of an article stands below the last offer."""
    for part, offer in zip(reversed(paragraphs), reversed(offers), strict=True):
        if offer or not is_furniture(part):
            return offer
    return False


def _offers(text: str, told: set[str]) -> bool:
    return "offers" in told and "offers" in _families(text) and _OFFER.search(text) is not None


def _asks_for_consent(text: str, paragraphs: list[str], words: list[int]) -> bool:
    asked = sum(n for part, n in zip(paragraphs, words, strict=True) if any(p.search(part) for p in _CONSENT))
    return asked > 0.6 * sum(words) and sum(bool(p.search(text)) for p in _CONSENT) >= 3


def _is_whole(title: str, pattern: re.Pattern[str]) -> bool:
    """Whether ``pattern`` finds all that a title says, but for the name of its site."""
    opened = _OPENS.match(title)
    starts = (0, opened.end() if opened else 0)
    for start in starts:
        if (found := pattern.match(title, start)) is not None:
            rest = title[found.end() :]
            site = _SITE.match(rest)
            if len(rest.split()) <= (5 if site else 2):
                return True
    return False


def _notice(text: str, total: int, titles: tuple[str, ...], told: set[str]) -> str:
    """What a short text says in the place of an article; ``total`` words."""
    if "robots" in told:
        hits = {found.lower() for found in _ROBOT.findall(text)}
        named = any(_is_whole(title, _ROBOT) for title in titles)
        spoken = total <= 60 and _TO_VISITORS.search(text) and not any(mark in text for mark in '“”«»"')
        if len(hits) >= 2 or (named and (hits or total < 10)) or (hits and spoken):
            return "robot check"
    if "missing" in told:
        hits_in_text = len(_MISSING.findall(text)) if total <= NOTHING else 0
        named = any(_is_whole(title, _MISSING) for title in titles)
        if named or hits_in_text >= 2 or (hits_in_text and any(map(_MISSING.search, titles))):
            return "missing"
    if "login" in told and total <= NOTHING and len({found.lower() for found in _LOGIN.findall(text)}) >= 2:
        return "login"
    return ""
