"""Who looked at the register at our desk, and what was told of it to somebody entitled to know."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, NewType
from uuid import UUID

from shared.events.definition import Personal, event
from shared.events.values import ElectorId, PersonId

InspectionId = NewType("InspectionId", UUID)
DisclosureId = NewType("DisclosureId", UUID)
Inspected = Literal["full-register", "notices", "overseas-list", "absent-voter-lists", "marked-register"]


@event("registration.register-inspected.v1", subject="person_id")
class RegisterInspected:
    """Somebody inspected the register under supervision, making notes by hand only. The name is kept where it was given."""

    inspection_id: InspectionId
    person_id: PersonId
    inspector: Personal[str]
    document: Inspected
    place: str
    began_at: datetime
    ended_at: datetime
    supervised_by: str
    poll: date | None = None
    """Of a marked register: the day of its poll."""
    purpose: str = ""
    why_marked: Personal[str] = ""
    """Why the unmarked register was not enough."""


@event("registration.record-disclosed.v1", effective="disclosed_on")
class RecordDisclosed:
    """What is recorded of these electors was told to an organisation. `power`: the enactment that allows or demands it;
    `agreement`: the data-sharing agreement it falls under, if any."""

    disclosure_id: DisclosureId
    elector_ids: tuple[ElectorId, ...]
    organisation: str
    power: str
    purpose: str
    what: tuple[str, ...]
    """Kinds of data, such as `address` or `application form`."""
    disclosed_on: date
    disclosed_by: str
    agreement: str = ""
