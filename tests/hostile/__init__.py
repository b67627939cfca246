"""Servers that mean harm, or know no better: each kind is a function that answers one request on a raw socket.

``server`` is what serves them; every other module here holds a list ``KINDS``.
"""

from __future__ import annotations

import importlib
import pkgutil

from tests.hostile.server import Kind


def all_kinds() -> list[Kind]:
    """The kinds of all modules of this package, each name once."""
    kinds: list[Kind] = []
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name not in {"server", "certificates"}):
        kinds += getattr(importlib.import_module(f"{__name__}.{module}"), "KINDS", [])
    names = [k.name for k in kinds]
    assert len(set(names)) == len(names), sorted(n for n in names if names.count(n) > 1)
    return kinds
