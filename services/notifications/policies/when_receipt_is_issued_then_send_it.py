"""Who paid for a copy of a register has a receipt."""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.queueing import letter
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.finance import ReceiptIssued
from shared.events.values_notifications import Recipient


@policy("when_receipt_is_issued_then_send_it", on=[ReceiptIssued])
def send_receipt(event: Recorded[ReceiptIssued]) -> Iterable[Do]:
    receipt = event.data
    data = {
        "pence": str(receipt.pence),
        "issued_on": receipt.issued_on.isoformat(),
        "number": f"{receipt.year}/{receipt.number:06}",
    }
    yield letter(event, "receipt", Recipient("customer", receipt.sale_id, receipt.customer_id), data)
