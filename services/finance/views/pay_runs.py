"""Pay runs and what members were paid: the run page, a member's statement, the yearly publication."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import BigInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.eventcore.projection import View, ViewTable, ViewTransaction, on, projection
from shared.eventcore.recording import Recorded
from shared.events.core import SubjectErased
from shared.events.definition import known
from shared.events.finance import (
    AllowancePaid,
    DeductionsRecorded,
    OverpaymentFound,
    PaymentFileMade,
    PayRunApproved,
    PayRunCalculated,
    PayRunPaid,
)
from shared.events.values_finance import PayLine
from shared.law.allowances import BASIC, CO_OPTEE

Json = dict[str, str | int]
RunState = Literal["calculated", "approved", "paid"]
NATURES = (BASIC, "special", CO_OPTEE)
"""The allowances that SI 2003/1021 reg.15(3) has published apart."""


class Run(ViewTable):
    """The run of one month. `pay_year` is the stream of its year, which belongs to one council; `answered`: payroll's
    deductions are recorded, whose sums belong to the members until they are paid."""

    __tablename__ = "run"
    pay_year: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[Json]] = mapped_column(JSONB)
    payable: Mapped[int] = mapped_column(BigInteger)
    recoverable: Mapped[int] = mapped_column(BigInteger)
    calculated_by: Mapped[str] = mapped_column(Text)
    calculated_on: Mapped[date]
    approved_by: Mapped[str | None] = mapped_column(Text, default=None)
    approved_on: Mapped[date | None] = mapped_column(default=None)
    answered: Mapped[bool] = mapped_column(default=False)
    process_on: Mapped[date | None] = mapped_column(default=None)
    paid_on: Mapped[date | None] = mapped_column(default=None)
    deductions: Mapped[int | None] = mapped_column(BigInteger, default=None)
    employer_nic: Mapped[int | None] = mapped_column(BigInteger, default=None)
    net: Mapped[int | None] = mapped_column(BigInteger, default=None)


class Payment(ViewTable):
    """What one member was paid in a run. `deductions` and `net` are the member's own affair: absent once erased."""

    __tablename__ = "payment"
    pay_year: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    year: Mapped[int]
    paid_on: Mapped[date]
    gross: Mapped[int] = mapped_column(BigInteger)
    basic: Mapped[int] = mapped_column(BigInteger)
    special: Mapped[int] = mapped_column(BigInteger)
    co_optee: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[list[Json]] = mapped_column(JSONB)
    deductions: Mapped[int | None] = mapped_column(BigInteger)
    net: Mapped[int | None] = mapped_column(BigInteger)


class Debt(ViewTable):
    """What a member was paid too much and owes, as a run found it, with the lines that say why it was less."""

    __tablename__ = "debt"
    pay_year: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int]
    pence: Mapped[int] = mapped_column(BigInteger)


@projection("pay_runs", version=2, tables=[Run, Payment, Debt])
class PayRuns:
    view: View

    @on(PayRunCalculated)
    def calculated(self, tx: ViewTransaction, e: Recorded[PayRunCalculated]) -> None:
        run = e.data
        tx.put(
            Run, authority=e.authority, pay_year=e.stream_id, month=run.month, year=run.year, state="calculated",
            lines=[line_json(line) for line in run.lines], payable=run.payable, recoverable=run.recoverable,
            calculated_by=run.calculated_by, calculated_on=run.calculated_on,
        )  # fmt: skip

    @on(PayRunApproved)
    def approved(self, tx: ViewTransaction, e: Recorded[PayRunApproved]) -> None:
        run = e.data
        tx.change(
            Run, pay_year=e.stream_id, month=run.month, state="approved", approved_by=run.approved_by,
            approved_on=run.approved_on,
        )  # fmt: skip

    @on(OverpaymentFound)
    def overpaid(self, tx: ViewTransaction, e: Recorded[OverpaymentFound]) -> None:
        tx.put(
            Debt, authority=e.authority, pay_year=e.stream_id, month=e.data.month, member_id=e.data.member_id,
            year=e.data.year, pence=e.data.pence,
        )  # fmt: skip

    @on(DeductionsRecorded)
    def answered(self, tx: ViewTransaction, e: Recorded[DeductionsRecorded]) -> None:
        tx.change(Run, pay_year=e.stream_id, month=e.data.month, answered=True)

    @on(PaymentFileMade)
    def file_made(self, tx: ViewTransaction, e: Recorded[PaymentFileMade]) -> None:
        tx.change(Run, pay_year=e.stream_id, month=e.data.month, process_on=e.data.process_on)

    @on(AllowancePaid)
    def paid(self, tx: ViewTransaction, e: Recorded[AllowancePaid]) -> None:
        pay = e.data
        sums = by_nature(pay.lines)
        tx.put(
            Payment, authority=e.authority, pay_year=e.stream_id, month=pay.month, member_id=pay.member_id,
            person_id=pay.person_id, year=pay.year, paid_on=pay.paid_on, gross=pay.gross, basic=sums[BASIC],
            special=sums["special"], co_optee=sums[CO_OPTEE], lines=[line_json(line) for line in pay.lines],
            deductions=known(pay.deductions), net=known(pay.net),
        )  # fmt: skip

    @on(PayRunPaid)
    def run_paid(self, tx: ViewTransaction, e: Recorded[PayRunPaid]) -> None:
        run = e.data
        tx.change(
            Run, pay_year=e.stream_id, month=run.month, state="paid", paid_on=run.paid_on, deductions=run.deductions,
            employer_nic=run.employer_nic, net=run.net,
        )  # fmt: skip

    @on(SubjectErased)
    async def forget(self, tx: ViewTransaction, e: Recorded[SubjectErased]) -> None:
        await tx.change_where(Payment, {"person_id": e.data.subject_id}, deductions=None, net=None)


def line_json(line: PayLine) -> Json:
    return {
        "member_id": str(line.member_id), "office": line.office, "pence": line.pence, "annual": line.annual,
        "first": line.first.isoformat(), "last": line.last.isoformat(), "reason": line.reason, "source": line.source,
    }  # fmt: skip


def nature_of(office: str) -> str:
    """Which allowance an office brings: basic, special responsibility, co-optees'."""
    return office if office in (BASIC, CO_OPTEE) else "special"


def by_nature(lines: tuple[PayLine, ...]) -> dict[str, int]:
    sums = dict.fromkeys(NATURES, 0)
    for line in lines:
        sums[nature_of(line.office)] += line.pence
    return sums
