"""Keeps processes running until it is told to stop: restarts what falls, stops all in reverse order."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Protocol, TypeVar

from deploy.local.process import CannotRun

T = TypeVar("T")

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY = 60.0
"""Seconds of life after which a process is trusted again and its next restart comes at once."""


class Runnable(Protocol):
    """What can be supervised: a server of the infrastructure or a process of a service."""

    @property
    def pid(self) -> int | None: ...
    def running(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


@dataclass
class Part:
    """One supervised process and what became of it."""

    name: str
    runnable: Runnable
    address: str
    restarts: int = 0
    started: float = 0.0
    pause: float = 0.0
    not_before: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.runnable.start()

    def revive(self) -> bool:
        """Start it again if it has fallen and its pause is over; true when that was tried."""
        now = time.monotonic()
        if self.runnable.running():
            if now - self.started > STEADY:
                self.pause = 0.0
            return False
        if now < self.not_before:
            return False
        self.restarts += 1
        self.pause = min(max(self.pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        self.not_before = now + self.pause
        try:
            self.start()
        except CannotRun as broken:
            print(broken, flush=True)
        return True

    def describe(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "running": self.runnable.running(),
            "pid": self.runnable.pid,
            "address": self.address,
            "restarts": self.restarts,
        }


@dataclass
class Supervisor:
    """Runs `tiers` in order: a tier is started together and stopped together, after every tier that came later."""

    report: Callable[[list[dict[str, Any]]], None]
    tiers: list[list[Part]] = field(default_factory=list)
    _told_to_stop: threading.Event = field(default_factory=threading.Event)
    _starting: bool = True

    def obey_signals(self) -> None:
        """SIGTERM and Ctrl-C stop everything in good order, also during the start."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        first = not self._told_to_stop.is_set()  # a second Ctrl-C must not interrupt the stopping
        self._told_to_stop.set()
        if first and self._starting:
            raise KeyboardInterrupt

    def add(self, tier: Sequence[Part]) -> None:
        """Watch over the parts of a tier, whether they have started or not."""
        self.tiers.append(list(tier))

    def start(self, tier: Sequence[Part]) -> None:
        """Add a tier and start its parts side by side."""
        self.add(tier)
        side_by_side(part.start for part in tier)

    def watch(self) -> None:
        """Return when told to stop."""
        self._starting = False
        self.publish()
        while not self._told_to_stop.wait(0.25):
            if any([part.revive() for tier in self.tiers for part in tier]):
                self.publish()

    def stop(self) -> None:
        self._told_to_stop.set()
        for tier in reversed(self.tiers):
            side_by_side(part.runnable.stop for part in tier)
        self.publish()

    def publish(self) -> None:
        self.report([part.describe() for tier in self.tiers for part in tier])


def side_by_side(works: Iterable[Callable[[], T]]) -> list[T]:
    """Do all works at the same time and answer what they answer; the first failure is raised when all have ended."""
    with ThreadPoolExecutor() as pool:
        return [begun.result() for begun in [pool.submit(work) for work in works]]
