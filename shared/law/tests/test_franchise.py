from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.law import franchise
from shared.law.dates import anniversary
from shared.law.franchise import AgeBand, Facts, attainers_until, eligible, entitlement, marker, why_not
from shared.law.polls import Country, PollType, Register
from shared.law.rules import Refused

ON = date(2026, 2, 2)
POLL = date(2026, 5, 7)
BOTH = {Register.PARLIAMENTARY, Register.LOCAL}


def person(*nationalities: str, **facts: Any) -> Facts:
    usual: dict[str, Any] = {"date_of_birth": date(1980, 6, 1)}
    return Facts(nationalities=frozenset(nationalities), **(usual | facts))


def refusal(facts: Facts, on: date = ON, country: Country = Country.ENGLAND) -> str:
    with pytest.raises(Refused) as refused:
        entitlement(facts, on, country)
    return refused.value.rule.name


@pytest.mark.parametrize("nationality", ["GB", "IE", "IN", "CY", "MT", "NG", "ZW", "GI"])
def test_british_irish_and_commonwealth_citizens_are_on_both_registers(nationality):
    assert entitlement(person(nationality), ON).registers == BOTH


@pytest.mark.parametrize("nationality", ["DK", "LU", "PL", "PT", "ES"])
def test_citizens_of_the_treaty_states_are_on_the_local_register(nationality):
    assert entitlement(person(nationality), ON).registers == {Register.LOCAL}


def test_leave_is_needed_by_commonwealth_and_treaty_citizens():
    assert refusal(person("IN", has_leave=False)) == "no-leave-to-remain"
    assert refusal(person("PL", has_leave=False)) == "no-leave-to-remain"
    assert entitlement(person("IE", has_leave=False), ON).registers == BOTH


def test_the_last_day_of_2020_is_early_enough_and_the_next_day_is_not():
    assert entitlement(person("DE", resident_since=date(2020, 12, 31)), ON).registers == {Register.LOCAL}
    assert refusal(person("DE", resident_since=date(2021, 1, 1))) == "not-a-qualifying-citizen"


def test_before_7_may_2024_every_eu_citizen_had_the_local_vote_and_was_marked_g():
    french = person("FR", resident_since=date(2022, 1, 1))
    assert marker(french, date(2024, 5, 6)).letters == "G"
    assert eligible(french, PollType.LOCAL, date(2024, 5, 2))
    assert not eligible(french, PollType.LOCAL, date(2024, 5, 9))


def test_an_american_is_refused_in_england_and_local_elector_in_scotland_and_wales():
    american = person("US")
    assert refusal(american) == "not-a-qualifying-citizen"
    assert marker(american, ON, Country.SCOTLAND).letters == "M"
    assert entitlement(american, ON, Country.WALES).registers == {Register.LOCAL}
    assert not eligible(american, PollType.PCC, date(2028, 5, 4), Country.WALES)


def test_without_a_nationality_nothing_can_be_decided():
    assert refusal(person()) == "nationality-not-established"


def test_an_overseas_elector_is_british_marked_f_and_votes_for_parliament_only():
    overseas = person("GB", overseas=True)
    assert entitlement(overseas, ON).registers == {Register.PARLIAMENTARY}
    assert marker(overseas, ON).letters == "F"
    assert eligible(overseas, PollType.PARLIAMENTARY, POLL)
    assert why_not(overseas, PollType.LOCAL, POLL) is franchise.OVERSEAS_HAVE_NO_LOCAL_VOTE
    assert refusal(person("CA", overseas=True)) == "overseas-elector-not-british"


def test_a_sitting_peer_is_marked_l_and_votes_everywhere_but_for_the_commons():
    peer = person("GB", sitting_peer=True)
    assert marker(peer, ON).letters == "L"
    assert eligible(peer, PollType.PCC, POLL)
    assert why_not(peer, PollType.PARLIAMENTARY, POLL) is franchise.PEERS_DO_NOT_VOTE_HERE
    assert refusal(person("GB", sitting_peer=True, overseas=True)) == "overseas-peer"


def test_an_anonymous_overseas_elector_is_marked_before_the_name_and_after_the_number():
    marking = marker(person("GB", overseas=True, anonymous=True), ON)
    assert (marking.before_name, marking.after_number, marking.letters) == ("F", "N", "FN")


def test_an_eu_citizen_gets_the_local_ballot_and_not_the_parliamentary_one():
    polish = person("PL")
    local = [PollType.LOCAL, PollType.PARISH, PollType.CA_MAYOR, PollType.PCC, PollType.GLA]
    assert all(eligible(polish, poll, POLL) for poll in local)
    assert why_not(polish, PollType.PARLIAMENTARY, POLL) is franchise.LOCAL_FRANCHISE_ONLY


def test_a_convicted_prisoner_neither_registers_nor_votes():
    prisoner = person("GB", legal_incapacity=True)
    assert refusal(prisoner) == "legal-incapacity"
    assert not eligible(prisoner, PollType.LOCAL, POLL)


def test_an_attainer_shows_the_date_until_it_comes():
    young = person("GB", date_of_birth=date(2008, 8, 1))
    assert marker(young, ON).attains_on == date(2026, 8, 1)
    assert marker(young, date(2026, 8, 1)).attains_on is None


def test_a_birthday_on_29_february_falls_on_1_march_in_a_common_year():
    leap = person("GB", date_of_birth=date(2008, 2, 29))
    assert not eligible(leap, PollType.LOCAL, date(2026, 2, 28))
    assert eligible(leap, PollType.LOCAL, date(2026, 3, 1))


def test_at_16_one_votes_in_scottish_and_welsh_councils_and_not_in_england_or_for_police_commissioners():
    sixteen = person("GB", date_of_birth=date(2010, 5, 7))
    votes = {country: eligible(sixteen, PollType.LOCAL, POLL, country) for country in (Country.ENGLAND, Country.WALES)}
    assert votes == {Country.ENGLAND: False, Country.WALES: True}
    assert eligible(sixteen, PollType.LOCAL, POLL, Country.SCOTLAND)
    assert not eligible(sixteen, PollType.PCC, POLL, Country.WALES)


def test_a_scot_of_14_is_an_attainer_of_the_local_register_alone():
    attainer = entitlement(person("GB", date_of_birth=date(2011, 11, 1)), ON, Country.SCOTLAND)
    assert dict(attainer.votes_from) == {Register.LOCAL: date(2027, 11, 1)}


def test_an_age_band_stands_for_a_date_of_birth_except_for_the_young():
    assert entitlement(person("GB", date_of_birth=None, age_band=AgeBand.OVER_75), ON).registers == BOTH
    assert refusal(person("GB", date_of_birth=None, age_band=AgeBand.UNDER_18)) == "date-of-birth-needed"
    assert not eligible(person("GB", date_of_birth=None, age_band=AgeBand.UNDER_18), PollType.LOCAL, POLL)


def test_northern_ireland_registers_its_own():
    assert refusal(person("GB"), country=Country.NORTHERN_IRELAND) == "registered-in-northern-ireland"


def test_an_entitlement_says_why():
    assert entitlement(person("GB", date_of_birth=date(2008, 8, 1)), ON).because == (
        "British, Irish or qualifying Commonwealth citizen [RPA 1983 s.4; Elections Act 2022]",
        "parliamentary register: attainer, may vote from 1 August 2026 [RPA 1983 s.4(5)]",
        "local register: attainer, may vote from 1 August 2026 [RPA 1983 s.4(5)]",
    )


@given(st.dates(date(2024, 6, 1), date(2027, 12, 31)), st.integers(0, 20 * 366))
def test_nobody_under_16_is_registered_in_england(on, days):
    facts = person("GB", date_of_birth=on - timedelta(days=days))
    try:
        entitlement(facts, on)
    except Refused:
        return
    assert anniversary(facts.date_of_birth, 16) <= on


@given(st.dates(date(2013, 1, 1), date(2027, 12, 31)))
def test_attainers_reach_voting_age_within_two_years(on):
    assert timedelta(days=364) <= attainers_until(on) - on <= timedelta(days=730)
