"""One round of a visiting officer: allocated, downloaded to devices, uploaded, ended.

What was found at each door is recorded in the property's own canvass, or in the invitation; this stream says who had what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.registration import (
    CanvassId,
    RoundAllocated,
    RoundDeviceEnrolled,
    RoundDownloaded,
    RoundEnded,
    RoundEnrolmentOffered,
    RoundId,
    RoundUploaded,
    RoundVisit,
)

# --------------------------------------------------------------------- rules

NO_ROUND = Rule("no-round", "There is no such round.", "RPR 2001 r.32ZBD", "Check the round.")
ROUND_ENDED = Rule(
    "round-ended", "This round has ended.", "RPR 2001 r.32ZBD", "Upload what was recorded on it; ask for a new round."
)
NOTHING_TO_VISIT = Rule(
    "nothing-to-visit",
    "No property there waits for a visit that is not on another round.",
    "RPR 2001 r.32ZBD",
    "Choose another area, or look at the chase list.",
)
NOT_ON_ROUND = Rule(
    "visit-not-on-round", "This visit is not on the round.", "RPR 2001 r.32ZBD", "Check the visit.", invalid=True
)
WRONG_ENROLMENT = Rule(
    "wrong-enrolment-code",
    "This enrolment code is not known, was used, or is too old.",
    "RPR 2001 r.32ZBD",
    "Ask the electoral office for another.",
)
VISIT_OUT_OF_TIME = Rule(
    "visit-out-of-time",
    "A visit is recorded with the time it took place: after the round was allocated, and not in the future.",
    "RPR 2001 r.32ZBD",
    "Check the clock of the device.",
    invalid=True,
)

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class AllocateRound:
    """`visits` in the order in which they are to be made."""

    round_id: RoundId
    canvass_id: CanvassId
    name: str
    officer: str
    visits: tuple[RoundVisit, ...]
    allocated_on: date


@dataclass(frozen=True, slots=True)
class OfferEnrolment:
    """`digest`: of the code's secret. An earlier code that nobody used is good no more."""

    digest: str
    until: datetime


@dataclass(frozen=True, slots=True)
class EnrolDevice:
    """`until`: the device may act so long."""

    digest: str
    device: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class DownloadRound:
    device: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class UploadRound:
    """`recorded`: of the records sent, those that were new; `conflicts`: those of them that an officer must settle."""

    device: str
    records: int
    recorded: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class EndRound:
    ended_on: date
    reason: str = ""


Command = AllocateRound | OfferEnrolment | EnrolDevice | DownloadRound | UploadRound | EndRound
Event = RoundAllocated | RoundEnrolmentOffered | RoundDeviceEnrolled | RoundDownloaded | RoundUploaded | RoundEnded

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NotAllocated:
    pass


@dataclass(frozen=True, slots=True)
class Round:
    """`offer`: the enrolment code that nobody has used yet."""

    allocated: RoundAllocated
    offer: RoundEnrolmentOffered | None = None
    ended: bool = False


State = NotAllocated | Round


def decide(command: Command, state: State) -> Sequence[Event]:
    if isinstance(command, AllocateRound):
        return allocate(command, state)
    if isinstance(state, NotAllocated):
        raise Refused(NO_ROUND)
    identity = state.allocated.round_id
    match command:
        case OfferEnrolment(digest, until):
            if state.ended:
                raise Refused(ROUND_ENDED)
            return [RoundEnrolmentOffered(identity, digest, until)]
        case EnrolDevice():
            return enrol(command, state)
        case DownloadRound(device, expires_at):
            if state.ended:
                raise Refused(ROUND_ENDED)
            return [RoundDownloaded(identity, device, expires_at, len(state.allocated.visits))]
        case UploadRound(device, records, recorded, conflicts):
            # Also after its end: what was found at a door is never lost.
            return [RoundUploaded(identity, device, records, recorded, conflicts)] if recorded else []
        case EndRound(on, reason):
            return [] if state.ended else [RoundEnded(identity, on, reason)]
        case _:
            assert_never(command)


def allocate(command: AllocateRound, state: State) -> Sequence[Event]:
    if isinstance(state, Round):
        return []  # the same request again
    if not command.visits:
        raise Refused(NOTHING_TO_VISIT)
    return [
        RoundAllocated(
            command.round_id, command.canvass_id, command.name, command.officer, command.visits, command.allocated_on
        )
    ]


def enrol(command: EnrolDevice, state: Round) -> Sequence[Event]:
    """A code is good once, for a time, while the round goes on; to whom it is not, nothing is told."""
    offer = state.offer
    if offer is None or offer.digest != command.digest or command.at > offer.until or state.ended:
        raise Refused(WRONG_ENROLMENT)
    return [RoundDeviceEnrolled(state.allocated.round_id, command.device, command.until)]


def evolve(state: State, event: Event) -> State:
    match event, state:
        case RoundAllocated(), _:
            return Round(event)
        case RoundEnrolmentOffered(), Round():
            return replace(state, offer=event)
        case RoundDeviceEnrolled(), Round():
            return replace(state, offer=None)
        case RoundEnded(), Round():
            return replace(state, ended=True)
        case _:
            return state


rounds: Decider[Command, State, Event] = Decider("canvass-round", NotAllocated(), decide, evolve)
