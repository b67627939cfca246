"""A table of a topic file, read key by key."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, TypeVar

from schemas.errors import UserError
from transforms.phrases import fold_name

T = TypeVar("T")


class Table:
    """One table of the file, read key by key; every complaint names file and key."""

    def __init__(self, file: str, where: str, data: object) -> None:
        self.file, self.where = file, where
        if not isinstance(data, dict):
            raise self.error(None, f"is {_kind(data)}; write a table")
        self.data: dict[str, Any] = data
        self.known: set[str] = set()

    def error(self, key: str | None, problem: str) -> UserError:
        where = ".".join(part for part in (self.where, key) if part)
        return UserError(f"topic file {self.file}: {where or 'file'}: {problem}")

    def get(self, key: str, kind: type[T], default: T | None = None, *, required: bool = False) -> T | None:
        self.known.add(key)
        value = self.data.get(key)
        if value is None:
            if required:
                near = get_close_matches(key, [other for other in self.data if other not in self.known], n=1)
                raise self.error(key, f"is missing; rename {near[0]!r}" if near else "is missing; add it")
            return default
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(key, f"is {_kind(value)}; write {_NAMES[kind]}")
        if kind is str and not str(value).strip():
            raise self.error(key, "is empty; give a value or leave the key out")
        return value

    def text(self, key: str) -> str:
        return str(self.get(key, str, required=True)).strip()

    def number(self, key: str, default: float, low: float, high: float) -> float:
        value = self.get(key, float, default)
        assert value is not None
        if not low <= value <= high:
            raise self.error(key, f"is {value:g}; write a number from {low:g} to {high:g}")
        return value

    def strings(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        values = self.get(key, list, [], required=required) or []
        for index, value in enumerate(values):
            if not isinstance(value, str):
                raise self.error(f"{key}[{index}]", f"is {_kind(value)}; write a text in quotes")
            if not fold_name(value.rstrip("*")):
                raise self.error(f"{key}[{index}]", "is empty; write a name or remove it")
        if required and not values:
            raise self.error(key, "is empty; give at least one")
        return tuple(dict.fromkeys(value.strip() for value in values))

    def tables(self, key: str) -> list[Table]:
        values = self.get(key, list, []) or []
        return [Table(self.file, f"{key}[{index}]", value) for index, value in enumerate(values)]

    def done(self) -> None:
        for key in self.data:
            if key not in self.known:
                raise self.error(key, f"is not a known key; use one of {', '.join(sorted(self.known))}")


_NAMES: dict[type, str] = {
    str: "a text in quotes",
    float: "a number",
    int: "a whole number",
    list: "a list in [ ]",
    bool: "true or false",
}


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true/false"
    if isinstance(value, (int, float)):
        return "a number"
    names = (("a text", str), ("a list", list), ("a table", dict))
    return next((name for name, kind in names if isinstance(value, kind)), "a date or time")
