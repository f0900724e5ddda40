"""Name, address, e-mail and phone of whom a message is for, asked of their owner at the moment of use (ADR 0007).

The answer is used and forgotten: nothing here, or behind it, keeps one. The owner writes down that it was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import httpx
from pydantic import TypeAdapter, ValidationError

from shared.events.values_notifications import Household, Recipient, RecipientKind
from shared.service.peers import PeerAway, Peers

OWNERS: Final[dict[RecipientKind, str]] = {
    "applicant": "registration",
    "elector": "registration",
    "member": "committees",
    "customer": "finance",
}
"""Which service knows how to reach whom."""
HOUSEHOLDS: Final = "registration"
"""Which service knows who lives where."""
AT_ONCE: Final = 100
"""Households that are asked of in one request: a canvass writes to all of a district's."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody can be reached now. `lines`: the postal address without the name, none when there is none to write to;
    `email` and `phone` are empty where the owner knows none. `facts`: what else the owner alone may say, for the template."""

    name: str
    lines: tuple[str, ...]
    email: str = ""
    phone: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


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
        if recipient.as_proxy:
            path = f"/correspondents/proxy/{recipient.id}/{recipient.person_id}"
        try:
            answer = await self._peers.get(owner, path, authority, reason="to send a message")
        except PeerAway as away:
            raise OwnerAway(str(away)) from None
        if answer.status_code == HTTPStatus.GONE or _is_anonymous(answer):
            raise NoSuchCorrespondent(recipient.kind)
        if not answer.is_success:
            raise NotSaid(f"{owner} answered {answer.status_code}")
        return _contact(owner, answer)

    async def households(self, asked: Sequence[Household], authority: str) -> dict[UUID, Contact]:
        """By contact: the address without a name, and as facts its electors and security code. Whoever registration does not
        know, or not yet, is left out. Raises `OwnerAway`."""
        found: dict[UUID, Contact] = {}
        for first in range(0, len(asked), AT_ONCE):
            query = urlencode([("contact", str(each.contact_id)) for each in asked[first : first + AT_ONCE]])
            try:
                answer = await self._peers.get(
                    HOUSEHOLDS, f"/correspondents/households?{query}", authority, reason="to send letters of a canvass"
                )
            except PeerAway as away:
                raise OwnerAway(str(away)) from None
            if not answer.is_success:
                raise OwnerAway(f"{HOUSEHOLDS} answered {answer.status_code}")
            found |= {each.contact_id: each.contact() for each in _households(answer)}
        return found


@dataclass(frozen=True, slots=True)
class _Household:
    contact_id: UUID
    lines: tuple[str, ...]
    electors: tuple[str, ...]
    code: str

    def contact(self) -> Contact:
        return Contact("", self.lines, facts={"electors": "\n".join(self.electors), "code": self.code})


_READ_HOUSEHOLDS: Final = TypeAdapter(list[_Household])


def _households(answer: httpx.Response) -> list[_Household]:
    try:
        return _READ_HOUSEHOLDS.validate_json(answer.content)
    except ValidationError:  # its text would quote the answer
        raise OwnerAway(f"{HOUSEHOLDS} answered something other than households") from None


_READ: Final = TypeAdapter(Contact)


def _contact(owner: str, answer: httpx.Response) -> Contact:
    try:
        return _READ.validate_json(answer.content)
    except ValidationError:  # its text would quote the answer
        raise NotSaid(f"{owner} answered something other than a contact") from None


def _is_anonymous(answer: httpx.Response) -> bool:
    return answer.status_code == HTTPStatus.CONFLICT and b":anonymous-entry" in answer.content
