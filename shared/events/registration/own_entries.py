"""Which entries are an officer's own, as they said: nobody acts on them, and who reads around them is looked at."""

from __future__ import annotations

from datetime import date
from typing import NewType
from uuid import UUID, uuid5

from shared.events.definition import event
from shared.events.values import Authority, ElectorId

OwnEntriesId = NewType("OwnEntriesId", UUID)


def own_entries_id(authority: Authority, officer: str) -> OwnEntriesId:
    """The stream of what one officer said of themself in one council."""
    return OwnEntriesId(uuid5(UUID(int=0), f"own-entries:{authority}:{officer}"))


@event("registration.own-entries-declared.v1", effective="declared_on")
class OwnEntriesDeclared:
    """An officer said which entries of the register are their own, usually one; none: they have none here. Their household and
    their namesakes follow from the register."""

    officer: str
    """The `actor` of events and of the read audit."""
    elector_ids: tuple[ElectorId, ...]
    declared_on: date
