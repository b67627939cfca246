"""Attributed quotations of one article, as a pure function over its syntax.

Three kinds:

* ``direct``: words in quotation marks, tied to a speaker or standing as a sentence of their own;
* ``mixed``: a reported clause that holds a marked fragment ("said the plan was “dead on arrival”"): the span
  is the whole clause, its inner marks with it; or, where no clause can be read, the marked words alone;
* ``indirect``: a reported clause without marks ("said that the road was closed"), or what somebody announces,
  rejects, fears or calls something, told without a clause ("denounced the raid").

A span never includes its own outer marks. Titles and scare quotes (words in marks that nobody says) are left
out. ``speaker`` is a name only where the article leads to it; it is None for unnamed sources and in doubt.
Everything is linear in the length of the text, and no text raises.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from msgspec.structs import replace

from schemas.records import Entity, Quote, Syntax
from transforms.quotation import plain
from transforms.quotation.attribution import Tied, tie
from transforms.quotation.clauses import Clause, clauses, speaks_as_i, trim
from transforms.quotation.cues import QUOTING, SAYING
from transforms.quotation.marks import Quoted, paragraphs, quoted_spans
from transforms.quotation.parse import SUBJECTS, Parsed
from transforms.quotation.people import People, Speaker
from transforms.quotation.record import MAX_SENTENCE, make_quote, names_of
from transforms.quotation.reporting import Cue, find_cues
from transforms.quotation.signatures import Named, transcript
from transforms.quotation.stances import stances
from transforms.quotation.untangle import untangled

_END = ".!?…,"
_SMALL = frozenset("a an the of in on at to for and or by with from as but vs al el de la le du bin ibn & –".split())
_NICKNAMED = ("known as", "nicknamed", "so-called", "codenamed", "code-named", "alias", "named")
_CLAUSES = frozenset(("that", "clause", "asked", "fronted", "according", "stance"))


def extract_quotes(
    syntax: Syntax, *, article_id: str, revision_id: str, language: str, entities: Sequence[Entity]
) -> list[Quote]:
    """Return the quotations of a text in the order of the text.

    ``entities`` are those of :func:`transforms.entities.extract_entities` for the same ``syntax``. One with
    dependencies (English) is read by them; any other by the rules of ``language`` (fr, ar, tr) over its words. A
    language without rules gives the marked sentences, without a speaker.
    """
    text = syntax.text
    lines = paragraphs(text)
    marked = quoted_spans(text, lines)
    if not syntax.english:
        return plain.quotes(text, lines, marked, article_id, revision_id, language, entities)
    parsed = Parsed(syntax, lines)
    cues = find_cues(parsed, marked)
    people = People(parsed, entities, marked)
    known = names_of(entities)
    tied = tie(parsed, marked, cues)
    spoken = transcript(text, lines)
    marks = _Marks(text, marked, tied)
    reported, absorbed = _reported(clauses(parsed, cues), marks)
    pieces = [_Piece(*one, _clause_rule(parsed, one), one[3].at) for one in reported]
    taken = _Taken([(start, end) for _, start, end, _ in reported])
    for one, swallowed in _attributed(stances(parsed, marked), marks, absorbed):
        if not taken.overlaps(one[1], one[2]):
            pieces.append(_Piece(*one, "stance", one[3].at))
            absorbed.update(swallowed)
    pieces = [
        piece
        for piece in pieces
        if piece.kind != "indirect"
        or piece.cue is None
        or not (
            speaks_as_i(parsed, piece.start, piece.end, piece.cue)
            or _holds_speaker(parsed, piece.start, piece.end, piece.cue)
        )
    ]
    pieces += _marked(parsed, people, tied, absorbed, spoken)
    for n, line in enumerate(spoken):
        speaker = people.signed(line.name_start, line.name_end)
        pieces.append(_Piece("direct", line.start, line.end, None, "line", -1 - len(tied) - n, speaker))
    pieces = untangled(pieces, parsed.starts)
    pieces.sort(key=lambda piece: (piece.start, piece.end))
    return _settled([_record(parsed, people, piece, article_id, revision_id, known) for piece in pieces], pieces)


def _settled(found: list[Quote], pieces: list[_Piece]) -> list[Quote]:
    """The records of an article with what only all of them tell: groups, and the roles that stand beside one."""
    roles: dict[str, Quote] = {}
    for quote in found:
        if quote.speaker is not None and quote.speaker_role is not None:
            roles.setdefault(quote.speaker, quote)
    heads: dict[int, str] = {}
    for n, (quote, piece) in enumerate(zip(found, pieces, strict=True)):
        group = heads.setdefault(piece.group, quote.quote_id)
        named = roles.get(quote.speaker) if quote.speaker is not None else None
        if named is not None and quote.speaker_role is None:
            role, of = named.speaker_role, named.speaker_affiliation
            found[n] = replace(quote, quote_group=group, speaker_role=role, speaker_affiliation=of)
        elif group != quote.quote_id:
            found[n] = replace(quote, quote_group=group)
    return found


@dataclass(frozen=True)
class _Piece:
    """One span of attributed words before its record is made."""

    kind: str
    start: int
    end: int
    cue: Cue | None
    rule: str  # what found it, one of the rules of ``transforms.quotation.confidence``
    group: int  # pieces of one utterance have the same: the token of their cue, or a number below 0
    speaker: Speaker | None = None  # else the subject of the cue


def _marked(
    parsed: Parsed, people: People, tied: list[Tied], absorbed: set[int], spoken: list[Named]
) -> Iterator[_Piece]:
    """The marked words that no clause swallowed, less titles and scare quotes."""
    group = 0
    for n, one in enumerate(tied):
        if not one.goes_on or n == 0:
            group = one.cue.at if one.cue is not None else -1 - n
        if n in absorbed or any(line.start - 80 < one.quoted.start < line.end for line in spoken):
            continue
        kind = _marked_kind(parsed, one)
        if kind is None:
            continue
        start = _said_from(parsed, one)
        led = start != one.quoted.start
        kind = "mixed" if led else kind
        speaker = None
        if one.signed is not None:
            speaker = people.signed(*one.signed)
        elif one.subject is not None:
            speaker = people.speaker(one.subject)
        yield _Piece(
            kind, start, one.quoted.end, None if one.signed else one.cue, "led" if led else one.how, group, speaker
        )


def _clause_rule(parsed: Parsed, one: _Reported) -> str:
    """By which rule a clause was found: "that", "clause", "asked", "fronted" or "according"."""
    _, start, end, cue = one
    if cue.lemma == "according":
        return "according"
    if end <= parsed.starts[cue.first]:
        return "fronted"
    first = parsed.token_at(start)
    return "that" if parsed.lower[first : first + 1] == ["that"] else "clause" if cue.lemma in SAYING else "asked"


def _holds_speaker(parsed: Parsed, start: int, end: int, cue: Cue) -> bool:
    """Whether the speaker stands within the words: then they are not hers, but the writer's about her."""
    return cue.subject is not None and start <= parsed.starts[cue.subject] < end


def _is_statement(text: str, q: Quoted) -> bool:
    """`He scolded them: “You were warned.”`: marked words that stand by themselves behind a colon or a full stop."""
    before = text[max(0, q.outer_start - 3) : q.outer_start].rstrip()
    return text[q.start].isupper() and before.endswith((":", ".", "!", "?", "…"))


def _stands_alone(text: str, q: Quoted, start: int, end: int) -> bool:
    """Whether a clause ``[start, end)`` begins with marked words that are a sentence, and runs on behind them."""
    opens = q.outer_start - 3 <= start <= q.start and text[q.start].isupper()
    return (
        opens
        and q.closed
        and q.outer_end < end - 3
        and text[q.end - 1] in ",.!?"
        and text[q.start : q.end].count(" ") > 1
    )


_Reported = tuple[str, int, int, Cue]  # kind, start, end


class _Marks:
    """The marked spans of a text, asked what a clause has to do with them."""

    def __init__(self, text: str, marked: list[Quoted], tied: list[Tied]) -> None:
        self._text = text
        self._marked = marked
        self._starts = [q.outer_start for q in marked]
        self._ends = [q.outer_end for q in marked]
        self._inside = {n: one.cue for n, one in enumerate(tied) if one.how == "inside"}

    def against(self, clause: Clause) -> tuple[_Reported, range] | None:
        """A clause as mixed or indirect, and the marked spans that it swallows; None where it is the marks' own."""
        text, marked, starts, ends = self._text, self._marked, self._starts, self._ends
        start, end = clause.start, clause.end
        first = bisect_right(ends, start)
        around = bisect_right(starts, clause.cue_end) - 1
        if around >= 0 and clause.cue_end <= ends[around] and not starts[around] <= start <= end <= ends[around]:
            return None  # the cue stands in marks, and what it reports runs out of them
        apart = next((n for n in range(first, bisect_left(starts, end)) if _is_statement(text, marked[n])), None)
        if apart is not None:
            end = trim(text, start, starts[apart])[1]
            if start < clause.cue_end or end - start < 8:
                return None
        last = bisect_left(starts, end)
        behind = start > clause.cue_end
        while behind and last < len(marked) and self._inside.get(last) is clause.cue and 0 <= starts[last] - end < 40:
            end = marked[last].outer_end  # the parse broke off at the marks
            last += 1
        inner = range(first, last)
        if not inner:
            return ("indirect", start, end, clause.cue), inner
        head, tail = marked[first], marked[last - 1]
        if behind and _stands_alone(text, head, start, end):
            return None  # "vowed, “We will win,” meaning the league": the words in marks are all that was said
        if head.start < start - 3 or (head.outer_start <= start and clause.cue_end > start):
            return None  # the clause is part of what stands in the marks, or runs out of them
        start = max(start, head.start) if head.outer_start <= start else start
        outside = max(0, head.outer_start - start) + max(0, end - tail.outer_end)
        for a, b in pairwise(inner):
            outside += marked[b].outer_start - marked[a].outer_end
        if outside <= 6:
            return None  # nothing but "that" outside the marks
        end = max(end, tail.outer_end if tail.closed else tail.end)
        return ("mixed", start, end, clause.cue), inner


def _reported(found: list[Clause], marks: _Marks) -> tuple[list[_Reported], set[int]]:
    """What is kept of the clauses, each span once, and which marked spans they swallow."""
    kept: dict[tuple[int, int], _Reported] = {}
    absorbed: set[int] = set()
    for clause in found:
        one = marks.against(clause)
        if one is not None:
            kept.setdefault(one[0][1:3], one[0])
            absorbed.update(one[1])
    return list(kept.values()), absorbed


def _attributed(found: list[Clause], marks: _Marks, absorbed: set[int]) -> Iterator[tuple[_Reported, range]]:
    """Stances one by one, each with the marked words that it swallows: fragments, not whole statements."""
    for stance in found:
        one = marks.against(stance)
        if one is not None and absorbed.isdisjoint(one[1]):
            yield one


class _Taken:
    """Spans, asked whether another runs into one of them."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate((end for _, end in ordered), max))  # of this one and all before

    def overlaps(self, start: int, end: int) -> bool:
        n = bisect_left(self._starts, end)
        return n > 0 and self._reach[n - 1] > start


def _is_title(text: str, q: Quoted) -> bool:
    """The name of a broadcast, a book, a headline: every longer word capital, and no sentence around it."""
    words = text[q.start : min(q.end, q.start + 120)].split()
    if len(words) > 12 or not words[0][:1].isupper():
        return False
    long = [w for w in words if len(w) > 3]
    capital = all(w[:1].isupper() or not w[:1].isalpha() for w in words if w not in _SMALL) and bool(long)
    if len(words) > 1:
        return capital and (len(long) > 1 or len(words) < 4)
    before = text[max(0, q.outer_start - 12) : q.outer_start].rstrip()
    if before.endswith(_NICKNAMED):
        return True
    return capital and before.endswith(("’s", "'s", " on", " the", " called", " titled", " of", " in"))


def _said_from(parsed: Parsed, one: Tied) -> int:
    """`The ovens stay “as cold as the well,” she said`: where the statement begins whose end is marked."""
    q = one.quoted
    if one.how != "after" or parsed.text[q.start].isupper() or one.head[1] - one.head[0] < 2:
        return q.start
    if one.cue is not None and parsed.tags[one.cue.at] == "VBG":
        return q.start
    first = one.head[0]
    if parsed.words[one.head[1] - 1] in (",", "—", "–") or any(parsed.lemmas[i] in SAYING for i in range(*one.head)):
        return q.start
    if not any(parsed.dep[i] in SUBJECTS for i in range(*one.head)):
        return q.start
    return trim(parsed.text, max(parsed.starts[first], parsed.lines[q.paragraph][0]), q.start)[0]


def _marked_kind(parsed: Parsed, one: Tied) -> str | None:
    """direct, mixed, or None where the marks hold a title or a scare quote."""
    text, q = parsed.text, one.quoted
    if _is_title(text, q):
        return None
    words = len(text[q.start : min(q.end, q.start + 400)].split())
    sentence = text[q.start].isupper() and (
        text[q.end - 1] in _END or text[q.outer_end : q.outer_end + 1] in (",", ".")
    )
    if one.how == "signed":
        return "direct"
    if one.how in ("after", "before"):
        if one.cue is not None and one.cue.lemma in QUOTING and one.cue.lemma not in SAYING and not sentence:
            return "mixed"
        return "direct"
    if one.how in ("chain", "previous", "colon"):
        return "direct" if sentence or words > 4 else None
    if one.how == "inside":
        # "called it “a trap”" is said; "said that in the “safe zone” all was quiet" only leans on a term.
        beside = one.cue is not None and 0 <= q.outer_start - parsed.end_of(one.cue.last) < 3
        return "mixed" if words > (1 if beside else 5) else None
    if one.how == "sentence":
        return "mixed" if words > 3 else None
    return "direct" if words > 4 and sentence else None


def _record(
    parsed: Parsed, people: People, piece: _Piece, article_id: str, revision_id: str, known: Mapping[str, str]
) -> Quote:
    start, end, cue = piece.start, piece.end, piece.cue
    speaker = piece.speaker
    if speaker is None and piece.rule in _CLAUSES and cue is not None and cue.subject is not None:
        speaker = people.speaker(cue.subject)
    low, high = parsed.sentence(start, end)
    if cue is not None and parsed.paragraph(parsed.starts[cue.at]) == parsed.paragraph(start):
        low_cue, high_cue = parsed.sentence(parsed.starts[cue.at], parsed.end_of(cue.at))
        if abs(low_cue - low) < MAX_SENTENCE // 2:
            low, high = min(low, low_cue), max(high, high_cue)
    return make_quote(
        parsed.text,
        piece.kind,
        start,
        end,
        article_id,
        revision_id,
        cue=(parsed.starts[cue.first], parsed.end_of(cue.last)) if cue is not None else None,
        speaker=speaker,
        sentence=(low, high),
        known=known,
        rule=piece.rule,
    )
