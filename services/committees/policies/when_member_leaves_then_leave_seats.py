"""Who leaves office leaves the seats and the group that came with it. [LGA 1972 s.102(5); SI 1990/1553 reg 9]"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.committees.bodies.decider import LeaveSeat, committees
from services.committees.groups.decider import LeaveGroup, groups
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events.committees import MemberLeftOffice

Places = tuple[list[UUID], list[UUID]]


async def places_of(lookup: Lookup, event: Recorded[MemberLeftOffice]) -> Places:
    """The bodies and groups that a member is on."""
    member = event.data.member_id
    seats = await lookup.conn.fetch(
        "SELECT DISTINCT committee_id FROM bodies.seat WHERE authority = $1 AND member_id = $2 AND left_on IS NULL",
        event.authority, member,
    )  # fmt: skip
    joined = await lookup.conn.fetch(
        "SELECT group_id FROM bodies.group_member WHERE authority = $1 AND member_id = $2", event.authority, member
    )
    return [row["committee_id"] for row in seats], [row["group_id"] for row in joined]


@policy("when_member_leaves_then_leave_seats", on=[MemberLeftOffice], given=places_of)
def leave_seats(places: Places, event: Recorded[MemberLeftOffice]) -> Iterable[Any]:
    left = event.data
    bodies, joined = places
    for body in bodies:
        yield Do(committees, body, LeaveSeat(left.member_id, left.left_on, f"Left office: {left.because}."))
    for group in joined:
        yield Do(groups, group, LeaveGroup(left.member_id, left.left_on))
