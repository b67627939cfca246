"""Tables as Markdown, printed or put into a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from schemas.errors import UserError


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Shares (floats) with three digits; the columns of numbers stand to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    numbers = [all(re.fullmatch(r"[-+−]?[\d.,]+|0|", row[n]) for row in cells) for n in range(len(heads))]
    lines = [list(heads), ["--:" if number else "---" for number in numbers], *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value).replace("|", "\\|").replace("\n", " ")


def change(value: float, digits: int = 0) -> str:
    """A difference with its sign; nothing where it rounds to none."""
    shown = f"{value:+.{digits}f}".replace("-", "−")
    return "" if float(f"{value:.{digits}f}") == 0 else shown


def put(document: str, key: str, body: str) -> None:
    """Replace what stands between ``<!-- KEY -->`` and ``<!-- /KEY -->`` in a document."""
    path = Path(document)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"{document}: {error.strerror}; --write names the document to write into") from None
    first, last = f"<!-- {key} -->\n", f"<!-- /{key} -->"
    if text.count(first) != 1 or text.count(last) != 1:
        raise UserError(f"{document}: has no place for these figures; add the lines {first.strip()} and {last}")
    before, _, rest = text.partition(first)
    path.write_text(f"{before}{first}\n{body.strip()}\n\n{last}{rest.partition(last)[2]}", encoding="utf-8")
