"""What a consumer relies on in another context's event: fields, their shapes, and what it does with an example.

    Expectation(
        "view:electorate", "registration.elector-removed.v1",
        {"elector_id": UUID, "effective_on": date},
        [Example({"elector_id": ADA, "effective_on": "2026-06-01"},
                 leaves={"elector": [{"elector_id": ADA, "off_from": "2026-06-01"}]})],
    )

Fields are dotted paths with Python types. `Literal["leader"] | str`: any text, and `leader` among them, which the consumer
tells from others; `Literal[...]` alone: no other value can be dealt with. What a consumer does not name, its provider may
change. The expectations of a module are one story, told in order on one database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import TypeAdapter

Json = dict[str, Any]
FOLDER = Path(__file__).parent
ELSEWHERE = uuid5(NAMESPACE_URL, "a stream of another service")


@dataclass(frozen=True)
class Example:
    """An event that may come, and what is true once it came. Fields that `says` leaves out are the golden sample's."""

    says: Mapping[str, Any]
    """JSON values by dotted path."""
    leaves: Mapping[str, Sequence[Json]] = field(default_factory=dict)
    """Of a view: what each of these tables then holds, in these columns."""
    records: Sequence[tuple[str, Json]] = ()
    """Of a policy: the events of its own service that follow, with these fields."""
    stream: UUID = ELSEWHERE


@dataclass(frozen=True)
class Expectation:
    """`consumer` as its positions are named (`view:…`, `policy:…`); `event` is the wire type without its namespace."""

    consumer: str
    event: str
    relies_on: Mapping[str, Any]
    examples: Sequence[Example]

    @property
    def wire(self) -> str:
        return f"moothall.{self.event}"

    @cached_property
    def adapters(self) -> dict[str, TypeAdapter[Any]]:
        return {path: TypeAdapter(kind) for path, kind in self.relies_on.items()}

    def __str__(self) -> str:
        return f"{self.consumer} expects {self.event}"


@dataclass(frozen=True)
class Contract:
    """All that one service expects of another."""

    consumer: str
    provider: str
    expectations: tuple[Expectation, ...]

    def __str__(self) -> str:
        return f"{self.consumer} expects {self.provider}"


def contracts() -> Iterator[Contract]:
    """Every `<consumer>_expects_<provider>.py` beside this module."""
    for path in sorted(FOLDER.glob("*_expects_*.py")):
        consumer, _, provider = path.stem.partition("_expects_")
        yield Contract(consumer, provider, import_module(f"tests.contract.{path.stem}").EXPECTATIONS)


CONTRACTS = tuple(contracts())
EVERY = [(contract, expectation) for contract in CONTRACTS for expectation in contract.expectations]
