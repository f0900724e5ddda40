"""What may be said of a file: that a supply was loaded, once, or taken back; that boundaries are in use until others are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from uuid import UUID, uuid5

from shared.eventcore.deciding import Decider
from shared.events.registration import (
    BoundariesLoaded,
    BoundaryKind,
    Gazetteer,
    GazetteerLoaded,
    GazetteerTakenBack,
)


def supply_id(authority: str, file_sha256: str, taken_back: int = 0) -> UUID:
    """The stream of one gazetteer file: the same file of the same council is always the same supply, until it was taken back;
    loaded again it is another."""
    again = f":{taken_back}" if taken_back else ""
    return uuid5(UUID(int=0), f"gazetteer-supply:{authority}:{file_sha256}{again}")


def undo_id(supply: UUID) -> UUID:
    """The run that takes a supply back: there is one."""
    return uuid5(supply, "undo")


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


@dataclass(frozen=True, slots=True)
class RecordTakingBack:
    """Every property that the file said something of is as before, but for those that others have changed since."""

    file_sha256: str
    because: str
    counts: dict[str, int]


Supply = GazetteerLoaded | GazetteerTakenBack


def record_supply(command: RecordSupply | RecordTakingBack, supply: Supply | None) -> Sequence[Supply]:
    match command:
        case RecordSupply() if supply is not None:
            return []  # the first result stands
        case RecordSupply(source, version, file_sha256, counts, volume, process_date):
            return [GazetteerLoaded(source, version, file_sha256, counts, volume, process_date)]
        case RecordTakingBack(file_sha256, because, counts):
            if isinstance(supply, GazetteerTakenBack):
                return []
            return [GazetteerTakenBack(file_sha256, because, counts)]
        case _:
            assert_never(command)


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


supplies: Decider[RecordSupply | RecordTakingBack, Supply | None, Supply] = Decider(
    "gazetteer-supply", None, record_supply, lambda _, last: last
)
boundaries: Decider[UseBoundaries, BoundariesLoaded | None, BoundariesLoaded] = Decider(
    "boundaries", None, use_boundaries, lambda _, loaded: loaded
)
