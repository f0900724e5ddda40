"""Who paid for a copy of a register has a receipt, by e-mail: finance keeps no postal address of theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from services.notifications.messages.queueing import message, wishes_of
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.finance import ReceiptIssued
from shared.events.values_notifications import Recipient


def customer(event: Recorded[ReceiptIssued]) -> Recipient:
    return Recipient("customer", event.data.sale_id, event.data.customer_id)


@policy("when_receipt_is_issued_then_send_it", on=[ReceiptIssued], given=wishes_of(customer))
def send_receipt(wanted: Preferences, event: Recorded[ReceiptIssued]) -> Iterable[Do]:
    receipt = event.data
    data = {
        "pence": str(receipt.pence),
        "issued_on": receipt.issued_on.isoformat(),
        "number": f"{receipt.year}/{receipt.number:06}",
    }
    yield message(event, "receipt", customer(event), data, replace(wanted, channel="email"))
