"""Which electoral area each property lies in, by its point on the grid.

A point inside one area belongs to it. A point on a border belongs to the area whose code comes first, of those it
touches: the same in every run and on every machine, and marked, so that an officer looks at it. Nothing is guessed: a
point outside all areas stays unallocated with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, NamedTuple

import numpy as np
import shapely

from services.registration.exchange.boundaries import METRES, Area

Reason = Literal["inside", "on-border", "areas-overlap", "no-position", "outside-great-britain", "outside-all-areas"]


class Position(NamedTuple):
    """A property's point: metres east and north in EPSG:27700, None when unknown."""

    uprn: int
    x: float | None
    y: float | None


@dataclass(frozen=True, slots=True)
class Allocation:
    """Where a property was found to lie. `code` is None when it is unallocated; `candidates` are all areas touched."""

    uprn: int
    code: str | None
    reason: Reason
    candidates: tuple[str, ...] = ()

    @property
    def on_border(self) -> bool:
        """Whether an officer should look: the point is on a border, or the areas themselves overlap there."""
        return self.reason in ("on-border", "areas-overlap")


class Allocator:
    """Allocates points to the areas of one kind: wards, or polling districts. Build once, use for all points."""

    def __init__(self, areas: Sequence[Area]) -> None:
        ordered = sorted(areas, key=lambda area: area.code)
        self._codes = [area.code for area in ordered]
        self._shapes = np.array([area.shape for area in ordered], dtype=object)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def allocate(self, positions: Iterable[Position], batch: int = 10_000) -> Iterator[Allocation]:
        """One allocation for each position, in their order, in batches."""
        waiting = iter(positions)
        while taken := list(islice(waiting, batch)):
            yield from self._batch(taken)

    def _batch(self, positions: list[Position]) -> Iterator[Allocation]:
        points = shapely.points(np.array([(p.x, p.y) for p in positions], dtype=np.float64))
        # Index pairs whose boxes meet; then the exact question to prepared polygons, for all pairs at once.
        near, area = self._tree.query(points)
        meets = shapely.intersects(self._shapes[area], points[near])
        near, area = near[meets], area[meets]
        inside = shapely.contains_properly(self._shapes[area], points[near])
        touched: dict[int, list[tuple[int, bool]]] = {}
        for point, found, within in zip(near.tolist(), area.tolist(), inside.tolist(), strict=True):
            touched.setdefault(point, []).append((found, within))
        for index, position in enumerate(positions):
            yield self._allocation(position, sorted(touched.get(index, ())))

    def _allocation(self, position: Position, touched: list[tuple[int, bool]]) -> Allocation:
        candidates = tuple(self._codes[area] for area, _ in touched)
        if not touched:
            return Allocation(position.uprn, None, _why_nowhere(position))
        if len(touched) == 1 and touched[0][1]:
            return Allocation(position.uprn, candidates[0], "inside", candidates)
        overlap = sum(within for _, within in touched) > 0
        return Allocation(position.uprn, candidates[0], "areas-overlap" if overlap else "on-border", candidates)


def _why_nowhere(position: Position) -> Reason:
    if position.x is None or position.y is None:
        return "no-position"
    (west, south), (east, north) = METRES
    in_britain = west <= position.x <= east and south <= position.y <= north
    return "outside-all-areas" if in_britain else "outside-great-britain"
