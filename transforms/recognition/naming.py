"""What is a name and what is not, when two are the same, and the ids of names."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from schemas.records import Entity
from transforms.identity import digest
from transforms.recognition.transliteration import key_words

# Words before a name that are no part of it. Compared caseless, without a final dot.
TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend fr father sister brother imam sheikh "
    "shaykh mullah president vice-president minister premier chancellor secretary ambassador envoy governor "
    "mayor senator sen rep congressman congresswoman representative judge justice king queen prince princess "
    "emir sultan general gen colonel col lt lieutenant major maj captain capt brigadier brig sgt sergeant "
    "commander cmdr admiral adm marshal chief officer spokesman spokeswoman spokesperson chairman chairwoman "
    "director deputy foreign prime defence defense former acting special".split()
)
DEMONYMS = frozenset(
    "syrian syrians turkish russian russians iranian iranians iraqi iraqis lebanese jordanian jordanians israeli "
    "israelis american americans british french german saudi qatari egyptian egyptians kurdish kurd kurds turk turks "
    "palestinian palestinians emirati ukrainian ukrainians european europeans arab arabs chinese norwegian swedish "
    "danish dutch finnish swiss belgian italian spanish polish czech greek kazakh uzbek chechen afghan pakistani "
    "indian canadian australian austrian hungarian kuwaiti yemeni libyan tunisian algerian moroccan sudanese cypriot "
    "armenian azeri azerbaijani georgian japanese irish scottish alawite alawites druze yazidi yazidis sunni sunnis "
    "shiite shia shiites christians muslims".split()
)
BODIES = frozenset(("GROUP", "STATE", "BODY", "NGO", "MEDIA"))  # the labels of those who act together
_PEOPLES = {"kurdish": "kurd", "turkish": "turk", "jewish": "jew", "arabs": "arab"}
_EDGE = " \t\r\n\xa0\"'“”„«»‘’`´,.;:!?()[]{}<>*-–—•|/\\_#@"


@lru_cache(maxsize=4096)
def normal_name(name: str) -> str:
    """Return ``name`` caseless, without marks and punctuation, words parted by one space."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain.replace("'", "").replace("’", "")))


def name_id(label: str, name: str) -> str:
    """Return the id of a name that neither topic nor gazetteer knows: the same in every article.

    And for all spellings of one Arabic person's name (:mod:`transforms.recognition.transliteration`), and for
    singular and plural of a people.
    """
    normal = normal_name(name)
    if label == "PERSON" and len(words := key_words(name)) > 1:
        normal = " ".join(words)
    elif label == "GROUP":
        normal = one_of_them(normal)
    return "name:" + digest("name", label, normal)


def one_of_them(normal: str) -> str:
    """The normal name of a people in the singular: "syrians" and "syrian" are one, "kurdish" is "kurd"."""
    if normal in _PEOPLES:
        return _PEOPLES[normal]
    return normal[:-1] if len(normal) > 4 and normal.endswith("s") and not normal.endswith(("ss", "us")) else normal


def topic_id(name: str) -> str:
    """Return the id of a name the topic knows: ``topic:`` and its slug."""
    return "topic:" + (normal_name(name).replace(" ", "-") or "unnamed")


def full_name(entity: Entity) -> str:
    """The fullest name that the article gives a person known to the topic, else the entity's own: the topic's
    spelling need not stand in the text."""
    if entity.label != "PERSON" or not entity.entity_id.startswith("topic:"):
        return entity.name
    given = [m.text for m in entity.mentions if " " in m.text and not m.text.isupper()]
    return max(given, key=len, default=entity.name)


def trim_name(text: str, start: int, end: int, *, titles: bool) -> tuple[int, int]:
    """Narrow ``[start, end)`` to the name itself; ``start == end`` where nothing is left.

    Takes away edge punctuation, a leading article, a possessive ending, all that follows a line break,
    and, for persons, leading titles and nationalities.
    """
    if (cut := text.find("\n", start, end)) > start:
        end = cut
    changed = True
    while changed and start < end:
        changed = False
        while start < end and text[start] in _EDGE:
            start += 1
        while end > start and text[end - 1] in _EDGE and not _keeps_dot(text, start, end):
            end -= 1
        if text[start:end].endswith(("'s", "’s", "'S", "’S")):
            end -= 2
            changed = True
        space = text.find(" ", start, end)
        if space > 0:
            word = text[start:space].lower().rstrip(".")
            if word in ("the", "a", "an") or (titles and (word in TITLES or word in DEMONYMS)):
                start = space
                changed = True
    if titles and text[start:end].lower().rstrip(".") in TITLES:
        return start, start
    return start, end


def _keeps_dot(text: str, start: int, end: int) -> bool:
    """Whether the final dot belongs to an abbreviation such as U.N. or Jr."""
    return text[end - 1] == "." and (
        text[max(start, end - 3) : end - 2] == "." or text[start:end].endswith(("Jr.", "Sr."))
    )
