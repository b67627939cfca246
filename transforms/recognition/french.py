"""French names: the spans of spaCy's recogniser under our labels, repaired where it is known to fail.

WikiNER's four labels are coarse, and the small model takes whatever is capital for a place: a person needs two words,
a title, or a full name elsewhere in the article; a place that no map knows needs a preposition of place before it.
"""

from __future__ import annotations

import re

from schemas.records import Syntax
from transforms.quotation import firstnames
from transforms.recognition.naming import normal_name, trim_name
from transforms.recognition.spans import Span

_LABELS = {"PER": "PERSON", "ORG": "BODY", "LOC": "PLACE", "MISC": "MISC"}
_BREAK = re.compile(r"[()\n«»“”\",;:]|\s[—–-]\s")
_LEADING = re.compile(r"(?:(?:de|du|des|le|la|les|un|une|à|au|et|en)\s|[dlsnjcmt]['’]|qu['’])+", re.IGNORECASE)
_HONORIFIC = re.compile(r"(?:MM?\.|Mmes?\.?|Mlle|Me|Dr\.?|Pr\.?)\s+")
_WORD = r"(?:[A-ZÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ][\w’'‘]*(?:-[\w’']+)*|(?:al|el|an|ar|as|ash|at)-[A-Z][\w’']*)"
_NAME = rf"{_WORD}(?:\s(?:(?:de|du|des|la|van|von|der|den|bin|ben|ibn|al|el)\s)*{_WORD}){{0,3}}"
_HONOURED = re.compile(rf"(?<!\w)(?:MM?\.|Mmes?\.?|Mlle|Me|Dr\.?|Pr\.?)\s(?P<name>(?:(?:de|van|von)\s)*{_NAME})")
_ROLES = (
    "président|présidente|premier ministre|ministre|porte-parole|ambassadeur|ambassadrice|général|colonel|capitaine|"
    "commandant|émissaire|envoyé|envoyée|médiateur|directeur|directrice|maire|gouverneur|chef|médecin|docteur|"
    "pédiatre|chirurgien|professeur|avocat|avocate|chercheur|chercheuse|analyste|expert|experte|responsable|militant|"
    "militante|journaliste|institutrice|instituteur|infirmier|infirmière|ingénieur|coordinateur|coordinatrice|"
    "secrétaire|sénateur|député|députée|cheikh|roi|prince|représentant|représentante|diplomate|patron|patronne|frère|"
    "sœur|mari|épouse|fils|fille|père|mère|cousin|cousine|oncle|tante|neveu|nièce|boulanger|agriculteur|pharmacien"
)
_TITLED = re.compile(
    rf"(?<![\w-])(?:{_ROLES})(?:\s(?:général|adjoint|adjointe|d['’]État|en chef|par intérim|spécial|spéciale|"
    rf"[a-zéèà]+(?:ais|aise|ien|ienne|ain|aine|ois|oise|ite|que|ol|ole|and|ande|in|ine|if|ive|al|ale|rd|rde|c)))?,?\s"
    rf"(?P<name>(?:[Aa]bou\s)?{_NAME})"
)
_KUNYA = re.compile(rf"(?<!\w)(?:Abou|Oum)\s{_WORD}")
_LOCATIVE = re.compile(
    r"(?:(?<!\w)(?:à|au|aux|en|de|du|des|dans|vers|depuis|près de|sur|entre|via|pour|par)\s(?:l['’]|la\s|le\s|les\s)?"
    r"|(?<!\w)d['’]|\()$",
    re.IGNORECASE,
)
_MANY = re.compile(r"(?<!\w)(?:aux|des|les|ces|deux|trois|quatre|cinq|entre|\d+)\s$", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\w+(?:[iïé]en(?:ne)?|ain|aine|aise?|oise?|ite|ande?)s?|Turc(?:que)?s|Kurdes|Russes|Arabes|Druzes|Slaves"
)
_MEDIA = frozenset("agence journal radio télévision chaîne quotidien hebdomadaire magazine site revue".split())
_NGO = frozenset("ong association secours croissant-rouge collectif observatoire fondation casques médecins".split())
_NOT_PERSON = frozenset(
    """
    agence conseil ministère secours croissant observatoire armée union nations état parti mouvement
    front forces organisation association fondation comité commission tribunal cour centre collectif
    casques ligue unicef
    """.split()
)


def french_spans(syntax: Syntax) -> list[Span]:
    """The recogniser's spans that stand up, and persons whom a title shows. Overlaps are for the caller."""
    text = syntax.text
    spans = _titled_spans(text)
    shown = {at for span in spans for at in range(span.start, span.end)}
    loose: list[Span] = []
    for first, stop, wikiner in syntax.names:
        label = _LABELS.get(wikiner)
        start, end = syntax.starts[first], syntax.starts[stop - 1] + len(syntax.words[stop - 1])
        start, end = _trimmed(text, start, end)
        name = text[start:end]
        if label is None or end - start < 2 or (not name[0].isupper() and name[:3].lower() not in ("al-", "el-")):
            continue
        if shown & {start, end - 1}:
            continue
        if label != "PERSON" and (at := _person_within(name)) > 0:  # "Nations Unies Antonio Guterres"
            spans.append(Span(start + at, end, "PERSON", name[at:], 1))
            name, end = name[:at].rstrip(), start + len(name[:at].rstrip())
        span = Span(start, end, label, name, 1)
        if label == "PLACE":
            if _LOCATIVE.search(text, max(0, start - 14), start) and not _is_people(text, start, name):
                spans.append(span)
        elif label == "BODY":
            span.label = _body_label(name)
            if " " in name or name.isupper():
                spans.append(span)
        elif label == "PERSON" and not _is_body(name) and _is_full(name):
            spans.append(span)
        elif not _is_body(name):
            loose.append(span)
    return spans + _parts_of_persons(loose, spans)


def _is_people(text: str, start: int, name: str) -> bool:
    """Whether it is a people of which some or all are spoken: "des Syriens" is no place."""
    return name.endswith("s") and bool(_PEOPLE.fullmatch(name)) and bool(_MANY.search(text, max(0, start - 8), start))


def _titled_spans(text: str) -> list[Span]:
    """`M. Rescanières`, `le porte-parole Orhan Sezgin`, `Abou Walid`."""
    found: dict[int, Span] = {}
    for pattern in (_HONOURED, _TITLED, _KUNYA):
        for hit in pattern.finditer(text):
            start, end = hit.span("name") if "name" in pattern.groupindex else hit.span()
            name = text[start:end]
            if start in found or _is_body(name) or (pattern is _TITLED and " " not in name):
                continue
            found[start] = Span(start, end, "PERSON", name, 1)
    return list(found.values())


def _parts_of_persons(loose: list[Span], spans: list[Span]) -> list[Span]:
    """Of what is left under PER and MISC the full names whose surname a title shows ("M. al-Mufti"), and single
    words that belong to a full name of the article."""
    surnames = tuple(f" {normal_name(span.name)}" for span in spans if span.label == "PERSON")
    spans = spans + [span for span in loose if normal_name(span.name).endswith(surnames)]
    parts = {part for span in spans if span.label == "PERSON" for part in normal_name(span.name).split()}
    whole = {normal_name(span.name) for span in spans if span.label == "PERSON"}
    found = []
    for span in loose:
        words = normal_name(span.name).split()
        if normal_name(span.name).endswith(surnames) or (words and (set(words) <= parts or " ".join(words) in whole)):
            span.label = "PERSON"
            found.append(span)
    return found


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The name itself: up to a bracket, mark or dash, without articles, prepositions and titles."""
    cut = _BREAK.search(text, start, end)
    if cut is not None and cut.start() > start:
        end = cut.start()
    leading = _LEADING.match(text, start, end)
    if leading is not None and leading.end() < end:
        start = leading.end()
    honorific = _HONORIFIC.match(text, start, end)
    if honorific is not None:
        start = honorific.end()
    return trim_name(text, start, end, titles=False)


def _is_full(name: str) -> bool:
    """Two words, or one that is known as a first name."""
    words = normal_name(name).split()
    return len(words) > 1 or bool(words and firstnames.gender(words[0]))


def _person_within(name: str) -> int:
    """Where a person's name begins behind another, at a first name with one more word behind it; else 0."""
    words = list(re.finditer(r"\S+", name))
    for word in words[1:-1]:
        if word.group()[0].isupper() and firstnames.gender(normal_name(word.group())):
            return word.start()
    return 0


def _is_body(name: str) -> bool:
    return name.isupper() or not set(normal_name(name).split()).isdisjoint(_NOT_PERSON)


def _body_label(name: str) -> str:
    words = set(name.lower().replace("’", "'").split())
    if words & _MEDIA:
        return "MEDIA"
    return "NGO" if words & _NGO else "BODY"
