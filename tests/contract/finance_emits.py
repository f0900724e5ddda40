"""Stories of finance: a month paid, a copy of the register quoted and paid for, a fee receipted."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.finance.fees.decider import QuoteFee, RecordFeePayment, sales
from services.finance.pay_runs.decider import (
    ApprovePayRun,
    CalculatePayRun,
    ConfirmPaid,
    Deduction,
    Holder,
    RecordDeductions,
    pay_years,
)
from services.finance.receipts.decider import IssueReceipt, receipt_book
from shared.events.values import PersonId
from shared.events.values_committees import MemberId
from shared.events.values_finance import SaleId
from shared.law.allowances import AllowanceYear, Practice, RateCard, Spell
from tests.contract.emission import story

ADA, HERSELF = MemberId(UUID(int=1)), PersonId(UUID(int=2))
SALE, BUYER = SaleId(UUID(int=3)), PersonId(UUID(int=4))
YEAR, APRIL = AllowanceYear(2026), 1
CARD = RateCard(YEAR.first, {"basic": 800_000})
HOLDER = Holder(ADA, (Spell("basic", date(2024, 5, 7)),), (), "e@1")
MONTH_ENDS = YEAR.month_ends(APRIL)

EMITTED = (
    *story(
        pay_years,
        CalculatePayRun(2026, APRIL, (HOLDER,), (CARD,), Practice(), "maker", MONTH_ENDS),
        ApprovePayRun(APRIL, 66_667, 0, "checker", MONTH_ENDS),
        RecordDeductions(APRIL, (Deduction(ADA, HERSELF, deductions=13_000, employer_nic=3_750),)),
        ConfirmPaid(APRIL, MONTH_ENDS),
    ),
    *story(
        sales,
        QuoteFee(SALE, BUYER, "Example Lists Ltd", "register", "data", (87_412,), date(2026, 8, 3)),
        RecordFeePayment(15_200, "card", date(2026, 8, 7)),
    ),
    *story(receipt_book, IssueReceipt(SALE, BUYER, 15_200, "card", date(2026, 8, 7))),
)
