"""Members: taking and leaving office, and the six months of section 85."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.committees.members.decider import (
    ApproveAbsence,
    ChangeContact,
    CreditAttendance,
    LeaveOffice,
    TakeOffice,
    WarnOfAbsence,
    members,
)
from services.committees.policies.when_member_attended_then_watch_absence import watch_absence
from services.committees.tests.sentences import ADA, BEA, MEETING, person, took_office
from shared.eventcore.testing.specs import spec
from shared.events.committees import (
    AbsenceAlertRaised,
    AbsenceApproved,
    MemberAttended,
    MemberContactChanged,
    MemberLeftOffice,
)
from shared.events.values import PersonName, Ward
from shared.events.values_committees import OfficeContact

member = spec(members)
DECLARATION = TakeOffice(
    ADA, person(ADA), PersonName("Ada", "Marsh"), "Independent", date(2023, 5, 8), ward=Ward("E05999001"),
    ward_title="Lantern",
)  # fmt: skip
LAST_CAME = date(2027, 1, 14)
CAME = MemberAttended(ADA, MEETING, LAST_CAME)


def test_a_councillor_takes_office_by_the_declaration():
    member.when(DECLARATION).then(took_office())


def test_a_member_in_office_does_not_take_it_twice_but_may_be_re_elected():
    member.given(took_office()).when(DECLARATION).refused("already-in-office")
    left = MemberLeftOffice(ADA, person(ADA), date(2027, 5, 10), "term-ended")
    again = replace(DECLARATION, from_on=date(2027, 5, 11))
    member.given(took_office(), left).when(again).then(took_office(on=date(2027, 5, 11)))


def test_a_member_is_one_person():
    left = MemberLeftOffice(ADA, person(ADA), date(2027, 5, 10), "term-ended")
    other = replace(DECLARATION, person_id=person(BEA), from_on=date(2027, 5, 11))
    member.given(took_office(), left).when(other).refused("another-person")


def test_a_member_keeps_the_number_of_the_system_before():
    assert member.when(replace(DECLARATION, number=417)).events[0].number == 417


def test_a_declaration_names_a_person_and_a_term_that_can_be():
    member.when(replace(DECLARATION, name=PersonName("Ada", " "))).refused("name-needed")
    member.when(replace(DECLARATION, term_ends_on=date(2023, 5, 7))).refused("ends-before-it-began")


def test_a_resignation_takes_effect_when_it_is_received():
    left = MemberLeftOffice(ADA, person(ADA), date(2026, 9, 10), "resigned")
    member.given(took_office()).when(LeaveOffice(date(2026, 9, 10), "resigned")).then(left)
    member.given(took_office(), left).when(LeaveOffice(date(2026, 9, 10), "resigned")).nothing_happens()
    member.when(LeaveOffice(date(2026, 9, 10), "resigned")).refused("not-in-office")


def test_contact_details_change_once():
    office = OfficeContact("ada@mootshire.example")
    member.given(took_office()).when(ChangeContact(office)).then(MemberContactChanged(ADA, person(ADA), office))
    member.given(took_office(contact=office)).when(ChangeContact(office)).nothing_happens()


def test_only_a_member_in_office_is_credited_with_an_attendance():
    member.given(took_office()).when(CreditAttendance(MEETING, LAST_CAME)).then(CAME)
    member.given(took_office()).when(CreditAttendance(MEETING, date(2023, 5, 1))).nothing_happens()


@pytest.mark.parametrize("stage", ["4-months", "5-months", "5.5-months", "lapsed"])
def test_a_warning_says_when_the_office_is_lost(stage):
    member.given(took_office(), CAME).when(WarnOfAbsence(stage, LAST_CAME)).then(
        AbsenceAlertRaised(ADA, stage, LAST_CAME, date(2027, 7, 14))
    )


def test_a_warning_is_silent_when_the_member_came_again_or_left():
    warning = WarnOfAbsence("4-months", LAST_CAME)
    since = MemberAttended(ADA, MEETING, date(2027, 4, 1))
    member.given(took_office(), CAME, since).when(warning).nothing_happens()
    left = MemberLeftOffice(ADA, person(ADA), date(2027, 4, 1), "resigned")
    member.given(took_office(), CAME, left).when(warning).nothing_happens()


def test_the_council_approves_an_absence_before_the_six_months_are_over_and_not_a_day_later():
    ask = ApproveAbsence(date(2027, 7, 14), date(2027, 12, 31), "Illness")
    approved = AbsenceApproved(ADA, person(ADA), date(2027, 7, 14), date(2027, 12, 31), "Illness")
    member.given(took_office(), CAME).when(ask).then(approved)
    late = replace(ask, approved_on=date(2027, 7, 15))
    member.given(took_office(), CAME).when(late).refused("absence-approved-too-late")
    member.given(took_office(), CAME, approved).when(WarnOfAbsence("lapsed", LAST_CAME)).nothing_happens()


def test_the_warnings_fall_due_at_four_five_and_five_and_a_half_months_and_when_office_is_lost(recorded):
    steps = list(watch_absence.react(recorded(CAME)))
    assert [(step.command.stage, step.due_at.date()) for step in steps] == [
        ("4-months", date(2027, 5, 14)), ("5-months", date(2027, 6, 14)), ("5.5-months", date(2027, 6, 29)),
        ("lapsed", date(2027, 7, 15)),
    ]  # fmt: skip


def test_a_member_recorded_years_after_the_election_is_not_warned_of_the_years_before(recorded):
    today = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    assert list(watch_absence.react(recorded(took_office(), at=today))) == []
    assert len(list(watch_absence.react(recorded(took_office(on=date(2026, 11, 1)), at=today)))) == 4


def test_a_member_who_has_sat_since_the_first_councils_of_the_act_is_recorded_like_any_other(recorded):
    assert list(watch_absence.react(recorded(took_office(on=date(1974, 4, 1))))) == []
