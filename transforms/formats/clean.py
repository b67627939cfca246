"""Text made fit to be kept: what no table can hold is taken out, and said.

What is taken out leaves a mark (a noncharacter, which XML lets pass) where it stood, so that it is known which
entry's field it was when the entry is made; :func:`clean` takes the marks out and names them.
"""

from __future__ import annotations

import re
from html.entities import html5

import lxml.etree
import lxml.html

# Marks of what was no character, and of bytes that were none. Whoever sends them sends what is no character.
CONTROL, REPLACED = "\ufdd0", "\ufdd1"
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_UNMARKED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd2-\ufdef\ufffe\uffff]+")
_REFERENCE = re.compile(  # with the second half of a character behind it, it may be
    "&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?(?:(?<=;)&#(?:[xX]([dD][c-fC-F][0-9a-fA-F]{2})|(5[67][0-9]{3}));)?"
)
_BLOCK = frozenset("p div br li h1 h2 h3 h4 h5 h6 blockquote tr section article figcaption".split())


def mark(text: str) -> str:
    """``text`` with a mark in the place of control characters, lone surrogates and noncharacters."""
    return _UNMARKED.sub(CONTROL, text)


def mark_references(text: str) -> str:
    """``text`` in which references to what is no character are marks, and two halves of one are one character.

    ``&#55357;&#56832;`` is an emoji written as two halves: no XML parser takes it.
    """
    return _REFERENCE.sub(_reference, text) if "&#" in text else text


def _reference(found: re.Match[str]) -> str:
    first, rest = _number(found[1], found[2]), ""
    if found[3] or found[4]:
        second = _number(found[3], found[4])
        if 0xD800 <= first < 0xDC00 <= second < 0xE000:
            return chr(0x10000 + ((first - 0xD800) << 10) + second - 0xDC00)
        rest = CONTROL if 0xDC00 <= second < 0xE000 else f"&#{second};"
    # &#150; is a dash of Windows, which feedparser and lxml know.
    if first > 0x10FFFF or (_UNFIT.match(chr(first)) and not 0x80 <= first < 0xA0):
        return CONTROL + rest
    return f"&#{first};{rest}" if rest or found[0][2] == "X" else found[0]  # XML knows no capital X


def _number(hexadecimal: str | None, decimal: str | None) -> int:
    digits, base = (hexadecimal, 16) if hexadecimal else (decimal or "", 10)
    digits = digits.lstrip("0")
    return int(digits or "0", base) if len(digits) < 8 else 0x110000


def named_character(name: str) -> str | None:
    """The character that HTML calls ``&name;``."""
    return html5.get(f"{name};")


def clean(text: str) -> tuple[str, set[str]]:
    """``text`` without marks and all that wants one, and what of ``REDUCED`` that was."""
    if not _UNFIT.search(text):
        return text, set()
    found = set(_UNFIT.findall(text))
    return fold(_UNFIT.sub("", text)), {"bytes_replaced" if c == REPLACED else "control_characters" for c in found}


def marked_text(markup: str) -> str:
    """The text of an HTML fragment that is marked, with its marks: paragraphs parted by a blank line, white space
    folded."""
    if "<" not in markup and "&" not in markup:
        return fold(markup)
    try:
        root = lxml.html.fragment_fromstring(mark_references(markup), create_parent="div")
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return fold(re.sub(r"<[^<>]*>", " ", markup))
    for element in root.iter(lxml.etree.Element):
        if element.tag in {"script", "style"}:
            element.text = None
        if element.tag in _BLOCK:
            element.tail = "\n\n" + (element.tail or "")
            if element is not root:
                element.text = "\n\n" + (element.text or "")
    return fold(root.text_content())


def fold(text: str) -> str:
    """``text`` with single spaces, and one blank line where there was one or more."""
    if "\n" not in text:
        return " ".join(text.split())
    paragraphs = (" ".join(p.split()) for p in re.split(r"\n\s*\n", text))
    return "\n\n".join(p for p in paragraphs if p)


def cut(text: str, most: int) -> str:
    """The first ``most`` characters of ``text``, up to the end of a paragraph or a word where one is near."""
    if len(text) <= most:
        return text
    part = text[:most]
    for end in ("\n\n", " "):
        at = part.rfind(end, most - most // 4)
        if at > 0:
            return part[:at].rstrip()
    return part
