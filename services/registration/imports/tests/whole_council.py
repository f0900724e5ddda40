"""A process of its own that imports and allocates a whole council: `python -m …whole_council DATABASE KEYS ELECTORS`.

Prints what came of it, how long each part took, and the largest resident size, as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import uvloop

from deploy.sample.council import Council
from deploy.sample.gazetteer import gazetteer_csv
from services.registration.imports.tests.office import opened
from shared.eventcore.testing.memory import largest_resident


async def whole_council(database: str, keys: Path, electors: int) -> dict[str, Any]:
    council = Council(electors)
    async with opened(database, keys) as office:
        office.client.timeout = None
        with tempfile.TemporaryFile() as file:
            for line in gazetteer_csv(council, date(2026, 11, 22)):
                file.write(line.encode())
            size = file.tell()
            file.seek(0)
            started = time.perf_counter()
            await office.use("polling-district", json.dumps(council.polling_districts()))
            answer = await office.client.post("/gazetteer/imports", content=chunks(file))
            await office.jobs.idle()
            seconds = time.perf_counter() - started
        report = await office.report(answer.json()["id"])
    return {"report": report, "seconds": round(seconds, 1), "file": size, "bytes": largest_resident()}


async def chunks(file: Any) -> Any:
    while chunk := file.read(2**16):
        yield chunk


if __name__ == "__main__":
    print(json.dumps(uvloop.run(whole_council(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))))
