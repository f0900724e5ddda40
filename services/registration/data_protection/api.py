"""Routes of data protection: what is held of a person, the retention schedule, who was told what."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import select

from services.registration.data_protection import retention
from services.registration.data_protection.access import VIEWS, pack_for
from services.registration.data_protection.pack import Pack, in_text
from services.registration.data_protection.retention import Due
from services.registration.papers.registers import Group, RegisterPaper, long_date, pdf
from services.registration.views.access_log import Disclosure, Inspection
from services.registration.views.supplies import Supply
from shared.law.retention import SCHEDULE, Class
from shared.service.auth import Authority, requires
from shared.service.database import Connection, Reading, fetch
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.read_audit import audited

router = APIRouter(prefix="/data-protection", tags=["data protection"])
SHOWN = 100
"""Of what is due, for each class."""

# ------------------------------------------------------------ a person's own data


@router.get("/people/{person}", dependencies=[requires("dpo"), *VIEWS, audited("subject-access")])
async def subject_access(person: UUID, request: Request, authority: Authority) -> Pack:
    """All that is held of a person, without other people's data; what was left out is named with the reason."""
    return await pack_for(person, request, authority)


@router.get(
    "/people/{person}/pdf", dependencies=[requires("dpo"), *VIEWS, audited("subject-access")],
    response_class=Response, responses={200: {"content": {"application/pdf": {}}}},
)  # fmt: skip
async def subject_access_paper(person: UUID, request: Request, authority: Authority, today: Today) -> Response:
    """The same on paper, as tagged PDF."""
    held = await pack_for(person, request, authority)
    groups = tuple(
        Group(section.record, tuple((line.on, line.what, in_text(line.said)) for line in section.lines))
        for section in held.sections
    )
    left_out = tuple(f"Left out: {what}." for what in held.withheld)
    if any(line.picture for section in held.sections for line in section.lines):
        left_out += ("The pictures of your signature come with the page and the data.",)
    paper = RegisterPaper(
        "What the electoral registration officer holds about you",
        (f"As at {long_date(today)}.", *left_out), ("Day", "What happened", "What was recorded"), groups, "Nothing is held.",
    )  # fmt: skip
    return Response(await asyncio.to_thread(pdf, paper), media_type="application/pdf")


# ------------------------------------------------------------------- retention


class Kept(BaseModel):
    """How long records of a class are kept after `since`, by which source; `due`: the oldest hundred that are over."""

    kept: Class
    months: int
    since: str
    source: str
    due: list[Due]


@router.get("/retention", dependencies=[requires("dpo", "auditor"), *VIEWS, caught_up("canvass")])
async def schedule(conn: Reading, authority: Authority, today: Today) -> list[Kept]:
    """The retention schedule, and what is due by it today. What a legal hold keeps is shown last."""
    found: list[Kept] = []
    for kept, table in SCHEDULE.items():
        rule = table.provision(today)
        over = await retention.due(conn, authority, kept, today, SHOWN)
        found.append(Kept(kept=kept, months=rule.value.months, since=rule.value.since, source=rule.source, due=over))
    return found


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
