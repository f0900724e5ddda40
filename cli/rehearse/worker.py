"""`python -m cli.rehearse.worker DIRECTORY`: the process that lives through the year, and that may be killed at any moment.

Tells on standard output, a JSON line each, the rehearsed date and what is going on. The database is in
`MOOT_REGISTRATION_DATABASE_URL`, the size of the council and the year in `plan.json`. It does not wait for a store that is away:
it ends with a code of its own, and whoever started it starts it again, as a service's roles are started again.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import date
from pathlib import Path

from cli.rehearse.run import Rehearsal, live_through
from deploy.local.process import CannotRun
from deploy.sample.council import Council
from services.registration.demonstration.year import Year
from shared.eventcore.applying import is_transient
from shared.eventcore.garbage import spare_what_is_loaded
from shared.service import logs

PLAN = "plan.json"
STORE_AWAY = 75
"""Exit code: try again. [sysexits.h, EX_TEMPFAIL]"""


def write_plan(directory: Path, council: Council, year: Year) -> None:
    plan = {"electors": council.electors, "seed": council.seed, "first": year.first, "polling_day": year.polling_day}
    (directory / PLAN).write_text(json.dumps(plan, default=date.isoformat))


def planned(directory: Path, url: str) -> Rehearsal:
    plan = json.loads((directory / PLAN).read_text())
    year = Year(date.fromisoformat(plan["first"]), date.fromisoformat(plan["polling_day"]))
    return Rehearsal(Council(plan["electors"], plan["seed"]), year, url, directory)


def main(directory: Path) -> None:
    def told_day(on: date, doing: str) -> None:
        print(json.dumps({"on": on.isoformat(), "doing": doing}), flush=True)

    logs.configure(os.environ.get("MOOT_LOG_LEVEL", "error"), role="rehearsal", stream=sys.stderr)
    spare_what_is_loaded()
    try:
        asyncio.run(live_through(planned(directory, os.environ["MOOT_REGISTRATION_DATABASE_URL"]), told_day))
    except CannotRun as problem:
        sys.exit(str(problem))
    except Exception as problem:
        if not is_transient(problem):
            raise
        sys.exit(STORE_AWAY)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
