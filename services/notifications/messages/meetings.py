"""What members are told about a meeting: one message each, as each of them wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from services.notifications.messages.queueing import message, wishes
from services.notifications.preferences.decider import Preferences
from services.notifications.templates.registry import current_version, template
from shared.eventcore.policy import Do, Given, Lookup
from shared.eventcore.recording import Recorded
from shared.events.values_committees import Summons
from shared.events.values_notifications import Recipient


def wishes_of_all(summons_of: Callable[[Recorded[Any]], Summons | None]) -> Given:
    """`given=` of a policy that writes to all who are summoned: what each of them wants, by member."""

    async def ask(lookup: Lookup, event: Recorded[Any]) -> Mapping[UUID, Preferences]:
        summons = summons_of(event)
        members = summons.members if summons else ()
        return {member: await wishes(lookup, Recipient("member", member)) for member in members}

    return ask


def notices(
    event: Recorded[Any], name: str, summons: Summons | None, wanted: Mapping[UUID, Preferences], **more: str
) -> Iterable[Do]:
    """One message to each member summoned; none where nobody is."""
    if summons is None:
        return
    data = said(summons) | more
    asked_for = template(name, current_version(name), "en").fields.keys()
    data = {field: value for field, value in data.items() if field in asked_for}
    for member in summons.members:
        yield message(event, name, Recipient("member", member), data, wanted[member], one_of_many=True)


def said(summons: Summons) -> dict[str, str]:
    """A summons as data of a template; times are those of the clock on the wall."""
    return {
        "committee": summons.committee_title,
        "day": summons.sitting.day.isoformat(),
        "starts": f"{summons.sitting.starts:%H:%M}",
        "venue": summons.venue,
        "business": "\n".join(" ".join(title.split()) for title in summons.business),
    }
