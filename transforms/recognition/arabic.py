"""Arabic names, by pattern: who stands behind a verb of speaking or a title. Arabic has no capitals to go by.

Behind the verb comes the subject, a name at once (*قالت سميرة الحلاق*) or first what somebody is: a trade or office with
its chain of nouns, closed by one with the article (*المتحدثة باسم وفد المعارضة ليلى بدر الدين*). The name follows the
chain. A first name that is known as one is proof; any other needs an office before it and an end behind it. From then on
the surname alone is a mention where a verb of speaking stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.recognition.spans import Span

_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")
_TOKEN = re.compile("[\u0620-\u065f\u0670-\u06d3]+")

# Verbs of speaking in the past and the present, third person, both genders, without their proclitics.
SAYING = frozenset(
    "قال قالت قالا قالوا يقول تقول يقولون أضاف أضافت يضيف تضيف أكد أكدت يؤكد تؤكد أوضح أوضحت يوضح توضح صرح صرحت يصرح ذكر ذكرت "
    "يذكر تذكر أعلن أعلنت يعلن تعلن أشار أشارت يشير تشير لفت لفتت يلفت تلفت تابع تابعت يتابع تتابع شدد شددت يشدد تشدد حذر "
    "حذرت يحذر تحذر روى روت يروي تروي كتب كتبت يكتب تكتب ختم ختمت بين بينت اعتبر اعتبرت يعتبر تعتبر رأى رأت يرى ترى نفى نفت "
    "ينفي تنفي سأل سألت يسأل تسأل تساءل تساءلت يتساءل تتساءل علق علقت يعلق تعلق رد ردت يرد ترد أجاب أجابت يجيب تجيب استدرك "
    "استدركت طالب طالبت يطالب تطالب اتهم اتهمت يتهم تتهم انتقد انتقدت ينتقد تنتقد دعا دعت يدعو تدعو وصف وصفت يصف تصف زعم "
    "زعمت توقع توقعت يتوقع تتوقع أفاد أفادت يفيد تفيد كشف كشفت يكشف تكشف زاد زادت أردف أردفت استطرد استطردت اختتم نوه نوهت "
    "أعرب أعربت عبر عبرت اعترف اعترفت أقر أقرت ادعى ادعت تعهد تعهدت وعد وعدت قدر قدرت خاطب خاطبت ناشد ناشدت دان دانت أدان "
    "أدانت ندد نددت رحب رحبت رفض رفضت تحدث تحدثت يتحدث تتحدث حكى حكت يحكي تحكي همس همست يهمس تهمس صرخ صرخت يصرخ تصرخ لخص "
    "لخصت يلخص تلخص شرح شرحت يشرح تشرح تمنى تمنت يتمنى تتمنى اشتكى اشتكت يشتكي تشتكي شكا شكت يشكو تشكو أبلغ أبلغت غرد غردت "
    "نشر نشرت اكتفى اكتفت يكتفي تكتفي دافع دافعت يدافع تدافع تذكر استذكر استذكرت أسف هدد هددت يهدد تهدد طمأن نقل نقلت جدد "
    "جددت يعتقد تعتقد اعتقد اعتقدت أجمع مازح مازحت سخر سخرت يسخر تسخر يخشى تخشى خشي خشيت أبدى أبدت".split()
)
# Of these the ones that take a noun as their object: what follows an office need not be a name.
_WITH_OBJECT = frozenset(
    "أعلن نفى رفض اتهم انتقد دعا وصف كشف وعد قدر ناشد دان أدان نقل طالب أبدى بين جدد نشر أكد توقع يخشى".split()
)
_ROLES = frozenset(
    "رئيس رئيسة وزير وزيرة نائب نائبة مدير مديرة قائد قائدة عضو عضوة ممثل ممثلة مسؤول مسؤولة متحدث متحدثة ناطق ناطقة مبعوث "
    "مبعوثة موفد موفدة سفير سفيرة محافظ أمين أمينة منسق منسقة مساعد مساعدة مستشار مستشارة باحث باحثة محلل محللة خبير خبيرة "
    "ناشط ناشطة صحافي صحافية صحفي صحفية طبيب طبيبة دكتور دكتورة ممرض ممرضة مهندس مهندسة معلم معلمة مدرس مدرسة أستاذ أستاذة "
    "شيخ جنرال لواء عميد عقيد مقدم رائد نقيب ملازم قيادي قيادية زعيم ملك أمير متطوع متطوعة مزارع مزارعة تاجر تاجرة بائع بائعة "
    "خباز خبازة سائق عامل عاملة محام محامية محامي قاض قاضي كاتب كاتبة دبلوماسي دبلوماسية عمدة مختار إمام مطران أب أخ شقيق "
    "شقيقة زوج زوجة والد والدة ابن ابنة عم خال جد جدة جار جارة لاجئ لاجئة نازح نازحة مواطن مواطنة صاحب صاحبة شاب شابة رجل "
    "امرأة سيدة طالب طالبة زوجها زوجته شقيقه شقيقته شقيقها والده والدته والدها والدتها ابنه ابنته أخيه أخته أخوه عمه جارته "
    "جاره زميله زميلته سيناتور رئيسها رئيسه مديرها مديره مديرته متحدثها مسعف مسعفة صيدلي صيدلانية مقاتل مقاتلة ضابط حاكم "
    "مفوض مفوضة وسيط وسيطة رئيسته قس مترجم مترجمة حلاق خياط خياطة".split()
)
_BODIES = frozenset(
    "وزارة منظمة جمعية شبكة وكالة مركز مجلس هيئة لجنة حركة جيش قوات فصيل حزب مكتب إدارة مديرية اتحاد نقابة مخيم مدينة بلدة "
    "قرية ريف محافظة منطقة مستشفى مشفى مدرسة جامعة موقع صحيفة قناة تلفزيون إذاعة مؤسسة مرصد شركة وفد فريق حكومة برنامج صندوق "
    "دائرة قسم لواء كتيبة فرقة جبهة تنظيم معبر حي شؤون وحدة حملة رابطة بعثة قيادة أركان بلدية رئاسة سلطة سلطات ائتلاف تحالف "
    "صوت معهد كلية دار باسم وسط شمال جنوب شرق غرب".split()
)
_SOFT = frozenset(
    "في من على إلى عن لدى خلال عبر أمام بعد قبل مع ضمن داخل حول بشأن عند أثناء عقب تجاه حيال لوكالة لقناة لصحيفة لموقع لمراسل "
    "لمراسلنا لفرانس لرويترز لبي لنا له لها لهم".split()
)
_HARD = frozenset(
    "إن أن ان بأن بان أنه أنها إنه إنها بأنه بأنها بأنهم أنهم إنهم لأن قوله قولها قولهم قائلا قائلة مضيفا مؤكدا مشيرا حيث الذي "
    "التي الذين وهو وهي وأن وأنه لكن بينما فيما حين عندما إذا لم لن لا ما كان كانت قد هذا هذه ذلك تلك ثم أو أم كل".split()
)
_DAYS = frozenset("الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد أمس اليوم مساء صباح ضاحكا ضاحكة باكيا بغضب مازحا".split())
_NOT_NAMES = frozenset(
    "أحد إحدى بعض عدد جميع مصدر مصادر شهود شاهد سكان أهالي بيان تقرير آلاف مئات عشرات مقتل إصابة اعتقال انسحاب وقف إطلاق بدء "
    "انتهاء فتح إغلاق غياب وجود استمرار ضرورة أهمية عدم رفض دعم قصف غارة غارات هجوم عملية اتفاق هدنة وصول عودة خروج دخول طريق "
    "قرار جولة محادثات مفاوضات نحو حوالي أكثر أقل مجددا أيضا أخيرا لاحقا سابقا مثل غير سوى نفسه نفسها كذلك هناك هنا نتائج زيارة "
    "لقاء اجتماع مؤتمر عقوبات مساعدات خطة مشروع قانون نسبة سيطرة مسؤولية استعداد استعداده تمسك أن".split()
)
MALE = frozenset(
    "محمد أحمد محمود مصطفى علي حسن حسين عمر خالد سامي سامر سمير رامي رائد زياد طارق فادي فراس قاسم كريم ماهر مازن مالك مروان منذر "
    "نادر ناصر نايف نبيل نزار هاني هيثم وائل وليد ياسر ياسين يحيى يوسف إبراهيم إسماعيل أيمن أنس أسامة أسعد أكرم أمجد أمين أنور إياد "
    "إيهاب باسل باسم بسام بشار بلال بهاء تامر توفيق ثائر جابر جمال جميل جهاد جورج حازم حبيب حسام حكمت حمزة حيدر داود رشيد رضا رفيق "
    "رياض زاهر زكريا زيد سالم سعد سعيد سلمان سليمان سيف شادي شريف صالح صلاح طلال عادل عاصم عامر عباس عدنان عزام عصام علاء عماد عمار "
    "غازي غسان غياث فؤاد فارس فاروق فيصل قصي كمال لؤي ليث ماجد مأمون معاذ معتز معن منصور منير موسى ميشال نجيب نور هادي هشام هلال وسام "
    "وسيم يعقوب يزن رجب بيار جون جوزف جيمس مايكل ديفيد دونالد فلاديمير سيرغي ستيفان أنطونيو إيمانويل مارتن مظلوم صبحي سهيل جبران "
    "حمدان خليل خليفة إلياس أديب بدر تيسير جلال جواد حافظ ربيع رياد شوقي صبري ضياء عارف عبدالله عبدالرحمن فواز كنان محسن مهند مؤيد هوشنك "
    "شيرو آزاد دلير ريدور أردوغان حقان هاكان مولود أورهان يوري إيغور إيفان بوريس أليكسي بول بيتر توماس جان جاك فرانسوا برادلي غريغوري".split()
)
FEMALE = frozenset(
    "سميرة سلمى فاطمة عائشة مريم زينب خديجة ليلى لينا لمى لمياء ليال ميساء ميسون مها منى منال مي ميراي نادية نادين ندى نسرين نهى نورا "
    "نورة هالة هبة هدى هند هنادي هيام هناء وفاء ياسمين يارا أمل أماني آمنة آية أسماء إيمان إلهام إنعام بشرى بثينة تهاني ثناء جمانة جيهان "
    "حنان خلود دانا ديما ديمة دعاء رانيا رباب رحاب رغد رنا ريم رولا ريما زهرة زهراء سارة سحر سعاد سلام سماح سمر سناء سهام سهى سوسن سوزان "
    "شذى شيرين صباح صفاء ضحى عبير عفاف عليا غادة غفران فدوى فرح فريدة كارين كاترين كريستين لبنى لجين لطيفة مادلين ماري ماريا مروة نجاح "
    "نجوى نوال وداد ورد زوزان بيريفان روجين آن آنا أنجيلا أورسولا ليز هيفاء يسرى رهف روان حلا حياة".split()
)
_KUNYA = frozenset("أبو أبي أم".split())
_JOINS = frozenset("بن بنت ابن دو دي دا دل فان فون دير دن آل أبو أبي ولد بو سان".split())
_FOR_GOD = frozenset(
    "الدين الله الرحمن الكريم العزيز القادر الحميد السلام الرحيم الناصر الجبار اللطيف الباسط الهادي الغني المجيد الوهاب".split()
)
_BEFORE_GOD = frozenset("بدر نور صلاح عز سيف شمس علاء جمال كمال محيي محي تاج زين فخر ضياء نجم حسام عماد شهاب برهان خير نصر سعد عبد العبد".split())
GIVEN = MALE | FEMALE
# Given names that are words, too: alone they show nothing.
_WORDS_TOO = frozenset(
    "نور سلام أمل وفاء صباح سعيد جميل حسن سعد هدى منى حياة ورد دعاء ثناء أماني إيمان بدر ضياء رحاب شريف صالح سالم عادل عامر ماجد "
    "منصور مأمون ناصر نجاح أمين مالك فارس كريم رشيد سماح سناء سيف جهاد نصر علي قاسم كمال جلال جمال جواد رضا ربيع حافظ خليفة هلال "
    "عارف حبيب صفاء ضحى فرح فدوى غفران مي آية لطيفة فريدة نوال وداد روان شيرين بول".split()
)
# Verbs whose object follows the subject at once: a third word with the article is it.
_ON_SOMEBODY = frozenset(
    "وصف اتهم انتقد دعا وعد قدر خاطب طالب ناشد دان أدان نفى رفض وصفت اتهمت انتقدت دعت وعدت قدرت خاطبت طالبت ناشدت دانت أدانت نفت "
    "رفضت".split()
)


@dataclass(frozen=True)
class Token:
    """A word, without vowel signs in ``bare`` and without its conjunction in ``stem``."""

    start: int
    end: int
    bare: str
    joined: bool  # nothing but a blank stands between it and the word before

    @property
    def stem(self) -> str:
        """The word without و or ف before it, where that leaves a verb of speaking."""
        return self.bare[1:] if self.bare[:1] in "وف" and self.bare[1:] in SAYING else self.bare

    @property
    def definite(self) -> bool:
        return len(self.bare) > 3 and self.bare.startswith(("ال", "وال", "لل", "بال"))


def tokens_of(text: str) -> list[Token]:
    """The Arabic words of a text."""
    found: list[Token] = []
    for hit in _TOKEN.finditer(text):
        between = text[found[-1].end : hit.start()] if found else "."
        found.append(Token(hit.start(), hit.end(), _MARKS.sub("", hit.group()), between.isspace() and "\n" not in between))
    return found


def is_saying(token: Token) -> bool:
    """Whether a word is a verb of speaking."""
    return token.stem in SAYING


def arabic_spans(text: str, known: Sequence[tuple[int, int]]) -> list[Span]:
    """The persons that an Arabic text shows. ``known`` are the spans of topic and gazetteer."""
    tokens = tokens_of(text)
    closed = {start: end for start, end in known}
    found: dict[int, Span] = {}
    for n, token in enumerate(tokens):
        saying = is_saying(token)
        title = token.bare.startswith("ال") and token.bare[2:] in _ROLES
        named = token.bare in ("عن", "أما") or (token.bare in _ROLES and token.bare.endswith(("ها", "ته", "يه", "قه")))
        if n and not tokens[n - 1].joined and token.joined and token.bare in GIVEN - _WORDS_TOO and not saying:
            name = _name_at(tokens, n, False, token, False)  # behind the sentence's first word
            if name is not None and name[0] not in found:
                found[name[0]] = Span(*name, "PERSON", text[slice(*name)], 1)
        if not (saying or title or named):
            continue
        if not title and n + 1 < len(tokens) and not tokens[n + 1].joined:
            continue
        name = _name_after(tokens, n if title or (named and token.bare in _ROLES) else n + 1, closed, token, saying)
        if name is not None and name[0] not in found:
            found[name[0]] = Span(*name, "PERSON", text[slice(*name)], 1)
    for n, token in enumerate(tokens):
        if token.bare in _KUNYA and n + 1 < len(tokens) and tokens[n + 1].joined and token.start not in found:
            if n and tokens[n - 1].bare in GIVEN or tokens[n + 1].bare.startswith("ل") or _ends(tokens[n + 1]):
                continue
            end = tokens[n + 1].end
            if any(span.start < token.start < span.end for span in found.values()):
                continue
            found[token.start] = Span(token.start, end, "PERSON", text[token.start : end], 1)
    people = list(found.values())
    return people + _again(text, tokens, people)


def _name_after(
    tokens: list[Token], first: int, closed: dict[int, int], verb: Token, saying: bool
) -> tuple[int, int] | None:
    """The person's name behind a verb or title, past what describes the person."""
    role = chain = comma = False
    words = skipped = 0
    n = first
    while n < len(tokens) and words < 14:
        token = tokens[n]
        word = token.bare
        words += 1
        if not token.joined and n > first:
            # One comma may stand between office and name: مساعدة المبعوث الأممي، إنغبورغ رافنسهولت،
            if comma or not role or tokens[n].start - tokens[n - 1].end > 2:
                return None
            comma = True
        if word in _HARD or is_saying(token) and n > first and word not in _ROLES:
            return None
        if token.start in closed:  # a place or body that is known ends a chain
            end = closed[token.start]
            chain = False
            while n < len(tokens) and tokens[n].start < end:
                n += 1
            continue
        if word in _DAYS:
            n += 1
            continue
        plain = word[2:] if word.startswith("ال") else word
        if word in _SOFT or word.startswith("لل") and len(word) > 4:
            chain = word in _SOFT
        elif plain in _ROLES and not (word in GIVEN and role and not chain):
            role, chain = True, not token.definite
        elif word in _BODIES:
            chain = True
        elif token.definite:
            chain = False
        elif chain and word not in GIVEN and word not in _KUNYA and word != "عبد":
            skipped += 1
            if skipped > 3:
                return None
        else:
            return _name_at(tokens, n, role, verb, saying)
        n += 1
    return None


def _name_at(tokens: list[Token], n: int, role: bool, verb: Token, saying: bool) -> tuple[int, int] | None:
    """The name that begins at a token, if it is one."""
    word = tokens[n].bare
    if word in _NOT_NAMES or len(word) < 2 or word.startswith(("ب", "ل", "و")) and word[1:3] == "ال":
        return None
    last = n

    def joined(i: int) -> bool:
        return i < len(tokens) and tokens[i].joined

    if word in _KUNYA:
        return (tokens[n].start, tokens[n + 1].end) if joined(n + 1) and tokens[n + 1].bare not in _HARD else None
    if word == "عبد" and joined(n + 1):
        last = n + 1
    if not joined(last + 1) or _ends(tokens[last + 1]):
        return None
    given = word in GIVEN or word == "عبد"
    second = tokens[last + 1].bare
    last += 1
    if second in _JOINS and joined(last + 1):
        last += 1
    elif second in _BEFORE_GOD and joined(last + 1) and tokens[last + 1].bare in _FOR_GOD:
        last += 1
    if joined(last + 1) and not _ends(tokens[last + 1]):
        third = tokens[last + 1]
        after = tokens[last + 2] if last + 2 < len(tokens) else None
        closes = after is None or not after.joined or _ends(after)
        if third.bare in _JOINS and joined(last + 2):
            last += 2
        elif closes and (given or role) and not is_saying(third) and not (third.definite and tokens[last].definite):
            full_stop = after is None or not after.joined or _stem(after.bare) in _HARD
            if third.definite and verb.stem not in _ON_SOMEBODY or third.bare in GIVEN or (full_stop and not third.definite):
                last += 1
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    ended = after is None or not after.joined or _ends(after)
    if given:
        return tokens[n].start, tokens[last].end
    if not ended or not (role or (saying and verb.stem not in _WITH_OBJECT)):
        return None
    if tokens[last].definite and (verb.stem in _WITH_OBJECT or not role):
        return None
    if any(tokens[i].bare in _ROLES or tokens[i].bare in _NOT_NAMES or is_saying(tokens[i]) for i in range(n, last + 1)):
        return None
    return tokens[n].start, tokens[last].end


def _stem(word: str) -> str:
    return word[1:] if word[:1] in "وف" and len(word) > 2 else word


def _ends(token: Token) -> bool:
    """Whether a word can be no part of a name, but what follows one."""
    word = token.bare
    return (
        _stem(word) in _HARD or word in _HARD or word in _SOFT or word in _DAYS or (word.startswith("لل") and len(word) > 4) or word in _NOT_NAMES
        or word.startswith(("وال", "بال")) or (word.startswith("ل") and word[1:] in _BODIES)
    )  # fmt: skip


def _again(text: str, tokens: list[Token], people: list[Span]) -> list[Span]:
    """Surnames, kunyas and full names where they stand again; a surname with the article only behind a verb."""
    held = {at for span in people for at in range(span.start, span.end)}
    forms: dict[tuple[str, ...], bool] = {}  # words -> whether a verb must stand before them
    whose: dict[tuple[str, ...], set[str]] = {}  # words -> the full names they may stand for
    for span in people:
        words = [_MARKS.sub("", word) for word in span.name.split()]
        forms.setdefault(tuple(words), False)
        if len(words) < 2:
            continue
        tail = 2 if len(words) > 2 and (words[-1] in _FOR_GOD or words[-2] in _JOINS) else 1
        short = []
        if words[0] not in _KUNYA and not (words[0] == "عبد" and len(words) == 2):
            short.append(tuple(words[-tail:]))
        if words[0] == "عبد" and len(words) > 2:
            short.append(tuple(words[:2]))
        for form in short:
            forms.setdefault(form, form[0].startswith("ال"))
            whose.setdefault(form, set()).add(span.name)
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for form in sorted(forms, key=len, reverse=True):
        by_first.setdefault(form[0], []).append(form)
    found, n = [], 0
    while n < len(tokens):
        for form in by_first.get(tokens[n].bare, ()):
            here = tokens[n : n + len(form)]
            if tuple(token.bare for token in here) != form or tokens[n].start in held:
                continue
            behind_verb = n > 0 and tokens[n].joined and is_saying(tokens[n - 1])
            if forms[form] and not behind_verb:
                continue
            full = whose.get(form, set())
            name = next(iter(full)) if len(full) == 1 else text[here[0].start : here[-1].end]
            found.append(Span(here[0].start, here[-1].end, "PERSON", name, 1))
            n += len(form) - 1
            break
        n += 1
    return found
