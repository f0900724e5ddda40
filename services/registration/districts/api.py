"""Routes of redrawing: what would be, the same for real from a day on, and the map beside the table."""

from __future__ import annotations

import asyncio
import io
from collections import defaultdict
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import orjson
from fastapi import APIRouter, Query, Request, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import func, select

from services.registration.districts.homes import homes
from services.registration.districts.redraw import Redraw
from services.registration.districts.what_if import (
    NOT_THESE_FIGURES,
    STRADDLES,
    Plan,
    Station,
    WhatIf,
    what_if,
)
from services.registration.exchange import district_map
from services.registration.exchange.boundaries import read_boundaries
from services.registration.imports.boundaries import in_use
from services.registration.imports.jobs import ImportJobs
from services.registration.imports.runs import Run
from services.registration.views.properties import Allocation
from shared.eventcore.deciding import Refused, Rule
from shared.service.app import accepts_up_to
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.database import Connection, Reading, fetch, reading_on
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import refusals
from shared.service.remembered import Remembered, Within

LARGEST_PLAN = 64 * 1024 * 1024
TOO_LATE = Rule(
    "redrawing-needs-a-later-day",
    "Districts change with a notice of alteration, not before it: the old ones stand until then.",
    "RPA 1983 s.18A, s.13A",
    "Give the day of a notice to come.",
    invalid=True,
)
SEEN = [caught_up("properties"), caught_up("register"), caught_up("absent_voters")]
router = APIRouter(prefix="/districts", tags=["districts"])


class Place(BaseModel):
    """A polling place; metres of the British National Grid."""

    name: str = Field(max_length=200)
    x: float = Field(ge=0, le=700_000)
    y: float = Field(ge=0, le=1_300_000)


class District(BaseModel):
    """A district of the plan: the properties listed for it, besides those inside its polygon, and its polling place."""

    code: str = Field(pattern=r"^[A-Z0-9]{1,6}$", examples=["AB"])
    properties: list[UUID] = []
    station: Place | None = None


class Drawing(BaseModel):
    """Districts drawn otherwise. `polygons`: a GeoJSON FeatureCollection, whose features name their district. What no
    polygon and no list says stays as it is."""

    districts: list[District] = Field([], max_length=5000)
    polygons: dict[str, Any] | None = None

    def plan(self) -> Plan:
        drawn = read_boundaries(io.BytesIO(orjson.dumps(self.polygons)), "polling-district") if self.polygons else ()
        return Plan(
            drawn,
            {identity: district.code for district in self.districts for identity in district.properties},
            {d.code: Station(d.station.name, d.station.x, d.station.y) for d in self.districts if d.station},
        )


class CountLine(BaseModel):
    """One district as it is today, or as planned. Metres per elector to the polling place, in a straight line."""

    properties: int
    electors: int
    attainers: int
    postal_voters: int
    at_station: int
    metres_mean: int | None
    metres_farthest: int | None


class DistrictLine(BaseModel):
    district: str
    planned: CountLine | None
    today: CountLine | None


class Branch(BaseModel):
    """The plan counted. Give `digest` to apply these figures and no others."""

    on: date
    districts: list[DistrictLine]
    properties_moved: int
    electors_moved: int
    digest: str


@router.post(
    "/what-if", dependencies=[requires("registration-officer", "ero-deputy"), *SEEN],
    responses=refusals(invalid=(STRADDLES.name, "not-geojson", "no-area-code", "outside-great-britain")),
)  # fmt: skip
@accepts_up_to(LARGEST_PLAN)
async def try_out(body: Drawing, request: Request, authority: Authority, today: Today) -> Branch:
    """Count districts drawn otherwise beside those of today. Changes nothing."""
    found = await _counted(body, request, authority, today)
    lines = [
        DistrictLine(district=name, planned=_line(found.planned.get(name)), today=_line(found.today.get(name)))
        for name in sorted(found.planned.keys() | found.today.keys())
    ]
    return Branch(
        on=today, districts=lines, properties_moved=len(found.moves), electors_moved=found.electors_moved,
        digest=found.digest,
    )  # fmt: skip


class Redrawing(Drawing):
    """The plan again, with the day it takes effect and the digest of the figures that were decided on."""

    effective_on: date
    reason: str = Field(min_length=1, max_length=500)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class Applying(BaseModel):
    """How far it is stands at `/gazetteer/imports/<run>`. Sent again after an interruption it goes on from there."""

    run: UUID
    properties_moved: int
    electors_moved: int
    effective_on: date


@router.post(
    "/redrawing", status_code=status.HTTP_202_ACCEPTED, dependencies=[requires("ero-deputy"), *SEEN],
    responses=refusals(NOT_THESE_FIGURES.name, "import-under-way", invalid=(STRADDLES.name, TOO_LATE.name)),
)  # fmt: skip
@accepts_up_to(LARGEST_PLAN)
async def redraw(
    body: Redrawing, request: Request, execute: Execute, officer: Officer, authority: Authority, today: Today
) -> Applying:  # fmt: skip
    """Apply a plan from a day on, with the figures that were looked at; until that day the old districts stand."""
    if body.effective_on <= today:
        raise Refused(TOO_LATE)
    found = await _counted(body, request, authority, today)
    if found.digest != body.digest:
        raise Refused(NOT_THESE_FIGURES)
    jobs: ImportJobs = request.app.state.imports
    run = Run(uuid4(), authority, "allocation", officer.id, phase="recording", total=len(found.moves))
    by = execute.metadata(officer)._replace(command_id="")
    await jobs.start(run, Redraw(jobs, run, found.moves, body.effective_on, body.reason, by))
    return Applying(
        run=run.id, properties_moved=len(found.moves), electors_moved=found.electors_moved,
        effective_on=body.effective_on,
    )  # fmt: skip


async def _counted(body: Drawing, request: Request, authority: str, today: date) -> WhatIf:
    plan = await asyncio.to_thread(body.plan)
    async with reading_on(request.app.state.pool, authority) as conn:
        living = await homes(conn, authority, today)
    return await asyncio.to_thread(what_if, living, plan)


def _line(count: Any) -> CountLine | None:
    return CountLine(**asdict(count)) if count else None


# ---------------------------------------------------------- districts and map

MAP_READERS = requires("registration-officer", "ero-deputy", "elections-officer", "ro-deputy")


class DistrictAreas(BaseModel):
    """A polling district and the areas that it lies in: what is said of most of its properties."""

    district: str
    ward: str
    parish: str
    parish_ward: str
    county_division: str
    constituency: str
    properties: int


@router.get("", dependencies=[MAP_READERS, caught_up("properties")])
async def districts(conn: Reading, authority: Authority) -> list[DistrictAreas]:
    """Every polling district that a property lies in."""
    areas = (
        Allocation.district, Allocation.ward, Allocation.parish, Allocation.parish_ward, Allocation.county_division,
        Allocation.constituency,
    )  # fmt: skip
    lie = select(*areas, func.count().label("properties")).where(
        Allocation.authority == authority, Allocation.district != ""
    )
    found: dict[str, DistrictAreas] = {}
    for row in await fetch(conn, lie.group_by(*areas).order_by(*areas)):
        line = DistrictAreas(**row)
        known = found.setdefault(line.district, line)
        if line is not known:
            most = line if line.properties > known.properties else known
            found[line.district] = most.model_copy(update={"properties": known.properties + line.properties})
    return list(found.values())


maps = Remembered()


@router.get(
    "/map", dependencies=[MAP_READERS, *SEEN], response_class=Response,
    responses={200: {"content": {"application/geo+json": {}, "image/svg+xml": {}}}},
)  # fmt: skip
async def district_map_of(
    request: Request, response: Response, conn: Reading, authority: Authority, today: Today,
    form: Annotated[Literal["geojson", "svg"], Query(alias="as")] = "geojson", within: Within = 0,
) -> Response:  # fmt: skip
    """The polling districts of today on a map, with the figures of each: as drawn, else the area that their properties span."""

    async def draw() -> bytes:
        return await _drawn(request, conn, authority, today, form)

    content = await maps(request, response, f"{authority} {today}", within, draw)
    media = "image/svg+xml" if form == "svg" else "application/geo+json"
    return Response(content, media_type=media, headers=dict(response.headers))


async def _drawn(request: Request, conn: Connection, authority: str, today: date, form: str) -> bytes:
    living = await homes(conn, authority, today)
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for home in living:
        if home.areas.district and home.x is not None and home.y is not None:
            points[str(home.areas.district)].append((home.x, home.y))
    _, drawn = (await in_use(request.app.state.execute, conn, authority)).get("polling-district", ("", []))
    shapes = await asyncio.to_thread(district_map.shapes, points, drawn)
    if form == "svg":
        return district_map.svg(shapes, "Polling districts").encode()
    figures = what_if(living, Plan()).today
    said = {name: {k: v for k, v in asdict(count).items() if v is not None} for name, count in figures.items()}
    return orjson.dumps(district_map.geojson(shapes, said))
