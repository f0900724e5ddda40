"""The role `live`: a Faust app that counts what passes on Kafka, per ten minutes and per hour.

    live = counting("registration", ApplicationReceived, ElectorAdded)

Statistics, never a record: whatever it holds can be lost, and comes back from its changelog on Kafka. Time is the time at
which events were recorded, so a rehearsal's windows are the rehearsal's.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from prometheus_client import Gauge
from pydantic import BaseModel

from shared.eventcore.clock import system_clock
from shared.eventcore.kafka import PARTITIONS, await_leaders, topic_of
from shared.events.definition import REGISTRY
from shared.service.auth import Authority, requires
from shared.service.service import Live
from shared.service.settings import Settings
from shared.service.windows import KEPT_SECONDS, NOTHING, SHOWN, SIZES, Cell, Key, Window, counted, latest, windows

READERS = requires(
    "registration-officer", "ero-deputy", "elections-officer", "ro-deputy", "postal-team", "correspondence", "reporting",
    "auditor", "operator",
)  # fmt: skip
LOOK_SECONDS = 1.0
STOP_SECONDS = 10.0
EVENTS = Gauge("moot_live_events", "Events recorded in the latest window", ["type", "window"])


class LiveCounts(BaseModel):
    """`complete`: this process has all of the topic and has finished taking up what it knew before; else there is more."""

    complete: bool
    ten_minutes: list[Window]
    hour: list[Window]


def counting(context: str, *events: type) -> Callable[[Settings], Live]:
    """What the role `live` of a service counts: these events, its own or another's."""
    wires = [REGISTRY.by_class[event].wire for event in events]
    wanted = {wire: wire.removeprefix("moothall.").rpartition(".")[0] for wire in wires}
    return lambda settings: Counting(f"{context}.live.v1", settings.kafka, wanted)


class Counting:
    """A `Live`. `wanted`: wire types with the names they are counted under. One Faust app for each run: an app that has
    stopped does not start again."""

    def __init__(self, group: str, bootstrap: str, wanted: Mapping[str, str], partitions: int = PARTITIONS) -> None:
        self._group, self._bootstrap, self._wanted, self._partitions = group, bootstrap, wanted, partitions
        self._app: Any = None
        self._tables: dict[str, Any] = {}
        self._problem: BaseException | None = None
        self._looked_at = system_clock()
        self.router = self._routes()

    def _routes(self) -> APIRouter:
        router = APIRouter(tags=["live"])

        @router.get("/live", dependencies=[READERS], summary="What has just happened")
        async def live(authority: Authority) -> LiveCounts:
            """Events recorded per ten minutes and per hour, newest first. Approximate by design: the audit trail is exact."""
            found = {name: windows(self.cells(name), SHOWN[name], authority) for name in SIZES}
            return LiveCounts(complete=self.complete(), ten_minutes=found["ten_minutes"], hour=found["hour"])

        return router

    def progress(self) -> Mapping[str, Any]:
        return {"looked_at": self._looked_at.isoformat(), "recovering": int(not self.complete())}

    def complete(self) -> bool:
        """Whether every partition is ours and our own past is taken up."""
        app = self._app
        if app is None or not app.started or app.tables.recovery.in_recovery:
            return False
        sources = {topic_of(wire.split(".")[1]) for wire in self._wanted}
        return sum(tp.topic in sources for tp in app.assignor.assigned_actives()) == len(sources) * self._partitions

    def cells(self, name: str) -> Iterable[Cell]:
        """Every count of the windows of this size."""
        table = self._tables.get(name)
        kept = list(table.table.data.items()) if table is not None else []
        return (Cell(Key(*key), begins, tuple(count)) for (key, (begins, _)), count in kept)

    async def run(self, stop: asyncio.Event) -> None:
        """Count until `stop`. Raises when Faust gives up, to be started again."""
        with tempfile.TemporaryDirectory(prefix="moot-live-") as scratch:
            app = self._app = self._make(scratch)
            self._problem = None
            try:
                # Faust counts the partitions of a changelog once, when it joins: all of them must be there by then.
                await app.maybe_start_producer()
                changelogs = [table.table.changelog_topic for table in self._tables.values()]
                for changelog in changelogs:
                    await changelog.maybe_declare()
                await await_leaders(self._bootstrap, [changelog.get_topic_name() for changelog in changelogs])
                await app.start()
                while not (stop.is_set() or app.should_stop or self._problem):
                    self._look()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
                if not stop.is_set():
                    raise RuntimeError("the Faust app does not count any more") from self._problem or app.crash_reason
            finally:
                with suppress(TimeoutError):
                    await asyncio.wait_for(app.stop(), STOP_SECONDS)
                self._app, self._tables = None, {}

    def _look(self) -> None:
        self._looked_at = system_clock()
        for name in SIZES:
            for what, number in latest(self.cells(name)).items():
                EVENTS.labels(what, name).set(number)

    def _make(self, scratch: str) -> Any:
        import faust  # here, because only this role needs it

        app = faust.App(
            self._group, broker=f"kafka://{self._bootstrap}", loop=asyncio.get_running_loop(), autodiscover=False,
            store="memory://", datadir=scratch, web_enabled=False, consumer_auto_offset_reset="earliest",
            broker_session_timeout=10, broker_heartbeat_interval=3, topic_partitions=self._partitions,
            topic_disable_leader=True, stream_wait_empty=False,
            # The changelog of statistics that may be lost needs no second copy.
            topic_replication_factor=1,
        )  # fmt: skip
        self._tables = {name: _table(app, name, size, self._partitions) for name, size in SIZES.items()}
        sources = sorted({topic_of(wire.split(".")[1]) for wire in self._wanted})
        topic = app.topic(*sources, key_serializer="raw", value_serializer="raw")

        async def count(stream: Any) -> None:
            try:
                async for event in stream.events():
                    self._count({name: value.decode() for name, value in event.headers.items()})
            except Exception as problem:
                self._problem = problem  # Faust would start this agent again, on the consumer that broke it
                raise

        app.agent(topic, name=f"{self._group}.count")(count)
        app.finalize()
        return app

    def _count(self, headers: Mapping[str, str]) -> None:
        """The event of these headers, in the window that the stream has it in."""
        what = self._wanted.get(headers["ce_type"])
        if what is not None:
            key = Key(headers["moot-authority"], what, int(headers["moot-shard"]))
            for table in self._tables.values():
                table[key] = counted(tuple(table[key].value()), int(headers["moot-position"]))


def _table(app: Any, name: str, size: int, partitions: int) -> Any:
    table = app.Table(name, default=lambda: NOTHING, partitions=partitions)
    return table.tumbling(size, expires=size + KEPT_SECONDS).relative_to(_recorded)


def _recorded(event: Any) -> float:
    return datetime.fromisoformat(event.headers["moot-recorded"].decode()).timestamp()
