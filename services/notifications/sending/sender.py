"""Messages that go out one by one: taken when due, written for their addressee, handed over, recorded.

Several senders may run: each message is taken under an advisory lock, which a sender that dies gives back. What an earlier
one may have handed over before it died is the adapter's to find out (`Carrier.carry`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import structlog

from services.notifications.messages.decider import WITH_AN_OFFICER, RecordFailure, RecordSent, retry_at
from services.notifications.sending.carrying import Carrier, Closed, Item, NotTaken, Taken
from services.notifications.sending.contacts import Contact
from services.notifications.sending.desk import AWAY, Case, Desk
from services.notifications.sending.limits import Pauses
from services.notifications.templates.rendering import html, written
from services.notifications.templates.wording import words
from shared.eventcore.clock import london_date
from shared.eventcore.deciding import Refused
from shared.eventcore.locks import locking
from shared.events.values_notifications import DeliveryProblem, MessageChannel

BATCH: Final = 50
AT_ONCE: Final = 8
MESSAGE_LOCK: Final = 0x4D53
"""First key of the two-key advisory locks that mean "this message is being sent"."""

DUE: Final = """
SELECT message_id, authority, channel FROM (
    SELECT message_id, authority, channel FROM messages.message
    WHERE (status = 'waiting' AND due_at <= $1 OR status = 'composed' AND composed_at <= $6)
      AND authority = $7 AND channel = ANY($2) AND message_id <> ALL($3) AND batch = ''
    ORDER BY due_at, message_id LIMIT $4
) AS due
WHERE pg_try_advisory_lock($5, hashtext(message_id::text))
"""

_log = structlog.get_logger(__name__)


class Sender:
    """Hands one council's messages of the channels in `carriers` to its adapters."""

    def __init__(self, desk: Desk, authority: str, carriers: Mapping[MessageChannel, Carrier]) -> None:
        self._desk, self._authority, self._carriers = desk, authority, carriers
        self._core = desk.core
        self.pauses = Pauses()
        self.sent = 0

    async def send_due(self) -> int:
        """Deal with what is due, at most `BATCH`; how many there were."""
        now = self._core.clock()
        channels = [channel for channel in self._carriers if self.pauses.is_open(channel, now)]
        if not channels:
            return 0
        async with locking(self._core.pool) as conn:
            due = await conn.fetch(
                DUE, now, channels, self._desk.left(), BATCH, MESSAGE_LOCK, now - WITH_AN_OFFICER, self._authority
            )  # fmt: skip
            turns = asyncio.Semaphore(AT_ONCE)
            # Each to its end: a lock is given back when nobody works under it any more.
            ends = await asyncio.gather(*(self._in_turn(turns, row) for row in due), return_exceptions=True)
        for problem in ends:
            if problem is not None:
                raise problem
        return len(due)

    async def _in_turn(self, turns: asyncio.Semaphore, row: Any) -> None:
        async with turns:
            if self.pauses.is_open(row["channel"], self._core.clock()):
                await self._send(row["message_id"], row["authority"])

    async def _send(self, message: UUID, authority: str) -> None:
        try:
            case = await self._desk.open(message, authority)
            if case is not None and (contact := await self._desk.contact(case)) is not None:
                await self._hand_over(case, contact)
        except AWAY:
            raise
        except Exception as problem:
            self._desk.broken(message, problem)

    async def _hand_over(self, case: Case, contact: Contact) -> None:
        message = case.state.message
        if not reachable(message.channel, contact):
            failure = RecordFailure("permanent-failure", self._core.clock(), case.state.attempt)
            await self._desk.record(case.id, failure, case.by)
            return
        try:
            said, content = words(message, contact.facts), ""
            if message.channel == "letter":
                page = html(
                    written(message, contact.name, contact.lines, london_date(case.state.due_at), contact.facts)
                )
                content = sha256(page.encode()).hexdigest()
        except Refused as refusal:
            await self._desk.unfit(case, refusal)
            return
        item = Item(message, case.authority, contact, said.title, said.paragraphs, case.state.references)
        match await self._carriers[message.channel].carry(item):
            case Taken(reference):
                self.pauses.works(message.channel)
                sent = RecordSent(self._core.clock(), reference, content, case.state.attempt)
                await self._desk.record(case.id, sent, case.by)
                self.sent += 1
            case NotTaken(problem):
                await self._failed(case, problem)
            case Closed(why):
                _log.error("channel closed", authority=case.authority, kind=message.channel, problem=why)
                self.pauses.closed(message.channel, self._core.clock())

    async def _failed(self, case: Case, problem: DeliveryProblem) -> None:
        """A limit stops the channel until it ends; a fault of the provider, until it has had time to recover."""
        channel, now = case.state.message.channel, self._core.clock()
        again = retry_at(channel, problem, case.state.failures, now)
        if problem in ("rate-limit", "daily-limit") and again is not None:
            self.pauses.until(channel, again)
        elif problem == "technical-failure":
            self.pauses.closed(channel, now)
        await self._desk.record(case.id, RecordFailure(problem, now, case.state.attempt), case.by)


def reachable(channel: MessageChannel, contact: Contact) -> bool:
    match channel:
        case "email":
            return contact.email != ""
        case "sms":
            return contact.phone != ""
        case "letter":
            return bool(contact.lines)
