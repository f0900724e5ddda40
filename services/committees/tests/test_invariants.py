"""What holds for a meeting whatever is asked of it, in whatever order."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from services.committees.meetings.commands import (
    CallMember,
    CancelMeeting,
    MoveMeeting,
    NameSubstitute,
    RecordAttendance,
    StandMemberDown,
)
from services.committees.meetings.decider import boundary, meetings
from services.committees.tests.sentences import (
    ADA,
    BEA,
    CAL,
    DOT,
    EAST,
    HALL,
    HYBRID_KIT,
    IN_AUGUST,
    WEST,
    room,
    schedule,
)
from shared.eventcore.deciding import Hold, Refused, Release
from shared.events.values_committees import Sitting

PEOPLE = st.sampled_from((ADA, BEA, CAL, DOT))
SITTINGS = st.builds(Sitting, st.dates(date(2026, 9, 1), date(2026, 12, 18)), st.just(time(18)), st.just(time(20)))
ROOMS = st.sampled_from((None, room(HALL, EAST, WEST), room(EAST), room(WEST)))
COMMANDS = st.one_of(
    st.builds(
        MoveMeeting, SITTINGS, st.just("Moved"), st.just(IN_AUGUST), ROOMS, st.just(""), st.sampled_from(("", "Short"))
    ),
    st.builds(CallMember, PEOPLE),
    st.builds(StandMemberDown, PEOPLE),
    st.builds(NameSubstitute, PEOPLE, PEOPLE),
    st.builds(
        RecordAttendance,
        PEOPLE,
        st.sampled_from(("present", "substitute", "absent", "online")),
        st.just(date(2026, 12, 31)),
    ),
    st.just(CancelMeeting("No business", IN_AUGUST.date())),
)


@dataclass
class Held:
    """What the store would keep of a meeting's holds."""

    times: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def settle(self, events):
        changes = [change for event in events for change in boundary(event)]
        for change in changes:
            if isinstance(change, Release):
                self.times.pop(change.tag, None)
        for change in changes:
            if isinstance(change, Hold):
                assert change.tag not in self.times, "the meeting would stand in its own way"
                self.times[change.tag] = (change.start, change.end)


def after(commands):
    """The meeting after what it does not refuse of these commands, and what it holds."""
    state, held = meetings.initial, Held()
    first = schedule(members=(ADA, BEA, ADA), room=room(HALL, EAST, WEST), kit=(HYBRID_KIT, HYBRID_KIT))
    for command in (first, *commands):
        try:
            events = meetings.decide(command, state)
        except Refused:
            continue
        held.settle(events)
        state = meetings.fold(events, state)
    return state, held.times


@given(st.lists(COMMANDS, max_size=12))
def test_a_meeting_holds_its_own_room_for_its_own_time_and_nothing_once_it_is_cancelled(commands):
    meeting, held = after(commands)
    if meeting.cancelled:
        assert held == {}
        return
    rooms = {tag: times for tag, times in held.items() if tag.startswith("room ")}
    assert set(rooms) == {f"room {identity}" for identity in meeting.booking.rooms}
    assert all(start < meeting.sitting.starts_at and end > meeting.sitting.ends_at for start, end in rooms.values())
    called = {tag for tag in held if tag.startswith("member ")}
    assert called <= {f"member {member}" for member in meeting.members}


@given(st.lists(COMMANDS, max_size=20))
def test_no_seat_is_ever_sat_on_twice(commands):
    meeting, _ = after(commands)
    for member, substitute in meeting.substitutes.items():
        assert not (meeting.sits(member) and meeting.sits(substitute))
