"""The receipt book of one financial year: its numbers follow each other without a gap, because one stream gives them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shared.eventcore.deciding import Decider
from shared.events.finance import PaymentMethod, ReceiptEvent, ReceiptIssued
from shared.events.values import PersonId
from shared.events.values_finance import SaleId
from shared.law.allowances import AllowanceYear


@dataclass(frozen=True, slots=True)
class IssueReceipt:
    """A sale has one receipt, however often it is asked for. `on` lies in the year of the book."""

    sale_id: SaleId
    customer_id: PersonId
    pence: int
    method: PaymentMethod
    on: date


@dataclass(frozen=True, slots=True)
class Book:
    last: int = 0
    sales: frozenset[SaleId] = frozenset()


def decide(command: IssueReceipt, book: Book) -> Sequence[ReceiptEvent]:
    if command.sale_id in book.sales:
        return []
    year = AllowanceYear.of(command.on).begins
    return [
        ReceiptIssued(
            command.sale_id, command.customer_id, year, book.last + 1, command.pence, command.method, command.on
        )
    ]


def evolve(book: Book, event: ReceiptEvent) -> Book:
    return Book(event.number, book.sales | {event.sale_id})


receipt_book: Decider[IssueReceipt, Book, ReceiptEvent] = Decider("receipt-book", Book(), decide, evolve)
