"""What happens in electoral registration: properties, applications, electors, postal votes and notices of alteration.

Every person's data is sealed under `person_id`. Free text written by officers about a person is personal too.
Fields are only ever added, and only with a default.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from typing import Literal

from shared.events.definition import Personal, event
from shared.events.values import (
    AddressLines,
    ApplicationId,
    Authority,
    Category,
    ContactDetails,
    ElectoralAreas,
    ElectorId,
    ElectorNumber,
    EvidenceSource,
    FranchiseFacts,
    GazetteerFacts,
    IdentityDocument,
    NoticeId,
    PersonId,
    PersonName,
    PollingDistrict,
    PropertyId,
    Uprn,
)

# ---------------------------------------------------------------- properties

Gazetteer = Literal["addressbase-premium-csv", "addressbase-premium-gml", "llpg-dtf-7.3", "officer"]
"""Where the facts about a property came from."""


@event("registration.property-added.v1")
class PropertyAdded:
    """A property is known. `electoral` says whether people may be registered at it, `because` why or why not."""

    property_id: PropertyId
    facts: GazetteerFacts
    electoral: bool
    because: str = ""
    source: Gazetteer = "officer"
    change_type: str = "I"
    judged: bool = False
    """An officer decided whether it is electoral."""


@event("registration.property-changed.v1")
class PropertyChanged:
    """The gazetteer or an officer says something else about a property. The old facts stay in its history."""

    property_id: PropertyId
    facts: GazetteerFacts
    electoral: bool
    because: str = ""
    source: Gazetteer = "officer"
    change_type: str = "U"
    judged: bool = False
    """An officer decided whether it is electoral."""


@event("registration.property-retired.v1")
class PropertyRetired:
    """A property is gone: deleted from the gazetteer, demolished, merged. Nobody new may be registered there."""

    property_id: PropertyId
    because: str
    source: Gazetteer = "officer"
    change_type: str = "D"


@event("registration.property-reinstated.v1")
class PropertyReinstated:
    """A retired property is back."""

    property_id: PropertyId
    facts: GazetteerFacts
    electoral: bool
    because: str = ""
    source: Gazetteer = "officer"
    change_type: str = "I"
    judged: bool = False
    """An officer decided whether it is electoral."""


@event("registration.property-allocated.v1", effective="effective_on")
class PropertyAllocated:
    """A property lies in these electoral areas. `on_border`: its point is on a boundary, look again."""

    property_id: PropertyId
    areas: ElectoralAreas
    method: Literal["boundary", "manual", "gazetteer"]
    effective_on: date
    reason: str = ""
    boundary_version: str = ""
    on_border: bool = False


@event("registration.property-allocation-cleared.v1")
class PropertyAllocationCleared:
    """What was known of a property's electoral areas no longer holds, e.g. its point moved out of all of them."""

    property_id: PropertyId
    reason: str


@event("registration.gazetteer-loaded.v1")
class GazetteerLoaded:
    """One import of a gazetteer file has run. `counts` by outcome: added, changed, retired, unchanged, refused, …"""

    source: Gazetteer
    version: str
    file_sha256: str
    counts: dict[str, int]
    volume: int = 0
    process_date: date | None = None


BoundaryKind = Literal["ward", "polling-district", "county-division", "parish", "constituency"]


@event("registration.boundaries-loaded.v1")
class BoundariesLoaded:
    """These boundaries are in use for one kind of area, in place of those before. Their polygons are kept by version."""

    kind: BoundaryKind
    version: str
    """SHA-256 of the file, in hexadecimal."""
    areas: dict[str, str]
    """Name by code."""
    repaired: tuple[str, ...] = ()
    """Codes of areas whose outline crossed itself; look at them."""


# -------------------------------------------------------------- applications

Channel = Literal["gov.uk", "paper", "phone", "in-person"]
Match = Literal["match", "no-match", "alias", "soundex", "initials", "reversed", "unverifiable"]
"""What DWP says of one field."""
Verdict = Literal["green", "red", "unverifiable"]
Route = Literal["dwp", "local-data", "documents", "attestation"]


@event("registration.application-received.v1", subject="person_id", effective="received_on")
class ApplicationReceived:
    """Somebody applied to be registered. `form` is the IER map exactly as received, also for paper and phone."""

    application_id: ApplicationId
    person_id: PersonId
    reference: str
    channel: Channel
    kind: Category
    received_at: datetime
    received_on: date
    gss_code: Authority
    form: Personal[dict[str, str]]
    name: Personal[PersonName]
    franchise: Personal[FranchiseFacts]
    address: Personal[AddressLines]
    contact: Personal[ContactDetails]
    property_id: PropertyId | None = None
    previous_gss_code: Authority | None = None
    opted_out: bool = True
    """Of the open register."""
    anonymous: bool = False
    entry_to_alter: ElectorId | None = None
    """The entry whose name this application asks to alter (RPA 1983 s.10ZD)."""
    unknown_keys: tuple[str, ...] = ()
    """Keys of `form` that this build does not know; kept, and reported to an officer."""
    language: Literal["en", "cy"] = "en"
    """In which the applicant filled in the form, so that the answer is in it too."""


@event("registration.application-found-incomplete.v1")
class ApplicationFoundIncomplete:
    """Something required is missing without a reason: the application is not yet made. `missing`: IER keys."""

    missing: tuple[str, ...]


@event("registration.missing-information-received.v1", subject="person_id", effective="received_on")
class MissingInformationReceived:
    """The applicant supplied what was missing. `still_missing` is empty when the application is now complete."""

    person_id: PersonId
    supplied: Personal[dict[str, str]]
    received_on: date
    still_missing: tuple[str, ...] = ()


@event("registration.application-listed.v1", effective="listed_on")
class ApplicationListed:
    """The complete application is on the list that any elector may inspect; the objection window starts the day after.

    An anonymous application is complete here too, but `public` is False: it is never put on the list."""

    listed_on: date
    determine_from: date
    """The first day it may be allowed without a hearing."""
    public: bool = True


@event("registration.property-identified.v1")
class PropertyIdentified:
    """The address on the application is this property."""

    property_id: PropertyId
    uprn: Uprn | None = None


@event("registration.franchise-established.v1", subject="person_id")
class FranchiseEstablished:
    """An officer established the facts that decide the applicant's franchise, e.g. immigration status (RPR r.26BA)."""

    person_id: PersonId
    franchise: Personal[FranchiseFacts]
    evidence: Personal[str] = ""


@event("registration.identity-check-requested.v1")
class IdentityCheckRequested:
    """Name, date of birth and NINO were sent to DWP through the IER Digital Service."""

    requested_at: datetime


@event("registration.dwp-result-received.v1", subject="person_id")
class DwpResultReceived:
    """DWP answered; `fields` says what matched, `nino_uses` counts the NINO in this area. Unlawful to disclose."""

    person_id: PersonId
    verdict: Personal[Verdict]
    fields: Personal[dict[str, Match]]
    deceased: Personal[bool] = False
    nino_uses: Personal[int] = 1


@event("registration.application-held.v1", subject="person_id")
class ApplicationHeld:
    """Something needs a person's judgement before this application can go on: a death flag, the same NINO twice."""

    person_id: PersonId
    reason: Personal[str]
    """Sealed, for it may tell what DWP answered."""


@event("registration.application-released.v1", subject="person_id")
class ApplicationReleased:
    """An officer looked at what held the application and let it go on."""

    person_id: PersonId
    reason: Personal[str]


@event("registration.local-data-matched.v1")
class LocalDataMatched:
    """The council's own records confirm the applicant (RPR r.29ZB). `source` names the data set, e.g. council tax."""

    source: str


@event("registration.local-data-not-matched.v1")
class LocalDataNotMatched:
    """The council's own records do not confirm the applicant. Not a reason to reject."""

    source: str


@event("registration.evidence-requested.v1", effective="requested_on")
class EvidenceRequested:
    """The applicant was asked for documents or an attestation, because neither DWP nor local data confirmed them."""

    requested_on: date


@event("registration.evidence-accepted.v1")
class EvidenceAccepted:
    """An officer saw these documents and they suffice (RPR r.26B). Copies and numbers are not kept here."""

    documents: tuple[IdentityDocument, ...]


@event("registration.attestation-received.v1", effective="attested_on")
class AttestationReceived:
    """An elector vouched for the applicant. `counted_since` is the day from which the attestor's vouching counts."""

    attestor: ElectorId
    attested_on: date
    counted_since: date


@event("registration.identity-verified.v1")
class IdentityVerified:
    """The applicant is who they say they are, established by this route."""

    route: Route


@event("registration.objection-made.v1", subject="person_id", effective="made_on")
class ObjectionMade:
    """An elector objects to the application. Only an objection in the window suspends it."""

    person_id: PersonId
    objector: ElectorId
    grounds: Personal[str]
    made_on: date
    in_window: bool


@event("registration.objection-disallowed.v1", subject="person_id", effective="disallowed_on")
class ObjectionDisallowed:
    """The objection was disallowed as without merit; the objector may ask for a hearing until `hearing_until`."""

    person_id: PersonId
    objector: ElectorId
    reason: Personal[str]
    disallowed_on: date
    hearing_until: date


@event("registration.hearing-called.v1", effective="notice_on")
class HearingCalled:
    """Applicant and objectors were told of a hearing."""

    notice_on: date
    hearing_on: date


@event("registration.hearing-held.v1", subject="person_id", effective="held_on")
class HearingHeld:
    """The hearing took place; `upheld` is the objection's fate."""

    person_id: PersonId
    held_on: date
    upheld: bool
    findings: Personal[str] = ""


@event("registration.application-allowed.v1", subject="person_id", effective="determined_on")
class ApplicationAllowed:
    """The application was allowed. The entry takes effect by `notice` on `effective_on`."""

    person_id: PersonId
    property_id: PropertyId
    determined_on: date
    effective_on: date
    notice: str
    """`monthly`, `interim`, `final` or `revised-register`."""


@event("registration.application-rejected.v1", subject="person_id", effective="determined_on")
class ApplicationRejected:
    """The application was rejected; the applicant is told these reasons in writing."""

    person_id: PersonId
    determined_on: date
    reasons: tuple[str, ...]
    """Names of rules."""
    explanation: Personal[str] = ""


@event("registration.application-withdrawn.v1", effective="withdrawn_on")
class ApplicationWithdrawn:
    """The applicant took the application back before it was determined."""

    withdrawn_on: date


@event("registration.application-found-duplicate.v1", effective="found_on")
class ApplicationFoundDuplicate:
    """The applicant is registered there already, or has applied already; at most that entry is amended."""

    found_on: date
    elector: ElectorId | None = None
    application: ApplicationId | None = None


@event("registration.application-forwarded.v1", effective="forwarded_on")
class ApplicationForwarded:
    """The address lies in another council's area; its registration officer has the application now."""

    to: Authority
    forwarded_on: date


ApplicationEvent = (
    ApplicationReceived
    | ApplicationFoundIncomplete
    | MissingInformationReceived
    | ApplicationListed
    | PropertyIdentified
    | FranchiseEstablished
    | IdentityCheckRequested
    | DwpResultReceived
    | LocalDataMatched
    | LocalDataNotMatched
    | ApplicationHeld
    | ApplicationReleased
    | EvidenceRequested
    | EvidenceAccepted
    | AttestationReceived
    | IdentityVerified
    | ObjectionMade
    | ObjectionDisallowed
    | HearingCalled
    | HearingHeld
    | ApplicationAllowed
    | ApplicationRejected
    | ApplicationWithdrawn
    | ApplicationFoundDuplicate
    | ApplicationForwarded
)
"""All that can happen in the stream of one application."""

# ------------------------------------------------------------------ electors

RemovalGround = Literal[
    "registered-elsewhere", "two-sources", "death-certificate", "registrar-notice", "satisfied-of-death",
    "review", "expired", "moved-within-area", "duplicate-entry",
]  # fmt: skip
"""Why an entry was removed (RPA 1983 s.10ZE, RPR r.31C)."""
ReviewType = Literal["A", "B", "C"]


@event("registration.elector-added.v1", subject="person_id", effective="effective_on")
class ElectorAdded:
    """A person is on the register from `effective_on`. `anonymous`: name and address are never printed."""

    elector_id: ElectorId
    person_id: PersonId
    name: Personal[PersonName]
    franchise: Personal[FranchiseFacts]
    property_id: PropertyId
    number: ElectorNumber
    numbered_in: date
    """The revised register whose numbering this number belongs to: its publication day."""
    effective_on: date
    notice: str
    """`monthly`, `interim`, `final` or `revised-register`."""
    opted_out: bool = True
    """Of the open register."""
    anonymous: bool = False
    ends_on: date | None = None
    """The last day, where the law limits the entry: overseas, service, anonymous, local connection."""
    application_id: ApplicationId | None = None
    contact: Personal[ContactDetails] = field(default_factory=ContactDetails)
    votes_in: tuple[str, ...] = ()
    """The registers (`parliamentary`, `local`) on which the elector may vote from that day: all that other services learn
    of the franchise (ADR 0006). Empty for an attainer, and in events from before this field."""


@event("registration.elector-amended.v1", subject="person_id", effective="effective_on")
class ElectorAmended:
    """The printed name changes from `effective_on`; until then the elector votes under the old one."""

    elector_id: ElectorId
    person_id: PersonId
    name: Personal[PersonName]
    effective_on: date
    notice: str
    application_id: ApplicationId | None = None
    was: Personal[PersonName | None] = None
    date_of_birth: Personal[date | None] = None
    property_id: PropertyId | None = None


@event("registration.elector-franchise-changed.v1", subject="person_id", effective="effective_on")
class ElectorFranchiseChanged:
    """Other facts about where the elector may vote, hence perhaps another marker, from `effective_on`."""

    elector_id: ElectorId
    person_id: PersonId
    franchise: Personal[FranchiseFacts]
    effective_on: date
    notice: str
    evidence: Personal[str] = ""
    votes_in: tuple[str, ...] = ()
    """As in `ElectorAdded`."""


@event("registration.elector-renumbered.v1", effective="effective_on")
class ElectorRenumbered:
    """The elector's number is another from `effective_on`, by a revised register or a change of polling district."""

    elector_id: ElectorId
    number: ElectorNumber
    was: ElectorNumber
    numbered_in: date
    effective_on: date


@event("registration.open-register-preference-changed.v1", effective="effective_on")
class OpenRegisterPreferenceChanged:
    """The elector opted out of the open register, or back in."""

    elector_id: ElectorId
    opted_out: bool
    effective_on: date


@event("registration.contact-details-changed.v1", subject="person_id")
class ContactDetailsChanged:
    """The elector may be reached in another way. Never printed in any register."""

    elector_id: ElectorId
    person_id: PersonId
    contact: Personal[ContactDetails]


@event("registration.clerical-error-corrected.v1", subject="person_id", effective="effective_on")
class ClericalErrorCorrected:
    """A mistake of the registration officer's own in recording a name was put right (RPA 1983 s.13B(3B)-(3D))."""

    elector_id: ElectorId
    person_id: PersonId
    name: Personal[PersonName]
    corrected_at: datetime
    effective_on: date
    told_presiding_officer: bool = False
    was: Personal[PersonName | None] = None
    date_of_birth: Personal[date | None] = None
    property_id: PropertyId | None = None


@event("registration.review-opened.v1", subject="person_id", effective="notice_on")
class ReviewOpened:
    """An elector's entitlement is under review and notice was given. Replaces an earlier review left unanswered."""

    elector_id: ElectorId
    person_id: PersonId
    review: ReviewType
    notice_on: date
    answer_by: date
    reason: Personal[str] = ""
    listed: bool = True
    """On the public list of reviews; never for an anonymous elector."""


@event("registration.review-concluded.v1", subject="person_id", effective="concluded_on")
class ReviewConcluded:
    """The review is over: the elector is entitled and stays, or is not and is then removed."""

    elector_id: ElectorId
    person_id: PersonId
    entitled: bool
    concluded_on: date
    reason: Personal[str] = ""


@event("registration.elector-removed.v1", subject="person_id", effective="effective_on")
class ElectorRemoved:
    """The entry is off the register from `effective_on`. Name and birth are repeated to give back the place it held."""

    elector_id: ElectorId
    person_id: PersonId
    name: Personal[PersonName]
    date_of_birth: Personal[date | None]
    property_id: PropertyId
    ground: RemovalGround
    effective_on: date
    determined_on: date
    notice: str
    sources: tuple[EvidenceSource, ...] = ()
    reason: Personal[str] = ""


# -------------------------------------------------------------- postal votes

PostalVoteKind = Literal["particular-poll", "definite-period", "maximum"]
PostalVoteEnd = Literal["expired", "registration-ended", "address-changed", "identity-check-failed", "own-request"]


@event("registration.postal-vote-granted.v1", subject="person_id", effective="valid_from")
class PostalVoteGranted:
    """The elector votes by post from `valid_from` to `valid_until`. `ballot_address`: only if another one."""

    elector_id: ElectorId
    person_id: PersonId
    kind: PostalVoteKind
    valid_from: date
    valid_until: date
    determined_on: date
    poll: date | None = None
    """The only polling day it is for, when `kind` is particular-poll."""
    shortened: bool = False
    """A longer period was asked for than the law allows; the elector is told."""
    ballot_address: Personal[AddressLines | None] = None
    ballot_address_reason: Personal[str] = ""
    reference: str = ""


@event("registration.postal-vote-refused.v1", subject="person_id", effective="determined_on")
class PostalVoteRefused:
    """An application for a postal vote was refused; the reasons are EROP's words, e.g. `identity-not-confirmed`."""

    elector_id: ElectorId
    person_id: PersonId
    determined_on: date
    reasons: tuple[str, ...]
    explanation: Personal[str] = ""
    reference: str = ""


@event("registration.postal-vote-cancelled.v1", effective="cancelled_on")
class PostalVoteCancelled:
    """The elector asked to vote in another way again."""

    elector_id: ElectorId
    cancelled_on: date


@event("registration.postal-vote-ended.v1", effective="ended_on")
class PostalVoteEnded:
    """The arrangement ended by itself: its time was over, or the registration it rests on."""

    elector_id: ElectorId
    ended_on: date
    because: PostalVoteEnd


# ------------------------------------------------------------------- notices

NoticeKind = Literal["monthly", "interim-1", "interim-2", "final", "revised-register"]


@event("registration.alteration-notice-published.v1", effective="published_on")
class AlterationNoticePublished:
    """A notice of alteration is published and takes effect at the start of that day.

    It freezes what was known: `positions[s]` is the last position of shard `s` that it takes into account (64 of them).
    `areas` limits an election notice to the polling districts of that poll; empty means the whole register."""

    notice_id: NoticeId
    kind: NoticeKind
    published_on: date
    determined_until: date
    positions: tuple[int, ...]
    additions: int
    removals: int
    amendments: int
    content_sha256: str
    poll: date | None = None
    areas: tuple[PollingDistrict, ...] = ()


@event("registration.revised-register-published.v1", effective="published_on")
class RevisedRegisterPublished:
    """The register was revised and published; all electors are renumbered, attestations count afresh."""

    notice_id: NoticeId
    published_on: date
    determined_until: date
    positions: tuple[int, ...]
    electors: int
    content_sha256: str
    postponed_for_poll: date | None = None
