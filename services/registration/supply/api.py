"""Routes of supply: a request and its entitlement, the file, its release by another officer, the ledger, and its proof."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request, status
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import select

from services.registration.exchange.supply import layouts as formats
from services.registration.exports.allowance import Allowance
from services.registration.supply.commands import (
    RecordFile,
    ReleaseSupply,
    RequestSupply,
    StopLaterNotices,
    WithdrawSupply,
)
from services.registration.supply.contents import entries_by_constituency
from services.registration.supply.decider import (
    RELEASE_NEEDS_TWO,
    UNKNOWN,
    Requested,
    supplies,
)
from services.registration.supply.editions import document_of, edition_now, made_here, poll_kind, poll_of
from services.registration.supply.fingerprint import fingerprint_key
from services.registration.supply.making import MEDIA, Tally, edition_of, ending, file_of, layout_for, make
from services.registration.views.access import OFFICERS
from services.registration.views.supplies import Supply
from shared.eventcore.deciding import Refused
from shared.eventcore.recording import Receipt
from shared.events.registration import SuppliedForm, SupplyId, SupplyRequested
from shared.events.values import NoticeId, PersonId, PollingDistrict
from shared.law import fees
from shared.law import supply as law
from shared.law.polls import PollType
from shared.law.supply import Asked, Document, Recipient
from shared.service.auth import Authority, Officer
from shared.service.commands import Execute
from shared.service.database import Reading, fetch, reading_on
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.paging import Page, Paged
from shared.service.problems import not_found, refusals
from shared.service.read_audit import audited
from shared.service.step_up import FRESHLY_SIGNED_IN

router = APIRouter(prefix="/supplies", tags=["supply of the register"])
COPIES = {Document.OVERSEAS: fees.Copy.OVERSEAS_LIST, Document.MARKED: fees.Copy.MARKED}
District = Annotated[str, Field(pattern=r"^[A-Z]{1,6}$")]
Text = Annotated[str, Field(max_length=500)]


# --------------------------------------------------------------- what there is


class Row(BaseModel):
    """One row of the table of entitlements. `verified`: the number of the regulation was seen in its text."""

    recipient: Recipient
    who: str
    regulation: str
    verified: bool
    basis: law.Basis
    documents: list[Document]
    purposes: list[str]
    own_area: bool
    later_notices: law.Later
    in_writing: bool
    cites_power: bool


@router.get("/entitlements", dependencies=[OFFICERS])
async def entitlements(today: Today) -> list[Row]:
    """Who may have a copy, of what, free or at which fee, for which purposes: the law of today."""
    return [
        Row(
            recipient=recipient, who=row.who, regulation=row.regulation, verified=row.verified, basis=row.basis,
            documents=[each for each in Document if each in row.documents], purposes=list(row.purposes),
            own_area=row.own_area, later_notices=row.later, in_writing=row.in_writing, cites_power=row.cites_power,
        )
        for recipient, dated in law.ENTITLEMENTS.items()
        for row in (dated.on(today),)
    ]  # fmt: skip


@router.get("/layouts", dependencies=[OFFICERS])
async def layouts() -> list[formats.Layout]:
    """The layouts that a copy can be made in."""
    return list(formats.layouts().values())


# ------------------------------------------------------------------- a request


class Application(BaseModel):
    """Who asks for what. `areas`: polling districts, where only a part is asked for or may be had. `in_writing`: the request
    came as a letter or e-mail. `organisation` is empty where a person asks for themselves."""

    applicant: str = Field(min_length=1, max_length=200)
    recipient: Recipient
    document: Document
    organisation: Text = ""
    purpose: Text = ""
    form: SuppliedForm = "data"
    layout: str = Field("register-csv", max_length=40)
    in_writing: bool = False
    areas: list[District] = Field(default_factory=list, max_length=500)
    later_notices: bool = False
    power: Text = Field("", description="the enactment of a body that is entitled by its own")
    poll: date | None = Field(None, description="of a marked copy or a list of absent voters")
    poll_kind: PollType | None = Field(
        None, description="of lists of absent voters; needed where no one poll is announced"
    )
    why_marked: Text = Field("", description="why the unmarked copy is not enough")
    notice_id: UUID | None = Field(
        None, description="the notice of alteration that is asked for, or that of an open register"
    )
    person_id: UUID | None = Field(None, description="of an applicant known from before")


class Entitled(BaseModel):
    """The request stands. `fee`: pence that finance asks for, before the copy is made; none is free."""

    supply_id: UUID
    regulation: str
    entries: int
    fee: int | None
    statement: list[str]
    receipt: Receipt


@router.post(
    "", status_code=status.HTTP_201_CREATED, dependencies=[OFFICERS, caught_up("register", "notices", "absent_voters", "polls")],
    responses=refusals(
        "open-register-only", "not-entitled-to-that", "no-later-notices", "request-not-in-writing", "purpose-not-allowed",
        "power-not-cited", "why-unmarked-insufficient", "marked-register-not-open-yet", "marked-register-destroyed",
        "nothing-to-supply", "no-absent-votes-at-this-poll",
        invalid=["own-area-not-named", "poll-not-named", "poll-kind-not-named", "notice-not-named"],
    ),
)  # fmt: skip
async def ask(
    body: Application, conn: Reading, execute: Execute, officer: Officer, authority: Authority, today: Today
) -> Entitled:
    """Enter a request. Without an entitlement it is refused, with the regulation and what may be offered instead."""
    asked = Asked(
        body.recipient, body.document, body.purpose, body.in_writing, bool(body.areas), body.later_notices, body.power,
        body.poll, body.why_marked,
    )  # fmt: skip
    entitlement = law.establish(asked, today)
    areas = tuple(PollingDistrict(area) for area in sorted(set(body.areas)))
    layout, document = "", document_of(body.document.value, body.notice_id)
    if document is not None:
        layout, _ = layout_for(body.layout, document, body.form)
    kind = (
        await poll_kind(conn, authority, body.poll_kind, body.poll) if body.document is Document.ABSENT_LISTS else None
    )
    notice = NoticeId(body.notice_id) if body.notice_id else None
    # A marked copy is counted by the register of its poll.
    edition = await edition_now(conn, authority, document or "full-register", areas, notice, body.poll or today, kind)
    counted = await entries_by_constituency(conn, authority, edition)
    supply = SupplyId(uuid4())
    command = RequestSupply(
        supply, PersonId(body.person_id or uuid4()), body.applicant, asked, body.form, layout, counted, today,
        body.organisation, areas, notice, kind,
    )  # fmt: skip
    receipt = await execute(supplies, supply, command, by=officer)
    return Entitled(
        supply_id=receipt.stream_id, regulation=entitlement.regulation, entries=sum(counted),
        fee=_fee(body, counted, today) if law.fee_due(entitlement, body.document) else None,
        statement=list(law.statement(entitlement, body.document, body.purpose, body.power)), receipt=receipt,
    )  # fmt: skip


def _fee(body: Application, entries: tuple[int, ...], today: date) -> int:
    copy = COPIES.get(body.document, fees.Copy.REGISTER)
    return fees.supply_fee(copy, fees.Form(body.form), entries, today)


# ------------------------------------------------------- the file, and its way


async def state_of(request: Request, supply: UUID, authority: str) -> Requested | None:
    """What stands of one copy that was asked for."""
    found = (await request.app.state.execute.state(supplies, supply, authority)).state
    return found if isinstance(found, Requested) else None


@router.post(
    "/{supply}/file", dependencies=[OFFICERS, caught_up("register", "places", "absent_voters")],
    responses=refusals("unknown-supply", "fee-not-paid", "made-with-the-poll", "supply-closed"),
)  # fmt: skip
async def make_file(
    supply: UUID,
    request: Request,
    conn: Reading,
    execute: Execute,
    officer: Officer,
    authority: Authority,
    today: Today,
) -> Receipt:
    """Make the copy, as the register is now. Made again before its release, it is of that later moment."""
    known = await state_of(request, supply, authority)
    if known is None:
        raise Refused(UNKNOWN)
    asked, poll = known.request, poll_of(known.request)
    document = made_here(asked)
    on = (asked.poll or today) if poll and isinstance(asked, SupplyRequested) else today
    edition = await edition_now(conn, authority, document, asked.areas, asked.notice_id, on, poll)
    layout = layout_for(asked.layout, document, asked.form)
    made = await make(conn, authority, edition, layout, fingerprint_key(request.app.state.execute.blind, authority))
    command = RecordFile(
        edition.on, edition.positions, *layout, made.entries, made.size, made.sha256, today, officer.id, edition.areas,
        made.fingerprint.text(),
    )  # fmt: skip
    return await execute(supplies, supply, command, by=officer)


@router.post(
    "/{supply}/release", dependencies=[OFFICERS, FRESHLY_SIGNED_IN],
    responses=refusals(
        "unknown-supply", "no-file-yet", "release-needs-two", "supply-closed", "fee-not-paid", "marked-register-destroyed"
    ),
)  # fmt: skip
async def release(supply: UUID, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Hand the copy over, with the statement of purpose, penalty and destruction. Another officer made it. A marked copy
    is copied from the papers of its poll, paid for first."""
    return await execute(supplies, supply, ReleaseSupply(today, officer.id), by=officer)


class Withdrawal(BaseModel):
    reason: Literal["withdrawn-by-applicant", "fee-not-paid", "entered-in-error"]


@router.post("/{supply}/withdrawal", dependencies=[OFFICERS], responses=refusals("unknown-supply", "supply-closed"))
async def withdraw(supply: UUID, body: Withdrawal, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The copy is not wanted, or not paid for, after all."""
    return await execute(supplies, supply, WithdrawSupply(today, body.reason), by=officer)


class Stop(BaseModel):
    reason: Literal["asked-to-stop", "no-longer-entitled", "office-ended"]


@router.post(
    "/{supply}/later-notices/end", dependencies=[OFFICERS],
    responses=refusals("unknown-supply", "no-later-notices-follow"),
)  # fmt: skip
async def stop(supply: UUID, body: Stop, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Send no further notices after this supply."""
    return await execute(supplies, supply, StopLaterNotices(today, body.reason), by=officer)


# ------------------------------------------------------------------ the ledger


class Line(BaseModel):
    """One line of the ledger: who had what, on what authority, when, and the hash of the file."""

    supply_id: UUID
    applicant: str | None
    organisation: str
    recipient: str
    regulation: str
    document: str
    form: str
    layout: str
    layout_version: int | None
    purpose: str
    power: str
    areas: list[str]
    poll: date | None
    requested_on: date
    later_notices: bool
    stopped_on: date | None
    standing: UUID | None
    notice_id: UUID | None
    fee_due: bool
    paid_on: date | None
    effective: date | None
    entries: int | None
    size: int | None
    sha256: str | None
    made_on: date | None
    made_by: str | None
    released_on: date | None
    released_by: str | None
    statement: list[str] | None
    withdrawn_on: date | None
    withdrawn_because: str | None


LEDGER = select(*(getattr(Supply, name) for name in Line.model_fields))


@router.get("", dependencies=[OFFICERS, caught_up("supplies"), audited("supplies")])
async def ledger(
    conn: Reading, paged: Paged, authority: Authority,
    waiting: Annotated[bool | None, Query(description="only what has not been handed over")] = None,
    standing: Annotated[bool | None, Query(description="only those whom later notices follow")] = None,
) -> Page[Line]:  # fmt: skip
    """Every copy asked for, newest first."""
    query = LEDGER.where(Supply.authority == authority)
    if waiting:
        query = query.where(Supply.released_on.is_(None), Supply.withdrawn_on.is_(None))
    if standing:
        query = query.where(Supply.later_notices, Supply.stopped_on.is_(None), Supply.released_on.is_not(None))
    if paged.after is not None:
        day, last = date.fromisoformat(paged.after[0]), UUID(paged.after[1])
        query = query.where((Supply.requested_on < day) | ((Supply.requested_on == day) & (Supply.supply_id > last)))
    query = query.order_by(Supply.requested_on.desc(), Supply.supply_id).limit(paged.limit + 1)
    page = paged.page(await fetch(conn, query), lambda row: [row["requested_on"].isoformat(), str(row["supply_id"])])
    return Page(items=[Line(**row) for row in page.items], next=page.next)


class LineWithFee(Line):
    """`fee`: pence that finance asks for, by the law of the day of the request; none is free."""

    fee: int | None


@router.get("/{supply}", dependencies=[OFFICERS, caught_up("supplies"), audited("supply")])
async def line(supply: UUID, conn: Reading, authority: Authority) -> LineWithFee:
    """One line of the ledger, with its fee."""
    query = LEDGER.add_columns(Supply.register_entries)
    rows = await fetch(conn, query.where(Supply.authority == authority, Supply.supply_id == supply))
    if not rows:
        raise not_found()
    row, counted = rows[0], tuple(rows[0]["register_entries"])
    copy = COPIES.get(Document(row["document"]), fees.Copy.REGISTER)
    fee = fees.supply_fee(copy, fees.Form(row["form"]), counted, row["requested_on"]) if row["fee_due"] else None
    return LineWithFee(**row, fee=fee)


@router.get(
    "/{supply}/file", dependencies=[OFFICERS, FRESHLY_SIGNED_IN, audited("supply file")], response_class=StreamingResponse,
    responses=refusals("release-needs-two"),
)  # fmt: skip
async def file(
    supply: UUID, request: Request, authority: Authority, officer: Officer, take_out: Allowance
) -> StreamingResponse:
    """The copy, made again from the events it was made from. Until it is released only to an officer other than its maker, who
    looks before releasing it; never once it was withdrawn."""
    known = await state_of(request, supply, authority)
    if known is None or known.file is None or known.withdrawn:
        raise not_found()
    if not known.released and officer.id == known.file.made_by and known.request.document != "open-register":
        raise Refused(RELEASE_NEEDS_TWO)
    if not known.released:
        await take_out(known.file.entries)
    document = made_here(known.request)
    layout = known.file.layout, known.file.layout_version
    edition = edition_of(document, known.file, poll_of(known.request))

    async def parts() -> AsyncIterator[bytes]:
        async with reading_on(request.app.state.pool, authority) as conn:
            async for part in file_of(conn, authority, edition, layout, Tally()):
                yield part

    end = ending(document, layout)
    headers = {
        "Content-Disposition": f'attachment; filename="{document}-{edition.on}.{end}"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(parts(), media_type=MEDIA[end], headers=headers)
