"""The route of a member's pay statement as a paper."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import APIRouter, Response

from services.finance.inputs import Year
from services.finance.papers.money import Amount, PaidMonth, StatementPaper, line_of, long_date, pdf, pounds, sums_of
from services.finance.views.access import LETTERS
from services.finance.views.pay_pages import Statement, statement_of
from shared.law.allowances import AllowanceYear
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.read_audit import audited

router = APIRouter(tags=["pay"])


@router.get(
    "/members/{member_id}/statements/{year}/paper.pdf",
    dependencies=[LETTERS, caught_up("pay_runs", "members"), audited("pay statement")],
    response_class=Response, responses={200: {"content": {"application/pdf": {}}}},
)  # fmt: skip
async def statement_paper(member_id: UUID, year: Year, conn: Reading) -> Response:
    """A member's statement of an allowance year as PDF."""
    paper = paper_of(await statement_of(conn, member_id, year))
    headers = {"Content-Disposition": f'inline; filename="allowances-{year}.pdf"', "Cache-Control": "no-store"}
    return Response(await asyncio.to_thread(pdf, paper), media_type="application/pdf", headers=headers)


def paper_of(statement: Statement) -> StatementPaper:
    year = AllowanceYear(statement.year)

    def name_of(month: int) -> str:
        return f"{year.month_begins(month):%B %Y}"

    months = tuple(
        PaidMonth(
            f"{name_of(month.month)}, paid {long_date(month.paid_on)}",
            tuple(line_of(line.office, line.pence, line.first, line.last, line.reason) for line in month.lines),
            sums_of(month.gross, month.deductions, month.net),
        )
        for month in statement.months
    )
    return StatementPaper(
        title=f"Statement of allowances {statement.year}-{(statement.year + 1) % 100:02}",
        name=statement.name or "",
        period=f"{long_date(statement.first)} to {long_date(statement.last)}",
        months=months,
        owed=tuple(Amount(f"The run of {name_of(debt.month)}", pounds(debt.pence)) for debt in statement.debts),
        total=pounds(statement.gross),
    )
