"""Bodies and groups: seats, roles, and that a group ends below two."""

from dataclasses import replace
from datetime import date

import pytest

from services.committees.bodies.decider import (
    CreateCommittee,
    DissolveCommittee,
    LeaveSeat,
    RenameCommittee,
    TakeSeat,
    committees,
    quorum_of,
)
from services.committees.groups.decider import ChooseLeader, FormGroup, JoinGroup, LeaveGroup, groups
from services.committees.groups.decider import boundary as places
from services.committees.tests.sentences import ADA, BEA, CAL, INDEPENDENTS, PLANNING
from shared.eventcore.testing.specs import spec
from shared.events.committees import (
    CommitteeDissolved,
    CommitteeRenamed,
    CommitteeSeatLeft,
    CommitteeSeatTaken,
    GroupEnded,
    GroupFormed,
    GroupLeaderChosen,
    MemberLeftGroup,
)
from shared.events.values_committees import NoticeRule

MAY = date(2026, 5, 19)
CREATE = CreateCommittee(PLANNING, "Planning Committee", "ordinary", 2, date(2026, 4, 1))
body = spec(committees).given(*spec(committees).when(CREATE).events)
FORMED = GroupFormed(INDEPENDENTS, "Independents", ADA, (ADA, BEA), MAY)
group = spec(groups)


def seat(member, role="member", on=MAY):
    return CommitteeSeatTaken(PLANNING, member, role, on)


@pytest.mark.parametrize(("seats", "quorum"), [(51, 13), (52, 13), (13, 4), (9, 3), (2, 2), (1, 1)])
def test_a_quorum_is_a_quarter_of_all_seats_rounded_up_and_three_at_least(seats, quorum):
    assert quorum_of(seats) == quorum


def test_a_body_can_reach_its_quorum():
    spec(committees).when(replace(CREATE, quorum=3)).refused("size-and-quorum")
    spec(committees).when(replace(CREATE, seats=0)).refused("size-and-quorum")


def test_no_body_gives_less_notice_than_the_law():
    spec(committees).when(replace(CREATE, notice=NoticeRule(2))).refused("notice-below-the-law")
    assert spec(committees).when(replace(CREATE, notice=NoticeRule(3, "s243"))).refusal is None


def test_a_member_takes_a_seat_until_all_are_taken():
    body.when(TakeSeat(ADA, "chair", MAY)).then(seat(ADA, "chair"))
    full = body.given(seat(ADA, "chair"), seat(BEA))
    full.when(TakeSeat(CAL, "member", MAY)).refused("no-seat-free")
    full.when(TakeSeat(CAL, "substitute", MAY)).then(seat(CAL, "substitute"))
    full.when(TakeSeat(BEA, "member", MAY)).nothing_happens()


def test_a_body_has_one_chair():
    body.given(seat(ADA, "chair")).when(TakeSeat(BEA, "chair", MAY)).refused("role-taken")


def test_a_new_role_begins_on_its_day_and_the_old_one_ends_the_day_before():
    cabinet = spec(committees).given(*spec(committees).when(replace(CREATE, kind="executive")).events)
    cabinet.given(seat(ADA, "cabinet-member", date(2026, 4, 1))).when(TakeSeat(ADA, "leader", MAY)).then(
        CommitteeSeatLeft(PLANNING, ADA, "cabinet-member", date(2026, 5, 18), "Now leader."), seat(ADA, "leader")
    )
    cabinet.when(TakeSeat(ADA, "substitute", MAY)).refused("no-substitutes-on-executive")
    body.when(TakeSeat(ADA, "leader", MAY)).refused("executive-role")


def test_a_seat_is_left_on_its_last_day():
    left = LeaveSeat(ADA, date(2026, 9, 10), "Resigned")
    body.given(seat(ADA)).when(left).then(CommitteeSeatLeft(PLANNING, ADA, "member", date(2026, 9, 10), "Resigned"))
    body.when(left).refused("not-seated")
    body.given(seat(ADA)).when(replace(left, left_on=date(2026, 5, 1))).refused("ends-before-it-began")


def test_a_body_dissolved_empties_its_seats_and_does_nothing_more():
    events = body.given(seat(ADA)).when(DissolveCommittee(MAY)).events
    assert [type(event) for event in events] == [CommitteeSeatLeft, CommitteeDissolved]
    body.given(*events).when(RenameCommittee("Development Committee")).refused("no-such-committee")
    body.when(RenameCommittee("Development Committee")).then(CommitteeRenamed(PLANNING, "Development Committee"))


def test_a_group_is_two_members_or_more_with_a_leader_of_its_own():
    group.when(FormGroup(INDEPENDENTS, "Independents", ADA, (ADA, BEA), MAY)).then(FORMED)
    group.when(FormGroup(INDEPENDENTS, "Independents", ADA, (ADA, ADA), MAY)).refused("group-needs-two")
    group.when(FormGroup(INDEPENDENTS, "Independents", CAL, (ADA, BEA), MAY)).refused("not-in-group")


def test_a_group_of_two_that_loses_one_ends_and_frees_both():
    events = group.given(FORMED).when(LeaveGroup(BEA, date(2026, 9, 1))).events
    assert events == (
        MemberLeftGroup(INDEPENDENTS, BEA, date(2026, 9, 1)), GroupEnded(INDEPENDENTS, date(2026, 9, 1), (ADA,)),
    )  # fmt: skip
    freed = {change.tag for event in events for change in places(event)}
    assert freed == {change.tag for change in places(FORMED)}
    group.given(FORMED, *events).when(JoinGroup(CAL, date(2026, 9, 2))).refused("no-such-group")


def test_a_group_chooses_its_leader_from_its_members():
    group.given(FORMED).when(ChooseLeader(BEA, MAY)).then(GroupLeaderChosen(INDEPENDENTS, BEA, ADA, MAY))
    group.given(FORMED).when(ChooseLeader(CAL, MAY)).refused("not-in-group")
