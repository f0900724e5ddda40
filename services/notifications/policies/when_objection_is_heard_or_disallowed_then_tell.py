"""Applicant and objectors have notice of a hearing; whose objection is disallowed is told, and may ask to be heard.
[RPR 2001 r.29-31]"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from services.notifications.messages.queueing import message, wishes
from services.notifications.preferences.decider import Preferences
from shared.eventcore.policy import Do, Lookup, policy
from shared.eventcore.recording import Recorded
from shared.events.registration import HearingCalled, ObjectionDisallowed
from shared.events.values_notifications import Recipient

Step = HearingCalled | ObjectionDisallowed


def told(event: Recorded[Step]) -> list[Recipient]:
    """The applicant, where there is a hearing, and the objectors."""
    if isinstance(event.data, ObjectionDisallowed):
        return [Recipient("elector", event.data.objector)]
    objectors = [Recipient("elector", objector) for objector in event.data.objectors]
    if event.data.person_id is None:  # recorded before it said who
        return objectors
    return [Recipient("applicant", event.stream_id, event.data.person_id), *objectors]


async def wishes_of_each(lookup: Lookup, event: Recorded[Step]) -> Mapping[UUID, Preferences]:
    return {recipient.id: await wishes(lookup, recipient) for recipient in told(event)}


@policy(
    "when_objection_is_heard_or_disallowed_then_tell", on=[HearingCalled, ObjectionDisallowed], given=wishes_of_each
)
def tell_of_objection(wanted: Mapping[UUID, Preferences], event: Recorded[Step]) -> Iterable[Do]:
    if isinstance(event.data, ObjectionDisallowed):
        template = {"elector": "objection-disallowed"}
        data = {
            "disallowed_on": event.data.disallowed_on.isoformat(),
            "hearing_until": event.data.hearing_until.isoformat(),
        }
    else:
        template = {"applicant": "application-hearing", "elector": "objection-hearing"}
        data = {"hearing_on": event.data.hearing_on.isoformat()}
    for recipient in told(event):
        yield message(event, template[recipient.kind], recipient, data, wanted[recipient.id], one_of_many=True)
