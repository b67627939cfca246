"""``python -m tests.figures``: how many figures of the sentences are found, and how many of those found are right."""

from __future__ import annotations

from tests.figures import FILES, measured, shares

print(f"{'sentences':10} {'texts':>6} {'figures':>8} {'precision':>10} {'recall':>7}")
for name in FILES:
    counted, _ = measured(name)
    precision, recall = shares(counted)
    print(f"{name:10} {counted['texts']:6} {counted['right'] + counted['missed']:8} {precision:10.2f} {recall:7.2f}")
