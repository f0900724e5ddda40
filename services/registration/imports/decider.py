"""What may be said of a file: that a supply was loaded, once; that boundaries are in use until others replace them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from shared.eventcore.deciding import Decider
from shared.events.registration import BoundariesLoaded, BoundaryKind, Gazetteer, GazetteerLoaded


def supply_id(authority: str, file_sha256: str) -> UUID:
    """The stream of one gazetteer file: the same file of the same council is always the same supply."""
    return uuid5(UUID(int=0), f"gazetteer-supply:{authority}:{file_sha256}")


def boundaries_id(authority: str, kind: BoundaryKind) -> UUID:
    """The stream of a council's boundaries of one kind."""
    return uuid5(UUID(int=0), f"boundaries:{authority}:{kind}")


@dataclass(frozen=True, slots=True)
class RecordSupply:
    """Every row of a gazetteer file has had its effect; `counts` by outcome."""

    source: Gazetteer
    version: str
    file_sha256: str
    counts: dict[str, int]
    volume: int = 0
    process_date: date | None = None


def record_supply(command: RecordSupply, loaded: GazetteerLoaded | None) -> Sequence[GazetteerLoaded]:
    if loaded is not None:
        return []  # the first result stands
    return [
        GazetteerLoaded(
            command.source,
            command.version,
            command.file_sha256,
            command.counts,
            command.volume,
            command.process_date,
        )
    ]


@dataclass(frozen=True, slots=True)
class UseBoundaries:
    kind: BoundaryKind
    version: str
    areas: dict[str, str]
    repaired: tuple[str, ...] = ()


def use_boundaries(command: UseBoundaries, in_use: BoundariesLoaded | None) -> Sequence[BoundariesLoaded]:
    if in_use is not None and in_use.version == command.version:
        return []
    return [BoundariesLoaded(command.kind, command.version, command.areas, command.repaired)]


supplies: Decider[RecordSupply, GazetteerLoaded | None, GazetteerLoaded] = Decider(
    "gazetteer-supply", None, record_supply, lambda _, loaded: loaded
)
boundaries: Decider[UseBoundaries, BoundariesLoaded | None, BoundariesLoaded] = Decider(
    "boundaries", None, use_boundaries, lambda _, loaded: loaded
)
