"""One home mover between two councils. [RPA 1983 s.10ZE; RPR 2001 r.31C(2)(a); EC guidance on home movers]

In: the entry here stays when another council has received the mover's application, and when it rejected it; only when it
allowed it may the entry go without a review. Out: what we allowed is told to the council that the applicant left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from shared.eventcore.deciding import Decider, Refused
from shared.events.registration import (
    MoverAllowedElsewhere,
    MoverConfirmationSent,
    MoverConfirmedToOtherCouncil,
    MoverMatched,
    MoverNoticeReceived,
    MoverRejectedElsewhere,
)
from shared.events.values import (
    AddressLines,
    ApplicationId,
    Authority,
    ElectorId,
    MoverNoticeId,
    PersonId,
    PersonName,
)
from shared.law import movers as law


@dataclass(frozen=True, slots=True)
class ReceiveMoverNotice:
    """`person_id` is a new person; whose entry it is about, `MatchMover` says."""

    notice_id: MoverNoticeId
    person_id: PersonId
    of: Authority
    received_on: date
    name: PersonName
    left: AddressLines
    date_of_birth: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class MatchMover:
    elector_id: ElectorId


@dataclass(frozen=True, slots=True)
class RecordOutcomeElsewhere:
    """What the other council decided, and when it did."""

    allowed: bool
    told_on: date
    decided_on: date


@dataclass(frozen=True, slots=True)
class ConfirmMover:
    """We allowed the application of somebody who left `to`."""

    notice_id: MoverNoticeId
    application_id: ApplicationId
    to: Authority
    allowed_on: date


@dataclass(frozen=True, slots=True)
class RecordConfirmationSent:
    sent_on: date


Command = ReceiveMoverNotice | MatchMover | RecordOutcomeElsewhere | ConfirmMover | RecordConfirmationSent
Event = (
    MoverNoticeReceived
    | MoverMatched
    | MoverAllowedElsewhere
    | MoverRejectedElsewhere
    | MoverConfirmedToOtherCouncil
    | MoverConfirmationSent
)


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class MovingOut:
    """Somebody of ours applied elsewhere. `outcome`: when it was allowed there."""

    notice_id: MoverNoticeId
    of: Authority
    elector_id: ElectorId | None = None
    allowed_on: date | None = None
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class MovedIn:
    """Somebody else's elector was allowed here."""

    confirmed: MoverConfirmedToOtherCouncil
    sent: bool = False


Mover = Unknown | MovingOut | MovedIn


def decide(command: Command, mover: Mover) -> Sequence[Event]:
    match command, mover:
        case ReceiveMoverNotice(), Unknown():
            return [
                MoverNoticeReceived(
                    command.notice_id, command.person_id, command.of, command.received_on, command.name, command.left,
                    command.date_of_birth, command.reference,
                )
            ]  # fmt: skip
        case ConfirmMover(notice, application, to, on), Unknown():
            return [MoverConfirmedToOtherCouncil(notice, application, to, on)]
        case ReceiveMoverNotice() | ConfirmMover(), _:
            return []  # told again
        case MatchMover(elector), MovingOut():
            return [] if elector == mover.elector_id else [MoverMatched(mover.notice_id, elector)]
        case RecordOutcomeElsewhere(), MovingOut():
            return outcome(command, mover)
        case RecordConfirmationSent(on), MovedIn(confirmed, sent):
            return [] if sent else [MoverConfirmationSent(confirmed.notice_id, on)]
        case _:
            raise Refused(law.NO_SUCH_MOVER)


def outcome(command: RecordOutcomeElsewhere, mover: MovingOut) -> Sequence[Event]:
    if mover.allowed_on is not None:
        if command.allowed:
            return []
        raise Refused(law.ALLOWED_ALREADY)
    if command.allowed:
        return [MoverAllowedElsewhere(mover.notice_id, command.told_on, command.decided_on, mover.elector_id)]
    return [] if mover.rejected else [MoverRejectedElsewhere(mover.notice_id, command.told_on, mover.elector_id)]


def evolve(mover: Mover, event: Event) -> Mover:
    match event, mover:
        case MoverNoticeReceived(), Unknown():
            return MovingOut(event.notice_id, event.of, event.elector_id)
        case MoverConfirmedToOtherCouncil(), Unknown():
            return MovedIn(event)
        case MoverMatched(elector_id=elector), MovingOut():
            return replace(mover, elector_id=elector)
        case MoverAllowedElsewhere(allowed_on=on), MovingOut():
            return replace(mover, allowed_on=on)
        case MoverRejectedElsewhere(), MovingOut():
            return replace(mover, rejected=True)
        case MoverConfirmationSent(), MovedIn():
            return replace(mover, sent=True)
        case _:
            raise ValueError("a mover's history begins with a notice or with our own confirmation")


movers: Decider[Command, Mover, Event] = Decider("mover", Unknown(), decide, evolve)
