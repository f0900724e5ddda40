"""Each contact of a canvass that goes by post is a letter to the household: canvass communication A or B, the canvass form, the
letter to whoever answers for all who live there; and their reminders. [RPR 2001 r.32ZBD-32ZBF]

A household is written to in Welsh or large print where `/preferences/{property}` says so: it has no other id that lasts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from services.notifications.messages.queueing import household_letter
from services.notifications.preferences.decider import Preferences, preferences
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import CanvassContact, CanvassContactMade
from shared.events.values_notifications import Household, preferences_stream

LETTERS: Final[dict[CanvassContact, tuple[str, str]]] = {
    "cca": ("canvass-communication-a", "canvass-communication-a"),
    "ccb": ("canvass-communication-b", "canvass-communication-b-reminder"),
    "form": ("canvass-form", "canvass-form-reminder"),
    "responsible-person": ("canvass-responsible-person", "canvass-responsible-person-reminder"),
}
"""The template of a first contact, and of one that follows another which nobody answered. Nobody is reminded of a canvass
communication A, which needs no answer."""


async def wishes_of_household(lookup: Lookup, event: Recorded[CanvassContactMade]) -> Preferences:
    return await lookup.state(preferences, preferences_stream(event.data.property_id))


@policy("when_canvass_contact_is_made_then_write", on=[CanvassContactMade], given=wishes_of_household)
def write_to_household(wanted: Preferences, event: Recorded[CanvassContactMade]) -> Iterable[Do]:
    made = event.data
    if made.contact not in LETTERS:
        return
    first, reminder = LETTERS[made.contact]
    year = str(made.made_on.year)
    batch = f"canvass-{year}-{made.batch}" if made.batch else ""
    to = Household(made.property_id, event.stream_id, made.contact_id)
    yield household_letter(event, first if made.number == 1 else reminder, to, {"year": year}, wanted, batch)
