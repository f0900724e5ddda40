"""Screen 27. An allowance year against its budget, and each month's pay run: calculated by one officer, approved by another, paid."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from desk.asking import PAGE, Asking, Away, NotThere, Refusal
from desk.forms import Form, Sent
from desk.passing import file_of
from desk.pictures.bullets import Line, budget
from desk.pictures.picture import Picture
from desk.room import Link, Room
from desk.rooms.allowances.reckoning import by_member, payrolls_answer, pounds, variances
from desk.showing import see_other
from desk.visiting import Ask, Show

BOOKS = frozenset({"finance-clerk", "finance-approver", "auditor"})
APPROVERS = frozenset({"finance-approver"})
"""Who approves what another calculated, and confirms that it was paid."""
PAYERS = frozenset({"finance-clerk", "finance-approver"})
"""Who sees what each member is paid: an auditor sees the sums."""
APRIL = 4
MONTHS = (
    "April", "May", "June", "July", "August", "September", "October", "November", "December", "January", "February", "March",
)  # fmt: skip
REASONS = {
    "": "The sum of every month", "NEW": "New this month", "CHG": "Another rate, or the last month", "ARR": "Arrears",
    "REC": "Recovered: paid too much before", "GONE": "Nothing this month",
}  # fmt: skip
COLOURS = {"calculated": "yellow", "approved": "blue", "paid": "green"}
Year = Annotated[int, Path(ge=2003, le=2098)]
Month = Annotated[int, Path(ge=1, le=12)]

router = APIRouter(prefix="/allowances")


@router.get("")
async def this_year(
    ask: Ask, show: Show, year: Annotated[int | None, Query(ge=2003, le=2098, description="in which it begins")] = None
) -> Response:
    """An allowance year, which begins on 1 April: its runs, and what is spent of its budget."""
    return await _year(ask, show, year or allowance_year(show.today))


@router.get("/{year}/budget.csv")
async def budget_csv(year: Year, ask: Ask, show: Show) -> Response:
    """The picture's figures as a file."""
    runs, set_aside = await asyncio.gather(ask.get("finance", f"/pay-years/{year}/runs"), _budget(ask, year))
    return show.csv(picture(runs, set_aside, year))


@router.get("/{year}/{month}")
async def run(year: Year, month: Month, ask: Ask, show: Show) -> Response:
    """One month's run, line by line, with what changed since the month before."""
    return await _run(year, month, ask, show, Form())


@router.post("/{year}/{month}/calculate")
async def calculate(year: Year, month: Month, ask: Ask, show: Show, form: Sent) -> Response:
    """Work out what every member is due. May be repeated until somebody else approves it."""
    return await _step(year, month, "calculation", None, ask, show, form)


@router.post("/{year}/{month}/approve")
async def approve(year: Year, month: Month, ask: Ask, show: Show, form: Sent) -> Response:
    """Approve the totals that were looked at: another officer than calculated them."""
    totals = {name: form.number(name, "Look at the run again") for name in ("payable", "recoverable")}
    if not form.well:
        return await _run(year, month, ask, show, form)
    return await _step(year, month, "approval", totals, ask, show, form)


@router.get("/{year}/{month}/payroll.csv")
async def payroll(year: Year, month: Month, ask: Ask) -> Response:
    """The approved run for payroll."""
    return await file_of(
        ask, "finance", f"/pay-years/{year}/runs/{month}/payroll.csv", f"payroll-{year}-{month:02}.csv"
    )


@router.post("/{year}/{month}/deductions")
async def deductions(year: Year, month: Month, ask: Ask, show: Show, form: Sent) -> Response:
    """Record payroll's answer for each member of the run."""
    taken = payrolls_answer(form, form.several("member"))
    if not form.well:
        return await _run(year, month, ask, show, form)
    return await _step(year, month, "deductions", taken, ask, show, form)


@router.post("/{year}/{month}/pay")
async def pay(year: Year, month: Month, ask: Ask, show: Show, form: Sent) -> Response:
    """The bank has paid: statements and the ledger follow."""
    paid_on = form.day("paid_on", "Enter the day on which members had their money")
    if not form.well:
        return await _run(year, month, ask, show, form)
    return await _step(year, month, "payment", {"paid_on": str(paid_on)}, ask, show, form)


async def _step(year: int, month: int, step: str, body: Any, ask: Asking, show: Show, form: Form) -> Response:
    try:
        await ask.command("finance", f"/pay-years/{year}/runs/{month}/{step}", body, key=form.key)
    except Refusal as refusal:
        form.refused(refusal)
        return await _run(year, month, ask, show, form)
    return see_other(f"/allowances/{year}/{month}")


async def _year(ask: Asking, show: Show, year: int) -> Response:
    runs, set_aside = await asyncio.gather(ask.get("finance", f"/pay-years/{year}/runs"), _budget(ask, year))
    standing = {run["month"]: run for run in runs}
    months = [(n, month_name(year, n), standing.get(n)) for n in range(1, 13)]
    return show(
        "allowances/year.html", title=f"Members’ allowances {in_words(year)}", year=year, months=months, budget=set_aside,
        picture=picture(runs, set_aside, year), colours=COLOURS, pounds=pounds, payers=PAYERS,
    )  # fmt: skip


async def _run(year: int, month: int, ask: Asking, show: Show, form: Form) -> Response:
    now, before, names, bodies = await asyncio.gather(
        _one(ask, year, month), _one(ask, *preceding(year, month)), _names(ask), _bodies(ask)
    )
    lines = variances(now["lines"] if now else [], before["lines"] if before else [])
    return show(
        "allowances/run.html", title=f"Pay run for {month_name(year, month)}", form=form, year=year, month=month, run=now, colours=COLOURS,
        lines=lines, members=by_member(lines), names=names, bodies=bodies, pounds=pounds, approvers=APPROVERS, reasons=REASONS,
    )  # fmt: skip


async def _names(ask: Asking) -> dict[str, str]:
    """Members by id: as payroll calls them, or, of whom payroll has no details yet, as the committees do."""
    paid, seated = await asyncio.gather(
        ask.get("finance", "/members", limit=PAGE), _or_none(ask, "/members", limit=PAGE)
    )
    known = [*(seated["items"] if seated else ()), *paid["items"]]
    return {member["member_id"]: member["name"] for member in known if member["name"]}


async def _bodies(ask: Asking) -> dict[str, str]:
    """Titles of committees by id, those too that are no more: an office may be in one."""
    return {body["committee_id"]: body["title"] for body in await _or_none(ask, "/committees", dissolved=True) or ()}


async def _or_none(ask: Asking, path: str, **query: Any) -> Any:
    """What committees say, which a pay run can do without."""
    try:
        return await ask.get("committees", path, **query)
    except Away:
        return None


async def _one(ask: Asking, year: int, month: int) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = await ask.get("finance", f"/pay-years/{year}/runs/{month}")
    except NotThere:
        return None
    return found


async def _budget(ask: Asking, year: int) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = await ask.get("finance", f"/allowance-budgets/{year}")
    except NotThere:
        return None
    return found


def picture(runs: list[dict[str, Any]], set_aside: dict[str, Any] | None, year: int) -> Picture:
    """What the year's runs come to beside its budget, and beside what twelfths of it would be by the last of them."""
    if set_aside is None:
        return budget([], in_words(year))
    counted = [run for run in runs if run["state"] in {"approved", "paid"}]
    spent = Decimal(sum(run["payable"] - run["recoverable"] + (run["employer_nic"] or 0) for run in counted)) / 100
    whole = Decimal(set_aside["pence"]) / 100
    by_now = whole * max((run["month"] for run in counted), default=0) / 12
    return budget([Line("Allowances", spent, whole, by_now)], in_words(year))


def allowance_year(today: date) -> int:
    """The year in which the allowance year of a day began."""
    return today.year if today.month >= APRIL else today.year - 1


def preceding(year: int, month: int) -> tuple[int, int]:
    return (year, month - 1) if month > 1 else (year - 1, 12)


def month_name(year: int, month: int) -> str:
    """`January 2027` for the tenth month of the year that began in April 2026."""
    return f"{MONTHS[month - 1]} {year if month <= 9 else year + 1}"


def in_words(year: int) -> str:
    return f"{year}-{(year + 1) % 100:02}"


allowances = Room("allowances", "Finance", router, BOOKS, (Link("Allowances", "/allowances", "g f"),))
