"""Routes of requests about one's own data: taken, answered within a month, the pack passed by a second officer."""

from __future__ import annotations

from asyncio import to_thread
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import select

from services.registration.data_protection.access import VIEWS, pack_for, streams_of
from services.registration.data_protection.formats import as_json, bundle, page
from services.registration.data_protection.pack import Pack
from services.registration.data_protection.requests.decider import (
    AskIdentity,
    CheckPack,
    Closed,
    DecideRectification,
    DisclosePack,
    ExtendTime,
    NotReceived,
    Open,
    PreparePack,
    ProveIdentity,
    ReceiveRequest,
    RefuseRequest,
    TellRecipients,
    WithdrawRequest,
    requests,
)
from services.registration.views.data_requests import SubjectRequest
from services.registration.views.electors import Elector
from services.registration.views.history import history
from services.registration.views.supplies import Supply
from shared.eventcore.clock import london_date
from shared.eventcore.deciding import Refused
from shared.eventcore.recording import Receipt
from shared.events.definition import known
from shared.events.registration import CorrectingEvent, LeftOut, Right, SubjectPackPrepared, SubjectRequestId
from shared.events.values import PersonId
from shared.law.subject_rights import EXEMPTIONS, NOT_A_CORRECTION, NOT_PREPARED
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.database import Reading, fetch, reading_on
from shared.service.http import caught_up
from shared.service.now import Now, Today
from shared.service.problems import invalid, not_found, refusals
from shared.service.read_audit import audited

router = APIRouter(
    prefix="/data-protection/requests", tags=["data protection"], dependencies=[requires("dpo", "ero-deputy")]
)
BODY = Field("", max_length=4000)

# --------------------------------------------------------- received and kept in time


class Asked(BaseModel):
    """`said`: in the person's words; of a rectification, what is wrong."""

    person_id: UUID
    right: Right
    channel: Literal["letter", "e-mail", "phone", "in-person", "portal"]
    received_on: date
    said: str = BODY


@router.post("", status_code=status.HTTP_201_CREATED)
async def receive(body: Asked, execute: Execute, officer: Officer) -> Receipt:
    """Somebody asks for what is held of them, or that it be put right. The month runs from the day it came."""
    request = SubjectRequestId(uuid4())
    command = ReceiveRequest(
        request, PersonId(body.person_id), body.right, body.channel, body.received_on, body.said
    )  # fmt: skip
    return await execute(requests, request, command, by=officer)


@router.post("/{case}/identity-asked", responses=refusals("identity-known", "request-closed", "no-such-request"))
async def ask_identity(case: UUID, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """It is doubtful who asks: the time runs anew from the proof (UK GDPR article 12(6))."""
    return await execute(requests, case, AskIdentity(today), by=officer)


class Proof(BaseModel):
    route: Literal["known-to-us", "documents", "local-data", "portal"]


@router.post("/{case}/identity", responses=refusals("request-closed", "no-such-request"))
async def prove_identity(case: UUID, body: Proof, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """They are who they say."""
    return await execute(requests, case, ProveIdentity(body.route, today), by=officer)


class Extension(BaseModel):
    because: Literal["complex", "several-requests"]


@router.post("/{case}/extension", responses=refusals("extension-too-late", "request-closed", "no-such-request"))
async def extend(case: UUID, body: Extension, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Two months more; the person was told today, with the reason (UK GDPR article 12(3))."""
    return await execute(requests, case, ExtendTime(body.because, today), by=officer)


class Refusal(BaseModel):
    ground: Literal["manifestly-unfounded", "manifestly-excessive", "identity-not-proved", "wholly-exempt"]
    explanation: str = BODY


@router.post("/{case}/refusal", responses=refusals("request-closed", "no-such-request"))
async def refuse(case: UUID, body: Refusal, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Refused as a whole; the person was told why, and that they may complain to the ICO or go to court (article 12(4))."""
    return await execute(requests, case, RefuseRequest(body.ground, body.explanation, today), by=officer)


@router.post("/{case}/withdrawal", responses=refusals("request-closed", "no-such-request"))
async def withdraw(case: UUID, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """The person asks no more."""
    return await execute(requests, case, WithdrawRequest(today), by=officer)


# ------------------------------------------------------------------ access: the pack


class Exempt(BaseModel):
    """One fact that is kept from the person: record and number as the pack names them."""

    record: UUID
    version: int = Field(ge=1, le=1_000_000)
    exemption: str = Field(max_length=40, examples=["crime"])


class Preparation(BaseModel):
    left_out: list[Exempt] = Field(default_factory=list, max_length=500)


_PACK = refusals("identity-not-proved", "another-right", "request-closed", "no-such-request")


@router.post("/{case}/pack", dependencies=VIEWS, responses=_PACK)
async def prepare(
    case: UUID, body: Preparation, request: Request, execute: Execute, officer: Officer, authority: Authority, now: Now
) -> Receipt:
    """Make the pack of what is recorded now, without what is exempt. The same pack can be made again at any time."""
    wrong = [exempt.exemption for exempt in body.left_out if exempt.exemption not in EXEMPTIONS]
    if wrong:
        raise invalid("left_out", "unknown-exemption", f"It must be one of {', '.join(sorted(EXEMPTIONS))}.")
    state = await _state(case, request, authority)
    left_out = tuple(LeftOut(one.record, one.version, one.exemption) for one in body.left_out)
    pack = await pack_for(state.received.person_id, request, authority, now, left_out)
    return await execute(requests, case, PreparePack(officer.id, now, pack.digest, pack.facts, left_out), by=officer)


class Prepared(BaseModel):
    """`digest` is what an officer passes, or sends out."""

    digest: str
    prepared_by: str
    as_at: date
    pack: Pack


@router.get(
    "/{case}/pack", dependencies=[*VIEWS, audited("subject-access")],
    responses=refusals("pack-not-prepared", "no-such-request"),
)  # fmt: skip
async def prepared(case: UUID, request: Request, authority: Authority) -> Prepared:
    """The pack as it was prepared, to be checked."""
    made, pack = await _pack(case, request, authority)
    return Prepared(digest=pack.digest, prepared_by=made.officer, as_at=london_date(made.as_at), pack=pack)


_AS = {"html": "text/html; charset=utf-8", "json": "application/json", "zip": "application/zip"}


@router.get(
    "/{case}/pack/{form}", dependencies=[*VIEWS, audited("subject-access")], response_class=Response,
    responses=refusals("pack-not-prepared", "no-such-request")
    | {200: {"content": {kind.partition(";")[0]: {} for kind in _AS.values()}}},
)  # fmt: skip
async def prepared_as(
    case: UUID, form: Literal["html", "json", "zip"], request: Request, authority: Authority
) -> Response:
    """The same as it goes out: a page, data, or both in a ZIP."""
    made, pack = await _pack(case, request, authority)
    as_at = london_date(made.as_at)
    content: bytes
    match form:
        case "html":
            content = (await to_thread(page, pack, as_at)).encode()
        case "json":
            content = as_json(pack)
        case "zip":
            content = await to_thread(bundle, pack, as_at)
    return Response(content, media_type=_AS[form])


class Check(BaseModel):
    """`digest`: of the pack that the officer looked through."""

    digest: str = Field(pattern="^[0-9a-f]{64}$")
    passed: bool


@router.post(
    "/{case}/pack/check", responses=refusals("maker-is-checker", "pack-changed", "pack-not-prepared", "no-such-request")
)
async def check(case: UUID, body: Check, execute: Execute, officer: Officer) -> Receipt:
    """Another officer looked through it: it may go, or is sent back."""
    return await execute(requests, case, CheckPack(officer.id, body.digest, body.passed), by=officer)


class Sending(BaseModel):
    how: Literal["post", "e-mail", "in-person", "portal"]


@router.post(
    "/{case}/disclosure", dependencies=VIEWS,
    responses=refusals("pack-not-checked", "pack-changed", "pack-not-prepared", "no-such-request"),
)  # fmt: skip
async def disclose(
    case: UUID, body: Sending, request: Request, execute: Execute, officer: Officer, authority: Authority, today: Today
) -> Receipt:
    """It goes to the person: the pack is made once more, and must be the one that was passed."""
    _, pack = await _pack(case, request, authority)
    return await execute(requests, case, DisclosePack(officer.id, pack.digest, body.how, today), by=officer)


# --------------------------------------------------------------------- rectification


class Fact(BaseModel):
    """An event of one of the person's records, which corrected it."""

    record: UUID
    version: int = Field(ge=1, le=1_000_000)


class Rectification(BaseModel):
    """`decision`: what was found, as the person is told. `corrected`: by which events; none if it is right as it stands."""

    upheld: bool
    decision: str = Field(min_length=1, max_length=4000)
    corrected: list[Fact] = Field(default_factory=list, max_length=50)


@router.post(
    "/{case}/rectification", dependencies=VIEWS,
    responses=refusals("correction-needed", "another-right", "identity-not-proved", invalid=["not-a-correction"]),
)  # fmt: skip
async def rectify(
    case: UUID, body: Rectification, request: Request, execute: Execute, officer: Officer, authority: Authority,
    today: Today,
) -> Receipt:  # fmt: skip
    """What was said to be wrong is right as it stands, or was corrected by these events (UK GDPR article 16)."""
    state = await _state(case, request, authority)
    async with reading_on(request.app.state.pool, authority) as conn:
        theirs = {held.stream for held in await streams_of(conn, state.received.person_id) if held.own} - {case}
    corrected = []
    for fact in body.corrected:
        events = await history(request, authority, fact.record) if fact.record in theirs else []
        event = next((e for e in events if e.version == fact.version), None)
        if event is None or london_date(event.recorded_at) < state.received.received_on:
            raise Refused(NOT_A_CORRECTION)
        corrected.append(CorrectingEvent(fact.record, fact.version, event.type))
    command = DecideRectification(officer.id, body.upheld, body.decision, tuple(corrected), today)
    return await execute(requests, case, command, by=officer)


class Recipient(BaseModel):
    """Somebody to whom the register with this person's data, or their record, was given. `id`: of supply or disclosure."""

    id: UUID
    to: str
    what: str
    on: date


@router.get("/{case}/recipients", dependencies=[*VIEWS, caught_up("access_log")])
async def recipients(case: UUID, request: Request, authority: Authority) -> list[Recipient]:
    """Who has the data that was wrong (UK GDPR article 19), in the order in which they got it."""
    return await _recipients((await _state(case, request, authority)).received.person_id, request, authority)


class Told(BaseModel):
    """`told`: ids of recipients. `others`: why some were not told."""

    told: list[UUID] = Field(default_factory=list, max_length=1000)
    others: Literal["", "impossible", "disproportionate-effort"] = ""


@router.post(
    "/{case}/recipients-told", dependencies=[*VIEWS, caught_up("access_log")],
    responses=refusals("recipients-not-told", "correction-not-decided", "another-right"),
)  # fmt: skip
async def tell_recipients(
    case: UUID, body: Told, request: Request, execute: Execute, officer: Officer, authority: Authority, today: Today
) -> Receipt:
    """Those who have the wrong data know of its correction, and the case is closed."""
    person = (await _state(case, request, authority)).received.person_id
    known = frozenset(one.id for one in await _recipients(person, request, authority))
    told = tuple(sorted({*body.told} & known))
    return await execute(requests, case, TellRecipients(known, told, body.others, today), by=officer)


async def _recipients(person: UUID, request: Request, authority: str) -> list[Recipient]:
    """Copies that were released since the person's first entry, and disclosures that name an entry of theirs."""
    async with reading_on(request.app.state.pool, authority) as conn:
        entries = await fetch(conn, select(Elector.elector_id, Elector.added_on).where(Elector.person_id == person))
        if not entries:
            return []
        began = min(row["added_on"] for row in entries)
        copies = await fetch(
            conn,
            select(Supply.supply_id, Supply.organisation, Supply.recipient, Supply.document, Supply.released_on).where(
                Supply.released_on >= began
            ),
        )
        disclosed = await conn.fetch(
            "SELECT disclosure_id, organisation, disclosed_on FROM access_log.disclosure WHERE elector_ids ?| $1::text[]",
            [str(row["elector_id"]) for row in entries],
        )
    given = [
        *(
            Recipient(
                id=c["supply_id"], to=c["organisation"] or c["recipient"], what=c["document"], on=c["released_on"]
            )
            for c in copies
        ),
        *(
            Recipient(id=d["disclosure_id"], to=d["organisation"], what="record", on=d["disclosed_on"])
            for d in disclosed
        ),
    ]
    return sorted(given, key=lambda one: (one.on, str(one.id)))


# ------------------------------------------------------------------------- the list


class RequestRow(BaseModel):
    """One request. `answer_by` is absent while proof of identity is waited for; `late`: it is over and not answered."""

    request_id: UUID
    person_id: UUID
    right: str
    channel: str
    received_on: date
    answer_by: date | None
    late: bool
    waits_for: str
    extended: bool
    outcome: str
    ended_on: date | None


@router.get("", dependencies=[caught_up("data_requests")])
async def list_requests(
    conn: Reading, authority: Authority, today: Today, ended: bool = False, limit: Annotated[int, Field(ge=1, le=500)] = 100
) -> list[RequestRow]:  # fmt: skip
    """Requests that wait for us, those due first; with `ended`, the others, newest first."""
    table: Any = SubjectRequest
    query = select(*table.__table__.columns).where(table.authority == authority)
    if ended:
        query = query.where(table.outcome != "").order_by(table.ended_on.desc(), table.request_id)
    else:
        query = query.where(table.outcome == "").order_by(table.answer_by.nulls_last(), table.request_id)
    return [_row(row, today) for row in await fetch(conn, query.limit(limit))]


class RequestPage(RequestRow):
    """With what the person said; absent when they were erased."""

    said: str | None


@router.get("/{case}", dependencies=[caught_up("data_requests"), audited("data-request")])
async def one_request(case: UUID, request: Request, authority: Authority, today: Today) -> RequestPage:
    """One request."""
    state = await _state(case, request, authority)
    async with reading_on(request.app.state.pool, authority) as conn:
        found = await fetch(conn, select(*SubjectRequest.__table__.columns).where(SubjectRequest.request_id == case))
    if not found:
        raise not_found()
    return RequestPage(**_row(found[0], today).model_dump(), said=known(state.received.said))


def _row(row: dict[str, Any], today: date) -> RequestRow:
    due = row["answer_by"]
    late = due is not None and (row["ended_on"] or today) > due
    return RequestRow(
        **{name: row[name] for name in RequestRow.model_fields if name in row}, right=row["asked_for"], late=late
    )


async def _state(case: UUID, request: Request, authority: str) -> Open | Closed:
    state = (await request.app.state.execute.state(requests, case, authority)).state
    if isinstance(state, NotReceived):
        raise not_found()
    return state  # type: ignore[no-any-return]


async def _pack(case: UUID, request: Request, authority: str) -> tuple[SubjectPackPrepared, Pack]:
    """The prepared pack, made again from what was recorded then."""
    state = await _state(case, request, authority)
    made = state.pack
    if made is None:
        raise Refused(NOT_PREPARED)
    return made, await pack_for(state.received.person_id, request, authority, made.as_at, made.left_out)
