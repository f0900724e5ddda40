"""Where events lie, and which files count.

    events/context=finance/day=2026-05-01/000000000017-000000000017.parquet    a part: the batches from 17 to 17
    progress.json                                                             the last whole batch, and how far each topic was read
    staging/                                                                  what is being written

`day` is the day in London on which an event was recorded. Two rules make every crash harmless: a part of a batch after the
one in `progress.json` does not count, nor does one whose batches another part of its folder holds as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson

from shared.eventcore.following import Place

COLUMNS = {
    "context": "VARCHAR",
    "day": "DATE",
    "type": "VARCHAR",
    "stream": "UUID",
    "kind": "VARCHAR",
    "version": "INTEGER",
    "shard": "UTINYINT",
    "position": "BIGINT",
    "authority": "VARCHAR",
    "occurred_at": "TIMESTAMPTZ",
    "recorded_at": "TIMESTAMPTZ",
    "actor": "VARCHAR",
    "correlation": "VARCHAR",
    "causation": "VARCHAR",
    "origin": "VARCHAR",
    "payload": "VARCHAR",
}
"""DuckDB's types. `payload` is the JSON text of the topic, byte for byte; personal values in it are sealed."""


class Unusable(Exception):
    """The archive cannot be used as it is. One sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The last batch that was written whole, and what stood in the topics up to there."""

    batch: int
    places: dict[str, Place]

    def to_json(self) -> bytes:
        return orjson.dumps(
            {"batch": self.batch, "places": self.places}, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_INDENT_2
        )

    @classmethod
    def from_json(cls, text: bytes) -> Progress:
        kept = orjson.loads(text)
        return cls(
            kept["batch"],
            {
                context: Place(
                    {int(shard): position for shard, position in place["positions"].items()},
                    {int(number): (offset, position) for number, (offset, position) in place["latest"].items()},
                )
                for context, place in kept["places"].items()
            },
        )

    @classmethod
    def of(cls, root: Path) -> Progress:
        """What `root` holds; nothing at all when there is no archive yet. Raises `Unusable`."""
        file = root / "progress.json"
        try:
            return cls.from_json(file.read_bytes())
        except FileNotFoundError:
            return cls(0, {})
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Unusable(
                f"{file} is damaged: remove {root}, and reporting builds it anew from the event topics."
            ) from None


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One file: the events of one context and day in the batches from `first` to `last`."""

    first: int
    last: int
    path: Path

    @classmethod
    def at(cls, path: Path) -> Part:
        first, last = path.stem.split("-")
        return cls(int(first), int(last), path)

    @classmethod
    def named(cls, folder: Path, first: int, last: int) -> Part:
        return cls(first, last, folder / f"{first:012d}-{last:012d}.parquet")

    def holds(self, other: Part) -> bool:
        """Whether `other`, of the same folder, adds nothing to this one."""
        return self != other and self.first <= other.first and other.last <= self.last


def folders(root: Path, until: date = date.max) -> Iterator[Path]:
    """Every context's days, up to one."""
    for folder in sorted(root.glob("events/context=*/day=*")):
        if day_of(folder) <= until:
            yield folder


def day_of(folder: Path) -> date:
    return date.fromisoformat(folder.name.removeprefix("day="))


def newest_day(root: Path) -> date | None:
    """The last day on which anything was recorded; a rehearsal may be ahead of the calendar."""
    return max(map(day_of, folders(root)), default=None)


def parts(folder: Path) -> list[Part]:
    """Every part in a folder, in the order of batches."""
    return sorted(Part.at(path) for path in folder.glob("*.parquet"))


def counting(found: Iterable[Part], batch: int) -> list[Part]:
    """The parts of one folder that count when `batch` is the last whole one."""
    whole = [part for part in found if part.last <= batch]
    return [part for part in whole if not any(other.holds(part) for other in whole)]


def standing(root: Path, until: date = date.max) -> list[Path]:
    """The files that count, of days up to one: all of the same last whole batch, though it may be written meanwhile.

    Raises `Unusable`.
    """
    while True:
        batch = Progress.of(root).batch
        found = [part.path for folder in folders(root, until) for part in counting(parts(folder), batch)]
        if Progress.of(root).batch == batch:
            return found
