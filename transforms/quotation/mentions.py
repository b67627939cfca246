"""The entities of one article, asked who is named where: for texts that are read without a parse."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from schemas.records import Entity
from transforms.quotation.people import Speaker
from transforms.recognition.naming import full_name

Mention = tuple[int, int, int]  # [start, end) in characters, index of the entity


class Mentions:
    """All mentions of a text's entities in order. Spans are [start, end) in characters."""

    def __init__(self, text: str, entities: Sequence[Entity]) -> None:
        self.text = text
        self.entities = entities
        self.all: list[Mention] = sorted((m.start, m.end, n) for n, e in enumerate(entities) for m in e.mentions)
        self._starts = [m[0] for m in self.all]
        self.people = [m for m in self.all if entities[m[2]].label == "PERSON"]
        self._by_name = {self.name(m[2]): m[2] for m in self.people}
        self._people_starts = [m[0] for m in self.people]

    def within(self, start: int, end: int) -> list[Mention]:
        """The mentions that begin in [start, end)."""
        return self.all[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def people_within(self, start: int, end: int) -> list[Mention]:
        """The same of persons alone."""
        return self.people[bisect_left(self._people_starts, start) : bisect_left(self._people_starts, end)]

    def at(self, char: int) -> Mention | None:
        """The mention that holds a character."""
        n = bisect_right(self._starts, char) - 1
        return self.all[n] if n >= 0 and self.all[n][1] > char else None

    def name(self, who: int) -> str:
        """The name of an entity in the article's own spelling."""
        return full_name(self.entities[who])

    def person(self, name: str | None) -> int | None:
        """The index of the person of a name."""
        return self._by_name.get(name or "")

    def is_person(self, mention: Mention) -> bool:
        return self.entities[mention[2]].label == "PERSON"

    def is_place(self, mention: Mention) -> bool:
        return self.entities[mention[2]].label == "PLACE"

    def speaker(self, mention: Mention, role: str | None = None) -> Speaker:
        """Whoever the mention names, printed as it stands there."""
        entity = self.entities[mention[2]]
        return Speaker(mention[0], mention[1], full_name(entity), role, entity.entity_id)

    def same(self, speaker: Speaker, start: int, end: int) -> Speaker:
        """A speaker named before, printed otherwise at [start, end): a pronoun, a description."""
        return Speaker(start, end, speaker.name, speaker.role, speaker.entity_id)
