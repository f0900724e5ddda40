"""Agendas: members first, the clear days, the cut-off, late items and exempt ones."""

from dataclasses import replace
from datetime import date, time

from services.committees.meetings.commands import (
    AddAgendaItem,
    CallMember,
    CancelMeeting,
    MoveMeeting,
    PublishAgenda,
    WithdrawAgendaItem,
)
from services.committees.meetings.decider import meetings
from services.committees.tests.sentences import (
    ADA,
    BEA,
    CAL,
    EVENING,
    FIRST,
    HALL,
    LAST_DAY,
    MEETING,
    SECOND,
    THIRD,
    WEDNESDAY,
    at,
    body,
    room,
    schedule,
)
from shared.eventcore.testing.specs import spec
from shared.events.committees import AgendaPublished
from shared.events.values_committees import Sitting

MINUTES = AddAgendaItem(FIRST, "Minutes", at(date(2026, 9, 1)))
PURCHASE = AddAgendaItem(
    SECOND, "Property matter", at(date(2026, 9, 1)), part=2, paragraphs=(3,), full_title="Purchase of 1 Harbour Way",
    public_interest_reason="The price is still being negotiated.",
)  # fmt: skip
LATE = AddAgendaItem(THIRD, "Flood at the depot", at(date(2026, 9, 21)))


def called(*commands, scheduled=None):
    """The meeting as it stands after these commands, one after the other."""
    it = spec(meetings)
    for command in (scheduled or schedule(), *commands):
        it = it.given(*it.when(command).events)
    return it


def published(day: date = LAST_DAY, hour: int = 12, **kw):
    return PublishAgenda(at(day, hour), at(day, hour), **kw)


def test_an_agenda_published_on_the_last_day_leaves_five_clear_days():
    moment = at(LAST_DAY, 12)
    called(MINUTES).when(published()).then(AgendaPublished(MEETING, 1, (FIRST,), moment, moment, LAST_DAY, 5))


def test_after_the_cut_off_on_the_last_day_it_counts_as_the_next_and_is_too_late():
    office_hours = schedule(body=body(cutoff=time(17)))
    called(MINUTES, scheduled=office_hours).when(published(hour=16)).then(
        AgendaPublished(MEETING, 1, (FIRST,), at(LAST_DAY, 16), at(LAST_DAY, 16), LAST_DAY, 5)
    )
    called(MINUTES, scheduled=office_hours).when(published(hour=17)).refused("too-few-clear-days")
    outcome = called(MINUTES, scheduled=office_hours).when(published(hour=17, short_notice="The server failed."))
    assert (outcome.events[0].counted_on, outcome.events[0].clear_days) == (date(2026, 9, 16), 4)


def test_a_late_summons_of_the_council_is_not_excused():
    late = published(date(2026, 9, 16), short_notice="The server failed.")
    called(MINUTES, scheduled=schedule(body=body("council"))).when(late).refused("council-needs-clear-days")


def test_the_agenda_of_a_meeting_convened_at_short_notice_is_open_from_then():
    monday = schedule(at=at(date(2026, 9, 21)), short_notice="The inspector's deadline.")
    item = replace(MINUTES, at=at(date(2026, 9, 21)))
    outcome = called(item, scheduled=monday).when(published(date(2026, 9, 21)))
    assert outcome.events[0].clear_days == 1


def test_members_have_the_agenda_before_the_public():
    too_soon = PublishAgenda(at(LAST_DAY, 12), at(LAST_DAY, 11))
    called(MINUTES).when(too_soon).refused("members-first")


def test_an_item_added_late_is_not_taken_without_special_circumstances():
    called(MINUTES, published()).when(LATE).refused("late-item-without-urgency")


def test_a_late_item_with_its_special_circumstances_comes_as_a_numbered_supplement():
    urgent = replace(LATE, urgency="The depot floods at the next spring tide.")
    outcome = called(MINUTES, published(), urgent).when(published(date(2026, 9, 22)))
    assert (outcome.events[0].pack, outcome.events[0].items) == (2, (THIRD,))


def test_an_item_added_in_time_and_published_late_is_late():
    in_time = replace(LATE, at=at(date(2026, 9, 14)))
    called(MINUTES, published(date(2026, 9, 14)), in_time).when(published(date(2026, 9, 16))).refused(
        "late-item-without-urgency"
    )


def test_an_exempt_item_without_its_public_interest_reason_is_not_published():
    called(replace(PURCHASE, public_interest_reason=" ")).when(published()).refused("public-interest-reason-missing")
    assert called(PURCHASE).when(published()).refusal is None


def test_confidential_business_needs_no_public_interest_reason():
    told = AddAgendaItem(SECOND, "Confidential matter", at(date(2026, 9, 1)), part=2, confidential=True)
    assert called(told).when(published()).refusal is None


def test_an_item_in_part_two_names_its_paragraphs_and_one_in_part_one_has_none():
    called().when(replace(PURCHASE, paragraphs=())).refused("exempt-paragraph-needed")
    called().when(replace(PURCHASE, paragraphs=(8,))).refused("exempt-paragraph-needed")
    called().when(replace(PURCHASE, part=1)).refused("exempt-paragraph-needed")


def test_nothing_is_published_twice():
    called(MINUTES, published()).when(published()).refused("agenda-empty")
    called(MINUTES, WithdrawAgendaItem(FIRST, "Deferred")).when(published()).refused("agenda-empty")


def test_an_item_keeps_its_place_when_another_is_withdrawn():
    events = (
        called(MINUTES, PURCHASE, WithdrawAgendaItem(FIRST, "Deferred")).when(replace(LATE, at=at(LAST_DAY))).events
    )
    assert events[0].position == 3


def test_an_agenda_is_not_published_after_the_meeting():
    called(MINUTES).when(published(WEDNESDAY, 21)).refused("meeting-over")


def test_with_the_agenda_the_members_are_summoned_to_its_business_by_public_titles():
    it = called(MINUTES, PURCHASE, scheduled=schedule(members=(ADA, BEA), room=room(HALL), venue="Town Hall"))
    (agenda,) = it.when(published()).events
    assert agenda.summons.members == (ADA, BEA)
    assert (agenda.summons.committee_title, agenda.summons.sitting) == ("Planning Committee", EVENING)
    assert agenda.summons.business == ("Minutes", "Property matter")
    assert agenda.summons.venue == "Room, Town Hall"


def test_with_a_supplement_they_are_told_of_what_is_new():
    it = called(MINUTES, published(), replace(LATE, urgency="The water rises."), scheduled=schedule(members=(ADA,)))
    (supplement,) = it.when(published(date(2026, 9, 21))).events
    assert (supplement.pack, supplement.summons.business) == (2, (LATE.title,))


def test_who_was_summoned_is_told_when_the_meeting_moves_or_falls_through():
    out = called(MINUTES, published(), scheduled=schedule(members=(ADA, BEA)))
    later = Sitting(date(2026, 10, 7), time(18), time(19))
    moved = out.when(MoveMeeting(later, "Hall closed", at(LAST_DAY))).events[0]
    assert (moved.summons.sitting, moved.summons.members) == (later, (ADA, BEA))
    gone = out.when(CancelMeeting("No business", LAST_DAY)).events[0]
    assert (gone.summoned.sitting, gone.summoned.members) == (EVENING, (ADA, BEA))


def test_nobody_is_summoned_before_the_agenda_is_out():
    quiet = called(MINUTES, scheduled=schedule(members=(ADA, BEA)))
    assert quiet.when(CancelMeeting("No business", LAST_DAY)).events[0].summoned is None
    assert quiet.when(CallMember(CAL)).events[0].summons is None


def test_who_takes_a_seat_after_the_agenda_is_out_is_summoned_alone():
    (late,) = called(MINUTES, published(), scheduled=schedule(members=(ADA,))).when(CallMember(BEA)).events
    assert (late.summons.members, late.summons.business) == ((BEA,), (MINUTES.title,))
