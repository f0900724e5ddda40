"""The budget for members' allowances of one year: set by the council, changed by virement or revision.

[LGFA 1992 s.31A(2)(a), 42A (England), 32, 43 (Wales): the expenditure estimated for a financial year; how a budget is changed
is for the council's financial regulations (LGA 1972 s.151), so compare the rules of revision with your council's.]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from shared.eventcore.deciding import Decider, Refused, Rule
from shared.events.finance import AllowanceBudgetSet
from shared.events.values_finance import Pence
from shared.law.allowances import AllowanceYear

# --------------------------------------------------------------------- rules

NEGATIVE = Rule(
    "budget-negative",
    "A budget is an estimate of what is spent: pence, nothing or more.",
    "LGFA 1992 s.31A(2)(a), 42A",
    "Enter what the whole year may cost, not by how much it changes.",
    invalid=True,
)
NOT_SET_YET = Rule(
    "budget-not-set-yet",
    "This day is still to come: a budget is entered when it has been set.",
    "Council's financial regulations",
    "Enter the day of the decision, once it was made.",
    invalid=True,
)
YEAR_OVER = Rule(
    "budget-year-over",
    "This year is over: its budget stays what it was, and what was spent beyond it stands in the accounts.",
    "LGFA 1992 s.31A: a budget is of one financial year; council's financial regulations",
    "Set the budget of the year that runs, or of one to come.",
)
REASON_NEEDED = Rule(
    "budget-change-needs-reason",
    "There is a budget already; it is changed by a virement or a revision, whose reason is recorded.",
    "Council's financial regulations: virement",
    "Enter the reason, such as where the money comes from.",
)
OLDER = Rule(
    "budget-older-than-what-stands",
    "The budget that stands was set after this day.",
    "Council's financial regulations: virement",
    "Look at the budget that stands; enter decisions in their order.",
)

# ------------------------------------------------------------------ commands


@dataclass(frozen=True, slots=True)
class SetBudget:
    """`set_on` is the day of the decision, `entered_on` the day on which we are told. `minute` is what it rests on; `reason`
    says why a budget that stood is changed."""

    year: int
    pence: Pence
    set_on: date
    minute: str
    entered_on: date
    reason: str = ""


# --------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class NoBudget:
    pass


@dataclass(frozen=True, slots=True)
class Budget:
    """As it was set last."""

    pence: Pence
    set_on: date
    minute: str
    reason: str


def decide(command: SetBudget, budget: NoBudget | Budget) -> Sequence[AllowanceBudgetSet]:
    if command.pence < 0:
        raise Refused(NEGATIVE)
    if command.set_on > command.entered_on:
        raise Refused(NOT_SET_YET)
    if command.entered_on > AllowanceYear(command.year).last:
        raise Refused(YEAR_OVER)
    asked = Budget(command.pence, command.set_on, command.minute, command.reason)
    match budget:
        case Budget() if budget == asked:
            return []  # sent twice; the first one counts
        case Budget(set_on=before):
            if not command.reason:
                raise Refused(REASON_NEEDED)
            if command.set_on < before:
                raise Refused(OLDER)
        case NoBudget():
            pass
        case _:
            assert_never(budget)
    return [AllowanceBudgetSet(command.year, command.pence, command.set_on, command.minute, command.reason)]


def evolve(_before: NoBudget | Budget, event: AllowanceBudgetSet) -> Budget:
    return Budget(event.pence, event.set_on, event.minute, event.reason)


budgets: Decider[SetBudget, NoBudget | Budget, AllowanceBudgetSet] = Decider(
    "allowance-budget", NoBudget(), decide, evolve
)
