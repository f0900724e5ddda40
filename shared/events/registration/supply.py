"""Copies of the register asked for, paid, made and handed over: the ledger of supplies."""

from __future__ import annotations

from datetime import date
from typing import Literal, NewType
from uuid import UUID

from shared.events.definition import Personal, event
from shared.events.values import NoticeId, PersonId, PollingDistrict

SupplyId = NewType("SupplyId", UUID)
"""One copy that was asked for. The sale of it has the same id in finance."""
SuppliedDocument = Literal[
    "full-register", "open-register", "notices", "overseas-list", "absent-voter-lists", "marked-register"
]
SuppliedForm = Literal["data", "print"]


@event("registration.supply-requested.v1", subject="person_id", effective="requested_on")
class SupplyRequested:
    """Somebody entitled asked for a copy. `recipient` is the row of the table of entitlements, `regulation` its authority
    on that day. `organisation` is empty when a person asks for themselves. `entries`: how many each register in it has,
    one per constituency, by which the fee is reckoned where `fee_due`. With `later_notices` the notices of alteration
    follow as they are published."""

    supply_id: SupplyId
    person_id: PersonId
    applicant: Personal[str]
    recipient: str
    regulation: str
    document: SuppliedDocument
    form: SuppliedForm
    layout: str
    purpose: str
    requested_on: date
    entries: tuple[int, ...]
    fee_due: bool
    organisation: str = ""
    areas: tuple[PollingDistrict, ...] = ()
    """The polling districts supplied; empty: all."""
    later_notices: bool = False
    power: str = ""
    poll: date | None = None
    why_marked: Personal[str] = ""
    notice_id: NoticeId | None = None
    """The notice of alteration that is asked for; of an open register, what that publication changes in it."""
    poll_kind: str = ""
    """Of lists of absent voters: the kind of poll, as election ids name it."""


@event("registration.later-notice-due.v1", effective="due_on")
class LaterNoticeDue:
    """A publication is to be sent to one who had the register with later notices: `standing` is that first supply."""

    supply_id: SupplyId
    standing: SupplyId
    notice_id: NoticeId
    person_id: PersonId
    recipient: str
    regulation: str
    document: SuppliedDocument
    form: SuppliedForm
    layout: str
    purpose: str
    due_on: date
    entries: tuple[int, ...]
    fee_due: bool
    organisation: str = ""
    areas: tuple[PollingDistrict, ...] = ()
    power: str = ""


@event("registration.supply-paid-for.v1", effective="cleared_on")
class SupplyPaidFor:
    """Finance has the whole fee: the copy may be made."""

    supply_id: SupplyId
    cleared_on: date


@event("registration.supply-file-made.v1", effective="made_on")
class SupplyFileMade:
    """The file of a copy was made. What it was made from is all here, so that it can be made again byte for byte: the day
    that it shows, the last position of each of the 64 shards that it takes into account, its layout and that layout's version."""

    supply_id: SupplyId
    effective: date
    positions: tuple[int, ...]
    layout: str
    layout_version: int
    entries: int
    size: int
    """Bytes."""
    sha256: str
    made_on: date
    made_by: str
    areas: tuple[PollingDistrict, ...] = ()
    """The polling districts in it; empty: all."""
    fingerprint: str = ""
    """Keyed sums of its lines, by which it is proven once a person in it was erased; empty of files made before there were any."""


@event("registration.supply-released.v1", effective="released_on")
class SupplyReleased:
    """The copy was handed over, and the recipient told what is in `statement`. `sha256`: of its file; empty where the papers of
    a poll were copied. `fee_due`: it was a sale."""

    supply_id: SupplyId
    released_on: date
    released_by: str
    sha256: str
    statement: tuple[str, ...]
    fee_due: bool = False


@event("registration.supply-withdrawn.v1", effective="withdrawn_on")
class SupplyWithdrawn:
    """The request ended before the copy was handed over."""

    supply_id: SupplyId
    withdrawn_on: date
    reason: Literal["withdrawn-by-applicant", "fee-not-paid", "entered-in-error"]


@event("registration.later-notices-stopped.v1", effective="stopped_on")
class LaterNoticesStopped:
    """No further notices of alteration are sent after this supply."""

    supply_id: SupplyId
    stopped_on: date
    reason: Literal["asked-to-stop", "no-longer-entitled", "office-ended"]
