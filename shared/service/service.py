"""The description of a service that its `main.py` fills on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from shared.eventcore.deciding import Decider
from shared.eventcore.policy import Policy
from shared.eventcore.projection import View
from shared.events.definition import REGISTRY, Registry
from shared.service.app import Part


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
    registry: Registry = REGISTRY
    """The events it knows."""
    parts: Sequence[Part] = ()
    """What else its HTTP side keeps open, beyond the event core."""

    @property
    def migrations(self) -> Path:
        return self.home / "migrations"
