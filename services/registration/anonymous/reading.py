"""What named officers read of the closed store, each read on record with its purpose before it is answered (ADR 0015)."""

from __future__ import annotations

from asyncio import to_thread
from datetime import date
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from services.registration.anonymous.decider import Case, cases
from services.registration.anonymous.store import ClosedStore
from services.registration.papers import certificate as paper
from shared.eventcore.store import act_for
from shared.events.definition import known
from shared.law.anonymity import EVIDENCE, RECIPIENTS, reminder
from shared.service.audit_trail import in_words
from shared.service.auth import Authority, Officer, requires
from shared.service.correlation import correlation_id
from shared.service.http import Reason
from shared.service.now import Today
from shared.service.problems import Problem, not_found
from shared.service.step_up import FRESHLY_SIGNED_IN

NAMED = requires("anonymous-officer")
"""Given to officers by name; no other role opens the store."""


async def closed_of(request: Request) -> ClosedStore:
    return cast(ClosedStore, request.app.state.closed)


Closed = Annotated[ClosedStore, Depends(closed_of)]


def opened(kind: str) -> Any:
    """Dependency of a read: the sign-in is minutes old, a purpose is given, and the read written down in the closed store."""

    async def note(
        request: Request, closed: Closed, officer: Officer, authority: Authority, reason: Reason,
        _: Annotated[None, FRESHLY_SIGNED_IN],
    ) -> None:  # fmt: skip
        if not reason.strip():
            raise Problem(
                400, "purpose-required", "A record of an anonymous elector is opened for a purpose only.",
                source="EC data protection guidance", next="Say why in the header X-Reason.",
            )  # fmt: skip
        record = str(request.path_params.get("case", ""))
        await closed.note_read(authority, officer.id, kind, record, reason, correlation_id())

    return Depends(note)


class Summary(BaseModel):
    """One case in the list. `due`: what waits for an officer."""

    case: UUID
    name: str | None
    number: str | None
    received_on: date
    ends_on: date | None
    due: list[str]


class EvidenceShown(BaseModel):
    kind: str
    what: str
    verify: bool
    made_on: date | None
    valid_until: date | None
    detail: str
    of_household: UUID | None


class Step(BaseModel):
    """One event of the case, in words."""

    what: str
    actor: str
    reason: str
    recorded_at: AwareDatetime


class CasePage(Summary):
    """One case, opened."""

    address: str | None
    property_id: UUID | None
    date_of_birth: date | None
    phone: str
    email: str
    evidence: list[EvidenceShown]
    effective_on: date | None
    notice: str
    document_issues: int
    earlier_differs: str
    """Why that entry is theirs though name or birth differ."""
    earlier_entry: UUID | None
    """The ordinary entry that ends with this one: as proposed, or granted and not closed yet."""
    timeline: list[Step]


class Read(BaseModel):
    """Who opened what, and why. Not whom it is about."""

    at: AwareDatetime
    actor: str
    kind: str
    record: str
    purpose: str


class Listed(BaseModel):
    """What the law accepts."""

    evidence: dict[str, str]
    recipients: dict[str, str]


router = APIRouter(prefix="/anonymous", tags=["anonymous electors"])


@router.get("/cases", dependencies=[NAMED, opened("list")])
async def list_cases(closed: Closed, authority: Authority, today: Today) -> list[Summary]:
    """Every case that has not ended, with what is due."""
    found = await closed.all_cases(authority)
    return [Summary(**summary(key, case, today)) for key, case in found.items() if case.ended is None]


@router.get("/cases/{case}", dependencies=[NAMED, opened("case")])
async def case_page(case: UUID, closed: Closed, authority: Authority, today: Today, response: Response) -> CasePage:
    """One case, with name and address."""
    folded = await closed.execute.state(cases, case, authority)
    state = folded.state
    if not isinstance(state, Case):
        raise not_found()
    response.headers["ETag"] = f'"{folded.version}"'
    address, contact = known(state.taken.address), known(state.taken.contact)
    granted = state.granted
    names = state.proposal or state.earlier
    return CasePage(
        **summary(case, state, today),
        address=str(address) if address else None,
        property_id=known(state.home.property_id) if state.home else None,
        date_of_birth=state.franchise.date_of_birth if state.franchise else None,
        phone=contact.phone if contact else "",
        email=contact.email if contact else "",
        evidence=[
            EvidenceShown(
                kind=known(e.kind) or "",
                what=EVIDENCE[kind].what if (kind := known(e.kind)) else "",
                verify=EVIDENCE[kind].verify if kind else False,
                made_on=known(e.made_on),
                valid_until=known(e.valid_until),
                detail=known(e.detail) or "",
                of_household=known(e.of_household),
            )
            for e in state.evidence
        ],
        effective_on=granted.effective_on if granted else None,
        notice=granted.notice if granted else "",
        earlier_entry=known(names.earlier_entry) if names else None,
        earlier_differs=(known(names.differs) or "") if names else "",
        document_issues=state.issues,
        timeline=[
            Step(
                what=in_words(type(e.data).__name__), actor=e.metadata.actor, reason=e.metadata.reason,
                recorded_at=e.recorded_at,
            )
            for e in await closed.history(case, authority)
        ],
    )  # fmt: skip


@router.get(
    "/cases/{case}/certificate",
    dependencies=[NAMED, opened("certificate")],
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def certificate(case: UUID, closed: Closed, authority: Authority) -> Response:
    """The certificate of anonymous registration, for an officer to print and send by hand (RPR 2001 r.45G)."""
    state = (await closed.execute.state(cases, case, authority)).state
    name = known(state.taken.name) if isinstance(state, Case) else None
    if not isinstance(state, Case) or state.granted is None or state.number is None or name is None:
        raise not_found()
    granted = state.granted
    made = await to_thread(paper.certificate, str(name), state.number, granted.effective_on, granted.ends_on)
    return Response(made, media_type="application/pdf")


@router.get("/lists", dependencies=[NAMED])
async def lists() -> Listed:
    """Which orders and attestations count, and to whom a record may be opened."""
    marked = {e.kind: e.what + (" (verify)" if e.verify else "") for e in EVIDENCE.values()}
    return Listed(evidence=marked, recipients=RECIPIENTS)


@router.get("/reads", dependencies=[requires("dpo", "auditor")])
async def reads(closed: Closed, authority: Authority, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> list[Read]:
    """Who opened which record of the closed store, and why; newest first."""
    async with closed.pool.acquire() as conn, conn.transaction():
        await act_for(conn, authority)
        rows = await conn.fetch(
            "SELECT at, actor, kind, record, purpose FROM read_log WHERE authority = $1 ORDER BY id DESC LIMIT $2",
            authority, limit,
        )  # fmt: skip
    return [Read(**dict(row)) for row in rows]


def summary(key: UUID, case: Case, today: date) -> dict[str, Any]:
    name = known(case.taken.name)
    return {
        "case": key,
        "name": str(name) if name else None,
        "number": str(case.number) if case.number else None,
        "received_on": case.taken.received_on,
        "ends_on": case.granted.ends_on if case.granted else None,
        "due": due(case, today),
    }


def due(case: Case, today: date) -> list[str]:
    """What waits for an officer."""
    waiting = []
    if case.ended is None:
        if case.granted is None and case.proposal is None:
            waiting.append("decide the application")
        if case.proposal is not None:
            waiting.append("a second officer grants or refuses")
        if case.document_is_outdated:
            waiting.append("issue the elector's document again: the number has changed")
        if case.handed_over < case.issues:
            waiting.append("hand over the elector's document")
        if case.granted is not None:
            window = reminder(case.granted.effective_on)
            if window.first <= today <= case.granted.ends_on and case.reminded_of != case.granted.ends_on:
                waiting.append(f"remind the elector by {window.last:%-d %B %Y}")
    if case.granted is not None and case.earlier is not None and today >= case.granted.effective_on:
        waiting.append("the earlier ordinary entry is not closed: look for a legal hold")
    return waiting
