"""Whom a message is for, asked of the one service that knows; and what is tried again, what never."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from services.notifications.sending.contacts import Contact, Contacts, NoSuchCorrespondent, NotSaid, OwnerAway
from shared.events.values import PersonId
from shared.events.values_notifications import Recipient, RecipientKind
from shared.service.peers import PeerAway

ADA = {"name": "Ada Marsh", "lines": ["10 Gorse Lane", "ZZ1 1AA"], "email": "ada@example.org", "phone": ""}


class Neighbours:
    """Stands at the port of `Peers`: its own behaviour is shown in shared/service/tests/test_peers.py."""

    def __init__(self, answer: httpx.Response | None) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str, str]] = []

    async def get(self, context: str, path: str, authority: str, *, reason: str = "") -> httpx.Response:
        self.asked.append((context, path, authority))
        if self.answer is None:
            raise PeerAway("The service committees cannot be reached.")
        return self.answer


async def of(answer: httpx.Response | None, kind: RecipientKind = "member") -> tuple[Contact, Neighbours]:
    neighbours: Any = Neighbours(answer)
    return await Contacts(neighbours).of(Recipient(kind, UUID(int=7)), "E07000999"), neighbours


@pytest.mark.parametrize(
    ("kind", "owner"),
    [("applicant", "registration"), ("elector", "registration"), ("member", "committees"), ("customer", "finance")],
)
async def test_the_owner_of_the_name_is_asked(kind: RecipientKind, owner: str):
    contact, neighbours = await of(httpx.Response(200, json=ADA), kind)
    assert contact == Contact("Ada Marsh", ("10 Gorse Lane", "ZZ1 1AA"), "ada@example.org")
    assert neighbours.asked == [(owner, f"/correspondents/{kind}/{UUID(int=7)}", "E07000999")]


async def test_a_proxy_is_asked_for_by_whom_they_act_for():
    neighbours: Any = Neighbours(httpx.Response(200, json=ADA | {"facts": {"elector": "Bea Marsh"}}))
    contact = await Contacts(neighbours).of(
        Recipient("elector", UUID(int=7), PersonId(UUID(int=8)), as_proxy=True), "E07000999"
    )
    assert contact.facts == {"elector": "Bea Marsh"}
    assert neighbours.asked == [("registration", f"/correspondents/proxy/{UUID(int=7)}/{UUID(int=8)}", "E07000999")]


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(410, json={}), httpx.Response(409, json={"type": "urn:moothall:problem:anonymous-entry"})],
)
async def test_whoever_is_erased_or_not_ours_to_write_to_is_never_asked_for_again(answer: httpx.Response):
    with pytest.raises(NoSuchCorrespondent):
        await of(answer)


@pytest.mark.parametrize("status", [403, 404, 409, 422])
async def test_a_denial_says_nothing_about_the_person_and_nothing_is_held_against_the_message(status: int):
    with pytest.raises(NotSaid):
        await of(httpx.Response(status, json={"type": "urn:moothall:problem:not-found"}))


@pytest.mark.parametrize(
    "answer",
    [None, httpx.Response(422, json={}), httpx.Response(200, text="<html>"), httpx.Response(200, json={"name": "Ada"})],
)
async def test_an_owner_without_a_usable_answer_is_asked_again_later(answer: httpx.Response | None):
    with pytest.raises(OwnerAway) as away:
        await of(answer)
    assert "Ada" not in str(away.value)
