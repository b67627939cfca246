"""Latin spellings of Arabic place names, by rule.

GeoNames gives one form in its own romanisation (``Khān Shaykhūn``) and some that are in use. News text has many
more: each agency has its article (al-, el-, ash-), its vowels (Sheikhoun, Shaykhun) and its way with ayn.
"""

from __future__ import annotations

import re
from itertools import islice, product

from transforms.phrases import fold_name

ARTICLES = frozenset("al el ad adh an ar as ash at ath az es ed er et en ez".split())
_WORDS = {
    "tall": ("tal", "tel", "tell"),
    "tell": ("tal", "tel", "tall"),
    "kafr": ("kafar", "kfar", "kefr", "kufr"),
    "dayr": ("deir", "deyr"),
    "shaykh": ("sheikh", "sheik", "cheikh", "seyh"),
    "khan": ("han",),
    "marrat": ("maarrat", "maarat", "maaret"),
    "maarrat": ("marrat", "maarat", "maaret"),
    "jisr": ("cisr",),
    "ayn": ("ain", "ein"),
    "bayt": ("beit", "beyt"),
    "abu": ("abou", "ebu"),
    "umm": ("um", "oum"),
    "jabal": ("jebel", "djebel", "cebel"),
    "khirbat": ("khirbet", "hirbet"),
    "qalat": ("qalaat", "kalat"),
    "ras": ("res",),
    "tayyibat": ("taybat", "taybet", "tayyibet", "tayibat", "taibet"),
    "burj": ("borj", "bourj"),
    "hajar": ("hajjar",),
    "aswad": ("eswed",),
    "majdal": ("majdel", "mejdel"),
}
_SOUNDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"iyah\b", ("iya", "iyeh", "iye")),
    (r"ah\b", ("a", "eh", "e")),
    ("ay", ("ai", "ei")),
    ("aw", ("au", "o")),
    ("q", ("k",)),
    ("sh", ("ch",)),
    (r"(?<=[^aeiou])u", ("ou", "o")),
    (r"(?<=[^aeiou])i(?=[^aeiouy])", ("e", "ee")),
    (r"([b-df-hj-np-tv-z])\1", (r"\1",)),
)
_MOST_FORMS = 48  # of one name; more would only add what nobody writes


def romanisations(name: str) -> list[str]:
    """Latin spellings of an Arabic place name given in GeoNames' romanisation, most likely first.

    >>> forms = romanisations("Khān Shaykhūn")
    >>> "khan Sheikhoun" in forms or "Khan sheikhoun" in forms
    True
    """
    folded = fold_name(name)
    forms: dict[str, None] = {}
    for spelled in dict.fromkeys((folded.replace("'", ""), folded)):  # Da'el: an ayn is written or not
        tokens = spelled.split()
        choices = [_article(tokens, i) if t in ARTICLES else _word(t) for i, t in enumerate(tokens)]
        for combination in islice(product(*choices), _MOST_FORMS):
            words = [word for word in combination if word]
            main = next((i for i, word in enumerate(words) if word not in ARTICLES), 0)
            words[main] = words[main].capitalize()
            forms[" ".join(words)] = None
    return list(forms)[: 2 * _MOST_FORMS]


def first_words(name: str) -> list[str]:
    """The same name with another article, or another spelling of a common first word: At Tabqah, al Tabqah, Tabqah."""
    first, _, rest = name.partition(" ")
    if not rest:
        return []
    known = fold_name(first).replace("'", "")
    if known in ARTICLES:
        return [f"al {rest}", f"el {rest}", rest] if len(rest) > 5 else [f"al {rest}", f"el {rest}"]
    return [f"{other.capitalize()} {rest}" for other in _WORDS.get(known, ())]


def _article(tokens: list[str], index: int) -> tuple[str, ...]:
    forms = dict.fromkeys((tokens[index], "al", "el"))
    return ("", *forms) if index == 0 and sum(map(len, tokens[1:])) >= 5 else tuple(forms)


def _word(token: str) -> tuple[str, ...]:
    known = _WORDS.get(token.replace("'", ""))
    if known:
        return (token, *known)
    forms = [token]
    for sound, others in _SOUNDS:
        forms += [changed for form in forms for to in others if (changed := re.sub(sound, to, form)) != form]
        if len(forms) > _MOST_FORMS:
            break
    return tuple(dict.fromkeys(forms[:_MOST_FORMS]))
