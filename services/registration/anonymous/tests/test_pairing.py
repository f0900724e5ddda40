"""Attacks: whoever watches what the register gains and loses cannot pair a number that is listed with an entry that goes."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from services.registration.anonymous.events import AnonymityGranted
from services.registration.anonymous.following import SPREAD, leaves_at
from services.registration.anonymous.store import ClosedStore
from services.registration.anonymous.tests.office import applied
from services.registration.tests.conftest import Desk, desk
from services.registration.views.tests.office import MONDAY
from shared.eventcore.clock import LONDON
from shared.eventcore.keys import BlindIndex
from shared.eventcore.testing.core import AUTHORITY
from shared.events.values import PersonId

__all__ = ["desk"]
CASES = [UUID(int=number) for number in range(400)]


def granted(effective_on: date) -> AnonymityGranted:
    return AnonymityGranted(PersonId(UUID(int=1)), "two", date(2026, 3, 2), effective_on, "monthly", date(2027, 3, 31))


def lots() -> list[float]:
    closed = ClosedStore(None, None, None, None, BlindIndex(secrets.token_bytes(32)), None)  # type: ignore[arg-type]
    return [closed.drawn(case, AUTHORITY) for case in CASES]


def test_the_order_in_which_entries_go_tells_nothing_of_the_order_in_which_numbers_came():
    grant = granted(date(2026, 4, 1))
    goes = [leaves_at(grant, lot) for lot in lots()]
    order = sorted(range(len(CASES)), key=goes.__getitem__)
    guessed = sum(came == went for came, went in enumerate(order))
    assert guessed < 12, "a guess by rank is right about once, whatever the number of cases"
    nearest = sum(abs(came - went) <= 1 for came, went in enumerate(order))
    assert nearest < 20


def test_entries_go_all_over_the_week_after_the_grant_and_none_on_its_day():
    grant = granted(date(2026, 4, 1))
    midnight = datetime(2026, 3, 3, tzinfo=LONDON)
    days = {(leaves_at(grant, lot) - midnight).days for lot in lots()}
    assert days == set(range(SPREAD.days))


def test_an_entry_goes_before_the_day_of_the_notice_that_the_number_stands_in():
    for days in range(1, 12):
        grant = granted(date(2026, 3, 2) + timedelta(days=days))
        assert all(
            leaves_at(grant, lot) < datetime.combine(grant.effective_on, datetime.min.time(), LONDON)
            for lot in (0, 0.5, 0.999999)
        )
    assert leaves_at(granted(date(2026, 3, 3)), 0.9) <= datetime(2026, 3, 2, tzinfo=LONDON), "at once"


async def test_no_look_that_lists_a_number_removes_an_entry_and_the_entry_still_goes_with_the_same_notice(desk: Desk):
    home = await desk.office.property(7)
    entry, _ = await desk.office.add(home)
    await desk.follow()
    her = await applied(desk, home, MONDAY)
    await her.granted(earlier_entry=str(entry), differs_because="Deed poll seen")
    assert await recorded(desk, "elector-removed") == []
    (listed,) = await recorded(desk, "anonymous-entry-listed")
    desk.office.on(MONDAY + timedelta(days=9))
    await desk.follow()
    (removed,) = await recorded(desk, "elector-removed")
    assert removed["occurred_at"] == listed["occurred_at"], "one notice carries both"
    assert removed["recorded_at"] > listed["recorded_at"] + timedelta(hours=12)
    assert removed["correlation"] != listed["correlation"]


async def recorded(desk: Desk, kind: str) -> list[dict[str, object]]:
    rows = await desk.office.core.pool.fetch(
        "SELECT occurred_at, recorded_at, metadata->>'correlation_id' AS correlation FROM event WHERE type = $1",
        f"moothall.registration.{kind}.v1",
    )
    return [dict(row) for row in rows]
