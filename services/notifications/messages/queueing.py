"""How a policy queues a message: one per event, template and recipient, as the recipient wants it, due at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.notifications.messages.decider import QueueHouseholdLetter, QueueMessage, messages
from services.notifications.preferences.decider import Preferences, preferences
from services.notifications.templates.wording import wording
from shared.eventcore.policy import Do, Given, Lookup
from shared.eventcore.recording import Recorded
from shared.events.values_notifications import Household, Recipient, correspondent_id, message_id, preferences_stream


def wishes_of(addressee: Callable[[Recorded[Any]], Recipient]) -> Given:
    """`given=` of a policy that writes to one person: their `Preferences`."""

    async def ask(lookup: Lookup, event: Recorded[Any]) -> Preferences:
        return await wishes(lookup, addressee(event))

    return ask


async def wishes(lookup: Lookup, recipient: Recipient) -> Preferences:
    return await lookup.state(preferences, preferences_stream(correspondent_id(recipient)))


def message(
    event: Recorded[Any],
    template: str,
    to: Recipient,
    data: dict[str, str],
    wanted: Preferences,
    *,
    one_of_many: bool = False,
) -> Do:
    """Queue the message that follows from `event`. With `one_of_many` each recipient of the event has their own."""
    chosen = wording(template, wanted.channel, wanted.language, data)
    stream = message_id(event.id, template, to.id if one_of_many else None)
    command = QueueMessage(
        stream, to, template, chosen.version, chosen.channel, data, event.id, event.recorded_at, chosen.language,
        wanted.large_print,
    )  # fmt: skip
    reason = (
        template if chosen.language == wanted.language else f"{template}, in English: there are no such words in Welsh"
    )
    return Do(messages, stream, command, reason, may_refuse=False)


def household_letter(
    event: Recorded[Any], template: str, to: Household, data: dict[str, str], wanted: Preferences, batch: str
) -> Do:
    """Queue the letter to a household that follows from `event`; with others of its `batch`, or by itself without one. Whoever
    asked for the event has asked for the letter."""
    chosen = wording(template, "letter", wanted.language, data)
    stream = message_id(event.id, template)
    command = QueueHouseholdLetter(
        stream, to, template, chosen.version, data, event.id, event.recorded_at, chosen.language, wanted.large_print, batch,
        event.metadata.actor,
    )  # fmt: skip
    return Do(messages, stream, command, template, may_refuse=False)
