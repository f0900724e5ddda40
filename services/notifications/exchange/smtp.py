"""E-mail by SMTP (RFC 5321, 5322): plain text, which every screen reader reads, with an id that is the message's own.

When we die between the server's 250 and our record the e-mail goes again, under the same Message-ID: mail systems and people
see that it is the same. SMTP knows no way to ask whether something was taken. SPF, DKIM and DMARC are the relay's.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as INTERNET
from email.utils import format_datetime
from typing import Final

import aiosmtplib
from aiosmtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused

from services.notifications.sending.carrying import Carried, Closed, Item, NotTaken, Taken
from shared.eventcore.clock import Clock

TIMEOUT_SECONDS: Final = 30.0
SERVICE_NOT_AVAILABLE: Final = 421
PERMANENT: Final = 500
ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""An address as it may stand in a header: no space, comma, bracket or line break, so that it cannot become two or more."""
GREETING: Final = {"en": "Dear", "cy": "Annwyl"}
REFERENCE: Final = {"en": "Our reference", "cy": "Ein cyfeirnod"}


@dataclass(frozen=True, slots=True)
class Relay:
    """The council's mail relay. `starttls`: without it nothing is sent in the clear. `sender`: the address that people see and
    answer to, unless `reply_to` is another. `unsubscribe`: where somebody asks to be written to otherwise, a mailto: or https:
    address (RFC 2369)."""

    host: str
    port: int
    sender: str
    starttls: bool = True
    user: str = ""
    password: str = field(default="", repr=False)
    unsubscribe: str = ""
    reply_to: str = ""


class HeaderUnfit(ValueError):
    """Something that would stand in a header is none. Never quotes it."""


def email(item: Item, relay: Relay, at: datetime) -> EmailMessage:
    """The e-mail as it is sent. Raises `HeaderUnfit`."""
    title, to = item.title, item.contact.email
    if not ADDRESS.fullmatch(to) or any(ord(character) < ord(" ") for character in title):
        raise HeaderUnfit("an address or subject cannot stand in a header")
    mail = EmailMessage(policy=INTERNET)
    mail["From"] = relay.sender
    if relay.reply_to:
        mail["Reply-To"] = relay.reply_to
    mail["To"] = to
    mail["Subject"] = title
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(item, relay)
    mail["Content-Language"] = item.message.language
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence note answers it
    if relay.unsubscribe:
        mail["List-Unsubscribe"] = f"<{relay.unsubscribe}>"
    mail.set_content(words(item), charset="utf-8", cte="quoted-printable")
    return mail


def words(item: Item) -> str:
    """The body: no line needs colour, picture or layout to be understood."""
    language = item.message.language
    name = " ".join(item.contact.name.split())
    greeting = f"{GREETING[language]} {name}," if name else ""
    reference = f"{REFERENCE[language]}: {item.message.message_id}"
    return "\n\n".join(part for part in (greeting, *item.paragraphs, reference) if part) + "\n"


def message_id(item: Item, relay: Relay) -> str:
    """The same until the mail was taken, so that what is sent again by mistake is known for the same; another one after
    that, because what came back and is sent anew is not."""
    return f"<{item.message.message_id}.{len(item.earlier) + 1}@{relay.sender.rpartition('@')[2].rstrip('>')}>"


class Smtp:
    """Hands e-mails to a relay, one connection each: a mail relay counts what comes over one."""

    def __init__(self, relay: Relay, now: Clock) -> None:
        self._relay, self._now = relay, now

    async def carry(self, item: Item) -> Carried:
        try:
            mail = email(item, self._relay, self._now())
        except HeaderUnfit:
            return NotTaken("permanent-failure")
        return await self._sent(mail, message_id(item, self._relay))

    async def _sent(self, mail: EmailMessage, reference: str) -> Carried:
        relay = self._relay
        session = aiosmtplib.SMTP(
            hostname=relay.host, port=relay.port, username=relay.user or None, password=relay.password or None,
            start_tls=relay.starttls, timeout=TIMEOUT_SECONDS,
        )  # fmt: skip
        try:
            await session.connect()
        except (SMTPException, OSError) as closed:  # no connection, no TLS, no sign-in: nothing was handed over
            return Closed(type(closed).__name__)
        try:
            await session.send_message(mail)
        except SMTPRecipientsRefused as refused:
            return _answered(refused.recipients[0].code)
        except SMTPSenderRefused as refused:
            return Closed(f"sender refused: {refused.code}")
        except SMTPResponseException as answer:
            return _answered(answer.code)
        except (SMTPException, OSError):  # cut off in the middle: it may have been taken
            return NotTaken("technical-failure")
        else:
            return Taken(reference)
        finally:
            with suppress(SMTPException, OSError):
                await session.quit()
            session.close()


def _answered(code: int) -> Carried:
    """RFC 5321 section 4.2.1: 421 is "come back later" for everybody, 4yz may pass, 5yz will not."""
    if code == SERVICE_NOT_AVAILABLE:
        return Closed("421")
    return NotTaken("permanent-failure" if code >= PERMANENT else "temporary-failure")
