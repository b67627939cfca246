"""Lines that sites put among the paragraphs of an article: what is no part of it, and changes from visit to visit.

Each rule takes whole lines, short ones, by words that open them; a sentence of the article that has such words within it
stays. English, French, Arabic and Turkish.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from transforms.identity import normal

LONGEST = 200  # characters: a longer line is no furniture
HEADLINE = 600  # characters: a longer paragraph is no headline
HEADLINES_WITHIN = 6  # paragraphs: where the page's own headline is looked for above its text

# To another article. What follows is its headline.
_MORE = re.compile(
    r"[\W_]*(?:"
    r"(?:please )?read (?:more|also|next|too)\b|(?:please )?read on\s*(?:[:–—|»›>-]|$)|also read\b|see also\b|also see\b|you (?:may|might) also (?:like|be)\b"
    r"|related(?: (?:stor(?:y|ies)|articles?|news|content|topics?|coverage|links?|reading))?\s*(?:[:–—|»›>-]|$)"
    r"|more (?:on|from|about) [^:.,]{0,40}(?::|$)|(?:don['’]?t|do not) miss\s*[:–—|-]|further reading\b|recommended(?: for you)?\s*(?:[:–—|-]|$)"
    r"|(?:in (?:pictures|photos|video)|watch|listen|explainer|must[- ]read|photos|video|trending)\s*[:|»›]"
    r"|(?:à )?lire (?:aussi|également|encore)\b|lisez (?:aussi|également)\b(?! (?:dans|sur|entre)\b)|(?:à )?voir (?:aussi|également)\b"
    r"|(?:sur le même (?:sujet|thème)|pour (?:en savoir plus|aller plus loin)|à (?:lire|voir|écouter|ne pas manquer)|notre dossier|en (?:images|vidéo))\s*[:–—|-]"
    r"|[اأإ]قر(?:أ|ا|أي|ئي|ؤوا|أوا|أو|اوا) ?(?:أيض|ايض|المزيد|كذلك|في)"
    r"|(?:شاهد|طالع|تابع)(?:وا|ي)? (?:[أا]يض[ا\u064b]*+(?!\s+[أإا]ن\b)|المزيد|الفيديو\s*(?:[:|،…–-]|$))"  # "he went on that"
    r"|(?:مواضيع |أخبار |مقالات |موضوعات )?(?:ذات (?:صلة|علاقة)|متعلقة|مرتبطة)\s*(?:[:|–-]|$)|(?:للمزيد|لمزيد من (?:التفاصيل|الأخبار))\s*(?:[:|،–-]|$)|قد يهمك\b|يهمك أيض"
    r"|(?:ilgili|benzer|diğer) haber(?:ler)?\s*(?:[:|–-]|$)|ayrıca (?:okuyun|oku|bkz|bakınız)\b|bun(?:u|ları) da oku|ilginizi çekebilir"
    r"|(?:haberin )?devamı için\b|haberin devamı\b|daha fazla(?:sı)? için\b|editörün seç"
    r")",
    re.IGNORECASE,
)  # fmt: skip
_NETWORKS = (  # as Arabic writes them
    r"(?:منصة |موقع |تطبيق |قناة )?(?:فيس ?بوك|تويتر|[إأا]كس|تل[يـ]?[غج]رام|تيل[يـ]?[غج]رام|واتس ?[اآأ]ب|يوتيوب|[إأا]نستغ?رام|تيك ?توك|مواقع التواصل)"
)
# To readers.
_ASK = re.compile(
    r"[\W_]*(?:"
    r"(?:please )?(?:sign up|subscribe) (?:for|to|now|here|today)\b|subscribe$|register (?:now|here|for free)\b"
    r"|(?:follow|like|find) us(?: (?:on|at|via|here|online|for)\b|\s*(?:[:!.|–-]|$))|follow (?:@|our |live updates)"
    r"|follow [\w .]{2,40} on (?:facebook|twitter|x|instagram|telegram|youtube|google(?: news)?)(?: (?:and|or|for|to|at|@)\b|\s*(?:[,:.|!]|$))"
    r"|share (?:this(?: (?:article|story|news|page|post|video|on|via|with|:)|\s*(?:[:!.|–-]|$))|on (?:facebook|twitter|whatsapp)\b|via\b)|share$|tweet(?: this)?$|print(?: this)?(?: article)?$|e-?mail this\b|copy link\b|save (?:this )?(?:article|story)$"
    r"|join (?:us on|our (?:channel|newsletter|telegram|whatsapp|group)|the conversation)|download (?:our|the) (?:\w+ ){0,3}app\b"
    r"|get (?:our|the) (?:\w+ ){0,4}(?:newsletter|app|alerts|briefing)\b|(?:click|tap) (?:here|to)\b|contact (?:us|our newsroom)\b"
    r"|(?:do you )?have a (?:story|tip|question|news tip)(?:\s*(?:[?:!.]|$)| (?:for (?:us|our|the (?:newsroom|editor|reporter))|to (?:share|tell)|you)\b)|(?:leave|post|write|add) a comment|comments? (?:are|is) closed|support (?:us|our (?:work|journalism))\b|donate (?:now|here|today)\b"
    r"|(?:story|article) continues (?:below|after)|continue reading|skip (?:advert|ads?\b|past (?:the )?(?:advert|newsletter)|to (?:(?:the )?main )?(?:content|navigation|footer)\b)|scroll (?:down )?to continue|listen to this (?:article|story)\s*(?:[:(·–—|.\d-]|$)|(?:enable|turn on|allow) notifications"
    r"|(?:inscrivez|abonnez)-vous\b|suivez(?:-nous| (?:l['’]actualité|notre))\b|partage[rz] (?:(?:cet |l['’])article|ce (?:contenu|lien|message|texte)|cette (?:page|vidéo|info\w*|actualité)|sur\b)|partager$|téléchargez (?:notre|l['’]appli)"
    r"|réagi(?:ssez|r)(?: (?:à (?:cet|l['’]) ?(?:article|actualité|info)[^.]{0,20}|maintenant|ici))?\W*$|(?:laissez|ajoutez|écrivez) un commentaire|cliquez ici|recevez (?:notre|nos|chaque|tous|la lettre)|rejoignez(?:-nous| notre (?:chaîne|groupe))|soutenez(?:-nous| notre)|la suite après (?:la|cette) publicité|écouter (?:cet )?article"
    rf"|(?:اشترك|اشتركوا|سجل|سجلوا) (?:الآن|في (?:نشرت|النشرة|خدمة|قنات|القناة))|تابع(?:وا)? (?:قنات|صفحت|حساب|حسابات)نا|تابعونا\b|(?:تابع(?:وا|نا)?|شارك(?:وا)?) (?:على|عبر) {_NETWORKS}\W*(?:$| و\w+\W*$)"
    r"|شارك(?:وا)? (?:هذا |هذه )?(?:الخبر|المقال|المقالة|الموضوع|الصفحة|القصة|التقرير|الفيديو|التدوينة)\s*(?:$|[:|.!،–-]|(?:على|عبر|مع) )|شارك(?:وا)? (?:على|عبر)\s*:?\s*$"
    r"|حم[ّ]?ل(?:وا)? (?:ال)?تطبيق|(?:أضف|اضف|أضيفوا|اترك) تعليق|انضم(?:وا)? (?:إلى|الى) (?:قنات|مجموعت)|اضغط هنا|للاشتراك (?:في|ب)"
    r"|bültenimize\b|bültene (?:abone|kayıt)|abone ol(?:un)?(?:$|mak için)|bizi (?:[\w’']+ ){0,3}takip ed(?:in|iniz|ebilirsiniz)\b|(?:bu (?:haberi|yazıyı|içeriği)|haberi) (?:[\w’']+ ){0,2}paylaş(?:ın|ınız)?\b|paylaş$|uygulama(?:mızı|sını) (?:hemen )?indir(?:in|iniz)?\b"
    r"|yorum (?:yap|yaz|ekle)\b|tıklayın(?:ız)?$|bildirimleri aç(?:ın)?\b|kanalımıza (?:abone|katıl)"
    r")",
    re.IGNORECASE,
)  # fmt: skip
# A whole sentence is a prompt only if it leads somewhere: by a colon behind the prompt, or by a word for what it leads to.
_LONG_SENTENCE = 60  # characters
_LEADS = re.compile(
    r"\b(?:click|tap|links?|newsletters?|apps?|channels?|subscri\w+|e-?mails?|inbox|facebook|twitter|instagram|telegram|whatsapp|youtube"
    r"|cliquez|infolettre|chaîne|lien|abonn\w+|notre (?:lettre|page|application)|tıklayın\w*|bülten\w*|kanalımız\w*|uygulama\w*|abone)\b"
    r"|https?:|www\.|@|اضغط|انقر|الرابط|نشرت|قناتنا|صفحتنا|حسابنا|تطبيق|فيس ?بوك|تويتر|واتس ?[اآأ]ب|تل[يـ]?[غج]رام|تيل[يـ]?[غج]رام|يوتيوب",
    re.IGNORECASE,
)  # fmt: skip
_BEHIND = 15  # characters
_HEADLINE_WORDS = 4  # fewer may be a subhead
_ENDS = (".", "!", "?", "…", "”", "»", "؟", '"')
_QUOTED = ("“", "«", "‘", "„", '"', "'")  # what somebody says is no prompt
_ALONE = re.compile(
    r"[\W_]*(?:advertisements?|advertising|advert|ads?|sponsored(?: content)?|promoted|publicités?|annonces?|reklam(?:lar)?"
    r"|facebook|twitter|whatsapp|telegram|linkedin|pinterest|reddit|tumblr|instagram|فيسبوك|تويتر|واتساب|تلغرام|تيليغرام"
    r"|[إا]علانات|[إا]علان(?: ممول)?|newsletter|comments?|commentaires?|التعليقات|yorumlar|getty images"
    r"|(?:all rights reserved|tous droits réservés|جميع الحقوق محفوظة|tüm hakları saklıdır))[\W_]*",
    re.IGNORECASE,
)  # fmt: skip
# How weblogs end an entry in a feed: with its own headline and their name.
_APPEARED = re.compile(
    r"[\W_]*(?:the post .{1,300} appeared first on .{1,100}|(?:l['’]article|cet article) .{1,300} est apparu en premier sur .{1,100}"
    r"|ظهرت? (?:المقالة|المقال|التدوينة) .{1,300} [أا]ول\S{0,2} (?:على|في) .{1,100}|.{1,300} yazısı ilk (?:önce|olarak) .{1,100} ortaya çıktı)[\W_]*",
    re.IGNORECASE,
)  # fmt: skip
_APPEARED_STEMS = ("appeared first on", "en premier sur", "yazısı ilk", "ظهر")
_COUNTED = re.compile(
    r"[\W_]*\d[\d.,\s]*(?:k|m|bin|mn|mille|ألف)?\s*(?:"
    r"comments?|shares?|views?|likes?|reads?|reactions?|min(?:ute)?s?\.? read|followers|retweets"
    r"|commentaires?|partages?|vues?|réactions?|lectures?|min(?:ute)?s? de lecture"
    r"|تعليق\w*|مشارك\w+|مشاهد\w+|قراء\w+|إعجاب\w*"
    r"|yorum|paylaşım|görüntülen\w+|beğeni|okun\w+|dk\.? okuma)[\W_]*",
    re.IGNORECASE,
)  # fmt: skip
_LASTS = re.compile(
    r"[\W_]*(?:(?:reading|read) time|(?:temps de )?lecture|(?:مدة|وقت|زمن) القراءة|okuma süresi)\W{0,3}\d{1,3}\W{0,2}\w{0,10}[\W_]*",
    re.IGNORECASE,
)
# Opens a line that says when; all that follows must be of a date or a time.
_MOMENT = re.compile(
    r"[\W_]*(?:(?:last |first )?(?:updated|published|posted|modified|edited)|(?:mis[e]? à jour|publiée?|modifiée?|postée?)"
    r"|(?:آخر تحديث|تاريخ النشر|نشرت?|تم النشر|حدث)|(?:son )?(?:güncelle(?:n)?me|yayın(?:lan)?ma|giriş|eklenme)(?: (?:tarihi|zamanı))?)\b",
    re.IGNORECASE,
)
_AGO = frozenset("ago önce منذ yesterday hier أمس dün today bugün اليوم".split())
_DAY_OR_CLOCK = re.compile(r"\d{4}|\d[./:-]\d")
_OF_TIME = frozenset(
    "at on by am pm a.m p.m gmt utc est edt bst cet ago yesterday today just now and a an second seconds minute minutes min mins "
    "hour hours hr hrs day days week weeks month months "
    "le la à il y a heure heures jour jours semaine semaines mois hier aujourd’hui aujourd'hui h "
    "في منذ قبل الساعة بتاريخ يوم دقيقة دقائق ساعة ساعات أيام أمس اليوم بتوقيت غرينتش مساء صباحا ص م "
    "önce dakika saat gün hafta dün bugün tarihi "
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun "
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec "
    "lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août septembre "
    "octobre novembre décembre "
    "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر "
    "نوفمبر ديسمبر كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين الأول الثاني "
    "pazartesi salı çarşamba perşembe cuma cumartesi pazar ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim "
    "kasım aralık".split()
)  # fmt: skip


def is_furniture(line: str, beside_headline: bool = True) -> bool:
    """Whether a line among the paragraphs is a link to another article, a prompt, a label, a counter or a moment.

    ``beside_headline``: no paragraph stands above it. There a date alone says when the article was published; further
    down it is the heading of a day in a chronology.
    """
    if len(line) <= HEADLINE and any(stem in line for stem in _APPEARED_STEMS) and _APPEARED.match(line):
        return True
    if len(line) > LONGEST or line[:1] in _QUOTED:
        return False
    prompt = _MORE.match(line) or _ASK.match(line)
    if prompt:
        return not _is_sentence(line) or _leads_on(line, prompt.end())
    if _ALONE.fullmatch(line):
        return True
    if len(line) > 80 or not any(c.isdecimal() for c in line):
        return False
    return bool(_COUNTED.fullmatch(line) or _LASTS.fullmatch(line)) or _is_moment(line, beside_headline)


def _is_sentence(line: str) -> bool:
    return len(line) > _LONG_SENTENCE and line.rstrip("”\"’'») ").endswith((".", "۔"))


def _leads_on(line: str, end: int) -> bool:
    behind = line[max(0, end - 1) : end + _BEHIND]
    return any(mark in behind for mark in ":|»›–—") or _LEADS.search(line) is not None


def _is_moment(line: str, beside_headline: bool) -> bool:
    opened = _MOMENT.match(line)
    words = line[opened.end() if opened else 0 :].casefold().split()
    told = [word.strip(".,:;|·•–—-()[]،") for word in words]
    if not all(not word or word[0].isdecimal() or word in _OF_TIME for word in told):
        return False
    if opened is not None:
        return True
    if not told[0].isdecimal():
        return False
    return any(word in _AGO for word in told) or (beside_headline and _DAY_OR_CLOCK.search(line) is not None)


def own_paragraphs(paragraphs: Iterable[str], headlines: Iterable[str | None], from_feed: bool = False) -> list[str]:
    """The paragraphs without furniture, and without the page's own headlines above them: those have columns.

    ``from_feed``: links are words like others in them, so that headlines of other articles stand below "Related".
    """
    known = {normal(headline) for headline in headlines if headline}
    kept: list[str] = []
    above, listed = True, False
    for number, paragraph in enumerate(paragraphs):
        line = paragraph.removeprefix("- ")
        if is_furniture(line, above):
            listed = from_feed and _heads_a_list(line)
            continue
        if listed and _is_headline(line):
            continue
        listed = False
        if number < HEADLINES_WITHIN and len(paragraph) <= HEADLINE and normal(paragraph) in known:
            continue
        kept.append(paragraph)
        above = above and not (len(paragraph) > _LONG_SENTENCE and paragraph.endswith(_ENDS))
    return kept


def _heads_a_list(line: str) -> bool:
    opened = _MORE.match(line)
    return opened is not None and len(line) - opened.end() <= _BEHIND


def _is_headline(line: str) -> bool:
    return len(line) <= LONGEST and len(line.split()) >= _HEADLINE_WORDS and not line.endswith((*_ENDS, ":"))
