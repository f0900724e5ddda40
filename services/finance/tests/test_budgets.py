"""The budget for allowances: set for a year, changed for a reason, and not touched once the year is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.finance.budgets.decider import Budget, SetBudget, budgets
from shared.eventcore.testing.specs import spec
from shared.events.finance import AllowanceBudgetSet
from shared.service.tests.provider import OTHER_COUNCIL

FEBRUARY = date(2026, 2, 25)
MINUTE = "Council, 25 February 2026, minute 61"
VIREMENT = "Two vacant seats: to the by-election"
SET = SetBudget(2026, 30_000_00, FEBRUARY, MINUTE, FEBRUARY)
WAS_SET = AllowanceBudgetSet(2026, 30_000_00, FEBRUARY, MINUTE)
JULY = date(2026, 7, 15)
REVISE = SetBudget(2026, 28_000_00, JULY, "Cabinet, minute 12", JULY, VIREMENT)
WAS_REVISED = AllowanceBudgetSet(2026, 28_000_00, JULY, "Cabinet, minute 12", VIREMENT)


def test_a_budget_is_set_before_its_year_or_in_it():
    spec(budgets).when(SET).then(WAS_SET)
    last_day = date(2027, 3, 31)
    spec(budgets).when(replace(SET, entered_on=last_day)).then(WAS_SET)


def test_a_virement_changes_the_budget_and_says_why():
    spec(budgets).given(WAS_SET).when(REVISE).then(WAS_REVISED)
    assert spec(budgets).given(WAS_SET, WAS_REVISED).state() == Budget(
        28_000_00, JULY, "Cabinet, minute 12", VIREMENT
    )  # fmt: skip


def test_a_budget_that_stands_is_not_changed_without_a_reason():
    spec(budgets).given(WAS_SET).when(replace(REVISE, reason="")).refused("budget-change-needs-reason")


def test_a_budget_that_is_sent_twice_is_set_once():
    spec(budgets).given(WAS_SET).when(SET).then()
    spec(budgets).given(WAS_SET, WAS_REVISED).when(REVISE).then()


def test_decisions_are_entered_in_their_order():
    older = replace(REVISE, set_on=date(2026, 7, 14))
    spec(budgets).given(WAS_SET, WAS_REVISED).when(older).refused("budget-older-than-what-stands")


def test_a_budget_may_be_nothing_but_not_less():
    spec(budgets).when(replace(SET, pence=0)).then(replace(WAS_SET, pence=0))
    spec(budgets).when(replace(SET, pence=-1)).refused("budget-negative")


def test_a_decision_to_come_is_no_budget_yet():
    spec(budgets).when(replace(SET, set_on=date(2026, 2, 26))).refused("budget-not-set-yet")


@pytest.mark.parametrize("before", [(), (WAS_SET,)])
def test_the_budget_of_a_year_that_is_over_stays_what_it_was(before):
    late = replace(REVISE, entered_on=date(2027, 4, 1))
    spec(budgets).given(*before).when(late).refused("budget-year-over")


async def put(desk, body, *roles, year=2026):
    return await desk.client.put(f"/allowance-budgets/{year}", json=body, headers=desk._headers("maker", *roles))


async def test_an_approver_sets_the_budget_and_readers_see_it_as_it_stands(desk):
    desk.office.on(JULY)
    body = {"pence": 30_000_00, "set_on": "2026-02-25", "minute": MINUTE}
    assert (await put(desk, body)).status_code == 200
    revised = {"pence": 28_000_00, "set_on": "2026-07-15", "minute": "Cabinet, minute 12", "reason": VIREMENT}
    assert (await put(desk, revised)).status_code == 200
    assert await desk.get("/allowance-budgets/2026", "auditor") == {"year": 2026, **revised}
    elsewhere = desk.idp.bearer(roles=["finance-approver"], authorities=[OTHER_COUNCIL])
    for path, headers in (("2026", elsewhere), ("2027", desk._headers("reader"))):
        assert (await desk.client.get(f"/allowance-budgets/{path}", headers=headers)).status_code == 404


async def test_only_an_approver_sets_a_budget(desk):
    desk.office.on(JULY)
    body = {"pence": 30_000_00, "set_on": "2026-02-25", "minute": MINUTE}
    assert (await put(desk, body, "finance-clerk")).status_code == 404
    assert (await desk.client.get("/allowance-budgets/2026", headers=desk._headers("reader"))).status_code == 404


async def test_what_is_no_budget_is_refused_in_plain_english(desk):
    desk.office.on(JULY)
    body = {"pence": 30_000_00, "set_on": "2026-02-25", "minute": MINUTE}
    for changed, status in (
        ({"pence": -1}, 422), ({"pence": 0.5}, 422), ({"pence": 10**30}, 422), ({"minute": ""}, 422),
        ({"reason": "with \0"}, 422),
    ):  # fmt: skip
        assert (await put(desk, body | changed)).status_code == status, changed
    over = await put(desk, body, year=2025)
    assert (over.status_code, over.json()["type"]) == (409, "urn:moothall:problem:budget-year-over")
    assert "This year is over" in over.json()["detail"]
