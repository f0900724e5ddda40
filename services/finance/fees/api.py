"""Routes of fees: a quote for a copy of a register, its payment, the release of the copy."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from services.finance.fees.decider import QuoteFee, RecordFeePayment, ReleaseCopy, quoted, sales
from services.finance.inputs import Day, Pence, Text
from shared.eventcore.recording import Receipt
from shared.events.finance import CopyForm, CopyKind, PaymentMethod
from shared.events.values import PersonId
from shared.events.values_finance import SaleId
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.now import Today
from shared.service.problems import refusals

router = APIRouter(tags=["fees"])
CLERKS = requires("finance-clerk", "finance-approver")
QUOTERS = requires("finance-clerk", "finance-approver", "registration-officer", "ero-deputy")


class Copy(BaseModel):
    """What is wanted; `entries`: how many each register in it has."""

    customer: Text = Field(min_length=1, max_length=200)
    copy_of: CopyKind = "register"
    form: CopyForm = "data"
    entries: list[Annotated[int, Field(ge=0, le=10**8)]] = Field(max_length=100, examples=[[87412]])
    customer_id: UUID | None = Field(None, description="of a customer known from before")
    email: Text = Field("", max_length=254, description="where the receipt goes")


class Quote(BaseModel):
    """The statutory fee in pence, no VAT."""

    sale_id: UUID
    pence: int
    receipt: Receipt


@router.post(
    "/quotes", status_code=status.HTTP_201_CREATED, dependencies=[QUOTERS], responses=refusals("entries-needed")
)
async def quote(body: Copy, execute: Execute, officer: Officer, today: Today) -> Quote:
    """Quote the fee for a copy."""
    sale, customer = SaleId(uuid4()), PersonId(body.customer_id or uuid4())
    command = QuoteFee(sale, customer, body.customer, body.copy_of, body.form, tuple(body.entries), today, body.email)
    receipt = await execute(sales, sale, command, by=officer)
    return Quote(sale_id=receipt.stream_id, pence=quoted(command).pence, receipt=receipt)


class Payment(BaseModel):
    pence: Pence
    method: PaymentMethod
    cleared_on: Day
    banking_reference: Text = Field("", max_length=40)


@router.post("/sales/{sale}/payment", dependencies=[CLERKS], responses=refusals("unknown-sale", "fee-not-met"))
async def pay(sale: UUID, body: Payment, execute: Execute, officer: Officer) -> Receipt:
    """The fee has cleared; a receipt follows by itself."""
    command = RecordFeePayment(body.pence, body.method, body.cleared_on, body.banking_reference)
    return await execute(sales, sale, command, by=officer)


@router.post("/sales/{sale}/release", dependencies=[QUOTERS], responses=refusals("unknown-sale", "payment-not-cleared"))
async def release(sale: UUID, execute: Execute, officer: Officer, today: Today) -> Receipt:
    """Hand the copy over."""
    return await execute(sales, sale, ReleaseCopy(today), by=officer)
