from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.law.absent_voting import deadlines, postal_vote_ends
from shared.law.polls import Country, PollType
from shared.law.reckoning import LONDON
from shared.law.rules import Refused

POLL = date(2026, 5, 7)


def test_an_emergency_proxy_is_for_after_the_sixth_day_and_until_5pm_of_polling_day():
    absent = deadlines(PollType.LOCAL, POLL)
    assert not absent.is_emergency_proxy_time(datetime(2026, 4, 28, 17, 0, tzinfo=LONDON))
    assert absent.is_emergency_proxy_time(datetime(2026, 4, 28, 17, 0, 1, tzinfo=LONDON))
    assert absent.is_emergency_proxy_time(datetime(2026, 5, 7, 17, 0, tzinfo=LONDON))
    assert not absent.is_emergency_proxy_time(datetime(2026, 5, 7, 17, 0, 1, tzinfo=LONDON))


def test_postal_votes_close_three_working_days_earlier_in_northern_ireland():
    assert deadlines(PollType.LOCAL, POLL, Country.NORTHERN_IRELAND).postal.day == date(2026, 4, 16)


@given(st.dates(date(2023, 10, 31), date(2060, 12, 31)))
def test_a_postal_vote_lasts_more_than_two_years_and_at_most_three(determined):
    ends = postal_vote_ends(determined)
    assert (ends.month, ends.day) == (1, 31)
    assert determined.replace(day=1, year=determined.year + 2) <= ends.replace(day=1)
    assert (ends - determined).days <= 3 * 365 + 1


@pytest.mark.parametrize("poll", [PollType.PARISH_POLL, PollType.RECALL])
def test_at_a_parish_poll_and_a_recall_petition_there_are_no_such_absent_votes(poll):
    with pytest.raises(Refused) as refused:
        deadlines(poll, POLL)
    assert refused.value.rule.name == "no-absent-votes-at-this-poll"
