"""The way of an application, sentence by sentence. Numbers are those of the worked examples in the law reference."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.registration.applications.commands import (
    AcceptAttestation,
    AcceptDocuments,
    AllowApplication,
    CallHearing,
    DisallowObjection,
    EstablishFranchise,
    FindDuplicate,
    ForwardApplication,
    IdentifyProperty,
    MakeObjection,
    ReceiveApplication,
    RecordDwpResult,
    RecordHearing,
    RecordLocalMatch,
    RejectApplication,
    ReleaseApplication,
    RequestEvidence,
    RequestIdentityCheck,
    SupplyInformation,
    WithdrawApplication,
)
from services.registration.applications.decider import applications, boundary
from shared.eventcore.testing.specs import spec
from shared.events.registration import (
    ApplicationAllowed,
    ApplicationForwarded,
    ApplicationFoundDuplicate,
    ApplicationFoundIncomplete,
    ApplicationHeld,
    ApplicationListed,
    ApplicationRejected,
    ApplicationReleased,
    ApplicationWithdrawn,
    AttestationReceived,
    DwpResultReceived,
    EvidenceAccepted,
    EvidenceRequested,
    HearingCalled,
    HearingHeld,
    IdentityCheckRequested,
    IdentityVerified,
    LocalDataMatched,
    MissingInformationReceived,
    ObjectionDisallowed,
    ObjectionMade,
    PropertyIdentified,
)
from shared.events.values import (
    ApplicationId,
    Authority,
    ElectorId,
    FranchiseFacts,
    IdentityDocument,
    PersonId,
    PropertyId,
)
from shared.law.effect import PollAhead, Programme
from shared.law.evidence import Document, Relationship
from shared.law.polls import PollType

LONDON = ZoneInfo("Europe/London")
APPLICATION, PERSON, HOME = ApplicationId(UUID(int=1)), PersonId(UUID(int=2)), PropertyId(UUID(int=3))
OBJECTOR, ATTESTOR = ElectorId(UUID(int=4)), ElectorId(UUID(int=5))
MAY_2026 = Programme((PollAhead(PollType.LOCAL, date(2026, 5, 7)),))
FORM = {
    "fn": "Ada",
    "ln": "Marsh",
    "dob": "1980-12-01",
    "nino": "AB 12 34 56 D",
    "nat": "GB",
    "regproperty": "1",
    "regstreet": "High Street",
    "regpostcode": "MT1 1AA",
}


def apply(on=date(2026, 3, 2), at=(10, 0), **changes):
    form = {key: value for key, value in {**FORM, **changes.pop("form", {})}.items() if value}
    return ReceiveApplication(
        APPLICATION,
        PERSON,
        "R-1",
        changes.pop("channel", "gov.uk"),
        changes.pop("kind", "ordinary"),
        datetime(on.year, on.month, on.day, *at, tzinfo=LONDON).astimezone(UTC),
        Authority("E07000999"),
        form,
        HOME,
        **changes,
    )


def after(*commands):
    """The history that these commands leave behind."""
    given = spec(applications)
    for command in commands:
        outcome = given.when(command)
        assert outcome.refusal is None, outcome.refusal.rule.name
        given = given.given(*outcome.events)
    return given


GREEN = RecordDwpResult("green", {"name": "match", "dob": "match", "nino": "match"})
RED = RecordDwpResult("red", {"name": "match", "dob": "match", "nino": "no-match"})
OPEN = after(apply())
VERIFIED = after(apply(), GREEN)
LISTED_2_MARCH = ApplicationListed(date(2026, 3, 2), date(2026, 3, 10))


def allow(on, **more):
    return AllowApplication(on, **more)


# ------------------------------------------------------------- ordinary path


def test_an_application_is_received_and_listed_and_its_window_runs_from_the_next_day():
    received, then = spec(applications).when(apply()).events
    assert (received.person_id, received.received_on, str(received.name)) == (PERSON, date(2026, 3, 2), "Ada Marsh")
    assert received.form == FORM
    assert then == LISTED_2_MARCH


def test_the_form_was_sent_twice_and_the_first_one_counts():
    OPEN.when(apply(on=date(2026, 3, 5))).nothing_happens()
    after(apply(), WithdrawApplication(date(2026, 3, 3))).when(apply()).nothing_happens()


def test_dwp_verifies_the_applicant():
    OPEN.when(RequestIdentityCheck(datetime(2026, 3, 2, tzinfo=UTC))).then(
        IdentityCheckRequested(datetime(2026, 3, 2, tzinfo=UTC))
    )
    OPEN.when(GREEN).then(DwpResultReceived(PERSON, "green", dict(GREEN.fields)), IdentityVerified("dwp"))


def test_an_application_is_allowed_with_the_day_and_notice_it_takes_effect_by():
    VERIFIED.when(allow(date(2026, 3, 10))).then(
        ApplicationAllowed(PERSON, HOME, date(2026, 3, 10), date(2026, 4, 1), "monthly")
    )


def test_the_revised_register_takes_the_place_of_the_autumn_notices():
    autumn = after(apply(on=date(2026, 9, 14)), GREEN)
    autumn.when(allow(date(2026, 9, 22))).then(
        ApplicationAllowed(PERSON, HOME, date(2026, 9, 22), date(2026, 12, 1), "revised-register")
    )
    autumn.when(allow(date(2026, 9, 22), programme=Programme(optional_months=(10, 11)))).then(
        ApplicationAllowed(PERSON, HOME, date(2026, 9, 22), date(2026, 11, 2), "monthly")
    )


def test_nobody_is_allowed_while_electors_may_still_object():
    outcome = VERIFIED.when(allow(date(2026, 3, 9)))
    outcome.refused("objection-window-open")
    assert outcome.refusal.detail == "The first day is 10 March 2026."


def test_nobody_is_allowed_unverified_incomplete_or_nowhere():
    OPEN.when(allow(date(2026, 3, 10))).refused("identity-not-verified")
    after(apply(form={"nino": ""})).when(allow(date(2026, 3, 10))).refused("application-incomplete")
    nowhere = ReceiveApplication(
        APPLICATION, PERSON, "R", "paper", "ordinary", datetime(2026, 3, 2, tzinfo=UTC), Authority("E07000999"), FORM
    )
    after(nowhere, GREEN).when(allow(date(2026, 3, 10))).refused("address-not-identified")
    after(nowhere, GREEN).when(IdentifyProperty(HOME)).then(PropertyIdentified(HOME))


def test_nothing_happens_to_an_application_nobody_made_or_that_has_ended():
    spec(applications).when(GREEN).refused("no-such-application")
    ended = after(apply(), GREEN, allow(date(2026, 3, 10)))
    ended.when(WithdrawApplication(date(2026, 3, 11))).refused("already-determined")
    ended.when(allow(date(2026, 3, 11))).refused("already-determined")
    ended.when(RED).nothing_happens()


# -------------------------------------------------------------- completeness


def test_what_is_missing_without_reason_keeps_the_application_from_being_made():
    _, then = spec(applications).when(apply(form={"nino": "", "nat": "", "dob": ""})).events
    assert then == ApplicationFoundIncomplete(("dob", "nino", "nat"), PERSON)
    _, then = spec(applications).when(apply(form={"nino": "", "nonino": "never had one"})).events
    assert isinstance(then, ApplicationListed)
    _, then = spec(applications).when(apply(form={"dob": "", "nodobreason": "unknown"})).events
    assert then == ApplicationFoundIncomplete(("dob",), PERSON)


def test_the_list_is_entered_on_the_day_the_last_answer_comes():
    supplied = {"nino": "AB123456D"}
    after(apply(form={"nino": ""})).when(SupplyInformation(supplied, datetime(2026, 3, 4, 9, tzinfo=UTC))).then(
        MissingInformationReceived(PERSON, supplied, date(2026, 3, 4)),
        ApplicationListed(date(2026, 3, 4), date(2026, 3, 12)),
    )


def test_an_answer_that_does_not_complete_the_form_leaves_it_incomplete():
    waiting = after(apply(form={"nino": "", "nat": ""}))
    waiting.when(SupplyInformation({"nat": "GB"}, datetime(2026, 3, 4, 9, tzinfo=UTC))).then(
        MissingInformationReceived(PERSON, {"nat": "GB"}, date(2026, 3, 4), ("nino",))
    )
    waiting.when(SupplyInformation({}, datetime(2026, 3, 4, tzinfo=UTC))).refused("nothing-supplied")
    waiting.when(SupplyInformation({"nino": "ZZ"}, datetime(2026, 3, 4, tzinfo=UTC))).refused("nino-impossible")


def test_a_birthday_in_the_future_and_an_impossible_nino_are_refused_at_the_door():
    spec(applications).when(apply(form={"dob": "2026-03-03"})).refused("birthday-in-the-future")
    spec(applications).when(apply(form={"nino": "DA 12 34 56 D"})).refused("nino-impossible")


# -------------------------------------------------------------- verification


def test_documents_of_the_three_lists_verify():
    passport = (Document.PASSPORT,)
    OPEN.when(AcceptDocuments(passport)).then(
        EvidenceAccepted((IdentityDocument("a", "passport"),)), IdentityVerified("documents")
    )
    OPEN.when(AcceptDocuments((Document.BIRTH_CERTIFICATE, Document.UTILITY_BILL))).refused("not-enough-documents")
    OPEN.when(RequestEvidence(date(2026, 3, 5))).then(EvidenceRequested(date(2026, 3, 5), PERSON))


def attest(**changes):
    usual = {
        "attestor": ATTESTOR,
        "attested_on": date(2026, 3, 6),
        "relationship": Relationship.NONE,
        "last_revised_register": date(2025, 12, 1),
        "attestor_added_on": date(2020, 12, 1),
    }
    return AcceptAttestation(**{**usual, **changes})


def test_an_elector_outside_the_family_may_attest():
    OPEN.when(attest()).then(
        AttestationReceived(ATTESTOR, date(2026, 3, 6), date(2025, 12, 1)), IdentityVerified("attestation")
    )
    OPEN.when(attest(complete=False)).refused("attestation-incomplete")


def test_edge_case_23_two_attestations_until_the_next_revised_register():
    before = AttestationReceived(ATTESTOR, date(2026, 3, 6), date(2025, 12, 1))
    later = AttestationReceived(ATTESTOR, date(2026, 12, 4), date(2026, 12, 1))
    (claim,) = boundary(before)
    (afresh,) = boundary(later)
    assert (claim.limit, claim.rule.name) == (2, "attestor-has-attested-enough")
    assert claim.tag != afresh.tag
    assert boundary_tag(attest(attestor_added_on=date(2026, 1, 2))) != claim.tag


def boundary_tag(command):
    (claim,) = boundary(OPEN.when(command).events[0])
    return claim.tag


def test_edge_case_23_a_sibling_or_an_elector_registered_only_in_scotland_may_not_attest():
    OPEN.when(attest(relationship=Relationship.SIBLING)).refused("attestor-is-family")
    OPEN.when(attest(registered_in_england_or_wales=False)).refused("attestor-not-registered")


def test_edge_case_24_local_data_that_passes_beats_a_red_answer_from_dwp():
    after(apply(), RED).when(RecordLocalMatch("council tax", True)).then(
        LocalDataMatched("council tax"), IdentityVerified("local-data")
    )
    after(apply(), RecordLocalMatch("council tax", True)).when(RED).then(
        DwpResultReceived(PERSON, "red", dict(RED.fields))
    )
    after(apply(), RecordLocalMatch("council tax", True), RED).when(allow(date(2026, 3, 10))).then(
        ApplicationAllowed(PERSON, HOME, date(2026, 3, 10), date(2026, 4, 1), "monthly")
    )


def test_edge_case_24_a_death_flag_holds_the_application_for_a_person_to_look_at():
    flagged = RecordDwpResult("green", {}, deceased=True)
    OPEN.when(flagged).then(
        DwpResultReceived(PERSON, "green", {}, True),
        IdentityVerified("dwp"),
        ApplicationHeld(PERSON, "reported-deceased"),
    )
    held = after(apply(), flagged)
    outcome = held.when(allow(date(2026, 3, 10)))
    outcome.refused("application-on-hold")
    assert outcome.refusal.detail == ""  # what DWP answered is told to nobody
    held.when(ReleaseApplication("spoke to her")).then(ApplicationReleased(PERSON, "spoke to her"))


def test_edge_case_22_the_same_nino_twice_is_held_and_may_be_found_a_duplicate():
    twice = after(apply(), RecordDwpResult("green", {}, nino_uses=2))
    twice.when(allow(date(2026, 3, 10))).refused("application-on-hold")
    twice.when(FindDuplicate(date(2026, 3, 4), elector=ATTESTOR)).then(
        ApplicationFoundDuplicate(date(2026, 3, 4), ATTESTOR)
    )


# ---------------------------------------------------- objections and hearings

OBJECTED = after(apply(), GREEN, MakeObjection(OBJECTOR, "does not live there", date(2026, 3, 9)))


def test_an_objection_in_the_window_stops_an_allowance_without_hearing():
    VERIFIED.when(MakeObjection(OBJECTOR, "does not live there", date(2026, 3, 9))).then(
        ObjectionMade(PERSON, OBJECTOR, "does not live there", date(2026, 3, 9), True)
    )
    OBJECTED.when(allow(date(2026, 3, 10))).refused("objection-stands")


def test_a_late_objection_is_recorded_and_suspends_nothing():
    late = after(apply(), GREEN, MakeObjection(OBJECTOR, "late", date(2026, 3, 10)))
    assert late.history[-1].in_window is False
    late.when(allow(date(2026, 3, 10))).then(
        ApplicationAllowed(PERSON, HOME, date(2026, 3, 10), date(2026, 4, 1), "monthly")
    )


def test_an_objection_without_merit_is_disallowed_and_its_maker_has_three_working_days():
    disallow = DisallowObjection(OBJECTOR, "names another house", date(2026, 3, 10))
    OBJECTED.when(disallow).then(
        ObjectionDisallowed(PERSON, OBJECTOR, "names another house", date(2026, 3, 10), date(2026, 3, 13))
    )
    disallowed = OBJECTED.given(*OBJECTED.when(disallow).events)
    disallowed.when(allow(date(2026, 3, 13))).refused("objection-stands")
    disallowed.when(allow(date(2026, 3, 16))).then(
        ApplicationAllowed(PERSON, HOME, date(2026, 3, 16), date(2026, 4, 1), "monthly")
    )
    disallowed.when(CallHearing(date(2026, 3, 12), date(2026, 3, 18))).then(
        HearingCalled(date(2026, 3, 12), date(2026, 3, 18), PERSON, (OBJECTOR,))
    )


@pytest.mark.parametrize(("day", "called"), [(12, False), (13, True), (19, True), (20, False)])
def test_a_hearing_is_on_the_third_to_seventh_working_day_after_notice(day, called):
    outcome = OBJECTED.when(CallHearing(date(2026, 3, 10), date(2026, 3, day)))
    if called:
        outcome.then(HearingCalled(date(2026, 3, 10), date(2026, 3, day), PERSON, (OBJECTOR,)))
    else:
        outcome.refused("hearing-out-of-time")


def test_what_the_hearing_finds_decides():
    called = OBJECTED.given(HearingCalled(date(2026, 3, 10), date(2026, 3, 13)))
    called.when(allow(date(2026, 3, 16))).refused("objection-stands")
    called.when(RecordHearing(date(2026, 3, 12), upheld=False)).refused("no-hearing-called")
    dismissed = called.given(HearingHeld(PERSON, date(2026, 3, 13), False))
    dismissed.when(allow(date(2026, 3, 13))).then(
        ApplicationAllowed(PERSON, HOME, date(2026, 3, 13), date(2026, 4, 1), "monthly")
    )
    upheld = called.given(HearingHeld(PERSON, date(2026, 3, 13), True))
    upheld.when(allow(date(2026, 3, 13))).refused("objection-upheld")
    upheld.when(RejectApplication(date(2026, 3, 13), ("not-resident",))).then(
        ApplicationRejected(PERSON, date(2026, 3, 13), ("not-resident",))
    )


def test_no_hearing_without_an_objection():
    VERIFIED.when(CallHearing(date(2026, 3, 10), date(2026, 3, 13))).refused("no-such-objection")
    VERIFIED.when(DisallowObjection(OBJECTOR, "none", date(2026, 3, 10))).refused("no-such-objection")


# ------------------------------------------------------------------- endings


def test_an_application_is_rejected_with_reasons_withdrawn_or_forwarded():
    OPEN.when(RejectApplication(date(2026, 3, 9), ())).refused("reasons-needed")
    OPEN.when(WithdrawApplication(date(2026, 3, 9))).then(ApplicationWithdrawn(date(2026, 3, 9)))
    OPEN.when(ForwardApplication(Authority("E07000041"), date(2026, 3, 9))).then(
        ApplicationForwarded(Authority("E07000041"), date(2026, 3, 9))
    )


# ----------------------------------------------------------------- franchise


def determined(born, applied):
    listed_on = applied
    given = after(apply(on=listed_on, form={"dob": born}), GREEN)
    return given.when(allow(given.history[1].determine_from))


def test_edge_case_1_an_attainer_turns_18_by_30_november_after_the_next_1_december():
    assert determined("2009-11-30", date(2026, 11, 22)).refusal is None
    determined("2009-12-01", date(2026, 11, 22)).refused("too-young-to-register")


def test_edge_case_2_on_1_december_another_year_of_attainers_begins():
    determined("2010-11-30", date(2026, 11, 30)).refused("too-young-to-register")
    assert determined("2010-11-30", date(2026, 12, 1)).refusal is None


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (FranchiseFacts(date(1980, 1, 1), nationalities=("CY",)), None),
        (FranchiseFacts(date(1980, 1, 1), nationalities=("FR",), resident_since=date(2015, 1, 1)), None),
        (
            FranchiseFacts(date(1980, 1, 1), nationalities=("FR",), resident_since=date(2022, 1, 1)),
            "not-a-qualifying-citizen",
        ),
        (FranchiseFacts(date(1980, 1, 1), nationalities=("PL",), resident_since=date(2023, 1, 1)), None),
        (FranchiseFacts(date(1980, 1, 1), nationalities=("FR", "IE")), None),
        (FranchiseFacts(date(1980, 1, 1), nationalities=("IN",), has_leave=False), "no-leave-to-remain"),
        (FranchiseFacts(date(1980, 1, 1)), "nationality-not-established"),
    ],
)
def test_edge_case_4_nationality_decides_the_franchise(facts, rule):
    outcome = after(apply(), GREEN, EstablishFranchise(facts, "share code")).when(allow(date(2026, 3, 10)))
    if rule:
        outcome.refused(rule)
    else:
        assert outcome.refusal is None


def test_what_an_officer_established_survives_a_later_answer():
    facts = FranchiseFacts(date(1980, 12, 1), nationalities=("FR",), resident_since=date(2015, 1, 1))
    late = SupplyInformation({"nino": "AB123456D"}, datetime(2026, 3, 4, tzinfo=UTC))
    given = after(apply(form={"nino": "", "nat": "FR"}), EstablishFranchise(facts), late, GREEN)
    assert given.when(allow(date(2026, 3, 12))).refusal is None


# ----------------------------------------------------------- clocks of a poll


def effect(given, on, programme=MAY_2026):
    (allowed,) = given.when(allow(on, programme=programme)).events
    return allowed.effective_on, allowed.notice


def test_edge_case_6_complete_before_midnight_is_in_and_at_midnight_waits_for_the_next_notice():
    in_time = after(apply(on=date(2026, 4, 20), at=(23, 59)), GREEN)
    assert effect(in_time, date(2026, 4, 28)) == (date(2026, 4, 29), "final")
    too_late = after(apply(on=date(2026, 4, 21), at=(0, 0)), GREEN)
    too_late.when(allow(date(2026, 4, 28), programme=MAY_2026)).refused("objection-window-open")
    assert effect(too_late, date(2026, 4, 29)) == (date(2026, 6, 1), "monthly")


def test_edge_case_6_a_nino_supplied_after_the_deadline_is_too_late():
    late = SupplyInformation({"nino": "AB123456D"}, datetime(2026, 4, 21, 9, tzinfo=LONDON))
    given = after(apply(on=date(2026, 4, 20), form={"nino": ""}), late, GREEN)
    given.when(allow(date(2026, 4, 28), programme=MAY_2026)).refused("objection-window-open")
    assert effect(given, date(2026, 4, 29)) == (date(2026, 6, 1), "monthly")


def test_edge_case_7_listed_on_20_april_is_decided_from_the_28th_and_in_the_final_notice():
    given = after(apply(on=date(2026, 4, 20)), GREEN)
    assert given.history[1].determine_from == date(2026, 4, 28)
    assert effect(given, date(2026, 4, 28)) == (date(2026, 4, 29), "final")
    assert effect(given, date(2026, 4, 29)) == (date(2026, 6, 1), "monthly")


def test_edge_case_8_the_monthly_notice_closes_fourteen_days_before():
    given = after(apply(on=date(2026, 4, 1)), GREEN)
    assert effect(given, date(2026, 4, 17), Programme()) == (date(2026, 5, 1), "monthly")
    assert effect(given, date(2026, 4, 20), Programme()) == (date(2026, 6, 1), "monthly")
    assert effect(given, date(2026, 4, 20)) == (date(2026, 4, 29), "final")


def test_edge_case_9_a_ward_by_election_takes_only_its_own_addresses_and_its_own_register():
    elsewhere, polling = Programme(), MAY_2026
    given = after(apply(on=date(2026, 3, 24)), GREEN)
    assert effect(given, date(2026, 4, 1), elsewhere) == (date(2026, 5, 1), "monthly")
    assert effect(given, date(2026, 4, 1), polling) == (date(2026, 4, 9), "interim-1")
    overseas = after(apply(on=date(2026, 3, 24), kind="overseas"), GREEN)
    assert effect(overseas, date(2026, 4, 1), polling) == (date(2026, 5, 1), "monthly")
