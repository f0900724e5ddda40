"""What happens in finance: the ledger, members' allowances and their pay, fees and receipts. All money is whole pence.

What a member is paid before tax is public by law (SI 2003/1021 reg.15); deductions, net pay and bank details are sealed.
Fields are only ever added, and only with a default.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.events.definition import Personal, event
from shared.events.values import PersonId
from shared.events.values_committees import MemberId
from shared.events.values_finance import (
    JournalId,
    PayeeDetails,
    PayLine,
    Pence,
    Posting,
    Rate,
    Rates,
    SaleId,
    SchemePractice,
)

# -------------------------------------------------------------------- ledger


@event("finance.journal-posted.v1", effective="on")
class JournalPosted:
    """Amounts moved between accounts. `period` is `yyyy-mm`, the accounting period it counts in, which is later than
    that of `on` when that one was closed. `document` is what it rests on; `reverses` the journal that it undoes."""

    journal_id: JournalId
    on: date
    period: str
    narrative: str
    postings: tuple[Posting, ...]
    document: str = ""
    posted_by: str = ""
    reverses: JournalId | None = None


@event("finance.period-closed.v1")
class PeriodClosed:
    """No journal counts in this accounting period any more."""

    period: str
    closed_by: str


LedgerEvent = JournalPosted | PeriodClosed

# -------------------------------------------------------------------- scheme


@event("finance.scheme-adopted.v1", effective="effective_from")
class SchemeAdopted:
    """The council made its scheme of allowances for the year that begins on `effective_from` (SI 2003/1021 reg.10(1)),
    having had regard to the report of its panel (reg.19)."""

    effective_from: date
    adopted_on: date
    rates: tuple[Rate, ...]
    panel_reported_on: date
    practice: SchemePractice
    index: str = ""
    """By which rates are raised without an amendment, e.g. the pay award of local government officers."""
    index_until: date | None = None


@event("finance.scheme-amended.v1", effective="effective_from")
class SchemeAmended:
    """The scheme has other rates from `effective_from`, at the earliest from the start of the year (reg.10(6))."""

    effective_from: date
    amended_on: date
    rates: tuple[Rate, ...]
    panel_reported_on: date
    practice: SchemePractice


@event("finance.rates-indexed.v1", effective="effective_from")
class RatesIndexed:
    """The scheme's own index raised its rates, which is no amendment (reg.10(4)). `basis_points`: 320 is 3.2 per cent.
    `rates`: all that hold from `effective_from` on."""

    effective_from: date
    applied_on: date
    index: str
    basis_points: int
    rates: tuple[Rates, ...]


SchemeEvent = SchemeAdopted | SchemeAmended | RatesIndexed


@event("finance.allowance-budget-set.v1", effective="set_on")
class AllowanceBudgetSet:
    """The council's budget for members' allowances of the whole year that begins on 1 April of `year` is now `pence`: as first
    set, or as a virement or revision left it, whose `reason` is recorded. `minute` is what it rests on."""

    year: int
    pence: Pence
    set_on: date
    minute: str
    reason: str = ""


# -------------------------------------------------------------- entitlements


@event("finance.entitlement-started.v1", effective="first_day")
class EntitlementStarted:
    """A member holds an office that may bring an allowance."""

    member_id: MemberId
    office: str
    first_day: date
    person_id: PersonId | None = None


@event("finance.entitlement-ended.v1", effective="last_day")
class EntitlementEnded:
    """`last_day` is the last day for which the office counts."""

    member_id: MemberId
    office: str
    first_day: date
    last_day: date


@event("finance.allowance-forgone.v1", effective="first_day")
class AllowanceForgone:
    """By notice in writing a member gives up `percent` of what falls into these days (SI 2003/1021 reg.13); no
    `offices` means of every allowance. A later notice replaces what an earlier one said of its days."""

    member_id: MemberId
    percent: int
    first_day: date
    notice_on: date
    offices: tuple[str, ...] = ()


@event("finance.forgoing-ended.v1", effective="last_day")
class ForgoingEnded:
    """The member no longer forgoes anything after `last_day`."""

    member_id: MemberId
    last_day: date
    notice_on: date


EntitlementEvent = EntitlementStarted | EntitlementEnded | AllowanceForgone | ForgoingEnded

# -------------------------------------------------------------------- payees


@event("finance.payee-proposed.v1", subject="person_id")
class PayeeProposed:
    """Somebody entered how a member is to be paid; nothing is paid to it before another officer has confirmed it."""

    member_id: MemberId
    person_id: PersonId
    details: Personal[PayeeDetails]
    proposed_by: str


@event("finance.payee-confirmed.v1", subject="person_id")
class PayeeConfirmed:
    """Another officer confirmed the details, having asked the member by a way known before (`called_back`)."""

    member_id: MemberId
    person_id: PersonId
    details: Personal[PayeeDetails]
    confirmed_by: str
    called_back: bool


PayeeEvent = PayeeProposed | PayeeConfirmed

# ---------------------------------------------------------------------- pay


@event("finance.pay-run-calculated.v1")
class PayRunCalculated:
    """What the run of a month would pay; replaces an earlier calculation. `payable` is its control total: the sum of all
    lines of members whose lines come to more than nothing; `recoverable` what the others owe."""

    year: int
    month: int
    """1 is April."""
    lines: tuple[PayLine, ...]
    payable: Pence
    recoverable: Pence
    calculated_by: str
    calculated_on: date


@event("finance.pay-run-approved.v1")
class PayRunApproved:
    """Another officer approved the run as calculated; its lines are owed. They are repeated for those who keep books."""

    year: int
    month: int
    lines: tuple[PayLine, ...]
    payable: Pence
    recoverable: Pence
    approved_by: str
    approved_on: date


@event("finance.overpayment-found.v1")
class OverpaymentFound:
    """A member was paid more than was due and has nothing coming to set it against: a debt, not a negative pay line."""

    member_id: MemberId
    year: int
    month: int
    pence: Pence


@event("finance.deductions-recorded.v1", subject="person_id")
class DeductionsRecorded:
    """What payroll took from a member's gross pay of a run (PAYE, National Insurance, pension), and the employer's part."""

    member_id: MemberId
    person_id: PersonId
    year: int
    month: int
    gross: Pence
    deductions: Personal[Pence]
    employer_nic: Personal[Pence]


@event("finance.payment-file-made.v1")
class PaymentFileMade:
    """The file of a run's net payments was made for the bank. A run has one: another would pay its members twice."""

    year: int
    month: int
    process_on: date
    payments: int
    content_sha256: str
    made_by: str


@event("finance.allowance-paid.v1", subject="person_id", effective="paid_on")
class AllowancePaid:
    """A member was paid for a run. `lines` are what the gross is made of."""

    member_id: MemberId
    person_id: PersonId
    year: int
    month: int
    paid_on: date
    gross: Pence
    lines: tuple[PayLine, ...]
    deductions: Personal[Pence]
    net: Personal[Pence]


@event("finance.pay-run-paid.v1", effective="paid_on")
class PayRunPaid:
    """A run was paid. `gross` is `net` and `deductions`; the employer's National Insurance comes on top."""

    year: int
    month: int
    paid_on: date
    gross: Pence
    deductions: Pence
    employer_nic: Pence
    net: Pence


PayEvent = (
    PayRunCalculated
    | PayRunApproved
    | OverpaymentFound
    | DeductionsRecorded
    | PaymentFileMade
    | AllowancePaid
    | PayRunPaid
)

# ---------------------------------------------------------------------- fees

CopyKind = Literal["register", "overseas-list", "marked"]
CopyForm = Literal["data", "print"]
PaymentMethod = Literal["bank-transfer", "card", "cheque", "cash"]


@event("finance.fee-quoted.v1", subject="customer_id", effective="quoted_on")
class FeeQuoted:
    """What a copy costs. `entries`: of each register in it, one per constituency."""

    sale_id: SaleId
    customer_id: PersonId
    customer: Personal[str]
    copy_of: CopyKind
    form: CopyForm
    entries: tuple[int, ...]
    pence: Pence
    quoted_on: date
    email: Personal[str] = ""


@event("finance.fee-paid.v1", effective="cleared_on")
class FeePaid:
    """The whole fee has cleared."""

    sale_id: SaleId
    customer_id: PersonId
    pence: Pence
    method: PaymentMethod
    cleared_on: date
    banking_reference: str = ""


@event("finance.copy-released.v1", effective="released_on")
class CopyReleased:
    """The copy may be handed over."""

    sale_id: SaleId
    released_on: date


SaleEvent = FeeQuoted | FeePaid | CopyReleased


@event("finance.receipt-issued.v1", effective="issued_on")
class ReceiptIssued:
    """A receipt. `number` follows the one before it in the financial year without a gap."""

    sale_id: SaleId
    customer_id: PersonId
    year: int
    number: int
    pence: Pence
    method: PaymentMethod
    issued_on: date


ReceiptEvent = ReceiptIssued
