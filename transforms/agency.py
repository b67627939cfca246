"""The news agency that a text comes from, by byline, dateline and credit line."""

from __future__ import annotations

import re

_AGENCIES = {
    "AFP": r"\bAFP\b|Agence France-Presse", "Reuters": r"\bReuters\b", "AP": r"\(AP\)|\bAssociated Press\b",
    "Anadolu": r"\bAnadolu\b|\(AA\)", "SANA": r"\bSANA\b", "dpa": r"\bdpa\b", "EFE": r"\bEFE\b",
}  # fmt: skip


def find_agency(*texts: str | None) -> str | None:
    """The news agency that bylines and credit lines name."""
    for text in texts:
        for agency, pattern in _AGENCIES.items():
            if text and re.search(pattern, text):
                return agency
    return None


def credit_lines(text: str) -> str:
    """Where copy names its agency: the dateline and the last line."""
    paragraphs = text.split("\n\n")
    last = paragraphs[-1] if len(paragraphs[-1]) < 120 else ""
    dateline = re.match(r"[^—–\-:]{0,60}\([^)]{2,40}\)\s*[—–\-:]", paragraphs[0])
    return f"{dateline[0] if dateline else ''}\n{last}"
