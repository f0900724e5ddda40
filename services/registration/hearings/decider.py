"""One hearing: arranged in a room, with an officer, at a time that nobody else has; perhaps cancelled.

What may be heard, and within which days, the case itself decides; what the hearing found is the case's, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import assert_never
from uuid import UUID

from shared.eventcore.deciding import Claim, Decider, Refused, Release
from shared.events.registration import HearingAbout, HearingArranged, HearingCancelled
from shared.events.values import HearingId
from shared.law import hearings as law


@dataclass(frozen=True, slots=True)
class ArrangeHearing:
    """`officer` is the username of who holds it."""

    hearing_id: HearingId
    about: HearingAbout
    case_id: UUID
    notice_on: date
    day: date
    starts: time
    minutes: int
    room: str
    officer: str


@dataclass(frozen=True, slots=True)
class CancelHearing:
    cancelled_on: date
    because: str


Command = ArrangeHearing | CancelHearing
Event = HearingArranged | HearingCancelled


@dataclass(frozen=True, slots=True)
class NotArranged:
    pass


@dataclass(frozen=True, slots=True)
class Arranged:
    hearing: HearingArranged


@dataclass(frozen=True, slots=True)
class Cancelled:
    pass


Hearing = NotArranged | Arranged | Cancelled


def decide(command: Command, hearing: Hearing) -> Sequence[Event]:
    match command, hearing:
        case ArrangeHearing(), NotArranged():
            return [arrange(command)]
        case ArrangeHearing(), _:
            return []
        case CancelHearing(on, because), Arranged(arranged):
            return [
                HearingCancelled(
                    arranged.hearing_id, on, because, arranged.day, arranged.starts, arranged.minutes, arranged.room,
                    arranged.officer,
                )
            ]  # fmt: skip
        case CancelHearing(), Cancelled():
            return []
        case _:
            raise Refused(law.NOT_ARRANGED)


def arrange(command: ArrangeHearing) -> HearingArranged:
    quarter = law.QUARTERS_OF_AN_HOUR
    if command.starts.minute % quarter or command.starts.second or command.minutes % quarter or command.minutes <= 0:
        raise Refused(law.NOT_ON_THE_QUARTER)
    return HearingArranged(
        command.hearing_id, command.about, command.case_id, command.notice_on, command.day, command.starts,
        command.minutes, command.room, command.officer,
    )  # fmt: skip


def evolve(hearing: Hearing, event: Event) -> Hearing:
    match event:
        case HearingArranged():
            return Arranged(event)
        case HearingCancelled():
            return Cancelled()
        case _:
            assert_never(event)


def boundary(event: Event) -> Iterable[Claim | Release]:
    """Room and officer are held for each quarter of an hour."""
    for quarter in quarters(event):
        room, officer = f"hearing-room:{event.room.casefold()}:{quarter}", f"hearing-officer:{event.officer}:{quarter}"
        if isinstance(event, HearingArranged):
            yield Claim(room, law.ROOM_TAKEN)
            yield Claim(officer, law.OFFICER_ENGAGED)
        else:
            yield Release(room)
            yield Release(officer)


def quarters(event: Event) -> Iterator[str]:
    """`2026-06-08T10:15`, each quarter of an hour that is held, by the clock on the wall."""
    start = datetime.combine(event.day, event.starts)
    for passed in range(0, event.minutes, law.QUARTERS_OF_AN_HOUR):
        yield (start + timedelta(minutes=passed)).isoformat(timespec="minutes")


hearings: Decider[Command, Hearing, Event] = Decider("hearing", NotArranged(), decide, evolve, boundary)
