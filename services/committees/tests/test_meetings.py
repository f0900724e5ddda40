"""Calling, moving and cancelling a meeting: the clear days of every worked date, and what a meeting takes and gives back."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from services.committees.meetings.commands import (
    BookRoom,
    CancelMeeting,
    MoveMeeting,
    OrderRefreshments,
    RecordHeld,
)
from services.committees.meetings.decider import boundary, meetings
from services.committees.tests.sentences import (
    ADA,
    BEA,
    EAST,
    EVENING,
    HALL,
    HYBRID_KIT,
    IN_AUGUST,
    LAST_DAY,
    MEETING,
    WEDNESDAY,
    WEST,
    at,
    body,
    room,
    schedule,
)
from shared.eventcore.deciding import Hold, Release
from shared.eventcore.testing.specs import spec
from shared.events.committees import (
    AgendaPublished,
    KitReleased,
    MeetingCancelled,
    MeetingMoved,
    MembersStoodDown,
    RefreshmentsOrdered,
    RoomBooked,
    RoomReleased,
)
from shared.events.values_committees import NoticeRule, Refreshment, Sitting

meeting = spec(meetings)


def called(command=None, *more):
    """The meeting as it stands after it was scheduled."""
    return meeting.given(*meeting.when(command or schedule()).events, *more)


@pytest.mark.parametrize(
    ("day", "notice", "publish_by"),
    [
        (WEDNESDAY, NoticeRule(), LAST_DAY),
        (date(2026, 4, 9), NoticeRule(), date(2026, 3, 30)),
        (date(2026, 5, 28), NoticeRule(), date(2026, 5, 19)),
        (date(2027, 1, 6), NoticeRule(), date(2026, 12, 24)),
        (WEDNESDAY, NoticeRule(3, "calendar"), date(2026, 9, 19)),
        (WEDNESDAY, NoticeRule(3, "s243"), date(2026, 9, 18)),
    ],
)
def test_a_meeting_says_by_when_its_agenda_must_be_out(day, notice, publish_by):
    command = schedule(sitting=replace(EVENING, day=day), body=replace(body(), notice=notice), at=at(date(2026, 1, 5)))
    assert called(command).state().publish_by == publish_by


def test_a_committee_may_be_convened_at_shorter_notice_with_a_reason():
    too_late = at(date(2026, 9, 16))
    meeting.when(schedule(at=too_late)).refused("too-few-clear-days")
    outcome = meeting.when(schedule(at=too_late, short_notice="The inspector's deadline is 30 September."))
    assert outcome.events[0].short_notice == "The inspector's deadline is 30 September."


def test_the_refusal_names_the_first_day_that_is_possible():
    outcome = meeting.when(schedule(at=at(date(2026, 9, 16))))
    assert outcome.refusal.detail == "The first day possible is 24 September 2026."


def test_no_reason_shortens_the_summons_of_the_council():
    late = schedule(body=body("council"), at=at(date(2026, 9, 16)), short_notice="Urgent")
    meeting.when(late).refused("council-needs-clear-days")
    assert meeting.when(replace(late, at=at(LAST_DAY), short_notice="")).refusal is None


def test_a_meeting_is_called_for_a_time_to_come():
    meeting.when(schedule(at=at(date(2026, 9, 24)))).refused("in-the-past")


def test_a_meeting_ends_after_it_starts_within_twelve_hours():
    for ends in (time(19), time(18)):
        meeting.when(schedule(sitting=replace(EVENING, ends=ends))).refused("implausible-times")
    assert meeting.when(schedule(sitting=replace(EVENING, ends=time(1)))).refusal is None


def test_clear_days_are_not_guessed_in_a_year_whose_holidays_nobody_knows():
    far = replace(EVENING, day=date(2090, 9, 20))
    meeting.when(schedule(sitting=far)).refused("holidays-unknown")
    assert meeting.when(schedule(sitting=far, body=body(counting="calendar"))).refusal is None


def test_a_meeting_brought_forward_counts_its_clear_days_again_and_summons_again():
    published = AgendaPublished(MEETING, 1, (), IN_AUGUST, IN_AUGUST, IN_AUGUST.date(), 30)
    sooner = Sitting(date(2026, 9, 17), time(19), time(21))
    called(None, published).when(MoveMeeting(sooner, "Inquorate week", IN_AUGUST)).then(
        MeetingMoved(MEETING, sooner, EVENING, date(2026, 9, 9), "Inquorate week", summons_again=True)
    )
    called().when(MoveMeeting(sooner, "Sooner", at(date(2026, 9, 10)))).refused("too-few-clear-days")


def test_a_meeting_moved_takes_its_room_with_it_and_gives_the_old_time_back():
    was = called(schedule(room=room(HALL, EAST, WEST), kit=(HYBRID_KIT,), members=(ADA, BEA)))
    later = Sitting(date(2026, 11, 4), time(18), time(19, 30))
    events = was.when(MoveMeeting(later, "Hall closed", IN_AUGUST)).events
    booked = next(event for event in events if isinstance(event, RoomBooked)).booking
    # September sits in summer time, November does not: half past five on the wall is half past five in UTC.
    assert booked.setup_from == datetime(2026, 11, 4, 17, 30, tzinfo=UTC)
    assert booked.clear_to == datetime(2026, 11, 4, 19, 45, tzinfo=UTC)
    changes = [change for event in events for change in boundary(event)]
    assert {c.tag for c in changes if isinstance(c, Release)} == {c.tag for c in changes if isinstance(c, Hold)}
    assert len({c.tag for c in changes}) == 6  # three rooms, one kit, two members


def test_a_meeting_cancelled_gives_everything_back():
    was = called(schedule(room=room(HALL), kit=(HYBRID_KIT,), members=(ADA,)))
    was.when(CancelMeeting("No business", date(2026, 9, 1))).then(
        MeetingCancelled(MEETING, EVENING, date(2026, 9, 1), "No business"),
        RoomReleased(MEETING, (HALL,)),
        KitReleased(MEETING, (HYBRID_KIT,)),
        MembersStoodDown(MEETING, (ADA,)),
    )


def test_a_cancelled_meeting_is_not_moved():
    gone = MeetingCancelled(MEETING, EVENING, date(2026, 9, 1), "No business")
    called(None, gone).when(MoveMeeting(EVENING, "After all", IN_AUGUST)).refused("meeting-cancelled")


def test_a_meeting_that_took_place_is_neither_moved_nor_cancelled():
    held = called().when(RecordHeld(at(WEDNESDAY, 18), at(WEDNESDAY, 20))).events
    called(None, *held).when(CancelMeeting("No business", WEDNESDAY)).refused("meeting-over")


def test_a_room_is_large_enough_in_the_layout_asked_for():
    meeting.when(schedule(room=room(HALL, needed=60))).refused("room-too-small")
    meeting.when(schedule(room=room(HALL, needed=0, capacity=0))).refused("room-too-small")


def test_a_clash_of_members_that_is_accepted_holds_nobody():
    events = meeting.when(schedule(members=(ADA,), despite_clash="The panel sits for ten minutes.")).events
    assert not [change for event in events for change in boundary(event) if isinstance(change, Hold)]


def test_refreshments_are_ordered_until_three_working_days_before():
    tea = (Refreshment("Tea and coffee", 14, "3 vegan"),)
    called().when(OrderRefreshments(tea, time(18, 30), date(2026, 9, 18))).then(
        RefreshmentsOrdered(MEETING, tea, time(18, 30), date(2026, 9, 18))
    )
    called().when(OrderRefreshments(tea, time(18, 30), date(2026, 9, 19))).refused("catering-cut-off")


def test_the_day_of_the_call_is_the_day_in_london():
    assert meeting.when(schedule(at=at(date(2026, 8, 10), 23, 30))).events[0].called_on == date(2026, 8, 11)


def test_a_meeting_scheduled_twice_is_one_meeting():
    called().when(schedule()).nothing_happens()


def test_a_meeting_takes_another_room_at_the_time_that_it_has():
    booked = called().when(BookRoom(room(EAST))).events
    assert [type(event) for event in booked] == [RoomBooked]
    with_room = called(None, *booked)
    assert with_room.when(BookRoom(room(EAST))).events == ()
    released, taken = with_room.when(BookRoom(room(WEST))).events
    assert isinstance(released, RoomReleased)
    assert released.rooms == (EAST,)
    assert isinstance(taken, RoomBooked)
    assert taken.booking.rooms == (WEST,)
    with_room.when(BookRoom(room(WEST, needed=50))).refused("room-too-small")
