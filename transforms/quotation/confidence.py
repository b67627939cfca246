"""How far a quotation may be trusted: how often those that the same rules found are right.

The share of right words depends on the rule that found them and on their length, the share of right speakers on
what leads to the name; both were counted on annotated news (``docs/quality.md`` tells how, and holds the product to
other articles), rounded to a twentieth. A rule that is not in the table is believed half.
"""

from __future__ import annotations

from transforms.quotation.people import Speaker

SHORT = 40  # characters

# By rule: the share of right spans, short ones and longer ones.
SPANS = {
    # Marked words: the cue stands behind them, before them, or within their sentence; ...
    "after": (0.90, 0.97),
    "before": (0.80, 0.90),
    "inside": (0.60, 0.70),
    "sentence": (0.20, 0.40),
    # ... only their beginning lacks the marks: "Prices were “beyond all reason,” he said"; ...
    "led": (0.15, 0.35),
    # ... or they go on without a cue, follow one in a sentence of its own, stand behind a colon, or alone.
    "chain": (0.30, 0.75),
    "previous": (0.95, 0.95),
    "colon": (0.65, 0.65),
    "none": (0.30, 0.60),
    "signed": (0.95, 0.95),
    "line": (0.30, 0.50),  # of a transcript
    # Clauses: "said that ...", "said ...", "..., he said", "according to", "asked ... to".
    "that": (0.70, 0.80),
    "clause": (0.70, 0.75),
    "fronted": (0.70, 0.65),
    "according": (0.65, 0.80),
    "asked": (0.55, 0.65),
    "stance": (0.55, 0.65),
    # Languages without a parse.
    "plain": (0.80, 0.90),
}
# By what led to the speaker: the share of right ones among right spans.
_SPEAKERS = {"name": 0.98, "names": 0.95, "pronoun": 0.95, "title": 0.95, "signed": 0.95, "phrase": 0.90}
_NOBODY = 0.10  # that the text names no speaker where none was found


def confidence(rule: str, length: int, speaker: Speaker | None) -> float:
    """The share of quotations that are right, words and speaker, among those found by ``rule``, 0 to 1.

    ``length`` is that of the words in characters.
    """
    short, longer = SPANS.get(rule, (0.5, 0.5))
    whose = _SPEAKERS[speaker.found] if speaker is not None else _NOBODY
    return round((short if length < SHORT else longer) * whose, 2)
