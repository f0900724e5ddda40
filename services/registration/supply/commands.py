"""What may be asked about one copy of the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.events.registration import SuppliedForm, SupplyId
from shared.events.values import NoticeId, PersonId, PollingDistrict
from shared.law.polls import PollType
from shared.law.supply import Asked


@dataclass(frozen=True, slots=True)
class RequestSupply:
    """A request as an officer enters it. `entries`: of each register that it asks for, one per constituency."""

    supply_id: SupplyId
    person_id: PersonId
    applicant: str
    asked: Asked
    form: SuppliedForm
    layout: str
    entries: tuple[int, ...]
    on: date
    organisation: str = ""
    areas: tuple[PollingDistrict, ...] = ()
    notice_id: NoticeId | None = None
    poll_kind: PollType | None = None
    """Of lists of absent voters: at which poll of the day that `asked` names."""


@dataclass(frozen=True, slots=True)
class SendLaterNotice:
    """A publication falls due to one who has later notices. `standing`: the supply that they follow; `layout`: of this one;
    `entries`: how many it holds."""

    supply_id: SupplyId
    standing: SupplyId
    notice_id: NoticeId
    person_id: PersonId
    recipient: str
    purpose: str
    organisation: str
    form: SuppliedForm
    layout: str
    areas: tuple[PollingDistrict, ...]
    power: str
    entries: tuple[int, ...]
    on: date
    whole: bool = False
    """The revised register itself, rather than a notice."""


@dataclass(frozen=True, slots=True)
class RecordPayment:
    cleared_on: date


@dataclass(frozen=True, slots=True)
class RecordFile:
    """The file has been made: from what, and what came out."""

    effective: date
    positions: tuple[int, ...]
    layout: str
    layout_version: int
    entries: int
    size: int
    sha256: str
    on: date
    by: str
    areas: tuple[PollingDistrict, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseSupply:
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class WithdrawSupply:
    on: date
    reason: Literal["withdrawn-by-applicant", "fee-not-paid", "entered-in-error"]


@dataclass(frozen=True, slots=True)
class StopLaterNotices:
    on: date
    reason: Literal["asked-to-stop", "no-longer-entitled", "office-ended"]


Command = (
    RequestSupply | SendLaterNotice | RecordPayment | RecordFile | ReleaseSupply | WithdrawSupply | StopLaterNotices
)
