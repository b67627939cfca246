"""``python -m benchmarks stories``: the speakers, people, groups and places of the stories in ``tests/stories``."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence

from benchmarks import systems
from benchmarks.markdown import put, table
from tests.stories import load
from tests.stories.tally import count_names, count_quotes
from transforms.given import Given
from transforms.topic import load_topic

KEY = "stories"
KINDS = ("direct", "mixed", "indirect")
NAMES = ("people", "groups", "places")


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was found; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks stories", description=__doc__)
    parser.add_argument(
        "--write", metavar="DOC", help=f"put the tables into a Markdown document, between <!-- {KEY} --> lines"
    )
    asked = parser.parse_args(argv)
    shown = show(tally())
    print(shown)
    if asked.write:
        put(asked.write, KEY, shown)
    return 0


def tally() -> Counter[str]:
    """The counts of ``tests.stories.tally`` over all stories."""
    stories = load()
    made = systems.annotated(
        [Given(story.slug, story.text, story.title, "en") for story in stories], load_topic("syria")
    )
    counted: Counter[str] = Counter({"stories": len(stories)})
    for story, found in zip(stories, made, strict=True):
        counted += count_quotes(story, found.quotes) + count_names(story, found.entities)
    return counted


def show(counted: Counter[str]) -> str:
    """The tables."""
    named = counted["right"] + counted["wrong"]
    rows = [
        (f"{kind} statements", counted[f"asked {kind}"], counted[f"found {kind}"], _share(counted, kind))
        for kind in KINDS
    ]
    rows += [(name, counted[f"asked {name}"], counted[f"found {name}"], _share(counted, name)) for name in NAMES]
    speakers = [
        ("the right name", counted["right"]),
        ("a wrong name", counted["wrong"]),
        ("left open, though the story tells", counted["left open"]),
        ("no name, where the story has none", counted["nobody named"]),
        ("a name, where the story has none", counted["invented"]),
    ]
    right = counted["right"] / named if named else 0.0
    return "\n".join(
        [
            f"{counted['stories']} stories. Of the names given to speakers {right:.3f} are right.\n",
            table(("speaker of a statement that is found", "statements"), speakers),
            table(("asked for", "there are", "found", "share"), rows),
            f"Besides them, {counted['extra people']} persons were found under names that are nobody's.\n",
        ]
    )


def _share(counted: Counter[str], what: str) -> float:
    return counted[f"found {what}"] / counted[f"asked {what}"] if counted[f"asked {what}"] else 0.0
