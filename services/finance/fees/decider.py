"""The sale of a copy of a register: quoted at the statutory fee, paid, and only then released. [RPR 2001 r.110-111, 120]"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.finance import CopyForm, CopyKind, CopyReleased, FeePaid, FeeQuoted, PaymentMethod, SaleEvent
from shared.events.values import PersonId
from shared.events.values_finance import SaleId
from shared.law.fees import Copy, Form, supply_fee

COPIES: Final[dict[CopyKind, Copy]] = {
    "register": Copy.REGISTER,
    "overseas-list": Copy.OVERSEAS_LIST,
    "marked": Copy.MARKED,
}
FORMS: Final[dict[CopyForm, Form]] = {"data": Form.DATA, "print": Form.PRINT}

# --------------------------------------------------------------------- rules

ENTRIES_NEEDED = Rule(
    "entries-needed",
    "The fee counts the entries of each register supplied.",
    "RPR 2001 r.110-111, r.120",
    "Enter how many entries each register has.",
    invalid=True,
)
ALREADY_QUOTED = Rule(
    "already-quoted",
    "This sale was quoted otherwise.",
    "RPR 2001 r.110-111",
    "Make a new quote; the old one lapses if nobody pays it.",
)
UNKNOWN_SALE = Rule("unknown-sale", "There is no such quote.", "RPR 2001 r.110-111", "Quote the fee first.")
FEE_NOT_MET = Rule(
    "fee-not-met",
    "The fee is set by law: neither more nor less may be taken.",
    "RPR 2001 r.110-111, r.120",
    "Take the exact sum; return what is over, ask for what is missing.",
)
NOT_CLEARED = Rule(
    "payment-not-cleared",
    "A copy is handed over when the fee has been paid.",
    "RPR 2001 r.110(2)",
    "Wait until the payment has cleared.",
)

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class QuoteFee:
    sale_id: SaleId
    customer_id: PersonId
    customer: str
    copy_of: CopyKind
    form: CopyForm
    entries: tuple[int, ...]
    on: date
    email: str = ""


@dataclass(frozen=True, slots=True)
class RecordFeePayment:
    pence: int
    method: PaymentMethod
    cleared_on: date
    banking_reference: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseCopy:
    on: date


Command = QuoteFee | RecordFeePayment | ReleaseCopy

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class Unquoted:
    pass


@dataclass(frozen=True, slots=True)
class Quoted:
    quote: FeeQuoted
    paid: FeePaid | None = None
    released: bool = False


Sale = Unquoted | Quoted


def decide(command: Command, sale: Sale) -> Sequence[SaleEvent]:
    match command:
        case QuoteFee():
            quote = quoted(command)
            if isinstance(sale, Unquoted):
                return [quote]
            if (sale.quote.copy_of, sale.quote.form, sale.quote.entries) != (quote.copy_of, quote.form, quote.entries):
                raise Refused(ALREADY_QUOTED)
            return []
        case RecordFeePayment(pence, method, cleared_on, reference):
            known = existing(sale)
            if known.paid is not None and known.paid.pence == pence:
                return []
            if pence != known.quote.pence:
                raise Refused(FEE_NOT_MET, f"The fee is £{known.quote.pence / 100:.2f}.")
            return [FeePaid(known.quote.sale_id, known.quote.customer_id, pence, method, cleared_on, reference)]
        case ReleaseCopy(on):
            known = existing(sale)
            if known.released:
                return []
            if known.paid is None or known.paid.cleared_on > on:
                raise Refused(NOT_CLEARED)
            return [CopyReleased(known.quote.sale_id, on)]
        case _:
            assert_never(command)


def quoted(command: QuoteFee) -> FeeQuoted:
    if not command.entries or any(number < 1 for number in command.entries):
        raise Refused(ENTRIES_NEEDED)
    pence = supply_fee(COPIES[command.copy_of], FORMS[command.form], command.entries, command.on)
    return FeeQuoted(
        command.sale_id, command.customer_id, command.customer, command.copy_of, command.form, command.entries, pence,
        command.on, command.email,
    )  # fmt: skip


def existing(sale: Sale) -> Quoted:
    match sale:
        case Quoted():
            return sale
        case Unquoted():
            raise Refused(UNKNOWN_SALE)
        case _:
            assert_never(sale)


def evolve(sale: Sale, event: SaleEvent) -> Sale:
    match event:
        case FeeQuoted():
            return Quoted(event)
        case FeePaid():
            return replace(existing(sale), paid=event)
        case CopyReleased():
            return replace(existing(sale), released=True)
        case _:
            assert_never(event)


sales: Decider[Command, Sale, SaleEvent] = Decider("sale", Unquoted(), decide, evolve)
