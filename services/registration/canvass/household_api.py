"""Routes of a household that answers its canvass letter by web or text, with a security code of two parts and no sign-in.

A wrong reference and a wrong secret get the same answer. Wrong secrets are counted in the property's history; the fifth locks
the code until an officer issues another.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal
from uuid import UUID, uuid5

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from services.registration.canvass import codes
from services.registration.canvass.api import Reply, canvassed
from services.registration.canvass.commands import ReceiveResponse, TryCode
from services.registration.canvass.decider import Canvassed, properties_in_canvass
from services.registration.canvass.rules import WRONG_CODE
from services.registration.canvass.years.decider import canvasses, open_canvass
from services.registration.views.canvass_electors import residents
from shared.eventcore.deciding import Refused
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Metadata
from shared.events.registration import CanvassPropertyId
from shared.events.values import Authority
from shared.service.auth import public
from shared.service.correlation import correlation_id
from shared.service.database import reading_on
from shared.service.http import IdempotencyKey
from shared.service.now import Today
from shared.service.problems import refusals

ACTOR, ORIGIN = "household", "canvass reply"
Council = Annotated[str, Path(pattern=r"^[ENSW]\d{8}$", description="GSS code, as on the letter")]
REFUSED = refusals(
    "wrong-security-code", "security-code-locked", "canvass-closed",
    invalid=("answer-not-clear", "not-an-elector-here"),
)  # fmt: skip
router = APIRouter(prefix="/canvass-replies/{council}", tags=["canvass replies"])


class Code(BaseModel):
    """Both parts as on the letter; case, spaces and hyphens do not matter."""

    reference: str = Field(min_length=1, max_length=30, examples=["ABCDE-FGH23"])
    secret: str = Field(min_length=1, max_length=30, examples=["JKLM-4567"])


class Shown(BaseModel):
    """An elector as the household is shown."""

    elector_id: UUID
    name: str


class Opened(BaseModel):
    """What a household confirms or corrects. `answered`: a reply was taken already; another is kept as a note."""

    address: str
    electors: list[Shown]
    answered: bool


@router.post("/opening", responses=REFUSED)
@public
async def open_reply(council: Council, body: Code, request: Request, response: Response, today: Today) -> Opened:
    """Whom the register has at the address, for somebody who holds its letter."""
    _, state = await entered(request, council, body)
    async with reading_on(request.app.state.pool, council) as conn:
        line = await conn.fetchval("SELECT line FROM properties.property WHERE property_id = $1", state.property_id)
        found = await residents(conn, council, [state.property_id], today)
    response.headers["Cache-Control"] = "no-store"
    known = [Shown(elector_id=e, name=name) for e, name in found.get(state.property_id, []) if e in state.known]
    return Opened(address=line or "", electors=known, answered=state.outcome is not None)


class CodedReply(Reply):
    code: Code
    channel: Literal["web", "sms"] = "web"
    contactable: bool = False


class Thanks(BaseModel):
    """`closed`: nothing more will be asked of the household in this canvass."""

    closed: bool


@router.post("", responses=REFUSED)
@public
async def reply(council: Council, body: CodedReply, key: IdempotencyKey, request: Request, today: Today) -> Thanks:
    """Take a household's reply. Registers and removes nobody: new residents are invited to apply."""
    place, _ = await entered(request, council, body.code)
    executor: Executor = request.app.state.execute
    response_id = uuid5(place, key)
    command = ReceiveResponse(response_id, body.channel, tuple(body.answers), body.said(), today, body.contactable)
    named = hashlib.sha256(f"{ACTOR}|{response_id}".encode()).hexdigest()[:40]
    await executor(properties_in_canvass, place, command, by=acting(council, f"{ACTOR}:{named}"))
    return Thanks(closed=(await canvassed(executor, place, council)).outcome is not None)


async def entered(request: Request, council: str, given: Code) -> tuple[CanvassPropertyId, Canvassed]:
    """The property that a code opens, in a canvass that goes on. A wrong secret is counted before it is refused."""
    executor: Executor = request.app.state.execute
    code = codes.typed(given.reference, given.secret)
    async with reading_on(request.app.state.pool, council) as conn:
        found = await conn.fetchval(
            "SELECT canvass_property_id FROM canvass.property WHERE authority = $1 AND reference = $2"
            " ORDER BY canvass_property_id LIMIT 1",
            council, code.reference,
        )  # fmt: skip
    if found is None:
        raise Refused(WRONG_CODE)
    place = CanvassPropertyId(found)
    attempt = TryCode(codes.digest(executor.blind, Authority(council), code))
    if (await executor(properties_in_canvass, place, attempt, by=acting(council))).events:
        raise Refused(WRONG_CODE)
    state = await canvassed(executor, place, council)
    open_canvass((await executor.state(canvasses, state.canvass_id, council)).state)
    return place, state


def acting(council: str, command_id: str = "") -> Metadata:
    return Metadata(ACTOR, council, correlation_id(), command_id=command_id, origin=ORIGIN)
