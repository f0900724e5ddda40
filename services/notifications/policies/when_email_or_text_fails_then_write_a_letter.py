"""What could not be told by e-mail or text, for want of an address or because nothing arrives there, is told by letter.

A customer gets none: finance keeps no postal address, and the failed message is in the officers' list."""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.messages.decider import Message, Queued, messages
from services.notifications.messages.queueing import message
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events.notifications import MessageFailed, MessageQueued


async def failed_message(lookup: Lookup, event: Recorded[MessageFailed]) -> Message:
    return await lookup.state(messages, event.stream_id)


@policy("when_email_or_text_fails_then_write_a_letter", on=[MessageFailed], given=failed_message)
def write_a_letter(known: Message, event: Recorded[MessageFailed]) -> Iterable[Do]:
    if event.data.retry_at is not None or not isinstance(known, Queued):
        return
    told = known.message
    if isinstance(told, MessageQueued) and told.channel != "letter" and told.recipient.kind != "customer":
        as_letter = Preferences("letter", told.language, told.large_print)
        yield message(event, told.template, told.recipient, told.data, as_letter)
