"""Names that stand beside words without a verb: a signature behind a dash, and the name before a transcript's line.

``“We wait for bread.” — Salma Haddar`` and ``HADDAR: We wait for bread.``
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.quotation.marks import Quoted

_NAME = r"[^\W\d_][\w.'’-]*(?: (?:[^\W\d_][\w.'’-]*|“[^”]{1,20}”)){0,5}"
_SIGNED = re.compile(rf"\s*[—–―]\s*(?P<name>{_NAME})(?P<more>,[^\n]{{0,80}})?\s*\.?\s*(?:$|(?=\n))", re.MULTILINE)
_BELOW = re.compile(rf"\s*[-–—―]+ ?(?P<name>{_NAME})(?P<more>,[^\n]{{0,80}})?\s*\.?\s*$")
_BEFORE = re.compile(rf"(?P<name>{_NAME})(?: \([^()\n]{{1,30}}\))?(?:, \d\d)?: *$")
_WORDS = r"[^\W\d_][\w.-]*(?: [^\W\d_][\w.-]*){0,4}"
_FROM = re.compile(rf"(?:[Mm]ore )?[Ff]rom (?P<name>{_WORDS})(?:['’]s [\w ]{{2,40}})?: *$")
_LINE = re.compile(r"[\"“]?(?P<name>[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3}|Q|A): +(?=\S)")


@dataclass(frozen=True)
class Named:
    """Words ``[start, end)`` said by the name at ``[name_start, name_end)``."""

    start: int
    end: int
    name_start: int
    name_end: int


def signature(text: str, quoted: Quoted, lines: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Where the name stands that signs a quotation: behind it, on a line of its own below it, or with a colon
    before it ("Salma Haddar (Hama): “…”"). ``lines`` are the text's paragraphs."""
    start, end, below = lines[quoted.paragraph][0], lines[quoted.last_paragraph][1], quoted.last_paragraph + 1
    hit = _SIGNED.match(text, quoted.outer_end, min(end, quoted.outer_end + 150))
    if hit is None and quoted.outer_end >= end - 1 and below < len(lines):
        hit = _BELOW.match(text, lines[below][0], min(lines[below][1], end + 150))
        hit = None if hit is not None and hit["name"].strip(".").casefold() in _AGENCIES else hit
    if hit is None and quoted.outer_start - start < 90:
        hit = _FROM.match(text, start, quoted.outer_start) or _BEFORE.match(text, start, quoted.outer_start)
    if hit is None or not all(word[0].isupper() or word in _PARTICLES for word in hit["name"].split()):
        return None
    return hit.span("name")


_AGENCIES = frozenset(("reuters", "ap", "afp", "dpa", "efe", "sana", "anadolu", "associated press", "with agencies"))
_PARTICLES = frozenset("al el bin ibn van von de da der la le and abu n".split())


def transcript(text: str, lines: list[tuple[int, int]]) -> list[Named]:
    """The lines of a transcript: at least three that begin with a name in capitals and a colon, of two names.

    A line goes on over the next paragraphs until one begins with a name again only where it is marked so; what
    follows without a name may be the writer's.
    """
    found = []
    for start, end in lines:
        hit = _LINE.match(text, start, min(end, start + 80))
        if hit is not None and hit.end() < end:
            found.append(Named(hit.end(), end, *hit.span("name")))
    names = {text[named.name_start : named.name_end] for named in found}
    return found if len(found) > 2 and len(names) > 1 else []
