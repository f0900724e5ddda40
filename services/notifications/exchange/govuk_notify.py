"""E-mails, texts and letters by GOV.UK Notify, through its official client. [GOV.UK Notify, REST API, June 2026]

The council keeps one template for each channel there, made of places only; the words are ours, versioned here:
  e-mail   subject ((subject)), body ((greeting)) ((body))
  text     ((body))
  letter   heading ((subject)), body ((body)); the address in `address_line_1` to `_7`
Before each call Notify is asked whether it knows our reference already: then an earlier process, or a call whose answer was
lost, had handed the message over, and it does not go twice. That asking is not counted by its limits.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, cast
from uuid import UUID

import requests
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from services.notifications.exchange.smtp import GREETING
from services.notifications.messages.decider import FinalWord
from services.notifications.sending.carrying import Carried, Closed, Item, NotTaken, Taken
from services.notifications.sending.limits import TokenBucket
from services.notifications.templates.rendering import addressed
from services.notifications.templates.wording import unmarked
from shared.events.values_notifications import DeliveryProblem, MessageChannel

TIMEOUT_SECONDS: Final = 30
AT_ONCE: Final = 8
"""Calls under way at once; each has a client of its own, which is not safe for two threads."""
PER_MINUTE: Final = 2_700
"""Below the 3,000 a minute that a key may send."""
KEY: Final = re.compile(r".*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Name, service and secret; read from the right, since a name may hold anything."""
LIMIT_PROBLEMS: Final[Mapping[str, DeliveryProblem]] = {
    "RateLimitError": "rate-limit",
    "TooManyRequestsError": "daily-limit",
}
PLACES: Final[Mapping[MessageChannel, frozenset[str]]] = {
    "email": frozenset({"subject", "greeting", "body"}),
    "sms": frozenset({"body"}),
    "letter": frozenset({"subject", "body"}),
}
PLACE: Final = re.compile(r"\(\(([^()?]+)\)\)")
MARKDOWN: Final = str.maketrans(dict.fromkeys("#*_^`~[]()<>{}|\\/:@", " "))

FINAL: Final[Mapping[str, FinalWord]] = {
    "delivered": "delivered",
    "permanent-failure": "permanent-failure",
    "temporary-failure": "temporary-failure",
    "technical-failure": "technical-failure",
    "virus-scan-failed": "technical-failure",
    "validation-failed": "permanent-failure",
    "cancelled": "permanent-failure",
    "returned-letter": "returned",
}
"""Notify's statuses that end an attempt. `sent` (a text abroad) and `received` (a letter at the printer's) are the last that is
heard of most, and no proof that anything arrived."""

# The client logs what Notify answers, which may quote a phone number.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Account:
    """The council's service at GOV.UK Notify. `templates`: the id of the template of each channel that goes through it."""

    url: str
    key: str = field(repr=False)
    templates: Mapping[MessageChannel, UUID]
    per_minute: int = PER_MINUTE


def plain(name: str) -> str:
    """A name as a name: nothing in it that Notify's Markdown, its ((places)) or a mail reader would take for more."""
    spaced = re.sub(r"(?<=\w\w)\.(?=\w)", " ", name.translate(MARKDOWN))  # no www.example.com becomes a link
    return " ".join(spaced.split()).lstrip("-+. ")


class GovUkNotify:
    """One account. Its calls block, so that each runs in a thread."""

    def __init__(self, account: Account, bucket: TokenBucket | None = None) -> None:
        self._account = account
        self._bucket = bucket or TokenBucket(account.per_minute)
        self._clients: asyncio.LifoQueue[NotificationsAPIClient] = asyncio.LifoQueue()
        self._known_templates: set[UUID] = set()
        for _ in range(AT_ONCE):
            self._clients.put_nowait(NotificationsAPIClient(account.key, account.url, timeout=TIMEOUT_SECONDS))

    async def carry(self, item: Item) -> Carried:
        try:
            if (unlike := await self._unlike(item.message.channel)) is not None:
                return Closed(unlike)
            if (known := await self._taken_before(item)) is not None:
                return Taken(known)
        except APIError as error:  # nothing was handed over yet
            return _limited(error) or Closed(_named(error))
        await self._bucket.take()
        try:
            answer = await self._call(lambda client: self._send(client, item))
        except APIError as error:
            return _refused(error)
        return Taken(str(answer["id"]))

    async def status(self, reference: str) -> FinalWord | None:
        """What has become of what Notify calls `reference`; None when that is still open, or cannot be learnt now."""
        try:
            found = await self._call(lambda client: client.get_notification_by_id(reference))
        except APIError:
            return None
        return FINAL.get(found["status"])

    async def _unlike(self, channel: MessageChannel) -> str | None:
        """What is wrong with the template of a channel, in a sentence; None when it fits. One that is not there, is of another
        kind or has other places is our mistake and no message's: found out before one is refused for it."""
        template = self._account.templates[channel]
        if template in self._known_templates:
            return None
        found = await self._call(lambda client: client.get_template(template))
        setting = f"The template at GOV.UK Notify that notify_{channel}_template names"
        if found["type"] != channel:
            return f"{setting} is of type {found['type']}: name one of type {channel}."
        places = {place.lower() for text in ("subject", "body") for place in PLACE.findall(found.get(text) or "")}
        if places != PLACES[channel]:
            return f"{setting} must have these places and no others: {', '.join(sorted(PLACES[channel]))}."
        self._known_templates.add(template)
        return None

    async def _taken_before(self, item: Item) -> str | None:
        found = await self._call(lambda client: client.get_all_notifications(reference=item.reference))
        ids = [str(each["id"]) for each in found["notifications"] if each["reference"] == item.reference]
        return next((taken for taken in ids if taken not in item.earlier), None)

    def _send(self, client: NotificationsAPIClient, item: Item) -> Any:
        channel, body = item.message.channel, "\n\n".join(item.paragraphs)
        marked = unmarked(body)  # a text message knows no Markdown
        template = str(self._account.templates[channel])
        match channel:
            case "email":
                greeting = f"{GREETING[item.message.language]} {plain(item.contact.name)},"
                return client.send_email_notification(
                    item.contact.email, template, {"subject": item.title, "greeting": greeting, "body": marked},
                    reference=item.reference, sanitise_content_for=["greeting"],
                )  # fmt: skip
            case "sms":
                return client.send_sms_notification(
                    item.contact.phone, template, {"body": body}, reference=item.reference
                )
            case "letter":
                lines = addressed(item.contact.name, item.contact.lines)
                address = {f"address_line_{number}": line for number, line in enumerate(lines, 1)}
                words = {"subject": item.title, "body": marked}
                return client.send_letter_notification(template, address | words, reference=item.reference)

    async def _call(self, ask: Callable[[NotificationsAPIClient], Any]) -> Any:
        client = await self._clients.get()
        try:
            return await asyncio.to_thread(ask, client)
        finally:
            self._clients.put_nowait(client)


def _types(error: APIError) -> set[str]:
    """The kinds of error of an answer: what to go by, since messages are for people and change."""
    listed = error.message
    return {str(each.get("error")) for each in listed if isinstance(each, dict)} if isinstance(listed, list) else set()


def _named(error: APIError) -> str:
    if error.response is None:
        return type(error.__cause__ or error).__name__
    return f"{error.status_code} {' '.join(sorted(_types(error)))}".strip()


def _limited(error: APIError) -> NotTaken | None:
    if error.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    problem = next((LIMIT_PROBLEMS[kind] for kind in _types(error) if kind in LIMIT_PROBLEMS), "rate-limit")
    return NotTaken(cast(DeliveryProblem, problem))


def _refused(error: APIError) -> Carried:
    """400 is about this message; 401 to 404 are about us: key, clock, what the key may do. Anything else may pass."""
    if isinstance(error.__cause__, requests.ConnectionError):
        return Closed(_named(error))  # had it been taken all the same, it would be found before the next call
    if limited := _limited(error):
        return limited
    match error.status_code:
        case HTTPStatus.BAD_REQUEST:
            return NotTaken("permanent-failure")
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN | HTTPStatus.NOT_FOUND:
            return Closed(_named(error))
        case _:
            return NotTaken("technical-failure")
