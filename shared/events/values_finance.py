"""The values that the events of finance are made of. Fields are only ever added, and only with a default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NewType, TypeAlias
from uuid import UUID, uuid5

from shared.events.values import Authority
from shared.events.values_committees import MemberId

JournalId = NewType("JournalId", UUID)
SaleId = NewType("SaleId", UUID)
"""The supply of one copy of a register for a fee."""

Pence: TypeAlias = int
"""Money is whole pence, never a float."""


def ledger_year_id(authority: Authority, year: int) -> UUID:
    """The stream of a council's ledger for the financial year that begins on 1 April of `year`."""
    return uuid5(UUID(int=0), f"ledger:{authority}:{year}")


def scheme_id(authority: Authority) -> UUID:
    """The stream of a council's scheme of members' allowances: it has one, amended and replaced over the years."""
    return uuid5(UUID(int=0), f"allowance-scheme:{authority}")


def allowance_budget_id(authority: Authority, year: int) -> UUID:
    """The stream of a council's budget for members' allowances of the year that begins on 1 April of `year`."""
    return uuid5(UUID(int=0), f"allowance-budget:{authority}:{year}")


def entitlements_id(member: MemberId) -> UUID:
    """The stream of what one member is entitled to and forgoes."""
    return uuid5(member, "allowances")


def payee_id(member: MemberId) -> UUID:
    """The stream of how one member is paid."""
    return uuid5(member, "payee")


def pay_year_id(authority: Authority, year: int) -> UUID:
    """The stream of the twelve pay runs of the allowance year that begins on 1 April of `year`."""
    return uuid5(UUID(int=0), f"pay-year:{authority}:{year}")


def receipt_book_id(authority: Authority, year: int) -> UUID:
    """The stream of a council's receipts of one financial year, in whose order they are numbered."""
    return uuid5(UUID(int=0), f"receipt-book:{authority}:{year}")


# -------------------------------------------------------------------- ledger


@dataclass(frozen=True, slots=True)
class Coding:
    """One side of a posting. `account` is a code of the chart, `vat` the VAT code."""

    account: str
    cost_centre: str = ""
    vat: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount moved: what the debit side receives the credit side gives. A journal made of postings cannot fail to balance."""

    debit: Coding
    credit: Coding
    pence: Pence


# ---------------------------------------------------------------- allowances


@dataclass(frozen=True, slots=True)
class Rate:
    """What an office brings a year. `office`: `basic`, `co-optee`, a role (`leader`), or a role in one body
    (`chair:<committee id>`)."""

    office: str
    annual: Pence


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of a scheme from `since` until the next ones."""

    since: date
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class SchemePractice:
    """What a scheme settles where SI 2003/1021 leaves it open. `special_in_full`: how many special responsibility
    allowances a member draws, highest first (None: all); `special_further`: the percentage paid of each further one."""

    special_in_full: int | None = 1
    special_further: int = 0
    change_day: Literal["incoming", "outgoing"] = "incoming"
    broken_month: Literal["statutory-balance", "days-in-month"] = "statutory-balance"


PayReason = Literal["", "NEW", "CHG", "ARR", "REC"]
"""Why a pay line is what it is: the standing instalment, a new office, a changed rate or last month, arrears, a recovery."""


@dataclass(frozen=True, slots=True)
class PayLine:
    """What one member is paid in one run for one office: the difference between what is due and what was paid before.
    `annual`: the rate at the end of the month; `first` and `last`: the days it is for; `source`: the event it rests on."""

    member_id: MemberId
    office: str
    pence: Pence
    annual: Pence
    first: date
    last: date
    reason: PayReason = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class PayeeDetails:
    """How a member is paid: name as the bank has it, payroll reference, National Insurance number, account."""

    name: str
    pay_reference: str
    ni_number: str
    sort_code: str
    account_number: str
