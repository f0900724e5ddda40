"""Members' allowances: what was paid, against what the year commits the council to, by month. [SI 2003/1021]

No event holds a budget. What can be said exactly is the commitment: the rates of the scheme, for the offices that are held
and for as long as they are, less what members forgo. It is worked out by the same arithmetic as the pay runs.
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
WHERE context = 'finance' AND kind IN ('allowance-scheme', 'allowance-entitlements', 'pay-year') AND fact IN (
    'scheme-adopted', 'scheme-amended', 'rates-indexed',
    'entitlement-started', 'entitlement-ended', 'allowance-forgone', 'forgoing-ended',
    'allowance-paid')
ORDER BY position
"""


@dataclass
class Known:
    """What finance has recorded of the scheme, of each member's offices, and of pay by year and month."""

    rates: tuple[Rates, ...] = ()
    practice: SchemePractice = field(default_factory=SchemePractice)
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
        }
        for month in months
    )
    return Answer(
        f"Members' allowances paid against commitment, {year.begins}/{(year.begins + 1) % 100:02}",
        as_at,
        takeaway(year, committed, paid, as_at),
        (
            Column("month", "month of the pay run", lambda month: f"{date.fromisoformat(f'{month}-01'):%B %Y}"),
            Column("committed_pence", "committed", pounds),
            Column("paid_pence", "paid", pounds),
            Column("difference_pence", "difference", pounds),
            Column("committed_so_far_pence", "committed so far", pounds),
            Column("paid_so_far_pence", "paid so far", pounds),
        ),
        rows,
        tuple(
            Group(
                f"{year.month_begins(month):%b %Y}",
                (
                    Bar("committed", committed[month], pounds(committed[month])),
                    Bar("paid", paid[month], pounds(paid[month])),
                ),
            )
            for month in months
            if committed[month] or paid[month]
        ),
        (
            "Committed: the scheme's rates for the offices held, for as long as they are held, less what members forgo"
            " (SI 2003/1021 reg.4-5, 13). It is no budget: no event holds one, and a vacant seat commits the council to nothing.",
            "Paid: gross pay of the runs that were paid. A run pays arrears and recovers overpayments of earlier months, so a"
            " month may differ; the sums so far meet.",
        ),
    )


def takeaway(year: AllowanceYear, committed: dict[int, int], paid: dict[int, int], as_at: date) -> str:
    every, so_far = sum(committed.values()), sum(paid.values())
    if not every and not so_far:
        return f"Nothing was committed or paid in the year that began on {day(year.first)}, as it was known on {day(as_at)}."
    due = sum(pence for month, pence in committed.items() if year.month_ends(month) <= as_at)
    return (
        f"By {day(as_at)} {pounds(so_far)} was paid, {share(so_far, every)} of the {pounds(every)} that the year commits the council"
        f" to; {pounds(due)} of it was for months that had ended."
    )


QUESTION: Final = Question("allowances", "Members' allowances paid against the year's commitment, by month", ask)
