"""Whom a speaker belongs to, as the role says it: a "French envoy" is France's, and so on."""

from __future__ import annotations

import re

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
_NAME = r"(?:[A-Z][\w.'’-]*|al-\w+)(?:(?: (?:of|for|on|the|and|in|al|de|&))*(?: (?:[A-Z][\w.'’-]*|al-\w+)))*"
_OWNER = re.compile(rf"(?P<name>{_NAME})['’]s?\b(?= )")
_LEADING = re.compile(rf"(?P<name>{_NAME})(?= [a-z])")
_BEHIND = re.compile(
    rf"(?P<who>(?:(?!(?:of|for|at|from|with|to|in|on|by|displaced)\b)[^\s,]+ )+)(?:of|for|at|with|to) "
    rf"(?:[a-z-]+ ){{0,3}}(?P<name>{_NAME})"
)
_NO_STATES = frozenset(
    "Kurdish Arab Arabic Christian Muslim Sunni Shiite Shia Alawite Druze Yazidi Turkmen Circassian Islamist Jihadist "
    "European President Senator Representative General Many Most Some All Several Other Another Both Few Local Police "
    "Western Eastern Northern Southern African Asian Ottoman State".split()
)
_OF_NO_BODY = frozenset(
    "resident native mother father widow widower brother sister son daughter wife husband uncle aunt cousin friend "
    "veteran survivor refugee author writer witness graduate boy girl man woman".split()
)
_OFFICES = frozenset(
    "president prime vice deputy foreign interior defence defense minister general colonel captain major brigadier "
    "lieutenant senator governor mayor king queen prince secretary chief chairman director professor doctor judge "
    "sheikh imam ambassador envoy commander representative rep sen gov gen col speaker chancellor premier".split()
)


def affiliation(role: str | None) -> str | None:
    """The state or body that ``role`` names as the speaker's own, by its plain name; None where it names none.

    >>> affiliation("French envoy"), affiliation("Turkey's foreign minister")
    ('France', 'Turkey')
    >>> affiliation("spokesman for the National Dawn Brigades"), affiliation("mother of five")
    ('National Dawn Brigades', None)
    """
    if not role:
        return None
    owner = _OWNER.match(role)
    if owner is not None:
        return owner["name"]
    first = role.split()[0]
    if first in _OF_COUNTRIES:
        return _OF_COUNTRIES[first]
    leading = _LEADING.match(role)
    begins = leading["name"].split()[0] if leading is not None else ""
    if leading is not None and begins.lower().rstrip(".") not in _OFFICES and begins not in _NO_STATES:
        return leading["name"]
    behind = _BEHIND.match(role)
    if behind is None or behind["name"] in _NO_STATES or behind["who"].split()[-1].lower() in _OF_NO_BODY:
        return None
    return behind["name"]
