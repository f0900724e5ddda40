"""One request of a person about their own data: received, who asks made sure of, answered in time, by two officers.

[UK GDPR articles 12, 15, 16, 19; DPA 2018 schedules 2-4]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from shared.eventcore.deciding import Decider, Refused
from shared.events.registration import (
    CorrectingEvent,
    LeftOut,
    RectificationDecided,
    RectificationRecipientsTold,
    Right,
    SubjectIdentityAsked,
    SubjectIdentityProved,
    SubjectPackChecked,
    SubjectPackDisclosed,
    SubjectPackPrepared,
    SubjectRequestExtended,
    SubjectRequestId,
    SubjectRequestReceived,
    SubjectRequestRefused,
    SubjectRequestWithdrawn,
)
from shared.events.values import PersonId
from shared.law import subject_rights as law

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class ReceiveRequest:
    request_id: SubjectRequestId
    person_id: PersonId
    right: Right
    channel: str
    received_on: date
    said: str = ""


@dataclass(frozen=True, slots=True)
class AskIdentity:
    asked_on: date


@dataclass(frozen=True, slots=True)
class ProveIdentity:
    route: str
    proved_on: date


@dataclass(frozen=True, slots=True)
class ExtendTime:
    because: str
    extended_on: date


@dataclass(frozen=True, slots=True)
class RefuseRequest:
    ground: str
    explanation: str
    refused_on: date


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    withdrawn_on: date


@dataclass(frozen=True, slots=True)
class PreparePack:
    officer: str
    as_at: datetime
    digest: str
    facts: int
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckPack:
    """`digest`: of the pack as the officer saw it."""

    officer: str
    digest: str
    passed: bool


@dataclass(frozen=True, slots=True)
class DisclosePack:
    """`digest`: of the pack that goes out."""

    officer: str
    digest: str
    how: str
    disclosed_on: date


@dataclass(frozen=True, slots=True)
class DecideRectification:
    officer: str
    upheld: bool
    decision: str
    corrected: tuple[CorrectingEvent, ...]
    decided_on: date


@dataclass(frozen=True, slots=True)
class TellRecipients:
    """`recipients`: all to whom the data was given; `told`: those of them who know now."""

    recipients: frozenset[UUID]
    told: tuple[UUID, ...]
    others: str
    told_on: date


Command = (
    ReceiveRequest
    | AskIdentity
    | ProveIdentity
    | ExtendTime
    | RefuseRequest
    | WithdrawRequest
    | PreparePack
    | CheckPack
    | DisclosePack
    | DecideRectification
    | TellRecipients
)
Event = (
    SubjectRequestReceived
    | SubjectIdentityAsked
    | SubjectIdentityProved
    | SubjectRequestExtended
    | SubjectRequestRefused
    | SubjectRequestWithdrawn
    | SubjectPackPrepared
    | SubjectPackChecked
    | SubjectPackDisclosed
    | RectificationDecided
    | RectificationRecipientsTold
)

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NotReceived:
    pass


@dataclass(frozen=True, slots=True)
class Open:
    """`began_on`: the first day of the time to answer; None while proof of identity is waited for."""

    received: SubjectRequestReceived
    began_on: date | None
    proved: bool = False
    extended: bool = False
    pack: SubjectPackPrepared | None = None
    checked: bool = False
    upheld: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """`pack`: as it was disclosed, so that it can be made again."""

    received: SubjectRequestReceived
    pack: SubjectPackPrepared | None = None


Request = NotReceived | Open | Closed

# ----------------------------------------------------------------- decisions


def decide(command: Command, request: Request) -> Sequence[Event]:
    match request:
        case NotReceived():
            if isinstance(command, ReceiveRequest):
                return [receive(command)]
            raise Refused(law.NO_REQUEST)
        case Open():
            return go_on(command, request)
        case Closed():
            if isinstance(command, ReceiveRequest):
                return []
            raise Refused(law.REQUEST_CLOSED)
        case _:
            assert_never(request)


def receive(command: ReceiveRequest) -> SubjectRequestReceived:
    on = command.received_on
    return SubjectRequestReceived(
        command.request_id, command.person_id, command.right, command.channel, on, law.answer_by(on), command.said
    )


def go_on(command: Command, case: Open) -> Sequence[Event]:
    identity = case.received.request_id
    match command:
        case ReceiveRequest():
            return []
        case AskIdentity(on):
            if case.proved:
                raise Refused(law.IDENTITY_KNOWN)
            return [SubjectIdentityAsked(identity, on)] if case.began_on else []
        case ProveIdentity(route, on):
            if case.proved:
                return []
            return [
                SubjectIdentityProved(identity, on, route, law.answer_by(case.began_on or on, extended=case.extended))
            ]
        case ExtendTime(because, on):
            return [extend(case, because, on)]
        case RefuseRequest(ground, explanation, on):
            return [SubjectRequestRefused(identity, case.received.person_id, on, ground, explanation)]
        case WithdrawRequest(on):
            return [SubjectRequestWithdrawn(identity, on)]
        case PreparePack() | CheckPack() | DisclosePack():
            return [give(command, case)]
        case DecideRectification() | TellRecipients():
            return [put_right(command, case)]
        case _:
            assert_never(command)


def extend(case: Open, because: str, on: date) -> SubjectRequestExtended:
    if case.began_on is None or case.extended or on > law.answer_by(case.began_on):
        raise Refused(law.EXTENSION_TOO_LATE)
    return SubjectRequestExtended(case.received.request_id, on, because, law.answer_by(case.began_on, extended=True))


def give(
    command: PreparePack | CheckPack | DisclosePack, case: Open
) -> SubjectPackPrepared | SubjectPackChecked | SubjectPackDisclosed:
    """The way of a pack: made by one officer, looked through by another, and only then given."""
    identity, pack = ready(case, "access"), case.pack
    if isinstance(command, PreparePack):
        return SubjectPackPrepared(
            identity, command.officer, command.as_at, command.digest, command.facts, command.left_out
        )
    if pack is None:
        raise Refused(law.NOT_PREPARED)
    if command.digest != pack.digest:
        raise Refused(law.PACK_CHANGED)
    match command:
        case CheckPack(officer, digest, passed):
            if officer == pack.officer:
                raise Refused(law.SAME_OFFICER)
            return SubjectPackChecked(identity, officer, digest, passed)
        case DisclosePack(officer, digest, how, on):
            if not case.checked:
                raise Refused(law.NOT_CHECKED)
            return SubjectPackDisclosed(identity, officer, digest, on, how)
        case _:
            assert_never(command)


def put_right(
    command: DecideRectification | TellRecipients, case: Open
) -> RectificationDecided | RectificationRecipientsTold:
    identity = ready(case, "rectification")
    match command:
        case DecideRectification(officer, upheld, decision, corrected, on):
            if case.upheld:
                raise Refused(law.REQUEST_CLOSED)
            if upheld != bool(corrected):
                raise Refused(law.CORRECTION_NEEDED)
            person = case.received.person_id
            return RectificationDecided(identity, person, on, officer, upheld, decision, corrected)
        case TellRecipients(recipients, told, others, on):
            if not case.upheld:
                raise Refused(law.NOT_DECIDED)
            if not others and not recipients <= set(told):
                raise Refused(law.NOT_ALL_TOLD)
            return RectificationRecipientsTold(identity, on, told, others)
        case _:
            assert_never(command)


def ready(case: Open, right: Right) -> SubjectRequestId:
    """Raises `Refused` unless the request is for this right and it is known who asks."""
    if case.received.right != right:
        raise Refused(law.ANOTHER_RIGHT)
    if not case.proved:
        raise Refused(law.IDENTITY_NOT_PROVED)
    return case.received.request_id


# -------------------------------------------------------------------- history


def evolve(request: Request, event: Event) -> Request:
    if isinstance(event, SubjectRequestReceived):
        return Open(event, event.received_on)
    if not isinstance(request, Open):
        raise ValueError("a request begins with SubjectRequestReceived")
    match event:
        case SubjectIdentityAsked():
            return replace(request, began_on=None)
        case SubjectIdentityProved():
            return replace(request, proved=True, began_on=request.began_on or event.proved_on)
        case SubjectRequestExtended():
            return replace(request, extended=True)
        case SubjectPackPrepared():
            return replace(request, pack=event, checked=False)
        case SubjectPackChecked():
            return replace(request, checked=event.passed)
        case RectificationDecided(upheld=True):
            return replace(request, upheld=True)
        case (
            SubjectRequestRefused() | SubjectRequestWithdrawn() | RectificationDecided() | RectificationRecipientsTold()
        ):
            return Closed(request.received)
        case SubjectPackDisclosed():
            return Closed(request.received, request.pack)
        case _:
            assert_never(event)


requests: Decider[Command, Request, Event] = Decider("subject-request", NotReceived(), decide, evolve)
