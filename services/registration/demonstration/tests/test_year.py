"""The calendar of an invented year, and what happens to its people."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from services.registration.demonstration.year import Year, dies, moves_away
from services.registration.electors.commands import RemoveElector
from shared.eventcore.policy import Do
from shared.events.values import ElectorId
from shared.law.effect import NO_PROGRAMME

YEAR = Year(date(2025, 12, 1), date(2026, 5, 7))
ELECTOR = ElectorId(UUID(int=7))


def test_fifty_ordinary_days_come_in_on_the_registration_deadline():
    by_day = dict(YEAR.arrivals(100_000))
    ordinary = by_day[date(2026, 2, 10)]
    assert by_day[date(2026, 4, 20)] == pytest.approx(50 * ordinary, rel=0.02)
    assert max(by_day, key=by_day.__getitem__) == date(2026, 4, 20)


def test_every_application_has_its_day_and_christmas_is_quiet():
    by_day = dict(YEAR.arrivals(24_000))
    assert sum(by_day.values()) == 24_000
    assert by_day[date(2025, 12, 25)] < by_day[date(2026, 2, 10)] / 2


def test_the_year_goes_from_one_revised_register_to_the_next():
    days = list(YEAR.working_days())
    assert (days[0], days[-1]) == (date(2025, 12, 1), date(2026, 12, 1))


def test_a_monthly_notice_is_due_from_january_to_september():
    assert len(YEAR.monthly) == 9
    assert date(2026, 1, 2) in YEAR.monthly


@pytest.mark.parametrize("story", [dies, moves_away])
def test_who_dies_or_moves_away_is_removed_on_that_day(story):
    (step,) = story(ELECTOR, date(2026, 3, 2), NO_PROGRAMME)
    assert isinstance(step, Do)
    assert isinstance(step.command, RemoveElector)
    assert step.command.determined_on == date(2026, 3, 2)
