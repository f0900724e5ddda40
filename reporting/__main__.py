"""`python -m reporting`: keep the events of every context as Parquet."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import uvloop
from fastapi import FastAPI
from pydantic import Field, model_validator

from deploy.topology import CONTEXTS
from reporting.archive import Archive
from reporting.keeping import Keeping
from reporting.layout import Unusable
from shared.service import logs, problems
from shared.service.health import health_router
from shared.service.serving import listen, measured, serve, stop_on_signals, supervise
from shared.service.settings import Role, Settings, WrongSetting

NAME = "reporting"


class ReportingSettings(Settings):
    """What the process is told: the broker, where to listen, and where to keep events. No database, no keys."""

    reporting: Path = Field(description="directory of the archive")
    reporting_seconds: float = Field(5, gt=0, le=3600, description="how long events may wait to be written together")

    @model_validator(mode="after")
    def production_trusts_nothing_local(self) -> ReportingSettings:
        """It takes no tokens, so it trusts no issuer."""
        return self


async def run(settings: ReportingSettings) -> None:
    """Follow and keep until SIGTERM or SIGINT."""
    stop = stop_on_signals()
    keeping = Keeping(settings.reporting, settings.kafka, CONTEXTS, seconds=settings.reporting_seconds)
    app = FastAPI(title="Moothall reporting", docs_url=None, redoc_url=None, openapi_url=None)
    problems.install(app)
    app.include_router(health_router({"keeping": keeping}, {"kafka": keeping.ready}))
    with listen(settings) as listening, measured({"keeping": keeping}):
        await asyncio.gather(
            serve(app, listening, stop, settings.grace_seconds),
            supervise({"keeping": keeping}, stop, settings.grace_seconds),
        )


def main() -> None:
    """End with a sentence when the environment or the archive is wrong."""
    try:
        settings = ReportingSettings.load(NAME, Role.ALL)
        logs.configure(settings.log_level, context=NAME, role=NAME)
        with Archive(settings.reporting):
            pass  # what is wrong with it is told now, and not by a worker that never becomes ready
        uvloop.run(run(settings))
    except (WrongSetting, Unusable) as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()
