"""A feed's health: from its polls to a word, and to why it is quiet in a sentence. Pure: nothing is read here.

``Polled`` is what ``transforms.polled`` reads from the table ``polls``; ``health`` decides.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Final

from schemas import reasons
from schemas.records import NEVER, Feed, FeedState
from transforms.exchange import NOT_ASKED

HEALTH: Final[dict[str, str]] = {
    "failing": "its last poll failed",
    "gone": "withdrawn by its site (410)",
    "bad_line": "its line in the feed list cannot be polled",
    "never": "in the feed list, and never polled",
    "overdue": "due, but the last runs did not poll it",
    "empty": "answers with a feed that has no entries",
    "quiet": "answers, but has brought nothing new for long",
    "ok": "answers and brings news",
    "unlisted": "polled once, and not in the feed list any more",
}
"""What a feed can be, the worst first."""

WRONG: Final = ("failing", "gone", "bad_line")
"""What somebody has to look after."""

QUIET_FOR = 7 * 86_400.0  # seconds without anything new after which a feed is called quiet
OVERDUE = 3_600.0  # seconds after its time
RATE_OVER = 28 * 86_400.0  # seconds before the last news over which its rate is told
_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_MEANING: Final[Mapping[str, str]] = {**reasons.POLL, **reasons.TRANSPORT}


@dataclass(frozen=True)
class Polled:
    """What ``polls`` tells of one feed. Times are seconds since the epoch, UTC."""

    feed_url: str
    outlet: str | None = None
    polls: int = 0
    first_success: float | None = None
    last_poll: float | None = None
    last_success: float | None = None
    last_new: float | None = None  # the last poll that brought a new or changed entry
    first_failure: float | None = None  # the first after the last success
    new_before: int = 0  # entries that were new in the ``RATE_OVER`` before ``last_new``, the first answer's left out
    reason: str = ""  # of the last poll that was asked, as the next three; where none was, of the last
    status: int | None = None
    error: str | None = None
    redirect: str | None = None
    entries: int | None = None  # of the last whole answer
    state: FeedState = field(default_factory=FeedState)


@dataclass(frozen=True)
class Health:
    """A feed's health. Times are seconds since the epoch, UTC; durations seconds."""

    feed_url: str
    outlet: str | None
    health: str  # of ``HEALTH``
    why: str  # in words; empty where all is well
    last_poll: float | None = None
    last_success: float | None = None
    last_new: float | None = None
    entries: int | None = None  # in the last whole answer
    failures: int = 0  # in a row
    failing_since: float | None = None
    reason: str | None = None  # how the last poll ended: of docs/tables.md
    status: int | None = None  # its HTTP status
    error: str | None = None
    pace: float | None = None  # from the last poll to the next
    because: str | None = None  # what set it
    next_due: float | None = None
    asked_at: str | None = None  # the URL that is asked in place of the feed's: a redirect that was taken over
    polls: int = 0


def health(found: Polled, feed: Feed | None, now: float, last_run: float, quiet_for: float = QUIET_FOR) -> Health:
    """The health at ``now`` of a feed that was polled or listed.

    ``feed``: its line in the feed list; None: it is not there. ``last_run``: the newest poll of any feed.
    """
    state = found.state
    since = state.failing_since or found.first_failure
    success = max((t for t in (found.last_success, state.succeeded_at or None) if t), default=None)
    new = found.last_new or state.changed_at or None
    word = _word(found, feed, now, last_run, new, success, quiet_for)
    failing = word in {"failing", "gone"}
    told = [_why(word, found, feed, now, since if failing else None, success, new), *_notes(found)]
    due = state.due if found.polls and not state.gone and state.due < NEVER else None
    return Health(
        feed_url=found.feed_url,
        outlet=(feed.outlet if feed else None) or found.outlet,
        health=word,
        why="; ".join(part for part in told if part),
        last_poll=found.last_poll,
        last_success=success,
        last_new=new,
        entries=found.entries,
        failures=state.failures,
        failing_since=since if failing else None,
        reason=found.reason or None,
        status=found.status,
        error=found.error,
        pace=max(0.0, due - found.last_poll) if due is not None and found.last_poll is not None else None,
        because=state.because or None,
        next_due=due,
        asked_at=state.taken_url,
        polls=found.polls,
    )


def all_health(
    polled: Iterable[Polled], feeds: Iterable[Feed] | None, now: float, quiet_for: float = QUIET_FOR
) -> list[Health]:
    """The health of each feed, the worst first. ``feeds``: the feed list, where it is known."""
    known = {one.feed_url: one for one in polled}
    last_run = max((one.last_poll for one in known.values() if one.last_poll is not None), default=0.0)
    listed = {url: Feed(url=url) for url in known} if feeds is None else {feed.url: feed for feed in feeds}
    made = [
        health(known.get(url) or Polled(url), listed.get(url), now, last_run, quiet_for) for url in {**listed, **known}
    ]
    order = list(HEALTH)
    return sorted(
        made, key=lambda h: (order.index(h.health), h.failing_since or math.inf, h.last_new or 0.0, h.feed_url)
    )


def summary(found: Iterable[Health]) -> str:
    """One line over all feeds, the worst first."""
    feeds = list(found)
    counted = Counter(one.health for one in feeds)
    told = ", ".join(f"{counted[word]:,} {word.replace('_', ' ')}" for word in HEALTH if counted[word])
    last = max((one.last_poll for one in feeds if one.last_poll is not None), default=None)
    line = f"{len(feeds):,} feed{'s' if len(feeds) != 1 else ''}" + (f": {told}" if told else "")
    return f"{line}; last polled {utc(last)}" if last is not None else line


def _word(
    found: Polled, feed: Feed | None, now: float, last_run: float, new: float | None, success: float | None,
    quiet_for: float,
) -> str:  # fmt: skip
    state = found.state
    if feed is None:
        return "unlisted"
    if feed.problem or found.reason == "bad_url":
        return "bad_line"
    if not found.polls:
        return "never"
    if state.gone:
        return "gone"
    # What was not asked, since its host wants a pause, has not failed.
    if state.failures or found.reason not in (*reasons.ANSWERED, *NOT_ASKED):
        return "failing"
    if found.reason in NOT_ASKED and not success:
        return "never"
    # That nobody polls at all is said once for all of them: by the time of the last poll.
    if state.due + OVERDUE < min(now, last_run):
        return "overdue"
    if found.entries == 0:
        return "empty"
    return "quiet" if new is None or now - new > quiet_for else "ok"


def _why(
    word: str, found: Polled, feed: Feed | None, now: float, since: float | None, success: float | None,
    new: float | None,
) -> str:  # fmt: skip
    """Why a feed is as it is, in words."""
    state = found.state
    said = found.reason + (f" {found.status}" if found.status and found.status >= 300 else "")
    said += f": {found.error}" if found.error else f": {_MEANING.get(found.reason, '')}".rstrip(": ")
    if word == "unlisted":
        return "not in the feed list any more"
    if word == "bad_line":
        return (
            f"its line in the list is bad: {(feed.problem if feed else None) or found.error or 'it cannot be polled'}"
        )
    if word == "never" and found.polls:
        return f"never asked yet ({said})"
    if word == "never":
        return "never polled: no run has had it in its list yet"
    if word == "gone":
        return f"gone (410) since {utc(since)}; not asked again, but for --force" if since else "gone (410)"
    if word == "failing":
        times = f", {state.failures} times in a row" if state.failures > 1 else ""
        before = "" if success else "; it has never answered with a feed"
        again = f"; asked again at {utc(state.due)}" if state.due < NEVER else ""
        return f"fails since {utc(since or found.last_poll or now)}{times} ({said}){again}{before}"
    if word == "overdue":
        return f"due since {utc(state.due)}, but the last run did not ask it"
    if word == "empty":
        return "answers with a feed that has no entries" + (f"; the last one came {utc(new)}" if new else "")
    if word == "quiet":
        if new is None:
            return "answers, but has brought nothing yet"
        return f"answers, but nothing new for {span(now - new)}{_rate(found, new)}"
    return ""


def _rate(found: Polled, new: float) -> str:
    """What it brought before it fell quiet; nothing where it was not watched for long enough to say."""
    watched = min(RATE_OVER, new - (found.first_success or new))
    if watched < 86_400 or not found.new_before:
        return ""
    a_week = found.new_before * 7 * 86_400 / watched
    if a_week >= 14:
        return f"; it brought about {a_week / 7:.0f} a day before"
    return (
        f"; it brought about {a_week:.0f} a week before" if a_week >= 1 else "; it brought less than one a week before"
    )


def _notes(found: Polled) -> list[str]:
    """What else is worth knowing of a feed, well or not."""
    state, told = found.state, []
    if found.reason == "truncated":
        told.append(f"its answer is cut: {found.error or _MEANING['truncated']}")
    if state.taken_url:
        told.append(f"moved for good: asked at {state.taken_url} instead; put that into the list")
    elif state.moved_to:
        since = f" since {utc(state.moved_since)}" if state.moved_since else ""
        told.append(f"redirects for good to {state.moved_to}{since}: put that into the list")
    elif found.redirect and found.reason in reasons.ANSWERED:
        told.append(f"answers from {found.redirect} (a passing redirect)")
    if state.lied:
        told.append("its validators lie: polled without them")
    if state.skip_hours:
        told.append(f"asks not to be polled at {ranges(state.skip_hours)} h UTC")
    if state.skip_days:
        told.append("asks not to be polled on " + ", ".join(_DAYS[d] for d in sorted(state.skip_days) if 0 <= d < 7))
    if found.reason == "private_address":
        told.append("--allow_private HOST[:PORT] opens an address of your own network")
    return told


def ranges(numbers: Iterable[int]) -> str:
    """``0-5, 22, 23`` of single numbers: three or more in a row become one."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{r[0]}-{r[-1]}" if len(r) > 2 else ", ".join(map(str, r)) for r in runs)


def span(seconds: float) -> str:
    """A length of time for people, in the largest unit of which there are two."""
    for size, name in ((86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute")):
        if seconds >= 2 * size or (size == 60.0 and seconds >= 60):
            number = int(seconds // size)
            return f"{number:,} {name}{'s' if number != 1 else ''}"
    return "under a minute"


def utc(at: float | None) -> str:
    """A time for people; empty where there is none, or one beyond the calendar."""
    try:
        return f"{datetime.fromtimestamp(at, timezone.utc):%Y-%m-%d %H:%M} UTC" if at is not None else ""
    except (ValueError, OverflowError, OSError):
        return ""
