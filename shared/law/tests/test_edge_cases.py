"""The edge cases of the registration reference, section 11, under their numbers."""

from datetime import date, datetime, time
from typing import Any

import pytest

from shared.law import evidence, fees, identifiers, markers
from shared.law import registration as law
from shared.law.absent_voting import (
    deadlines,
    overseas_registration_ends,
    postal_vote_ends,
    postal_vote_period,
)
from shared.law.franchise import Facts, eligible, entitlement, marker
from shared.law.polls import Country, PollType, Register
from shared.law.reckoning import LONDON
from shared.law.rules import Refused
from shared.law.timetable import Step, timetable
from shared.law.working_days import Nation, calendar

MAY_2026 = law.election_notices(PollType.LOCAL, date(2026, 5, 7))
ON = date(2026, 2, 2)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), LONDON)


def born(year: int, month: int, day: int, *nationalities: str) -> Facts:
    return Facts(nationalities=frozenset(nationalities or {"GB"}), date_of_birth=date(year, month, day))


def adult(*nationalities: str, resident_since: date | None = None) -> Facts:
    return Facts(nationalities=frozenset(nationalities), date_of_birth=date(1980, 1, 1), resident_since=resident_since)


def test_edge_case_1_born_30_november_2009_is_an_attainer_on_22_november_2026():
    attainer = entitlement(born(2009, 11, 30), date(2026, 11, 22))
    assert attainer.is_attainer
    assert attainer.votes_from[Register.LOCAL] == date(2027, 11, 30)


def test_edge_case_1_born_a_day_later_is_refused():
    with pytest.raises(Refused, match="too-young-to-register"):
        entitlement(born(2009, 12, 1), date(2026, 11, 22))


def test_edge_case_2_born_30_november_2010_may_apply_from_1_december_2026():
    with pytest.raises(Refused, match="too-young-to-register"):
        entitlement(born(2010, 11, 30), date(2026, 11, 30))
    assert entitlement(born(2010, 11, 30), date(2026, 12, 1)).is_attainer


def test_edge_case_3_a_birthday_on_polling_day_brings_a_ballot_and_one_a_day_later_none():
    assert eligible(born(2008, 5, 7), PollType.LOCAL, date(2026, 5, 7))
    assert not eligible(born(2008, 5, 8), PollType.LOCAL, date(2026, 5, 7))


def test_edge_case_4_a_cypriot_has_no_marker():
    assert marker(adult("CY"), ON).letters == ""
    assert eligible(adult("CY"), PollType.PARLIAMENTARY, date(2026, 5, 7))


def test_edge_case_4_a_french_citizen_resident_since_2015_is_marked_b():
    assert marker(adult("FR", resident_since=date(2015, 6, 1)), ON).letters == "B"


def test_edge_case_4_a_french_citizen_who_arrived_in_2022_is_refused():
    with pytest.raises(Refused, match="not-a-qualifying-citizen"):
        entitlement(adult("FR", resident_since=date(2022, 6, 1)), ON)


def test_edge_case_4_a_polish_citizen_with_leave_who_arrived_in_2023_is_marked_b():
    polish = adult("PL", resident_since=date(2023, 6, 1))
    assert marker(polish, ON).letters == "B"
    assert entitlement(polish, ON).registers == {Register.LOCAL}


def test_edge_case_4_a_french_and_irish_citizen_has_no_marker():
    assert marker(adult("FR", "IE"), ON).letters == ""


def test_edge_case_5_a_live_g_in_an_english_register_is_an_error_to_review():
    assert markers.doubt("G", Country.ENGLAND, ON) is markers.NOT_IN_USE_HERE
    assert markers.doubt("G", Country.WALES, ON) is None


def test_edge_case_6_an_application_complete_at_23_59_on_20_april_2026_is_in():
    assert MAY_2026.registration.met_by(at(date(2026, 4, 20), "23:59"))


def test_edge_case_6_at_midnight_it_is_too_late_so_a_nino_supplied_on_21_april_is_too():
    assert not MAY_2026.registration.met_by(at(date(2026, 4, 21), "00:00"))
    assert not MAY_2026.registration.met_by(at(date(2026, 4, 21), "10:00"))


def test_edge_case_7_listed_20_april_2026_earliest_decision_28_april():
    earliest = law.earliest_determination(date(2026, 4, 20))
    assert earliest == date(2026, 4, 28)
    assert MAY_2026.notice_for(earliest).publish == date(2026, 4, 29)


def test_edge_case_7_decided_29_april_is_not_for_this_poll():
    assert MAY_2026.notice_for(date(2026, 4, 29)) is None


def test_edge_case_8_decided_17_april_2026_takes_effect_on_1_may():
    assert law.notice_for(date(2026, 4, 17)).publish == date(2026, 5, 1)


def test_edge_case_8_decided_20_april_2026_takes_effect_on_1_june_or_with_the_final_notice_where_the_address_polls():
    assert law.notice_for(date(2026, 4, 20)).publish == date(2026, 6, 1)
    assert MAY_2026.notice_for(date(2026, 4, 20)).publish == date(2026, 4, 29)


def test_edge_case_9_another_ward_and_an_overseas_elector_are_not_in_the_notices_of_a_by_election():
    both, overseas = {Register.PARLIAMENTARY, Register.LOCAL}, {Register.PARLIAMENTARY}
    assert MAY_2026.concerns(both, in_polling_area=True)
    assert not MAY_2026.concerns(both, in_polling_area=False)
    assert not MAY_2026.concerns(overseas, in_polling_area=True)


def test_edge_case_10_a_holiday_proclaimed_late_moves_dates_and_names_them():
    before = timetable(PollType.LOCAL, date(2026, 5, 7))
    after = timetable(PollType.LOCAL, date(2026, 5, 7), proclaimed=((date(2026, 4, 24), "Day of thanksgiving"),))
    moved = before.differences(after)
    assert moved[Step.POSTAL_VOTE] == (date(2026, 4, 21), date(2026, 4, 20))
    assert Step.PROXY_VOTE not in moved


@pytest.mark.parametrize("holiday", [date(2023, 5, 8), date(2022, 9, 19)])
def test_edge_case_10_the_holidays_proclaimed_in_2022_and_2023_do_not_count(holiday):
    assert not calendar(Nation.ENGLAND_AND_WALES).is_working_day(holiday)


def test_edge_case_11_on_12_december_2019_registration_and_postal_votes_close_on_one_day_at_two_times():
    notices = law.election_notices(PollType.PARLIAMENTARY, date(2019, 12, 12))
    postal = deadlines(PollType.PARLIAMENTARY, date(2019, 12, 12)).postal
    assert notices.registration.day == postal.day == date(2019, 11, 26)
    assert (str(notices.registration), str(postal)) == (
        "midnight at the end of Tuesday 26 November 2019",
        "5:00pm on Tuesday 26 November 2019",
    )


def test_edge_case_12_a_poll_on_6_january_2028_does_not_count_christmas_eve():
    skipped = timetable(PollType.LOCAL, date(2028, 1, 6))[Step.PROXY_VOTE].reckoning.skipped
    assert (date(2027, 12, 24), "Christmas Eve") in skipped


def test_edge_case_13_a_poll_on_12_december_does_not_postpone_the_register():
    with pytest.raises(Refused, match="revised-register-too-late"):
        law.revised_register(2024, date(2025, 2, 1), polls=[date(2024, 12, 12)])


def test_edge_case_14_a_typing_error_is_mended_at_20_55_on_polling_day_and_not_at_21_05():
    assert MAY_2026.clerical_errors.met_by(at(date(2026, 5, 7), "20:55"))
    assert MAY_2026.clerical_errors.met_by(at(date(2026, 5, 7), "21:00"))
    assert not MAY_2026.clerical_errors.met_by(at(date(2026, 5, 7), "21:05"))


def test_edge_case_15_an_anonymous_application_on_the_sixth_day_before_is_in_the_final_notice():
    sixth, fifth = date(2026, 4, 28), date(2026, 4, 29)
    assert MAY_2026.anonymous_registration.met_by(at(sixth, "16:00"))
    assert MAY_2026.notice_for(law.earliest_determination(sixth, anonymous=True)) == MAY_2026.final
    assert not MAY_2026.anonymous_registration.met_by(at(fifth, "09:00"))


def test_edge_case_21_day_14_of_a_type_a_review_on_good_friday_moves_to_the_tuesday_after_easter():
    review = law.review_type_a_ends(date(2026, 3, 20))
    assert review.date == date(2026, 4, 7)
    assert review.skipped[0] == (date(2026, 4, 3), "Good Friday")


def attestor(*attested_on: date, **facts: Any) -> evidence.Attestor:
    usual: dict[str, Any] = {
        "registered_in_england_or_wales": True,
        "added_on": date(2015, 12, 1),
        "relationship": evidence.Relationship.NONE,
    }
    return evidence.Attestor(attested_on=attested_on, **(usual | facts))


def test_edge_case_23_a_third_attestation_since_the_revised_register_is_refused():
    twice = attestor(date(2026, 1, 5), date(2026, 3, 2))
    with pytest.raises(Refused, match="attestor-has-attested-enough"):
        evidence.check_attestation(twice, date(2026, 4, 1), date(2025, 12, 1))


def test_edge_case_23_the_next_revised_register_resets_the_count():
    twice = attestor(date(2026, 1, 5), date(2026, 3, 2))
    evidence.check_attestation(twice, date(2026, 12, 2), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"relationship": evidence.Relationship.SIBLING}, "attestor-is-family"),
        ({"registered_in_england_or_wales": False}, "attestor-not-registered"),
    ],
)
def test_edge_case_23_a_sibling_and_an_elector_registered_only_in_scotland_are_refused(facts, rule):
    with pytest.raises(Refused, match=rule):
        evidence.check_attestation(attestor(**facts), date(2026, 4, 1), date(2025, 12, 1))


@pytest.mark.parametrize(
    ("determined", "ends"),
    [
        (date(2024, 1, 30), date(2026, 1, 31)),
        (date(2024, 1, 31), date(2027, 1, 31)),
        (date(2024, 2, 1), date(2027, 1, 31)),
        (date(2024, 4, 1), date(2027, 1, 31)),
        (date(2023, 10, 30), date(2026, 1, 31)),
        (date(2019, 5, 1), date(2026, 1, 31)),
    ],
)
def test_edge_case_28_a_postal_vote_ends_on_the_third_31_january(determined, ends):
    assert postal_vote_ends(determined) == ends


def test_edge_case_28_a_postal_vote_asked_for_until_2035_is_cut_and_says_so():
    period = postal_vote_period(date(2024, 1, 31), asked_until=date(2035, 1, 1))
    assert (period.until, period.cut) == (date(2027, 1, 31), True)
    assert "the third 31 January after the determination on 31 January 2024" in str(period.because)


def test_edge_case_28_a_shorter_period_is_granted_as_asked():
    period = postal_vote_period(date(2024, 1, 31), asked_until=date(2024, 5, 2))
    assert (period.until, period.cut) == (date(2024, 5, 2), False)


def test_edge_case_29_a_postal_application_at_17_01_is_not_for_this_poll_and_a_proxy_still_is():
    closing = deadlines(PollType.LOCAL, date(2026, 5, 7))
    assert closing.postal.met_by(at(date(2026, 4, 21), "17:00"))
    assert not closing.postal.met_by(at(date(2026, 4, 21), "17:01"))
    assert closing.proxy.met_by(at(date(2026, 4, 21), "17:01"))


def test_edge_case_32_an_overseas_declaration_of_three_months_and_a_day_is_too_old():
    assert not law.declaration_too_old(date(2026, 1, 15), date(2026, 4, 15))
    assert law.declaration_too_old(date(2026, 1, 15), date(2026, 4, 16))


def test_edge_case_32_an_overseas_registration_of_1_november_2024_ends_on_1_november_2027():
    assert overseas_registration_ends(date(2024, 11, 1)) == date(2027, 11, 1)
    assert overseas_registration_ends(date(2024, 3, 1)) == date(2026, 11, 1)


def test_edge_case_33_the_postal_vote_of_a_renewed_overseas_elector_may_exceed_three_years():
    registration_ends = overseas_registration_ends(date(2027, 11, 1))
    assert postal_vote_period(date(2027, 7, 1), registration_ends=registration_ends).until == date(2030, 11, 1)


def test_edge_case_36_fees_for_45_001_entries_for_an_overseas_list_and_for_two_registers():
    register, overseas = fees.Copy.REGISTER, fees.Copy.OVERSEAS_LIST
    assert fees.supply_fee(register, fees.Form.DATA, [45_001], ON) == 8900
    assert fees.supply_fee(register, fees.Form.PRINT, [45_001], ON) == 24000
    assert fees.supply_fee(overseas, fees.Form.DATA, [250], ON) == 2450
    assert fees.supply_fee(register, fees.Form.DATA, [1000, 1000], ON) == 2 * (2000 + 150)


def test_edge_case_39_a_uprn_with_a_leading_zero_is_the_same_uprn():
    assert identifiers.uprn("010001234567") == identifiers.uprn("10001234567")


def test_edge_case_40_scotland_publishes_its_notice_of_january_2019_a_day_after_england():
    england = law.monthly_notice(2019, 1)
    scotland = law.monthly_notice(2019, 1, working=calendar(Nation.SCOTLAND))
    assert (england.publish, scotland.publish) == (date(2019, 1, 2), date(2019, 1, 3))


def test_marked_copies_of_2001_entries_cost_13_pounds_as_data_and_16_in_print():
    assert fees.supply_fee(fees.Copy.MARKED, fees.Form.DATA, [2001], ON) == 1300
    assert fees.supply_fee(fees.Copy.MARKED, fees.Form.PRINT, [2001], ON) == 1600
