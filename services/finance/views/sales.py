"""Copies of the registers sold, and their receipts."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import BigInteger, Text, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.finance.inputs import Year
from services.finance.views.access import BOOKS, FINANCE, LETTERS
from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.finance import CopyReleased, FeePaid, FeeQuoted, ReceiptIssued
from shared.service.database import Connection, Reading, fetch
from shared.service.http import caught_up
from shared.service.paging import Page, Paged
from shared.service.problems import not_found
from shared.service.read_audit import audited


class Sale(ViewTable):
    """One sale. `customer` and `email` are absent once the person was erased."""

    __tablename__ = "sale"
    sale_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    customer: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    copy_of: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column(Text)
    entries: Mapped[list[int]] = mapped_column(JSONB)
    pence: Mapped[int] = mapped_column(BigInteger)
    quoted_on: Mapped[date]
    method: Mapped[str | None] = mapped_column(Text, default=None)
    cleared_on: Mapped[date | None] = mapped_column(default=None)
    released_on: Mapped[date | None] = mapped_column(default=None)


class Receipt(ViewTable):
    """One receipt; there is no gap between the numbers of a year."""

    __tablename__ = "receipt"
    sale_id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    pence: Mapped[int] = mapped_column(BigInteger)
    method: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date]


@projection("sales", version=1, tables=[Sale, Receipt])
class Sales:
    view: View

    @on(FeeQuoted)
    def quoted(self, tx: ViewTransaction, e: Recorded[FeeQuoted]) -> None:
        q = e.data
        tx.put(
            Sale, authority=e.authority, sale_id=q.sale_id, customer_id=q.customer_id, customer=known(q.customer), email=known(q.email),
            copy_of=q.copy_of, form=q.form, entries=list(q.entries), pence=q.pence, quoted_on=q.quoted_on,
        )  # fmt: skip

    @on(FeePaid)
    def paid(self, tx: ViewTransaction, e: Recorded[FeePaid]) -> None:
        tx.change(Sale, sale_id=e.data.sale_id, method=e.data.method, cleared_on=e.data.cleared_on)

    @on(CopyReleased)
    def released(self, tx: ViewTransaction, e: Recorded[CopyReleased]) -> None:
        tx.change(Sale, sale_id=e.data.sale_id, released_on=e.data.released_on)

    @on(ReceiptIssued)
    def receipt(self, tx: ViewTransaction, e: Recorded[ReceiptIssued]) -> None:
        r = e.data
        tx.put(
            Receipt, authority=e.authority, sale_id=r.sale_id, year=r.year, number=r.number, pence=r.pence,
            method=r.method, issued_on=r.issued_on,
        )  # fmt: skip

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Sale, {"customer_id": e.data.subject_id}, customer=None, email=None)


class SalePage(BaseModel):
    """One sale with its receipt, when there is one."""

    sale_id: UUID
    customer_id: UUID
    customer: str | None
    email: str | None
    copy_of: str
    form: str
    entries: list[int]
    pence: int
    quoted_on: date
    method: str | None
    cleared_on: date | None
    released_on: date | None
    receipt_year: int | None
    receipt_number: int | None


class InvoiceLine(BaseModel):
    text: str
    net: int
    vat: int
    gross: int


class Invoice(BaseModel):
    """What an invoice says; pence. A statutory fee lies outside the scope of VAT. `tax_point`: when it was paid."""

    reference: str
    customer: str | None
    issued_on: date
    tax_point: date | None
    lines: list[InvoiceLine]
    net: int
    vat: int
    vat_treatment: Literal["outside the scope"]
    gross: int
    receipt: str | None


class ReceiptLine(BaseModel):
    """One receipt; `reference` is what is printed on it."""

    reference: str
    sale_id: UUID
    year: int
    number: int
    pence: int
    method: str
    issued_on: date


def receipt_reference(year: int, number: int) -> str:
    """`2026/000001`: the financial year by the calendar year in which it begins, then the number in it."""
    return f"{year}/{number:06}"


SALES = select(
    *Sale.__table__.columns, Receipt.year.label("receipt_year"), Receipt.number.label("receipt_number")
).outerjoin_from(Sale, Receipt, Receipt.sale_id == Sale.sale_id)
COPIES = {
    "register": "register of electors",
    "overseas-list": "list of overseas electors",
    "marked": "marked register or list",
}

router = APIRouter(tags=["fees"], dependencies=[caught_up("sales")])


async def _sale(conn: Connection, sale_id: UUID) -> dict[str, Any]:
    rows = await fetch(conn, SALES.where(Sale.sale_id == sale_id))
    if not rows:
        raise not_found()
    return rows[0]


@router.get("/sales", dependencies=[FINANCE, audited("sales")])
async def list_sales(conn: Reading, paged: Paged) -> Page[SalePage]:
    """Sales, in the order of their numbers."""
    query = SALES.order_by(Sale.sale_id).limit(paged.limit + 1)
    if paged.after is not None:
        query = query.where(Sale.sale_id > UUID(paged.after[0]))
    page = paged.page(await fetch(conn, query), lambda row: [str(row["sale_id"])])
    return Page(items=[SalePage(**row) for row in page.items], next=page.next)


@router.get("/sales/{sale_id}", dependencies=[LETTERS, audited("sale")])
async def sale_page(sale_id: UUID, conn: Reading) -> SalePage:
    """One sale."""
    return SalePage(**await _sale(conn, sale_id))


@router.get("/sales/{sale_id}/invoice", dependencies=[LETTERS, audited("invoice")])
async def invoice(sale_id: UUID, conn: Reading) -> Invoice:
    """What an invoice for this sale says."""
    return await invoice_of(conn, sale_id)


async def invoice_of(conn: Connection, sale_id: UUID) -> Invoice:
    sale = await _sale(conn, sale_id)
    entries = ", ".join(f"{number:,}" for number in sale["entries"])
    text = f"Copy of the {COPIES[sale['copy_of']]} in {sale['form']} form, entries: {entries} (RPR 2001 r.110-111, 120)"
    numbered = sale["receipt_number"] is not None
    return Invoice(
        reference=str(sale_id), customer=sale["customer"], issued_on=sale["quoted_on"], tax_point=sale["cleared_on"],
        lines=[InvoiceLine(text=text, net=sale["pence"], vat=0, gross=sale["pence"])], net=sale["pence"], vat=0,
        vat_treatment="outside the scope", gross=sale["pence"],
        receipt=receipt_reference(sale["receipt_year"], sale["receipt_number"]) if numbered else None,
    )  # fmt: skip


@router.get("/receipts/{year}", dependencies=[BOOKS])
async def receipts(year: Year, conn: Reading, paged: Paged) -> Page[ReceiptLine]:
    """The receipts of a financial year, by number."""
    query = select(*Receipt.__table__.columns).where(Receipt.year == year).order_by(Receipt.number)
    if paged.after is not None:
        query = query.where(Receipt.number > paged.after[0])
    page = paged.page(await fetch(conn, query.limit(paged.limit + 1)), lambda row: [row["number"]])
    lines = [ReceiptLine(reference=receipt_reference(row["year"], row["number"]), **row) for row in page.items]
    return Page(items=lines, next=page.next)
