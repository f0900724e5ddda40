"""What one pay run pays for one office: the difference between what is due by now and what was paid before, with its reason.

So arrears, changes and overpayments come right by themselves. The reasons are those of the payroll interface: `NEW` an
office paid for the first time, `CHG` another rate or a last month, `ARR` arrears, `REC` a recovery; none for an instalment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from shared.law.allowances import MONTHS, ONE_DAY, AllowanceYear, Segment

Reason = Literal["", "NEW", "CHG", "ARR", "REC"]
NOTHING_DUE: Final = (0,) * MONTHS


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier runs of the year paid for an office, and the annual rate it last had."""

    pence: int
    annual: int


@dataclass(frozen=True, slots=True)
class Difference:
    """An amount to pay, negative to recover, for the days from `first` to `last`."""

    pence: int
    annual: int
    first: date
    last: date
    reason: Reason


def differences(
    year: AllowanceYear, month: int, due: Sequence[int], held: Sequence[Segment], before: Before | None
) -> Iterator[Difference]:
    """What the run of `month` pays for an office. `due`: pence of each month of the year; `held`: when it is paid at which
    rate; `before`: None when it was never paid this year."""
    begins, ends = year.month_begins(month), year.month_ends(month)
    in_month = [segment for segment in held if segment.first <= ends and segment.last >= begins]
    known = [segment.annual for segment in held if segment.first <= ends]
    annual = known[-1] if known else 0
    since = min((segment.first for segment in held), default=year.first)
    now, earlier = due[month - 1], sum(due[: month - 1]) - (before.pence if before else 0)
    if in_month and in_month[-1].last >= ends:  # it goes on: what is left of earlier months stands apart
        if earlier:
            yield Difference(earlier, annual, since, begins - ONE_DAY, "ARR" if earlier > 0 else "REC")
        if now:
            changed: Reason = "NEW" if before is None else "CHG" if before.annual != annual else ""
            yield Difference(now, annual, max(begins, in_month[0].first), ends, changed)
    elif rest := earlier + now:  # it has ended: whatever is left of its sum
        first = max(begins, in_month[0].first) if in_month else since
        last = min(ends, max((segment.last for segment in held), default=ends))
        ended: Reason = "CHG" if in_month else "ARR"
        yield Difference(rest, annual, first, last, "REC" if rest < 0 else ended)
