"""Routes of properties: added, judged, retired, split, merged and allocated by hand. Gazetteer files come through `imports`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, status
from pydantic import AfterValidator, BaseModel, Field

from services.registration.properties.decider import (
    AllocateProperty,
    ClearAllocation,
    JudgeElectoral,
    Property,
    RecordFacts,
    RetireProperty,
    properties,
)
from services.registration.properties.succession import SucceedProperty, Successor, successor
from services.registration.views.history import PropertyKey, stream_of
from shared.eventcore.recording import Receipt
from shared.events.values import Authority, ElectoralAreas, GazetteerFacts, PropertyId, property_id
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(
    prefix="/properties", tags=["properties"], dependencies=[requires("registration-officer", "ero-deputy")]
)


MOST: Final = {
    "uprn": 10**12, "parent_uprn": 10**12, "usrn": 10**8, "logical_status": 10, "lpi_status": 10, "state": 10,
}  # fmt: skip
"""What a gazetteer's numbers are less than: so many digits have they. [BS 7666]"""


def _in_figures(facts: GazetteerFacts) -> GazetteerFacts:
    for name, most in MOST.items():
        if not 0 <= (getattr(facts, name) or 0) < most:
            raise ValueError(f"{name} is a number of at most {len(str(most)) - 1} digits")
    return facts


@router.post("", status_code=status.HTTP_201_CREATED)
async def add(
    body: Annotated[GazetteerFacts, AfterValidator(_in_figures)],
    execute: Execute,
    officer: Officer,
    authority: ActingFor,
) -> Receipt:
    """A property that no gazetteer has told us of: a new build, a boat, a pitch. A UPRN is welcome, not required."""
    identity = property_id(Authority(authority), body.uprn) if body.uprn else PropertyId(uuid4())
    return await execute(properties, identity, RecordFacts(identity, body), by=officer)


class Judgement(BaseModel):
    electoral: bool
    because: str = Field(min_length=1, max_length=500)


@router.post("/{property}/electoral", responses=refusals("unknown-property", "reason-needed"))
async def judge(property: UUID, body: Judgement, execute: Execute, officer: Officer) -> Receipt:
    """Say by hand whether people may be registered here; stands, whatever the gazetteer says later."""
    command = JudgeElectoral(PropertyId(property), body.electoral, body.because)
    return await execute(properties, property, command, by=officer)


class Because(BaseModel):
    because: str = Field(min_length=1, max_length=500)


@router.post("/{property}/retirement", responses=refusals("unknown-property"))
async def retire(property: UUID, body: Because, execute: Execute, officer: Officer) -> Receipt:
    return await execute(properties, property, RetireProperty(PropertyId(property), body.because), by=officer)


ENDS_DO_NOT_MEET = refusals(
    "unknown-property", "successor-unknown", "successor-retired", "successor-without-uprn", "already-succeeded",
    invalid=("successor-is-itself", "split-needs-two", "merger-needs-two", "reason-needed"),
)  # fmt: skip
Keys = Annotated[list[PropertyKey], Field(min_length=1, max_length=500)]


class Split(BaseModel):
    """`into`: the properties that stand there now, by id or UPRN. Add them first."""

    into: Keys
    because: str = Field(min_length=1, max_length=500)


@router.post("/{property}/split", responses=ENDS_DO_NOT_MEET)
async def split(
    property: PropertyKey, body: Split, request: Request, execute: Execute, officer: Officer, authority: ActingFor
) -> Receipt:
    """One property became several. Who is registered at it waits on the list of displaced electors."""
    identity = PropertyId(stream_of(property, authority))
    ends = await _ends(body.into, request, authority)
    return await execute(properties, identity, SucceedProperty(identity, "split", ends, body.because), by=officer)


class Replacement(BaseModel):
    by: PropertyKey
    because: str = Field(min_length=1, max_length=500)


@router.post("/{property}/replacement", responses=ENDS_DO_NOT_MEET)
async def replace(
    property: PropertyKey, body: Replacement, request: Request, execute: Execute, officer: Officer, authority: ActingFor
) -> Receipt:
    """One property took the place of another: it was renumbered or renamed, and bears another UPRN."""
    identity = PropertyId(stream_of(property, authority))
    ends = await _ends([body.by], request, authority)
    return await execute(properties, identity, SucceedProperty(identity, "replaced", ends, body.because), by=officer)


class Merger(BaseModel):
    """`ends`: the properties that are no more; `into`: the one that stands there now."""

    ends: Keys
    into: PropertyKey
    because: str = Field(min_length=1, max_length=500)


class Merged(BaseModel):
    into: PropertyId
    ended: list[PropertyId]


@router.post("/merger", responses=ENDS_DO_NOT_MEET)
async def merge(body: Merger, request: Request, execute: Execute, officer: Officer, authority: ActingFor) -> Merged:
    """Several properties became one. Each is decided before the first is recorded; said again, what is missing is added."""
    identities = list(dict.fromkeys(PropertyId(stream_of(key, authority)) for key in body.ends))
    ends = await _ends([body.into], request, authority)
    commands = [
        SucceedProperty(one, "merged", ends, body.because, tuple(other for other in identities if other != one))
        for one in identities
    ]
    for command in commands:
        properties.decide(command, await _state(command.property_id, request, authority))
    for command in commands:
        await execute(properties, command.property_id, command, by=officer)
    return Merged(into=ends[0].property_id, ended=identities)


async def _ends(keys: list[PropertyKey], request: Request, authority: str) -> tuple[Successor, ...]:
    identities = dict.fromkeys(PropertyId(stream_of(key, authority)) for key in keys)
    return tuple([successor(one, await _state(one, request, authority)) for one in identities])


async def _state(identity: PropertyId, request: Request, authority: str) -> Property:
    known: Property = (await request.app.state.execute.state(properties, identity, authority)).state
    return known


class Allocation(BaseModel):
    areas: ElectoralAreas
    reason: str = Field(min_length=1, max_length=500)
    effective_on: date | None = None


@router.post("/{property}/allocation", responses=refusals("unknown-property", "district-or-ward-needed"))
async def allocate(property: UUID, body: Allocation, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Allocate by hand, with a reason; a later boundary run does not undo it."""
    command = AllocateProperty(PropertyId(property), body.areas, "manual", body.effective_on or today, body.reason)
    return await execute(properties, property, command, by=officer)


@router.post("/{property}/allocation/clearing", responses=refusals("unknown-property"))
async def clear(property: UUID, body: Because, execute: Execute, officer: Officer) -> Receipt:
    return await execute(properties, property, ClearAllocation(PropertyId(property), body.because), by=officer)
