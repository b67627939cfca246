"""Arabic names, by pattern: who stands behind a verb of speaking or a title. Arabic has no capitals to go by.

Behind the verb comes the subject, a name at once (*قالت سميرة الحلاق*) or first what somebody is: a trade or office
with its chain of nouns, closed by one with the article (*المتحدثة باسم وفد المعارضة ليلى بدر الدين*). The name follows
the chain. A first name that is known as one is proof; any other needs an office before it and an end behind it. From
then on the surname alone is a mention where a verb of speaking stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.recognition.arabic_words import (
    BEFORE_GOD,
    BODIES,
    DAYS,
    FOR_GOD,
    GIVEN,
    HARD,
    JOINS,
    KUNYA,
    NOT_NAMES,
    ON_SOMEBODY,
    ROLES,
    SAYING,
    SOFT,
    WITH_OBJECT,
    WORDS_TOO,
    bare,
)
from transforms.recognition.spans import Span

TOKEN = re.compile("[\u0620-\u065f\u0670-\u06d3]+")


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
    for hit in TOKEN.finditer(text):
        between = text[found[-1].end : hit.start()] if found else "."
        found.append(Token(hit.start(), hit.end(), bare(hit.group()), between.isspace() and "\n" not in between))
    return found


def is_saying(token: Token) -> bool:
    """Whether a word is a verb of speaking."""
    return token.stem in SAYING


def arabic_spans(text: str, known: Sequence[tuple[int, int]]) -> list[Span]:
    """The persons that an Arabic text shows. ``known`` are the spans of topic and gazetteer."""
    tokens = tokens_of(text)
    closed = dict(known)
    found: dict[int, Span] = {}
    for n, token in enumerate(tokens):
        saying = is_saying(token)
        title = token.bare.startswith("ال") and token.bare[2:] in ROLES
        named = token.bare in ("عن", "اما") or (token.bare in ROLES and token.bare.endswith(("ها", "ته", "يه", "قه")))
        if n and not tokens[n - 1].joined and token.joined and token.bare in GIVEN - WORDS_TOO and not saying:
            name = _name_at(tokens, n, False, token, False)  # behind the sentence's first word
            if name is not None and name[0] not in found:
                found[name[0]] = Span(*name, "PERSON", text[slice(*name)], 1)
        if not (saying or title or named):
            continue
        if not title and n + 1 < len(tokens) and not tokens[n + 1].joined:
            continue
        name = _name_after(tokens, n if title or (named and token.bare in ROLES) else n + 1, closed, token, saying)
        if name is not None and name[0] not in found:
            found[name[0]] = Span(*name, "PERSON", text[slice(*name)], 1)
    for n, token in enumerate(tokens):
        if token.bare in KUNYA and n + 1 < len(tokens) and tokens[n + 1].joined and token.start not in found:
            if (n and tokens[n - 1].bare in GIVEN) or tokens[n + 1].bare.startswith("ل") or _ends(tokens[n + 1]):
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
        if word in HARD or (is_saying(token) and n > first and word not in ROLES):
            return None
        if token.start in closed:  # a place or body that is known ends a chain
            end = closed[token.start]
            chain = False
            while n < len(tokens) and tokens[n].start < end:
                n += 1
            continue
        if word in DAYS:
            n += 1
            continue
        plain = word[2:] if word.startswith("ال") else word
        if word[:1] in "لب" and word[1:] in BODIES:
            word = word[1:]
        if word in SOFT or (word.startswith("لل") and len(word) > 4):
            chain = word in SOFT
        elif plain in ROLES and not (word in GIVEN and role and not chain):
            role, chain = True, not token.definite
        elif word in BODIES:
            chain = True
        elif token.definite:
            chain = False
        elif chain and word not in GIVEN and word not in KUNYA and word != "عبد":
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
    if word in NOT_NAMES or len(word) < 2 or (word.startswith(("ب", "ل", "و")) and word[1:3] == "ال"):
        return None
    last = n

    def joined(i: int) -> bool:
        return i < len(tokens) and tokens[i].joined

    if word in KUNYA:
        return (tokens[n].start, tokens[n + 1].end) if joined(n + 1) and tokens[n + 1].bare not in HARD else None
    if word == "عبد" and joined(n + 1):
        last = n + 1
    if not joined(last + 1) or _ends(tokens[last + 1]):
        return None
    given = word in GIVEN or word == "عبد"
    second = tokens[last + 1].bare
    last += 1
    if (second in JOINS and joined(last + 1)) or (
        second in BEFORE_GOD and joined(last + 1) and tokens[last + 1].bare in FOR_GOD
    ):
        last += 1
    if joined(last + 1) and not _ends(tokens[last + 1]):
        third = tokens[last + 1]
        after = tokens[last + 2] if last + 2 < len(tokens) else None
        closes = after is None or not after.joined or _ends(after)
        if third.bare in JOINS and joined(last + 2):
            last += 2
        elif closes and (given or role) and not is_saying(third) and not (third.definite and tokens[last].definite):
            full_stop = after is None or not after.joined or _stem(after.bare) in HARD
            if (
                (third.definite and saying and verb.stem not in ON_SOMEBODY)
                or third.bare in GIVEN
                or (full_stop and not third.definite)
            ):
                last += 1
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    ended = after is None or not after.joined or _ends(after)
    if given:
        return tokens[n].start, tokens[last].end
    objects = _takes_object(verb.stem)
    if not ended or not (role or (saying and not objects)):
        return None
    if tokens[last].definite and (objects or not role):
        return None
    if word.endswith(("ات", "ون")) or (word.startswith("ب") and (objects or not saying)) or second.endswith("ين"):
        return None
    if any(tokens[i].bare in ROLES or tokens[i].bare in NOT_NAMES or is_saying(tokens[i]) for i in range(n, last + 1)):
        return None
    return tokens[n].start, tokens[last].end


def _takes_object(verb: str) -> bool:
    """Whether a noun may follow the verb's subject at once, whatever the verb's gender and tense."""
    return verb in WITH_OBJECT or verb.removesuffix("ت") in WITH_OBJECT or verb[1:] in WITH_OBJECT


def _stem(word: str) -> str:
    return word[1:] if word[:1] in "وف" and len(word) > 2 else word


def _ends(token: Token) -> bool:
    """Whether a word can be no part of a name, but what follows one."""
    word = token.bare
    plain = {word, _stem(word)}
    if plain & (HARD | SOFT) or word in DAYS or word in NOT_NAMES or word.startswith(("وال", "بال")):
        return True
    return (word.startswith("لل") and len(word) > 4) or (word.startswith("ل") and word[1:] in BODIES)


def _again(text: str, tokens: list[Token], people: list[Span]) -> list[Span]:
    """Surnames, kunyas and full names where they stand again; a surname with the article only behind a verb."""
    held = {at for span in people for at in range(span.start, span.end)}
    forms: dict[tuple[str, ...], bool] = {}  # words -> whether a verb must stand before them
    whose: dict[tuple[str, ...], set[str]] = {}  # words -> the full names they may stand for
    for span in people:
        words = [bare(word) for word in span.name.split()]
        forms.setdefault(tuple(words), False)
        if len(words) < 2:
            continue
        tail = 2 if len(words) > 2 and (words[-1] in FOR_GOD or words[-2] in JOINS) else 1
        short = []
        if words[0] not in KUNYA and not (words[0] == "عبد" and len(words) == 2):
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
