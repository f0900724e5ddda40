"""`python -m desk`: the officers' web pages."""

from __future__ import annotations

import sys

import uvloop

from desk.main import desk
from desk.settings import CONTEXT, DeskSettings
from shared.service import logs
from shared.service.serving import listen, serve, stop_on_signals
from shared.service.settings import WrongSetting


async def run(settings: DeskSettings) -> None:
    """Serve until SIGTERM or SIGINT."""
    with listen(settings) as listening:
        await serve(desk(settings), listening, stop_on_signals(), settings.grace_seconds)


def main() -> None:
    """End with a sentence when the environment is wrong."""
    try:
        settings = DeskSettings.read()
        logs.configure(settings.log_level, context=CONTEXT, role=CONTEXT)
        uvloop.run(run(settings))
    except WrongSetting as wrong:
        sys.exit(f"{wrong}")


if __name__ == "__main__":
    main()
