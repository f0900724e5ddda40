"""Pay runs of a year: the worked examples of the reference as a council would live them, month by month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.finance.pay_runs.decider import (
    ApprovePayRun,
    CalculatePayRun,
    ConfirmPaid,
    Deduction,
    Holder,
    RecordDeductions,
    RecordPaymentFile,
    pay_years,
)
from shared.eventcore.testing.specs import spec
from shared.events.definition import Erased
from shared.events.finance import (
    AllowancePaid,
    DeductionsRecorded,
    OverpaymentFound,
    PaymentFileMade,
    PayRunApproved,
    PayRunPaid,
)
from shared.events.values import PersonId
from shared.events.values_committees import MemberId
from shared.law.allowances import AllowanceYear, Forgoing, Practice, RateCard, Spell, indexed

YEAR = AllowanceYear(2026)
APRIL, MAY, JUNE, JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = range(1, 9)
CARD = RateCard(YEAR.first, {"basic": 800_000, "cabinet-member": 900_000, "leader": 2_400_000})
RAISED = RateCard(YEAR.first, {office: indexed(annual, 320) for office, annual in CARD.annual.items()})
ADA, BEN = MemberId(UUID(int=1)), MemberId(UUID(int=2))
ADA_HERSELF = PersonId(UUID(int=101))
TERM = Spell("basic", date(2024, 5, 7))
CABINET = Spell("cabinet-member", date(2025, 5, 20))
LEADER = Spell("leader", date(2026, 5, 19))


class Payroll:
    """Two officers who run the months of a year one after the other."""

    def __init__(self) -> None:
        self.spec = spec(pay_years)
        self.approved: list[Any] = []

    def calculation(self, month, *holders, card=CARD):
        command = CalculatePayRun(2026, month, holders, (card,), Practice(), "maker", YEAR.month_ends(month))
        (run,) = self.spec.when(command).events
        return run

    def pay(self, month, *holders, card=CARD):
        """Calculate and approve a month; answers its lines as (office, pence, reason)."""
        run = self.calculation(month, *holders, card=card)
        approval = ApprovePayRun(month, run.payable, run.recoverable, "checker", YEAR.month_ends(month))
        self.approved = list(self.spec.given(run).when(approval).events)
        self.spec = self.spec.given(run, *self.approved)
        return [(line.office, line.pence, line.reason) for line in run.lines]

    def pay_until(self, month, *holders, card=CARD):
        for each in range(APRIL, month + 1):
            self.pay(each, *holders, card=card)
        return self


def ada(*spells, forgoings=()):
    return Holder(ADA, spells, forgoings, "e@1")


@pytest.fixture
def payroll():
    return Payroll()


class TestExample1LeaderMidMonth:
    def test_may_pays_666_66_and_433_56_and_843_84(self, payroll):
        payroll.pay(APRIL, ada(TERM, CABINET))
        lines = payroll.pay(MAY, ada(TERM, replace(CABINET, last=date(2026, 5, 18)), LEADER))
        assert lines == [("basic", 66666, ""), ("cabinet-member", 43356, "CHG"), ("leader", 84384, "NEW")]
        assert payroll.approved[0].payable == 194_406

    def test_then_ten_instalments_of_2000_complete_the_year(self, payroll):
        payroll.pay(APRIL, ada(TERM, CABINET))
        now = ada(TERM, replace(CABINET, last=date(2026, 5, 18)), LEADER)
        paid = [payroll.pay(month, now) for month in range(MAY, 13)]
        leader = [pence for lines in paid for office, pence, _ in lines if office == "leader"]
        assert leader == [84384] + [200_000] * 10

    def test_a_cabinet_member_who_stays_until_the_day_itself_is_leader_only_on_that_day(self, payroll):
        payroll.pay(APRIL, ada(TERM, CABINET))
        lines = payroll.pay(MAY, ada(TERM, replace(CABINET, last=date(2026, 5, 19)), LEADER))
        assert ("cabinet-member", 43356, "CHG") in lines


class TestExample2Resigns:
    GONE = replace(TERM, last=date(2026, 9, 10))

    def test_september_pays_239_27(self, payroll):
        payroll.pay_until(AUGUST, ada(TERM))
        assert payroll.pay(SEPTEMBER, ada(self.GONE)) == [("basic", 23927, "CHG")]

    def test_a_full_september_is_recovered_as_a_debt_of_427_40_and_not_as_a_negative_payment(self, payroll):
        payroll.pay_until(SEPTEMBER, ada(TERM))
        assert payroll.pay(OCTOBER, ada(self.GONE)) == [("basic", -42740, "REC")]
        run, debt = payroll.approved
        assert (run.payable, run.recoverable) == (0, 42740)
        assert debt == OverpaymentFound(ADA, 2026, OCTOBER, 42740)
        assert payroll.pay(NOVEMBER, ada(self.GONE)) == []


class TestExample3UpliftPaidInNovember:
    def test_a_member_gets_149_33_of_arrears_and_688_00(self, payroll):
        payroll.pay_until(OCTOBER, ada(TERM))
        assert payroll.pay(NOVEMBER, ada(TERM), card=RAISED) == [("basic", 14933, "ARR"), ("basic", 68800, "CHG")]
        assert payroll.approved[0].payable == 83733

    def test_the_leader_gets_347_00_of_arrears_and_37_88_for_the_cabinet(self, payroll):
        payroll.pay(APRIL, ada(CABINET))
        now = ada(replace(CABINET, last=date(2026, 5, 18)), LEADER)
        for month in range(MAY, NOVEMBER):
            payroll.pay(month, now)
        assert payroll.pay(NOVEMBER, now, card=RAISED) == [
            ("cabinet-member", 3788, "ARR"), ("leader", 34700, "ARR"), ("leader", 206_400, "CHG"),
        ]  # fmt: skip

    def test_the_leaver_gets_114_33(self, payroll):
        gone = ada(replace(TERM, last=date(2026, 9, 10)))
        payroll.pay_until(AUGUST, ada(TERM))
        payroll.pay(SEPTEMBER, gone)
        assert payroll.pay(OCTOBER, gone) == []
        assert payroll.pay(NOVEMBER, gone, card=RAISED) == [("basic", 11433, "ARR")]


def test_a_by_election_winner_from_24_september_gets_4142_47_in_the_year(payroll):
    won = ada(Spell("basic", date(2026, 9, 24)))
    paid = [line for month in range(SEPTEMBER, 13) for line in payroll.pay(month, won)]
    assert sum(pence for _, pence, _ in paid) == 414_247
    assert [reason for *_, reason in paid] == ["NEW", "", "", "", "", "", ""]


def test_news_that_comes_late_is_paid_as_arrears_with_the_next_run(payroll):
    payroll.pay(APRIL, ada(TERM))
    payroll.pay(MAY, ada(TERM))
    lines = payroll.pay(JUNE, ada(TERM, LEADER))
    assert lines == [("basic", 66667, ""), ("leader", 84384, "ARR"), ("leader", 200_000, "NEW")]


def test_a_month_without_a_run_is_made_good_by_the_next(payroll):
    assert payroll.pay(MAY, ada(TERM)) == [("basic", 66667, "ARR"), ("basic", 66666, "NEW")]


def test_half_forgone_from_1_july_leaves_what_was_paid_before(payroll):
    payroll.pay_until(JUNE, ada(TERM))
    half = ada(TERM, forgoings=(Forgoing(50, date(2026, 7, 1)),))
    assert payroll.pay(JULY, half) == [("basic", 33333, "")]


def test_a_recovery_is_set_against_what_the_member_still_earns(payroll):
    payroll.pay(APRIL, ada(TERM, CABINET))
    payroll.pay(MAY, ada(TERM, CABINET))
    lines = payroll.pay(JUNE, ada(TERM, replace(CABINET, last=date(2026, 5, 18))))
    assert lines == [("basic", 66667, ""), ("cabinet-member", -31644, "REC")]
    assert (payroll.approved[0].payable, payroll.approved[0].recoverable) == (66667 - 31644, 0)


def test_the_officer_who_calculated_does_not_approve(payroll):
    run = payroll.calculation(APRIL, ada(TERM))
    approve = ApprovePayRun(APRIL, run.payable, run.recoverable, "maker", date(2026, 4, 20))
    spec(pay_years).given(run).when(approve).refused("maker-is-checker")


def test_an_approval_is_of_the_totals_that_were_looked_at(payroll):
    run = payroll.calculation(APRIL, ada(TERM))
    approve = ApprovePayRun(APRIL, run.payable + 1, run.recoverable, "checker", date(2026, 4, 20))
    spec(pay_years).given(run).when(approve).refused("calculation-changed")


def test_a_run_is_approved_once_and_in_the_order_of_months(payroll):
    payroll.pay_until(MAY, ada(TERM))
    (first, second) = (payroll.spec.state().approved[month] for month in (APRIL, MAY))
    again = ApprovePayRun(MAY, second.payable, second.recoverable, "checker", date(2026, 5, 31))
    payroll.spec.when(again).nothing_happens()
    stale = CalculatePayRun(2026, APRIL, (), (CARD,), Practice(), "maker", first.approved_on)
    payroll.spec.when(stale).refused("run-out-of-order")


def test_a_month_is_calculated_when_it_has_begun():
    early = CalculatePayRun(2026, MAY, (), (CARD,), Practice(), "maker", date(2026, 4, 30))
    spec(pay_years).when(early).refused("month-not-begun")
    spec(pay_years).when(replace(early, month=13)).refused("no-such-month")


def test_nothing_is_approved_deducted_or_paid_before_its_turn(payroll):
    spec(pay_years).when(ApprovePayRun(APRIL, 0, 0, "checker", YEAR.first)).refused("nothing-calculated")
    spec(pay_years).when(RecordDeductions(APRIL, ())).refused("run-not-approved")
    spec(pay_years).when(ConfirmPaid(APRIL, YEAR.first)).refused("run-not-approved")
    payroll.pay(APRIL, ada(TERM))
    payroll.spec.when(ConfirmPaid(APRIL, date(2026, 4, 30))).refused("deductions-missing")


TAKEN = Deduction(ADA, ADA_HERSELF, deductions=13_000, employer_nic=3_750)


def test_payroll_answers_for_every_member_of_the_run(payroll):
    payroll.pay(APRIL, ada(TERM))
    recorded = DeductionsRecorded(ADA, ADA_HERSELF, 2026, APRIL, 66667, 13_000, 3_750)
    payroll.spec.when(RecordDeductions(APRIL, (TAKEN,))).then(recorded)
    payroll.spec.when(RecordDeductions(APRIL, ())).refused("deductions-incomplete")
    payroll.spec.when(RecordDeductions(APRIL, (TAKEN, replace(TAKEN, member_id=BEN)))).refused("deductions-incomplete")
    payroll.spec.when(RecordDeductions(APRIL, (replace(TAKEN, deductions=66668),))).refused("deductions-out-of-range")
    answered = payroll.spec.given(recorded)
    answered.when(RecordDeductions(APRIL, (TAKEN,))).nothing_happens()
    answered.when(RecordDeductions(APRIL, (replace(TAKEN, deductions=1),))).refused("deductions-stand")


def test_a_paid_run_says_what_each_member_got_and_what_it_came_to(payroll):
    payroll.pay(APRIL, ada(TERM))
    lines = payroll.approved[0].lines
    recorded = DeductionsRecorded(ADA, ADA_HERSELF, 2026, APRIL, 66667, 13_000, 3_750)
    paid_on = date(2026, 4, 28)
    paid = (
        AllowancePaid(ADA, ADA_HERSELF, 2026, APRIL, paid_on, 66667, lines, 13_000, 53_667),
        PayRunPaid(2026, APRIL, paid_on, 66667, 13_000, 3_750, 53_667),
    )
    payroll.spec.given(recorded).when(ConfirmPaid(APRIL, paid_on)).then(*paid)
    payroll.spec.given(recorded, *paid).when(ConfirmPaid(APRIL, paid_on)).nothing_happens()


def test_a_run_has_one_payment_file(payroll):
    payroll.pay(APRIL, ada(TERM))
    record = RecordPaymentFile(APRIL, date(2026, 4, 27), 1, "a" * 64, "officer-1")
    payroll.spec.when(record).refused("deductions-missing")
    deducted = payroll.spec.given(DeductionsRecorded(ADA, ADA_HERSELF, 2026, APRIL, 66667, 13_000, 3_750))
    made = PaymentFileMade(2026, APRIL, date(2026, 4, 27), 1, "a" * 64, "officer-1")
    deducted.when(record).then(made)
    deducted.given(made).when(record).nothing_happens()
    deducted.given(made).when(replace(record, content_sha256="b" * 64)).refused("payment-file-made")


def test_the_lines_of_a_run_follow_the_members(payroll):
    run = payroll.calculation(APRIL, Holder(BEN, (TERM,)), ada(TERM))
    assert [line.member_id for line in run.lines] == [ADA, BEN]
    assert run.payable == 2 * 66667


def test_an_erased_member_leaves_the_run_whole(payroll):
    payroll.pay(APRIL, ada(TERM))
    erased = DeductionsRecorded(ADA, ADA_HERSELF, 2026, APRIL, 66667, Erased(), Erased())
    outcome = payroll.spec.given(erased).when(ConfirmPaid(APRIL, date(2026, 4, 28)))
    assert isinstance(outcome.events[-1], PayRunPaid)


MONTHLY_NEWS = st.lists(
    st.tuples(st.integers(0, 364), st.integers(0, 364), st.sampled_from(["cabinet-member", "leader"])), max_size=4
)


def sums(payroll: Payroll) -> dict[tuple[MemberId, str], int]:
    return {office: paid.pence for office, paid in payroll.spec.state().paid.items() if paid.pence}


@settings(max_examples=40, deadline=None)
@given(MONTHLY_NEWS, st.integers(1, 11))
def test_whenever_news_arrives_the_year_pays_what_a_year_known_from_the_start_would_have(news, learnt_in):
    def spell(first: int, last: int, office: str) -> Spell:
        begins, ends = sorted((first, last))
        day = YEAR.first.toordinal()
        return Spell(office, date.fromordinal(day + begins), date.fromordinal(day + ends))

    late, known = Payroll(), Payroll()
    everything = ada(TERM, *(spell(*item) for item in news))
    for month in range(1, 13):
        late.pay(month, everything if month > learnt_in else ada(TERM))
        known.pay(month, everything)
    assert sums(late) == sums(known)
    assert all(isinstance(run, PayRunApproved) for run in late.spec.state().approved.values())
