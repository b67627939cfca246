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
    r"(?:please )?read (?:more|also|next|on|too)\b|also read\b|see also\b|also see\b|you (?:may|might) also (?:like|be)\b"
    r"|related(?: (?:stor(?:y|ies)|articles?|news|content|topics?|coverage|links?|reading))?\s*(?:[:–—|»›>-]|$)"
    r"|more (?:on|from|about) [^:.]{0,40}(?::|$)|(?:don['’]?t|do not) miss\s*[:–—|-]|further reading\b|recommended(?: for you)?\s*(?:[:–—|-]|$)"
    r"|(?:in (?:pictures|photos|video)|watch|listen|explainer|must[- ]read|photos|video|trending)\s*[:|»›]"
    r"|(?:à )?lire (?:aussi|également|encore)\b|lisez (?:aussi|également)\b|(?:à )?voir (?:aussi|également)\b"
    r"|(?:sur le même (?:sujet|thème)|pour (?:en savoir plus|aller plus loin)|à (?:lire|voir|écouter|ne pas manquer)|notre dossier|en (?:images|vidéo))\s*[:–—|-]"
    r"|[اأإ]قر(?:أ|ا|أي|ئي|ؤوا|أوا|أو|اوا) ?(?:أيض|ايض|المزيد|كذلك|في)|(?:شاهد|طالع|تابع)(?:وا|ي)? (?:أيض|ايض|المزيد|الفيديو)"
    r"|(?:مواضيع |أخبار |مقالات |موضوعات )?(?:ذات (?:صلة|علاقة)|متعلقة|مرتبطة)\s*(?:[:|–-]|$)|(?:للمزيد|لمزيد من (?:التفاصيل|الأخبار))\s*(?:[:|،–-]|$)|قد يهمك\b|يهمك أيض"
    r"|(?:ilgili|benzer|diğer) haber(?:ler)?\s*(?:[:|–-]|$)|ayrıca (?:okuyun|oku|bkz|bakınız)\b|bun(?:u|ları) da oku|ilginizi çekebilir"
    r"|(?:haberin )?devamı için\b|haberin devamı\b|daha fazla(?:sı)? için\b|editörün seç"
    r")",
    re.IGNORECASE,
)  # fmt: skip
# To readers.
_ASK = re.compile(
    r"[\W_]*(?:"
    r"(?:please )?(?:sign up|subscribe) (?:for|to|now|here|today)\b|subscribe$|register (?:now|here|for free)\b"
    r"|(?:follow|like|find) us\b|follow (?:@|our |live updates)|follow [\w .]{2,40} on (?:facebook|twitter|x|instagram|telegram|youtube|google)\b"
    r"|share (?:this|on (?:facebook|twitter|whatsapp)|via)\b|share$|tweet(?: this)?$|print(?: this)?(?: article)?$|e-?mail this\b|copy link\b|save (?:this )?(?:article|story)$"
    r"|join (?:us on|our (?:channel|newsletter|telegram|whatsapp|group)|the conversation)|download (?:our|the) (?:\w+ ){0,3}app\b"
    r"|get (?:our|the) (?:\w+ ){0,4}(?:newsletter|app|alerts|briefing)\b|(?:click|tap) (?:here|to)\b|contact (?:us|our newsroom)\b"
    r"|(?:do you )?have a (?:story|tip|question|news tip)\b|(?:leave|post|write|add) a comment|comments? (?:are|is) closed|support (?:us|our (?:work|journalism))\b|donate (?:now|here|today)\b"
    r"|(?:story|article) continues (?:below|after)|continue reading|skip (?:advert|ad|past|to)|scroll (?:down )?to continue|listen to this (?:article|story)|(?:enable|turn on|allow) notifications"
    r"|(?:inscrivez|abonnez)-vous\b|suivez(?:-nous| (?:l['’]actualité|notre))\b|partage[rz] (?:cet? |sur|l['’]article)|partager$|téléchargez (?:notre|l['’])"
    r"|réagi(?:ssez|r)\b[^.]{0,30}$|(?:laissez|ajoutez|écrivez) un commentaire|cliquez ici|recevez (?:notre|nos|chaque|tous|la lettre)|rejoignez(?:-nous| notre (?:chaîne|groupe))|soutenez(?:-nous| notre)|la suite après (?:la|cette) publicité|écouter (?:cet )?article"
    r"|(?:اشترك|اشتركوا|سجل|سجلوا) (?:الآن|في (?:نشرت|النشرة|خدمة|قنات|القناة))|تابع(?:وا|ونا|نا)?(?:نا)? (?:على|عبر|قناتنا|صفحتنا|حسابنا)|تابعونا\b"
    r"|شارك(?:وا)? (?:هذا|هذه|الخبر|المقال|عبر|على|المقالة)|حم[ّ]?ل(?:وا)? (?:ال)?تطبيق|(?:أضف|اضف|أضيفوا|اترك) تعليق|انضم(?:وا)? (?:إلى|الى) (?:قنات|مجموعت)|اضغط هنا|للاشتراك (?:في|ب)"
    r"|bültenimize\b|bültene (?:abone|kayıt)|abone ol(?:un)?(?:$|mak için)|bizi (?:[\w’']+ ){0,3}takip ed|bu (?:haberi|yazıyı|içeriği) paylaş|haberi (?:[\w’']+ ){0,2}paylaş|paylaş$|uygulama(?:mızı|sını) (?:hemen )?indir"
    r"|yorum (?:yap|yaz|ekle)\b|tıklayın(?:ız)?$|bildirimleri aç|kanalımıza (?:abone|katıl)"
    r")",
    re.IGNORECASE,
)  # fmt: skip
_QUOTED = ("“", "«", "‘", "„", '"', "'")  # what somebody says is no prompt
_ALONE = re.compile(
    r"[\W_]*(?:advertisements?|advertising|advert|ads?|sponsored(?: content)?|promoted|publicités?|annonces?|reklam(?:lar)?"
    r"|[إا]علانات|[إا]علان(?: ممول)?|newsletter|comments?|commentaires?|التعليقات|yorumlar|getty images"
    r"|(?:all rights reserved|tous droits réservés|جميع الحقوق محفوظة|tüm hakları saklıdır))[\W_]*",
    re.IGNORECASE,
)  # fmt: skip
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


def is_furniture(line: str) -> bool:
    """Whether a line among the paragraphs is a link to another article, a prompt, a label, a counter or a moment."""
    if len(line) > LONGEST or line[:1] in _QUOTED:
        return False
    if _MORE.match(line) or _ASK.match(line) or _ALONE.fullmatch(line):
        return True
    if len(line) > 80 or not any(c.isdecimal() for c in line):
        return False
    return bool(_COUNTED.fullmatch(line) or _LASTS.fullmatch(line)) or _is_moment(line)


def _is_moment(line: str) -> bool:
    opened = _MOMENT.match(line)
    words = line[opened.end() if opened else 0 :].casefold().split()
    told = [word.strip(".,:;|·•–—-()[]،") for word in words]
    timed = all(not word or word[0].isdecimal() or word in _OF_TIME for word in told)
    return timed and (opened is not None or told[0].isdecimal())


def own_paragraphs(paragraphs: Iterable[str], headlines: Iterable[str | None]) -> list[str]:
    """The paragraphs without furniture, and without the page's own headlines above them: those have columns."""
    known = {normal(headline) for headline in headlines if headline}
    kept = []
    for number, paragraph in enumerate(paragraphs):
        if is_furniture(paragraph.removeprefix("- ")):
            continue
        if number < HEADLINES_WITHIN and len(paragraph) <= HEADLINE and normal(paragraph) in known:
            continue
        kept.append(paragraph)
    return kept
