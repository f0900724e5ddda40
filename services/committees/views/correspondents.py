"""How a member is written to: the name with its title, and the office address, read from the history and not kept."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request

from shared.events.committees import MemberContactChanged, MemberTookOffice
from shared.events.definition import known
from shared.service.auth import Authority
from shared.service.correspondents import ASKED, ERASED, Correspondent, erased
from shared.service.problems import not_found

router = APIRouter(prefix="/correspondents", tags=["correspondents"], dependencies=ASKED)


@router.get("/member/{member_id}", responses=ERASED)
async def member(member_id: UUID, request: Request, authority: Authority) -> Correspondent:
    """A member, also one who has left: what the last term and the last change of contact say."""
    name = contact = None
    title, found = "", False
    for event in await request.app.state.history(member_id, authority):
        match event.data:
            case MemberTookOffice():
                name, contact = known(event.data.name), known(event.data.contact)
                title, found = event.data.title, True
            case MemberContactChanged():
                contact = known(event.data.contact)
            case _:
                pass
    if not found:
        raise not_found()
    if name is None or contact is None:
        raise erased()
    lines = [line for line in (*contact.lines, contact.postcode) if line]
    return Correspondent(name=f"{title} {name}".strip(), lines=lines, email=contact.email, phone=contact.phone)
