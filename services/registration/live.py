"""What is counted as it happens: applications, what became of them, the register, postal votes."""

from __future__ import annotations

from shared.events.registration import (
    ApplicationAllowed,
    ApplicationReceived,
    ApplicationRejected,
    ElectorAdded,
    ElectorRemoved,
    PostalVoteGranted,
)
from shared.service.live import counting

live = counting(
    "registration",
    ApplicationReceived, ApplicationAllowed, ApplicationRejected, ElectorAdded, ElectorRemoved, PostalVoteGranted,
)  # fmt: skip
