"""What a receipt was given for is income, received at the bank. A statutory fee carries no VAT."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid5

from services.finance.ledger.decider import BANK, REGISTER_SALES, PostJournal, ledger, moved
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.finance import ReceiptIssued
from shared.events.values import Authority
from shared.events.values_finance import JournalId, ledger_year_id


@policy("when_receipt_is_issued_then_post_journal", on=[ReceiptIssued])
def post_receipt(event: Recorded[ReceiptIssued]) -> Iterable[Do]:
    receipt = event.data
    command = PostJournal(
        JournalId(uuid5(receipt.sale_id, "receipt")), receipt.issued_on, "Fee for a copy of a register",
        moved(BANK, REGISTER_SALES, receipt.pence), f"receipt {receipt.year}/{receipt.number:06}", event.metadata.actor,
        carry_forward=True,
    )  # fmt: skip
    stream = ledger_year_id(Authority(event.authority), receipt.year)
    yield Do(ledger, stream, command, "receipt issued", may_refuse=False)
