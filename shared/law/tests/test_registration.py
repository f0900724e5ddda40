"""The worked vectors of the registration reference, section 3, and what must hold for every date."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.law import registration as law
from shared.law.absent_voting import deadlines
from shared.law.polls import Country, PollType
from shared.law.reckoning import LONDON
from shared.law.rules import Refused
from shared.law.timetable import Step, timetable
from shared.law.working_days import Nation, calendar

ENGLAND = calendar(Nation.ENGLAND_AND_WALES)
days = st.dates(date(2013, 1, 1), date(2027, 10, 31))


@pytest.mark.parametrize(
    ("publish", "determine_by", "apply_by"),
    [
        (date(2019, 1, 2), date(2018, 12, 19), date(2018, 12, 11)),
        (date(2019, 2, 1), date(2019, 1, 18), date(2019, 1, 10)),
        (date(2019, 4, 1), date(2019, 3, 18), date(2019, 3, 8)),
        (date(2019, 5, 1), date(2019, 4, 17), date(2019, 4, 9)),
        (date(2019, 9, 2), date(2019, 8, 19), date(2019, 8, 9)),
        (date(2026, 2, 2), date(2026, 1, 19), date(2026, 1, 9)),
        (date(2027, 1, 4), date(2026, 12, 21), date(2026, 12, 11)),
        (date(2027, 5, 4), date(2027, 4, 20), date(2027, 4, 12)),
    ],
)
def test_3_1_monthly_notices(publish, determine_by, apply_by):
    notice = law.monthly_notice(publish.year, publish.month)
    assert (notice.publish, notice.determine_by, notice.apply_by) == (publish, determine_by, apply_by)


def test_3_1_a_determination_day_that_is_a_holiday_is_finished_the_working_day_before():
    notice = law.monthly_notice(2022, 10)
    assert (notice.publish, notice.determine_by, notice.decide_by) == (
        date(2022, 10, 3),
        date(2022, 9, 19),
        date(2022, 9, 16),
    )


@pytest.mark.parametrize(
    ("poll_type", "poll", "nominations", "register", "postal", "proxy", "final"),
    [
        (PollType.LOCAL, (2019, 5, 2), (4, 3), (4, 12), (4, 15), (4, 24), (4, 25)),
        (PollType.PARLIAMENTARY, (2024, 7, 4), (6, 7), (6, 18), (6, 19), (6, 26), (6, 27)),
        (PollType.LOCAL, (2025, 5, 1), (4, 2), (4, 11), (4, 14), (4, 23), (4, 24)),
        (PollType.LOCAL, (2026, 5, 7), (4, 9), (4, 20), (4, 21), (4, 28), (4, 29)),
        (PollType.LOCAL, (2027, 5, 6), (4, 8), (4, 19), (4, 20), (4, 27), (4, 28)),
        (PollType.LOCAL, (2028, 1, 6), (12, 6), (12, 15), (12, 16), (12, 23), (12, 29)),
    ],
)
def test_3_2_election_notices(poll_type, poll, nominations, register, postal, proxy, final):
    day = date(*poll)
    notices, absent = law.election_notices(poll_type, day), deadlines(poll_type, day)
    found = [notices.first_interim.publish, notices.registration.day, absent.postal.day, absent.proxy.day]
    found += [timetable(poll_type, day)[Step.VOTER_AUTHORITY_CERTIFICATE].day, notices.final.publish]
    assert [(d.month, d.day) for d in found] == [nominations, register, postal, proxy, proxy, final]


def test_3_2_the_first_interim_notice_of_7_may_2026_takes_determinations_to_8_april_and_applications_to_27_march():
    notice = law.election_notices(PollType.LOCAL, date(2026, 5, 7)).first_interim
    assert (notice.determine_by, notice.apply_by) == (date(2026, 4, 8), date(2026, 3, 27))


def test_3_2_the_final_notice_takes_those_who_applied_by_the_registration_deadline():
    notices = law.election_notices(PollType.LOCAL, date(2026, 5, 7))
    assert (notices.final.determine_by, notices.final.apply_by) == (date(2026, 4, 28), date(2026, 4, 20))
    assert notices.registration.at == datetime(2026, 4, 21, tzinfo=LONDON)


def test_3_2_a_second_interim_notice_lies_strictly_between():
    notices = law.election_notices(PollType.LOCAL, date(2026, 5, 7))
    assert notices.second_interim(date(2026, 4, 17)).determine_by == date(2026, 4, 16)
    for day in (date(2026, 4, 9), date(2026, 4, 18), date(2026, 4, 29)):
        with pytest.raises(Refused, match="second-interim-notice-outside-its-window"):
            notices.second_interim(day)


def test_3_2_a_referendum_has_a_final_notice_and_no_first_interim_one():
    notices = law.election_notices(PollType.NEIGHBOURHOOD_REFERENDUM, date(2026, 5, 7))
    assert notices.first_interim is None
    assert notices.notice_for(date(2026, 4, 8)) == notices.final
    with pytest.raises(Refused):
        notices.second_interim(date(2026, 4, 17))


@pytest.mark.parametrize(
    ("publish", "determine_by", "decide_by", "apply_by"),
    [
        (None, date(2024, 11, 30), date(2024, 11, 29), date(2024, 11, 22)),
        (date(2024, 11, 15), date(2024, 10, 31), date(2024, 10, 31), date(2024, 10, 23)),
    ],
)
def test_3_3_revised_register(publish, determine_by, decide_by, apply_by):
    register = law.revised_register(2024, publish)
    assert (register.determine_by, register.decide_by, register.apply_by) == (determine_by, decide_by, apply_by)


def test_3_3_an_election_in_the_window_postpones_to_1_february_and_no_further():
    polls = [date(2026, 10, 1)]
    assert law.revised_register(2026, date(2027, 2, 1), polls=polls).canvass_year == 2026
    with pytest.raises(Refused) as refusal:
        law.revised_register(2026, date(2027, 2, 2), polls=polls)
    assert refusal.value.detail == "The canvass of 2026 allows publication up to 1 February 2027."


def test_3_3_an_early_december_poll_uses_the_revised_register_and_its_later_application_day():
    poll, revised = date(2026, 12, 3), law.revised_register(2026)
    assert law.election_notices(PollType.LOCAL, poll).registration.day == date(2026, 11, 17)
    assert law.election_notices(PollType.LOCAL, poll, revised=revised).registration.day == date(2026, 11, 20)


def test_october_and_november_notices_are_optional_and_december_is_the_revised_register():
    determined = date(2026, 9, 30)
    assert law.notice_for(determined) == law.revised_register(2026)
    assert law.notice_for(determined, optional_months={11}) == law.monthly_notice(2026, 11)
    assert law.notice_for(date(2026, 9, 17), optional_months={10, 11}) == law.monthly_notice(2026, 10)


def test_what_is_determined_after_the_revised_register_closed_waits_for_january():
    assert law.notice_for(date(2026, 12, 1)).publish == date(2027, 1, 4)


def test_a_register_revised_early_leaves_december_an_ordinary_month():
    revised = law.revised_register(2026, date(2026, 11, 10))
    assert law.notice_for(date(2026, 10, 20), revised=revised) == revised
    assert law.notice_for(date(2026, 11, 5), revised=revised) == law.monthly_notice(2026, 12)


def test_a_postponed_register_makes_december_and_january_optional():
    revised = law.revised_register(2026, date(2027, 2, 1), polls=[date(2026, 10, 1)])
    assert law.notice_for(date(2026, 12, 5), revised=revised) == revised
    assert law.notice_for(date(2026, 12, 5), revised=revised, optional_months={1}) == law.monthly_notice(2027, 1)


def test_the_last_notice_that_the_holiday_data_reaches_is_still_found():
    assert law.notice_for(date(2028, 10, 20)) == law.revised_register(2028)


def test_objections_are_open_for_five_working_days_after_the_entry_in_the_list():
    window = law.objection_window(date(2026, 4, 1))
    assert (window.opens, window.closes) == (date(2026, 4, 2), date(2026, 4, 10))
    assert window.earliest_determination == date(2026, 4, 13)
    assert "3 April (Good Friday); 6 April (Easter Monday)" in str(window.because)


def test_an_anonymous_application_is_never_listed_and_may_be_decided_at_once():
    assert law.earliest_determination(date(2026, 4, 28), anonymous=True) == date(2026, 4, 28)


def test_a_hearing_takes_place_on_the_third_to_seventh_working_day_after_its_notice():
    window = law.hearing_window(date(2026, 4, 1))
    assert (window.first, window.last) == (date(2026, 4, 8), date(2026, 4, 14))


def test_an_objector_has_three_working_days_to_ask_for_a_hearing():
    assert law.ask_for_hearing_by(date(2026, 4, 1)).date == date(2026, 4, 8)


def test_an_appeal_period_of_fourteen_days_that_ends_on_a_sunday_ends_on_monday():
    appeal = law.appeal_by(date(2026, 4, 12))
    assert appeal.date == date(2026, 4, 27) == law.roll_forward(date(2026, 4, 26))
    assert appeal.skipped == ((date(2026, 4, 26), "Sunday"),)


def test_a_type_b_review_lasts_twenty_eight_calendar_days():
    assert law.review_type_b_ends(date(2026, 4, 7)).date == date(2026, 5, 5)


def test_a_declaration_of_the_last_of_the_month_is_good_to_the_last_of_a_shorter_one():
    assert not law.declaration_too_old(date(2025, 11, 30), date(2026, 2, 28))
    assert law.declaration_too_old(date(2025, 11, 30), date(2026, 3, 1))


def test_a_scottish_calendar_moves_scottish_clocks():
    scottish = calendar(Country.SCOTLAND.nation)
    assert law.earliest_determination(date(2026, 4, 1)) == date(2026, 4, 13)
    assert law.earliest_determination(date(2026, 4, 1), working=scottish) == date(2026, 4, 10)


@given(days)
def test_every_determination_finds_a_publication_that_takes_it(determined):
    notice = law.notice_for(determined)
    assert determined <= notice.determine_by < notice.publish


@given(days, days)
def test_a_later_determination_never_takes_effect_earlier(a, b):
    first, last = sorted((a, b))
    assert (
        law.notice_for(first, optional_months={10, 11}).publish
        <= law.notice_for(last, optional_months={10, 11}).publish
    )


@given(days)
def test_whoever_applies_in_time_can_be_decided_in_time(day):
    notice = law.monthly_notice(day.year, day.month)
    if ENGLAND.is_working_day(notice.determine_by):
        assert law.earliest_determination(notice.apply_by) == notice.decide_by


@given(days)
def test_the_application_deadline_of_a_poll_leaves_time_for_objections_before_the_final_notice(poll):
    notices = law.election_notices(PollType.LOCAL, poll)
    assert law.earliest_determination(notices.registration.day) == notices.final.determine_by
