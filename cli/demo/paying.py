"""Finance: the chair's allowance follows from the seat; a run is calculated by one officer, approved by another, and paid."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cli.demo.council import Council
from cli.demo.story import Happened

SERVICE = "finance"
APRIL = 4
DEDUCTED_PERCENT = 20
"""Payroll's answer in the story."""


def allowance(c: Council, member: str, seated: Happened) -> Happened:
    """From the seat to the money. Answers the payment."""
    c.tell.chapter("The chair's allowance follows from the seat, and is paid")
    clerk, approver = c.at(SERVICE, "finance-clerk"), c.at(SERVICE, "finance-approver")
    entitled = c.comes(SERVICE, "finance.entitlement-started", seated.event_id)
    scheme(c)
    payee(c, member, entitled)
    run = open_run(c)
    budget(c)
    stream = clerk.post(f"{run}/calculation", because=entitled.event_id)["stream_id"]
    calculated = c.follow(SERVICE, stream)
    page = clerk.get(run)
    totals = {key: page[key] for key in ("payable", "recoverable")}
    approver.post(f"{run}/approval", totals, because=calculated.event_id)
    approved = c.follow(SERVICE, stream)
    gross = gross_by_member(page["lines"])
    taken = [
        {"member_id": paid, "deductions": pence * DEDUCTED_PERCENT // 100} for paid, pence in gross.items() if pence > 0
    ]
    clerk.post(f"{run}/deductions", taken, because=approved.event_id)
    deducted = c.follow(SERVICE, stream)
    approver.post(f"{run}/payment", {"paid_on": c.today().isoformat()}, because=deducted.event_id)
    paid = c.follow(SERVICE, stream)
    c.story.allowance_pence = gross[member]
    when = f"month {page['month']} of {page['year']}/{(page['year'] + 1) % 100:02}"
    c.tell.line(f"{pounds(gross[member])} for {when}: the basic allowance, and the chair's.")
    return paid


def open_run(c: Council) -> str:
    """The run of this month; of the next, when this one was approved in an earlier story."""
    today = c.today()
    year, month = allowance_year(today).year, (today.month - APRIL) % 12 + 1
    runs = c.at(SERVICE, "finance-approver").get(f"/pay-years/{year}/runs")
    if any(run["month"] == month and run["state"] != "calculated" for run in runs):
        c.move_clock((today.replace(day=1) + timedelta(days=31)).replace(day=1))
        return open_run(c)
    return f"/pay-years/{year}/runs/{month}"


def gross_by_member(lines: list[dict[str, Any]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for line in lines:
        total[line["member_id"]] = total.get(line["member_id"], 0) + line["pence"]
    return total


def allowance_year(today: date) -> date:
    """Its first day."""
    return date(today.year - (today.month < APRIL), APRIL, 1)


def scheme(c: Council) -> None:
    """The council's scheme of allowances, if there is none yet."""
    if c.found(SERVICE, "finance-approver", "/allowance-scheme"):
        return
    begins = allowance_year(c.today())
    made = {
        "effective_from": begins.isoformat(), "adopted_on": begins.replace(month=2, day=24).isoformat(),
        "panel_reported_on": begins.replace(month=1, day=20).isoformat(),
        "rates": [{"office": "basic", "annual": 612_000}, {"office": "chair", "annual": 183_600}],
    }  # fmt: skip
    c.follow(SERVICE, c.at(SERVICE, "finance-approver").post("/allowance-scheme/adoptions", made)["stream_id"])


def budget(c: Council) -> None:
    """What the council set aside for the allowances of this year, if it is not entered yet."""
    begins = allowance_year(c.today())
    path = f"/allowance-budgets/{begins.year}"
    if c.found(SERVICE, "finance-approver", path):
        return
    decided = begins.replace(month=2, day=24)
    made = {"pence": 30_000_00, "set_on": decided.isoformat(), "minute": "Council, budget meeting"}
    c.follow(SERVICE, c.at(SERVICE, "finance-approver").put(path, made)["stream_id"])


def payee(c: Council, member: str, because: Happened) -> None:
    """Bank details of the modulus check's own example, entered by one officer and confirmed by another after a call."""
    details = {
        "name": "W Tellerby", "pay_reference": f"M-{member[:8]}", "ni_number": "AB123456C", "sort_code": "08-99-99",
        "account_number": "66374958",
    }  # fmt: skip
    c.wait_for("The member in finance", lambda: _known(c, member))
    clerk = c.at(SERVICE, "finance-clerk")
    stream = clerk.post(f"/members/{member}/payee", details, because=because.event_id)["stream_id"]
    proposed = c.follow(SERVICE, stream)
    called = {"called_back": True}
    c.at(SERVICE, "finance-approver").post(f"/members/{member}/payee/confirmation", called, because=proposed.event_id)
    c.follow(SERVICE, stream)


def _known(c: Council, member: str) -> bool:
    return member in {line["member_id"] for line in c.at(SERVICE, "finance-clerk").get("/members", limit=500)["items"]}


def pounds(pence: int) -> str:
    return f"£{pence // 100:,}.{pence % 100:02}"
