"""The parts of a run, in the order of `docs/performance.md`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import cast

from bench.ground import Ground
from bench.measuring import Comparison

MODULES = {
    "commands": "commands",
    "ordering": "ordering",
    "relay": "relay",
    "latency": "latency",
    "views": "views",
    "growth": "growth",
    "import": "imports",
    "register": "register",
    "memory": "memory",
    "desk": "desk",
}
"""The module of each part; Python keeps the word `import` for itself."""

Part = Callable[[Ground], Awaitable[list[Comparison]]]


def part(name: str) -> Part:
    """What measures it. Imported when it is wanted."""
    return cast(Part, import_module(f"bench.{MODULES[name]}").measure)
