"""How answers are printed: one JSON value for programs, tables and lines for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from shared.eventcore.clock import LONDON
from shared.eventcore.codec import ERASED, SEALED
from shared.eventcore.kafka import Stored

AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as data.")]
OneService = Annotated[str, typer.Option("--service", help="The service whose store it is.")]
AnyService = Annotated[str | None, typer.Option("--service", help="Only this service; otherwise all within reach.")]

_PIPED = 240
"""Columns when nobody looks: a line for `grep` should not be broken."""


def as_json(value: Any) -> None:
    """One line of JSON: dataclasses, instants (ISO 8601) and UUIDs included."""
    # asyncpg and SQLAlchemy have UUIDs and names of their own kind.
    typer.echo(orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode())


def screen() -> Console:
    return Console(width=None if sys.stdout.isatty() else _PIPED)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table for people; `None` is an empty cell."""
    told = Table(*columns, title=title, title_justify="left")
    for row in rows:
        told.add_row(*("" if cell is None else str(cell) for cell in row))
    screen().print(told, markup=False)


def event_as_data(event: Stored) -> dict[str, Any]:
    """An event with the keys `service`, `position`, `shard`, `stream`, `kind`, `version`, `type`, `authority`,
    `occurred_at`, `recorded_at`, `actor`, `reason`, `origin`, `correlation_id`, `causation_id`, `payload` (as stored)."""
    by = event.metadata
    return {
        "service": event.context,
        "position": event.position,
        "shard": event.shard,
        "stream": event.stream_id,
        "kind": event.kind,
        "version": event.version,
        "type": event.type,
        "authority": event.authority,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "actor": by.actor,
        "reason": by.reason,
        "origin": by.origin,
        "correlation_id": by.correlation_id,
        "causation_id": by.causation_id,
        "payload": orjson.loads(event.payload),
    }


def short_type(wire: str) -> str:
    """`elector-added.v1` of `moothall.registration.elector-added.v1`."""
    return wire.split(".", 2)[2]


def in_words(payload: dict[str, Any]) -> str:
    """A payload for people: sealed values, which nobody can read, are named and not printed."""

    def said(value: Any) -> Any:
        if value == ERASED:
            return "(erased)"
        return "(sealed)" if isinstance(value, dict) and SEALED in value else value

    return orjson.dumps({name: said(value) for name, value in payload.items()}).decode()


def local_time(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%Y-%m-%d %H:%M:%S}"


def duration(seconds: float | None) -> str:
    """In the largest unit that says something."""
    if seconds is None:
        return ""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.1f} s"
