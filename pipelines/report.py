"""The account of a run, for people."""

from __future__ import annotations

from pipelines.options import Settings
from transforms.account import funnel, parts, polled, polls_line


def print_account(counts: dict[str, int], settings: Settings, urls: list[str]) -> None:
    """Print feeds, funnel, times, and what comes next."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(polls_line(counts), style="bold"))
    if polled(counts):
        for line in funnel(counts):
            if line.loss:
                console.print(Text(f"  {-line.count:>9,}  {line.text}", style="dim"))
            else:
                console.print(Text(f"  {line.count:>7,}    {line.text}"))
        spent = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in parts(counts) if seconds >= 0.05)
        if spent:
            console.print(Text(f"time: {spent}", style="dim"))
    if not counts.get("commit/articles"):
        console.print("nothing is new" + next_due(settings, urls))


def next_due(settings: Settings, urls: list[str]) -> str:
    """When the next feed is due, as the tail of a sentence."""
    from pipelines.run import utc
    from transforms.memory import Memory
    from transforms.poll import NEVER
    from transforms.storage import Storage

    states = Memory(Storage.at(settings.output), settings.max_age, settings.start).feed_states(urls)
    due = min((s.due for s in states.values() if s.due < NEVER), default=None)
    return f"; the next feed is due at {utc(due)} (--force polls it now)" if due is not None else ""
