"""``python -m tests.figures``: how many figures and places are found, and how many of those found are right."""

from __future__ import annotations

from tests.figures import FILES, measured, shares

print(
    f"{'sentences':10} {'texts':>6} {'figures':>8} {'precision':>10} {'recall':>7} {'places':>7} {'precision':>10} {'recall':>7}"
)
for name in FILES:
    counted, _ = measured(name)
    line = f"{name:10} {counted['texts']:6}"
    for what, width in (("", 8), ("place_", 7)):
        precision, recall = shares(counted, what)
        asked = counted[f"{what}right"] + counted[f"{what}missed"]
        line += f" {asked:{width}} {precision:10.2f} {recall:7.2f}"
    print(line)
