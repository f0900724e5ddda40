"""Routes of what came from the ERO Portal: a decision that could not be carried out is put right by hand."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.registration.portal.decider import PutRight, decisions
from shared.eventcore.recording import Receipt
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.now import Now
from shared.service.problems import refusals

router = APIRouter(
    prefix="/portal/decisions",
    tags=["ERO Portal"],
    dependencies=[requires("registration-officer", "ero-deputy", "postal-team")],
)


class How(BaseModel):
    how: str = Field(min_length=1, max_length=1000, description="what was done instead")


@router.post("/{decision}/put-right", responses=refusals("no-such-portal-decision", "nothing-to-put-right"))
async def put_right(decision: UUID, body: How, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """Say that what could not be carried out was dealt with."""
    return await execute(decisions, decision, PutRight(body.how, now), by=officer)
