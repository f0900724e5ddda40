"""The pay runs of one allowance year: calculated by one officer, approved by another, deducted by payroll, paid.

A run pays the difference between what each office is due to the end of its month and what was paid for it before; so
arrears, changes and overpayments come right by themselves, and nothing is ever paid twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.definition import known
from shared.events.finance import (
    AllowancePaid,
    DeductionsRecorded,
    OverpaymentFound,
    PayEvent,
    PaymentFileMade,
    PayRunApproved,
    PayRunCalculated,
    PayRunPaid,
)
from shared.events.values import PersonId
from shared.events.values_committees import MemberId
from shared.events.values_finance import PayLine
from shared.law.allowance_pay import NOTHING_DUE, Before, differences
from shared.law.allowances import (
    MONTHS,
    AllowanceYear,
    Forgoing,
    Practice,
    RateCard,
    Spell,
    payable,
    segments,
)

# --------------------------------------------------------------------- rules

NO_SUCH_MONTH = Rule(
    "no-such-month",
    "The months of an allowance year are numbered from 1, April, to 12, March.",
    "SI 2003/1021 reg.4(1)",
    "Choose a month from 1 to 12.",
    invalid=True,
)
MONTH_AHEAD = Rule(
    "month-not-begun",
    "A month is paid when it has begun.",
    "Council's pay dates",
    "Calculate the run in its month.",
)
OUT_OF_ORDER = Rule(
    "run-out-of-order",
    "A later month, or this one, was approved already; its run took in all that was due before.",
    "Council's pay dates",
    "Calculate the next month: it pays or recovers what has changed.",
)
NOTHING_CALCULATED = Rule(
    "nothing-calculated", "There is no calculation of this month.", "SI 2003/1021 reg.15", "Calculate the run first."
)
ANOTHER_OFFICER = Rule(
    "maker-is-checker",
    "The officer who calculated a pay run does not approve it.",
    "LGA 1972 s.151; council's financial regulations: separation of duties",
    "Let another officer look at it and approve it.",
)
CALCULATION_CHANGED = Rule(
    "calculation-changed",
    "The run was calculated anew since you looked at it.",
    "Council's financial regulations: separation of duties",
    "Look at the new calculation, then approve it.",
)
NOT_APPROVED = Rule(
    "run-not-approved", "The run of this month is not approved.", "LGA 1972 s.151", "Have it approved first."
)
DEDUCTIONS_STAND = Rule(
    "deductions-stand",
    "Payroll's answer for this run was recorded with other sums.",
    "SI 2003/2682 reg.67B",
    "Put the difference into the next run's answer.",
)
DEDUCTIONS_INCOMPLETE = Rule(
    "deductions-incomplete",
    "Payroll answers for every member of the run, each once, and for nobody else.",
    "SI 2003/2682 reg.21",
    "Ask payroll for a complete answer.",
    invalid=True,
)
DEDUCTIONS_EXCEED = Rule(
    "deductions-out-of-range",
    "What is deducted is neither negative nor more than the gross pay.",
    "SI 2003/2682 reg.21, 23",
    "Check payroll's answer.",
    invalid=True,
)
DEDUCTIONS_MISSING = Rule(
    "deductions-missing",
    "Net pay is known when payroll has answered.",
    "SI 2003/2682 reg.21",
    "Record payroll's answer first.",
)
FILE_MADE = Rule(
    "payment-file-made",
    "A file with other payments was made for this run; a second one would pay its members twice.",
    "Bacs Standard 18 (PN5011); LGA 1972 s.151",
    "Have the bank withdraw the first file, and pay what is left by hand.",
)

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class Holder:
    """What is known of one member: the offices held, what is forgone, and the last event that says so."""

    member_id: MemberId
    spells: tuple[Spell, ...]
    forgoings: tuple[Forgoing, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class CalculatePayRun:
    year: int
    month: int
    holders: tuple[Holder, ...]
    cards: tuple[RateCard, ...]
    practice: Practice
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class ApprovePayRun:
    """`payable` and `recoverable` are the totals that the officer saw."""

    month: int
    payable: int
    recoverable: int
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Deduction:
    """What payroll took from one member's gross pay, and the employer's National Insurance on it."""

    member_id: MemberId
    person_id: PersonId
    deductions: int
    employer_nic: int


@dataclass(frozen=True, slots=True)
class RecordDeductions:
    month: int
    deductions: tuple[Deduction, ...]


@dataclass(frozen=True, slots=True)
class RecordPaymentFile:
    month: int
    process_on: date
    payments: int
    content_sha256: str
    by: str


@dataclass(frozen=True, slots=True)
class ConfirmPaid:
    month: int
    on: date


Command = CalculatePayRun | ApprovePayRun | RecordDeductions | RecordPaymentFile | ConfirmPaid

# --------------------------------------------------------------------- state

Office = tuple[MemberId, str]


@dataclass(frozen=True, slots=True)
class PayYear:
    """`paid`: what each office of each member had in approved runs."""

    calculated: Mapping[int, PayRunCalculated] = field(default_factory=dict)
    approved: Mapping[int, PayRunApproved] = field(default_factory=dict)
    deducted: Mapping[int, Mapping[MemberId, DeductionsRecorded]] = field(default_factory=dict)
    files: Mapping[int, str] = field(default_factory=dict)
    settled: frozenset[int] = frozenset()
    paid: Mapping[Office, Before] = field(default_factory=dict)


def decide(command: Command, year: PayYear) -> Sequence[PayEvent]:
    match command:
        case CalculatePayRun():
            return calculate(command, year)
        case ApprovePayRun():
            return approve(command, year)
        case RecordDeductions():
            return record_deductions(command, year)
        case RecordPaymentFile():
            return record_file(command, year)
        case ConfirmPaid():
            return confirm_paid(command, year)
        case _:
            assert_never(command)


def calculate(command: CalculatePayRun, year: PayYear) -> Sequence[PayEvent]:
    if not 1 <= command.month <= MONTHS:
        raise Refused(NO_SUCH_MONTH)
    if command.on < AllowanceYear(command.year).month_begins(command.month):
        raise Refused(MONTH_AHEAD)
    if any(approved >= command.month for approved in year.approved):
        raise Refused(OUT_OF_ORDER)
    lines = tuple(
        line
        for holder in sorted(command.holders, key=lambda holder: holder.member_id)
        for line in lines_of(holder, command, year)
    )
    owed, owing = totals(lines)
    return [PayRunCalculated(command.year, command.month, lines, owed, owing, command.by, command.on)]


def totals(lines: Sequence[PayLine]) -> tuple[int, int]:
    """What is payable to members, and what is recoverable from those who were paid too much."""
    sums = gross_of(lines).values()
    return sum(pence for pence in sums if pence > 0), -sum(pence for pence in sums if pence < 0)


def gross_of(lines: Sequence[PayLine]) -> dict[MemberId, int]:
    """The sum of each member's lines; a negative one is a debt."""
    gross: dict[MemberId, int] = {}
    for line in lines:
        gross[line.member_id] = gross.get(line.member_id, 0) + line.pence
    return gross


def lines_of(holder: Holder, command: CalculatePayRun, year: PayYear) -> Iterator[PayLine]:
    """One member's lines: for each office what is due less what was paid."""
    of_year = AllowanceYear(command.year)
    due = payable(of_year, holder.spells, command.cards, command.practice, holder.forgoings)
    held = segments(of_year, holder.spells, command.cards, command.practice)
    for office in sorted(due.keys() | {office for member, office in year.paid if member == holder.member_id}):
        before = year.paid.get((holder.member_id, office))
        of_office = [segment for segment in held if segment.office == office]
        for pay in differences(of_year, command.month, due.get(office, NOTHING_DUE), of_office, before):
            yield PayLine(
                holder.member_id, office, pay.pence, pay.annual, pay.first, pay.last, pay.reason, holder.source
            )


def approve(command: ApprovePayRun, year: PayYear) -> Sequence[PayEvent]:
    run = year.calculated.get(command.month)
    if run is None:
        raise Refused(NOTHING_CALCULATED)
    if command.month in year.approved:
        return []
    if any(approved >= command.month for approved in year.approved):
        raise Refused(OUT_OF_ORDER)
    if (command.payable, command.recoverable) != (run.payable, run.recoverable):
        raise Refused(CALCULATION_CHANGED)
    if command.by == run.calculated_by:
        raise Refused(ANOTHER_OFFICER)
    approved = PayRunApproved(run.year, run.month, run.lines, run.payable, run.recoverable, command.by, command.on)
    debts = [
        OverpaymentFound(member, run.year, run.month, -pence)
        for member, pence in gross_of(run.lines).items()
        if pence < 0
    ]
    return [approved, *debts]


def record_deductions(command: RecordDeductions, year: PayYear) -> Sequence[PayEvent]:
    run = approved_run(command.month, year)
    gross = {member: pence for member, pence in gross_of(run.lines).items() if pence > 0}
    if sorted(deduction.member_id for deduction in command.deductions) != sorted(gross):
        raise Refused(DEDUCTIONS_INCOMPLETE)
    for taken in command.deductions:
        if not 0 <= taken.deductions <= gross[taken.member_id] or taken.employer_nic < 0:
            raise Refused(DEDUCTIONS_EXCEED)
    recorded = [
        DeductionsRecorded(
            d.member_id, d.person_id, run.year, run.month, gross[d.member_id], d.deductions, d.employer_nic
        )
        for d in command.deductions
    ]
    before = year.deducted.get(command.month)
    if before is None:
        return recorded
    if before != {event.member_id: event for event in recorded}:
        raise Refused(DEDUCTIONS_STAND)
    return []


def record_file(command: RecordPaymentFile, year: PayYear) -> Sequence[PayEvent]:
    net_of(approved_run(command.month, year), year)
    before = year.files.get(command.month)
    if before is None:
        return [
            PaymentFileMade(
                approved_run(command.month, year).year, command.month, command.process_on, command.payments,
                command.content_sha256, command.by,
            )
        ]  # fmt: skip
    if before != command.content_sha256:
        raise Refused(FILE_MADE)
    return []


def net_of(run: PayRunApproved, year: PayYear) -> dict[MemberId, int]:
    """What each member of an approved run is paid after deductions. Raises `Refused` while payroll has not answered."""
    taken = year.deducted.get(run.month, {})
    gross = {member: pence for member, pence in gross_of(run.lines).items() if pence > 0}
    if gross.keys() - taken.keys():
        raise Refused(DEDUCTIONS_MISSING)
    return {member: pence - deductions_of(taken[member]) for member, pence in gross.items()}


def confirm_paid(command: ConfirmPaid, year: PayYear) -> Sequence[PayEvent]:
    run = approved_run(command.month, year)
    if command.month in year.settled:
        return []
    net, taken = net_of(run, year), year.deducted.get(command.month, {})
    paid = [
        AllowancePaid(
            member_id=member,
            person_id=taken[member].person_id,
            year=run.year,
            month=run.month,
            paid_on=command.on,
            gross=pence + deductions_of(taken[member]),
            lines=tuple(line for line in run.lines if line.member_id == member),
            deductions=deductions_of(taken[member]),
            net=pence,
        )
        for member, pence in net.items()
    ]
    deductions = sum(deductions_of(taken[member]) for member in net)
    employer = sum(known(taken[member].employer_nic, 0) or 0 for member in net)
    return [
        *paid,
        PayRunPaid(run.year, run.month, command.on, run.payable, deductions, employer, net=run.payable - deductions),
    ]


def deductions_of(recorded: DeductionsRecorded) -> int:
    """What was deducted; nothing can be said of a person who was erased."""
    return known(recorded.deductions, 0) or 0


def approved_run(month: int, year: PayYear) -> PayRunApproved:
    run = year.approved.get(month)
    if run is None:
        raise Refused(NOT_APPROVED)
    return run


def evolve(year: PayYear, event: PayEvent) -> PayYear:
    match event:
        case PayRunCalculated():
            return replace(year, calculated={**year.calculated, event.month: event})
        case PayRunApproved():
            paid = dict(year.paid)
            for line in event.lines:
                office = line.member_id, line.office
                so_far = paid[office].pence if office in paid else 0
                paid[office] = Before(so_far + line.pence, line.annual)
            return replace(year, approved={**year.approved, event.month: event}, paid=paid)
        case DeductionsRecorded():
            of_run = {**year.deducted.get(event.month, {}), event.member_id: event}
            return replace(year, deducted={**year.deducted, event.month: of_run})
        case PaymentFileMade():
            return replace(year, files={**year.files, event.month: event.content_sha256})
        case PayRunPaid():
            return replace(year, settled=year.settled | {event.month})
        case OverpaymentFound() | AllowancePaid():
            return year
        case _:
            assert_never(event)


pay_years: Decider[Command, PayYear, PayEvent] = Decider("pay-year", PayYear(), decide, evolve)
