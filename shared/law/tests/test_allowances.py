"""Members' allowances to the penny: the worked examples of the reference, and what must hold of any year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.law.allowances import (
    BASIC,
    AllowanceYear,
    Forgoing,
    OneSra,
    Practice,
    RateCard,
    Spell,
    entitlement,
    indexed,
    instalment,
    monthly,
    payable,
    segments,
)

YEAR = AllowanceYear(2026)
APRIL, MAY, JUNE, JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = range(1, 9)
CARD = RateCard(YEAR.first, {BASIC: 800_000, "cabinet": 900_000, "leader": 2_400_000})
RAISED = RateCard(YEAR.first, {office: indexed(annual, 320) for office, annual in CARD.annual.items()})
DAYS = Practice(broken_month="days-in-month")

MEMBER = Spell(BASIC, date(2024, 5, 7))
CABINET = Spell("cabinet", date(2025, 5, 20), date(2026, 5, 18))
LEADER = Spell("leader", date(2026, 5, 19))
RESIGNED = Spell(BASIC, date(2024, 5, 7), date(2026, 9, 10))


def due(*spells: Spell, card: RateCard = CARD, practice: Practice | None = None, **kw) -> dict[str, list[int]]:
    return payable(YEAR, spells, [card], practice or Practice(), **kw)


def to(month: int, months: list[int]) -> int:
    """The sum of a year's months up to one of them."""
    return sum(months[:month])


def test_eight_thousand_pounds_pay_in_a_repeating_pattern_that_sums_to_the_year():
    paid = due(MEMBER)[BASIC]
    assert paid == [66667, 66666, 66667] * 4
    assert sum(paid) == 800_000


def test_twelve_times_the_rounded_month_would_be_wrong():
    assert 12 * instalment(800_000, 1) == 800_004


class TestExample1LeaderMidMonth:
    def test_the_cabinet_spell_of_48_days_pays_april_and_a_balance_in_may(self):
        paid = due(MEMBER, CABINET, LEADER)["cabinet"]
        assert entitlement(900_000, YEAR.first, date(2026, 5, 18)) == 118_356
        assert paid[:3] == [75000, 43356, 0]

    def test_the_leader_spell_of_317_days_pays_a_balance_in_may_and_ten_instalments(self):
        paid = due(MEMBER, CABINET, LEADER)["leader"]
        assert entitlement(2_400_000, date(2026, 5, 19), YEAR.last) == 2_084_384
        assert paid == [0, 84384] + [200_000] * 10

    def test_may_is_1944_06_gross(self):
        assert sum(months[MAY - 1] for months in due(MEMBER, CABINET, LEADER).values()) == 194_406

    def test_days_in_month_would_give_435_48_and_838_71(self):
        paid = due(MEMBER, CABINET, LEADER, practice=DAYS)
        assert (paid["cabinet"][MAY - 1], paid["leader"][MAY - 1]) == (43548, 83871)


class TestExample2Resigns:
    def test_163_days_come_to_3572_60_and_september_pays_239_27(self):
        paid = due(RESIGNED)[BASIC]
        assert (to(AUGUST, paid), paid[SEPTEMBER - 1], sum(paid)) == (333_333, 23927, 357_260)

    def test_days_in_month_would_give_222_22(self):
        assert due(RESIGNED, practice=DAYS)[BASIC][SEPTEMBER - 1] == 22222

    def test_a_september_already_paid_in_full_leaves_427_40_to_recover(self):
        assert to(SEPTEMBER, due(MEMBER)[BASIC]) - sum(due(RESIGNED)[BASIC]) == 42740


class TestExample3UpliftPaidInNovember:
    def test_the_basic_allowance_has_149_33_of_arrears_and_837_33_in_all(self):
        before, after = due(MEMBER)[BASIC], due(MEMBER, card=RAISED)[BASIC]
        assert RAISED.annual[BASIC] == 825_600
        assert (to(OCTOBER, after), to(OCTOBER, before)) == (481_600, 466_667)
        assert to(NOVEMBER, after) - to(OCTOBER, before) == 83733
        assert after[NOVEMBER - 1] == 68800

    def test_the_leader_has_347_00_of_arrears(self):
        before, after = due(LEADER)["leader"], due(LEADER, card=RAISED)["leader"]
        assert (sum(after), after[MAY - 1]) == (2_151_084, 87084)
        assert to(OCTOBER, after) - to(OCTOBER, before) == 34700

    def test_the_cabinet_spell_has_37_88(self):
        assert sum(due(CABINET, card=RAISED)["cabinet"]) == 122_144
        assert sum(due(CABINET, card=RAISED)["cabinet"]) - sum(due(CABINET)["cabinet"]) == 3788

    def test_the_leaver_has_114_33(self):
        assert sum(due(RESIGNED, card=RAISED)[BASIC]) - sum(due(RESIGNED)[BASIC]) == 11433


def test_a_by_election_winner_from_24_september_has_189_days_and_4142_47():
    assert sum(due(Spell(BASIC, date(2026, 9, 24)))[BASIC]) == 414_247


def test_cabinet_and_leader_on_19_may_is_leader_only_that_day():
    cut = segments(YEAR, [Spell("cabinet", YEAR.first, date(2026, 5, 19)), LEADER], [CARD], Practice(one_sra=None))
    assert [(s.office, s.first, s.last) for s in cut] == [
        ("cabinet", YEAR.first, date(2026, 5, 18)), ("leader", date(2026, 5, 19), YEAR.last),
    ]  # fmt: skip


def test_where_the_outgoing_office_has_the_day_the_incoming_one_begins_the_day_after():
    practice = Practice(one_sra=None, change_day="outgoing")
    cut = segments(YEAR, [Spell("cabinet", YEAR.first, date(2026, 5, 19)), LEADER], [CARD], practice)
    assert [(s.first, s.last) for s in cut] == [(YEAR.first, date(2026, 5, 19)), (date(2026, 5, 20), YEAR.last)]


def test_of_two_special_responsibilities_only_the_higher_is_drawn():
    both = due(Spell("cabinet", YEAR.first), LEADER)
    assert both == due(Spell("cabinet", YEAR.first, date(2026, 5, 18)), LEADER)


def test_a_scheme_may_allow_two_or_pay_a_share_of_the_second():
    offices = [Spell("cabinet", YEAR.first), Spell("leader", YEAR.first)]
    assert sum(due(*offices, practice=Practice(OneSra(2)))["cabinet"]) == 900_000
    assert sum(due(*offices, practice=Practice(OneSra(1, further=50)))["cabinet"]) == 450_000


def test_half_forgone_from_1_july_leaves_earlier_months_as_they_were():
    paid = due(MEMBER, forgoings=[Forgoing(50, date(2026, 7, 1))])[BASIC]
    assert paid[:3] == due(MEMBER)[BASIC][:3]
    assert paid[JULY - 1 :] == [66667 - 33334, 66666 - 33333, 66667 - 33334] * 3


def test_everything_forgone_pays_nothing_and_one_office_forgone_leaves_the_other():
    assert sum(due(MEMBER, forgoings=[Forgoing(100, YEAR.first)])[BASIC]) == 0
    paid = due(MEMBER, LEADER, forgoings=[Forgoing(100, YEAR.first, offices=("leader",))])
    assert (sum(paid["leader"]), sum(paid[BASIC])) == (0, 800_000)


def test_a_rate_that_changes_in_mid_year_splits_the_year_at_that_day():
    july = RateCard(date(2026, 7, 10), {BASIC: 1_000_000})
    paid = payable(YEAR, [MEMBER], [CARD, july], Practice())[BASIC]
    split = [entitlement(800_000, YEAR.first, date(2026, 7, 9)), entitlement(1_000_000, july.since, YEAR.last)]
    assert sum(paid) == sum(split)


def test_a_chair_is_paid_the_rate_of_that_body_or_else_the_rate_of_chairs():
    card = RateCard(YEAR.first, {"chair": 300_000, "chair:planning": 500_000})
    assert [card.of(office) for office in ("chair:planning", "chair:audit", "member:audit")] == [500_000, 300_000, 0]


def test_a_co_optee_is_outside_the_limit_on_special_responsibilities():
    card = RateCard(YEAR.first, {"co-optee": 60_000, "chair": 300_000})
    assert (
        sum(map(sum, due(Spell("co-optee", YEAR.first), Spell("chair:a", YEAR.first), card=card).values())) == 360_000
    )


def test_a_leap_year_counts_366_days():
    assert AllowanceYear(2027).days == 366
    assert entitlement(366_00, date(2028, 2, 29), date(2028, 2, 29)) == 100


def test_broken_at_both_ends_the_first_month_pays_its_days_and_the_last_the_rest():
    spell = Spell(BASIC, date(2026, 5, 19), date(2026, 8, 20))
    paid = due(spell)[BASIC]
    assert paid[MAY - 1] == entitlement(800_000, spell.first, date(2026, 5, 31))
    assert sum(paid) == entitlement(800_000, spell.first, date(2026, 8, 20))


DAY_OF_YEAR = st.integers(0, 364).map(lambda n: YEAR.first + timedelta(days=n))


@given(st.tuples(DAY_OF_YEAR, DAY_OF_YEAR).map(sorted), st.integers(1, 5_000_000))
def test_however_a_spell_falls_its_months_sum_to_the_statutory_sum(ends, annual):
    (segment,) = segments(YEAR, [Spell(BASIC, *ends)], [RateCard(YEAR.first, {BASIC: annual})], Practice())
    assert sum(monthly(segment, Practice())) == entitlement(annual, *ends)


@pytest.mark.parametrize(("day", "begins", "month"), [(date(2027, 3, 31), 2026, 12), (date(2026, 4, 1), 2026, 1)])
def test_the_year_runs_from_april_to_march(day: date, begins: int, month: int):
    year = AllowanceYear.of(day)
    assert (year.begins, year.month_of(day)) == (begins, month)
    assert year.month_begins(month) <= day <= year.month_ends(month)
