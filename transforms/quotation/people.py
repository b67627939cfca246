"""From a mention of a speaker to the person: names, surnames, pronouns, titles, all within one article."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.records import Entity
from transforms.quotation import firstnames
from transforms.quotation.cues import COMMON_PERSONS
from transforms.quotation.marks import Quoted
from transforms.quotation.parse import Parsed, noun_phrase
from transforms.quotation.pronouns import going_on, is_subject, spoken_of
from transforms.quotation.roles import bare_name, clean_role, is_firm, role_after, role_before
from transforms.recognition.naming import BODIES, DEMONYMS, full_name, normal_name

_HE = frozenset(("he", "him", "his", "himself"))
_SHE = frozenset(("she", "her", "herself", "hers"))
_WHO = frozenset(("who", "that", "which"))
_TWO = frozenset(("two", "both", "pair", "couple", "duo"))
_AGE = re.compile(r"(?:, aged|, | \(| is | aged) ?(\d{2})\b(?=[,.) ])")
_LOOK_BACK = 12  # mentions


@dataclass(frozen=True)
class Speaker:
    """A speaker as printed at [start, end), and who it is where the text says so."""

    start: int
    end: int
    name: str | None
    role: str | None
    entity_id: str | None
    found: str = "phrase"  # name, names, pronoun, title, signed, or phrase: by what the name was found, if it was


class People:
    """The article's entities, asked who a mention is."""

    def __init__(self, parsed: Parsed, entities: Sequence[Entity], quotes: list[Quoted]) -> None:
        self._parsed = parsed
        mentions = sorted((m.start, m.end, n) for n, e in enumerate(entities) for m in e.mentions)
        self._entities = entities
        self._starts = [m[0] for m in mentions]
        self._mentions = mentions
        self._quotes = quotes
        self._quote_starts = [q.outer_start for q in quotes]
        persons = [m for m in mentions if entities[m[2]].label == "PERSON"]
        self._behind = {m[1]: role_after(parsed, parsed.token_at(m[1])) for m in persons}  # by the mention's end
        firms = {m[2] for m in persons if is_firm(self._behind[m[1]])}
        self._persons = [m for m in persons if m[2] not in firms]
        self._person_starts = [m[0] for m in self._persons]
        self._gender: dict[int, str] = {}
        self._roles: dict[int, str] = {}
        self._age: dict[str, set[int | None]] | None = None
        self._by_head: dict[str, list[tuple[int, int]]] = {}  # role noun -> (where, entity), in order
        self._memo: dict[int, int | None] = {}
        self._learn()
        self._rivals = self._unnamed_subjects()
        self._says_on = going_on(parsed, self._quoted, self._person_starts, self._rivals)
        self._heads: dict[str, set[int]] = {}
        for n, entity in enumerate(entities):
            if entity.label in BODIES:
                for word in normal_name(entity.name).split():
                    self._heads.setdefault(word, set()).add(n)

    def speaker(self, head: int) -> Speaker:
        """Who the phrase around token ``head`` is. Never raises; ``name`` is None where the text does not
        tell.
        """
        parsed = self._parsed
        head, role = self._apposed(head)
        found = self._entity_at(head)
        first, last = noun_phrase(parsed, head)
        start, end = parsed.starts[first], parsed.end_of(last)
        if found is not None and parsed.lower[head] in DEMONYMS and parsed.lower[first] == "the":
            return Speaker(start, end, None, None, None)  # "the Norwegian said": somebody who was named before
        if found is not None:
            mention = self._mentions[found]
            entity = self._entities[mention[2]]
            if entity.label == "PERSON" or parsed.pos[head] == "PROPN":
                if entity.label == "PERSON":
                    start, end = mention[0], mention[1]
                    others = self._joined(head)
                    if others:
                        return Speaker(
                            start, self._mentions[others[-1]][1], self._names([found, *others]), None, None, "names"
                        )
                elif entity.label == "PLACE" and mention[1] < parsed.end_of(head):
                    return Speaker(start, end, None, None, None)
                else:
                    start, end = min(start, mention[0]), max(end, mention[1])
                return Speaker(
                    start, end, full_name(entity), role or self._roles.get(mention[2]), entity.entity_id, "name"
                )
        both = self._both(head)
        if both:
            return Speaker(start, end, self._names(both), None, None, "names")
        word = parsed.words[head].lower()
        if word in _HE or word in _SHE:
            who = self._pronoun(head, "m" if word in _HE else "f")
            return self._named(parsed.starts[head], parsed.end_of(head), who, "pronoun")
        if word in _WHO:
            above = parsed.heads[parsed.heads[head]]
            for _ in range(3):  # "a driver from Aleppo, who said": no town
                at = self._entity_at(above)
                if at is None or self._entities[self._mentions[at][2]].label != "PLACE":
                    break
                above = parsed.heads[above]
            if above < head and parsed.pos[above] in ("PROPN", "NOUN"):
                meant = self.speaker(above)
                if meant.name is None:
                    return meant
                return Speaker(start, end, meant.name, meant.role, meant.entity_id, meant.found)
        if word == "old":
            first = next((i for i in range(head, max(head - 7, -1), -1) if parsed.lower[i] == "the"), first)
            return self._named(parsed.starts[first], end, self._aged(head), "pronoun")
        if parsed.pos[head] == "PRON":
            return Speaker(parsed.starts[head], parsed.end_of(head), None, None, None)
        if parsed.pos[head] == "PROPN":
            name = parsed.text[start:end]
            many = parsed.tags[head] == "NNPS" or "\n" in name  # "Rebels said"
            return Speaker(start, end, None if many else bare_name(name), role, None, "phrase" if many else "name")
        who = self._titled(head, first)
        if who is not None:
            return self._named(start, end, who, "title")
        return Speaker(start, end, None, role, None)

    def signed(self, start: int, end: int) -> Speaker:
        """Who a name at ``[start, end)`` is that stands alone, perhaps in capitals: the one person whose name, or
        surname, it is, or as it is printed."""
        printed = self._parsed.text[start:end]
        words = normal_name(printed).split()
        fits = {
            n
            for n, entity in enumerate(self._entities)
            if entity.label != "PLACE" and words and normal_name(entity.name).split()[-len(words) :] == words
        }
        longer = {n for n in fits if len(normal_name(self._entities[n].name).split()) > len(words)}
        if len(longer or fits) == 1:
            return self._named(start, end, (longer or fits).pop(), "signed")
        if len(printed) < 3:
            return Speaker(start, end, None, None, None)  # Q and A
        if " and " in printed:
            one, _, other = printed.partition(" and ")
            both = [self.signed(start, start + len(one)), self.signed(end - len(other), end)]
            names = [speaker.name for speaker in both if speaker.name is not None]
            return Speaker(start, end, " and ".join(names) if len(names) == 2 else None, None, None, "signed")
        return Speaker(start, end, bare_name(printed.title() if printed.isupper() else printed), None, None, "signed")

    def _joined(self, head: int) -> list[int]:
        """`Salma Haddar and Talal Nassan said`: the mentions of further persons who speak with the one at ``head``."""
        found = []
        for child in self._parsed.rights(head):
            if self._parsed.dep[child] == "conj" and child - head < 12 and self._is_person(child):
                mention = self._entity_at(child)
                found += [mention, *self._joined(child)] if mention is not None else []
        return found

    def _both(self, head: int) -> list[int]:
        """`the two said`, `both men said`: the mentions of the two persons whom the text named last, in one sentence
        or in two that follow each other; empty where it named one, or three."""
        parsed = self._parsed
        first = noun_phrase(parsed, head)[0]
        two = next((i for i in range(max(first, head - 3), head + 1) if parsed.lower[i] in _TWO), None)
        if two is None or (parsed.lower[two] != "both" and (two == 0 or parsed.lower[two - 1] != "the")):
            return []
        if (head != two and parsed.lemmas[head] not in COMMON_PERSONS) or parsed.lower[head + 1 : head + 2] == ["of"]:
            return []  # "both sides", "the two of them"
        n = bisect_left(self._person_starts, parsed.starts[head]) - 1
        found: dict[int, int] = {}
        sentence = -1
        while n >= 0:
            start, _, who = self._persons[n]
            n -= 1
            here = bisect_right(parsed.sentence_starts, start)
            if here != sentence and (
                len(found) > 1 or parsed.paragraph(parsed.starts[head]) - parsed.paragraph(start) > 2
            ):
                break
            sentence = here
            if not self._quoted(start):
                found.setdefault(who, bisect_left(self._starts, start))
        return sorted(found.values()) if len(found) == 2 else []

    def _names(self, mentions: list[int]) -> str:
        """The full names of several persons, joined by "and", in the order in which they are printed."""
        return " and ".join(dict.fromkeys(full_name(self._entities[self._mentions[n][2]]) for n in mentions))

    def _named(self, start: int, end: int, who: int | None, found: str) -> Speaker:
        if who is None:
            return Speaker(start, end, None, None, None, found)
        entity = self._entities[who]
        return Speaker(start, end, full_name(entity), self._roles.get(who), entity.entity_id, found)

    def _entity_at(self, token: int) -> int | None:
        """The index of the mention that covers the token."""
        at = self._parsed.starts[token]
        n = bisect_right(self._starts, at) - 1
        return n if n >= 0 and self._mentions[n][1] > at else None

    def _apposed(self, head: int) -> tuple[int, str | None]:
        """`a spokeswoman, Rana Haddar,`: the name behind the noun is the speaker, the noun the role."""
        one = self._parsed.lower[head] == "one"  # of the drivers, Salma Haddar,
        if (self._parsed.pos[head] not in ("NOUN", "PROPN") and not one) or self._is_person(head):
            return head, None
        for child in self._parsed.rights(head):
            if self._parsed.dep[child] == "appos" and child - head < 12 and self._is_person(child):
                first, last = noun_phrase(self._parsed, head)
                return child, clean_role(self._parsed.text[self._parsed.starts[first] : self._parsed.end_of(last)])
        if self._parsed.words[head].lower() in COMMON_PERSONS:
            # "A spokesman for the council, Talal Nassan, denied": where the parse lost the tie, the commas
            # show it.
            words, first = self._parsed.words, noun_phrase(self._parsed, head)[0]
            for i in range(head + 1, min(head + 10, len(words) - 3)):
                if words[i] == "," and self._is_person(i + 1):
                    n = self._entity_at(i + 1)
                    end = self._parsed.token_at(self._mentions[n][1]) if n is not None else i
                    if end < len(words) and words[end] == ",":
                        start = self._parsed.starts[first]
                        return end - 1, clean_role(self._parsed.text[start : self._parsed.starts[i]])
                if words[i] in (",", ".", "who", "said"):
                    break
        return head, None

    def _is_person(self, token: int) -> bool:
        found = self._entity_at(token)
        return found is not None and self._entities[self._mentions[found][2]].label == "PERSON"

    def _unnamed_subjects(self) -> list[tuple[int, int]]:
        """(character, token) of grammatical subjects such as "a resident", outside marks: a pronoun may mean
        them.
        """
        parsed = self._parsed
        return [
            (parsed.starts[i], i)
            for i, dep in enumerate(parsed.dep)
            if dep in ("nsubj", "nsubjpass", "ROOT")
            and (parsed.lemmas[i] in COMMON_PERSONS or parsed.lower[i] in ("one", "another"))
            and parsed.tags[i] != "NNS"
            and not self._quoted(parsed.starts[i])
        ]

    def _rival_between(self, after: int, before: int, candidate: int) -> bool:
        """Whether an unnamed person is a subject between the candidate's mention and the pronoun."""
        n = bisect_left(self._rivals, (before, 0)) - 1
        for _ in range(6):
            if n < 0 or self._rivals[n][0] <= after:
                return False
            token = self._rivals[n][1]
            head, _role = self._apposed(token)
            word = self._parsed.words[token].lower()
            same = (
                head != token
                or self._titled(token, noun_phrase(self._parsed, token)[0]) == candidate
                or word in self._roles.get(candidate, "").lower().split()
            )
            if not same:
                return True
            n -= 1
        return False

    def _learn(self) -> None:
        """Read roles and genders from what stands around the persons' mentions."""
        parsed = self._parsed
        for start, end, who in self._persons:
            first = parsed.token_at(start)
            before = parsed.words[first - 1].lower().rstrip(".") if first else ""
            self._note_gender(who, before)
            role = role_before(parsed, first) or self._behind[end]
            if role is None:
                continue
            for word in role.lower().split():
                self._note_gender(who, word)
            self._roles.setdefault(who, role)
            head = normal_name(re.split(r" (?:of|for|at|in|from|with|on|to) ", role)[0]).split()[-1:]
            if head:
                self._by_head.setdefault(head[0], []).append((start, who))
        for who in {who for _, _, who in self._persons}:
            gender = firstnames.gender(normal_name(self._entities[who].name.partition(" ")[0]))
            if gender:
                self._gender.setdefault(who, gender)

    def _note_gender(self, who: int, word: str) -> None:
        if word in firstnames.MEN:
            self._gender.setdefault(who, "m")
        elif word in firstnames.WOMEN:
            self._gender.setdefault(who, "f")

    def _quoted(self, char: int) -> bool:
        n = bisect_right(self._quote_starts, char) - 1
        return n >= 0 and char < self._quotes[n].outer_end

    def _pronoun(self, head: int, gender: str) -> int | None:
        """The person that a pronoun at token ``head`` stands for, or None where two would do.

        Sentences are read backwards: the grammatical subject of one is preferred, then the only person
        in it who fits. Persons named inside quotations are not candidates (centering theory's ranking by
        grammatical role, Grosz, Joshi and Weinstein 1995, in its simplest form).
        """
        chain = [head]
        while (before := self._says_on.get(chain[-1])) is not None and before not in self._memo:
            chain.append(before)
        for token in reversed(chain[1:]):
            self._meant(token, gender)
        return self._meant(head, gender)

    def _meant(self, head: int, gender: str) -> int | None:
        """As :meth:`_pronoun`, where the pronouns before are known."""
        if head in self._memo:
            return self._memo[head]
        self._memo[head] = self._memo.get(self._says_on.get(head, -1))
        if self._memo[head] is not None:
            return self._memo[head]
        parsed = self._parsed
        at = parsed.starts[head]
        n = bisect_right(self._person_starts, at) - 1
        paragraph = parsed.paragraph(at)
        by_sentence: list[tuple[int, list[tuple[int, int, int]]]] = []
        looked = 0
        while n >= 0 and looked < _LOOK_BACK:
            mention = self._persons[n]
            n -= 1
            looked += 1
            if paragraph - parsed.paragraph(mention[0]) > 3:
                break
            if (
                self._quoted(mention[0])
                or spoken_of(parsed, self._quote_starts, head, mention[0])
                or (gender and self._gender.get(mention[2], gender) != gender)
            ):
                continue
            sentence = bisect_right(parsed.sentence_starts, mention[0])
            if by_sentence and by_sentence[-1][0] == sentence:
                by_sentence[-1][1].append(mention)
            else:
                by_sentence.append((sentence, [mention]))
        for sentence, mentions in by_sentence[:3]:
            subjects = {m[2] for m in mentions if is_subject(parsed, m)}
            everyone = {m[2] for m in mentions}
            own = sentence == bisect_right(parsed.sentence_starts, at)
            answer: int | None = None
            if len(subjects) == 1:
                answer = next(iter(subjects))
            elif len(everyone) == 1:
                answer = next(iter(everyone))
            elif not own:
                return None
            if answer is None:
                continue
            where = max(m[0] for m in mentions if m[2] == answer)
            if self._rival_between(where, at, answer):
                return None
            self._memo[head] = answer
            if gender:
                self._gender.setdefault(answer, gender)
            return answer
        return None

    def _aged(self, head: int) -> int | None:
        """`the 52-year-old`: the one person whose age that is, "Salma Haddar, 52,"; else whom a pronoun would mean."""
        words = self._parsed.words
        age = next((words[i] for i in range(head, max(head - 6, -1), -1) if words[i].isdigit()), "")
        fits = self._ages().get(age, set())
        if fits:
            return next(iter(fits)) if len(fits) == 1 else None
        return self._pronoun(head, "")

    def _ages(self) -> dict[str, set[int | None]]:
        """Whose ages the text gives: the persons, or None where an age stands beside nobody who is known."""
        if self._age is None:
            self._age = {}
            ends = {end: who for _, end, who in self._persons}
            for hit in _AGE.finditer(self._parsed.text):
                self._age.setdefault(hit[1], set()).add(ends.get(hit.start()))
        return self._age

    def _titled(self, head: int, first: int) -> int | None:
        """`the minister`: the one person of that role; `the ministry`: the one body whose name has the
        word.
        """
        parsed = self._parsed
        if parsed.words[first].lower() != "the" or parsed.pos[head] == "NUM":
            return None
        word = normal_name(parsed.words[head])
        at = parsed.starts[head]
        bearers = {who for where, who in self._by_head.get(word, ()) if where < at}
        if bearers:
            return next(iter(bearers)) if len(bearers) == 1 else None
        bodies = self._heads.get(word, set())
        seen = {n for n in bodies if self._entities[n].mentions[0].start < at}
        return next(iter(seen)) if len(seen) == 1 and word not in COMMON_PERSONS else None
