"""Stories of registration: an elector on and off the register, a postal vote, an application that fails, a home."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from services.registration.absent_votes.commands import (
    AppointProxy,
    AskToRenew,
    CancelPostalProxy,
    CancelPostalVote,
    EndAbsentVotes,
    EndPostalVote,
    GrantPostalProxy,
    GrantPostalVote,
    Proxy,
    RefusePostalProxy,
    RefusePostalVote,
    RefuseProxy,
    RemindToRenew,
)
from services.registration.absent_votes.decider import absent_votes
from services.registration.anonymous_entries.decider import AlterEntry, ListEntry, Printed, StrikeOff, anonymous_entries
from services.registration.applications.commands import (
    CallHearing,
    DisallowObjection,
    MakeObjection,
    ReceiveApplication,
    RejectApplication,
    RequestEvidence,
    SupplyInformation,
)
from services.registration.applications.decider import applications
from services.registration.canvass.commands import MakeContact, MatchProperty
from services.registration.canvass.decider import properties_in_canvass
from services.registration.declarations.decider import PutIntoEffect, RemindOfRenewal, RenewDeclaration, declarations
from services.registration.electors.commands import (
    AddElector,
    AmendElector,
    AskForReviewHearing,
    CallReviewHearing,
    ChangeFranchise,
    ChangeTerm,
    ConcludeReview,
    MergeElector,
    OpenReview,
    RemoveElector,
    RenumberElector,
    UndoMerge,
)
from services.registration.electors.decider import electors
from services.registration.identifiers.decider import (
    AcceptSignature,
    AskForFreshSignature,
    RecordIdentifiers,
    WaiveSignature,
    identifiers,
)
from services.registration.invitations.commands import (
    AppealPenalty,
    AskForPenaltyReview,
    FindPotentialElector,
    GiveInvitation,
    GiveReminder,
    ImposePenalty,
    RecordInvitationVisit,
    RecordPenaltyAppeal,
    RequireApplication,
    ReviewPenalty,
)
from services.registration.invitations.decider import invitations
from services.registration.notices.decider import Contents, PublishNotice, PublishRevisedRegister, notices
from services.registration.properties.decider import AllocateProperty, ClearAllocation, RecordFacts, properties
from services.registration.supply.commands import RecordFile, ReleaseSupply, RequestSupply, SendLaterNotice
from services.registration.supply.decider import supplies
from shared.events.registration import SupplyId, canvass_id
from shared.events.values import (
    AddressLines,
    ApplicationId,
    Authority,
    CampaignId,
    ElectoralAreas,
    ElectorId,
    ElectorNumber,
    EvidenceSource,
    FranchiseFacts,
    GazetteerFacts,
    NoticeId,
    PersonId,
    PersonName,
    PollingDistrict,
    PotentialElectorId,
    PropertyId,
    Uprn,
    Ward,
)
from shared.law.effect import PollAhead
from shared.law.polls import PollType
from shared.law.supply import Asked, Document, Recipient
from tests.contract.emission import story

ADA, HERSELF, HOME = ElectorId(UUID(int=1)), PersonId(UUID(int=2)), PropertyId(UUID(int=3))
FORM = ApplicationId(UUID(int=4))
BORN = date(1980, 12, 1)
FORM_FIELDS = {
    "fn": "Ada", "ln": "Marsh", "dob": "1980-12-01", "nino": "AB 12 34 56 D", "nat": "GB", "regproperty": "1",
    "regstreet": "High Street", "regpostcode": "MT1 1AA",
}  # fmt: skip
MARCH = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
POLL = PollAhead(PollType.LOCAL, date(2026, 5, 7))
DISTRICT = PollingDistrict("AB")
NUMBERED = date(2025, 12, 1)
DEATH = EvidenceSource("death-certificate", "case 1", date(2026, 5, 1))
HOUSE = GazetteerFacts(
    AddressLines("1", "High Street", town="Mootford", postcode="MT1 1AA"), uprn=Uprn(100), logical_status=1,
    lpi_status=1, state=2, class_code="RD04", x=292000.0, y=92000.0,
)  # fmt: skip
NOTICE, KNOWN = NoticeId(UUID(int=5)), Contents(tuple(range(64)), "ab" * 32, additions=1, electors=1)
AREAS = ElectoralAreas(DISTRICT, Ward("E05999001"), constituency="E14999001")

POLISH, BRITISH = FranchiseFacts(BORN, nationalities=("PL",)), FranchiseFacts(BORN, nationalities=("GB",))
ADD = AddElector(
    ADA, HERSELF, PersonName("Ada", "Marsh"), BRITISH, HOME, ElectorNumber(DISTRICT, 123), NUMBERED, date(2026, 4, 1),
    "monthly", application_id=FORM,
)  # fmt: skip

COPY, UPDATE = SupplyId(UUID(int=6)), SupplyId(UUID(int=8))
DEPOSIT, OPEN = Asked(Recipient.LEGAL_DEPOSIT, Document.FULL, "legal deposit"), Asked(Recipient.ANYONE, Document.OPEN)
REQUEST = RequestSupply(COPY, HERSELF, "A Sample", DEPOSIT, "data", "register-csv", (87_412,), date(2026, 8, 3))
FILE = RecordFile(
    date(2026, 8, 3), KNOWN.positions, "register-csv", 1, 87_412, 9_000_000, "ab" * 32, date(2026, 8, 3), "first"
)
PRINTED = Printed(ElectorNumber(DISTRICT, 57), NUMBERED, date(2027, 3, 31), votes_in=("local", "parliamentary"))
INVITED = (
    FindPotentialElector(
        PotentialElectorId(UUID(int=6)), HERSELF, PersonName("Ada", "Marsh"), HOME, date(2026, 7, 1), "canvass"
    ),
    GiveInvitation(date(2026, 7, 6)),
    GiveReminder(1, date(2026, 8, 3)),
    GiveReminder(2, date(2026, 9, 1)),
    RecordInvitationVisit(date(2026, 9, 29), "not-seen"),
    RequireApplication(date(2026, 10, 27)),
    ImposePenalty(date(2026, 11, 25)),
    AskForPenaltyReview(date(2026, 12, 9)),
)

CAMPAIGN = CampaignId(UUID(int=6))
STANDING_PROXY = AppointProxy(
    ADA, HERSELF, "indefinite", Proxy(PersonId(UUID(int=7)), PersonName("Ben", "Fern"), AddressLines("2", "Sea Road")),
    MARCH, date(2026, 5, 9), ground="registered-blind",
)  # fmt: skip

EMITTED = (
    *story(invitations, *INVITED, ReviewPenalty(True, date(2026, 12, 11))),
    *story(
        invitations,
        *INVITED,
        ReviewPenalty(True, date(2026, 12, 11)),
        AppealPenalty(date(2026, 12, 29), "GRC/1"),
        RecordPenaltyAppeal(True, date(2027, 2, 1)),
    ),
    *story(invitations, *INVITED, ReviewPenalty(False, date(2026, 12, 11))),
    *story(
        electors,
        ADD,
        OpenReview("A", date(2026, 6, 1)),
        AskForReviewHearing(date(2026, 6, 15)),
        CallReviewHearing(date(2026, 6, 16), date(2026, 6, 22)),
        ConcludeReview(False, date(2026, 6, 22)),
    ),
    *story(
        electors, ADD, OpenReview("C", date(2026, 6, 1), hearing_on=date(2026, 6, 8)), ConcludeReview(True, date(2026, 6, 8))
    ),
    *story(electors, ADD, OpenReview("B", date(2026, 6, 1))),
    *story(
        electors,
        ADD,
        MergeElector(ElectorId(UUID(int=7)), date(2026, 6, 1), asked_by="one", officer="other"),
        UndoMerge(date(2026, 6, 2)),
    ),
    *story(electors, ADD),
    *story(
        electors,
        replace(ADD, franchise=POLISH),
        ChangeFranchise(BRITISH, date(2026, 4, 10)),
        AmendElector(PersonName("Ada", "Lake"), date(2026, 4, 8), FORM),
        ChangeTerm(date(2030, 11, 1), date(2027, 7, 2)),
        RenumberElector(ElectorNumber(DISTRICT, 7, 1), date(2026, 12, 1), date(2026, 12, 1)),
        RemoveElector("death-certificate", date(2026, 12, 11), (DEATH,)),
    ),
    *story(
        absent_votes,
        GrantPostalVote(ADA, HERSELF, "maximum", MARCH, date(2026, 4, 22)),
        CancelPostalVote(ADA, MARCH),
        GrantPostalVote(ADA, HERSELF, "particular-poll", MARCH, date(2026, 4, 22), poll=POLL),
        EndPostalVote(ADA, date(2026, 5, 8), "expired"),
        RefusePostalVote(ADA, HERSELF, date(2026, 5, 8), ("dob-not-provided",)),
        RefuseProxy(ADA, HERSELF, date(2026, 5, 8), ("proxy-limits",)),
        STANDING_PROXY,
        RefusePostalProxy(ADA, PersonId(UUID(int=7)), date(2026, 5, 12), ("dob-not-provided",)),
        GrantPostalProxy(ADA, "maximum", MARCH, date(2026, 5, 13)),
        CancelPostalProxy(ADA, MARCH),
        AskToRenew(ADA, "proxy", "signature", CAMPAIGN, date(2032, 1, 31), date(2032, 1, 31), date(2032, 3, 13)),
        RemindToRenew(ADA, "proxy", CAMPAIGN, date(2032, 2, 21)),
        EndAbsentVotes(ADA, date(2032, 3, 1)),
    ),
    *story(
        identifiers,
        RecordIdentifiers(ADA, HERSELF, UUID(int=8), MARCH.date(), MARCH.date(), date(1980, 12, 1)),
        AskForFreshSignature(UUID(int=8), "elector", "too-small", date(2026, 5, 8)),
        RecordIdentifiers(ADA, HERSELF, UUID(int=9), date(2026, 5, 11), date(2026, 5, 11), date(1980, 12, 1)),
        AcceptSignature(UUID(int=9), date(2026, 5, 12)),
        WaiveSignature(ADA, HERSELF, date(2026, 6, 1), date(1980, 12, 1), "cannot hold a pen"),
    ),
    *story(
        applications,
        ReceiveApplication(FORM, HERSELF, "R-1", "gov.uk", "ordinary", MARCH, Authority("E07000999"), FORM_FIELDS, HOME),
        RejectApplication(date(2026, 3, 13), ("not-resident",)),
    ),
    *story(
        applications,
        ReceiveApplication(
            FORM, HERSELF, "R-2", "paper", "ordinary", MARCH, Authority("E07000999"), {**FORM_FIELDS, "nino": ""}, HOME
        ),
        SupplyInformation({"nino": "AB123456D"}, MARCH),
        RequestEvidence(date(2026, 3, 5)),
        MakeObjection(ElectorId(UUID(int=9)), "does not live there", date(2026, 3, 9)),
        DisallowObjection(ElectorId(UUID(int=9)), "names another house", date(2026, 3, 10)),
        CallHearing(date(2026, 3, 12), date(2026, 3, 18)),
    ),
    *story(
        anonymous_entries,
        ListEntry(ADA, PRINTED, date(2026, 4, 1), "monthly", AREAS),
        AlterEntry(replace(PRINTED, ends_on=date(2028, 3, 31)), date(2027, 4, 1)),
        StrikeOff(date(2028, 4, 3), "monthly"),
    ),
    *story(
        declarations,
        PutIntoEffect(ADA, HERSELF, "forces", date(2026, 4, 1), date(2031, 3, 31), date(2026, 3, 2)),
        RemindOfRenewal(1, date(2031, 3, 31), date(2031, 1, 1)),
        RenewDeclaration(date(2031, 2, 1), date(2031, 2, 3)),
    ),
    *story(
        properties,
        RecordFacts(HOME, HOUSE, "addressbase-premium-csv"),
        AllocateProperty(HOME, AREAS, "boundary", date(2026, 1, 5), boundary_version="2026"),
        ClearAllocation(HOME, "new review"),
    ),
    *story(notices, PublishNotice(NOTICE, "monthly", date(2026, 3, 2), KNOWN)),
    *story(notices, PublishRevisedRegister(NOTICE, 2026, date(2026, 12, 1), KNOWN)),
    *story(supplies, REQUEST, FILE, ReleaseSupply(date(2026, 8, 3), "second")),
    *story(supplies, replace(REQUEST, asked=OPEN, organisation="Example Lists Ltd")),
    *story(supplies, SendLaterNotice(
        UPDATE, COPY, NOTICE, HERSELF, "credit-reference-agency", "vetting applications for credit",
        "Example Credit Reference Ltd", "data", "notice-csv", (), "", (312,), date(2026, 9, 1),
    )),
    *story(
        properties_in_canvass,
        MatchProperty(canvass_id(Authority("E07000999"), 2026), HOME, (), 0),
        MakeContact(UUID(int=10), "form", date(2026, 7, 20), "CF-1", code=("ABCDEFGHJK", "ab" * 32)),
    ),
)  # fmt: skip
