"""What is shown to people: tables, and the account of a run.

What comes from feeds and pages is not to be trusted with a terminal: ``safe`` takes out escapes, control
characters and marks that turn the direction of writing.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any

from schemas.errors import UserError
from transforms.account import Line, asked_again, failed, funnel, parts, polled, polls_line, succeeded

if TYPE_CHECKING:
    from rich.console import Console

    from pipelines.options import Settings
    from schemas.records import FeedState

WIDTH = 110  # columns, where the output is no terminal and COLUMNS does not say
BAR = 24
GAP = 2
MIN_COLUMN = 12  # a column narrower than this is no pleasure: rows are then shown one under the other
_NUMBERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL"})
_JOINERS = "\u200c\u200d"  # part of how Persian and emoji are written; they turn nothing
# What CSV does not carry: controls but tab and line feed, overrides of direction, separators of lines, half characters.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\n]")
_NUMBER = re.compile(r"[+-]?\d{1,300}(\.\d{1,300})?([eE][+-]?\d{1,3})?")
_QUOTED = re.compile(r'[,;"\t\n|]')
_UNSEEN = "\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff"  # frequent in pages, of no width: left out


def safe(value: str) -> str:
    """``value`` on one line, with nothing in it that a terminal acts on: C0 controls become their pictures
    (␛), white space a space, and C1 controls, bidirectional marks and the like �."""
    return "".join(c if c.isprintable() or c in _JOINERS else _stand_in(c) for c in value)


def _stand_in(char: str) -> str:
    if char in _UNSEEN:
        return ""
    if char.isspace() and char not in "\x1c\x1d\x1e\x1f\x85\u2028\u2029":
        return " "
    code = ord(char)
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def csv_text(value: str) -> str:
    """``value`` as a cell of CSV that a spreadsheet takes for text and a terminal for nothing but text.

    What begins like a formula gets a ' before it (OWASP, CSV Injection), but for plain numbers. Control characters
    and overrides of the direction of writing are replaced one for one, so that but for that ' offsets hold; line ends
    stay, in quotation marks.
    """
    value = _UNFIT.sub(lambda found: _stand_in(found[0]), value.replace("\r\n", "\n"))
    if _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        value = f"'{value}"
    # Those of other countries' spreadsheets too: they part cells at semicolons, and would find a formula behind one.
    return '"' + value.replace('"', '""') + '"' if _QUOTED.search(value) else value


def tell_csv(columns: Sequence[str], rows: Iterable[Iterable[Any]], header: bool = True) -> None:
    """Print rows as CSV (RFC 4180 with lines that end in a line feed). On a terminal cells stand on one line."""
    terminal = sys.stdout.isatty()

    def told(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool | int | float):
            return plain(value)  # a number stays one, with its sign
        text = value if isinstance(value, str) else plain(value)
        return csv_text(safe(text) if terminal else text)

    if header:
        tell(",".join(told(name) for name in columns))
    for row in rows:
        tell(",".join(told(value) for value in row))


def plain(value: Any) -> str:
    """A value that is no text, as CSV carries it: JSON for what is nested, ISO 8601 for times."""
    ready = jsonable(value)
    return ready if isinstance(ready, str) else json.dumps(ready, ensure_ascii=False)


def jsonable(value: Any) -> Any:
    """A value of a result as JSON has it: times in ISO 8601 (UTC), bytes as text or else hexadecimal."""
    if isinstance(value, datetime):
        return (value.astimezone(timezone.utc) if value.tzinfo else value).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            return bytes(value).hex()
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    if isinstance(value, dict):
        return {str(k): jsonable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(v) for v in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def cell(value: Any) -> str:
    """One value of a result as people read it, not cut; times are UTC."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = value.astimezone(timezone.utc) if value.tzinfo else value
        return f"{value:%Y-%m-%d %H:%M:%S}" if value.second else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    if isinstance(value, bytes | bytearray):
        return as_text(bytes(value)) or f"({len(value):,} bytes)"
    if isinstance(value, list | dict):
        return safe(json.dumps(value, ensure_ascii=False, default=cell))
    return safe(str(value))


def as_text(value: bytes) -> str:
    """Bytes that are JSON or other text in UTF-8, else nothing."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return ""
    return safe(text) if text.isprintable() else ""


def tell(line: str = "", end: str = "\n") -> None:
    """Print a line as it is: data for programs, or our own words."""
    sys.stdout.write(line + end)


def complain(line: str) -> None:
    """Tell the user what is wrong, in one line."""
    sys.stderr.write(f"idlib-watch: {safe(line)}\n")


class SafeFormatter(logging.Formatter):
    """Log lines in which nothing acts on a terminal, or looks like a second line."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return safe(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:
        return "\n".join(map(safe, super().formatException(ei).splitlines()))


def log_safely() -> None:
    """Log to standard error, warnings of libraries too (they repeat what pages say)."""
    handler = logging.StreamHandler()
    handler.setFormatter(SafeFormatter("%(asctime)s %(levelname).1s %(message)s", "%H:%M:%S"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.captureWarnings(True)


def ended(job: Callable[[], int]) -> int:
    """Do a job that prints; its exit status: the job's own, 2 for a mistake (told in one line), 130."""
    try:
        status = job()
        sys.stdout.flush()
        return status
    except UserError as error:
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()
        complain(str(error))
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader (head, less) has seen enough
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0


def json_line(value: Any) -> str:
    """JSON on one line. Characters that a terminal acts on are escaped, which is the same JSON; letters stay."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return line if line.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


def console() -> Console:
    """Where everything is printed; what the output's encoding cannot say becomes a question mark. NO_COLOR
    (no-color.org) makes it plain."""
    from rich.console import Console

    class Quiet(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # for `ended`: rich itself would end the process with status 1

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace", line_buffering=True)
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit() else WIDTH
    return Quiet(
        highlight=False,
        width=width,
        markup=False,
        emoji=False,
        soft_wrap=True,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
    )


def print_rows(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    max_width: int = 60,
    kinds: Sequence[str] = (),
    notes: Sequence[Sequence[str]] = (),
) -> None:
    """A table of ``rows``; cells longer than ``max_width`` characters are cut (0: none is, however wide it gets).

    Where the columns do not fit side by side in the terminal (without one: in ``WIDTH``), each row is a block of
    lines. ``kinds``: the columns' DuckDB types; numbers go to the right. ``notes``: what is said under each row,
    uncut, on as many lines as it takes.
    """
    from rich.cells import cell_len, set_cell_size
    from rich.text import Text

    out = console()
    shown = [[_cut(cell(value), max_width) for value in row] for row in rows]
    names = [safe(name) for name in columns]
    natural = [max(cell_len(row[i]) for row in [names, *shown]) for i in range(len(names))]
    widths = share(natural, out.width - GAP * (len(names) - 1)) if max_width else natural
    if rows and any(width < min(n, MIN_COLUMN) for width, n in zip(widths, natural, strict=True)):
        label = max(map(len, names))
        for number, row in enumerate(shown):
            for name, value in zip(names, row, strict=True):
                out.print(Text.assemble((f"{name:>{label}}  ", "dim"), value))
            _print_notes(out, notes[number] if notes else ())
            if number < len(shown) - 1:
                out.print()
        return
    right = [bool(kinds) and kinds[i].partition("(")[0] in _NUMBERS for i in range(len(names))]

    def line(values: Sequence[str], style: str = "") -> Text:
        padded = []
        for value, width, to_right in zip(values, widths, right, strict=True):
            if cell_len(value) > width:
                value = set_cell_size(value, max(width - 1, 0)).rstrip() + "…"
            blank = " " * (width - cell_len(value))
            padded.append(blank + value if to_right else value + blank)
        return Text((" " * GAP).join(padded).rstrip(), style=style)

    out.print(line(names, "bold"))
    out.print(Text((" " * GAP).join("─" * width for width in widths), style="dim"))
    for number, row in enumerate(shown):
        out.print(line(row))
        _print_notes(out, notes[number] if notes else ())


def _print_notes(out: Console, notes: Sequence[str]) -> None:
    from rich.text import Text

    for note in notes:
        for part in Text(safe(note), style="dim").wrap(out, max(out.width - 4, 1)):
            part.rstrip()
            out.print(Text("    ") + part)


def share(natural: Sequence[int], width: int) -> list[int]:
    """Widths of columns for ``width`` in all: the narrow ones stay whole, the widest give up the most."""
    widths = list(natural)
    while widths and sum(widths) > width and max(widths) > 1:
        widest = max(widths)
        many = [i for i, w in enumerate(widths) if w == widest]
        second = max([w for w in widths if w < widest], default=1)
        over = sum(widths) - width
        down = max(1, min(widest - second, over // len(many)))
        for i in many[: over if down == 1 else None]:
            widths[i] -= down
    return widths


def _cut(text: str, width: int) -> str:
    return text if not width or len(text) <= width else text[: max(width - 1, 1)].rstrip() + "…"


def print_account(counts: dict[str, int], settings: Settings, urls: list[str], interrupted: bool = False) -> bool:
    """Print feeds, funnel, times, and what comes next; whether a feed answered, or did when it was last asked.

    ``interrupted``: the run was ended before its time, so the funnel may lose what was under way.
    """
    from rich.text import Text

    out = console()
    out.print(Text(polls_line(counts, "poll" if settings.streaming else "feed"), style="bold"))
    if polled(counts) or asked_again(counts) or counts.get("commit/articles"):
        print_funnel(out, funnel(counts))
    if not settings.streaming:
        print_times(out, counts, settings.start)
    if interrupted and not settings.streaming:
        out.print("interrupted: what was not committed will be asked for again by the next run")
    if settings.streaming and counts.get("judge/kept", 0) > counts.get("commit/articles", 0):
        out.print("what was not committed will be asked for again at the next start")
    if failed(counts):
        out.print(f"which feeds failed, and why: idlib-watch feeds --output {settings.output}")
    if counts.get("commit/articles"):
        rows = [f"{counts.get(f'commit/{table}', 0):,} {table}" for table in ("articles", "entities", "quotes")]
        out.print(f"new: {', '.join(rows)}")
        return True
    states = feed_states(settings, urls)
    silent = not succeeded(counts) and bool(states) and all(s.failures or s.gone for s in states.values())
    if silent:
        proxy = ", does the proxy answer" if settings.proxy else ""
        out.print(f"no feed has answered when it was last asked: is there a network{proxy}, are the addresses right?")
    if counts.get("poll/private_address"):
        out.print(
            "private_address: --allow_private HOST[:PORT] opens an address of your own network (with --force, now)"
        )
    if not interrupted:
        out.print("nothing is new" + next_due(states))
    return not silent


def print_funnel(out: Console, lines: Sequence[Line]) -> None:
    """Print what became of a run's entries, between empty lines."""
    most = max([line.count for line in lines], default=0)
    out.print()
    for line in lines:
        out.print(_funnel_line(line, most))
    out.print()


def print_times(out: Console, counts: dict[str, int], start: float) -> None:
    """Print how long a run took, and what of it each part."""
    from rich.text import Text

    spent = [f"{name} {seconds:.1f} s" for name, seconds in parts(counts) if seconds >= 0.05]
    took = f"{time.time() - start:.1f} s in all"
    took += f"; of these: {', '.join(spent)}" if spent else ""
    out.print(Text(took, style="dim"))


def _funnel_line(line: Line, most: int) -> Any:
    from rich.text import Text

    if line.kind == "stage":
        bar = "█" * max(round(BAR * line.count / most) if most else 0, 1 if line.count else 0)
        return Text.assemble((f"{line.count:>7,}", "bold"), "  ", f"{line.text:<30}", (bar, "green"))
    sign = {"loss": "-", "gain": "+"}.get(line.kind, " ")
    reason = f"{line.reason}: " if line.reason else ""
    return Text(f"{f'{sign}{line.count:,}':>12}  {reason}{line.text}", style="dim")


def feed_states(settings: Settings, urls: list[str]) -> dict[str, FeedState]:
    """How each feed was left, by address; those that were never polled are not there."""
    from transforms.memory import Memory
    from transforms.storage import Storage

    return Memory(Storage.at(settings.output), settings.max_age, settings.start).feed_states(urls)


def next_due(states: dict[str, FeedState]) -> str:
    """When the next feed is due, as the tail of a sentence."""
    from schemas.records import NEVER

    due = min((s.due for s in states.values() if s.due < NEVER), default=None)
    return f"; the next feed is due at {utc(due)} (--force polls it now)" if due is not None else ""


def utc(at: float) -> str:
    """A time (seconds since the epoch) for people."""
    return f"{datetime.fromtimestamp(at, timezone.utc):%Y-%m-%d %H:%M} UTC"
