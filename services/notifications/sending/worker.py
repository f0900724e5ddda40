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
from services.notifications.sending.settings import SendingSettings, Ways
from shared.eventcore.clock import wall_clock
from shared.events.values_notifications import MessageChannel
from shared.service.peers import open_peers
from shared.service.runtime import Core
from shared.service.settings import WrongSetting

LOOK_SECONDS: Final = 1.0
STUMBLED_SECONDS: Final = 10.0
NOTICE: Final = timedelta(minutes=1)
"""How often it is looked which councils' messages have no way out."""
WAITING: Final = """
SELECT authority, array_agg(DISTINCT channel ORDER BY channel) AS channels FROM messages.message
WHERE status = 'waiting' AND due_at <= $1 GROUP BY authority ORDER BY authority
"""
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
        self._ways = settings.ways(core.settings.authority)
        self._senders: dict[str, Sender] = {}
        self._runs: list[PrintRuns] = []
        self._receipts: list[Receipts] = []
        self._without: dict[str, list[str]] = {}
        self._notice_at: datetime | None = None
        self._looked_at: dict[Callable[[], Awaitable[int]], datetime] = {}

    def progress(self) -> dict[str, Any]:
        now = self._core.clock()
        looked_at = min(self._looked_at.values(), default=wall_clock())
        senders = self._senders.values()
        return {
            "sent": sum(each.sent for each in senders),
            "printed": sum(each.printed for each in self._runs),
            "asked": sum(each.asked for each in self._receipts),
            "paused": sorted(
                c for c in self._settings.chosen if any(not each.pauses.is_open(c, now) for each in senders)
            ),
            "channels": dict(self._settings.chosen),
            "waiting_without_a_sender": dict(self._without),
            "looked_at": max(looked_at, self._desk.worked_at if self._desk else looked_at).isoformat(),
        }

    async def run(self, stop: asyncio.Event) -> None:
        if not self._settings.chosen:
            _log.warning("no channel has an adapter: messages wait")
        for council, lacking in self._settings.without_sender(self._core.settings.authority).items():
            _log.warning(
                "a council has no sender: its messages wait", authority=council, kind=" ".join(sorted(lacking))
            )
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as looking:
            looks: list[Callable[[], Awaitable[int]]] = [self.notice]
            if self._settings.chosen:
                peers = await stack.enter_async_context(open_peers(self._core.settings))
                self._desk = Desk(self._core, Contacts(peers))
                looks += [
                    look for council, ways in self._ways.items() for look in self._parts(self._desk, council, ways)
                ]
            for look in looks:  # side by side: no long print run holds up an e-mail
                looking.create_task(self._look_on(stop, look))

    async def notice(self) -> int:
        """Name the councils whose messages are due and have no sender of their own: they wait, and go out under no other name."""
        now = self._core.clock()
        if self._notice_at is not None and now < self._notice_at + NOTICE:
            return 0
        served = {council: ways.channels for council, ways in self._ways.items()}
        without = {
            row["authority"]: lacking
            for row in await self._core.pool.fetch(WAITING, now)
            if (lacking := sorted(set(row["channels"]) - served.get(row["authority"], frozenset())))
        }
        for council in without.keys() - self._without.keys():
            _log.warning(
                "messages wait: their council has no sender", authority=council, kind=" ".join(without[council])
            )
        self._without, self._notice_at = without, now
        return 0

    def _parts(self, desk: Desk, council: str, ways: Ways) -> list[Callable[[], Awaitable[int]]]:
        looks = list[Callable[[], Awaitable[int]]]()
        carriers: dict[MessageChannel, Carrier] = {}
        if ways.relay is not None:
            carriers["email"] = Smtp(ways.relay, self._core.clock)
        if ways.account is not None:
            notify = GovUkNotify(ways.account)
            carriers.update(dict.fromkeys(ways.account.templates, notify))
            receipts = Receipts(desk, council, notify, list(ways.account.templates))
            self._receipts.append(receipts)
            looks.append(receipts.ask)
        if carriers:
            self._senders[council] = Sender(desk, council, carriers)
            looks.append(self._senders[council].send_due)
        if ways.print_folder is not None:
            gather = timedelta(minutes=self._settings.print_gather_minutes)
            runs = PrintRuns(desk, council, Folder(ways.print_folder), gather)
            self._runs.append(runs)
            looks.append(runs.run)
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
