"""Spans of one kind that run into each other, set right: a broken parse gives one statement two spans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from transforms.quotation.reporting import Cue


class Piece(Protocol):
    """What is asked of a span of attributed words: a dataclass with these fields."""

    @property
    def kind(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def cue(self) -> Cue | None: ...


P = TypeVar("P", bound=Any)


def untangled(pieces: Iterable[P], starts: list[int]) -> list[P]:
    """``pieces`` in the order of the text. Of one kind each two are apart or one is within the other ("he said that she
    had denied that …"), with a cue of its own.

    ``starts`` are the characters where tokens begin. Two of one cue become one, from the first word to the last; of two
    that cross, the one goes whose cue does not stand before it, else the second. Linear after the sort.
    """
    open_: dict[str, list[_Open]] = {}
    kept: list[_Open] = []
    for piece in sorted(pieces, key=lambda p: (p.start, -p.end)):
        around = open_.setdefault(piece.kind, [])
        while not _goes_before(piece, around, starts):
            around.pop().piece = None
        outer = around[-1].piece if around else None
        if outer is None or (piece.end <= outer.end and piece.cue is not outer.cue and _span(piece) != _span(outer)):
            around.append(_Open(piece))
            kept.append(around[-1])
        elif piece.cue is outer.cue and piece.cue is not None and piece.end > outer.end:
            limit = around[-2].piece.end if len(around) > 1 else piece.end
            around[-1].piece = replace(outer, end=max(outer.end, min(piece.end, limit)))
    return [one.piece for one in kept if one.piece is not None]


@dataclass
class _Open:
    """A piece that may yet be left out, or grow."""

    piece: Any


def _goes_before(piece: Piece, around: list[_Open], starts: list[int]) -> bool:
    """Close what ends before ``piece``; then whether the piece around it, if there is one, may stay."""
    while around and around[-1].piece.end <= piece.start:
        around.pop()
    if not around:
        return True
    outer = around[-1].piece
    is_crossed = piece.end > outer.end and not (piece.cue is outer.cue and piece.cue is not None)
    return not is_crossed or _follows(outer, starts) or not _follows(piece, starts)


def _span(piece: Piece) -> tuple[int, int]:
    return piece.start, piece.end


def _follows(piece: Piece, starts: list[int]) -> bool:
    return piece.cue is not None and starts[piece.cue.at] < piece.start
