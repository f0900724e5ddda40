"""Routes of the budget for members' allowances: set or changed, shown."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.finance.budgets.decider import Budget, SetBudget, budgets
from services.finance.inputs import Day, Pence, Text, Year
from shared.eventcore.recording import Receipt
from shared.events.values import Authority
from shared.events.values_finance import allowance_budget_id
from shared.service.auth import Authority as ActingFor
from shared.service.auth import Officer, requires
from shared.service.commands import Execute
from shared.service.now import Today
from shared.service.problems import not_found, refusals

router = APIRouter(prefix="/allowance-budgets", tags=["allowance budgets"])
APPROVERS = requires("finance-approver")
READERS = requires("finance-clerk", "finance-approver", "dem-services", "auditor")


class BudgetAsSet(BaseModel):
    """The budget of the whole year, in pence, and what it rests on; `reason` when it changes one that stands. Neither text
    names a person."""

    pence: Pence
    set_on: Day
    minute: Annotated[Text, Field(min_length=1, max_length=200, examples=["Council, 25 February 2026, minute 61"])]
    reason: Annotated[Text, Field(max_length=400)] = ""


class BudgetNow(BaseModel):
    """The budget as it stands: that of the allowance year which begins on 1 April of `year`."""

    year: int
    pence: int
    set_on: date
    minute: str
    reason: str


@router.put(
    "/{year}", dependencies=[APPROVERS],
    responses=refusals(
        "budget-year-over", "budget-change-needs-reason", "budget-older-than-what-stands",
        invalid=["budget-negative", "budget-not-set-yet"],
    ),
)  # fmt: skip
async def put(
    year: Year, body: BudgetAsSet, execute: Execute, officer: Officer, authority: ActingFor, today: Today
) -> Receipt:
    """Enter the budget that was set for a year; again, with a reason, when a virement or a revision changes it."""
    command = SetBudget(year, body.pence, body.set_on, body.minute, today, body.reason)
    return await execute(budgets, allowance_budget_id(Authority(authority), year), command, by=officer)


@router.get("/{year}", dependencies=[READERS])
async def show(year: Year, request: Request, authority: ActingFor) -> BudgetNow:
    """The budget of a year as it stands."""
    stream = allowance_budget_id(Authority(authority), year)
    match (await request.app.state.execute.state(budgets, stream, authority)).state:
        case Budget(pence, set_on, minute, reason):
            return BudgetNow(year=year, pence=pence, set_on=set_on, minute=minute, reason=reason)
        case _:
            raise not_found()
