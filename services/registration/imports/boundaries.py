"""Electoral boundaries of a council: polygons kept by version, the version in use told by the events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import shapely

from services.registration.exchange.boundaries import Area, read_boundaries
from services.registration.imports.decider import UseBoundaries, boundaries, boundaries_id
from services.registration.imports.upload import Upload
from shared.eventcore.checkpoints import Conn
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata, Receipt
from shared.eventcore.store import act_for
from shared.events.registration import BoundariesLoaded, BoundaryKind

KINDS: tuple[BoundaryKind, ...] = get_args(BoundaryKind)


@dataclass(frozen=True, slots=True)
class BoundarySet:
    """The areas of one file. `version` is its SHA-256."""

    kind: BoundaryKind
    version: str
    areas: Sequence[Area]

    @property
    def repaired(self) -> tuple[str, ...]:
        return tuple(area.code for area in self.areas if area.repaired)


def read(
    upload: Upload, kind: BoundaryKind, code_property: str | None = None, name_property: str | None = None
) -> BoundarySet:
    """Read a GeoJSON file. Raises `BoundariesRefused`."""
    return BoundarySet(kind, upload.sha256, read_boundaries(upload.files[0], kind, code_property, name_property))


async def use(execute: Executor, conn: Conn, given: BoundarySet, by: Metadata) -> Receipt:
    """Put boundaries into use: the polygons first, then the event that names them."""
    async with conn.transaction():
        await act_for(conn, by.authority)
        await conn.executemany(
            "INSERT INTO boundary_area VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            [
                (by.authority, given.kind, given.version, a.code, a.name, a.welsh_name, shapely.to_wkb(a.shape))
                for a in given.areas
            ],
        )
    command = UseBoundaries(given.kind, given.version, {a.code: a.name for a in given.areas}, given.repaired)
    return await execute(boundaries, boundaries_id(by.authority, given.kind), command, by=by)


async def in_use(execute: Executor, conn: Conn, authority: str) -> dict[BoundaryKind, tuple[str, list[Area]]]:
    """Version and areas of every kind that has been loaded."""
    found: dict[BoundaryKind, tuple[str, list[Area]]] = {}
    for kind in KINDS:
        loaded = (await execute.state(boundaries, boundaries_id(authority, kind), authority)).state
        if loaded is not None:
            found[kind] = loaded.version, await _areas(conn, authority, loaded)
    return found


async def _areas(conn: Conn, authority: str, loaded: BoundariesLoaded) -> list[Area]:
    async with conn.transaction(readonly=True):
        await act_for(conn, authority)
        rows = await conn.fetch(
            "SELECT code, name, welsh_name, shape FROM boundary_area"
            " WHERE authority = $1 AND kind = $2 AND version = $3 ORDER BY code",
            authority, loaded.kind, loaded.version,
        )  # fmt: skip
    return [Area(row["code"], row["name"], shapely.from_wkb(row["shape"]), row["welsh_name"]) for row in rows]
