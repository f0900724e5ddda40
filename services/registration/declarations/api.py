"""Routes of declarations: renewed, cancelled, and what the office learns of a voter's service."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel

from services.registration.declarations.decider import (
    CancelDeclaration,
    LearnServiceEnd,
    RenewDeclaration,
    declarations,
)
from shared.eventcore.recording import Receipt
from shared.events.registration import declaration_id
from shared.events.values import ElectorId
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(
    prefix="/declarations", tags=["declarations"], dependencies=[requires("registration-officer", "ero-deputy")]
)
Elector = Annotated[UUID, Path(description="the stable id of the elector whose entry rests on the declaration")]


class Renewal(BaseModel):
    """`made_on`: the date on the declaration."""

    made_on: date


@router.post(
    "/{elector}/renewal",
    responses=refusals("declaration-too-old", "no-declaration-in-force", invalid=["declaration-dated-ahead"]),
)
async def renew(elector: Elector, body: Renewal, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """A fresh declaration while one is in force: the entry lasts a further term."""
    stream = declaration_id(ElectorId(elector))
    return await execute(declarations, stream, RenewDeclaration(body.made_on, today), by=officer)


class ServiceEnd(BaseModel):
    ends_on: date


@router.post("/{elector}/service-end", responses=refusals("no-declaration-in-force"))
async def service_end(elector: Elector, body: ServiceEnd, execute: Execute, officer: Officer) -> Receipt:
    """The voter leaves the service on a known day: no reminder is sent any more."""
    return await execute(declarations, declaration_id(ElectorId(elector)), LearnServiceEnd(body.ends_on), by=officer)


@router.post("/{elector}/cancellation", responses=refusals("no-declaration-in-force"))
async def cancel(elector: Elector, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The voter takes the declaration back, or it no longer holds. The entry goes, and what hangs on it."""
    return await execute(declarations, declaration_id(ElectorId(elector)), CancelDeclaration(today), by=officer)
