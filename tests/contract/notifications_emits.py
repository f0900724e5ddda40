"""Stories of notifications: a letter to a household is written and handed over, and the post brings it back."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from services.notifications.messages.decider import QueueHouseholdLetter, RecordFailure, RecordSent, messages
from shared.events.values_notifications import Household, MessageId
from tests.contract.emission import story

JULY = datetime(2026, 7, 20, 9, 0, tzinfo=UTC)
HOUSEHOLD = Household(UUID(int=1), UUID(int=2), UUID(int=3))

EMITTED = (
    *story(
        messages,
        QueueHouseholdLetter(MessageId(UUID(int=4)), HOUSEHOLD, "canvass-form", 1, {"year": "2026"}, "0@1", JULY),
        RecordSent(JULY, "AB-000001", "ab", 1),
        RecordFailure("returned", JULY),
    ),
)
