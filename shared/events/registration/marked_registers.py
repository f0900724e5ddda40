"""The marked papers of a poll while the council holds them: received, kept longer by order, destroyed."""

from __future__ import annotations

from datetime import date
from typing import Literal, NewType
from uuid import UUID, uuid5

from shared.events.definition import event
from shared.events.values import Authority

MarkedRegistersId = NewType("MarkedRegistersId", UUID)
MarkedPaper = Literal["register", "postal-voters", "proxies", "postal-proxies", "notices-and-corrections"]
Destruction = Literal["shredded", "incinerated", "erased"]


def marked_registers_id(authority: Authority, polling_day: date) -> MarkedRegistersId:
    """The stream of the marked papers of all polls of one day, which one register served."""
    return MarkedRegistersId(uuid5(UUID(int=0), f"marked-registers:{authority}:{polling_day}"))


@event("registration.marked-registers-received.v1", effective="received_on")
class MarkedRegistersReceived:
    """The returning officer delivered the papers marked with who voted. From the day after the poll they are open."""

    polling_day: date
    received_on: date
    papers: tuple[MarkedPaper, ...]
    held_at: str
    """Where they lie: a place, or the store of the files."""


@event("registration.marked-registers-kept.v1", effective="kept_on")
class MarkedRegistersKept:
    """A court or the House ordered that they are not destroyed: `order` says which, when and by what number."""

    polling_day: date
    kept_on: date
    order: str


@event("registration.marked-registers-freed.v1", effective="freed_on")
class MarkedRegistersFreed:
    """That order came to its end."""

    polling_day: date
    freed_on: date


@event("registration.marked-registers-destroyed.v1", effective="destroyed_on")
class MarkedRegistersDestroyed:
    """Nobody can see any more who voted."""

    polling_day: date
    destroyed_on: date
    how: Destruction
    destroyed_by: str
    witness: str
    """Another officer, who saw it."""
