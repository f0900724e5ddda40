"""Who was there: substitutes, one seat and one vote, interests; and what counts for the six months."""

from datetime import date

from services.committees.meetings.commands import (
    AddAgendaItem,
    DeclareInterest,
    NameSubstitute,
    ReceiveApologies,
    RecordAttendance,
)
from services.committees.meetings.decider import meetings
from services.committees.policies.when_member_attends_then_credit import credit_attendance
from services.committees.tests.sentences import (
    ADA,
    BEA,
    CAL,
    DOT,
    FIRST,
    IN_AUGUST,
    MEETING,
    SECOND,
    WEDNESDAY,
    body,
    person,
    schedule,
)
from shared.eventcore.testing.specs import spec
from shared.events.committees import (
    ApologiesReceived,
    AttendanceRecorded,
    InterestDeclared,
    SubstituteNamed,
)


def called(*commands, kind="ordinary"):
    it = spec(meetings)
    for command in (schedule(members=(ADA, BEA), body=body(kind)), *commands):
        it = it.given(*it.when(command).events)
    return it


def there(member, how="present"):
    return RecordAttendance(member, how, WEDNESDAY)


def test_apologies_are_received_from_a_member_who_was_called():
    called().when(ReceiveApologies(ADA, IN_AUGUST)).then(ApologiesReceived(MEETING, ADA, IN_AUGUST))
    called().when(ReceiveApologies(DOT, IN_AUGUST)).refused("not-called")


def test_a_substitute_sits_in_the_place_of_the_member():
    called().when(NameSubstitute(ADA, CAL)).then(SubstituteNamed(MEETING, ADA, CAL))
    called(NameSubstitute(ADA, CAL)).when(there(CAL, "substitute")).then(
        AttendanceRecorded(MEETING, CAL, "substitute", WEDNESDAY, in_place_of=ADA)
    )


def test_the_executive_has_no_substitutes():
    called(kind="executive").when(NameSubstitute(ADA, CAL)).refused("no-substitutes-on-executive")


def test_a_substitute_has_no_seat_of_their_own_and_no_second_place():
    called().when(NameSubstitute(ADA, BEA)).refused("substitute-sits-already")
    called(NameSubstitute(ADA, CAL)).when(NameSubstitute(BEA, CAL)).refused("substitute-sits-already")


def test_a_member_and_their_substitute_have_one_vote_between_them():
    called(NameSubstitute(ADA, CAL), there(ADA)).when(there(CAL, "substitute")).refused("one-seat-one-vote")
    called(NameSubstitute(ADA, CAL), there(CAL, "substitute")).when(there(ADA)).refused("one-seat-one-vote")
    assert called(NameSubstitute(ADA, CAL), there(ADA)).when(there(CAL, "in-attendance")).refusal is None


def test_nobody_is_a_substitute_who_was_not_named():
    called().when(there(CAL, "substitute")).refused("no-substitution")


def test_a_guest_is_in_attendance_and_never_present():
    called().when(there(DOT)).refused("not-called")
    assert called().when(there(DOT, "in-attendance")).refusal is None


def test_attendance_is_not_recorded_before_the_meeting():
    called().when(RecordAttendance(ADA, "present", date(2026, 9, 22))).refused("not-yet-met")


def test_an_interest_is_declared_in_an_item_of_this_agenda():
    item = AddAgendaItem(FIRST, "Planning application 26/001", IN_AUGUST)
    declared = DeclareInterest(ADA, person(ADA), "disclosable-pecuniary", "Owns the land", FIRST, left_room=True)
    called(item).when(declared).then(
        InterestDeclared(MEETING, ADA, person(ADA), "disclosable-pecuniary", "Owns the land", FIRST, left_room=True)
    )
    elsewhere = DeclareInterest(ADA, person(ADA), "disclosable-pecuniary", "Owns the land", SECOND)
    called(item).when(elsewhere).refused("no-such-item")


def test_watching_online_or_from_the_gallery_does_not_count_for_the_six_months(recorded):
    credited = {
        how: bool(list(credit_attendance.react(recorded(AttendanceRecorded(MEETING, ADA, how, WEDNESDAY)))))
        for how in ("present", "substitute", "online", "in-attendance", "apologies", "absent")
    }
    assert credited == {
        "present": True, "substitute": True,
        "online": False, "in-attendance": False, "apologies": False, "absent": False,
    }  # fmt: skip
