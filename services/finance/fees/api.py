"""Routes of fees: a quote for a copy of a register, its payment, the release of the copy."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field

from services.finance.fees.decider import QuoteFee, RecordFeePayment, ReleaseCopy, quoted, sales
from services.finance.inputs import Day, Pence, Text
from services.finance.papers.money import Amount, InvoicePaper, long_date, pdf, pounds
from services.finance.views.access import LETTERS
from services.finance.views.sales import Invoice, invoice_of
from shared.eventcore.recording import Receipt
from shared.events.finance import CopyForm, CopyKind, PaymentMethod
from shared.events.values import PersonId
from shared.events.values_finance import SaleId
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import refusals
from shared.service.read_audit import audited

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


@router.get(
    "/sales/{sale_id}/invoice.pdf", dependencies=[LETTERS, caught_up("sales"), audited("invoice")],
    response_class=Response, responses={200: {"content": {"application/pdf": {}}}},
)  # fmt: skip
async def invoice_paper(sale_id: UUID, conn: Reading) -> Response:
    """The invoice for this sale as PDF."""
    paper = paper_of(await invoice_of(conn, sale_id))
    headers = {"Content-Disposition": 'inline; filename="invoice.pdf"', "Cache-Control": "no-store"}
    return Response(await asyncio.to_thread(pdf, paper), media_type="application/pdf", headers=headers)


def paper_of(invoice: Invoice) -> InvoicePaper:
    facts = [("Reference", invoice.reference), ("Issued", long_date(invoice.issued_on))]
    if invoice.tax_point is not None:
        facts.append(("Tax point", long_date(invoice.tax_point)))
    if invoice.receipt is not None:
        facts.append(("Paid, receipt", invoice.receipt))
    return InvoicePaper(
        title="Invoice",
        customer=invoice.customer or "",
        facts=tuple(facts),
        lines=tuple(Amount(line.text, pounds(line.gross)) for line in invoice.lines),
        total=pounds(invoice.gross),
        note="A fee set by law: outside the scope of VAT.",
    )
