"""Members' allowances: what was paid, against the year's budget and what it commits the council to, by month. [SI 2003/1021]

The budget is what the council set, as last revised. The commitment is exact: the rates of the scheme, for the offices that
are held and for as long as they are, less what members forgo. It is worked out by the same arithmetic as the pay runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from reporting.answers import Answer, Bar, Column, Group, Question, Row, day, pounds, share
from reporting.reading import Events
from shared.eventcore.codec import decode
from shared.events.finance import (
    AllowanceBudgetSet,
    AllowanceForgone,
    AllowancePaid,
    EntitlementEnded,
    EntitlementStarted,
    ForgoingEnded,
    RatesIndexed,
    SchemeAdopted,
    SchemeAmended,
)
from shared.events.values_finance import Rates, SchemePractice
from shared.law.allowances import (
    MONTHS,
    ONE_DAY,
    AllowanceYear,
    Forgoing,
    OneSra,
    Practice,
    RateCard,
    Spell,
    payable,
)

FACTS: Final = """
SELECT type, payload FROM event
WHERE context = 'finance' AND kind IN ('allowance-scheme', 'allowance-budget', 'allowance-entitlements', 'pay-year') AND fact IN (
    'scheme-adopted', 'scheme-amended', 'rates-indexed', 'allowance-budget-set',
    'entitlement-started', 'entitlement-ended', 'allowance-forgone', 'forgoing-ended',
    'allowance-paid')
ORDER BY position
"""


@dataclass
class Known:
    """What finance has recorded of the scheme, of budgets by year, of each member's offices, and of pay by year and month."""

    rates: tuple[Rates, ...] = ()
    practice: SchemePractice = field(default_factory=SchemePractice)
    budgets: dict[int, int] = field(default_factory=dict)
    spells: defaultdict[UUID, tuple[Spell, ...]] = field(default_factory=lambda: defaultdict(tuple))
    forgoings: defaultdict[UUID, tuple[Forgoing, ...]] = field(default_factory=lambda: defaultdict(tuple))
    paid: defaultdict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))

    def learn(self, event: Any) -> None:
        match event:
            case SchemeAdopted() | SchemeAmended():
                self._from(event.effective_from, Rates(event.effective_from, event.rates))
                self.practice = event.practice
            case RatesIndexed():
                self._from(event.effective_from, *event.rates)
            case AllowanceBudgetSet():
                self.budgets[event.year] = event.pence
            case EntitlementStarted():
                self.spells[event.member_id] += (Spell(event.office, event.first_day),)
            case EntitlementEnded():
                self.spells[event.member_id] = tuple(
                    replace(spell, last=event.last_day)
                    if (spell.office, spell.first) == (event.office, event.first_day)
                    else spell
                    for spell in self.spells[event.member_id]
                )
            case AllowanceForgone():
                self._until(event.member_id, event.first_day - ONE_DAY)
                self.forgoings[event.member_id] += (Forgoing(event.percent, event.first_day, offices=event.offices),)
            case ForgoingEnded():
                self._until(event.member_id, event.last_day)
            case AllowancePaid():
                self.paid[event.year, event.month] += event.gross

    def _from(self, since: date, *rates: Rates) -> None:
        self.rates = (*(before for before in self.rates if before.since < since), *rates)

    def _until(self, member: UUID, last: date) -> None:
        """A member's notices end with a day; those that begin after it never hold."""
        self.forgoings[member] = tuple(
            replace(f, last=min(f.last or last, last)) for f in self.forgoings[member] if f.first <= last
        )

    def committed(self, year: AllowanceYear) -> list[int]:
        """Pence by month, over all members and offices."""
        cards = [RateCard(r.since, {rate.office: rate.annual for rate in r.rates}) for r in self.rates]
        p = self.practice
        limit = None if p.special_in_full is None else OneSra(p.special_in_full, p.special_further)
        practice = Practice(limit, p.change_day, p.broken_month)
        months = [0] * MONTHS
        for member, spells in self.spells.items():
            for due in payable(year, spells, cards, practice, self.forgoings[member]).values():
                months = [so_far + pence for so_far, pence in zip(months, due, strict=True)]
        return months


def recorded(events: Events) -> Iterator[Any]:
    """The events of `FACTS`, as this build knows them; personal values are sealed."""
    for wire, payload in events.execute(FACTS).fetchall():
        yield decode(wire, payload)


def ask(events: Events, as_at: date) -> Answer:
    """One row for each month of the allowance year in which `as_at` lies."""
    known = Known()
    for event in recorded(events):
        known.learn(event)
    year = AllowanceYear.of(as_at)
    budget = known.budgets.get(year.begins)
    months = range(1, MONTHS + 1)
    committed = dict(zip(months, known.committed(year), strict=True))
    paid = {month: known.paid[year.begins, month] for month in months}
    rows: tuple[Row, ...] = tuple(
        {
            "month": f"{year.month_begins(month):%Y-%m}",
            "committed_pence": committed[month],
            "paid_pence": paid[month],
            "difference_pence": paid[month] - committed[month],
            "paid_so_far_pence": sum(paid[m] for m in months if m <= month),
            "committed_so_far_pence": sum(committed[m] for m in months if m <= month),
            "budget_pence": budget,
        }
        for month in months
    )
    return Answer(
        f"Members' allowances paid against commitment and budget, {named(year)}",
        as_at,
        f"{takeaway(year, committed, paid, as_at)} {against_budget(year, budget, committed, paid)}",
        (
            Column("month", "month of the pay run", lambda month: f"{date.fromisoformat(f'{month}-01'):%B %Y}"),
            Column("committed_pence", "committed", pounds),
            Column("paid_pence", "paid", pounds),
            Column("difference_pence", "difference", pounds),
            Column("committed_so_far_pence", "committed so far", pounds),
            Column("paid_so_far_pence", "paid so far", pounds),
            Column("budget_pence", "budget of the year", pounds),
        ),
        rows,
        (
            *(
                Group(f"{year.month_begins(m):%b %Y}", bars(committed[m], paid[m]))
                for m in months
                if committed[m] or paid[m]
            ),
            *whole_year(year, budget, committed, paid),
        ),
        (
            "Committed: the scheme's rates for the offices held, for as long as they are held, less what members forgo"
            " (SI 2003/1021 reg.4-5, 13). A vacant seat commits the council to nothing, but may be in the budget.",
            "Budget: of the whole year, as the council set it or last revised it.",
            "Paid: gross pay of the runs that were paid. A run pays arrears and recovers overpayments of earlier months, so a"
            " month may differ; the sums so far meet.",
        ),
    )


def named(year: AllowanceYear) -> str:
    """`2026/27`."""
    return f"{year.begins}/{(year.begins + 1) % 100:02}"


def bars(committed: int, paid: int) -> tuple[Bar, ...]:
    return Bar("committed", committed, pounds(committed)), Bar("paid", paid, pounds(paid))


def whole_year(
    year: AllowanceYear, budget: int | None, committed: dict[int, int], paid: dict[int, int]
) -> tuple[Group, ...]:
    """The year's sums beside its budget; without one there is nothing to set them beside."""
    if budget is None:
        return ()
    sums = bars(sum(committed.values()), sum(paid.values()))
    return (Group(f"year {named(year)}", (*sums, Bar("budget", budget, pounds(budget)))),)


def takeaway(year: AllowanceYear, committed: dict[int, int], paid: dict[int, int], as_at: date) -> str:
    every, so_far = sum(committed.values()), sum(paid.values())
    if not every and not so_far:
        return f"Nothing was committed or paid in the year that began on {day(year.first)}, as it was known on {day(as_at)}."
    due = sum(pence for month, pence in committed.items() if year.month_ends(month) <= as_at)
    return (
        f"By {day(as_at)} {pounds(so_far)} was paid, {share(so_far, every)} of the {pounds(every)} that the year commits the council"
        f" to; {pounds(due)} of it was for months that had ended."
    )


def against_budget(year: AllowanceYear, budget: int | None, committed: dict[int, int], paid: dict[int, int]) -> str:
    """How much of the budget is spoken for, and whether the year's commitment exceeds it."""
    if budget is None:
        return f"The year has no budget yet: set it with PUT /allowance-budgets/{year.begins} of finance."
    every, so_far = sum(committed.values()), sum(paid.values())
    used = f", {share(so_far, budget)} of it paid and {share(every, budget)} committed" if budget else ""
    over = f"exceeds it by {pounds(every - budget)}" if every > budget else f"leaves {pounds(budget - every)} of it"
    return f"The year's budget is {pounds(budget)}{used}; the commitment {over}."


QUESTION: Final = Question(
    "allowances", "Members' allowances paid against the year's commitment and budget, by month", ask
)
