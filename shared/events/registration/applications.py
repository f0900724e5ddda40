"""What happens in the stream of one application to register, from its receipt to its outcome."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from shared.events.definition import Personal, event
from shared.events.values import (
    AddressLines,
    ApplicationId,
    Authority,
    Category,
    ContactDetails,
    ElectorId,
    FranchiseFacts,
    IdentityDocument,
    PersonId,
    PersonName,
    PropertyId,
    Uprn,
)

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
    person_id: PersonId | None = None


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
    person_id: PersonId | None = None


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
    person_id: PersonId | None = None
    objectors: tuple[ElectorId, ...] = ()
    """Who are to be heard too, also who asked for it after being disallowed."""


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


@event("registration.application-treated-as-alteration.v1")
class ApplicationTreatedAsAlteration:
    """The applicant is on the register at that address under another name: this alters that entry (RPA 1983 s.10ZD)."""

    elector_id: ElectorId


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
    | ApplicationTreatedAsAlteration
    | ApplicationFoundDuplicate
    | ApplicationForwarded
)
"""All that can happen in the stream of one application."""
