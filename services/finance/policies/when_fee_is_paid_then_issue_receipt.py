"""A fee that has cleared is receipted in the book of the financial year in which it cleared."""

from __future__ import annotations

from collections.abc import Iterable

from services.finance.receipts.decider import IssueReceipt, receipt_book
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.finance import FeePaid
from shared.events.values import Authority
from shared.events.values_finance import receipt_book_id
from shared.law.allowances import AllowanceYear


@policy("when_fee_is_paid_then_issue_receipt", on=[FeePaid])
def issue_receipt(event: Recorded[FeePaid]) -> Iterable[Do]:
    paid = event.data
    book = receipt_book_id(Authority(event.authority), AllowanceYear.of(paid.cleared_on).begins)
    command = IssueReceipt(paid.sale_id, paid.customer_id, paid.pence, paid.method, paid.cleared_on)
    yield Do(receipt_book, book, command, "fee paid", may_refuse=False)
