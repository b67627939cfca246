"""Where quotation marks open and close: spans of quoted words, from the text alone.

One pass, linear in the text. A quotation without a closing mark ends with its paragraph, unless the next
paragraph opens with a mark again: then it is the same quotation going on (the newspaper habit of repeating the
opening mark), and one span.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_OPEN = {"“": "”", "„": "“”", "«": "»", "‹": "›", "「": "」"}
_MARK = re.compile(r"[\"“”„«»]|''|``|‘|’|(?<![^\s(\[—–-])'(?=\w)|(?<=[.,?!…])'(?!\w)|(?<=\w)'(?=[,.;:?!)])")
_SPACE_OR_OPENING = frozenset(" \t\xa0\u202f([{—–-/\u200f\u200e")


@dataclass(frozen=True)
class Quoted:
    """Quoted words ``[start, end)`` without their marks; ``outer_*`` include the marks and paddings."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    paragraph: int
    closed: bool
    goes_on: bool = False  # the previous paragraph's quotation, opened again
    last: int = -1  # the paragraph in which it ends, if that is another

    @property
    def last_paragraph(self) -> int:
        return max(self.paragraph, self.last)


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the [start, end) of every non-blank line, in order."""
    return [m.span() for m in re.finditer(r"[^\r\n\u2028\u2029]*\S[^\r\n\u2028\u2029]*", text)]


def quoted_spans(text: str, lines: list[tuple[int, int]]) -> list[Quoted]:
    """Return the outermost quoted spans of ``text`` in order; empty ones are left out.

    ``lines`` is :func:`paragraphs` of the same text.
    """
    found: list[Quoted] = []
    was_open: str | None = None  # the mark that the previous paragraph left open
    for number, (start, end) in enumerate(lines):
        spans, was_open = _in_paragraph(text, start, end, number, was_open)
        if found and spans and spans[0].goes_on and found[-1].last_paragraph == number - 1 and not found[-1].closed:
            whole, rest = found.pop(), spans.pop(0)
            end, outer_end, closed = rest.end, rest.outer_end, rest.closed
            found.append(replace(whole, end=end, outer_end=outer_end, closed=closed, last=number))
        found += spans
    return found


def _in_paragraph(
    text: str, start: int, end: int, number: int, was_open: str | None
) -> tuple[list[Quoted], str | None]:
    found: list[Quoted] = []
    opened = -1  # where the outer mark stands
    mark = ""
    depth = 0
    first = len(text[start:end]) - len(text[start:end].lstrip()) + start
    for hit in _MARK.finditer(text, start, end):
        at, sign = hit.start(), hit.group()
        if opened < 0:
            if _opens(text, at, hit.end(), sign, start, end):
                opened, mark, depth = at, sign, 0
            continue
        role = _role(text, at, hit.end(), sign, mark, start, end)
        if role == "open":
            depth += 1
        elif role == "close":
            if depth:
                depth -= 1
                if not _must_close(text, hit.end(), sign, mark, end):
                    continue
                depth = 0
            _add(found, text, opened, mark, at, hit.end(), number, True, was_open if opened == first else None)
            opened = -1
    if opened >= 0 and mark not in ("‘", "'"):
        _add(found, text, opened, mark, end, end, number, False, was_open if opened == first else None)
        return found, mark
    return found, None


def _must_close(text: str, after: int, sign: str, mark: str, end: int) -> bool:
    """Inside a straight quotation an unpaired inner mark is likelier than a nest: close at a paragraph's
    end.
    """
    return sign == mark and not text[after:end].strip() if end - after < 3 else False


def _opens(text: str, at: int, after: int, sign: str, start: int, end: int) -> bool:
    """Whether a mark met outside a quotation opens one."""
    if after >= end or (text[after].isspace() and sign != "«"):
        return False
    before_ok = at == start or text[at - 1] in _SPACE_OR_OPENING or text[at - 1] in ":,;"
    if sign in ("“", "„", "«", "``"):
        return True
    if sign == "’" or sign == "”" or sign == "»":
        # A closing mark where none is open. Some type it for an opening one, at the start of a word.
        return sign == "”" and before_ok and text[after].isalnum()
    if sign in ("‘", "'"):
        return before_ok and text[after].isalpha()
    if before_ok:
        return True
    # No space before it: an attribute of markup ("id=") or a closing mark whose partner is lost.
    return text[after].isalnum() and not text[at - 1].isalnum() and text[at - 1] not in ".!?="


def _role(text: str, at: int, after: int, sign: str, mark: str, start: int, end: int) -> str:
    """What a mark does inside a quotation that ``mark`` opened: open, close, or nothing."""
    if sign in _OPEN.get(mark, "") and sign != mark:
        return "close"
    if mark in ('"', "''", "``", "”"):
        if sign in ("”", "“") and mark == '"':
            return "close" if sign == "”" else "open"  # hands and machines share a text: opened straight, closed curly
        if sign != mark and not (mark == "``" and sign == "''") and not (mark == "''" and sign == '"'):
            return ""
        spaced = text[at - 1].isspace() or text[at - 1] in "([—"
        word_after = after < end and (text[after].isalnum() or text[after] == "$")
        return "open" if spaced and word_after and at > start and mark != "”" else "close"
    if mark == "“":
        if sign == "“":
            # The opening mark typed for the closing one: here,“ said
            return "close" if after >= end or (text[after].isspace() and not text[at - 1].isspace()) else "open"
        if sign == '"':
            # Opened curly, closed straight: happens where hands and machines share a text.
            return "close" if after >= end or not text[after].isalnum() else ""
        return ""
    if mark == "«":
        return "open" if sign == "«" else ""
    if mark in ("‘", "'"):
        closing = "’" if mark == "‘" else "'"
        if sign != closing or (after < end and text[after].isalnum()):
            return ""
        # An apostrophe that ends a plural (the workers’ demand) is followed by a word.
        following = text[after : after + 2]
        plural = text[at - 1] == "s" and following[:1] == " " and following[1:].islower()
        return "" if plural else "close"
    return ""


def _add(
    found: list[Quoted],
    text: str,
    opened: int,
    mark: str,
    at: int,
    outer_end: int,
    number: int,
    closed: bool,
    was_open: str | None,
) -> None:
    start, end = opened + len(mark), at
    while start < end and (text[start].isspace() or text[start] in "\u200e\u200f"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "\u200e\u200f"):
        end -= 1
    if start < end and any(c.isalnum() for c in text[start : min(end, start + 50)]):
        found.append(Quoted(start, end, opened, outer_end, number, closed, was_open == mark))
