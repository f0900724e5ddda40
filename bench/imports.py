"""Part `import`: a whole council's gazetteer, sent to the API as a file: parsed, allocated to polling districts, recorded.

Beside it: the same file through `csv`, the same points through a bare STRtree, nothing stored.
"""

from __future__ import annotations

import asyncio
import csv
import json
import time
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import shapely

from bench.ground import Ground
from bench.measuring import Comparison, take_turns
from bench.registration import registration
from deploy.sample.council import Council
from deploy.sample.gazetteer import gazetteer_csv

PART = "import"
TARGET = 0.3
SUPPLIED = date(2026, 11, 22)
BLPU, EAST, NORTH = "21", 8, 9
"""Record type of a property in AddressBase Premium, and where its coordinates stand."""
LOOK_SECONDS = 0.1
CONFLICT = 409


async def measure(ground: Ground) -> list[Comparison]:
    council = Council(ground.sizes.electors)
    file = ground.directory / "gazetteer.csv"
    with file.open("w", newline="") as out:
        out.writelines(gazetteer_csv(council, SUPPLIED))
    districts = json.dumps(council.polling_districts())
    try:
        done = await take_turns(
            min(ground.sizes.rounds, 3),
            {
                "import": lambda: imported(ground, file, districts, council.property_count),
                "csv and STRtree": lambda: asyncio.to_thread(bare, file, districts),
            },
            ground.say,
        )
    finally:
        file.unlink()
    case = f"{council.property_count:,} properties"
    return [done.compare(PART, case, "properties/s", "import", ["csv and STRtree"], TARGET)]


async def imported(ground: Ground, file: Path, districts: str, properties: int) -> float:
    """Properties per second from the first byte sent until the report says `done`, each recorded and allocated."""
    async with registration(ground, ("api",)) as desk, httpx.AsyncClient(base_url=desk.api, timeout=None) as http:
        http.headers["Authorization"] = f"Bearer {desk.bearer}"
        answer = await http.post("/boundaries/polling-district", content=districts)
        await _ended(http, answer.json()["allocation"]["id"])
        started = time.perf_counter()
        # The last run says that it has ended a moment before it gives the council's lock back.
        while (answer := await http.post("/gazetteer/imports", content=_chunks(file))).status_code == CONFLICT:
            started = time.perf_counter()
        report = await _ended(http, answer.json()["id"])
        took = time.perf_counter() - started
    if report["counts"].get("allocated") != properties:
        raise LookupError(f"{report['counts']} of {properties} properties")
    return properties / took


async def _ended(http: httpx.AsyncClient, run: str) -> dict[str, Any]:
    while (report := (await http.get(f"/gazetteer/imports/{run}")).json())["state"] in ("running", "applied"):  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)
    return dict(report)


async def _chunks(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as source:
        while chunk := source.read(2**16):
            yield chunk


def bare(file: Path, districts: str) -> float:
    """Properties per second: every row split, every point found in its polygon."""
    started = time.perf_counter()
    shapes = [shapely.from_geojson(json.dumps(area["geometry"])) for area in json.loads(districts)["features"]]
    with file.open(newline="") as source:
        points = [(float(row[EAST]), float(row[NORTH])) for row in csv.reader(source) if row[0] == BLPU]
    found, _ = shapely.STRtree(shapes).query(shapely.points(np.array(points)), predicate="intersects")
    took = time.perf_counter() - started
    return len(np.unique(found)) / took
