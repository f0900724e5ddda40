"""The description of a service that its `main.py` fills on one screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from fastapi import APIRouter

from shared.eventcore.deciding import Decider
from shared.eventcore.policy import Policy
from shared.eventcore.projection import View
from shared.events.definition import REGISTRY, Registry
from shared.service.app import Part
from shared.service.health import Worker
from shared.service.settings import Settings

if TYPE_CHECKING:
    from shared.service.runtime import Core


class Live(Worker, Protocol):
    """The `live` role: statistics that may be lost and rebuilt from Kafka. It needs no database and no keys."""

    router: APIRouter
    """Where it shows them, as JSON."""


@dataclass(frozen=True)
class Service:
    """What a service is made of. `home` is the folder of its package, where `migrations/` lies."""

    context: str
    title: str
    home: Path
    description: str = ""
    routers: Sequence[APIRouter] = ()
    views: Sequence[View] = ()
    policies: Sequence[Policy] = ()
    deadlines: Sequence[tuple[Decider[Any, Any, Any], type]] = ()
    """The commands that may fall due, each with its decider."""
    clockwork: Callable[[Core], Worker] | None = None
    """What else the role `deadlines` does: what follows from the day, and from no event."""
    registry: Registry = REGISTRY
    """The events it knows."""
    sending: Callable[[Core], Worker] | None = None
    """What the role `sending` does: hand messages to those who carry them."""
    portal: Callable[[Core], Worker] | None = None
    """What the role `portal` does: take over what waits in a government portal, and answer what it asks."""
    live: Callable[[Settings], Live] | None = None
    """The Faust app of the role `live`."""
    parts: Sequence[Part] = ()
    """What else its HTTP side keeps open, beyond the event core."""

    @property
    def migrations(self) -> Path:
        return self.home / "migrations"
