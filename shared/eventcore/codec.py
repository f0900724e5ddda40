"""Between an event object and its stored JSON text. Personal fields leave this module sealed, or not at all.

Stored, a personal field reads `{"$sealed": "v1.…"}`; `{"$erased": true}` when its value was erased before it was
recorded again; or `null` when there is nothing to seal. Upcasts see payloads in this form; a sealed value is opened
under the type and the field that it was stored with, wherever an upcast has moved it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from uuid import UUID

import orjson
from pydantic import TypeAdapter, ValidationError

from shared.eventcore.sealing import ALREADY_ERASED, DataKey, KeyState, Tampered
from shared.events.definition import PERSONAL, REGISTRY, Erased, EventType, Payload, Registry, Sealed
from shared.law.rules import Refused

SEALED = "$sealed"
ERASED = {"$erased": True}


class Unreadable(Exception):
    """A stored payload does not fit its event type. Names event and fields, never a value."""

    def __init__(self, wire: str, place: str, field: str, problem: ValidationError) -> None:
        faults = {
            (field or str(next(iter(error["loc"]), "payload"))) + ": " + error["type"]
            for error in problem.errors(include_input=False)
        }
        super().__init__(f"{wire}{place and f' of {place}'} does not fit its type ({', '.join(sorted(faults))})")
        self.wire, self.place = wire, place


@dataclass(frozen=True, slots=True)
class Shape:
    """What reading and writing one event type needs, worked out once."""

    kind: EventType[Any]
    personal: Mapping[str, TypeAdapter[Any]]
    """The clear value of each personal field: its type without `Erased` and `Sealed`."""


@cache
def shape_of(kind: EventType[Any]) -> Shape:
    """Raises TypeError for an event whose personal data could be stored in the clear."""
    hints = get_type_hints(kind.cls, include_extras=True)
    for field in fields(kind.cls):
        marked = field.name in kind.personal
        if _holds_personal(get_args(hints[field.name])[0] if marked else hints[field.name], set()):
            raise TypeError(f"{kind.wire} {field.name}: Personal[…] must be the outermost type of a field of the event")
    if kind.personal and kind.subject is None:
        raise TypeError(f"{kind.wire} has personal fields and names no subject")
    if kind.subject is not None and (kind.subject not in hints or kind.subject in kind.personal):
        raise TypeError(f"{kind.wire}: its subject {kind.subject} must be a field that is not itself personal")
    return Shape(
        kind, {field.name: _clear(hints[field.name]) for field in fields(kind.cls) if field.name in kind.personal}
    )


def subject_of(event: object, registry: Registry = REGISTRY) -> UUID | None:
    """The person whose key seals this event's personal fields."""
    subject = registry.of(event).subject
    return None if subject is None else getattr(event, subject)


def subject_in(wire: str, payload: str, registry: Registry = REGISTRY) -> UUID | None:
    """The subject of a stored event: whose key to load before `decode`."""
    known = registry.by_wire.get(wire)
    if known is not None and known.subject is None and wire not in registry.upcasts:
        return None  # about nobody: that can be said without reading the payload
    kind, current = registry.current(wire, orjson.loads(payload))
    return None if kind is None else _subject(kind, current)


def encode(event: object, key: KeyState = None, registry: Registry = REGISTRY) -> tuple[str, str]:
    """`(wire type, JSON text)` to store. `key` is needed if a personal field has a value.

    Raises `Refused` (`subject-erased`) when that key was destroyed, ValueError when it is missing or another person's,
    or when a field holds another service's sealed value, which this service could never open again.
    """
    shape = shape_of(registry.of(event))
    kind = shape.kind
    if not shape.personal:
        return kind.wire, kind.adapter.dump_json(event).decode()
    payload: Payload = kind.adapter.dump_python(event, mode="json", exclude=set(shape.personal))
    for name, clear in shape.personal.items():
        value = getattr(event, name)
        if isinstance(value, Sealed):
            raise ValueError(f"{kind.wire} {name}: a value sealed by another service cannot be recorded")
        if value is None:
            payload[name] = None
        elif isinstance(value, Erased):
            payload[name] = ERASED
        else:
            token = _own(key, kind, getattr(event, kind.subject or "")).seal(clear.dump_json(value), kind.wire, name)
            payload[name] = {SEALED: token}
    return kind.wire, orjson.dumps(payload).decode()


def decode(
    wire: str, payload: str, key: KeyState = None, registry: Registry = REGISTRY, *, place: str = ""
) -> Any | None:
    """The event as this build knows it, or None for an unknown type.

    Personal fields are opened; they are `Erased` when the key was destroyed, `Sealed` when this reader has none.
    Raises `Tampered` or `Unreadable`; both name `place` (the event's id) and no value.
    """
    known = registry.by_wire.get(wire)
    if known is not None and not known.personal:  # nothing to open: from text to event in one step
        try:
            return known.adapter.validator.validate_json(payload)
        except ValidationError as problem:
            raise Unreadable(wire, place, "", problem) from None
    stored: Payload = orjson.loads(payload)
    kind, current = (known, stored) if known is not None else registry.current(wire, dict(stored))
    if kind is None:
        return None
    shape = shape_of(kind)
    if isinstance(key, DataKey) and shape.personal and _subject(kind, current) != key.subject_id:
        raise Tampered(wire, kind.subject or "", place)
    origins = None if kind.wire == wire else _origins(wire, stored, place)
    ready = dict(current)
    name = ""
    try:
        for name, clear in shape.personal.items():
            if name not in current or current[name] is None:
                continue
            opened = _open(current[name], key, wire, name, origins, place)
            ready[name] = clear.validate_json(opened) if isinstance(opened, bytes) else opened
        name = ""
        return kind.adapter.validate_python(ready)
    except ValidationError as problem:
        raise Unreadable(wire, place, name, problem) from None  # its own text would show the values


def _open(
    value: Any, key: KeyState, wire: str, name: str, origins: Mapping[str, str] | None, place: str
) -> bytes | Erased | Sealed:
    """The clear JSON of one stored personal value, or what stands for it."""
    if value == ERASED:
        return Erased()
    token = value.get(SEALED) if isinstance(value, dict) and len(value) == 1 else None
    origin = name if origins is None else origins.get(str(token))
    if not isinstance(token, str) or origin is None:
        raise Tampered(wire, name, place)  # a clear value stands where only sealed ones are written
    if key is None:
        return Sealed(token)
    if isinstance(key, Erased):
        return key
    try:
        return key.open(token, wire, origin)
    except Tampered:
        raise Tampered(wire, name, place) from None


def _origins(wire: str, stored: Payload, place: str) -> dict[str, str]:
    """The field each sealed value was stored in, so that an upcast may rename it. A copy of one is not authentic."""
    origins: dict[str, str] = {}
    for name, value in stored.items():
        if isinstance(value, dict) and isinstance(token := value.get(SEALED), str):
            if token in origins:
                raise Tampered(wire, name, place)
            origins[token] = name
    return origins


def _subject(kind: EventType[Any], payload: Payload) -> UUID | None:
    subject = payload.get(kind.subject) if kind.subject else None
    return None if subject is None else UUID(subject)


def _own(key: KeyState, kind: EventType[Any], subject: UUID | None) -> DataKey:
    if isinstance(key, Erased):
        raise Refused(ALREADY_ERASED)
    if key is None or key.subject_id != subject:
        raise ValueError(f"{kind.wire} needs the key of its {kind.subject} to be recorded")
    return key


def _clear(hint: Any) -> TypeAdapter[Any]:
    alternatives = [t for t in get_args(get_args(hint)[0]) if t is not Erased and t is not Sealed]
    return TypeAdapter(reduce(or_, alternatives))


def _holds_personal(hint: Any, seen: set[Any]) -> bool:
    if get_origin(hint) is Annotated and PERSONAL in get_args(hint)[1:]:
        return True
    if is_dataclass(hint) and isinstance(hint, type) and hint not in seen:
        seen.add(hint)
        inner = get_type_hints(hint, include_extras=True)
        return any(_holds_personal(inner[field.name], seen) for field in fields(hint))
    supertype = getattr(hint, "__supertype__", None)
    return _holds_personal(supertype, seen) if supertype else any(_holds_personal(arg, seen) for arg in get_args(hint))
