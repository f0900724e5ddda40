"""What became of a letter of the canvass: it went to the post; it came back, or no letter can reach the address. News from
notifications. A canvass communication A that nobody received puts the property on route 2. [RPR 2001 r.32ZBE]"""

from __future__ import annotations

from collections.abc import Iterable

from services.registration.canvass.commands import RecordDelivery, RecordPosting
from services.registration.canvass.decider import properties_in_canvass
from shared.eventcore.clock import london_date
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.notifications import MessageFailed, MessageSent
from shared.events.registration import DeliveryResult

Fate = MessageSent | MessageFailed


@policy("when_canvass_letter_goes_or_comes_back_then_record_it", on=[MessageSent, MessageFailed])
def record_letter(event: Recorded[Fate]) -> Iterable[Do]:
    told = event.data
    if told.household is None:
        return
    place, contact = told.household.canvass_property_id, told.household.contact_id
    if isinstance(told, MessageSent):
        posted = RecordPosting(contact, london_date(told.sent_at))
        yield Do(properties_in_canvass, place, posted, "letter posted")
    elif told.retry_at is None:
        result: DeliveryResult = "returned" if told.problem == "returned" else "bounced"
        yield Do(
            properties_in_canvass, place, RecordDelivery(contact, result, london_date(told.failed_at)), told.problem
        )
