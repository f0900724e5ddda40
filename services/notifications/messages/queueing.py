"""How a policy queues a message: one per event and template, by the newest version, due at once."""

from __future__ import annotations

from typing import Any

from services.notifications.messages.decider import QueueMessage, messages
from services.notifications.templates.registry import current_version
from shared.eventcore.policy import Do
from shared.eventcore.recording import Recorded
from shared.events.values_notifications import Recipient, message_id


def letter(event: Recorded[Any], template: str, to: Recipient, data: dict[str, str]) -> Do:
    """Queue the letter that follows from `event`."""
    stream = message_id(event.id, template)
    command = QueueMessage(stream, to, template, current_version(template), "letter", data, event.id, event.recorded_at)
    return Do(messages, stream, command, template, may_refuse=False)
