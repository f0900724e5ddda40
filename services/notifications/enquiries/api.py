"""Routes of enquiries: log a call, an e-mail or a letter, keep its scan, say what it is about, answer, close."""

from __future__ import annotations

from typing import Annotated, Any, Final, get_args
from uuid import UUID, uuid4

from fastapi import APIRouter, Header, Request, Response, status
from pydantic import BaseModel, Field

from services.notifications.enquiries.decider import (
    SCAN_TYPE_UNKNOWN,
    AnswerEnquiry,
    CloseEnquiry,
    KeepScan,
    LinkEnquiry,
    LogEnquiry,
    Logged,
    decide,
    enquiries,
)
from services.notifications.enquiries.scans import LARGEST, Scan, ScanErased, Scans, recognised
from services.notifications.inputs import Day, Prose, Text
from services.notifications.views.access import CORRESPONDENCE
from shared.eventcore.deciding import Refused
from shared.eventcore.recording import Receipt
from shared.events.values import PersonId
from shared.events.values_notifications import (
    EnquiryChannel,
    EnquiryId,
    EnquiryKind,
    EnquiryOutcome,
    LinkKind,
    ScanType,
    enquiry_of_email,
)
from shared.service.app import accepts_up_to
from shared.service.auth import Authority, Officer
from shared.service.commands import Execute
from shared.service.correspondents import ERASED, erased
from shared.service.now import Now, Today
from shared.service.problems import invalid, not_found, refusals
from shared.service.read_audit import audited

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


ENDINGS: Final[dict[ScanType, str]] = {
    "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/tiff": "tif",
}  # fmt: skip
A_FILE: Final[dict[str, Any]] = {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in get_args(ScanType)
}


@router.post(
    "/{enquiry}/scan", status_code=status.HTTP_201_CREATED,
    responses=ERASED | refusals("unknown-enquiry", "scan-differs", invalid=["scan-type-unknown"]),
    openapi_extra={"requestBody": {"required": True, "content": A_FILE}},
)  # fmt: skip
@accepts_up_to(LARGEST)
async def keep_scan(
    enquiry: UUID,
    request: Request,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    now: Now,
    x_sha256: Annotated[
        str | None, Header(pattern="^[0-9a-f]{64}$", description="of the file, as the scanner reckoned it")
    ] = None,
) -> Receipt:
    """Keep the scan of what was received: the body is the file, a PDF, PNG, JPEG or TIFF."""
    content = await request.body()
    media_type = recognised(content)
    if media_type is None:
        raise Refused(SCAN_TYPE_UNKNOWN)
    scan = Scan(media_type, content)
    if x_sha256 is not None and x_sha256 != scan.sha256:
        raise invalid(
            "X-Sha256", "other-content", "The file that arrived is not the one that was scanned: send it again."
        )
    known = (await request.app.state.execute.state(enquiries, enquiry, authority)).state
    command = KeepScan(scan.sha256, media_type, len(content))
    decide(
        command, known
    )  # refuses before anything is kept; the file comes first, so that no event tells of one that is not
    if isinstance(known, Logged):
        try:
            await scans_of(request).keep(enquiry, known.enquiry.enquirer_id, scan, authority, now)
        except ScanErased:
            raise erased() from None
    return await execute(enquiries, enquiry, command, by=officer)


@router.get(
    "/{enquiry}/scan", response_class=Response, dependencies=[audited("scan")],
    responses=ERASED | {200: {"content": A_FILE}},
)  # fmt: skip
async def show_scan(enquiry: UUID, request: Request, authority: Authority) -> Response:
    """The scan, as it was kept."""
    known = (await request.app.state.execute.state(enquiries, enquiry, authority)).state
    if not isinstance(known, Logged) or not known.scan:
        raise not_found()
    try:
        scan = await scans_of(request).find(enquiry, known.enquiry.enquirer_id, known.scan, authority)
    except ScanErased:
        raise erased() from None
    if scan is None:
        raise not_found()
    name = f"{known.scan[:16]}.{ENDINGS[scan.media_type]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(scan.content, media_type=scan.media_type, headers=headers)


def scans_of(request: Request) -> Scans:
    return Scans(request.app.state.pool, request.app.state.execute.keys)


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
