"""One financial year of the ledger: journals that cannot fail to balance, periods that close, reversal instead of change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Final, assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.finance import JournalPosted, LedgerEvent, PeriodClosed
from shared.events.values_finance import Coding, JournalId, Posting
from shared.law.allowances import AllowanceYear

# ------------------------------------------------------------ chart of accounts


class Group(Enum):
    """Where an account stands: on the balance sheet, or in a subjective group of CIPFA's standard analysis."""

    ASSETS = "assets"
    LIABILITIES = "liabilities"
    EMPLOYEES = "employees"
    SUPPLIES_AND_SERVICES = "supplies and services"
    INCOME = "income"


@dataclass(frozen=True, slots=True)
class Account:
    title: str
    group: Group
    control: bool = False
    """A control account comes back to nothing once what it waits for has happened."""


BANK: Final = "1000"
OVERPAID_ALLOWANCES: Final = "1210"
PAY_CONTROL: Final = "2100"
PAYE_NIC_CONTROL: Final = "2110"
SUSPENSE: Final = "2900"
REGISTER_SALES: Final = "4100"
BASIC_ALLOWANCES: Final = "5100"
SPECIAL_ALLOWANCES: Final = "5110"
CO_OPTEES_ALLOWANCES: Final = "5120"
EMPLOYERS_NIC: Final = "5130"

CHART: Final[Mapping[str, Account]] = {
    BANK: Account("Bank", Group.ASSETS),
    OVERPAID_ALLOWANCES: Account("Debtors: allowances overpaid", Group.ASSETS),
    PAY_CONTROL: Account("Members' net pay control", Group.LIABILITIES, control=True),
    PAYE_NIC_CONTROL: Account("PAYE and National Insurance control", Group.LIABILITIES, control=True),
    SUSPENSE: Account("Suspense", Group.LIABILITIES, control=True),
    REGISTER_SALES: Account("Fees for copies of the registers", Group.INCOME),
    BASIC_ALLOWANCES: Account("Members' basic allowances", Group.SUPPLIES_AND_SERVICES),
    SPECIAL_ALLOWANCES: Account("Members' special responsibility allowances", Group.SUPPLIES_AND_SERVICES),
    CO_OPTEES_ALLOWANCES: Account("Co-optees' allowances", Group.SUPPLIES_AND_SERVICES),
    EMPLOYERS_NIC: Account("Employer's National Insurance on members' allowances", Group.SUPPLIES_AND_SERVICES),
}
"""Members' allowances stand under supplies and services, not employees: members are office holders. [CIPFA SeRCOP]"""

# --------------------------------------------------------------------- rules

EMPTY_JOURNAL = Rule(
    "empty-journal",
    "A journal moves at least one amount.",
    "LGA 1972 s.151; Accounts and Audit Regulations 2015 reg.4",
    "Enter the amounts.",
    invalid=True,
)
AMOUNT_NOT_POSITIVE = Rule(
    "amount-not-positive",
    "An amount moved is more than nothing; to move it the other way, swap the sides.",
    "Accounts and Audit Regulations 2015 reg.4",
    "Swap debit and credit.",
    invalid=True,
)
SAME_ACCOUNT = Rule(
    "same-account",
    "An amount moves between two different codings.",
    "Accounts and Audit Regulations 2015 reg.4",
    "Choose where it comes from and where it goes.",
    invalid=True,
)
UNKNOWN_ACCOUNT = Rule(
    "unknown-account",
    "An account is not in the chart.",
    "Council's chart of accounts; CIPFA SeRCOP",
    "Choose an account of the chart; to suspense until you know which.",
    invalid=True,
)
PERIOD_CLOSED = Rule(
    "period-closed",
    "The accounting period is closed.",
    "Accounts and Audit Regulations 2015 reg.4(3)",
    "Date the journal in an open period.",
)
JOURNAL_EXISTS = Rule(
    "journal-exists",
    "A posted journal never changes.",
    "Accounts and Audit Regulations 2015 reg.4(3)",
    "Reverse it and post it right.",
)
UNKNOWN_JOURNAL = Rule(
    "unknown-journal",
    "There is no such journal in this financial year.",
    "Accounts and Audit Regulations 2015 reg.4",
    "Look it up in the ledger.",
)
ALREADY_REVERSED = Rule(
    "already-reversed",
    "The journal was reversed before.",
    "Accounts and Audit Regulations 2015 reg.4(3)",
    "Post what is right as a new journal.",
)
ANOTHER_YEAR = Rule(
    "another-financial-year",
    "A journal is reversed in its own financial year; errors of earlier years are corrected in this one.",
    "CIPFA Code of Practice on Local Authority Accounting 3.3",
    "Post the correction as a new journal that names the old one as its document.",
)
NOT_A_PERIOD = Rule(
    "not-a-period",
    "An accounting period is a calendar month, written yyyy-mm.",
    "Council's accounting periods",
    "Write it like 2026-05.",
    invalid=True,
)
CLOSE_IN_ORDER = Rule(
    "close-in-order",
    "The periods of a year close one after the other.",
    "Council's accounting periods",
    "Close the earlier period first.",
)

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class PostJournal:
    """`carry_forward`: when the period of `on` is closed, count it in the next open one of the year."""

    journal_id: JournalId
    on: date
    narrative: str
    postings: tuple[Posting, ...]
    document: str = ""
    posted_by: str = ""
    carry_forward: bool = False


@dataclass(frozen=True, slots=True)
class ReverseJournal:
    """Undo a journal `of` this year by another that moves everything back."""

    journal_id: JournalId
    of: JournalId
    on: date
    reason: str
    posted_by: str


@dataclass(frozen=True, slots=True)
class ClosePeriod:
    period: str
    closed_by: str


Command = PostJournal | ReverseJournal | ClosePeriod

# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class Posted:
    period: str
    postings: tuple[Posting, ...]
    reversed_: bool = False


@dataclass(frozen=True, slots=True)
class LedgerYear:
    journals: Mapping[JournalId, Posted] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()


def decide(command: Command, year: LedgerYear) -> Sequence[LedgerEvent]:
    match command:
        case PostJournal(identity, on, narrative, postings, document, posted_by, carry_forward):
            if identity in year.journals:
                return repeated(year.journals[identity], postings)
            checked(postings)
            period = period_for(on, year, carry_forward)
            return [JournalPosted(identity, on, period, narrative, postings, document, posted_by)]
        case ReverseJournal():
            return reverse(command, year)
        case ClosePeriod(period, _) if period in year.closed:
            return []
        case ClosePeriod(period, closed_by):
            earlier = periods_of(period)
            if any(before not in year.closed for before in earlier[: earlier.index(period)]):
                raise Refused(CLOSE_IN_ORDER)
            return [PeriodClosed(period, closed_by)]
        case _:
            assert_never(command)


def reverse(command: ReverseJournal, year: LedgerYear) -> Sequence[LedgerEvent]:
    original = year.journals.get(command.of)
    if original is None:
        raise Refused(UNKNOWN_JOURNAL)
    back = tuple(Posting(posting.credit, posting.debit, posting.pence) for posting in original.postings)
    if command.journal_id in year.journals:
        return repeated(year.journals[command.journal_id], back)
    if original.reversed_:
        raise Refused(ALREADY_REVERSED)
    if AllowanceYear.of(command.on) != AllowanceYear.of(date.fromisoformat(f"{original.period}-01")):
        raise Refused(ANOTHER_YEAR)
    period = period_for(command.on, year, carry_forward=False)
    document = f"reversal of {command.of}"
    return [
        JournalPosted(
            command.journal_id, command.on, period, command.reason, back, document, command.posted_by, command.of
        )
    ]


def repeated(before: Posted, postings: tuple[Posting, ...]) -> Sequence[LedgerEvent]:
    """A journal that came again changes nothing; another one under its number is refused."""
    if before.postings != postings:
        raise Refused(JOURNAL_EXISTS)
    return []


def checked(postings: Sequence[Posting]) -> None:
    if not postings:
        raise Refused(EMPTY_JOURNAL)
    for posting in postings:
        if posting.pence <= 0:
            raise Refused(AMOUNT_NOT_POSITIVE)
        if posting.debit == posting.credit:
            raise Refused(SAME_ACCOUNT)
        for account in (posting.debit.account, posting.credit.account):
            if account not in CHART:
                raise Refused(UNKNOWN_ACCOUNT, f"There is no account {account[:12]} in the chart.")


def period_for(on: date, year: LedgerYear, carry_forward: bool) -> str:
    """The accounting period of a day; with `carry_forward` the first open one from it in its financial year."""
    period = f"{on:%Y-%m}"
    if period not in year.closed:
        return period
    if carry_forward:
        periods = periods_of(period)
        for later in periods[periods.index(period) :]:
            if later not in year.closed:
                return later
    raise Refused(PERIOD_CLOSED)


def periods_of(period: str) -> list[str]:
    """The twelve periods of the financial year that `period` belongs to, April first."""
    try:
        year = AllowanceYear.of(date.fromisoformat(f"{period}-01"))
    except ValueError:
        raise Refused(NOT_A_PERIOD) from None
    return [f"{year.month_begins(month):%Y-%m}" for month in range(1, 13)]


def moved(debit: str, credit: str, pence: int, cost_centre: str = "") -> tuple[Posting, ...]:
    """A posting between two accounts, the other way round for a negative amount; none for nothing."""
    if pence == 0:
        return ()
    if pence < 0:
        debit, credit = credit, debit
    return (Posting(Coding(debit, cost_centre), Coding(credit, cost_centre), abs(pence)),)


def evolve(year: LedgerYear, event: LedgerEvent) -> LedgerYear:
    match event:
        case JournalPosted():
            journals = {**year.journals, event.journal_id: Posted(event.period, event.postings)}
            if event.reverses is not None:
                journals[event.reverses] = replace(journals[event.reverses], reversed_=True)
            return replace(year, journals=journals)
        case PeriodClosed(period=period):
            return replace(year, closed=year.closed | {period})
        case _:
            assert_never(event)


ledger: Decider[Command, LedgerYear, LedgerEvent] = Decider("ledger", LedgerYear(), decide, evolve)
