"""Running a role of a service: `python -m services.<context> ROLE`, a role of `settings.Role`.

SIGTERM or SIGINT: take no more work, finish what is begun, save positions, leave within the grace period.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack

import structlog
import uvloop

from shared.eventcore.keys import KeyFault
from shared.service import logs, telemetry
from shared.service.app import create_app
from shared.service.health import Worker
from shared.service.measures import measures_of
from shared.service.migrate import migrate
from shared.service.runtime import Core, open_core, workers_of
from shared.service.service import Service
from shared.service.serving import listen, measured, serve, stop_on_signals, supervise
from shared.service.settings import Role, Settings, WrongSetting

_WORKING = (Role.RELAY, Role.VIEWS, Role.POLICIES, Role.DEADLINES, Role.SEALER, Role.SENDING, Role.PORTAL)
_log = structlog.get_logger(__name__)


def main(service: Service) -> None:
    """The whole of a service's `__main__`: ends the process with 0, or with 1 and one sentence about what is wrong."""
    try:
        settings = Settings.load(service.context, _role(sys.argv[1:]))
        logs.configure(settings.log_level, context=service.context, role=settings.role)
        telemetry.configure(service.context, settings.role, settings.otlp_endpoint)
        uvloop.run(run_role(service, settings))
    except (WrongSetting, KeyFault) as wrong:
        sys.exit(f"{wrong}")


def _role(arguments: list[str]) -> Role:
    if len(arguments) == 1 and arguments[0] in set(Role):
        return Role(arguments[0])
    raise WrongSetting(f"Name one role: {', '.join(Role)}.")


async def run_role(service: Service, settings: Settings, stop: asyncio.Event | None = None) -> None:
    """Do what `settings.role` says until `stop` is set (by default: by SIGTERM or SIGINT)."""
    if settings.role is Role.MIGRATE:
        revision = await migrate(service.migrations, settings.owner_url)
        _log.info("migrated", revision=revision)
        return
    stop = stop or stop_on_signals()
    async with AsyncExitStack() as stack:
        working = _WORKING if settings.role is Role.ALL else (settings.role,)
        serves_api = settings.role in {Role.API, Role.ALL}
        owner: Core | None = None
        workers: dict[str, Worker] = {}
        if settings.role not in {Role.API, Role.LIVE}:
            owner = await stack.enter_async_context(open_core(service, settings, settings.owner_url))
            workers = workers_of(owner, working)
        core = owner
        if serves_api:
            core = await stack.enter_async_context(open_core(service, settings, settings.api_url))
            if owner is not None:
                core.store.appended.extend(owner.store.appended)
        live = service.live(settings) if service.live and settings.role in {Role.LIVE, Role.ALL} else None
        if live is not None:
            workers["live"] = live
        app = create_app(
            service.title,
            (*(service.routers if serves_api else ()), *((live.router,) if live else ())),
            settings,
            parts=[*((core.attach,) if core else ()), *(service.parts if serves_api else ())],
            # Statistics that are still being taken up make nobody unready.
            checks=core.checks() if core else {},
            workers=workers,
            measures=measures_of(owner, working) if owner else (),
            description=service.description,
        )
        stack.enter_context(measured(workers))
        stack.enter_context(listening := listen(settings))
        await asyncio.gather(
            serve(app, listening, stop, settings.grace_seconds), supervise(workers, stop, settings.grace_seconds)
        )
