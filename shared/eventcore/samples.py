"""Golden samples: one event of every shape ever written, sealed under a published key, readable for ever.

A sample is `{"type", "event", "payload"}`: the wire type, the event in the clear, and the text that a store would hold.
Samples are committed and never rewritten, so each proves that this build still reads what an older one wrote, down to
the sealing of its personal values.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.eventcore.codec import decode, encode, subject_in, subject_of
from shared.eventcore.hashing import sha256
from shared.eventcore.keys import NONCE_BYTES
from shared.eventcore.sealing import DataKey
from shared.events.definition import Erased, EventType, Registry, Sealed

SECRET = b"published: opens golden samples."

Json = dict[str, Any]


class SampleKey(DataKey):
    """Seals the same value the same way every time, which is safe for invented people only."""

    __slots__ = ()

    def __init__(self, subject_id: UUID) -> None:
        super().__init__(subject_id, SECRET)

    def seal(self, clear: bytes, wire: str, field: str, *, nonce: bytes | None = None) -> str:
        return super().seal(clear, wire, field, nonce=sha256(f"{wire} {field}".encode())[:NONCE_BYTES])


@dataclass(frozen=True, slots=True)
class Sample:
    """One committed sample."""

    path: Path
    type: str
    event: Json
    payload: Json


def committed(folder: Path) -> Iterator[Sample]:
    """Every committed sample; raises ValueError naming the file that is none."""
    for path in sorted(folder.glob("*.json")):
        try:
            yield Sample(path, **json.loads(path.read_text("utf-8")))
        except (TypeError, ValueError):
            raise ValueError(f"{path.name} is not a sample") from None


def make(kind: EventType[Any], registry: Registry) -> str:
    """The text of a sample of this event as it is declared now: every field filled in, always the same way."""
    event = build(kind.cls, kind.wire)
    subject = subject_of(event, registry)
    wire, payload = encode(event, SampleKey(subject) if subject else None, registry)
    clear = kind.adapter.dump_python(event, mode="json")
    return (
        json.dumps({"type": wire, "event": clear, "payload": json.loads(payload)}, indent=2, ensure_ascii=False) + "\n"
    )


def fault(sample: Sample, registry: Registry) -> str | None:
    """Why this build does not read a sample, or what it loses of it; None when all is well."""
    text = json.dumps(sample.payload)
    try:
        subject = subject_in(sample.type, text, registry)
        event = decode(sample.type, text, SampleKey(subject) if subject else None, registry)
    except Exception as problem:  # an upcast is anybody's code: whatever it raises is the answer here
        return f"cannot be read: {type(problem).__name__}: {problem}"
    if event is None:
        return "no event and no upcast reads this type any more"
    kind = registry.of(event)
    if kind.wire != sample.type:
        return None  # an upcast may say the same in other words
    lost = _lost(sample.event, kind.adapter.dump_python(event, mode="json"), "")
    return f"is read with another value at {lost}" if lost else None


def _lost(written: Any, read: Any, path: str) -> str | None:
    """Where something written is missing or different now; more is welcome."""
    if isinstance(written, dict) and isinstance(read, dict):
        found = (_lost(value, read.get(name), f"{path}.{name}") for name, value in written.items())
        return next((lost for lost in found if lost), None)
    if isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        return next(
            (lost for i, (a, b) in enumerate(zip(written, read, strict=True)) if (lost := _lost(a, b, f"{path}[{i}]"))),
            None,
        )
    return None if written == read else path.removeprefix(".")


# ---------------------------------------------------------------- invention

PLAIN: Mapping[type, Callable[[str], Any]] = {
    str: lambda path: f"invented {path.rsplit('.', 1)[-1]}",
    bool: lambda _: True,
    int: lambda _: 7,
    float: lambda _: 1.5,
    Decimal: lambda _: Decimal("1.50"),
    UUID: lambda path: uuid5(NAMESPACE_URL, path),
    datetime: lambda _: datetime(2026, 5, 7, 21, 0, tzinfo=UTC),
    date: lambda _: date(2026, 5, 7),
    time: lambda _: time(22, 0),
    timedelta: lambda _: timedelta(days=5),
}


def build(hint: Any, path: str) -> Any:
    """A value of a type, derived from the type and `path` alone. Raises TypeError for a type it cannot invent."""
    if hint in PLAIN:
        return PLAIN[hint](path)
    if supertype := getattr(hint, "__supertype__", None):
        return build(supertype, path)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint, include_extras=True)
        return hint(**{field.name: build(hints[field.name], f"{path}.{field.name}") for field in fields(hint)})
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return build(args[0], path)
    if origin is Literal:
        return args[0]
    if origin in (Union, types.UnionType):
        return build(next(arg for arg in args if arg not in (types.NoneType, Erased, Sealed)), path)
    if origin is tuple and args[1:] != (...,):
        return tuple(build(arg, f"{path}.{i}") for i, arg in enumerate(args))
    if origin in (tuple, list, set, frozenset):
        return origin([build(args[0], path)])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {build(args[0], f"{path}.key"): build(args[1], f"{path}.value")}
    raise TypeError(f"{path}: no sample can be invented for {hint}")
