"""How an event of the published language is declared: its wire type, its subject, its personal fields, its upcasts.

    @event("registration.elector-added.v1", subject="person_id", effective="effective_on")
    class ElectorAdded:
        person_id: PersonId
        name: Personal[PersonName]
        effective_on: date

An event class is a frozen, slotted standard-library dataclass: deciders construct and match it without any framework.
Pydantic reads and writes it at the edges (`EventType.adapter`). New fields need a default; anything else is a new wire
version with an `@upcast` from the old payload.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar, cast, dataclass_transform, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

NAMESPACE = "moothall"
T = TypeVar("T")
C = TypeVar("C", bound=type)


class PersonalData:
    """Marks a field whose value is sealed under its subject's key before it is stored or published."""


PERSONAL = PersonalData()


@dataclass(frozen=True, slots=True)
class Erased:
    """Stands where a personal value stood before its subject's key was destroyed."""

    erased: bool = True


@dataclass(frozen=True, slots=True)
class Sealed:
    """A personal value seen without its key: what Kafka, backups and other services hold."""

    sealed: str


Personal = Annotated[T | Erased | Sealed, PERSONAL]


def known(value: T | Erased | Sealed, otherwise: T | None = None) -> T | None:
    """The value itself, or `otherwise` when it was erased or is sealed to this reader."""
    return otherwise if isinstance(value, (Erased, Sealed)) else value


Payload = dict[str, Any]


@dataclass(frozen=True)
class EventType(Generic[T]):
    """What the registry knows of one event class."""

    wire: str
    cls: type[T]
    subject: str | None
    effective: str | None

    @property
    def context(self) -> str:
        return self.wire.split(".")[1]

    @property
    def name(self) -> str:
        return self.cls.__name__

    @property
    def version(self) -> int:
        return int(self.wire.rsplit(".v", 1)[1])

    @cached_property
    def adapter(self) -> TypeAdapter[T]:
        return TypeAdapter(self.cls)

    @cached_property
    def personal(self) -> frozenset[str]:
        """Names of the fields that are sealed under the subject's key."""
        hints = get_type_hints(self.cls, include_extras=True)
        return frozenset(
            f.name
            for f in fields(self.cls)  # type: ignore[arg-type]
            if get_origin(hints[f.name]) is Annotated and PERSONAL in get_args(hints[f.name])[1:]
        )


class Registry:
    """Every event type of the platform by wire type and by class, and the upcasts between versions."""

    def __init__(self) -> None:
        self.by_wire: dict[str, EventType[Any]] = {}
        self.by_class: dict[type, EventType[Any]] = {}
        self.upcasts: dict[str, tuple[str, Callable[[Payload], Payload]]] = {}

    def of(self, event: object) -> EventType[Any]:
        return self.by_class[type(event)]

    def current(self, wire: str, payload: Payload) -> tuple[EventType[Any] | None, Payload]:
        """Follow upcasts to the newest version; `None` for a type this build does not know."""
        while wire in self.upcasts:
            wire, lift = self.upcasts[wire]
            payload = lift(payload)
        return self.by_wire.get(wire), payload

    def context(self, name: str) -> Mapping[str, EventType[Any]]:
        return {wire: kind for wire, kind in self.by_wire.items() if kind.context == name}


REGISTRY = Registry()


@dataclass_transform(frozen_default=True)
def event(
    wire: str, *, subject: str | None = None, effective: str | None = None, registry: Registry = REGISTRY
) -> Callable[[C], C]:
    """Declare an event. `wire` is `<context>.<kebab-name>.v<n>`; `subject` names the field with the person whose key
    seals the `Personal` fields; `effective` names the date field from which the fact holds (else: when it occurred)."""

    def declare(cls: C) -> C:
        frozen: Any = dataclass(frozen=True, slots=True)(cls)
        kind: EventType[Any] = EventType(f"{NAMESPACE}.{wire}", frozen, subject, effective)
        if kind.wire in registry.by_wire:
            raise TypeError(f"two events claim the wire type {kind.wire}")
        registry.by_wire[kind.wire] = kind
        registry.by_class[frozen] = kind
        return cast(C, frozen)

    return declare


def upcast(
    old: str, to: str, *, registry: Registry = REGISTRY
) -> Callable[[Callable[[Payload], Payload]], Callable[[Payload], Payload]]:
    """Declare how the payload of an old wire version becomes the next one. Pure; sees sealed values as they are stored."""

    def declare(lift: Callable[[Payload], Payload]) -> Callable[[Payload], Payload]:
        registry.upcasts[f"{NAMESPACE}.{old}"] = (f"{NAMESPACE}.{to}", lift)
        return lift

    return declare
