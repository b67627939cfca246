"""Whom a speaker belongs to, as the role says it: a "French envoy" is France's, and so on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from transforms.recognition.naming import BODIES, normal_name

_OF_COUNTRIES = {
    "Afghan": "Afghanistan", "Albanian": "Albania", "Algerian": "Algeria", "American": "United States",
    "Argentine": "Argentina", "Armenian": "Armenia", "Australian": "Australia", "Austrian": "Austria",
    "Azerbaijani": "Azerbaijan", "Bahraini": "Bahrain", "Belarusian": "Belarus", "Belgian": "Belgium",
    "Bosnian": "Bosnia and Herzegovina", "Brazilian": "Brazil", "British": "United Kingdom", "Bulgarian": "Bulgaria",
    "Canadian": "Canada", "Chinese": "China", "Croatian": "Croatia", "Cypriot": "Cyprus", "Czech": "Czechia",
    "Danish": "Denmark", "Dutch": "Netherlands", "Egyptian": "Egypt", "Emirati": "United Arab Emirates",
    "Estonian": "Estonia", "Finnish": "Finland", "French": "France", "Georgian": "Georgia", "German": "Germany",
    "Greek": "Greece", "Hungarian": "Hungary", "Indian": "India", "Indonesian": "Indonesia", "Iranian": "Iran",
    "Iraqi": "Iraq", "Irish": "Ireland", "Israeli": "Israel", "Italian": "Italy", "Japanese": "Japan",
    "Jordanian": "Jordan", "Kazakh": "Kazakhstan", "Kuwaiti": "Kuwait", "Lebanese": "Lebanon", "Libyan": "Libya",
    "Malaysian": "Malaysia", "Mexican": "Mexico", "Moroccan": "Morocco", "Norwegian": "Norway", "Omani": "Oman",
    "Pakistani": "Pakistan", "Polish": "Poland", "Portuguese": "Portugal", "Qatari": "Qatar", "Romanian": "Romania",
    "Russian": "Russia", "Saudi": "Saudi Arabia", "Serbian": "Serbia", "Slovak": "Slovakia", "Spanish": "Spain",
    "Sudanese": "Sudan", "Swedish": "Sweden", "Swiss": "Switzerland", "Syrian": "Syria", "Tunisian": "Tunisia",
    "Turkish": "Turkey", "Ukrainian": "Ukraine", "US": "United States", "U.S.": "United States",
    "UK": "United Kingdom", "Uzbek": "Uzbekistan", "Vietnamese": "Vietnam", "Yemeni": "Yemen",
    "Democratic": "Democratic Party", "Republican": "Republican Party",
}  # fmt: skip
_OWNER = re.compile(r"(?P<name>.+?)['’]s?\b(?= )")
_BEHIND = re.compile(
    r"(?P<who>(?:(?!(?:of|for|at|from|with|to|in|on|by|displaced)\b)[^\s,]+ )+)(?:of|for|at|with) "
    r"(?:(?!(?:in|near|at|from|outside) )[a-z-]+ ){0,3}(?P<name>(?:[A-Z]|al-).*)"
)
_PEOPLES = frozenset(
    "Western European Arab Kurdish Sunni Shiite Alawite Druze Christian Muslim Turkmen Islamist".split()
)
_OF_NO_BODY = frozenset(
    "resident native mother father widow widower brother sister son daughter wife husband uncle aunt cousin friend "
    "veteran survivor refugee author writer witness graduate boy girl man woman".split()
)


def affiliation(role: str | None, known: Mapping[str, str]) -> str | None:
    """The state or body that ``role`` names as the speaker's own, as it is printed; None where it names none.

    ``known`` are the names that the article gives to anything but persons, normalised, with their labels.

    >>> affiliation("French envoy", {}), affiliation("mother of five", {})
    ('France', None)
    >>> affiliation("spokesman for the National Dawn Brigades", {"national dawn brigades": "GROUP"})
    'National Dawn Brigades'
    """
    if not role or role.lower().startswith(("former", "ex-")):
        return None
    owner = _OWNER.match(role)
    if owner is not None:
        return owner["name"] if normal_name(owner["name"]) in known else None
    words = role.split()
    if words[0] in _OF_COUNTRIES:
        return _OF_COUNTRIES[words[0]]
    leading = _longest(words[:-1], known)
    if leading is not None and known[normal_name(leading)] in BODIES and leading not in _PEOPLES:
        return leading
    behind = _BEHIND.match(role)
    if behind is None or behind["who"].split()[-1].lower() in _OF_NO_BODY:
        return None
    return _longest(behind["name"].split(), known)


def _longest(words: list[str], known: Mapping[str, str]) -> str | None:
    """The longest known name that ``words`` begin with."""
    for stop in range(min(len(words), 8), 0, -1):
        name = " ".join(words[:stop]).strip(",.")
        if name[:1].isupper() and normal_name(name) in known:
            return name
    return None
