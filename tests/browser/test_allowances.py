"""A pay run by two people: one calculates, another approves, payroll answers, the payment is confirmed; and the year's budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from shared.eventcore.clock import system_clock
from tests.browser.conftest import Officer
from tests.browser.keyboard import press
from tests.browser.looking import comes, look_at
from tests.browser.system import System

APRIL = 4
A_MONTH = 31


@dataclass(frozen=True)
class Run:
    """A month that nobody has approved yet, of a council with a scheme, a budget and at least one paid member."""

    year: int
    month: int
    member: str

    @property
    def path(self) -> str:
        return f"/allowances/{self.year}/{self.month}"


@pytest.fixture
def run(system: System) -> Run:
    year, month = _open_month(system)
    _scheme_and_budget(system, year)
    return Run(year, month, _member(system))


async def test_a_run_is_calculated_by_one_approved_by_another_and_paid(officer: Officer, system: System, run: Run):
    clerk = await officer("finance-clerk")
    await clerk.goto(f"{system.desk}{run.path}")
    await look_at(clerk, "pay-run-not-calculated")
    await clerk.get_by_role("button", name="Calculate").click()
    await expect(clerk.locator("main")).to_contain_text(run.member)
    await expect(clerk.get_by_role("button", name="Approve this run")).to_have_count(0)
    await look_at(clerk, "pay-run-calculated")

    approver = await officer("finance-approver")
    await approver.goto(f"{system.desk}{run.path}")
    await approver.get_by_role("button", name="Approve this run").click()
    await look_at(approver, "pay-run-approved")

    await clerk.reload()
    answers = clerk.get_by_label("Deducted, in pounds")
    await answers.first.fill("a lot")
    await clerk.get_by_role("button", name="Record payroll’s answer").click()
    await expect(clerk.get_by_role("alert")).to_contain_text("Enter pounds and pence")
    await look_at(clerk, "pay-run-answer-error")
    await answers.first.fill("102.40")
    await clerk.get_by_role("button", name="Record payroll’s answer").click()

    await comes(approver, approver.get_by_label("Members had their money on"))
    await approver.get_by_label("Members had their money on").fill("1/12/2026")
    await approver.get_by_role("button", name="Confirm the payment").click()
    await expect(approver.locator(".desk-identity .govuk-tag")).to_have_text("Paid")
    await look_at(approver, "pay-run-paid")
    await approver.goto(f"{system.desk}/allowances?year={run.year}")
    await expect(approver.get_by_role("figure")).to_contain_text("is spent")
    await look_at(approver, "allowances")


async def test_who_calculated_a_run_does_not_approve_it(officer: Officer, system: System, run: Run):
    approver = await officer("finance-approver", scripts=False)
    await approver.goto(f"{system.desk}{run.path}")
    await approver.get_by_role("button", name="Calculate").click()
    await approver.get_by_role("button", name="Approve this run").click()
    await expect(approver.get_by_role("alert")).to_contain_text("does not approve it")


async def test_a_run_is_calculated_and_approved_by_keyboard_alone(officer: Officer, system: System, run: Run):
    clerk, approver = await officer("finance-clerk"), await officer("finance-approver")
    await clerk.goto(f"{system.desk}{run.path}")
    await press(clerk, "Calculate")
    await approver.goto(f"{system.desk}{run.path}")
    await press(approver, "Approve this run")
    await _approved(approver)


async def test_an_auditor_sees_the_sums_of_a_year_and_no_members_pay(officer: Officer, system: System, run: Run):
    page = await officer("auditor")
    await page.goto(f"{system.desk}/allowances?year={run.year}")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Members’ allowances")
    await expect(page.locator("main").get_by_role("link", name=f"{run.year}")).to_have_count(0)
    await page.goto(f"{system.desk}{run.path}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")


async def _approved(page: Page) -> None:
    await expect(page.locator(".desk-identity .govuk-tag")).to_have_text("Approved")


def _open_month(system: System) -> tuple[int, int]:
    """The first month that may be paid; finance's clock goes on when this one was approved."""
    while True:
        now = datetime.fromisoformat(system.ask("finance", "/rehearsal/clock", "operator")["now"])
        year, current = now.year - (now.month < APRIL), (now.month - APRIL) % 12 + 1
        runs = system.ask("finance", f"/pay-years/{year}/runs", "finance-clerk")
        month = 1 + max((run["month"] for run in runs if run["state"] != "calculated"), default=0)
        if month <= current:
            return year, month
        system.move_on("finance", days=(now - system_clock()).days + A_MONTH)


def _scheme_and_budget(system: System, year: int) -> None:
    begins = f"{year}-04-01"
    if not system.there("finance", "/allowance-scheme", "finance-approver"):
        made = {
            "effective_from": begins, "adopted_on": f"{year}-02-24", "panel_reported_on": f"{year}-01-20",
            "rates": [{"office": "basic", "annual": 612_000}, {"office": "chair", "annual": 183_600}],
        }  # fmt: skip
        system.tell("finance", "/allowance-scheme/adoptions", made, "finance-approver")
    if not system.there("finance", f"/allowance-budgets/{year}", "finance-approver"):
        made = {"pence": 30_000_00, "set_on": f"{year}-02-24", "minute": f"Council, 24 February {year}, minute 61"}
        system.tell("finance", f"/allowance-budgets/{year}", made, "finance-approver", "PUT")


def _member(system: System) -> str:
    """The name of a member with the basic allowance since the scheme began, and bank details that two officers entered."""
    member, name = str(uuid4()), f"W Tellerby {uuid4().hex[:4]}"
    entitled = {"office": "basic", "first_day": "2026-04-01", "person_id": str(uuid4())}
    system.tell("finance", f"/members/{member}/entitlements", entitled, "finance-clerk")
    details = {
        "name": name, "pay_reference": f"M-{member[:8]}", "ni_number": "AB123456C", "sort_code": "08-99-99",
        "account_number": "66374958",
    }  # fmt: skip
    system.tell("finance", f"/members/{member}/payee", details, "finance-clerk")
    system.tell("finance", f"/members/{member}/payee/confirmation", {"called_back": True}, "finance-approver")
    return name
