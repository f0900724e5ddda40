"""The council of the story: its officers at the five services, one thread through everything they do, one clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime
from datetime import time as clock_time
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from cli.api import ApiClient, ApiRefused, Written
from cli.demo.story import Happened, Story, Teller
from deploy.local.process import CannotRun
from deploy.topology import CONTEXTS

LONDON = ZoneInfo("Europe/London")
PATIENCE = 30.0
"""Seconds to wait for a policy or a view to follow."""
T = TypeVar("T")


class Council:
    """`tell` prints, `story` keeps. `at(service, role)` is an officer at a service's API."""

    def __init__(self, teller: Teller) -> None:
        self.tell, self.story = teller, Story()
        self.thread = f"demo-{uuid4().hex[:12]}"
        """The correlation id of everything that is done in the story."""
        self._written = {context: Written() for context in CONTEXTS}
        self._officers: dict[tuple[str, str], ApiClient] = {}
        self._told: set[str] = set()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def at(self, service: str, role: str) -> ApiClient:
        """An officer with this role at this service. Officers of a service read what any of them wrote."""
        if (service, role) not in self._officers:
            client = ApiClient(service, role, written=self._written[service], correlation=self.thread)
            self._officers[service, role] = self._stack.enter_context(client)
        return self._officers[service, role]

    # --- the clock ---------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """Of the service whose clock is furthest ahead."""
        clocks = (self.at(context, "operator").get("/rehearsal/clock")["now"] for context in CONTEXTS)
        return max(datetime.fromisoformat(clock) for clock in clocks).astimezone(LONDON)

    def today(self) -> date:
        return self.now().date()

    def move_clock(self, to: date) -> None:
        """All five services to nine in the morning of that day, in London; never back."""
        instant = max(datetime.combine(to, clock_time(9), LONDON), self.now())
        for context in CONTEXTS:
            self.at(context, "operator").put("/rehearsal/clock", {"now": instant.astimezone(UTC).isoformat()})
        time.sleep(0.6)  # the other processes of a service follow within half a second
        self.tell.line(f"[dim]The rehearsal clock stands at {instant:%A %-d %B %Y, %H:%M}.[/dim]")

    # --- watching ----------------------------------------------------------------------------------------------------

    def follow(self, service: str, stream: str) -> Happened:
        """Tell what the story has brought about on a stream since we last looked; answers the last event of it."""
        return self.note(service, self._trail(service, stream=stream, correlation=self.thread))[-1]

    def note(self, service: str, events: list[Happened]) -> list[Happened]:
        """Tell those that were not told yet."""
        for event in events:
            if event.event_id not in self._told:
                self._told.add(event.event_id)
                self.story.events.append(event)
                self.tell.event(event)
        return events

    def comes(self, service: str, kind: str, cause: str) -> Happened:
        """The event of this type (`elections.electorate-counted`) that a policy brings about because of another."""
        wire = f"moothall.{kind}.v1"

        def look() -> Happened | None:
            followed = self._trail(service, cause=cause, type=wire)
            return followed[-1] if followed else None

        event = self.wait_for(f"{kind} in {service}", look)
        self.note(service, [event])
        return event

    def everything(self) -> list[Happened]:
        """Every event of the story in every service, told or not, oldest first."""
        found = [event for context in CONTEXTS for event in self._trail(context, correlation=self.thread)]
        return sorted(found, key=lambda event: event.at)

    def _trail(self, service: str, **asked: str) -> list[Happened]:
        """Of the audit trail, oldest first."""
        lines: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.at(service, "auditor").get("/audit", **asked, **cursor, limit=500)
            lines += page["items"]
            if page["next"] is None:
                return [Happened.of(service, line) for line in reversed(lines)]
            cursor = {"cursor": page["next"]}

    def found(self, service: str, role: str, path: str) -> Any:
        """What stands there, or nothing yet."""
        try:
            return self.at(service, role).get(path)
        except ApiRefused as refusal:
            if refusal.status == httpx.codes.NOT_FOUND:
                return None
            raise

    def wait_for(self, what: str, look: Callable[[], T | None]) -> T:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if found := look():
                return found
            time.sleep(0.1)
        raise CannotRun(
            f"{what} did not come in {PATIENCE:.0f} seconds: see the logs under .moot, and moot parked list."
        )
