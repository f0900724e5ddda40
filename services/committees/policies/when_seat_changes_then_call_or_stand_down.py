"""Who takes a seat is called to the body's meetings to come, and who leaves it is not any more. [LGA 1972 Sch 12 para 4]"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from services.committees.meetings.commands import CallMember, StandMemberDown
from services.committees.meetings.decider import meetings
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events.committees import CommitteeSeatLeft, CommitteeSeatTaken

SeatChange = Recorded[CommitteeSeatTaken] | Recorded[CommitteeSeatLeft]


async def meetings_to_come(lookup: Lookup, event: SeatChange) -> Sequence[UUID]:
    """Meetings of the body that sit while the seat is taken, or after it was left. One that is called from now on asks
    the body itself."""
    seat = event.data
    first = (
        seat.from_on if isinstance(seat, CommitteeSeatTaken) else seat.left_on.fromordinal(seat.left_on.toordinal() + 1)
    )
    rows = await lookup.conn.fetch(
        "SELECT meeting_id FROM calendar.meeting WHERE authority = $1 AND committee_id = $2 AND day >= $3"
        " AND status = 'confirmed' ORDER BY day, meeting_id",
        event.authority, seat.committee_id, first,
    )  # fmt: skip
    return [row["meeting_id"] for row in rows]


@policy("when_seat_changes_then_call_or_stand_down", on=[CommitteeSeatTaken, CommitteeSeatLeft], given=meetings_to_come)
def call_or_stand_down(to_come: Sequence[UUID], event: SeatChange) -> Iterable[Any]:
    seat = event.data
    if seat.role == "substitute":
        return
    command = CallMember(seat.member_id) if isinstance(seat, CommitteeSeatTaken) else StandMemberDown(seat.member_id)
    for meeting in to_come:
        yield Do(meetings, meeting, command)
