"""What a person is to the article: the role that stands before a name, or behind it in apposition."""

from __future__ import annotations

import re

from transforms.quotation.cues import COMMON_PERSONS
from transforms.quotation.parse import Parsed
from transforms.recognition.naming import TITLES

_ROLE_END = re.compile(r"$|\.(?=\s|$)|[,;:()\"“”—–]|\b(?:who|whom|whose|where|when|which|that|said|says|told)\b")

_FIRMS = frozenset(
    "company companies group groups agency agencies firm firms organisation organization charity newspaper website "
    "station channel network militia town city village province brand band".split()
)


def role_before(parsed: Parsed, first: int) -> str | None:
    """`aid worker Salma Haddar`, `President Haddar`: the words of the same phrase before the name."""
    i = first
    while (
        i > 0
        and first - i < 9
        and (
            parsed.pos[i - 1] in ("NOUN", "ADJ")
            or parsed.words[i - 1] == "-"
            or parsed.words[i - 1] in ("'s", "’s")
            or (parsed.pos[i - 1] == "PROPN" and not parsed.words[i - 1].isspace())
        )
    ):
        i -= 1
    while i < first and parsed.words[i] in ("-", "'s", "’s"):
        i += 1
    if i == first or parsed.words[first - 1] in ("'s", "’s", "-"):
        return None
    role = parsed.text[parsed.starts[i] : parsed.starts[first]].strip()
    last = parsed.words[first - 1].lower().rstrip(".")
    if parsed.pos[first - 1] == "PROPN" and last not in TITLES and last not in COMMON_PERSONS:
        return None
    if last in ("mr", "mrs", "ms", "miss", "later", "statement", "time", "old") or parsed.pos[first - 1] == "ADJ":
        return None  # "I am glad Haddar", "the 70-year-old Haddar"
    if (
        parsed.pos[first - 1] == "NOUN"
        and last not in COMMON_PERSONS
        and last not in TITLES
        and parsed.dep[first - 1] not in ("compound", "nmod", "amod")
    ):
        return None
    return clean_role(role)


def role_after(parsed: Parsed, after: int) -> str | None:
    """`Salma Haddar, a pharmacist in Saraqib, said`: the apposition behind the name."""
    if after + 2 >= len(parsed.words) or parsed.words[after] != ",":
        return None
    word = parsed.words[after + 1].lower()
    opening = (
        word in ("a", "an", "the", "his", "her", "its", "one")
        or parsed.pos[after + 1] in ("NOUN", "ADJ")
        or word in TITLES
        or word in COMMON_PERSONS
    )
    if not opening:
        return None
    start = parsed.starts[after + 1]
    text = parsed.text[start : start + 120]
    stop = _ROLE_END.search(text)
    if stop is None:
        return None
    role = text[: stop.start()].strip()
    nouns = {w.lower().strip(".") for w in role.split()}
    tied = parsed.dep[after + 1] in ("appos", "det", "amod", "compound", "poss", "nummod", "nmod")
    if not (nouns & COMMON_PERSONS or nouns & TITLES) and not (tied and _has_appos(parsed, after)):
        return None
    return clean_role(role)


def _has_appos(parsed: Parsed, after: int) -> bool:
    return any(parsed.dep[c] == "appos" and c > after for c in parsed.rights(after - 1))


def clean_role(role: str) -> str | None:
    role = re.sub(r"^(?:the|a|an|his|her|its)\s+", "", role.strip(" ,"), flags=re.IGNORECASE)
    role = re.sub(r"\s+", " ", role)
    return role if 2 < len(role) <= 100 and len(role.split()) <= 14 else None


def is_firm(role: str | None) -> bool:
    """`Orontes Coal, one of the country's largest companies`: what the recogniser took for a person."""
    head = re.split(r" (?:of|for|at|in|from|with|on|to|that) ", role.removeprefix("one of "))[0] if role else ""
    return head.split()[-1:] != [] and head.split()[-1].lower() in _FIRMS


def bare_name(name: str) -> str | None:
    """A printed name without article and courtesy title."""
    words = name.split()
    while words and (words[0].lower() == "the" or (len(words) > 1 and words[0].lower().rstrip(".") in TITLES)):
        words = words[1:]
    name = " ".join(words).rstrip(".")
    return name if name[:1].isupper() and name.lower() not in TITLES and name.lower() not in COMMON_PERSONS else None
