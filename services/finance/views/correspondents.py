"""How a customer is written to about a sale: the e-mail address given for the receipt. Finance keeps no postal address."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request

from services.finance.fees.decider import Quoted, sales
from shared.events.definition import known
from shared.service.auth import Authority
from shared.service.correspondents import ASKED, ERASED, Correspondent, erased
from shared.service.problems import not_found

router = APIRouter(prefix="/correspondents", tags=["correspondents"], dependencies=ASKED)


@router.get("/customer/{sale_id}", responses=ERASED)
async def customer(sale_id: UUID, request: Request, authority: Authority) -> Correspondent:
    """Who bought a copy of a register in this sale."""
    sale = (await request.app.state.execute.state(sales, sale_id, authority)).state
    if not isinstance(sale, Quoted):
        raise not_found()
    name, email = known(sale.quote.customer), known(sale.quote.email)
    if name is None or email is None:
        raise erased()
    return Correspondent(name=name, lines=[], email=email)
