"""An import whose process is killed is finished by another, and nothing is done twice."""

from __future__ import annotations

import asyncio
import sys
from datetime import date

import pytest

from deploy.sample.council import Council
from deploy.sample.gazetteer import gazetteer_csv
from services.registration.imports.tests.office import opened
from services.registration.imports.tests.test_size import PROJECT

ELECTORS, PROPERTIES = 8_000, 4_400


@pytest.mark.fault
async def test_an_import_whose_process_is_killed_is_finished_by_another(registration_database, tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.registration.imports.tests.whole_council",
        registration_database, str(tmp_path), str(ELECTORS),
        cwd=PROJECT, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    council = Council(ELECTORS)
    file = "".join(gazetteer_csv(council, date(2026, 11, 22)))
    while not (tmp_path / "ring").exists():  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    async with opened(registration_database, tmp_path) as office:
        await office.until("property-added", 1_000)
        process.kill()
        await process.wait()
        recorded = (await office.events())["property-added"]
        assert 1_000 <= recorded < PROPERTIES

        left = await gazetteer_run(office)
        while left["state"] == "running":  # until the database notices that its client has gone
            await asyncio.sleep(0.05)
            left = await gazetteer_run(office)
        assert left["state"] == "interrupted"
        finished = await office.load(file)
        assert (finished["id"], finished["state"]) == (left["id"], "done")
        assert finished["counts"] == {"added": PROPERTIES, "allocated": PROPERTIES, "unchanged": 0}
        assert await office.events() == {
            "property-added": PROPERTIES, "property-allocated": PROPERTIES,
            "boundaries-loaded": 1, "gazetteer-loaded": 1,
        }  # fmt: skip
        assert await office.core.pool.fetchval("SELECT count(*) FROM gazetteer_property") == PROPERTIES


async def gazetteer_run(office):
    (run,) = [run for run in (await office.client.get("/gazetteer/imports")).json() if run["kind"] == "gazetteer"]
    return run
