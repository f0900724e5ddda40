"""Which fields of an event a handler asks for, so that an expectation names all of them and no others."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any


def watched(value: Any, read: set[str], path: str = "") -> Any:
    """A copy of an event that adds to `read` the dotted path of every field that is asked for."""
    if not is_dataclass(value):
        return value
    kind: Any = type(value)
    names = {field.name for field in fields(kind)}

    class Watched(kind):  # type: ignore[misc]  # a subclass, so that it is matched as what it is
        __slots__ = ()

        def __getattribute__(self, name: str) -> Any:
            found = kind.__getattribute__(self, name)
            if name not in names:
                return found
            read.add(path + name)
            return watched(found, read, f"{path}{name}.")

    copy = object.__new__(Watched)
    for name in names:
        object.__setattr__(copy, name, getattr(value, name))
    return copy


def leaves(read: set[str]) -> set[str]:
    """Without the paths that only led to others."""
    return {path for path in read if not any(other.startswith(f"{path}.") for other in read)}
