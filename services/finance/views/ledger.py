"""The books: trial balance, accounts line by line, which periods are closed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import BigInteger, Text, cast, func, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from services.finance.inputs import Year
from services.finance.ledger.decider import CHART
from services.finance.views.access import BOOKS
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.finance import JournalPosted, PeriodClosed
from shared.law.allowances import AllowanceYear
from shared.service.database import Reading, fetch
from shared.service.http import caught_up
from shared.service.paging import Page, Paged
from shared.service.problems import not_found


class Balance(ViewTable):
    """What an account received and gave in one period, in pence. `ledger_year` is the stream of one council's year."""

    __tablename__ = "balance"
    ledger_year: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    account: Mapped[str] = mapped_column(Text, primary_key=True)
    debit: Mapped[int] = mapped_column(BigInteger, default=0)
    credit: Mapped[int] = mapped_column(BigInteger, default=0)


class Entry(ViewTable):
    """One side of one posting of a journal; positive `pence` is a debit."""

    __tablename__ = "entry"
    journal_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(Text)
    cost_centre: Mapped[str] = mapped_column(Text)
    vat: Mapped[str] = mapped_column(Text)
    pence: Mapped[int] = mapped_column(BigInteger)
    on_day: Mapped[date]
    period: Mapped[str] = mapped_column(Text)
    year: Mapped[int]
    narrative: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    posted_by: Mapped[str] = mapped_column(Text)
    reverses: Mapped[UUID | None]


class ClosedPeriod(ViewTable):
    __tablename__ = "closed_period"
    ledger_year: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)


@projection("ledger", version=1, tables=[Balance, Entry, ClosedPeriod])
class Ledger:
    view: View

    @on(JournalPosted)
    def posted(self, tx: ViewTransaction, e: Recorded[JournalPosted]) -> None:
        journal, year = e.data, year_of(e.data.period)
        sides = [
            (coding, signed)
            for posting in journal.postings
            for coding, signed in ((posting.debit, posting.pence), (posting.credit, -posting.pence))
        ]
        for line, (coding, pence) in enumerate(sides, 1):
            tx.put(
                Entry, authority=e.authority, journal_id=journal.journal_id, line=line, account=coding.account,
                cost_centre=coding.cost_centre, vat=coding.vat, pence=pence, on_day=journal.on, period=journal.period,
                year=year, narrative=journal.narrative, document=journal.document, posted_by=journal.posted_by,
                reverses=journal.reverses,
            )  # fmt: skip
            tx.increment(
                Balance, authority=e.authority, ledger_year=e.stream_id, period=journal.period, account=coding.account,
                debit=max(pence, 0), credit=max(-pence, 0),
            )  # fmt: skip

    @on(PeriodClosed)
    def closed(self, tx: ViewTransaction, e: Recorded[PeriodClosed]) -> None:
        tx.put(ClosedPeriod, authority=e.authority, ledger_year=e.stream_id, period=e.data.period)


def year_of(period: str) -> int:
    """The financial year of an accounting period `yyyy-mm`, by the calendar year in which it begins."""
    return AllowanceYear.of(date.fromisoformat(f"{period}-01")).begins


class AccountBalance(BaseModel):
    """One account in the trial balance, pence. `control`: it ought to come back to nothing."""

    account: str
    title: str
    group: str
    control: bool
    debit: int
    credit: int
    balance: int


class TrialBalance(BaseModel):
    """Every account with what it received and gave until the end of `until`. `debit` equals `credit`, always."""

    year: int
    until: str
    closed: list[str]
    accounts: list[AccountBalance]
    debit: int
    credit: int


class LedgerLine(BaseModel):
    """One line of an account; positive `pence` is a debit."""

    journal_id: UUID
    line: int
    on_day: date
    period: str
    pence: int
    cost_centre: str
    narrative: str
    document: str
    posted_by: str
    reverses: UUID | None


router = APIRouter(tags=["ledger"], dependencies=[BOOKS, caught_up("ledger")])


@router.get("/ledger/{year}/trial-balance")
async def trial_balance(
    year: Year,
    conn: Reading,
    until: Annotated[str | None, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="last period, yyyy-mm")] = None,
) -> TrialBalance:
    """The trial balance of a financial year, to the end of a period."""
    last = until or f"{AllowanceYear(year).last:%Y-%m}"

    def total(column: Any) -> Any:
        return cast(func.sum(column), BigInteger)

    sums = (
        select(Balance.account, total(Balance.debit).label("debit"), total(Balance.credit).label("credit"))
        .where(Balance.period.between(f"{AllowanceYear(year).first:%Y-%m}", last))
        .group_by(Balance.account)
        .order_by(Balance.account)
    )
    accounts = [account_balance(**row) for row in await fetch(conn, sums)]
    closed = [row["period"] for row in await fetch(conn, select(ClosedPeriod.period).order_by(ClosedPeriod.period))]
    return TrialBalance(
        year=year, until=last, closed=[period for period in closed if year_of(period) == year], accounts=accounts,
        debit=sum(a.debit for a in accounts), credit=sum(a.credit for a in accounts),
    )  # fmt: skip


def account_balance(account: str, debit: int, credit: int) -> AccountBalance:
    known = CHART[account]
    return AccountBalance(
        account=account, title=known.title, group=known.group.value, control=known.control, debit=debit, credit=credit,
        balance=debit - credit,
    )  # fmt: skip


@router.get("/ledger/{year}/accounts/{account}")
async def account_lines(year: Year, account: str, conn: Reading, paged: Paged) -> Page[LedgerLine]:
    """An account line by line, by day."""
    if account not in CHART:
        raise not_found()
    key = (Entry.on_day, Entry.journal_id, Entry.line)
    query = select(*Entry.__table__.columns).where(Entry.year == year, Entry.account == account).order_by(*key)
    if paged.after is not None:
        day, journal, line = paged.after
        query = query.where(tuple_(*key) > tuple_(date.fromisoformat(day), UUID(journal), line))
    rows = await fetch(conn, query.limit(paged.limit + 1))
    page = paged.page(rows, lambda row: [row["on_day"].isoformat(), str(row["journal_id"]), row["line"]])
    return Page(items=[LedgerLine(**row) for row in page.items], next=page.next)
