"""One copy of the register: asked for by somebody entitled, paid where a fee is due, made, and handed over by another officer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from services.registration.supply.commands import (
    Command,
    RecordFile,
    RecordPayment,
    ReleaseSupply,
    RequestSupply,
    SendLaterNotice,
    StopLaterNotices,
    WithdrawSupply,
)
from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.registration import (
    LaterNoticeDue,
    LaterNoticesStopped,
    SuppliedDocument,
    SupplyFileMade,
    SupplyPaidFor,
    SupplyReleased,
    SupplyRequested,
    SupplyWithdrawn,
)
from shared.law import supply as law
from shared.law.marked_registers import require_open
from shared.law.supply import Asked, Document, Later, Recipient

# --------------------------------------------------------------------- rules

UNKNOWN = Rule("unknown-supply", "There is no such request.", "RPR 2001 Pt 6", "Enter the request first.")
ENTERED_OTHERWISE = Rule(
    "already-requested", "This request was entered otherwise.", "RPR 2001 Pt 6", "Enter a new request."
)
ENTRIES_NEEDED = Rule(
    "nothing-to-supply",
    "The register holds no entry of what is asked for, so there is neither a fee nor a copy.",
    "RPR 2001 r.110-111, r.120",
    "Look at the polling districts of the request.",
)
FEE_NOT_PAID = Rule(
    "fee-not-paid",
    "A copy that is sold is made when finance has its fee.",
    "RPR 2001 r.110(2), r.111, r.120",
    "Ask finance whether the payment has cleared.",
)
NOT_MADE_HERE = Rule(
    "made-with-the-poll",
    "Marked copies are made with the papers of their poll, not from the register.",
    "RPR 2001 r.117-119",
    "Copy the papers of the poll, and enter here that the copy was handed over.",
)
NO_FILE = Rule(
    "no-file-yet", "Nothing has been made that could be handed over.", "RPR 2001 Pt 6", "Make the file first."
)
RELEASE_NEEDS_TWO = Rule(
    "release-needs-two",
    "The officer who made a copy of the register does not hand it over.",
    "Moothall separation of duties: bulk send; RPR 2001 r.94-96",
    "Let another officer look at it and release it.",
)
CLOSED = Rule(
    "supply-closed",
    "This copy was handed over or its request withdrawn.",
    "RPR 2001 Pt 6",
    "Enter a new request.",
)
NOTICE_NOT_NAMED = Rule(
    "notice-not-named",
    "There are many notices of alteration, and the request names none.",
    "RPA 1983 s.13A-13B; RPR 2001 r.103-114",
    "Name the notice by its id.",
    invalid=True,
)
NO_LATER_NOTICES = Rule(
    "no-later-notices-follow", "No later notices follow this supply.", "RPR 2001 r.103-107", "There is nothing to stop."
)

# --------------------------------------------------------------------- state

Event = (
    SupplyRequested
    | LaterNoticeDue
    | SupplyPaidFor
    | SupplyFileMade
    | SupplyReleased
    | SupplyWithdrawn
    | LaterNoticesStopped
)


@dataclass(frozen=True, slots=True)
class NotRequested:
    pass


@dataclass(frozen=True, slots=True)
class Requested:
    request: SupplyRequested | LaterNoticeDue
    paid: bool = False
    file: SupplyFileMade | None = None
    released: bool = False
    withdrawn: bool = False
    stopped: bool = False


Supply = NotRequested | Requested

# ----------------------------------------------------------------- decisions


def decide(command: Command, supply: Supply) -> Sequence[Event]:
    match command, supply:
        case RequestSupply(), NotRequested():
            return [requested(command)]
        case RequestSupply(), Requested(request):
            if requested(command) == request:
                return []
            raise Refused(ENTERED_OTHERWISE)
        case SendLaterNotice(), NotRequested():
            return [due(command)]
        case SendLaterNotice(), Requested():
            return []
        case _, NotRequested():
            raise Refused(UNKNOWN)
        case RecordPayment(cleared_on), Requested(request, paid):
            return [] if paid else [SupplyPaidFor(request.supply_id, cleared_on)]
        case RecordFile(), Requested():
            return made(command, supply)
        case ReleaseSupply(), Requested():
            return released(command, supply)
        case WithdrawSupply(on, reason), Requested(request):
            if supply.withdrawn:
                return []
            if supply.released:
                raise Refused(CLOSED)
            return [SupplyWithdrawn(request.supply_id, on, reason)]
        case StopLaterNotices(on, why), Requested(request):
            if supply.stopped:
                return []
            if isinstance(request, LaterNoticeDue) or not request.later_notices:
                raise Refused(NO_LATER_NOTICES)
            return [LaterNoticesStopped(request.supply_id, on, why)]
        case _:
            raise AssertionError("every command is decided above")


def requested(command: RequestSupply) -> SupplyRequested:
    asked = command.asked
    entitlement = law.establish(asked, command.on)
    if asked.document is Document.NOTICES and command.notice_id is None:
        raise Refused(NOTICE_NOT_NAMED)
    if not command.entries or sum(command.entries) == 0:
        raise Refused(ENTRIES_NEEDED)
    return SupplyRequested(
        supply_id=command.supply_id,
        person_id=command.person_id,
        applicant=command.applicant,
        recipient=asked.recipient.value,
        regulation=entitlement.regulation,
        document=document(asked),
        form=command.form,
        layout=command.layout,
        purpose=asked.purpose,
        requested_on=command.on,
        entries=command.entries,
        fee_due=law.fee_due(entitlement, asked.document),
        organisation=command.organisation,
        areas=command.areas,
        later_notices=asked.later or (asked.document is Document.FULL and entitlement.later is Later.AS_PUBLISHED),
        power=asked.power,
        poll=asked.poll,
        poll_kind=command.poll_kind.value if command.poll_kind else "",
        why_marked=asked.why_marked,
        notice_id=command.notice_id,
    )


def document(asked: Asked) -> SuppliedDocument:
    match asked.document:
        case Document.FULL:
            return "full-register"
        case Document.OPEN:
            return "open-register"
        case Document.NOTICES:
            return "notices"
        case Document.OVERSEAS:
            return "overseas-list"
        case Document.ABSENT_LISTS:
            return "absent-voter-lists"
        case Document.MARKED:
            return "marked-register"
        case _:
            assert_never(asked.document)


def due(command: SendLaterNotice) -> LaterNoticeDue:
    """The entitlement is established anew: the law may have changed since the register was asked for."""
    kind = Document.FULL if command.whole else Document.NOTICES
    asked = Asked(Recipient(command.recipient), kind, command.purpose, True, bool(command.areas), True, command.power)
    entitlement = law.establish(asked, command.on)
    return LaterNoticeDue(
        supply_id=command.supply_id,
        standing=command.standing,
        notice_id=command.notice_id,
        person_id=command.person_id,
        recipient=command.recipient,
        regulation=entitlement.regulation,
        document=document(asked),
        form=command.form,
        layout=command.layout,
        purpose=command.purpose,
        due_on=command.on,
        entries=command.entries,
        fee_due=law.fee_due(entitlement, kind) and sum(command.entries) > 0,
        organisation=command.organisation,
        areas=command.areas,
        power=command.power,
    )


def made(command: RecordFile, supply: Requested) -> Sequence[Event]:
    request = supply.request
    if supply.released or supply.withdrawn:
        raise Refused(CLOSED)
    if not made_from_register(request):
        raise Refused(NOT_MADE_HERE)
    if request.fee_due and not supply.paid:
        raise Refused(FEE_NOT_PAID)
    return [
        SupplyFileMade(
            supply_id=request.supply_id,
            effective=command.effective,
            positions=command.positions,
            layout=command.layout,
            layout_version=command.layout_version,
            entries=command.entries,
            size=command.size,
            sha256=command.sha256,
            made_on=command.on,
            made_by=command.by,
            areas=command.areas,
            fingerprint=command.fingerprint,
        )
    ]


def released(command: ReleaseSupply, supply: Requested) -> Sequence[Event]:
    request, file = supply.request, supply.file
    if supply.released:
        return []
    if supply.withdrawn:
        raise Refused(CLOSED)
    if not made_from_register(request):
        copied_from_papers(command, supply)
    elif file is None:
        raise Refused(NO_FILE)
    elif command.by == file.made_by and request.document != "open-register":
        raise Refused(RELEASE_NEEDS_TWO)
    entitlement = law.ENTITLEMENTS[Recipient(request.recipient)].on(command.on)
    told = law.statement(entitlement, Document(request.document), request.purpose, request.power)
    sha256 = file.sha256 if file else ""
    return [SupplyReleased(request.supply_id, command.on, command.by, sha256, told, request.fee_due)]


def made_from_register(request: SupplyRequested | LaterNoticeDue) -> bool:
    """Whether a file is made for it. Lists of absent voters were copied from paper before requests named a kind of poll."""
    if request.document == "absent-voter-lists":
        return isinstance(request, SupplyRequested) and bool(request.poll_kind)
    return request.document != "marked-register"


def copied_from_papers(command: ReleaseSupply, supply: Requested) -> None:
    """A copy of the papers of a poll is paid for first, and handed over while they are open. [RPR 2001 r.117-120]"""
    request = supply.request
    if request.fee_due and not supply.paid:
        raise Refused(FEE_NOT_PAID)
    if request.document == "marked-register" and isinstance(request, SupplyRequested) and request.poll is not None:
        require_open(request.poll, command.on)


# -------------------------------------------------------------------- history


def evolve(supply: Supply, event: Event) -> Supply:
    if isinstance(event, SupplyRequested | LaterNoticeDue):
        return Requested(event)
    if not isinstance(supply, Requested):
        raise ValueError("a supply begins with its request")
    match event:
        case SupplyPaidFor():
            return replace(supply, paid=True)
        case SupplyFileMade():
            return replace(supply, file=event)
        case SupplyReleased():
            return replace(supply, released=True)
        case SupplyWithdrawn():
            return replace(supply, withdrawn=True)
        case LaterNoticesStopped():
            return replace(supply, stopped=True)
        case _:
            assert_never(event)


supplies: Decider[Command, Supply, Event] = Decider("supply", NotRequested(), decide, evolve)
