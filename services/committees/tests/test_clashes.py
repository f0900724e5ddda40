"""Rooms, members and kit are in one place at a time: the exclusion constraint behind `Hold`, on a real PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import time
from uuid import uuid4

import pytest

from services.committees.groups.decider import FormGroup, LeaveGroup, groups
from services.committees.meetings.commands import CancelMeeting, MoveMeeting
from services.committees.meetings.decider import meetings
from services.committees.tests.sentences import (
    ADA,
    BEA,
    CAL,
    EAST,
    EVENING,
    HALL,
    HYBRID_KIT,
    IN_AUGUST,
    WEDNESDAY,
    WEST,
    room,
)
from shared.eventcore.deciding import Refused
from shared.events.values_committees import GroupId, Sitting

LATER = Sitting(WEDNESDAY, time(20), time(22))
"""Overlaps `EVENING` (19:00 to 21:00) by an hour."""


async def refused(doing):
    with pytest.raises(Refused) as refusal:
        await doing
    return refusal.value.rule.name


async def test_a_room_has_one_meeting_at_a_time_and_setting_up_counts(office):
    await office.call(room=room(HALL))
    assert await refused(office.call(sitting=LATER, room=room(HALL))) == "room-taken"
    # Cleared at 21:15; the next is set up for half an hour before it starts.
    early, in_time = (Sitting(WEDNESDAY, time(21, m), time(22)) for m in (44, 45))
    assert await refused(office.call(sitting=early, room=room(HALL))) == "room-taken"
    await office.call(sitting=in_time, room=room(HALL))


async def test_a_hall_takes_its_parts_and_two_parts_do_not_disturb_each_other(office):
    await office.call(room=room(EAST))
    await office.call(sitting=LATER, room=room(WEST))
    assert await refused(office.call(room=room(HALL, EAST, WEST))) == "room-taken"


async def test_a_member_and_a_kit_are_in_one_place_at_a_time(office):
    await office.call(members=(ADA, BEA), kit=(HYBRID_KIT,))
    assert await refused(office.call(sitting=LATER, members=(BEA, CAL))) == "member-engaged"
    assert await refused(office.call(sitting=LATER, kit=(HYBRID_KIT,))) == "kit-taken"
    await office.call(sitting=Sitting(WEDNESDAY, time(21), time(22)), members=(BEA,), kit=(HYBRID_KIT,))
    await office.call(sitting=LATER, members=(BEA,), despite_clash="The panel sits for ten minutes.")


async def test_a_refused_meeting_leaves_nothing_behind(office):
    await office.call(room=room(EAST))
    await refused(office.call(sitting=LATER, room=room(EAST), members=(ADA,), kit=(HYBRID_KIT,)))
    await office.call(sitting=LATER, room=room(WEST), members=(ADA,), kit=(HYBRID_KIT,))


async def test_a_meeting_moved_or_cancelled_gives_its_time_back(office):
    first = await office.call(room=room(HALL), members=(ADA,))
    next_day = replace(EVENING, day=WEDNESDAY.replace(day=24))
    await office.do(meetings, first, MoveMeeting(next_day, "Hall closed", IN_AUGUST))
    second = await office.call(room=room(HALL), members=(ADA,))
    clash = await refused(office.do(meetings, first, MoveMeeting(LATER, "Hall open", IN_AUGUST)))
    assert clash in ("room-taken", "member-engaged")  # both are; either may be named
    assert (await office.core.execute.state(meetings, first, "E07000999")).state.sitting == next_day
    await office.do(meetings, second, CancelMeeting("No business", IN_AUGUST.date()))
    # Half an hour later than before: it overlaps the time that it gives back itself.
    await office.do(meetings, first, MoveMeeting(LATER, "Hall open", IN_AUGUST))


async def test_of_many_who_book_at_the_same_moment_one_gets_the_room(office):
    booking = [office.call(room=room(HALL), members=(ADA, BEA)) for _ in range(12)]
    answers = await asyncio.gather(*booking, return_exceptions=True)
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert {a.rule.name for a in answers if isinstance(a, Refused)} <= {"room-taken", "member-engaged"}
    assert all(isinstance(a, Refused) for a in answers if isinstance(a, Exception))


async def test_a_member_is_in_one_group_at_a_time(office):
    one, other = GroupId(uuid4()), GroupId(uuid4())
    day = IN_AUGUST.date()
    await office.do(groups, one, FormGroup(one, "Independents", ADA, (ADA, BEA), day))
    form = FormGroup(other, "Residents", CAL, (CAL, BEA), day)
    assert await refused(office.do(groups, other, form)) == "one-group-each"
    await office.do(groups, one, LeaveGroup(BEA, day))
    await office.do(groups, other, form)
