"""What an adapter is handed, and what it may answer. It decides nothing: when to try again is the message's own schedule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from services.notifications.sending.contacts import Contact
from shared.events.notifications import Queueing
from shared.events.values_notifications import DeliveryProblem


@dataclass(frozen=True, slots=True)
class Item:
    """One attempt. `earlier`: what the provider called the attempts that are over, so that none of them is taken for this."""

    message: Queueing
    authority: str
    contact: Contact
    title: str
    paragraphs: tuple[str, ...]
    earlier: frozenset[str] = frozenset()

    @property
    def reference(self) -> str:
        """What we call the message to others: the same for each attempt, and nothing personal."""
        return f"{self.authority}/{self.message.message_id}"


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider has it, and calls it so."""

    reference: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    problem: DeliveryProblem


@dataclass(frozen=True, slots=True)
class Closed:
    """The provider takes nothing at all from us now: nothing is held against the message, the channel waits. `why` is for
    the log: technical, nothing personal."""

    why: str


Carried = Taken | NotTaken | Closed


class Carrier(Protocol):
    """An adapter. It must be safe to hand it the same item again after we died before we wrote down that it was taken."""

    async def carry(self, item: Item) -> Carried: ...
