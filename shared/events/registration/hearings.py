"""When and where hearings take place, and who holds them; and the appeals to the county court that may follow."""

from __future__ import annotations

from datetime import date, time
from typing import Literal
from uuid import UUID

from shared.events.definition import event
from shared.events.values import AppealId, HearingId, PersonId

HearingAbout = Literal["application", "review"]
AppealAbout = Literal["rejection", "removal"]
"""The decision appealed against: of an application, or on an entry."""


@event("registration.hearing-arranged.v1", effective="day")
class HearingArranged:
    """A hearing has its time, room and officer; the parties are told (`notice_on`). `minutes` are held for it."""

    hearing_id: HearingId
    about: HearingAbout
    case_id: UUID
    """The application, or the elector under review."""
    notice_on: date
    day: date
    starts: time
    minutes: int
    room: str
    officer: str


@event("registration.hearing-cancelled.v1", effective="cancelled_on")
class HearingCancelled:
    """The hearing does not take place then; its room and officer are free again."""

    hearing_id: HearingId
    cancelled_on: date
    because: str
    """A word or two; no names."""
    day: date
    starts: time
    minutes: int
    room: str
    officer: str


@event("registration.appeal-received.v1", effective="received_on")
class AppealReceived:
    """Notice of an appeal to the county court came. The decision stands until the court has decided (RPA 1983 s.56)."""

    appeal_id: AppealId
    about: AppealAbout
    case_id: UUID
    person_id: PersonId
    decided_on: date
    """The decision appealed against."""
    received_on: date
    reference: str = ""
    """The court's."""
    time_extended: bool = False
    """The court allowed it though it came late."""


@event("registration.appeal-decided.v1", effective="decided_on")
class AppealDecided:
    """The court decided. An appeal that was allowed changes the register, `at_once` if the court's order comes before a poll."""

    appeal_id: AppealId
    about: AppealAbout
    case_id: UUID
    decided_on: date
    allowed: bool
    at_once: bool = False


@event("registration.appeal-withdrawn.v1", effective="withdrawn_on")
class AppealWithdrawn:
    """The appellant gave it up."""

    appeal_id: AppealId
    withdrawn_on: date
