"""One entry on the register, sentence by sentence. Numbers are those of the worked examples in the law reference."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.registration.electors.commands import (
    AddElector,
    AmendElector,
    ChangeContactDetails,
    ChangeFranchise,
    ChangeOpenRegisterPreference,
    ConcludeReview,
    CorrectClericalError,
    OpenReview,
    RemoveElector,
    RenumberElector,
)
from services.registration.electors.decider import boundary, electors
from shared.eventcore.deciding import Claim, Release
from shared.eventcore.testing.specs import spec
from shared.events.definition import Erased
from shared.events.registration import (
    ClericalErrorCorrected,
    ContactDetailsChanged,
    ElectorAdded,
    ElectorAmended,
    ElectorFranchiseChanged,
    ElectorRemoved,
    ElectorRenumbered,
    OpenRegisterPreferenceChanged,
    ReviewConcluded,
    ReviewOpened,
)
from shared.events.values import (
    ApplicationId,
    ContactDetails,
    ElectorId,
    ElectorNumber,
    EvidenceSource,
    FranchiseFacts,
    PersonId,
    PersonName,
    PollingDistrict,
    PropertyId,
)
from shared.law.effect import PollAhead, Programme
from shared.law.polls import PollType

LONDON = ZoneInfo("Europe/London")
ID, PERSON, HOME = ElectorId(UUID(int=1)), PersonId(UUID(int=2)), PropertyId(UUID(int=3))
APPLICATION = ApplicationId(UUID(int=4))
ADA, BORN = PersonName("Ada", "Marsh"), date(1980, 12, 1)
BRITISH = FranchiseFacts(BORN, nationalities=("GB",))
NUMBER = ElectorNumber(PollingDistrict("AB"), 123)
REGISTER = date(2025, 12, 1)
POLL = PollAhead(PollType.LOCAL, date(2026, 5, 7))
ADD = AddElector(
    ID, PERSON, ADA, BRITISH, HOME, NUMBER, REGISTER, date(2026, 4, 1), "monthly", application_id=APPLICATION
)
BOTH = ("local", "parliamentary")
ADDED = ElectorAdded(
    ID,
    PERSON,
    ADA,
    BRITISH,
    HOME,
    NUMBER,
    REGISTER,
    date(2026, 4, 1),
    "monthly",
    application_id=APPLICATION,
    votes_in=BOTH,
)
ON_REGISTER = spec(electors).given(ADDED)
ANONYMOUS = spec(electors).given(replace(ADDED, anonymous=True))


def source(kind, origin="case 1", **more):
    return EvidenceSource(kind, origin, date(2026, 5, 1), **more)


def remove(ground, *sources, on=date(2026, 5, 11), **more):
    return RemoveElector(ground, on, tuple(sources), **more)


def removed(ground, *sources, on=date(2026, 5, 11), effective=date(2026, 6, 1)):
    return ElectorRemoved(ID, PERSON, ADA, BORN, HOME, ground, effective, on, "monthly", tuple(sources))


# ------------------------------------------------------------------ addition


def test_an_elector_is_added_by_the_notice_that_carries_the_allowance():
    spec(electors).when(ADD).then(ADDED)


def test_the_same_allowance_adds_nobody_twice():
    ON_REGISTER.when(ADD).nothing_happens()
    ON_REGISTER.when(replace(ADD, application_id=None)).refused("already-on-register")


def test_an_overseas_entry_ends_on_the_third_1_november():
    abroad = replace(BRITISH, category="overseas")
    (added,) = spec(electors).when(replace(ADD, franchise=abroad, effective_on=date(2024, 3, 1))).events
    assert added.ends_on == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("franchise", "registers"),
    [
        (BRITISH, BOTH),
        (replace(BRITISH, category="overseas"), ("parliamentary",)),
        (replace(BRITISH, sitting_peer=True), ("local",)),
        (FranchiseFacts(BORN, nationalities=("PL",)), ("local",)),
        (FranchiseFacts(date(2008, 4, 2), nationalities=("GB",)), ()),
        (FranchiseFacts(date(2008, 4, 1), nationalities=("GB",)), BOTH),
        (FranchiseFacts(BORN, nationalities=("US",)), ()),
    ],
    ids=["British", "overseas", "peer", "Polish", "attainer", "18 on that day", "no franchise"],
)
def test_other_services_learn_the_registers_on_which_an_elector_may_vote_and_nothing_of_age_or_nationality(
    franchise, registers
):
    (added,) = spec(electors).when(replace(ADD, franchise=franchise)).events
    assert added.votes_in == registers


def test_one_person_has_one_entry_at_one_property_and_a_number_is_used_once_per_register():
    person, place, number = boundary(ADDED)
    assert {claim.rule.name for claim in (person, place)} == {"already-on-register"}
    assert number == Claim(f"number:{REGISTER}:AB-123", number.rule)
    assert number.rule.name == "elector-number-taken"
    other = boundary(replace(ADDED, name=PersonName("ADA", "Marsh "), person_id=PersonId(UUID(int=9))))
    assert next(iter(c for c in other if c.tag.startswith("entry:"))).tag == place.tag


def test_edge_case_22_a_student_may_have_two_entries_at_two_properties():
    at_home, at_university = boundary(ADDED), boundary(replace(ADDED, property_id=PropertyId(UUID(int=8))))
    places = [{c.tag for c in claims if not c.tag.startswith("number:")} for claims in (at_home, at_university)]
    assert not places[0] & places[1]


def test_father_and_son_without_dates_of_birth_are_not_taken_for_one():
    unknown = replace(BRITISH, date_of_birth=None, age_band="18-75")
    assert not any(claim.tag.startswith("entry:") for claim in boundary(replace(ADDED, franchise=unknown)))


def test_a_removal_gives_the_place_back_but_not_the_number():
    claims = {claim.tag for claim in boundary(ADDED)}
    released = {release.tag for release in boundary(removed("review"))}
    assert claims - released == {f"number:{REGISTER}:AB-123"}
    assert all(isinstance(release, Release) for release in boundary(removed("review")))


def test_an_erased_name_gives_back_what_it_can():
    (release,) = boundary(replace(removed("review"), name=Erased()))
    assert release == Release(f"person:{PERSON}:{HOME}")


# ------------------------------------------------------------------- changes


def test_a_new_name_takes_effect_with_the_next_notice_and_moves_the_place():
    amended = ElectorAmended(ID, PERSON, PersonName("Ada", "Poole"), date(2026, 6, 1), "monthly", None, ADA, BORN, HOME)
    ON_REGISTER.when(AmendElector(PersonName("Ada", "Poole"), date(2026, 5, 11))).then(amended)
    release, claim = boundary(amended)
    assert (release.tag, claim.tag) == (f"entry:adamarsh:{BORN}:{HOME}", f"entry:adapoole:{BORN}:{HOME}")


def test_a_change_of_nationality_takes_effect_with_the_next_notice():
    irish = replace(BRITISH, nationalities=("FR", "IE"))
    ON_REGISTER.when(ChangeFranchise(irish, date(2026, 5, 11), "passport")).then(
        ElectorFranchiseChanged(ID, PERSON, irish, date(2026, 6, 1), "monthly", "passport", BOTH)
    )
    nobody = replace(BRITISH, nationalities=("US",))
    ON_REGISTER.when(ChangeFranchise(nobody, date(2026, 5, 11))).refused("not-a-qualifying-citizen")


def test_a_revised_register_renumbers_and_the_old_number_is_kept_in_the_event():
    new, day = ElectorNumber(PollingDistrict("AB"), 130), date(2026, 12, 1)
    renumbered = ElectorRenumbered(ID, new, NUMBER, day, day)
    ON_REGISTER.when(RenumberElector(new, day, day)).then(renumbered)
    ON_REGISTER.given(renumbered).when(RenumberElector(new, day, day)).nothing_happens()
    (claim,) = boundary(renumbered)
    assert claim.tag == f"number:{day}:AB-130"


def test_an_opt_out_of_the_open_register_counts_from_the_next_notice():
    open_elector = spec(electors).given(replace(ADDED, opted_out=False))
    open_elector.when(ChangeOpenRegisterPreference(True, date(2026, 4, 17))).then(
        OpenRegisterPreferenceChanged(ID, True, date(2026, 5, 1))
    )
    ON_REGISTER.when(ChangeOpenRegisterPreference(True, date(2026, 4, 17))).nothing_happens()


def test_edge_case_16_an_anonymous_elector_is_never_in_the_open_register_or_a_list_of_reviews():
    (added,) = spec(electors).when(replace(ADD, anonymous=True, opted_out=False)).events
    assert added.opted_out
    ANONYMOUS.when(ChangeOpenRegisterPreference(False, date(2026, 4, 17))).refused("anonymous-never-in-open-register")
    (opened,) = ANONYMOUS.when(OpenReview("A", date(2026, 4, 17))).events
    assert not opened.listed


def test_contact_details_change_at_once():
    phone = ContactDetails(phone="01234 567890")
    ON_REGISTER.when(ChangeContactDetails(phone)).then(ContactDetailsChanged(ID, PERSON, phone))


# ----------------------------------------------------------- clerical errors


def correction(at, **more):
    usual = {"own_mistake": True, "poll": POLL, "told_presiding_officer": True}
    return CorrectClericalError(PersonName("Ada", "Marshe"), at.astimezone(UTC), **{**usual, **more})


def test_edge_case_14_a_typing_error_is_put_right_until_nine_on_polling_day():
    at = datetime(2026, 5, 7, 20, 55, tzinfo=LONDON)
    ON_REGISTER.when(correction(at)).then(
        ClericalErrorCorrected(
            ID, PERSON, PersonName("Ada", "Marshe"), at.astimezone(UTC), date(2026, 5, 7), True, ADA, BORN, HOME
        )
    )
    ON_REGISTER.when(correction(datetime(2026, 5, 7, 21, 5, tzinfo=LONDON))).refused("too-late-to-correct")


def test_edge_case_14_an_electors_own_late_wish_is_no_clerical_error():
    at = datetime(2026, 5, 7, 12, tzinfo=LONDON)
    ON_REGISTER.when(correction(at, own_mistake=False)).refused("not-a-clerical-error")
    ON_REGISTER.when(correction(at, told_presiding_officer=False)).refused("tell-the-presiding-officer")


# ------------------------------------------------------------------ removals

COUNCIL_TAX = source("council-tax-closed", "account 7")
LETTER = source("returned-mail", "mailing of 2 March")


def test_edge_case_19_one_returned_letter_keeps_the_entry_and_a_second_source_ends_it():
    ON_REGISTER.when(remove("two-sources", LETTER)).refused("too-few-sources")
    ON_REGISTER.when(remove("two-sources", LETTER, COUNCIL_TAX)).then(removed("two-sources", LETTER, COUNCIL_TAX))


def test_edge_case_19_two_letters_of_one_mailing_are_one_source_and_silence_is_none():
    ON_REGISTER.when(remove("two-sources", LETTER, LETTER)).refused("too-few-sources")
    ON_REGISTER.when(remove("two-sources", LETTER, source("silence", "canvass"))).refused("too-few-sources")


def test_edge_case_20_a_daughters_report_of_death_suffices_once_written_and_a_neighbours_does_not():
    daughter = source("close-relative")
    ON_REGISTER.when(remove("satisfied-of-death", daughter)).then(removed("satisfied-of-death", daughter))
    ON_REGISTER.when(remove("satisfied-of-death", source("close-relative", written_note=False))).refused(
        "written-note-needed"
    )
    ON_REGISTER.when(remove("satisfied-of-death", source("neighbour"))).refused("report-of-death-not-enough")


def test_edge_case_27_a_denial_leads_to_a_review_and_not_to_removal():
    denial = source("co-resident", "canvass form", denies=True)
    ON_REGISTER.when(remove("two-sources", LETTER, COUNCIL_TAX, denial)).refused("sources-contradict")


def test_a_certificate_or_the_registrar_ends_an_entry_alone():
    notice = source("registrar-notice")
    ON_REGISTER.when(remove("registrar-notice", notice)).then(removed("registrar-notice", notice))
    ON_REGISTER.when(remove("death-certificate", notice)).refused("document-needed")


def test_edge_case_18_a_mover_stays_until_the_new_officer_has_allowed_the_application():
    ON_REGISTER.when(remove("registered-elsewhere", source("ierds-received"))).refused("not-allowed-elsewhere")
    allowed = source("other-ero-allowed")
    ON_REGISTER.when(remove("registered-elsewhere", allowed)).then(removed("registered-elsewhere", allowed))


def test_an_entry_expires_on_its_last_day_and_not_before():
    ending = spec(electors).given(replace(ADDED, ends_on=date(2027, 4, 1)))
    ending.when(remove("expired", on=date(2027, 3, 31))).refused("not-expired")
    assert ending.when(remove("expired", on=date(2027, 4, 1))).refusal is None
    ON_REGISTER.when(remove("expired")).refused("not-expired")


def test_a_removal_before_a_poll_takes_effect_with_the_election_notice():
    (gone,) = ON_REGISTER.when(
        remove("two-sources", LETTER, COUNCIL_TAX, on=date(2026, 4, 28), programme=Programme((POLL,)))
    ).events
    assert (gone.effective_on, gone.notice) == (date(2026, 4, 29), "final")


def test_who_is_off_the_register_stays_off():
    off = ON_REGISTER.given(removed("review"))
    off.when(remove("two-sources")).nothing_happens()
    off.when(ChangeContactDetails(ContactDetails())).refused("not-on-register")
    off.when(ADD).refused("not-on-register")
    spec(electors).when(remove("two-sources")).refused("not-on-register")


# ------------------------------------------------------------------- reviews


def opened(review, notice_on, answer_by):
    return ReviewOpened(ID, PERSON, review, notice_on, answer_by)


def test_edge_case_21_an_unanswered_request_for_evidence_leads_to_a_notice_and_not_to_removal():
    asked = opened("B", date(2026, 6, 1), date(2026, 6, 29))
    ON_REGISTER.when(OpenReview("B", date(2026, 6, 1))).then(asked)
    unanswered = ON_REGISTER.given(asked)
    unanswered.when(ConcludeReview(False, date(2026, 6, 30))).refused("evidence-review-leads-to-notice")
    unanswered.when(remove("review")).refused("review-not-concluded")
    unanswered.when(OpenReview("A", date(2026, 6, 29))).refused("review-running")
    unanswered.when(OpenReview("A", date(2026, 6, 30))).then(opened("A", date(2026, 6, 30), date(2026, 7, 14)))


def test_edge_case_21_fourteen_days_that_end_on_good_friday_run_to_the_tuesday_after_easter():
    ON_REGISTER.when(OpenReview("A", date(2026, 3, 20))).then(opened("A", date(2026, 3, 20), date(2026, 4, 7)))


def test_an_unanswered_notice_of_review_ends_in_removal():
    reviewing = ON_REGISTER.given(opened("A", date(2026, 6, 1), date(2026, 6, 15)))
    reviewing.when(ConcludeReview(False, date(2026, 6, 15))).refused("review-running")
    reviewing.when(ConcludeReview(True, date(2026, 6, 10), "came in person")).then(
        ReviewConcluded(ID, PERSON, True, date(2026, 6, 10), "came in person")
    )
    found = ReviewConcluded(ID, PERSON, False, date(2026, 6, 16))
    reviewing.when(ConcludeReview(False, date(2026, 6, 16))).then(found)
    reviewing.given(found).when(remove("review", on=date(2026, 6, 16))).then(
        removed("review", on=date(2026, 6, 16), effective=date(2026, 7, 1))
    )


@pytest.mark.parametrize(("day", "allowed"), [(3, False), (4, True), (10, True), (11, False)])
def test_a_review_hearing_is_on_the_third_to_seventh_working_day(day, allowed):
    outcome = ON_REGISTER.when(OpenReview("C", date(2026, 6, 1), hearing_on=date(2026, 6, day)))
    if allowed:
        assert outcome.refusal is None
    else:
        outcome.refused("hearing-out-of-time")


def test_no_review_no_conclusion():
    ON_REGISTER.when(ConcludeReview(True, date(2026, 6, 1))).refused("no-review")
