"""Which names a text shows by itself, by its language: beside those that the topic and the gazetteer know."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.records import Syntax
from transforms.recognition.recogniser import recognised_spans
from transforms.recognition.spans import Span


def named_spans(syntax: Syntax, language: str, known: Sequence[tuple[int, int]]) -> list[Span]:
    """The spans of the language's recogniser, or of its patterns where it has none.

    ``known`` are the [start, end) of what topic and gazetteer have found. A language's patterns are imported when
    its first text comes: to compile them takes 20 to 50 ms.
    """
    if syntax.language == "en":
        return recognised_spans(syntax)
    if syntax.language == "fr":
        from transforms.recognition.french import french_spans

        return french_spans(syntax)
    if language == "tr":
        from transforms.recognition.turkish import turkish_spans

        return turkish_spans(syntax.text, known)
    if language == "ar":
        from transforms.recognition.arabic import arabic_spans

        return arabic_spans(syntax.text, known)
    return []
