"""Invented news pieces in French, Arabic and Turkish with their quotations; FORMAT.md says how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.stories import Story
from tests.stories import load as load_stories

FOLDER = Path(__file__).parent
LANGUAGES = ("fr", "ar", "tr")
KEPT = ("09", "10", "11", "12")  # numbers of the pieces that no rule was made by


@dataclass(frozen=True)
class Line:
    """One quotation. ``printed`` is how the speaker stands beside it, where that is not ``speaker``."""

    kind: str
    speaker: str | None
    printed: str | None
    text: str

    @property
    def speakers(self) -> tuple[str, ...]:
        """Each speaker by itself: none, one, or those who say it together."""
        return tuple(part.strip() for part in (self.speaker or "").split(";") if part.strip())


@dataclass(frozen=True)
class Piece:
    """One news piece: the story, and its quotations with the speaker as printed."""

    language: str
    story: Story
    lines: tuple[Line, ...]

    @property
    def kept(self) -> bool:
        """Whether the piece was set aside while rules were written."""
        return self.story.slug.startswith(KEPT)


def load(language: str) -> list[Piece]:
    """All pieces of a language, by slug. ``ValueError`` on a file that cannot be read."""
    pieces = []
    for story in load_stories(FOLDER / language):
        lines = []
        for quote in story.quotes:
            name, _, printed = (quote.speaker or "").partition(" < ")
            lines.append(Line(quote.kind, name or None, printed or None, quote.text))
        pieces.append(Piece(language, story, tuple(lines)))
    return pieces
