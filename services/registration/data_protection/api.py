"""Routes of data protection: what is held of a person, what is due to be destroyed, who was told what."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import or_, select

from services.registration.data_protection import retention
from services.registration.data_protection.pack import Pack, in_text, pack_of
from services.registration.data_protection.retention import Due
from services.registration.papers.registers import Group, RegisterPaper, long_date, pdf
from services.registration.views.absent_voters import Arrangement
from services.registration.views.access_log import Disclosure, Inspection
from services.registration.views.applications import Application
from services.registration.views.electors import Elector
from services.registration.views.history import history
from services.registration.views.invitations import Invitation
from services.registration.views.supplies import Supply
from shared.eventcore.deciding import Refused, Rule
from shared.eventcore.execute import subject_stream
from shared.events.registration import declaration_id
from shared.events.values import ElectorId, absent_votes_id
from shared.law.retention import SCHEDULE, Class
from shared.service.auth import Authority, Officer, requires
from shared.service.commands import Execute
from shared.service.database import Connection, Reading, fetch, reading_on
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import not_found, refusals
from shared.service.read_audit import audited

router = APIRouter(prefix="/data-protection", tags=["data protection"])
AT_ONCE = 100
"""Keys destroyed by one request."""
TOGETHER = 8

# ------------------------------------------------------------ a person's own data

_VIEWS = [caught_up(view) for view in ("applications", "electors", "invitations", "absent_voters")]


@router.get("/people/{person}", dependencies=[requires("dpo"), *_VIEWS, audited("subject-access")])
async def subject_access(person: UUID, request: Request, authority: Authority) -> Pack:
    """All that is held of a person, without other people's data; what was left out is named with the reason."""
    return await _pack(person, request, authority)


@router.get(
    "/people/{person}/pdf", dependencies=[requires("dpo"), *_VIEWS, audited("subject-access")],
    response_class=Response, responses={200: {"content": {"application/pdf": {}}}},
)  # fmt: skip
async def subject_access_paper(person: UUID, request: Request, authority: Authority, today: Today) -> Response:
    """The same on paper, as tagged PDF."""
    held = await _pack(person, request, authority)
    groups = tuple(
        Group(section.record, tuple((line.on, line.what, in_text(line.said)) for line in section.lines))
        for section in held.sections
    )
    left_out = tuple(f"Left out: {what}." for what in held.withheld)
    paper = RegisterPaper(
        "What the electoral registration officer holds about you",
        (f"As at {long_date(today)}.", *left_out), ("Day", "What happened", "What was recorded"), groups, "Nothing is held.",
    )  # fmt: skip
    return Response(await asyncio.to_thread(pdf, paper), media_type="application/pdf")


async def _pack(person: UUID, request: Request, authority: str) -> Pack:
    async with reading_on(request.app.state.pool, authority) as conn:
        records = await _records(conn, person)
    held = pack_of(person, [(what, await history(request, authority, stream)) for what, stream in records])
    if not held.sections:
        raise not_found()
    return held


async def _records(conn: Connection, person: UUID) -> list[tuple[str, UUID]]:
    """The records that concern a person, by name and stream."""
    applied = await fetch(conn, select(Application.application_id).where(Application.person_id == person))
    entered = await fetch(conn, select(Elector.elector_id).where(Elector.person_id == person))
    invited = await fetch(conn, select(Invitation.potential_elector_id).where(Invitation.person_id == person))
    about = or_(Arrangement.person_id == person, Arrangement.proxy_id == person)
    voting = await fetch(conn, select(Arrangement.elector_id).where(about).distinct())
    asked = await fetch(conn, select(Supply.supply_id).where(Supply.person_id == person))
    electors = sorted({ElectorId(row["elector_id"]) for row in entered})
    absent = sorted({*electors, *(ElectorId(row["elector_id"]) for row in voting)})
    return [
        *(("Invitation to register", row["potential_elector_id"]) for row in invited),
        *(("Application to register", row["application_id"]) for row in applied),
        *(("Entry on the register", elector) for elector in electors),
        *(("Declaration", declaration_id(elector)) for elector in electors),
        *(("Absent votes", absent_votes_id(elector)) for elector in absent),
        *(("Request for a copy of the register", row["supply_id"]) for row in asked),
        ("Erasure and legal hold", subject_stream(person)),
    ]


# ------------------------------------------------------------------- retention


class Kept(BaseModel):
    """How long records of a class are kept after `since`, by which source; `due`: the oldest hundred that are over."""

    kept: Class
    months: int
    since: str
    source: str
    due: list[Due]


_OVER = [caught_up(view) for view in ("canvass", "supplies", "hearings")]


@router.get("/retention", dependencies=[requires("dpo", "auditor"), *_VIEWS, *_OVER])
async def schedule(conn: Reading, authority: Authority, today: Today) -> list[Kept]:
    """The retention schedule, and what is due by it today. What a legal hold keeps is shown last."""
    found: list[Kept] = []
    for kept, table in SCHEDULE.items():
        rule = table.provision(today)
        over = await retention.due(conn, authority, kept, today, AT_ONCE)
        found.append(Kept(kept=kept, months=rule.value.months, since=rule.value.since, source=rule.source, due=over))
    return found


class Destruction(BaseModel):
    """`asked_by` is who decided it: another officer than the one who carries it out."""

    asked_by: str = Field(min_length=1, max_length=80)


class Destroyed(BaseModel):
    """`left`: more are due; ask again until nothing is."""

    destroyed: int
    held: int
    left: bool


SAME_OFFICER = Rule(
    "maker-is-checker",
    "Destroying records needs two officers: one decides, another carries it out.",
    "Moothall separation of duties: merge and erase",
    "Let another officer carry it out.",
)


@router.post(
    "/retention/{kept}/destruction", dependencies=[requires("dpo"), *_VIEWS, *_OVER], responses=refusals(SAME_OFFICER.name)
)  # fmt: skip
async def destroy(
    kept: Class, body: Destruction, request: Request, execute: Execute, officer: Officer, authority: Authority, today: Today
) -> Destroyed:  # fmt: skip
    """Destroy the keys of up to a hundred people whose records of this class are due. What is held by law stays."""
    if body.asked_by == officer.id:
        raise Refused(SAME_OFFICER)
    async with reading_on(request.app.state.pool, authority) as conn:
        over = await retention.due(conn, authority, kept, today, AT_ONCE + 1)
    free = [record for record in over if not record.held]
    by, basis = execute.metadata(officer), SCHEDULE[kept].provision(today).source
    turns = asyncio.Semaphore(TOGETHER)

    async def erase(record: Due) -> bool:
        # A command of its own for each person: the same request again goes on with whoever is left.
        named = by._replace(command_id=f"retention:{record.subject}")
        async with turns:
            try:
                await request.app.state.execute.erase(
                    record.subject, legal_basis=basis, asked_by=body.asked_by, by=named
                )
            except Refused as refused:
                if refused.rule.name != "legal-hold":
                    raise
                return False
        return True

    done = await asyncio.gather(*map(erase, free[:AT_ONCE]))
    held = done.count(False) + sum(record.held for record in over)
    return Destroyed(destroyed=done.count(True), held=held, left=len(free) > AT_ONCE)


# -------------------------------------------------------------- who was told what


class Told(BaseModel):
    """One time that somebody was told: a copy supplied, a record disclosed, the register inspected; on which basis."""

    on: date
    how: str
    id: UUID
    to: str
    basis: str
    what: str
    purpose: str
    by: str


@router.get(
    "/log", dependencies=[requires("dpo", "auditor"), caught_up("supplies"), caught_up("access_log"), audited("disclosure-log")]
)  # fmt: skip
async def disclosure_log(
    conn: Reading, authority: Authority, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> list[Told]:
    """Who was told what of the register and its records, and on which basis, newest first."""
    copies = select(Supply).where(Supply.authority == authority, Supply.released_on.is_not(None))
    records = select(Disclosure).where(Disclosure.authority == authority)
    looks = select(Inspection).where(Inspection.authority == authority)
    told: Sequence[Told] = [
        *(_copied(row) for row in await _newest(conn, copies, Supply, Supply.released_on, limit)),
        *(_disclosed(row) for row in await _newest(conn, records, Disclosure, Disclosure.disclosed_on, limit)),
        *(_inspected(row) for row in await _newest(conn, looks, Inspection, Inspection.began_at, limit)),
    ]
    return sorted(told, key=lambda line: (line.on, str(line.id)), reverse=True)[:limit]


async def _newest(conn: Connection, query: Any, table: Any, by: Any, limit: int) -> list[dict[str, Any]]:
    columns = query.with_only_columns(*table.__table__.columns)
    return await fetch(conn, columns.order_by(by.desc()).limit(limit))


def _copied(row: dict[str, Any]) -> Told:
    return Told(
        on=row["released_on"], how="copy supplied", id=row["supply_id"], to=row["organisation"] or row["recipient"],
        basis=row["regulation"] + (f"; {row['power']}" if row["power"] else ""), what=row["document"],
        purpose=row["purpose"], by=row["released_by"] or "",
    )  # fmt: skip


def _disclosed(row: dict[str, Any]) -> Told:
    entries = len(row["elector_ids"])
    return Told(
        on=row["disclosed_on"], how="record disclosed", id=row["disclosure_id"], to=row["organisation"],
        basis=row["power"], what=f"{', '.join(row['what'])} ({entries} {'entry' if entries == 1 else 'entries'})",
        purpose=row["purpose"], by=row["disclosed_by"],
    )  # fmt: skip


def _inspected(row: dict[str, Any]) -> Told:
    return Told(
        on=row["began_at"].date(), how="register inspected", id=row["inspection_id"], to=row["inspector"] or "not named",
        basis="RPR 2001 r.7, r.43", what=row["document"], purpose="inspection", by=row["supervised_by"],
    )  # fmt: skip
