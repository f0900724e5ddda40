"""When absent voters are asked to renew, and how long what they renew lasts."""

from datetime import date

import pytest

from shared.law.absent_voting import overseas_registration_ends, postal_vote_period
from shared.law.proxies import appointment_ends, signature_is_old
from shared.law.renewals import calendar, latest_old_signature
from shared.law.rules import Refused


def test_a_postal_voter_is_told_six_weeks_ahead_and_reminded_at_three():
    days = calendar("reapplication", date(2029, 1, 31))
    assert (days.notice_on, days.remind_on, days.answer_by) == (
        date(2028, 12, 20),
        date(2029, 1, 10),
        date(2029, 1, 31),
    )


def test_overseas_electors_renew_by_1_november():
    assert calendar("reapplication", date(2027, 11, 1)).notice_on == date(2027, 9, 20)


def test_a_fresh_signature_has_six_weeks_and_a_copy_of_the_notice_at_three():
    days = calendar("signature", date(2027, 1, 31))
    assert (days.notice_on, days.remind_on, days.answer_by) == (date(2027, 1, 31), date(2027, 2, 21), date(2027, 3, 14))


@pytest.mark.parametrize(("need", "day"), [("reapplication", date(2027, 2, 1)), ("signature", date(2027, 11, 1))])
def test_on_other_days_nothing_ends(need, day):
    with pytest.raises(Refused) as refused:
        calendar(need, day)
    assert refused.value.rule.name == "no-renewal-day"


def test_a_signature_is_old_when_more_than_five_years_have_passed():
    ends = date(2027, 1, 31)
    assert latest_old_signature(ends) == date(2022, 1, 30)
    assert signature_is_old(date(2022, 1, 30), ends)
    assert not signature_is_old(date(2022, 1, 31), ends)


def test_a_proxy_from_before_the_identity_checks_ended_on_31_january_2024():
    assert appointment_ends(date(2023, 10, 30), None) == date(2024, 1, 31)
    assert appointment_ends(date(2023, 10, 31), None) is None


def test_edge_case_33_who_renews_early_from_overseas_votes_by_post_to_the_new_expiry_for_more_than_three_years():
    old, new = overseas_registration_ends(date(2024, 3, 1)), overseas_registration_ends(date(2026, 11, 1))
    assert (old, new) == (date(2026, 11, 1), date(2029, 11, 1))
    granted = postal_vote_period(date(2026, 7, 15), registration_ends=new)
    assert (granted.until, granted.cut) == (date(2029, 11, 1), False)
    assert granted.until > date(2026, 7, 15).replace(year=2029)
