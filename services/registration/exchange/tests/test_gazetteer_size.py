"""A whole council is imported and allocated in bounded memory."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shared.eventcore.testing.memory import largest_resident

PROPERTIES = 110_000
BOUND = 512 * 2**20
PROJECT = Path(__file__).parents[4]


def import_everything(electors: int) -> dict[str, int]:
    """Generate, import and allocate a council of this size in this process; counts and the largest resident size."""
    from deploy.sample.council import Council
    from deploy.sample.gazetteer import gazetteer_csv
    from services.registration.exchange.allocation import Allocator, Position
    from services.registration.exchange.boundaries import read_boundaries
    from services.registration.exchange.gazetteer.assembly import PropertySupplied
    from services.registration.exchange.gazetteer.electoral import electoral, gazetteer_facts
    from services.registration.exchange.gazetteer.supply import read_supply

    council = Council(electors)
    counts = {"properties": 0, "electoral": 0, "allocated": 0, "refused": 0}
    with tempfile.TemporaryFile() as districts:
        districts.write(json.dumps(council.polling_districts()).encode())
        districts.seek(0)
        allocator = Allocator(read_boundaries(districts, "polling-district"))

    def positions() -> Iterator[Position]:
        for outcome in supply.properties():
            assert isinstance(outcome, PropertySupplied)
            facts = gazetteer_facts(outcome.property)
            counts["properties"] += 1
            counts["electoral"] += electoral(outcome.property).electoral
            yield Position(outcome.property.uprn, facts.x, facts.y)

    with tempfile.TemporaryFile() as file:
        for line in gazetteer_csv(council, date(2026, 11, 22)):
            file.write(line.encode())
        with read_supply([file]) as supply:
            counts["allocated"] = sum(a.code is not None for a in allocator.allocate(positions()))
            counts["refused"] = supply.refused.total()
    return counts | {"bytes": largest_resident()}


@pytest.mark.load
def test_110_000_properties_import_and_allocate_in_under_512_megabytes() -> None:
    run = [
        sys.executable,
        "-c",
        f"import json; from {__name__} import *; print(json.dumps(import_everything(200_000)))",
    ]
    finished = subprocess.run(run, cwd=PROJECT, capture_output=True, text=True, check=True)
    found = json.loads(finished.stdout)
    assert found["properties"] == found["allocated"] == PROPERTIES
    assert found["refused"] == 0
    assert found["bytes"] < BOUND
