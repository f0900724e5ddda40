"""Copies of the registers: the fee by law, the payment, the release, the receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.finance.fees.decider import QuoteFee, RecordFeePayment, ReleaseCopy, sales
from services.finance.receipts.decider import IssueReceipt, receipt_book
from shared.eventcore.testing.specs import spec
from shared.events.finance import CopyReleased, FeePaid, FeeQuoted, ReceiptIssued
from shared.events.values import PersonId
from shared.events.values_finance import SaleId

SALE, BUYER = SaleId(UUID(int=1)), PersonId(UUID(int=2))
DAY, CLEARED = date(2026, 8, 3), date(2026, 8, 7)
QUOTE = QuoteFee(SALE, BUYER, "Example Credit Reference Ltd", "register", "data", (87_412,), DAY)
QUOTED = FeeQuoted(SALE, BUYER, "Example Credit Reference Ltd", "register", "data", (87_412,), 15_200, DAY)
PAID = FeePaid(SALE, BUYER, 15_200, "bank-transfer", CLEARED)
PAY = RecordFeePayment(15_200, "bank-transfer", CLEARED)


@pytest.mark.parametrize(
    ("copy_of", "form", "entries", "pence"),
    [
        ("register", "data", (87_412,), 152_00),
        ("register", "print", (87_412,), 450_00),
        ("register", "data", (88_000,), 20_00 + 88 * 1_50),
        ("register", "data", (88_001,), 20_00 + 89 * 1_50),
        ("register", "data", (1000, 1), 2 * 20_00 + 2 * 1_50),
        ("overseas-list", "data", (250,), 20_00 + 3 * 1_50),
        ("overseas-list", "print", (250,), 10_00 + 3 * 5_00),
        ("marked", "data", (1500,), 10_00 + 2 * 1_00),
        ("marked", "print", (1500,), 10_00 + 2 * 2_00),
    ],
)
def test_a_copy_costs_what_the_regulations_say(copy_of, form, entries, pence):
    quote = replace(QUOTE, copy_of=copy_of, form=form, entries=entries)
    (quoted,) = spec(sales).when(quote).events
    assert quoted.pence == pence


def test_a_quote_sent_twice_is_one_quote_and_another_under_its_number_is_refused():
    spec(sales).given(QUOTED).when(QUOTE).nothing_happens()
    spec(sales).given(QUOTED).when(replace(QUOTE, form="print")).refused("already-quoted")


def test_the_fee_is_paid_to_the_penny():
    spec(sales).given(QUOTED).when(PAY).then(PAID)
    spec(sales).given(QUOTED, PAID).when(PAY).nothing_happens()
    spec(sales).given(QUOTED).when(replace(PAY, pence=15_199)).refused("fee-not-met")
    spec(sales).given(QUOTED).when(replace(PAY, pence=15_201)).refused("fee-not-met")


def test_a_copy_is_released_when_the_payment_has_cleared():
    spec(sales).given(QUOTED).when(ReleaseCopy(CLEARED)).refused("payment-not-cleared")
    spec(sales).given(QUOTED, PAID).when(ReleaseCopy(date(2026, 8, 6))).refused("payment-not-cleared")
    spec(sales).given(QUOTED, PAID).when(ReleaseCopy(CLEARED)).then(CopyReleased(SALE, CLEARED))
    spec(sales).given(QUOTED, PAID, CopyReleased(SALE, CLEARED)).when(ReleaseCopy(CLEARED)).nothing_happens()


def test_nothing_is_sold_without_a_quote_or_without_entries():
    spec(sales).when(PAY).refused("unknown-sale")
    spec(sales).when(replace(QUOTE, entries=())).refused("entries-needed")
    spec(sales).when(replace(QUOTE, entries=(5, 0))).refused("entries-needed")


def test_receipts_follow_each_other_without_a_gap_and_a_sale_has_one():
    issue = [IssueReceipt(SaleId(UUID(int=n)), BUYER, 15_200, "card", CLEARED) for n in (1, 2)]
    first = ReceiptIssued(issue[0].sale_id, BUYER, 2026, 1, 15_200, "card", CLEARED)
    second = ReceiptIssued(issue[1].sale_id, BUYER, 2026, 2, 15_200, "card", CLEARED)
    spec(receipt_book).when(issue[0]).then(first)
    spec(receipt_book).given(first).when(issue[0]).nothing_happens()
    spec(receipt_book).given(first).when(issue[1]).then(second)


def test_a_receipt_of_march_is_in_the_book_of_the_year_before():
    (receipt,) = spec(receipt_book).when(IssueReceipt(SALE, BUYER, 15_200, "card", date(2027, 3, 31))).events
    assert receipt.year == 2026
