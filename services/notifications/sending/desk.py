"""What senders share: a message as it stands, whom it is for, and the record of what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg
import structlog

from services.notifications.messages.decider import Command, Queued, RecordFailure, messages
from services.notifications.sending.contacts import Contact, Contacts, NoSuchCorrespondent, NotSaid, OwnerAway
from services.notifications.templates.rendering import OCCUPIER
from shared.eventcore.applying import TRANSIENT
from shared.eventcore.clock import wall_clock
from shared.eventcore.deciding import Decider, Refused
from shared.eventcore.errors import StoreUnavailable, VersionConflict
from shared.eventcore.recording import Metadata, Receipt, Recorded
from shared.events.notifications import HouseholdLetterQueued, Queueing
from shared.events.values_notifications import RecipientKind
from shared.service.correlation import correlate
from shared.service.runtime import Core

ORIGIN: Final = "sending"
RECORD_AGAIN_SECONDS: Final = 1.0
OWNER_AWAY: Final = timedelta(seconds=30)
SETTLING: Final = timedelta(seconds=5)
"""How long a message that was just dealt with is left alone: its view may lag."""
BROKEN: Final = timedelta(minutes=5)

_log = structlog.get_logger(__name__)


Homes = Mapping[UUID, Contact]
"""How households are reached, by the contact of the canvass."""


@dataclass(frozen=True, slots=True)
class Case:
    """A message that is to go out now. `by`: in whose name, and after which event, what came of it is recorded."""

    state: Queued
    authority: str
    by: Metadata

    @property
    def id(self) -> UUID:
        return self.state.message.message_id


class Desk:
    """Reads streams, which are the truth; the view that named a message may lag behind them."""

    def __init__(self, core: Core, contacts: Contacts) -> None:
        self.core, self._contacts = core, contacts
        self._later: dict[UUID, datetime] = {}
        self._away: dict[RecipientKind | Literal["household"], datetime] = {}
        self.worked_at = wall_clock()
        """When a message was last looked at, or something recorded of one."""

    def leave(self, message: UUID, wait: timedelta) -> None:
        """Look at this message again after `wait`, and at others first."""
        self._later[message] = self.core.clock() + wait

    def left(self) -> list[UUID]:
        """The messages to be left alone now."""
        now = self.core.clock()
        self._later = {message: until for message, until in self._later.items() if until > now}
        return list(self._later)

    async def open(self, message: UUID, authority: str) -> Case | None:
        """The message, when it is truly due and still waits; None otherwise."""
        self.worked_at = wall_clock()
        history = await self.core.history(message, authority)
        state = messages.fold(event.data for event in history)
        if not isinstance(state, Queued) or not state.goes_out(self.core.clock()):
            self.leave(message, SETTLING)
            return None
        by = following(history, attempt_id(message, state.attempt))
        correlate(by.correlation_id)
        return Case(state, authority, by)

    async def contact(self, case: Case, homes: Homes | None = None) -> Contact | None:
        """Whom it is for; None when they cannot be asked of now, or are not to be written to, which is recorded. `homes`: what
        was asked of households before."""
        try:
            return await self.reached(case.state.message, case.authority, homes)
        except NoSuchCorrespondent:
            failure = RecordFailure("permanent-failure", self.core.clock(), case.state.attempt)
            await self.record(case.id, failure, case.by)
        except NotSaid as problem:
            _log.error("owner of a contact does not say it", stream_id=case.id, problem=str(problem))
            self.leave(case.id, BROKEN)
        except OwnerAway:
            self.leave(case.id, OWNER_AWAY)
        return None

    async def homes(self, messages: Sequence[Queueing], authority: str) -> Homes:
        """All households among the addressees of these messages, asked of together. Raises `OwnerAway`."""
        asked = [message.household for message in messages if isinstance(message, HouseholdLetterQueued)]
        if asked and self._away.get("household", self.core.clock()) > self.core.clock():
            raise OwnerAway("household")
        try:
            return await self._contacts.households(asked, authority) if asked else {}
        except OwnerAway:
            _log.warning("owner of contacts is away", kind="household")
            self._away["household"] = self.core.clock() + OWNER_AWAY
            raise

    async def reached(self, message: Queueing, authority: str, homes: Homes | None = None) -> Contact:
        """How the recipient is reached now. An owner that was away is not asked for a while, for anybody. Raises
        `NoSuchCorrespondent`, `OwnerAway`, `NotSaid`."""
        if isinstance(message, HouseholdLetterQueued):
            homes = await self.homes([message], authority) if homes is None else homes
            if message.household.contact_id not in homes:
                raise NotSaid("registration does not know the contact")
            return replace(homes[message.household.contact_id], name=OCCUPIER[message.language])
        kind = message.recipient.kind
        if kind in self._away and self._away[kind] > self.core.clock():
            raise OwnerAway(kind)
        try:
            return await self._contacts.of(message.recipient, authority)
        except NotSaid:
            raise
        except OwnerAway:
            _log.warning("owner of contacts is away", kind=kind)
            self._away[kind] = self.core.clock() + OWNER_AWAY
            raise

    async def record(self, message: UUID, command: Command, by: Metadata) -> None:
        """Write down what came of an attempt: one thing, however often we have to try."""
        try:
            await self.carry_out(messages, message, command, by)
        except Refused as refusal:  # an officer, or a receipt, was faster: theirs stands
            _log.warning("outcome not recorded", stream_id=message, problem=refusal.rule.name)
        self.leave(message, SETTLING)

    async def carry_out(self, decider: Decider[Any, Any, Any], stream: UUID, command: Any, by: Metadata) -> Receipt:
        """Raises `Refused`; waits for a store that is away."""
        self.worked_at = wall_clock()
        while True:
            try:
                return await self.core.execute(decider, stream, command, by=by, asked=by.command_id)
            except (StoreUnavailable, VersionConflict, *TRANSIENT) as problem:
                _log.warning("outcome not recorded yet", stream_id=stream, error=type(problem).__name__)
                await asyncio.sleep(RECORD_AGAIN_SECONDS)

    async def unfit(self, case: Case, refusal: Refused) -> None:
        """A rule says that this cannot be written, or not to this address: it fails for good."""
        _log.warning("message cannot be written", stream_id=case.id, problem=refusal.rule.name)
        await self.record(case.id, RecordFailure("permanent-failure", self.core.clock(), case.state.attempt), case.by)

    def broken(self, message: UUID, problem: Exception) -> None:
        """We are at fault: nothing is held against the message, and it holds up no other."""
        _log.error("message not sent", stream_id=message, exc_info=problem)
        self.leave(message, BROKEN)


def attempt_id(message: UUID, attempt: int) -> str:
    """The id of the one command that says what came of an attempt."""
    return f"{ORIGIN}:{message}@{attempt}"


def following(history: list[Recorded[Any]], command_id: str) -> Metadata:
    """In our own name, after the last event of a stream, in the thread of its first."""
    first, last = history[0], history[-1]
    return Metadata(
        ORIGIN, first.authority, first.metadata.correlation_id, last.id, command_id, origin=ORIGIN,
        traceparent=first.metadata.traceparent,
    )  # fmt: skip


AWAY: Final = (StoreUnavailable, asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError, *TRANSIENT)
"""A store that cannot be read now, or whose views are being made: look again later."""
