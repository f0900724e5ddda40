"""The route of proof: a copy is made again and compared with what the ledger says was handed over."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel

from services.registration.supply.api import state_of
from services.registration.supply.editions import made_here, poll_of
from services.registration.supply.fingerprint import differing, erased_in, explained, fingerprint_key
from services.registration.supply.making import edition_of, make
from services.registration.views.access import OFFICERS
from shared.service.auth import Authority
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.problems import not_found
from shared.service.read_audit import audited

router = APIRouter(prefix="/supplies", tags=["supply of the register"])


class Proof(BaseModel):
    """The hash that the ledger holds, and that of the file made again now. They differ when a person in it was erased: `erasures`
    are the events that say so, where they account for all that differs; then `reproducible`, as when it is `equal`."""

    supply_id: UUID
    recorded: str
    made_again: str
    entries: int
    equal: bool
    reproducible: bool
    erasures: list[str]


@router.get("/{supply}/proof", dependencies=[OFFICERS, caught_up("register", "audit"), audited("supply proof")])
async def prove(supply: UUID, request: Request, conn: Reading, authority: Authority) -> Proof:
    """Make the file again and compare it with what the ledger says was handed over."""
    known = await state_of(request, supply, authority)
    if known is None or known.file is None:
        raise not_found()
    edition = edition_of(made_here(known.request), known.file, poll_of(known.request))
    layout = known.file.layout, known.file.layout_version
    made = await make(conn, authority, edition, layout, fingerprint_key(request.app.state.execute.blind, authority))
    equal, erasures = made.sha256 == known.file.sha256, list[str]()
    if not equal and known.file.fingerprint:
        places = differing(known.file.fingerprint, made.fingerprint)
        erased = await erased_in(conn, authority, edition) if places else []
        erasures = explained(places, erased, known.file.entries - made.entries)
    return Proof(
        supply_id=supply, recorded=known.file.sha256, made_again=made.sha256, entries=made.entries, equal=equal,
        reproducible=equal or bool(erasures), erasures=erasures,
    )  # fmt: skip
