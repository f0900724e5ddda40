"""The role `migrate` of several services in one process: `python -m deploy.local.migrations registration finance …`.

The same as one `python -m services.<context> migrate` after the other, but without the services: on a small machine loading
them is most of the time. Names each context on standard output when it is done.
"""

from __future__ import annotations

import asyncio
import os
import sys

from deploy.topology import ROOT
from shared.service.migrate import migrate


async def main(contexts: list[str]) -> None:
    """Migrate the databases at `MOOT_<CONTEXT>_DATABASE_URL`."""
    for context in contexts:
        await migrate(ROOT / "services" / context / "migrations", os.environ[f"MOOT_{context.upper()}_DATABASE_URL"])
        print(context, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
