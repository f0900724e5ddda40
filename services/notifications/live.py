"""What is counted as it happens: messages and what became of them, and enquiries."""

from __future__ import annotations

from shared.events.notifications import (
    EnquiryAnswered,
    EnquiryLogged,
    MessageDelivered,
    MessageFailed,
    MessageQueued,
    MessageSent,
)
from shared.service.live import counting

live = counting(
    "notifications", MessageQueued, MessageSent, MessageDelivered, MessageFailed, EnquiryLogged, EnquiryAnswered
)
