"""Routes of messages: a letter written out for its addressee, and what became of it."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from services.notifications.inputs import Text
from services.notifications.messages.decider import (
    ComposeLetter,
    RecordDelivered,
    RecordFailure,
    RecordSent,
    existing,
    messages,
)
from services.notifications.templates.rendering import html, written
from services.notifications.views.access import CORRESPONDENCE
from shared.eventcore.clock import london_date
from shared.eventcore.recording import Receipt
from shared.events.values_notifications import DeliveryProblem
from shared.service.auth import Authority, Officer
from shared.service.commands import Execute
from shared.service.now import Now
from shared.service.problems import refusals

router = APIRouter(prefix="/messages/{message}", tags=["messages"], dependencies=[CORRESPONDENCE])


class Addressee(BaseModel):
    """Name and address as their owner has them now; they are printed and not kept."""

    name: Text = Field(min_length=1, max_length=200)
    lines: list[Text] = Field(min_length=2, max_length=10)


@router.post(
    "/letter", response_class=HTMLResponse,
    responses=refusals(
        "unknown-message", "message-not-waiting", "message-not-yet-due", "unknown-template", "template-data-unfit",
        invalid=["address-unfit", "not-a-letter"],
    ),
)  # fmt: skip
async def compose(
    message: UUID, body: Addressee, request: Request, execute: Execute, officer: Officer, authority: Authority, now: Now
) -> HTMLResponse:
    """Write the letter out, to be printed and posted. It bears the day on which it fell due, so that the same letter printed
    again on another day is the same."""
    known = existing((await request.app.state.execute.state(messages, message, authority)).state)
    page = html(written(known.message, body.name, body.lines, london_date(known.due_at)))
    receipt = await execute(messages, message, ComposeLetter(sha256(page.encode()).hexdigest(), now), by=officer)
    return HTMLResponse(
        page, headers={"Cache-Control": "no-store", "ETag": f'"{receipt.version}"', "X-Position": receipt.token}
    )


Attempt = Annotated[
    int | None, Field(ge=1, le=100, description="which attempt this is about; the one under way without it")
]


class Sending(BaseModel):
    provider_reference: Text = Field("", max_length=100)
    attempt: Attempt = None


@router.post(
    "/sending",
    responses=refusals(
        "unknown-message", "message-not-waiting", "message-not-yet-due", "letter-not-composed", "another-attempt"
    ),
)
async def sent(message: UUID, body: Sending, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """The message left the council."""
    return await execute(messages, message, RecordSent(now, body.provider_reference, attempt=body.attempt), by=officer)


@router.post("/delivery", responses=refusals("unknown-message", "message-not-sent"))
async def delivered(message: UUID, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """The message arrived."""
    return await execute(messages, message, RecordDelivered(now), by=officer)


class Failure(BaseModel):
    problem: DeliveryProblem
    attempt: Attempt = None


@router.post(
    "/failure", responses=refusals("unknown-message", "message-not-waiting", "message-not-sent", "another-attempt")
)
async def failed(message: UUID, body: Failure, execute: Execute, officer: Officer, now: Now) -> Receipt:
    """The attempt failed, or the letter came back; when the next is due follows from the schedule."""
    return await execute(messages, message, RecordFailure(body.problem, now, body.attempt), by=officer)
