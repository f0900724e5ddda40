"""Screen 27. An allowance year against its budget, and each month's pay run: calculated by one officer, approved by another, paid."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from desk.asking import PAGE, Asking, NotThere, Refusal
from desk.forms import Form, Sent
from desk.pictures.bullets import Line, budget
from desk.pictures.picture import Picture
from desk.room import Link, Room
from desk.showing import see_other
from desk.visiting import Ask, Show

BOOKS = frozenset({"finance-clerk", "finance-approver", "auditor"})
APRIL = 4
MONTHS = (
    "April", "May", "June", "July", "August", "September", "October", "November", "December", "January", "February", "March",
)  # fmt: skip
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
        picture=picture(runs, set_aside, year), colours=COLOURS, pounds=pounds,
    )  # fmt: skip


async def _run(year: int, month: int, ask: Asking, show: Show, form: Form) -> Response:
    now, before, members = await asyncio.gather(
        _one(ask, year, month), _one(ask, *preceding(year, month)), ask.get("finance", "/members", limit=PAGE)
    )
    names = {member["member_id"]: member["name"] for member in members["items"]}
    return show(
        "allowances/run.html", title=f"Pay run for {month_name(year, month)}", form=form, year=year, month=month, run=now, colours=COLOURS,
        lines=variances(now["lines"] if now else [], before["lines"] if before else []), names=names, pounds=pounds,
    )  # fmt: skip


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


def variances(lines: Iterable[dict[str, Any]], before: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each line with `was`, the pence of the same office of the same member the month before; and a line for who had one
    and has none now."""
    then: dict[tuple[str, str], int] = {}
    for line in before:
        where = (line["member_id"], line["office"])
        then[where] = then.get(where, 0) + line["pence"]
    found = []
    for line in lines:
        found.append({**line, "was": then.pop((line["member_id"], line["office"]), 0)})
    gone = [
        {"member_id": member, "office": office, "pence": 0, "was": pence, "reason": "", "source": ""}
        for (member, office), pence in then.items()
    ]
    return sorted([*found, *gone], key=lambda line: (line["pence"] == line["was"], line["office"], line["member_id"]))


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


def pounds(pence: int | None) -> str:
    """`£1,234.50`, `-£3.00`; nothing for what is not known."""
    if pence is None:
        return ""
    return f"{'-' if pence < 0 else ''}£{abs(pence) / 100:,.2f}"


allowances = Room("allowances", "Finance", router, BOOKS, (Link("Allowances", "/allowances", "g f"),))
