"""An approved pay run is owed, a paid one is settled: both are posted by themselves, through the members' pay control.

Approved: debit the allowances, credit net pay control; what members owe moves on to debtors. Paid: debit net pay control,
credit bank and the control of PAYE and National Insurance, to which the employer's part is added.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid5

from services.finance.ledger.decider import (
    BANK,
    BASIC_ALLOWANCES,
    CO_OPTEES_ALLOWANCES,
    EMPLOYERS_NIC,
    OVERPAID_ALLOWANCES,
    PAY_CONTROL,
    PAYE_NIC_CONTROL,
    SPECIAL_ALLOWANCES,
    PostJournal,
    ledger,
    moved,
)
from shared.eventcore.policy import Do, policy
from shared.eventcore.recording import Recorded
from shared.events.finance import PayRunApproved, PayRunPaid
from shared.events.values import Authority
from shared.events.values_finance import JournalId, Posting, ledger_year_id
from shared.law.allowances import BASIC, CO_OPTEE, AllowanceYear

EXPENSE = {BASIC: BASIC_ALLOWANCES, CO_OPTEE: CO_OPTEES_ALLOWANCES}


@policy("when_pay_run_moves_on_then_post_journal", on=[PayRunApproved, PayRunPaid])
def post_pay_run(event: Recorded[PayRunApproved] | Recorded[PayRunPaid]) -> Iterable[Do]:
    match event.data:
        case PayRunApproved() as run:
            done, on, postings = "approved", run.approved_on, owed(run)
        case PayRunPaid() as run:
            done, on, postings = "paid", run.paid_on, settled(run)
    if postings:
        month = AllowanceYear(run.year).month_begins(run.month)
        command = PostJournal(
            JournalId(uuid5(event.stream_id, f"{run.month} {done}")), on, f"Members' allowances {month:%B %Y} {done}",
            postings, f"pay run {month:%Y-%m}", event.metadata.actor, carry_forward=True,
        )  # fmt: skip
        yield Do(ledger, year_stream(event.authority, on), command, f"pay run {done}", may_refuse=False)


def owed(run: PayRunApproved) -> tuple[Posting, ...]:
    sums: dict[str, int] = {}
    for line in run.lines:
        account = EXPENSE.get(line.office, SPECIAL_ALLOWANCES)
        sums[account] = sums.get(account, 0) + line.pence
    expenses = [posting for account in sorted(sums) for posting in moved(account, PAY_CONTROL, sums[account])]
    return (*expenses, *moved(OVERPAID_ALLOWANCES, PAY_CONTROL, run.recoverable))


def settled(run: PayRunPaid) -> tuple[Posting, ...]:
    return (
        *moved(PAY_CONTROL, BANK, run.net),
        *moved(PAY_CONTROL, PAYE_NIC_CONTROL, run.deductions),
        *moved(EMPLOYERS_NIC, PAYE_NIC_CONTROL, run.employer_nic),
    )


def year_stream(authority: str, on: date) -> UUID:
    return ledger_year_id(Authority(authority), AllowanceYear.of(on).begins)
