"""``python -m tests.copies``: which pairs are taken for copies, by habit, and how many of those that are and are not."""

from __future__ import annotations

import sys
from collections import defaultdict

from tests.copies import Pair, bases, pairs, shares
from transforms.stories import is_copy, shared, signature

verdicts: dict[str, list[tuple[Pair, bool, float, float | None]]] = defaultdict(list)
for pair in pairs():
    share, numbers = shared(signature(pair.one), signature(pair.other))
    verdicts[pair.habit].append((pair, is_copy(share, numbers), share, numbers))
print(f"{len(bases())} texts, {sum(map(len, verdicts.values()))} pairs\n")
print(f"{'':36} {'pairs':>5} {'right':>6} {'shared: least':>14} {'mean':>5} {'most':>5}")
for habit, rows in verdicts.items():
    told = [row[2] for row in rows]
    right = sum(said == pair.same for pair, said, _, _ in rows)
    print(f"{habit:36} {len(rows):5} {right:6} {min(told):14.2f} {sum(told) / len(told):5.2f} {max(told):5.2f}")
print()
for half, name in enumerate(("tuned on", "left alone")):
    told_ = [(said, pair.same) for rows in verdicts.values() for pair, said, _, _ in rows if pair.half == half]
    precision, recall = shares(told_)
    copies = sum(true for _, true in told_)
    print(f"{name:11} {copies} copies, {len(told_) - copies} others: precision {precision:.3f}, recall {recall:.3f}")
if "-v" in sys.argv:
    for rows in verdicts.values():
        for pair, said, share, numbers in rows:
            if said != pair.same:
                print(f"    {pair.habit}: {pair.name}: {share:.2f}, numbers {numbers}")
