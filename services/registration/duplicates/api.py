"""Routes of likely duplicates: dismissed or confirmed by one officer; two entries merged by another; a merge undone."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.registration.applications.api import Poll, ahead
from services.registration.duplicates.decider import (
    ConfirmDuplicate,
    DismissDuplicate,
    Settled,
    SuspectDuplicate,
    suspicions,
)
from services.registration.electors.commands import MergeElector, UndoMerge
from services.registration.electors.decider import Merged, OffRegister, OnRegister, electors
from shared.eventcore.deciding import Refused
from shared.eventcore.recording import Receipt
from shared.events.registration import NotDuplicate, suspicion_id
from shared.events.values import ElectorId
from shared.law.duplicates import NOT_SUSPECTED
from shared.law.effect import Programme
from shared.law.electors import MERGED, NOT_ON_REGISTER, NOT_ONE_PERSON
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(tags=["duplicates"], dependencies=[requires("registration-officer", "ero-deputy")])


class Pair(BaseModel):
    """Two entries that an officer takes for one person's."""

    one: UUID
    other: UUID


@router.post("/duplicates", responses=refusals("not-on-register", "merge-with-itself"))
async def suspect(
    body: Pair, request: Request, execute: Execute, officer: Officer, authority: Authority, today: Today
) -> Receipt:
    """An officer noticed that two entries may be one person's."""
    if body.one == body.other:
        raise Refused(NOT_ONE_PERSON)
    for elector in (body.one, body.other):
        await standing(elector, request, authority)
    pair = (ElectorId(body.one), ElectorId(body.other))
    command = SuspectDuplicate(pair, (), 100, ("noticed-by-an-officer",), today, "officer")
    return await execute(suspicions, suspicion_id(*pair), command, by=officer)


class Dismissal(BaseModel):
    because: NotDuplicate


@router.post("/duplicates/{pair}/dismissal", responses=refusals("no-such-suspicion", "suspicion-settled"))
async def dismiss(pair: UUID, body: Dismissal, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """They stay two: other people, or one person with two true residences."""
    return await execute(suspicions, pair, DismissDuplicate(today, body.because), by=officer)


class Confirmation(BaseModel):
    """`moved`: an application for a new address by the person whose entry is at the old one."""

    moved: bool = False


@router.post(
    "/duplicates/{pair}/confirmation", responses=refusals("no-such-suspicion", "suspicion-settled", "nobody-moved")
)
async def confirm(pair: UUID, body: Confirmation, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """They are one person's. An application ends as a duplicate, or the old entry goes when a mover's application is
    allowed; two entries wait for another officer to merge them."""
    return await execute(suspicions, pair, ConfirmDuplicate(today, officer.id, body.moved), by=officer)


class Merger(BaseModel):
    """`stays`: the entry that remains; the other one ends."""

    stays: UUID
    polls: list[Poll] = Field(default_factory=list)


@router.post("/duplicates/{pair}/merge", responses=refusals("no-such-suspicion", "maker-is-checker", "elector-merged"))
async def merge(
    pair: UUID, body: Merger, request: Request, execute: Execute, officer: Officer, authority: Authority, today: Today
) -> Receipt:
    """Merge two entries that another officer confirmed to be one person's. It can be undone."""
    suspicion = (await request.app.state.execute.state(suspicions, pair, authority)).state
    if not isinstance(suspicion, Settled) or suspicion.confirmed is None:
        raise Refused(NOT_SUSPECTED)
    confirmed = suspicion.confirmed
    ends = [elector for elector in confirmed.electors if elector != body.stays]
    if len(confirmed.electors) != 2 or len(ends) != 1:
        raise Refused(NOT_ONE_PERSON)
    await standing(body.stays, request, authority)
    command = MergeElector(
        ElectorId(body.stays), today, confirmed.confirmed_by, officer.id, Programme(polls=ahead(body.polls))
    )
    return await execute(electors, ends[0], command, by=officer)


class Undoing(BaseModel):
    because: NotDuplicate
    polls: list[Poll] = Field(default_factory=list)


@router.post("/electors/{elector}/merge/undoing", responses=refusals("elector-not-merged", "nothing-to-reinstate"))
async def undo(elector: UUID, body: Undoing, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The records were of two people after all: this one, which was merged away, stands for itself again."""
    command = UndoMerge(today, body.because, Programme(polls=ahead(body.polls)))
    return await execute(electors, elector, command, by=officer)


async def standing(elector: UUID, request: Request, authority: str) -> None:
    """Raises `Refused` for an id that is no elector's, or was merged into another."""
    known = (await request.app.state.execute.state(electors, elector, authority)).state
    if isinstance(known, Merged):
        raise Refused(MERGED)
    if not isinstance(known, OnRegister | OffRegister):
        raise Refused(NOT_ON_REGISTER)
