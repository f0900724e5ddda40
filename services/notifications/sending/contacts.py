"""Name, address, e-mail and phone of whom a message is for, asked of their owner at the moment of use (ADR 0007).

The answer is used and forgotten: nothing here, or behind it, keeps one. The owner writes down that it was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx
from pydantic import TypeAdapter, ValidationError

from shared.events.values_notifications import Recipient, RecipientKind
from shared.service.peers import PeerAway, Peers

OWNERS: Final[dict[RecipientKind, str]] = {
    "applicant": "registration",
    "elector": "registration",
    "member": "committees",
    "customer": "finance",
}
"""Which service knows how to reach whom."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody can be reached now. `lines`: the postal address without the name, none when there is none to write to;
    `email` and `phone` are empty where the owner knows none."""

    name: str
    lines: tuple[str, ...]
    email: str = ""
    phone: str = ""


class NoSuchCorrespondent(Exception):
    """The owner knows this person no longer (they were erased), or writes to them alone (an anonymous elector). Asking again
    changes nothing."""


class OwnerAway(Exception):
    """The owner cannot be asked now. Try later."""


class NotSaid(OwnerAway):
    """The owner answers, but not about this person: it does not let us, cannot, or says what nobody understands. Others may
    be asked about meanwhile. Denied looks like not found, so a 404 says nothing about anybody."""


class Contacts:
    """Whom a message is for, by the one service that knows."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers

    async def of(self, recipient: Recipient, authority: str) -> Contact:
        """Raises `NoSuchCorrespondent` (not to be written to by us), `OwnerAway` or `NotSaid` (try later)."""
        owner = OWNERS[recipient.kind]
        path = f"/correspondents/{recipient.kind}/{recipient.id}"
        try:
            answer = await self._peers.get(owner, path, authority, reason="to send a message")
        except PeerAway as away:
            raise OwnerAway(str(away)) from None
        if answer.status_code == HTTPStatus.GONE or _is_anonymous(answer):
            raise NoSuchCorrespondent(recipient.kind)
        if not answer.is_success:
            raise NotSaid(f"{owner} answered {answer.status_code}")
        return _contact(owner, answer)


_READ: Final = TypeAdapter(Contact)


def _contact(owner: str, answer: httpx.Response) -> Contact:
    try:
        return _READ.validate_json(answer.content)
    except ValidationError:  # its text would quote the answer
        raise NotSaid(f"{owner} answered something other than a contact") from None


def _is_anonymous(answer: httpx.Response) -> bool:
    return answer.status_code == HTTPStatus.CONFLICT and b":anonymous-entry" in answer.content
