"""What may be asked about one property in a canvass, in the officer's words. Pure: see `decider`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.events.registration import (
    Answer,
    CallOutcome,
    CanvassContact,
    CanvassId,
    CanvassReply,
    CanvassRoute,
    DeliveryResult,
    ElectorMatch,
    Kept,
    ReplyChannel,
    RoundId,
    RouteGround,
)
from shared.events.values import ElectorId, PropertyId
from shared.law.canvass import Doubt


@dataclass(frozen=True, slots=True)
class MatchProperty:
    """The data step found these ordinary electors at the property, of whom so many are 18, as at `on`."""

    canvass_id: CanvassId
    property_id: PropertyId
    electors: tuple[ElectorMatch, ...]
    adults: int
    class_code: str = ""
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class ChooseRoute:
    """An officer's choice. Route 3 names its `ground` and whether somebody is known who answers for the residents;
    `only_excluded`: the register holds nobody else there than those the canvass leaves out."""

    route: CanvassRoute
    reason: str
    ground: RouteGround = ""
    person_known: bool = False
    only_excluded: bool = False


@dataclass(frozen=True, slots=True)
class MakeContact:
    """`code`: reference and digest of a security code to issue with it, where a reply is asked for in writing."""

    contact_id: UUID
    contact: CanvassContact
    made_on: date
    batch: str = ""
    recipients: tuple[ElectorId, ...] = ()
    code: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class RecordDelivery:
    contact_id: UUID
    result: DeliveryResult
    known_on: date


@dataclass(frozen=True, slots=True)
class RecordPosting:
    """The letter of a contact went to the post."""

    contact_id: UUID
    posted_on: date


@dataclass(frozen=True, slots=True)
class IssueCode:
    reference: str
    digest: str


@dataclass(frozen=True, slots=True)
class TryCode:
    """Somebody gave a secret with the property's reference. A wrong one is counted, and locks the code in the end."""

    digest: str


@dataclass(frozen=True, slots=True)
class ReceiveResponse:
    """`contactable`: the household can be asked what a vague reply meant."""

    response_id: UUID
    channel: ReplyChannel
    answers: tuple[Answer, ...]
    reply: CanvassReply
    received_on: date
    contactable: bool = False


@dataclass(frozen=True, slots=True)
class ConcludeEnquiry:
    """The enquiry about a vague reply came to nothing: nobody was named."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class RecordVisit:
    """`record_id` is derived from officer, device, visit and time. `response_id` and `reply` where somebody answered."""

    record_id: UUID
    round_id: RoundId
    visit_id: UUID
    officer: str
    device: str
    visited_at: datetime
    visited_on: date
    outcome: CallOutcome
    answers: tuple[Answer, ...] = ()
    reply: CanvassReply | None = None


@dataclass(frozen=True, slots=True)
class ResolveConflict:
    record_id: UUID
    kept: Kept
    resolved_on: date
    reason: str = ""


Command = (
    MatchProperty
    | ChooseRoute
    | MakeContact
    | RecordDelivery
    | RecordPosting
    | IssueCode
    | TryCode
    | ReceiveResponse
    | ConcludeEnquiry
    | RecordVisit
    | ResolveConflict
)
