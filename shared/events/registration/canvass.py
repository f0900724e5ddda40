"""What happens in an annual canvass: the year, each property in it, and the rounds of visiting officers.

No reply registers or removes anybody. A new name is somebody to be invited; a name struck out is one source.
Electors who are not sent for the national match (RPA 1983 s.9D(6)) are in none of these events, nor in their counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NewType
from uuid import UUID, uuid5

from shared.events.definition import Personal, event
from shared.events.values import (
    Authority,
    ElectorId,
    EvidenceSource,
    PersonId,
    PersonName,
    PotentialElectorId,
    PropertyId,
)

CanvassId = NewType("CanvassId", UUID)
CanvassPropertyId = NewType("CanvassPropertyId", UUID)
"""One property in the canvass of one year."""
RoundId = NewType("RoundId", UUID)

MatchSource = Literal["national", "local"]
MatchedBy = Literal["national", "local", "recent-addition", ""]
CanvassRoute = Literal[1, 2, 3]
RouteGround = Literal["", "care-home", "hmo", "student-block", "hostel", "not-single-household", "undeliverable"]
CanvassContact = Literal["cca", "ccb", "form", "e-communication", "phone", "visit", "responsible-person"]
DeliveryResult = Literal["delivered", "returned", "bounced", "no-answer"]
ReplyChannel = Literal["web", "phone", "sms", "form", "visit", "e-mail", "responsible-person"]
Answer = Literal[
    "no-change", "added", "changed", "left", "empty", "business", "second-home", "refused", "vague",
]  # fmt: skip
CanvassOutcome = Literal[
    "no-change", "added", "changed", "left", "empty", "business", "second-home",
]  # fmt: skip
CallOutcome = Literal["answered", "no-answer", "no-access", "refused"]
VisitPurpose = Literal["canvass", "invitation"]
Kept = Literal["mine", "theirs", "both"]
"""Of two replies: the visiting officer's, the one that was there, or what both say."""


def canvass_id(authority: Authority, year: int) -> CanvassId:
    """The stream of a council's canvass: there is one a year."""
    return CanvassId(uuid5(UUID(int=0), f"canvass:{authority}:{year}"))


def canvass_property_id(canvass: CanvassId, place: PropertyId) -> CanvassPropertyId:
    """The stream of a property in a canvass."""
    return CanvassPropertyId(uuid5(canvass, str(place)))


def household_id(place: CanvassPropertyId) -> PersonId:
    """Whose key seals what a household replied: erased as a whole, apart from the keys of the people named in it."""
    return PersonId(uuid5(place, "household"))


@dataclass(frozen=True, slots=True)
class ElectorMatch:
    """What the data step found of one elector. `by` is empty when nothing matched."""

    elector_id: ElectorId
    by: MatchedBy = ""


@dataclass(frozen=True, slots=True)
class NewResident:
    """Somebody whom a reply names as a resident of 16 or more. Nationalities are ISO 3166-1 alpha-2 codes."""

    name: PersonName
    nationalities: tuple[str, ...] = ()
    over_75: bool = False


@dataclass(frozen=True, slots=True)
class CanvassReply:
    """What a household said. `gone` and `staying` are electors of the property; `changes` is what else is other now."""

    added: tuple[NewResident, ...] = ()
    gone: tuple[ElectorId, ...] = ()
    staying: tuple[ElectorId, ...] = ()
    changes: str = ""
    note: str = ""


# ---------------------------------------------------------------------- year


@event("registration.canvass-started.v1", effective="started_on")
class CanvassStarted:
    """A council's canvass of a year begins. `recent_days`: for how long after being added electors match by themselves."""

    canvass_id: CanvassId
    year: int
    started_on: date
    recent_days: int


@event("registration.electors-sent-for-match.v1", effective="sent_on")
class ElectorsSentForMatch:
    """All ordinary electors were sent for the national match, in a file of this content."""

    canvass_id: CanvassId
    electors: int
    file_sha256: str
    sent_on: date
    result_due: date


@event("registration.match-result-received.v1", effective="received_on")
class MatchResultReceived:
    """A match answered. `unknown`: rows about nobody who was sent."""

    canvass_id: CanvassId
    source: MatchSource
    file_sha256: str
    matched: int
    unmatched: int
    unknown: int
    received_on: date


@event("registration.canvass-routes-assigned.v1")
class CanvassRoutesAssigned:
    """The data step has been drawn up: every property has a route. `counts` by outcome."""

    canvass_id: CanvassId
    counts: dict[str, int]


@event("registration.canvass-closed.v1", effective="closed_on")
class CanvassClosed:
    """The canvass of the year is over: no more contacts are made and no more replies taken."""

    canvass_id: CanvassId
    closed_on: date


# ------------------------------------------------------------------ property


@event("registration.property-matched.v1")
class PropertyMatched:
    """The data step's result for a property. `matched`: every elector is. `adults`: how many are 18 or more."""

    canvass_id: CanvassId
    property_id: PropertyId
    matched: bool
    electors: tuple[ElectorMatch, ...]
    adults: int
    class_code: str = ""


@event("registration.canvass-route-assigned.v1")
class CanvassRouteAssigned:
    """A property takes this route from now on. `was`: the one before; `by_officer`: chosen, not found by the data step."""

    canvass_id: CanvassId
    property_id: PropertyId
    route: CanvassRoute
    reason: str
    was: CanvassRoute | None = None
    by_officer: bool = False
    ground: RouteGround = ""


@event("registration.canvass-contact-made.v1", effective="made_on")
class CanvassContactMade:
    """A property, or some who live there, were contacted. `next_by`: the last day for the next contact, if none answers."""

    canvass_id: CanvassId
    property_id: PropertyId
    contact_id: UUID
    contact: CanvassContact
    number: int
    """Which contact on this route it is, from 1."""
    made_on: date
    batch: str
    recipients: tuple[ElectorId, ...] = ()
    reply_needed: bool = True
    next_by: date | None = None
    issue: int = 0
    """Which security code of the property it carries, from 1; 0 where it carries none."""


@event("registration.canvass-letter-posted.v1", effective="posted_on")
class CanvassLetterPosted:
    """The letter of a contact went to the post."""

    canvass_id: CanvassId
    property_id: PropertyId
    contact_id: UUID
    posted_on: date


@event("registration.canvass-contact-delivered.v1", effective="known_on")
class CanvassContactDelivered:
    """How a contact ended: delivered, or returned, bounced, unanswered."""

    canvass_id: CanvassId
    property_id: PropertyId
    contact_id: UUID
    result: DeliveryResult
    known_on: date


@event("registration.security-code-issued.v1")
class SecurityCodeIssued:
    """A property may answer with a code of two parts: a reference that names it, and a secret of which a keyed hash is kept."""

    canvass_id: CanvassId
    property_id: PropertyId
    issue: int
    reference: str
    digest: str


@event("registration.security-code-mistaken.v1")
class SecurityCodeMistaken:
    """Somebody gave a wrong secret with a property's reference."""

    canvass_id: CanvassId
    property_id: PropertyId
    attempts: int


@event("registration.canvass-response-received.v1", subject="household_id", effective="received_on")
class CanvassResponseReceived:
    """A household replied. `noted`: the canvass of this property was closed already, so it is kept as a note."""

    canvass_id: CanvassId
    property_id: PropertyId
    response_id: UUID
    household_id: PersonId
    channel: ReplyChannel
    answers: tuple[Answer, ...]
    reply: Personal[CanvassReply]
    received_on: date
    noted: bool = False


@event("registration.new-resident-reported.v1", subject="person_id", effective="reported_on")
class NewResidentReported:
    """A reply names somebody who is not on the register at this property: a potential elector, to be invited (RPA 1983 s.9E)."""

    canvass_id: CanvassId
    property_id: PropertyId
    response_id: UUID
    person_id: PersonId
    name: Personal[PersonName]
    nationalities: Personal[tuple[str, ...]]
    over_75: Personal[bool]
    reported_on: date


@event("registration.elector-reported.v1", effective="reported_on")
class ElectorReported:
    """A household says that an elector has gone, or is still there: one source, that by itself removes nobody."""

    elector_id: ElectorId
    property_id: PropertyId
    response_id: UUID
    source: EvidenceSource
    reported_on: date


@event("registration.residents-disagreed.v1", effective="found_on")
class ResidentsDisagreed:
    """One reply says that an elector has gone, another that they are still there: for a review, never for removal."""

    elector_id: ElectorId
    property_id: PropertyId
    found_on: date


@event("registration.canvass-enquiry-opened.v1", effective="opened_on")
class CanvassEnquiryOpened:
    """A reply was too vague to act on, e.g. `somebody new` without a name: the household is asked."""

    canvass_id: CanvassId
    property_id: PropertyId
    response_id: UUID
    opened_on: date


@event("registration.canvass-property-closed.v1", effective="closed_on")
class CanvassPropertyClosed:
    """The canvass of a property is over with this outcome."""

    canvass_id: CanvassId
    property_id: PropertyId
    outcome: CanvassOutcome
    closed_on: date


@event("registration.visit-recorded.v1")
class VisitRecorded:
    """A visiting officer called. `record_id` is the same for the same officer, device, visit and time, however often sent."""

    canvass_id: CanvassId
    property_id: PropertyId
    round_id: RoundId
    visit_id: UUID
    record_id: UUID
    officer: str
    device: str
    visited_at: datetime
    outcome: CallOutcome
    next_by: date | None = None
    """As in `CanvassContactMade`."""


@event("registration.visit-conflict-found.v1", subject="household_id")
class VisitConflictFound:
    """What was said at the door is not what the household had replied meanwhile: an officer decides."""

    canvass_id: CanvassId
    property_id: PropertyId
    record_id: UUID
    round_id: RoundId
    household_id: PersonId
    answers: tuple[Answer, ...]
    mine: Personal[CanvassReply]
    """What the visiting officer was told."""
    theirs: Personal[CanvassReply]
    """What had been replied."""
    visited_at: datetime
    their_channel: ReplyChannel


@event("registration.visit-conflict-resolved.v1")
class VisitConflictResolved:
    """An officer decided which reply counts."""

    canvass_id: CanvassId
    property_id: PropertyId
    record_id: UUID
    kept: Kept
    reason: str = ""


# -------------------------------------------------------------------- rounds


@dataclass(frozen=True, slots=True)
class RoundVisit:
    """One call on a round: about the property, or about one potential elector there who was invited."""

    visit_id: UUID
    property_id: PropertyId
    purpose: VisitPurpose = "canvass"
    potential_elector_id: PotentialElectorId | None = None


@event("registration.round-allocated.v1", effective="allocated_on")
class RoundAllocated:
    """A visiting officer is to call at these properties, in this order."""

    round_id: RoundId
    canvass_id: CanvassId
    name: str
    officer: str
    visits: tuple[RoundVisit, ...]
    allocated_on: date


@event("registration.round-enrolment-offered.v1")
class RoundEnrolmentOffered:
    """A code was issued with which one device may enrol for this round until `until`. `digest`: a keyed hash of its secret."""

    round_id: RoundId
    digest: str
    until: datetime


@event("registration.round-device-enrolled.v1")
class RoundDeviceEnrolled:
    """The code was used up: this device acts for the round's officer, on this round alone, until `until`."""

    round_id: RoundId
    device: str
    until: datetime


@event("registration.round-downloaded.v1")
class RoundDownloaded:
    """A round left for a device, sealed, to be opened there until `expires_at`."""

    round_id: RoundId
    device: str
    expires_at: datetime
    visits: int


@event("registration.round-uploaded.v1")
class RoundUploaded:
    """A device sent what was recorded on a round: how many records, of which so many were new and so many conflict."""

    round_id: RoundId
    device: str
    records: int
    recorded: int
    conflicts: int


@event("registration.round-ended.v1", effective="ended_on")
class RoundEnded:
    """No more calls are made on this round."""

    round_id: RoundId
    ended_on: date
    reason: str = ""
