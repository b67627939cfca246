"""Articles of our own in four languages, labelled by relevance; see FORMAT.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "fr", "ar", "tr")
LABELS = ("core", "part", "passing", "none")
_HEAD = re.compile(r"# ([a-z0-9-]+) \| (\w+) \| (idlib|-)\n")


@dataclass(frozen=True)
class Labelled:
    name: str  # what makes it easy or hard
    language: str
    label: str  # one of LABELS
    idlib: bool  # to be kept, and a place in Idlib province is named
    title: str
    text: str

    @property
    def keep(self) -> bool:
        return self.label in ("core", "part")

    @property
    def summary(self) -> str:
        """As a feed would have it: the first two sentences."""
        body = re.sub(r"\s+", " ", self.text)
        return " ".join(re.split(r"(?<=[.!?؟”»]) (?=\S)", body)[:2])


def articles(language: str) -> list[Labelled]:
    """The articles of ``language``, in the file's order. Raises ``ValueError`` where the file is not in the format."""
    path = Path(__file__).parent / f"{language}.md"
    fields = _HEAD.split(path.read_text(encoding="utf-8"))
    if fields[0].strip():
        raise ValueError(f"{path.name}: text before the first article")
    found = []
    for name, label, focus, rest in zip(*(fields[index::4] for index in (1, 2, 3, 4)), strict=True):
        title, _, text = rest.strip().partition("\n\n")
        if label not in LABELS or not text or "\n# " in rest:
            raise ValueError(f"{path.name}: {name}: no such label, no body, or a head that cannot be read")
        found.append(Labelled(name, language, label, focus == "idlib", title, text))
    return found


def f1(kept: list[bool], wanted: list[bool]) -> tuple[float, float, float]:
    """Precision, recall and F1 of ``kept``."""
    true = sum(have and want for have, want in zip(kept, wanted, strict=True))
    precision, recall = true / max(1, sum(kept)), true / max(1, sum(wanted))
    return precision, recall, 2 * true / max(1, sum(kept) + sum(wanted))
