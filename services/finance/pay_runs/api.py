"""Routes of pay runs: calculated, approved by another officer, sent to payroll and to the bank, paid."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from services.finance.entitlements.decider import entitlements
from services.finance.exchange import bacs18, payroll_csv
from services.finance.inputs import Day, Month, Pence, Text, Year
from services.finance.ledger.decider import BASIC_ALLOWANCES, CO_OPTEES_ALLOWANCES, SPECIAL_ALLOWANCES
from services.finance.pay_runs.decider import (
    ApprovePayRun,
    CalculatePayRun,
    ConfirmPaid,
    Deduction,
    Holder,
    PayYear,
    RecordDeductions,
    RecordPaymentFile,
    approved_run,
    gross_of,
    net_of,
    pay_years,
)
from services.finance.payees.decider import payees
from services.finance.schemes.decider import existing, schemes
from services.finance.views.members import every_member
from shared.eventcore.deciding import Refused, Rule
from shared.eventcore.execute import Executor
from shared.eventcore.recording import Receipt
from shared.events.values import Authority, PersonId
from shared.events.values_committees import MemberId
from shared.events.values_finance import PayeeDetails, entitlements_id, pay_year_id, payee_id, scheme_id
from shared.law.allowances import BASIC, CO_OPTEE, AllowanceYear
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.database import Reading
from shared.service.http import caught_up
from shared.service.now import Today
from shared.service.problems import refusals
from shared.service.read_audit import audited
from shared.service.step_up import FRESHLY_SIGNED_IN

router = APIRouter(prefix="/pay-years/{year}/runs/{month}", tags=["pay"])
CLERKS = requires("finance-clerk", "finance-approver")
APPROVERS = requires("finance-approver")
ACCOUNTS = {BASIC: BASIC_ALLOWANCES, CO_OPTEE: CO_OPTEES_ALLOWANCES}

PAYEE_MISSING = Rule(
    "payee-missing",
    "A member to be paid has no confirmed bank details.",
    "Council's financial regulations: changes of bank details",
    "Enter the details and have another officer confirm them.",
)


@router.post(
    "/calculation", dependencies=[CLERKS, caught_up("members")],
    responses=refusals("no-scheme", "no-such-month", "month-not-begun", "run-out-of-order"),
)  # fmt: skip
async def calculate(
    year: Year, month: Month, request: Request, conn: Reading, execute: Execute, officer: Officer, authority: ActingFor,
    today: Today,
) -> Receipt:  # fmt: skip
    """Work out what every member is due and has not been paid. May be repeated until the run is approved."""
    of = request.app.state.execute
    scheme = existing((await of.state(schemes, scheme_id(Authority(authority)), authority)).state)
    members = [MemberId(row["member_id"]) for row in await every_member(conn, authority)]
    holders = await asyncio.gather(*(holder(of, member, authority) for member in members))
    command = CalculatePayRun(year, month, tuple(holders), scheme.cards(), scheme.law(), officer.id, today)
    return await execute(pay_years, pay_year_id(Authority(authority), year), command, by=officer)


async def holder(of: Executor, member: MemberId, authority: str) -> Holder:
    """One member's entitlements as they stand, with the last event that says so."""
    stream = entitlements_id(member)
    found = await of.state(entitlements, stream, authority)
    return Holder(member, found.state.spells, found.state.forgoings, f"{stream}@{found.version}")


class Approval(BaseModel):
    """The totals that the officer looked at, in pence."""

    payable: Pence
    recoverable: Pence


@router.post(
    "/approval", dependencies=[APPROVERS, FRESHLY_SIGNED_IN],
    responses=refusals("nothing-calculated", "maker-is-checker", "calculation-changed", "run-out-of-order"),
)  # fmt: skip
async def approve(
    year: Year, month: Month, body: Approval, execute: Execute, officer: Officer, authority: ActingFor, today: Today
) -> Receipt:
    """Approve what another officer calculated."""
    command = ApprovePayRun(month, body.payable, body.recoverable, officer.id, today)
    return await execute(pay_years, pay_year_id(Authority(authority), year), command, by=officer)


@router.get(
    "/payroll.csv",
    dependencies=[CLERKS, audited("payroll file")],
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, **refusals("run-not-approved", "payee-missing")},
)
async def payroll_file(year: Year, month: Month, request: Request, authority: ActingFor) -> Response:
    """The approved run for payroll, with its control total."""
    run = approved_run(month, await pay_year(request, authority, year))
    paid = {member for member, pence in gross_of(run.lines).items() if pence > 0}
    details = await payees_of(request, authority, paid)
    lines = [(line, ACCOUNTS.get(line.office, SPECIAL_ALLOWANCES)) for line in run.lines if line.member_id in paid]
    period = f"{AllowanceYear(year).month_begins(month):%Y-%m}"
    text = payroll_csv.written(f"ALLOWANCES-{period}", period, lines, details)
    return _file(text, "text/csv", f"allowances-{period}.csv")


class MemberDeduction(BaseModel):
    """Payroll's answer for one member, in pence."""

    member_id: UUID
    deductions: Pence
    employer_nic: Pence = 0


@router.post(
    "/deductions", dependencies=[CLERKS, caught_up("members")],
    responses=refusals("run-not-approved", "deductions-incomplete", "deductions-out-of-range", "deductions-stand"),
)  # fmt: skip
async def record_deductions(
    year: Year, month: Month, body: Annotated[list[MemberDeduction], Field(max_length=1000)], conn: Reading,
    execute: Execute, officer: Officer, authority: ActingFor,
) -> Receipt:  # fmt: skip
    """Record what payroll deducted from each member's gross pay."""
    people = {row["member_id"]: row["person_id"] for row in await every_member(conn, authority)}
    taken = tuple(
        Deduction(MemberId(d.member_id), PersonId(people[d.member_id]), d.deductions, d.employer_nic)
        for d in body
        if people.get(d.member_id) is not None
    )
    stream = pay_year_id(Authority(authority), year)
    return await execute(pay_years, stream, RecordDeductions(month, taken), by=officer)


class BankFile(BaseModel):
    """Who pays, and the banking day on which Bacs processes the file: the one before members have their money."""

    service_user: str = Field(pattern=r"^[0-9]{6}$")
    sort_code: str = Field(pattern=r"^[0-9]{6}$")
    account: str = Field(pattern=r"^[0-9]{8}$")
    name: Text = Field(min_length=1, max_length=18)
    process_on: Day


@router.post(
    "/bank-file", dependencies=[APPROVERS, FRESHLY_SIGNED_IN, audited("bank file")], response_class=Response,
    responses={200: {"content": {"text/plain": {}}}, **refusals(
        "run-not-approved", "deductions-missing", "payee-missing", "not-a-banking-day", "processed-before-submission",
        "payment-file-made", "nothing-to-pay", "amount-out-of-range", "bacs-name-empty",
    )},
)  # fmt: skip
async def bank_file(
    year: Year, month: Month, body: BankFile, request: Request, execute: Execute, officer: Officer, authority: ActingFor,
    today: Today,
) -> Response:  # fmt: skip
    """Make the Bacs Standard 18 file of the run's net payments. Made again the same day, it is the same file."""
    state = await pay_year(request, authority, year)
    net = {member: pence for member, pence in net_of(approved_run(month, state), state).items() if pence > 0}
    details = await payees_of(request, authority, set(net))
    begins = AllowanceYear(year).month_begins(month)
    reference = f"ALLOWANCE {begins:%b %Y}"
    credits = [
        bacs18.Credit(d.sort_code, d.account_number, d.name, net[member], reference)
        for member, d in sorted(details.items())
    ]
    originator = bacs18.Originator(body.service_user, body.sort_code, body.account, body.name)
    text = bacs18.written(
        originator, credits, process_on=body.process_on, created_on=today, serial=f"{begins:%Y%m}", narrative=reference
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    command = RecordPaymentFile(month, body.process_on, len(credits), digest, officer.id)
    await execute(pay_years, pay_year_id(Authority(authority), year), command, by=officer)
    return _file(text, "text/plain", f"bacs-{begins:%Y-%m}.txt", dict(execute.response.headers))


class Paid(BaseModel):
    paid_on: Day


@router.post(
    "/payment",
    dependencies=[APPROVERS, FRESHLY_SIGNED_IN],
    responses=refusals("run-not-approved", "deductions-missing"),
)
async def confirm(
    year: Year, month: Month, body: Paid, execute: Execute, officer: Officer, authority: ActingFor
) -> Receipt:
    """The bank paid the run; members' statements and the ledger follow."""
    stream = pay_year_id(Authority(authority), year)
    return await execute(pay_years, stream, ConfirmPaid(month, body.paid_on), by=officer)


async def pay_year(request: Request, authority: str, year: int) -> PayYear:
    found = await request.app.state.execute.state(pay_years, pay_year_id(Authority(authority), year), authority)
    state: PayYear = found.state
    return state


async def payees_of(request: Request, authority: str, members: set[MemberId]) -> dict[MemberId, PayeeDetails]:
    """The confirmed details of these members. Raises `Refused` when one has none."""
    of, wanted = request.app.state.execute, sorted(members)
    found = await asyncio.gather(*(of.state(payees, payee_id(member), authority) for member in wanted))
    details = {member: payee.state.confirmed for member, payee in zip(wanted, found, strict=True)}
    missing = [member for member, detail in details.items() if detail is None]
    if missing:
        raise Refused(PAYEE_MISSING, f"Members without confirmed bank details: {', '.join(map(str, missing))}.")
    return details


def _file(text: str, kind: str, name: str, headers: dict[str, Any] | None = None) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text, media_type=kind, headers={**(headers or {}), **disposition})
