"""A sending office, for tests: a real store and view, a real mail server, and GOV.UK Notify over HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.smtp import Envelope

from deploy.local.notify_server import NotifyServer
from deploy.local.post_office import Mailbox, http_server, listen_for_mail
from deploy.topology import NOTIFY_TEMPLATES
from services.notifications.exchange.govuk_notify import Account, GovUkNotify
from services.notifications.exchange.smtp import Relay, Smtp
from services.notifications.main import service
from services.notifications.messages.decider import QueueHouseholdLetter, QueueMessage, messages
from services.notifications.sending.carrying import Carrier
from services.notifications.sending.contacts import Contact, NoSuchCorrespondent, OwnerAway
from services.notifications.sending.desk import Desk
from services.notifications.sending.sender import Sender
from shared.eventcore.deadlines import Deadlines
from shared.eventcore.testing.core import AUTHORITY, by
from shared.eventcore.testing.core import Core as StoreAtHand
from shared.events.values_notifications import Household, MessageChannel, MessageId, Recipient
from shared.service.runtime import Core
from shared.service.settings import Databases, Settings

KEY = "tests-" + "-".join(["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"])
ADA = Contact("Ada Sample", ("1 Sample Street", "Mootham", "MO1 1AA"), "ada@example.org", "07700900111")


@dataclass
class Directory:
    """Who is who, in place of the owners' APIs."""

    people: dict[UUID, Contact] = field(default_factory=dict)
    away: bool = False
    asked: int = 0

    async def of(self, recipient: Recipient, authority: str) -> Contact:
        self.asked += 1
        if self.away:
            raise OwnerAway("registration")
        if recipient.id not in self.people:
            raise NoSuchCorrespondent(recipient.kind)
        return self.people[recipient.id]

    async def households(self, asked: Sequence[Household], authority: str) -> dict[UUID, Contact]:
        self.asked += 1
        if self.away:
            raise OwnerAway("registration")
        return {each.contact_id: self.people[each.contact_id] for each in asked if each.contact_id in self.people}


@dataclass
class Post:
    """The provider's side: a mail server and Notify."""

    smtp_port: int
    mail: Path
    notify: NotifyServer
    notify_url: str
    mails: list[Envelope]

    def relay(self, **changes: Any) -> Relay:
        return Relay(
            **{"host": "127.0.0.1", "port": self.smtp_port, "sender": "office@example.org", "starttls": False} | changes
        )

    def account(self, per_minute: int = 60_000) -> Account:
        ids: dict[MessageChannel, UUID] = {
            "email": UUID(NOTIFY_TEMPLATES["email"]), "sms": UUID(NOTIFY_TEMPLATES["sms"]), "letter": UUID(NOTIFY_TEMPLATES["letter"]),
        }  # fmt: skip
        return Account(self.notify_url, KEY, ids, per_minute)


class Counting(Mailbox):
    """A mailbox that also remembers how often something came."""

    def __init__(self, folder: Path, mails: list[Envelope]) -> None:
        super().__init__(folder)
        self._mails = mails

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        self._mails.append(envelope)
        return await super().handle_DATA(server, session, envelope)


@asynccontextmanager
async def post_at_work(folder: Path, clock: Any, **notify: Any) -> AsyncIterator[Post]:
    server = NotifyServer(KEY, clock, settles_after=0, **notify)
    http = http_server(server.app())
    mails: list[Envelope] = []
    listening = socket.create_server(("127.0.0.1", 0))
    mail = await listen_for_mail(Counting(folder / "mail", mails), "127.0.0.1", 0)
    serving = asyncio.create_task(http.serve(sockets=[listening]))
    try:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield Post(mail.sockets[0].getsockname()[1], folder / "mail", server, url, mails)
    finally:
        mail.close()
        http.should_exit = True
        await serving
        listening.close()


def runtime(core: StoreAtHand) -> Core:
    """The event core of a test as a role has it."""
    settings = Settings(context="notifications", role="sending", env="test", databases=Databases())
    return Core(
        service, settings, core.pool, core.clock, core.keyring, core.store, core.execute, core.opener, Deadlines()
    )  # fmt: skip


@dataclass
class Office:
    """Our side: messages that are queued, and a sender."""

    core: StoreAtHand
    directory: Directory = field(default_factory=Directory)

    def desk(self) -> Desk:
        return Desk(runtime(self.core), self.directory)  # type: ignore[arg-type]

    def sender(self, authority: str = AUTHORITY, **carriers: Carrier) -> Sender:
        """A fresh one, as a process has that was just started."""
        return Sender(self.desk(), authority, carriers)  # type: ignore[arg-type]

    def by_smtp(self, post: Post, **changes: Any) -> Sender:
        return self.sender(email=Smtp(post.relay(**changes), self.core.clock))

    def by_notify(self, post: Post) -> Sender:
        notify = GovUkNotify(post.account())
        return self.sender(email=notify, sms=notify, letter=notify)

    async def queue(
        self, channel: MessageChannel, contact: Contact | None = ADA, authority: str = AUTHORITY, **changes: Any
    ) -> UUID:
        """A receipt for somebody, due now."""
        identity, recipient = MessageId(uuid4()), uuid4()
        if contact is not None:
            self.directory.people[recipient] = contact
        facts = {"pence": "15200", "issued_on": "2026-08-07", "number": "2026/000001"}
        queue = QueueMessage(
            identity, Recipient("customer", recipient), "receipt", 1, channel, facts, f"{uuid4()}@1", self.core.clock(),
            **changes,
        )  # fmt: skip
        await self.core.execute(messages, identity, queue, by=by(authority=authority))
        await self.follow()
        return identity

    async def queue_for_household(self, home: Contact, batch: str = "", **changes: Any) -> UUID:
        """The canvass form to whoever lives there, asked for by the canvass officer."""
        identity = MessageId(uuid4())
        household = Household(uuid4(), uuid4(), uuid4())
        self.directory.people[household.contact_id] = home
        queue = QueueHouseholdLetter(
            identity, household, "canvass-form", 1, {"year": "2026"}, f"{uuid4()}@1", self.core.clock(), batch=batch,
            asked_by="canvass-officer", **changes,
        )  # fmt: skip
        await self.core.execute(messages, identity, queue, by=by())
        await self.follow()
        return identity

    async def follow(self) -> None:
        for view in service.views:
            await self.core.catch_up(view)

    async def look(self, sender: Sender) -> int:
        done = await sender.send_due()
        await self.follow()
        return done

    def later(self, wait: timedelta) -> None:
        self.core.clock.offset += wait

    async def row(self, message: UUID) -> dict[str, Any]:
        found = await self.core.pool.fetchrow("SELECT * FROM messages.message WHERE message_id = $1", message)
        return dict(found)

    async def attempts(self, message: UUID) -> list[dict[str, Any]]:
        rows = await self.core.pool.fetch(
            "SELECT * FROM messages.attempt WHERE message_id = $1 ORDER BY attempt", message
        )
        return [dict(row) for row in rows]

    async def stored(self) -> str:
        """Every event and every row of the views, as text."""
        tables = ("event", "messages.message", "messages.attempt", "print_jobs.job", "print_jobs.letter")
        texts = [await self.core.pool.fetchval(f"SELECT string_agg(t::text, ' ') FROM {table} t") for table in tables]
        return " ".join(text or "" for text in texts)


class Died(BaseException):
    """The end of a process, as far as one can be had in a test."""


async def dies_before_it_records(sender: Sender) -> None:
    """Let a sender hand over what is due and end before it can write that down."""

    async def end(*_: Any) -> None:
        raise Died

    sender._desk.record = end  # type: ignore[method-assign]
    with pytest.raises(Died):
        await sender.send_due()
