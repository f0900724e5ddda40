"""The ledger: every journal balances, closed periods stay closed, what is wrong is reversed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.finance.ledger.decider import (
    BANK,
    BASIC_ALLOWANCES,
    CHART,
    PAY_CONTROL,
    REGISTER_SALES,
    ClosePeriod,
    PostJournal,
    ReverseJournal,
    ledger,
    moved,
)
from shared.eventcore.testing.specs import spec
from shared.events.finance import JournalPosted, PeriodClosed
from shared.events.values_finance import Coding, JournalId, Posting

FIRST, SECOND, THIRD = (JournalId(UUID(int=n)) for n in (1, 2, 3))
MAY = date(2026, 5, 20)
FEE = moved(BANK, REGISTER_SALES, 15200)
POST = PostJournal(FIRST, MAY, "Copy of the register", FEE, "receipt 2026/1", "policy")
POSTED = JournalPosted(FIRST, MAY, "2026-05", "Copy of the register", FEE, "receipt 2026/1", "policy")
BACK = (Posting(Coding(REGISTER_SALES), Coding(BANK), 15200),)
REVERSE = ReverseJournal(SECOND, FIRST, date(2026, 6, 1), "Entered twice", "officer-1")


def closed(*months: int) -> list[PeriodClosed]:
    return [PeriodClosed(f"2026-{month:02}", "officer-1") for month in months]


def test_a_fee_is_posted_to_bank_and_income_in_the_month_of_its_day():
    spec(ledger).when(POST).then(POSTED)


def test_a_journal_sent_twice_is_posted_once():
    spec(ledger).given(POSTED).when(POST).nothing_happens()


def test_a_posted_journal_does_not_change():
    changed = replace(POST, postings=moved(BANK, REGISTER_SALES, 15300))
    spec(ledger).given(POSTED).when(changed).refused("journal-exists")


def test_a_mistake_is_reversed_and_both_journals_stay():
    reversal = JournalPosted(
        SECOND, date(2026, 6, 1), "2026-06", "Entered twice", BACK, f"reversal of {FIRST}", "officer-1", FIRST
    )
    spec(ledger).given(POSTED).when(REVERSE).then(reversal)
    spec(ledger).given(POSTED, reversal).when(REVERSE).nothing_happens()
    again = replace(REVERSE, journal_id=THIRD)
    spec(ledger).given(POSTED, reversal).when(again).refused("already-reversed")


def test_what_was_never_posted_is_not_reversed():
    spec(ledger).when(REVERSE).refused("unknown-journal")


def test_a_journal_is_not_reversed_in_another_financial_year():
    spec(ledger).given(POSTED).when(replace(REVERSE, on=date(2027, 4, 1))).refused("another-financial-year")


def test_nothing_is_posted_into_a_closed_period():
    spec(ledger).given(*closed(4, 5)).when(POST).refused("period-closed")


def test_what_arrives_by_itself_counts_in_the_next_open_period():
    carried = replace(POST, carry_forward=True)
    spec(ledger).given(*closed(4, 5)).when(carried).then(replace(POSTED, period="2026-06"))


def test_a_closed_year_takes_nothing_more():
    year = [*closed(*range(4, 13)), *(PeriodClosed(f"2027-0{month}", "officer-1") for month in (1, 2, 3))]
    spec(ledger).given(*year).when(replace(POST, carry_forward=True)).refused("period-closed")


def test_periods_close_in_order_and_once():
    spec(ledger).when(ClosePeriod("2026-04", "officer-1")).then(*closed(4))
    spec(ledger).when(ClosePeriod("2026-05", "officer-1")).refused("close-in-order")
    spec(ledger).given(*closed(4)).when(ClosePeriod("2026-04", "officer-1")).nothing_happens()
    spec(ledger).when(ClosePeriod("May", "officer-1")).refused("not-a-period")


@pytest.mark.parametrize(
    ("postings", "rule"),
    [
        ((), "empty-journal"),
        ((Posting(Coding(BANK), Coding(REGISTER_SALES), 0),), "amount-not-positive"),
        ((Posting(Coding(BANK), Coding(BANK), 1),), "same-account"),
        ((Posting(Coding(BANK), Coding("9999"), 1),), "unknown-account"),
    ],
)
def test_a_journal_that_moves_nothing_or_into_nowhere_is_refused(postings, rule):
    spec(ledger).when(replace(POST, postings=postings)).refused(rule)


def test_a_negative_amount_moves_the_other_way():
    assert moved(BASIC_ALLOWANCES, PAY_CONTROL, -42740) == moved(PAY_CONTROL, BASIC_ALLOWANCES, 42740)
    assert moved(BASIC_ALLOWANCES, PAY_CONTROL, 0) == ()


CODINGS = st.builds(Coding, st.sampled_from(sorted(CHART)))
POSTINGS = st.lists(st.builds(Posting, CODINGS, CODINGS, st.integers(-5, 10**9)), max_size=8).map(tuple)


@given(POSTINGS)
def test_whatever_is_posted_debits_equal_credits(postings):
    outcome = spec(ledger).when(replace(POST, postings=postings))
    for event in outcome.events:
        balances = dict.fromkeys(CHART, 0)
        for posting in event.postings:
            assert posting.pence > 0
            balances[posting.debit.account] += posting.pence
            balances[posting.credit.account] -= posting.pence
        assert sum(balances.values()) == 0
