"""Which rejects ``replay`` takes, what it says of a mistaken choice, and that its account adds up."""

from __future__ import annotations

import pytest

from pipelines import replay
from schemas.errors import UserError
from schemas.reasons import REJECTS, STAGES
from transforms.account import replay_funnel
from transforms.wanted import Wanted


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_without_a_choice_only_technical_failures_are_taken(stage: str) -> None:
    taken = {reason for reason in REJECTS if Wanted().takes(stage, reason)}
    judged = {
        "screened_out",
        "irrelevant",
        "passing_mention",
        "too_old",
        "no_content",
        "unchanged_revision",
        "no_identity",
    }
    assert (taken == set()) if stage not in {"fetch", "extract"} else not taken & {"too_old", "no_content"}
    assert all(Wanted((reason,)).takes(stage, reason) for reason in judged - {"no_identity"})


@pytest.mark.parametrize(
    ("given", "tells"),
    [
        (["--reason", "http_500"], "--reason 'http_500': is none of too_old, bad_link, no_content, "),
        (["--reason", "\x1b[2J"], r"--reason '\x1b[2J': is none of "),
        (["--stage", "fetching"], "--stage 'fetching': is none of poll, parse, seen, screen, fetch, "),
        (["--reason", "no_identity"], "--reason no_identity: such an entry names no article"),
        (["--feeds", "x"], "--feeds: replay polls no feeds"),
        (["--streaming"], "--streaming: replay polls no feeds"),
        (["--force"], "--force: replay polls no feeds"),
        (["--poll_interval", "5m"], "--poll_interval: replay polls no feeds"),
        (["--max_poll_interval", "5h"], "--max_poll_interval: replay polls no feeds"),
        (["--page_delay", "soon"], "--page_delay: 'soon' is no duration"),
        (["stray"], "'stray' is not an option"),
    ],
)
def test_mistakes(given: list[str], tells: str) -> None:
    with pytest.raises(UserError) as raised:
        replay.parse(["--output", "out", *given])
    assert tells in str(raised.value)


def test_the_account_adds_up() -> None:
    counts = {
        "replay/rejects": 20, "screen/screened_out": 2, "seen/duplicate": 1, "fetch/timeout": 3, "fetch/gave_up": 1,
        "fetch/robots_unreachable": 1, "fetch/page": 8, "fetch/refused": 2, "fetch/whole_in_feed": 2,
        "extract/robots_disallowed": 1, "extract/no_text": 2, "extract/article": 9, "judge/irrelevant": 1,
        "judge/kept": 8, "commit/unchanged_revision": 1, "commit/articles": 7,
    }  # fmt: skip
    lines = replay_funnel(counts)
    running = lines[0].count
    for line in lines[1:]:
        running -= line.count if line.loss else 0
        assert line.kind != "stage" or line.count == running, line.text
    assert running == 7
