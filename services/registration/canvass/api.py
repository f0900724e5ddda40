"""Routes of one property in a canvass: its route, contacts, replies taken by officers, enquiries, conflicts of visits."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from services.registration.canvass import codes
from services.registration.canvass.commands import (
    ChooseRoute,
    ConcludeEnquiry,
    IssueCode,
    MakeContact,
    ReceiveResponse,
    RecordDelivery,
    ResolveConflict,
)
from services.registration.canvass.decider import Canvassed, properties_in_canvass
from services.registration.canvass.rules import NOT_IN_CANVASS
from services.registration.canvass.years.api import OFFICERS, Year, of_year, under_way
from services.registration.views.canvass_electors import only_excluded
from shared.eventcore.deciding import Refused
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Receipt
from shared.events.registration import (
    Answer,
    CanvassContact,
    CanvassPropertyId,
    CanvassReply,
    DeliveryResult,
    Kept,
    NewResident,
    ReplyChannel,
    RouteGround,
    canvass_property_id,
)
from shared.events.values import Authority as Council
from shared.events.values import ElectorId, PersonName, PropertyId
from shared.service.auth import Authority, Officer
from shared.service.commands import Execute
from shared.service.database import Reading
from shared.service.http import IdempotencyKey
from shared.service.now import Today
from shared.service.problems import refusals

MOST = 50
"""People named in one reply, electors written to in one contact."""
router = APIRouter(
    prefix="/canvasses/{year}/properties/{property_id}", tags=["canvass"], dependencies=[OFFICERS]
)  # fmt: skip


async def place_of(year: Year, property_id: UUID, request: Request, authority: Authority) -> CanvassPropertyId:
    """The stream of the property in an open canvass. Raises `Refused`: `no-canvass`, `canvass-closed`."""
    await under_way(request, authority, year)
    return canvass_property_id(of_year(authority, year), PropertyId(property_id))


Place = Annotated[CanvassPropertyId, Depends(place_of)]


async def canvassed(execute: Executor, place: CanvassPropertyId, authority: str) -> Canvassed:
    """What is known of the property. Raises `Refused`: `not-in-canvass`."""
    state = (await execute.state(properties_in_canvass, place, authority)).state
    if not isinstance(state, Canvassed):
        raise Refused(NOT_IN_CANVASS)
    return state


class RouteChoice(BaseModel):
    """Route 3 names its ground, and somebody who answers for the residents must be known."""

    route: Literal[1, 2, 3]
    reason: str = Field(min_length=1, max_length=500)
    ground: RouteGround = ""
    person_known: bool = False


@router.post(
    "/route",
    responses=refusals(
        "not-in-canvass", "route-as-it-is", "not-for-route-1", "not-for-route-3", "no-responsible-person",
        invalid=("reason-for-route-needed",),
    ),
)  # fmt: skip
async def choose_route(
    property_id: UUID,
    body: RouteChoice,
    place: Place,
    conn: Reading,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    today: Today,
) -> Receipt:
    """Put a property on another route than the data step found, for a reason."""
    left_out = body.route == 3 and await only_excluded(conn, authority, property_id, today)
    command = ChooseRoute(body.route, body.reason, body.ground, body.person_known, left_out)
    return await execute(properties_in_canvass, place, command, by=officer)


class ContactMade(BaseModel):
    """`recipients`: electors written to, mailed or rung; none for a contact of the property itself."""

    contact: CanvassContact
    made_on: date | None = None
    batch: str = Field("", max_length=60)
    recipients: list[UUID] = Field(default_factory=list, max_length=MOST)


@router.post(
    "/contacts",
    responses=refusals(
        "not-in-canvass", "contact-out-of-place", "canvass-property-answered", invalid=("not-an-elector-here",)
    ),
)
async def make_contact(
    body: ContactMade,
    place: Place,
    key: IdempotencyKey,
    request: Request,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    today: Today,
) -> Receipt:
    """Record one contact. One that may be answered in writing carries the property's security code."""
    code = await code_in_use(request.app.state.execute, place, authority)
    command = MakeContact(
        uuid5(place, key), body.contact, body.made_on or today, body.batch,
        tuple(ElectorId(elector) for elector in body.recipients), code,
    )  # fmt: skip
    return await execute(properties_in_canvass, place, command, by=officer)


async def code_in_use(execute: Executor, place: CanvassPropertyId, authority: str) -> tuple[str, str]:
    """Reference and digest of the code that a letter to the property carries."""
    state = await canvassed(execute, place, authority)
    return codes.kept(execute.blind, Council(authority), place, max(state.issue, 1))


class Delivery(BaseModel):
    result: DeliveryResult


@router.post("/contacts/{contact_id}/delivery", responses=refusals("not-in-canvass", "no-such-contact"))
async def record_delivery(
    contact_id: UUID, body: Delivery, place: Place, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    """Record how a contact ended. A canvass communication A that came back puts the property on route 2."""
    return await execute(properties_in_canvass, place, RecordDelivery(contact_id, body.result, today), by=officer)


class IssuedCode(BaseModel):
    """A security code, to be read out or printed. It is not kept; a letter can show it again."""

    code: str


@router.post("/security-code", responses=refusals("not-in-canvass"))
async def renew_code(
    place: Place, request: Request, execute: Execute, officer: Officer, authority: Authority, response: Response
) -> IssuedCode:
    """Issue another security code; the one before no longer works."""
    executor: Executor = request.app.state.execute
    issue = (await canvassed(executor, place, authority)).issue + 1
    reference, digest = codes.kept(executor.blind, Council(authority), place, issue)
    await execute(properties_in_canvass, place, IssueCode(reference, digest), by=officer)
    response.headers["Cache-Control"] = "no-store"
    return IssuedCode(code=str(codes.code_of(executor.blind, Council(authority), place, issue)))


class Resident(BaseModel):
    """Somebody of 16 or more who lives there and is not on the register. Nationalities are ISO 3166-1 alpha-2 codes."""

    first: str = Field("", max_length=100)
    middle: str = Field("", max_length=100)
    last: str = Field(min_length=1, max_length=100)
    nationalities: list[str] = Field(default_factory=list, max_length=5)
    over_75: bool = False


class Reply(BaseModel):
    """What a household says. `no-change`, `refused` and `vague` stand alone; the others each say who or what."""

    answers: list[Answer] = Field(min_length=1, max_length=6)
    added: list[Resident] = Field(default_factory=list, max_length=MOST)
    gone: list[UUID] = Field(default_factory=list, max_length=MOST)
    staying: list[UUID] = Field(default_factory=list, max_length=MOST)
    changes: str = Field("", max_length=1000)
    note: str = Field("", max_length=1000)

    def said(self) -> CanvassReply:
        added = tuple(
            NewResident(PersonName(r.first, r.last, r.middle), tuple(r.nationalities), r.over_75) for r in self.added
        )
        gone, staying = (tuple(ElectorId(e) for e in named) for named in (self.gone, self.staying))
        return CanvassReply(added, gone, staying, self.changes, self.note)


class ReplyTaken(Reply):
    """`contactable`: the household can be asked what a vague reply meant."""

    channel: ReplyChannel
    received_on: date | None = None
    contactable: bool = False


REPLY_REFUSALS = refusals("not-in-canvass", invalid=("answer-not-clear", "not-an-elector-here"))


@router.post("/responses", responses=REPLY_REFUSALS)
async def take_reply(
    body: ReplyTaken, place: Place, key: IdempotencyKey, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    """Take a reply by phone, form, e-mail or at the desk. It registers and removes nobody."""
    command = ReceiveResponse(
        uuid5(place, key), body.channel, tuple(body.answers), body.said(), body.received_on or today, body.contactable
    )
    return await execute(properties_in_canvass, place, command, by=officer)


class EnquiryOver(BaseModel):
    reason: str = Field("", max_length=500)


@router.post("/enquiry/conclusion", responses=refusals("not-in-canvass", "no-enquiry"))
async def conclude_enquiry(body: EnquiryOver, place: Place, execute: Execute, officer: Officer) -> Receipt:
    """The enquiry about a vague reply came to nothing: the property goes to route 2."""
    return await execute(properties_in_canvass, place, ConcludeEnquiry(body.reason), by=officer)


class Resolution(BaseModel):
    """`mine` is the visiting officer's reply, `theirs` the one that was there, `both` what either says."""

    kept: Kept
    reason: str = Field("", max_length=500)


@router.post("/conflicts/{record_id}/resolution", responses=refusals("not-in-canvass", "no-visit-conflict"))
async def resolve_conflict(
    record_id: UUID, body: Resolution, place: Place, execute: Execute, officer: Officer, today: Today
) -> Receipt:
    """Decide between what was said at the door and what had been replied."""
    command = ResolveConflict(record_id, body.kept, today, body.reason)
    return await execute(properties_in_canvass, place, command, by=officer)
