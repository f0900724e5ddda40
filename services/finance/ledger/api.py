"""Routes of the ledger: journals by hand, reversals, the closing of periods."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from services.finance.inputs import Day, Pence, Period, Text, Year
from services.finance.ledger.decider import ClosePeriod, PostJournal, ReverseJournal, ledger
from shared.eventcore.recording import Receipt
from shared.events.values import Authority
from shared.events.values_finance import Coding, JournalId, Posting, ledger_year_id
from shared.law.allowances import AllowanceYear
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.now import Today
from shared.service.problems import invalid, refusals

router = APIRouter(prefix="/ledger/{year}", tags=["ledger"])
CLERKS = requires("finance-clerk", "finance-approver")
APPROVERS = requires("finance-approver")


class Side(BaseModel):
    account: Text = Field(examples=["1000"], max_length=12)
    cost_centre: Text = Field("", max_length=25)
    vat: Text = Field("", max_length=25)

    def coding(self) -> Coding:
        return Coding(self.account, self.cost_centre, self.vat)


class Movement(BaseModel):
    """An amount in pence that the debit side receives and the credit side gives."""

    debit: Side
    credit: Side
    pence: Pence


class Journal(BaseModel):
    """A journal by hand. The narrative names no person."""

    on: Day
    narrative: Text = Field(min_length=1, max_length=200)
    document: Text = Field(min_length=1, max_length=100)
    postings: list[Movement] = Field(max_length=500)


@router.post(
    "/journals", status_code=status.HTTP_201_CREATED, dependencies=[CLERKS],
    responses=refusals("empty-journal", "amount-not-positive", "same-account", "unknown-account", "period-closed"),
)  # fmt: skip
async def post(year: Year, body: Journal, execute: Execute, officer: Officer, authority: ActingFor) -> Receipt:
    """Post a journal in this financial year."""
    if AllowanceYear.of(body.on).begins != year:
        raise invalid("on", "another-year", "This day is in another financial year.")
    postings = tuple(Posting(m.debit.coding(), m.credit.coding(), m.pence) for m in body.postings)
    command = PostJournal(JournalId(uuid4()), body.on, body.narrative, postings, body.document, officer.id)
    return await execute(ledger, ledger_year_id(Authority(authority), year), command, by=officer)


class Reversal(BaseModel):
    reason: Text = Field(min_length=1, max_length=200)


@router.post(
    "/journals/{journal}/reversal", dependencies=[APPROVERS],
    responses=refusals("unknown-journal", "already-reversed", "another-financial-year", "period-closed"),
)  # fmt: skip
async def reverse(
    year: Year, journal: UUID, body: Reversal, execute: Execute, officer: Officer, authority: ActingFor, today: Today
) -> Receipt:
    """Undo a journal by another, dated today."""
    command = ReverseJournal(JournalId(uuid4()), JournalId(journal), today, body.reason, officer.id)
    return await execute(ledger, ledger_year_id(Authority(authority), year), command, by=officer)


@router.post(
    "/periods/{period}/closing", dependencies=[APPROVERS], responses=refusals("close-in-order", "not-a-period")
)
async def close(year: Year, period: Period, execute: Execute, officer: Officer, authority: ActingFor) -> Receipt:
    """Close an accounting period for ever."""
    if AllowanceYear.of(date.fromisoformat(f"{period}-01")).begins != year:
        raise invalid("period", "another-year", "This period is in another financial year.")
    stream = ledger_year_id(Authority(authority), year)
    return await execute(ledger, stream, ClosePeriod(period, officer.id), by=officer)
