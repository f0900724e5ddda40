"""Routes of enquiries: log a call, an e-mail or a letter, say what it is about, answer, close."""

from __future__ import annotations

from uuid import UUID, uuid4

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from services.notifications.enquiries.decider import (
    AnswerEnquiry,
    CloseEnquiry,
    LinkEnquiry,
    LogEnquiry,
    enquiries,
)
from services.notifications.inputs import Day, Prose, Text
from services.notifications.views.access import CORRESPONDENCE
from shared.eventcore.recording import Receipt
from shared.events.values import PersonId
from shared.events.values_notifications import (
    EnquiryChannel,
    EnquiryId,
    EnquiryKind,
    EnquiryOutcome,
    LinkKind,
    enquiry_of_email,
)
from shared.service.auth import Authority, Officer
from shared.service.commands import Execute
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(prefix="/enquiries", tags=["enquiries"], dependencies=[CORRESPONDENCE])


class NewEnquiry(BaseModel):
    channel: EnquiryChannel
    kind: EnquiryKind = "general"
    received_on: Day
    enquirer: Text = Field("", max_length=200, description="their name, when they gave one")
    contact: Text = Field("", max_length=254, description="how they want to be answered")
    summary: Prose = Field(min_length=1, max_length=4000)
    enquirer_id: UUID | None = Field(None, description="of somebody known from before")
    email_message_id: Text = Field("", max_length=998, description="Message-ID of an e-mail, logged once")
    scan_sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$", description="of the scanned letter")


@router.post(
    "", status_code=status.HTTP_201_CREATED,
    responses=refusals("already-logged", invalid=["summary-needed", "received-in-the-future", "due-day-unknown"]),
)  # fmt: skip
async def log(body: NewEnquiry, execute: Execute, officer: Officer, authority: Authority, today: Today) -> Receipt:
    """Log what came in; the last day for an answer follows from its kind. `stream_id` is the enquiry."""
    email = body.email_message_id.strip()
    enquiry = enquiry_of_email(authority, email) if email else EnquiryId(uuid4())
    command = LogEnquiry(
        enquiry, PersonId(body.enquirer_id or uuid4()), body.channel, body.kind, body.received_on, body.enquirer,
        body.contact, body.summary, today, body.scan_sha256,
    )  # fmt: skip
    return await execute(enquiries, enquiry, command, by=officer)


class NewLink(BaseModel):
    to: LinkKind
    target_id: UUID


@router.post("/{enquiry}/links", responses=refusals("unknown-enquiry"))
async def link(enquiry: UUID, body: NewLink, execute: Execute, officer: Officer) -> Receipt:
    """Say what the enquiry is about."""
    return await execute(enquiries, enquiry, LinkEnquiry(body.to, body.target_id), by=officer)


class Answer(BaseModel):
    answer: Prose = Field(min_length=1, max_length=20_000)


@router.post("/{enquiry}/answer", responses=refusals("unknown-enquiry", "enquiry-closed", invalid=["answer-needed"]))
async def answer(enquiry: UUID, body: Answer, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Record what the enquirer was answered today."""
    return await execute(enquiries, enquiry, AnswerEnquiry(body.answer, today), by=officer)


class Closing(BaseModel):
    outcome: EnquiryOutcome


@router.post(
    "/{enquiry}/closing",
    responses=refusals("unknown-enquiry", "enquiry-closed", "enquiry-not-answered", "request-needs-answer"),
)
async def close(enquiry: UUID, body: Closing, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Close the enquiry."""
    return await execute(enquiries, enquiry, CloseEnquiry(body.outcome, today), by=officer)
