"""The worker of the role `sending`: each adapter that is configured, and what serves it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from services.notifications.exchange.govuk_notify import GovUkNotify
from services.notifications.exchange.print_house import Folder
from services.notifications.exchange.smtp import Smtp
from services.notifications.sending.carrying import Carrier
from services.notifications.sending.contacts import Contacts
from services.notifications.sending.desk import AWAY, Desk
from services.notifications.sending.print_runs import PrintRuns
from services.notifications.sending.receipts import Receipts
from services.notifications.sending.sender import Sender
from services.notifications.sending.settings import SendingSettings
from shared.eventcore.clock import wall_clock
from shared.events.values_notifications import MessageChannel
from shared.service.peers import open_peers
from shared.service.runtime import Core
from shared.service.settings import WrongSetting

LOOK_SECONDS: Final = 1.0
STUMBLED_SECONDS: Final = 10.0
_log = structlog.get_logger(__name__)


def sending(core: Core) -> Sending:
    """The worker of this service. Raises `WrongSetting`."""
    settings = SendingSettings.load(core.settings)
    if settings.chosen and (core.settings.client_id is None or core.settings.client_secret is None):
        raise WrongSetting(
            "MOOT_CLIENT_ID and MOOT_CLIENT_SECRET must name this service, which asks others for addresses."
        )
    return Sending(core, settings)


class Sending:
    """Looks for what is due, every `LOOK_SECONDS`, with all of its parts side by side."""

    def __init__(self, core: Core, settings: SendingSettings) -> None:
        self._core, self._settings = core, settings
        self._desk: Desk | None = None
        self._sender: Sender | None = None
        self._runs: PrintRuns | None = None
        self._receipts: Receipts | None = None
        self._looked_at: dict[Callable[[], Awaitable[int]], datetime] = {}

    def progress(self) -> dict[str, Any]:
        now = self._core.clock()
        looked_at = min(self._looked_at.values(), default=wall_clock())
        paused = self._sender.pauses if self._sender else None
        return {
            "sent": self._sender.sent if self._sender else 0,
            "printed": self._runs.printed if self._runs else 0,
            "asked": self._receipts.asked if self._receipts else 0,
            "paused": sorted(c for c in self._settings.chosen if paused and not paused.is_open(c, now)),
            "channels": dict(self._settings.chosen),
            "looked_at": max(looked_at, self._desk.worked_at if self._desk else looked_at).isoformat(),
        }

    async def run(self, stop: asyncio.Event) -> None:
        if not self._settings.chosen:
            _log.warning("no channel has an adapter: messages wait")
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as looking:
            looks: list[Callable[[], Awaitable[int]]] = [self._wait]
            if self._settings.chosen:
                peers = await stack.enter_async_context(open_peers(self._core.settings))
                self._desk = Desk(self._core, Contacts(peers))
                looks = self._parts(self._desk)
            for look in looks:  # side by side: no long print run holds up an e-mail
                looking.create_task(self._look_on(stop, look))

    async def _wait(self) -> int:
        return 0

    def _parts(self, desk: Desk) -> list[Callable[[], Awaitable[int]]]:
        settings, looks = self._settings, list[Callable[[], Awaitable[int]]]()
        carriers: dict[MessageChannel, Carrier] = {}
        if settings.relay is not None:
            carriers["email"] = Smtp(settings.relay, self._core.clock)
        if settings.account is not None:
            notify = GovUkNotify(settings.account)
            carriers.update(dict.fromkeys(settings.account.templates, notify))
            self._receipts = Receipts(desk, notify, list(settings.account.templates))
            looks.append(self._receipts.ask)
        if carriers:
            self._sender = Sender(desk, carriers)
            looks.append(self._sender.send_due)
        if settings.print_folder is not None:
            gather = timedelta(minutes=settings.print_gather_minutes)
            self._runs = PrintRuns(desk, Folder(settings.print_folder), gather)
            looks.append(self._runs.run)
        return looks

    async def _look_on(self, stop: asyncio.Event, look: Callable[[], Awaitable[int]]) -> None:
        while not stop.is_set():
            done, pause = 0, LOOK_SECONDS
            self._looked_at[look] = wall_clock()
            try:
                done = await look()
            except AWAY as problem:
                _log.warning("sending looked in vain", error=type(problem).__name__)
            except Exception:  # such as a print house's folder that is full: the other channels go on
                _log.exception("sending stumbled")
                pause = STUMBLED_SECONDS
            if not done:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
