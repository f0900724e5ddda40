"""How households are written to in a canvass, a hundred at a time: address, names on the register and security code of each
contact, asked when its letter is written and not kept (ADR 0007, 0012).

A letter written again says the same: the code is that of the contact's own issue, and the names are those of its day.
"""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from services.registration.canvass import codes
from services.registration.views.canvass_electors import residents
from shared.eventcore.execute import Executor
from shared.events.registration import CanvassPropertyId
from shared.events.values import AddressLines
from shared.events.values import Authority as Council
from shared.service.auth import Authority, requires
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.read_audit import audited

MOST = 100
_ASKED = """
    SELECT k.contact_id, k.canvass_property_id, k.made_on, k.issue, c.property_id, p.address FROM canvass.contact k
    JOIN canvass.property c ON c.canvass_property_id = k.canvass_property_id
    JOIN properties.property p ON p.property_id = c.property_id
    WHERE k.authority = $1 AND k.contact_id = ANY($2) ORDER BY k.made_on, k.contact_id
"""


class Household(BaseModel):
    """`electors`: ordinary electors of the property on the day of the contact, by name. `code`: both parts; empty where the
    contact carries none."""

    contact_id: UUID
    lines: list[str]
    electors: list[str]
    code: str


router = APIRouter(prefix="/correspondents", tags=["correspondents"])


@router.get(
    "/households",
    dependencies=[
        requires("correspondence"), audited("households of a canvass"), caught_up("canvass", "electors", "properties"),
    ],
)  # fmt: skip
async def households(
    contact: Annotated[list[UUID], Query(min_length=1, max_length=MOST, description="ids of contacts")],
    request: Request,
    response: Response,
    conn: Reading,
    authority: Authority,
) -> list[Household]:
    """The households of these contacts; one that is not known, or not yet, is left out."""
    executor: Executor = request.app.state.execute
    response.headers["Cache-Control"] = "no-store"
    rows = await conn.fetch(_ASKED, authority, contact)
    found: list[Household] = []
    for day, on_that_day in groupby(rows, key=lambda row: row["made_on"]):
        contacts = list(on_that_day)
        people = await residents(conn, authority, [row["property_id"] for row in contacts], day)
        for row in contacts:
            names = [name for _, name in people.get(row["property_id"], [])]
            found.append(_household(row, names, _code(executor, authority, row)))
    return found


def _household(row: Any, names: list[str], code: str) -> Household:
    address = AddressLines(**orjson.loads(row["address"]))
    return Household(contact_id=row["contact_id"], lines=list(address.lines()), electors=names, code=code)


def _code(executor: Executor, authority: str, row: Any) -> str:
    if not row["issue"]:
        return ""
    place = CanvassPropertyId(row["canvass_property_id"])
    return str(codes.code_of(executor.blind, Council(authority), place, row["issue"]))
