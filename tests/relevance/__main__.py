"""``python -m tests.relevance``: how the verdicts agree with the labels, by language."""

from __future__ import annotations

from tests.relevance import LANGUAGES, articles, f1
from transforms.gazetteer import gazetteer_for
from transforms.relevance import judge, screen
from transforms.topic import load_topic

topic = load_topic("syria")
for language in LANGUAGES:
    rows = articles(language)
    verdicts = [judge(row.title, row.text, language, topic, gazetteer_for(topic)) for row in rows]
    precision, recall, both = f1([verdict.keep for verdict in verdicts], [row.keep for row in rows])
    levels = sum(verdict.level == row.label for verdict, row in zip(verdicts, rows, strict=True) if row.keep)
    print(
        f"{language}: {len(rows)} articles, precision {precision:.3f}, recall {recall:.3f}, F1 {both:.3f}; "
        f"level right in {levels} of {sum(row.keep for row in rows)} to be kept"
    )
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict.keep != row.keep:
            print(f"    {row.name}: {row.label}, judged {verdict.level} ({verdict.score:.3f})")
        seen = screen(row.title, row.summary, language, topic)
        if row.keep and not seen.maybe:
            print(f"    {row.name}: {row.label}, screened out{' unless the feed is dedicated' if seen.short else ''}")
        if row.keep and verdict.mentions_focus != row.idlib:
            print(f"    {row.name}: Idlib {'not ' if row.idlib else ''}named, judged otherwise")
