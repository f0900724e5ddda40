"""Asking about pay: the page of a run, a member's statement, what is published after the year."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import BigInteger, cast, func, select

from services.finance.inputs import Month, Year
from services.finance.views.access import BOOKS, FINANCE, LETTERS
from services.finance.views.members import MEMBERS, Member, Payee
from services.finance.views.pay_runs import Debt, Payment, Run, RunState
from shared.law.allowances import AllowanceYear
from shared.service.database import Connection, Reading, fetch
from shared.service.http import caught_up
from shared.service.problems import not_found
from shared.service.read_audit import audited


class RunLine(BaseModel):
    """One line of a run: pence for one office of one member."""

    member_id: UUID
    office: str
    pence: int
    annual: int
    first: date
    last: date
    reason: str
    source: str


class RunSummary(BaseModel):
    """One run in the list of a year; `month` 1 is April. Sums are pence. `answered`: payroll's deductions are recorded."""

    year: int
    month: int
    state: RunState
    payable: int
    recoverable: int
    calculated_by: str
    calculated_on: date
    approved_by: str | None
    approved_on: date | None
    answered: bool
    process_on: date | None
    paid_on: date | None
    deductions: int | None
    employer_nic: int | None
    net: int | None


class RunPage(RunSummary):
    """A run with its lines. `what_next`: the step that is due, and who may take it."""

    lines: list[RunLine]
    what_next: str


class StatementMonth(BaseModel):
    """What a member was paid for one month."""

    month: int
    paid_on: date
    gross: int
    deductions: int | None
    net: int | None
    lines: list[RunLine]


class StatementDebt(BaseModel):
    month: int
    pence: int


class Statement(BaseModel):
    """A member's pay of a year, month by month, with what it comes to and what is owed back."""

    member_id: UUID
    name: str | None
    year: int
    first: date
    last: date
    gross: int
    months: list[StatementMonth]
    debts: list[StatementDebt]


class PublishedMember(BaseModel):
    """What one member was paid in the year, by nature of the allowance. [SI 2003/1021 reg.15(3)]"""

    member_id: UUID
    name: str | None
    basic: int
    special: int
    co_optee: int
    total: int


NEXT: dict[str, str] = {
    "calculated": "Another officer approves it.",
    "approved": "Payroll deducts tax and National Insurance; its answer is recorded.",
    "answered": "The bank file is made, and an approver confirms the payment.",
    "paid": "Nothing: it is paid.",
}

router = APIRouter(tags=["pay"])


@router.get("/pay-years/{year}/runs", dependencies=[BOOKS, caught_up("pay_runs")])
async def list_runs(year: Year, conn: Reading) -> list[RunSummary]:
    """The runs of an allowance year, by month."""
    query = select(*Run.__table__.columns).where(Run.year == year).order_by(Run.month)
    return [RunSummary(**row) for row in await fetch(conn, query)]


@router.get("/pay-years/{year}/runs/{month}", dependencies=[FINANCE, caught_up("pay_runs"), audited("pay run")])
async def run_page(year: Year, month: Month, conn: Reading) -> RunPage:
    """One run with its lines: what an officer looks at before approving it."""
    query = select(*Run.__table__.columns).where(Run.year == year, Run.month == month)
    rows = await fetch(conn, query)
    if not rows:
        raise not_found()
    run = rows[0]
    return RunPage(
        **run, what_next=NEXT["answered" if run["state"] == "approved" and run["answered"] else run["state"]]
    )


@router.get(
    "/members/{member_id}/statements/{year}",
    dependencies=[LETTERS, caught_up("pay_runs", "members"), audited("pay statement")],
)
async def statement(member_id: UUID, year: Year, conn: Reading) -> Statement:
    """A member's statement of an allowance year."""
    return await statement_of(conn, member_id, year)


async def statement_of(conn: Connection, member_id: UUID, year: int) -> Statement:
    payments = select(*Payment.__table__.columns).where(Payment.member_id == member_id, Payment.year == year)
    months = [StatementMonth(**row) for row in await fetch(conn, payments.order_by(Payment.month))]
    owed = select(Debt.month, Debt.pence).where(Debt.member_id == member_id, Debt.year == year).order_by(Debt.month)
    who = await fetch(conn, MEMBERS.where(Member.member_id == member_id))
    if not who:
        raise not_found()
    of_year = AllowanceYear(year)
    return Statement(
        member_id=member_id, name=who[0]["name"], year=year, first=of_year.first, last=of_year.last,
        gross=sum(month.gross for month in months), months=months,
        debts=[StatementDebt(**row) for row in await fetch(conn, owed)],
    )  # fmt: skip


async def published_sums(conn: Connection, year: int) -> list[dict[str, Any]]:
    """Per member, what was paid in the runs of a year, in pence."""

    def total(column: Any) -> Any:
        return cast(func.sum(column), BigInteger)

    sums = (
        select(
            Payment.member_id,
            Payee.name,
            total(Payment.basic).label("basic"),
            total(Payment.special).label("special"),
            total(Payment.co_optee).label("co_optee"),
            total(Payment.gross).label("total"),
        )
        .outerjoin_from(Payment, Payee, Payee.member_id == Payment.member_id)
        .where(Payment.year == year)
        .group_by(Payment.member_id, Payee.name)
        .order_by(Payee.name, Payment.member_id)
    )
    return await fetch(conn, sums)


@router.get("/pay-years/{year}/publication", dependencies=[BOOKS, caught_up("pay_runs", "members")])
async def publication(year: Year, conn: Reading) -> list[PublishedMember]:
    """What the council publishes after the year: the sums actually paid to each member, in pence."""
    return [PublishedMember(**row) for row in await published_sums(conn, year)]


@router.get(
    "/pay-years/{year}/publication.csv", dependencies=[BOOKS, caught_up("pay_runs", "members")],
    response_class=Response, responses={200: {"content": {"text/csv": {}}}},
)  # fmt: skip
async def publication_csv(year: Year, conn: Reading) -> Response:
    """The same in pounds, for the council's website."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["Member", "Basic allowance", "Special responsibility allowance", "Co-optees' allowance", "Total"])
    for row in await published_sums(conn, year):
        sums = [f"{row[column] / 100:.2f}" for column in ("basic", "special", "co_optee", "total")]
        writer.writerow([(row["name"] or "").lstrip("=+-@\t\r"), *sums])
    name = f"members-allowances-{year}-{(year + 1) % 100:02}.csv"
    return Response(
        text.getvalue(), media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
