"""A role in a body of the council may bring a special responsibility allowance, if the scheme has a rate for it. News from
committees. [SI 2003/1021 reg.5]"""

from __future__ import annotations

from collections.abc import Iterable

from services.finance.entitlements.decider import EndEntitlement, StartEntitlement, entitlements
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.committees import CommitteeSeatLeft, CommitteeSeatTaken
from shared.events.values_finance import entitlements_id

OF_THE_COUNCIL = frozenset({"leader", "deputy-leader", "cabinet-member"})
"""Roles there is one of, or one kind of, in a council: their office needs no body to name it."""


def office_of(seat: CommitteeSeatTaken | CommitteeSeatLeft) -> str:
    """The office that a seat is: `leader`, or `chair:<id of the body>`."""
    return seat.role if seat.role in OF_THE_COUNCIL else f"{seat.role}:{seat.committee_id}"


@policy("when_seat_is_taken_or_left_then_entitlement_follows", on=[CommitteeSeatTaken, CommitteeSeatLeft])
def follow_seat(event: Recorded[CommitteeSeatTaken] | Recorded[CommitteeSeatLeft]) -> Iterable[Do]:
    seat = event.data
    stream, office = entitlements_id(seat.member_id), office_of(seat)
    match seat:
        case CommitteeSeatTaken():
            yield Do(entitlements, stream, StartEntitlement(seat.member_id, office, seat.from_on), "seat taken")
        case CommitteeSeatLeft():
            yield Do(entitlements, stream, EndEntitlement(seat.member_id, office, seat.left_on), "seat left", False)
