"""What a room declares of itself: its routes, its place in the navigation, and what it brings to My work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from fastapi import APIRouter
from fastapi.routing import iter_route_contexts

from desk.asking import Asking
from shared.service.auth import ROLES

Section = Literal["Work", "Register", "Canvass", "Elections", "Committees", "Finance", "Letters", "Oversight"]
SECTIONS: tuple[Section, ...] = (
    "Work", "Register", "Canvass", "Elections", "Committees", "Finance", "Letters", "Oversight"
)  # fmt: skip
"""The navigation from left to right."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for somebody. `due`: by when the law or the council wants it done."""

    due: date | None
    kind: str
    subject: str
    url: str
    since: date | None = None
    why: str = ""
    """What `due` rests on: the rule and its source."""


Tasks = Callable[[Asking], Awaitable[Sequence[Task]]]


@dataclass(frozen=True, slots=True)
class Link:
    """A page in the navigation. `keys`: its shortcut, such as `g q`."""

    title: str
    path: str
    keys: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A screen. Its templates lie in `templates/` beside its module and are found as `<name>/<file>`.

    `roles` are of those whom its links and tasks are shown; what they may do there is for the services to say.
    """

    name: str
    section: Section
    router: APIRouter
    roles: frozenset[str]
    links: tuple[Link, ...] = ()
    tasks: Tasks | None = None
    """What it brings to My work."""
    home: Path = field(default=Path(__file__).parent / "rooms")

    def __post_init__(self) -> None:
        if unknown := self.roles - ROLES:
            raise TypeError(f"not roles of this platform: {sorted(unknown)}")

    @property
    def templates(self) -> Path:
        return self.home / self.name / "templates"

    def open_to(self, roles: frozenset[str]) -> bool:
        return not self.roles.isdisjoint(roles)

    def answers(self, endpoint: object) -> bool:
        """Whether this room drew the page that `endpoint` draws."""
        return any(getattr(route, "endpoint", None) is endpoint for route in iter_route_contexts(self.router.routes))


REGISTRATION = frozenset({"registration-officer", "ero-deputy"})
"""Who works with applications and entries."""
