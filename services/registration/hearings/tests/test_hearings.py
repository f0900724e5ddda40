"""Hearings: a room, an officer and a time that nobody else has."""

from dataclasses import replace
from datetime import date, time
from uuid import UUID

import pytest

from services.registration.hearings.decider import ArrangeHearing, CancelHearing, boundary, hearings
from shared.eventcore.deciding import Claim, Release
from shared.eventcore.testing.specs import spec
from shared.events.registration import HearingArranged, HearingCancelled
from shared.events.values import HearingId

ARRANGE = ArrangeHearing(
    HearingId(UUID(int=1)),
    "review",
    UUID(int=2),
    date(2026, 6, 1),
    date(2026, 6, 8),
    time(10, 15),
    45,
    "Gavel Room",
    "ann",
)
ARRANGED = HearingArranged(
    HearingId(UUID(int=1)),
    "review",
    UUID(int=2),
    date(2026, 6, 1),
    date(2026, 6, 8),
    time(10, 15),
    45,
    "Gavel Room",
    "ann",
)
CANCELLED = HearingCancelled(
    HearingId(UUID(int=1)), date(2026, 6, 4), "settled", date(2026, 6, 8), time(10, 15), 45, "Gavel Room", "ann"
)


def test_a_hearing_is_arranged_once_and_may_be_cancelled():
    spec(hearings).when(ARRANGE).then(ARRANGED)
    arranged = spec(hearings).given(ARRANGED)
    arranged.when(ARRANGE).nothing_happens()
    arranged.when(CancelHearing(date(2026, 6, 4), "settled")).then(CANCELLED)
    spec(hearings).when(CancelHearing(date(2026, 6, 4), "settled")).refused("no-such-hearing")


@pytest.mark.parametrize(("starts", "minutes"), [(time(10, 10), 45), (time(10, 15), 40), (time(10, 15), 0)])
def test_hearings_keep_to_quarters_of_an_hour(starts, minutes):
    spec(hearings).when(replace(ARRANGE, starts=starts, minutes=minutes)).refused("hearing-not-on-the-quarter")


def test_room_and_officer_are_held_for_every_quarter_and_given_back():
    held = {claim.tag for claim in boundary(ARRANGED) if isinstance(claim, Claim)}
    assert len(held) == 6
    assert "hearing-room:gavel room:2026-06-08T10:45" in held
    assert {release.tag for release in boundary(CANCELLED) if isinstance(release, Release)} == held
    after = {claim.tag for claim in boundary(replace(ARRANGED, starts=time(11, 0)))}
    assert not held & after
    assert held & {claim.tag for claim in boundary(replace(ARRANGED, starts=time(10, 45), officer="bob"))}
